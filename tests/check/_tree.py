# SPDX-License-Identifier: MIT
"""_tree.py - what the checks of the tree share.

A check is a function from a Tree to complaints, run by `main`:

    CHECK.py [--build DIR]     prints the complaints; exit status 1 when there are any
    CHECK.py --self-test       runs it on small trees: each bad one must draw a complaint with the words given, and
                               each good one none

waivers.txt lists what may break a rule, each with a number it may reach and the reason:

    RULE SUBJECT NUMBER reason
"""
import argparse
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDERS = (".ci", "bench", "compiler", "docs", "gc", "lib", "man", "samples", "tests", "vm")
C_SUFFIXES = (".c", ".h", ".def", ".S")
GENERATED = {"vm/base/unicode_tables.c"}
WAIVERS = "tests/check/waivers.txt"


class Tree:
    """Files by path; `symbols` are those of the objects of a build: (source without suffix, section, type, name)."""

    def __init__(self, files, symbols=()):
        self.files, self.symbols = files, list(symbols)

    def paths(self, suffixes="", folders=()):
        return sorted(p for p in self.files if p.endswith(suffixes) and (not folders or p.startswith(tuple(folders))))

    def text(self, path):
        return self.files[path]

    def lines(self, path):
        return self.text(path).rstrip("\n").split("\n")

    def exists(self, path):
        return path in self.files or any(p.startswith(path.rstrip("/") + "/") for p in self.files)

    def c_sources(self):
        return [p for p in self.paths(C_SUFFIXES, ("compiler/", "gc/", "lib/", "vm/")) if p not in GENERATED]

    def waivers(self, rule):
        """{subject: number}"""
        found = {}
        for line in self.files.get(WAIVERS, "").split("\n"):
            words = line.split("#")[0].split()
            if words and words[0] == rule:
                found[words[1]] = int(words[2])
        return found


def read_tree():
    files = {}
    tops = [os.path.join(ROOT, f) for f in os.listdir(ROOT) if os.path.isfile(os.path.join(ROOT, f))]
    below = [os.path.join(folder, name) for top in FOLDERS
             for folder, _, names in os.walk(os.path.join(ROOT, top)) if "__pycache__" not in folder for name in names]
    for path in tops + below:
        with open(path, "rb") as f:
            files[os.path.relpath(path, ROOT)] = f.read().decode("utf-8", "replace")
    return files


def read_symbols(build):
    objects = [os.path.join(folder, name) for top in ("compiler", "gc", "lib", "vm")
               for folder, _, names in os.walk(os.path.join(build, top)) for name in names if name.endswith(".o")]
    if not objects:
        return []
    out = subprocess.run(["nm", "-A", "-f", "sysv", "--defined-only", *sorted(objects)], stdout=subprocess.PIPE,
                         check=True, text=True).stdout
    symbols = []
    for line in out.split("\n"):
        cells = [c.strip() for c in line.split("|")]
        if len(cells) == 7 and ":" in cells[0]:
            path, name = cells[0].rsplit(":", 1)
            symbols.append((os.path.relpath(path, build)[:-len(".o")], cells[6], cells[2], name))
    return symbols


def over_waiver(tree, rule, sizes, limit_of, unit):
    """Complaints of sizes over their limit, or over their waiver; and of waivers that are no longer earned."""
    waivers = tree.waivers(rule)
    for subject, size in sorted(sizes.items()):
        limit = limit_of(subject)
        allowed = waivers.get(subject, limit)
        if size > allowed:
            yield "%s: %d %s, and %d is the limit" % (subject, size, unit, allowed)
        elif subject in waivers and size <= limit:
            yield "%s: keeps the limit, so its waiver (%s) has to go" % (subject, rule)
        elif subject in waivers and size < 0.5 * allowed:
            yield "%s: %d %s, so lower its waiver (%s) from %d" % (subject, size, unit, rule, allowed)
    for subject in sorted(set(waivers) - set(sizes)):
        yield "%s: a waiver (%s) for what is not there" % (subject, rule)


def self_test(check, bad, good):
    broken = []
    for words, files, *symbols in bad:
        found = list(check(Tree(files, *symbols)))
        if not any(words in complaint for complaint in found):
            broken.append("expected a complaint of %r, got %r" % (words, found))
    for files, *symbols in good:
        found = list(check(Tree(files, *symbols)))
        if found:
            broken.append("expected no complaint, got %r" % found)
    return broken


def main(check, bad, good):
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", metavar="DIR", help="a build of the tree, for what only objects tell")
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    if options.self_test:
        complaints = self_test(check, bad, good)
    else:
        complaints = list(check(Tree(read_tree(), read_symbols(options.build) if options.build else ())))
    for complaint in complaints:
        print(complaint)
    sys.exit(bool(complaints))
