// What calls on someone's behalf (call, apply, bind, spread, Reflect.apply): receivers, arguments, results, errors.
class Chain { constructor(n) { this.n = n; this.next = n ? new Chain(...[n - 1]) : null } }
class Derived extends Chain {}
class Deeper extends Derived { constructor(...a) { super(...a); this.own = a.length } }
const d = new Deeper(50, 1)
console.log(d.n, d.next.n, d.own, d instanceof Deeper)      // => 50 49 2 true

// A constructor's own object, and what it returns instead.
function Plain(a) { this.a = a }
function Other(a) { return { other: a } }
function Primitive(a) { this.a = a; return 7 }
console.log(new Plain(...[1]).a, new Other(...[2]).other, new Primitive(...[3]).a)   // => 1 2 3
console.log(new Array(...[1, 2, 3]).length, new (Plain.bind(null, 5))(...[6]).a, new Date(...[0]).getTime())   // => 3 5 0
try { new (() => 1)(...[]) } catch (e) { console.log(e.message.endsWith('is not a constructor')) }    // => true
class NoSuper extends Plain { constructor(...a) { a.length } }
try { new NoSuper(...[1]) } catch (e) { console.log(e.name) }  // => ReferenceError

// `this`, arguments and results.
function show() { 'use strict'; return [this, arguments.length, ...arguments].join() }
console.log(show.call(), show.call(1), show.call(1, 2, 3))    // => ,0 1,0 1,2,2,3
console.log(show.apply(1), show.apply(1, null), show.apply(1, { length: 2, 0: 'x' }))     // => 1,0 1,0 1,2,x,
console.log(Math.max.apply(null, [1, 3, 2]), [].concat.call([1], 2).length)  // => 3 2
console.log(show.bind(1, 2).call(9, 3), show.bind(1).bind(2, 4)(5))          // => 1,2,2,3 1,2,4,5
console.log(eval(...['1 + 1']), (0, eval)(...['2 + 1']))     // => 2 3
const many = Array.from({ length: 5000 }, (_, i) => i)
console.log(show.apply(0, many).length, show(...many).length, show.call(0, ...many).length)   // => 23896 23895 23896

// Errors pass through, to a handler or to the top.
function fails(x) { throw new Error('at ' + x) }
function tries(f) { try { return f() } catch (e) { return e.message } finally { tries.ran = (tries.ran ?? 0) + 1 } }
console.log(tries(() => fails.call(null, 1)), tries(() => fails.apply(null, [2])), tries(() => fails(...[3])),
            tries(() => Reflect.apply(fails, null, [4])), tries(() => new fails(...[5])), tries.ran)
// => at 1 at 2 at 3 at 4 at 5 5
const circular = { get x() { return Function.prototype.call.call(Object.getOwnPropertyDescriptor(circular, 'y').get, 8) }, get y() { return +this + 1 } }
console.log(circular.x)                                      // => 9
console.log([3, 1, 2].sort(Function.prototype.call.bind((a, b) => 0, null)).join())         // => 3,1,2
console.log([1, 2].map(Function.prototype.call, function () { return this + 1 }).join())    // => 2,3
const p = new Proxy(show, {})
console.log(p.call(1, 2), p.apply(1, [2]), p(...[2]), Reflect.apply(p, 1, [2]))    // => 1,1,2 1,1,2 ,1,2 1,1,2
function* gen(...a) { yield* a }
console.log([...gen.call(null, 1, 2)].join(), [...gen(...[3])].join());      // => 1,2 3
(async (...a) => a)(...[1, 2]).then(v => console.log(v.join()))            // => 1,2
