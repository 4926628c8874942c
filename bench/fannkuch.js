// Small integers in small arrays: how often the front of a permutation can be turned over until 0 comes first.
function flips(order, work) {
    for (let i = 0; i < order.length; i++) work[i] = order[i];
    let count = 0;
    for (let first = work[0]; first !== 0; first = work[0]) {
        for (let low = 0, high = first; low < high; low++, high--) {
            const kept = work[low];
            work[low] = work[high];
            work[high] = kept;
        }
        count++;
    }
    return count;
}
function advance(order, counts) {
    for (let i = 1; i < order.length; i++) {
        const front = order[0];
        for (let k = 0; k < i; k++) order[k] = order[k + 1];
        order[i] = front;
        if (++counts[i] <= i) return true;
        counts[i] = 0;
    }
    return false;
}
function fannkuch(n) {
    const order = [], work = [], counts = [];
    for (let i = 0; i < n; i++) {
        order.push(i);
        work.push(0);
        counts.push(0);
    }
    let most = 0, checksum = 0, sign = 1;
    do {
        const count = flips(order, work);
        if (count > most) most = count;
        checksum += sign * count;
        sign = -sign;
    } while (advance(order, counts));
    return checksum + " " + most;
}
print(fannkuch(9));
