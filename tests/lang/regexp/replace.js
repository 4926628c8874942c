// match, matchAll, replace, search and split, while everything is as installed.
print("2026-11-21".replace(/(\d+)-(\d+)-(\d+)/, "$3.$2.$1 $$ $& $` $' $4 $0 $10 $01 $<x>"));    // => 21.11.2026 $ 2026-11-21   $4 $0 20260 2026 $<x>
print("John Smith".replace(/(?<first>\w+) (?<last>\w+)/, "$<last>, $<first>$<none>$<"));        // => Smith, John$<
print("aaa".replace(/a/g, "$`[$&]$'"));         // => [a]aaa[a]aaa[a]
print("abc".replace(/(?:)/g, "-"));             // => -a-b-c-
print("x".replace(/(x)/, "$11$2"));             // => x1$2
print("a1b22c333".replace(/[a-z](\d+)/g, (m, digits, at, all) => `${m.length}@${at}/${all.length} `));  // => 2@0/9 3@2/9 4@5/9
print("abcdefg".replace(/(a)(b)(c)(d)(e)/, (...list) => list.join()));          // => abcde,a,b,c,d,e,0,abcdefgfg
print("k=v".replace(/(?<key>\w)=(?<value>\w)/, (...list) => JSON.stringify(list.at(-1))));      // => {"key":"k","value":"v"}
print("aXbX".replace(/X/g, () => undefined) + "aX".replace(/X/, () => "$&") + "a".replace(/(b)?a/, (m, b) => b));     // => aundefinedbundefineda$&undefined
print("one two".replaceAll(/\w+/g, w => w.length));     // => 3 3
print(JSON.stringify("test1test2".match(/t(e)(st(\d?))/g)) + "none".match(/z/g));       // => ["test1","test2"]null
print([..."test1test2".matchAll(/t(e)(st(\d?))/g)].map(m => m.index + m[3]).join());    // => 01,52
print("abcabc".search(/c/g) + " " + "abc".search(/x/));  // => 2 -1
print(JSON.stringify("A<B>bold</B>and<CODE>x</CODE>".split(/<(\/)?([^<>]+)>/)));
// => ["A",null,"B","bold","/","B","and",null,"CODE","x","/","CODE",""]
print(JSON.stringify(["ab".split(/a*?/), "ab".split(/a*/), "".split(/a/), "".split(/(?:)/), "abc".split(/b/, 1), "abc".split(/b/, 0), "a\u{1f600}b".split(/(?:)/u)]));
// => [["a","b"],["","b"],[""],[],["a"],[],["a","😀","b"]]
print(JSON.stringify(["aXbX".split(/X/y), "test".split(/(?:)/, 2), "abc".split(/$/), "a,b;c".split(/[,;]/)]));
// => [["a","b",""],["t","e"],["abc"],["a","b","c"]]
const sticky = /a/gy;
print("aaba".replace(sticky, "x") + " " + "aaba".match(sticky).length + sticky.lastIndex);      // => xxba 20
const once = /a/y;
print("aa".replace(once, "x") + once.lastIndex + "aa".replace(once, "x") + once.lastIndex + "aa".replace(once, "x") + once.lastIndex);   // => xa1ax2aa0
const log = [];
"abab".replace(/b/g, function () { log.push(RegExp.leftContext, this === undefined || typeof this); return ""; });
print(log.join());                              // => aba,object,aba,object
print(RegExp.$1 + RegExp["$&"] + RegExp.lastMatch + RegExp.rightContext + RegExp.input);        // => bbabab
"xyz".match(/(x)(y)?(q)?/);
print(RegExp.$1 + RegExp.$2 + RegExp.$3 + RegExp["$+"] + "|" + RegExp["$'"]);   // => xy|z
print("a.b.c".replaceAll(".", "[$&$$$1$<n>$`]") + "abc".replace("b", "$'$'"));       // => a[.$$1$<n>a]b[.$$1$<n>a.b]caccc
"a".replace(/a/, { toString() { throw new RangeError("asked"); } });    // !! RangeError: asked
