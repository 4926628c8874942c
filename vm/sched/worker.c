/* SPDX-License-Identifier: MIT */
/* Threads: how they find goroutines, go idle, hand workers to each other. */
#include "vm/sched/worker.h"

#include "gc/safepoint.h"
#include "vm/base/clock.h"
#include "vm/base/futex.h"
#include "vm/base/mem.h"
#include "vm/base/os.h"
#include "vm/base/panic.h"
#include "vm/sched/inbox.h"
#include "vm/sched/parked.h"
#include "vm/sched/sched_int.h"
#include "vm/sched/sysmon.h"
#include "vm/sched/timer.h"

enum {
    THREAD_STACK_BYTES = 8 << 20,
    THREAD_SEARCHES = 4,                     // looks at all queues before a worker goes idle
    THREAD_PAUSES = 60,                      // between two of them
    THREAD_GLOBAL_EVERY = 61,                // turns after which the queue of all comes first
    THREAD_PASSES_SHIFT = 12,                // 1 << this: most passes (sched_int.h)
    THREAD_LEAST_SHIFT = 7,                  // 1 << this: the fewest that are always worth to be stolen from
    THREAD_BRIEF_NS = 10 * 1000,             // what was stolen and took less has cost more than it gained,
    THREAD_LONG_NS = 200 * 1000,             // and what took more was worth it, however little it was
};

/* ---- sleeping and waking ----------------------------------------------------------------------------------------- */

static void worker_wake(SchedThread *t)
{
    atomic_set_release(&t->baton, 1);        // with worker_doze
    futex_wake(&t->baton, 1);
}

/* Until woken or the deadline. */
static void worker_doze(SchedThread *t, int64_t deadline_ns)
{
    while (!atomic_get_acquire(&t->baton))
        if (!futex_wait(&t->baton, 0, deadline_ns)) break;
}

/* With the lock: `t` is about to sleep without a worker. */
static void worker_spare(Sched *s, SchedThread *t)
{
    t->next = s->spares;
    s->spares = t;
    if (t->is_main) atomic_set_relaxed(&s->main_sleeps, true);
}

/* With the lock: out of the list of spares. */
static void worker_unspare(Sched *s, SchedThread *t)
{
    SchedThread **link = &s->spares;
    while (*link && *link != t) link = &(*link)->next;
    if (*link) *link = t->next;
    if (s->keeper == t) s->keeper = NULL;
    if (t->is_main) atomic_set_relaxed(&s->main_sleeps, false);
}

static void worker_body(void *argument)
{
    SchedThread *t = argument;
    worker_adopt(t);
    worker_run(t);
    safepoint_leave(&t->mutator);
    safepoint_detach(&t->mutator);
    worker_detach();
}

/* A new thread for `w`. */
static void worker_start(Sched *s, Worker *w)
{
    SchedThread *t = mem_alloc_zeroed(sizeof *t);
    t->sched = s;
    t->worker = w;
    w->thread = t;
    mutex_lock(&s->lock);
    t->all_next = s->threads;
    s->threads = t;
    mutex_unlock(&s->lock);
    if (!thread_create(&t->handle, "us-worker", THREAD_STACK_BYTES, worker_body, t))
        panic_out_of_memory("the system refuses another thread");
}

/* Bind `w` to `t`, which sleeps, and wake it. With the lock where `t` was a spare until now: a spare that rises by
 * itself looks, under the lock, whether it has been given a worker. */
static void worker_hand_worker(SchedThread *t, Worker *w)
{
    w->thread = t;
    w->heap.mutator = NULL;
    t->worker = w;
    worker_wake(t);
}

/* With the lock: a thread that sleeps without a worker, or NULL. */
static SchedThread *worker_take_spare(Sched *s)
{
    SchedThread *t = s->spares;
    if (t) worker_unspare(s, t);
    return t;
}

static void worker_give(Sched *s, Worker *w)
{
    mutex_lock(&s->lock);
    SchedThread *t = worker_take_spare(s);
    if (t) worker_hand_worker(t, w);
    mutex_unlock(&s->lock);
    if (!t) worker_start(s, w);
}

/* With the lock: a worker that was idle, or NULL. */
static Worker *worker_take_idle(Sched *s)
{
    Worker *w = s->idle_workers;
    if (!w) return NULL;
    s->idle_workers = w->next;
    atomic_add_seq_cst(&s->idle_count, (uint32_t)-1);
    return w;
}

