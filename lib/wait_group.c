/* SPDX-License-Identifier: MIT */
/* WaitGroup: a counter, and who waits until it is 0. */
#include "gc/barrier.h"
#include "lib/families.h"
#include "lib/gate.h"

static Value lib_wait_group_construct(Goroutine *g, Args a)
{
    if (!args_is_construct(a)) return error_throw(g, ERROR_TYPE, "Constructor WaitGroup requires 'new'");
    Value proto = TRY(function_prototype_for(g, args_new_target(a), INTRINSIC_WaitGroupPrototype));
    return value_from_cell(gate_new(g, KIND_WAIT_GROUP, proto));
}

static Value wait_group_add(Goroutine *g, Gate *group, int64_t n)
{
    if (gate_count(g, group, n)) return VALUE_UNDEFINED;
    return error_throw(g, ERROR_RANGE, n < 0 ? "negative WaitGroup counter" : "WaitGroup counter is too large");
}

static Value lib_wait_group_add(Goroutine *g, Args a)
{
    int64_t n;
    Gate *group = gate_this(g, a.self, KIND_WAIT_GROUP);
    if (!group || !gate_integer(g, arg(a, 0), INT32_MIN, INT32_MAX, &n)) return VALUE_THROWN;
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
    if (atomic_get_acquire(&group->count)) return gate_wait(g, group, is_entered, WAIT_GROUP, 0, false, INFINITY);
    gate_leave(group, is_entered);
    return a.self;
}

static Value lib_wait_group_count(Goroutine *g, Args a)
{
    const Gate *group = gate_this(g, a.self, KIND_WAIT_GROUP);
    return group ? value_from_uint32(atomic_get_relaxed(&group->count)) : VALUE_THROWN;
}

/* ---- installation -------------------------------------------------------------------------------------- */

static const NativeSpec lib_wait_group_prototype[] = {
    LIB_METHOD("add", 0, lib_wait_group_add),
    LIB_METHOD("done", 0, lib_wait_group_done),
    LIB_METHOD("wait", 0, lib_wait_group_wait),
    LIB_GETTER("count", lib_wait_group_count),
};

void lib_wait_group_install(const Lib *lib)
{
    static const NativeSpec constructor = LIB_CONSTRUCTOR("WaitGroup", 0, lib_wait_group_construct);
    Value parent = install_intrinsic(lib, INTRINSIC_ObjectPrototype);
    install_constructor(lib, &constructor, INTRINSIC_WaitGroup, INTRINSIC_WaitGroupPrototype, parent, VALUE_UNDEFINED);
    Value proto = install_intrinsic(lib, INTRINSIC_WaitGroupPrototype);
    INSTALL_TABLE(lib, proto, lib_wait_group_prototype);
    install_tag(lib, proto, "WaitGroup");
}
