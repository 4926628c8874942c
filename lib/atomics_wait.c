/* SPDX-License-Identifier: MIT */
/* Atomics.wait, waitAsync and notify (ECMA-262 25.4.14 to 25.4.16).
 *
 * The promises that wait are in one list for the whole VM, oldest first, which the main realm keeps among its intrinsics.
 * I1  The list and its root are under the monitor of the main realm's global object. Promises are settled outside of it.
 * I2  wait does not see notify: it sleeps for its time only. */
#include "gc/monitor.h"
#include "lib/atomics_int.h"
#include "vm/base/clock.h"
#include "vm/base/futex.h"
#include "vm/object/promise.h"
#include "vm/object/task.h"

/* Of an entry of the list. The timer is its goroutine's, who alone may cancel it. */
enum { WAITER_BUFFER, WAITER_INDEX, WAITER_PROMISE, WAITER_TIMER, WAITER_WORDS };

/* What wait and waitAsync are asked (DoWait, 25.4.3.15). */
typedef struct WaitRequest {
    TypedArray *array;
    uint64_t    index;
    double      timeout_ms;              // >= 0, perhaps infinite
    bool        is_equal;                // the element is as expected
} WaitRequest;

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
    uint64_t expected;
    TypedArray *t = r->array = lib_atomics_array(g, arg(a, 0), ATOMIC_WAITS);
    if (!t) return false;
    if (!t->buffer->is_shared) return error_throw_bool(g, ERROR_TYPE, "%V is not a shared typed array.", arg(a, 0));
    OK_BOOL(lib_atomics_index(g, t, arg(a, 1), &r->index));
    OK_BOOL(lib_atomics_expected(g, t, arg(a, 2), &expected));
    OK_BOOL(convert_to_double(g, arg(a, 3), &r->timeout_ms));
    if (isnan(r->timeout_ms)) r->timeout_ms = INFINITY;
    if (r->timeout_ms < 0) r->timeout_ms = 0;
    int shift = typed_array_shift(t->object.cell.kind);
    r->is_equal = lib_atomics_load_bits(lib_typed_array_place(t, r->index), shift) == expected;
    return true;
}

static Value lib_atomics_text(Goroutine *g, const char *text)
{
    return value_from_cell(intern_text(&g->heap, text));
}

/* ---- wait ----------------------------------------------------------------------------------------------------------------------- */

static void lib_atomics_sleep(double ms)
{
    uint32_t word = 0;
    int64_t deadline_ns = clock_deadline(clock_monotonic_ns(), ms < 9e12 ? (int64_t)(ms * 1e6) : INT64_MAX);
    while (futex_wait(&word, 0, deadline_ns)) continue;
}

static Value lib_atomics_wait(Goroutine *g, Args a)
{
    WaitRequest r;
    OK(lib_atomics_read_request(g, a, &r));
    if (!r.is_equal) return lib_atomics_text(g, "not-equal");
    if (r.timeout_ms == INFINITY)
        return error_throw(g, ERROR_PLAIN, "Atomics.wait would wait for ever: nobody is there to notify");
    lib_atomics_sleep(r.timeout_ms);
    return lib_atomics_text(g, "timed-out");
}

/* ---- the list ------------------------------------------------------------------------------------------------------------------- */

static bool lib_atomics_enter(Goroutine *g)
{
    return monitor_enter(&g->heap, g->vm->realms->global);
}

static void lib_atomics_exit(Goroutine *g, bool entered)
{
    monitor_exit(&g->heap, g->vm->realms->global, entered);
}

static ValueList *lib_atomics_waiters_locked(Goroutine *g)
{
    Value list = g->vm->realms->intrinsics[INTRINSIC_Atomics_waiters];
    return value_is_undefined(list) ? NULL : (ValueList *)value_cell(list);
}

static void lib_atomics_add_waiter(Goroutine *g, const Value waiter[WAITER_WORDS])
{
    Realm *realm = g->vm->realms;
    bool entered = lib_atomics_enter(g);
    ValueList *waiters = lib_atomics_waiters_locked(g);
    if (!waiters) waiters = list_new(&g->heap, WAITER_WORDS);
    for (int i = 0; i < WAITER_WORDS; i++) list_push(&g->heap, &waiters, waiter[i]);
    realm_set_root(&g->heap, realm, &realm->intrinsics[INTRINSIC_Atomics_waiters], value_from_cell(waiters));
    lib_atomics_exit(g, entered);
}

/* Is the entry at `at` one to take? */
typedef bool (*WaiterTest)(const ValueList *waiters, uint32_t at, const void *context);

/* Take the oldest entry out that passes the test: its promise and its timer. */
static bool lib_atomics_take(Goroutine *g, WaiterTest test, const void *context, Value *promise, Value *timer)
{
    bool entered = lib_atomics_enter(g), found = false;
    ValueList *waiters = lib_atomics_waiters_locked(g);
    for (uint32_t at = 0; waiters && !found && at < waiters->count; at += WAITER_WORDS) {
        if (!test(waiters, at, context)) continue;
        found = true;
        *promise = waiters->items[at + WAITER_PROMISE];
        *timer = waiters->items[at + WAITER_TIMER];
        for (uint32_t i = at; i + WAITER_WORDS < waiters->count; i++)
            barrier_store(&g->heap, waiters, &waiters->items[i], waiters->items[i + WAITER_WORDS]);
        waiters->count -= WAITER_WORDS;
    }
    lib_atomics_exit(g, entered);
    return found;
}

