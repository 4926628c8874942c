/* SPDX-License-Identifier: MIT */
#include "tests/unit/test.h"

#include <time.h>

#include "vm/base/clock.h"

TEST(clock_monotonic_never_goes_back)
{
    int64_t last_ns = clock_monotonic_ns();
    for (int i = 0; i < 1000; i++) {
        int64_t now_ns = clock_monotonic_ns();
        EXPECT(now_ns >= last_ns);
        last_ns = now_ns;
    }
}

TEST(clock_wall_agrees_with_the_c_library)
{
    int64_t seconds = (int64_t)time(NULL), now_ns = clock_wall_ns();
    EXPECT(now_ns / 1000000000 - seconds <= 1 && now_ns / 1000000000 - seconds >= -1);
}

TEST(clock_thread_cpu_grows_with_work_only)
{
    int64_t start_ns = clock_thread_cpu_ns();
    for (volatile int i = 0; i < 1000000;) i = i + 1;
    EXPECT(clock_thread_cpu_ns() > start_ns);
}

TEST(clock_deadline_ends_in_never)
{
    EXPECT_EQ(15, clock_deadline(10, 5));
    EXPECT_EQ(CLOCK_NEVER, clock_deadline(10, CLOCK_NEVER));
}
