# SPDX-License-Identifier: MIT
"""suite.py - the tests of a test262 checkout, and what their front matter says of how each is run."""
import os
import re

FRONTMATTER = re.compile(rb"/\*---(.*?)---\*/", re.S)


class Test:
    """`path` is relative to the checkout, as in test/language/..."""

    def __init__(self, root, path):
        self.path = path
        with open(os.path.join(root, path), "rb") as f:
            self.source = f.read()
        found = FRONTMATTER.search(self.source)
        front = found.group(1).decode("utf-8", "replace") if found else ""
        self.front = front.replace("\r\n", "\n").replace("\r", "\n")
        self.flags = set(self.listed("flags"))
        self.features = set(self.listed("features"))
        self.negative_phase, self.negative_type = self.negative()
        self.fails = self.negative_phase == "parse"

    def negative(self):
        found = re.search(r"^negative:\s*\n((?:[ \t]+.*\n)*)", self.front + "\n", re.M)
        if not found:
            return None, None
        return (re.search(r"\b%s:\s*(\w+)" % key, found.group(1)).group(1) for key in ("phase", "type"))


    def listed(self, key):
        inline = re.search(r"^%s:\s*\[(.*?)\]" % key, self.front, re.M | re.S)
        if inline:
            return [x.strip() for x in inline.group(1).split(",") if x.strip()]
        block = re.search(r"^%s:\s*\n((?:\s*-.*\n?)+)" % key, self.front, re.M)
        return [x.strip() for x in re.findall(r"-\s*(\S+)", block.group(1))] if block else []

    def modes(self):
        if "module" in self.flags:
            return ["module"]
        if "raw" in self.flags:
            return ["raw"]
        if "noStrict" in self.flags:
            return ["sloppy"]
        if "onlyStrict" in self.flags:
            return ["strict"]
        return ["sloppy", "strict"]

    def harness(self):
        """The files of the harness it wants, in order."""
        if "raw" in self.flags:
            return ()
        wanted = ["assert.js", "sta.js"] + (["doneprintHandle.js"] if "async" in self.flags else [])
        return tuple(wanted + [name for name in self.listed("includes") if name not in wanted])


def find_tests(root, folders=("",)):
    """Paths of the tests below the folders (or files) of test/, sorted."""
    for start in folders:
        top = os.path.join(root, "test", start)
        if os.path.isfile(top):
            yield os.path.relpath(top, root)
        for folder, below, files in os.walk(top):
            below.sort()
            for name in sorted(files):
                if name.endswith(".js") and "_FIXTURE" not in name:
                    yield os.path.relpath(os.path.join(folder, name), root)
