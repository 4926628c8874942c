#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""stdin.py - reading standard input: runtime.readLine, process.stdin's events and iteration, from pipes that dawdle,
files, terminals, sockets and what is no file at all."""
import fcntl
import os
import pty
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
import _tap                                                # noqa: E402
from _tap import check                                     # noqa: E402

US = os.environ["ULTRASCRIPT"]
FOLDER = tempfile.TemporaryDirectory()
LINES = "for (let l; (l = runtime.readLine()) !== undefined;) print(JSON.stringify(l))\n"
CHUNKS = "let s = ''; process.stdin.on('data', c => { s += c }).on('end', () => print(JSON.stringify(s)))"
FIRST = "process.stdin.once('data', c => { print('got ' + c.trim()); process.stdin.pause() })"


def start(text, options=(), debug="", **more):
    path = os.path.join(FOLDER.name, "program.us")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return _tap.start([US, *options, path], env={**os.environ, "US_DEBUG": debug}, **{"stdin": subprocess.PIPE, **more})


def finish(child, limit=30):
    """(status, output, errors) of a child whose input is closed, or was left open for it to ignore."""
    try:
        child.wait(limit)
    except subprocess.TimeoutExpired:
        _tap.end(child)
        return "still runs", "", ""
    with child.stdout, child.stderr:
        return child.returncode, child.stdout.read().decode(), child.stderr.read().decode()


def feed(text, parts, pause=0.05, **more):
    child = start(text, **more)
    for part in parts:
        child.stdin.write(part)
        child.stdin.flush()
        time.sleep(pause)
    child.stdin.close()
    return finish(child)


def test_lines():
    got = feed(LINES, [b"one\ntw", b"o\r\n\n", b"caf\xc3", b"\xa9\nrest"])
    check("lines", got == (0, '"one"\n"two"\n""\n"caf\u00e9"\n"rest"\n', ""), got)
    check("no line", feed(LINES, [])[:2] == (0, ""), None)
    got = feed(LINES + "print(runtime.readLine())", [b"x\n"])
    check("behind the end", got[:2] == (0, '"x"\nundefined\n'), got)
    got = feed("print(runtime.readLine().length)", [b"x" * 3000000, b"y" * 3000000], 0)
    check("a long line", got[:2] == (0, "6000000\n"), got)
    got = feed(LINES, [b"a\xffb\n\xe2\x82"])
    check("ill-formed text", got[:2] == (0, '"a\ufffdb"\n"\ufffd"\n'), got)


def test_others_go_on():
    text = ("let n = 0, m = 0\nconst t = setInterval(both, 5)\n"
            "function both() { if (++n > 5 && m > 5) { print('both'); clearInterval(t) } }\n"
            "go function() { for (let i = 0; i < 9; i++) { runtime.sleep(5); atomic m++ } }\n"
            "print(runtime.readLine())\n")
    for options, debug in ((("--procs=1",), ""), (("--procs=2",), ""), ((), "seed=3"), ((), "preempt=every")):
        child = start(text, options, debug)
        said = child.stdout.readline()
        child.stdin.write(b"late\n")
        child.stdin.close()
        got = finish(child)
        check("timers and goroutines during a wait %s%s" % (" ".join(options), debug),
              said == b"both\n" and got == (0, "late\n", ""), (said, got))


def test_many_readers():
    text = ("const seen = new Map()\nconst wg = new WaitGroup()\n"
            "for (let k = 0; k < 8; k++) { wg.add(); go function() {\n"
            "  for (let l; (l = runtime.readLine()) !== undefined;) seen.set(l, (seen.get(l) ?? 0) + 1)\n"
            "  wg.done() } }\nwg.wait()\nprint(seen.size, [...seen.values()].every(n => n === 1))\n")
    lines = ["line %d" % i for i in range(20000)]
    data = ("\n".join(lines)).encode()
    parts = [data[i:i + 7777] for i in range(0, len(data), 7777)]
    for debug in ("", "share=all", "gcstress=997,verify,poison"):
        got = feed(text, parts, 0.001, debug=debug)
        check("each line goes to one of eight goroutines " + debug, got == (0, "20000 true\n", ""), got)


def test_events():
    got = feed(CHUNKS, [b"h\xc3", b"\xa9llo\n", b"more"])
    check("data and end", got == (0, '"h\u00e9llo\\nmore"\n', ""), got)
    got = feed("process.stdin.setEncoding('latin1')\n" + CHUNKS, [b"\xff\x00\xe9"])
    check("a character for each byte", got[:2] == (0, '"\u00ff\\u0000\u00e9"\n'), got)
    got = feed("try { process.stdin.setEncoding('x') } catch (e) { print(e.code) }", [])
    check("an unknown encoding", got[:2] == (0, "ERR_UNKNOWN_ENCODING\n"), got)
    got = feed("for await (const c of process.stdin) print(JSON.stringify(c))", [b"one\ntwo", b"x"], 0.3)
    check("iteration", got == (0, '"one\\ntwo"\n"x"\n', ""), got)
    got = feed("const f = c => print(c)\nprocess.stdin.on('data', f).off('data', f)\n"
               "print(process.stdin.listenerCount('data'))", [b"x"])
    check("nobody listens any more", got[:2] == (0, "0\n"), got)
    got = feed("process.stdin.on('end', () => print('end')).resume()", [b"x", b"y"])
    check("resume without a listener", got == (0, "end\n", ""), got)
    got = feed("process.stdin.on('data', () => { throw new RangeError('mine') })", [b"x"])
    check("a listener that throws", got[0] == 1 and "RangeError: mine" in got[2], got)


def test_open_ended():
    """The writer never closes: the program ends all the same."""
    child = start(FIRST)
    child.stdin.write(b"this\n")
    child.stdin.flush()
    check("paused by its listener", finish(child, 10) == (0, "got this\n", ""), None)
    child = start("process.stdin.on('data', () => 0)\n"
                  "setTimeout(() => { process.stdin.pause(); print('paused') }, 100)")
    check("paused while it waits", finish(child, 10) == (0, "paused\n", ""), None)
    child = start("go function() { runtime.sleep(100); process.exit(7) }\nruntime.readLine()")
    check("process.exit during a wait", finish(child, 10)[0] == 7, None)
    child = start("setTimeout(() => { throw new Error('out') }, 100)\nruntime.readLine()")
    got = finish(child, 10)
    check("an error during a wait", got[0] == 1 and "Error: out" in got[2], got)
    child = start("print('up')\nruntime.readLine()")
    child.stdout.readline()
    child.send_signal(signal.SIGINT)
    check("a signal during a wait", finish(child, 10)[0] in (-signal.SIGINT, 130), None)


def test_deadlock():
    child = start("const c = make(chan int)\ngo function() { runtime.readLine(); print('read') };\n<-c")
    time.sleep(0.3)
    running = child.poll() is None
    child.stdin.close()
    got = finish(child)
    check("who waits for input is no deadlock", running, None)
    check("but is one afterwards", got[0] == 2 and got[1] == "read\n" and "deadlock" in got[2], got)


def test_kinds_of_input():
    with tempfile.TemporaryFile() as f:
        f.write(b"a\nb\n")
        f.seek(2)
        got = finish(start(LINES, stdin=f))
    check("a file, from where it stands", got == (0, '"b"\n', ""), got)
    got = finish(start(LINES, stdin=subprocess.DEVNULL))
    check("nothing", got == (0, "", ""), got)
    folder = os.open("/", os.O_RDONLY)
    got = finish(start(LINES, stdin=folder))
    os.close(folder)
    check("a folder", got[0] == 1 and "EISDIR" in got[2], got)
    got = finish(start(LINES, stdin=None, preexec_fn=lambda: os.close(0)))
    check("no descriptor", got[0] == 1 and "EBADF" in got[2], got)
    ours, theirs = socket.socketpair()
    child = start(LINES, stdin=theirs)
    theirs.close()
    ours.sendall(b"by soc")
    time.sleep(0.1)
    ours.sendall(b"ket\n")
    ours.close()
    got = finish(child)
    check("a socket", got == (0, '"by socket"\n', ""), got)


def test_terminal():
    ours, theirs = pty.openpty()
    child = start("print('ask')\nprint(JSON.stringify(runtime.readLine()), process.stdin.isTTY)", stdin=theirs)
    child.stdout.readline()
    time.sleep(0.1)
    os.write(ours, b"typed\n")
    got = finish(child, 10)
    flags = fcntl.fcntl(theirs, fcntl.F_GETFL)
    os.close(theirs)
    os.close(ours)
    check("a terminal", got[:2] == (0, '"typed" true\n'), got)
    check("which others may go on to wait for", not flags & os.O_NONBLOCK, flags)


if __name__ == "__main__":
    test_lines()
    test_others_go_on()
    test_many_readers()
    test_events()
    test_open_ended()
    test_deadlock()
    test_kinds_of_input()
    test_terminal()
    _tap.finish()
