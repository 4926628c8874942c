/* SPDX-License-Identifier: MIT */
#include "vm/base/futex.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "vm/base/clock.h"

bool futex_wait(const uint32_t *word, uint32_t expected, int64_t deadline_ns)
{
    struct timespec deadline, *limit = NULL;
    if (deadline_ns != CLOCK_NEVER) {
        if (deadline_ns < 0) deadline_ns = 0;
        deadline = (struct timespec){ deadline_ns / 1000000000, deadline_ns % 1000000000 };
        limit = &deadline;
    }
    /* The bitset form alone takes an absolute time, on the monotonic clock unless asked otherwise. */
    long result = syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, expected, limit, NULL,
                          FUTEX_BITSET_MATCH_ANY);
    return result == 0 || errno != ETIMEDOUT;
}

int futex_wake(const uint32_t *word, int count)
{
    long woken = syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
    return woken < 0 ? 0 : (int)woken;
}
