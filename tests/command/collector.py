#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""collector.py - what --gc-trace and --gc-stats print, and that it adds up. Speaks TAP."""
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
import _tap                                                # noqa: E402
from _tap import check                                     # noqa: E402

US = os.environ["ULTRASCRIPT"]
TREE = ("function tree(d) { return d === 0 ? { l: null, r: null } : { l: tree(d - 1), r: tree(d - 1) } }"
        "let last = null; const kept = tree(15); for (let i = 0; i < 800000; i++) last = { i, j: i };")
LINE = re.compile(r"gc (\d+) coordinated: ([\d.]+) -> ([\d.]+) MB, pause ([\d.]+) ms, stop ([\d.]+) ms, "
                  r"mark ([\d.]+) ms \((.*?)\), (\d+) stolen, \d+ sought in vain, (\d+) handed over, "
                  r"(\d+)% windowed, (\d+) chunks, ([\d.]+) -> ([\d.]+) MB owned, "
                  r"(\d+) pauses of ([\d.]+) ms in all$", re.M)


def run(*arguments, debug=""):
    done = subprocess.run([US, *arguments], capture_output=True, timeout=120, env={**os.environ, "US_DEBUG": debug})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def cells(line):
    return [int(count) for count in re.findall(r"(\d+) cells", line[6])]


def test_trace():
    status, _, err = run("--gc-trace", "--procs=1", "-e", TREE)
    lines = LINE.findall(err)
    check("one line for each collection", status == 0 and lines and len(lines) == err.count("\n"), err)
    check("they are numbered", [int(line[0]) for line in lines] == list(range(1, len(lines) + 1)), err)
    check("marking is part of the pause", all(float(line[5]) <= float(line[3]) for line in lines), err)
    check("of what is in use goroutines own a part",
          all(float(line[11]) < float(line[1]) + 0.1 and 1 < float(line[12]) < float(line[2]) + 0.1 for line in lines),
          err)
    check("a stack of two chunks does for a tree", all(line[10] == "2" for line in lines), err)
    check("one marker marks alone", all(len(cells(line)) == 1 and line[7] == line[8] == "0" for line in lines), err)


def test_markers():
    _, _, alone = run("--gc-trace", "--procs=1", "-e", TREE, debug="markers=1,seed=1")
    for way in ("", ",handover=always", ",handover=never"):
        for markers in (2, 3):
            debug = "markers=%d,shadow,seed=1%s" % (markers, way)
            status, _, err = run("--gc-trace", "--procs=1", "-e", TREE, debug=debug)
            lines, name = LINE.findall(err), "%d markers%s" % (markers, way)
            check(name, status == 0 and lines and all(len(cells(line)) == markers for line in lines), err)
            pairs = [(sum(cells(a)), sum(cells(b))) for a, b in zip(lines, LINE.findall(alone))]
            same = pairs and all(abs(a - b) < 100 for a, b in pairs)       # what C stacks hold by chance differs
            check(name + " mark what one marks", same, alone + err)
    check("nothing is handed over where that is off", all(line[8] == "0" for line in lines), err)


def test_stats():
    status, _, err = run("--gc-stats", "-e", TREE)
    found = re.search(r"^coordinated collections: \d+\n  (\d+) pauses: ", err, re.M)
    pauses = sum(int(count) for count in re.findall(r"^  below +[\d.]+ ms +(\d+)$", err, re.M))
    check("a summary at the end", status == 0 and found and int(found[1]) > 0, err)
    check("the histogram has every pause", found and pauses == int(found[1]), err)
    chunks = re.search(r"^  mark stacks: at most (\d+) chunks of 4 KB at once$", err, re.M)
    check("how far mark stacks grew", chunks and int(chunks[1]) >= 2, err)
    owned = re.search(r"^  ([\d.]+) MB of the live in memory that goroutines own, (\d+) private heaps$", err, re.M)
    check("what goroutines own", owned and float(owned[1]) > 1 and int(owned[2]) >= 1, err)
    _, _, err = run("--gc-stats", "-e", "process.exit(0)")
    check("also where the program ends itself, once", err.count("coordinated collections:") == 1, err)
    got = run("-e", TREE)
    check("nothing is printed without being asked", got == (0, "", ""), got)


def test_private():
    program = "function f() { %s return 1 } const other = go f(); f(); print(await other)" % TREE
    for when in ("off", "parallel", "always"):
        status, out, err = run("--gc-stats", "--private-gc=" + when, "-e", program)
        found = re.search(r"^private collections: (\d+) minor, (\d+) full, \d+ of them while parked, "
                          r"([\d.]+) MB freed, \d+ cells logged$", err, re.M)
        freed = re.search(r"^  ([\d.]+) MB freed when goroutines ended$", err, re.M)
        check("private collections are told: " + when, (status, out) == (0, "1\n") and freed and
              (found is None if when == "off" else found and int(found[1]) > 0), (status, out, err))
    status, _, err = run("--private-gc=never", "-e", "0")
    check("when is one of three", status == 9 and "not off, parallel or always" in err, (status, err))


PUBLISHES = """const shared = { list: [], o: null }; let captured = null; const ch = new Channel(9);
function w() {
  for (let i = 0; i < 100; i++) {
    shared.o = { i, j: [i] };
    captured = { i };
    shared.list.push({ i });
    ch <- { i }; <-ch;
  }
}
await go w();
"""
# A channel takes a ring at its first send.
SITES = {("store", 4): (300, 100), ("variable", 5): (100, 100), ("call push", 6): (100, 100), ("send", 7): (101, 101)}


def sites(err):
    rows = re.findall(r"^ +(\d+) +(\d+) +(\d+)  ([\w ]+?) \S+:(\d+):\d+$", err, re.M)
    return {(what, int(line)): (int(cells), int(times)) for _, cells, times, what, line in rows}


def test_publications():
    for mode in (("--jit=off",), ("--jit=eager",), ("--private-gc=always",)):
        status, _, err = run("--publish-profile", *mode, "-e", PUBLISHES)
        found = sites(err)
        check("every publication is counted where it happens: " + mode[0],
              status == 0 and SITES.items() <= found.items() and ("go", 10) in found, err)
    totals = [int(row) for row in re.findall(r"^ +(\d+) +\d+ +\d+  ", err, re.M)]
    check("those of most bytes come first", len(totals) > 4 and totals == sorted(totals, reverse=True), err)
    _, _, err = run("--publish-profile", "-e", PUBLISHES + "process.exit(0)")
    check("also where the program ends itself, once", err.count("publications:") == 1, err)
    _, _, err = run("--publish-profile", "-e", "var o = { a: {} }; o.b = [o]")
    check("one goroutine publishes nothing", re.findall("^publications.*", err, re.M) == ["publications: 0 sites"], err)


test_trace()
test_markers()
test_stats()
test_private()
test_publications()
_tap.finish()
