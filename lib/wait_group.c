/* SPDX-License-Identifier: MIT */
/* WaitGroup, Once and Semaphore. */
#include "gc/barrier.h"
#include "gc/publish.h"
#include "lib/families.h"
#include "lib/gate.h"
#include "lib/intrinsics.h"
#include "lib/library.h"

/* Gate.depth of a Once. */
typedef enum OnceState { ONCE_FRESH, ONCE_RUNS, ONCE_DONE } OnceState;

/* An integer from `low` to `high`; undefined is 1. */
static bool wait_group_integer(Goroutine *g, Value v, double low, double high, int64_t *n)
{
    double d = 1;
    if (!value_is_undefined(v)) OK_BOOL(convert_to_double(g, v, &d));
    if (!(d >= low && d <= high && trunc(d) == d))
        return error_throw_bool(g, ERROR_RANGE, "Invalid count: %V", value_from_double(d));
    *n = (int64_t)d;
    return true;
}

/* ---- WaitGroup ----------------------------------------------------------------------------------------- */

static Value lib_wait_group_construct(Goroutine *g, Args a)
{
    if (!args_is_construct(a)) return error_throw(g, ERROR_TYPE, "Constructor WaitGroup requires 'new'");
    Value proto = TRY(function_prototype_for(g, args_new_target(a), INTRINSIC_WaitGroupPrototype));
    return value_from_cell(gate_new(g, KIND_WAIT_GROUP, proto));
}

static Value wait_group_add(Goroutine *g, Gate *group, int64_t n)
{
    WakeList wakes = { NULL, NULL };
    bool is_entered = gate_enter(group);
    int64_t count = (int64_t)group->count + n;
    bool fits = count >= 0 && count <= UINT32_MAX;
    if (fits) atomic_set_relaxed(&group->count, (uint32_t)count);
    if (fits && !count) gate_open_all(group, &wakes);
    gate_leave(group, is_entered);
    waitqueue_wake(g, &wakes);
    if (fits) return VALUE_UNDEFINED;
    return error_throw(g, ERROR_RANGE, count < 0 ? "negative WaitGroup counter" : "WaitGroup counter is too large");
}

static Value lib_wait_group_add(Goroutine *g, Args a)
{
    int64_t n;
    Gate *group = gate_this(g, a.self, KIND_WAIT_GROUP);
    if (!group || !wait_group_integer(g, arg(a, 0), INT32_MIN, INT32_MAX, &n)) return VALUE_THROWN;
    return wait_group_add(g, group, n);
}

static Value lib_wait_group_done(Goroutine *g, Args a)
{
    Gate *group = gate_this(g, a.self, KIND_WAIT_GROUP);
    return group ? wait_group_add(g, group, -1) : VALUE_THROWN;
}

static Value lib_wait_group_wait(Goroutine *g, Args a)
{
    Gate *group = gate_this(g, a.self, KIND_WAIT_GROUP);
    if (!group) return VALUE_THROWN;
    bool is_entered = gate_enter(group);
    if (group->count) return gate_wait(g, group, is_entered, WAIT_GROUP, 0, false, INFINITY);
    gate_leave(group, is_entered);
    return a.self;
}

static Value lib_wait_group_count(Goroutine *g, Args a)
{
    const Gate *group = gate_this(g, a.self, KIND_WAIT_GROUP);
    return group ? value_from_uint32(atomic_get_relaxed(&group->count)) : VALUE_THROWN;
}

/* ---- Once ---------------------------------------------------------------------------------------------- */

static Value lib_wait_group_once_construct(Goroutine *g, Args a)
{
    if (!args_is_construct(a)) return error_throw(g, ERROR_TYPE, "Constructor Once requires 'new'");
    Value proto = TRY(function_prototype_for(g, args_new_target(a), INTRINSIC_OncePrototype));
    return value_from_cell(gate_new(g, KIND_ONCE, proto));
}

/* $onceBegin(once): true when the caller is to run the function; otherwise waits until it has run. */
Value lib_wait_group_once_begin(Goroutine *g, Args a)
{
    Gate *once = gate_this(g, arg(a, 0), KIND_ONCE);
    if (!once) return VALUE_THROWN;
    if (atomic_get_acquire(&once->depth) == ONCE_DONE) return VALUE_FALSE;       // with lib_wait_group_once_end
    bool is_entered = gate_enter(once);
    OnceState state = (OnceState)once->depth;
    if (state == ONCE_RUNS) return gate_wait(g, once, is_entered, WAIT_ONCE, 0, false, INFINITY);
    if (state == ONCE_FRESH) atomic_set_relaxed(&once->depth, ONCE_RUNS);
    gate_leave(once, is_entered);
    return value_from_bool(state == ONCE_FRESH);
}

/* $onceEnd(once, value) */
Value lib_wait_group_once_end(Goroutine *g, Args a)
{
    WakeList wakes = { NULL, NULL };
    Gate *once = gate_of(arg(a, 0));
    if (cell_is_shared(&once->object.cell)) publish_value(&g->heap, arg(a, 1));
    bool is_entered = gate_enter(once);
    barrier_store(&g->heap, once, &once->value, arg(a, 1));
    atomic_set_release(&once->depth, ONCE_DONE);
    gate_open_all(once, &wakes);
    gate_leave(once, is_entered);
    waitqueue_wake(g, &wakes);
    return VALUE_UNDEFINED;
}

/* $onceValue(once): what the function returned; undefined when it threw. */
Value lib_wait_group_once_value(Goroutine *g, Args a)
{
    (void)g;
    return cell_slot_get(&gate_of(arg(a, 0))->value);
}

