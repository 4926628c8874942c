/* SPDX-License-Identifier: MIT */
/* Semaphore: permits, handed out in the order they are asked for. */
#include "lib/families.h"
#include "lib/gate.h"

static Value lib_semaphore_construct(Goroutine *g, Args a)
{
    int64_t n;
    if (!args_is_construct(a)) return error_throw(g, ERROR_TYPE, "Constructor Semaphore requires 'new'");
    OK(gate_integer(g, arg(a, 0), 0, UINT32_MAX, &n));
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
    if (!s || !gate_integer(g, permits, 1, UINT32_MAX, &n)) return VALUE_THROWN;
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
    Gate *s = gate_this(g, self, KIND_SEMAPHORE);
    if (!s || !gate_integer(g, permits, 1, UINT32_MAX, &n)) return VALUE_THROWN;
    return gate_count(g, s, n) ? VALUE_UNDEFINED : error_throw(g, ERROR_RANGE, "Semaphore has too many permits");
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

static const NativeSpec lib_semaphore_prototype[] = {
    LIB_METHOD("acquire", 0, lib_semaphore_acquire),
    LIB_METHOD("release", 0, lib_semaphore_release),
    LIB_METHOD("tryAcquire", 0, lib_semaphore_try),
    LIB_METHOD("tryAcquireFor", 1, lib_semaphore_try_for),
    LIB_GETTER("available", lib_semaphore_available),
    LIB_METHOD("[Symbol.dispose]", 0, lib_semaphore_dispose),
};

void lib_semaphore_install(const Lib *lib)
{
    static const NativeSpec constructor = LIB_CONSTRUCTOR("Semaphore", 1, lib_semaphore_construct);
    Value parent = install_intrinsic(lib, INTRINSIC_ObjectPrototype);
    install_constructor(lib, &constructor, INTRINSIC_Semaphore, INTRINSIC_SemaphorePrototype, parent, VALUE_UNDEFINED);
    Value proto = install_intrinsic(lib, INTRINSIC_SemaphorePrototype);
    INSTALL_TABLE(lib, proto, lib_semaphore_prototype);
    install_tag(lib, proto, "Semaphore");
}
