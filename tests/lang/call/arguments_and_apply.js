// arguments objects, and apply to them and to arrays, at sites that were compiled.
function sloppy() { return arguments; }
function mapped(a, b) { b = 9; arguments[0] = 7; return [a, arguments[1], arguments.length]; }
function strict(a) { "use strict"; a = 5; return arguments; }
function repeat(f) { let last; for (let i = 0; i < 200; i++) last = f(i); return last; }
print(repeat(() => [...sloppy(1, 2, 3)].join()), repeat(() => sloppy().length), repeat(() => mapped(1, 2).join()),
      repeat(() => mapped(1).join()), repeat(() => strict(1)[0]));                // => 1,2,3 0 7,9,2 7,,1 1
print(JSON.stringify(Object.getOwnPropertyDescriptors(sloppy(4))) ===
      '{"0":{"value":4,"writable":true,"enumerable":true,"configurable":true},' +
      '"length":{"value":1,"writable":true,"enumerable":false,"configurable":true},' +
      '"callee":{"writable":true,"enumerable":false,"configurable":true}}');      // => true
print(Reflect.ownKeys(sloppy(4)).map(String).join(), Reflect.ownKeys(strict(4)).map(String).join());
// => 0,length,callee,Symbol(Symbol.iterator) 0,length,callee,Symbol(Symbol.iterator)
print(sloppy().callee === sloppy, Object.prototype.toString.call(strict()), sloppy()[Symbol.iterator] === [].values);
// => true [object Arguments] true
try { strict().callee; } catch (e) { print(e.name); }                             // => TypeError
const pair = Object.getOwnPropertyDescriptor(strict(), "callee");
print(pair.get === pair.set, pair.configurable, pair.enumerable);                 // => true false false

function show() {
    let text = (this === globalThis ? "global" : String(this)) + ":" + arguments.length;
    for (let i = 0; i < arguments.length; i++) text += " " + String(arguments[i]);
    return text;
}
function pass() { return show.apply(this, arguments); }
function passStrict(a) { "use strict"; a = 0; return show.apply(this, arguments); }
function passMapped(a, b) { a = "new"; return show.apply(this, arguments); }
print(repeat(() => pass.call("s", 1, 2)), repeat(() => pass()), repeat(() => passStrict.call(5, 1, 2)));
// => s:2 1 2 global:0 5:2 1 2
print(repeat(() => passMapped.call("m", 1)), repeat(() => passMapped.call("m")), repeat(() => passMapped.call("m", 1, 2, 3)));
// => m:1 new m:0 m:3 new 2 3
const long = [];
for (let i = 0; i < 40; i++) long.push(i);
print(repeat(() => show.apply("a", long)).length, repeat(() => pass.apply("a", long)).length);    // => 114 114
print(repeat(() => show.apply("h", [1, , 3])), repeat(() => show.apply("n", null)), repeat(() => show.apply()),
      repeat(() => show.apply("o", { length: 2, 1: "x" })));
// => h:3 1 undefined 3 n:0 global:0 o:2 undefined x

// An arguments object that is no longer as it was made.
function altered(change) { change(arguments); return show.apply("c", arguments); }
print(repeat(() => altered((a) => { a.length = 2; })), repeat(() => altered((a) => { a.length = 0; })),
      repeat(() => altered((a) => { delete a[0]; })), repeat(() => altered((a) => { a[3] = 1; a.length = "4"; })),
      repeat(() => altered((a) => { Object.defineProperty(a, "length", { get: () => 1 }); })),
      repeat(() => altered((a) => { Object.defineProperty(a, 0, { get: () => "got" }); })));
// => c:2 (a) => { a.length = 2; } undefined c:0 c:1 undefined c:4 (a) => { a[3] = 1; a.length = "4"; } undefined undefined 1 c:1 (a) => { Object.defineProperty(a, "length", { get: () => 1 }); } c:1 got
print(repeat(() => altered((a) => { delete a[0]; Object.prototype[0] = "proto"; })));        // => c:1 proto
delete Object.prototype[0];
print(repeat(() => altered((a) => { Object.freeze(a); })).slice(0, 3));                      // => c:1

// Callees of all kinds, and too few or too many arguments.
function two(a, b) { return a + ":" + b; }
class K { constructor() { this.n = arguments.length; } }
print(repeat(() => two.apply(null, [1])), repeat(() => two.apply(null, [1, 2, 3])), repeat(() => Math.max.apply(null, [1, 5, 3])),
      repeat(() => two.bind(null, 8).apply(1, [9])), repeat(() => new K(1, 2).n));           // => 1:undefined 1:2 5 8:9 2
try { repeat(() => K.apply(null, [])); } catch (e) { print(e.name); }                        // => TypeError
try { repeat(() => show.apply(null, 5)); } catch (e) { print(e.name); }                      // => TypeError
try { repeat(() => show.apply.call(5, null, [])); } catch (e) { print(e.name); }             // => TypeError
print(repeat(() => show.call("c", 1, 2)), repeat(() => show.call()), repeat(() => show.call("d")), repeat(() => two.call(0, 1)),
      repeat(() => Math.min.call(null, 4, 2)), repeat(() => show.call.call(two, 0, 1, 2)));
// => c:2 1 2 global:0 d:0 1:undefined 2 1:2
const own = { apply(a, b) { return "own" + b; }, call: (a) => "mine" + a };
print(repeat(() => own.apply(1, 2)), repeat(() => own.call(3)));                             // => own2 mine3

// Frames on frames.
function sum(n) { return n === 0 ? 0 : n + sum.apply(null, [n - 1, n, n, n, n, n]); }
print(sum(400));                                                                             // => 80200
function* generate() { yield* arguments; }
print(repeat(() => [...generate.apply(null, [1, 2, 3])].join()));                            // => 1,2,3
