// Nesting without end, circles, and user code that changes what is being written or read.
//! gcstress: 400
const attempt = (f) => {
    try {
        return f();
    } catch (e) {
        return e.name + ": " + e.message;
    }
};
const deep = 100000;
print(attempt(() => JSON.parse("[".repeat(deep) + "]".repeat(deep)).length));                   // => 1
print(attempt(() => JSON.parse("[".repeat(deep))));             // => SyntaxError: Unexpected end of JSON input
print(attempt(() => JSON.parse('{"a":'.repeat(5000000))));      // => RangeError: JSON is nested too deeply
let nest = [];
for (let i = 0; i < deep; i++) nest = [nest];
print(attempt(() => JSON.stringify(nest)));                     // => RangeError: Maximum call stack size exceeded

const circle = { list: [{ inner: {} }] };
circle.list[0].inner.back = circle.list;
print(attempt(() => JSON.stringify(circle)));
// => TypeError: Converting circular structure to JSON
// =>     --> starting at object with constructor 'Array'
// =>     |     index 0 -> object with constructor 'Object'
// =>     |     property 'inner' -> object with constructor 'Object'
// =>     --- property 'back' closes the circle
print(attempt(() => JSON.stringify([1n])));                     // => TypeError: Do not know how to serialize a BigInt

// A getter and a toJSON that change the object on the way: the keys stay what they were.
const moving = { a: 1, get b() { delete this.c; this.e = 5; return 2; }, c: 3, d: 4 };
print(JSON.stringify(moving));                                  // => {"a":1,"b":2,"d":4}
const list = [0, { toJSON() { list.length = 1; return "gone"; } }, 2];
print(JSON.stringify(list));                                    // => [0,"gone",null]
Object.prototype.toJSON = undefined;
const late = [{ x: 1 }, { toJSON() { Object.prototype.toJSON = () => "late"; return "now"; } }, { x: 2 }];
print(JSON.stringify(late));                                    // => [{"x":1},"now","late"]
delete Object.prototype.toJSON;

// A reviver sees sources only of what is still what was read.
const seen = [];
JSON.parse('{"a":[1.0,2],"b":"s","c":3}', function (key, v, context) {
    if (key === "a") this.c = 4;
    seen.push(key + "=" + context.source);
    return v;
});
print(seen.join(" "));      // => 0=1.0 1=2 a=undefined b="s" c=undefined =undefined
const shrinking = JSON.parse("[1,2,3]", function (key, v) {
    if (key === "0") this.length = 1;
    return v;
});
print(JSON.stringify(shrinking));                               // => [1]
const revoked = Proxy.revocable([], {});
revoked.revoke();
print(attempt(() => JSON.stringify(revoked.proxy)).split(":")[0]);      // => TypeError
