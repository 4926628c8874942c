// SPDX-License-Identifier: MIT
// Classes that were evaluated several times: the sites of their code meet as many shapes, from one to more than an
// inline cache has words for, and each finds what is the object's own, its prototype's, a getter's, a setter's.
function make(tag) {
    return class Point {
        x = tag
        #secret = tag
        static made = 0
        constructor(y) { this.y = y; this.extra = 1; this.#count(1); Point.made++ }
        #count(n) { this.#secret += n; return this.#secret }
        move(dx) { this.x += dx; this.y -= dx; this.late = dx; return this }
        get sum() { return this.x + this.y }
        set both(v) { this.x = v; this.y = v }
        get secret() { return this.#count(0) }
        where() { return tag }
    }
}

function use(Point, n) {
    let sum = 0
    for (let i = 0; i < n; i++) {
        const p = new Point(i).move(1).move(2)
        sum += p.sum + p.where() + p.secret + p.late + p.extra
        p.both = 3
        sum += p.x * p.y
    }
    return sum
}

// What `use` has to return.
function expected(tag, n) {
    let sum = 0
    for (let i = 0; i < n; i++) sum += tag + i + tag + tag + 1 + 2 + 1 + 9
    return sum
}

for (const count of [1, 2, 3, 6, 7, 12]) {
    const classes = []
    for (let i = 0; i < count; i++) classes.push(make(i))
    let wrong = 0
    for (const n of [1, 20, 300, 2])
        for (let i = 0; i < count; i++) if (use(classes[i], n) !== expected(i, n)) wrong++
    for (const c of classes) if (c.made !== 323) wrong++
    console.log(count, wrong)
}
// => 1 0
// => 2 0
// => 3 0
// => 6 0
// => 7 0
// => 12 0

// A site that knows several shapes, one of which changes: its prototype gets another method, then a getter instead.
const [a, b, c] = [make(1), make(2), make(3)].map(P => new P(0))
const where = p => p.where()
for (let i = 0; i < 300; i++) where(a), where(b), where(c)
Object.getPrototypeOf(a).where = () => "changed"
console.log(where(a), where(b), where(c))               // => changed 2 3
Object.defineProperty(Object.getPrototypeOf(b), "where", { get() { return () => this.x } })
console.log(where(a), where(b), where(c))               // => changed 2 3
Object.defineProperty(c, "where", { value: () => "own" })
console.log(where(a), where(b), where(c))               // => changed 2 own

// Stores where one of the shapes is frozen, or has a setter or a read-only property of that name.
function store(o, v) { o.value = v; return o.value }
class Plain { value = 0 }
const kinds = [new Plain, { value: 0 }, { a: 1, value: 0 }, Object.create({ set value(v) { this.got = v }, get value() { return -this.got } })]
for (let i = 0; i < 300; i++) for (const o of kinds) store(o, i)
console.log(kinds.map(o => store(o, 7)).join())         // => 7,7,7,-7
Object.freeze(kinds[1])
console.log(kinds.map(o => store(o, 8)).join())         // => 8,7,8,-8

// Names of another evaluation are not found where the shape is known.
function brand() {
    return class {
        #x = 1
        static read(o) { return o.#x }
        static write(o, v) { o.#x = v }
    }
}
const brands = Array.from({ length: 9 }, brand), instances = brands.map(B => new B)
let refused = 0
for (let k = 0; k < 40; k++) {
    brands.forEach((B, i) => instances.forEach((o, j) => {
        try {
            B.write(o, k)
            if (i !== j || B.read(o) !== k) console.log("wrong", i, j)
        } catch (e) {
            if (i === j || !(e instanceof TypeError)) console.log("wrong", i, j, e)
            refused++
        }
    }))
}
console.log(refused)                                    // => 2880
