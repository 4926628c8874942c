// The standard's general way, when exec, flags, lastIndex or species are the program's own.
const log = [];
class Loud extends RegExp {
    exec(s) { const m = super.exec(s); log.push(m && m[0]); return m; }
    get flags() { log.push("flags"); return super.flags; }
}
print("a1b2".replace(new Loud("\\d", "g"), d => d * 2));        // => a2b4
print(log.splice(0).join());                    // => flags,1,2,
print("a1b2".match(new Loud("\\d", "g")).join() + log.splice(0).join());        // => 1,2flags,1,2,
print("a1b2".split(new Loud("\\d")).join() + log.splice(0).join());             // => a,b,flags,,1,,2
print([..."a1b2".matchAll(new Loud("\\d", "g"))].length + log.splice(0).join());        // => 2flags,flags,1,2,
print("a1b2".search(new Loud("\\d")) + log.splice(0).join() + new Loud("x").test("x") + log.splice(0));        // => 11truex

// An exec that lies.
const liar = { flags: "g", lastIndex: 0, left: 2, exec() { return this.left-- ? { 0: "zz", length: 3, 1: undefined, 2: 5, index: 1.7, groups: { n: "N" } } : null; } };
print(RegExp.prototype[Symbol.replace].call(liar, "abcdef", "<$1$2$<n>$'>"));   // => a<5Ndef>def
liar.left = 1;
print(RegExp.prototype[Symbol.replace].call(liar, "abcdef", (...list) => JSON.stringify(list)));        // => a["zz",null,"5",1,"abcdef",{"n":"N"}]def
for (const answer of [undefined, 5, "text"])
    try { RegExp.prototype.test.call({ exec: () => answer }, ""); } catch (e) { print(e.name); }
// => TypeError
// => TypeError
// => TypeError
try { "a".replace({ [Symbol.replace]: RegExp.prototype[Symbol.replace], exec: null, flags: "" }, ""); } catch (e) { print(e.name); }     // => TypeError

// lastIndex that cannot be written, or changes hands on the way.
const frozen = Object.freeze(/a/g);
for (const f of [() => frozen.test("a"), () => "a".replace(frozen, ""), () => "b".match(frozen), () => frozen.compile("b")])
    try { f(); } catch (e) { print(e.name); }
// => TypeError
// => TypeError
// => TypeError
// => TypeError
const changing = /a/g;
changing.lastIndex = { valueOf() { changing.compile("b", "g"); return 0; } };
print(changing.exec("ab").index);               // => 1
const recompiled = /(a)/g;
print("aa".replace(recompiled, m => { recompiled.compile("b"); return "<" + m + ">"; }) + recompiled);  // => <a><a>/b/

// Symbol.match and the constructor decide what is a RegExp.
const hidden = /a/;
hidden[Symbol.match] = false;
print("/a/".startsWith(hidden) + " " + (RegExp(hidden) === hidden));            // => true false
try { "a".includes({ [Symbol.match]: true }); } catch (e) { print(e.name); }    // => TypeError
try { "a".matchAll(/a/); } catch (e) { print(e.name); }                         // => TypeError
class Species extends RegExp { static get [Symbol.species]() { return function (p, f) { log.push(f); return new RegExp("b", f); }; } }
print("abc".split(new Species("c")).join() + log.splice(0));                    // => a,cy

// After the prototype has changed, everything still works.
const exec = RegExp.prototype.exec;
RegExp.prototype.exec = function (s) { log.push("exec"); return exec.call(this, s); };
print("aXb".replace(/X/, "-") + /X/.test("X") + "a-b".split("-") + log.splice(0));      // => a-btruea,bexec,exec
delete RegExp.prototype[Symbol.replace];
print("aXb".replace(/X/, "-") + "/X/".replace(/X/, "-"));       // => aXb-
