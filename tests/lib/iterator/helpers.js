// Iterator helpers: laziness, closing, and what happens when they are used wrongly.
const log = [];
function* numbers() {
    try { for (let i = 0; ; i++) { log.push("next " + i); yield i; } }
    finally { log.push("closed"); }
}
print(numbers().filter((n) => n % 2).map((n) => n * n).take(3).toArray().join());    // => 1,9,25
print(log.splice(0).join());                     // => next 0,next 1,next 2,next 3,next 4,next 5,closed
print(numbers().drop(2).find((n) => n > 2), log.splice(0).at(-1));                   // => 3 closed
print([1, 2].values().flatMap((n) => [n, n * 10]).toArray().join());                 // => 1,10,2,20
try { [1].values().flatMap(() => "text").toArray(); } catch (e) { print(e.name); }   // => TypeError

// A helper that has not begun closes its iterator; one that has ended does not.
const lazy = numbers().map((n) => n);
lazy.return();
print(log.splice(0).length, lazy.next().done);   // => 0 true
const begun = numbers().map((n) => n);
begun.next();
print(JSON.stringify(begun.return()), log.splice(0).join());       // => {"done":true} next 0,closed

// Throwing in a callback closes; throwing in the iterator does not.
try { numbers().map(() => { throw new Error("callback"); }).next(); } catch (e) { print(e.message, log.splice(0).join()); }
// => callback next 0,closed
const bad = { next() { throw new Error("own"); }, return() { log.push("never"); return {}; }, __proto__: Iterator.prototype };
try { bad.toArray(); } catch (e) { print(e.message, log.length); }         // => own 0
try { numbers().take(-1); } catch (e) { print(e.name); }                   // => RangeError
try { numbers().map(1); } catch (e) { print(e.message); }                  // => 1 is not a function

// A helper that runs itself.
const self = [1, 2].values().map(() => self.next());
try { self.next(); } catch (e) { print(e.name, e.message); }               // => TypeError Generator is already running
print(self.next().done);                                                   // => true

// from wraps what is no Iterator, and concat opens one after the other.
const wrapped = Iterator.from({ i: 0, next() { return { done: this.i > 1, value: this.i++ }; } });
print(wrapped instanceof Iterator, wrapped.toArray().join());              // => true 0,1
print(Iterator.concat([1], new Set([2, 3]), [4].values()).toArray().join());         // => 1,2,3,4
print(Iterator.zip([[1, 2, 3], ["a", "b"]]).toArray().map((r) => r.join(":")).join());       // => 1:a,2:b
print(Iterator.zip([[1, 2, 3], ["a"]], { mode: "longest", padding: [0, "-"] }).toArray().join("|"));     // => 1,a|2,-|3,-
try { Iterator.zip([[1], [2, 3]], { mode: "strict" }).toArray(); } catch (e) { print(e.name); }          // => TypeError
print(JSON.stringify(Iterator.zipKeyed({ x: [1, 2], y: "ab".split("") }).toArray()));        // => [{"x":1,"y":"a"},{"x":2,"y":"b"}]
print([1, 2, 3, 4, 5].values().chunks(2).toArray().join("|"));             // => 1,2|3,4|5
print([1, 2, 3, 4].values().windows(3).toArray().join("|"));               // => 1,2,3|2,3,4

// The accessors that let subclasses and instances define their own.
class Mine extends Iterator { next() { return { done: true }; } }
const mine = new Mine();
mine.constructor = 5;
print(mine.constructor, Object.keys(mine).join(), Iterator.prototype.constructor === Iterator);          // => 5 constructor true
try { new Iterator(); } catch (e) { print(e.name); }                       // => TypeError
print(Object.prototype.toString.call([].values().map((v) => v)));          // => [object Iterator Helper]
