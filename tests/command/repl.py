#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""repl.py - the REPL at a terminal: lines, results, Ctrl-C while a line runs, waits or is typed. Speaks TAP."""
import os
import pty
import re
import select
import signal
import sys
import tempfile
import time

from _tap import check, finish

US = os.environ["ULTRASCRIPT"]
LIMIT_S = 60
CTRL_C, CTRL_D = "\x03", "\x04"
PROMPT = "> "


class Terminal:
    """The command at a terminal of its own; what it printed and nobody has asked for yet is in `seen`."""

    def __init__(self, home, *options):
        self.seen = ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(US, [US, *options], {**os.environ, "HOME": home, "TERM": "dumb"})

    def until(self, wanted):
        """What is printed up to `wanted`."""
        end = time.monotonic() + LIMIT_S
        while wanted not in self.seen:
            ready = select.select([self.fd], [], [], max(0, end - time.monotonic()))[0]
            try:
                data = os.read(self.fd, 65536) if ready else b""
            except OSError:
                data = b""
            if not data:
                text, self.seen = self.seen, ""
                return text + "<end>"
            self.seen += re.sub("\x1b\\[[?0-9]*[a-z]", "", data.decode(errors="replace")).replace("\r", "")
        at = self.seen.index(wanted) + len(wanted)
        text, self.seen = self.seen[:at], self.seen[at:]
        return text

    def type(self, keys):
        os.write(self.fd, keys.encode())

    def line(self, text, wanted=PROMPT):
        self.type(text + "\n")
        self.until(text + "\n")
        return self.until(wanted)

    def status(self):
        end = time.monotonic() + LIMIT_S
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.02)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return None


def test_lines(home):
    t = Terminal(home)
    t.until(PROMPT)
    check("a value is printed", t.line("1 + 1") == "2\n" + PROMPT)
    check("and is _", t.line("_ * 21") == "42\n" + PROMPT)
    t.line("function f(x) {", "... ")
    check("a statement of several lines", t.line("return x + 1 }").endswith(PROMPT))
    check("what it declared", t.line("f(1)") == "2\n" + PROMPT)
    check("an error does not end it", "ReferenceError" in t.line("nowhere") and t.line("3") == "3\n" + PROMPT)
    t.type(CTRL_D)
    check("Ctrl-D ends it", t.status() == 0)
    with open(os.path.join(home, ".ultrascript_history"), encoding="utf-8") as f:
        check("the history is kept", "_ * 21\n" in f.read())


def interrupt(t, text, waits_s=0.2):
    """Run a line that does not end, and end it."""
    t.type(text + "\n")
    t.until(text + "\n")
    time.sleep(waits_s)
    t.type(CTRL_C)
    return t.until("\n" + PROMPT)


def test_interrupts(home, *options):
    t = Terminal(home, *options)
    title = " ".join(("", *options))
    t.until(PROMPT)
    got = interrupt(t, "let i = 0; while (true) i++")
    goes_on = t.line("i > 0") == "true\n" + PROMPT
    check("Ctrl-C ends a loop" + title, goes_on and "was interrupted by `SIGINT`" in got, got)
    for text in ("[1].map(x => { for (;;) ; })", "/(a+)+b/.test('a'.repeat(40))",
                 "(function f() { for (;;) f.call })()", "class A { constructor() { for (;;) ; } } new A(...[])",
                 "for (const x of (function* () { for (;;) ; })()) ;"):
        got = interrupt(t, text)
        check("Ctrl-C ends %s%s" % (text, title), "SIGINT" in got and t.line("1") == "1\n" + PROMPT, got)
    for text in ("await new Promise(r => setTimeout(r, 1e8))", "<-make(chan int)", "runtime.sleep(1e8)",
                 "go function() { for (;;) ; }; runtime.sleep(1e8)"):
        got = interrupt(t, text)
        check("Ctrl-C ends waiting for %s%s" % (text, title), t.line("1") == "1\n" + PROMPT, got)
    t.type(CTRL_D)
    check("and Ctrl-D the REPL" + title, t.status() == 0)


def test_typing(home):
    t = Terminal(home)
    t.until(PROMPT)
    t.type("abc")
    t.until("abc")
    t.type(CTRL_C)
    got = t.until("\n" + PROMPT)
    check("Ctrl-C drops what was typed", "once more" not in got and t.line("2") == "2\n" + PROMPT, got)
    t.line("function f() {", "... ")
    t.type(CTRL_C)
    got = t.until("\n" + PROMPT)
    check("also when it is several lines", t.line("3") == "3\n" + PROMPT, got)
    t.type(CTRL_C)
    got = t.until("\n" + PROMPT)
    check("at an empty line it says how to leave", "once more" in got, got)
    t.line("4")
    t.type(CTRL_C)
    check("unless a line came in between", "once more" in t.until("\n" + PROMPT))
    t.type(CTRL_C)
    check("twice ends it", t.status() == 0)


def main():
    try:
        for fd in pty.openpty():
            os.close(fd)
    except OSError as error:
        print("no terminal to be had: %s" % error)
        sys.exit(77)
    with tempfile.TemporaryDirectory() as home:
        test_lines(home)
        test_interrupts(home)
        test_interrupts(home, "--jit=off")
        test_interrupts(home, "--procs=1")
        test_typing(home)
    finish()


main()
