/* SPDX-License-Identifier: MIT */
/* The global `runtime`: goroutines, locks and sleep; and what array.us asks for to run goroutines of its own. */
#include "lib/families.h"
#include "lib/gate.h"
#include "lib/intrinsics.h"
#include "vm/base/clock.h"
#include "vm/exec/spawn.h"
#include "vm/sched/sched.h"
#include "vm/sched/timer.h"

/* ---- runtime.go ---------------------------------------------------------------------------------------- */

static Value lib_runtime_id(Goroutine *g, Args a)
{
    (void)a;
    return value_from_double((double)g->id);
}

static Value lib_runtime_count(Goroutine *g, Args a)
{
    (void)a;
    return value_from_double((double)sched_count(g->vm));
}

static Value lib_runtime_yield(Goroutine *g, Args a)
{
    (void)a;
    return sched_give_way(g);
}

/* ---- sleep, locks -------------------------------------------------------------------------------------- */

/* sleep(ms): the goroutine's other tasks, and other goroutines, go on. */
static Value lib_runtime_sleep(Goroutine *g, Args a)
{
    double ms;
    OK(gate_milliseconds(g, arg(a, 0), &ms));
    int64_t deadline_ns = clock_deadline(clock_monotonic_ns(), ms < 9e12 ? (int64_t)(ms * 1e6) : INT64_MAX);
    uint32_t ticket = fiber_begin_wait(g, WAIT_SLEEP, VALUE_UNDEFINED, NULL);
    timer_wake_fiber_at(g, fiber_current(g), ticket, deadline_ns, VALUE_UNDEFINED);
    return VALUE_PARKED;
}

static Value lib_runtime_create_lock(Goroutine *g, Args a)
{
    (void)a;
    return value_from_cell(gate_new(g, KIND_LOCK, realm_intrinsic(realm_current(g), INTRINSIC_LockPrototype)));
}

/* ---- what array.us asks for ---------------------------------------------------------------------------- */

/* $spawn(f, ...arguments): calls f in a goroutine of its own. A promise of its result. */
Value lib_runtime_spawn(Goroutine *g, Args a)
{
    Value arguments[8];
    uint32_t count = a.count - 1;
    ASSERT(a.count && count <= COUNT_OF(arguments), "the library spawns functions of few parameters");
    for (uint32_t i = 0; i < count; i++) arguments[i] = arg(a, i + 1);
    return spawn_call(g, arg(a, 0), VALUE_UNDEFINED, count, arguments, true);
}

/* $promise(): %Promise%. */
Value lib_runtime_promise(Goroutine *g, Args a)
{
    (void)a;
    return realm_intrinsic(realm_current(g), INTRINSIC_Promise);
}

/* $hide(object, name, v): a property as built-in methods are. */
Value lib_runtime_hide(Goroutine *g, Args a)
{
    object_define(&g->heap, object_of(arg(a, 0)), arg(a, 1), arg(a, 2), PROPERTY_METHOD);
    return VALUE_UNDEFINED;
}

/* ---- installation -------------------------------------------------------------------------------------- */

static const NativeSpec lib_runtime_go[] = {
    LIB_METHOD("id", 0, lib_runtime_id),
    LIB_METHOD("count", 0, lib_runtime_count),
    LIB_METHOD("yield", 0, lib_runtime_yield),
};

static const NativeSpec lib_runtime_lock[] = {
    LIB_METHOD("create", 0, lib_runtime_create_lock),
};

static const NativeSpec lib_runtime_own[] = {
    LIB_METHOD("sleep", 1, lib_runtime_sleep),
};

void lib_runtime_install(const Lib *lib)
{
    Value parent = install_intrinsic(lib, INTRINSIC_ObjectPrototype);
    Value runtime = install_object(lib, parent), go = install_object(lib, parent), lock = install_object(lib, parent);
    INSTALL_TABLE(lib, go, lib_runtime_go);
    INSTALL_TABLE(lib, lock, lib_runtime_lock);
    INSTALL_TABLE(lib, runtime, lib_runtime_own);
    install_value(lib, runtime, "go", go, PROPERTY_DEFAULT);
    install_value(lib, runtime, "lock", lock, PROPERTY_DEFAULT);
    install_tag(lib, runtime, "runtime");
    install_global(lib, "runtime", runtime);
}
