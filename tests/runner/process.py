# SPDX-License-Identifier: MIT
"""process.py - one program run under a time limit, its whole process group ended with it."""
import os
import signal
import subprocess

OUTPUT_LIMIT_BYTES = 4 << 20


class Finished:
    """How a program ended: `status` is its exit status, negative a signal, None when its time was up."""

    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    def disaster(self):
        """What no expectation can excuse, or None."""
        if self.status is None:
            return "timed out"
        if self.status < 0:
            try:
                return "ended by " + signal.Signals(-self.status).name
            except ValueError:
                return "ended by signal %d" % -self.status
        if "AddressSanitizer" in self.err or "ThreadSanitizer" in self.err or "runtime error:" in self.err:
            return "reported by a sanitizer"
        return None

    def story(self):
        """What was printed, for the report of a failure."""
        lines = []
        for what, text in (("stdout", self.out), ("stderr", self.err)):
            shown = text.splitlines()
            if len(shown) > 40:
                shown = shown[:20] + ["... %d lines ..." % (len(shown) - 40)] + shown[-20:]
            lines += ["%s| %s" % (what, line[:400]) for line in shown]
        return lines


def run(command, limit_s, env=None, cwd=None, stdin=b""):
    whole = dict(os.environ)
    whole.update(env or {})
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=whole,
                          cwd=cwd, start_new_session=True) as child:
        try:
            out, err = child.communicate(stdin, timeout=limit_s)
            status = child.returncode
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            out, err = child.communicate()
            status = None
    return Finished(status, *(t[:OUTPUT_LIMIT_BYTES].decode("utf-8", "replace") for t in (out, err)))
