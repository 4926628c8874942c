/* SPDX-License-Identifier: MIT */
/* runqueue.h - a worker's queue of runnable goroutines: a ring that its owner fills and empties without a lock and
 * others steal half of. The method is that of Go's scheduler (runtime/proc.go: runqput, runqget, runqgrab).
 *
 * I1  Only the owner writes `tail` and the slots from tail on; whoever takes moves `head` by compare-and-swap.
 * I2  A goroutine is in at most one queue, once. */
#ifndef US_SCHED_RUNQUEUE_H
#define US_SCHED_RUNQUEUE_H

#include "vm/sched/goroutine.h"

enum { RUNQUEUE_SLOTS = 256, RUNQUEUE_HALF = RUNQUEUE_SLOTS / 2 };

typedef struct RunQueue {
    uint32_t   head;                     // atomic
    uint32_t   tail;                     // atomic; written by the owner
    Goroutine *next;                     // runs before the ring; atomic, thieves may take it
    Goroutine *slots[RUNQUEUE_SLOTS];    // atomic
} RunQueue;

/** Owner: append. False: the ring is full. */
static inline bool runqueue_push(RunQueue *q, Goroutine *g)
{
    uint32_t head = atomic_get_acquire(&q->head), tail = q->tail;        // pairs with the takers' swap
    if (tail - head >= RUNQUEUE_SLOTS) return false;
    atomic_set_relaxed(&q->slots[tail % RUNQUEUE_SLOTS], g);
    atomic_set_release(&q->tail, tail + 1);              // pairs with thieves' load of tail
    return true;
}

/** Owner: would runqueue_push succeed? */
static inline bool runqueue_has_room(const RunQueue *q)
{
    return q->tail - atomic_get_acquire(&q->head) < RUNQUEUE_SLOTS;
}

/** Owner: put before all others; the one that was there, or NULL, is the caller's to put elsewhere. */
static inline Goroutine *runqueue_push_next(RunQueue *q, Goroutine *g)
{
    if (atomic_get_relaxed(&q->next)) return atomic_swap_acq_rel(&q->next, g);
    atomic_set_release(&q->next, g);                     // thieves only take; pairs with theirs
    return NULL;
}

/** Owner: the one to run next, or NULL. */
static inline Goroutine *runqueue_pop(RunQueue *q)
{
    if (atomic_get_relaxed(&q->next)) {
        Goroutine *g = atomic_swap_acq_rel(&q->next, NULL);
        if (g) return g;
    }
    uint32_t head = atomic_get_acquire(&q->head);
    while (head != q->tail) {
        Goroutine *g = atomic_get_relaxed(&q->slots[head % RUNQUEUE_SLOTS]);
        if (atomic_cas(&q->head, &head, head + 1)) return g;
    }
    return NULL;
}

/** `g` will run in a moment: let what every turn touches come meanwhile. */
static inline void runqueue_prefetch_one(const Goroutine *g)
{
    const char *end = (const char *)&g->first_fiber.waiters;
    for (const char *at = (const char *)&g->heap.mutator; at < end; at += CACHE_LINE_BYTES) atomic_prefetch(at);
}

/** Owner: likewise the second one of the ring. */
static inline void runqueue_prefetch(const RunQueue *q)
{
    uint32_t second = atomic_get_relaxed(&q->head) + 1;
    if ((int32_t)(q->tail - second) > 0) runqueue_prefetch_one(atomic_get_relaxed(&q->slots[second % RUNQUEUE_SLOTS]));
}

/** How many the ring has, about; never more than there are when nobody changes it. */
static inline uint32_t runqueue_ring(const RunQueue *q)
{
    uint32_t head = atomic_get_relaxed(&q->head), count = atomic_get_relaxed(&q->tail) - head;
    return count > RUNQUEUE_SLOTS ? 0 : count;           // head and tail were read apart
}

static inline uint32_t runqueue_count(const RunQueue *q)
{
    return runqueue_ring(q) + (atomic_get_relaxed(&q->next) != NULL);
}

/** Owner: take the older half of a full ring, RUNQUEUE_HALF of them. False: thieves have made room. */
NODISCARD bool runqueue_shed(RunQueue *q, Goroutine **batch);

/** Move half of `from`'s ring to `to`, which is the caller's and empty, and return one of them; `with_next`: take what
 *  would run next if there is nothing else. NULL: nothing to steal. */
Goroutine *runqueue_steal(RunQueue *to, RunQueue *from, bool with_next);

#endif
