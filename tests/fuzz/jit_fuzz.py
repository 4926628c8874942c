#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""jit_fuzz.py - random programs, as the interpreter and as machine code run them.

    jit_fuzz.py --us COMMAND [--seconds N] [--count N] [--seed N] [--keep FOLDER]

A program is some functions drawn from a grammar over the edge values of arithmetic, properties, arrays, closures,
classes, exceptions, generators, destructuring and coroutines; each is called some dozens of times with values of all
kinds, and tells what came of it. --jit=off, --jit=eager and --jit=baseline, the last two sometimes under US_DEBUG,
have to tell the same. A program that makes a difference is cut down to the functions that matter, and printed.
"""
import argparse
import os
import random
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True
from jit_grammar import HEAD, program                      # noqa: E402
from runner import process                                 # noqa: E402

DEBUG = ("", "", "", "gcstress=%d,verify,poison", "stackstress", "preempt=every", "share=all,verify")
class Difference:
    def __init__(self, us, folder):
        self.us, self.folder, self.path = us, folder, os.path.join(folder, "program.js")

    def run(self, mode, debug, limit_s=30):
        return process.run([self.us, "--jit=" + mode, self.path], limit_s, {"US_DEBUG": debug}, self.folder)

    def write(self, parts):
        with open(self.path, "w", encoding="utf-8") as f:
            f.write(HEAD + "\n".join(parts) + "\nsetTimeout(() => console.log(said), 0);\n")

    def of(self, parts, modes):
        """What differs, or None."""
        self.write(parts)
        wanted = self.run("off", "", 5)
        if wanted.status is None:                          # takes too long, by itself
            return None
        if wanted.disaster():
            return "the interpreter: " + wanted.disaster()
        for mode, debug in modes:
            got = self.run(mode, debug)
            what = "--jit=%s with US_DEBUG=%s" % (mode, debug)
            if got.status is None and debug:               # and so do collections
                continue
            if got.disaster():
                return "%s: %s\n%s" % (what, got.disaster(), "\n".join(got.story()))
            if (got.status, got.out) != (wanted.status, wanted.out):
                pairs = zip(wanted.out.split("\n"), got.out.split("\n"))
                first = next(("%s\n  but: %s" % pair for pair in pairs if pair[0] != pair[1]), "status %s" % got.status)
                return "%s\n  off: %s" % (what, first)
        return None

    def cut(self, parts, modes):
        """Without the functions that do not matter."""
        for i in range(len(parts) - 1, -1, -1):
            fewer = parts[:i] + parts[i + 1:]
            if fewer and self.of(fewer, modes):
                parts = fewer
        return parts


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--us", default=os.environ.get("ULTRASCRIPT"), type=os.path.abspath, metavar="COMMAND")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--count", type=int, default=1 << 60, metavar="N", help="programs at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", metavar="FOLDER", help="put failures there, and go on")
    return parser.parse_args()


def complain(o, difference, seed, parts, modes):
    parts = difference.cut(parts, modes)
    found = difference.of(parts, modes)
    print("seed %d: %s" % (seed, found), flush=True)
    if not o.keep:
        print(open(difference.path, encoding="utf-8").read()[len(HEAD):])
        sys.exit(1)
    os.makedirs(o.keep, exist_ok=True)
    os.replace(difference.path, os.path.join(o.keep, "%d.js" % seed))


def main():
    o = options()
    end = time.monotonic() + o.seconds
    seed = o.seed
    with tempfile.TemporaryDirectory() as folder:
        difference = Difference(o.us, folder)
        while time.monotonic() < end and seed - o.seed < o.count:
            rng = random.Random(seed)
            debug = rng.choice(DEBUG)
            modes = [("eager", debug % rng.randrange(40, 400) if "%" in debug else debug), ("baseline", "")]
            parts = program(seed)
            if difference.of(parts, modes):
                complain(o, difference, seed, parts, modes)
            seed += 1
    print("%d programs, no difference" % (seed - o.seed) if not o.keep else "%d programs" % (seed - o.seed))


if __name__ == "__main__":
    main()
