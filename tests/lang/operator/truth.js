// What every kind of value is as a condition: in jumps both ways and under `!`, at sites that have seen all of them.
const wide = "\u{1f600}", rope = (() => { let s = ""; for (let i = 0; i < 40; i++) s += "long enough"; return s })()
const truths = [true, 1, -1, 0.5, Infinity, -Infinity, 2 ** 31, 5e-324, "0", " ", wide, rope, rope.slice(3, 30),
                1n, -1n, 2n ** 70n, Symbol(), Symbol(""), {}, [], () => 0, new Boolean(false), new Number(0), new String(""),
                Object(0n), new Proxy({}, {}), new Proxy(function () {}, {}), /(?:)/, class {}, parseInt, new Date(NaN)]
const falsities = [false, 0, -0, NaN, 0 * -1, "", rope.slice(3, 3), "".concat(""), 0n, -0n, 1n - 1n, null, undefined]

function when(v) { if (v) return "t"; return "f" }
function unless(v) { if (!v) return "f"; return "t" }
function loops(v) { let n = 0; while (v) { n++; break } do { n++ } while (v && n < 3); return n > 1 ? "t" : "f" }
function not(v) { const n = !v; return n === true ? "f" : n === false ? "t" : "?" }
function and(v) { return (v && "t") === "t" ? "t" : "f" }
function or(v) { return (v || "f") === "f" ? "f" : "t" }
function of(v) { return (v ? "t" : "f") + (!v ? "f" : "t") }
const all = v => when(v) + unless(v) + loops(v) + not(v) + and(v) + or(v) + of(v)

for (let i = 0; i < 3; i++) {
    print(truths.map(all).every(s => s === "tttttttt"), falsities.map(all).every(s => s === "ffffffff"))
    // => true true
    // => true true
    // => true true
}
print(truths.length, falsities.length)                     // => 31 13
