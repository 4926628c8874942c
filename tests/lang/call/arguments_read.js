// arguments.length and arguments[i] where that is all a function does with `arguments`: no object is made, and nobody can
// tell. Each is called until it is hot, with fewer and more arguments than parameters.
const N = 300
function show(...list) { return list.map(v => Array.isArray(v) ? "[" + show(...v) + "]" : String(v)).join() }
function hot(f, ...rest) { let out; for (let i = 0; i < N; i++) out = f(...rest); return show(...[out].flat()) }

function count() { return arguments.length }
function countOf(a, b = 2, ...rest) { return [arguments.length, a, b, rest.length] }
function sum() { let s = 0; for (let i = 0; i < arguments.length; i++) s += arguments[i]; return s }
function pick(i, a, b) { return arguments[i] }
function pickStrict(i, a, b) { "use strict"; return arguments[i] }
function assigned(a, b) { b = b || "default"; a = 5; arguments.length; return [arguments[0], arguments[1], a, b, arguments[2]] }
function assignedStrict(a, b) { "use strict"; b = b || "default"; a = 5; return [arguments[0], arguments[1], a, b, arguments[2]] }
function captured(a) { const f = () => a; return [arguments[0], f()] }
function capturedAndAssigned(a) { const f = () => a; a = 7; return [arguments[0], f(), arguments.length] }
function twice(a, a) { a = 3; return [arguments[0], arguments[1], a] }
function declared(a) { function a() {} return [typeof arguments[0], arguments.length] }
function initialized(a, b = arguments[0], c = arguments.length) { a = 9; return [a, b, c, arguments[0]] }
function pattern({ length }, [x]) { return [length, x, arguments[0], arguments.length] }
function named(k) { return [typeof arguments[k], arguments["length"], arguments["0"], arguments["1"]] }
function keyed(k, a) { a = "now"; return arguments[{ toString() { return k } }] }
function hasOwn(k) { return [typeof arguments["hasOwnProperty"], arguments["hasOwnProperty"] === Object.prototype.hasOwnProperty] }
function forwards(f) { const n = arguments.length; return f.apply(n, arguments) }
function forwardsAndReads(f) { return arguments[1] ? f.apply(null, arguments) : "none" }
console.log(hot(count), hot(count, 1), hot(count, 1, 2, 3))
// => 0 1 3
console.log(hot(countOf), hot(countOf, 1, undefined, 3, 4))
// => 0,undefined,2,0 4,1,2,2
console.log(hot(sum), hot(sum, 1), hot(sum, 1, 2, 3, 4.5), hot(sum, "a", "b"))
// => 0 1 10.5 0ab
console.log(hot(pick, 0), hot(pick, 1, "x"), hot(pick, 2, "x"), hot(pick, 3, 1, 2, "y"), hot(pick, -1), hot(pick, 1.5), hot(pick, 4294967295))
// => 0 x undefined y undefined undefined undefined
console.log(hot(pickStrict, 0), hot(pickStrict, 1, "x"), hot(pickStrict, 9, "x"), hot(pickStrict, "2", 1, 2), hot(pickStrict, 1.0, "x"))
// => 0 x undefined 2 x
console.log(hot(assigned), hot(assigned, 1), hot(assigned, 1, 2, 3), hot(assigned, undefined, null))
// => undefined,undefined,5,default,undefined 5,undefined,5,default,undefined 5,2,5,2,3 5,default,5,default,undefined
console.log(hot(assignedStrict), hot(assignedStrict, 1), hot(assignedStrict, 1, 2, 3))
// => undefined,undefined,5,default,undefined 1,undefined,5,default,undefined 1,2,5,2,3
console.log(hot(captured, 1), hot(captured), hot(capturedAndAssigned, 1, 2), hot(capturedAndAssigned))
// => 1,1 undefined,undefined 7,7,2 undefined,7,0
console.log(hot(twice, 1, 2), hot(twice, 1), hot(declared, 1), hot(declared))
// => 1,3,3 1,undefined,3 function,1 undefined,0
console.log(hot(initialized, 1), hot(initialized, 1, 2, 3, 4), hot(initialized))
// => 9,1,1,1 9,2,3,1 9,undefined,0,undefined
console.log(hot(pattern, "abc", "xyz"), hot(named, "length"), hot(named, "callee"), hot(named, 0, 5), hot(named, Symbol.iterator))
// => 3,x,abc,2 number,1,length,undefined function,1,callee,undefined number,2,0,5 function,1,Symbol(Symbol.iterator),undefined
console.log(hot(keyed, "1", "then"), hot(keyed, 0), hot(keyed, "length", 2), hot(hasOwn, 1))
// => now 0 2 function,true
console.log(hot(forwards, function () { return [this, arguments.length, arguments[0] === arguments.callee] }, 1, 2), hot(forwardsAndReads, Array.of), hot(forwardsAndReads, Array.of.bind(null), 0), hot(forwardsAndReads, () => "called", 5))
// => 3,3,true none none called

