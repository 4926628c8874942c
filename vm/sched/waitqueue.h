/* SPDX-License-Identifier: MIT */
/* waitqueue.h - those who wait for the same thing, oldest first.
 *
 * The queue belongs to an object that several goroutines use; what protects that object protects the queue,
 * and the links of the Waiters in it.
 *
 * I1  A Waiter is in at most one queue; `next` of one that was taken out is itself.
 * I2  A Waiter's memory stays while it is in a queue: its fiber takes it out before it goes on
 *     (Fiber.finish). So one whose wait has ended in another way may be met here, and is passed over.
 * I3  Who claims a wait out of a queue leaves the Waiter's tag in the fiber's own waiter: a select learns its
 *     case. */
#ifndef US_SCHED_WAITQUEUE_H
#define US_SCHED_WAITQUEUE_H

#include "vm/sched/fiber.h"

typedef struct WaitQueue {
    Waiter *first;                       // read without the lock by who only tells
    Waiter *last;
} WaitQueue;

/* Fibers that were claimed under a lock, to be readied once it is released. */
typedef struct WakeList {
    Waiter *first, *last;
} WakeList;

static inline bool waitqueue_is_empty(const WaitQueue *q)
{
    return !atomic_get_relaxed(&q->first);
}

/** Fill `w` for the wait `ticket` of the running fiber, in no queue yet. */
void waitqueue_prepare(Goroutine *g, Waiter *w, uint32_t ticket, uint32_t tag, Value value);

/** Put a prepared Waiter behind the others, or before them. */
void waitqueue_push(WaitQueue *q, Waiter *w);
void waitqueue_push_first(WaitQueue *q, Waiter *w);

/** Take `w` out if it is still there. */
void waitqueue_remove(WaitQueue *q, Waiter *w);

/** waitqueue_claim where the queue may have somebody. */
Waiter *waitqueue_claim_any(WaitQueue *q);

/** Take out the oldest who still waits, and claim its wait (I3). NULL: nobody waits. */
static inline Waiter *waitqueue_claim(WaitQueue *q)
{
    return waitqueue_is_empty(q) ? NULL : waitqueue_claim_any(q);
}

/** Take out `w` and claim its wait (I3); false: it waits no more. */
NODISCARD bool waitqueue_claim_one(WaitQueue *q, Waiter *w);

/** Remember a claimed fiber with the result its wait is to have. */
void waitqueue_wake_later(WakeList *list, Fiber *f, Value result);

/** Ready all of them, oldest first. Without locks. */
void waitqueue_wake(Goroutine *g, WakeList *list);

/** Mark the values of those in the queue. */
void waitqueue_mark(const WaitQueue *q, Marker *m);

#endif
