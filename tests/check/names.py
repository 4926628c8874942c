#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""names.py - names say where things are, and words say what is.

1. An exported symbol begins with its file's noun, or a leading part of it (object_methods.c exports object_...);
   in lib/ `lib_` may stand before it. ALSO lists the files with another noun.
2. File names are lower_case nouns, and unique among sources; none is a version or a heap of helpers. A Python program
   has no name of Python's library, whose modules would find it in their place when they are imported beside it.
3. Include guards spell the path.
4. Nothing is put off in the text: such words are an issue's, not the tree's.
"""
import os
import re
import sys

import _tree

ALSO = {
    "compiler/capture": ["scope"],           # parts of the scope analysis that scope.h promises
    "compiler/resolve": ["scope"],
    "compiler/resolve_program": ["scope"],
    "compiler/codegen": ["gen"],             # what the gen_*.c share
    "lib/embed": ["main"],
    "lib/embedded": ["library"],             # generated: the units library.c reads
    "lib/intrinsics": ["lib_intrinsic"],     # finds one
    "lib/environment": ["lib_process"],      # parts of process.c
    "lib/stream": ["lib_process"],
    "lib/regexp": ["lib_new_regexp"],        # an intrinsic of regexp.us
    "vm/base/panic": ["assert"],             # assert.h is macros
    "vm/embed": ["us"],                      # what vm/ultrascript.h promises
    "vm/embed_class": ["us"],
    "vm/embed_heap": ["us"],
    "vm/embed_value": ["us"],
    "vm/main": ["main"],
    "vm/object/kinds": ["value_kind"],       # names of kinds, for messages from vm/value
}
VAGUE = re.compile(r"(^|_)(v\d+|new|old|impl|utils?|helpers?|misc|common|tmp|temp|stuff)$")
INCLUDED_OFTEN = re.compile(r"/ops\w*\.h$|_inl\.h$")
NOUNS = {"iterator_helper"}                  # the standard's own words
SHARED_NAMES = {"resolve.c"}                 # of names in compiler/, of modules in vm/
FILE_NAME = re.compile(r"^[a-z0-9]+(_[a-z0-9]+)*$")
PUT_OFF = re.compile("|".join(r"\b" + word for word in (
    r"TODO\b", r"FIXME\b", r"XXX\b", r"HACK\b", r"for now\b", r"not (yet )?implemented", r"unimplemented",
    r"work-?around\b")))
TEXTS = (".c", ".h", ".def", ".S", ".us", ".js", ".py", ".sh", ".md", ".am", ".ac")


def symbol_complaints(tree):
    for source, _, kind, name in tree.symbols:
        if kind not in "TDBRVW" or name.startswith(("DW.ref.", "__")):
            continue
        parts = os.path.basename(source).split("_")
        nouns = ["_".join(parts[:i + 1]) for i in range(len(parts))]
        nouns += ["lib_" + noun for noun in nouns] if source.startswith("lib/") else []
        nouns += ALSO.get(source, [])
        if not any(name == noun or name.startswith(noun + "_") for noun in nouns):
            yield "%s: exports %s, which should begin with %s_" % (source, name, nouns[len(parts) - 1])


def file_complaints(tree):
    seen = {}
    for path in tree.c_sources():
        stem, suffix = os.path.splitext(os.path.basename(path))
        if not FILE_NAME.match(stem) or VAGUE.search(stem) and stem not in NOUNS:
            yield "%s: its name is no noun" % path
        if not path.startswith("lib/"):
            other = seen.setdefault(stem + suffix, path)
            if other != path and stem + suffix not in SHARED_NAMES:
                yield "%s: %s has this name" % (path, other)
    for path in tree.paths(".py"):
        if os.path.basename(path)[:-len(".py")] in sys.stdlib_module_names:
            yield "%s: a module of Python's library has this name" % path


def guard_complaints(tree):
    for path in tree.c_sources():
        if not path.endswith(".h") or INCLUDED_OFTEN.search(path):
            continue
        spelled = re.sub(r"^vm/", "", path)
        guards = ["US_" + re.sub(r"\W", "_", spelling).upper() for spelling in (spelled, path)]
        found = re.search(r"^#ifndef (\w+)\n#define (\w+)$", tree.text(path), re.M)
        if not found or found.group(1) != found.group(2) or found.group(1) not in guards:
            yield "%s: its include guard should be %s" % (path, guards[0])


def word_complaints(tree):
    for path in tree.paths(TEXTS):
        if path.startswith(("tests/check/", "tests/unit/", "tests/golden/", "tests/regress/parse/")):
            continue                          # these quote such words, or hold text that means nothing
        for number, line in enumerate(tree.lines(path), 1):
            found = PUT_OFF.search(line)
            if found:
                yield "%s:%d: %r puts something off" % (path, number, found.group(0))


def check(tree):
    for complaints in (symbol_complaints, file_complaints, guard_complaints, word_complaints):
        yield from complaints(tree)


def exported(source, name):
    return [(source, ".text", "T", name)]


BAD = [
    ("exports lock_take", {}, exported("vm/base/mutex", "lock_take")),
    ("exports objectify", {}, exported("vm/object/object", "objectify")),
    ("no noun", {"gc/mark_v2.c": ""}),
    ("no noun", {"lib/string_utils.c": ""}),
    ("no noun", {"gc/Mark.c": ""}),
    ("has this name", {"gc/mark.c": "", "vm/exec/mark.c": ""}),
    ("Python's library", {"tests/command/warnings.py": ""}),
    ("US_BASE_BUF_H", {"vm/base/buf.h": "#ifndef BUF_H\n#define BUF_H\n"}),
    ("puts something off", {"gc/mark.c": "// TODO: mark\n"}),
    ("puts something off", {"docs/gc.md": "This is enough for now.\n"}),
]
GOOD = [
    ({}, exported("vm/object/object_methods", "object_get")),
    ({}, exported("lib/array_search", "lib_array_find")),
    ({"vm/base/buf.h": "/* */\n#ifndef US_BASE_BUF_H\n#define US_BASE_BUF_H\n", "vm/base/buf.c": "// a for noword\n"},),
]

if __name__ == "__main__":
    _tree.main(check, BAD, GOOD)
