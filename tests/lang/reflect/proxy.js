// Proxies made, revoked, nested, callable or not.
const log = [];
const p = new Proxy({ a: 1 }, { get(t, k, r) { log.push(String(k)); return Reflect.get(t, k, r); }, has: () => true });
print(p.a + " " + ("z" in p) + " " + log.join());       // => 1 true a
const { proxy, revoke } = Proxy.revocable(function (x) { return x + 1; }, {});
print(proxy(1) + " " + typeof proxy);                   // => 2 function
revoke();
revoke();
print(typeof proxy);                                    // => function
for (const use of [() => proxy(1), () => proxy.x, () => Object.keys(proxy), () => Array.isArray(proxy), () => new Proxy({}, proxy)])
    try { print(typeof use()); } catch (e) { print(e.name); }
// => TypeError
// => TypeError
// => TypeError
// => TypeError
// => object
class A { constructor(x) { this.x = x; this.made = new.target.name; } }
class B extends A {}
const o = Reflect.construct(A, [5], B);
print(o.x + " " + o.made + " " + (o instanceof B));     // => 5 B true
print(Reflect.apply(Math.max, null, { length: 3, 0: 1, 1: 9, 2: 4 }));  // => 9
print(Reflect.ownKeys({ b: 1, 2: 1, [Symbol.iterator]: 1, a: 1, 1: 1 }).map(String).join());    // => 1,2,b,a,Symbol(Symbol.iterator)
const target = {}, receiver = {};
print(Reflect.set(target, "x", 1, receiver) + " " + target.x + " " + receiver.x);       // => true undefined 1
print(Reflect.set({}, "x", 1, 5) + " " + Reflect.defineProperty(Object.freeze({}), "x", { value: 1 }));    // => false false
print(Reflect.get({ get x() { "use strict"; return this; } }, "x", "self"));  // => self
print(Reflect.setPrototypeOf(target, target) + " " + Reflect.getPrototypeOf(target) === "false null");  // => false
print("prototype" in Proxy);                            // => false
Reflect.construct(() => 1, []);                         // !! TypeError:
