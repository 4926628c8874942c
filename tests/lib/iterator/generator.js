// Generators: return and throw at every place, delegation, re-entry.
function* g() {
    try { const got = yield 1; print("got", got); yield 2; }
    catch (e) { print("caught", e); yield 3; }
    finally { print("finally"); }
    return 4;
}
let it = g();
print(JSON.stringify(it.return(7)), it.next().done);      // => {"value":7,"done":true} true
it = g();
it.next();
print(JSON.stringify(it.next("x")));                      // => got x
// => {"value":2,"done":false}
print(JSON.stringify(it.throw("t")));                     // => caught t
// => {"value":3,"done":false}
print(JSON.stringify(it.next()), JSON.stringify(it.next()));      // => finally
// => {"value":4,"done":true} {"done":true}
it = g();
try { it.throw(new Error("before")); } catch (e) { print(e.message, it.next().done); }      // => before true

function* outer() { const r = yield* inner(); print("inner returned", r); yield "o"; }
function* inner() { try { yield "i"; } finally { yield "cleanup"; } return "r"; }
it = outer();
print(it.next().value, it.return("early").value, JSON.stringify(it.next()));      // => inner returned early
// => i cleanup {"value":"o","done":false}

const busy = (function* () { try { busy.next(); } catch (e) { yield e.message; } })();
print(busy.next().value);                                 // => Generator is already running
try { Object.getPrototypeOf(g).prototype.next.call({}); } catch (e) { print(e.name); }      // => TypeError
print([...g()].length, [...outer()].join());              // => got undefined
// => finally
// => inner returned r
// => 2 i,cleanup,o
const [first] = g();
print(first);                                             // => finally
// => 1

// A `return` that array iterators come to inherit is called, though arrays are usually iterated without an iterator.
const closed = [];
Object.getPrototypeOf([].values()).return = () => { closed.push("closed"); return {}; };
const [one] = [1, 2];
for (const x of [1, 2]) break;
print(one, closed.join());                                // => 1 closed,closed
delete Object.getPrototypeOf([].values()).return;
