// One super() for several classes that are constructed through it, several parents, and prototypes that are replaced.
class Base { constructor(v) { this.v = v } name() { return "base" } }
class Left extends Base { l = 1; constructor(v) { super(v); this.m = 2 } }
class Right extends Base { r = 1; constructor(v) { super(v + 1) } }
class Leaf extends Left { constructor(v) { super(v); this.leaf = true } }
class Bare extends Leaf {}
function make(C, v) { return new C(v) }
function keys(o) { return Object.keys(o).join("") + o.v }

let seen = new Set()
for (let i = 0; i < 200; i++)
    for (const C of [Base, Left, Right, Leaf, Bare]) {
        const o = make(C, 1)
        if (Object.getPrototypeOf(o) !== C.prototype) throw new Error(C.name)
        seen.add(C.name + ":" + keys(o))
    }
console.log([...seen].join())          // => Base:v1,Left:vlm1,Right:vr2,Leaf:vlmleaf1,Bare:vlmleaf1

// new.target from elsewhere, and arrow functions that call super().
class Arrow extends Base { constructor(v) { const f = () => super(v); f(); this.t = new.target.name } }
class Late extends Arrow {}
function Other() {}
Other.prototype = { name() { return "other" } }
for (let i = 0; i < 150; i++) seen = [make(Arrow, 1).t, make(Late, 1).t, Reflect.construct(Left, [3], Other).name(),
    Reflect.construct(Left, [3], Right) instanceof Right, Reflect.construct(Right, [1], Other.bind()).name].join()
console.log(seen)                      // => Arrow,Late,other,true,

// A parent that is replaced, by plain functions, built-in classes and others.
class Child extends Base { constructor(v) { super(v); this.c = 1 } }
function Plain(v) { this.plain = v; if (v === 7) return { seven: true } }
const bound = Plain.bind(null), proxied = new Proxy(Base, {})
const results = []
for (const parent of [Base, Plain, Left, Array, Map, bound, proxied, class { static x = 1 }, Error, Function.prototype, null, () => 1]) {
    Object.setPrototypeOf(Child, parent)
    let last
    for (let i = 0; i < 120; i++) {
        try { last = make(Child, parent === Map ? undefined : 7) } catch (e) { last = e.constructor.name }
    }
    results.push(typeof last === "string" ? last : Object.keys(last).join("") + (last instanceof Child))
}
console.log(results.join(" "))
// => vctrue sevencfalse vlmctrue ctrue ctrue sevencfalse vctrue ctrue ctrue TypeError TypeError TypeError

// `prototype` of new.target replaced, changed into an accessor of a function that is no class, or no object at all.
function Target() {}
Target.prototype.n = 1
const built = []
for (let i = 0; i < 160; i++) {
    if (i === 40) Target.prototype = { n: 2 }
    if (i === 80) Target.prototype = 5
    if (i === 120) Target.prototype = Right.prototype
    const o = Reflect.construct(Leaf, [0], Target)
    if (i % 40 === 39) built.push(o.n, o instanceof Leaf, Object.getPrototypeOf(o) === Leaf.prototype || o.r)
}
console.log(built.join())
// => 1,false,,2,false,,,false,,,false,

// super() twice, and a constructor that never calls it.
class Twice extends Base { constructor(n) { super(n); if (n === 99) super(n) } }
class Never extends Base { constructor(n) { if (n !== 99) super(n) } }
const errors = []
for (let n = 0; n < 100; n++) {
    for (const C of [Twice, Never]) try { make(C, n) } catch (e) { errors.push(e.constructor.name + n) }
}
console.log(errors.join())             // => ReferenceError99,ReferenceError99

// Arguments of super() that change what new.target is found by.
class Sly extends Base { constructor(v) { super(v === 50 ? (Object.setPrototypeOf(Sly, Left), 50) : v) } }
let counts = { base: 0, left: 0 }
for (let v = 0; v < 100; v++) counts[make(Sly, v).l ? "left" : "base"]++
console.log(counts.base, counts.left)  // => 51 49
