/* SPDX-License-Identifier: MIT */
#include "vm/loop.h"

#include <stdio.h>
#include <stdlib.h>

#include "gc/publish.h"
#include "lib/inspect.h"
#include "lib/process.h"
#include "vm/base/clock.h"
#include "vm/deadlock.h"
#include "vm/exec/coroutine.h"
#include "vm/exec/interp.h"
#include "vm/exec/invoke.h"
#include "vm/object/error.h"
#include "vm/object/job.h"
#include "vm/object/promise.h"
#include "vm/object/realm.h"
#include "vm/object/task.h"
#include "vm/options.h"
#include "vm/report.h"
#include "vm/sched/inbox.h"
#include "vm/sched/timer.h"
#include "vm/vm.h"

/* A timer of the program's own code that is due within this is due in the first round, so that setTimeout(f, 0) comes
 * before setImmediate whatever the clock says. */
enum { LOOP_FIRST_ROUND_MS = 1, LOOP_LOOK_MS = 20 };

/* ---- what nobody caught ------------------------------------------------------------------------------------------ */

static Value loop_text(Goroutine *g, const char *ascii)
{
    return value_from_cell(intern_text(&g->heap, ascii));
}

_Noreturn void loop_exit(Goroutine *g, int code)
{
    lib_process_set_exit_code(g, code);
    if (!lib_process_end(g)) {
        report_exception(g);
        exit(EXIT_UNCAUGHT);
    }
    exit(lib_process_exit_code(g));
}

/* Does not return where an exception that nobody catches ends the program. */
static void loop_tell_exception(Goroutine *g, Value e, const char *origin)
{
    Value arguments[] = { e, loop_text(g, origin) };
    Tri told = lib_process_emit(g, "uncaughtException", COUNT_OF(arguments), arguments);
    if (told == TRI_TRUE) return;
    if (told == TRI_THROWN) e = error_take(g);
    const VmHost *host = g->vm->options->host;
    if (host) {
        host->uncaught(host, g, e);
        return;
    }
    report_uncaught(g, e);
    if (!g->vm->options->is_interactive) loop_exit(g, EXIT_UNCAUGHT);
}

void loop_catch(Goroutine *g)
{
    loop_tell_exception(g, error_take(g), "uncaughtException");
}

/* What is thrown for a reason that is no error. */
static Value loop_rejection_error(Goroutine *g, Value reason)
{
    InspectOptions options = INSPECT_DEFAULTS;
    Value shown = lib_inspect(g, reason, &options);
    if (value_is_thrown(shown)) return error_take(g);
    error_throw(g, ERROR_PLAIN, "This error originated either by throwing inside of an async function without a catch block, or by "
                "rejecting a promise which was not handled with .catch(). The promise rejected with the reason \"%S\".", string_of(shown));
    Value e = error_take(g);
    object_define(&g->heap, object_of(e), vm_atom(g->vm, ATOM_name), loop_text(g, "UnhandledPromiseRejection"),
                  PROPERTY_METHOD);
    object_define(&g->heap, object_of(e), intern_key_text(&g->heap, "code"), loop_text(g, "ERR_UNHANDLED_REJECTION"),
                  PROPERTY_DEFAULT);
    return e;
}

static void loop_tell_rejection(Goroutine *g, Value promise)
{
    if (g->vm->options->is_test262) return;              // its hosts do not track rejections
    const Promise *p = promise_of(promise);
    if (promise_is_handled(p)) return;
    Value arguments[] = { p->result, promise };
    Tri told = lib_process_emit(g, "unhandledRejection", COUNT_OF(arguments), arguments);
    if (told == TRI_TRUE) return;
    if (told == TRI_THROWN) {
        loop_catch(g);
        return;
    }
    Value e = value_is_kind(p->result, KIND_ERROR) ? p->result : loop_rejection_error(g, p->result);
    loop_tell_exception(g, e, "unhandledRejection");
}

