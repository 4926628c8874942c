// One `new` and one field definition for several classes: evaluations of one class, derived, built-in, and functions
// whose `prototype` is replaced between two uses.
function make(tag) {
    return class Point {
        x = tag
        y = { tag }
        sum() { return this.x + this.y.tag }
    }
}
function build(C, ...rest) { return rest.length ? new C(rest[0]) : new C() }

const classes = Array.from({ length: 5 }, (_, i) => make(i))
let sum = 0
for (let round = 0; round < 60; round++)
    for (const C of classes) {
        const p = build(C)
        if (!(p instanceof C) || Object.getPrototypeOf(p) !== C.prototype) throw new Error("of another class")
        sum += p.sum()
    }
console.log(sum)                                               // => 1200

// More than a site keeps.
const many = Array.from({ length: 20 }, (_, i) => make(i))
sum = 0
for (let round = 0; round < 30; round++)
    for (const C of many) {
        const p = build(C)
        if (!(p instanceof C) || Object.keys(p).join() !== "x,y") throw new Error("of another class")
        sum += p.sum()
    }
console.log(sum)                                               // => 11400

// Constructors of all kinds take turns at one site.
function Plain(v) { this.v = v }
class Base { constructor(v) { this.v = v } }
class Derived extends Base { w = 1 }
const Bound = Base.bind(null, 7)
const Proxied = new Proxy(Base, { construct(target, list) { return { proxied: list[0] } } })
function make_one(C, v) { return new C(v) }
const log = new Map()
for (let i = 0; i < 300; i++)
    for (const C of [Plain, Base, Derived, Array, Map, Bound, Proxied, Error]) {
        const made = make_one(C, C === Map ? undefined : 3)
        const is = C === Proxied ? made.proxied === 3 : C === Bound ? made instanceof Base : made instanceof C
        log.set(C, (log.get(C) ?? 0) + (is && (made.v ?? made.length ?? made.proxied ?? 3) !== undefined))
    }
console.log([...log.values()].join())                          // => 300,300,300,300,300,300,300,300
console.log(make_one(Bound, 1).v, make_one(Derived, 4).v, make_one(Derived, 4).w)      // => 7 4 1

// What is no constructor throws, and the site goes on working.
function refused(C) { try { make_one(C, 1) } catch (e) { return e.constructor.name } }
console.log([() => 1, {}.toString, 5, undefined, { m() {} }.m, async function() {}].map(refused).join())
// => TypeError,TypeError,TypeError,TypeError,TypeError,TypeError
console.log(make_one(Plain, 5).v)                              // => 5

// A prototype that is replaced: instances made from then on have the new one.
function A(v) { this.v = v }
function B(v) { this.v = v }
function C(v) { this.v = v }
A.prototype.name = "a"; B.prototype.name = "b"; C.prototype.name = "c"
let names = ""
for (let i = 0; i < 200; i++) {
    if (i === 100) B.prototype = { name: "B" }
    if (i === 150) A.prototype = { name: "A" }
    for (const F of [A, B, C]) {
        const name = make_one(F, i).name
        if (i % 50 === 49) names += name
    }
}
console.log(names)                                             // => abcabcaBcABc
for (const odd of [null, undefined, 5, "text"]) {
    C.prototype = odd
    for (let i = 0; i < 3; i++) names = Object.getPrototypeOf(make_one(C, 1)) === Object.prototype
    console.log(names, make_one(A, 1).name, make_one(B, 1).name)
}
// => true A B
// => true A B
// => true A B
// => true A B
C.prototype = A.prototype
console.log(make_one(C, 1) instanceof A, make_one(C, 1).name)  // => true A

// Fields whose definition fails, or meets what is there already.
class Given { constructor(o) { return o } }
class Fields extends Given { x = 1; y = 2 }
const order = []
for (let i = 0; i < 100; i++) {
    new Fields({})
    const other = new Fields({ y: 0, z: 0 })
    order[i] = Object.keys(other).join() + other.y
}
console.log(new Set(order).size, order[99])                    // => 1 y,z,x2
const target = Object.freeze({ y: 0 })
try { new Fields(target) } catch (e) { console.log(e.constructor.name) }       // => TypeError
let met = ""
const watched = new Proxy({}, { defineProperty(t, k, d) { met += String(k); return Reflect.defineProperty(t, k, d) } })
new Fields(watched)
console.log(met)                                               // => xy
const accessor = new Fields({ get x() { return 9 }, set x(v) { throw 1 } })
console.log(accessor.x, Object.getOwnPropertyDescriptor(accessor, "x").writable)       // => 1 true
Object.defineProperty(Fields.prototype, "x", { set(v) { throw new Error("a field is no assignment") } })
console.log(new Fields({}).x, new Fields({ a: 1 }).y)          // => 1 2
