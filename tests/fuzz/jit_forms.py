# SPDX-License-Identifier: MIT
"""jit_forms.py - what the random programs of jit_grammar.py are made of."""

EDGES = """0 1 -1 2 3 -0 0.5 1.5 2147483647 -2147483648 2147483648 4294967295 1073741823 1e300 NaN Infinity -Infinity
31 33 46341 9007199254740991 5e-324 100""".split()
TEXTS = ["''", "'a'", "'p'", "'0'", "'1'", "'xyz'", "'-1'", "`${1}b`", "'\\u20ac'"]
BINARY = "+ - * / % & | ^ << >> >>>".split()
COMPARE = "< <= > >= == != === !==".split()
MATH = "abs floor ceil sqrt trunc round sign fround clz32 max min imul pow atan2".split()

# Forms, one a line. $x stands for a part that Writer.part draws.
NUMBERS = """
($n $B $n)
($n $B $n)
($n $B $n)
(- $n)
(~$n)
(+ $n)
Math.$M($n, $n)
($c ? $n : $n)
$v++
++$v
$v--
--$v
($v $A= $n)
('' + $n).length
('' + $n).charCodeAt(n0)
('' + $n).indexOf('1')
few($n)
"""
CONDITIONS = """
$n $C $n
$n $C $n
$o
$a $C $a
($c && $c)
($c || $c)
!($c)
typeof $0 === 'number'
typeof $0 != 'object'
('$N' in Object($0))
($k in Object($0))
($0 instanceof Base)
($0 instanceof Array)
"""
OBJECTS = """
makes[few($n) * 3 % makes.length]()
makes[few($n)]()
$o
{ $N: $a, q: $a }
{ ...$0, [$k]: 1 }
[...'ab', ...[$a], , 3]
new Sub($a, $n)
new Base($n)
[1, $n, 3]
"""
CALLS = """
$f
$f
$f
$o?.m?.($0)
$o($0)
Sub.t($0)
[...three($0)]
new Sub($0).m(1)
Math.max(...[$n, $n])
$o.push?.($0)
$o.at?.($n)
[$n, 2, 3].map((x, i) => x + $n)
[3, 1, $n].sort((x, y) => x - y)
[1, 2, 3].reduce((x, y) => x $B y)
String($0)
new Map([[$0, 1]]).get($0)
((x) => x ?? $0)($a)
(function () { return arguments[$n] })($a, $0)
((x = $0, ...y) => y.length)($a, $0)
three.call($0, $a)?.next?.().value
(function (x, y) { return [this ?? 1, x, y].length }).apply($0, [$a, $n])
Reflect.apply((...x) => x[$n % 3], $0, [$a, $0, $n])
((x, y, ...z) => cap(z.length + x))(...[$n, $0].concat($o))
((...y) => Math.max(...y))($n, $n)
((x, ...y) => x($0, ...y))((x, y, z) => [x, cap(y), z], $a, $0)
(function (x) { x = $0; return [arguments.length, arguments[$n], arguments[0], x] })($a, $0)
(function () { let s = 0; for (let i = 0; i < arguments.length; i++) s = cap(s + arguments[i]); return s })($n, $0)
new Sub($n).both($0)
((x, y) => { turn(); return cap(x + y) }).bind(null, $n)($n)
new (class extends Sub {})(...[$0, $n])
new (Sub.bind(null, $0))($n)
Function.prototype.call.call((x) => { if (x > 1) throw x; return x }, null, $n)
(() => { try { return $a } finally { $v++ } })()
"""
ANYTHING = """
$o
$o
$n
cap($a $A $a)
cap($a $A $a)
($O)
($O)
$r
$r
$r
$F
$F
($c)
($a && $0)
($a || $0)
($a ?? $0)
$o?.$N
$Y
typeof $a
`<${$0}>`
($0, $a)
arguments.length
$p++
-- $p
$e++
($e $A= $n)
($e = $0)
($p = $a)
void $a
(n0 = few(n0), $a)
"""
KEYS = """
'$N'
few($n)
$n
$0
$v
"""
PLACES = """
$o.$N
$o['$N']
$o[few($n)]
$o[few($v)]
$o.p
$o[$T]
$o[$n % 50]
"""
ELEMENTS = """
bytes[few($n)]
clamped[few($v)]
shorts[few($v)]
words[few($n)]
words[2]
floats[few($v)]
singles[few($n)]
longs[few($n)]
"""
READS = """
$e
$e
('' + $0)[few($n)]
`$T${$n}`[few($v)]
$o.$N
$o.length
$o[$k]
$o[$k]
$o[few($v)]
$o.p
$o[$v]
"""
PATTERNS = """
let [$1 = 1, ...$2] = $a;
let [, $1, $2 = $0] = $a;
let { p: $1, q: $2 = 2 } = $a;
let { length: $1, ...$2 } = $a;
let { v: { p: $1 } = {}, [$T]: $2 } = $a;
"""
CLOSURES = """
let $1 = (x = $n) => { turn(); $w += 1; return cap(x + $w) };
let $1 = function (...rest) { turn(); return rest.length + (this === undefined) + arguments.length };
let $1 = { m(x) { return $w = few(x * 2) }, p: $0 };
let $1 = []; for (let i = 0; i < 3; i++) $1.push(() => i++ + $w);
let $1 = class extends Base { m(x) { return super.m($0) } get z() { return $w } };
let $1 = $a;
const $1 = $a;
var $1 = $a;
"""
STATEMENTS = """
$w = $n;
$w = $n;
$w $B= $n;
$w $B= $n;
$o = $a;
$p = $a;
$p = $a;
$o $A= $a; $o = cap($o);
$p $A= $0; $p = cap($p);
$p ??= $a;
$p ||= $0;
say($a);
delete $p;
say(delete $p);
$o.length = few($n);
if ($c) throw $a;
if ($c) return $a;
if ($c) $J;
[$p, $w] = [$w, few($n)];
({ p: $p, $N: $p } = $O);
"""
BLOCKS = """
if ($c) $b
if ($c) $b else $b
if ($c) $b else $b
$L
$L
$L
try $b catch (e) { say(e); $s }
try $b catch $b finally $b
try $b finally $b
switch ($a) { case $E: $b case $T: $b break; case $E: case 'p': $b default: $b }
switch (few($n)) { case 0: $b break; case 1: $b case 2: $b break; case 4: $b }
$b
"""
LOOPS = """
for (let $i = $n, k$i = 0; k$i < $9; k$i++, $i += $E) $b
for (let $i = 0; $i < $9; $i++) { turn(); $b }
for (let $i = $9; $i--;) { turn(); $b }
for (let $i = $9; $i > 0; $i -= 1) { turn(); $b }
for (let $i = 0; $i < $9 && $c; $i++) { turn(); $b }
"""
WALKS = """
for (let $1 of [$0, $n, 3]) { turn(); $s $s }
for (let $1 of 'xyz') { turn(); $s }
for (let $1 of three($0)) { turn(); $s $s }
for (let $1 of new Set([1, $n, 1])) { turn(); $s }
for (let $1 of $o) { turn(); $s }
for (let [$1, $2] of new Map([[1, $0], ['p', 2]])) { turn(); $s $s }
for (let $1 in $o) { turn(); $s }
for (let $1 in { p: 1, ...$0 }) { turn(); $s }
"""
FORMS = {name: globals()[name].strip().split("\n") for name in (
    "NUMBERS", "CONDITIONS", "OBJECTS", "CALLS", "ANYTHING", "KEYS", "PLACES", "ELEMENTS", "READS", "PATTERNS",
    "CLOSURES", "STATEMENTS", "BLOCKS", "LOOPS", "WALKS")}
PLAIN = {"B": BINARY, "A": [op for op in BINARY if op != "<<"], "C": COMPARE, "M": MATH, "E": EDGES, "T": TEXTS,
         "N": "p q v w u f m".split(), "9": list("1234567")}
