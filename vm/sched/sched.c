/* SPDX-License-Identifier: MIT */
/* Goroutines: made, queued, woken, blocked, used again. Threads are in worker.c, timers in timer.c. */
#include "vm/sched/sched.h"

#include "gc/limit.h"
#include "gc/mark.h"
#include "gc/safepoint.h"
#include "vm/base/clock.h"
#include "vm/base/futex.h"
#include "vm/base/mem.h"
#include "vm/base/os.h"
#include "vm/base/panic.h"
#include "vm/sched/inbox.h"
#include "vm/sched/poller.h"
#include "vm/sched/sched_int.h"
#include "vm/sched/stack.h"
#include "vm/sched/sysmon.h"
#include "vm/sched/timer.h"
#include "vm/sched/worker.h"

enum {
    SCHED_GLOBAL_FIRST = 1024,               // places in the queue of all to begin with; a power of two
    SCHED_IDS = 64,                          // numbers of goroutines that a worker takes at once
    SCHED_SEEDED_TURN = 16,                  // polls, on average, until a goroutine gives way under a seed
};

/* ---- goroutines -------------------------------------------------------------------------------------------------- */

static uint64_t sched_next_id(Worker *w)
{
    if (w->last_id % SCHED_IDS == 0) w->last_id = atomic_add_relaxed(&w->sched->last_id, SCHED_IDS);
    return ++w->last_id;
}

static void sched_fill(Worker *w, Goroutine *g)
{
    const SchedOptions *options = &w->sched->options;
    g->id = sched_next_id(w);
    limit_set(&g->heap, 0);
    if (options->is_seeded) random_seed(&g->random, options->seed ^ g->id << 32);
    if (UNLIKELY(g->vm->polls_always)) stack_request_poll(g);
    atomic_set_release(&g->status, GOROUTINE_RUNNABLE);  // with sched_each
    atomic_set_release(&w->begun, w->begun + 1);         // with sched_count
}

Goroutine *sched_new_on(Worker *w)
{
    Goroutine *fresh = pool_take(&w->sched->pool, &w->pool);
    sched_fill(w, fresh);
    return fresh;
}

Goroutine *sched_new(Goroutine *g)
{
    Goroutine *fresh = sched_new_on(g->worker);
    limit_set(&fresh->heap, g->heap.most_bytes);
    return fresh;
}

void sched_start(Goroutine *g, Goroutine *fresh)
{
    Sched *s = g->worker->sched;
    sched_enqueue(g->worker, fresh, false);
    if (!atomic_get_relaxed(&s->sysmon_runs)) sysmon_start(s);
    worker_wake_for(g->worker);
}

void sched_recycle(Worker *w, Goroutine *g)
{
    if (!inbox_close(g)) {
        atomic_set_release(&g->status, GOROUTINE_RUNNABLE);
        sched_enqueue(w, g, false);
        return;
    }
    heap_local_end(&g->heap, w->heap.mutator);
    atomic_set_release(&g->status, GOROUTINE_FREE);      // with sched_each
    atomic_set_release(&w->ended, w->ended + 1);         // with sched_count
    pool_give(&w->sched->pool, &w->pool, g);
}

void sched_discard(Goroutine *g, Goroutine *fresh)
{
    sched_recycle(g->worker, fresh);
}

/* Whose end is counted has been counted when it began: what lives between the two loops is not missed. */
uint64_t sched_count(const Vm *vm)
{
    const Sched *s = sched_of(vm);
    uint64_t begun = 0, ended = 0;
    for (uint32_t i = 0; i < s->worker_count; i++) ended += atomic_get_acquire(&s->workers[i].ended);
    for (uint32_t i = 0; i < s->worker_count; i++) begun += atomic_get_acquire(&s->workers[i].begun);
    return begun - ended;
}

uint32_t sched_parts(const Vm *vm)
{
    return sched_of(vm)->pool.slabs.count;
}

void sched_each_in(const Vm *vm, uint32_t part, void (*visit)(void *context, Goroutine *g), void *context)
{
    pool_each_in(&sched_of(vm)->pool, part, visit, context);
}

void sched_each(const Vm *vm, void (*visit)(void *context, Goroutine *g), void *context)
{
    for (uint32_t part = 0; part < sched_parts(vm); part++) sched_each_in(vm, part, visit, context);
}

