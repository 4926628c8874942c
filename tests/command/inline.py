#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""inline.py - what machine code does in place, read from its listing: allocation, stores, polls. Speaks TAP."""
import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import _tap                                                # noqa: E402
from _tap import check                                     # noqa: E402

US = os.environ["ULTRASCRIPT"]
MOST_TO_HEADER = 8
KEEP = "function keep(n) { const all = []; for (let i = 0; i < n; i++) all.push({ a: i, b: i }); return all }"
PROGRAM = """function make(n) { let o; for (let i = 0; i < n; i++) o = { a: i, b: i }; return o }
function local(n) { let s = 0; for (let i = 0; i < n; i++) { const o = { a: i, b: i }; s += o.a - o.b } return s }
function store(n, o) { for (let i = 0; i < n; i++) o.a = o }
%s
const shared = { a: null, b: null };
for (let i = 0; i < 20; i++) { make(1000); local(1000); store(1000, { a: null, b: null }) }
if (globalThis.runtime) await go store(1000, shared);
const all = keep(50000);
console.log(all.every((o, i) => o.a === i && o.b === i), make(1000).a, local(1000), shared.a === shared);
""" % KEEP
USED_UP = KEEP + "\nconsole.log(keep(600).every((o, i) => o.a === i && o.b === i))\n"
OUTPUT = "true 999 0 true\n"
FORBIDDEN = re.compile(r"\b(call|lock|xchg|cmpxchg|mfence|sfence|lfence)\b")


def run(file, *options, **env):
    done = subprocess.run([US, *options, file], capture_output=True, text=True, timeout=170, env={**os.environ, **env})
    return done.returncode, done.stdout, done.stderr


def pieces(listing, function):
    """[(name of the bytecode, its instructions)] of a function's machine code; "" is what is in no bytecode's place."""
    part = re.search(r"^machine code of %s .*\n((?: .*\n)+)" % function, listing, re.M).group(1)
    found = []
    for line in part.splitlines():
        instruction = re.match(r"        [0-9a-f]+  (\S.*)", line)
        if instruction:
            found[-1][1].append(instruction.group(1))
        else:
            words = line.split()
            found.append((words[2] if words[0].isdigit() else " ".join(words), []))
    return found


def of(listing, function, name):
    """The instructions in the place of the only such bytecode. One whose code follows in that of the next is empty."""
    found = pieces(listing, function)
    at = next(i for i, (title, _) in enumerate(found) if title == name)
    while not found[at][1]:
        at += 1
    return found[at][1]


def test_allocation(listing):
    literal = of(listing, "make", "OBJECT_LITERAL")
    header = literal.index("mov qword ptr [rax], rcx") + 1
    check("a literal has its header after %d instructions, of at most %d" % (header, MOST_TO_HEADER),
          header <= MOST_TO_HEADER, literal)
    bump = [re.sub(r"0x[0-9a-f]+", "N", instruction) for instruction in literal[:5]]
    check("which take it from the region", bump == ["mov rax, qword ptr [r12]", "lea rcx, [rax + N]",
          "cmp rcx, qword ptr [r12 + 8]", "ja N", "mov qword ptr [r12], rcx"], literal)
    check("calls and synchronises nothing", not any(map(FORBIDDEN.search, literal)), literal)
    slow = dict(pieces(listing, "make"))["other entries, slow halves"]
    target = literal[3].split()[1]
    check("and goes elsewhere when the region is used up", target in listing and any("call" in x for x in slow), slow)
    names = [name for name, _ in pieces(listing, "local")]
    check("an object that stays is not made", "OBJECT_LITERAL" not in names and "LOOP" in names, names)


def test_stores(listing):
    plain = of(listing, "store", "SET_PROP")
    flags = [x for x in plain if x.startswith("cmp word ptr [rax + 5], 0")]
    check("a store to a private object compares flags and lock once", len(flags) == 1, plain)
    check("then it is a plain one", plain[-1] == "mov qword ptr [rax + rcx], rsi", plain)
    check("without a call, a locked instruction or a fence", not any(map(FORBIDDEN.search, plain)), plain)
    slow = dict(pieces(listing, "store"))["other entries, slow halves"]
    check("a store to a shared object is a call", sum(x.startswith("call") for x in slow) > 0, slow)


def test_polls(listing):
    for function in ("make", "local", "store", "keep"):
        loops = [code for name, code in pieces(listing, function) if name == "LOOP"]
        limits = [re.fullmatch(r"cmp rbp, qword ptr \[r12 \+ (0x\w+)\]", code[0]) for code in loops]
        prologue = dict(pieces(listing, function))["prologue"]
        check("%s polls at the head of its loop" % function, len(loops) == 1 and limits[0] and
              loops[0][1].startswith("jb "), loops)
        limit = "cmp rdi, qword ptr [r12 + %s]" % (limits[0].group(1) if limits and limits[0] else "?")
        check("%s polls as it is called" % function, limit in prologue and
              prologue[prologue.index(limit) + 1].startswith("jb "), prologue)


def main():
    with tempfile.TemporaryDirectory() as folder:
        file, used_up = (os.path.join(folder, name) for name in ("inline.us", "used_up.us"))
        for name, text in ((file, PROGRAM), (used_up, USED_UP)):
            with open(name, "w", encoding="utf-8") as f:
                f.write(text)
        status, out, listing = run(file, "--dump-asm")
        check("the listing leaves the output alone", (status, out) == (0, OUTPUT), (status, out, listing[-500:]))
        if "cmp rbp, " not in listing:
            check("machine code # SKIP this build has none, or no disassembler", True, "")
        else:
            test_allocation(listing)
            test_stores(listing)
            test_polls(listing)
        for debug in ("gcstress=1", "gcstress=3,verify,poison"):
            check("every allocation finds its region used up, in mid loop (%s)" % debug,
                  run(used_up, "--jit=eager", US_DEBUG=debug)[:2] == (0, "true\n"), "")
    _tap.finish()


main()
