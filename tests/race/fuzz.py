#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""fuzz.py - random programs whose goroutines use the same objects at once, and lose nothing.

    fuzz.py --us PROGRAM [--seconds N] [--seed N]

Each goroutine writes rising values to places of its own inside shared objects, and puts values of its own into shared
collections, in an order drawn from the seed; it must read back what it wrote, and at the end every value put in was
taken out once or is still there. Runs with random --procs and US_DEBUG. A failure is printed with its program.
"""
import argparse
import os
import random
import signal
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
sys.dont_write_bytecode = True
from runner import process                                 # noqa: E402

MODES = ("", "", "verify", "share=all,verify", "preempt=every", "gcstress=211,verify,poison", "gcstress=1009,share=all",
         "stackstress", "seed=%d")

HEAD = """const must = (c, what) => { if (!c) throw new Error(what) }
const arrived = { n: 0 }, put = [], got = [], N = %d
const o = {}, named = Object.create(null), a = new Array(N).fill(0), m = new Map(), s = new Set(), stack = []
const bag = new Map()
const ch = make(chan any, 32768), total = { n: 0 }, typed = new Float64Array(N)
let boxed = 0
"""

# Own places. `id` is the goroutine, `i` rises.
OWN = (
    "o['g' + id] = i; must(o['g' + id] === i, 'o')",
    "o['g' + id + i % 9] = i; must(o['g' + id + i % 9] === i, 'o k')",
    "delete o['d' + id]; o['d' + id] = i; must(o['d' + id] === i, 'o d')",
    "named['x' + id] = i; must(named['x' + id] === i, 'named'); delete named['y' + i % 20 + id]",
    "Object.defineProperty(o, 'p' + id, { value: i, configurable: true, writable: i % 2 > 0 });"
    "must(o['p' + id] === i, 'p')",
    "a[id] = i; must(a[id] === i, 'a')",
    "a[N + i % 50] = 1; a[id] = -i; must(a[id] === -i, 'a grown'); if (i % 40 === 0) a.length = N",
    "a[3000 + i % 5] = 1; a[id] = i; must(a[id] === i, 'a sparse'); if (i % 10 === 0) a.length = N",
    "m.set('k' + id, i); must(m.get('k' + id) === i, 'm')",
    "m.delete('e' + id); m.set('e' + id, i); must(m.get('e' + id) === i && m.has('e' + id), 'm e')",
    "s.add(id * 1e6 + i); must(s.has(id * 1e6 + i), 's'); must(s.delete(id * 1e6 + i), 's delete')",
    "typed[id] = i; must(typed[id] === i, 'typed')",
    "atomic total.n++; up++",
    "atomic boxed++; upBoxed++",
    "for (const k in o) if (k === 'g' + id) must(o[k] <= i, 'for in')",
    "must(JSON.stringify({ v: o['g' + id] }) === JSON.stringify({ v: o['g' + id] }), 'JSON')",
    "for (const [k, v] of m) if (k === 'k' + id) must(v <= i, 'walk')",
    "Object.keys(o); a.slice(0, 3); a.includes(i); [...s].length",
)
PUT = ("stack.push(v)", "stack.unshift(v)", "stack.splice(stack.length >> 1, 0, v)", "bag.set(v, v)", "ch <- v")
TAKE = (
    "took(stack.pop())", "took(stack.shift())", "took(stack.splice(0, 1)[0])", "stack.reverse()",
    "for (const k of bag.keys()) { if (bag.delete(k)) took(k); break }",
    "select { case const v = <-ch: took(v); default: ; }",
)


def program(rng):
    goroutines, turns = rng.randint(2, 5), rng.choice((50, 200, 600))
    lines = [HEAD % goroutines, "function body(id) {", "    let up = 0, upBoxed = 0, next = 0",
             "    const took = v => { if (v !== undefined) got[id].push(v) }",
             "    atomic arrived.n++", "    while (arrived.n < N) runtime.go.yield()",
             "    for (let i = 1; i <= %d; i++) {" % turns]
    for _ in range(rng.randint(2, 9)):
        kind = rng.random()
        if kind < 0.5:
            text = rng.choice(OWN)
        elif kind < 0.75:
            text = "const v = id * 1e6 + next++; put[id].push(v); " + rng.choice(PUT)
        else:
            text = rng.choice(TAKE)
        often = rng.choice(((1, 0), (1, 0), (2, 1), (3, 0), (7, 2)))
        lines.append("        if (i %% %d === %d) { %s }" % (*often, text))
    lines += ["    }", "    return [up, upBoxed]", "}",
              "for (let id = 0; id < N; id++) { put.push([]); got.push([]) }",
              "const ups = await Promise.all(Array.from({ length: N }, (_, id) => go body(id)))",
              "must(total.n === ups.reduce((n, u) => n + u[0], 0), 'total ' + total.n)",
              "must(boxed === ups.reduce((n, u) => n + u[1], 0), 'boxed ' + boxed)",
              "close(ch)", "const rest = [...stack, ...bag.keys()]", "for (const v of ch) rest.push(v)",
              "const all = put.flat().sort((x, y) => x - y).join()",
              "const out = got.flat().concat(rest).sort((x, y) => x - y).join()",
              "must(all === out, 'lost or doubled: ' + put.flat().length + ' in, '"
              " + (got.flat().length + rest.length) + ' out')",
              "print('ok')"]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--us", required=True)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    end, seed, failures, stops = time.monotonic() + options.seconds, options.seed, 0, []
    signal.signal(signal.SIGTERM, lambda *_: stops.append(True))
    while time.monotonic() < end and failures < 5 and not stops:
        rng = random.Random(seed)
        text, procs, debug = program(rng), rng.choice((1, 2, 2, 4)), rng.choice(MODES)
        debug = debug % seed if "%d" in debug else debug
        done = process.run([options.us, "--procs=%d" % procs, "-"], 60, {"US_DEBUG": debug}, stdin=text.encode())
        if done.status != 0 or done.out != "ok\n":
            failures += 1
            print("seed %d: --procs=%d US_DEBUG=%s: status %s\n%s\n%s" % (
                seed, procs, debug, done.status, "\n".join(done.story()), text), flush=True)
        seed += 1
    print("%d programs from seed %d on, %d failed" % (seed - options.seed, options.seed, failures))
    return failures > 0


if __name__ == "__main__":
    sys.exit(main())
