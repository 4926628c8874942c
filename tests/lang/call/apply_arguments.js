// f.apply(x, arguments) where `arguments` has no other use makes no object; where that could be told, one is made.
function show() { return [this === undefined ? "-" : typeof this == "object" ? this.n : this, ...arguments].join() }
const strict = function () { "use strict"; return [this, ...arguments].join() }

function hand() { return show.apply(this, arguments) }
function named(a, b) { return show.apply({ n: a }, arguments) }
function twice(a) { "use strict"; show.apply(a, arguments); return strict.apply(a, arguments) }
const o = { n: 5, hand, named }
for (let i = 0; i < 3; i++) print(o.hand(1, 2), o.hand(), named(7), named(1, 2, 3, 4), twice(8, 9))
// => 5,1,2 5 7,7 1,1,2,3,4 8,8,9
// => 5,1,2 5 7,7 1,1,2,3,4 8,8,9
// => 5,1,2 5 7,7 1,1,2,3,4 8,8,9

// Callees of other kinds.
function to(f) { return f.apply(null, arguments) }
class C { constructor() { this.c = 1 } static make() { return C.apply(this, arguments) } }
print(Math.max.apply(null, [1, 2]), (function () { return Math.max.apply(null, arguments) })(4, 9, 2))      // => 2 9
print((function () { return this.f.apply(this, arguments) }).call({ f: strict.bind("bound", 0) }, 1, 2))    // => bound,0,1,2
print((function () { return this.f.apply("x", arguments) }).call({ f: new Proxy(strict, {}) }, 1, 2))       // => x,1,2
try { C.make(1) } catch (e) { print(e.constructor.name) }                                                   // => TypeError
try { to({}) } catch (e) { print(e.message) }                                    // => f.apply is not a function
try { to(null) } catch (e) { print(e.constructor.name) }                         // => TypeError
try { to(Object.create(Function.prototype)) } catch (e) { print(e.constructor.name) }                       // => TypeError

// Another apply: it gets an arguments object, with what it says of itself.
const other = { apply(x, list) { list[0] = "new"; return [x, Object.prototype.toString.call(list), list.length, ...list].join() } }
function elsewhere(a, b) { return this.apply(a, arguments) }
print(elsewhere.call(other, 1, 2))                                               // => 1,[object Arguments],2,new,2
function after(a) { const r = this.apply(a, arguments); return r + " " + a }     // the object is mapped, and that is seen
print(after.call(other, 1, 2))                                                   // => 1,[object Arguments],2,new,2 new
function last(a) { try { return this.apply(a, arguments) } finally { print(a) } }
print(last.call(other, 1))                                                       // => new
// => 1,[object Arguments],1,new
function captured(a) { const get = () => a; this.get = get; return this.apply(a, arguments) }
print(captured.call(other, 1), other.get())                                      // => 1,[object Arguments],1,new new
function kept(a) { "use strict"; const r = this.apply(a, arguments); return r + " " + a }
print(kept.call(other, 1))                                                       // => 1,[object Arguments],1,new 1
print((function () { return this.apply.length + this.apply(0, arguments) }).call({ get apply() { return other.apply } }, 3))
// => 20,[object Arguments],1,new
class Sub extends Function { apply(x, list) { return super.apply(x, list) + " through " + list.length } }
print((function () { return this.apply(6, arguments) }).call(new Sub("...a", "return this + ' ' + a"), 1, 2))
// => 6 1,2 through 2

// Other uses of arguments, and parameters that change.
function changed(a) { a = 3; return show.apply({ n: 0 }, arguments) }
print(changed(1, 2))                                                             // => 0,3,2
function changedStrict(a) { "use strict"; a = 3; return strict.apply(0, arguments) }
print(changedStrict(1, 2))                                                       // => 0,1,2
function element() { arguments[0] = 3; return show.apply({ n: 0 }, arguments) }
print(element(1, 2))                                                             // => 0,3,2
function length() { return show.apply({ n: arguments.length }, arguments) }
print(length(1, 2))                                                              // => 2,1,2
function standard(a = 5) { return strict.apply(a, arguments) }
print(standard(), standard(undefined), standard(1, 2))                           // => 5 5, 1,1,2
function pattern({ a }, [b]) { return strict.apply(a + b, arguments) }
print(pattern({ a: 1 }, [2]))                                                    // => 3,[object Object],2
function inner() { return (() => strict.apply(1, arguments))() }
print(inner(2, 3))                                                               // => 1,2,3
function shadow(arguments) { return strict.apply(1, arguments) }
print(shadow([4]))                                                               // => 1,4
function variable() { var arguments; return strict.apply(1, arguments) }
print(variable(5))                                                               // => 1,5
function declared(a) { function a() {} return strict.apply(typeof a, arguments) }
print(declared(5))                                                               // => function,function a() {}
function evaluated() { eval("arguments[0] = 1"); return strict.apply(0, arguments) }
print(evaluated(5))                                                              // => 0,1
function withObject(o) { with (o) return strict.apply(0, arguments) }
print(withObject({ arguments: [9] }))                                            // => 0,9
function* generator() { yield 1; yield strict.apply(0, arguments) }
print([...generator(7)].join(" "))                                               // => 1 0,7
;(async function () { await null; print(strict.apply(0, arguments)) })(8)
function chain(f) { return f?.apply(0, arguments) }
print(chain(null), chain(strict) === undefined, chain((...a) => a.length))       // => undefined false 1
function spread(f) { return f.apply(...[0], arguments) }
print(spread((...a) => a.length, 1))                                             // => 2

// Many arguments, and deep recursion.
function count() { return arguments.length }
function many() { return count.apply(this, arguments) }
for (const n of [10, 100, 1000, 60000]) print(many(...new Array(n).fill(0)))
// => 10
// => 100
// => 1000
// => 60000
function down(n) { return n == 0 ? 0 : 1 + step(n - 1) }
function step() { return down.apply(null, arguments) }
print(down(200))                                                                 // => 200

// Last, since it stays so: Function.prototype.apply replaced.
const apply = Function.prototype.apply
Function.prototype.apply = function (x, list) { return "mine " + list.length }
print(hand(1, 2), named(1))                                                      // => mine 2 mine 1
Function.prototype.apply = apply
print(o.hand(1))                                                                 // => 5,1
// => 0,8
