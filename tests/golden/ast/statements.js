;
{ a; b }
if (a) b; else if (c) d; else e
if (a) function f() {}
for (;;) break
for (var i = 0, j = 1; i < j; i++, j--) continue
for (let k in o) ;
for (var x = 1 in o) ;
for (x.y of z) ;
while (a) b
do a; while (b)
a: for (;;) { b: while (1) { break a; continue b } }
switch (a) { case 1: b; case 2: default: c }
try { a } catch { b } finally { c }
with (a) b
throw a
debugger
let l, m = 1
const n = 2
{ using o = p, q = r }
async () => { await using s = t; for (await using u of v) ; }
