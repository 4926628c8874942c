/* SPDX-License-Identifier: MIT */
/* Which SchedThread the calling thread is. */
#include "gc/safepoint.h"
#include "vm/base/altstack.h"
#include "vm/base/os.h"
#include "vm/base/panic.h"
#include "vm/sched/worker.h"

enum { THREAD_NATIVE_RESERVE_BYTES = 256 << 10 };        // of the C stack, kept for code that is not asked

static __thread SchedThread *worker_thread_here;

SchedThread *worker_thread(void)
{
    return worker_thread_here;
}

/* The thread has a worker again, or another one. */
void worker_take_up(SchedThread *t)
{
    Worker *w = t->worker;
    w->heap.mutator = &t->mutator;
    t->mutator.local = &w->heap;
}

void worker_attach(SchedThread *t)
{
    OsStack stack;
    worker_thread_here = t;
    t->altstack = altstack_enter();
    CHECK(os_stack_bounds(&stack), "the system says where the stack is");
    t->native_limit = stack.lowest + THREAD_NATIVE_RESERVE_BYTES;
    safepoint_attach(&t->mutator, t->sched->vm->heap, stack.highest);
}

void worker_detach(void)
{
    if (worker_thread_here) altstack_leave(&worker_thread_here->altstack);
    worker_thread_here = NULL;
}

void worker_adopt(SchedThread *t)
{
    worker_attach(t);
    safepoint_enter(&t->mutator);
    worker_take_up(t);
}
