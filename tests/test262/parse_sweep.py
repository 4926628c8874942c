#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""parse_sweep.py CHECKOUT PARSE_TOOL [--failures] [--extensions] - parses every test of test262.

Every test that is not negative in its parse phase has to parse, in each mode its flags ask for; every one that is
has to fail, but for the classes in SCOPE_CLASSES, whose errors need scope tables and are the scope analyser's.
--extensions parses with UltraScript's syntax on. Speaks TAP: one line for each folder.
"""
import collections
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from suite import Test, find_tests                         # noqa: E402

# Features that are neither in ECMA-262 nor among the proposals we take part in.
OTHER_FEATURES = {"export-defer"}

# Early errors that need scope tables, by what the paths of their tests have in common.
SCOPE_CLASSES = [
    ("conflicting declarations", re.compile(
        r"redecl|dup-bound-names|bound-names-(dup|in-stmt)|formals-body-duplicate|duplicate-binding"
        r"|static-init-invalid-lex-"
        r"|early-(dup-(lex|top)|lex-and-var|catch-)|parse-err-hoist-lex|binding-exists")),
    ("private names undeclared or declared twice", re.compile(
        r"invalid(-private)?-names|private(name|meth)-|private-environment|duplicate-privatenames"
        r"|private-field-invalid-identifier|private-identifiers-not-empty|private-(non-)?static-")),
    ("exports unresolvable or exported twice", re.compile(
        r"early-dup-export|early-export-(global|unresolvable)|duplicate-exported-names")),
]

PARSE_OPTION = {"raw": "--script", "sloppy": "--script", "strict": "--strict", "module": "--module"}


def scope_class(test):
    return next((name for name, pattern in SCOPE_CLASSES if pattern.search(test.path)), None)


def run_all(root, tool, runs, extra):
    """The outcome of each (test, mode), in order: True when it parsed."""
    with tempfile.NamedTemporaryFile("w", suffix=".list") as listing:
        for test, mode in runs:
            listing.write("[%s %s] %s\n" % (mode, extra, os.path.join(root, test.path)))
        listing.flush()
        out = subprocess.run([tool, "--quiet", "--list", listing.name], stdout=subprocess.PIPE, check=False)
    lines = out.stdout.decode("utf-8", "replace").splitlines()
    if len(lines) != len(runs):
        sys.exit("parse_tool stopped at %s" % (runs[len(lines)][0].path if len(lines) < len(runs) else "?"))
    return [line.startswith("ok ") for line in lines]


def main():
    root, tool = sys.argv[1], sys.argv[2]
    extra = "--ultra" if "--extensions" in sys.argv else ""
    tests = [t for t in (Test(root, p) for p in find_tests(root)) if not t.features & OTHER_FEATURES]
    runs = [(t, mode) for t in tests for mode in (PARSE_OPTION[m] for m in t.modes())]
    totals = collections.defaultdict(collections.Counter)
    classes = collections.Counter()
    failures, scoped = [], []
    for (test, mode), parsed in zip(runs, run_all(root, tool, runs, extra)):
        folder = "/".join(test.path.split("/")[1:3])
        kind = "negative" if test.fails else "positive"
        totals[folder][kind] += 1
        if parsed == (not test.fails):
            totals[folder][kind + " as expected"] += 1
        elif test.fails and scope_class(test):
            totals[folder]["left to scopes"] += 1
            classes[scope_class(test)] += 1
            scoped.append("%s %s" % (mode, test.path))
        else:
            failures.append("%s %s" % (mode, test.path))
            totals[folder]["wrong"] += 1
    print("1..%d" % len(totals))
    for i, (folder, c) in enumerate(sorted(totals.items())):
        print("%s %d - %s: %d/%d positive, %d/%d negative, %d left to scope analysis" % (
            "not ok" if c["wrong"] else "ok", i + 1, folder, c["positive as expected"], c["positive"],
            c["negative as expected"], c["negative"], c["left to scopes"]))
    total = sum(totals.values(), collections.Counter())
    print("# %d tests, %d runs: %d/%d positive, %d/%d negative, %d left to scope analysis %s, %d wrong" % (
        len(tests), len(runs), total["positive as expected"], total["positive"], total["negative as expected"],
        total["negative"], total["left to scopes"], dict(classes), total["wrong"]))
    if "--scopes" in sys.argv:
        print("\n".join("# scope: " + x for x in scoped))
    if "--failures" in sys.argv:
        print("\n".join("# " + f for f in failures))
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
