// Elements of typed arrays in hot code, in the forms that machine code has for them: updated in place, at constant
// indexes, of constants, of what was just computed. Each function meets one kind alone; what it does is compared with
// what Reflect does.
const kinds = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float16Array,
    Float32Array, Float64Array]
const starts = [0, 1, -1, 100, 127, 128, 255, 32767, 65535, 2147483647, -2147483648, 4294967295, 0.5, 1.5, -2.5, NaN, 1e300]
const forms = {
    "a[i]++":          [(x, y) => x + 1, "i"],
    "--a[i]":          [(x, y) => x - 1, "i"],
    "a[i] += y":       [(x, y) => x + y, "i"],
    "a[i] |= 5":       [(x, y) => x | 5, "i"],
    "a[i & 7] *= y":   [(x, y) => x * y, "i & 7"],
    "a[3] = a[3] - 7": [(x, y) => x - 7, "3"],
    "a[2] = 300":      [(x, y) => 300, "2"],
    "a[i] = -0":       [(x, y) => -0, "i"],
    "a[i] = 2.5":      [(x, y) => 2.5, "i"],
    "a[i] = 4e9":      [(x, y) => 4e9, "i"],
    "a[i] = NaN":      [(x, y) => NaN, "i"],
    "a[i] = y * 1.5":  [(x, y) => y * 1.5, "i"],
    "a[i] = y >>> 0":  [(x, y) => y >>> 0, "i"],
    "a[i] = y | 0":    [(x, y) => y | 0, "i"],
    "a[i + 1] = i":    [(x, y, i) => i, "i + 1"],
    "a[i] = a[i + 1]": [(x, y, i, next) => next, "i"],
    "a[i] = y":        [(x, y) => y, "i"],
}
const same = (x, y) => x.length === y.length && x.every((v, i) => Object.is(v, y[i]))

function check(Kind, form, [wanted, place]) {
    const f = new Function("a", "i", "y", form + "; return a[" + place + "]"), where = new Function("i", "return " + place)
    const got = new Kind(10), expected = new Kind(10)
    const step = (i, y) => {
        const at = where(i), seen = f(got, i, y)
        Reflect.set(expected, at, wanted(Reflect.get(expected, at), y, i, Reflect.get(expected, i + 1)))
        if (!Object.is(seen, Reflect.get(expected, at))) return false
        return same(got, expected)
    }
    for (let round = 0; round < 150; round++) if (!step(round % 10, round)) return "wrong when warm"
    for (const start of starts) {
        got.fill(start)
        expected.fill(start)
        for (const y of [1, -300, 0.5, 4294967295, "8", undefined]) if (!step(3, y) || !step(9, y)) return "wrong at " + [start, y]
    }
    for (const i of [0, 10, -1, -2147483648, 1.5, "1"]) if (!step(i, 7)) return "wrong at " + i
    return true
}
for (const Kind of kinds) {
    const wrong = []
    for (const form in forms) {
        const result = check(Kind, form, forms[form])
        if (result !== true) wrong.push(form + " " + result)
    }
    console.log(Kind.name, wrong.join() || "right")
}
// => Int8Array right
// => Uint8Array right
// => Uint8ClampedArray right
// => Int16Array right
// => Uint16Array right
// => Int32Array right
// => Uint32Array right
// => Float16Array right
// => Float32Array right
// => Float64Array right

// What the elements are tested against: zero, not a number, another kind of object, or none.
const none = new Function("a", "i", "if (a[i] === 0) return 'zero'; if (a[i] !== 5) return 'other'; return 'five'")
const seven = new Int32Array([0, 5, 7])
for (let i = 0; i < 300; i++) none(seven, i % 3)
console.log(none(seven, 0), none(seven, 1), none(seven, 2), none(seven, 3), none([0, "5"], 0), none([0, "5"], 1), none("05", 0))
// => zero five other other zero other other

// Views that a hot site has not met: of part of a buffer, of one that changes its length, is gone, shared or immutable.
for (const Kind of [Uint8Array, Uint32Array, Float64Array]) {
    const update = new Function("a", "i", "a[i] += 2; a[1] = 3; return a[i] + ':' + a[1]")
    for (let i = 0; i < 300; i++) update(new Kind(4), i & 1)
    const size = Kind.BYTES_PER_ELEMENT, buffer = new ArrayBuffer(8 * size, { maxByteLength: 16 * size })
    const tracking = new Kind(buffer, 2 * size), fixed = new Kind(buffer, 4 * size, 4), seen = []
    const look = () => seen.push(update(tracking, 3), update(fixed, 3))
    look()
    buffer.resize(6 * size)
    look()
    buffer.resize(16 * size)
    look()
    buffer.transfer()
    look()
    const part = new Kind(new ArrayBuffer(8 * size), size, 3)
    seen.push(update(part, 2), update(part, 3), [...new Kind(part.buffer)].join())
    part.buffer.transfer()
    seen.push(update(part, 2))
    const gone = new Kind(new ArrayBuffer(8 * size), 2 * size, 4).fill(7), moved = structuredClone(gone, { transfer: [gone.buffer] })
    seen.push(update(moved, 3), update(gone, 3), [...new Kind(moved.buffer)].join())
    const shared = new Kind(new SharedArrayBuffer(4 * size, { maxByteLength: 8 * size }))
    seen.push(update(shared, 4))
    shared.buffer.grow(8 * size)
    seen.push(update(shared, 4))
    seen.push(update(new Kind(new ArrayBuffer(4 * size).transferToImmutable()), 2))
    console.log(seen.join(" "))
}
// => 2:3 2:3 5:3 undefined:undefined 7:3 2:3 undefined:undefined undefined:undefined 2:3 undefined:3 0,0,3,2,0,0,0,0 undefined:undefined 9:3 undefined:undefined 0,0,7,3,7,9,0,0 undefined:3 2:3 0:0
// => 2:3 2:3 5:3 undefined:undefined 7:3 2:3 undefined:undefined undefined:undefined 2:3 undefined:3 0,0,3,2,0,0,0,0 undefined:undefined 9:3 undefined:undefined 0,0,7,3,7,9,0,0 undefined:3 2:3 0:0
// => 2:3 2:3 5:3 undefined:undefined 7:3 2:3 undefined:undefined undefined:undefined 2:3 undefined:3 0,0,3,2,0,0,0,0 undefined:undefined 9:3 undefined:undefined 0,0,7,3,7,9,0,0 undefined:3 2:3 0:0
