#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""run.py PARSE_TOOL [promote] - golden tests of the parser; speaks TAP.

ast/X.js, .ts, .us    parse; the tree has to be the one in X.js.ast
errors/X              do not parse; the diagnostics have to be those in X.diag
Every node kind has to occur in some tree. `promote` makes what came out the expectation.
"""
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
OPTIONS = {".js": ["--detect"], ".ts": ["--ts", "--detect"], ".us": ["--ts", "--ultra-file", "--detect"]}


def run(tool, folder, name, extra):
    options = OPTIONS[os.path.splitext(name)[1]] + extra
    out = subprocess.run([tool, *options, name], cwd=os.path.join(HERE, folder), stdout=subprocess.PIPE, check=False)
    return out.returncode, out.stdout


def cases():
    for folder, extra, suffix, status in (("ast", ["--dump"], ".ast", 0), ("errors", [], ".diag", 1)):
        for name in sorted(os.listdir(os.path.join(HERE, folder))):
            if os.path.splitext(name)[1] in OPTIONS:
                yield folder, name, extra, suffix, status


def node_kinds():
    with open(os.path.join(HERE, "../../compiler/ast.def"), encoding="utf-8") as f:
        return set(re.findall(r"^AST_NODE\((\w+),", f.read(), re.M))


def main():
    tool, promotes = os.path.abspath(sys.argv[1]), "promote" in sys.argv[2:]
    results, seen = [], set()
    for folder, name, extra, suffix, status in cases():
        path = os.path.join(HERE, folder, name + suffix)
        code, out = run(tool, folder, name, extra)
        seen |= set(re.findall(r"\(([A-Z_]+)[ )]", out.decode("utf-8", "replace")))
        if promotes and code == status:
            with open(path, "wb") as f:
                f.write(out)
        expected = b""
        if os.path.exists(path):
            with open(path, "rb") as f:
                expected = f.read()
        results.append((code == status and out == expected, "%s/%s" % (folder, name)))
    missing = sorted(node_kinds() - seen)
    results.append((not missing, "every node kind occurs" + (": not " + " ".join(missing) if missing else "")))
    print("1..%d" % len(results))
    for i, (fine, what) in enumerate(results):
        print("%s %d - golden %s" % ("ok" if fine else "not ok", i + 1, what))
    return not all(fine for fine, _ in results)


if __name__ == "__main__":
    sys.exit(main())
