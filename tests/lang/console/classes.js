// Dates, errors, and what programs say of themselves.
console.log(new Date(0), new Date(NaN), [new Date(1e12)], Object.assign(new Date(0), { p: 1 }), new (class D extends Date {})(5));
// => 1970-01-01T00:00:00.000Z Invalid Date [ 2001-09-09T01:46:40.000Z ] 1970-01-01T00:00:00.000Z { p: 1 } D 1970-01-01T00:00:00.005Z
const bare = (e) => { e.stack = `${e.name}: ${e.message}`; return e; };
console.log(bare(new Error("msg")), [bare(new TypeError("t"))], { e: bare(new RangeError("r")) });
// => [Error: msg] [ [TypeError: t] ] { e: [RangeError: r] }
console.log(bare(Object.assign(new Error("with props"), { code: "E1", extra: { a: 1 } })));
// => [Error: with props] { code: 'E1', extra: { a: 1 } }
console.log(bare(new Error("with cause", { cause: "why" })), bare(new Error("c", { cause: bare(new Error("inner")) })));
// => [Error: with cause] { [cause]: 'why' } [Error: c] { [cause]: [Error: inner] }
console.log(bare(new AggregateError([bare(new Error("one")), 2], "several")));
// => [AggregateError: several] { [errors]: [ [Error: one], 2 ] }
class MyError extends Error { constructor(m) { super(m); this.name = "MyError"; this.detail = 1; } }
console.log(bare(new MyError("mine")), bare(new (class ValidationError extends Error {})("v")));
// => [MyError: mine] { detail: 1 } [ValidationError: v]
console.log(Object.create(Error.prototype), Object.assign(Object.create(null), { e: bare(new Error("deep")) }));
// => [Error] [Object: null prototype] { e: [Error: deep] }
console.log(bare(new Error("")), bare(new Error("two\nlines")), { a: { b: bare(new Error("indented\nlines")) } });
// => [Error: ] [Error: two
// => lines] {
// =>   a: {
// =>     b: [Error: indented
// =>     lines]
// =>   }
// => }
const custom = Symbol.for("nodejs.util.inspect.custom");
class Money { constructor(n) { this.n = n; } [custom](depth, options, inspect) { return `Money<${this.n} ${depth} ${typeof inspect}>`; } }
console.log(new Money(1), [new Money(2)], { a: { b: new Money(3) } }, Money.prototype[custom].length);
// => Money<1 2 function> [ Money<2 1 function> ] { a: { b: Money<3 0 function> } } 3
console.log({ [custom]() { return { shown: "instead" }; } }, { [custom]() { return this; }, k: 1 }, { [custom]() { return 5; } });
// => { shown: 'instead' } {
// =>   k: 1,
// =>   [Symbol(nodejs.util.inspect.custom)]: [Function: [nodejs.util.inspect.custom]]
// => } 5
console.log([{ [custom]() { return "line1\nline2"; } }]);
// => [
// =>   line1
// =>   line2
// => ]
console.log({ [custom](d, o, inspect) { return inspect({ a: { b: { c: {} } } }, { ...o, depth: 0 }); } });
// => { a: [Object] }
console.dir({ [custom]() { return "not called"; } });
// => {
// =>   [Symbol(nodejs.util.inspect.custom)]: [Function: [nodejs.util.inspect.custom]]
// => }
console.log({ inspect() { return "not called"; }, toString() { return "nor this"; } });
// => { inspect: [Function: inspect], toString: [Function: toString] }
console.log({ constructor: { name: "Fake" } }, { constructor: function Fake2() {} }, Object.create({ constructor: undefined, z: 1 }));
// => { constructor: { name: 'Fake' } } { constructor: [Function: Fake2] } {}
console.log(Object.setPrototypeOf([1], null), Object.setPrototypeOf(new Map([[1, 2]]), null), Object.setPrototypeOf(() => {}, null));
// => [Array(1): null prototype] [ 1 ] [Map(1): null prototype] { 1 => 2 } [Function (null prototype) (anonymous)]
console.log(Object.setPrototypeOf(new Set([1]), null), Object.setPrototypeOf(/x/g, null), Object.setPrototypeOf(class Q {}, null));
// => [Set(1): null prototype] { 1 } [RegExp: null prototype] /x/g [class Q extends [null prototype]]
console.log(Object.setPrototypeOf(new Uint8Array(2), null), Object.setPrototypeOf(new Number(3), null), Object.setPrototypeOf(new Date(0), null));
// => [Uint8Array(2): null prototype] [ 0, 0 ] [Number (null prototype): 3] [Date: null prototype] 1970-01-01T00:00:00.000Z
function Old(x) { this.x = x; }
Old.prototype.method = function () {};
console.log(new Old(1), Old, Object.create(Old.prototype, { hidden: { value: 1 }, shown: { value: 2, enumerable: true } }));
// => Old { x: 1 } [Function: Old] Old { shown: 2 }
console.log({ a: 1, __proto__: { b: 2 } }, Object.create(new Foo1()), class { static s = 1; static { this.t = 2; } });
// => { a: 1 } Foo1 {} [class (anonymous)] { s: 1, t: 2 }
function Foo1() { this.own = 1; }
console.log([1.0, -1.5e-7, 123456789012345680000, 0xff, 1e300], [1n, -5n, 0n]);
// => [ 1, -1.5e-7, 123456789012345680000, 255, 1e+300 ] [ 1n, -5n, 0n ]
console.log(Array.prototype, Object.prototype, Function.prototype, Map.prototype, Promise.prototype, Date.prototype);
// => Object(0) [] [Object: null prototype] {} [Function (anonymous)] Object Object [Map] {} Object [Promise] {} {}
console.log(new Array(5).fill({}), new Array(3).fill([]), [[], {}, new Map(), new Set(), () => {}]);
// => [ {}, {}, {}, {}, {} ] [ [], [], [] ] [ [], {}, Map(0) {}, Set(0) {}, [Function (anonymous)] ]
console.log(Object.freeze({ a: Object.freeze([1]) }), Object.seal([1, 2]), Object.freeze(class F {}));
// => { a: [ 1 ] } [ 1, 2 ] [class F]
console.log(Object.defineProperty([1, 2], 1, { get() { return 5; } }), Object.defineProperty({}, "hid", { value: 1 }));
// => [ 1, [Getter] ] {}
console.log(globalThis.constructor === Object, typeof globalThis, Object.prototype.toString.call(globalThis));
// => true object [object global]
