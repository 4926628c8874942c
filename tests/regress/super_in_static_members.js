// super in a static method looked at the prototype; private names of a class were visible in its heritage; a private accessor
// could be given to an object twice.
class B { static x() { return "B.x"; } x() { return "wrong"; } constructor(o) { return o; } }
class C extends B { static x() { return super.x(); } }
print(C.x());                   // => B.x
try { eval("class X extends (o) => o.#p { #p; }"); } catch (e) { print(e.name); }       // => SyntaxError
class P extends B { get #p() { return 1; } set #p(v) {} }
const o = {};
new P(o);
try { new P(o); } catch (e) { print(e.message); }       // => Cannot initialize #p twice on the same object
