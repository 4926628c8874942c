// Objects and arrays that a function keeps to itself are variables to the machine, and objects to everybody else.
declare const print: (...values: unknown[]) => void

function fields(a: number, b: number) {
    const p = { x: a, y: b, arrow: () => 1, plain: function () {} }
    p.x += 10
    const q = [a, b, p.x] as const
    p.y = q[2] * q.length
    p["x"]++
    p.plain = function () {}
    return [p.x, p.y, q[0], p.arrow.name, p.plain.name, typeof p.x].join()
}
print(fields(1, 2))                             // => 12,33,1,arrow,,number

function order() {
    const p = { x: 1 }
    return [p.x + (p.x = 5), p.x, p.x++ + p.x].join()
}
print(order())                                  // => 6,5,11

function anew(n: number) {
    let sum = 0
    for (let i = 0; i < n; i++) {
        const p = { x: i, seen: 0 }
        p.seen++
        sum += p.x * p.seen
    }
    return sum
}
print(anew(10))                                 // => 45

function escapes() {
    const returned = { x: 1 }, captured = { x: 2 }, called = { x: 3, m() { return this.x } }, compared = [4]
    const passed = { x: 5 }, unknown = { x: 6 } as any, listed = { x: 7 }
    const see = () => captured.x++
    see()
    return [returned, captured.x, called.m(), compared === compared, JSON.stringify(passed), unknown.y, "x" in listed]
}
print(escapes().length, escapes().slice(1).join())      // => 7 3,3,true,{"x":5},,true

function written() {
    const p = { x: 1 } as any
    ;[p.x] = [2]
    for (p.x of [3, 4]);
    delete p.x
    return p.x
}
print(written())                                // => undefined

function receiver() {
    const p = { tag: function (this: unknown) { return this === p } }
    const q = { f: function (this: unknown) { return this === undefined } }
    return [p.tag(), p.tag``, (q.f)(), (0, q.f)()].join()
}
print(receiver())                               // => true,true,false,false

function inherited() {
    const p = { x: 1 } as any, q = { __proto__: { y: 2 } } as any, a = [1, 2] as any
    return [typeof p.toString, q.y, a.at(-1), a[5], a["0"], a.length = 1].join()
}
print(inherited())                              // => function,2,2,,1,1

function setters() {
    Object.defineProperty(Object.prototype, "x", { set() { print("never") }, get() { return "never" }, configurable: true })
    const p = { x: 1 }
    p.x = 2
    delete (Object.prototype as any).x
    return p.x
}
print(setters())                                // => 2

function thrown() {
    try {
        const p = { x: 1, y: (() => { throw new Error("in the middle") })() }
        return p.x + p.y
    } catch (e) {
        return (e as Error).message
    }
}
print(thrown())                                 // => in the middle

function evaluated() {
    const p = { x: 1 }
    eval("p.z = 2")
    return Object.keys(p).join()
}
print(evaluated())                              // => x,z

function dead() {
    try {
        return p.x
    } catch (e) {
        return (e as Error).name
    }
    const p = { x: 1 }
}
print(dead())                                   // => ReferenceError

function* generated() {
    const p = { x: 1 }
    yield p.x
    p.x++
    yield p.x
}
print([...generated()].join())                  // => 1,2

async function awaited() {
    const p = { x: await 1, y: 2 }
    await 0
    p.x += p.y
    return p.x
}
awaited().then(v => print(v))

class Point {
    total = 0
    add(a: number) {
        const d = { x: a, y: this.total }
        this.total = d.x + d.y
        return this
    }
    static origin: number
    static {
        const o = { x: 4 }
        Point.origin = o.x
    }
}
print(new Point().add(1).add(2).total, Point.origin)    // => 3 4

function nested() {
    const outer = { inner: { x: 1 }, list: [1, 2] }
    outer.inner.x = 5
    outer.list.push(3)
    const { x } = outer.inner
    return x + outer.list.length + (outer.inner.x ??= 7)
}
print(nested())                                 // => 13
// => 3
