#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""runner.py - the runner's own tests: what must fail fails, and what must pass passes.

A case is a program, how a run of it ended, and words of the complaint it has to draw, or None for none.
"""
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(os.path.dirname(HERE), "test262")]
sys.dont_write_bytecode = True
import ratchet                                              # noqa: E402
from runner import case, expect, process                    # noqa: E402

PROGRAM = "print(1);   // => 1\nfor (;;) print(2);\n// => 2\n// =>\nnull.x;   // !! TypeError: no x\n"
ERROR = "Uncaught TypeError: no x\n    at test.js:5:6\n"
LANGUAGE = [
    (PROGRAM, (1, "1\n2\n\n", ERROR), None),
    (PROGRAM, (1, "1\n2  \n\n", ERROR), None),
    (PROGRAM, (1, "1\n3\n\n", ERROR), "-2"),
    (PROGRAM, (1, "2\n1\n\n", ERROR), "+1"),
    (PROGRAM, (1, "1\n2\n", ERROR), "-"),
    (PROGRAM, (1, "1\n2\n\nmore\n", ERROR), "+more"),
    (PROGRAM, (0, "1\n2\n\n", ERROR), "exit status 0, expected 1"),
    (PROGRAM, (1, "1\n2\n\n", "Uncaught RangeError: no x\n at test.js:5:6"), "expected on stderr"),
    (PROGRAM, (1, "1\n2\n\n", "Uncaught TypeError: no x\n at test.js:4:6"), "the place test.js:5:"),
    (PROGRAM, (-11, "1\n2\n\n", ERROR), "SIGSEGV"),
    (PROGRAM, (None, "1\n2\n\n", ERROR), "timed out"),
    (PROGRAM, (1, "1\n2\n\n", ERROR + "x.c:3:1: runtime error: signed overflow"), "sanitizer"),
    ("let a = ;  // !! SyntaxError: unexpected `;`\n", (1, "", "test.js:1:9: error: unexpected `;`\n"), None),
    ("print(1);\n", (0, "anything\n", ""), None),
    ("print(1);\n", (1, "", "Uncaught"), "exit status 1, expected 0"),
    ("//! status: 3\n", (3, "", ""), None),
    ("//! status: 3\n", (0, "", ""), "expected 3"),
]
TAP = [
    ("1..2\nok 1 - a\nok 2 - b\n", 0, ["passed", "passed"]),
    ("1..2\nok 1 - a\n# x is 3\nnot ok 2 - b\n", 1, ["passed", "failed"]),
    ("1..2\nok 1 - a\n", 0, ["passed", "failed"]),
    ("1..1\nok 1 - a\n", -6, ["passed", "failed"]),
    ("1..1\nok 1 - a # skip no network\n", 0, ["skipped"]),
    ("", 0, ["failed"]),
]
RATCHET = [
    ({}, [("a.js", "strict", True)], ([("a.js", "strict")], [])),
    ({"a.js": set()}, [("a.js", "strict", True)], ([], [])),
    ({"a.js": {"sloppy"}}, [("a.js", "strict", True)], ([("a.js", "strict")], [])),
    ({"a.js": set()}, [("a.js", "strict", False)], ([], [("a.js", "strict")])),
    ({"b.js": set()}, [("a.js", "strict", False)], ([], [])),
]


def language_complaints():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "test.js")
        for number, (text, finished, wanted) in enumerate(LANGUAGE, 1):
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
            found = expect.Expectation(path).complaints(process.Finished(*finished))
            if not wanted and found or wanted and not any(wanted in line for line in found):
                yield "language case %d: expected %s, got %s" % (number, wanted, found)


def other_complaints():
    for number, (text, status, wanted) in enumerate(TAP, 1):
        states = [r.state for r in case.from_tap("program", process.Finished(status, text, ""), "")]
        if states != wanted:
            yield "TAP case %d: expected %s, got %s" % (number, wanted, states)
    for number, (known, runs, wanted) in enumerate(RATCHET, 1):
        if ratchet.compare(known, runs) != wanted:
            yield "ratchet case %d: expected %s, got %s" % (number, wanted, ratchet.compare(known, runs))
    hung = process.run([sys.executable, "-c", "import time; time.sleep(60)"], 0.2)
    if hung.disaster() != "timed out":
        yield "a program that hangs was not ended"


if __name__ == "__main__":
    found = [*language_complaints(), *other_complaints()]
    print("\n".join(found))
    sys.exit(bool(found))
