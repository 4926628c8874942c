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

/** Fill in vm->machine and vm->jit, before any Code cell is made. Where the system refuses executable memory the
 *  interpreter runs everything. */
void jit_create(Vm *vm, JitMode mode);

/** Look at the built-in objects of the main realm, before any program can change them. */
void jit_learn_builtins(Goroutine *g);

/** When no Code cell is left. */
void jit_destroy(Vm *vm);

#endif
