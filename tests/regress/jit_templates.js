// What machine code does in place, with usual and unusual operands; each function is called often enough to be compiled,
// and then with what its templates decline.
const say = [];
function often(f, usual, ...others) {
  let last;
  for (let i = 0; i < 300; i++) last = f(...usual);
  for (const other of [usual, ...others]) {
    try { last = f(...other); } catch (e) { last = e.name; }
    say.push(Object.is(last, -0) ? "-0" : typeof last === "object" ? JSON.stringify(last) : String(last));
  }
}
function tell(title) { console.log(title + ": " + say.splice(0).join(" ")); }

often((a) => Math.floor(a), [2.5], [-2.5], [7], [-0], [0.5], [-0.5], [NaN], [1e20], [2147483647.5], [-2147483648.5], ["3.5"]);
tell("floor");                                       // => floor: 2 -3 7 -0 0 -1 NaN 100000000000000000000 2147483647 -2147483649 3
often((a, b) => Math.max(a, b), [1, 2], [2, 1], [-0, 0], [0, -0], [1.5, 0.5], [1.5, 2], [NaN, 1.5], [0.5, NaN], ["3", 1]);
tell("max");                                         // => max: 2 2 0 0 1.5 2 NaN NaN 3
often((a, b) => Math.min(a, b), [1, 2], [2, 1], [-0, 0], [0.5, -0], [1.5, 0.5], [1.5, 2], [NaN, 1.5], ["3", 1]);
tell("min");                                         // => min: 1 1 -0 -0 0.5 1.5 NaN 1
often((a) => Math.abs(a), [-3], [3.5], [-3.5], [-2147483648], [-0], ["-2"]);
tell("abs");                                         // => abs: 3 3.5 3.5 2147483648 0 2
often((s, i) => s.charCodeAt(i), ["abc", 1], ["abc", 3], ["abc", -1], ["a\u1234", 1], ["ab".repeat(40) + "c", 80], ["abc", 1.5],
      [{ charCodeAt: (i) => "own" + i }, 2], [null, 0]);
tell("charCodeAt");                                  // => charCodeAt: 98 NaN NaN 4660 99 98 own2 TypeError
often((s, a, b) => s.substring(a, b), ["abcd", 1, 3], ["abcd", 3, 1], ["abcd", -1, 9], ["abcd", 2, 2], ["a".repeat(30) + "bc".repeat(9), 29, 32],
      ["abcd", 1.5, 3], ["abcd", 1], [12345, 1, 3], [{ substring: (a) => a }, 5], [undefined, 1, 2]);
often((s, i) => s.charAt(i), ["abc", 1], ["abc", 3], ["a\u1234", 1], ["ab".repeat(40) + "c", 80], ["abc", "1"], [12, 1]);
tell("substring");                                   // => substring: bc bc abcd  abc bc bcd TypeError 5 TypeError b  ሴ c b TypeError
often((a, v) => a.push(v), [[1, 2], 3], [Object.freeze([1]), 2], [{ push: (v) => -v }, 4], [{ length: 2, push: [].push }, 1]);
tell("push");                                        // => push: 303 TypeError -4 3

function literal(a, b) { return { a, b, sum: a + b, list: [a, b], none: [], inner: () => a }; }
often((a, b) => { const o = literal(a, b); o.extra = 1; return [o.inner(), o.sum, o.list.length, o.none.length, o]; }, [1, 2], ["x", 1.5]);
tell("literals");                                    // => literals: [1,3,2,0,{"a":1,"b":2,"sum":3,"list":[1,2],"none":[],"extra":1}] ["x","x1.5",2,0,{"a":"x","b":1.5,"sum":"x1.5","list":["x",1.5],"none":[],"extra":1}]
often((n) => { const a = new Array(4); for (let i = 0; i < n; i++) a[i] = i; return a; }, [4], [6], [0], [2]);
tell("holes");                                       // => holes: [0,1,2,3] [0,1,2,3,4,5] [null,null,null,null] [0,1,null,null]
often((a) => a === "one" ? 1 : a === "two" ? 2 : a === undefined ? 3 : a === null ? 4 : a === true ? 5 : 6,
      ["one"], ["two"], ["o" + "ne".slice(0)], [undefined], [null], [true], [1.5], [Symbol.iterator], [{}], ["three"], [10n]);
