/* SPDX-License-Identifier: MIT */
/* Atomics.wait, waitAsync and notify (ECMA-262 25.4.14 to 25.4.16).
 *
 * Who waits is found by the address of the element, which never changes (vm/object/buffer.h I1) while the
 * waiter keeps the buffer alive. Fibers that wait are in a queue; promises are entries of a list whose first
 * one the main realm keeps among its intrinsics.
 * I1  AtomicsSpace.lock protects both, and makes comparing the element and beginning to wait one step
 *     (WaiterList, 25.4.3).
 * I2  Entries are published before they are put into the list. */
#include "gc/barrier.h"
#include "gc/publish.h"
#include "lib/atomics_int.h"
#include "vm/base/clock.h"
#include "vm/base/mem.h"
#include "vm/base/mutex.h"
#include "vm/object/promise.h"
#include "vm/object/task.h"
#include "vm/sched/sched.h"
#include "vm/sched/timer.h"
#include "vm/sched/waitqueue.h"

struct AtomicsSpace {
    Mutex     lock;                      // LOCK_CHAN
    WaitQueue fibers;                    // lock; a Waiter's value is the element's address as a double
};

/* The words of an entry, a KIND_VALUES cell. The goroutine is the one whose timer it is, by its id. */
enum { ENTRY_BUFFER, ENTRY_PLACE, ENTRY_PROMISE, ENTRY_TIMER, ENTRY_GOROUTINE, ENTRY_NEXT, ENTRY_WORDS };

/* What wait and waitAsync are asked (DoWait, 25.4.3.15). */
typedef struct WaitRequest {
    TypedArray    *array;
    const uint8_t *place;
    uint64_t       expected;
    double         timeout_ms;           // >= 0, perhaps infinite
} WaitRequest;

static Value lib_atomics_place_key(const uint8_t *place)
{
    return value_from_raw_double((double)(uintptr_t)place);
}

/* The value waited for, as the element's bits. */
static bool lib_atomics_expected(Goroutine *g, const TypedArray *t, Value v, uint64_t *bits)
{
    if (typed_array_is_bigint(t)) return convert_to_bigint64(g, v, bits);
    int32_t i;
    OK_BOOL(convert_to_int32(g, v, &i));
    *bits = (uint32_t)i;
    return true;
}

static bool lib_atomics_read_request(Goroutine *g, Args a, WaitRequest *r)
{
    uint64_t index;
    TypedArray *t = r->array = lib_atomics_array(g, arg(a, 0), ATOMIC_WAITS);
    if (!t) return false;
    if (!t->buffer->is_shared) return error_throw_bool(g, ERROR_TYPE, "%V is not a shared typed array.", arg(a, 0));
    OK_BOOL(lib_atomics_index(g, t, arg(a, 1), &index));
    OK_BOOL(lib_atomics_expected(g, t, arg(a, 2), &r->expected));
    OK_BOOL(convert_to_double(g, arg(a, 3), &r->timeout_ms));
    if (isnan(r->timeout_ms)) r->timeout_ms = INFINITY;
    if (r->timeout_ms < 0) r->timeout_ms = 0;
    r->place = lib_typed_array_place(t, index);
    return true;
}

static bool lib_atomics_is_equal(const WaitRequest *r)
{
    return lib_atomics_load_bits(r->place, typed_array_shift(r->array->object.cell.kind)) == r->expected;
}

static Value lib_atomics_text(Goroutine *g, const char *text)
{
    return value_from_cell(intern_text(&g->heap, text));
}

/* ---- wait ---------------------------------------------------------------------------------------------- */

/* The result is true after a notification, false when the time is over. */
static Value lib_atomics_finish_wait(Goroutine *g, Fiber *f)
{
    struct AtomicsSpace *space = g->vm->atomics;
    mutex_lock(&space->lock);                            // others may be comparing its value
    waitqueue_remove(&space->fibers, &f->waiter);
    f->waiter.value = VALUE_UNDEFINED;
    mutex_unlock(&space->lock);
    return lib_atomics_text(g, f->result == VALUE_TRUE ? "ok" : "timed-out");
}

static Value lib_atomics_wait(Goroutine *g, Args a)
{
    WaitRequest r;
    struct AtomicsSpace *space = g->vm->atomics;
    OK(lib_atomics_read_request(g, a, &r));
    Fiber *f = fiber_current(g);
    uint32_t ticket = 0;
    mutex_lock(&space->lock);
    bool is_equal = lib_atomics_is_equal(&r), waits = is_equal && r.timeout_ms > 0;
    if (waits) {
        ticket = fiber_begin_wait(g, WAIT_ATOMICS, value_from_cell(r.array->buffer), lib_atomics_finish_wait);
        waitqueue_prepare(g, &f->waiter, ticket, 0, lib_atomics_place_key(r.place));
        waitqueue_push(&space->fibers, &f->waiter);
    }
    mutex_unlock(&space->lock);
    if (!waits) return lib_atomics_text(g, is_equal ? "timed-out" : "not-equal");
    if (r.timeout_ms < 9e12)
        timer_wake_fiber_at(g, f, ticket, clock_deadline(clock_monotonic_ns(), (int64_t)(r.timeout_ms * 1e6)), VALUE_FALSE);
    return VALUE_PARKED;
}