/* ---- tasks on fibers --------------------------------------------------------------------------------------------- */

/* The task of the loaded fiber begins: one whose frames wait makes room. */
static Fiber *loop_begin_task(Goroutine *g, FiberAfter after, Value a)
{
    if (g->fiber->is_parked) {
        fiber_unload(g);
        fiber_load_fresh(g);
    }
    g->fiber->after = (uint8_t)after;
    g->fiber->after_a = a;
    return g->fiber;
}

/* The goroutine's own function has returned or thrown. */
static void loop_end_entry(Goroutine *g, Value promise, Value v)
{
    bool rejected = value_is_thrown(v);
    if (value_is_undefined(promise)) {
        if (rejected) loop_catch(g);
        return;
    }
    if (rejected) promise_reject(g, promise_of(promise), error_take(g));
    else promise_resolve(g, promise_of(promise), v);
}

static void loop_end_program(Goroutine *g, Value v)
{
    LoopProgram *program = g->vm->program;
    program->is_done = true;
    if (value_is_thrown(v)) loop_catch(g);
    else if (program->done) program->done(g, v);
}

static void loop_end_timer(Goroutine *g, Value timer, Value v)
{
    Task *t = task_of(timer);
    if ((t->flags & TASK_REPEATS) && !task_is_active(t)) task_schedule(g, t, task_queue(g)->start_ms);
    if (value_is_thrown(v)) loop_catch(g);
}

/* It waits for its turn only. One that waits for something may go on at the same instruction, too. */
static bool loop_gave_way(const Fiber *f)
{
    return f && f->resumes_at && f->wait_kind == WAIT_NONE;
}

/* What the task's frames came to: a result, an exception, or a wait. */
static void loop_end_task(Goroutine *g, Value v)
{
    Fiber *f = g->fiber;
    if (value_is_parked(v)) {
        f->is_parked = true;
        g->parked_fibers++;
        if (!loop_gave_way(f)) return;
        f->next_ready = g->turn;                         // it gave way: before all others
        g->turn = f;
        return;
    }
    Value a = f->after_a;
    FiberAfter after = (FiberAfter)f->after;
    f->after_a = VALUE_UNDEFINED;
    f->after = AFTER_NOTHING;
    switch (after) {
    case AFTER_ENTRY:     loop_end_entry(g, a, v); break;
    case AFTER_PROGRAM:   loop_end_program(g, v); break;
    case AFTER_TIMER:     loop_end_timer(g, a, v); break;
    case AFTER_REACTION:  if (value_is_thrown(promise_end_reaction(g, a, v))) loop_catch(g); break;
    case AFTER_COROUTINE: if (value_is_thrown(v)) promise_reject(g, promise_of(a), error_take(g)); break;
    default:              if (value_is_thrown(v)) loop_catch(g);
    }
}

/* Call `f` on the loaded fiber, which has no frames. */
static Value loop_call(Goroutine *g, Value f, Value self, uint32_t count, const Value *arguments)
{
    if (!value_is_kind(f, KIND_FUNCTION)) return callable_call(g, f, self, count, arguments);
    if (!invoke_push_frame(g, function_of(f), self, count, arguments, VALUE_UNDEFINED)) return VALUE_THROWN;
    return interp_run(g, function_of(f)->code->code);
}

static void loop_call_list(Goroutine *g, Value f, Value self, Value arguments)
{
    const ValueList *list = value_is_undefined(arguments) ? NULL : (const ValueList *)value_cell(arguments);
    loop_end_task(g, loop_call(g, f, self, list ? list->count : 0, list ? list->items : NULL));
}

/* ---- microtasks -------------------------------------------------------------------------------------------------- */

