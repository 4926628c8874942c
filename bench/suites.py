# SPDX-License-Identifier: MIT
"""suites.py - the programs that are timed: ours, and those of suites that lie elsewhere.

A Program gives every peer a file. Suites of several files are bundled into one that needs no module system, in a
temporary folder, with `print` and a small `process` where the engine has none.
"""
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
PRELUDE = 'if (typeof print === "undefined") globalThis.print = console.log;\n'

# are-we-fast-yet: inner iterations that take QuickJS a second or two (Havlak ten)
AWFY = {
    "Bounce": 320, "CD": 100, "DeltaBlue": 1000, "Havlak": 1, "Json": 30, "List": 350, "Mandelbrot": 500,
    "NBody": 250000, "Permute": 330, "Queens": 500, "Richards": 10, "Sieve": 800, "Storage": 130, "Towers": 120,
}
OCTANE = ["richards", "deltablue", "crypto", "raytrace", "earley-boyer", "regexp", "splay", "navier-stokes"]


class Program:
    """`is_score`: it prints `score: N` itself, more is better; else the time of the process counts."""

    def __init__(self, name, files, is_score=False):
        self.name, self.files, self.is_score = name, files, is_score

    def file_for(self, peer):
        return self.files.get(peer.suffix)


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as f:
        return f.read()


def own(work):
    for file in sorted(os.listdir(HERE)):
        name, suffix = os.path.splitext(file)
        if suffix in (".js", ".us"):
            start = PRELUDE if suffix == ".js" else ""
            files = {suffix: write(work, file, start + read(HERE, file))}
            for other in (".lua", ".go"):
                if os.path.exists(os.path.join(HERE, name + other)):
                    files[other] = os.path.join(HERE, name + other)
            yield Program(name, files)


def modules_of(folder, name, seen):
    """The texts of a CommonJS module and all it requires, by name, in `seen`."""
    if name not in seen:
        seen[name] = ""
        text = seen[name] = read(folder, name + ".js")
        for other in re.findall(r"require\('\./([\w-]+)'\)", text):
            modules_of(folder, other, seen)
    return seen


def awfy(folder, work):
    for name, inner in AWFY.items():
        texts = modules_of(folder, name.lower(), {})
        text = PRELUDE + "const modules = {\n" + "".join(
            "%r: function (exports, module, require) {\n%s\n},\n" % ("./" + m, t) for m, t in texts.items())
        text += """};
const loaded = {};
function require(name) {
    if (!loaded[name]) {
        loaded[name] = { exports: {} };
        modules[name](loaded[name].exports, loaded[name], require);
    }
    return loaded[name].exports;
}
const benchmark = require("./%s").newInstance();
if (!benchmark.innerBenchmarkLoop(%d)) throw new Error("wrong result");
print("right");
""" % (name.lower(), inner)
        yield Program(name, {".js": write(work, "awfy_%s.js" % name, text)})


def octane(folder, work):
    for name in OCTANE:
        if os.path.exists(os.path.join(folder, name + ".js")):
            text = PRELUDE + read(folder, "base.js") + "\n" + read(folder, name + ".js") + """
BenchmarkSuite.RunSuites({
    NotifyResult() {},
    NotifyError(name, error) { throw error; },
    NotifyScore(score) { print("score: " + score); },
});
"""
            yield Program(name, {".js": write(work, "octane_%s.js" % name, text)}, is_score=True)
