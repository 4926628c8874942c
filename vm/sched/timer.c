/* SPDX-License-Identifier: MIT */
/* The scheduler's timers: a heap by deadline. An entry is good while the wait it would end goes on, or while its
 * goroutine still asks for that moment; others are dropped when they reach the top. */
#include "vm/sched/timer.h"

#include "gc/mark.h"
#include "vm/base/clock.h"
#include "vm/base/futex.h"
#include "vm/base/mem.h"
#include "vm/sched/sched_int.h"
#include "vm/sched/worker.h"

static bool timer_is_earlier(const SchedTimer *a, const SchedTimer *b)
{
    return a->deadline_ns != b->deadline_ns ? a->deadline_ns < b->deadline_ns : a->order < b->order;
}

static bool timer_is_good(const SchedTimer *t)
{
    if (t->fiber) return atomic_get_acquire(&t->fiber->ticket) == t->ticket;
    return atomic_get_acquire(&t->goroutine->wake_ns) == t->deadline_ns;
}

static void timer_sift_up(SchedTimer *items, uint32_t at, SchedTimer t)
{
    for (; at > 0 && timer_is_earlier(&t, &items[(at - 1) / 2]); at = (at - 1) / 2) items[at] = items[(at - 1) / 2];
    items[at] = t;
}

static void timer_sift_down(SchedTimer *items, uint32_t count, SchedTimer t)
{
    uint32_t at = 0;
    for (uint32_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && timer_is_earlier(&items[child + 1], &items[child])) child++;
        if (!timer_is_earlier(&items[child], &t)) break;
        items[at] = items[child];
    }
    items[at] = t;
}

/* With the lock: drop what is no longer good from the top, and say when the next one is due. */
static void timer_renew_top(Sched *s)
{
    while (s->timers.count && !timer_is_good(&s->timers.items[0])) {
        SchedTimer last = VEC_POP(&s->timers);
        if (s->timers.count) timer_sift_down(s->timers.items, s->timers.count, last);
    }
    int64_t next = s->timers.count ? s->timers.items[0].deadline_ns : CLOCK_NEVER;
    atomic_set_release(&s->next_deadline_ns, next);      // with thread_find's look
}

void timer_forget(Sched *s)
{
    mutex_lock(&s->timers_lock);
    uint32_t count = s->timers.count;
    s->timers.count = 0;
    for (uint32_t i = 0; i < count; i++) {
        SchedTimer t = s->timers.items[i];
        if (timer_is_good(&t)) timer_sift_up(s->timers.items, s->timers.count++, t);
    }
    timer_renew_top(s);
    mutex_unlock(&s->timers_lock);
}

static void timer_add(Sched *s, SchedTimer t)
{
    mutex_lock(&s->timers_lock);
    t.order = ++s->timer_order;
    VEC_PUSH(&s->timers, t);
    timer_sift_up(s->timers.items, s->timers.count - 1, t);
    bool is_first = s->timers.items[0].order == t.order;
    timer_renew_top(s);
    mutex_unlock(&s->timers_lock);
    if (is_first) worker_wake_keeper(s);
}

static SchedTimer timer_pop(Sched *s)
{
    SchedTimer first = s->timers.items[0], last = VEC_POP(&s->timers);
    if (s->timers.count) timer_sift_down(s->timers.items, s->timers.count, last);
    return first;
}

bool timer_any(Sched *s)
{
    mutex_lock(&s->timers_lock);
    timer_renew_top(s);
    bool any = s->timers.count > 0;
    mutex_unlock(&s->timers_lock);
    return any;
}

static void timer_fire(Worker *w, const SchedTimer *t)
{
    if (t->fiber) {
        if (fiber_claim(t->fiber, t->ticket)) sched_ready_on(w, t->fiber, t->result);
        return;
    }
    int64_t expected = t->deadline_ns;
    if (atomic_cas(&t->goroutine->wake_ns, &expected, 0)) sched_notify_on(w, t->goroutine);      // with sched_has_mail
}

bool timer_run_due(Worker *w)
{
    Sched *s = w->sched;
    bool any = false;
    int64_t now_ns = clock_monotonic_ns();
    while (atomic_get_acquire(&s->next_deadline_ns) <= now_ns) {
        mutex_lock(&s->timers_lock);
        timer_renew_top(s);
        bool is_due = s->timers.count && s->timers.items[0].deadline_ns <= now_ns;
        SchedTimer t = { 0 };
        if (is_due) t = timer_pop(s);
        timer_renew_top(s);
        mutex_unlock(&s->timers_lock);
        if (!is_due) break;
        timer_fire(w, &t);
        any = true;
    }
    return any;
}

void timer_wake_fiber_at(Goroutine *g, Fiber *f, uint32_t ticket, int64_t deadline_ns, Value result)
{
    if (deadline_ns == CLOCK_NEVER) return;
    timer_add(sched_of(g->vm), (SchedTimer){ .deadline_ns = deadline_ns, .fiber = f, .ticket = ticket,
        .result = result });
}

void timer_wake_goroutine_at(Goroutine *g, int64_t deadline_ns)
{
    if (atomic_get_relaxed(&g->wake_ns) == deadline_ns) return;
    atomic_set_release(&g->wake_ns, deadline_ns);        // with timer_is_good
    if (deadline_ns != CLOCK_NEVER) timer_add(sched_of(g->vm),
                                              (SchedTimer){ .deadline_ns = deadline_ns, .goroutine = g });
}

void timer_mark(Sched *s, Marker *m)
{
    for (uint32_t i = 0; i < s->timers.count; i++) mark_value(m, s->timers.items[i].result);
}
