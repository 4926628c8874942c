/* SPDX-License-Identifier: MIT */
#include "vm/object/job.h"

#include "gc/alloc.h"
#include "gc/barrier.h"
#include "gc/mark.h"
#include "gc/publish.h"
#include "vm/object/error.h"
#include "vm/object/kinds.h"
#include "vm/object/promise.h"
#include "vm/object/weak.h"
#include "vm/sched/inbox.h"

static Job *job_new(Goroutine *g, JobKind kind, Value a, Value b, Value c)
{
    Job *job = alloc_small(&g->heap, ALLOC_ROUND(sizeof *job), CELL_HEADER(0, KIND_JOB, 0));
    job->next = VALUE_NULL;
    job->kind = value_from_int((int32_t)kind);
    job->a = a;
    job->b = b;
    job->c = c;
    return job;
}

static void job_append(Goroutine *g, Job *job)
{
    if (value_is_null(g->job_first)) {
        g->job_first = value_from_cell(job);
    } else {
        Job *last = (Job *)value_cell(g->job_last);
        barrier_store(&g->heap, last, &last->next, value_from_cell(job));
    }
    g->job_last = value_from_cell(job);
}

void job_enqueue(Goroutine *g, JobKind kind, Value a, Value b, Value c)
{
    job_append(g, job_new(g, kind, a, b, c));
}

void job_enqueue_first(Goroutine *g, JobKind kind, Value a, Value b, Value c)
{
    Job *job = job_new(g, kind, a, b, c);
    job->next = g->job_first;
    if (value_is_null(g->job_first)) g->job_last = value_from_cell(job);
    g->job_first = value_from_cell(job);
}

/* ---- between goroutines ------------------------------------------------------------------------------------------ */

void job_send(Goroutine *g, Inbox *home, JobKind kind, Value a, Value b, Value c)
{
    Job *job = job_new(g, kind, a, b, c);
    if (home == g->inbox) {
        job_append(g, job);
        return;
    }
    publish_cell(&g->heap, job);
    inbox_post(g, home, value_from_cell(job));
}

void job_enqueue_reaction(Goroutine *g, const Reaction *reaction, Value argument, bool rejected)
{
    job_send(g, reaction->home, JOB_REACTION, value_from_cell(reaction), argument, value_from_bool(rejected));
}

void job_take_inbox(Goroutine *g)
{
    for (Value v = inbox_take_all(g), next; !value_is_null(v); v = next) {
        Job *job = (Job *)value_cell(v);
        next = job->next;
        job->next = VALUE_NULL;
        job_append(g, job);
    }
}

const Job *job_take(Goroutine *g)
{
    weak_release_kept(g);
    weak_enqueue_cleanups(g);
    if (value_is_null(g->job_first)) return NULL;
    const Job *job = (const Job *)value_cell(g->job_first);
    g->job_first = job->next;
    return job;
}

Value job_run(Goroutine *g, const Job *job)
{
    switch ((JobKind)value_int(job->kind)) {
    case JOB_REACTION: return promise_run_reaction(g, job->a, job->b, value_bool(job->c));
    case JOB_THENABLE: return promise_run_thenable(g, job->a, job->b, job->c);
    default:           return callable_call0(g, job->a, VALUE_UNDEFINED);
    }
}

Tri job_run_next(Goroutine *g)
{
    job_take_inbox(g);
    const Job *job = job_take(g);
    if (!job) return TRI_FALSE;
    return value_is_thrown(job_run(g, job)) ? TRI_THROWN : TRI_TRUE;
}

bool job_is_pending(const Goroutine *g)
{
    return !value_is_null(g->job_first);
}

void job_mark(Goroutine *g, Marker *m)
{
    mark_value(m, g->job_first);
    mark_value(m, g->job_last);
    mark_cell(m, g->inbox);
}

void job_register_kinds(void)
{
    kinds_register(KIND_JOB, &(GcKind){ .name = "JOB", .base_bytes = sizeof(Job) }, NULL);
    kinds_register(KIND_INBOX, &(GcKind){ .name = "INBOX", .base_bytes = sizeof(Inbox), .trace = inbox_trace }, NULL);
}
