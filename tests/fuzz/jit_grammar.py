# SPDX-License-Identifier: MIT
"""jit_grammar.py - the random programs of jit_fuzz.py."""
import random
import re

from jit_forms import EDGES, FORMS, PLAIN, TEXTS

FUNCTIONS = 8

HEAD = r"""
let fuel = 1;
const turn = () => { if (--fuel < 0) throw 'fuel' };
const cap = v => typeof v === 'string' && v.length > 80 ? v.slice(0, 20) : typeof v === 'bigint'
    ? BigInt.asIntN(64, v) : v;
const few = n => { n = Math.abs(n) % 7; return n === n ? n | 0 : 3 };
class Base { constructor(v) { this.v = v } get w() { return this.v } set w(x) { this.v = x }
    m(x) { return this.v + x } }
class Sub extends Base { #p = 7; static s = 3; f = this.#p;
    constructor(v, u) { super(v); this.u = u } m(x) { return super.m(x) + this.#p++ }
    get #g() { return this.v } set #g(x) { this.v = x } both(x) { this.#g = x; return [this.#g, this.#g += 1] }
    static t(x) { return x in this } }
function* three(a) { try { const got = yield a; yield got; yield [a, got] } finally { turn() } }
const makes = [() => ({}), () => ({ p: 1, q: 'q' }), () => ({ q: 2, p: 0.5 }), () => [], () => [1, 2.5, 'x'],
    () => [, 1, , -0], () => new Base(5), () => new Sub(-1, 'u'), () => new Map([[1, 2], ['p', 'q']]),
    () => x => x, () => Object.freeze({ p: 1 }), () => ({ get p() { turn(); return 4 }, set p(v) { this.q = v } }),
    () => new Float64Array(4), () => new Int8Array([1, -2, 300]), () => ({ valueOf() { turn(); return 17 } }),
    () => ({ toString() { return 'str' }, p: NaN }), () => ({ __proto__: { p: 'inherited', 0: 'zero' } }),
    () => new Proxy({ p: 8 }, {}), () => ({ [Symbol.toPrimitive]() { throw new RangeError('prim') } }),
    () => (function () { return arguments })(1, 'two', 3)];
const bytes = new Uint8Array(5), clamped = new Uint8ClampedArray(5), shorts = new Int16Array(5),
    words = new Uint32Array(5), floats = new Float64Array(5), singles = new Float32Array(5),
    longs = new BigInt64Array(5);
const E = [0, 1, -1, 2, 7, -0, 0.5, -1.5, 2147483647, -2147483648, 2147483648, 1073741824, -1073741825, 4294967295,
    4294967296, 65536, 46341, 9007199254740991, -9007199254740993, 1e300, -1e300, 5e-324, NaN, Infinity, -Infinity, 31,
    32, 33, -31, '', '0', 'abc', '-1', ' 12 ', '1e3', 'p', 'é\u2028', true, false, null, undefined, 3n, -5n,
    Symbol.iterator];
Array.prototype.toString = function () { turn(); return `[${this.length}]` };
function text(v, deep) {
    switch (typeof v) {
    case 'boolean': return String(v);
    case 'number': return Object.is(v, -0) ? '-0' : String(v);
    case 'string': return JSON.stringify(v);
    case 'bigint': return v + 'n';
    case 'symbol': case 'undefined': return String(v);
    case 'function': return 'fn ' + v.name;
    }
    if (v === null || deep > 2) return v === null ? 'null' : '..';
    if (v instanceof Error) return v.name + ': ' + v.message;
    let s = '', n = 0;
    for (const k of Reflect.ownKeys(v)) {
        if (++n > 8) break;
        let d = Object.getOwnPropertyDescriptor(v, k);
        s += String(k) + (d.get ? ':get,' : ':' + text(d.value, (deep | 0) + 1) + ',');
    }
    return Object.prototype.toString.call(v) + '{' + s + '}';
}
let said = '';
const say = v => { said += text(v) + '\n' };
function drive(name, f, times) {
    said = '';
    for (let i = 0; i < times; i++) {
        fuel = 60;
        const pick = k => (k = (i * k + i) % (E.length + makes.length), k < E.length ? E[k] : makes[k - E.length]());
        try { say(f(pick(1), pick(3), pick(7))) } catch (e) { say(e) }
    }
    console.log(name + '\n' + said);
}
"""

PART = re.compile(r"\$([A-Za-z0-9])")


