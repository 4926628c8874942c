// Lengths beyond all bounds, receivers that are none, conversions that change their minds.
const attempt = (f) => {
    try {
        return f();
    } catch (e) {
        return e.name + ": " + e.message;
    }
};
print(attempt(() => "abc".repeat(2 ** 30)));                    // => RangeError: Invalid string length
print(attempt(() => "abc".repeat(-1)));                         // => RangeError: Invalid count value: -1
print(attempt(() => "abc".repeat(Infinity)));                   // => RangeError: Invalid count value: Infinity
print(attempt(() => "a".padEnd(2 ** 53)));                      // => RangeError: Invalid string length
print(attempt(() => "a".repeat(2 ** 20).replaceAll("a", "b".repeat(1000))));       // => RangeError: Invalid string length
print(attempt(() => {
    let s = "0123456789abcdef";
    for (;;) s += s;
}));                                                            // => RangeError: Invalid string length
print(attempt(() => String.prototype.trim.call(null)));         // => TypeError: String.prototype.trim called on null or undefined
print(attempt(() => String.prototype.split.call(undefined)));   // => TypeError: String.prototype.split called on null or undefined
print(attempt(() => "a".startsWith(/a/)));
// => TypeError: First argument to String.prototype.startsWith must not be a regular expression
print(attempt(() => "a".normalize("NFX")));     // => RangeError: The normalization form should be one of NFC, NFD, NFKC, NFKD.
print(attempt(() => String.fromCodePoint(1.5)));                // => RangeError: Invalid code point 1.5
print(attempt(() => `${Symbol("x")}`));                         // => TypeError: Cannot convert a Symbol value to a string
print(String(Symbol("x")), "abc".slice({ valueOf: () => 1 }), "abc".at(-Infinity), "abc".substr(NaN, 1e300));     // => Symbol(x) bc undefined abc
const order = [];
const noted = (name, v) => ({ toString: () => (order.push(name), v), valueOf: () => (order.push(name), v) });
"".split.call(noted("this", "a-b"), noted("separator", "-"), noted("limit", 1));
"".replace.call(noted("this", "a"), noted("search", "a"), noted("replacement", "b"));
print(order.join());                            // => this,limit,separator,this,search,replacement
const iterator = "ab"[Symbol.iterator]();
print(iterator.next().value, iterator.next().value, iterator.next().done, iterator.next().done);     // => a b true true
print(attempt(() => iterator.next.call({})).split(":")[0]);     // => TypeError
