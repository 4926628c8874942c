// The set methods, with sets, set-like objects, and arguments that are neither.
const a = new Set([1, 2, 3, 4]), b = new Set([3, 4, 5]);
const show = s => print([...s].join());
show(a.union(b));                               // => 1,2,3,4,5
show(a.intersection(b));                        // => 3,4
show(b.intersection(a));                        // => 3,4
show(a.difference(b));                          // => 1,2
show(a.symmetricDifference(b));                 // => 1,2,5
print(a.isSubsetOf(b) + " " + new Set([3]).isSubsetOf(b));      // => false true
print(a.isSupersetOf(new Set([1, 4])));         // => true
print(a.isDisjointFrom(new Set([7])) + " " + a.isDisjointFrom(b));      // => true false
show(a.union(new Map([[9, "value"]])));         // => 1,2,3,4,9
const all = { size: Infinity, has: () => true, keys() { throw new Error("not asked"); } };
show(a.intersection(all));                      // => 1,2,3,4
print(a.isSubsetOf(all));                       // => true
let closed = false;
const endless = { size: 1, has() {}, keys: () => ({ next: () => ({ done: false, value: 77 }), return() { closed = true; return {}; } }) };
print(a.isSupersetOf(endless) + " " + closed);  // => false true
const shrinking = { size: 9, has(v) { mine.delete(v + 1); return true; }, keys() {} };
const mine = new Set([1, 2, 3, 4]);
show(mine.intersection(shrinking));             // => 1,3
for (const wrong of [null, [1], { size: NaN }, { size: -1, has() {}, keys() {} }, { size: 1n, has() {}, keys() {} }, { size: 1, has() {} }])
    try { a.union(wrong); } catch (e) { print(e.name); }
// => TypeError
// => TypeError
// => TypeError
// => RangeError
// => TypeError
// => TypeError
class Sub extends Set {}
print(new Sub([1]).union(b) instanceof Sub);    // => false
Set.prototype.union.call([], a);                // !! TypeError: Method Set.prototype.union called on incompatible receiver
