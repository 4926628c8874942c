// Making closures, calling them, and writing what they share.
function counter() {
    let n = 0;
    return { up: (by) => { n += by; return n; }, get: () => n };
}
const compose = (f, g) => (x) => f(g(x));
function run(n) {
    let sum = 0;
    const c = counter();
    const f = compose((x) => x + 1, (x) => x * 2);
    for (let i = 0; i < n; i++) {
        c.up(f(i) & 15);
        if ((i & 1023) === 0) sum += counter().up(i);
    }
    return (sum + c.get()) % 1000003;
}
print(run(4000000));
