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
globalThis.chain = null; for (let i = 0; i < 1000; i++) chain = { link: chain, pad: [i, i, i, i] };
globalThis.bytes = new Uint8Array(1e6); globalThis.others = new Uint16Array(bytes.buffer, 8);
globalThis.wide = {}; for (let i = 0; i < 100; i++) wide["p" + i] = { i };
globalThis.map = new Map([[{ key: 1 }, { value: 2 }]]);
for (let i = 0; i < 50; i++) new Lost();
const parked = new Channel(); go () => { const own = new Keeper(); <-parked; own };
runtime.sleep(5);
try { runtime.gc.snapshot("/nowhere/at/all") } catch (e) { console.log(String(e)) }
runtime.gc.snapshot(process.argv[1]);
parked.close();
"""


STORE = "system / JSArrayBufferData"


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


    def distances(self):
        """As DevTools counts them: from what the root refers to and is not synthetic, which is at 1."""
        roots = [to // self.width for _, _, to in self.edges[0]]
        found = {n: 1 for n in roots if self.types[self.nodes[n][0]] != "synthetic"}
        queue = collections.deque(found)
        while queue:
            node = queue.popleft()
            for _, _, to in self.edges[node]:
                if to // self.width not in found:
                    found[to // self.width] = found[node] + 1
                    queue.append(to // self.width)
        return found

    def postorder(self):
        order, seen, stack = [], {0}, [(0, iter(self.edges[0]))]
        while stack:
            node, edges = stack[-1]
            for _, _, to in edges:
                if to // self.width not in seen:
                    seen.add(to // self.width)
                    stack.append((to // self.width, iter(self.edges[to // self.width])))
                    break
            else:
                order.append(node)
                stack.pop()
        return order

    def retained(self):
        """Bytes that each node keeps alone, by the tree of dominators (Cooper, Harvey and Kennedy)."""
        order = self.postorder()
        number, up, into = {n: i for i, n in enumerate(order)}, {0: 0}, collections.defaultdict(set)
        for node in order:
            for _, _, to in self.edges[node]:
                into[to // self.width].add(node)
        changed = True
        while changed:
            changed = False
            for node in reversed(order[:-1]):
                best = None
                for other in into[node]:
                    if other not in up:
                        continue
                    while best is not None and best != other:
                        if number[best] < number[other]:
                            best = up[best]
                        else:
                            other = up[other]
                    best = other
                changed = changed or up.get(node) != best
                up[node] = best
        sizes = [n[3] for n in self.nodes]
        for node in order[:-1]:
            sizes[up[node]] += sizes[node]
        return sizes


def test_structure(s):
    counts = s.data["snapshot"]
    check("node_count", counts["node_count"] == len(s.nodes) > 1000, counts)
    check("edge_count", counts["edge_count"] * 3 == len(s.data["edges"]) and s.left == 0, counts)
    check("numbers of strings, types and nodes are in range",
          all(n[0] < len(s.types) and n[1] < len(s.strings) and n[3] >= 0 for n in s.nodes)
          and all(k < len(s.edge_types) and to % s.width == 0 and to // s.width < len(s.nodes)
                  and (s.edge_types[k] in ("element", "hidden") or label < len(s.strings))
                  for edges in s.edges for k, label, to in edges))
    check("ids are small, of one node, and odd but for bytes outside the heap",
          len({n[2] for n in s.nodes}) == len(s.nodes) and
          all(n[2] < 2 ** 32 and n[2] % 2 == (s.name(i) != STORE) for i, n in enumerate(s.nodes)))
    check("who refers weakly has no edge, and the bytes of buffers have none", "weak" not in
          {s.edge_types[kind] for edges in s.edges for kind, _, _ in edges}
          and not any(s.edges[i] for i in s.find(STORE, "native")))
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
        store = s.target(buffer, "backing_store")
        check("a buffer's bytes are its store's", (s.name(store), s.nodes[store][3]) == (STORE, 123456), s.nodes[store])
        items = s.target(k, "list")
        elements = [s.name(to // s.width) for kind, _, to in s.edges[items] if s.edge_types[kind] == "element"]
        check("elements are edges", elements[:2] == ["Item", "Item"] and elements[2] == "a string \U0001f600 \"q\"",
              elements)
    wide = [i for i in s.find("Object") if s.target(i, "p99")]
    check("a dictionary has its properties", len(wide) == 1 and len([e for e in s.edges[wide[0]]
                                                                     if s.edge_types[e[0]] == "property"]) >= 100)
    stores = s.find(STORE, "native")
    check("buffers share a store", len(stores) == 3 and sum(s.nodes[i][3] == 1000000 for i in stores) == 1, stores)
    total = sum(n[3] for i, n in enumerate(s.nodes) if s.name(i) != STORE)
    check("sizes add up to what the heap says", 0.5 * used < total < 1.1 * used + 400000, (total, used))


def test_tool(s):
    """What Chromium 156 computed of such a file, when it was loaded there."""
    distances, retained = s.distances(), s.retained()
    top = [to // s.width for kind, _, to in s.edges[0] if s.edge_types[kind] == "shortcut"]
    check("the global object is at distance 1", len(top) == 1 and distances[top[0]] == 1, top)
    keeper, chain = s.target(top[0], "keeper"), s.target(top[0], "chain")
    check("its properties at 2", s.name(keeper) == "Keeper" and distances[keeper] == distances[chain] == 2,
          (distances.get(keeper), distances.get(chain)))
    kept = retained[s.target(keeper, "kept")]
    check("an object keeps what it alone leads to", 123456 < kept < retained[keeper] < 125500, (retained[keeper], kept))
    check("a chain keeps all of its links", 100000 < retained[chain] < 200000, retained[chain])
    check("the root keeps all", retained[0] == sum(n[3] for n in s.nodes), retained[0])


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
    test_tool(Snapshot(path))
    path = os.path.join(folder, "b.heapsnapshot")
    for code in ("globalThis.x = [1]", "process.exit(0)"):
        done = subprocess.run([US, "--heap-snapshot-at-exit", path, "-e", code], capture_output=True, text=True)
        check("at the end of %s" % code, done.returncode == 0 and os.path.exists(path), (done.returncode, done.stderr))
        if os.path.exists(path):
            test_structure(Snapshot(path))
            os.remove(path)
_tap.finish()
