function counter(start) {
    let n = start
    const step = 1
    return { next() { n += step; return n }, get value() { return n } }
}
for (let i = 0; i < 3; i++) counter(() => i)
class Point {
    #x = 0
    static made = 0
    constructor(x) { this.#x = x; Point.made++ }
    get x() { return this.#x }
}
try { early() } catch ({ message: [first, ...rest] }) { var seen = first }
function early() { return late }
let late = arguments => eval("arguments")
