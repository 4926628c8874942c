// Arrays whose elements change under the hand that works on them, and array-likes that claim absurd lengths.
const huge = { length: 2 ** 53 - 1, [2 ** 53 - 2]: "last" };
print(Array.prototype.at.call(huge, -1));                              // => last
print(Array.prototype.lastIndexOf.call(huge, "last"));                 // => 9007199254740990
try { Array.prototype.push.call(huge, 1); } catch (e) { print(e.name); }         // => TypeError
try { Array.prototype.concat.call([1], Object.assign([], { length: 3 }), { length: 2 ** 53 - 1, [Symbol.isConcatSpreadable]: true }); }
catch (e) { print(e.name); }                                           // => TypeError
try { new Array(-1); } catch (e) { print(e.name, e.message); }         // => RangeError Invalid array length
try { [].length = 2 ** 32; } catch (e) { print(e.name); }              // => RangeError

// A comparator that empties the array: the values sorted come back.
const shrinking = [3, 1, 2];
shrinking.sort((a, b) => { shrinking.length = 0; return a - b; });
print(shrinking.join());                                               // => 1,2,3

// An index conversion that truncates the array before it is spliced.
const spliced = [1, 2, 3, 4, 5];
print(spliced.splice(1, { valueOf() { spliced.length = 2; return 3; } }).join("|"), spliced.length);   // => 2|| 2
const filled = [1, 2, 3, 4];
filled.fill("x", { valueOf() { filled.length = 1; return 0; } });
print(filled.join());                                                  // => x,x,x,x
const sliced = [1, 2, 3];
print(sliced.slice({ valueOf() { sliced.length = 0; return 0; } }).length);      // => 3

// A getter that removes what is behind it.
const getter = [0, 1, 2, 3];
Object.defineProperty(getter, 1, { get() { getter.length = 2; return "g"; }, configurable: true });
print(getter.map((v) => v).join(), getter.length);                     // => 0,g,, 2
print([1, 2, 3, 4].filter((v, i, a) => { a.pop(); return true; }).join());       // => 1,2

// Frozen, sealed, and arrays whose length is fixed.
const frozen = Object.freeze([1, 2]);
for (const f of [() => frozen.push(3), () => frozen.pop(), () => frozen.sort(), () => frozen.reverse(), () => frozen.shift()])
    try { f(); print("no"); } catch (e) { print(e.name, frozen.join()); }
// => TypeError 1,2
// => TypeError 1,2
// => TypeError 1,2
// => TypeError 1,2
// => TypeError 1,2
const fixed = [1, 2, 3];
Object.defineProperty(fixed, "length", { writable: false });
try { fixed.shift(); } catch (e) { print(e.name, fixed.length); }      // => TypeError 3
try { fixed.push(); print("no"); } catch (e) { print(e.name); }        // => TypeError

// Elements of a prototype shine through holes.
Array.prototype[1] = "proto";
const holey = [0, , 2];
print(holey.join(), holey.includes("proto"), holey.indexOf("proto"));  // => 0,proto,2 true 1
print(holey.slice().hasOwnProperty(1), holey.concat([9]).join());      // => true 0,proto,2,9
holey.reverse();
print(holey.hasOwnProperty(1), holey.join());                          // => false 2,proto,0
delete Array.prototype[1];

// Cycles, and a join that joins itself again.
const cycle = [1, [2]];
cycle[1].push(cycle, 3);
print(String(cycle));                                                  // => 1,2,,3
print([1, { toString() { return [4, 5].join("+"); } }].join());        // => 1,4+5

// Species that lies about what it makes.
class Odd extends Array { static get [Symbol.species]() { return function (n) { return { length: n, odd: true }; }; } }
const odd = Odd.from([1, 2]).map((v) => v * 2);
print(odd.odd, odd[1], Array.isArray(odd));                            // => true 4 false
