/* SPDX-License-Identifier: MIT */
/* loop.h - a goroutine's event loop: what runs after the program's own code, in what order, and how the program ends.
 *
 * A round is: the timers that are due, then the immediates that waited when their turn came; between rounds the goroutine
 * sleeps until the next timer. After each callback come all next ticks, all microtasks, and then the rejections that nobody
 * handled, until none of them is left. An exception that nobody catches goes to process.on('uncaughtException'), or is
 * reported and ends the program. */
#ifndef US_LOOP_H
#define US_LOOP_H

#include <stdbool.h>

#include "vm/base/licence.h"
#include "vm/value/value.h"

/** The program's own code has run; `failed`: its exception is in `g`. Do all that is left to do, tell process's listeners of
 *  'beforeExit' and 'exit', and return the exit code. `is_module`: microtasks come before the first next ticks. */
int loop_run(Goroutine *g, bool failed, bool is_module);

/** For a REPL: next ticks, microtasks, and the timers that are due now; exceptions are reported. */
void loop_turn(Goroutine *g);

/** For a REPL: rounds until `promise` is settled, or nothing is left that could settle it. */
void loop_wait(Goroutine *g, Value promise);

#endif
