// JSON.stringify: gaps, replacers, wrappers, escapes, what has no text.
print(JSON.stringify({ a: [1, { b: 2 }], c: {}, d: [] }, null, 2));
// => {
// =>   "a": [
// =>     1,
// =>     {
// =>       "b": 2
// =>     }
// =>   ],
// =>   "c": {},
// =>   "d": []
// => }
print(JSON.stringify([undefined, () => 1, Symbol(), NaN, -0, -Infinity, new Date(NaN)]));   // => [null,null,null,null,0,null,null]
print(JSON.stringify({ a: undefined, b: () => 1, [Symbol()]: 1 }), JSON.stringify(undefined));  // => {} undefined
print(JSON.stringify([Object(1), Object("s"), Object(true), new Date(0)]));     // => [1,"s",true,"1970-01-01T00:00:00.000Z"]
print(JSON.stringify('"\\\b\f\n\r\t\u0001\ud800x\udc00'));          // => "\"\\\b\f\n\r\t\u0001\ud800x\udc00"
print(JSON.stringify({ b: 1, a: { b: 2, c: 3 }, 1: 4 }, ["a", "b", 1, "a"], "--"));
// => {
// => --"a": {
// => ----"b": 2
// => --},
// => --"b": 1,
// => --"1": 4
// => }
print(JSON.stringify({ a: 1, b: [2, 3] }, (k, v) => (typeof v === "number" ? v * 10 : v)));     // => {"a":10,"b":[20,30]}
print(JSON.stringify({ toJSON(key) { return "key " + key; } }), JSON.stringify({ k: { toJSON: (key) => key } }));
// => "key " {"k":"k"}
print(JSON.stringify({ n: JSON.rawJSON("12345678901234567890") }), JSON.isRawJSON(JSON.rawJSON("1")), JSON.isRawJSON({}));
// => {"n":12345678901234567890} true false
