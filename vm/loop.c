/* SPDX-License-Identifier: MIT */
#include "vm/loop.h"

#include <errno.h>
#include <time.h>

#include "lib/inspect.h"
#include "lib/process.h"
#include "vm/object/error.h"
#include "vm/object/job.h"
#include "vm/object/promise.h"
#include "vm/object/task.h"
#include "vm/options.h"
#include "vm/report.h"
#include "vm/vm.h"

/* A timer of the program's own code that is due within this is due in the first round, so that setTimeout(f, 0) comes before
 * setImmediate whatever the clock says. */
enum { LOOP_FIRST_ROUND_MS = 1 };

/* ---- what nobody caught ------------------------------------------------------------------------------------------------- */

static Value loop_text(Goroutine *g, const char *ascii)
{
    return value_from_cell(intern_text(&g->heap, ascii));
}

/* False: the program is to end. */
static bool loop_tell_exception(Goroutine *g, Value e, const char *origin)
{
    Value arguments[] = { e, loop_text(g, origin) };
    Tri told = lib_process_emit(g, "uncaughtException", COUNT_OF(arguments), arguments);
    if (told == TRI_TRUE) return true;
    if (told == TRI_THROWN) e = error_take(g);
    report_value(g, "Uncaught", e);
    return false;
}

static bool loop_catch(Goroutine *g)
{
    return loop_tell_exception(g, error_take(g), "uncaughtException");
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
    object_define(&g->heap, object_of(e), vm_atom(g->vm, ATOM_name), loop_text(g, "UnhandledPromiseRejection"), PROPERTY_METHOD);
    object_define(&g->heap, object_of(e), intern_key_text(&g->heap, "code"), loop_text(g, "ERR_UNHANDLED_REJECTION"), PROPERTY_DEFAULT);
    return e;
}

/* False: the program is to end. */
static bool loop_tell_rejection(Goroutine *g, Value promise)
{
    if (g->vm->options->is_test262) return true;         // its hosts do not track rejections
    Value reason = promise_of(promise)->result;
    Value arguments[] = { reason, promise };
    Tri told = lib_process_emit(g, "unhandledRejection", COUNT_OF(arguments), arguments);
    if (told == TRI_TRUE) return true;
    if (told == TRI_THROWN) return loop_catch(g);
    Value e = value_is_kind(reason, KIND_ERROR) ? reason : loop_rejection_error(g, reason);
    return loop_tell_exception(g, e, "unhandledRejection");
}

/* ---- between callbacks ----------------------------------------------------------------------------------------------------- */

static bool loop_run_jobs(Goroutine *g)
{
    for (Tri ran; (ran = job_run_next(g)) != TRI_FALSE;)
        if (ran == TRI_THROWN && !loop_catch(g)) return false;
    return true;
}

static bool loop_run_ticks(Goroutine *g)
{
    Value f, arguments;
    while (task_take_tick(g, &f, &arguments))
        if (value_is_thrown(task_call(g, f, VALUE_UNDEFINED, arguments)) && !loop_catch(g)) return false;
    return true;
}

static bool loop_drain(Goroutine *g)
{
    for (;;) {
        if (!loop_run_ticks(g) || !loop_run_jobs(g)) return false;
        if (task_has_tick(g)) continue;
        Value promise = task_take_rejection(g);
        if (promise == VALUE_HOLE) return true;
        if (!loop_tell_rejection(g, promise)) return false;
    }
}

/* ---- rounds -------------------------------------------------------------------------------------------------------------------- */

static bool loop_run_task(Goroutine *g, Task *t)
{
    int64_t start_ms = task_now_ms();
    Value result = task_call(g, t->callback, value_from_cell(t), t->arguments);
    if ((t->flags & TASK_REPEATS) && !task_is_active(t)) task_schedule(g, t, start_ms);
    if (value_is_thrown(result) && !loop_catch(g)) return false;
    return loop_drain(g);
}

static bool loop_run_timers(Goroutine *g, int64_t now_ms)
{
    uint64_t last = task_queue(g)->last_order;           // those scheduled from now on wait for the next round
    for (Task *t; (t = task_take_due(g, now_ms, last)) != NULL;)
        if (!loop_run_task(g, t)) return false;
    return true;
}

static bool loop_run_immediates(Goroutine *g)
{
    const ValueList *all = task_take_immediates(g);
    for (uint32_t i = 0; all && i < all->count; i++) {
        Task *t = task_of(all->items[i]);
        if (task_take_immediate(g, t) && !loop_run_task(g, t)) return false;
    }
    return true;
}

/* Until the next timer, unless there is something to do at once. */
static void loop_sleep(Goroutine *g)
{
    const TaskQueue *q = task_queue(g);
    int64_t ms = task_deadline_ms(q) - task_now_ms();
    if (q->immediates || !q->place_count || ms <= 0) return;
    struct timespec left = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };
    while (nanosleep(&left, &left) && errno == EINTR) continue;
}

/* Until there is nothing to do, or `until`, a promise or undefined, is settled. */
static bool loop_rounds(Goroutine *g, Value until)
{
    int64_t ahead_ms = LOOP_FIRST_ROUND_MS;
    while (task_is_alive(g)) {
        if (!loop_run_timers(g, task_now_ms() + ahead_ms) || !loop_run_immediates(g)) return false;
        ahead_ms = 0;
        if (!value_is_undefined(until) && promise_state(promise_of(until)) != PROMISE_PENDING) return true;
        if (task_is_alive(g)) loop_sleep(g);
    }
    return true;
}

/* ---- the whole -------------------------------------------------------------------------------------------------------------------- */

/* All there is to do, and what 'beforeExit' adds to it. False: the program is to end at once. */
static bool loop_run_all(Goroutine *g)
{
    for (;;) {
        if (!loop_rounds(g, VALUE_UNDEFINED)) return false;
        Value code = value_from_int(lib_process_exit_code(g));
        if (lib_process_emit(g, "beforeExit", 1, &code) == TRI_THROWN && !loop_catch(g)) return false;
        if (!loop_drain(g)) return false;
        if (!task_is_alive(g)) return true;
    }
}

int loop_run(Goroutine *g, bool failed, bool is_module)
{
    bool done = !failed || loop_catch(g);
    if (is_module) done = done && loop_run_jobs(g);
    done = done && loop_drain(g) && loop_run_all(g);
    if (!done) lib_process_set_exit_code(g, EXIT_UNCAUGHT);
    if (!lib_process_end(g)) {
        report_exception(g);
        return EXIT_UNCAUGHT;
    }
    return lib_process_exit_code(g);
}

void loop_turn(Goroutine *g)
{
    if (loop_drain(g)) loop_run_timers(g, task_now_ms());
}

void loop_wait(Goroutine *g, Value promise)
{
    if (loop_drain(g) && promise_state(promise_of(promise)) == PROMISE_PENDING) loop_rounds(g, promise);
}
