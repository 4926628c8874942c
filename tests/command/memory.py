#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""memory.py - memory outside the heap is refused, at one request or from one on: a program ends as it does otherwise,
with an error that it could have caught, or told that there is no memory; it never crashes. Speaks TAP.

    memory.py [STEP]     refuse each STEP-th request (default: a few of each program, spread out)"""
import os
import re
import resource
import subprocess
import sys

sys.dont_write_bytecode = True
import _tap                                                # noqa: E402
from _tap import check                                     # noqa: E402

US = os.environ["ULTRASCRIPT"]
RUNS = 8                                                   # of each program and way

PROGRAMS = {
    "objects": "const o = {}; for (let i = 0; i < 300; i++) o['k' + i] = { i }; print(Object.keys(o).length)",
    "arrays": "const a = []; for (let i = 0; i < 3000; i++) a.push([i]); "
              "a.sort((x, y) => y[0] - x[0]); print(a.length)",
    "strings": "let s = ''; for (let i = 0; i < 500; i++) s += i.toString(36) + 'é€'; "
               "print(s.toUpperCase().normalize().split('€').map(x => x.padStart(9)).join('-').length, "
               "encodeURIComponent(s).length)",
    "maps": "const m = new Map(), w = new WeakMap(); for (let i = 0; i < 900; i++) { const k = { i }; m.set(k, i); "
            "w.set(k, k) } print(m.size)",
    "patterns": "print('a1b22c333'.replace(/[a-z](\\d+)(?=b|c|$)/gi, '<$1>'), /(?<x>a+)+$/u.exec('aaa').groups.x, "
                "'x'.repeat(2000).match(/(?:(x)|y)*?$/).length, new RegExp('(a|b)*?c{2,9}', 'v').test('abcc'))",
    "JSON": "const t = JSON.stringify(Array.from({ length: 300 }, (_, i) => ({ i, s: 'é' + i, n: [[[i]]] }))); "
            "print(JSON.stringify(JSON.parse(t, (k, v) => v), null, 1).length)",
    "buffers": "const u = new Uint8Array(5000).map((_, i) => i); print(Uint8Array.fromBase64(u.toBase64()).length, "
               "new Float64Array(u).sort().length, structuredClone(u).length, u.buffer.transfer(9000).byteLength)",
    "numbers": "print((3n ** 900n).toString().length, BigInt('0x' + 'f'.repeat(900)) % 12345678901n, "
               "(1e21 / 7).toString(3), parseFloat('1.' + '123456789'.repeat(40)), "
               "new Date(0).toLocaleString('en-US').length)",
    "large numbers": "const a = 3n ** 200000n, b = a * a; print((b * b / a % (a + 1n)).toString().length, "
                     "BigInt('0x' + 'f'.repeat(200000)) * a > b, BigInt('7'.repeat(20000)) % 1000003n)",
    "code": "eval('let q = 1; ' + 'q += 1; '.repeat(300)); print(new Function('a', 'b', 'return a + b')(1, 2)); "
            "class A { #x = 1; get x() { return this.#x } static { this.y = 2 } } "
            "class B extends A {} print(new B().x, B.y)",
    "generators": "function* f() { for (let i = 0; i < 30; i++) yield i } print([...f()].length); "
                  "(async () => { for await (const x of f()) await x; print('done') })(); "
                  "setTimeout(() => print('later'), 1)",
    "goroutines": "const c = new Channel(2), square = x => x * x; let n = 0; "
                  "const w = n => { for (let i = 0; i < n; i++) { c <- { i }; } c.close() }; go w(50); "
                  "for (const v of c) n += v.i; print(n, await Promise.all([1, 2, 3].map(x => go square(x))))",
    "errors": "const deep = n => n ? deep(n - 1) : null.x; try { deep(500) } catch (e) { print(e.stack.length > 50) } "
              "console.log({ a: [new Map([[1, { b: new Set([2]) }]])] }, new Error('e').message)",
}
CATCHING = "try { %s } catch (e) { print(`caught ${e.name}`) }"
ENDS = ("RangeError", "fatal: out of memory (", "ultrascript: ", "Uncaught")


def run(code, debug, limit_bytes=0):
    def bound():
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if limit_bytes:
            resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))
    try:
        done = subprocess.run([US, "--procs=2", "-e", code], capture_output=True, text=True, timeout=60,
                              errors="replace", preexec_fn=bound, env={**os.environ, "US_DEBUG": debug})
    except subprocess.TimeoutExpired:
        return -99, "", "timed out"
    return done.returncode, done.stdout, done.stderr


def requests(code):
    """How often the program asks for memory, about: from so many on, refusing changes nothing."""
    plain, low, high = run(code, "")[:2], 0, 1 << 8
    while run(code, "failalloc=%d" % high)[:2] != plain and high < 1 << 24:
        low, high = high, high * 2
    while high - low > 8:
        middle = (low + high) // 2
        low, high = (low, middle) if run(code, "failalloc=%d" % middle)[:2] == plain else (middle, high)
    return high


def is_told(got, plain):
    status, out, err = got
    if got[:2] == plain[:2]:
        return True
    return status == 1 and any(text in err for text in ENDS) or status == 0 and "caught RangeError" in out


def test_sweep(name, code, first, step):
    plain = run(code, "")
    check("%s: runs" % name, plain[0] == 0 and plain[2] == "", plain)
    most = max(requests(code), first + 1)
    for way in ("failonce", "failalloc"):
        bad = []
        for n in range(first, most, step or max(1, (most - first) // RUNS)):
            got = run(code, "%s=%d" % (way, n))
            if not is_told(got, plain):
                bad.append((n, got))
        check("%s: %s from %d to %d" % (name, way, first, most), not bad, bad[:3])


def test_large():
    """What is large is refused with an error that is caught, and the program goes on."""
    for name, code in (
            ("eval", "const s = ' '.repeat(4e8); eval(s)"),
            ("a function", "new Function(' '.repeat(4e8))"),
            ("text to bytes", "new TextEncoder().encode('é'.repeat(3e8))"),
            ("base64", "Uint8Array.fromBase64('AAAA'.repeat(9e7))"),
            ("a name", "require('x'.repeat(4e8))"),
            ("buffers", "const a = []; for (;;) a.push(new ArrayBuffer(5e7))")):
        got = run("try { %s; print('done') } catch (e) { print(e.name) } print('on')" % code, "", 1500 << 20)
        told = got[:2] in ((0, "RangeError\non\n"), (0, "done\non\n"), (0, "Error\non\n"), (0, "SyntaxError\non\n"))
        check("large: %s" % name, told, (got[0], got[1][:200], got[2][:200]))
    got = run("let n = 0; for (let i = 0; i < 200; i++) n += new ArrayBuffer(3e7).byteLength; print(n)", "", 1500 << 20)
    check("dead buffers give their memory back in time", got == (0, "6000000000\n", ""), got)


def main():
    step = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    first = requests("0")
    test_sweep("the beginning", "print(1)", 1, step)
    for name, code in PROGRAMS.items():
        test_sweep(name, CATCHING % code if name in ("objects", "JSON", "buffers") else code, first, step)
    test_large()
    _tap.finish()


main()
