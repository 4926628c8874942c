// Elements of typed arrays: primes are marked in bytes, then counted by their last digits in 32-bit words.
function primes(most) {
    const composite = new Uint8Array(most + 1), digits = new Int32Array(10);
    for (let i = 2; i * i <= most; i++)
        if (composite[i] === 0) for (let k = i * i; k <= most; k += i) composite[k] = 1;
    for (let i = 2; i <= most; i++) if (composite[i] === 0) digits[i % 10]++;
    return digits;
}
let hash = 0;
for (let round = 0; round < 6; round++)
    for (const count of primes(2000000)) hash = (hash * 31 + count) | 0;
print(hash);