/* ---- on and off a thread ----------------------------------------------------------------------------------------- */

void sched_put_on(Worker *w, Goroutine *g)
{
    heap_local_move(&g->heap, &w->heap);
    g->worker = w;
    g->native_limit = w->thread->native_limit;
    g->native_depth = 0;
    g->marked_in = 0;
    atomic_set_relaxed(&g->status, GOROUTINE_RUNNING);
    atomic_set_release(&w->current, g);                  // with sched_interrupt
    atomic_set_relaxed(&w->turns, w->turns + 1);
    Sched *s = w->sched;
    if (UNLIKELY(atomic_get_relaxed(&s->sysmon_sleeps))
        && atomic_swap_acq_rel(&s->sysmon_sleeps, 0)) futex_wake(&s->sysmon_sleeps, 1);
}

void sched_put_off(Worker *w, Goroutine *g)
{
    atomic_set_release(&w->current, NULL);
    g->worker = NULL;
    heap_local_move(&w->heap, &g->heap);
}

/* ---- queues ------------------------------------------------------------------------------------------------------ */

/* With the lock: twice the room, what is there at its beginning. */
static void sched_grow_global(Sched *s)
{
    uint32_t capacity = s->global_capacity ? 2 * s->global_capacity : SCHED_GLOBAL_FIRST;
    Goroutine **items = mem_alloc(capacity * sizeof *items);
    for (uint32_t i = 0; i < s->global_count; i++) items[i] = s->global[(s->global_start + i) % s->global_capacity];
    mem_free(s->global);
    s->global = items;
    s->global_capacity = capacity;
    s->global_start = 0;
}

static void sched_push_batch(Sched *s, Goroutine **batch, uint32_t count)
{
    mutex_lock(&s->lock);
    while (s->global_count + count > s->global_capacity) sched_grow_global(s);
    for (uint32_t i = 0; i < count; i++)
        s->global[(s->global_start + s->global_count + i) % s->global_capacity] = batch[i];
    atomic_set_seq_cst(&s->global_count, s->global_count + count);
    mutex_unlock(&s->lock);
}

void sched_push_global(Sched *s, Goroutine *g)
{
    sched_push_batch(s, &g, 1);
}

/* The older half of the ring, which is full, and `g` go where all workers find them. False: there is room after all. */
static bool sched_push_half(Worker *w, Goroutine *g)
{
    Goroutine *batch[RUNQUEUE_HALF + 1];
    if (!runqueue_shed(&w->queue, batch)) return false;
    batch[RUNQUEUE_HALF] = g;
    sched_push_batch(w->sched, batch, RUNQUEUE_HALF + 1);
    return true;
}

static Goroutine *sched_pop_global(Sched *s)
{
    if (!s->global_count) return NULL;
    Goroutine *g = s->global[s->global_start];
    s->global_start = (s->global_start + 1) % s->global_capacity;
    atomic_set_seq_cst(&s->global_count, s->global_count - 1);
    return g;
}

Goroutine *sched_take_global(Worker *w)
{
    Sched *s = w->sched;
    if (!atomic_get_relaxed(&s->global_count)) return NULL;
    mutex_lock(&s->lock);
    Goroutine *first = sched_pop_global(s);
    uint32_t share = s->global_count / s->worker_count;
    if (share > RUNQUEUE_HALF) share = RUNQUEUE_HALF;
    for (uint32_t i = 0; i < share && runqueue_has_room(&w->queue); i++) {
        Goroutine *g = sched_pop_global(s);              // out of this list before a thief can see it in the ring
        if (!g) break;
        bool pushed = runqueue_push(&w->queue, g);
        CHECK(pushed, "only its owner fills a ring");
    }
    mutex_unlock(&s->lock);
    return first;
}

void sched_enqueue(Worker *w, Goroutine *g, bool next)
{
    if (next && !w->sched->options.is_seeded) g = runqueue_push_next(&w->queue, g);
    while (g && !runqueue_push(&w->queue, g))
        if (sched_push_half(w, g)) return;
}

/* ---- waking ------------------------------------------------------------------------------------------------------ */

/* The target's look at its mail after it has set WAITS and this look at its status after the mail was put there are
 * both sequentially consistent, so one of them sees the other's store (goroutine.h I4). */
