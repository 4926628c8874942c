// SPDX-License-Identifier: MIT
//! options: --test262
// What strings, symbols and BigInts inherit is another thing in another realm, also for places in the program that have
// met too many hidden classes to remember them.
const text = `(function (mark, n) {
    const values = ["text", Symbol(), 1n]
    for (const v of values) Object.getPrototypeOf(v).mark = mark
    const get = o => o.mark, length = o => o.length
    const others = Array.from({ length: n }, (_, i) => ({ ["p" + i]: 1, mark: "own", length: -1 }))
    for (let k = 0; k < 5; k++) for (const o of others) get(o), length(o)
    return () => {
        let s = ""
        for (let k = 0; k < 3; k++) {
            s = values.map(get).join("") + length("four")
            for (const o of others) get(o), length(o)
        }
        return s
    }
})`

const before = eval(text)("A", 12)
print(before())                                              // => AAA4
const other = $262.createRealm()
for (const n of [0, 2, 12]) {
    const a = eval(text)("A", n), b = other.evalScript(text)("B", n)
    print([a(), b(), a(), b()].join(" "))
    print(before())
}
// => AAA4 BBB4 AAA4 BBB4
// => AAA4
// => AAA4 BBB4 AAA4 BBB4
// => AAA4
// => AAA4 BBB4 AAA4 BBB4
// => AAA4
