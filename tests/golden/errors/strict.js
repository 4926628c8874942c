'use strict';
with (a) b;
010;
eval = 1;
delete x;
var static, implements;
function f(a, a) { }
'\1';
