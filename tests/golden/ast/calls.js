a.b; a[b]; a.if; a?.b.c; a?.[b]?.(c).d; (a?.b).c;
f(); f(1, ...a, b,); a.b(c).d[e](f);
new A; new A(1); new a.b().c; new (f());
function F() { return new.target }
import('a'); import('a', { with: {} }); import.defer('a'); import.source('b');
class A extends B {
    #p; m(o) { super.x; super[y]; this.#p; o?.#p; return #p in o }
    constructor() { super(1, ...a) }
}