void worker_wake_another(Sched *s)
{
    if (!atomic_get_seq_cst(&s->idle_count) || atomic_get_seq_cst(&s->searching)) return;
    mutex_lock(&s->lock);
    Worker *w = worker_take_idle(s);
    if (w) {
        atomic_add_seq_cst(&s->searching, 1);
        w->searches = true;
    }
    mutex_unlock(&s->lock);
    if (w) worker_give(s, w);
}

static uint32_t worker_least(const Sched *s)
{
    return UINT32_C(1) << atomic_get_relaxed(&s->least_shift);
}

void worker_wake_for(const Worker *w)
{
    Sched *s = w->sched;
    uint32_t passes = atomic_get_relaxed(&s->passes);
    if (passes && runqueue_ring(&w->queue) < worker_least(s)) atomic_set_relaxed(&s->passes, passes - 1);
    else worker_wake_another(s);
}

void worker_wake_keeper(Sched *s)
{
    mutex_lock(&s->lock);
    bool has_keeper = s->keeper != NULL;
    if (has_keeper) worker_wake(s->keeper);              // while it is one, as in worker_hand_worker
    mutex_unlock(&s->lock);
    if (!has_keeper) worker_wake_another(s);
}

bool worker_wake_main(Sched *s)
{
    mutex_lock(&s->lock);
    atomic_set_release(&s->is_at_rest, true);
    bool sleeps = s->main_sleeps;
    Worker *w = sleeps ? worker_take_idle(s) : NULL;
    bool can_run = w || s->main.worker;                  // once it runs it may be anywhere
    if (w) {
        worker_unspare(s, &s->main);
        worker_hand_worker(&s->main, w);
    }
    mutex_unlock(&s->lock);
    return can_run;
}

/* ---- workers without threads, threads without workers ------------------------------------------------------------ */

/* With the lock, `w` counting as idle. What is not worth to be stolen stays with a worker that runs. */
static bool worker_sees_work(const Sched *s, const Worker *w)
{
    if (atomic_get_seq_cst(&s->global_count) || s->returning || runqueue_count(&w->queue)) return true;
    uint32_t least = s->idle_count == s->worker_count ? 1 : worker_least(s);
    for (uint32_t i = 0; i < s->worker_count; i++)
        if (runqueue_ring(&s->workers[i].queue) >= least) return true;
    return atomic_get_acquire(&s->next_deadline_ns) <= clock_monotonic_ns();
}

/* With the lock: `w` counts as idle from now on (sched_int.h I2). */
static void worker_make_idle(Sched *s, Worker *w)
{
    w->thread = NULL;
    w->next = s->idle_workers;
    s->idle_workers = w;
    atomic_add_seq_cst(&s->idle_count, 1);
}

static void worker_make_busy(Sched *s, Worker *w)
{
    Worker **link = &s->idle_workers;
    while (*link != w) link = &(*link)->next;
    *link = w->next;
    atomic_add_seq_cst(&s->idle_count, (uint32_t)-1);
}

/* With the lock: I3. */
static bool worker_is_last(Sched *s)
{
    return s->idle_count == s->worker_count && !atomic_get_seq_cst(&s->outside) && !timer_any(s);
}

/* The memory of an idle worker's region waits for nobody. */
static void worker_retire_region(SchedThread *t, Worker *w)
{
    w->heap.mutator = NULL;
    t->mutator.local = NULL;
}

void worker_pass_worker(Sched *s, Worker *w)
{
    SchedThread *t = worker_thread();
    worker_retire_region(t, w);
    mutex_lock(&s->lock);
    worker_make_idle(s, w);
    bool wanted = worker_sees_work(s, w) || s->idle_count == s->worker_count;  // who sees to rest and timers
    if (wanted) worker_make_busy(s, w);
    mutex_unlock(&s->lock);
    if (wanted) worker_give(s, w);
}

void worker_await_worker(SchedThread *t)
{
    safepoint_leave(&t->mutator);
    worker_doze(t, CLOCK_NEVER);
    atomic_set_relaxed(&t->baton, 0);
    safepoint_enter(&t->mutator);
    worker_take_up(t);
}

/* With the lock: `t` gets a worker that was idle. False: there is none. */
static bool worker_bind_idle(SchedThread *t)
{
    Worker *w = worker_take_idle(t->sched);
    if (!w) return false;
    t->worker = w;
    w->thread = t;
    return true;
}

/* From outside: take an idle worker, or wait in line for one. */
void worker_return(SchedThread *t)
{
    Sched *s = t->sched;
    mutex_lock(&s->lock);
    bool has_worker = worker_bind_idle(t);
    if (!has_worker) {
        t->next = s->returning;
        atomic_set_seq_cst(&s->returning, t);
    }
    mutex_unlock(&s->lock);
    if (!has_worker) worker_doze(t, CLOCK_NEVER);
    atomic_set_relaxed(&t->baton, 0);
    safepoint_enter(&t->mutator);
    worker_take_up(t);
}

