# SPDX-License-Identifier: MIT
"""ratchet.py - known_failures.txt: the runs that are known to fail. It may only become shorter.

A line is a path below test/ and the modes that fail, or no modes when all do. A crash or a hang is never known: it
fails wherever it happens.
"""
import collections
import os

HEAD = """# Runs of test262 that are known to fail; written by `tests/test262/run.py CHECKOUT --update`.
# A new failure fails the run, and so does a line here that no longer fails.
"""


def read(path):
    """{test: set of modes}; an empty set means all."""
    known = {}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as f:
            for line in f:
                words = line.split("#")[0].split()
                if words:
                    known[words[0]] = set(words[1:])
    return known


def is_known(known, test, mode):
    return test in known and (not known[test] or mode in known[test])


def compare(known, runs):
    """(new, fixed): runs that fail unlisted, and lines whose runs pass. `runs` are (test, mode, fails)."""
    new, fixed = [], []
    for test, mode, fails in runs:
        if fails and not is_known(known, test, mode):
            new.append((test, mode))
        elif not fails and is_known(known, test, mode):
            fixed.append((test, mode))
    return new, fixed


def update(path, known, runs):
    """Write the list anew: of tests that ran as they did, of others as it was."""
    ran = collections.defaultdict(dict)
    for test, mode, fails in runs:
        ran[test][mode] = fails
    after = {test: modes for test, modes in known.items() if test not in ran}
    for test, modes in ran.items():
        failing = {mode for mode, fails in modes.items() if fails}
        if failing:
            after[test] = set() if len(failing) == len(modes) else failing
    with open(path, "w", encoding="utf-8") as f:
        f.write(HEAD)
        for test in sorted(after):
            f.write(" ".join([test] + sorted(after[test])) + "\n")
