// Getters and setters as hot code calls them: one class or several at a site, those that throw, change what they are
// found by, are no closures, or want more arguments than they get.
const N = 200
function read(o) { return o.p }
function write(o, v) { o.p = v; return v }

class A { n = 0; get p() { return this.n + 1 } set p(v) { this.n = v } }
class B { n = 0; get p() { return this.n + 2 } set p(v) { this.n = -v } }
class C extends A { get p() { return super.p * 10 } set p(v) { super.p = v + 1 } }
const own = { n: 5, get p() { return this.n }, set p(v) { this.n = v + 100 } }
const plain = { p: 7 }
const half = { get p() { return 1 } }, other = { set p(v) { this.n = v } }

// One class.
let sum = 0
const a = new A()
for (let i = 0; i < N; i++) { a.p = i; sum += a.p }
console.log(sum, a.n)                                          // => 20100 199

// Several, then more than a site keeps.
function several(list) {
    let out = ""
    for (let i = 0; i < N; i++)
        for (const o of list) {
            write(o, i)
            const v = read(o)
            if (i === N - 1) out += v + " "
        }
    return out
}
console.log(several([new A(), new B(), plain, new C()]))       // => 200 -197 199 2010
console.log(several([new A(), own, new B(), plain, new C(), other, half, { p: 1, q: 2 }, { q: 1, p: 3 }]))
// => 200 299 -197 199 2010 undefined 1 199 199

// The receiver is as it was, also where it is no object.
Object.defineProperty(String.prototype, "p", { get() { "use strict"; return typeof this }, configurable: true })
Object.defineProperty(Number.prototype, "p", { get() { return typeof this }, configurable: true })
for (let i = 0; i < N; i++) sum = read("text") + read(5)
console.log(sum)                                               // => stringobject
delete String.prototype.p
delete Number.prototype.p
console.log(read("text"), read(5))                             // => undefined undefined

// Accessors that are no closures, or no ordinary ones.
function accessor(get, set) { return Object.create(Object.defineProperty({}, "p", { get, set, configurable: true })) }
function* generated() { yield this }
async function later() { return 1 }
class Class {}
const odd = [
    accessor(function (x, y, z) { return [x, y, z, arguments.length] }, function (v, w) { this.set = [v, w, arguments.length] }),
    accessor(function (x = 3, ...rest) { return [x, rest.length] }, function ({ length }) { this.set = length }),
    accessor(A.bind.bind(function () { return this.bound }, { bound: 1 }), Array.prototype.push.bind([])),
    accessor(new Proxy(function () { return "proxied" }, {}), new Proxy(function (v) { this.set = v }, {})),
    accessor(Object.prototype.toString, Array.prototype.fill), accessor(undefined, undefined), accessor(generated, later),
]
function show(v) { return typeof v === "function" ? "f" : Array.isArray(v) ? v.map(String).join("/") : String(v) }
let shown
for (let i = 0; i < N; i++) {
    shown = ""
    for (const o of odd) {
        write(o, "abc")
        shown += show(read(o)) + ":" + show(o.set) + ":" + o.length + " "
    }
}
console.log(shown)
// => undefined/undefined/undefined/0:abc/undefined/1:undefined 3/0:3:undefined f:undefined:undefined proxied:abc:undefined [object Object]:undefined:undefined undefined:undefined:undefined [object Generator]:undefined:undefined
const map = new Map([[1, 2]])
for (let i = 0; i < N; i++) { map.set(i, i); sum = map.size }
console.log(sum)                                               // => 200
const constructed = accessor(Class, Class)
let refused = 0
for (let i = 0; i < N; i++) {
    try { read(constructed) } catch (e) { refused += e instanceof TypeError }
    try { write(constructed, 1) } catch (e) { refused += e instanceof TypeError }
}
console.log(refused)                                           // => 400

// Exceptions: caught where they are thrown from, with the calls in the trace.
class Throws {
    get p() { if (this.armed) throw new Error("read"); return 1 }
    set p(v) { if (this.armed) throw new Error("write " + v) }
}
const throws = new Throws()
function tried(o) {
    let got = "nothing"
    try { got = o.p; o.p = got } catch (e) { got = e } finally { o.armed = false }
    return got
}
for (let i = 0; i < N; i++) tried(throws)
throws.armed = true
const error = tried(throws)
console.log(error.message, error.stack.split("\n").filter(l => /Throws|tried|at p|get p/.test(l)).length >= 2)  // => read true
Object.defineProperty(throws, "armed", { get() { return ++this.asked > 1 }, set(v) { this.asked = 0 } })
throws.armed = 0
console.log(tried(throws).message, tried(throws).message)      // => write 1 write 1

// What a site relies on changes while the accessor runs.
class Changes {
    constructor() { this.n = 0 }
    get p() {
        if (++this.n === 150) Object.defineProperty(this, "p", { value: "own", writable: true, configurable: true })
        if (this.n === 170) Object.defineProperty(Changes.prototype, "p", { get() { return "replaced" }, configurable: true })
        return this.n
    }
    set p(v) { if (v === 180) Object.setPrototypeOf(this, B.prototype); this.v = v }
}
let seen = []
for (const last of [1, 2]) {
    const c = new Changes()
    if (last === 2) Object.defineProperty(c, "n", { value: 150, writable: true })
    for (let i = 0; i < N; i++) {
        const v = read(c)
        if (i > 145 && i < 152 || i > 195 || last === 2 && i > 17 && i < 22) seen.push(v)
    }
}
console.log(seen.join())
// => 147,148,149,150,own,own,own,own,own,own,169,170,replaced,replaced,replaced,replaced,replaced,replaced,replaced,replaced,replaced,replaced,replaced,replaced
const turned = Object.create(Object.getOwnPropertyDescriptors(Changes).prototype.value)
Object.defineProperty(Changes.prototype, "p", { set(v) { if (v === 180) Object.setPrototypeOf(this, B.prototype); this.v = v } })
for (let i = 0; i < N; i++) write(turned, i)
console.log(turned.v, turned.n)                                // => 180 -199

// In generators and async functions, and as operands of what else reads and writes.
function* reads(o) { for (let i = 0; i < N; i++) yield o.p + o.p++ }
sum = 0
for (const v of reads(new A())) sum += v
console.log(sum)                                               // => 80000
async function counted(o) { for (let i = 0; i < N; i++) { o.p += await i; o.p ||= 1 } return o.p }
counted(new A()).then(v => console.log(v))
const { p: first, ...rest } = new A()
console.log(first, Object.keys(rest).join(), new A().p?.x, new A().p.toFixed(1))       // => 1 n undefined 1.0

// `length` as an accessor, among arrays and strings.
class Sized { get length() { return 40 } }
function size(o) { return o.length }
sum = 0
for (let i = 0; i < N; i++) for (const o of [[1, 2], "abc", new Sized(), new Int8Array(3), { length: 4 }]) sum += size(o)
console.log(sum)                                               // => 10400
// => 20101
