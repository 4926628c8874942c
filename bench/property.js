// Reading and writing properties: own, of a prototype, through getters, at sites of one shape and of four.
class Point {
    constructor(x, y) { this.x = x; this.y = y; }
    get length2() { return this.x * this.x + this.y * this.y; }
    move(dx) { this.x += dx; return this; }
}
const shapes = [{ a: 1, v: 1 }, { b: 1, v: 2 }, { c: 1, v: 3 }, { d: 1, v: 4 }];
function run(n) {
    const p = new Point(1, 2);
    let sum = 0;
    for (let i = 0; i < n; i++) {
        p.move(1);
        p.y = i & 7;
        sum = (sum + p.length2 + shapes[i & 3].v) % 1000003;
    }
    return sum;
}
print(run(3000000));
