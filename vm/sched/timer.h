/* SPDX-License-Identifier: MIT */
/* timer.h - what the scheduler does at a given time. On any thread that is inside the heap. */
#ifndef US_SCHED_TIMER_H
#define US_SCHED_TIMER_H

#include "vm/sched/fiber.h"

struct Sched;

/** Have `g` notified at `deadline_ns` (clock_monotonic_ns; CLOCK_NEVER: not at all), instead of what it asked for
 *  before. */
void timer_wake_goroutine_at(Goroutine *g, int64_t deadline_ns);

/** Claim and ready `f` with `result` once `deadline_ns` (clock_monotonic_ns) has come, unless its wait `ticket` has
 *  ended by then. Nothing needs to be undone when it ends earlier. `result` is no private cell. */
void timer_wake_fiber_at(Goroutine *g, Fiber *f, uint32_t ticket, int64_t deadline_ns, Value result);

/* ---- for the scheduler ------------------------------------------------------------------------------------------- */

/** Do what is due. True when there was anything. */
bool timer_run_due(Worker *w);
/** Will anything ever be due? */
bool timer_any(struct Sched *s);
void timer_mark(struct Sched *s, Marker *m);
/** Forget what is no longer good, wherever it is in the heap. */
void timer_forget(struct Sched *s);

#endif
