/* SPDX-License-Identifier: MIT */
/* vm/ultrascript.h from several threads. */
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "tests/unit/test.h"
#include "vm/ultrascript.h"

enum { CROWD = 4, CROWD_ROUNDS = 200 };

/* Threads that do the same; failures are counted, since EXPECT is the main thread's. */
typedef struct Crowd {
    UsVm      *vm;
    UsHandle   handle;
    UsRoots   *roots;
    unsigned   failures;                 // atomic
    unsigned   freed;                    // atomic
    unsigned   attached;                 // atomic
    pthread_t  threads[CROWD];
} Crowd;

#define CROWD_EXPECT(crowd, condition) \
    ((condition) ? (void)0 : (void)__atomic_fetch_add(&(crowd)->failures, 1, __ATOMIC_RELAXED))

static void crowd_start(Crowd *crowd, void *(*body)(void *))
{
    for (int i = 0; i < CROWD; i++) REQUIRE(pthread_create(&crowd->threads[i], NULL, body, crowd) == 0);
}

/* Until each thread has counted itself: one that is not attached yet cannot settle what others wait for. */
static void crowd_await_attached(const Crowd *crowd, UsGoroutine *g)
{
    EXPECT_EQ(US_OK, us_leave(g));
    while (__atomic_load_n(&crowd->attached, __ATOMIC_ACQUIRE) < CROWD) sched_yield();
    EXPECT_EQ(US_OK, us_enter(g));
}

/* The main goroutine is away while it waits. */
static void crowd_join(Crowd *crowd, UsGoroutine *g)
{
    if (g) EXPECT_EQ(US_OK, us_leave(g));
    for (int i = 0; i < CROWD; i++) pthread_join(crowd->threads[i], NULL);
    if (g) EXPECT_EQ(US_OK, us_enter(g));
    EXPECT_EQ(0, crowd->failures);
}

static UsStatus crowd_run(UsGoroutine *g, const char *source, UsValue *v)
{
    return us_evaluate(g, "t.us", source, strlen(source), 0, v);
}

static double crowd_number(UsGoroutine *g, UsValue v)
{
    double d = -1;
    return us_to_number(g, v, &d, NULL) == US_OK ? d : -1;
}

static void crowd_free(void *data)
{
    __atomic_fetch_add(&((Crowd *)data)->freed, 1, __ATOMIC_RELAXED);
}

static void *crowd_use_everything(void *argument)
{
    Crowd *crowd = argument;
    UsGoroutine *g;
    UsValue f, v, o, one = us_number(1);
    UsHandle mine;
    CROWD_EXPECT(crowd, us_attach(crowd->vm, &g) == US_OK);
    CROWD_EXPECT(crowd, us_current() == g);
    CROWD_EXPECT(crowd, us_handle_get(g, crowd->handle, &f) == US_OK);
    for (int i = 0; i < CROWD_ROUNDS; i++) {
        CROWD_EXPECT(crowd, us_call(g, f, us_undefined(), 1, &one, &v) == US_OK && crowd_number(g, v) > 0);
        CROWD_EXPECT(crowd, us_object(g, &o) == US_OK && us_set_finalizer(g, o, crowd_free, crowd) == US_OK);
        CROWD_EXPECT(crowd, us_handle(g, o, &mine) == US_OK && us_handle_free(g, mine) == US_OK);
        CROWD_EXPECT(crowd, us_roots_set(g, crowd->roots, (size_t)i % 8, o) == US_OK);
        CROWD_EXPECT(crowd, us_roots_get(g, crowd->roots, (size_t)(i + 1) % 8, &v) == US_OK);
        if (i % 50 == 0) CROWD_EXPECT(crowd, us_collect(g) == US_OK);
        if (i % 7 == 0) CROWD_EXPECT(crowd, us_leave(g) == US_OK && us_enter(g) == US_OK);
        CROWD_EXPECT(crowd, us_poll(g) == US_OK);
    }
    CROWD_EXPECT(crowd, us_detach(g) == US_OK && us_current() == NULL);
    return NULL;
}

TEST(embed_threads_call_and_allocate_at_once)
{
    UsGoroutine *g;
    UsValue f, v;
    Crowd crowd = { 0 };
    REQUIRE(us_vm_create(&(UsConfig){ .workers = 3 }, &crowd.vm, &g) == US_OK);
    REQUIRE(crowd_run(g, "var n = 0;"
                         "(by) => { const list = [1, 2, 3].map(x => ({ x })); atomic n += by; return list.length }",
                      &f) == US_OK);
    REQUIRE(us_handle(g, f, &crowd.handle) == US_OK && us_roots(g, 8, &crowd.roots) == US_OK);
    crowd_start(&crowd, crowd_use_everything);
    crowd_join(&crowd, g);
    EXPECT_EQ(US_OK, crowd_run(g, "n", &v));
    EXPECT_EQ(CROWD * CROWD_ROUNDS, crowd_number(g, v));
    EXPECT_EQ(US_OK, us_vm_destroy(crowd.vm));
    EXPECT_EQ(CROWD * CROWD_ROUNDS, crowd.freed);
}

