# SPDX-License-Identifier: MIT
"""suites.py - the tests there are. Each suite is a function from Settings to Cases; SUITES names them in order."""
import os
import shlex
import sys

from . import process
from .case import Case, failed, from_tap, passed, skipped
from .expect import Expectation, difference, lines_of

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TESTS = os.path.join(ROOT, "tests")
SOURCES = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".us", ".uts", ".gts")
LANGUAGE = ("lang", "lib", "ultra", "gc", "limit", "regress")

# How a language test is run, besides plain. A mode is what US_DEBUG says; {gcstress} is the test's own `gcstress:`.
MODES = {
    "plain": "",
    "gcstress": "gcstress={gcstress},verify,poison",
    "stops": "gcstress={gcstress},stops=2000,markers=2,shapes,shadow,verify,poison",
    "stackstress": "stackstress",
    "shared": "share=all,verify,markers=3,shadow",
    "shared-stops": "share=all,gcstress={gcstress},stops=500,markers=2,shapes,shadow,verify,poison",
}
GCSTRESS = "7"

# The same with all code compiled at its first call. A test that asks for modes means the one on the right, too.
JIT_MODES = {
    "jit": "plain",
    "jit-gcstress": "gcstress",
    "jit-stops": "stops",
    "jit-stackstress": "stackstress",
    "jit-preempt": "plain",
    "jit-shared": "shared",
}
MODES.update({name: MODES[like] for name, like in JIT_MODES.items()}, **{"jit-preempt": "preempt=every"})

RACE_MODES = {
    "free": "",
    "plain": "verify",
    "gcstress": MODES["gcstress"] + ",markers=3,shadow",
    "stops": MODES["stops"].replace("markers=2", "markers=3"),
    "shared": MODES["shared"],
    "shared-stops": MODES["shared-stops"],
    "preempt": "preempt=every",
    "seed1": "seed=1",
    "seed2": "seed=2",
}
RACE_JIT_MODES = ("plain", "preempt", "gcstress", "stops", "shared")


class Settings:
    def __init__(self, build, limit_s, modes, test262):
        self.build, self.limit_s, self.modes, self.test262 = os.path.abspath(build), limit_s, modes, test262
        self.command = os.path.join(self.build, "ultrascript")

    def run(self, command, env=None, cwd=ROOT, stdin=b"", factor=1):
        return process.run(command, self.limit_s * factor, env, cwd, stdin)


def files_below(folder, wanted):
    for path, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if wanted(name):
                yield os.path.join(path, name)


def relative(path):
    return os.path.relpath(path, ROOT)


def tree_checks(settings):
    folder = os.path.join(TESTS, "check")
    for path in files_below(folder, lambda name: name.endswith(".py") and not name.startswith("_")):
        for what, extra in (("", ["--build", settings.build]), (" --self-test", ["--self-test"])):
            yield Case(relative(path) + what, program(settings, [sys.executable, path] + extra))
    tool = os.path.join(TESTS, "tools", "sources.py")
    yield Case(relative(tool) + " --check", program(settings, [sys.executable, tool, "--check"]))


def program(settings, command, factor=1, more=None):
    """A program that passes by ending with status 0, and skips by ending with 77."""
    env = {"ULTRASCRIPT": settings.command, "PYTHONDONTWRITEBYTECODE": "1", **(more or {})}

    def run(name):
        finished = settings.run(command, env=env, factor=factor)
        trouble = finished.disaster()
        if not trouble and finished.status == 0:
            return passed(name)
        if not trouble and finished.status == 77:
            return skipped(name, (finished.out or finished.err).strip().split("\n")[-1])
        return failed(name, trouble or "exit status %d" % finished.status, *finished.story())
    return run


def tap_program(settings, command, prefix):
    return lambda name: from_tap(name, settings.run(command, factor=3), prefix)


def unit_programs(settings):
    folder = os.path.join(settings.build, "tests", "unit")
    for path in files_below(folder, lambda name: name.endswith("_test")):
        name = "unit/" + os.path.basename(path)
        yield Case(name, tap_program(settings, [path], name + "/"))


def golden_dumps(settings):
    tool = os.path.join(settings.build, "tests", "tools", "parse_tool")
    script = os.path.join(TESTS, "golden", "run.py")
    yield Case("golden", tap_program(settings, [sys.executable, script, tool], ""))
    for name in ("dumps", "captures"):
        script = os.path.join(TESTS, "golden", name + ".py")
        yield Case("golden " + name, tap_program(settings, [sys.executable, script, settings.command], ""))


