#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""run.py - fuzzes for a while: spoils the tests' own programs and feeds them to the fuzz targets.

    run.py --build DIR [--seconds N] [--seed N] [--target NAME]... [--keep FOLDER]

Every target X with an X_replay in the build gets inputs in batches; one that ends it badly, or hangs it, is found by
halving the batch and kept in FOLDER (default: the build's fuzz-findings/). Put it into tests/regress/X/ with the fix.
Ends with `N passed, N failed`, a target each.
"""
import argparse
import os
import random
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
sys.path.insert(0, TESTS)
sys.dont_write_bytecode = True
from runner import process                                 # noqa: E402

BATCH, LIMIT_S = 64, 60
PIECES = """( ) { } [ ] ` ${ => ... <- go ?. ??= / * #x \\u{61} --> <!-- static get set
    function super new.target import export 0x 1e '""".encode().split()
PIECES += [b"\xe2\x80\xa8", b"\xff", b"\x00", b"async ", b"await ", b"yield ", b"let ", b"class ", b" in ", b" of "]


def seeds_of(target):
    """Contents to begin with; a target's own regressions are whole inputs, programs get a first byte of choices."""
    own = os.path.join(TESTS, "regress", target)
    inputs, programs = [], []
    others = [os.path.join(TESTS, below) for below in ("lang", "golden", os.path.join("..", "samples"))]
    for folder in [own] + others:
        for path, _, names in os.walk(folder):
            for name in names:
                if folder == own or name.endswith((".js", ".ts", ".us")):
                    with open(os.path.join(path, name), "rb") as f:
                        (inputs if folder == own else programs).append(f.read()[:20000])
    return inputs, programs


def spoil(rng, text, others):
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(text) + 1)
        end = min(len(text), at + rng.choice((1, 1, 2, 8, 40)))
        how = rng.randrange(6)
        if how == 0:
            text = text[:at] + text[end:]
        elif how == 1:
            text = text[:at] + rng.choice(PIECES) + text[at:]
        elif how == 2:
            text = text[:at] + text[at:end] * rng.randint(2, 30) + text[end:]
        elif how == 3:
            other = rng.choice(others)
            start = rng.randrange(len(other) + 1)
            text = text[:at] + other[start:start + rng.randint(1, 200)] + text[at:]
        elif how == 4:
            text = text[:at] + bytes([rng.randrange(256)]) + text[end:]
        else:
            text = text[:at]
    return text


def breaks(replay, paths):
    return process.run([replay, *paths], LIMIT_S).disaster()


def culprits(replay, paths):
    """The inputs that break it alone, by halving."""
    if not breaks(replay, paths):
        return []
    if len(paths) == 1:
        return paths
    half = len(paths) // 2
    return culprits(replay, paths[:half]) + culprits(replay, paths[half:])


def fuzz(target, replay, options, keep):
    """(inputs tried, findings)"""
    rng = random.Random("%s/%d" % (target, options.seed))
    inputs, programs = seeds_of(target)
    tried, found, until = 0, [], time.monotonic() + options.seconds
    work = os.path.join(keep, "work")
    os.makedirs(work, exist_ok=True)
    while time.monotonic() < until:
        paths = []
        for i in range(BATCH):
            text = bytes([rng.randrange(256)]) + rng.choice(programs)
            if inputs and rng.random() < 0.3:
                text = rng.choice(inputs)
            paths.append(os.path.join(work, "%s_%d" % (target, i)))
            with open(paths[-1], "wb") as f:
                f.write(spoil(rng, text, programs))
        tried += len(paths)
        for path in culprits(replay, paths):
            kept = os.path.join(keep, "%s_%d_%d" % (target, options.seed, len(found)))
            os.replace(path, kept)
            found.append(kept)
    return tried, found


def fuzz_units(replay, options):
    """Spoilt units, by the target's own hand: (batches tried, seeds that broke it)."""
    programs = sorted(os.path.join(path, name) for path, _, names in os.walk(os.path.join(TESTS, "golden", "ast"))
                      for name in names if name.endswith((".js", ".us")))
    tried, found, until = 0, [], time.monotonic() + options.seconds
    while time.monotonic() < until:
        seed = options.seed * 1000003 + tried
        tried += 1
        if breaks(replay, ["--mutate", str(seed), "200", *programs]):
            found.append("--mutate %d 200" % seed)
    return tried, found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, type=os.path.abspath, metavar="DIR")
    parser.add_argument("--seconds", type=float, default=60, metavar="N", help="for each target")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--target", action="append", default=[], metavar="NAME")
    parser.add_argument("--keep", type=os.path.abspath, metavar="FOLDER")
    options = parser.parse_args()
    keep = options.keep or os.path.join(options.build, "fuzz-findings")
    os.makedirs(keep, exist_ok=True)
    folder = os.path.join(options.build, "tests", "fuzz")
    failures = ran = 0
    for name in sorted(os.listdir(folder)):
        target = name[:-len("_replay")]
        if not name.endswith("_replay") or options.target and target not in options.target:
            continue
        replay = os.path.join(folder, name)
        tried, found = fuzz_units(replay, options) if target == "unit" else fuzz(target, replay, options, keep)
        print("%s: %d tried, %d found" % (target, tried, len(found)), *found, sep="\n    ", flush=True)
        ran += 1
        failures += bool(found)
    print("%d passed, %d failed" % (ran - failures, failures))
    return failures > 0


if __name__ == "__main__":
    sys.exit(main())
