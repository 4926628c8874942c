/* SPDX-License-Identifier: MIT */
#include "lib/gate.h"

#include <stdio.h>

#include "gc/mark.h"
#include "vm/base/clock.h"
#include "vm/object/convert.h"
#include "vm/object/kinds.h"
#include "vm/sched/sched.h"
#include "vm/sched/timer.h"

const char *gate_name(CellKind kind)
{
    static const char *const names[] = { "Lock", "RWLock", "WaitGroup", "Once", "Semaphore" };
    return names[kind - KIND_LOCK];
}

/* Without the mutex: as it was a moment ago. */
void gate_describe(const Gate *gate, char *out, size_t size)
{
    uint32_t count = atomic_get_relaxed(&gate->count), state = atomic_get_relaxed(&gate->depth);
    bool is_held = (atomic_get_relaxed(&gate->holder) & ~GATE_BITS) != 0;
    switch ((CellKind)gate->object.cell.kind) {
    case KIND_RW_LOCK:
        if (!is_held && count) snprintf(out, size, "%u reading", count);
        else snprintf(out, size, "%s", is_held ? "writing" : "free");
        return;
    case KIND_WAIT_GROUP: snprintf(out, size, "%u to wait for", count); return;
    case KIND_SEMAPHORE:  snprintf(out, size, "%u free", count); return;
    case KIND_ONCE:
        snprintf(out, size, "%s", state == 0 ? "not run" : state == 1 ? "running" : "run");
        return;
    default:              snprintf(out, size, "%s", is_held ? "locked" : "free"); return;
    }
}

Gate *gate_this(Goroutine *g, Value v, CellKind kind)
{
    if (LIKELY(value_is_kind(v, kind))) return gate_of(v);
    error_throw(g, ERROR_TYPE, "%V is not a %s", v, gate_name(kind));
    return NULL;
}

Gate *gate_new(Goroutine *g, CellKind kind, Value proto)
{
    LocalHeap *h = &g->heap;
    Gate *gate = object_alloc(h, object_root_shape(h, kind, proto, 0), sizeof *gate);
    mutex_init(&gate->mutex, LOCK_CHAN, (uint64_t)(uintptr_t)gate);
    gate->queue = (WaitQueue){ NULL, NULL };
    gate->holder = 0;
    gate->depth = gate->count = 0;
    gate->value = VALUE_UNDEFINED;
    return gate;
}

bool gate_enter(Gate *gate)
{
    if (!cell_is_shared(&gate->object.cell)) return false;
    mutex_lock(&gate->mutex);
    return true;
}

void gate_leave(Gate *gate, bool is_entered)
{
    if (is_entered) mutex_unlock(&gate->mutex);
}

/* ---- who goes through ---------------------------------------------------------------------------------- */

static bool gate_has_room(const Gate *gate, uint32_t tag)
{
    if (gate->object.cell.kind == KIND_SEMAPHORE) return gate->count >= tag;
    return !gate->holder && (tag == GATE_READS || !gate->count);
}

bool gate_admits(const Gate *gate, uint32_t tag)
{
    return waitqueue_is_empty(&gate->queue) && gate_has_room(gate, tag);
}

void gate_take(Gate *gate, uint32_t tag, uint64_t goroutine)
{
    if (gate->object.cell.kind == KIND_SEMAPHORE) atomic_set_relaxed(&gate->count, gate->count - tag);
    else if (tag == GATE_READS) gate->count++;
    else gate->holder = goroutine;
}

void gate_open(Gate *gate, WakeList *wakes)
{
    for (Waiter *w; (w = gate->queue.first) != NULL && gate_has_room(gate, w->tag);) {
        if (!waitqueue_claim_one(&gate->queue, w)) continue;
        gate_take(gate, w->tag, w->fiber->goroutine->id);
        waitqueue_wake_later(wakes, w->fiber, VALUE_TRUE);
    }
}

void gate_open_all(Gate *gate, WakeList *wakes)
{
    for (Waiter *w; (w = waitqueue_claim(&gate->queue)) != NULL;) waitqueue_wake_later(wakes, w->fiber, VALUE_TRUE);
}

/* Add `n` to `count`, unless it would be less than `least` or too large. What it comes to, or -1. */
static int64_t gate_try_count(Gate *gate, int64_t n, int64_t least)
{
    uint32_t old = atomic_get_relaxed(&gate->count);
    for (;;) {
        int64_t count = (int64_t)old + n;
        if (count < least || count > UINT32_MAX) return -1;
        if (!cell_is_shared(&gate->object.cell)) gate->count = (uint32_t)count;
        else if (!atomic_cas(&gate->count, &old, (uint32_t)count)) continue;     // I3
        return count;
    }
}

