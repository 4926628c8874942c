#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""advice.py - what the compiler warns of and runs all the same. Speaks TAP."""
import os
import subprocess
import sys

US = os.environ["ULTRASCRIPT"]
LOOPS = """
const ch = make(chan int), none = {}
function alone() { for (v of [1]) {} }
function work(ch) {
    for (v of ch) {}
    for (i = 0; i < 3; i++) {}
    for (k in none) {}
    const inner = () => { for (x of ch) {} }
    for (const y of ch) {}
    let z
    for (z of ch) {}
}
go () => { for (w of [1, 2]) {} }
for (top of [1]) {}
close(ch)
await go work(ch)
print("ran")
"""
WARNED = ["v", "i", "k", "x", "w"]


def main():
    done = subprocess.run([US, "-e", LOOPS], capture_output=True, timeout=60, text=True)
    got = [line.split("`")[1] for line in done.stderr.splitlines() if "all goroutines share" in line]
    fine = done.returncode == 0 and done.stdout == "ran\n" and got == WARNED
    print("%s 1 - loop variables that all goroutines share" % ("ok" if fine else "not ok"))
    if not fine:
        print("# got: %r %r" % (got, done))
    print("1..1")
    return not fine


if __name__ == "__main__":
    sys.exit(main())
