/* SPDX-License-Identifier: MIT */
/* sched.h - the scheduler: many goroutines over a few threads. The mechanism is told in docs/scheduler.md.
 *
 * Calls are made from inside the heap (gc/safepoint.h) by the thread that runs `g`, unless said otherwise. */
#ifndef US_SCHED_SCHED_H
#define US_SCHED_SCHED_H

#include "vm/sched/fiber.h"

/* What a goroutine's loop wants when it returns to the scheduler. */
typedef enum SchedNext {
    SCHED_WAITS,                         // for its inbox, a fiber's wake-up, or its wake_ns
    SCHED_YIELDS,                        // it could go on, but lets others run first
    SCHED_ENDS,                          // nothing is left to do for it, ever
    // what it would go on with is `pinned` to another thread: its first ready fiber
    SCHED_PINNED,
} SchedNext;

typedef struct SchedOptions {
    uint32_t worker_count;               // at least 1
    bool     is_seeded;                  // one thread, in an order that `seed` decides
    bool     yields_always;              // give way at every poll
    bool     settles_always;             // who waits is collected at once, before others run (parked.h)
    uint64_t seed;
    size_t   stack_max_bytes;            // of a goroutine's stack
    SchedNext (*run)(Goroutine *g);      // a goroutine's loop: runs what it has to do
    bool      (*end)(Goroutine *g);      // it says SCHED_ENDS: let go of what it holds; false: there is work after all
    void      (*at_deadlock)(Vm *vm);    // NULL in sched_drive: return there
} SchedOptions;

/* ---- life; on the main thread ------------------------------------------------------------------------------------ */

/** Make the scheduler and the main goroutine, which runs on the calling thread from now on. */
Goroutine *sched_create(Vm *vm, const SchedOptions *options);

/** End all threads; goroutines that run are stopped at their next poll for good. `g` is the main goroutine. */
void sched_end(Goroutine *g);
void sched_destroy(Vm *vm);

/** Let goroutines run, the main one `g` among them, until nothing is left to run or wait for, or `until` (may be
 *  NULL) says that this is enough; it is asked after each turn of the main goroutine. */
void sched_drive(Goroutine *g, bool (*until)(Goroutine *g));

/* ---- goroutines -------------------------------------------------------------------------------------------------- */

/** A goroutine that does not run yet: no task, an empty stack. Give it something, then sched_start. */
NODISCARD Goroutine *sched_new(Goroutine *g);
void sched_start(Goroutine *g, Goroutine *fresh);
/** Instead of starting it. */
void sched_discard(Goroutine *g, Goroutine *fresh);

/** There is something new in `target`'s inbox or among its ready fibers: let it run if it waits. */
void sched_notify(Goroutine *g, Goroutine *target);

/** Let `target` run a turn if it waits. Any thread, also one that knows no heap. */
void sched_nudge(Goroutine *target);

/** Goroutines that have not ended. Any thread. */
uint64_t sched_count(const Vm *vm);

/** Call `visit` for every goroutine that has not ended. World stopped, or at rest. */
void sched_each(const Vm *vm, void (*visit)(void *context, Goroutine *g), void *context);

/** The same for one part of them, of sched_parts. */
uint32_t sched_parts(const Vm *vm);
void sched_each_in(const Vm *vm, uint32_t part, void (*visit)(void *context, Goroutine *g), void *context);

/* ---- waiting ----------------------------------------------------------------------------------------------------- */

/** The wait of `f` is over: it goes on with `result` (fiber.h I1: the caller has claimed it). `g`: who says so. */
void sched_ready(Goroutine *g, Fiber *f, Value result);

/** From C code that cannot leave its frames: having begun a wait, block this thread until it ends, while the
 *  goroutine's other tasks, and other goroutines, run elsewhere. The result of the wait; never VALUE_PARKED. */
NODISCARD Value sched_block(Goroutine *g);

/** Let others run: VALUE_PARKED, or undefined when it makes no sense. */
NODISCARD Value sched_give_way(Goroutine *g);

/** At a poll: should the goroutine give way now? Forgets that it was asked to. */
bool sched_should_yield(Goroutine *g);

/** Around a call of the system that may take long: others run meanwhile, and the world may stop. */
void sched_leave(Goroutine *g);
void sched_return(Goroutine *g);

/* ---- collector; world stopped, but for sched_interrupt ----------------------------------------------------------- */

/** GcHost.interrupt_mutators. */
void sched_interrupt(Vm *vm);
void sched_mark(Vm *vm, Marker *m);

#endif
