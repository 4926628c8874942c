#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""options.py - the command line: what is run, what is printed, exit statuses, streams, bad input. Speaks TAP."""
import os
import signal
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import _tap                                                # noqa: E402
from _tap import check                                     # noqa: E402

US = os.environ["ULTRASCRIPT"]


def run(*arguments, stdin=b"", env=None, **more):
    done = subprocess.run([US, *arguments], input=stdin, capture_output=True, timeout=60,
                          env={**os.environ, **(env or {})}, **more)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def expect(name, got, status, out=None, err=None):
    fine = got[0] == status and (out is None or got[1] == out) and (err is None or err in got[2])
    check(name, fine, got)


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(text if isinstance(text, bytes) else text.encode())
    return path


def test_running(folder):
    file = write(folder, "args.us", "print process.argv.slice(2)\n")
    expect("a file and its arguments", run(file, "a", "--b"), 0, "[ 'a', '--b' ]\n")
    expect("-e", run("-e", "console.log(1 + 1)"), 0, "2\n")
    expect("-e with arguments", run("-e", "print process.argv.slice(1)", "x"), 0)
    expect("-p prints the value", run("-p", "({ a: [1, 2] })"), 0, "{ a: [ 1, 2 ] }\n")
    expect("-p prints a string bare", run("-p", "'s'"), 0, "s\n")
    expect("a program on standard input", run(stdin=b"print 7\n"), 0, "7\n")
    expect("- is standard input", run("-", stdin=b"print 8\n"), 0, "8\n")
    expect("hashbang", run(write(folder, "h.us", "#!/usr/bin/env us\nprint 9\n")), 0, "9\n")
    first = write(folder, "first.js", "globalThis.first = 1\n")
    expect("-r runs a file first", run("-r", first, "-p", "first"), 0, "1\n")
    expect("--module", run("--module", write(folder, "m.js", "console.log(this === undefined)\n")), 0, "true\n")
    expect("--test262", run("--test262", write(folder, "t.js", "print(typeof $262)\n")), 0, "object\n")
    expect("a REPL", run("-i", stdin=b"1 + 1\n_ * 3\nlet f = () => {\nreturn 5\n}\nf()\n"), 0, "2\n6\nundefined\n5\n")


def test_information():
    expect("--version", run("--version"), 0, err="")
    check("--version names the program", run("-v")[1].startswith("UltraScript "), run("-v"))
    check("--help lists options", "--memory-limit=SIZE" in run("--help")[1], run("-h"))


def test_statuses(folder):
    expect("an uncaught exception", run("-e", "throw new TypeError('hm')"), 1, "", "TypeError: hm")
    expect("a syntax error", run("-e", "let = ;"), 1, "", "<eval>:1:")
    expect("process.exit", run("-e", "process.exit(7)"), 7)
    expect("process.exitCode", run("-e", "process.exitCode = 5"), 5)
    expect("an unknown option", run("--bogus"), 9, "", "--bogus")
    expect("an option without its value", run("-e"), 9, "", "needs a value")
    expect("a size that is none", run("--memory-limit=lots", "-e", "0"), 9, "", "not a size")
    expect("an unhandled rejection", run("-e", "Promise.reject(new Error('no'))"), 1, "", "Error: no")
    file = write(folder, "wait.mjs", "await new Promise(() => {});\n")
    expect("an unsettled top-level await", run(file), 13, "", "top-level await")
    expect("a missing file", run(os.path.join(folder, "none.us")), 1, "", "No such file")
    expect("a folder", run(folder), 1, "", "directory")


def test_looking(folder):
    good, bad = write(folder, "good.us", "throw 1\n"), write(folder, "bad.us", "if (\nlet 5\n")
    expect("--check runs nothing", run("--check", good), 0, "")
    expect("--check finds errors", run("--check", bad), 1, "", "bad.us:")
    check("--dump-ast", "PROGRAM" in run("--dump-ast", good)[1], run("--dump-ast", good))
    check("--dump-bytecode", "THROW" in run("--dump-bytecode", good)[1], run("--dump-bytecode", good))
    check("--dump-scopes", run("--dump-scopes", good)[1] != "", run("--dump-scopes", good))


def test_errors_say_where(folder):
    file = write(folder, "where.us", "function f() {\n  null.x\n}\nf()\n")
    status, _, err = run(file)
    lines = err.splitlines()
    message = "TypeError: Cannot read properties of null (reading 'x')"
    check("place of an uncaught error", status == 1 and lines[0].endswith(message) and ":2:" in lines[0]
          and "null.x" in lines[1] and "^" in lines[2], err)
    check("its stack", any("at f (" in line and ":2:" in line for line in lines), err)


def test_streams(folder):
    file = write(folder, "much.us", "for (let i = 0; i < 100000; i++) console.log('line', i)\n")
    process = _tap.start([US, file])
    process.stdout.readline()
    process.stdout.close()
    error = process.stderr.read()
    status = process.wait(timeout=60)
    check("a closed standard output", status in (0, 1) or status == -signal.SIGPIPE, (status, error))
    check("a closed standard output crashes nothing", b"fatal" not in error, error)


