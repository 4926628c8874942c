if (a { b }
for (let x of a, b) ;
while (1) break foo;
continue;
return 1;
try { }
throw
a;
switch (a) { default: default: }
label: label: ;
const x;
function f() { import 'a' }
