// Sites that meet more shapes than they can list use the VM's table.
const objects = [];
for (let i = 0; i < 20; i++) {
    const o = i % 3 === 2 ? Object.create({ v: i, method() { return "p" + this.n; } })
        : { ["first" + i]: 0, v: i, method() { return "o" + this.n; } };
    for (let k = 0; k < i % 5 * 4; k++) o["more" + k] = k;
    o.n = i;
    objects.push(o);
}
function sum() {
    let s = 0;
    for (const o of objects) s += o.v;
    return s;
}
function names() {
    let s = "";
    for (const o of objects) s += o.method();
    return s;
}
function write(x) {
    for (const o of objects) o.n = x;
}
function absent() {
    let n = 0;
    for (const o of objects) if (o.missing === undefined) n++;
    return n;
}
let total = 0;
for (let i = 0; i < 200; i++) {
    total += sum() + absent();
    write(i);
}
print(total, objects.every((o) => o.n === 199));          // => 42000 true
for (let i = 0; i < 50; i++) { names(); write(i % 10); }
print(names());              // => o9o9p9o9o9p9o9o9p9o9o9p9o9o9p9o9o9p9o9o9

// Two names of one shape at sites that share their places in the table.
function both(o) { return o.v + ":" + o.n; }
let last = "";
for (let i = 0; i < 200; i++) for (const o of objects) last = both(o);
print(last);                                             // => 19:9

// What the table says of a prototype does not outlive it.
Object.getPrototypeOf(objects[2]).v = 1000;
print(sum());                                            // => 1188
Object.getPrototypeOf(objects[5]).missing = 1;
print(absent());                                         // => 19
Object.defineProperty(objects[0], "v", { get() { return 500; } });
print(sum());                                            // => 1688
Object.freeze(objects[1]);
write(77);
print(objects[1].n, objects[3].n);                       // => 9 77
