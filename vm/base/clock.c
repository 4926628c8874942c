/* SPDX-License-Identifier: MIT */
#include "vm/base/clock.h"

#include <time.h>

static int64_t clock_read_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t clock_monotonic_ns(void)
{
    return clock_read_ns(CLOCK_MONOTONIC);
}

int64_t clock_wall_ns(void)
{
    return clock_read_ns(CLOCK_REALTIME);
}

int64_t clock_thread_cpu_ns(void)
{
    return clock_read_ns(CLOCK_THREAD_CPUTIME_ID);
}

int64_t clock_process_cpu_ns(void)
{
    return clock_read_ns(CLOCK_PROCESS_CPUTIME_ID);
}

int64_t clock_deadline(int64_t start_ns, int64_t duration_ns)
{
    int64_t deadline_ns;
    return __builtin_add_overflow(start_ns, duration_ns, &deadline_ns) ? CLOCK_NEVER : deadline_ns;
}
