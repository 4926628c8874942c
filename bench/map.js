// Map and Set with numbers, strings and objects for keys.
function run(n) {
    const byNumber = new Map(), byText = new Map(), objects = new Set();
    for (let i = 0; i < n; i++) {
        byNumber.set(i * 7 % n, i);
        byText.set("key" + i % 1000, i);
        if (i % 4 === 0) objects.add({ i });
    }
    let sum = 0;
    for (const [key, value] of byNumber) sum = (sum + key * value) % 1000003;
    for (const o of objects) sum = (sum + o.i) % 1000003;
    for (let i = 0; i < n; i += 2) byNumber.delete(i);
    return sum + byNumber.size + byText.get("key7");
}
print(run(300000));
