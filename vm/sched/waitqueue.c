/* SPDX-License-Identifier: MIT */
#include "vm/sched/waitqueue.h"

#include "gc/mark.h"
#include "vm/sched/sched.h"

void waitqueue_prepare(Goroutine *g, Waiter *w, uint32_t ticket, uint32_t tag, Value value)
{
    w->next = w->previous = w;
    w->fiber = fiber_current(g);
    w->ticket = ticket;
    w->tag = tag;
    w->value = value;
}

void waitqueue_push(WaitQueue *q, Waiter *w)
{
    ASSERT(w->next == w, "I1");
    w->next = NULL;
    w->previous = q->last;
    if (q->last) q->last->next = w;
    else atomic_set_relaxed(&q->first, w);
    q->last = w;
}

void waitqueue_push_first(WaitQueue *q, Waiter *w)
{
    ASSERT(w->next == w, "I1");
    w->next = q->first;
    w->previous = NULL;
    if (q->first) q->first->previous = w;
    else q->last = w;
    atomic_set_relaxed(&q->first, w);
}

void waitqueue_remove(WaitQueue *q, Waiter *w)
{
    if (w->next == w) return;
    if (w->next) w->next->previous = w->previous;
    else q->last = w->previous;
    if (w->previous) w->previous->next = w->next;
    else atomic_set_relaxed(&q->first, w->next);
    w->next = w->previous = w;
}

bool waitqueue_claim_one(WaitQueue *q, Waiter *w)
{
    waitqueue_remove(q, w);
    if (!fiber_claim(w->fiber, w->ticket)) return false;
    w->fiber->waiter.tag = w->tag;
    return true;
}

Waiter *waitqueue_claim_any(WaitQueue *q)
{
    for (Waiter *w; (w = q->first) != NULL;)
        if (waitqueue_claim_one(q, w)) return w;
    return NULL;
}

/* A claimed fiber's fields are the claimant's (fiber.h I2): its result waits in `result`, and its own waiter
 * is the link. */
void waitqueue_wake_later(WakeList *list, Fiber *f, Value result)
{
    Waiter *link = &f->waiter;
    fiber_set_result(f, result);
    link->fiber = f;
    link->next = NULL;
    if (list->last) list->last->next = link;
    else list->first = link;
    list->last = link;
}

void waitqueue_wake(Goroutine *g, WakeList *list)
{
    for (Waiter *w = list->first; w;) {
        Waiter *next = w->next;
        w->next = w;
        sched_ready(g, w->fiber, w->fiber->result);
        w = next;
    }
    list->first = list->last = NULL;
}

void waitqueue_mark(const WaitQueue *q, Marker *m)
{
    for (const Waiter *w = q->first; w; w = w->next) mark_value(m, w->value);
}
