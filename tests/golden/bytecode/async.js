async function load(p) { const v = await p; return v }
function* count(n) { while (n > 0) { const r = yield n--; if (r) return r } }
class A extends B { #p = 1; static s = 2; m(...r) { super.m(...r); return this.#p } }
