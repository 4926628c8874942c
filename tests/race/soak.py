#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""soak.py - _soak.us runs for a while, and its memory does not grow.

    soak.py --us COMMAND [--seconds N] [--options OPTIONS]

It runs once with each set of options, N seconds (default 20) in all. For half an hour of each:

    soak.py --us ./ultrascript --seconds 5400

Memory may grow in the first half, while caches fill. What the most was of it then, the second half may pass by a tenth
and 4 MB for what lives, by a fifth and 16 MB for what the process takes. Lines of figures begin with STRESS."""
import argparse
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
WAYS = ("--procs=2", "--procs=2 --private-gc=off", "--procs=4 --jit=off --heap-preset=low-memory")


def run(command, options, seconds):
    program = [command, *options.split(), os.path.join(HERE, "_soak.us"), str(seconds)]
    done = subprocess.run(program, capture_output=True, text=True, timeout=seconds * 3 + 120)
    rows = [[int(word) for word in line.split()] for line in done.stdout.splitlines()]
    if done.returncode or done.stderr or len(rows) != 20:
        print(done.stdout[-2000:] + done.stderr[-2000:])
        return None
    return rows


def grows(name, values, factor, more):
    half = len(values) // 2
    before, after = max(values[:half]), max(values[half:])
    print("STRESS   %-8s at most %6.1f MB in the first half, %6.1f in the second, %6.1f at the end"
          % (name, before / 1e6, after / 1e6, values[-1] / 1e6))
    return after > before * factor + more


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--us", required=True)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--options", action="append")
    arguments = parser.parse_args()
    ways, bad = arguments.options or WAYS, 0
    for options in ways:
        rows = run(arguments.us, options, arguments.seconds / len(ways))
        if rows is None:
            print("%s: failed" % options)
            bad += 1
            continue
        print("STRESS %s: %d rounds, %d collections" % (options, rows[-1][1], rows[-1][5]))
        bad += grows("live", [row[2] for row in rows], 1.1, 4e6)
        bad += grows("outside", [row[3] for row in rows], 1.1, 4e6)
        bad += grows("process", [row[4] for row in rows], 1.2, 16e6)
    print("%d problems" % bad)
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
