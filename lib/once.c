/* SPDX-License-Identifier: MIT */
/* Once: a function runs once, and who comes meanwhile waits. The call itself is in once.us. */
#include "gc/barrier.h"
#include "gc/publish.h"
#include "lib/families.h"
#include "lib/gate.h"
#include "lib/intrinsics.h"
#include "lib/library.h"

/* Gate.depth of a Once. */
typedef enum OnceState { ONCE_FRESH, ONCE_RUNS, ONCE_DONE } OnceState;

static Value lib_once_construct(Goroutine *g, Args a)
{
    if (!args_is_construct(a)) return error_throw(g, ERROR_TYPE, "Constructor Once requires 'new'");
    Value proto = TRY(function_prototype_for(g, args_new_target(a), INTRINSIC_OncePrototype));
    return value_from_cell(gate_new(g, KIND_ONCE, proto));
}

/* $onceBegin(once): true when the caller is to run the function; otherwise waits until it has run. */
Value lib_once_begin(Goroutine *g, Args a)
{
    Gate *once = gate_this(g, arg(a, 0), KIND_ONCE);
    if (!once) return VALUE_THROWN;
    if (atomic_get_acquire(&once->depth) == ONCE_DONE) return VALUE_FALSE;       // with lib_once_end
    bool is_entered = gate_enter(once);
    OnceState state = (OnceState)once->depth;
    if (state == ONCE_RUNS) return gate_wait(g, once, is_entered, WAIT_ONCE, 0, false, INFINITY);
    if (state == ONCE_FRESH) atomic_set_relaxed(&once->depth, ONCE_RUNS);
    gate_leave(once, is_entered);
    return value_from_bool(state == ONCE_FRESH);
}

/* $onceEnd(once, value) */
Value lib_once_end(Goroutine *g, Args a)
{
    WakeList wakes = { NULL, NULL };
    Gate *once = gate_this(g, arg(a, 0), KIND_ONCE);
    if (!once) return VALUE_THROWN;
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
Value lib_once_value(Goroutine *g, Args a)
{
    (void)g;
    return cell_slot_get(&gate_of(arg(a, 0))->value);
}

void lib_once_install(const Lib *lib)
{
    static const NativeSpec constructor = LIB_CONSTRUCTOR("Once", 0, lib_once_construct);
    Value parent = install_intrinsic(lib, INTRINSIC_ObjectPrototype);
    install_constructor(lib, &constructor, INTRINSIC_Once, INTRINSIC_OncePrototype, parent, VALUE_UNDEFINED);
    Value proto = install_intrinsic(lib, INTRINSIC_OncePrototype);
    library_install(lib, "once");
    install_tag(lib, proto, "Once");
}
