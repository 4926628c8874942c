// Bits of doubles, concatenation and arrays of constants, at sites that met such operands before they were compiled.
function repeat(f, ...args) { let last; for (let i = 0; i < 300; i++) last = f(...args); return last; }
const numbers = [0, -0, 1, -1, 2.7, -2.7, 2147483647, 2147483648, -2147483648, -2147483649, 4294967295, 4294967296, 6442450945.5,
    -4294967297, 9007199254740993, 9223372036854775807, -9223372036854775808, 1e19, -1e300, NaN, Infinity, -Infinity, 5e-324];
const operations = [(a, b) => a & b, (a, b) => a | b, (a, b) => a ^ b, (a, b) => a << b, (a, b) => a >> b, (a, b) => a >>> b,
    (a) => a & 0x7f0f, (a) => a | 3, (a) => a << 5, (a) => a >> 3, (a) => a >>> 1, (a) => a >>> 0, (a) => ~a];
const results = [];
for (const op of operations) {
    for (let i = 0; i < 200; i++) op(2.5 + i, 4294967296.5);
    let hash = 0;
    for (const a of numbers) for (const b of numbers) hash = (hash * 31 + op(a, b)) % 1000003;
    results.push(hash);
}
print(results.join());
// => -237816,-809938,-572122,-439019,-537513,764888,488514,-541931,324925,-912756,23378,456372,515090
print(operations.map((op) => op("7", { valueOf: () => 2 })).join(), (1n << 40n) | 5n);
// => 2,7,5,28,1,1,7,7,224,0,3,7,-8 1099511627781n
try { operations[0](1n, 2); } catch (e) { print(e.name); }                  // => TypeError

function join(a, b) { return a + b; }
const long = "0123456789abcdefghij", wide = "\u1234".repeat(15), rope = join(long, long + "x");
for (let i = 0; i < 300; i++) join(long, long);
print(join(long, "abc"), join(long, "abcd"), join("", long), join(long, ""), join("a", "b"));
// => 0123456789abcdefghijabc 0123456789abcdefghijabcd 0123456789abcdefghij 0123456789abcdefghij ab
print(join(long, wide) === long + wide, join(long, wide).length, join(wide, long).charCodeAt(3), join(rope, rope).slice(35, 50));
// => true 35 4660 fghijx012345678
print(join(long, 5), join(1.5, long), join(long, null), join(2, 3), join(0.5, 1), join(long, { toString: () => "!" }), join(true, 1));
// => 0123456789abcdefghij5 1.50123456789abcdefghij 0123456789abcdefghijnull 5 1.5 0123456789abcdefghij! 2
let grown = "";
for (let i = 0; i < 3000; i++) grown = join(grown, "piece " + i + " of a long string;");
print(grown.length, grown.indexOf("2999"), grown.lastIndexOf("piece 0 "));  // => 82890 82868 0
try { join(long, Symbol()); } catch (e) { print(e.name); }                  // => TypeError
let huge = "x".repeat(1 << 20);
try { for (;;) huge = join(huge, huge); } catch (e) { print(e.name, huge.length >= 1 << 28); }    // => RangeError true

function constants() { return [1, 2.5, "three", null, undefined, true, , -0]; }
const first = repeat(constants), second = constants();
first[1] = 7;
first.push(8);
print(JSON.stringify(second), second.length, 6 in second, Object.is(second[7], -0), first.length, constants()[1]);
// => [1,2.5,"three",null,null,true,null,0] 8 false true 9 2.5
function many() { return [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]; }
print(repeat(many).length, many().reduce((a, b) => a + b));                 // => 20 190
