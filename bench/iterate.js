// Generators, for-of, destructuring and spreading.
function* upTo(n) {
    for (let i = 0; i < n; i++) yield i;
}
function run(n) {
    let sum = 0;
    for (const i of upTo(n)) sum = (sum + i) % 1000003;
    const pairs = Array.from({ length: 1000 }, (_, i) => [i, { value: i, rest: 1 }]);
    for (let round = 0; round < n / 5000; round++) {
        for (const [key, { value, ...others }] of pairs) sum = (sum + key + value + others.rest) % 1000003;
        sum += Math.max(...[1, 2, ...[3, 4]]);
    }
    return sum;
}
print(run(1000000));
