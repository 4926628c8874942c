/* SPDX-License-Identifier: MIT */
#include "tests/unit/test.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vm/base/clock.h"
#include "vm/base/mutex.h"
#include "vm/base/thread.h"

enum { THREADS = 4, ROUNDS = 20000 };

typedef struct Shared {
    Mutex     lock;
    Condition changed;
    uint64_t  count;                 // guarded by lock
    int       turn;                  // guarded by lock
} Shared;

static void count_under_lock(void *argument)
{
    Shared *s = argument;
    for (int i = 0; i < ROUNDS; i++) {
        mutex_lock(&s->lock);
        s->count++;
        mutex_unlock(&s->lock);
    }
}

TEST(mutex_excludes)
{
    Shared s = { .lock = MUTEX_INIT(LOCK_STATS) };
    Thread threads[THREADS];
    for (int i = 0; i < THREADS; i++) EXPECT(thread_create(&threads[i], "counter", 0, count_under_lock, &s));
    for (int i = 0; i < THREADS; i++) thread_join(&threads[i]);
    EXPECT_EQ((uint64_t)THREADS * ROUNDS, s.count);
    EXPECT_EQ(MUTEX_FREE, s.lock.state);
}

TEST(mutex_try_lock_declines_when_taken)
{
    Mutex m = MUTEX_INIT(LOCK_STATS);
    bool  is_taken = mutex_try_lock(&m);
    EXPECT(is_taken);
    EXPECT(!mutex_try_lock(&m));
    mutex_unlock(&m);
    is_taken = mutex_try_lock(&m);
    EXPECT(is_taken);
    mutex_unlock(&m);
}

/* Two threads take turns; every hand-over needs a wake-up. */
static void take_turns(Shared *s, int me)
{
    for (int i = 0; i < ROUNDS / 10; i++) {
        mutex_lock(&s->lock);
        while (s->turn != me) mutex_wait(&s->lock, &s->changed, CLOCK_NEVER);
        s->turn = 1 - me;
        s->count++;
        bool is_early = i & 1;
        if (is_early) mutex_wake_one(&s->changed);
        mutex_unlock(&s->lock);
        if (!is_early) mutex_wake_one(&s->changed);
    }
}

static void take_second_turns(void *argument)
{
    take_turns(argument, 1);
}

TEST(mutex_wake_one_is_never_lost)
{
    Shared s = { .lock = MUTEX_INIT(LOCK_STATS) };
    Thread t;
    EXPECT(thread_create(&t, "second", 0, take_second_turns, &s));
    take_turns(&s, 0);
    thread_join(&t);
    EXPECT_EQ((uint64_t)ROUNDS / 10 * 2, s.count);
}

static void wait_for_start(void *argument)
{
    Shared *s = argument;
    mutex_lock(&s->lock);
    while (!s->turn) mutex_wait(&s->lock, &s->changed, CLOCK_NEVER);
    s->count++;
    mutex_unlock(&s->lock);
}

TEST(mutex_wake_all_wakes_all)
{
    Shared s = { .lock = MUTEX_INIT(LOCK_STATS) };
    Thread threads[THREADS];
    for (int i = 0; i < THREADS; i++) EXPECT(thread_create(&threads[i], "waiter", 0, wait_for_start, &s));
    mutex_lock(&s.lock);
    s.turn = 1;
    mutex_unlock(&s.lock);
    mutex_wake_all(&s.changed);
    for (int i = 0; i < THREADS; i++) thread_join(&threads[i]);
    EXPECT_EQ((uint64_t)THREADS, s.count);
}

TEST(mutex_wait_ends_at_its_deadline_with_the_lock_held)
{
    Shared  s = { .lock = MUTEX_INIT(LOCK_STATS) };
    int64_t deadline_ns = clock_monotonic_ns() + 10000000;
    mutex_lock(&s.lock);
    while (mutex_wait(&s.lock, &s.changed, deadline_ns)) {}
    EXPECT(clock_monotonic_ns() >= deadline_ns);
    ASSERT_HELD(&s.lock);
    mutex_unlock(&s.lock);
    EXPECT_EQ(0u, s.changed.waiters);
}

