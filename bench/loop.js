// Arithmetic on local variables: integers, bits and doubles.
function loop(n) {
    let sum = 0, bits = 1, x = 0.5;
    for (let i = 0; i < n; i++) {
        bits = (bits << 1) ^ (bits >>> 3) ^ i;
        sum = (sum + (bits & 1023)) | 0;
        x = x * 1.0000001 + 0.25;
    }
    return sum + Math.floor(x);
}
print(loop(15000000));
