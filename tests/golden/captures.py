#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""captures.py ULTRASCRIPT - what goroutines capture, as --dump-scopes tells it, is what a person says; speaks TAP.

Each function of captures/*.us that is spawned has a label where it begins, written by hand:

    go () => { a = b + c() }     // go: a=written b=read c=read
    {                            // free: x

`go:` lists the variables of functions further out that it uses, with `read`, `written`, `passed` (only a goroutine that
it starts uses it) or `eval` (a direct eval sees it), joined with `+`. Where several begin in a line `|` stands between
them. `free:` names variables of a scope that begins in this line and that no goroutine takes. A comment of its own that
begins with two spaces goes on with the label of the line before. All labels have to agree with the dump, no captured
variable may live in a frame or in nothing, and there have to be 200 of them."""
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
LEAST = 200
WORDS = {"read": "read", "written": "written", "passed": "passed on", "eval": "seen by eval"}
SCOPE = re.compile(r"( *)(function|body|self|block|for|catch|switch|class|literal|static block|with|global|module|eval)"
                   r"( \S+)? at (\d+)((?:, \w+)*)$")
TAKE = re.compile(r" *takes (\S+): (.*)$")
BINDING = re.compile(r" *(?:[a-z]+ )?(\S+): ([a-z ]+)(.*)$")
IN_FRAME = ("register", "fields")


class Scope:
    def __init__(self, parent, indent, line, start, spawned):
        self.parent, self.indent, self.line, self.start, self.spawned = parent, indent, line, start, spawned
        self.takes, self.names = {}, {}      # name: words; name: [storage, is captured by go, is labelled]

    def find(self, name):
        scope = self
        while scope and name not in scope.names:
            scope = scope.parent
        return scope and scope.names[name]


def read_dump(text, source):
    scopes, open_ones = [], []
    for line in text.splitlines():
        match = SCOPE.match(line)
        if match:
            while open_ones and open_ones[-1].indent > len(match[1]):
                open_ones.pop()
            start = int(match[4])
            if open_ones and (open_ones[-1].indent, open_ones[-1].start) == (len(match[1]), start):
                continue                     # the initialisers of a class's instances and of itself: as one
            while open_ones and open_ones[-1].indent >= len(match[1]):
                open_ones.pop()
            scopes.append(Scope(open_ones[-1] if open_ones else None, len(match[1]), source.count("\n", 0, start) + 1,
                                start, "spawned" in match[5]))
            open_ones.append(scopes[-1])
        elif TAKE.match(line):
            name, words = TAKE.match(line).groups()
            scopes[-1].takes[name] = set(words.split(", "))
        else:
            name, storage, rest = BINDING.match(line).groups()
            scopes[-1].names[name] = [storage, ", captured by go" in rest, False]
    return scopes


def read_labels(source):
    """{line: [{name: words}]} of `go:`, {line: [name]} of `free:`."""
    goes, frees, at, text = {}, {}, 0, ""
    for number, line in enumerate(source.split("\n") + [""], 1):
        comment = re.match(r" *//  +(.*)", line)
        if comment:
            text += " " + comment[1]
            continue
        go, free = re.search(r"go:(.*)", text), re.search(r"free:(.*)", text)
        if go:
            goes[at] = [{name: {WORDS[word] for word in words.split("+")} for name, words in
                         (item.split("=") for item in one.split())} for one in go[1].split("|")]
        if free:
            frees[at] = free[1].split()
        at, text = number, (re.search(r"//( (?:go|free):.*)", line) or ["", ""])[1]
    return goes, frees


def show(takes):
    return " ".join("%s=%s" % (name, "+".join(sorted(words))) for name, words in sorted(takes.items())) or "nothing"


def spawned_complaints(scopes, goes):
    for line in sorted({s.line for s in scopes if s.spawned} | set(goes)):
        spawned = sorted((s for s in scopes if s.spawned and s.line == line), key=lambda s: s.start)
        labels = goes.get(line, [])
        if len(spawned) != len(labels):
            yield "line %d: %d goroutines, %d labels" % (line, len(spawned), len(labels))
        for scope, label in zip(spawned, labels):
            if scope.takes != label:
                yield "line %d: takes %s; labelled %s" % (line, show(scope.takes), show(label))
            for name in label:
                binding = scope.parent.find(name)
                if not binding or not binding[1] or binding[0] in IN_FRAME:
                    yield "line %d: %s is %s" % (line, name, binding)
                else:
                    binding[2] = True


def binding_complaints(scopes, frees):
    for scope in scopes:
        for name, (_, is_captured, is_labelled) in scope.names.items():
            if is_captured != is_labelled:
                yield "line %d: no label for %s, which is captured" % (scope.line, name)
    for line, names in frees.items():
        for name in names:
            found = [s.names[name] for s in scopes if s.line == line and name in s.names]
            if len(found) != 1 or found[0][1]:
                yield "line %d: %s should be free: %s" % (line, name, found)


def check(command, name):
    with open(os.path.join(HERE, "captures", name), encoding="ascii") as f:
        source = f.read()
    out = subprocess.run([command, "--dump-scopes", name], cwd=os.path.join(HERE, "captures"), stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, timeout=60, check=False, text=True).stdout
    scopes = read_dump(out, source)
    goes, frees = read_labels(source)
    complaints = [*spawned_complaints(scopes, goes), *binding_complaints(scopes, frees)]
    return sum(len(label) for labels in goes.values() for label in labels), complaints


def main():
    command, labelled, results = os.path.abspath(sys.argv[1]), 0, []
    for name in sorted(os.listdir(os.path.join(HERE, "captures"))):
        count, complaints = check(command, name)
        labelled += count
        what = "%s: %d captures, %d misclassified" % (name, count, len(complaints))
        results.append((not complaints, what, complaints))
    results.append((labelled >= LEAST, "%d captures are labelled, at least %d" % (labelled, LEAST), []))
    print("1..%d" % len(results))
    for i, (fine, what, complaints) in enumerate(results):
        print("%s %d - captures %s" % ("ok" if fine else "not ok", i + 1, what))
        for complaint in complaints:
            print("# " + complaint)
    return not all(fine for fine, _, _ in results)


if __name__ == "__main__":
    sys.exit(main())
