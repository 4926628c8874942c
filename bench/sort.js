// Sorting: by a comparison function, by default, and by hand.
function random(seed) {
    return () => (seed = (seed * 1103515245 + 12345) % 2147483648);
}
const next = random(42);
const numbers = Array.from({ length: 200000 }, next);
const byValue = numbers.slice().sort((a, b) => a - b);
const byText = numbers.slice(0, 50000).sort();
function quick(a, low, high) {
    while (low < high) {
        const pivot = a[(low + high) >> 1];
        let i = low, j = high;
        while (i <= j) {
            while (a[i] < pivot) i++;
            while (a[j] > pivot) j--;
            if (i <= j) {
                const t = a[i];
                a[i++] = a[j];
                a[j--] = t;
            }
        }
        quick(a, low, j);
        low = i;
    }
}
const byHand = numbers.slice();
for (let i = 0; i < 5; i++) {
    quick(byHand, 0, byHand.length - 1);
    for (let k = 0; k < byHand.length; k += 3) byHand[k] = numbers[k];
}
print(byValue[1000] + byText[1000] + byHand[1000]);
