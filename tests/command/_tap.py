# SPDX-License-Identifier: MIT
"""_tap - what the programs of this folder say: one line of TAP for each check; and children that end with them."""
import atexit
import subprocess
import sys

count = failures = 0


def check(name, condition, got=""):
    global count, failures
    count += 1
    failures += not condition
    print("%s %d - %s" % ("ok" if condition else "not ok", count, name), flush=True)
    if not condition:
        print("# got: %r" % (got,), flush=True)


def start(arguments, **more):
    """A child that does not outlive this program, however that ends."""
    child = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
    atexit.register(end, child)
    return child


def end(child):
    if child.poll() is None:
        child.kill()
        child.wait()


def finish():
    print("1..%d" % count)
    sys.exit(failures > 0)
