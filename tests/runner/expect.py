# SPDX-License-Identifier: MIT
"""expect.py - programs that carry what is expected of them (tests/README.md, "A language test").

    // => text              a line of standard output; all of them, in the order of the file, are the whole output
    // !! Name: message     the program ends with this error, uncaught; in code: thrown from, or through, this line
    //! key: value          at the start of a line: args, options, stdin, status, modes, gcstress, skip
"""
import difflib
import os
import re

OUTPUT = re.compile(r"// =>(?: (.*?))?\s*$")
ERROR = re.compile(r"// !! (.*?)\s*$")
DIRECTIVE = re.compile(r"^//! ([a-z]+): (.*?)\s*$")
KEYS = {"args", "options", "stdin", "status", "modes", "gcstress", "skip"}


class Expectation:
    def __init__(self, path):
        self.path = path
        self.output, self.has_output = [], False
        self.error, self.error_line = None, None
        self.directives = {}
        with open(path, encoding="utf-8", errors="replace") as f:
            for number, line in enumerate(f.read().split("\n"), 1):
                self.read_line(number, line)

    def read_line(self, number, line):
        directive, output, error = DIRECTIVE.match(line), OUTPUT.search(line), ERROR.search(line)
        if directive:
            if directive.group(1) not in KEYS:
                raise ValueError("%s:%d: no directive is called %s" % (self.path, number, directive.group(1)))
            self.directives[directive.group(1)] = directive.group(2)
        elif output:
            self.output.append(output.group(1) or "")
            self.has_output = True
        elif error:
            if self.error is not None:
                raise ValueError("%s:%d: a second uncaught error" % (self.path, number))
            self.error = error.group(1)
            self.error_line = None if line.startswith("// !!") else number

    def status(self):
        return int(self.directives.get("status", 1 if self.error is not None else 0))

    def complaints(self, finished):
        """Why this is not what was expected: no lines when it is."""
        trouble = finished.disaster()
        if trouble:
            return [trouble] + finished.story()
        found = []
        if finished.status != self.status():
            found.append("exit status %d, expected %d" % (finished.status, self.status()))
        if self.has_output:
            found += difference(self.output, lines_of(finished.out))
        if self.error is not None:
            found += self.error_complaints(finished.err)
        if found:
            found += [line for line in finished.story() if line.startswith("stderr") or not self.has_output]
        return found

    def error_complaints(self, err):
        name, _, message = self.error.partition(": ")
        wanted = [self.error] + (["error: " + message] if name == "SyntaxError" and message else [])
        if not any(w in line for w in wanted for line in err.splitlines()):
            return ["expected on stderr: " + self.error]
        place = "%s:%d:" % (os.path.basename(self.path), self.error_line or 0)
        if self.error_line and place not in err:
            return ["expected the place %s on stderr" % place]
        return []


def lines_of(text):
    lines = [line.rstrip() for line in text.split("\n")]
    if lines and lines[-1] == "":
        lines.pop()
    return lines


def difference(expected, actual):
    if expected == actual:
        return []
    return list(difflib.unified_diff(expected, actual, "expected", "actual", lineterm="", n=2))[:60]