/* ---- the list of entries ------------------------------------------------------------------------------- */

static Value *lib_atomics_first(Goroutine *g)
{
    return &g->vm->realms->intrinsics[INTRINSIC_Atomics_waiters];
}

static Value lib_atomics_next(Value entry)
{
    return ((const ValueList *)value_cell(entry))->items[ENTRY_NEXT];
}

static void lib_atomics_link(Goroutine *g, Value entry, Value next)
{
    ValueList *words = (ValueList *)value_cell(entry);
    barrier_store(&g->heap, words, &words->items[ENTRY_NEXT], next);
}

/* Behind the others; under the lock. */
static void lib_atomics_append(Goroutine *g, Value entry)
{
    Value last = *lib_atomics_first(g);
    if (value_is_undefined(last)) {
        *lib_atomics_first(g) = entry;
        return;
    }
    while (!value_is_undefined(lib_atomics_next(last))) last = lib_atomics_next(last);
    lib_atomics_link(g, last, entry);
}

/* Take out entries in whose word `word` is `v`, at most `most`, oldest first; under the lock. They are linked
 * as before. */
static Value lib_atomics_take(Goroutine *g, int word, Value v, double most)
{
    Value first = VALUE_UNDEFINED, last = VALUE_UNDEFINED, before = VALUE_UNDEFINED, next;
    for (Value entry = *lib_atomics_first(g); !value_is_undefined(entry) && most > 0; entry = next) {
        next = lib_atomics_next(entry);
        if (((const ValueList *)value_cell(entry))->items[word] != v) {
            before = entry;
            continue;
        }
        if (value_is_undefined(before)) *lib_atomics_first(g) = next;
        else lib_atomics_link(g, before, next);
        lib_atomics_link(g, entry, VALUE_UNDEFINED);
        if (value_is_undefined(first)) first = entry;
        else lib_atomics_link(g, last, entry);
        last = entry;
        most--;
    }
    return first;
}

/* Settle the promises of entries that were taken out. How many there were. */
static double lib_atomics_settle(Goroutine *g, Value entry, const char *how)
{
    double count = 0;
    for (; !value_is_undefined(entry); entry = lib_atomics_next(entry), count++) {
        const Value *words = ((const ValueList *)value_cell(entry))->items;
        bool is_mine = value_number(words[ENTRY_GOROUTINE]) == (double)g->id;
        if (is_mine && !value_is_undefined(words[ENTRY_TIMER])) task_cancel(g, task_of(words[ENTRY_TIMER]));
        promise_fulfill(g, promise_of(words[ENTRY_PROMISE]), lib_atomics_text(g, how));
    }
    return count;
}

/* ---- waitAsync ----------------------------------------------------------------------------------------- */

/* The time of a waiter is over. Data: its promise. */
static Value lib_atomics_time_out(Goroutine *g, Args a)
{
    struct AtomicsSpace *space = g->vm->atomics;
    mutex_lock(&space->lock);
    Value entry = lib_atomics_take(g, ENTRY_PROMISE, args_data(a, 0), 1);
    mutex_unlock(&space->lock);
    lib_atomics_settle(g, entry, "timed-out");
    return VALUE_UNDEFINED;
}

static Value lib_atomics_new_timer(Goroutine *g, Value promise, double ms)
{
    static const NativeSpec time_out = { .name = "", .function = lib_atomics_time_out };
    Realm *realm = realm_current(g);
    Value f = function_new_capturing(&g->heap, realm, &time_out, 1, &promise);
    uint32_t delay_ms = ms < INT32_MAX ? (uint32_t)ceil(ms) : INT32_MAX;
    Value proto = realm_intrinsic(realm, INTRINSIC_TimeoutPrototype);
    return value_from_cell(task_new(g, proto, f, VALUE_UNDEFINED, TASK_IS_REF, delay_ms));
}