def replays(settings):
    """Inputs that once broke a fuzz target: regress/X/* goes through fuzz/X_replay."""
    folder = os.path.join(settings.build, "tests", "fuzz")
    for replay in files_below(folder, lambda name: name.endswith("_replay")):
        inputs = os.path.join(TESTS, "regress", os.path.basename(replay)[:-len("_replay")])
        for path in files_below(inputs, lambda name: True):
            yield Case(relative(path), program(settings, [replay, path]))


def spoilt_units(settings):
    """A few hundred spoilt copies of each golden program's unit."""
    replay = os.path.join(settings.build, "tests", "fuzz", "unit_replay")
    if os.path.exists(replay):
        programs = list(files_below(os.path.join(TESTS, "golden", "ast"), is_program))
        yield Case("fuzz/unit_fuzz.c", program(settings, [replay, "--mutate", "1", "300", *programs]))


def language_case(settings, path, mode):
    def run(name):
        expectation = Expectation(path)
        asked = expectation.directives
        if "skip" in asked:
            return skipped(name, asked["skip"])
        like = JIT_MODES.get(mode, mode)
        if like not in asked.get("modes", like).split():
            return []
        env = {"US_DEBUG": MODES[mode].format(gcstress=asked.get("gcstress", GCSTRESS))}
        jit = ["--jit=eager"] if mode in JIT_MODES else []
        command = [settings.command, *jit, *shlex.split(asked.get("options", "")), os.path.basename(path),
                   *shlex.split(asked.get("args", ""))]
        stdin = asked.get("stdin", "").encode().decode("unicode_escape").encode("latin-1")
        finished = settings.run(command, env, os.path.dirname(path), stdin, 1 if mode == "plain" else 3)
        complaints = expectation.complaints(finished)
        return failed(name, *complaints) if complaints else passed(name)
    return Case("%s [%s]" % (relative(path), mode), run)


def language_tests(settings):
    for folder in LANGUAGE:
        for path in files_below(os.path.join(TESTS, folder), is_program):
            for mode in settings.modes:
                yield language_case(settings, path, mode)


def race_case(settings, path, mode, procs, jit=False):
    """A program of tests/race: it passes by printing `ok`, however its goroutines interleave."""
    def run(name):
        expectation = Expectation(path)
        asked = expectation.directives
        if mode not in asked.get("modes", mode).split():
            return []
        debug = RACE_MODES[mode].format(gcstress=asked.get("gcstress", GCSTRESS))
        command = [settings.command, *(["--jit=eager"] if jit else []), "--procs=%d" % procs, os.path.basename(path)]
        finished = settings.run(command, {"US_DEBUG": debug}, os.path.dirname(path), factor=3)
        complaints = expectation.complaints(finished)
        return failed(name, *complaints) if complaints else passed(name)
    return Case("%s [%s%s, %d]" % (relative(path), "jit-" if jit else "", mode, procs), run)


def race_tests(settings):
    for path in files_below(os.path.join(TESTS, "race"), is_program):
        for mode, numbers in (("plain", (1, 2, 4)), ("gcstress", (2,)), ("stops", (2,)), ("shared", (2,)),
                              ("shared-stops", (2,)), ("preempt", (2,))):
            for procs in numbers:
                yield race_case(settings, path, mode, procs)
        for mode in RACE_JIT_MODES:
            yield race_case(settings, path, mode, 2, True)
        for seed in (1, 2):
            yield race_case(settings, path, "seed%d" % seed, 1)


def thread_tests(settings):
    """What has goroutines, or threads, at all: the core that a build under ThreadSanitizer runs."""
    for name in ("base_test", "gc_test", "vm_test"):
        path = os.path.join(settings.build, "tests", "unit", name)
        yield Case("unit/" + name, tap_program(settings, [path], "unit/%s/" % name))
    for folder in ("lang/goroutine", "lang/async"):
        for path in files_below(os.path.join(TESTS, folder), is_program):
            yield language_case(settings, path, "plain")
    for path in files_below(os.path.join(TESTS, "race"), is_program):
        yield race_case(settings, path, "free", 2)


def is_program(name):
    return name.endswith(SOURCES) and not name.startswith("_")


