/* SPDX-License-Identifier: MIT */
#include "vm/sched/inbox.h"

#include "gc/alloc.h"
#include "gc/limit.h"
#include "gc/mark.h"
#include "vm/base/pushlist.h"
#include "vm/sched/sched_int.h"

#define INBOX_LINK(job) (((Value *)value_cell(job))[1])

static Inbox *inbox_make(Goroutine *g)
{
    Inbox *inbox = alloc_small(&g->heap, ALLOC_ROUND(sizeof *inbox), CELL_HEADER(0, KIND_INBOX, 0));
    inbox->jobs = VALUE_NULL;
    inbox->goroutine = g;
    inbox->spawn_code = g->spawn_code;
    inbox->id = g->id;
    inbox->most_bytes = g->heap.most_bytes;
    inbox->spawn_pc = g->spawn_pc;
    inbox->unused = 0;
    return g->inbox = inbox;
}

Inbox *inbox_of(Goroutine *g)
{
    return LIKELY(g->inbox != NULL) ? g->inbox : inbox_make(g);
}

/* Another goroutine for an inbox whose own has ended; unless somebody else is as quick. */
static void inbox_revive(Goroutine *g, Inbox *inbox)
{
    Goroutine *fresh = sched_new_on(g->worker), *none = NULL;
    limit_set(&fresh->heap, inbox->most_bytes);
    fresh->id = inbox->id;
    fresh->spawn_code = inbox->spawn_code;
    fresh->spawn_pc = inbox->spawn_pc;
    if (atomic_cas(&inbox->goroutine, &none, fresh)) {
        fresh->inbox = inbox;                            // it does not run before it is started
        sched_start(g, fresh);
    } else {
        sched_discard(g, fresh);
    }
}

void inbox_post(Goroutine *g, Inbox *inbox, Value job)
{
    ASSERT(cell_is_shared(&inbox->cell) && cell_is_shared(value_cell(job)), "I3");
    PUSHLIST_PUSH(&inbox->jobs, job, INBOX_LINK);        // with inbox_take_all
    Goroutine *target = atomic_get_seq_cst(&inbox->goroutine);               // I2
    if (target) sched_notify(g, target);                 // another one's by now: then it is woken for nothing
    else inbox_revive(g, inbox);
}

Value inbox_take_all(Goroutine *g)
{
    if (!inbox_has_jobs(g->inbox)) return VALUE_NULL;
    return PUSHLIST_REVERSE(atomic_swap_acq_rel(&g->inbox->jobs, VALUE_NULL), VALUE_NULL, INBOX_LINK);
}

bool inbox_close(Goroutine *g)
{
    Inbox *inbox = g->inbox;
    Goroutine *none = NULL;
    if (!inbox) return true;
    atomic_set_seq_cst(&inbox->goroutine, NULL);         // I2
    if (inbox_has_jobs(inbox) && atomic_cas(&inbox->goroutine, &none, g)) return false;
    g->inbox = NULL;
    return true;
}

void inbox_trace(Marker *m, Cell *c)
{
    const Inbox *inbox = (const Inbox *)c;
    mark_value(m, atomic_get_dependent(&inbox->jobs));   // with inbox_post
    mark_value(m, inbox->spawn_code);
}
