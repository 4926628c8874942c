// `length` of typed arrays in hot code: of one kind, of several, of buffers that change, and where it is another property.
function count(a) { let n = 0; for (let i = 0; i < a.length; i++) n++; return n }
function length(a) { return a.length }
const own = new Function("a", "return a.length")
for (let i = 0; i < 200; i++) count(new Uint8Array(5)), own(new Float64Array(3)), length(new Int16Array(2))
console.log(count(new Uint8Array(7)), own(new Float64Array(0)), length(new Int16Array(9)))     // => 7 0 9
for (let i = 0; i < 200; i++) length(new Int8Array(3)), length(new Uint32Array(3)), length([1]), length("ab")
console.log(length(new Int8Array(4)), length(new BigInt64Array(5)), length([1, 2]), length("abc"))     // => 4 5 2 3

const buffer = new ArrayBuffer(16, { maxByteLength: 64 }), tracking = new Uint8Array(buffer), fixed = new Uint8Array(buffer, 8, 8)
console.log(count(tracking), count(fixed))                     // => 16 8
buffer.resize(32)
console.log(count(tracking), count(fixed))                     // => 32 8
buffer.resize(12)
console.log(count(tracking), count(fixed))                     // => 12 0
const gone = new Uint8Array(8), moved = gone.buffer.transfer()
console.log(count(gone), count(new Uint8Array(moved)))         // => 0 8

// Objects that have the getter, and are no typed arrays.
function tried(f, o) { try { return f(o) } catch (e) { return e.constructor.name } }
const child = Object.create(Uint8Array.prototype), heir = Object.create(new Uint8Array(4))
for (let i = 0; i < 200; i++) tried(length, child)
console.log(tried(length, child), tried(count, child), tried(own, heir), tried(count, heir))
// => TypeError TypeError TypeError TypeError

// Other properties of that name.
class Sized extends Uint8Array { get length() { return super.length * 2 } }
for (let i = 0; i < 200; i++) length(new Sized(3))
console.log(length(new Sized(3)), count(new Sized(2)), length(new Uint8Array(3)))      // => 6 4 3
const special = new Uint8Array(4)
Object.defineProperty(special, "length", { value: 2 })
console.log(count(special), length(special))                   // => 2 2
Object.defineProperty(Object.getPrototypeOf(Uint8Array.prototype), "length", { get() { return 1 } })
console.log(count(new Uint8Array(4)), own(new Float64Array(4)), length(new Int16Array(4)))     // => 1 1 1
