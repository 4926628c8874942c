#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""same_tree.py PARSE_TOOL FOLDER... - proves that the extensions change no program.

Every JavaScript and TypeScript file below the folders is parsed in each way a file can be (script, strict script,
module, detected, CommonJS), once as the plain language and once with UltraScript's syntax on. Where the plain parse
succeeds, the other has to succeed with the same tree. Speaks TAP, one line for each folder.
"""
import os
import subprocess
import sys
import tempfile

KINDS = ["--script", "--script --strict", "--module", "--detect", "--commonjs"]
JAVASCRIPT = (".js", ".mjs", ".cjs")
TYPESCRIPT = (".ts", ".mts", ".cts")


def find_files(folder):
    for path, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            if name.endswith(JAVASCRIPT + TYPESCRIPT):
                yield os.path.join(path, name)


def language_options(path):
    if not path.endswith(TYPESCRIPT):
        return ""
    return " --ts --ambient" if path.endswith((".d.ts", ".d.mts", ".d.cts")) else " --ts"


def hash_all(tool, runs):
    with tempfile.NamedTemporaryFile("w", suffix=".list") as listing:
        listing.writelines("[%s] %s\n" % run for run in runs)
        listing.flush()
        out = subprocess.run([tool, "--hash", "--javascript", "--list", listing.name],
                             stdout=subprocess.PIPE, check=False).stdout.decode("utf-8", "replace")
    lines = [line.split(" ", 2)[:2] for line in out.splitlines()]
    if len(lines) != len(runs):
        sys.exit("parse_tool stopped at %s" % (runs[len(lines)][1] if len(lines) < len(runs) else "?"))
    return lines


def main():
    tool, folders = sys.argv[1], sys.argv[2:]
    print("1..%d" % len(folders))
    total_parsed = total_same = bad = 0
    for i, folder in enumerate(folders):
        files = list(find_files(folder))
        runs = [(kind + language_options(f), f) for f in files for kind in KINDS]
        plain = hash_all(tool, runs)
        extended = hash_all(tool, [(options + " --ultra", f) for options, f in runs])
        parsed = sum(p[0] == "ok" for p in plain)
        different = [run for run, p, e in zip(runs, plain, extended) if p[0] == "ok" and p != e]
        unparsed = sorted({f for f in files} - {run[1] for run, p in zip(runs, plain) if p[0] == "ok"})
        for run in different:
            print("# differs: [%s] %s" % run)
        if "test262" not in folder:
            for f in unparsed:
                print("# parses in no way: %s" % f)
        print("%s %d - %s: %d files, %d parses, %d different; %d files parse in no way" % (
            "not ok" if different else "ok", i + 1, os.path.basename(folder.rstrip("/")), len(files), parsed,
            len(different), len(unparsed)))
        total_parsed += parsed
        total_same += parsed - len(different)
        bad += len(different)
    print("# %d of %d parses have the same tree" % (total_same, total_parsed))
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