// Other uses of the same expressions have the object.
function called() { return arguments[0]() }
function tagged() { return arguments[0]`x` }
function deleted() { delete arguments[0]; return [arguments[0], arguments.length] }
function deletedLength() { delete arguments.length; return arguments.length }
function written(a) { arguments[0] = 2; return [a, arguments[0]] }
function grown() { arguments.length = 7; return arguments.length }
function counted() { arguments[0]++; arguments[1] += 2; return [arguments[0], arguments[1]] }
function destructured() { [arguments[0], arguments.length] = [8, 9]; return [arguments[0], arguments.length] }
function looped() { for (arguments[0] of [4, 5]); return arguments[0] }
function passed() { return show(...arguments) + arguments.length + arguments[0] }
function optional() { return [arguments?.length, arguments?.[0], arguments[0]?.x, arguments[1]?.(3)] }
function evaluated() { return eval("arguments[0]") + arguments[0] }
function arrows() { return (() => arguments[0] + arguments.length)() }
function local() { var arguments = [3]; return arguments[0] + arguments.length }
function hidden(arguments) { return arguments[0] + arguments.length }
function* generated() { yield arguments[0]; yield arguments.length }
async function later() { await null; return arguments[0] + arguments.length }
console.log(hot(called, function () { return typeof this + this.length }, 1), hot(tagged, function (x) { return typeof this + this.length + x }))
// => object2 object1x
console.log(hot(deleted, 1, 2), hot(deletedLength, 1), hot(written, 1), hot(written), hot(grown, 1), hot(counted, 1, 2), hot(destructured, 1))
// => undefined,2 undefined 2,2 undefined,2 7 2,4 8,9
console.log(hot(looped, 1), hot(passed, 1, 2), hot(optional, { x: 1 }, v => v), hot(evaluated, 4), hot(arrows, 5), hot(local, 1), hot(hidden, [7]))
// => 5 1,221 2,[object Object],1,3 8 6 4 8
console.log([...generated(6, 7)].join())
// => 6,2
class Class { constructor() { this.n = arguments.length; this.first = arguments[0] } static of() { return new this(arguments[0], arguments.length) } get x() { return arguments.length } set x(v) { this.n = arguments[0] + arguments.length } }
for (let i = 0; i < N; i++) { var made = Class.of("a", "b"); made.x = 4 }
console.log(made.n, made.first, made.x)
// => 5 a 0

// Beyond what was passed there may be something in a prototype, which gets the object.
Object.prototype[3] = "proto"
Object.defineProperty(Object.prototype, "tag", { get() { return Object.prototype.toString.call(this) + this.length + this[0] }, configurable: true })
console.log(hot(pick, 3, 1), hot(pick, 3, 1, 2, 4), hot(named, "tag"), hot(pickStrict, "tag"))
// => proto 4 string,1,tag,undefined [object Arguments]1tag
delete Object.prototype[3]
delete Object.prototype.tag
console.log(hot(pick, 3, 1), hot(named, "tag"))
// => undefined undefined,1,tag,undefined
later(1, 2).then(v => console.log(v))
// => 3