#ifdef US_CHECKED
/* Does `body` end a process with a message that has both parts in it? */
static bool panics_with(void (*body)(void), const char *part, const char *other)
{
    int  ends[2], status = 0;
    char text[2048];
    if (pipe(ends) != 0) return false;
    pid_t child = fork();
    if (child == 0) {
        signal(SIGABRT, SIG_DFL);
        dup2(ends[1], STDERR_FILENO);
        body();
        _exit(0);
    }
    close(ends[1]);
    size_t  count = 0;
    ssize_t got;
    while ((got = read(ends[0], text + count, sizeof text - 1 - count)) > 0) count += (size_t)got;
    text[count] = '\0';
    close(ends[0]);
    waitpid(child, &status, 0);
    return !(WIFEXITED(status) && WEXITSTATUS(status) == 0) && strstr(text, part) && strstr(text, other);
}

static void take_in_wrong_order(void)
{
    Mutex outer = MUTEX_INIT(LOCK_CHAN), inner = MUTEX_INIT(LOCK_HEAP_BLOCKS);
    mutex_lock(&inner);
    mutex_lock(&outer);
}

static void take_same_rank_downwards(void)
{
    Mutex first, second;
    mutex_init(&first, LOCK_CHAN, 1);
    mutex_init(&second, LOCK_CHAN, 2);
    mutex_lock(&second);
    mutex_lock(&first);
}

static void take_twice(void)
{
    Mutex m = MUTEX_INIT(LOCK_CHAN);
    mutex_lock(&m);
    mutex_lock(&m);
}

static void take_two_without_ids(void)
{
    Mutex first = MUTEX_INIT(LOCK_CHAN), second = MUTEX_INIT(LOCK_CHAN);
    mutex_lock(&first);
    mutex_lock(&second);
}

static void release_what_is_not_held(void)
{
    Mutex m = MUTEX_INIT(LOCK_CHAN);
    mutex_unlock(&m);
}

static void assert_held_without_lock(void)
{
    Mutex m = MUTEX_INIT(LOCK_CHAN);
    ASSERT_HELD(&m);
}

static void assert_no_locks_under_lock(void)
{
    Mutex m = MUTEX_INIT(LOCK_HEAP_BLOCKS);
    mutex_lock(&m);
    ASSERT_NO_LOCKS_FROM(LOCK_CHAN);
}

TEST(mutex_checks_stop_what_breaks_the_order)
{
    EXPECT(panics_with(take_in_wrong_order, "taking CHAN", "holding HEAP_BLOCKS"));
    EXPECT(panics_with(take_same_rank_downwards, "taking CHAN", "holding CHAN"));
    EXPECT(panics_with(take_two_without_ids, "taking CHAN", "holding CHAN"));
    EXPECT(panics_with(take_twice, "CHAN", "twice"));
    EXPECT(panics_with(release_what_is_not_held, "releasing", "does not hold"));
    EXPECT(panics_with(assert_held_without_lock, "mutex_test.c", "holds the lock"));
    EXPECT(panics_with(assert_no_locks_under_lock, "mutex_test.c", "locked here"));
}

TEST(mutex_checks_allow_ascending_ids_and_any_order_of_release)
{
    Mutex first, second, deep = MUTEX_INIT(LOCK_STATS);
    mutex_init(&first, LOCK_CHAN, 1);
    mutex_init(&second, LOCK_CHAN, 2);
    mutex_lock(&first);
    mutex_lock(&second);
    mutex_lock(&deep);
    EXPECT(!mutex_check_none_from(LOCK_CHAN));
    mutex_unlock(&first);
    ASSERT_HELD(&second);
    mutex_unlock(&deep);
    EXPECT(mutex_check_none_from(LOCK_POLL));
    EXPECT(mutex_try_lock(&first));                          // out of order, but without waiting
    mutex_unlock(&second);
    mutex_unlock(&first);
    EXPECT(mutex_check_none_from(LOCK_SCHED));
}

TEST(mutex_checks_cover_locks_of_other_kinds)
{
    uint64_t header = 0;
    mutex_check_take(&header, LOCK_MONITOR, 0, true);
    ASSERT_HELD(&header);
    mutex_check_release(&header);
    EXPECT(!mutex_check_is_held(&header));
}
#endif