def test_hostile(folder):
    greedy = "let a = []; for (;;) a.push(new Array(1000).fill(0))"
    expect("memory limit", run("--memory-limit=64M", "-e", greedy), 1, "", "out of memory")
    caught = "try { %s } catch (e) { print e.name }" % greedy
    expect("a caught memory limit", run("--memory-limit=64M", "-e", caught), 0, "RangeError\n")
    deep = "function f(n) { return n ? 1 + f(n - 1) : 0 }; print f(100000)"
    expect("a deep recursion", run("-e", deep), 0, "100000\n")
    expect("endless recursion", run("-e", "(function f() { f() })()"), 1, "", "RangeError")
    expect("deep nesting", run("-e", "(" * 100000), 1, "")
    expect("bytes that are no UTF-8", run(write(folder, "utf.us", b"let a = '\xff'\n")), 1, "", "utf.us:1:")
    expect("a NUL byte", run(write(folder, "nul.us", b"let a\0 = 1\n")), 1, "", "nul.us:1:")
    write(folder, "a.mjs", "import { b } from './b.mjs'; export const a = 1; console.log(b)\n")
    write(folder, "b.mjs", "import { a } from './a.mjs'; export const b = 2\ntry { a } catch (e) { print(e.name) }\n")
    expect("modules in a circle", run(os.path.join(folder, "a.mjs")), 0, "ReferenceError\n2\n")


def test_packages(folder):
    write(folder, "node_modules/p/package.json", '{"exports": {"import": "./m.mjs", "require": "./c.cjs"}}')
    write(folder, "node_modules/p/m.mjs", "export default 'm'\n")
    write(folder, "node_modules/p/c.cjs", "module.exports = 'c'\n")
    expect("import of a package", run(write(folder, "p.mjs", "import p from 'p'; console.log(p)\n")), 0, "m\n")
    expect("require of a package", run(write(folder, "p.cjs", "console.log(require('p'))\n")), 0, "c\n")
    write(folder, "node_modules/p/package.json", '{"imports": {"#in": "./m.mjs"}, "exports": "./own.mjs"}')
    write(folder, "node_modules/p/own.mjs", "import m from '#in'; export default m + 2\n")
    expect("a package's own names", run(os.path.join(folder, "p.mjs")), 0, "m2\n")
    write(folder, "outer/package.json", '{"type": "module"}')
    inner = os.path.dirname(write(folder, "outer/inner/of.js", "console.log(this)\n"))
    expect("a package around the working directory", run("of.js", cwd=inner), 0, "undefined\n")
    write(folder, "esm.js", "console.log('ran'); export const n = 1\n")
    write(folder, "broken.js", "import './nowhere.js'\n")
    again = "const f = () => { try { require('./broken.js') } catch (e) { console.log(e.code) } }; f(); f()\n"
    twice = "const m = require('./esm.js'); console.log(m === require('./esm.js'), m.n)\n"
    twice = write(folder, "r.cjs", twice + again)
    expect("require of a module", run(twice), 0, "ran\ntrue 1\n" + "MODULE_NOT_FOUND\n" * 2)
    both = "import r from './cr.cjs'; import * as ns from './esm.js'; console.log(r('./esm.js') === ns)\n"
    write(folder, "cr.cjs", "module.exports = require\n")
    expect("require of an imported module", run(write(folder, "b.mjs", both)), 0, "ran\ntrue\n")
    write(folder, "d.json", '{"k": [1]}')
    json = write(folder, "j.mjs", "import d from './d.json' with { type: 'json' }; console.log(d)\n")
    expect("JSON", run(json), 0, "{ k: [ 1 ] }\n")


def test_cache(folder):
    cache = {"US_COMPILE_CACHE": os.path.join(folder, "cache")}
    file = write(folder, "kept.us", "print 'one'\n")
    expect("compiled for the cache", run(file, env=cache), 0, "one\n")
    entries = os.listdir(cache["US_COMPILE_CACHE"])
    check("the cache has an entry", len(entries) == 1, entries)
    expect("run from the cache", run(file, env=cache), 0, "one\n")
    write(folder, "kept.us", "print 'two'\n")
    expect("a changed source is compiled anew", run(file, env=cache), 0, "two\n")
    entry = os.path.join(cache["US_COMPILE_CACHE"], entries[0])
    with open(entry, "rb") as f:
        kept = bytearray(f.read())
    for at in range(0, len(kept), 7):
        kept[at] ^= 1 + at % 255
    write(folder, os.path.join("cache", entries[0]), bytes(kept))
    expect("a damaged entry is compiled anew", run(file, env=cache), 0, "two\n")


def main():
    with tempfile.TemporaryDirectory() as folder:
        test_running(folder)
        test_information()
        test_statuses(folder)
        test_looking(folder)
        test_errors_say_where(folder)
        test_streams(folder)
        test_hostile(folder)
        test_packages(folder)
        test_cache(folder)
    _tap.finish()


main()
