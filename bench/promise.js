// Awaiting: a chain of async functions and a crowd of promises.
async function step(i) {
    await null;
    return i & 3;
}
async function run(n) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += await step(i);
    const all = await Promise.all(Array.from({ length: n / 10 }, (_, i) => step(i)));
    return sum + all.length;
}
run(200000).then(print);
