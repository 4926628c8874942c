/* SPDX-License-Identifier: MIT */
/* job.h - a goroutine's queue of microtasks (ECMA-262 9.5): promise reactions, thenables, callbacks.
 * I1  Jobs run in the order they were enqueued, each with an empty stack of the language's frames. */
#ifndef US_OBJECT_JOB_H
#define US_OBJECT_JOB_H

#include "vm/object/object.h"

typedef enum JobKind {
    JOB_REACTION,                        // a: reaction, b: argument, c: boolean, rejected
    JOB_THENABLE,                        // a: promise, b: thenable, c: then
    JOB_CALLBACK,                        // a: callable
} JobKind;

typedef struct Job {                     // KIND_JOB
    Cell     cell;
    Value    next;
    Value    kind;                       // int32 JobKind
    Value    a, b, c;
} Job;

void job_enqueue(Goroutine *g, JobKind kind, Value a, Value b, Value c);

/** Run jobs until none is left. A callback's exception stays in `g`, is reported by `report`, and the rest goes on. */
void job_run_all(Goroutine *g, void (*report)(Goroutine *g));

/** Run the oldest job; TRI_FALSE when there is none. */
NODISCARD Tri job_run_next(Goroutine *g);

bool job_is_pending(const Goroutine *g);
void job_mark(Goroutine *g, Marker *m);
void job_register_kinds(void);

#endif
