// Timeout and Immediate objects; what clears them and what keeps a program running.
const never = setTimeout(() => print("never"), 1);
clearTimeout(never);
const number = setTimeout(() => print("never"), 2);
clearTimeout(+number);
const text = setTimeout(() => print("never"), 3);
clearInterval(`${text[Symbol.toPrimitive]()}`);
clearImmediate(setImmediate(() => print("never")));
clearTimeout(undefined), clearTimeout(null), clearTimeout({}), clearTimeout(1e9), clearTimeout("x");
setTimeout(() => print("never: the program ends before"), 100000).unref();
setInterval(() => print("never"), 100000).unref();
const back = setTimeout(() => print("ref again", back.hasRef()), 5).unref();
print(back.hasRef(), back.ref() === back, back.hasRef());
// => false true true
print(String(never).startsWith("["), typeof (never + 1), never.constructor.name, setImmediate(() => {}).constructor.name);
// => false number Timeout Immediate
for (const bad of [undefined, "code()", { a: 1 }, null, 5, Symbol("s"), 10n, new Map()])
    try { setTimeout(bad, 1); } catch (e) { print(e.name, e.code, e.message); }
// => TypeError ERR_INVALID_ARG_TYPE The "callback" argument must be of type function. Received undefined
// => TypeError ERR_INVALID_ARG_TYPE The "callback" argument must be of type function. Received type string ('code()')
// => TypeError ERR_INVALID_ARG_TYPE The "callback" argument must be of type function. Received an instance of Object
// => TypeError ERR_INVALID_ARG_TYPE The "callback" argument must be of type function. Received null
// => TypeError ERR_INVALID_ARG_TYPE The "callback" argument must be of type function. Received type number (5)
// => TypeError ERR_INVALID_ARG_TYPE The "callback" argument must be of type function. Received type symbol (Symbol(s))
// => TypeError ERR_INVALID_ARG_TYPE The "callback" argument must be of type function. Received type bigint (10n)
// => TypeError ERR_INVALID_ARG_TYPE The "callback" argument must be of type function. Received an instance of Map
const order = [];
for (const ms of [300, 100, 200, 0, -5, NaN, Infinity, 2 ** 31, undefined]) setTimeout((m) => order.push(m), ms, ms);
setTimeout(() => { print(order.join(" ")); first(); }, 500);
// => ref again true
// => 0 -5 NaN Infinity 2147483648  100 200 300
function first() {
    const self = setTimeout(function () { print(this === self, this.refresh() === this); this.close(); second(); }, 1);
}
// => true true
function second() {
    let runs = 0;
    const again = setTimeout(() => { if (++runs < 3) again.refresh(); else { print("refreshed", runs); third(); } }, 1);
}
// => refreshed 3
function third() {
    const i = setImmediate(() => { print("i clears j"); clearImmediate(j); }), j = setImmediate(() => print("never"));
    const a = setTimeout(() => { print("a clears b"); clearTimeout(b); fourth(); }, 1), b = setTimeout(() => print("never"), 100);
}
// => i clears j
// => a clears b
function fourth() {
    const many = [];
    for (let i = 0; i < 2000; i++) many.push(setTimeout(() => print("never"), 10000 + (i * 7919) % 500));
    for (const t of many) clearTimeout(t);
    setTimeout(() => print("done"), 1);
}
// => done
