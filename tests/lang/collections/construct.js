// Construction asks for the adder once, closes the iterator of what fails, and groups in order.
let asked = 0;
class Counting extends Map {
    get set() { asked++; return super.set; }
}
print(new Counting([[1, 2], [3, 4]]).size + " " + asked);       // => 2 1
let closed = 0;
function* items(...list) { try { yield* list; } finally { closed++; } }
try { new Map(items([1, 2], "no")); } catch (e) { print(e.name + " " + closed); }      // => TypeError 1
const bad = new Proxy([1, 2], { get(t, k) { if (k === "1") throw new RangeError("value"); return t[k]; } });
try { new Map(items(bad)); } catch (e) { print(e.message + " " + closed); }     // => value 2
try { Map(); } catch (e) { print(e.message); }                  // => Constructor Map requires 'new'
try { new Set(5); } catch (e) { print(e.name); }                // => TypeError
Set.prototype.add = function (v) { return Object.getPrototypeOf(this) && Set.prototype.has.call(this, v); };
print(new Set([1, 2]).size);                                    // => 0
const odd = Object.groupBy([1, 2, 3, 4], (v, i) => v % 2 ? "odd" : i);
print(JSON.stringify(odd) + Object.getPrototypeOf(odd));        // => {"1":[2],"3":[4],"odd":[1,3]}null
print([...Map.groupBy("hello", c => c === "l").entries()].map(([k, v]) => k + ":" + v.join("")).join());   // => false:heo,true:ll
print(Object.groupBy([7], () => "__proto__").__proto__[0]);     // => 7
try { Map.groupBy(items(1, 2, 3), () => { throw new Error("callback"); }); } catch (e) { print(e.message + " " + closed); }    // => callback 3
print(Map.prototype[Symbol.iterator] === Map.prototype.entries && Set.prototype.keys === Set.prototype.values);        // => true
Map.prototype.get.call(new Set(), 1);           // !! TypeError: Method Map.prototype.get called on incompatible receiver
