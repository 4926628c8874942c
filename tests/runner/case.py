# SPDX-License-Identifier: MIT
"""case.py - what the suites are made of.

A Case has a name and a `run()` that gives its Results; most give one, a program that speaks TAP one for each line.
"""
import re

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


class Result:
    def __init__(self, name, state, details=()):
        self.name, self.state, self.details = name, state, list(details)


class Case:
    def __init__(self, name, run):
        self.name, self._run = name, run

    def run(self):
        try:
            return self._run(self.name)
        except Exception as e:                       # a broken test must not end the others
            return [Result(self.name, FAILED, ["the runner failed: %s: %s" % (type(e).__name__, e)])]


def passed(name):
    return [Result(name, PASSED)]


def failed(name, *details):
    return [Result(name, FAILED, details)]


def skipped(name, reason):
    return [Result(name, SKIPPED, [reason])]


TAP_LINE = re.compile(r"^(not )?ok\b\s*\d*\s*(?:- )?(.*?)(?:\s*# (skip|SKIP)\b\s*(.*))?$")


def from_tap(name, finished, prefix):
    """The Results of a program that speaks TAP; comments come before the line they explain."""
    results, notes, planned = [], [], None
    for line in finished.out.splitlines():
        found = TAP_LINE.match(line)
        plan = re.match(r"^1\.\.(\d+)$", line)
        if plan:
            planned = int(plan.group(1))
        elif found:
            no, what, skips, reason = found.groups()
            state = SKIPPED if skips else FAILED if no else PASSED
            results.append(Result(prefix + what, state, [reason] if skips else notes if no else []))
            notes = []
        elif line.startswith("#"):
            notes.append(line)
    trouble = finished.disaster()
    if trouble or (finished.status != 0 and not any(r.state == FAILED for r in results)):
        why = trouble or "exit status %d" % finished.status
        results += failed(name, why, *finished.story()[-30:])
    elif planned is not None and planned != len(results):
        results += failed(name, "planned %d tests, ran %d" % (planned, len(results)))
    return results or failed(name, "ran no tests", *finished.story())
