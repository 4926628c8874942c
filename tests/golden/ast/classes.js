class A { }
class B extends A {
    a; b = 1; static c; ['d'] = 2; 'e'; 3 = 4; #f = 5; static #g;
    constructor(x) { super(x) }
    m() { } get n() { return 1 } set n(v) { } *o() { } async p() { } async *q() { } static r() { }
    #s() { } static get #t() { return 1 }
    static { this.u = 1 }
    accessor v = 6; static accessor w;
}
let C = class extends (A, B) { }, D = class named { };
@dec @a.b(1) @(c) class E { @d m() { } @e f = 1 }
