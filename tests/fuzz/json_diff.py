#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""json_diff.py - JSON texts, whole and spoilt, as this engine and Python read them.

    json_diff.py --us COMMAND [--seconds N] [--seed N]

Both have to take or to refuse a text; what JSON.stringify makes of what was taken has to be the value Python has.
"""
import argparse
import json
import math
import os
import random
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True
from runner import process                                 # noqa: E402

BATCH = 400
NUMBERS = ["0", "-0", "1", "-17", "3.25", "1e5", "1E-7", "123456789012345678", "0.1", "1e308", "1e999", "5e-324"]
STRINGS = ['""', '"a"', '"\\u0041\\n"', '"\\\\"',
           '"\\/"', '"é"', '"\\ud83d\\ude00"', '"\\ud800"', '"__proto__"', '"10"']
NOISE = ['"', "\\", ",", ":", "{", "}", "[", "]", "0", "-", ".", "e", "+", "\t", "\n", "\x01", "\u2028",
         "\ufeff", "u", "n"]


def value(rng, depth):
    kind = rng.randrange(7 if depth else 4)
    if kind < 2:
        return rng.choice(NUMBERS if kind else STRINGS)
    if kind < 4:
        return rng.choice(["true", "false", "null", rng.choice(NUMBERS)])
    space = rng.choice(["", " ", "\n\t"])
    if kind == 4:
        return "[%s]" % (("," + space).join(value(rng, depth - 1) for _ in range(rng.randrange(4))))
    return "{%s}" % (("," + space).join(
        "%s:%s%s" % (rng.choice(STRINGS), space, value(rng, depth - 1)) for _ in range(rng.randrange(4))))


def spoil(rng, text):
    for _ in range(rng.randrange(3)):
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice(["", rng.choice(NOISE)]) + text[at + rng.randrange(2):]
    return text


def refuse(_):
    raise ValueError


def plain(v):
    """With numbers as JavaScript has them: doubles, and null for what is none."""
    if isinstance(v, bool) or v is None or isinstance(v, str):
        return v
    if isinstance(v, (int, float)):
        return float(v) + 0.0 if math.isfinite(v) else None
    if isinstance(v, list):
        return [plain(x) for x in v]
    return {k: plain(x) for k, x in v.items()}


def read(text):
    """(whether it is JSON, the value)"""
    try:
        return True, plain(json.loads(text, parse_constant=refuse, parse_int=float))
    except (ValueError, RecursionError):
        return False, None


def run_batch(command, texts):
    """What this engine says of each: a JSON text, or the name of an error."""
    program = "for (const text of [\n%s\n]) {\n" % ",\n".join(json.dumps(t) for t in texts)
    program += "    try { console.log(JSON.stringify(JSON.parse(text))); } catch (e) { console.log(e.name); }\n}\n"
    with tempfile.NamedTemporaryFile("w", suffix=".js") as f:
        f.write(program)
        f.flush()
        finished = process.run([command, f.name], 60)
    if finished.disaster() or finished.status:
        return None, finished
    return finished.out.split("\n")[:-1], finished


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--us", required=True, type=os.path.abspath, metavar="COMMAND")
    parser.add_argument("--seconds", type=float, default=30, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    tried, wrong, until = 0, 0, time.monotonic() + options.seconds
    while time.monotonic() < until:
        texts = [spoil(rng, value(rng, 4)) for _ in range(BATCH)]
        said, finished = run_batch(options.us, texts)
        if said is None or len(said) != len(texts):
            print("failed as a whole", *finished.story()[-5:], sep="\n")
            return 1
        for text, answer in zip(texts, said):
            tried += 1
            is_json, expected = read(text)
            if is_json != (answer != "SyntaxError") or is_json and plain(json.loads(answer)) != expected:
                wrong += 1
                print("%r: %s" % (text, answer))
    print("%d passed, %d failed" % (tried - wrong, wrong))
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
