/* SPDX-License-Identifier: MIT */
/* debugger.h - gdb's interface for code made at run time: names of functions and how to get to their callers.
 *
 * The process has one list of what gdb is told (__jit_debug_descriptor); each piece is an ELF file in memory. */
#ifndef US_JIT_DEBUGGER_H
#define US_JIT_DEBUGGER_H

#include "vm/jit/jit_state.h"

typedef struct DebuggerEntry DebuggerEntry;

typedef struct Debugger {
    DebuggerEntry *first;                // what this VM has told; C heap
} Debugger;

/** Tell of the machine code of a function. */
void debugger_tell(Debugger *d, const Jit *jit, const Machine *m, const char *name);
void debugger_tell_stubs(Debugger *d, const Jit *jit, const uint8_t *start, uint32_t size_bytes);

/** What begins at `start` is gone. */
void debugger_forget(Debugger *d, const uint8_t *start);
void debugger_forget_all(Debugger *d);

#endif
