#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""snapshot.py - heap snapshots are whole: the format's counts agree, every node is reachable, sizes and retainers of
known objects are right. Speaks TAP."""
import collections
import json
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import _tap                                                # noqa: E402
from _tap import check                                     # noqa: E402

US = os.environ["ULTRASCRIPT"]

PROGRAM = r"""
class Keeper {
    constructor() { this.kept = new Kept(); this.list = [new Item(0), new Item(1), "a string \u{1f600} \"q\""] }
}
class Kept { constructor() { this.back = null; this.buffer = new ArrayBuffer(123456) } }
class Item { constructor(n) { this.n = { n } } }
class Lost {}
globalThis.keeper = new Keeper();
keeper.kept.back = keeper;
globalThis.wide = {}; for (let i = 0; i < 100; i++) wide["p" + i] = { i };
globalThis.map = new Map([[{ key: 1 }, { value: 2 }]]);
for (let i = 0; i < 50; i++) new Lost();
const parked = new Channel(); go () => { const own = new Keeper(); <-parked; own };
runtime.sleep(5);
try { runtime.gc.snapshot("/nowhere/at/all") } catch (e) { console.log(String(e)) }
runtime.gc.snapshot(process.argv[1]);
parked.close();
"""


class Snapshot:
    """A parsed file, as DevTools reads it."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as f:
            self.data = data = json.load(f)
        meta = data["snapshot"]["meta"]
        self.fields, self.edge_fields = meta["node_fields"], meta["edge_fields"]
        self.types, self.edge_types = meta["node_types"][0], meta["edge_types"][0]
        self.strings, self.width = data["strings"], len(self.fields)
        self.nodes = [data["nodes"][i:i + self.width] for i in range(0, len(data["nodes"]), self.width)]
        edges = iter([data["edges"][i:i + 3] for i in range(0, len(data["edges"]), 3)])
        self.edges = [[next(edges) for _ in range(n[self.fields.index("edge_count")])] for n in self.nodes]
        self.left = sum(1 for _ in edges)

    def name(self, node):
        return self.strings[self.nodes[node][1]]

    def find(self, name, kind="object"):
        return [i for i, n in enumerate(self.nodes) if self.strings[n[1]] == name and self.types[n[0]] == kind]

    def target(self, node, name):
        for kind, label, to in self.edges[node]:
            if self.edge_types[kind] in ("property", "internal") and self.strings[label] == name:
                return to // self.width
        return None

    def reachable(self):
        seen, queue = {0}, collections.deque([0])
        while queue:
            for _, _, to in self.edges[queue.popleft()]:
                if to // self.width not in seen:
                    seen.add(to // self.width)
                    queue.append(to // self.width)
        return seen


def test_structure(s):
    counts = s.data["snapshot"]
    check("node_count", counts["node_count"] == len(s.nodes) > 1000, counts)
    check("edge_count", counts["edge_count"] * 3 == len(s.data["edges"]) and s.left == 0, counts)
    check("numbers of strings, types and nodes are in range",
          all(n[0] < len(s.types) and n[1] < len(s.strings) and n[3] >= 0 for n in s.nodes)
          and all(k < len(s.edge_types) and to % s.width == 0 and to // s.width < len(s.nodes)
                  and (s.edge_types[k] in ("element", "hidden") or label < len(s.strings))
                  for edges in s.edges for k, label, to in edges))
    check("ids are odd, small and of one node", len({n[2] for n in s.nodes}) == len(s.nodes)
          and all(n[2] % 2 == 1 and n[2] < 2 ** 32 for n in s.nodes))
    check("the first node is the root of all", s.types[s.nodes[0][0]] == "synthetic"
          and len(s.reachable()) == len(s.nodes), (len(s.reachable()), len(s.nodes)))
    check("strings are told once", len(set(s.strings)) == len(s.strings))


def test_content(s, used):
    keepers = s.find("Keeper")
    check("instances are named by their class", [len(s.find(n)) for n in ("Keeper", "Kept", "Item")] == [2, 2, 4],
          [len(s.find(n)) for n in ("Keeper", "Kept", "Item")])
    check("what died is not there", len(s.find("Lost")) <= 3, len(s.find("Lost")))
    pairs = [(k, s.target(k, "kept")) for k in keepers if s.target(k, "kept")]
    check("properties are edges", len(pairs) == 2 and any(s.target(kept, "back") == k for k, kept in pairs), pairs)
    for k, kept in pairs:
        buffer = s.target(kept, "buffer")
        check("a buffer counts its bytes", 123456 < s.nodes[buffer][3] < 123456 + 500, s.nodes[buffer])
        items = s.target(k, "list")
        elements = [s.name(to // s.width) for kind, _, to in s.edges[items] if s.edge_types[kind] == "element"]
        check("elements are edges", elements[:2] == ["Item", "Item"] and elements[2] == "a string \U0001f600 \"q\"",
              elements)
    wide = [i for i in s.find("Object") if s.target(i, "p99")]
    check("a dictionary has its properties", len(wide) == 1 and len([e for e in s.edges[wide[0]]
                                                                     if s.edge_types[e[0]] == "property"]) >= 100)
    total = sum(n[3] for n in s.nodes)
    check("sizes add up to what the heap says", 0.5 * used < total < 1.1 * used + 400000, (total, used))


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "a.heapsnapshot")
    for mode in ("", "share=all", "gcstress=100,verify"):
        done = subprocess.run([US, "-e", PROGRAM, path], capture_output=True, text=True, timeout=170,
                              env={**os.environ, "US_DEBUG": mode})
        check("a program writes one %s" % mode, (done.returncode, done.stdout) == (
            0, "Error: /nowhere/at/all: No such file or directory\n"), (done.returncode, done.stdout, done.stderr))
        test_structure(Snapshot(path))
    subprocess.run([US, "-e", PROGRAM, path], capture_output=True, text=True, timeout=170)
    out = subprocess.run([US, "-p", "runtime.gc.collect(); runtime.gc.heapUsed"], capture_output=True, text=True).stdout
    test_content(Snapshot(path), int(out))
    path = os.path.join(folder, "b.heapsnapshot")
    for code in ("globalThis.x = [1]", "process.exit(0)"):
        done = subprocess.run([US, "--heap-snapshot-at-exit", path, "-e", code], capture_output=True, text=True)
        check("at the end of %s" % code, done.returncode == 0 and os.path.exists(path), (done.returncode, done.stderr))
        if os.path.exists(path):
            test_structure(Snapshot(path))
            os.remove(path)
_tap.finish()