bool gate_count(Goroutine *g, Gate *gate, int64_t n)
{
    WakeList wakes = { NULL, NULL };
    bool is_group = gate->object.cell.kind == KIND_WAIT_GROUP;
    if (is_group && gate_try_count(gate, n, 1) > 0) return true;
    bool is_entered = gate_enter(gate);
    int64_t count = gate_try_count(gate, n, 0);
    if (is_group && count == 0) gate_open_all(gate, &wakes);
    if (!is_group && count > 0) gate_open(gate, &wakes);
    gate_leave(gate, is_entered);
    waitqueue_wake(g, &wakes);
    return count >= 0;
}

/* ---- waiting ------------------------------------------------------------------------------------------- */

/* The fiber goes on; waiter.value is the gate. When its time is over it is still in the queue, perhaps before
 * others who need not wait any longer. */
static Value gate_finish_trying(Goroutine *g, Fiber *f)
{
    Gate *gate = gate_of(f->waiter.value);
    f->waiter.value = VALUE_UNDEFINED;
    if (f->result == VALUE_TRUE) return VALUE_TRUE;
    WakeList wakes = { NULL, NULL };
    bool is_entered = gate_enter(gate);
    waitqueue_remove(&gate->queue, &f->waiter);
    CellKind kind = (CellKind)gate->object.cell.kind;
    if (kind == KIND_RW_LOCK || kind == KIND_SEMAPHORE) gate_open(gate, &wakes);
    gate_leave(gate, is_entered);
    waitqueue_wake(g, &wakes);
    return VALUE_FALSE;
}

static Value gate_finish(Goroutine *g, Fiber *f)
{
    (void)g;
    Value gate = f->waiter.value;
    f->waiter.value = VALUE_UNDEFINED;
    return gate;
}

Value gate_queue_up(Goroutine *g, Gate *gate, bool is_entered, WaitKind kind, uint32_t tag, FiberFinish finish,
                    bool is_first)
{
    Value self = value_from_cell(gate);
    uint32_t ticket = fiber_begin_wait(g, kind, self, finish);
    Fiber *f = fiber_current(g);
    waitqueue_prepare(g, &f->waiter, ticket, tag, self);
    if (is_first) waitqueue_push_first(&gate->queue, &f->waiter);
    else waitqueue_push(&gate->queue, &f->waiter);
    gate_leave(gate, is_entered);
    return VALUE_PARKED;
}

Value gate_wait(Goroutine *g, Gate *gate, bool is_entered, WaitKind kind, uint32_t tag, bool is_trying,
                double ms)
{
    Fiber *f = fiber_current(g);
    uint32_t ticket = atomic_get_relaxed(&f->ticket) + 1;        // the wait may be over as soon as it has begun
    Value v = gate_queue_up(g, gate, is_entered, kind, tag, is_trying ? gate_finish_trying : gate_finish, false);
    if (is_trying && ms < 9e12)
        timer_wake_fiber_at(g, f, ticket, clock_deadline(clock_monotonic_ns(), (int64_t)(ms * 1e6)), VALUE_FALSE);
    return v;
}

bool gate_milliseconds(Goroutine *g, Value v, double *ms)
{
    *ms = 0;
    if (!value_is_undefined(v)) OK_BOOL(convert_to_double(g, v, ms));
    if (!(*ms > 0)) *ms = 0;
    return true;
}

bool gate_integer(Goroutine *g, Value v, double low, double high, int64_t *n)
{
    double d = 1;
    if (!value_is_undefined(v)) OK_BOOL(convert_to_double(g, v, &d));
    if (!(d >= low && d <= high && trunc(d) == d))
        return error_throw_bool(g, ERROR_RANGE, "Invalid count: %V", value_from_double(d));
    *n = (int64_t)d;
    return true;
}

/* ---- collector ----------------------------------------------------------------------------------------- */

static void gate_trace(Marker *m, Cell *c)
{
    const Gate *gate = (const Gate *)c;
    mark_cell(m, gate->object.ool);
    mark_value(m, gate->value);
}

void gate_register_kinds(void)
{
    static const CellKind kinds[] = { KIND_LOCK, KIND_RW_LOCK, KIND_WAIT_GROUP, KIND_ONCE, KIND_SEMAPHORE };
    GcKind row = { .name = "GATE", .base_bytes = sizeof(Gate), .trace = gate_trace };
    for (size_t i = 0; i < COUNT_OF(kinds); i++) kinds_register(kinds[i], &row, NULL);
}