/* ---- Semaphore ----------------------------------------------------------------------------------------- */

static Value lib_semaphore_construct(Goroutine *g, Args a)
{
    int64_t n;
    if (!args_is_construct(a)) return error_throw(g, ERROR_TYPE, "Constructor Semaphore requires 'new'");
    OK(wait_group_integer(g, arg(a, 0), 0, UINT32_MAX, &n));
    Value proto = TRY(function_prototype_for(g, args_new_target(a), INTRINSIC_SemaphorePrototype));
    Gate *s = gate_new(g, KIND_SEMAPHORE, proto);
    s->count = (uint32_t)n;
    return value_from_cell(s);
}

/* `n`: undefined is 1. */
static Value semaphore_acquire(Goroutine *g, Args a, Value permits, bool is_trying, double ms)
{
    int64_t n;
    Gate *s = gate_this(g, a.self, KIND_SEMAPHORE);
    if (!s || !wait_group_integer(g, permits, 1, UINT32_MAX, &n)) return VALUE_THROWN;
    uint32_t tag = (uint32_t)n;
    bool is_entered = gate_enter(s), admits = gate_admits(s, tag);
    if (!admits && (!is_trying || ms > 0)) return gate_wait(g, s, is_entered, WAIT_SEMAPHORE, tag, is_trying, ms);
    if (admits) gate_take(s, tag, g->id);
    gate_leave(s, is_entered);
    return is_trying ? value_from_bool(admits) : a.self;
}

static Value lib_semaphore_acquire(Goroutine *g, Args a)
{
    return semaphore_acquire(g, a, arg(a, 0), false, INFINITY);
}

static Value lib_semaphore_try(Goroutine *g, Args a)
{
    return semaphore_acquire(g, a, arg(a, 0), true, 0);
}

/* tryAcquireFor(ms, n = 1) */
static Value lib_semaphore_try_for(Goroutine *g, Args a)
{
    double ms;
    OK(gate_milliseconds(g, arg(a, 0), &ms));
    return semaphore_acquire(g, a, arg(a, 1), true, ms);
}

static Value semaphore_release(Goroutine *g, Value self, Value permits)
{
    int64_t n;
    WakeList wakes = { NULL, NULL };
    Gate *s = gate_this(g, self, KIND_SEMAPHORE);
    if (!s || !wait_group_integer(g, permits, 1, UINT32_MAX, &n)) return VALUE_THROWN;
    bool is_entered = gate_enter(s), fits = s->count + n <= UINT32_MAX;
    if (fits) {
        atomic_set_relaxed(&s->count, s->count + (uint32_t)n);
        gate_open(s, &wakes);
    }
    gate_leave(s, is_entered);
    waitqueue_wake(g, &wakes);
    return fits ? VALUE_UNDEFINED : error_throw(g, ERROR_RANGE, "Semaphore has too many permits");
}

static Value lib_semaphore_release(Goroutine *g, Args a)
{
    return semaphore_release(g, a.self, arg(a, 0));
}

static Value lib_semaphore_dispose(Goroutine *g, Args a)
{
    return semaphore_release(g, a.self, VALUE_UNDEFINED);
}

static Value lib_semaphore_available(Goroutine *g, Args a)
{
    const Gate *s = gate_this(g, a.self, KIND_SEMAPHORE);
    return s ? value_from_uint32(atomic_get_relaxed(&s->count)) : VALUE_THROWN;
}

/* ---- installation -------------------------------------------------------------------------------------- */

static const NativeSpec lib_wait_group_prototype[] = {
    LIB_METHOD("add", 0, lib_wait_group_add),
    LIB_METHOD("done", 0, lib_wait_group_done),
    LIB_METHOD("wait", 0, lib_wait_group_wait),
    LIB_GETTER("count", lib_wait_group_count),
};

static const NativeSpec lib_semaphore_prototype[] = {
    LIB_METHOD("acquire", 0, lib_semaphore_acquire),
    LIB_METHOD("release", 0, lib_semaphore_release),
    LIB_METHOD("tryAcquire", 0, lib_semaphore_try),
    LIB_METHOD("tryAcquireFor", 1, lib_semaphore_try_for),
    LIB_GETTER("available", lib_semaphore_available),
    LIB_METHOD("[Symbol.dispose]", 0, lib_semaphore_dispose),
};

void lib_wait_group_install(const Lib *lib)
{
    static const NativeSpec constructors[] = {
        LIB_CONSTRUCTOR("WaitGroup", 0, lib_wait_group_construct),
        LIB_CONSTRUCTOR("Once", 0, lib_wait_group_once_construct),
        LIB_CONSTRUCTOR("Semaphore", 1, lib_semaphore_construct),
    };
    Value parent = install_intrinsic(lib, INTRINSIC_ObjectPrototype);
    for (size_t i = 0; i < COUNT_OF(constructors); i++) {
        IntrinsicId id = (IntrinsicId)(INTRINSIC_WaitGroup + 2 * i), proto = (IntrinsicId)(id + 1);
        install_constructor(lib, &constructors[i], id, proto, parent, VALUE_UNDEFINED);
        install_tag(lib, install_intrinsic(lib, proto), constructors[i].name);
    }
    INSTALL_TABLE(lib, install_intrinsic(lib, INTRINSIC_WaitGroupPrototype), lib_wait_group_prototype);
    INSTALL_TABLE(lib, install_intrinsic(lib, INTRINSIC_SemaphorePrototype), lib_semaphore_prototype);
    library_install(lib, "wait_group");
}
