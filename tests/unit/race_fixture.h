/* SPDX-License-Identifier: MIT */
/* race_fixture.h - several threads of the system, each with a goroutine of its own, on one VM at once: for the tests of
 * what goroutines share. They all run one body; nobody starts before all are there.
 *
 *     Race race;
 *     race_begin(&race);
 *     race_run(&race, 4, body, &context);
 *     race_end(&race);
 *
 * Stacks are scanned, so a reference is safe in a C variable of a body, or of the test that waits for it. */
#ifndef US_TESTS_UNIT_RACE_FIXTURE_H
#define US_TESTS_UNIT_RACE_FIXTURE_H

#include "gc/heap.h"
#include "gc/publish.h"
#include "gc/safepoint.h"
#include "tests/unit/test.h"
#include "vm/base/debug.h"
#include "vm/base/limbs.h"
#include "vm/base/mem.h"
#include "vm/base/os.h"
#include "vm/base/thread.h"
#include "vm/sched/stack.h"
#include "vm/value/vmstate.h"
#include "vm/vm.h"

enum { RACE_MOST_THREADS = 8, RACE_STACK_RESERVE_BYTES = 64 << 10 };

typedef struct RaceThread RaceThread;
typedef void (*RaceBody)(RaceThread *t);

typedef struct Race {
    VmOptions options;
    Vm       *vm;
    uint32_t  count;                     // of threads in this run
    uint32_t  ready;                     // atomic: threads that have come to the start
} Race;

struct RaceThread {
    Race      *race;
    uint32_t   index;
    RaceBody   body;
    void      *context;
    Goroutine *g;
    LocalHeap *h;
    Mutator    mutator;
    Thread     thread;
    uint32_t   failures;                 // what the body found wrong
};

static inline void race_begin(Race *race)
{
    debug_init();
    limbs_init();
    *race = (Race){ 0 };
    race->vm = vm_create(&race->options);
    REQUIRE(race->vm);
}

static inline void race_end(Race *race)
{
    vm_destroy(race->vm);
}

static inline LocalHeap *race_heap(Race *race)
{
    return &vm_main_goroutine(race->vm)->heap;
}

static inline void race_attach(RaceThread *t, void *base)
{
    OsStack stack;
    Vm *vm = t->race->vm;
    t->h = &t->g->heap;
    heap_local_init(t->h, vm->heap);
    t->h->vm = t->g->vm = vm;
    t->g->exception = VALUE_HOLE;
    t->g->job_first = t->g->job_last = VALUE_NULL;
    t->g->kept = VALUE_UNDEFINED;
    stack_create(t->g, VM_STACK_LIMIT_BYTES);
    REQUIRE(os_stack_bounds(&stack));
    t->g->native_limit = stack.lowest + RACE_STACK_RESERVE_BYTES;
    safepoint_attach(&t->mutator, vm->heap, base);
    safepoint_enter(&t->mutator);
    t->mutator.local = t->h;
    t->h->mutator = &t->mutator;
}

static inline void race_detach(RaceThread *t)
{
    heap_local_deinit(t->h);
    safepoint_leave(&t->mutator);
    safepoint_detach(&t->mutator);
    stack_destroy(t->g);
}

static inline void race_wait_for_all(RaceThread *t)
{
    Race *race = t->race;
    atomic_add_seq_cst(&race->ready, 1);
    while (atomic_get_acquire(&race->ready) < race->count) atomic_pause();
}

static inline void race_thread(void *argument)
{
    RaceThread *t = argument;
    race_wait_for_all(t);
    race_attach(t, __builtin_frame_address(0));
    t->body(t);
    race_detach(t);
}

/* Run `body` on `count` threads; the number of failures they counted. */
static inline uint32_t race_run(Race *race, uint32_t count, RaceBody body, void *context)
{
    RaceThread threads[RACE_MOST_THREADS] = { 0 };
    // here, so that what their fields refer to is found, and that they outlive all threads (goroutine.h I5)
    Goroutine goroutines[RACE_MOST_THREADS] = { 0 };
    uint32_t failures = 0;
    race->count = count;
    race->ready = 0;
    for (uint32_t i = 0; i < count; i++) {
        threads[i] = (RaceThread){ .race = race, .index = i, .body = body, .context = context,
                                    .g = &goroutines[i] };
        REQUIRE(thread_create(&threads[i].thread, "race", 0, race_thread, &threads[i]));
    }
    Mutator *mutator = vm_main_goroutine(race->vm)->heap.mutator;
    safepoint_leave(mutator);
    for (uint32_t i = 0; i < count; i++) thread_join(&threads[i].thread);
    safepoint_enter(mutator);
    for (uint32_t i = 0; i < count; i++) failures += threads[i].failures;
    return failures;
}

/* Count a failure unless `condition` holds; on any thread. */
#define RACE_EXPECT(t, condition) ((condition) ? (void)0 : (void)(t)->failures++)

#endif
