// Changing a collection while it is visited: what is added is seen, what is removed before its turn is not, and nothing twice.
const s = new Set([1, 2, 3]);
let seen = [];
for (const x of s) {
    seen.push(x);
    if (x < 40) s.add(x + 10);
    s.delete(x);
}
print(seen.join());                             // => 1,2,3,11,12,13,21,22,23,31,32,33,41,42,43
print(s.size);                                  // => 0

const m = new Map([["a", 1], ["b", 2]]);
seen = [];
m.forEach((v, k) => {
    seen.push(k + v);
    if (k === "a") { m.clear(); m.set("c", 3); m.set("a", 4); }
    if (v === 4) m.delete("a");
});
print(seen.join());                             // => a1,c3,a4,c3

// Removing and adding again moves to the end.
const r = new Set(["x", "y"]);
let n = 0;
for (const v of r) if (n++ < 6) { r.delete(v); r.add(v); }
print(n + " " + [...r].join());                 // => 8 x,y

// An iterator that has come to its end stays there; one that has not sees the table grow and shrink.
const it = r.values(), half = new Set();
it.next(); it.next();
print(it.next().done);                          // => true
r.add("z");
print(it.next().done);                          // => true
for (let i = 0; i < 100; i++) half.add(i);
const walk = half.values();
for (let i = 0; i < 50; i++) walk.next();
for (let i = 0; i < 100; i++) if (i < 45 || i % 2) half.delete(i);
print(walk.next().value);                       // => 50
for (let i = 200; i < 400; i++) half.add(i);
print(walk.next().value);                       // => 52
half.clear();
half.add("after");
print(walk.next().value);                       // => after

// Re-entrant callbacks.
const nested = new Map([[1, new Set([1, 2])], [2, new Set([3])]]);
let total = 0;
nested.forEach((inner, k) => inner.forEach(v => { nested.forEach(() => { total += k * v; }); }));
print(total);                                   // => 18
print(new Map([[1, 2]]).getOrInsertComputed(9, function (k) { "use strict"; return this === undefined ? k : "this"; }));    // => 9
const late = new Map();
print(late.getOrInsertComputed("k", () => { late.set("k", "inner"); return "outer"; }) + late.get("k") + late.size);   // => outerouter1
