// Sites of private names that meet several classes, which are evaluations of one.
function make(tag) {
    return class Box {
        #value = tag
        #count = 0
        #twice() { return this.#value + this.#value }
        static read(o) { return o.#value }
        static write(o, v) { o.#value = v; return o.#count += 1 }
        static call(o) { return o.#twice() }
        static spoil(o) { o.#twice = 1 }
    }
}
const classes = Array.from({ length: 12 }, (_, i) => make("c" + i))
const boxes = classes.map(C => new C())

function thrown(f) {
    try { f() } catch (e) { return e.constructor.name }
    return "nothing"
}

// Each class reads its own, however often, and nobody else's.
let own = 0, refused = 0
for (let round = 0; round < 20; round++)
    for (let i = 0; i < 12; i++)
        for (let k = 0; k < 12; k++) {
            if (i === k) own += classes[i].read(boxes[k]) === "c" + i
            else refused += thrown(() => classes[i].read(boxes[k])) === "TypeError"
        }
console.log(own, refused)                                              // => 240 2640

for (let round = 0; round < 20; round++)
    for (let i = 0; i < 12; i++) classes[i].write(boxes[i], round)
console.log(classes[3].write(boxes[3], "x"), classes[3].read(boxes[3]), classes[4].read(boxes[4]))     // => 21 x 19
refused = 0
for (let i = 1; i < 12; i++) refused += thrown(() => classes[i].write(boxes[0], 1)) === "TypeError"
console.log(refused, classes[0].read(boxes[0]))                        // => 11 19

// Two classes whose members one object has, of one shape for both.
class Base { constructor(o) { return o } }
function stamp(tag) {
    return class extends Base {
        #mine = tag
        static read(o) { return o.#mine }
        static write(o, v) { o.#mine = v }
    }
}
const A = stamp("a"), B = stamp("b")
const both = []
for (let i = 0; i < 10; i++) both.push(new B(new A({ i })))
for (const o of both) A.write(o, A.read(o) + B.read(o) + o.i)
console.log(both.map(o => A.read(o) + B.read(o)).join())       // => ab0b,ab1b,ab2b,ab3b,ab4b,ab5b,ab6b,ab7b,ab8b,ab9b
console.log(thrown(() => new A(both[0])))                              // => TypeError
console.log(thrown(() => A.read(new B({}))))                           // => TypeError

// Methods cannot be written, also where a field was written before.
for (const i of [0, 1, 0]) console.log(classes[i].call(boxes[i]), thrown(() => classes[i].spoil(boxes[i])))
// => 38 TypeError
// => 38 TypeError
// => 38 TypeError

// Freezing, deleting and proxies change nothing of private names.
class Cell {
    #v = 1
    a = 1
    b = 2
    bump() { return ++this.#v }
    static has(o) { return #v in o }
}
const cell = new Cell(), frozen = Object.freeze(new Cell()), shrunk = new Cell()
delete shrunk.a
for (let i = 0; i < 3; i++) console.log(cell.bump(), frozen.bump(), shrunk.bump())
// => 2 2 2
// => 3 3 3
// => 4 4 4
console.log(thrown(() => new Proxy(cell, {}).bump()), thrown(() => cell.bump.call(1)), Cell.has(new Proxy(cell, {})))
// => TypeError TypeError false

// More members than fit in the object.
const names = Array.from({ length: 80 }, (_, i) => `#f${i}`)
const Many = new Function(`return class {
    ${names.map((name, i) => `${name} = ${i}`).join("\n")}
    sum() { return ${names.map(name => `this.${name}`).join(" + ")} }
    bump() { ${names.map(name => `this.${name}++`).join("; ")}; return this }
}`)()
console.log([1, 2, 3].map(() => new Many().bump().bump().sum()).join())        // => 3320,3320,3320

// An object that was made inextensible takes no private member.
class Late extends Base { #late = 1 }
console.log(thrown(() => new Late({})), thrown(() => new Late(Object.preventExtensions({}))), thrown(() => new Late({})))
// => nothing TypeError nothing