def sample_case(settings, path):
    def run(name):
        wanted = os.path.join(ROOT, "samples", "expected", os.path.splitext(os.path.basename(path))[0] + ".out")
        if not os.path.exists(wanted):
            expectation = Expectation(path)
            if not expectation.has_output:
                return failed(name, "neither %s nor `// =>` says what it prints" % relative(wanted))
            complaints = expectation.complaints(settings.run([settings.command, path]))
            return failed(name, *complaints) if complaints else passed(name)
        finished = settings.run([settings.command, path])
        with open(wanted, encoding="utf-8") as f:
            complaints = difference(lines_of(f.read()), lines_of(finished.out))
        trouble = finished.disaster() or (finished.status and "exit status %d" % finished.status)
        return failed(name, trouble or "", *complaints, *finished.story()) if trouble or complaints else passed(name)
    return Case(relative(path), run)


def samples(settings):
    folder = os.path.join(ROOT, "samples")
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        if is_program(name):
            yield sample_case(settings, os.path.join(folder, name))


def command_tests(settings):
    folder = os.path.join(TESTS, "command")
    for path in files_below(folder, lambda name: name.endswith((".py", ".sh")) and not name.startswith("_")):
        starter = [sys.executable] if path.endswith(".py") else ["sh"]
        yield Case(relative(path), program(settings, starter + [path], 3))


def test262(settings, options, factor):
    title = "test262 " + " ".join(options)
    if not settings.test262:
        return Case(title, lambda name: skipped(name, "no checkout: set TEST262=PATH (see tests/README.md)"))
    script = os.path.join(TESTS, "test262", "run.py")
    command = [sys.executable, script, settings.test262, "--us", settings.command]
    return Case(title, program(settings, command + options, factor))


def test262_slice(settings):
    yield test262(settings, ["--slice"], 20)
    yield test262(settings, ["--slice", "--jit=eager"], 20)


def jit_differences(settings):
    """Random programs as the interpreter and as machine code run them."""
    yield Case("fuzz/jit_fuzz.py", program(settings, jit_fuzz(settings, 20), 3))


def jit_fuzz(settings, seconds):
    script = os.path.join(TESTS, "fuzz", "jit_fuzz.py")
    return [sys.executable, script, "--us", settings.command, "--seconds", str(seconds)]


def long_tests(settings):
    """What takes an hour: fuzzing, and all of test262."""
    fuzz = os.path.join(TESTS, "fuzz")
    yield Case("fuzz/run.py", program(settings, [
        sys.executable, os.path.join(fuzz, "run.py"), "--build", settings.build, "--seconds", "300"], 60))
    yield Case("fuzz/json_diff.py", program(settings, [
        sys.executable, os.path.join(fuzz, "json_diff.py"), "--us", settings.command, "--seconds", "120"], 10))
    yield Case("race/fuzz.py", program(settings, [
        sys.executable, os.path.join(TESTS, "race", "fuzz.py"), "--us", settings.command, "--seconds", "300"], 20))
    yield Case("race/soak.py", program(settings, [
        sys.executable, os.path.join(TESTS, "race", "soak.py"), "--us", settings.command, "--seconds", "60"], 10))
    race = os.path.join(TESTS, "race")
    yield Case("race/litmus_message.us, 10^8 rounds", program(settings, [
        settings.command, "--procs=2", os.path.join(race, "litmus_message.us"), "100000000"], 60))
    yield Case("gc/_long_list.us", program(settings, [
        settings.command, os.path.join(TESTS, "gc", "_long_list.us")], 5))
    yield Case("race/_storm.us", program(settings, [
        settings.command, "--procs=4", os.path.join(race, "_storm.us"), "600"], 20))
    yield Case("fuzz/jit_fuzz.py", program(settings, jit_fuzz(settings, 600) + ["--seed", "1000000"], 20))
    yield Case("command/jit.py, 100000 functions", program(settings, [
        sys.executable, os.path.join(TESTS, "command", "jit.py")], 20, {"CHURN": "100000"}))
    yield Case("command/scheduler.py, 1000 seeds, 10^6 goroutines", program(settings, [
        sys.executable, os.path.join(TESTS, "command", "scheduler.py")], 60, {"SEEDS": "1000", "SHORT": "1000000"}))
    yield test262(settings, ["--all"], 120)
    yield test262(settings, ["--all", "--jit=eager"], 120)


LONG = {"long": long_tests, "threads": thread_tests}
SUITES = {
    "check": tree_checks,
    "unit": unit_programs,
    "golden": golden_dumps,
    "replay": replays,
    "spoilt": spoilt_units,
    "jit": jit_differences,
    "language": language_tests,
    "race": race_tests,
    "samples": samples,
    "command": command_tests,
    "test262": test262_slice,
}