/* A reaction whose handler can wait without holding the thread. */
static bool loop_run_reaction(Goroutine *g, const Job *job)
{
    const Reaction *r = (const Reaction *)value_cell(job->a);
    bool rejected = value_bool(job->c);
    Value handler = rejected ? r->on_rejected : r->on_fulfilled;
    if (value_is_kind(handler, KIND_FUNCTION)) {
        loop_begin_task(g, AFTER_REACTION, job->a);
        loop_end_task(g, loop_call(g, handler, VALUE_UNDEFINED, 1, &job->b));
        return true;
    }
    if (!value_is_kind(handler, KIND_COROUTINE) || !coroutine_is_function(handler)) return false;
    loop_begin_task(g, AFTER_COROUTINE, coroutine_owner(handler));
    loop_end_task(g, coroutine_continue_function(g, handler, rejected, job->b));
    return true;
}

static void loop_run_job(Goroutine *g, const Job *job)
{
    JobKind kind = (JobKind)value_int(job->kind);
    if (kind == JOB_REACTION && loop_run_reaction(g, job)) return;
    loop_begin_task(g, AFTER_NOTHING, VALUE_UNDEFINED);
    if (kind == JOB_CALLBACK) loop_call_list(g, job->a, VALUE_UNDEFINED, VALUE_UNDEFINED);
    else if (kind == JOB_CANCEL) task_take_out(g, task_of(job->a));
    else if (kind == JOB_REJECTION) task_add_late_rejection(g, job->a);
    else loop_end_task(g, job_run(g, job));
}

static bool loop_run_tick(Goroutine *g)
{
    Value f, arguments;
    if (!task_take_tick(g, &f, &arguments)) return false;
    loop_begin_task(g, AFTER_NOTHING, VALUE_UNDEFINED);
    loop_call_list(g, f, VALUE_UNDEFINED, arguments);
    return true;
}

/* All ticks, then all jobs, and again. */
static bool loop_run_micro(Goroutine *g)
{
    job_take_inbox(g);
    if (!g->in_jobs && loop_run_tick(g)) return true;
    const Job *job = job_take(g);
    g->in_jobs = job != NULL;
    if (!job) return loop_run_tick(g);
    loop_run_job(g, job);
    return true;
}

/* ---- fibers, timers, immediates ---------------------------------------------------------------------------------- */

static bool loop_collect_ready(Goroutine *g)
{
    Fiber *ready = fiber_take_ready(g), **end = &g->turn;
    while (*end) end = &(*end)->next_ready;
    *end = ready;
    return g->turn != NULL;
}

/* The first fiber of those whose turn has come goes on; it is no thread's. */
static void loop_resume(Goroutine *g)
{
    Fiber *f = g->turn;
    g->turn = f->next_ready;
    if (g->fiber != f) {
        if (g->fiber->is_parked) fiber_unload(g);
        else fiber_drop(g);
        fiber_load(g, f);
    }
    f->is_parked = false;
    g->parked_fibers--;
    loop_end_task(g, interp_resume(g));
}

static void loop_run_task(Goroutine *g, Task *t)
{
    task_queue(g)->start_ms = task_now_ms();
    loop_begin_task(g, AFTER_TIMER, value_from_cell(t));
    loop_call_list(g, t->callback, value_from_cell(t), t->arguments);
}

/* Timers that were there when the round began, then the immediates that wait by then; true when one ran. A round
 * begins when there is something to do in it. */
static bool loop_run_round(Goroutine *g)
{
    TaskQueue *q = g->tasks;
    if (!q) return false;
    if (!q->in_round) {
        if (!q->immediates && !q->place_count) return false;     // no look at the clock
        if (!q->immediates && task_deadline_ms(q) > task_now_ms() + q->ahead_ms) return false;
        q->in_round = true;
        q->round_ms = task_now_ms() + q->ahead_ms;
        q->round_order = q->last_order;
        q->ahead_ms = 0;
    }
    Task *t = q->round_immediates ? NULL : task_take_due(g, q->round_ms, q->round_order);
    if (t) {
        loop_run_task(g, t);
        return true;
    }
    if (!q->round_immediates) {
        q->round_immediates = task_take_immediates(g);
        q->round_done = 0;
    }
    while (q->round_immediates && q->round_done < q->round_immediates->count) {
        t = task_of(q->round_immediates->items[q->round_done++]);
        if (!task_take_immediate(g, t)) continue;
        loop_run_task(g, t);
        return true;
    }
    q->round_immediates = NULL;
    q->in_round = false;
    return task_deadline_ms(q) <= task_now_ms() || q->immediates;
}

