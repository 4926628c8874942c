/* SPDX-License-Identifier: MIT */
/* A goroutine's inbox: jobs that others put there, linked by their second word, latest first. Anybody pushes, one
 * takes all.
 *
 * A goroutine may end while somebody posts to it. Who posts pushes, then looks whether the goroutine has ended; who
 * ends sets the status, then looks for jobs: one of them sees the other, and takes the jobs back by one swap. */
#include "vm/sched/inbox.h"

#include "vm/base/pushlist.h"
#include "vm/sched/sched_int.h"

#define INBOX_LINK(job) (((Value *)value_cell(job))[1])

static void inbox_push(Goroutine *target, Value job)
{
    PUSHLIST_PUSH(&target->inbox, job, INBOX_LINK);      // with inbox_swap
}

static Value inbox_swap(Goroutine *g)
{
    return atomic_swap_acq_rel(&g->inbox, VALUE_NULL);
}

Value inbox_take_all(Goroutine *g)
{
    if (value_is_null(atomic_get_relaxed(&g->inbox))) return VALUE_NULL;
    return PUSHLIST_REVERSE(inbox_swap(g), VALUE_NULL, INBOX_LINK);
}

/* What is taken back from one that has ended goes to the caller's own inbox, but for the job itself. */
static bool inbox_take_back(Goroutine *g, Goroutine *target, Value job)
{
    bool found = false;
    for (Value v = inbox_swap(target), next; !value_is_null(v); v = next) {
        next = INBOX_LINK(v);
        if (v == job) found = true;
        else inbox_push(g, v);
    }
    if (found) INBOX_LINK(job) = VALUE_NULL;
    return found;
}

bool inbox_post(Goroutine *g, Goroutine *target, Value job)
{
    if (atomic_get_seq_cst(&target->status) == GOROUTINE_FREE) return false;
    inbox_push(target, job);
    if (atomic_get_seq_cst(&target->status) == GOROUTINE_FREE) return !inbox_take_back(g, target, job);
    sched_notify(g, target);
    return true;
}
