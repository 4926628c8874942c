// Sites of instanceof learn the shapes of functions; whatever they rely on may change.
function isOf(v, f) { return v instanceof f; }
function repeat(v, f) {
    let count = 0;
    for (let i = 0; i < 300; i++) if (isOf(v, f)) count++;
    return count;
}
function A() {}
function B() {}
class C extends A {}
class D extends C {}
const a = new A(), d = new D();
print(repeat(a, A), repeat(a, B), repeat(d, A), repeat(d, C), repeat(a, C));    // => 300 0 300 300 0
print(repeat(1, A), repeat("a", A), repeat(null, A), repeat(undefined, A));     // => 0 0 0 0
print(repeat([], Array), repeat([], Object), repeat(A, Function), repeat(/x/, RegExp));    // => 300 300 300 300
print(repeat(Object.create(null), Object));                                     // => 0

// Another prototype object.
A.prototype = {};
print(repeat(a, A), repeat(new A(), A), repeat(d, A));                          // => 0 300 0
Object.setPrototypeOf(a, A.prototype);
print(repeat(a, A));                                                            // => 300

// None at all: only an object has to ask.
B.prototype = 5;
print(repeat(1, B));                                                            // => 0
try { repeat(a, B); } catch (e) { print(e.message); }    // => Function has non-object prototype '5' in instanceof check
B.prototype = A.prototype;
print(repeat(a, B));                                                            // => 300

// What is no plain function.
print(repeat(a, A.bind(null)), repeat(a, new Proxy(A, {})));                    // => 300 300
try { isOf(a, {}); } catch (e) { print(e.message); }         // => Right-hand side of 'instanceof' is not callable
try { isOf(a, () => 1); } catch (e) { print(e.message); }
// => Function has non-object prototype 'undefined' in instanceof check
try { isOf(a, 1); } catch (e) { print(e.message); }          // => Right-hand side of 'instanceof' is not an object
print(isOf(1, () => 1));                                                        // => false

// Proxies in the chain are asked.
let asked = 0;
const p = new Proxy({}, { getPrototypeOf() { asked++; return A.prototype; } });
print(repeat(p, A), asked, repeat(Object.create(p), A), asked);                 // => 300 300 300 600

// An own @@hasInstance, then one of a class that was a prototype before.
class E extends A {}
class F extends E {}
const f = new F();
print(repeat(f, F), repeat(1, F));                                              // => 300 0
Object.defineProperty(E, Symbol.hasInstance, { value(v) { return v === 1; }, configurable: true });
print(repeat(f, F), repeat(1, F), repeat(f, E), repeat(1, E));                  // => 0 300 0 300
delete E[Symbol.hasInstance];
print(repeat(f, F), repeat(1, F));                                              // => 300 0
Object.setPrototypeOf(F, { [Symbol.hasInstance]: (v) => v === 2 });
print(repeat(f, F), repeat(2, F));                                              // => 0 300

// Many kinds of functions at one site.
const many = [];
for (let i = 0; i < 12; i++) {
    const g = function () {};
    g["own" + i] = i;
    many.push(g);
}
let right = 0;
for (let k = 0; k < 100; k++)
    for (const g of many) if (isOf(new g(), g) && !isOf(a, g)) right++;
print(right);                                                                   // => 1200
