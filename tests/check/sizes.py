#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""sizes.py - files, functions and lines stay of a size a reader can hold. waivers.txt has the exceptions, which shrink.
"""
import collections
import os
import re

import _tree

COLUMNS = 120
FUNCTION_LINES = 60
FILE_LINES = {".c": 600, ".h": 400, ".us": 600, ".py": 400}
SOURCES = _tree.C_SUFFIXES + (".us", ".py", ".md")
QUOTED = ("tests/golden/", "tests/regress/", "tests/lang/", "tests/lib/")       # programs in any shape
NAME = re.compile(r"(\w+)\(")


def suffix_of(path):
    return os.path.splitext(path)[1]


def ours(tree, suffixes):
    return [p for p in tree.paths(suffixes) if p not in _tree.GENERATED and not p.startswith(QUOTED)]


def file_sizes(tree):
    return {path: len(tree.lines(path)) for path in ours(tree, tuple(FILE_LINES))}


def function_sizes(tree):
    """Lines between the braces, by path:name. A function's braces stand in the first column, its name above them."""
    sizes = {}
    for path in ours(tree, (".c", ".h")):
        name, start = "?", 0
        for number, line in enumerate(tree.lines(path)):
            found = NAME.search(line)
            if line == "{":
                start = number
            elif line == "}" and start:
                sizes["%s:%s" % (path, name)] = number - start - 1
                start = 0
            elif found and not start and not line.startswith((" ", "\t", "#", "/", "*")):
                name = found.group(1)
    return sizes


def wide_lines(tree):
    """How many lines are too wide, in each folder."""
    wide = collections.Counter()
    for path in ours(tree, SOURCES):
        wide[(os.path.dirname(path) or ".") + "/"] += sum(
            len(line) > COLUMNS and not line.startswith("|") for line in tree.lines(path))       # a table has no choice
    return wide


def check(tree):
    yield from _tree.over_waiver(tree, "file", file_sizes(tree), lambda path: FILE_LINES[suffix_of(path)], "lines")
    yield from _tree.over_waiver(tree, "function", function_sizes(tree), lambda _: FUNCTION_LINES, "lines")
    yield from _tree.over_waiver(tree, "wide", wide_lines(tree), lambda _: 0, "lines wider than %d" % COLUMNS)


def function(name, lines):
    return "static void %s(int a,\n                 int b)\n{\n%s}\n" % (name, "    a++;\n" * lines)


WAIVED = {_tree.WAIVERS: "file gc/mark.c 1400 a list of cases\n"}
BAD = [
    ("gc/mark.c: 601 lines", {"gc/mark.c": "\n" * 600 + "x\n"}),
    ("gc/mark.h: 401 lines", {"gc/mark.h": "x\n" * 401}),
    ("gc/mark.c:mark_all: 61 lines", {"gc/mark.c": function("mark_all", 61)}),
    ("lib/: 1 lines wider", {"lib/array.us": "x" * 121 + "\n"}),
    ("1401 lines, and 1400 is the limit", {"gc/mark.c": "x\n" * 1401, **WAIVED}),
    ("keeps the limit", {"gc/mark.c": "x\n" * 600, **WAIVED}),
    ("lower its waiver", {"gc/mark.c": "x\n" * 620, **WAIVED}),
    ("what is not there", WAIVED),
]
GOOD = [
    ({"gc/mark.c": "x\n" * 600, "gc/mark.h": "x\n" * 400, "lib/array.us": "x" * 120 + "\n"},),
    ({"gc/mark.c": function("mark_all", 60)},),
    ({"gc/mark.c": "x\n" * 1300, **WAIVED},),
]

if __name__ == "__main__":
    _tree.main(check, BAD, GOOD)
