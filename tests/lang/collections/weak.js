//! options: --test262
// What only weak collections hold goes; ephemerons hold their values only while the keys live.
const kept = [], map = new WeakMap(), set = new WeakSet();
for (let i = 0; i < 500; i++) {
    const key = { i };
    if (i % 10 === 0) kept.push(key);
    map.set(key, { key, i });
    set.add(key);
}
$262.gc();
print(kept.every(k => map.get(k).i === k.i && map.get(k).key === k && set.has(k)));     // => true

// A chain: each value is the key of the next.
const chain = new WeakMap(), first = {};
for (let i = 0, k = first; i < 100; i++) { const next = { i }; chain.set(k, next); k = next; }
$262.gc();
let length = 0;
for (let k = first; (k = chain.get(k)); ) length++;
print(length);                                  // => 100

// Maps whose values are keys of maps made later and earlier.
const one = new WeakMap(), two = new WeakMap(), root = {};
one.set(root, { a: 1 });
two.set(one.get(root), { b: 2 });
one.set(two.get(one.get(root)), "end");
$262.gc();
print(one.get(two.get(one.get(root))));         // => end

const symbol = Symbol("local");
map.set(symbol, "by symbol");
$262.gc();
print(map.get(symbol));                         // => by symbol
print(map.delete(symbol) + " " + map.has(symbol));      // => true false
for (const key of [1, "s", Symbol.for("shared"), null, undefined])
    try { map.set(key, 1); } catch (e) { print(e.name); }
// => TypeError
// => TypeError
// => TypeError
// => TypeError
// => TypeError
print(map.get(1) + " " + map.has("s") + " " + set.delete(null));        // => undefined false false
const ref = new WeakRef({ x: 1 });
$262.gc();
print(ref.deref().x);                           // => 1
print(new WeakMap([[root, 1]]).getOrInsertComputed(root, () => 2));     // => 1
new WeakMap().getOrInsertComputed(1, () => 2);  // !! TypeError: Invalid value used as weak map key
