/* SPDX-License-Identifier: MIT */
#include "vm/sched/attach.h"

#include "vm/base/clock.h"
#include "vm/base/futex.h"
#include "vm/base/mem.h"
#include "vm/sched/sched_int.h"
#include "vm/sched/stack.h"
#include "vm/sched/sysmon.h"
#include "vm/sched/worker.h"

enum { ATTACH_STOP_NS = 1000 * 1000 };           // between two looks at who still runs

/* ---- coming and going -------------------------------------------------------------------------------------------- */

Goroutine *attach_thread(Vm *vm)
{
    Sched *s = sched_of(vm);
    atomic_add_seq_cst(&s->attached, 1);
    atomic_add_seq_cst(&s->outside, 1);
    SchedThread *t = mem_alloc_zeroed(sizeof *t);
    t->sched = s;
    t->is_attached = true;
    worker_attach(t);
    worker_return(t);
    Goroutine *g = sched_new_on(t->worker);
    sched_put_on(t->worker, g);
    t->own = g;
    atomic_add_seq_cst(&s->outside, (uint32_t)-1);
    if (!atomic_get_relaxed(&s->sysmon_runs)) sysmon_start(s);
    return g;
}

/* As in sched_block, but that the thread does not come back. */
void attach_detach(Goroutine *g)
{
    SchedThread *t = worker_thread();
    Sched *s = t->sched;
    Worker *w = sched_leave_worker(g);
    atomic_set_release(&g->status, GOROUTINE_RUNNABLE);
    sched_push_global(s, g);
    worker_pass_worker(s, w);
    safepoint_leave(&t->mutator);
    safepoint_detach(&t->mutator);
    worker_detach();
    mem_free(t);
    atomic_add_seq_cst(&s->attached, (uint32_t)-1);
}

bool attach_is_own(const Goroutine *g)
{
    return worker_thread()->own == g;
}

uint32_t attach_count(const Vm *vm)
{
    return atomic_get_acquire(&sched_of(vm)->attached);
}

Goroutine *attach_current(void)
{
    const SchedThread *t = worker_thread();
    return t && t->worker && !t->is_finalizing ? atomic_get_relaxed(&t->worker->current) : NULL;
}

bool attach_has_thread(void)
{
    return worker_thread() != NULL;
}

void attach_leave(Goroutine *g)
{
    worker_thread()->away = g;
    sched_leave(g);
}

bool attach_enter(Goroutine *g)
{
    SchedThread *t = worker_thread();
    if (!t || t->away != g) return false;
    t->away = NULL;
    sched_return(g);
    return true;
}

bool attach_set_finalizing(bool is_finalizing)
{
    SchedThread *t = worker_thread();
    if (!t) return false;
    bool was = t->is_finalizing;
    t->is_finalizing = is_finalizing;
    return was;
}

void attach_forget_main(void)
{
    worker_detach();
}

/* ---- waits that nothing can end ---------------------------------------------------------------------------------- */

typedef struct AttachFailing {
    Sched      *sched;
    FiberFinish finish;
    bool        found;
} AttachFailing;

static void attach_fail(const AttachFailing *failing, Fiber *f)
{
    Goroutine *g = f->goroutine;
    uint32_t expected = GOROUTINE_WAITS;
    fiber_fail(f, failing->finish);
    fiber_push_ready(f);
    if (atomic_cas(&g->status, &expected, GOROUTINE_RUNNABLE)) sched_push_global(failing->sched, g);
}

static void attach_fail_of(void *context, Goroutine *g)
{
    AttachFailing *failing = context;
    for (Fiber *f = &g->first_fiber; f; f = f->next) {
        bool is_host = f->is_used && f->pinned && (f->pinned->is_main || f->pinned->is_attached);
        uint32_t ticket = atomic_get_relaxed(&f->ticket);
        if (!is_host || !(ticket & 1) || !fiber_claim(f, ticket)) continue;
        failing->found = true;
        attach_fail(failing, f);
    }
}

bool attach_fail_waits(Vm *vm, FiberFinish finish)
{
    Sched *s = sched_of(vm);
    AttachFailing failing = { .sched = s, .finish = finish };
    mutex_lock(&s->lock);
    atomic_set_release(&s->is_at_rest, false);
    mutex_unlock(&s->lock);
    sched_each(vm, attach_fail_of, &failing);
    worker_wake_another(s);
    return failing.found;
}

/* ---- the end ----------------------------------------------------------------------------------------------------- */

static void attach_look_below(void *context, Goroutine *g)
{
    bool *is_below = context;
    if (g->vm->main != g && g->native_depth) *is_below = true;
    for (const Fiber *f = &g->first_fiber; f; f = f->next)
        if (f->is_used && f->pinned) *is_below = true;
}

static bool attach_any_runs(Sched *s)
{
    bool any = false;
    for (uint32_t i = 0; i < s->worker_count; i++) {
        Goroutine *g = atomic_get_acquire(&s->workers[i].current);
        if (!g || g == s->vm->main) continue;
        atomic_set_relaxed(&g->yield_requested, true);
        stack_request_poll(g);
        any = true;
    }
    return any;
}

/* Away meanwhile: who runs may have to collect before it gives way. */
bool attach_stop_others(Vm *vm)
{
    Sched *s = sched_of(vm);
    bool is_below = false;
    Mutator *m = &worker_thread()->mutator;
    safepoint_insist(m);
    sched_each(vm, attach_look_below, &is_below);
    safepoint_start_world(m);
    if (is_below) return false;
    atomic_set_seq_cst(&s->is_ending, true);
    safepoint_leave(m);
    for (uint32_t tick = 0; attach_any_runs(s);) futex_wait(&tick, 0, clock_monotonic_ns() + ATTACH_STOP_NS);
    safepoint_enter(m);
    return true;
}