class Writer:
    """One function. `numbers` are variables that hold numbers alone, `others` hold anything."""

    def __init__(self, rng, index):
        self.rng, self.index = rng, index
        self.numbers, self.others, self.labels = ["n0", "n1"], ["a", "b", "c"], []
        self.depth = self.made = 0
        self.is_generator = self.is_async = False

    def form(self, name, d):
        """A form of that name with its parts drawn; $1 and $2 are new variables, $i a new number."""
        new = {}
        return PART.sub(lambda match: self.part(match.group(1), d, new), self.rng.choice(FORMS[name]))

    def part(self, letter, d, new):
        if letter in PLAIN:
            return self.rng.choice(PLAIN[letter])
        if letter in "12i":
            if letter not in new:
                self.made += 1
                new[letter] = "%s%d" % ("i" if letter == "i" else "x", self.made)
                (self.numbers if letter == "i" else self.others).append(new[letter])
            return new[letter]
        draw = {
            "n": lambda: self.number(d - 1), "c": lambda: self.condition(d - 1), "a": lambda: self.any(d - 1),
            "0": lambda: self.any(0), "o": lambda: self.rng.choice(self.others),
                "v": lambda: self.rng.choice(self.numbers),
            "w": lambda: self.rng.choice(self.numbers[:2]), "k": lambda: self.form("KEYS", d - 1),
            "p": lambda: self.form("PLACES", d - 1), "e": lambda: self.form("ELEMENTS", d - 1),
            "r": lambda: self.form("READS", d - 1),
                "O": lambda: self.form("OBJECTS", d - 1),
            "F": lambda: self.form("CALLS", d - 1), "f": lambda: self.call(d), "b": self.block, "s": self.statement,
            "L": self.loop, "J": self.jump, "Y": lambda: self.wait(d),
        }
        return draw[letter]()

    def number(self, d):
        if d > 0 and self.rng.randrange(4):
            return self.form("NUMBERS", d)
        if self.rng.randrange(3):
            return self.rng.choice(self.numbers)
        return self.rng.choice(EDGES) if self.rng.randrange(3) else str(self.rng.randrange(99))

    def condition(self, d):
        return self.form("CONDITIONS", d) if d > 0 else self.rng.choice(self.others)

    def any(self, d):
        if d > 0:
            return self.form("ANYTHING", d)
        kind = self.rng.randrange(8)
        if kind < 5:
            return self.rng.choice(self.others)
        if kind == 5:
            return self.number(0)
        return self.rng.choice(TEXTS + ["null", "undefined", "true", "3n", "E[few(n1)]"])

    def call(self, d):
        if not self.index:
            return self.any(d - 1)
        arguments = ", ".join(self.any(d - 1) for _ in range(self.rng.randrange(5)))
        return "f%d(%s)" % (self.rng.randrange(self.index), arguments)

    def wait(self, d):
        if not self.is_generator and not self.is_async:
            return self.any(0)
        return "(%s %s)" % ("yield" if self.is_generator else "await", self.any(d - 1))

    def jump(self):
        if not self.labels:
            return "n1 = few(n0)"
        return self.rng.choice(["break", "continue", "break " + self.rng.choice(self.labels),
                                "continue " + self.rng.choice(self.labels)])

    def scoped(self, draw):
        """What is declared in there is not known behind it."""
        numbers, others = len(self.numbers), len(self.others)
        text = draw()
        del self.numbers[numbers:], self.others[others:]
        return text

    def block(self):
        self.depth += 1
        text = self.scoped(lambda: " ".join(self.statement() for _ in range(self.rng.randint(1, 3))))
        self.depth -= 1
        return "{ %s }" % text

    def loop(self):
        if len(self.labels) > 1:
            return "n0 = n0 + 1;"
        self.labels.append("L%d" % len(self.labels))
        text = self.scoped(lambda: self.form("WALKS" if self.rng.randrange(5) < 2 else "LOOPS", 2))
        return "%s: %s" % (self.labels.pop(), text)

    def statement(self):
        kind = self.rng.randrange(8)
        if kind < 2 and self.depth < 4:
            return self.form("BLOCKS", 2)
        if kind == 2:
            return self.form("PATTERNS" if self.rng.randrange(2) else "CLOSURES", 2)
        return self.form("STATEMENTS", 3)

    def guarded(self):
        """A statement after which the function usually goes on."""
        if not self.rng.randrange(4):
            return self.statement()
        return "try { %s } catch (e) { say(e) }" % self.scoped(self.statement)

    def function(self):
        kind = self.rng.randrange(10)
        self.is_generator, self.is_async = kind == 0, kind == 1
        strict = self.rng.choice(["'use strict'; ", "", "", ""])
        body = "\n    ".join(self.guarded() for _ in range(self.rng.randint(4, 10)))
        inner = "%sturn(); let n0 = few(b), n1 = %s;\n    %s\n    return [n0, n1, a, %s]" % (
            strict, self.rng.choice(EDGES), body, self.any(1))
        name = "f%d" % self.index
        if self.is_generator:
            return "function %s(a, b, c) { const all = []; for (const x of (function* () { %s }).call(this)) {\n" \
                   "    turn(); all.push(x); if (all.length > 6) break } return all }" % (name, inner)
        if self.is_async:
            return "function %s(a, b, c) { (async function () { %s })().then(say, say) }" % (name, inner)
        return "function %s(a, b, c) { %s }" % (name, inner)


def program(seed):
    """The functions, each with its call."""
    rng = random.Random(seed)
    parts = []
    for i in range(FUNCTIONS):
        times = rng.choice((8, 20, 65, 65, 200))
        parts.append("%s\ndrive('f%d', f%d, %d);" % (Writer(rng, i).function(), i, i, times))
    return parts
