/* SPDX-License-Identifier: MIT */
#include "vm/object/job.h"

#include "gc/alloc.h"
#include "gc/barrier.h"
#include "gc/mark.h"
#include "vm/object/error.h"
#include "vm/object/kinds.h"
#include "vm/object/promise.h"
#include "vm/object/weak.h"

void job_enqueue(Goroutine *g, JobKind kind, Value a, Value b, Value c)
{
    Job *job = alloc_small(&g->heap, ALLOC_ROUND(sizeof *job), CELL_HEADER(0, KIND_JOB, 0));
    job->next = VALUE_NULL;
    job->kind = value_from_int((int32_t)kind);
    job->a = a;
    job->b = b;
    job->c = c;
    if (value_is_null(g->job_first)) {
        g->job_first = value_from_cell(job);
    } else {
        Job *last = (Job *)value_cell(g->job_last);
        barrier_store(&g->heap, last, &last->next, value_from_cell(job));
    }
    g->job_last = value_from_cell(job);
}

static Value job_run(Goroutine *g, const Job *job)
{
    switch ((JobKind)value_int(job->kind)) {
    case JOB_REACTION: return promise_run_reaction(g, job->a, job->b, value_bool(job->c));
    case JOB_THENABLE: return promise_run_thenable(g, job->a, job->b, job->c);
    default:           return callable_call0(g, job->a, VALUE_UNDEFINED);
    }
}

Tri job_run_next(Goroutine *g)
{
    weak_release_kept(g);
    weak_enqueue_cleanups(g);
    if (value_is_null(g->job_first)) return TRI_FALSE;
    const Job *job = (const Job *)value_cell(g->job_first);
    g->job_first = job->next;
    return value_is_thrown(job_run(g, job)) ? TRI_THROWN : TRI_TRUE;
}

void job_run_all(Goroutine *g, void (*report)(Goroutine *g))
{
    for (Tri ran; (ran = job_run_next(g)) != TRI_FALSE;)
        if (ran == TRI_THROWN) report(g);
}

bool job_is_pending(const Goroutine *g)
{
    return !value_is_null(g->job_first);
}

void job_mark(Goroutine *g, Marker *m)
{
    mark_value(m, g->job_first);
    mark_value(m, g->job_last);
}

void job_register_kinds(void)
{
    kinds_register(KIND_JOB, &(GcKind){ .name = "JOB", .base_bytes = sizeof(Job) }, NULL);
}
