// Values of every kind as console.log shows them.
console.log(1, -0, 1.5, 1e21, NaN, -Infinity, true, null, undefined, 10n, Symbol("s"), Symbol());
// => 1 -0 1.5 1e+21 NaN -Infinity true null undefined 10n Symbol(s) Symbol()
console.log("text", ["text"], ["it's"], ['"both\''], ["`\"'"], ["a\nb\t\\\u0001\x7f\ud800"]);
// => text [ 'text' ] [ "it's" ] [ `"both'` ] [ '`"\'' ] [ 'a\nb\t\\\x01\x7F\ud800' ]
console.log([], [1], [1, [2, [3, [4, [5]]]]], { a: { b: { c: { d: 1 } } } }, { a: { b: { c: {} } } });
// => [] [ 1 ] [ 1, [ 2, [ 3, [Array] ] ] ] { a: { b: { c: [Object] } } } { a: { b: { c: {} } } }
console.log([1, , 3], [, ,], Array(3), [undefined, , null]);
// => [ 1, <1 empty item>, 3 ] [ <2 empty items> ] [ <3 empty items> ] [ undefined, <1 empty item>, null ]
console.log(Object.assign([1, 2], { x: 1, "-1": 2 }), Object.assign([], { k: "v" }));
// => [ 1, 2, x: 1, '-1': 2 ] [ k: 'v' ]
console.log({ plain: 1, "two words": 2, 3: 4, "": 5, ["__proto__"]: 6, [Symbol("k")]: 7, "it's": 8 });
// => {
// =>   '3': 4,
// =>   plain: 1,
// =>   'two words': 2,
// =>   '': 5,
// =>   ['__proto__']: 6,
// =>   "it's": 8,
// =>   [Symbol(k)]: 7
// => }
console.log({ get a() { return 1; }, set b(v) {}, get c() { return 1; }, set c(v) {} });
// => { a: [Getter], b: [Setter], c: [Getter/Setter] }
console.log(function f() {}, () => {}, class A {}, class extends Array {}, async () => {}, function* g() {}, async function* h() {});
// => [Function: f] [Function (anonymous)] [class A] [class (anonymous) extends Array] [AsyncFunction (anonymous)] [GeneratorFunction: g] [AsyncGeneratorFunction: h]
console.log([function named() {}, class B extends Map {}], { m() {}, async n() {} });
// => [ [Function: named], [class B extends Map] ] { m: [Function: m], n: [AsyncFunction: n] }
console.log(Object.assign(() => {}, { a: 1 }), Object.assign(class C {}, { s: { t: 1 } }));
// => [Function (anonymous)] { a: 1 } [class C] { s: { t: 1 } }
class Foo { constructor() { this.x = 1; } }
class Bar extends Foo { constructor() { super(); this.y = [this.x]; } }
console.log(new Foo(), new Bar(), [new Bar()], new (class {})(), new (class extends Foo {})());
// => Foo { x: 1 } Bar { x: 1, y: [ 1 ] } [ Bar { x: 1, y: [ 1 ] } ] {} Foo { x: 1 }
console.log(Object.create(null), Object.create({}), Object.create(Foo.prototype), Object.create(Object.create(null)));
// => [Object: null prototype] {} {} Foo {} Object <[Object: null prototype] {}> {}
console.log(Object.assign(Object.create(null), { a: 1 }), { __proto__: null, deep: { deep: { deep: {} } } });
// => [Object: null prototype] { a: 1 } [Object: null prototype] { deep: { deep: { deep: {} } } }
console.log(new Map([["a", 1], [{ k: 1 }, [2]]]), new Set([1, "b", { c: 3 }]), new Map(), new Set());
// => Map(2) { 'a' => 1, { k: 1 } => [ 2 ] } Set(3) { 1, 'b', { c: 3 } } Map(0) {} Set(0) {}
console.log(new Map([[1, 2]]).entries(), new Map([[1, 2]]).keys(), new Set([5]).values(), new Set([6]).entries());
// => [Map Entries] { [ 1, 2 ] } [Map Iterator] { 1 } [Set Iterator] { 5 } [Set Entries] { [ 6, 6 ] }
console.log([1][Symbol.iterator](), ""[Symbol.iterator](), (function* () {})());
// => Object [Array Iterator] {} Object [String Iterator] {} Object [Generator] {}
console.log(new WeakMap(), new WeakSet(), new (class M extends Map {})([[1, 2]]), new (class extends Set {})());
// => WeakMap { <items unknown> } WeakSet { <items unknown> } M(1) [Map] { 1 => 2 } Set(0) {}
console.log(Promise.resolve([1]), new Promise(() => {}), (async () => {})());
// => Promise { [ 1 ] } Promise { <pending> } Promise { undefined }
console.log([new Number(-0), new String("abc"), Object(true), Object(1n), Object(Symbol("w"))]);
// => [
// =>   [Number: -0],
// =>   [String: 'abc'],
// =>   [Boolean: true],
// =>   [BigInt: 1n],
// =>   [Symbol: Symbol(w)]
// => ]
console.log(Object.assign(new String("ab"), { extra: 1 }), new (class N extends Number {})(3));
// => [String: 'ab'] { extra: 1 } [Number (N): 3]
console.log(/a\/b/gi, Object.assign(/x/, { p: 1 }), [/y/u], new (class R extends RegExp {})("z"));
// => /a\/b/gi /x/ { p: 1 } [ /y/u ] R /z/
console.log(new Uint8Array(3), new Float64Array([0.5, -0]), new BigInt64Array(2), new Uint8Array());
// => Uint8Array(3) [ 0, 0, 0 ] Float64Array(2) [ 0.5, -0 ] BigInt64Array(2) [ 0n, 0n ] Uint8Array(0) []
console.log(new ArrayBuffer(4), new DataView(new ArrayBuffer(2)), new Uint8Array([255, 1]).buffer);
// => ArrayBuffer { [Uint8Contents]: <00 00 00 00>, byteLength: 4 } DataView {
// =>   byteLength: 2,
// =>   byteOffset: 0,
// =>   buffer: ArrayBuffer { [Uint8Contents]: <00 00>, byteLength: 2 }
// => } ArrayBuffer { [Uint8Contents]: <ff 01>, byteLength: 2 }
console.log((function () { return arguments; })(1, "b"), (() => { "use strict"; return (function () { return arguments; })(); })());
// => [Arguments] { '0': 1, '1': 'b' } [Arguments] {}
console.log({ [Symbol.toStringTag]: "Own" }, Object.create({ [Symbol.toStringTag]: "Up" }), new (class T { get [Symbol.toStringTag]() { return "Tag"; } })());
// => { [Symbol(Symbol.toStringTag)]: 'Own' } Object [Up] {} T [Tag] {}
console.log(Math, JSON, Reflect, Symbol.iterator, Symbol);
// => Object [Math] {} Object [JSON] {} Object [Reflect] {} Symbol(Symbol.iterator) [Function: Symbol]
console.log([new Proxy({ a: 1 }, { get() { throw 1; }, ownKeys() { throw 2; } }), new Proxy([1], {}), new Proxy(function p() {}, {})]);
// => [ { a: 1 }, [ 1 ], [Function: p] ]
const revoked = Proxy.revocable({}, {});
revoked.revoke();
console.log(revoked.proxy, [revoked.proxy]);
// => <Revoked Proxy> [ <Revoked Proxy> ]
const o = { name: "o" };
o.self = o;
o.list = [o, { o }];
console.log(o);
// => <ref *1> {
// =>   name: 'o',
// =>   self: [Circular *1],
// =>   list: [ [Circular *1], { o: [Circular *1] } ]
// => }
const m = new Map();
m.set("m", m).set(m, 1);
console.log(m, [m]);
// => <ref *1> Map(2) { 'm' => [Circular *1], [Circular *1] => 1 } [ <ref *1> Map(2) { 'm' => [Circular *1], [Circular *1] => 1 } ]
const a = [], b = [a];
a.push(b);
console.log(a, b);
// => <ref *1> [ [ [Circular *1] ] ] <ref *1> [ [ [Circular *1] ] ]
console.log({ f: Foo, arr: [[[[]]]], map: new Map([[{ a: { b: { c: 1 } } }, new Map([[1, new Map([[1, {}]])]])]]) });
// => {
// =>   f: [class Foo],
// =>   arr: [ [ [Array] ] ],
// =>   map: Map(1) { { a: [Object] } => Map(1) { 1 => [Map] } }
// => }
console.log([undefined, null, NaN, -0, 0, 1n, "s", Symbol.for("x"), () => {}, class {}]);
// => [
// =>   undefined,
// =>   null,
// =>   NaN,
// =>   -0,
// =>   0,
// =>   1n,
// =>   's',
// =>   Symbol(x),
// =>   [Function (anonymous)],
// =>   [class (anonymous)]
// => ]