void sched_notify_on(Worker *w, Goroutine *target)
{
    uint32_t expected = GOROUTINE_WAITS;
    if (atomic_get_seq_cst(&target->status) != GOROUTINE_WAITS) return;
    if (!atomic_cas(&target->status, &expected, GOROUTINE_RUNNABLE)) return;
    runqueue_prefetch_one(target);
    sched_enqueue(w, target, true);
    worker_wake_for(w);
}

void sched_notify(Goroutine *g, Goroutine *target)
{
    sched_notify_on(g->worker, target);
}

void sched_nudge(Goroutine *target)
{
    Sched *s = sched_of(target->vm);
    uint32_t expected = GOROUTINE_WAITS;
    if (!atomic_cas(&target->status, &expected, GOROUTINE_RUNNABLE)) return;
    sched_push_global(s, target);
    worker_wake_another(s);
}

void sched_ready_on(Worker *w, Fiber *f, Value result)
{
    Goroutine *target = f->goroutine;
    fiber_set_result(f, result);
    fiber_push_ready(f);                                 // from here on it may run, end and be another task's
    sched_notify_on(w, target);
}

void sched_ready(Goroutine *g, Fiber *f, Value result)
{
    sched_ready_on(g->worker, f, result);
}

bool sched_has_mail(const Goroutine *g, const Inbox *inbox)
{
    return atomic_get_seq_cst(&g->ready) != NULL || inbox_has_jobs(inbox) || !atomic_get_seq_cst(&g->wake_ns);
}

/* ---- blocking with C frames on the stack ------------------------------------------------------------------------- */

Worker *sched_leave_worker(Goroutine *g)
{
    Worker *w = g->worker;
    sched_put_off(w, g);
    w->thread->worker = NULL;
    w->thread = NULL;
    return w;
}

Value sched_block(Goroutine *g)
{
    SchedThread *t = worker_thread();
    Fiber *f = g->fiber;
    uint32_t depth = g->native_depth;
    Value v;
    do {
        f->pinned = t;
        g->parked_fibers++;
        fiber_unload(g);
        fiber_load_fresh(g);
        Worker *w = sched_leave_worker(g);
        atomic_set_release(&g->status, GOROUTINE_RUNNABLE);
        sched_push_global(w->sched, g);                  // for its other tasks, and to find this wait over
        worker_pass_worker(w->sched, w);
        worker_await_worker(t);
        sched_put_on(t->worker, g);
        g->native_depth = depth;
        if (g->fiber->is_parked) fiber_unload(g);        // another task waits, too
        else fiber_drop(g);
        fiber_load(g, f);
        g->parked_fibers--;
        f->pinned = NULL;
    } while (value_is_parked(v = fiber_take_result(g)));
    return v;
}

Value sched_give_way(Goroutine *g)
{
    uint32_t ticket = fiber_begin_wait(g, WAIT_YIELD, VALUE_UNDEFINED, NULL);
    bool claimed = fiber_claim(g->fiber, ticket);
    CHECK(claimed, "nobody knows of this wait");
    atomic_set_relaxed(&g->yield_requested, true);
    sched_ready(g, g->fiber, VALUE_UNDEFINED);
    return VALUE_PARKED;
}

bool sched_should_yield(Goroutine *g)
{
    const SchedOptions *options = &g->worker->sched->options;
    if (UNLIKELY(options->is_seeded || options->yields_always)) {
        if (options->yields_always) return true;
        return random_below(&g->worker->sched->order, SCHED_SEEDED_TURN) == 0;
    }
    if (!atomic_get_relaxed(&g->yield_requested)) return false;
    atomic_set_relaxed(&g->yield_requested, false);
    return true;
}

void sched_leave(Goroutine *g)
{
    SchedThread *t = worker_thread();
    atomic_add_seq_cst(&t->sched->outside, 1);
    worker_pass_worker(t->sched, sched_leave_worker(g));
    safepoint_leave(&t->mutator);
}

void sched_return(Goroutine *g)
{
    SchedThread *t = worker_thread();
    uint32_t depth = g->native_depth;
    worker_return(t);
    sched_put_on(t->worker, g);
    g->native_depth = depth;
    atomic_add_seq_cst(&t->worker->sched->outside, (uint32_t)-1);
}

/* ---- quiet ------------------------------------------------------------------------------------------------------- */

