# SPDX-License-Identifier: MIT
"""measure.py - what a process costs: the time from its start to its end, and the most memory it held."""
import ctypes
import os
import re
import signal
import tempfile
import time


PTRACE_TRACEME, PTRACE_CONT, PTRACE_SETOPTIONS = 0, 7, 0x4200
PTRACE_O_TRACEEXIT, EVENT_EXIT = 0x40, 6


class Cost:
    def __init__(self, seconds, status, output):
        self.seconds, self.status, self.output = seconds, status, output


def once(command, env=None, limit_s=600):
    """The Cost of one run; a status other than 0 is a failure, and -SIGKILL also a run that took too long."""
    whole = dict(os.environ)
    whole.update(env or {})
    with tempfile.TemporaryFile() as out:
        redirect = [(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
                    (os.POSIX_SPAWN_DUP2, out.fileno(), 1), (os.POSIX_SPAWN_DUP2, out.fileno(), 2)]
        start = time.perf_counter()
        child = os.posix_spawn(command[0], command, whole, file_actions=redirect)
        signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
        signal.setitimer(signal.ITIMER_REAL, limit_s)
        _, status = os.waitpid(child, 0)
        seconds = time.perf_counter() - start
        signal.setitimer(signal.ITIMER_REAL, 0)
        out.seek(0)
        text = out.read().decode("utf-8", "replace")
    return Cost(seconds, os.waitstatus_to_exitcode(status), text)


def best(command, runs, env=None, limit_s=600):
    """The quickest of some runs, or the first that failed."""
    costs = []
    for _ in range(runs):
        cost = once(command, env, limit_s)
        if cost.status:
            return cost
        costs.append(cost)
    return min(costs, key=lambda cost: cost.seconds)


def in_turn(commands, runs, limit_s=600):
    """For each (command, env), the Costs of its runs, which take turns, so that all meet the same load. One that
    failed is not run again."""
    costs = [[] for _ in commands]
    for _ in range(runs):
        for (command, env), own in zip(commands, costs):
            if not own or not own[-1].status:
                own.append(once(command, env, limit_s))
    return costs


def peak_rss(command, env=None):
    """The most memory a process held, in bytes, or None where processes may not be traced.

    What wait4 tells is no less than this process's own memory, from which the other begins as a copy; so it is
    stopped when it ends, and asked then.
    """
    libc = ctypes.CDLL(None)
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p]
    child = os.fork()
    if child == 0:
        nothing = os.open("/dev/null", os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        libc.ptrace(PTRACE_TRACEME, 0, None, None)
        os.execve(command[0], command, {**os.environ, **(env or {})})
    os.waitpid(child, 0)
    if libc.ptrace(PTRACE_SETOPTIONS, child, None, PTRACE_O_TRACEEXIT) != 0:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return None
    peak, stop = None, 0
    while True:
        libc.ptrace(PTRACE_CONT, child, None, stop)
        _, status = os.waitpid(child, 0)
        if not os.WIFSTOPPED(status):
            return peak
        stop = os.WSTOPSIG(status)
        if status >> 16 == EVENT_EXIT:
            with open("/proc/%d/status" % child, encoding="ascii", errors="replace") as f:
                peak = int(re.search(r"VmHWM:\s*(\d+)", f.read()).group(1)) * 1024
            stop = 0
        elif stop == signal.SIGTRAP:
            stop = 0