/* ---- waitAsync ------------------------------------------------------------------------------------------------------------------ */

static bool lib_atomics_is_promise(const ValueList *waiters, uint32_t at, const void *context)
{
    return waiters->items[at + WAITER_PROMISE] == *(const Value *)context;
}

/* The time of a waiter is over. Data: its promise. */
static Value lib_atomics_time_out(Goroutine *g, Args a)
{
    Value wanted = args_data(a, 0), promise, timer;
    if (lib_atomics_take(g, lib_atomics_is_promise, &wanted, &promise, &timer))
        promise_fulfill(g, promise_of(promise), lib_atomics_text(g, "timed-out"));
    return VALUE_UNDEFINED;
}

static Value lib_atomics_new_timer(Goroutine *g, Value promise, double ms)
{
    static const NativeSpec time_out = { .name = "", .function = lib_atomics_time_out };
    Realm *realm = realm_current(g);
    Value f = function_new_capturing(&g->heap, realm, &time_out, 1, &promise);
    uint32_t delay_ms = ms < INT32_MAX ? (uint32_t)ceil(ms) : INT32_MAX;
    Value proto = realm_intrinsic(realm, INTRINSIC_TimeoutPrototype);
    Task *timer = task_new(g, proto, f, VALUE_UNDEFINED, TASK_IS_REF, delay_ms);
    task_schedule(g, timer, task_now_ms());
    return value_from_cell(timer);
}

static Value lib_atomics_wait_async(Goroutine *g, Args a)
{
    WaitRequest r;
    OK(lib_atomics_read_request(g, a, &r));
    bool waits = r.is_equal && r.timeout_ms > 0;
    Value v;
    if (waits) {
        v = value_from_cell(promise_new(g));
        Value timer = r.timeout_ms == INFINITY ? VALUE_UNDEFINED : lib_atomics_new_timer(g, v, r.timeout_ms);
        double place = (double)(lib_typed_array_place(r.array, r.index) - r.array->buffer->bytes);
        const Value waiter[WAITER_WORDS] = { value_from_cell(r.array->buffer), value_from_double(place), v, timer };
        lib_atomics_add_waiter(g, waiter);
    } else {
        v = lib_atomics_text(g, r.is_equal ? "timed-out" : "not-equal");
    }
    Object *result = realm_new_object(g, INTRINSIC_ObjectPrototype);
    object_add(&g->heap, result, vm_atom(g->vm, ATOM_async), value_from_bool(waits), PROPERTY_DEFAULT);
    object_add(&g->heap, result, vm_atom(g->vm, ATOM_value), v, PROPERTY_DEFAULT);
    return value_from_cell(result);
}

/* ---- notify --------------------------------------------------------------------------------------------------------------------- */

typedef struct WaiterPlace {
    const BufferStore *store;
    double             place;
} WaiterPlace;

static bool lib_atomics_is_place(const ValueList *waiters, uint32_t at, const void *context)
{
    const WaiterPlace *p = context;
    return buffer_of(waiters->items[at + WAITER_BUFFER])->store == p->store
        && value_number(waiters->items[at + WAITER_INDEX]) == p->place;
}

static Value lib_atomics_notify(Goroutine *g, Args a)
{
    uint64_t index;
    double most = INFINITY, woken = 0;
    Value promise, timer;
    TypedArray *t = lib_atomics_array(g, arg(a, 0), ATOMIC_WAITS);
    if (!t) return VALUE_THROWN;
    OK(lib_atomics_index(g, t, arg(a, 1), &index));
    if (!value_is_undefined(arg(a, 2))) OK(convert_to_integer(g, arg(a, 2), &most));
    if (!t->buffer->is_shared) return VALUE_ZERO;
    double place = (double)(t->byte_offset + (index << typed_array_shift(t->object.cell.kind)));
    const WaiterPlace wanted = { t->buffer->store, place };
    for (; woken < most && lib_atomics_take(g, lib_atomics_is_place, &wanted, &promise, &timer); woken++) {
        if (!value_is_undefined(timer) && task_is_own(g, task_of(timer))) task_cancel(g, task_of(timer));
        promise_fulfill(g, promise_of(promise), lib_atomics_text(g, "ok"));
    }
    return value_from_double(woken);
}

static const NativeSpec lib_atomics_waiting[] = {
    LIB_METHOD("notify", 3, lib_atomics_notify),
    LIB_METHOD("wait", 4, lib_atomics_wait),
    LIB_METHOD("waitAsync", 4, lib_atomics_wait_async),
};

void lib_atomics_install_waiting(const Lib *lib, Value atomics)
{
    INSTALL_TABLE(lib, atomics, lib_atomics_waiting);
}
