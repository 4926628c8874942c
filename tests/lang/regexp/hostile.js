//! modes: plain
// Patterns and subjects that ask for much: too much for collecting all the time.
const deep = "(".repeat(200) + "a" + ")".repeat(200);
print(new RegExp(deep).exec("a").length);       // => 201
const wide = "\u0100".repeat(50000) + "end";
print(wide.replace(/end$/, "").length + " " + wide.split("").length + " " + wide.match(/\u0100/gu).length);     // => 50000 50003 50000
let rope = "";
for (let i = 0; i < 20000; i++) rope += i % 10;
print(rope.replace(/9/g, "").length + " " + rope.match(/0123456789/g).length);  // => 18000 2000
print(/(a*)*b/.test("a".repeat(25)));           // => false
print(/^(?:a|ab)(?:c|bcd)(?:d*)$/.exec("abcd")[0]);     // => abcd
try { new RegExp("(".repeat(1e6)); } catch (e) { print(e.name); }       // => SyntaxError
try { "x".repeat(1 << 20).replace(/x/g, "y".repeat(1 << 12)); } catch (e) { print(e.name + ": " + e.message); }     // => RangeError: Invalid string length
const many = Array.from({ length: 300 }, (_, i) => new RegExp("a" + i));
print(many.every((r, i) => r.test("a" + i)));   // => true
for (let i = 0; i < 3000; i++) if (!new RegExp("b" + i % 700, "g").test("b" + i % 700)) throw new Error("lost");
function depth(n) { try { return depth(n + 1); } catch (e) { return new RegExp("d" + n).test("d" + n) ? e.name : "no"; } }
print(depth(0));                                // => RangeError