/* The worker of `from`, which runs, goes to `to`, which sleeps. */
static void worker_hand_over(SchedThread *from, SchedThread *to)
{
    Worker *w = from->worker;
    worker_retire_region(from, w);
    from->worker = NULL;
    worker_hand_worker(to, w);
}

/* Somebody came back from outside and found no idle worker: this thread's is theirs. True when it was given away. */
static bool worker_yield_to_returning(SchedThread *t)
{
    Sched *s = t->sched;
    if (!atomic_get_relaxed(&s->returning)) return false;
    mutex_lock(&s->lock);
    SchedThread *first = s->returning;
    if (first) atomic_set_seq_cst(&s->returning, first->next);
    mutex_unlock(&s->lock);
    if (!first) return false;
    worker_hand_over(t, first);
    return true;
}

/* The main thread sleeps though it may return, since no worker was idle: it gets this one. True when it was given. */
static bool worker_yield_to_main(SchedThread *t)
{
    Sched *s = t->sched;
    if (!atomic_get_relaxed(&s->main_sleeps) || !atomic_get_acquire(&s->is_at_rest)) return false;
    mutex_lock(&s->lock);
    bool sleeps = s->main_sleeps;
    if (sleeps) {
        worker_unspare(s, &s->main);
        worker_hand_over(t, &s->main);
    }
    mutex_unlock(&s->lock);
    return sleeps;
}

/* ---- finding work ------------------------------------------------------------------------------------------------ */

static bool worker_is_still(const Worker *w, const Worker *victim)
{
    return victim && w->eyed_turns == atomic_get_relaxed(&victim->turns) && runqueue_count(&victim->queue);
}

static Goroutine *worker_steal_many(Worker *w)
{
    const Sched *s = w->sched;
    w->random = w->random * 1664525u + 1013904223u;
    uint32_t start = (w->random >> 8) % s->worker_count, least = worker_least(s);
    for (uint32_t i = 0; i < s->worker_count; i++) {
        Worker *victim = &w->sched->workers[(start + i) % s->worker_count];
        if (victim == w || runqueue_ring(&victim->queue) < least) continue;
        Goroutine *g = runqueue_steal(&w->queue, &victim->queue, false);
        if (!g) continue;
        w->stolen_ns = clock_monotonic_ns();
        return g;
    }
    return NULL;
}

/* The goroutine that a worker runs next was mostly woken by the one that runs there and is about to wait, as two do
 * that answer each other, and a few with brief turns are soon run; elsewhere they would cost both workers more than
 * that gains. They are taken from a worker that is found in the same turn at a second look. */
static Goroutine *worker_steal_few(Worker *w)
{
    const Sched *s = w->sched;
    if (worker_is_still(w, w->eyed)) {
        w->stolen_ns = clock_monotonic_ns();
        return runqueue_steal(&w->queue, &w->eyed->queue, true);
    }
    w->eyed = NULL;
    uint32_t start = (w->random >> 8) % s->worker_count;
    for (uint32_t i = 0; i < s->worker_count && !w->eyed; i++) {
        Worker *victim = &w->sched->workers[(start + i) % s->worker_count];
        if (victim != w && runqueue_count(&victim->queue)) w->eyed = victim;
    }
    if (w->eyed) w->eyed_turns = atomic_get_relaxed(&w->eyed->turns);
    return NULL;
}

/* One thread, any order: which goroutine is next depends on the seed alone. */
static Goroutine *worker_pick_seeded(Worker *w)
{
    Sched *s = w->sched;
    uint32_t count = runqueue_count(&w->queue);
    if (!count) return sched_take_global(w);
    for (uint64_t skip = random_below(&s->order, count); skip > 0; skip--)
        sched_enqueue(w, runqueue_pop(&w->queue), false);
    return runqueue_pop(&w->queue);
}

static Goroutine *worker_look(Worker *w)
{
    const Sched *s = w->sched;
    int64_t deadline_ns = atomic_get_acquire(&s->next_deadline_ns);
    if (deadline_ns != CLOCK_NEVER && deadline_ns <= clock_monotonic_ns()) timer_run_due(w);
    if (s->options.is_seeded) return worker_pick_seeded(w);
    runqueue_prefetch(&w->queue);
    Goroutine *g = NULL;
    if (w->turns % THREAD_GLOBAL_EVERY == 0) g = sched_take_global(w);
    if (!g) g = runqueue_pop(&w->queue);
    return g ? g : sched_take_global(w);
}

