#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""run.py - runs every test there is and ends with `N passed, N failed`; exit status 1 when any failed.

    run.py --build DIR [-k PATTERN]... [--suite NAME]... [--mode MODE]... [-j N] [--limit SECONDS] [-v] [--list]

-k takes tests whose name holds PATTERN (a glob when it has * or ?). See tests/README.md.
"""
import argparse
import concurrent.futures
import fnmatch
import os
import signal
import sys

sys.dont_write_bytecode = True
from runner import suites                                    # noqa: E402  (after the line above, to leave no cache)
from runner.case import FAILED, PASSED, SKIPPED              # noqa: E402


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, metavar="DIR", help="the build folder")
    parser.add_argument("-k", dest="patterns", action="append", default=[], metavar="PATTERN")
    parser.add_argument("--suite", action="append", choices=[*suites.SUITES, *suites.LONG], default=[])
    parser.add_argument("--mode", action="append", choices=list(suites.MODES), default=[])
    parser.add_argument("-j", dest="jobs", type=int, default=len(os.sched_getaffinity(0)), metavar="N")
    parser.add_argument("--limit", type=float, default=60, metavar="SECONDS", help="for one program (default 60)")
    parser.add_argument("-v", dest="verbose", action="store_true", help="name every test")
    parser.add_argument("--list", action="store_true", help="name the tests and run none")
    return parser.parse_args()


def is_wanted(case, patterns):
    return not patterns or any(
        fnmatch.fnmatch(case.name, p) if "*" in p or "?" in p else p in case.name for p in patterns)


def run_all(cases, options):
    """The results, in the order of the cases."""
    results = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for done in pool.map(lambda case: case.run(), cases):
            results += done
            for result in done:
                if options.verbose or result.state == FAILED:
                    print("%s: %s" % (result.state, result.name), flush=True)
    return results


def report(results):
    failures = [r for r in results if r.state == FAILED]
    for result in failures:
        print("\n==== %s" % result.name)
        for line in result.details:
            print("    " + line)
    skips = [r for r in results if r.state == SKIPPED]
    for result in skips:
        print("skipped: %s: %s" % (result.name, " ".join(result.details)))
    if skips:
        print("%d skipped" % len(skips))
    print("%d passed, %d failed" % (sum(r.state == PASSED for r in results), len(failures)), flush=True)
    return bool(failures)


def main():
    signal.signal(signal.SIGINT, signal.default_int_handler)       # ignored in background jobs, and so in what they run
    options = arguments()
    modes = options.mode or list(suites.MODES)
    settings = suites.Settings(options.build, options.limit, modes, os.environ.get("TEST262"))
    chosen = options.suite or list(suites.SUITES)
    known = {**suites.SUITES, **suites.LONG}
    cases = [case for name in chosen for case in known[name](settings) if is_wanted(case, options.patterns)]
    if options.list:
        print("\n".join(case.name for case in cases))
        return False
    if not cases:
        print("no test matches")
        return True
    return report(run_all(cases, options))


if __name__ == "__main__":
    sys.exit(main())
