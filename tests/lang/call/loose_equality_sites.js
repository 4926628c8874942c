// `==` and truth of all kinds of operands, at sites that machine code was made for.
const symbol = Symbol("s"), object = {}, other = { valueOf() { return 7; }, toString() { return "seven"; } };
const values = [undefined, null, true, false, 0, -0, 1, 7, 7.5, NaN, 4294967296, "", "0", "7", "seven", "x" + 7,
    10n, 7n, 0n, symbol, object, other, [], [7], new String("7"), Object(symbol)];
function equal(a, b) { return a == b; }
function different(a, b) { if (a != b) return true; return false; }
function isNullish(a) { return a == null; }
function isUndefined(a) { if (undefined != a) return false; return true; }
function truth(a) { if (a) return 1; return 0; }
function rows() {
    let text = "";
    for (const a of values) {
        let row = 0;
        for (const b of values) {
            const e = equal(a, b);
            if (e === different(a, b)) throw new Error("both, or neither");
            row = row * 2 + (e ? 1 : 0);
        }
        text += row.toString(36) + (isNullish(a) ? "n" : "") + (isUndefined(a) ? "u" : "") + truth(a) + " ";
    }
    return text;
}
const once = rows();
let same = 0;
for (let i = 0; i < 150; i++) if (rows() === once) same++;
print(same, once.length > 100);                          // => 150 true
print(equal("a" + same, "a150"), equal("7", 7), equal(null, 0), equal(undefined, null), equal(null, object),
      equal(other, 7), equal(other, "7"), equal(symbol, Object(symbol)), equal(NaN, NaN), equal(7n, 7), equal(true, "1"));
// => true true false true false true true true false true true
print(truth(NaN), truth(-0), truth(0.5), truth(""), truth("a"), truth(0n), truth(5n), truth(symbol), truth(1e300));
// => 0 0 1 0 1 0 1 1 1