/* The goroutine's function is called from here unless its frame was laid by who spawned it. */
static bool loop_run_entry(Goroutine *g)
{
    if (value_is_undefined(g->entry)) return false;
    const ValueList *entry = (const ValueList *)value_cell(g->entry);
    g->entry = VALUE_UNDEFINED;
    loop_end_task(g, loop_call(g, entry->items[0], entry->items[1], entry->count - 2, entry->items + 2));
    return true;
}

/* ---- the loop ---------------------------------------------------------------------------------------------------- */

/* Is there anything but fibers, timers and immediates to see to? In most turns of most goroutines there is not. */
static bool loop_has_chores(const Goroutine *g)
{
    bool has_jobs = g->in_jobs || !value_is_null(g->job_first) || inbox_has_jobs(g->inbox);
    return has_jobs || !value_is_undefined(g->entry) || !value_is_undefined(g->kept)
        || atomic_get_relaxed(&g->vm->cleanup_is_due) || (g->tasks && (g->tasks->ticks || g->tasks->rejected));
}

static bool loop_run_one(Goroutine *g)
{
    if (loop_run_entry(g) || loop_run_micro(g)) return true;
    Value promise = task_take_rejection(g);
    if (promise != VALUE_HOLE) {
        loop_begin_task(g, AFTER_NOTHING, VALUE_UNDEFINED);
        loop_tell_rejection(g, promise);
        return true;
    }
    return false;
}

static bool loop_has_work(Goroutine *g)
{
    return g == g->vm->main || g->parked_fibers || task_is_alive(g) || job_is_pending(g);
}

/* When the scheduler has to wake it. A timer that does not keep the program running may yet be what somebody waits
 * for: a fiber here, or another goroutine, and whether one is left is looked at again from time to time. */
static void loop_set_wake(Goroutine *g)
{
    const TaskQueue *q = g->tasks;
    int64_t at_ms = q && q->place_count ? task_deadline_ms(q) : INT64_MAX;
    if (at_ms != INT64_MAX && !q->refs && !g->parked_fibers) {
        int64_t look_ms = task_now_ms() + LOOP_LOOK_MS;
        at_ms = sched_count(g->vm) == 1 ? INT64_MAX : at_ms < look_ms ? at_ms : look_ms;
    }
    timer_wake_goroutine_at(g, at_ms < INT64_MAX / 1000000 ? at_ms * 1000000 : CLOCK_NEVER);
}

/* The fiber that holds the goroutine is ready, since it only gave way: make it the first of those whose turn has come. */
static SchedNext loop_go_on_with_holder(Goroutine *g)
{
    Fiber *f = g->holds, **link = &g->turn;
    loop_collect_ready(g);
    while (*link != f) link = &(*link)->next_ready;
    *link = f->next_ready;
    f->next_ready = g->turn;
    g->turn = f;
    g->holds = NULL;
    return SCHED_PINNED;
}

SchedNext loop_run(Goroutine *g)
{
    if (g->holds) return loop_go_on_with_holder(g);
    for (;;) {
        bool gave_way = loop_gave_way(g->turn);
        if (!gave_way && loop_has_chores(g) && loop_run_one(g)) {
        } else if (gave_way || loop_collect_ready(g)) {
            if (g->turn->pinned) return SCHED_PINNED;
            loop_resume(g);
        } else if (!loop_run_round(g)) {
            break;
        }
        if (loop_gave_way(g->turn) || sched_should_yield(g)) return SCHED_YIELDS;
    }
    loop_set_wake(g);
    return loop_has_work(g) ? SCHED_WAITS : SCHED_ENDS;
}

