// What arithmetic computes is NaN with a sign on some processors; nobody may see that.
function divide(a, b) { return a / b; }
for (const nan of [divide(0, 0), divide(Infinity, Infinity), Infinity - divide(1, 0), -divide(0, 0), Math.sqrt(-1)]) {
    print(Number.isNaN(nan), [NaN, 1].includes(nan), [nan].includes(NaN), new Set([nan]).has(NaN), Object.is(nan, NaN));
// => true true true true true
}
// => true true true true true
// => true true true true true
// => true true true true true
// => true true true true true
