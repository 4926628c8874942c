/* SPDX-License-Identifier: MIT */
/* thread.h - threads of the operating system: start, end, name. */
#ifndef US_BASE_THREAD_H
#define US_BASE_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "vm/base/attr.h"

enum { THREAD_NAME_BYTES = 16 };     // the kernel's limit, NUL included

/* A started thread; owned by whoever has to join it. */
typedef struct Thread {
    pthread_t handle;
} Thread;

typedef void (*ThreadBody)(void *argument);

/** Start a thread that calls `body(argument)`, on a stack of `stack_bytes` (rounded up; 0: the system's usual
 *  size), under `name` (cut to what the kernel keeps; NULL: its creator's). False when the system refuses;
 *  then `body` is not called. */
NODISCARD bool thread_create(Thread *t, const char *name, size_t stack_bytes,
                             ThreadBody body, void *argument);

/** Wait for the end of a thread. Once for each thread that was started; not on itself. */
void thread_join(Thread *t);

/** Name the calling thread, for debuggers and process listings. */
void thread_set_name(const char *name);
void thread_get_name(char out[THREAD_NAME_BYTES]);

/** The kernel's number of the calling thread. */
int thread_id(void);

#endif