/* An entry with a new promise, in no list; its timer is not scheduled. */
static ValueList *lib_atomics_new_entry(Goroutine *g, const WaitRequest *r)
{
    Value promise = value_from_cell(promise_new(g));
    Value timer = r->timeout_ms == INFINITY ? VALUE_UNDEFINED : lib_atomics_new_timer(g, promise, r->timeout_ms);
    ValueList *entry = list_new(&g->heap, ENTRY_WORDS);
    entry->items[ENTRY_BUFFER] = value_from_cell(r->array->buffer);
    entry->items[ENTRY_PLACE] = lib_atomics_place_key(r->place);
    entry->items[ENTRY_PROMISE] = promise;
    entry->items[ENTRY_TIMER] = timer;
    entry->items[ENTRY_GOROUTINE] = value_from_double((double)g->id);
    entry->items[ENTRY_NEXT] = VALUE_UNDEFINED;
    entry->count = ENTRY_WORDS;
    publish_value(&g->heap, value_from_cell(entry));
    return entry;
}

static Value lib_atomics_async_result(Goroutine *g, bool waits, Value v)
{
    Object *result = realm_new_object(g, INTRINSIC_ObjectPrototype);
    object_add(&g->heap, result, vm_atom(g->vm, ATOM_async), value_from_bool(waits), PROPERTY_DEFAULT);
    object_add(&g->heap, result, vm_atom(g->vm, ATOM_value), v, PROPERTY_DEFAULT);
    return value_from_cell(result);
}

static Value lib_atomics_wait_async(Goroutine *g, Args a)
{
    WaitRequest r;
    struct AtomicsSpace *space = g->vm->atomics;
    OK(lib_atomics_read_request(g, a, &r));
    if (!lib_atomics_is_equal(&r)) return lib_atomics_async_result(g, false, lib_atomics_text(g, "not-equal"));
    if (r.timeout_ms == 0) return lib_atomics_async_result(g, false, lib_atomics_text(g, "timed-out"));
    ValueList *entry = lib_atomics_new_entry(g, &r);
    mutex_lock(&space->lock);
    bool is_equal = lib_atomics_is_equal(&r);            // still
    if (is_equal) lib_atomics_append(g, value_from_cell(entry));
    mutex_unlock(&space->lock);
    if (!is_equal) return lib_atomics_async_result(g, false, lib_atomics_text(g, "not-equal"));
    Value timer = entry->items[ENTRY_TIMER];
    if (!value_is_undefined(timer)) task_schedule(g, task_of(timer), task_now_ms() + 1);     // no part of one less
    return lib_atomics_async_result(g, true, entry->items[ENTRY_PROMISE]);
}

/* ---- notify -------------------------------------------------------------------------------------------- */

/* Claim at most `most` fibers that wait for that element; under the lock. */
static double lib_atomics_claim(WaitQueue *q, Value key, double most, WakeList *wakes)
{
    double count = 0;
    for (Waiter *w = q->first, *next; w && count < most; w = next) {
        next = w->next;
        if (w->value != key || !waitqueue_claim_one(q, w)) continue;
        waitqueue_wake_later(wakes, w->fiber, VALUE_TRUE);
        count++;
    }
    return count;
}

static Value lib_atomics_notify(Goroutine *g, Args a)
{
    uint64_t index;
    double most = INFINITY;
    WakeList wakes = { NULL, NULL };
    struct AtomicsSpace *space = g->vm->atomics;
    TypedArray *t = lib_atomics_array(g, arg(a, 0), ATOMIC_WAITS);
    if (!t) return VALUE_THROWN;
    OK(lib_atomics_index(g, t, arg(a, 1), &index));
    if (!value_is_undefined(arg(a, 2))) OK(convert_to_integer(g, arg(a, 2), &most));
    if (!t->buffer->is_shared) return VALUE_ZERO;
    Value key = lib_atomics_place_key(lib_typed_array_place(t, index));
    mutex_lock(&space->lock);
    double woken = lib_atomics_claim(&space->fibers, key, most, &wakes);
    Value entries = lib_atomics_take(g, ENTRY_PLACE, key, most - woken);
    mutex_unlock(&space->lock);
    waitqueue_wake(g, &wakes);
    return value_from_double(woken + lib_atomics_settle(g, entries, "ok"));
}

static const NativeSpec lib_atomics_waiting[] = {
    LIB_METHOD("notify", 3, lib_atomics_notify),
    LIB_METHOD("wait", 4, lib_atomics_wait),
    LIB_METHOD("waitAsync", 4, lib_atomics_wait_async),
};

void lib_atomics_install_waiting(const Lib *lib, Value atomics)
{
    Vm *vm = lib->g->vm;
    if (!vm->atomics) {
        vm->atomics = mem_alloc_zeroed(sizeof *vm->atomics);
        mutex_init(&vm->atomics->lock, LOCK_CHAN, 0);
    }
    INSTALL_TABLE(lib, atomics, lib_atomics_waiting);
}

void lib_atomics_destroy(Vm *vm)
{
    mem_free(vm->atomics);
    vm->atomics = NULL;
}
