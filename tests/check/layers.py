#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""layers.py - the include graph follows the layers.

A layer is a folder; MAY says whose headers it may include besides its own. A header X_int.h stays in its folder,
config.h is for vm/base and the command, and a source includes its own header first.
"""
import os
import re

import _tree

FLOOR = ["vm/base"]
VALUES = FLOOR + ["gc", "vm/value"]
OBJECTS = VALUES + ["vm/bytecode", "vm/sched", "vm/object"]
MAY = {
    "vm/base": [],
    "vm/regexp": FLOOR,
    "vm/bytecode": FLOOR,
    "compiler": FLOOR + ["vm/bytecode", "vm/regexp"],     # no heap: callable on any thread
    "gc": FLOOR,                                          # knows cells and kinds, not JavaScript
    "vm/value": VALUES,
    "vm/sched": VALUES + ["vm/bytecode"],                 # the slots of a frame
    "vm/object": OBJECTS + ["vm/regexp"],
    "vm/exec": OBJECTS + ["vm/regexp"],                   # reaches the compiler through a hook
    "vm/jit": OBJECTS + ["vm/exec"],
    "lib": OBJECTS + ["vm/regexp", "vm/exec"],
    "vm": None,                                           # the command sees everything
}
PROGRAMS = {"lib/embed.c"}                                # of the build: they see everything
ALSO = {                                                  # single headers, with the reason
    "vm/jit/listing.c": ["config.h"],                     # whether Capstone is there
    "lib/process.c": ["config.h", "vm/vm.h"],             # tells the version and the options of the Vm
}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^">]+)[">]')


def layer_of(path):
    """The nearest folder in the table, or None; the command is only what lies in vm/ itself."""
    home = folder = os.path.dirname(path)
    while folder and folder not in MAY:
        folder = os.path.dirname(folder)
    return folder if folder and (folder != "vm" or home == "vm") else None


def complaints_of(tree, path):
    layer, folder = layer_of(path), os.path.dirname(path)
    if not layer:
        yield "%s: no layer of tests/check/layers.py holds it" % path
        return
    own, first = os.path.splitext(path)[0] + ".h", True
    for number, line in enumerate(tree.lines(path), 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        header, place = found.group(2), "%s:%d: " % (path, number)
        if first and path.endswith(".c") and tree.exists(own) and header != own:
            yield place + "its own header comes first"
        first = False
        if found.group(1) == "<":
            continue
        if not tree.exists(header) and header != "config.h":
            yield place + "no file is called " + header
        if header.endswith("_int.h") and os.path.dirname(header) != folder:
            yield place + header + " is private to its folder"
        allowed = MAY[layer]
        if header in ALSO.get(path, []):
            continue
        if header == "config.h":
            if layer not in ("vm/base", "vm"):
                yield place + "config.h is for vm/base and the command"
        elif allowed is not None and path not in PROGRAMS and layer_of(header) not in [layer] + allowed:
            yield place + "%s may not include %s" % (layer, header)


def check(tree):
    for path in tree.c_sources():
        yield from complaints_of(tree, path)


A = {"vm/object/object.h": "", "vm/base/buf.h": "", "vm/base/buf_int.h": "", "gc/heap.h": "", "compiler/ast.h": ""}
BAD = [
    ("gc may not include vm/object/object.h", {**A, "gc/mark.c": '#include "vm/object/object.h"\n'}),
    ("compiler may not include gc/heap.h", {**A, "compiler/parser.c": '#include <stdio.h>\n# include "gc/heap.h"\n'}),
    ("vm/exec may not include compiler/ast.h", {**A, "vm/exec/interp.c": '#include "compiler/ast.h"\n'}),
    ("is private to its folder", {**A, "gc/mark.c": '#include "vm/base/buf_int.h"\n'}),
    ("its own header comes first", {**A, "vm/base/buf.c": '#include <stdio.h>\n#include "vm/base/buf.h"\n'}),
    ("config.h is for", {"gc/mark.c": '#include "config.h"\n'}),
    ("no layer", {"vm/new/x.c": ""}),
    ("no file is called vm/base/none.h", {"gc/mark.c": '#include "vm/base/none.h"\n'}),
]
GOOD = [
    ({**A, "gc/mark.c": '#include "gc/heap.h"\n#include "vm/base/buf.h"\n'},),
    ({**A, "vm/main.c": '#include "compiler/ast.h"\n'},),
]

if __name__ == "__main__":
    _tree.main(check, BAD, GOOD)
