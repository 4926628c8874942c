// Objects that are hard to show: deep, huge, endless, or hostile when looked at.
//! gcstress: 5000
let deep = {};
for (let i = 0; i < 20000; i++) deep = { deep };
print(deep);
// => { deep: { deep: { deep: [Object] } } }
let nested = [];
for (let i = 0; i < 20000; i++) nested = [nested];
print(nested);
// => [ [ [ [Array] ] ] ]
let chain = {};
for (let i = 0; i < 5000; i++) chain = Object.create(chain);
print(chain);
// => {}
let lost = Object.create(null);
for (let i = 0; i < 5000; i++) lost = Object.create(lost);
print(lost);
// => Object <Object <Object <Object <Complex prototype>>>> {}
let proxies = { inner: 1 };
for (let i = 0; i < 5000; i++) proxies = new Proxy(proxies, {});
print(proxies);
// => { inner: 1 }
const huge = new Array(4294967295);
huge[4294967294] = "last";
print(huge);
// => [ <4294967294 empty items>, 'last' ]
const big = [];
for (let i = 0; i < 3e5; i++) big.push(0);
print(big.length, String(big.slice(0, 3)));
// => 300000 0,0,0
print([big].length, new Uint8Array(1e8).length);
// => 1 100000000
console.dir(new Uint8Array(1e8), { maxArrayLength: 2 });
// => Uint8Array(100000000) [ 0, 0, ... 99999998 more items ]
console.dir(big, { maxArrayLength: 1 });
// => [ 0, ... 299999 more items ]
const grows = [1, { get [Symbol.toStringTag]() { for (let i = 0; i < 100; i++) grows.push(i); return "Grows"; } }, 3];
print(grows.length, [grows].length);
// => 3 1
print(grows);
// => [ 1, { [Symbol(Symbol.toStringTag)]: [Getter] }, 3 ]
const shrinks = [1, 2, { [Symbol.for("nodejs.util.inspect.custom")]() { shrinks.length = 1; return "gone"; } }, 4, 5];
print(shrinks);
// => [ 1, 2, gone ]
const set = new Set([1, { [Symbol.for("nodejs.util.inspect.custom")]() { set.clear(); return "cleared"; } }, 3]);
print(set);
// => Set(3) { 1, cleared }
const map = new Map([[{ [Symbol.for("nodejs.util.inspect.custom")]() { for (let i = 0; i < 50; i++) map.set(i, i); return "key"; } }, 1]]);
print(map);
// => Map(1) { key => 1 }
const endless = { [Symbol.for("nodejs.util.inspect.custom")]() { return { again: endless }; } };
try { print(endless); } catch (e) { print(e.name); }
// => { again: { again: { again: [Object] } } }
for (const bad of [
    { get [Symbol.toStringTag]() { throw new Error("tag"); } },
    { [Symbol.for("nodejs.util.inspect.custom")]() { throw new Error("custom"); } },
    Object.create(new Proxy({}, { getPrototypeOf() { throw new Error("proto"); } })),
]) try { print(bad); } catch (e) { print(e.message); }
// => tag
// => custom
// => proto
print({ get a() { throw 1; } }, new (class Odd { static [Symbol.hasInstance]() { throw 3; } x = 1; })());
// => { a: [Getter] } { x: 1 }
const e = new Error("x");
Object.defineProperty(e, "stack", { value: { toString() { return "odd stack"; } } });
Object.defineProperty(e, "message", { value: 5 });
print(e);
// => [odd stack]
const symbols = { [Symbol("a\nb'")]: 1, "a\nb'\"": 2, "\ud800": 3 };
print(symbols);
// => { `a\nb'"`: 2, '\ud800': 3, [Symbol(a\nb\')]: 1 }
const view = new Uint8Array(4);
const t = new ArrayBuffer(8);
t.transfer();
print(t.byteLength, String(view.length));
// => 0 4
console.log("%s %d %i %f %o", "%s", { valueOf() { return 7; } });
// => %s 7 %i %f %o
try { console.log("%d", { valueOf() { throw new Error("number"); } }); } catch (e) { print(e.message); }
// => number
try { console.log("%j", { toJSON() { throw new Error("json"); } }); } catch (e) { print(e.message); }
// => json
const loop = {};
loop.loop = loop;
console.log("%j", loop);
// => [Circular]
console.log("%s", Object.create(null), "%s", new Proxy({}, { get() { throw 1; } }));
// => [Object: null prototype] {} %s {}
