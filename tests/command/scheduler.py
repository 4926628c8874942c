#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""scheduler.py - goroutines and the process around them: seeds, stops, signals, exit statuses, idling. Speaks TAP."""
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
import _tap                                                # noqa: E402
from _tap import check                                     # noqa: E402

US = os.environ["ULTRASCRIPT"]
SEEDS = int(os.environ.get("SEEDS", "20"))
TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

ORDER = """
const c = make(chan int, 2), done = make(chan any), lock = new Lock(), out = []
for (let id = 0; id < 5; id++) go function() {
    for (let i = 0; i < 8; i++) {
        lock.lock(); out.push(id); lock.unlock()
        select { case c <- id: ; case const v = <-c: out.push(v + 10); default: runtime.go.yield() }
    }
    done <- id
}
for (let id = 0; id < 5; id++) out.push(<-done)
print(out.join())
"""


def run(*arguments, debug="", **more):
    done = subprocess.run([US, *arguments], capture_output=True, timeout=300, text=True,
                          env={**os.environ, "US_DEBUG": debug}, **more)
    return done.returncode, done.stdout, done.stderr


def start(text, procs=2, **more):
    return _tap.start([US, "--procs=%d" % procs, "-e", text], text=True, **more)


def test_seeds():
    orders = {}
    for seed in range(SEEDS):
        first = run("-e", ORDER, debug="seed=%d" % seed)
        again = run("-e", ORDER, debug="seed=%d" % seed)
        if first != again or first[0]:
            check("seed %d replays" % seed, False, (first, again))
            return
        orders[first[1]] = seed
    check("equal seeds, equal orders", True, None)
    check("different seeds, different orders", len(orders) > SEEDS // 2, len(orders))
    folder, bad = os.path.join(TESTS, "lang", "goroutine"), []
    for seed in range(SEEDS):
        for name in ("stress_select.us", "stress_lock.us", "select.us", "lock.us", "channel.us"):
            got = run(name, debug="seed=%d" % seed, cwd=folder)
            if got[0] or not got[1] or "false" in got[1] and name.startswith("stress"):
                bad.append((name, seed, got))
    check("channels, selects and locks under seeds", not bad, bad[:2])


def test_statuses():
    for procs in (1, 2, 4):
        title = " with --procs=%d" % procs
        option = "--procs=%d" % procs
        got = run(option, "-e", "go function() { process.exit(7) }\nruntime.sleep(5000)")
        check("process.exit in a goroutine" + title, got[0] == 7, got)
        got = run(option, "-e", "go function() { null.x }\nruntime.sleep(5000)")
        check("an error in a goroutine" + title, got[0] == 1 and "TypeError" in got[2], got)
        got = run(option, "-e", "const c = make(chan int)\ngo function() { <-c }\n<-c")
        check("a deadlock" + title, got[0] == 2 and "deadlock" in got[2] and "goroutine 2" in got[2], got)
        got = run(option, "-e", "for (let i = 0; i < 50; i++) go function() { for (;;) ; }\nprocess.exit(3)")
        check("process.exit under goroutines that never wait" + title, got[0] == 3, got)
        for _ in range(20):
            got = run(option, "-e", "const w = new WaitGroup(); w.add(3); for (let i = 0; i < 3; i++) "
                      "go function() { w.done() }\nw.wait()", debug="preempt=every")
            if got[0]:
                break
        check("the end of a program is no deadlock" + title, got[0] == 0, got)


def test_signals():
    child = start("for (let i = 0; i < 3; i++) go function() { for (;;) ; }\nprint('up')\nfor (;;) runtime.sleep(10)")
    child.stdout.readline()
    child.send_signal(signal.SIGINT)
    check("SIGINT ends busy goroutines", child.wait(30) in (-signal.SIGINT, 130), child.returncode)
    child = start("let n = 0; const w = new WaitGroup(); w.add(2)\nprint('up')\n"
                  "for (let k = 0; k < 2; k++) go function() { for (let i = 0; i < 200; i++) { atomic n++; "
                  "runtime.sleep(1) }"
                  " w.done() }\nw.wait(); print(n)")
    child.stdout.readline()
    for _ in range(5):
        child.send_signal(signal.SIGSTOP)
        time.sleep(0.05)
        child.send_signal(signal.SIGCONT)
        time.sleep(0.01)
    out, err = child.communicate(timeout=30)
    check("stopped and continued", child.returncode == 0 and out == "400\n", (child.returncode, out, err))
    child = start("for (let k = 0; k < 3; k++) go function() { for (;;) print(k) }\nfor (;;) runtime.sleep(1)")
    child.stdout.readline()
    child.stdout.close()
    child.stderr.close()
    try:
        check("a reader that goes away ends the program", child.wait(20) != 0, child.returncode)
    except subprocess.TimeoutExpired:
        _tap.end(child)
        check("a reader that goes away ends the program", False, "it runs on")


CLOCKS = """
const years = new Set(), w = new WaitGroup(), lock = new Lock(), start = performance.now()
for (let i = 0; i < 50; i++) years.add(new Date().getFullYear())
lock.lock()
w.add(3)
go function() { for (let i = 0; i < 50; i++) { runtime.sleep(2); Date.now() } w.done() }
go function() { for (let i = 0; i < 20; i++) if (lock.try_lock_for(3)) throw new Error("a Lock"); w.done() }
go function() { for (let i = 0; i < 20; i++) select { case <-Channel.after(4): Date.now() } w.done() }
w.wait()
await new Promise(done => setTimeout(done, 10))
const took = performance.now() - start
print(years.size > 1, took >= 100 && took < 20000)
"""


def test_clocks():
    """The wall clock leaps; waits go by another one."""
    with tempfile.TemporaryDirectory() as folder:
        library = os.path.join(folder, "clock_jumps.so")
        source = os.path.join(TESTS, "command", "clock_jumps.c")
        subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-o", library, source], check=True)
        done = subprocess.run([US, "--procs=2", "-e", CLOCKS], capture_output=True, text=True, timeout=60,
                              env={**os.environ, "LD_PRELOAD": library})
        if "runtime does not come first" in done.stderr:
            print("# skipped: a sanitizer's library does not let another be preloaded")
            return
        check("the wall clock leaps", (done.returncode, done.stdout) == (0, "true true\n"), done)


def test_idling():
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    child = start("const c = make(chan int)\nfor (let i = 0; i < 20; i++) go function() { <-c }\n"
                  "runtime.sleep(2000)\nprint('end')\nprocess.exit(0)")
    child.communicate(timeout=30)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    check("waiting costs no time", used < 1, used)


BURST = """
const N = 20000, c = make(chan any), wg = new WaitGroup()
function deep(n) { return n ? deep(n - 1) + 1 : <-c }
function burst() {
    for (let i = 0; i < N; i++) { wg.add(); go function() { if (i % 4) { <-c } else { deep(8) } wg.done() } }
    runtime.sleep(100)
    const high = process.memoryUsage().rss
    for (let i = 0; i < N; i++) c <- 1
    wg.wait()
    runtime.sleep(600)
    return high - process.memoryUsage().rss
}
print(burst() > N * 500, burst() > N * 500, runtime.go.count())
"""


def test_memory():
    got = run("--procs=2", "-e", BURST)
    check("memory of a burst of goroutines is given back, twice", got == (0, "true true 1\n", ""), got)


SHORT = """
const gc = runtime.gc, shared = { last: null }
let sum = 0
function short(i) {
    const own = Array.from({ length: 20 }, (_, k) => ({ k, i })), map = new Map([[i, own]])
    if (i % 10 === 0) shared.last = own
    if (i % 7 === 0) runtime.go.yield()
    atomic sum += map.get(i).length
}
async function wave(n) { await Promise.all(Array.from({ length: n }, (_, i) => go short(i))) }
async function left(n) {
    for (let k = 0; k < n; k += 1000) await wave(1000)
    for (let i = 0; i < 3; i++) { gc.collect(); runtime.sleep(50) }
    const { liveBytes, ownedBytes, externalBytes, committedBytes, privateHeaps } = gc.stats()
    const { rss } = process.memoryUsage(), goroutines = gc.roots().length
    return { liveBytes, ownedBytes, externalBytes, committedBytes, rss, privateHeaps, goroutines }
}
const N = Number(process.argv.at(-1)), before = await left(50000), after = await left(N)
print(JSON.stringify([before, after]), sum === 20 * (50000 + N))
"""
KEPT_KB = {"liveBytes": 64, "ownedBytes": 64, "externalBytes": 64, "committedBytes": 16384, "rss": 16384}


def test_short_goroutines():
    """What they had, were and waited on is all given back: a few bytes of each would be megabytes."""
    done = run("--procs=2", "-e", SHORT, os.environ.get("SHORT", "100000"))
    check("short goroutines end well", done[0] == 0 and done[1].endswith(" true\n"), done)
    before, after = json.loads(done[1].rsplit(" ", 1)[0])
    for what, most_kb in KEPT_KB.items():
        check("they leave nothing: " + what, after[what] <= before[what] + most_kb * 1024, (before, after))
    check("they leave no heap and no goroutine", after["privateHeaps"] == after["goroutines"] == 1, after)


test_seeds()
test_statuses()
test_signals()
test_clocks()
test_idling()
test_memory()
test_short_goroutines()
_tap.finish()
