// A constructor called with fewer arguments than it declares gave its last parameter instead of the new object.
function Point(x, y) { this.x = x; }
print(typeof new Point());      // => object
print(new Point(1).x);          // => 1
class Base { constructor(a, b, c) { this.sum = a; } }
class Derived extends Base { constructor(a, b) { super(a); } }
print(new Derived(5).sum);      // => 5
