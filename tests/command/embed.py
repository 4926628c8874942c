#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""embed.py - the library for embedding: its names, its example host in every mode, a program built from the manual."""
import os
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import _tap                                                # noqa: E402
from _tap import check                                     # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.dirname(os.environ["ULTRASCRIPT"])
LIBRARY = os.path.join(BUILD, "libultrascript.a")
RENDER = os.path.join(BUILD, "samples", "embed", "render")
EXPECTED = os.path.join(ROOT, "samples", "expected", "embed.out")
MODES = ("", "gcstress=7,verify,poison", "share=all,verify", "preempt=every", "stackstress", "seed=1")


def run(*command, **env):
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env={**os.environ, **env})
    return done.returncode, done.stdout, done.stderr


def test_names():
    got = run("nm", "-g", "--defined-only", LIBRARY)[1]
    names = [line.split()[2] for line in got.split("\n") if len(line.split()) == 3]
    header = open(os.path.join(ROOT, "vm", "ultrascript.h"), encoding="utf-8").read()
    # what a sanitizer or the compiler adds begins with __ or ends in its marks
    other = [n for n in names if not n.startswith(("us_", "__", ".")) and "." not in n]
    check("the library's names begin with us_", names and not other, other[:5])
    check("every name is in the header", all(n + "(" in header for n in names if n.startswith("us_")), names)


def test_sample():
    with open(EXPECTED, encoding="utf-8") as f:
        wanted = f.read()
    for mode in MODES:
        got = run(RENDER, os.path.join(ROOT, "samples", "embed", "render.us"), US_DEBUG=mode)
        check("samples/embed/render %s" % mode, got == (0, wanted, ""), got)


def manual_example():
    """The program in ultrascript.3."""
    text = open(os.path.join(ROOT, "man", "ultrascript.3"), encoding="utf-8").read()
    return text.split(".Sh EXAMPLES\n.Bd -literal\n")[1].split(".Ed")[0].replace("\\e", "\\")


def pkg_config(key):
    for line in open(os.path.join(BUILD, "ultrascript.pc"), encoding="utf-8"):
        if line.startswith(key + ":"):
            return line.split(":", 1)[1].split()
    return []


def test_manual(folder):
    compiler = shutil.which("cc")
    if not compiler:
        return
    source, program = os.path.join(folder, "a.c"), os.path.join(folder, "a")
    with open(source, "w", encoding="utf-8") as f:
        f.write(manual_example())
    libraries = [LIBRARY if word == "-lultrascript" else word for word in pkg_config("Libs") if word[:2] != "-L"]
    sanitized = "asan" in run("nm", LIBRARY)[1] and ["-fsanitize=address,undefined"] or []
    got = run(compiler, "-Wall", "-Wextra", "-Werror", "-I" + os.path.join(ROOT, "vm"), source, "-o", program,
              *sanitized, *libraries, *pkg_config("Libs.private"))
    check("the manual's example compiles", got[0] == 0, got[2])
    if got[0] == 0:
        got = run(program)
        check("the manual's example runs", got == (0, "42\n", ""), got)


if not os.path.exists(RENDER) or not os.path.exists(LIBRARY):
    print("make check-programs builds it")
    sys.exit(77)
test_names()
test_sample()
with tempfile.TemporaryDirectory() as folder:
    test_manual(folder)
_tap.finish()
