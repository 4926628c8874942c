// Operators that hot code does in place, of operands of every kind.
const N = 150
const values = [0, -0, 1, -1, 2147483647, -2147483648, 1.5, -1.5, NaN, Infinity, -Infinity, 4294967296, "7", "", "x", null,
    undefined, true, 10n, {}, { valueOf() { return 3 } }, [], [4], () => 1, class {}, Math.abs, Math.abs.bind(0),
    new Proxy({}, {}), new Proxy(() => 1, {}), Symbol("s"), new Date(0), /r/, new Map(), new Int8Array(1)]

function show(v) { return Object.is(v, -0) ? "-0" : typeof v === "symbol" ? "symbol" : String(v) }
function negate(v) { return -v }
function negative_sum(list) { let sum = 0; for (const x of list) sum += -x * -1.5; return sum }
let shown
for (let i = 0; i < N; i++) {
    shown = ""
    for (const v of values.slice(0, 24)) shown += show(negate(v)) + " "
}
console.log(shown)
// => -0 0 -1 1 -2147483647 2147483648 -1.5 1.5 NaN -Infinity Infinity -4294967296 -7 -0 NaN -0 NaN -1 -10 NaN -3 -0 -4 NaN
try { negate(Symbol()) } catch (e) { console.log(e.constructor.name) }         // => TypeError
for (let i = 0; i < N; i++) shown = negative_sum([1.5, 2, -3.25, 0])
console.log(shown)                                             // => 0.375
let swings = 1.5
for (let i = 0; i < N; i++) swings = -swings
console.log(swings, -swings)                                   // => 1.5 -1.5

function kind(v) { return typeof v }
for (let i = 0; i < N; i++) shown = values.map(kind).join(" ")
console.log(shown)
// => number number number number number number number number number number number number string string string object undefined boolean bigint object object object object function function function function object function symbol object object object object
function is(v, text) { return typeof v === text }
let count = 0
for (let i = 0; i < N; i++) for (const v of values) count += is(v, "object") + is(v, "function") * 10 + is(v, "string") * 100
console.log(count)                                             // => 54000

// Places of arrays where nothing is.
function at(a, i) { return a[i] }
function second(a) { return a[1] }
const holes = [1, , 3], empty = [], long = new Array(20), sparse = []
sparse[5000000] = "far"
sparse[1] = "near"
for (let i = 0; i < N; i++) shown = [at(holes, 1), at(holes, 3), at(holes, 1000000), at(empty, 0), at(long, 19), at(long, 20),
    at(sparse, 5000000), at(sparse, 1), at(sparse, 2), at(holes, -1), at(holes, 1.5), at(holes, "2"), second(holes), second(long),
    second(sparse), second("text"), second({ 1: "one" }), at("text", 9), at(Object.freeze([1, , 2]), 1)].map(show).join()
console.log(shown)
// => undefined,undefined,undefined,undefined,undefined,undefined,far,near,undefined,undefined,undefined,3,undefined,undefined,near,e,one,undefined,undefined
const child = Object.setPrototypeOf([1, , 3], { 1: "inherited" })
console.log(at(child, 1), second(child), at(holes, 1))         // => inherited inherited undefined
const traced = Object.setPrototypeOf([1, , 3], new Proxy([], { get(t, k) { return "asked for " + k } }))
console.log(at(traced, 1), at(traced, 9))                      // => asked for 1 asked for 9
Array.prototype[1] = "of all"
console.log(at(holes, 1), second(long), at(holes, 0), second([]))      // => of all of all 1 of all
delete Array.prototype[1]
console.log(at(holes, 1), second(long))                        // => undefined undefined
Object.defineProperty(holes, 1, { get() { return "got" } })
console.log(at(holes, 1), second(holes))                       // => got got
