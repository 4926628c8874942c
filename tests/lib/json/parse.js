// JSON.parse makes the values that the text says, whatever the shape of its objects.
const text = '{"a":1,"b":[true,false,null,-0,1.5e3,"x\\u0041\\n"],"c":{"2":"two","1":"one","a":{}}}';
print(JSON.stringify(JSON.parse(text)));
// => {"a":1,"b":[true,false,null,0,1500,"xA\n"],"c":{"1":"one","2":"two","a":{}}}
print(Object.is(JSON.parse("-0"), -0), JSON.parse(" [ ] ").length, JSON.parse("123456789012345678901234567890"));
// => true 0 1.2345678901234568e+29
print(JSON.parse("9007199254740993"), JSON.parse("-999999999999999999"), JSON.parse("0.1"), JSON.parse("1E400"));
// => 9007199254740992 -1000000000000000000 0.1 Infinity

// Rows of one shape, one of another shape between them, keys twice, __proto__ as a plain property.
const rows = JSON.parse('[{"x":1,"y":2},{"x":3,"y":4},{"y":5,"x":6},{"x":7,"y":8,"z":9},{"x":1,"x":2},{"__proto__":1}]');
for (const row of rows) print(Object.keys(row).join(), Object.values(row).join());
// => x,y 1,2
// => x,y 3,4
// => y,x 5,6
// => x,y,z 7,8,9
// => x 2
// => __proto__ 1
print(Object.getPrototypeOf(rows[5]) === Object.prototype);     // => true

// Wide text, surrogates, keys with escapes.
const wide = JSON.parse('{"\u20ac":"\ud83d\ude00","k\\u0065y":"\\ud83d","caf\u00e9":"\u0101"}');
print(Object.keys(wide).join(), wide["€"], wide.key.length, wide["café"]);      // => €,key,café 😀 1 ā

// An object of many keys, and one of so many shapes that they are not worth having.
let many = {};
for (let i = 0; i < 500; i++) many["k" + i] = i;
print(Object.keys(JSON.parse(JSON.stringify(many))).length);    // => 500
let last;
for (let i = 0; i < 300; i++) last = JSON.parse(`{"u${i}":${i},"v":[{"w${i}":1}]}`);
print(JSON.stringify(last));                                    // => {"u299":299,"v":[{"w299":1}]}
