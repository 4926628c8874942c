let [a, , b = 1, [c], ...d] = e;
var { f, g: h, [i]: j = 2, 'k': { l }, ...m } = n;
[a.b, c[d], (e), { f = 1, g: h.i }, ...j] = k;
({ a, b: c = 1, ...d.e } = f);
for (const [k, v] of m) ;
for ({ a } in b) ;
try { } catch ({ message }) { }
