// An instruction that wants the value before it in a register has an entry in machine code only where one is needed.
function joined(flag, o) { return (flag ? o.x : o.y).z; }
function falling(n, o) {
    let v = o, seen = 0;
    switch (n) {
    case 0: v = o.x;
    case 1: v = v.z;
    case 2: v = v + 1; seen++;
    case 3: v = [v]; seen++;
    case 4: v = v.length; seen++;
    case 5: return seen + ":" + v;
    }
    return "none";
}
function walk(list) {
    let sum = 0;
    for (let at = list; at; at = at.next) sum += at.value.of;
    return sum;
}
function thrown(o) {
    try { return o.x.z.q.r; } catch (e) { return e.constructor.name.length; } finally { o.done.z; }
}
function* steps(o) { while (true) (yield o.x).z; }
const odd = { get z() { return 3; } }, o = { x: { z: 1 }, y: { z: 2 }, done: odd, z: { length: 7 } };
const others = [o, { y: odd, x: odd, done: odd, z: 1 }, Object.create(o)];
for (let i = 0; i < 300; i++) {
    const p = others[i % 3];
    joined(i & 1, p); falling(i % 7, p); thrown(p);
}
print(others.map(p => joined(true, p) + joined(false, p)).join());            // => 3,6,3
print([0, 1, 2, 3, 4, 5, 6].map(n => falling(n, o)).join());
// => 3:1,3:1,3:1,2:1,1:undefined,0:[object Object],none
print(walk({ value: { of: 1 }, next: { value: { of: 2 }, next: { get value() { return { of: 3 }; } } } }));   // => 6
print(thrown(o), thrown(others[1]));                                          // => 9 9
const it = steps(o);
it.next();
print(it.next({ z: 1 }).value === o.x);                                       // => true