tell("constants");                                   // => constants: 1 2 1 3 4 5 6 6 6 6 6
often((o) => "one" === o.v ? 1 : null === o.v ? 2 : undefined !== o.v ? 3 : 4, [{ v: "one" }], [{ v: null }], [{ v: 5 }], [{}], [{ v: "o".concat("ne") }]);
function looks(list) {
  let found = 0, last = 0.5, other;
  for (let i = 0; i < list.length; i++) {
    let v = list[i];
    if ("x" === v) found++;
    else if (v === true) { v = 7; found += 10; }
    last = last * 2; other = last; if (other > 100) other = false;
    if (false === other) last = 1.25;
  }
  return found + ":" + last + ":" + other;
}
often(looks, [["x", 1, true, "y", "x"]], [[true, "x", null, 1, 2, 3, 4, 5, 6, 7]]);
tell("constants first");                             // => constants first: 1 2 3 4 1 12:16:16 11:5:5
often((a, b) => [a === b, a !== b, !(a === b)], [1.5, 1.5], [1.5, 2], [1, 1.0], [NaN, NaN], [0, -0], ["ab".concat("c"), "abc"],
      ["abd", "abc"], [{}, {}], [10n, 10n], [undefined, undefined], ["1", 1], [null, {}]);
tell("strict");                                      // => strict: [true,false,false] [false,true,true] [true,false,false] [false,true,true] [true,false,false] [true,false,false] [false,true,true] [false,true,true] [true,false,false] [true,false,false] [false,true,true] [false,true,true]
often((a, b) => [a * b, a + b, a - b, a / b, a * 2, a + 2 - 0.5, a < b, a >= b], [1.5, 2.5], [1, 2.5], [1.5, 2], [0, -1], ["3", 0.5], [NaN, 1]);
tell("mixed");                                       // => mixed: [3.75,4,-1,0.6,3,3,true,false] [2.5,3.5,-1.5,0.4,2,2.5,true,false] [3,3.5,-0.5,0.75,3,3,true,false] [0,-1,1,0,0,1.5,false,true] [1.5,"30.5",2.5,6,6,31.5,false,true] [null,null,null,null,null,null,false,false]
often((a, b) => [a / b | 0, a | 5, a * 1.5 | 0], [7, 2], [-7, 2], [1e10, 1], [-2147483648.5, 1], [NaN, 1], [Infinity, 1], ["9", 2], [undefined, 1], [-0.5, 1]);
tell("bits");                                        // => bits: [3,7,10] [-3,-3,-10] [1410065408,1410065413,2115098112] [-2147483648,-2147483643,1073741824] [0,5,0] [0,5,0] [4,13,13] [0,5,0] [0,5,0]
often((v) => v ? 1 : 0, [{}], [null], [undefined], [""], ["a"], [0], [1.5], [NaN], [0n], [5n], [true], [false], [Symbol.iterator], [[]]);
tell("truth");                                       // => truth: 1 0 0 0 1 0 1 0 0 1 1 0 1 1

