# SPDX-License-Identifier: MIT
"""_tap - what the programs of this folder say: one line of TAP for each check."""
import sys

count = failures = 0


def check(name, condition, got=""):
    global count, failures
    count += 1
    failures += not condition
    print("%s %d - %s" % ("ok" if condition else "not ok", count, name), flush=True)
    if not condition:
        print("# got: %r" % (got,), flush=True)


def finish():
    print("1..%d" % count)
    sys.exit(failures > 0)
