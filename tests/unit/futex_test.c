/* SPDX-License-Identifier: MIT */
#include "tests/unit/test.h"

#include "vm/base/atomic.h"
#include "vm/base/clock.h"
#include "vm/base/futex.h"
#include "vm/base/thread.h"

TEST(futex_wait_returns_at_once_when_the_word_has_changed)
{
    uint32_t word = 1;
    EXPECT(futex_wait(&word, 0, CLOCK_NEVER));
}

TEST(futex_wait_ends_at_its_deadline)
{
    uint32_t word = 0;
    int64_t  start_ns = clock_monotonic_ns(), wait_ns = 20000000;
    while (futex_wait(&word, 0, start_ns + wait_ns)) {}
    int64_t took_ns = clock_monotonic_ns() - start_ns;
    EXPECT(took_ns >= wait_ns && took_ns < wait_ns * 100);
    EXPECT(!futex_wait(&word, 0, -5));                       // long past
}

static void wake_later(void *argument)
{
    uint32_t *word = argument;
    atomic_set_release(word, 1);                             // pairs with the load in the test
    futex_wake(word, 1);
}

TEST(futex_wake_ends_a_wait)
{
    uint32_t word = 0;
    Thread   t;
    EXPECT(thread_create(&t, "waker", 0, wake_later, &word));
    while (atomic_get_acquire(&word) == 0) futex_wait(&word, 0, CLOCK_NEVER);
    thread_join(&t);
    EXPECT_EQ(0, futex_wake(&word, 1));
}
