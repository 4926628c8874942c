// Doubles in plain arrays, and calls: the spectral norm of an infinite matrix's corner.
function entry(i, j) {
    return 1 / ((i + j) * (i + j + 1) / 2 + i + 1);
}
function times(n, v, to) {
    for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += entry(i, j) * v[j];
        to[i] = sum;
    }
}
function timesTransposed(n, v, to) {
    for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += entry(j, i) * v[j];
        to[i] = sum;
    }
}
function norm(n) {
    const u = new Array(n).fill(1), v = new Array(n).fill(0), between = new Array(n).fill(0);
    for (let k = 0; k < 10; k++) {
        times(n, u, between);
        timesTransposed(n, between, v);
        times(n, v, between);
        timesTransposed(n, between, u);
    }
    let top = 0, bottom = 0;
    for (let i = 0; i < n; i++) {
        top += u[i] * v[i];
        bottom += v[i] * v[i];
    }
    return Math.sqrt(top / bottom);
}
print(norm(400).toFixed(9));