static void worker_set_futile(Sched *s, uint32_t futile)
{
    if (futile > THREAD_PASSES_SHIFT) futile = THREAD_PASSES_SHIFT;
    atomic_set_relaxed(&s->futile, futile);
    atomic_set_relaxed(&s->passes, (UINT32_C(1) << futile) - 1);
}

/* What it stole is done: was it worth it? The more often not, the more there must be in a ring. */
static void worker_learn(Worker *w)
{
    Sched *s = w->sched;
    if (!w->stolen_ns) return;
    int64_t took_ns = clock_monotonic_ns() - w->stolen_ns;
    uint32_t shift = atomic_get_relaxed(&s->least_shift);
    w->stolen_ns = 0;
    if (took_ns > THREAD_LONG_NS) {
        atomic_set_relaxed(&s->least_shift, 0);
        worker_set_futile(s, 0);
    } else if (took_ns < THREAD_BRIEF_NS && shift < THREAD_LEAST_SHIFT) {
        atomic_set_relaxed(&s->least_shift, shift + 1);
    }
}

/* Look at the others' queues for a while; half of the workers at most do so at once. The more searches find nothing,
 * the more rarely another is begun for the few goroutines that a worker runs soon anyway. */
static Goroutine *worker_search(Worker *w)
{
    Sched *s = w->sched;
    if (s->worker_count == 1) return NULL;
    worker_learn(w);
    if (!w->searches) {
        uint32_t busy = s->worker_count - atomic_get_relaxed(&s->idle_count);
        if (2 * atomic_get_relaxed(&s->searching) >= busy) return worker_steal_many(w);
        atomic_add_seq_cst(&s->searching, 1);
        w->searches = true;
    }
    for (int i = 0; i < THREAD_SEARCHES; i++) {
        Goroutine *g = worker_steal_many(w);
        if (!g) g = sched_take_global(w);
        if (!g) g = worker_steal_few(w);
        if (g) return g;
        atomic_pause_for(THREAD_PAUSES);
    }
    if (!parked_any(s)) worker_set_futile(s, atomic_get_relaxed(&s->futile) + 1);
    return NULL;
}

/* Who stops searching because there is work lets somebody else search: there may be more. */
static void worker_stop_search(Worker *w, bool found)
{
    if (!w->searches) return;
    w->searches = false;
    if (atomic_add_seq_cst(&w->sched->searching, (uint32_t)-1) == 1 && found) worker_wake_another(w->sched);
}

/* Woken with a worker, or to look at the timers, or by the clock: without a worker one has to be found. */
static void worker_rise(SchedThread *t)
{
    Sched *s = t->sched;
    mutex_lock(&s->lock);
    atomic_set_relaxed(&t->baton, 0);
    if (!t->worker) worker_unspare(s, t);
    bool has_worker = t->worker || worker_bind_idle(t);
    mutex_unlock(&s->lock);
    safepoint_enter(&t->mutator);
    if (has_worker) worker_take_up(t);
}

/* Nothing to do: sleep without a worker until there is, or the next timer is due. */
static void worker_idle(SchedThread *t)
{
    Sched *s = t->sched;
    Worker *w = t->worker;
    worker_retire_region(t, w);
    mutex_lock(&s->lock);
    worker_make_idle(s, w);
    bool stays = worker_sees_work(s, w) || (s->is_at_rest && (t->is_main || s->main_sleeps));
    bool rests = !stays && worker_is_last(s);
    int64_t deadline_ns = CLOCK_NEVER;
    if (stays || (rests && t->is_main)) {
        if (rests) atomic_set_release(&s->is_at_rest, true);
        worker_make_busy(s, w);
        w->thread = t;
        mutex_unlock(&s->lock);
        worker_take_up(t);
        return;
    }
    t->worker = NULL;
    worker_spare(s, t);
    if (!s->keeper) {
        s->keeper = t;
        deadline_ns = atomic_get_acquire(&s->next_deadline_ns);
    }
    mutex_unlock(&s->lock);
    if (rests) worker_come_to_rest(s);
    safepoint_leave(&t->mutator);
    worker_doze(t, deadline_ns);
    worker_rise(t);
}

/* Workers that are busy look at the timers themselves. */
static void worker_wait_in_line(SchedThread *t)
{
    Sched *s = t->sched;
    mutex_lock(&s->lock);
    bool may_return = t->is_main && s->is_at_rest;       // worker_wake_main came too early to find it
    if (!may_return) worker_spare(s, t);
    mutex_unlock(&s->lock);
    safepoint_leave(&t->mutator);
    if (may_return) {
        worker_return(t);
    } else {
        worker_doze(t, CLOCK_NEVER);
        worker_rise(t);
    }
}

