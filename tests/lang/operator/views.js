// Elements of typed arrays, all kinds, in hot code: conversions, bounds, buffers that change.
const kinds = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array,
    Float64Array]
const values = [0, -0, 1, -1, 127, 128, 255, 256, -129, 32767, 32768, 65535, 65536, -32769, 2147483647, -2147483648,
    4294967295, 1.5, 2.5, -0.5, 254.5, 1e10, -1e10, 3.4e38, 1e39, 1e-46, NaN, Infinity, "12", null, undefined, true]
function show(v) { return Object.is(v, -0) ? "-0" : String(v) }

// A function for each kind, so that its sites meet that kind alone.
for (const Kind of kinds) {
    const view = new Kind(values.length)
    const write = new Function("a", "i", "v", "a[i] = v"), read = new Function("a", "i", "return a[i]")
    for (let round = 0; round < 30; round++) values.forEach((v, i) => { write(view, i, round < 29 ? i : v); read(view, i) })
    const got = values.map((v, i) => show(read(view, i)))
    const wanted = values.map(v => show(Kind.of(v)[0]))
    console.log(Kind.name, got.join() === wanted.join() ? "right" : got.join(), read(view, -1), read(view, 1000), read(view, "x"))
}
// => Int8Array right undefined undefined undefined
// => Uint8Array right undefined undefined undefined
// => Uint8ClampedArray right undefined undefined undefined
// => Int16Array right undefined undefined undefined
// => Uint16Array right undefined undefined undefined
// => Int32Array right undefined undefined undefined
// => Uint32Array right undefined undefined undefined
// => Float32Array right undefined undefined undefined
// => Float64Array right undefined undefined undefined

// Big integers, and what is none.
for (const Kind of [BigInt64Array, BigUint64Array]) {
    const view = new Kind(4), write = new Function("a", "i", "v", "a[i] = v"), read = new Function("a", "i", "return a[i]")
    const update = new Function("a", "i", "a[i]++; a[i] *= 3n; return a[i]"), seen = []
    for (let round = 0; round < 300; round++) { write(view, round & 3, BigInt(round)); read(view, round & 3); update(view, 0) }
    for (const v of [0n, -1n, 2n ** 63n, 2n ** 64n + 5n, -(2n ** 63n) - 1n, "7", true, 5, null, undefined]) {
        try { write(view, 1, v); seen.push(read(view, 1)) } catch (e) { seen.push(e.constructor.name) }
    }
    view[0] = -1n
    console.log(Kind.name, seen.join(), update(view, 0), update(view, 0), read(view, 4), read(view, -1))
}
// => BigInt64Array 0,-1,-9223372036854775808,5,9223372036854775807,7,1,TypeError,TypeError,TypeError 0n 3n undefined undefined
// => BigUint64Array 0,18446744073709551615,9223372036854775808,5,9223372036854775807,7,1,TypeError,TypeError,TypeError 0n 3n undefined undefined

// Signs and conversions as numbers that other instructions go on with.
function sum(a) { let s = 0; for (let i = 0; i < a.length; i++) { a[i] = a[i] - 3; s += a[i] * 2 } return s }
const sums = kinds.map(Kind => { const f = eval("(" + sum + ")"), a = new Kind(200).fill(2); return f(a) + f(a) })
console.log(sums.join())
// => -2000,202800,0,-2000,52426800,-2000,3435973834800,-2000,-2000

// One site, all kinds, and buffers that shrink, go away or are shared.
function bump(a, i) { a[i] += 1.5; return a[i] }
let total = 0
for (let i = 0; i < 200; i++) for (const Kind of kinds) total += bump(new Kind(2).fill(1), i & 1)
console.log(total)                                             // => 3800
for (const Kind of kinds) {
    const f = new Function("a", "i", "a[i] = 1; return a[i]")
    for (let i = 0; i < 200; i++) f(new Kind(4), i & 3)
    const buffer = new ArrayBuffer(32, { maxByteLength: 64 }), tracking = new Kind(buffer), fixed = new Kind(buffer, 0, 4)
    let seen = [f(tracking, 3), f(fixed, 3)]
    buffer.resize(8)
    seen.push(f(fixed, 0), f(tracking, 0), f(tracking, 31))
    const gone = new Kind(8)
    gone.buffer.transfer()
    seen.push(f(gone, 0))
    console.log(seen.map(show).join())
}
// => 1,1,1,1,undefined,undefined
// => 1,1,1,1,undefined,undefined
// => 1,1,1,1,undefined,undefined
// => 1,1,1,1,undefined,undefined
// => 1,1,1,1,undefined,undefined
// => 1,1,undefined,1,undefined,undefined
// => 1,1,undefined,1,undefined,undefined
// => 1,1,undefined,1,undefined,undefined
// => 1,1,undefined,1,undefined,undefined
