#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""benches.py - benchmarks that read what the command tells of itself still find it there. Speaks TAP.

How long anything takes decides nothing here.
"""
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
import _tap                                                # noqa: E402
from _tap import check                                     # noqa: E402

US = os.environ["ULTRASCRIPT"]
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def bench(name, *arguments):
    done = subprocess.run([sys.executable, os.path.join(ROOT, "bench", name), "--us", US, *arguments],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)
    return done.returncode, done.stdout.decode()


def test_marking():
    status, told = bench("gc/run", "-k", "rows", "--size", "6", "--runs", "1")
    check("bench/gc/run reads the trace of collections",
          status == 0 and re.search(r"^rows(?:[ |]+[\d.]+){9}$", told, re.M), told)


def test_shares():
    status, told = bench("heap/run", "-k", "strings", "--runs", "1")
    check("bench/heap/run reads shares and memory",
          status == 0 and re.search(r"^strings .* [\d.]+ % +[\d.]+ % +\d+ MB", told, re.M), told)


def test_tiers():
    status, told = bench("heap/tiers", "-k", "tiers.us")
    found = re.search(r"^tiers.us +[\d.]+ +([\d.]+) % +([\d.]+) % +([\d.]+) %$", told, re.M)
    check("bench/heap/tiers reads what is allocated and published",
          status == 0 and found and all(0 < float(part) < 100 for part in found.groups()), told)


def test_compilation():
    if not subprocess.run([US, "--jit=eager", "--jit-stats", "-e", "1"], capture_output=True).stderr:
        return                                             # a build or a system without machine code
    status, told = bench("compile", "--runs", "1", os.path.join(ROOT, "samples", "tour.us"))
    check("bench/compile reads what the JIT counts", status == 0 and re.search(r"^all( +[\d.]+){5}$", told, re.M), told)


test_marking()
test_shares()
test_tiers()
test_compilation()
_tap.finish()
