// A negative index is no element of a view with more than 2^31 of them: as a property, at sites that have met shorter
// views before, and at sites that have met arrays.
const forms = [
    (v, i) => v[i],
    (v, i) => { v[i] = 9; return v[i] },
]
const views = forms.map(f => eval(`(${f})`)), arrays = forms.map(f => eval(`(${f})`))
const long = new Uint8Array(2.2e9), short = new Uint8Array(8), array = [1, 2, 3]
const negative = -2.1e9, place = 2 ** 32 + negative
long[place] = 7
for (let i = 0; i < 300; i++) {
    for (const f of views) f(short, 3)
    for (const f of arrays) f(array, 1)
}
print(views.map(f => f(long, negative)).join(), arrays.map(f => f(long, negative)).join())         // => , ,
print(long[place], long[negative], short[negative], views[0](long, place), arrays[0](long, place)) // => 7 undefined undefined 7 7
