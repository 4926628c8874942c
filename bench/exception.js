// Throwing through calls, catching, and finally.
function risky(i) {
    if (i % 3 === 0) throw i;
    return i;
}
function guarded(i) {
    try {
        return risky(i);
    } finally {
        steps++;
    }
}
let steps = 0, caught = 0, sum = 0;
for (let i = 0; i < 1500000; i++) {
    try {
        sum = (sum + guarded(i)) % 1000003;
    } catch (e) {
        caught = (caught + e) % 1000003;
    }
}
print(sum + caught + steps);
