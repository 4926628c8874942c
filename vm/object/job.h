/* SPDX-License-Identifier: MIT */
/* job.h - a goroutine's queue of microtasks (ECMA-262 9.5): promise reactions, thenables, callbacks.
 * I1  Jobs run in the order they were enqueued, each with an empty stack of the language's frames. */
#ifndef US_OBJECT_JOB_H
#define US_OBJECT_JOB_H

#include "vm/object/object.h"
#include "vm/sched/inbox.h"

typedef enum JobKind {
    JOB_REACTION,                        // a: reaction, b: argument, c: boolean, rejected
    JOB_THENABLE,                        // a: promise, b: thenable, c: then
    JOB_CALLBACK,                        // a: callable
    JOB_CANCEL,                          // a: timer that another goroutine has cancelled
    JOB_REJECTION,                       // a: promise that was rejected elsewhere: does anybody handle it?
} JobKind;

typedef struct Job {                     // KIND_JOB
    Cell     cell;
    Value    next;
    Value    kind;                       // int32 JobKind
    Value    a, b, c;
} Job;

void job_enqueue(Goroutine *g, JobKind kind, Value a, Value b, Value c);
/** Before all that are enqueued (I1): for what ECMA-262 does at once, and we in a job, so that it can wait. */
void job_enqueue_first(Goroutine *g, JobKind kind, Value a, Value b, Value c);

struct Reaction;

/** Enqueue the job of a settled promise's reaction with the goroutine that registered it. */
void job_enqueue_reaction(Goroutine *g, const struct Reaction *reaction, Value argument, bool rejected);

/** Enqueue a job with the goroutine whose inbox `home` is (inbox_of). */
void job_send(Goroutine *g, Inbox *home, JobKind kind, Value a, Value b, Value c);

/** Move what others sent to the end of the queue. */
void job_take_inbox(Goroutine *g);

/** Take the oldest job off the queue; NULL: there is none. */
const Job *job_take(Goroutine *g);

/** Run `job`, which was taken, from C. */
NODISCARD Value job_run(Goroutine *g, const Job *job);

/** Run the oldest job, also of those that others sent; TRI_FALSE when there is none. */
NODISCARD Tri job_run_next(Goroutine *g);

bool job_is_pending(const Goroutine *g);
void job_mark(Goroutine *g, Marker *m);
void job_register_kinds(void);

#endif
