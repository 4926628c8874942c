// Keys are the same by SameValueZero: numbers by value, strings and BigInts by content, the rest by identity.
const m = new Map();
m.set(NaN, "nan").set(0, "zero").set(10n, "ten").set("10", "text").set(1.5, "half");
print(m.get(0 / 0));                            // => nan
print(m.get(-0));                               // => zero
print(m.get(5n + 5n));                          // => ten
print(m.get("1" + "0"));                        // => text
print(m.get(3 / 2));                            // => half
print(m.get(10));                               // => undefined
m.set(-0, "again");
print(Object.is([...m.keys()][1], 0));          // => true
const big = 123456789012345678901234567890n;
m.set(big, 1).set(-big, 2);
print(m.get(big + 1n - 1n) + " " + m.get(0n - big));    // => 1 2
const long = "x".repeat(100);
m.set(long + long, "rope");
print(m.get("x".repeat(200)));                  // => rope
m.set("\u0100" + "a", "wide");
print(m.get("\u0100a"));                        // => wide
const o = {}, sym = Symbol("s");
m.set(o, "object").set(sym, "symbol").set(undefined, "undefined").set(null, "null").set(true, "true");
print([o, sym, undefined, null, true, {}, Symbol("s"), false].map(k => m.get(k)).join());
// => object,symbol,undefined,null,true,,,
print(m.delete(NaN) + " " + m.has(NaN) + " " + m.delete(NaN));  // => true false false
print(m.getOrInsert("new", 1) + m.getOrInsert("new", 2));       // => 2
print(m.getOrInsertComputed(-0, k => Object.is(k, 0)) + " " + m.getOrInsertComputed("c", k => k + "!"));   // => again c!
