/* SPDX-License-Identifier: MIT */
/* fiber.h - one strand of a goroutine's work: a stack of frames, running or waiting.
 *
 * A goroutine runs one fiber at a time. An operation that cannot go on at once (a receive, a lock, an await in a
 * plain function) begins a wait, makes itself known to whoever will end it, and returns VALUE_PARKED; the interpreter
 * leaves the frames where they are and returns to the goroutine's loop, which may run the goroutine's other tasks on
 * another fiber.
 *
 * I1  A wait has a ticket. Whoever wants to end it claims the ticket first; exactly one succeeds, and it alone sets
 *     `result` and calls sched_ready. So several may race to end one wait: a select's cases, a timer, a close.
 * I2  `result`, `finish`, `waits_for` and `waiter` belong to the fiber's goroutine, and from a successful claim until
 *     sched_ready to the claimant.
 * I3  What `result` and the waiters hold is shared (published) when another goroutine put it there. `result` is set by
 *     fiber_set_result by others than the goroutine, which may be collecting by itself, and reads it, meanwhile. */
#ifndef US_SCHED_FIBER_H
#define US_SCHED_FIBER_H

#include "vm/sched/goroutine.h"

/* What a fiber waits for: WAIT(name, "as reports say it"). */
typedef enum WaitKind {
#define WAIT(name, text) WAIT_##name,
#include "vm/sched/waits.def"
    WAIT_KIND_COUNT
} WaitKind;

/** Begin a wait of the running fiber, before anybody can know of it; the caller then returns VALUE_PARKED. `on`: what
 *  it waits for, for reports. `finish` (may be NULL): called by the goroutine when it goes on; its result, which may
 *  also be VALUE_THROWN or, to wait once more, VALUE_PARKED, stands for `result`. Returns the ticket. */
uint32_t fiber_begin_wait(Goroutine *g, WaitKind kind, Value on, FiberFinish finish);

/** How the wait that was begun gets out of the queues it is in, should it fail (fiber_fail); whoever ends it otherwise
 *  sees to that. Before anybody can know of it. */
static inline void fiber_set_leave(Goroutine *g, FiberLeave leave)
{
    g->fiber->leave = leave;
}

/** The wait of `f`, claimed, cannot end: when the fiber goes on it leaves its queues, and `finish` says what it comes
 *  to. The claimant then calls fiber_push_ready. */
void fiber_fail(Fiber *f, FiberFinish finish);

/** Try to be the one who ends the wait (I1). Any thread. */
NODISCARD bool fiber_claim(Fiber *f, uint32_t ticket);

/** What the wait of `f` yields (I3). By the claimant. */
static inline void fiber_set_result(Fiber *f, Value result)
{
    atomic_set_release(&f->result, result);              // with vm_mark_fiber
}

/** The wait of `f` is over: among the ready ones of its goroutine, which is yet to be told (sched_notify). By the
 *  claimant. */
void fiber_push_ready(Fiber *f);

/** Take all fibers whose wait is over, the first to be ready first. Own goroutine. */
Fiber *fiber_take_ready(Goroutine *g);

/** The running fiber. */
static inline Fiber *fiber_current(Goroutine *g)
{
    return g->fiber;
}

/** What the wait that is over yields, in the fiber that goes on: a value, VALUE_THROWN or VALUE_PARKED. */
NODISCARD Value fiber_take_result(Goroutine *g);

/* Which fiber's frames are the goroutine's: one is loaded, except while the goroutine changes from one to another. */
void fiber_unload(Goroutine *g);
void fiber_load(Goroutine *g, Fiber *f);
/** Load a new one with an empty stack. */
void fiber_load_fresh(Goroutine *g);
/** The loaded fiber has ended: give up its stack. Its memory stays for others, since a timer may know an old ticket. */
void fiber_drop(Goroutine *g);

/** "a receive", "Lock.lock" and so on. */
const char *fiber_wait_text(WaitKind kind);

#endif
