#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""state.py - file-level data is constant; OURS lists what is not, each with the rule that makes it safe.

State hangs from a Vm, a Worker or a Goroutine. What an object file would put in memory that can be written has to be
listed here; so make it const, move it, or say who may write it and when.
"""
import _tree

CHECKED = "in checked builds only: "
OURS = {
    "lib/input": {"input": "under its lock, LOCK_POLL", "input_once": "written by pthread_once"},
    "lib/error": {"specs": "the same content whenever it is written"},
    "lib/string_html": {"specs": "the same content whenever it is written"},
    "vm/base/calendar_zone": {"zone_registry": "under its lock, LOCK_ZONES"},
    "vm/base/debug": {"debug_of_process": "written at start-up, before other threads exist"},
    "vm/base/hash": {"hash_seed": "written at start-up, before other threads exist"},
    "vm/base/mem": {"mem_used": "atomic: a statistic", "mem_budget": "atomic: set by tests only",
                    "mem_budget_once": "atomic: set by tests only", "mem_reserve_left": "atomic: of tests only",
                    "mem_reserve": "atomic: the process's", "mem_short": "atomic: of the reserve"},
    "vm/base/limbs_attempt": {"limbs_running": "thread-local"},
    "vm/base/mutex": {"mutex_held": CHECKED + "thread-local", "mutex_held_count": CHECKED + "thread-local"},
    "vm/base/panic": {"depth": "thread-local", "panic_hook": "written at start-up, before other threads exist"},
    "vm/bytecode/opcode": {"opcode_table": "the same content whenever it is written"},
    "vm/jit/debugger": {"debugger_lock": "a lock"},
    "vm/embed": {"embed_started": "written by pthread_once"},
    "vm/module_evaluate": {"count": "atomic: only the order of its values matters"},
    "vm/object/kinds": {"kinds_gc_table": "written while the process's first Vm is made",
                        "kinds_ops_table": "written while the process's first Vm is made"},
    "vm/lineedit": {"lineedit": "on the main thread, which alone reads lines"},
    "vm/repl": {"repl_result": "on the main thread, which alone reads lines"},
    "vm/sched/worker_thread": {"worker_thread_here": "thread-local"},
    "vm/vm": {"vm_kinds_registered": "written by pthread_once"},
    "vm/regexp/re_pcre": {"pcre_failed": "never written: an address that means failure"},
}


def is_writable(section):
    return section.startswith((".data", ".bss", ".tdata", ".tbss", "*COM*")) and not section.startswith(".data.rel.ro")


def check(tree):
    seen = set()
    for source, section, _, name in tree.symbols:
        name = name.split(".")[0]
        # sanitizers and profilers add data of their own, whose names begin with __
        if not is_writable(section) or not name or name == "DW" or name.startswith("__"):
            continue
        seen.add((source, name))
        if name not in OURS.get(source, {}):
            yield "%s: %s can be written, and tests/check/state.py does not say by whom" % (source, name)
    built = {source for source, _, _, _ in tree.symbols}
    for source in sorted(set(OURS) & built):
        for name, why in sorted(OURS[source].items()):
            if (source, name) not in seen and not why.startswith(CHECKED):
                yield "%s: %s cannot be written any more: take its line out of state.py" % (source, name)


BAD = [
    ("counter can be written", {}, [("gc/mark", ".bss", "b", "counter.0")]),
    ("table can be written", {}, [("gc/mark", ".data", "D", "table")]),
    ("hash_seed cannot be written", {}, [("vm/base/hash", ".text", "T", "hash_bytes")]),
]
GOOD = [
    ({}, [("gc/mark", ".data.rel.ro.local", "d", "names"), ("gc/mark", ".rodata", "r", "sizes")]),
    ({}, [("vm/base/hash", ".bss", "b", "hash_seed")]),
]

if __name__ == "__main__":
    _tree.main(check, BAD, GOOD)
