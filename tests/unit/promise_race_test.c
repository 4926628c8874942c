/* SPDX-License-Identifier: MIT */
/* Promises and the pairs of functions that settle them, called by several threads at once. */
#include "tests/unit/race_fixture.h"
#include "vm/object/callable.h"
#include "vm/object/job.h"
#include "vm/object/promise.h"
#include "vm/object/realm.h"

enum { THREADS = 4, PROMISES = 300 };

typedef struct PromiseRace {
    Value promises[PROMISES];
    Value resolve[PROMISES], reject[PROMISES];
    Value reactions;                     // a shared function that counts
    uint32_t settled;                    // atomic: threads that have settled all they will
} PromiseRace;

static uint32_t called;                  // atomic

static Value count_call(Goroutine *g, Args a)
{
    (void)g, (void)a;
    atomic_add_relaxed(&called, 1);
    return VALUE_UNDEFINED;
}

/* What each has registered runs on its own thread, whoever settles the promise; so nobody leaves before all have. */
static void run_jobs(RaceThread *t)
{
    PromiseRace *race = t->context;
    atomic_add_seq_cst(&race->settled, 1);
    safepoint_leave(&t->mutator);
    while (atomic_get_acquire(&race->settled) < THREADS) atomic_pause();
    safepoint_enter(&t->mutator);
    for (Tri more = TRI_TRUE; more != TRI_FALSE; more = job_run_next(t->g)) RACE_EXPECT(t, more == TRI_TRUE);
}

/* Two threads resolve, one rejects, and all of them ask to be told. */
static void settle_and_ask(RaceThread *t)
{
    PromiseRace *race = t->context;
    for (uint32_t i = 0; i < PROMISES; i++) {
        Promise *p = promise_of(race->promises[i]);
        promise_then(t->g, p, race->reactions, race->reactions, NULL);
        Value f = t->index == 3 ? race->reject[i] : race->resolve[i];
        if (t->index) RACE_EXPECT(t, !value_is_thrown(callable_call1(t->g, f, VALUE_UNDEFINED,
                                                                     value_from_int((int32_t)t->index))));
        PromiseState state = promise_state(p);
        int32_t by = state == PROMISE_PENDING ? 0 : value_int(p->result);
        RACE_EXPECT(t, state == PROMISE_PENDING || (by == 3) == (state == PROMISE_REJECTED));
        promise_then(t->g, p, race->reactions, race->reactions, NULL);
        if (i % 100 == 0) heap_collect(t->h);
    }
    run_jobs(t);
}

TEST(promise_settles_once_and_tells_everybody)
{
    static const NativeSpec spec = { .name = "", .function = count_call, .length = 1 };
    Race race;
    PromiseRace p = { 0 };
    race_begin(&race);
    Goroutine *g = vm_main_goroutine(race.vm);
    LocalHeap *h = &g->heap;
    p.reactions = function_new_capturing(h, race.vm->realms, &spec, 0, NULL);
    publish_value(h, p.reactions);
    for (uint32_t i = 0; i < PROMISES; i++) {
        Promise *made = promise_new(g);
        promise_resolving_functions(g, made, &p.resolve[i], &p.reject[i]);
        p.promises[i] = value_from_cell(made);
        publish_value(h, p.promises[i]);
        publish_value(h, p.resolve[i]);
        publish_value(h, p.reject[i]);
    }
    called = 0;
    EXPECT_EQ(0u, race_run(&race, THREADS, settle_and_ask, &p));
    EXPECT_EQ(THREADS * PROMISES * 2u, called);
    race_end(&race);
}
