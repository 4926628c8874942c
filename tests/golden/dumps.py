#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""dumps.py ULTRASCRIPT [promote] - golden tests of the stages behind the parser; speaks TAP.

scopes/X      --dump-scopes has to print X.scopes
bytecode/X    --dump-bytecode has to print X.bytecode
`promote` makes what came out the expectation.
"""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
STAGES = ("scopes", "bytecode")


def programs(stage):
    for name in sorted(os.listdir(os.path.join(HERE, stage))):
        if not name.endswith("." + stage):
            yield name


def compare(command, stage, name, promotes):
    folder = os.path.join(HERE, stage)
    out = subprocess.run([command, "--dump-" + stage, name], cwd=folder, stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, timeout=60, check=False).stdout
    path = os.path.join(folder, name + "." + stage)
    if promotes:
        with open(path, "wb") as f:
            f.write(out)
    if not os.path.exists(path):
        return False
    with open(path, "rb") as f:
        return out != b"" and f.read() == out


def main():
    command, promotes = os.path.abspath(sys.argv[1]), "promote" in sys.argv[2:]
    results = [(compare(command, stage, name, promotes), stage + "/" + name)
               for stage in STAGES for name in programs(stage)]
    print("1..%d" % len(results))
    for i, (fine, what) in enumerate(results):
        print("%s %d - golden %s" % ("ok" if fine else "not ok", i + 1, what))
    return not all(fine for fine, _ in results)


if __name__ == "__main__":
    sys.exit(main())
