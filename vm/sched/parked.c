/* SPDX-License-Identifier: MIT */
#include "vm/sched/parked.h"

/* With the lock: the first of them are the settled ones. */
static void parked_set_counts(Sched *s, uint32_t settled)
{
    atomic_set_relaxed(&s->parked_settled, settled);
    atomic_set_relaxed(&s->parked_fresh, s->parked.count - settled);
}

/* Under a seed there is no sysmon, and under stress no waiting for it. */
void parked_note(Sched *s, Goroutine *g)
{
    mutex_lock(&s->lock);
    if (!g->is_noted) {
        g->is_noted = true;
        VEC_PUSH(&s->parked, g);
        parked_set_counts(s, s->options.settles_always ? s->parked.count : s->parked_settled);
    }
    mutex_unlock(&s->lock);
}

bool parked_settle(Sched *s)
{
    if (!atomic_get_relaxed(&s->parked_fresh)) return parked_any(s);
    mutex_lock(&s->lock);
    parked_set_counts(s, s->parked.count);
    mutex_unlock(&s->lock);
    return true;
}

/* With the lock: the latest of the settled ones, in whose place comes the latest of all. */
static Goroutine *parked_take(Sched *s)
{
    uint32_t settled = s->parked_settled;
    if (!settled) return NULL;
    Goroutine *g = s->parked.items[settled - 1];
    s->parked.items[settled - 1] = VEC_POP(&s->parked);
    parked_set_counts(s, settled - 1);
    g->is_noted = false;
    return g;
}

Goroutine *parked_claim(Sched *s)
{
    while (parked_any(s)) {
        uint32_t expected = GOROUTINE_WAITS;
        mutex_lock(&s->lock);
        Goroutine *g = parked_take(s);
        mutex_unlock(&s->lock);
        if (g && atomic_cas(&g->status, &expected, GOROUTINE_RUNNABLE)) return g;
    }
    return NULL;
}