class Base { constructor(a) { this.a = a; } }
class Derived extends Base { constructor(a, b) { super(a); this.b = b; this.late(); } late() { this.c = this.a + this.b; } }
class Odd extends Base { constructor(r) { if (r === 1) return { r }; if (r === 2) return 5; if (r !== 3) super(r); } }
often((a, b) => new Derived(a, b), [1, 2], ["x", "y"]);
often((r) => new Odd(r), [0], [1], [2], [3]);
often((C) => C(1), [(a) => a], [Derived], [Base]);
tell("classes");                                     // => classes: {"a":1,"b":2,"c":3} {"a":"x","b":"y","c":"xy"} {"a":0} {"r":1} TypeError ReferenceError 1 TypeError TypeError
often((C, n) => { const o = new C(n); return o.length === undefined ? "none" : o.length; }, [Array, 3], [String, "abcd"], [Derived, 1], [() => 1, 1], [Math.max, 1]);
tell("new");                                         // => new: 3 4 none TypeError TypeError
function sloppy() { return typeof this; }
often((self) => sloppy.call(self), [{}], [1], ["a"], [undefined]);
tell("this");                                        // => this: object object object object
function counter() { let n = 0; return [() => ++n, (v) => { n = v; }]; }
often((v) => { const [next, set] = counter(); next(); set(v); return next(); }, [4], ["x"], [1.5]);
tell("boxes");                                       // => boxes: 5 NaN 2.5
often((n) => new Array(n).length, [3], [0], [-1], [1.5], ["x"], [4294967295], [undefined]);
often((n, Array) => new Array(n).length, [3, Array], [3, String], [3, class extends Array {}]);
tell("new Array");                                   // => new Array: 3 0 RangeError RangeError 1 4294967295 1 3 1 3
function chosen(v) { switch (v) { case 1: return "one"; case 2: return "two"; case 3: return "three"; case 5: return "five"; case 6: return "six"; default: return "none"; } }
often(chosen, [2], [1], [3], [4], [5], [6], [7], [0], [-1], [1.0], [2.5], ["2"], [5.0], [undefined], [2147483647], [-2147483648]);
tell("switch");                                      // => switch: two one three none five six none none none one none none five none none none
often((k, a) => k in a, [1, [1, 2]], [2, [1, 2]], [0, [, 1]], ["length", []], [0, { 0: 1 }], [0, new Uint8Array(1)], [1, "ab"]);
tell("in");                                          // => in: true false false true true true TypeError
for (const View of [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Int32Array, Uint32Array, Float32Array, Float64Array]) {
  const view = new View(4), get = eval("(a, i) => a[i]"), set = eval("(a, i, v) => { a[i] = v; return a[i]; }");
  often(get, [view, 2], [view, 4], [view, -1], [[7, 8, 9], 2], ["abc", 2]);
  often(set, [view, 1, 7], [view, 1, -1], [view, 2, 300.5], [view, 3, NaN], [view, 4, 1], [[1, 2], 1, 5], [view, 1, "12"], [view, 0, 4294967295],
        [view, 1, { valueOf: () => 3 }], [view, 1, 5n], [view, 1.5, 5]);
  tell(View.name);
}
// => Int8Array: 0 undefined undefined 9 c 7 -1 44 0 undefined 5 12 -1 3 TypeError undefined
// => Uint8Array: 0 undefined undefined 9 c 7 255 44 0 undefined 5 12 255 3 TypeError undefined
// => Uint8ClampedArray: 0 undefined undefined 9 c 7 0 255 0 undefined 5 12 255 3 TypeError undefined
// => Int16Array: 0 undefined undefined 9 c 7 -1 300 0 undefined 5 12 -1 3 TypeError undefined
// => Int32Array: 0 undefined undefined 9 c 7 -1 300 0 undefined 5 12 -1 3 TypeError undefined
// => Uint32Array: 0 undefined undefined 9 c 7 4294967295 300 0 undefined 5 12 4294967295 3 TypeError undefined
// => Float32Array: 0 undefined undefined 9 c 7 -1 300.5 NaN undefined 5 12 4294967296 3 TypeError undefined
// => Float64Array: 0 undefined undefined 9 c 7 -1 300.5 NaN undefined 5 12 4294967295 3 TypeError undefined
const shrinking = new ArrayBuffer(16, { maxByteLength: 32 }), tracking = new Int32Array(shrinking), gone = new Float64Array(2);
const read = (a, i) => a[i], write = (a, i, v) => { a[i] = v; return a[i]; };
often(read, [new Int32Array(4), 3], [tracking, 3]);
often(write, [new Int32Array(4), 3, 9], [tracking, 3, 9]);
shrinking.resize(8);
gone.buffer.transfer();
const bits = new Float64Array(2);
new Uint8Array(bits.buffer).fill(255);
say.push(...[read(tracking, 3), write(tracking, 3, 1), read(tracking, 1)].map(String));
often((a, i) => a[i], [new Float64Array(2), 1], [gone, 1], [bits, 1]);
often((a, i, v) => { a[i] = v; return a[i]; }, [new Float64Array(2), 1, 0.5], [gone, 1, 2]);
tell("buffers");                                     // => buffers: 0 0 9 9 undefined undefined 0 0 undefined NaN 0.5 undefined

Object.prototype[1] = "inherited";
often(() => { const a = [0, 1, 2]; a.length = 1; return a[1]; }, []);
Array.prototype[5] = 5;
Object.defineProperty(Array.prototype, 7, { set(v) { say.push("setter" + v); } });
often((a, i, v) => { a[i] = v; return a.length; }, [[1, 2, 3], 1, 9], [new Array(9), 7, 4]);
tell("indexed prototypes");                          // => indexed prototypes: inherited 3 setter4 9
