// super[key] looked the prototype up anew for the store, behind the key's conversion and the value.
const one = { p: 1 }, other = { p: -1, set q(v) { print("other"); } };
const o = { __proto__: one, m() { return super[key] += 1; }, n() { super.q = Object.setPrototypeOf(o, other) && 1; } };
const key = { toString() { Object.setPrototypeOf(o, other); return "p"; } };
print(o.m());           // => 2
Object.setPrototypeOf(o, one);
o.n();
print(o.q);             // => 1
