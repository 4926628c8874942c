// Elements of arrays: a sieve, then push, pop and the methods that call back.
function sieve(n) {
    const composite = new Array(n + 1).fill(false);
    let found = 0;
    for (let i = 2; i <= n; i++) {
        if (composite[i]) continue;
        found++;
        for (let j = i * 2; j <= n; j += i) composite[j] = true;
    }
    return found;
}
function stack(n) {
    const a = [];
    for (let i = 0; i < n; i++) a.push(i * 3);
    let sum = a.map((x) => x + 1).filter((x) => x % 2 === 0).reduce((x, y) => (x + y) % 1000003, 0);
    while (a.length > 0) sum = (sum + a.pop()) % 1000003;
    return sum;
}
print(sieve(2000000) + stack(600000));
