/* SPDX-License-Identifier: MIT */
/* Preloaded by scheduler.py: the wall clock leaps ten years ahead and back at every look. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

int clock_gettime(clockid_t clock, struct timespec *now)
{
    enum { TEN_YEARS_SECONDS = 315576000 };
    static int looks;                    // atomic
    typedef int Look(clockid_t, struct timespec *);
    Look *real = (Look *)dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(clock, now);
    if (clock != CLOCK_REALTIME) return result;
    int look = __atomic_fetch_add(&looks, 1, __ATOMIC_RELAXED);
    now->tv_sec += look % 2 ? TEN_YEARS_SECONDS : -TEN_YEARS_SECONDS;
    return result;
}
