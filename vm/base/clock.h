/* SPDX-License-Identifier: MIT */
/* clock.h - what time it is. Any thread. */
#ifndef US_BASE_CLOCK_H
#define US_BASE_CLOCK_H

#include <stdint.h>

/* A deadline that never comes. */
#define CLOCK_NEVER INT64_MAX

/** Nanoseconds of a clock that never goes back; for deadlines and durations. Its zero means nothing. */
int64_t clock_monotonic_ns(void);

/** Nanoseconds since 1970-01-01T00:00:00Z, as the system's administrator sees it; may jump. */
int64_t clock_wall_ns(void);

/** Processor time used by the calling thread. */
int64_t clock_thread_cpu_ns(void);

/** Processor time used by all threads of the process. */
int64_t clock_process_cpu_ns(void);

/** `start_ns + duration_ns`, or CLOCK_NEVER instead of an overflow. duration_ns >= 0. */
int64_t clock_deadline(int64_t start_ns, int64_t duration_ns);

#endif
