/* SPDX-License-Identifier: MIT */
/* process.h - what the event loop asks of `process`: its listeners and its exit code. */
#ifndef US_LIB_PROCESS_H
#define US_LIB_PROCESS_H

#include "vm/object/object.h"

/** Call process's listeners of the event `name`. TRI_FALSE: there is none. */
NODISCARD Tri lib_process_emit(Goroutine *g, const char *name, uint32_t count, const Value *arguments);

/** process.exitCode, 0 while nobody has set it. */
int lib_process_exit_code(Goroutine *g);
void lib_process_set_exit_code(Goroutine *g, int code);

/** Tell the listeners of 'exit' the exit code, once in the program's life. False: one threw. */
NODISCARD bool lib_process_end(Goroutine *g);

/** Let process.argv name the program's file behind the interpreter. */
void lib_process_set_program(Goroutine *g, const char *path);

#endif
