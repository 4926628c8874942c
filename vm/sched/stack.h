/* SPDX-License-Identifier: MIT */
/* stack.h - the memory of a goroutine's frames: contiguous, small at first, moved to grow.
 *
 * I1  Nothing outside frames points into a stack, except g->fp, g->stack_*, and what code between two calls with the
 *     Goroutine licence keeps in C variables.
 * I2  STACK_SLACK_WORDS below stack_true_limit are for the headers of native frames, which are pushed unchecked. */
#ifndef US_SCHED_STACK_H
#define US_SCHED_STACK_H

#include <stdbool.h>

#include "vm/sched/frame.h"

enum {
    STACK_FIRST_WORDS = 128,
    STACK_SLACK_WORDS = 64,
};

/** Give `g` an empty stack that may grow to `max_bytes`. */
void stack_create(Goroutine *g, size_t max_bytes);
void stack_destroy(Goroutine *g);

/** A stack of `g` that is not loaded is needed no more. */
void stack_release(Goroutine *g, Value *low);

/** The goroutine has another stack now: take the limit from it. */
void stack_renew_limit(Goroutine *g);

/** Make room for `words` below `low`, the lowest word in use, by moving the stack. g->fp moves with it. False: the
 *  stack would exceed its maximum; nothing changed. */
NODISCARD bool stack_grow(Goroutine *g, const Value *low, size_t words);

/** Move the stack without need, to show who keeps pointers into it (US_DEBUG=stackstress). */
void stack_move(Goroutine *g, const Value *low);

/** Ask the goroutine to enter the poll's slow half at its next check; any thread. */
void stack_request_poll(Goroutine *g);
void stack_clear_poll(Goroutine *g);

#endif
