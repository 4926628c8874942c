/* SPDX-License-Identifier: MIT */
/* jit.h - the baseline JIT (docs/jit.md). */
#ifndef US_JIT_JIT_H
#define US_JIT_JIT_H

#include "vm/exec/machine.h"

typedef enum JitMode {
    JIT_OFF,
    JIT_BASELINE,                        // functions that are called often or loop
    JIT_EAGER,                           // every function, at its first call
} JitMode;

typedef struct JitOptions {
    JitMode mode;
    bool    stats;                       // counts, and a summary at the end
    bool    dump_asm;                    // print machine code as it is made
    bool    perf_map;                    // names for perf
    bool    gdb;                         // names for gdb
} JitOptions;

/** Fill in vm->machine and vm->jit, before any Code cell is made. Where the system refuses executable memory the
 *  interpreter runs everything. */
void jit_create(Vm *vm, const JitOptions *options);

/** The summary that was asked for. */
void jit_tell(const Vm *vm);

/** When no Code cell is left. */
void jit_destroy(Vm *vm);

#endif