static void *crowd_send(void *argument)
{
    Crowd *crowd = argument;
    UsGoroutine *g;
    UsValue f, v;
    CROWD_EXPECT(crowd, us_attach(crowd->vm, &g) == US_OK);
    __atomic_fetch_add(&crowd->attached, 1, __ATOMIC_RELEASE);
    CROWD_EXPECT(crowd, us_handle_get(g, crowd->handle, &f) == US_OK);
    CROWD_EXPECT(crowd, us_call(g, f, us_undefined(), 0, NULL, &v) == US_OK);
    CROWD_EXPECT(crowd, us_detach(g) == US_OK);
    return NULL;
}

TEST(embed_threads_park_in_channels_with_one_worker)
{
    UsGoroutine *g;
    UsValue f, v;
    Crowd crowd = { 0 };
    REQUIRE(us_vm_create(&(UsConfig){ .workers = 1 }, &crowd.vm, &g) == US_OK);
    REQUIRE(crowd_run(g, "var ch = new Channel(); () => { for (let i = 0; i < 20; i++) ch <- i }", &f) == US_OK);
    REQUIRE(us_handle(g, f, &crowd.handle) == US_OK);
    crowd_start(&crowd, crowd_send);
    crowd_await_attached(&crowd, g);
    EXPECT_EQ(US_OK, crowd_run(g, "let sum = 0; for (let i = 0; i < 80; i++) sum += <-ch; sum", &v));
    EXPECT_EQ(760, crowd_number(g, v));
    crowd_join(&crowd, g);
    EXPECT_EQ(US_OK, us_vm_destroy(crowd.vm));
}

/* A host thread stays inside and polls while others collect. */
static void *crowd_poll(void *argument)
{
    Crowd *crowd = argument;
    UsGoroutine *g;
    UsValue v;
    CROWD_EXPECT(crowd, us_attach(crowd->vm, &g) == US_OK);
    CROWD_EXPECT(crowd, us_array(g, 0, NULL, &v) == US_OK && us_set_index(g, v, 0, us_number(4), NULL) == US_OK);
    for (int i = 0; i < 2000; i++) {
        CROWD_EXPECT(crowd, us_poll(g) == US_OK);
        if (i % 400 == 0) CROWD_EXPECT(crowd, us_collect(g) == US_OK);
    }
    CROWD_EXPECT(crowd, us_get_index(g, v, 0, &v) == US_OK && crowd_number(g, v) == 4);
    CROWD_EXPECT(crowd, us_detach(g) == US_OK);
    return NULL;
}

TEST(embed_threads_poll_while_others_collect)
{
    UsGoroutine *g;
    Crowd crowd = { 0 };
    REQUIRE(us_vm_create(&(UsConfig){ .workers = 4 }, &crowd.vm, &g) == US_OK);
    crowd_start(&crowd, crowd_poll);
    EXPECT_EQ(US_OK, us_leave(g));
    UsValue v;
    EXPECT_EQ(US_ERROR_STATE, us_object(g, &v));         // away
    EXPECT_EQ(US_ERROR_STATE, us_leave(g));
    EXPECT_EQ(US_OK, us_enter(g));
    EXPECT_EQ(US_ERROR_STATE, us_enter(g));
    crowd_join(&crowd, g);
    EXPECT_EQ(US_OK, us_vm_destroy(crowd.vm));
}

/* What a thread left undone when it detached is done by others. */
static void *crowd_leave_timer(void *argument)
{
    Crowd *crowd = argument;
    UsGoroutine *g;
    UsValue v;
    CROWD_EXPECT(crowd, us_attach(crowd->vm, &g) == US_OK);
    CROWD_EXPECT(crowd, crowd_run(g, "setTimeout(() => { atomic late++ }, 1);"
                                     "Promise.resolve().then(() => { atomic late++ })", &v) == US_OK);
    CROWD_EXPECT(crowd, us_detach(g) == US_OK);
    return NULL;
}

TEST(embed_detached_goroutine_finishes_its_timers)
{
    UsGoroutine *g;
    UsValue v;
    Crowd crowd = { 0 };
    REQUIRE(us_vm_create(NULL, &crowd.vm, &g) == US_OK);
    REQUIRE(crowd_run(g, "var late = 0", &v) == US_OK);
    crowd_start(&crowd, crowd_leave_timer);
    crowd_join(&crowd, g);
    EXPECT_EQ(US_OK, us_run(g));
    EXPECT_EQ(US_OK, crowd_run(g, "late", &v));
    EXPECT_EQ(2 * CROWD, crowd_number(g, v));
    EXPECT_EQ(US_OK, us_vm_destroy(crowd.vm));
}

