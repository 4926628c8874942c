// Taking strings apart and putting them together; ropes and slices among them.
const long = "0123456789".repeat(10), rope = long + "abc" + long, slice = rope.slice(95, 108);
print(slice, rope.indexOf("abc"), rope.lastIndexOf("9"), rope.at(-1), rope.charCodeAt(100));    // => 56789abc01234 100 202 9 97
print("a,b,,c".split(",").join("|"), "abc".split("").join("|"), "a,b,c".split(",", 2).join("|"), "abc".split().length);
// => a|b||c a|b|c a|b 1
print("abcabc".replace("b", "[$`$&$'$$$1]"), "aaa".replaceAll("a", "$&$&"), "abc".replaceAll("", "-"));
// => a[abcabc$$1]cabc aaaaaa -a-b-c-
print("abcb".replace("b", (m, at, s) => m + at + s), "abcb".replaceAll("b", (m, at) => at));     // => ab1abcbcb a1c3
print("x".padStart(5, "ab") + "|" + "x".padEnd(4) + "|" + "é".padStart(3, "€"));                // => ababx|x   |€€é
print("  \t\u00a0\ufeffx y\u2029 ".trim() + "|" + " x ".trimStart() + "|" + " x ".trimEnd() + "|" + "   ".trimEnd() + "|");
// => x y|x | x||
print("abc".substring(2, 0), "abc".slice(-2), "abcdef".substr(-3, 2), "abc".at(5), "abc".charAt(9) === "");     // => ab bc de undefined true
print("a😀b".codePointAt(1), "a😀b".codePointAt(2), [..."a😀\ud800b"].length, String.fromCodePoint(128512, 97));  // => 128512 56832 4 😀a
print("€uro".indexOf("r"), "x€y€".lastIndexOf("€"), "€€€".split("€").length, "a€".includes("€"), "é".includes("€"));  // => 2 3 4 true false
print("ab".repeat(3), "".repeat(2 ** 31), "abc".startsWith("b", 1), "abc".endsWith("b", 2));      // => ababab  true true
print(String.raw`a\n${1}b`, `a\n`.length, "a".concat(1, null, "€"));                             // => a\n1b 2 a1null€
