function f(a, ...b, c) { }
(a, a) => 1;
function g(a = 1) { 'use strict' }
async function h(a = await b) { }
function* i() { (a = yield) => 1 }
function j() { await x }
({ get a(b) { } });
class A { constructor() { super() } }
class B { constructor() { } constructor() { } static prototype() { } #constructor }
