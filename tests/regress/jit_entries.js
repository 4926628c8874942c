// What machine code keeps in registers is taken from the frame by whoever comes another way.
function sums(n) {
    let ints = 0, doubles = 0.5, mixed = 0;
    for (let i = 0; i < n; i++) {
        ints = (ints + i) & 0xffff;
        doubles = doubles * 1.0001 + i;
        mixed = i % 7 == 3 ? doubles : ints + 1;
        mixed = mixed + (i & 1 ? 0.25 : 1);
    }
    return [ints, doubles | 0, mixed | 0].join();
}
print(sums(3000));                     // => 42052,4983856,4983857

// The slow half of an instruction goes on in the next one.
function add(a, b) { return a + b - 1; }
let last;
for (let i = 0; i < 500; i++) last = add(i, 1);
print(last, add(0x7fffffff, 1), add("7", 1), add(1.5, 2), add({ valueOf: () => 40 }, 3));
// => 499 2147483647 70 2.5 42

// A handler is entered from anywhere; missing and surplus arguments have their places.
function thrower(i) { if (i % 3 == 0) throw i; return i; }
function caught(n, unused, late) {
    let sum = 0;
    for (let i = 0; i < n; i++) {
        try { sum += thrower(i, 1, 2); } catch (e) { sum -= e; }
    }
    return sum + String(late) + arguments.length;
}
for (let i = 0; i < 200; i++) caught(3);
print(caught(10));                     // => 9undefined1

// NaN is not equal to itself, and no order holds.
function compare(a, b) { return [a < b, a <= b, a > b, a >= b, a === b, !(a < b), !(a >= b)].map(Number).join(""); }
for (let i = 0; i < 300; i++) compare(i, 2);
print(compare(NaN, 1), compare(1, 1.5), compare(-0, 0), compare(2, 2), compare("b", "a"), compare(NaN, NaN));
// => 0000011 1100001 0101110 0101110 0011010 0000011

// Built-ins done in place are what they were at the start, or what the program made of them.
function roots(a) { return [Math.sqrt(a), Math.abs(a), Math.abs(-a)].join(); }
for (let i = 0; i < 300; i++) roots(i + 0.25);
print(roots(2.25), roots(-4), roots("9"), roots(-0), roots(-2147483648));
// => 1.5,2.25,2.25 NaN,4,4 3,9,9 0,0,0 NaN,2147483648,2147483648
const abs = Math.abs;
Math.abs = (x) => "mine";
print(roots(4));                       // => 2,mine,mine
Math.abs = abs;

// Recursion deeper than the first stack moves the frames.
function depth(n) { return n == 0 ? 0 : 1 + depth(n - 1); }
for (let i = 0; i < 100; i++) depth(10);
print(depth(3000));                    // => 3000