bool loop_end(Goroutine *g)
{
    task_destroy(g);
    g->kept = VALUE_UNDEFINED;
    return true;
}

/* ---- the program ------------------------------------------------------------------------------------------------- */

void loop_set_program(Goroutine *g, Value f, Value self, uint32_t count, const Value *arguments,
                      void (*done)(Goroutine *g, Value v))
{
    ValueList *entry = list_new(&g->heap, count + 2);
    list_push(&g->heap, &entry, f);
    list_push(&g->heap, &entry, self);
    for (uint32_t i = 0; i < count; i++) list_push(&g->heap, &entry, arguments[i]);
    g->entry = value_from_cell(entry);
    loop_begin_task(g, AFTER_PROGRAM, VALUE_UNDEFINED);
    g->vm->program->done = done;
    g->vm->program->is_done = false;
}

/* All there is to do, and what 'beforeExit' adds to it. */
static void loop_run_all(Goroutine *g)
{
    for (;;) {
        sched_drive(g, NULL);
        if (task_tell_late_rejections(g)) continue;
        if (deadlock_report(g->vm)) loop_exit(g, EXIT_DEADLOCK);
        Value code = value_from_int(lib_process_exit_code(g));
        if (lib_process_emit(g, "beforeExit", 1, &code) == TRI_THROWN) loop_catch(g);
        if (!job_is_pending(g) && !task_is_alive(g) && sched_count(g->vm) == 1) return;
    }
}

int loop_finish_program(Goroutine *g, bool failed, bool is_module)
{
    if (failed) loop_catch(g);
    g->in_jobs = is_module;
    task_queue(g)->ahead_ms = LOOP_FIRST_ROUND_MS;
    loop_run_all(g);
    if (lib_process_end(g)) return lib_process_exit_code(g);
    report_exception(g);
    return EXIT_UNCAUGHT;
}

void loop_deadlock(Vm *vm)
{
    if (!deadlock_report(vm)) return;                    // the main thread is about to see that all is done
    fflush(stdout);
    _Exit(EXIT_DEADLOCK);
}

/* ---- for a REPL -------------------------------------------------------------------------------------------------- */

void loop_interrupt(Vm *vm)
{
    atomic_set_release(&vm->program->is_interrupted, true);        // with loop_is_uninterrupted and loop_line_is_done
    sched_interrupt(vm);
    sched_nudge(vm->main);
}

bool loop_is_uninterrupted(Goroutine *g)
{
    LoopProgram *p = g->vm->program;
    if (g != g->vm->main || !atomic_get_relaxed(&p->is_interrupted)) return true;
    atomic_set_relaxed(&p->is_interrupted, false);
    return error_throw_bool(g, ERROR_PLAIN, "Script execution was interrupted by `SIGINT`");
}

static bool loop_line_is_done(Goroutine *g)
{
    return g->vm->program->is_done || atomic_get_acquire(&g->vm->program->is_interrupted);
}

bool loop_run_line(Goroutine *g, Value f, Value self, void (*done)(Goroutine *g, Value v))
{
    loop_set_program(g, f, self, 0, NULL, done);
    atomic_set_relaxed(&g->vm->program->is_interrupted, false);
    sched_drive(g, loop_line_is_done);
    return g->vm->program->is_done;
}

static bool loop_is_idle(Goroutine *g)
{
    return !job_is_pending(g);
}

static bool loop_is_settled(Goroutine *g)
{
    const LoopProgram *p = g->vm->program;
    return promise_state(promise_of(p->until)) != PROMISE_PENDING || atomic_get_acquire(&p->is_interrupted);
}

void loop_turn(Goroutine *g)
{
    sched_drive(g, loop_is_idle);
}

void loop_wait(Goroutine *g, Value promise)
{
    g->vm->program->until = promise;
    sched_drive(g, loop_is_settled);
    g->vm->program->until = VALUE_UNDEFINED;
}
