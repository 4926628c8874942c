// Sums, differences, products and quotients at sites that were compiled before they met these operands.
const functions = [(a, b) => a + b, (a, b) => a - b, (a, b) => a * b, (a, b) => a / b]
const text = v => Object.is(v, -0) ? "-0" : typeof v == "string" ? `"${v}"` : String(v)
function show(a, b) { console.log(functions.map(f => text(f(a, b))).join(" ")) }

for (let i = 1; i < 200; i++) for (const f of functions) f(i, 2)
show(2147483647, 1)                                            // => 2147483648 2147483646 2147483647 2147483647
show(-2147483648, -1)                                          // => -2147483649 -2147483647 2147483648 2147483648
show(0, -5)                                                    // => -5 5 -0 -0
show(1.5, 2)                                                   // => 3.5 -0.5 3 0.75
show(4, 0.5)                                                   // => 4.5 3.5 2 8
show(-0, 0)                                                    // => 0 -0 -0 NaN
show(NaN, 1)                                                   // => NaN NaN NaN NaN
show(1e300, 1e300)                                             // => 2e+300 0 Infinity 1
show("4", 2)                                                   // => "42" 2 8 2
show(4, "2")                                                   // => "42" 2 8 2
show("", "")                                                   // => "" 0 0 NaN
show("a rope of two strings, ", "which are long enough")       // => "a rope of two strings, which are long enough" NaN NaN NaN
show(true, null)                                               // => 1 1 0 Infinity
show(undefined, 1)                                             // => NaN NaN NaN NaN
show([3], { valueOf() { return 2 } })                          // => "32" 1 6 1.5
show(6n, 4n)                                                   // => 10 2 24 1
for (const f of functions) {
    try {
        f(1n, 1)
    } catch (error) {
        console.log(error.name)
    }
}
// => TypeError
// => TypeError
// => TypeError
// => TypeError

// What the next instruction does with a result that came from behind the code.
function chain(a, b) {
    const product = a * b, sum = product + a
    return [sum - product, sum].map(text).join(" ")
}
for (let i = 1; i < 200; i++) chain(i, 2)
console.log(chain(1.5, 2), chain("3", 2), chain(2, { valueOf() { return 0.25 } }))     // => 1.5 4.5 57 "63" 2 2.5
