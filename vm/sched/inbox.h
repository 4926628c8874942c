/* SPDX-License-Identifier: MIT */
/* inbox.h - a goroutine's inbox: jobs that other goroutines leave for it. */
#ifndef US_SCHED_INBOX_H
#define US_SCHED_INBOX_H

#include "vm/sched/goroutine.h"

/** Add a shared KIND_JOB cell to the inbox of `target` and notify it. False: it has ended. */
NODISCARD bool inbox_post(Goroutine *g, Goroutine *target, Value job);

/** Take all jobs, oldest first, linked by their second word, or VALUE_NULL. Own goroutine. */
Value inbox_take_all(Goroutine *g);

#endif
