/* SPDX-License-Identifier: MIT */
/* sched.h - the scheduler: many goroutines over a few threads. See docs/scheduler.md.
 *
 * Calls are made from inside the heap (gc/safepoint.h) by the thread that runs `g`, unless said otherwise. */
#ifndef US_SCHED_SCHED_H
#define US_SCHED_SCHED_H

#include "vm/sched/fiber.h"

/** The wait of `f` is over: it goes on with `result` (fiber.h I1: the caller has claimed it). `g`: who says so. */
void sched_ready(Goroutine *g, Fiber *f, Value result);

/** Claim and ready `f` with `result` once `deadline_ns` (clock_monotonic_ns) has come, unless its wait `ticket` has ended by
 *  then. Nothing needs to be undone when it ends earlier. */
void sched_wake_at(Goroutine *g, Fiber *f, uint32_t ticket, int64_t deadline_ns, Value result);

/** From C code that cannot leave its frames: having begun a wait, block this thread until it ends, while the goroutine's
 *  other tasks, and other goroutines, run elsewhere. The result of the wait. */
NODISCARD Value sched_block(Goroutine *g);

#endif
