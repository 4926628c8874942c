// The text of a built-in function is a NativeFunction with the name it was made with.
const text = Function.prototype.toString;
print(text.call(Object.getOwnPropertyDescriptor(RegExp, "$&").get));       // => function () { [native code] }
print(text.call(Object.getOwnPropertyDescriptor(RegExp, "input").get));    // => function get input() { [native code] }
print(Array.prototype[Symbol.iterator]);                                   // => [Function: values]
print(text.call(RegExp.prototype[Symbol.match]));                          // => function [Symbol.match]() { [native code] }
Object.defineProperty(Math.max, "name", { value: "a } b" });
print(text.call(Math.max));                                                // => function max() { [native code] }
print(text.call(function f() {}.bind()));                                  // => function () { [native code] }
print(text.call(new Proxy(Math.max, {})));                                 // => function () { [native code] }
