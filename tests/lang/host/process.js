// The process object.
//! args: one "two words"
print(process.argv.length, process.argv.slice(2), process.argv[1].endsWith("process.js"), process.argv[0] === process.execPath);
// => 4 [ 'one', 'two words' ] true true
print(process.platform, typeof process.arch, process.version.startsWith("v"), typeof process.versions.ultrascript, process.pid > 0);
// => linux string true string true
process.env.US_TEST_VARIABLE = 5;
print(process.env.US_TEST_VARIABLE, "US_TEST_VARIABLE" in process.env, Object.keys(process.env).includes("US_TEST_VARIABLE"));
// => 5 true true
print(delete process.env.US_TEST_VARIABLE, process.env.US_TEST_VARIABLE, { ...process.env }.US_TEST_VARIABLE, "" in process.env);
// => true undefined undefined false
for (const wrong of [() => { process.env.X = Symbol(); }, () => Object.defineProperty(process.env, "X", { get() {} })])
    try { wrong(); } catch (e) { print(e.name); }
// => TypeError
// => TypeError
process.env.TZ = "Asia/Tokyo";
print(new Date(0).getHours());
// => 9
const cwd = process.cwd();
process.chdir("/");
print(process.cwd());
// => /
process.chdir(cwd);
try { process.chdir("/no such folder"); } catch (e) { print(e.code, e.syscall, e.message); }
// => ENOENT chdir ENOENT: no such file or directory, chdir '/no such folder'
const [s, ns] = process.hrtime(), later = process.hrtime([s, ns]);
print(Number.isInteger(s), ns < 1e9, later[0] >= 0, later[1] >= 0, typeof process.hrtime.bigint(), process.uptime() > 0);
// => true true true true bigint true
print(performance.now() > 0, performance.timeOrigin > 1e12, Object.keys(process.memoryUsage()).join(" "), process.memoryUsage.rss() > 0);
// => true true rss heapTotal heapUsed external arrayBuffers true
print(process.stdout.write("written\n"), process.stdout.fd, process.stdout.write(new Uint8Array([104, 105, 10])));
// => written
// => hi
// => true 1 true
try { process.stdout.write(5); } catch (e) { print(e.code); }
// => ERR_INVALID_ARG_TYPE
process.stdout.write("", () => print("callback"));
const f = (...a) => print("event", ...a);
print(process.on("event", f) === process, process.once("event", (a) => print("once", a)) === process, process.listenerCount("event"));
// => true true 2
print(process.emit("event", 1, 2), process.emit("event", 3), process.emit("no such"));
// => event 1 2
// => once 1
// => event 3
// => true true false
process.off("event", f);
print(process.emit("event"), process.eventNames(), process.listeners("event"), Object.prototype.toString.call(process));
// => false [] [] [object process]
print(Object.keys(globalThis).includes("process"), typeof globalThis.console, globalThis[Symbol.toStringTag]);
// => false object global
process.on("beforeExit", (code) => print("before", code));
process.on("exit", (code) => { print("exit", code, process.exitCode); setTimeout(() => print("never")); });
// => callback
// => before 0
// => exit 0 undefined
