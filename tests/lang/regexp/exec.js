// exec, test, lastIndex, results.
const m = /(?<year>\d{4})-(?<month>\d\d)(x)?/.exec("on 2026-11-21");
print(m.index + " " + m.input + " " + m.length + " " + JSON.stringify(m));      // => 3 on 2026-11-21 4 ["2026-11","2026","11",null]
print(Object.keys(m).join() + " " + JSON.stringify(m.groups));                  // => 0,1,2,3,index,input,groups {"year":"2026","month":"11"}
print(Object.getPrototypeOf(m.groups) + " " + /a/.exec("a").groups);            // => null undefined
const [whole, year] = m;
print(whole + year);                            // => 2026-112026
print(/b/.exec("a"));                           // => null
const g = /o/g;
print([g.test("foo"), g.lastIndex, g.test("foo"), g.lastIndex, g.test("foo"), g.lastIndex].join());     // => true,2,true,3,false,0
const y = /o/y;
print([y.test("foo"), y.lastIndex, (y.lastIndex = 1, y.test("foo")), y.lastIndex].join());              // => false,0,true,2
g.lastIndex = 99;
print(g.exec("foo") + " " + g.lastIndex);       // => null 0
g.lastIndex = -1;
print(g.exec("foo").index);                     // => 1
g.lastIndex = { valueOf() { return 2.9; } };
print(g.exec("foo").index + " " + g.lastIndex); // => 2 3
const plain = /o/;
plain.lastIndex = "kept";
print(plain.test("foo") + plain.lastIndex);     // => truekept
print(JSON.stringify(Object.getOwnPropertyDescriptor(plain, "lastIndex")));     // => {"value":"kept","writable":true,"enumerable":false,"configurable":false}

// Surrogate pairs.
print([/./.exec("\u{1f600}")[0].length, /./u.exec("\u{1f600}")[0].length, "\u{1f600}".match(/(?:)/gu).length].join());  // => 1,2,2
const u = /\udf06/u;
print(u.test("\ud834\udf06"));                  // => false
const inside = /^|\udf06/gu;
inside.lastIndex = 1;
print(inside.exec("\ud834\udf06").index + " " + inside.lastIndex);              // => 0 0

// d, v, duplicate names, modifiers, lookbehind.
const d = /(?<a>b)(c)?/d.exec("abc!");
print(JSON.stringify(d.indices) + JSON.stringify(d.indices.groups));            // => [[1,3],[1,2],[2,3]]{"a":[1,2]}
print(/[\p{L}--[a-z]]/v.test("q") + " " + /[\p{L}--[a-z]]/v.test("Q"));         // => false true
print(JSON.stringify(/(?<x>a)|(?<x>b)/.exec("b").groups));                      // => {"x":"b"}
print(/(?i:a)b/.test("Ab") + " " + /(?i:a)b/.test("AB"));                       // => true false
print(/(?<=\$)\d+(?!€)/.exec("a1 $42")[0]);                                     // => 42

// Made from others.
const r = new RegExp(/a\/b/gi, "m");
print(r + " " + r.flags + " " + RegExp(r) === r + " m m " + "");                // => false
print((RegExp(r) === r) + " " + (new RegExp(r) === r) + " " + r.source);        // => true false a\/b
print(String(new RegExp("")) + String(new RegExp("/")) + String(new RegExp("[/]\n")) + RegExp.prototype.source);    // => /(?:)//\///[/]\n/(?:)
print(RegExp.escape("1+1=2 [ok]\n\u2028\ud800"));       // => \x31\+1\x3d2\x20\[ok\]\n\u2028\ud800
for (const [p, f] of [["(", ""], ["a", "gg"], ["a", "uv"], ["\\u{110000}", "u"], ["(?<a>.)(?<a>.)", ""]])
    try { new RegExp(p, f); } catch (e) { print(e.name + ": " + e.message.slice(0, 40)); }
// => SyntaxError: Invalid regular expression: /(/: untermi
// => SyntaxError: Invalid flags supplied to RegExp constru
// => SyntaxError: Invalid flags supplied to RegExp constru
// => SyntaxError: Invalid regular expression: /\u{110000}/
// => SyntaxError: Invalid regular expression: /(?<a>.)(?<a
RegExp.prototype.exec.call({}, "a");            // !! TypeError: Method RegExp.prototype.exec called on incompatible receiver
