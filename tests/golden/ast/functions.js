function f(a, b = 1, { c, d: [e] = [] }, ...g) { return a }
function s(a) { 'directive'; 'use strict'; return a }
function* g() { yield; yield 1; yield* g() }
async function h() { await 1; for await (const a of b) ; }
async function* i() { yield await 1 }
(function () {}); (function named() {});
a => a; (a, b = 1, { c }, [d], ...e) => ({ a }); () => { return };
async a => await a; async (a, b) => {};
async(a, b);
f(function () {}, x => y => z);
