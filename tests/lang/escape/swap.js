// [a, b] = [b, a] makes no array, and cannot be told from one that does.
let a = 1, b = 2, c = 3;
[a, b] = [b, a];
print(a, b);                                    // => 2 1
[a, b, c] = [b, c, a];
print(a, b, c);                                 // => 1 3 2
const list = [5, 1, 4, 2, 3];
for (let i = 0; i < list.length; i++)
    for (let k = 0; k < i; k++)
        if (list[k] > list[i]) [list[k], list[i]] = [list[i], list[k]];
print(list.join());                             // => 1,2,3,4,5
const o = { x: 1, y: 2, get z() { return 7; }, set z(v) { print("set", v); } };
[o.x, o.y, o.z] = [o.y, o.x, o.z];              // => set 7
print(o.x, o.y);                                // => 2 1
let i = 0;
[i, list[i]] = [2, "at two"];
print(i, list[2], list[0]);                     // => 2 at two 1
const value = ([a, b] = [b, a]);
print(value.join(), Array.isArray(value));      // => 3,1 true
const fixed = 1;
try { [a, fixed] = [9, 9]; } catch (e) { print(e.name, a); }    // => TypeError 9
try { [a, dead] = [8, 8]; } catch (e) { print(e.name, a); }     // => ReferenceError 8
let dead;
function fibonacci(n) { let x = 0, y = 1; while (n-- > 0) [x, y] = [y, x + y]; return x; }
print(fibonacci(50));                           // => 12586269025
function* both() { let p = 1, q = 2; [p, q] = [yield p, yield q]; yield p + q; }
const it = both();
print(it.next().value, it.next(10).value, it.next(20).value);   // => 1 2 30
function scoped(o) { with (o) { [p, q] = [q, p]; } return o.p + ":" + o.q; }
print(scoped({ p: "P", q: "Q" }));              // => Q:P

const next = Object.getPrototypeOf([][Symbol.iterator]()).next, log = [];
Object.getPrototypeOf([][Symbol.iterator]()).next = function () { log.push("next"); return next.call(this); };
a = 1, b = 2;
[a, b] = [b, a];
print(a, b, log.join());                        // => 2 1 next,next
Array.prototype[Symbol.iterator] = function* () { yield "own"; yield this.length; };
[a, b] = [b, a];
print(a, b);                                    // => own 2
