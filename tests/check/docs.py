#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs.py - what the text says is there, and what is there is told.

1. A link of a .md file leads somewhere, and a `path/in/backticks` exists.
2. Every function that a header promises to other folders has a comment: behind it, or heading its paragraph; but for
   the two whose names say it, ..._install and ..._register_kinds.
3. Every row of opcodes.def says what it does, and every row of debug_flags.def has a help text.
4. Every folder of tests/ stands in tests/README.md; every source starts with its licence, and headers, scripts and
   scripts' modules say what they are.
"""
import collections
import os
import re

import _tree

LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
TOPS = "|".join(re.escape(folder) for folder in _tree.FOLDERS)
QUOTED_PATH = re.compile(r"`(?:\./)?((?:%s)/[\w./-]+)`" % TOPS)
PLACEHOLDER = re.compile(r"(^|/)([A-Z]+|<\w+>)[./]")
PROTOTYPE = re.compile(r"^(?!typedef|static|extern|#|return|\s)[\w\s*()]+?\b(\w+)\([^;{]*\)[^;{=]*;", re.M)


def link_complaints(tree):
    for path in tree.paths(".md"):
        text = re.sub(r"^```.*?^```", "", tree.text(path), flags=re.M | re.S)
        for target in LINK.findall(text):
            if "://" in target or target.startswith("mailto:"):
                continue
            there = os.path.normpath(os.path.join(os.path.dirname(path), target))
            if there != "." and not tree.exists(there):
                yield "%s: no %s" % (path, target)
        for target in QUOTED_PATH.findall(text):
            places = (target, os.path.normpath(os.path.join(os.path.dirname(path), target)))
            if not PLACEHOLDER.search(target) and not any(tree.exists(place) for place in places):
                yield "%s: no %s" % (path, target)


def paragraphs(text):
    return re.split(r"\n[ \t]*\n", text)


def untold_functions(tree):
    """(header, function) of what no comment is about."""
    for path in tree.c_sources():
        if not path.endswith(".h") or path.endswith(("_int.h", "_inl.h")) or os.path.basename(path).startswith("ops"):
            continue
        for paragraph in paragraphs(tree.text(path)):
            for found in PROTOTYPE.finditer(paragraph):
                rest = paragraph[found.end():].split("\n")[0]
                is_told = "//" in rest or "//" in found.group(0) or "*/" in paragraph[:found.start()]
                if not is_told and not found.group(1).endswith(("_install", "_register_kinds")):
                    yield path, found.group(1)


def header_complaints(tree):
    untold = collections.defaultdict(list)
    for path, function in untold_functions(tree):
        untold[os.path.dirname(path) + "/"].append("%s in %s" % (function, os.path.basename(path)))
    counts = {folder: len(functions) for folder, functions in untold.items()}
    for complaint in _tree.over_waiver(tree, "untold", counts, lambda _: 0, "functions of which nothing is said"):
        folder = complaint.split(":")[0]
        yield "%s (%s)" % (complaint, ", ".join(untold[folder][-20:]))


def row_complaints(tree):
    for path, pattern in (("vm/bytecode/opcodes.def", r'^OP\((\w+),.*?(".*")\)\s*$'),
                          ("vm/base/debug_flags.def", r'^DEBUG_\w+\((\w+),.*?(".*")\)\s*$')):
        if path not in tree.files:
            continue
        for line in re.sub(r'\n +"', ' "', "\n".join(tree.lines(path))).split("\n"):
            if not re.match(r"(OP|DEBUG_\w+)\(", line):
                continue
            found = re.match(pattern, line)
            texts = re.findall(r'"((?:[^"\\]|\\.)*)"', found.group(2)) if found else []
            if not texts or len(texts[-1]) < 5:
                yield "%s: a row without its text: %s" % (path, line.split(",")[0])


def first_line_complaints(tree):
    for path in tree.paths((".c", ".h", ".def", ".py", ".us", ".S"), ("compiler/", "gc/", "lib/", "vm/", "tests/")):
        text = tree.text(path)
        if not text or path.startswith(("tests/golden/", "tests/lang/", "tests/lib/", "tests/regress/")):
            continue
        if "SPDX-License-Identifier: MIT" not in "\n".join(text.split("\n")[:2]):
            yield "%s: begins without its licence" % path
        elif path.endswith((".h", ".def", ".py")) and not re.match(r"(.*\n){1,3}(/\*|\"\"\"|#)", text):
            yield "%s: does not say what it is" % path


def folder_complaints(tree):
    if "tests/README.md" in tree.files:
        for folder in sorted({p.split("/")[1] for p in tree.paths("", ("tests/",)) if p.count("/") > 1}):
            if "`%s/" % folder not in tree.text("tests/README.md"):
                yield "tests/README.md: says nothing of %s/" % folder


def check(tree):
    for complaints in (link_complaints, header_complaints, row_complaints, first_line_complaints, folder_complaints):
        yield from complaints(tree)


TOP = "/* SPDX-License-Identifier: MIT */\n/* x.h - x. */\n\n"
BAD = [
    ("no missing.md", {"README.md": "see [this](missing.md)"}),
    ("no vm/base/missing.h", {"docs/gc.md": "see `vm/base/missing.h`"}),
    ("mark_all in mark.h", {"gc/mark.h": TOP + "void mark_all(Heap *heap);\n"}),
    ("mark_one in mark.h", {"gc/mark.h": TOP + "/* All. */\nvoid mark_all(void);\n\nint mark_one(\n    int a);\n"}),
    ("OP(ADD", {"vm/bytecode/opcodes.def": TOP + 'OP(ADD, arith, "dss", 0, "")\n'}),
    ("DEBUG_BOOL(verify", {"vm/base/debug_flags.def": TOP + 'DEBUG_BOOL(verify, "")\n'}),
    ("its licence", {"gc/mark.c": "int x;\n"}),
    ("what it is", {"gc/mark.h": "/* SPDX-License-Identifier: MIT */\nint x;\n"}),
    ("nothing of race/", {"tests/README.md": "`unit/`", "tests/race/a.js": ""}),
]
GOOD = [
    ({"README.md": "[this](docs/gc.md) and `vm/base/`", "docs/gc.md": "[up](../README.md)", "vm/base/buf.c": TOP},),
    ({"gc/mark.h": TOP + "/** All. */\nvoid mark_all(Heap *heap);\n\nint mark_one(int a);      // one\n"},),
    ({"vm/bytecode/opcodes.def": TOP + 'OP(ADD, arith, "dss", 0, "R[a] = R[b] + R[c]")\n'},),
]

if __name__ == "__main__":
    _tree.main(check, BAD, GOOD)
