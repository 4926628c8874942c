/* SPDX-License-Identifier: MIT */
#include "vm/exec/spawn.h"

#include <string.h>

#include "gc/alloc.h"
#include "gc/publish.h"
#include "vm/exec/code.h"
#include "vm/exec/frames.h"
#include "vm/exec/invoke.h"
#include "vm/exec/unwind.h"
#include "vm/object/error.h"
#include "vm/object/job.h"
#include "vm/object/kinds.h"
#include "vm/object/promise.h"
#include "vm/object/realm.h"
#include "vm/sched/sched.h"

/* ---- go ---------------------------------------------------------------------------------------------------------- */

void spawn_make_parallel(Goroutine *g)
{
    if (g->vm->is_parallel) return;
    g->vm->hooks->publish_common(g);
    g->vm->is_parallel = true;
    heap_begin_parallel(&g->heap);
}

static void spawn_note_place(Goroutine *g, Goroutine *fresh)
{
    for (const Value *fp = g->fp; fp; fp = frame_caller(fp)) {
        const Code *code = frames_code(fp);
        if (!code || (code->flags & UNIT_IS_LIBRARY)) continue;
        publish_cell(&g->heap, code);
        fresh->spawn_code = value_from_cell(code);
        fresh->spawn_pc = frame_pc(fp, code->code);
        return;
    }
}

/* A closure's frame is laid on the new stack at once; others are called by the goroutine's loop. */
static bool spawn_prepare(Goroutine *g, Goroutine *fresh, Value callee, Value self, uint32_t count,
                          const Value *arguments)
{
    if (value_is_kind(callee, KIND_FUNCTION)) {
        Code *code = function_of(callee)->code;
        OK_BOOL(code_prepare(g, code));
        if (!invoke_lay_first_frame(fresh, function_of(callee), self, count, arguments))
            return error_throw_bool(g, ERROR_RANGE, "Maximum call stack size exceeded");
        fresh->fiber->resumes_at = true;
        fresh->turn = fresh->fiber;
        fresh->fiber->is_parked = true;
        fresh->parked_fibers = 1;
        return true;
    }
    ValueList *entry = list_new(&g->heap, count + 2);
    entry->count = count + 2;
    entry->items[0] = callee;
    entry->items[1] = self;
    if (count) memcpy(entry->items + 2, arguments, count * sizeof(Value));
    publish_cell(&g->heap, entry);
    fresh->entry = value_from_cell(entry);
    return true;
}

Value spawn_call(Goroutine *g, Value callee, Value self, uint32_t count, const Value *arguments, bool wants_promise)
{
    LocalHeap *h = &g->heap;
    if (!value_is_callable(callee)) return unwind_throw_not_callable(g, callee, "function");
    if (!US_SHARING) return error_throw(g, ERROR_TYPE, "this program was built without goroutines");
    spawn_make_parallel(g);
    Value promise = wants_promise ? value_from_cell(promise_new_of_goroutine(g)) : VALUE_UNDEFINED;
    publish_value(h, callee);
    publish_value(h, self);
    publish_values(h, arguments, count);
    if (value_is_kind(callee, KIND_FUNCTION)) OK(code_prepare(g, function_of(callee)->code));
    Goroutine *fresh = sched_new(g);
    if (!spawn_prepare(g, fresh, callee, self, count, arguments)) {
        sched_discard(g, fresh);
        return VALUE_THROWN;
    }
    fresh->fiber->after = AFTER_ENTRY;
    fresh->fiber->after_a = promise;
    spawn_note_place(g, fresh);
    sched_start(g, fresh);
    return promise;
}

/* Nothing in spawn_call moves the spawner's stack. */
Value spawn_go(Goroutine *g, uint32_t depth, uint32_t argc, Value callee, bool wants_promise)
{
    const Value *window = frame_at_depth(g, depth);
    return spawn_call(g, callee, window[0], argc, window + 1, wants_promise);
}

UnwindPlace spawn_place(const Goroutine *g)
{
    if (!value_is_kind(g->spawn_code, KIND_CODE)) return (UnwindPlace){ 0 };
    return unwind_code_place((const Code *)value_cell(g->spawn_code), g->spawn_pc);
}

/* ---- await in place ---------------------------------------------------------------------------------------------- */

/* A promise that is never settled keeps it, however long the fiber's memory is someone else's by then. While the fiber
 * waits, its waiter.value is the waker, so that it takes itself out when the wait fails. */
typedef struct Waker {                   // KIND_WAKER
    Cell     cell;
    Fiber   *fiber;                      // C memory (fiber.h); NULL: the wait has failed. Atomic
    uint32_t ticket;
    uint32_t unused;
} Waker;

/* FiberLeave. Whoever has read `fiber` before is on a worker, and until all are idle the fiber's memory stays. */
static void await_leave(Goroutine *g, Fiber *f)
{
    Waker *waker = (Waker *)value_cell(f->waiter.value);
    f->waiter.value = VALUE_UNDEFINED;
    atomic_set_release(&waker->fiber, NULL);             // with spawn_wake
}

/* The result is a list of what the promise came to, and whether that is to be thrown. */
static Value await_finish(Goroutine *g, Fiber *f)
{
    const ValueList *outcome = (const ValueList *)value_cell(f->result);
    Value v = outcome->items[0];
    f->waiter.value = VALUE_UNDEFINED;
    return value_bool(outcome->items[1]) ? error_throw_value(g, v) : v;
}

Value spawn_await_here(Goroutine *g, Value v)
{
    Realm *realm = realm_current(g);
    Value promise = TRY(promise_resolve_with(g, realm_intrinsic(realm, INTRINSIC_Promise), v));
    Waker *waker = alloc_small(&g->heap, ALLOC_ROUND(sizeof *waker), CELL_HEADER(0, KIND_WAKER, 0));
    waker->fiber = g->fiber;
    waker->ticket = 0;
    waker->unused = 0;
    waker->ticket = fiber_begin_wait(g, WAIT_AWAIT, promise, await_finish);
    fiber_set_leave(g, await_leave);
    g->fiber->waiter.value = value_from_cell(waker);
    promise_then(g, promise_of(promise), value_from_cell(waker), value_from_cell(waker), NULL);
    return VALUE_PARKED;
}

void spawn_wake(Goroutine *g, Value waker, bool rejected, Value v)
{
    const Waker *w = (const Waker *)value_cell(waker);
    ValueList *outcome = list_new(&g->heap, 2);
    list_push(&g->heap, &outcome, v);
    list_push(&g->heap, &outcome, value_from_bool(rejected));
    Fiber *f = atomic_get_acquire(&w->fiber);            // with await_leave
    if (!f || !fiber_claim(f, w->ticket)) return;
    if (f->goroutine != g) publish_cell(&g->heap, outcome);
    sched_ready(g, f, value_from_cell(outcome));
}

void spawn_register_kinds(void)
{
    kinds_register(KIND_WAKER, &(GcKind){ .name = "WAKER", .base_bytes = sizeof(Waker), .flags = KIND_IS_LEAF }, NULL);
}
