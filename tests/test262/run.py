#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""run.py - runs test262.

    run.py CHECKOUT [FOLDER...] --us COMMAND [options]

FOLDER is below the checkout's test/ (a file will do); without any it is language, and with --all also built-ins,
annexB and harness. Every test runs in every mode its flags ask for, each in a process of its own. Failures are held
against known_failures.txt (ratchet.py): a failure that is not listed fails the run, as does a listed one that
passes, a crash and a hang. A run that exceeds the time limit is repeated alone with a longer one before it counts.

    --update     write known_failures.txt anew for the tests that ran
    --slice      one test in twelve
    --jit MODE   the command's
    --why        the first lines of failures, counted
    -v           every failure
"""
import argparse
import collections
import concurrent.futures
import hashlib
import os
import re
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]
sys.dont_write_bytecode = True
import ratchet                                             # noqa: E402
from runner import process                                 # noqa: E402
from suite import Test, find_tests                         # noqa: E402

AGENT = os.path.join(HERE, "agent.us")
KNOWN = os.path.join(HERE, "known_failures.txt")
PASSED, FAILED, CRASHED, TIMED_OUT, SKIPPED = "passed", "failed", "crashed", "timed out", "skipped"
STATES = (PASSED, FAILED, CRASHED, TIMED_OUT, SKIPPED)
FIXTURE = re.compile(rb"[\w./-]+_FIXTURE\.\w+")
DIAGNOSTIC = re.compile(r"^\S.*:\d+:\d+: error: ", re.M)
STACK = re.compile(r"^    at ", re.M)
SECOND_LIMIT = 6                                           # times the first


class Runner:
    """What a worker process needs to run tests."""

    def __init__(self, root, command, limit_s, work, jit):
        self.root, self.command, self.limit_s, self.work = root, command, limit_s, work
        self.jit = jit
        self.preludes = {}

    def prelude(self, test):
        """A file with the harness the test wants, or None."""
        names = test.harness()
        if names not in self.preludes:
            text = b""
            for name in names:
                with open(os.path.join(self.root, "harness", name), "rb") as f:
                    text += f.read() + b"\n"
            path = os.path.join(self.work, hashlib.md5("\0".join(names).encode()).hexdigest() + ".js")
            with open("%s.%d" % (path, os.getpid()), "wb") as f:
                f.write(text)
            os.replace(f.name, path)
            self.preludes[names] = path if names else None
        return self.preludes[names]

    def strict_copy(self, test):
        """The test behind a directive, at its own path in a mirror that has the fixtures it names."""
        path = os.path.join(self.work, test.path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(b'"use strict";\n' + test.source)
        if b"_FIXTURE" in test.source:
            folder = os.path.join(self.root, os.path.dirname(test.path))
            for name in os.listdir(folder):
                if "_FIXTURE" in name:
                    link(os.path.join(folder, name), os.path.join(os.path.dirname(path), name))
            for name in FIXTURE.findall(test.source):
                there = os.path.normpath(os.path.join(folder, name.decode()))
                link(there, os.path.join(self.work, os.path.relpath(there, self.root)))
        return path

    def run(self, test, mode, factor=1):
        """(state, what was printed)"""
        path = self.strict_copy(test) if mode == "strict" else os.path.join(self.root, test.path)
        prelude = self.prelude(test)
        command = [self.command, "--test262"] + (["--jit=" + self.jit] if self.jit else [])
        command += ["--module"] if mode == "module" else []
        if b"$262.agent" in test.source:
            command += ["-r", AGENT]
        command += ["-r", prelude, path] if prelude else [path]
        finished = process.run(command, self.limit_s * factor)
        if mode == "strict":
            os.unlink(path)
        return judge(test, finished), finished.err + finished.out


def link(there, here):
    os.makedirs(os.path.dirname(here), exist_ok=True)
    try:
        os.symlink(there, here)
    except FileExistsError:
        pass


def judge(test, finished):
    trouble = finished.disaster()
    if trouble:
        return TIMED_OUT if finished.status is None else CRASHED
    if test.negative_type:
        fine = finished.status != 0 and ends_with_error(test, finished.err)
    elif "async" in test.flags:
        fine = "Test262:AsyncTestComplete" in finished.out and "Test262:AsyncTestFailure" not in finished.out
    else:
        fine = finished.status == 0
    return PASSED if fine else FAILED


def ends_with_error(test, err):
    if "should not be evaluated" in err:
        return False
    if test.negative_type == "SyntaxError" and DIAGNOSTIC.search(err):
        ran = STACK.search(err) is not None                # the compiler's own errors have no stack
        if test.negative_phase == ("parse" if ran else "runtime"):
            return False
    return re.search(r"\b%s\b" % test.negative_type, err) is not None


# ---- worker processes ----

runner = None


def start_worker(*arguments):
    global runner
    runner = Runner(*arguments)


def run_path(path, skips):
    """[(path, mode, state, output)] of one test."""
    test = Test(runner.root, path)
    if test.features & skips or "CanBlockIsFalse" in test.flags:           # every goroutine can
        return [(path, mode, SKIPPED, "") for mode in test.modes()]
    return [(path, mode, *runner.run(test, mode)) for mode in test.modes()]


def run_again(path, mode):
    return (path, mode, *runner.run(Test(runner.root, path), mode, SECOND_LIMIT))


def run_all(options, paths, skips, work):
    results, late = [], []
    arguments = (options.checkout, options.us, options.limit, work, options.jit)
    with concurrent.futures.ProcessPoolExecutor(options.jobs, initializer=start_worker, initargs=arguments) as pool:
        for done in pool.map(run_path, paths, [skips] * len(paths), chunksize=8):
            for result in done:
                (late if result[2] == TIMED_OUT else results).append(result)
            if sys.stderr.isatty():
                print("\r%d" % len(results), end="", file=sys.stderr)
    start_worker(*arguments)
    return results + [run_again(path, mode) for path, mode, _, _ in late]


# ---- report ----

def folder_of(path, depth=2):
    return "/".join(path.split("/")[1:-1][:depth])


def print_table(results):
    rows = collections.defaultdict(collections.Counter)
    for path, _, state, _ in results:
        rows[folder_of(path)][state] += 1
        rows["all"][state] += 1
    print("%-44s %8s %8s %8s %9s %8s %8s" % ("", *STATES, "passed"))
    for name in sorted(rows, key=lambda n: (n == "all", n)):
        row = rows[name]
        ran = sum(row.values()) - row[SKIPPED]
        print("%-44s %8d %8d %8d %9d %8d %7.1f%%" % (
            name, *(row[s] for s in STATES), 100 * row[PASSED] / ran if ran else 100))


def first_line(output):
    lines = [line for line in output.splitlines() if line.strip()]
    return re.sub(r"^\S*/|\d+:\d+: ", "", lines[0])[:110] if lines else "(nothing printed)"


def print_why(results):
    why = collections.defaultdict(list)
    for path, _, state, output in results:
        if state not in (PASSED, SKIPPED):
            why["%s: %s" % (state, first_line(output))].append(path)
    for line, paths in sorted(why.items(), key=lambda item: -len(item[1]))[:60]:
        print("%6d %s   (%s)" % (len(paths), line, paths[0][len("test/"):]))


def read_skips():
    with open(os.path.join(HERE, "skipped_features.txt"), encoding="utf-8") as f:
        return {line.split()[0] for line in f if line.strip() and not line.startswith("#")}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=os.path.abspath)
    parser.add_argument("folders", nargs="*", metavar="FOLDER")
    parser.add_argument("--us", required=True, type=os.path.abspath, metavar="COMMAND")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--jit", metavar="MODE")
    parser.add_argument("-j", dest="jobs", type=int, default=len(os.sched_getaffinity(0)), metavar="N")
    parser.add_argument("--limit", type=float, default=10, metavar="SECONDS")
    for name in ("--update", "--slice", "--why"):
        parser.add_argument(name, action="store_true")
    parser.add_argument("-v", dest="verbose", action="store_true")
    return parser.parse_args()


def chosen_paths(options):
    folders = options.folders or ["language"] + (["built-ins", "annexB", "harness"] if options.all else [])
    paths = list(find_tests(options.checkout, folders))
    if options.slice:
        paths = [p for p in paths if hashlib.md5(p.encode()).digest()[0] % 12 == 0]
    return paths


def print_some(options, lines):
    shown = lines if options.verbose else lines[:25]
    for line in shown:
        print(line)
    if len(shown) < len(lines):
        print("... %d more, with -v" % (len(lines) - len(shown)))


def settle(options, results):
    """Compare with the list, or write it; how many runs are wrong."""
    runs = [(path[len("test/"):], mode, state == FAILED) for path, mode, state, _ in results if state != SKIPPED]
    disasters = [(path, mode, state) for path, mode, state, _ in results if state in (CRASHED, TIMED_OUT)]
    known = ratchet.read(KNOWN)
    print_some(options, ["%s: %s %s" % (state, path, mode) for path, mode, state in disasters])
    if options.update:
        ratchet.update(KNOWN, known, runs)
        return len(disasters)
    broken = {(path[len("test/"):], mode) for path, mode, _ in disasters}
    new, fixed = ratchet.compare(known, [run for run in runs if run[:2] not in broken])
    print_some(options, ["newly fails: test/%s %s" % run for run in new])
    print_some(options, ["passes, so has to leave known_failures.txt: test/%s %s" % run for run in fixed])
    return len(new) + len(fixed) + len(disasters)


def main():
    options = arguments()
    if not os.path.isdir(os.path.join(options.checkout, "harness")):
        sys.exit("%s is no checkout of test262" % options.checkout)
    paths = chosen_paths(options)
    work = tempfile.mkdtemp(prefix="test262.")
    try:
        results = run_all(options, paths, read_skips(), work)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if options.verbose:
        for path, mode, state, output in results:
            if state not in (PASSED, SKIPPED):
                print("%s: %s %s: %s" % (state, path, mode, first_line(output)))
    if options.why:
        print_why(results)
    print_table(results)
    wrong = settle(options, results)
    print("%d passed, %d wrong" % (sum(state == PASSED for _, _, state, _ in results), wrong))
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
