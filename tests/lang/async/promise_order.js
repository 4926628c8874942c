// Microtasks in their exact order: what follows from how many jobs each operation takes.
async function f(n) { for (let i = 0; i < 2; i++) { await null; print(n + i); } return n; }
f("a").then((v) => print("done " + v));
f("b");
Promise.resolve(1).then((v) => { print(v); return Promise.resolve(2); }).then(print);
Promise.reject(new Error("x")).catch((e) => print(e.message)).finally(() => print("finally"));
new Promise((r) => r({ then(k) { print("then called"); k("T"); } })).then(print);
Promise.all([1, Promise.resolve(2), { then(r) { r(3); } }]).then((v) => print("all " + v.length + v[2]));
Promise.any([Promise.reject(1), Promise.reject(2)]).catch((e) => print(e.name + e.errors.length));
Promise.race([new Promise(() => {}), Promise.resolve("race")]).then(print);
queueMicrotask(() => print("micro"));
// => a0
// => b0
// => 1
// => x
// => then called
// => micro
// => a1
// => b1
// => finally
// => T
// => AggregateError2
// => race
// => done a
// => all 33
// => 2
