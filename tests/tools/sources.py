#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the lists of sources in Makefile.am, between its marks, from what the folders hold.

    sources.py           rewrite Makefile.am
    sources.py --check   exit 1 when Makefile.am is not what would be written
"""
import glob
import os
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
BEGIN, END = "# sources: begin\n", "# sources: end\n"
LAYERS = [
    ("base", "0: the floor: C only, no language", "vm/base"),
    ("regexp", "0: regular expressions: a leaf above the floor", "vm/regexp"),
    ("bytecode", "1: compiled units: what compiler and VM share", "vm/bytecode"),
    ("compiler", "2: source text to unit", "compiler"),
    ("gc", "3: heap and collector", "gc"),
    ("value", "4: values: strings, symbols, numbers", "vm/value"),
    ("sched", "5: goroutines and their stacks", "vm/sched"),
    ("object", "6: objects", "vm/object"),
    ("exec", "7: running code", "vm/exec"),
    ("jit", "8: machine code", "vm/jit"),
    ("lib", "8: the library of the language", "lib"),
]
FOLDERS_BELOW = {"vm/jit": ["vm/jit/x64"]}
PROGRAMS = {"lib/embed.c", "vm/main.c"}          # not of a library


def variable(name, files):
    if not files:
        return f"{name} =\n"
    lines, line = [], "   "
    for file in files:
        if len(line) + 1 + len(file) > 108:
            lines.append(line)
            line = "   "
        line += " " + file
    lines.append(line)
    return f"{name} = \\\n" + " \\\n".join(lines) + "\n"


def found(folder, suffixes):
    folders = [folder] + FOLDERS_BELOW.get(folder, [])
    files = [f for s in suffixes for d in folders for f in glob.glob(os.path.join(ROOT, d, "*" + s))]
    return sorted(os.path.relpath(f, ROOT) for f in files if os.path.relpath(f, ROOT) not in PROGRAMS)


def written():
    out = ""
    for name, what, folder in LAYERS:
        out += f"# ---- {what} ----\nnoinst_LIBRARIES += lib{name}.a\n"
        out += variable(f"lib{name}_a_SOURCES", found(folder, [".c", ".h", ".def"])) + "\n"
    out += variable("LIBRARY_US", found("lib", [".us"]))
    out += "# ---- 9: the command, but for its main.c ----\nnoinst_LIBRARIES += libcommand.a\n"
    out += variable("libcommand_a_SOURCES", found("vm", [".c", ".h", ".def"]))
    return out


def main():
    path = os.path.join(ROOT, "Makefile.am")
    old = open(path).read()
    start, stop = old.index(BEGIN) + len(BEGIN), old.index(END)
    new = old[:start] + written() + old[stop:]
    if "--check" in sys.argv:
        sys.exit("Makefile.am: run tests/tools/sources.py" if new != old else 0)
    if new != old:
        open(path, "w").write(new)


main()
