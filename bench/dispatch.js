// Calls of methods of many classes, and of a superclass.
class Shape { constructor(n) { this.n = n; } area() { return this.n; } }
class Square extends Shape { area() { return super.area() * this.n; } }
class Circle extends Shape { area() { return 3 * this.n * this.n; } }
class Line extends Shape { area() { return 0; } }
class Pair extends Shape {
    constructor(a, b) { super(2); this.a = a; this.b = b; }
    area() { return this.a.area() + this.b.area(); }
}
function run(n) {
    const shapes = [new Square(2), new Circle(3), new Line(4), new Pair(new Square(1), new Circle(1)), new Shape(5)];
    let sum = 0;
    for (let i = 0; i < n; i++) sum = (sum + shapes[i % 5].area()) % 1000003;
    return sum;
}
print(run(3000000));
