/* SPDX-License-Identifier: MIT */
/* interrupt.h - Ctrl-C while a REPL runs a line: the line ends, and not the process.
 *
 * I1  From interrupt_block on, SIGINT is blocked in every thread, as are the other signals that lineedit_read lets in
 *     while it waits for keys. A thread of ours waits for SIGINT, and hands it on to lineedit_read while no line
 *     runs. */
#ifndef US_INTERRUPT_H
#define US_INTERRUPT_H

#include "vm/object/function.h"

typedef struct Interrupt Interrupt;

/** Block I1's signals for the calling thread, which is to read the lines, and for those started from it. Before others
 *  exist. */
void interrupt_block(void);

/** Wait for SIGINT, on behalf of the lines that `vm` is going to run, until the process ends. NULL: the system refuses
 *  a thread. */
Interrupt *interrupt_open(Vm *vm);

/** What Ctrl-C is to end from now on: a line that runs, or one that is read. Takes NULL. */
void interrupt_set_running(Interrupt *in, bool is_running);

#endif
