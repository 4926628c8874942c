/* SPDX-License-Identifier: MIT */
/* inbox.h - where other goroutines leave jobs for one.
 *
 * An inbox is a cell. A goroutine gets one with the first thing it registers that another may have to send a job for,
 * such as a reaction of a promise; all of these name it. It outlives the goroutine: who sends a job to one whose
 * goroutine has ended starts another for it, of the same number, limit and place of spawning. So what a goroutine has
 * registered runs one at a time, in order, and as that goroutine, also after its end.
 *
 * I1  At most one goroutine is `goroutine`, and it alone takes jobs. It takes its own name off when it ends; from NULL
 *     the field is changed by compare-and-swap.
 * I2  Who sends pushes the job, then looks for a goroutine; who ends takes its name off, then looks for jobs; who waits
 *     sets its status, then looks for jobs. So one of the two sees the other.
 * I3  A private inbox is known to its own goroutine only: it is published with what names it. */
#ifndef US_SCHED_INBOX_H
#define US_SCHED_INBOX_H

#include "vm/sched/goroutine.h"

typedef struct Inbox {                   // KIND_INBOX
    Cell       cell;
    Value      jobs;                     // shared KIND_JOB cells, latest first, or VALUE_NULL; atomic
    Goroutine *goroutine;                // whose it is, or NULL: it has ended; atomic (I1)
    Value      spawn_code;               // from here on as of the goroutine; immutable
    uint64_t   id;
    uint64_t   most_bytes;
    uint32_t   spawn_pc;
    uint32_t   unused;
} Inbox;

/** The inbox of `g`, made when first asked for. Own goroutine. */
Inbox *inbox_of(Goroutine *g);

/** The inbox of `g` if others can know it (I3), or NULL. Own goroutine; or its worker's, before it waits. */
static inline const Inbox *inbox_if_known(const Goroutine *g)
{
    return g->inbox && cell_is_shared(&g->inbox->cell) ? g->inbox : NULL;
}

/** Are there jobs in an inbox, which may be NULL? */
static inline bool inbox_has_jobs(const Inbox *inbox)
{
    return inbox && !value_is_null(atomic_get_seq_cst(&inbox->jobs));
}

/** Add a shared KIND_JOB cell, and see to it that its goroutine runs. */
void inbox_post(Goroutine *g, Inbox *inbox, Value job);

/** Take all jobs, oldest first, linked by their second word, or VALUE_NULL. Own goroutine. */
Value inbox_take_all(Goroutine *g);

/** `g` ends. False: there are jobs for it after all. */
NODISCARD bool inbox_close(Goroutine *g);

/** Whose it is now. NULL: it has ended, or is about to; what is registered there and lives in it alone is gone. */
static inline Goroutine *inbox_goroutine(const Inbox *inbox)
{
    return atomic_get_acquire(&inbox->goroutine);        // with inbox_close
}

/** GcKind.trace of an inbox. */
void inbox_trace(Marker *m, Cell *c);

#endif
