// A method was looked up behind the evaluation of the arguments; a key that is an object was converted twice by o[k] += v;
// eval(...list) was no direct eval; code of a direct eval in a function declared its vars nowhere.
const o = { get f() { print("f"); return () => {}; } };
o.f(print("argument"));
// => f
// => argument
let n = 0;
const a = [1], key = { toString() { n++; return "0"; } };
a[key] += 1;
a[key]++;
a[key] ||= 5;
print(n + " " + a[0]);          // => 3 3
(function () { var x = "local"; eval(...["x = 'changed'"]); print(x); })();     // => changed
(function () { eval("var y = 1"); print(typeof y); })();        // => number
print(typeof y);                // => undefined
const self = function me() { eval("me = 1"); return me; };
print(self() === self);         // => true