static void *crowd_attach_and_wait(void *argument)
{
    Crowd *crowd = argument;
    UsGoroutine *g;
    UsValue v;
    CROWD_EXPECT(crowd, us_attach(crowd->vm, &g) == US_OK);
    __atomic_fetch_add(&crowd->attached, 1, __ATOMIC_RELEASE);
    CROWD_EXPECT(crowd, crowd_run(g, "new Promise(() => {})", &v) == US_OK);
    CROWD_EXPECT(crowd, us_await(g, v, &v) == US_THROWN);            // nobody can settle it
    CROWD_EXPECT(crowd, us_detach(g) == US_OK);
    return NULL;
}

TEST(embed_threads_that_wait_for_nothing_are_told)
{
    UsGoroutine *g;
    Crowd crowd = { 0 };
    REQUIRE(us_vm_create(NULL, &crowd.vm, &g) == US_OK);
    crowd_start(&crowd, crowd_attach_and_wait);
    crowd_await_attached(&crowd, g);
    for (int i = 0; i < 3000 && us_vm_destroy(crowd.vm) != US_OK; i++) {
        struct timespec pause = { 0, 1000 * 1000 };
        EXPECT_EQ(US_OK, us_run(g));
        nanosleep(&pause, NULL);
    }
    crowd_join(&crowd, NULL);
}

/* Every thread a VM of its own, the process's first ones among them. */
static void *crowd_own_vm(void *argument)
{
    Crowd *crowd = argument;
    for (int i = 0; i < 3; i++) {
        UsVm *vm;
        UsGoroutine *g;
        UsValue v;
        CROWD_EXPECT(crowd, us_vm_create(&(UsConfig){ .workers = 2 }, &vm, &g) == US_OK);
        CROWD_EXPECT(crowd, crowd_run(g, "let n = 0; for (let i = 0; i < 1000; i++) n += [i].length; n", &v) == US_OK);
        CROWD_EXPECT(crowd, crowd_number(g, v) == 1000);
        CROWD_EXPECT(crowd, us_vm_destroy(vm) == US_OK);
    }
    return NULL;
}

TEST(embed_threads_have_vms_of_their_own)
{
    Crowd crowd = { 0 };
    crowd_start(&crowd, crowd_own_vm);
    crowd_join(&crowd, NULL);
}

/* ---- a wait that failed ------------------------------------------------------------------------------------------ */

static void *crowd_await_forever(void *argument)
{
    Crowd *crowd = argument;
    UsGoroutine *g;
    UsValue promise, v;
    CROWD_EXPECT(crowd, us_attach(crowd->vm, &g) == US_OK);
    CROWD_EXPECT(crowd, us_handle_get(g, crowd->handle, &promise) == US_OK);
    __atomic_fetch_add(&crowd->attached, 1, __ATOMIC_RELEASE);
    CROWD_EXPECT(crowd, us_await(g, promise, &v) == US_THROWN);
    CROWD_EXPECT(crowd, us_detach(g) == US_OK);
    return NULL;
}

/* Long enough that memory of goroutines that ended is given back. */
static void crowd_rest(UsGoroutine *g)
{
    const struct timespec rest = { .tv_sec = 1 };
    EXPECT_EQ(US_OK, us_leave(g));
    nanosleep(&rest, NULL);
    EXPECT_EQ(US_OK, us_enter(g));
}

TEST(embed_await_that_failed_wakes_nobody_in_its_place)
{
    Crowd crowd = { 0 };
    UsGoroutine *g;
    UsValue v;
    REQUIRE(us_vm_create(&(UsConfig){ .workers = 2 }, &crowd.vm, &g) == US_OK);
    REQUIRE(crowd_run(g, "var settle, woken = 0; function end() {}; for (let i = 0; i < 3000; i++) go end();"
                         "new Promise(r => settle = r)", &v) == US_OK);
    REQUIRE(us_handle(g, v, &crowd.handle) == US_OK);
    EXPECT_EQ(US_OK, us_run(g));
    crowd_start(&crowd, crowd_await_forever);
    crowd_await_attached(&crowd, g);
    (void)us_run(g);
    crowd_join(&crowd, g);
    crowd_rest(g);
    REQUIRE(crowd_run(g, "var gate = new Promise(() => {}); function wait() { await gate; woken++ }"
                         "for (let i = 0; i < 6000; i++) go wait()", &v) == US_OK);
    EXPECT_EQ(US_ERROR_DEADLOCK, us_run(g));
    REQUIRE(crowd_run(g, "settle(5)", &v) == US_OK);
    EXPECT_EQ(US_ERROR_DEADLOCK, us_run(g));
    REQUIRE(crowd_run(g, "woken", &v) == US_OK);
    EXPECT_EQ(0, crowd_number(g, v));
    EXPECT_EQ(US_OK, us_handle_free(g, crowd.handle));
    (void)us_vm_destroy(crowd.vm);
}
