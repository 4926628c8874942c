// SPDX-License-Identifier: MIT
// ECMA-262 13.15.3: a chain of additions that is a text from some point on. Operands become primitives one after
// another, each before the next is evaluated, by valueOf; in a template literal by toString.
const log = []
const thing = name => ({
    valueOf() { log.push("value of " + name); return name.length },
    toString() { log.push("text of " + name); return name },
})
const seen = v => { log.push("seen " + String(v)); return v }
console.log("a" + thing("xy") + seen(1) + thing("z"), log.splice(0).join(", "))
// => a211 value of xy, seen 1, value of z
console.log(`a${thing("xy")}${seen(1)}${thing("z")}`, log.splice(0).join(", "))
// => axy1z text of xy, seen 1, text of z
console.log(thing("xy") + "-" + seen(1), log.splice(0).join(", "))
// => 2-1 value of xy, seen 1
console.log(1 + 2 + "x" + 3 + 4 - 5, 1 + 2 + "x" + (3 + 4) + "y", 3 - 1 + "" + 2 * 3 + 1, 2 + ("a" + 1 + 2) + 3)
// => NaN 3x7y 261 2a123
console.log("" + null + undefined + true + -0 + 1e21 + 0.1 + -7 + 10n + NaN, ["" + [1, 2] + {} + ""])
// => nullundefinedtrue01e+210.1-710NaN [ '1,2[object Object]' ]
for (const add of [v => "a" + v + seen("late"), v => v + "a" + seen("late"), v => `${v}${seen("late")}`]) {
    try { add(Symbol("s")) } catch (e) { console.log(e.name, e.message, log.splice(0).length) }
}
// => TypeError Cannot convert a Symbol value to a string 0
// => TypeError Cannot convert a Symbol value to a string 0
// => TypeError Cannot convert a Symbol value to a string 0
try { "a" + { valueOf() { throw new Error("thrown") } } + seen("late") } catch (e) { console.log(e.message, log.length) }
// => thrown 0

// what is assigned in a later operand does not change an earlier one
let v = "v"
v = v + "a" + (v = "w") + v
console.log(v)
// => vaww
let n = 1
n = n + n + "q" + n++ + n
console.log(n)
// => 2q12

// long ones, wide ones, empty ones, and as many as one likes
const long = "x".repeat(150)
console.log((long + "," + long + "," + 1).length, ("é" + "日本" + 1 + "é").length, "é" + 1 + "日" + "b" + "c".repeat(2))
// => 303 5 é1日bcc
console.log([("" + "" + ""), ("" + 5 + "") === "5", ("" + "a" + "").length, "" + "" + long === long])
// => [ '', true, 1, true ]
let many = "" + 0 + 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10 + 11 + 12 + 13 + 14 + 15 + 16 + 17 + 18 + 19 + 20 + n + long
console.log(many.slice(0, 40), many.length)
// => 012345678910111213141516171819202q12xxxx 186
const rope = "a".repeat(20) + "b".repeat(20)
console.log("<" + rope + ">" + rope + "<", rope.length)
// => <aaaaaaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbbbbb>aaaaaaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbbbbb< 40
const wide = "日".repeat(20) + "b".repeat(20)
console.log(("<" + wide + ">" + rope + "<").length, ("<" + wide + ">" + 12)[21])
// => 83 b
const arity = function () { return arguments.length }
console.log("a" + 1 + eval("2") + arity(1, 2) + "b")
// => a122b
const hidden = {}
for (let i = 0; i < 300; i++) hidden["k" + i % 3 + ":" + i % 2] = i
console.log(Object.keys(hidden).join())
// => k0:0,k1:1,k2:0,k0:1,k1:0,k2:1
