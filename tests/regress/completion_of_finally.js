// A finally block that left early without a value of its own took that of the try block; the var of a pattern was looked up
// behind the value's getter.
print(eval("1; do { try { 39 } finally { break; } } while (false);"));         // => undefined
print(eval("1; do { try { 39 } finally { 42; break; } } while (false);"));     // => 42
print(eval("1; do { try { 39 } finally { 42; } } while (false);"));            // => 39
const log = [];
const env = new Proxy({}, { has(t, key) { log.push(key); return false; } });
const source = { get p() { log.push("get"); } };
Function("env", "source", "with (env) { var { p: target = 0 } = source; }")(env, source);
print(log.join());      // => source,target,get
