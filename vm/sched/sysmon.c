/* SPDX-License-Identifier: MIT */
#include "vm/sched/sysmon.h"

#include "vm/base/clock.h"
#include "vm/base/futex.h"
#include "vm/base/panic.h"
#include "vm/sched/parked.h"
#include "vm/sched/stack.h"
#include "vm/sched/worker.h"

enum {
    SYSMON_SLICE_NS = 10 * 1000 * 1000,
    SYSMON_QUIET_NS = 100 * 1000 * 1000,    // so long is nothing to run before memory is given back
};

/* Who has waited for a while may be collected, unless the program is over. */
static void sysmon_settle(Sched *s)
{
    if (parked_settle(s) && !atomic_get_acquire(&s->is_at_rest)) worker_wake_another(s);
}

/* Who has run since the last look without a turn ending is to give way, and what waits behind one who runs may go
 * elsewhere. True when some worker was busy. */
static bool sysmon_look(Sched *s)
{
    bool any = false;
    for (uint32_t i = 0; i < s->worker_count; i++) {
        Worker *w = &s->workers[i];
        Goroutine *g = atomic_get_acquire(&w->current);
        uint32_t turns = atomic_get_relaxed(&w->turns);
        any |= g != NULL;
        if (g && turns == w->seen_turns) {
            atomic_set_relaxed(&g->yield_requested, true);
            stack_request_poll(g);
        }
        if (g && runqueue_count(&w->queue)) worker_wake_another(s);
        w->seen_turns = turns;
    }
    sysmon_settle(s);
    return any;
}

static void sysmon_body(void *argument)
{
    Sched *s = argument;
    while (!atomic_get_acquire(&s->is_ending)) {
        futex_wait(&s->sysmon_tick, 0, clock_monotonic_ns() + SYSMON_SLICE_NS);
        if (sysmon_look(s)) continue;
        atomic_set_seq_cst(&s->sysmon_sleeps, 1);
        if (!futex_wait(&s->sysmon_sleeps, 1, clock_monotonic_ns() + SYSMON_QUIET_NS)) {
            sysmon_settle(s);
            sched_trim(s);
        }
        while (atomic_get_seq_cst(&s->sysmon_sleeps) && !atomic_get_acquire(&s->is_ending))
            futex_wait(&s->sysmon_sleeps, 1, CLOCK_NEVER);
    }
}

void sysmon_start(Sched *s)
{
    mutex_lock(&s->lock);
    bool starts = !s->sysmon_runs && !s->options.is_seeded;
    atomic_set_relaxed(&s->sysmon_runs, true);
    s->has_sysmon |= starts;
    mutex_unlock(&s->lock);
    if (starts && !thread_create(&s->sysmon, "us-sysmon", 0, sysmon_body, s))
        panic_out_of_memory("the system refuses a thread");
}

void sysmon_end(Sched *s)
{
    if (!s->has_sysmon) return;
    atomic_set_seq_cst(&s->sysmon_sleeps, 0);
    futex_wake(&s->sysmon_sleeps, 1);
    thread_join(&s->sysmon);
}
