#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""heap.py - limits and pacing from outside: what wants too much gets a RangeError and lives on; options and variables
of the environment set what they say. Speaks TAP."""
import os
import resource
import subprocess
import sys

sys.dont_write_bytecode = True
import _tap                                                # noqa: E402
from _tap import check                                     # noqa: E402

US = os.environ["ULTRASCRIPT"]

# Each wants more than the limit, in its own way.
GREEDY = {
    "objects": "let a = null; for (;;) a = { a }",
    "an array": "const a = []; for (let i = 0;; i++) a.push(i + 0.5)",
    "arrays of arrays": "const a = []; for (;;) a.push(new Array(1000).fill(a))",
    "a length": "new Array(2 ** 31).fill(1)",
    "a string": "let s = 'x'.repeat(1000); for (;;) { s += s; s.charCodeAt(1) }",
    "repeat": "'abc'.repeat(2 ** 28)",
    "join": "const s = 'x'.repeat(1 << 20), a = []; for (;;) { a.push(s); a.join('-') }",
    "a map": "const m = new Map(); for (let i = 0;; i++) m.set(i, { i })",
    "a set of strings": "const s = new Set(); for (let i = 0;; i++) s.add(`key ${i}`)",
    "a weak map": "const w = new WeakMap(), a = []; for (;;) { a.push({}); w.set(a.at(-1), a) }",
    "properties": "const o = {}; for (let i = 0;; i++) o[`p${i}`] = i",
    "a typed array": "new Float64Array(1 << 27)",
    "typed arrays": "const a = []; for (;;) a.push(new Uint8Array(1 << 20))",
    "a buffer that grows": "new ArrayBuffer(8, { maxByteLength: 2 ** 34 })",
    "a BigInt": "let n = 2n ** 1000n; for (;;) n *= n",
    "a shift": "1n << (1n << 40n)",
    "closures": "let f = () => 0; for (;;) { const g = f; f = () => g }",
    "recursion": "const f = n => [f(n + 1)]; f(0)",
    "spread": "let a = [1, 2, 3, 4]; for (;;) a = [...a, ...a]",
    "concat": "let a = [1, 2, 3, 4]; for (;;) a = a.concat(a)",
    "JSON": "JSON.parse('[' + '[1],'.repeat(3e6) + '0]')",
    "promises": "const a = []; for (;;) a.push(new Promise(() => {}))",
    "goroutines": "const c = new Channel(); for (let i = 0;; i++) { let big = [i, i]; go () => { <-c; big } }",
}


def run(*arguments, limit_bytes=0, **env):
    def bound():
        if limit_bytes:
            resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))
    done = subprocess.run([US, *arguments], capture_output=True, text=True, timeout=180, preexec_fn=bound,
                          env={**os.environ, **env})
    return done.returncode, done.stdout, done.stderr


def catching(code):
    return "try { (() => { %s })() } catch (e) { process.stdout.write(e.name + '\\n'); process.exit(7) }" % code


def test_limits():
    for name, code in GREEDY.items():
        got = run("--memory-limit=24M", "--stack-size=1M", "-e", catching(code))
        check("limit: " + name, got == (7, "RangeError\n", ""), got)


def test_goroutine_limit():
    program = """
        const ch = new Channel();
        const modest = n => { let sum = 0; for (let i = 0; i < n; i++) sum += [i, { i }][1].i; return sum };
        const tried = f => { try { f() } catch (e) { return e.name } };
        const others = [go modest(200000), go modest(200000)];
        print(await go tried(() => { %s }), modest(1000), ...await Promise.all(others));
    """
    for name in ("objects", "an array", "arrays of arrays", "a string", "join", "a map", "a set of strings",
                 "properties", "a weak map", "closures", "spread", "concat", "JSON", "promises"):
        for mode in ("--private-gc=off", "--private-gc=parallel", "--jit=eager"):
            got = run("--max-heap=6M", mode, "-e", program % GREEDY[name])
            expected = (0, "RangeError 499500 19999900000 19999900000\n", "")
            check("a goroutine's limit: %s %s" % (name, mode), got == expected, got)
    got = run("--max-heap=6M", "-e", catching(GREEDY["objects"]))
    check("the main goroutine's", got == (7, "RangeError\n", ""), got)
    got = run("--max-heap=x", "-e", "0")
    check("refused: --max-heap=x", got[0] == 9, got)


def test_address_space():
    for name in ("objects", "an array", "typed arrays", "a string", "recursion"):
        got = run("-e", catching(GREEDY[name]), limit_bytes=700 << 20)
        check("ulimit -v: " + name, got == (7, "RangeError\n", ""), got)
    got = run("-e", "for (let i = 0; i < 40; i++) 'x'.repeat(1e6 * (20 + i)).charCodeAt(1)", limit_bytes=700 << 20)
    check("ulimit -v: large strings that come and go", got == (0, "", ""), got)
    got = run("-e", "print 6 * 7", limit_bytes=300 << 20)
    check("a small program under a small ulimit -v", got == (0, "42\n", ""), got)


def pacing(*options, **env):
    return run(*options, "-p", "const { growth, floorBytes, limitBytes, share, stopMs } = runtime.gc.configure(); "
               "`${growth} ${floorBytes} ${limitBytes} ${share} ${stopMs}`", **env)


def test_pacing():
    for wanted, options, env in (
            ("100 16777216 Infinity 10 5", (), {}),
            ("50 16777216 Infinity Infinity 5", (), {"USGC": "50"}),
            ("Infinity 16777216 Infinity Infinity 5", (), {"USGC": "off"}),
            ("100 16777216 104857600 10 5", (), {"USMEMLIMIT": "100M"}),
            ("70 1048576 2097152 Infinity 5", ("--heap-growth=70", "--heap-floor=1M", "--memory-limit=2M"),
             {"USGC": "50", "USMEMLIMIT": "1G"}),
            ("75 8388608 Infinity 10 2", ("--heap-preset=low-latency",), {}),
            ("200 67108864 Infinity 5 Infinity", ("--heap-preset=throughput",), {}),
            ("30 2097152 Infinity Infinity Infinity", ("--heap-preset", "low-memory"), {}),
            ("25 1048576 Infinity Infinity 5", ("--heap-preset=debug",), {}),
            ("60 2097152 Infinity Infinity Infinity", ("--heap-preset=low-memory", "--heap-growth=60"), {}),
            ("80 16777216 Infinity 20 5", ("--heap-share=20", "--heap-growth=80"), {}),
            ("100 16777216 Infinity Infinity 5", ("--heap-share=off",), {}),
            ("100 16777216 Infinity 10 20", ("--heap-stop=20",), {}),
            ("75 8388608 Infinity 10 Infinity", ("--heap-preset=low-latency", "--heap-stop=off"), {})):
        got = pacing(*options, **env)
        check("pacing %s %s" % (" ".join(options), env or ""), got == (0, wanted + "\n", ""), got)
    for option, env in (("--heap-growth=0", {}), ("--heap-growth=x", {}), ("--heap-floor=0", {}),
                        ("--heap-preset=best", {}), ("--heap-share=0", {}), ("--heap-share=100", {}),
                        ("--heap-stop=0", {}),
                        ("--heap-markers=0", {}), ("-c", {"USGC": "-1"}),
                        ("-c", {"USMEMLIMIT": "lots"})):
        got = run(option, "-e", "1", **env)
        check("refused: %s %s" % (option, env or ""), got[0] == 9, got)


def collections(*options, **env):
    code = "let a; for (let i = 0; i < 400000; i++) a = [i, i, i]; print runtime.gc.stats().collections"
    return int(run(*options, "-e", code, US_DEBUG="", **env)[1] or -1)


def test_effect():
    most, least = collections("--heap-floor=1M", "--heap-growth=1"), collections("--heap-growth=off")
    usual = collections("--heap-floor=4M")
    check("the lower floor and growth, the more collections", most > usual > least == 0, (most, usual, least))
    got = collections("--heap-growth=off", USMEMLIMIT="16M")
    check("without growth the limit makes the heap collect", got > 0, got)


test_limits()
test_goroutine_limit()
test_address_space()
test_pacing()
test_effect()
_tap.finish()
