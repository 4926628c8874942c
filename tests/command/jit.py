#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""jit.py - machine code from outside: what is told of it, its memory, and running without it. Speaks TAP."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import _tap                                                # noqa: E402
from _tap import check                                     # noqa: E402

US = os.environ["ULTRASCRIPT"]
PROGRAM = """function inner(n) { return n ? inner(n - 1) + 1 : Math.max(...[0, 0]) }
function outer(k) { let s = 0; for (let i = 0; i < 3; i++) s += inner(k); return s }
console.log([1].map(x => outer(5)));
"""
OUTPUT = "[ 15 ]\n"
# Makes functions, runs each, and drops it.
CHURN = """let sum = 0;
for (let i = 0; i < %d; i++)
    sum += new Function('a', 'let s = %s; for (let i = 0; i < 3; i++) s += a * i; return s')(i);
console.log(sum);
"""


def run(*arguments, env=None, limit_s=120):
    done = subprocess.run([US, *arguments], capture_output=True, timeout=limit_s, env={**os.environ, **(env or {})})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def number(pattern, text):
    found = re.search(pattern, text)
    return float(found.group(1)) if found else -1


def test_told(folder):
    file = os.path.join(folder, "told.js")
    with open(file, "w", encoding="utf-8") as f:
        f.write(PROGRAM)
    status, out, err = run("--jit=eager", "--jit-stats", file)
    check("--jit-stats leaves the output alone", (status, out) == (0, OUTPUT), (status, out))
    check("--jit-stats counts functions and bytes", number(r"(\d+) compiled, 0 refused", err) >= 4 and
          1 < number(r"([\d.]+) a bytecode", err) < 1000, err)
    check("--jit-stats counts calls of steps", number(r"steps +(\d+) calls", err) > 0, err)
    status, out, err = run("--jit=eager", "--dump-asm", file)
    check("--dump-asm names functions", "machine code of inner told.js:1:" in err.replace(folder + "/", ""), err[:300])
    check("--dump-asm has the bytecode in between", "prologue" in err and " LOOP " in err and
          "slow halves" in err, err[:300])
    got = run("--jit=off", "--jit-stats", "--dump-asm", file)
    check("no machine code, nothing to tell", got == (0, OUTPUT, ""), got)
    with subprocess.Popen([US, "--jit=eager", "--perf-map", file], stdout=subprocess.PIPE) as child:
        out = child.stdout.read().decode()
        child.wait(120)
    path = "/tmp/perf-%d.map" % child.pid
    names = open(path, encoding="utf-8").read() if os.path.exists(path) else ""
    is_named = re.search(r"^[0-9a-f]+ [0-9a-f]+ inner .*:1$", names, re.M)
    check("--perf-map names functions", is_named and out == OUTPUT, names)
    if names:
        os.unlink(path)


def test_gdb(folder):
    if not shutil.which("gdb"):
        check("gdb's backtrace # SKIP no gdb", True, "")
        return
    commands = ["set debuginfod enabled off", "break step_CALL_SPREAD", "run", "backtrace"]
    asked = [part for c in commands for part in ("-ex", c)]
    program = [US, "--jit=eager", "--gdb-jit", os.path.join(folder, "told.js")]
    done = subprocess.run(["gdb", "-nx", "-batch", *asked, "--args", *program], capture_output=True, timeout=170)
    trace = done.stdout.decode()
    if "Breakpoint 1, " not in trace:
        check("gdb's backtrace # SKIP gdb cannot run the program", True, "")
        return
    is_whole = trace.count("in inner ") == 6 and all("in %s " % f in trace for f in ("outer", "map", "interp_run"))
    check("gdb's backtrace goes from C through machine code to C", is_whole and re.search(r"\bmain \(", trace), trace)


def test_denied():
    for mode in ("baseline", "eager"):
        got = run("--jit=" + mode, "--jit-stats", "-e", PROGRAM, env={"US_DEBUG": "noexec"})
        check("no executable memory, --jit=%s" % mode, got == (0, OUTPUT, ""), got)


def mappings(pid):
    """(permissions, start, end) of each range of memory."""
    found = []
    with open("/proc/%d/maps" % pid, encoding="utf-8") as f:
        for line in f:
            span, permissions = line.split()[:2]
            found.append((permissions, "ultrascript-code" in line, *(int(x, 16) for x in span.split("-"))))
    return found


def test_memory_is_writable_or_executable():
    program = PROGRAM + "console.log('ready'); setTimeout(() => {}, 1e6)"
    with subprocess.Popen([US, "--jit=eager", "-e", program], stdout=subprocess.PIPE) as child:
        while child.stdout.readline() not in (b"ready\n", b""):
            pass
        ranges = mappings(child.pid)
        child.kill()
    code = sorted(permissions for permissions, is_code, _, _ in ranges if is_code)
    check("machine code is mapped twice", code == ["r-xs", "rw-s"], code)
    check("nothing is both writable and executable", not any("w" in p and "x" in p for p, _, _, _ in ranges), ranges)


def churn(count, room_kb, statement="0"):
    env = {"US_DEBUG": "gcstress=251,codespace=%d" % room_kb} if room_kb else {}
    limit_s = int(os.environ.get("CHURN", "0")) // 100 + 170
    status, out, err = run("--jit=eager", "--jit-stats", "-e", CHURN % (count, statement), env=env, limit_s=limit_s)
    return status, out, err, 3 * sum(range(count))


def test_reuse():
    count = int(os.environ.get("CHURN", "3000"))
    status, out, err, wanted = churn(count, 0)
    check("functions come and go", (status, out) == (0, "%d\n" % wanted), (status, out, err))
    status, out, err, wanted = churn(count, 512)
    check("with little room", (status, out) == (0, "%d\n" % wanted), (status, out, err))
    check("memory is used again", number(r"(\d+) released", err) > 0 and
          " 0 refused" in err and number(r"code +(\d+) bytes", err) > 512 << 10, err)
    status, out, err, wanted = churn(200, 16)
    check("without room the interpreter goes on", (status, out) == (0, "%d\n" % wanted) and
          number(r"(\d+) refused", err) > 0, (status, out, err))


def main():
    with tempfile.TemporaryDirectory() as folder:
        if not run("--jit=eager", "--jit-stats", "-e", "0")[2]:
            check("machine code # SKIP this build or system has none", True, "")
        else:
            test_told(folder)
            test_gdb(folder)
            test_denied()
            test_memory_is_writable_or_executable()
            test_reuse()
    _tap.finish()


main()
