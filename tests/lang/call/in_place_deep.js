//! modes: plain shared
// What calls on someone's behalf leaves no C frame below the callee: it goes as deep as plain calls do.
function byCall(n) { return n === 0 ? 0 : 1 + byCall.call(null, n - 1) }
function byApply(n) { return n === 0 ? 0 : 1 + byApply.apply(null, [n - 1]) }
function byReflect(n) { return n === 0 ? 0 : 1 + Reflect.apply(byReflect, null, [n - 1]) }
function bySpread(...a) { return a[0] === 0 ? 0 : 1 + bySpread(...[a[0] - 1]) }
function byBound(n) { return n === 0 ? 0 : 1 + bound(n - 1) }
const bound = byBound.bind(null)
function byCallCall(n) { return n === 0 ? 0 : 1 + Function.prototype.call.call(byCallCall, null, n - 1) }
function byCallBound(n) { return n === 0 ? 0 : 1 + callBound.call(9, n - 1) }
const callBound = byCallBound.bind(null)
for (const f of [byCall, byApply, byReflect, bySpread, byBound, byCallCall, byCallBound]) console.log(f.name, f(30000))
// => byCall 30000
// => byApply 30000
// => byReflect 30000
// => bySpread 30000
// => byBound 30000
// => byCallCall 30000
// => byCallBound 30000

class Chain { constructor(n) { this.n = n; this.next = n ? new Derived(...[n - 1]) : null } }
class Derived extends Chain { constructor(...a) { super(...a) } }
class Implicit extends Derived {}
console.log(new Implicit(20000).next.n)                      // => 19999

// And it ends as plain recursion does.
function endless() { return endless.call(null) }
try { endless() } catch (e) { console.log(e instanceof RangeError) }     // => true
function endlessSpread(...a) { return endlessSpread(...a, 1) }
try { endlessSpread() } catch (e) { console.log(e instanceof RangeError) }   // => true
function endlessApply() { return endlessApply.apply(this, arguments) }
try { endlessApply(1, 2) } catch (e) { console.log(e instanceof RangeError) }    // => true