void sched_trim(Sched *s)
{
    mutex_lock(&s->lock);
    if (s->idle_count == s->worker_count) {
        timer_forget(s);
        for (uint32_t i = 0; i < s->worker_count; i++) pool_give_all(&s->pool, &s->workers[i].pool);
        if (pool_batches(&s->pool) > 1) pool_trim(&s->pool);
    }
    mutex_unlock(&s->lock);
}

/* ---- collector --------------------------------------------------------------------------------------------------- */

void sched_interrupt(Vm *vm)
{
    Sched *s = sched_of(vm);
    for (uint32_t i = 0; i < s->worker_count; i++) {
        Goroutine *g = atomic_get_acquire(&s->workers[i].current);
        if (g) stack_request_poll(g);
    }
}

void sched_mark(Vm *vm, Marker *m)
{
    timer_mark(sched_of(vm), m);
}

/* ---- life -------------------------------------------------------------------------------------------------------- */

static void sched_init_worker(Sched *s, Worker *w, uint32_t id)
{
    w->id = id;
    w->sched = s;
    w->random = id * 2654435761u + 1;
    heap_local_init(&w->heap, s->vm->heap);
    w->heap.vm = s->vm;
}

static size_t sched_workers_bytes(const Sched *s)
{
    size_t size_bytes = s->worker_count * sizeof *s->workers, page_bytes = os_page_bytes();
    return (size_bytes + page_bytes - 1) / page_bytes * page_bytes;
}

/* All workers but the main thread's are idle at first: threads start when there is work for them. */
static Sched *sched_make_all(Vm *vm, const SchedOptions *options)
{
    Sched *s = vm->sched = mem_alloc_zeroed(sizeof *s);
    s->vm = vm;
    s->options = *options;
    s->worker_count = options->is_seeded ? 1 : options->worker_count;
    s->next_deadline_ns = CLOCK_NEVER;
    random_seed(&s->order, options->seed);
    mutex_init(&s->lock, LOCK_SCHED, 0);
    mutex_init(&s->timers_lock, LOCK_TIMERS, 0);
    pool_init(&s->pool, vm, options->stack_max_bytes);
    s->workers = os_reserve(sched_workers_bytes(s), os_page_bytes());
    if (!s->workers || !os_commit(s->workers, sched_workers_bytes(s))) panic_out_of_memory("workers");
    for (uint32_t i = s->worker_count; i-- > 0;) {
        sched_init_worker(s, &s->workers[i], i);
        if (i == 0) break;
        s->workers[i].next = s->idle_workers;
        s->idle_workers = &s->workers[i];
        s->idle_count++;
    }
    return s;
}

Goroutine *sched_create(Vm *vm, const SchedOptions *options)
{
    Sched *s = sched_make_all(vm, options);
    SchedThread *t = &s->main;
    t->sched = s;
    t->is_main = true;
    t->worker = &s->workers[0];
    t->worker->thread = t;
    worker_adopt(t);
    Goroutine *g = pool_take(&s->pool, &t->worker->pool);
    sched_fill(t->worker, g);
    sched_put_on(t->worker, g);
    return g;
}

void sched_drive(Goroutine *g, bool (*until)(Goroutine *g))
{
    SchedThread *t = worker_thread();
    Sched *s = t->worker->sched;
    mutex_lock(&s->lock);
    s->until = until;
    atomic_set_relaxed(&s->main_goroutine, g);
    atomic_set_release(&s->is_at_rest, false);
    mutex_unlock(&s->lock);
    sched_put_off(t->worker, g);
    atomic_set_release(&g->status, GOROUTINE_RUNNABLE);
    sched_enqueue(t->worker, g, true);
    worker_run(t);                                       // leaves the goroutine in nobody's hands
    sched_put_on(t->worker, g);
}

void sched_end(Goroutine *g)
{
    Sched *s = g->worker->sched;
    poller_end(s);
    worker_end_all(s);
    poller_destroy(s->poller);
}

void sched_destroy(Vm *vm)
{
    Sched *s = sched_of(vm);
    if (worker_thread() == &s->main) worker_detach();
    pool_destroy(&s->pool);
    VEC_FREE(&s->timers);
    VEC_FREE(&s->parked);
    mem_free(s->global);
    os_release(s->workers, sched_workers_bytes(s));
    mem_free(s);
    vm->sched = NULL;
}