/* ---- running ----------------------------------------------------------------------------------------------------- */

/* The goroutine goes on in C frames of another thread: that one gets the worker. */
static void worker_pass_goroutine(SchedThread *t, Goroutine *g)
{
    SchedThread *to = g->turn->pinned;
    g->turn = g->turn->next_ready;
    sched_put_off(t->worker, g);
    worker_hand_over(t, to);
}

static void worker_after(SchedThread *t, Goroutine *g, SchedNext next)
{
    Worker *w = t->worker;
    Sched *s = w->sched;
    if (next == SCHED_ENDS && !s->options.end(g)) next = SCHED_YIELDS;
    sched_put_off(w, g);
    switch (next) {
    case SCHED_ENDS:
        sched_recycle(w, g);
        return;
    case SCHED_YIELDS:
        atomic_set_release(&g->status, GOROUTINE_RUNNABLE);
        sched_push_global(s, g);
        return;
    default: {
        uint32_t expected = GOROUTINE_WAITS;
        const Inbox *inbox = inbox_if_known(g);          // once it waits it may run elsewhere, and end
        atomic_set_seq_cst(&g->status, GOROUTINE_WAITS);
        bool wakes = sched_has_mail(g, inbox) && atomic_cas(&g->status, &expected, GOROUTINE_RUNNABLE);
        if (wakes) sched_enqueue(w, g, false);
    }
    }
}

/* Who waited is collected first. Then, too, it has its turn: not all that it may be woken for is mail. */
static void worker_run_goroutine(SchedThread *t, Goroutine *g, bool waited)
{
    Sched *s = t->sched;
    atomic_prefetch(g->fp);
    safepoint_poll(&t->mutator);
    sched_put_on(t->worker, g);
    bool refuses = waited && !heap_collect_parked(&g->heap);
    SchedNext next = s->options.run(g);
    bool enough = g == atomic_get_relaxed(&s->main_goroutine) && s->until && s->until(g);
    bool is_due = next == SCHED_WAITS && !refuses && heap_is_due_parked(&g->heap);
    if (next == SCHED_PINNED) worker_pass_goroutine(t, g);
    else worker_after(t, g, next);
    if (is_due) parked_note(s, g);
    if (enough) (void)worker_wake_main(s);
}

/* Nothing to run: collect for one that waits. Nobody does so when the program is over. False: there is none. */
static bool worker_collect_parked(SchedThread *t)
{
    Sched *s = t->sched;
    Goroutine *g = atomic_get_acquire(&s->is_at_rest) ? NULL : parked_claim(s);
    if (g) worker_run_goroutine(t, g, true);
    return g != NULL;
}

/* On the main thread: may sched_drive return? Then the main goroutine is taken out of everybody's hands. */
static bool worker_drive_is_over(const SchedThread *t)
{
    Sched *s = t->sched;
    uint32_t expected = GOROUTINE_WAITS;
    if (!t->is_main || !t->worker || !atomic_get_acquire(&s->is_at_rest)) return false;
    return atomic_cas(&s->main_goroutine->status, &expected, GOROUTINE_RUNNING);
}

void worker_run(SchedThread *t)
{
    Sched *s = t->sched;
    while (!atomic_get_acquire(&s->is_ending) && !worker_drive_is_over(t)) {
        if (!t->worker) {
            worker_wait_in_line(t);
            continue;
        }
        if (worker_yield_to_returning(t) || worker_yield_to_main(t)) continue;
        if (UNLIKELY(s->options.settles_always) && worker_collect_parked(t)) continue;
        Goroutine *g = worker_look(t->worker);
        if (!g) g = worker_search(t->worker);
        worker_stop_search(t->worker, g != NULL);
        if (g) worker_run_goroutine(t, g, false);
        else if (!worker_collect_parked(t)) worker_idle(t);
    }
}

void worker_come_to_rest(Sched *s)
{
    if (!worker_wake_main(s)) s->options.at_deadlock(s->vm);
}

/* Everybody sleeps, without a worker. */
void worker_end_all(Sched *s)
{
    atomic_set_seq_cst(&s->is_ending, true);
    for (SchedThread *t = s->threads, *next; t; t = next) {
        next = t->all_next;
        worker_wake(t);
        thread_join(&t->handle);
        mem_free(t);
    }
    sysmon_end(s);
}
