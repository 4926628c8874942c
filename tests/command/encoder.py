#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""encoder.py - the bytes of vm/jit/x64/asm.h against an assembler's. Speaks TAP."""
import os
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import _tap                                                # noqa: E402
from _tap import check                                     # noqa: E402

TOOL = os.path.join(os.path.dirname(os.environ["ULTRASCRIPT"]), "tests", "tools", "asm_tool")
MARK = "1f0b2d4c"                                          # stands before each instruction


def assembled(texts, folder):
    """The bytes of each."""
    source, program, image = (os.path.join(folder, name) for name in ("a.s", "a.o", "a.bin"))
    with open(source, "w", encoding="utf-8") as f:
        f.write(".intel_syntax noprefix\n")
        for text in texts:
            f.write(".byte 0x1f, 0x0b, 0x2d, 0x4c\n%s\n" % text)
    subprocess.run(["as", "--64", "-o", program, source], check=True)
    subprocess.run(["objcopy", "-O", "binary", "-j", ".text", program, image], check=True)
    with open(image, "rb") as f:
        return f.read().hex().split(MARK)[1:]


def main():
    missing = [name for name in ("as", "objcopy") if not shutil.which(name)] + [TOOL] * (not os.path.exists(TOOL))
    if missing:
        print("no %s" % missing[0])
        sys.exit(77)
    told = subprocess.run([TOOL], stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()
    ours, texts = zip(*(line.split("\t") for line in told))
    with tempfile.TemporaryDirectory() as folder:
        theirs = assembled(texts, folder)
    check("%d instructions" % len(ours), len(ours) == len(theirs) > 10000, (len(ours), len(theirs)))
    wrong = [(text, mine, other) for text, mine, other in zip(texts, ours, theirs) if mine != other]
    for text, mine, other in wrong[:40]:
        print("# %s: %s, but the assembler has %s" % (text, mine, other))
    check("each as the assembler has it", not wrong, len(wrong))
    _tap.finish()


main()
