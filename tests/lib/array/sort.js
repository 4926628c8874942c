// Sorting: stable, holes and undefined last, texts without a comparator.
const people = [];
for (let i = 0; i < 200; i++) people.push({ age: i * 7 % 10, i });
people.sort((a, b) => a.age - b.age);
let stable = true;
for (let i = 1; i < people.length; i++)
    if (people[i - 1].age > people[i].age || (people[i - 1].age === people[i].age && people[i - 1].i > people[i].i)) stable = false;
print(stable);                                                   // => true
print([10, 9, 1, 80, undefined, , 100].sort().join("|"));        // => 1|10|100|80|9||
const a = [3, undefined, , 1];
a.sort((x, y) => y - x);
print(a[0], a[1], a[2], 3 in a, a.length);                       // => 3 1 undefined false 4
print(["b", "a", "\u{1f600}", "\uffff", ""].sort().map((s) => s.length).join());    // => 0,1,1,2,1
print([5, 1, 4].toSorted().join(), [5, 1, 4].toSorted((x, y) => y - x).join());      // => 1,4,5 5,4,1
print([3, 2, 1].sort(() => NaN).join(), [3, 2, 1].sort((x, y) => String(x - y)).join());      // => 3,2,1 1,2,3
try { [1, 2].sort(null); } catch (e) { print(e.name); }          // => TypeError
try { [1, 2].sort(() => 1n); } catch (e) { print(e.name); }      // => TypeError
try { [2, 1].sort(() => { throw new RangeError("stop"); }); } catch (e) { print(e.message); }      // => stop
let calls = 0;
[1].sort(() => { calls++; }); [undefined, undefined].sort(() => { calls++; });
print(calls);                                                    // => 0
const like = { length: 4, 0: "d", 2: "b", 3: "a" };
Array.prototype.sort.call(like);
print(like[0], like[1], like[2], 3 in like);                     // => a b d false
const big = Array.from({ length: 5000 }, (_, i) => (i * 7919) % 5003);
big.sort((x, y) => x - y);
print(big.every((v, i) => i === 0 || big[i - 1] <= v));          // => true
Object.defineProperty(Array.prototype, "0", { set() { throw new Error("seen"); }, configurable: true });
print([2, 1].sort((x, y) => x - y).length);                      // => 2
delete Array.prototype[0];
