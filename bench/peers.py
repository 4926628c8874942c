# SPDX-License-Identifier: MIT
"""peers.py - the engines to compare with: where each is, and how it runs a file."""
import os
import shutil
import subprocess
import tempfile


class Peer:
    """`suffix` is of the programs it takes; `empty` is the command line of a program that does nothing."""

    def __init__(self, name, program, options=(), env=None, suffix=".js", empty=("-e", "0")):
        self.name, self.program, self.options = name, program, list(options)
        self.env, self.suffix, self.empty = env or {}, suffix, list(empty)
        self.path = None

    def command(self, path):
        return [self.path, *self.options, path]

    def empty_command(self):
        return [self.path, *self.options, *self.empty]


class GoPeer(Peer):
    """Go compiles first; what it made is kept for the next run."""

    def __init__(self, name, program):
        super().__init__(name, program, suffix=".go")
        self.folder, self.made = None, {}

    def command(self, path):
        if path not in self.made:
            self.folder = self.folder or tempfile.TemporaryDirectory(prefix="bench.")
            out = os.path.join(self.folder.name, os.path.basename(path)[:-len(".go")])
            subprocess.run([self.path, "build", "-o", out, path], check=True)
            self.made[path] = out
        return [self.made[path]]

    def empty_command(self):
        return None


def all_peers():
    return [
        Peer("us", "ultrascript"),
        Peer("us-nojit", "ultrascript", ["--jit=off"]),
        Peer("qjs", "qjs"),
        Peer("hermes", "hermes", ["-O"], empty=["/dev/null"]),
        Peer("node", "node"),
        Peer("node-jitless", "node", ["--jitless"]),
        Peer("node-sparkplug", "node", ["--no-opt", "--no-maglev", "--always-sparkplug"]),
        Peer("bun", "bun"),
        Peer("bun-nodfg", "bun", env={"BUN_JSC_useDFGJIT": "0"}),
        Peer("bun-nojit", "bun", env={"BUN_JSC_useJIT": "0"}),
        Peer("luajit", "luajit", suffix=".lua", empty=["-e", ""]),
        Peer("luajit-nojit", "luajit", ["-joff"], suffix=".lua", empty=["-e", ""]),
        GoPeer("go", "go"),
    ]


def programs():
    """The programs a path can be given for, by name."""
    return sorted({peer.program for peer in all_peers()} - {"ultrascript"})


def present(us, paths, wanted):
    """The peers there are, ours first. `paths` says where a program is, instead of PATH; `wanted` names some."""
    found = []
    for peer in all_peers():
        peer.path = us if peer.program == "ultrascript" else paths.get(peer.program) or shutil.which(peer.program)
        if peer.path and (not wanted or peer.name in wanted or peer.name == "us"):
            found.append(peer)
    return found
