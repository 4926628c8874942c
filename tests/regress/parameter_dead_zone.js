// A parameter without a default was readable from a default in front of it.
try { (function (x = y, y) {})(); } catch (e) { print(e.name); }        // => ReferenceError
print((function (x = () => y, y) { return x(); })(undefined, 7));       // => 7
print((function (y, x = y) { return x; })(8));                          // => 8
// The name of a function expression that a closure tried to assign to was taken for a variable.
(async function self() { (() => { self = 1; })(); print(typeof self); })();     // => function
