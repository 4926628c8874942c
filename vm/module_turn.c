/* SPDX-License-Identifier: MIT */
/* Who links and evaluates modules: one goroutine at a time. Evaluation runs the program's code, so others do not wait
 * in place: they come back in a job of their own, once the promise of the turn's end has been fulfilled. That promise
 * is among the main realm's intrinsics, made by the first who waits. */
#include "gc/monitor.h"
#include "vm/module.h"
#include "vm/object/realm.h"

/* The turn is under the monitor of the main realm's global object. */
static bool module_turn_enter_monitor(Goroutine *g)
{
    return monitor_enter(&g->heap, g->vm->realms->global);
}

static void module_turn_exit_monitor(Goroutine *g, bool entered)
{
    monitor_exit(&g->heap, g->vm->realms->global, entered);
}

static Value *module_turn_end(Goroutine *g)
{
    return &g->vm->realms->intrinsics[INTRINSIC_Module_turn_end];
}

static bool module_turn_take_locked(Goroutine *g)
{
    Vm *vm = g->vm;
    if (vm->module_turn && vm->module_turn != g) return false;
    vm->module_turn = g;
    vm->module_turn_depth++;
    return true;
}

bool module_try_enter(Goroutine *g)
{
    bool entered = module_turn_enter_monitor(g);
    bool taken = module_turn_take_locked(g);
    module_turn_exit_monitor(g, entered);
    return taken;
}

void module_exit(Goroutine *g)
{
    Value end = VALUE_UNDEFINED;
    bool entered = module_turn_enter_monitor(g);
    ASSERT(g->vm->module_turn == g, "whose turn it is ends it");
    if (--g->vm->module_turn_depth == 0) {
        g->vm->module_turn = NULL;
        end = *module_turn_end(g);
        *module_turn_end(g) = VALUE_UNDEFINED;
    }
    module_turn_exit_monitor(g, entered);
    if (!value_is_undefined(end)) promise_fulfill(g, promise_of(end), VALUE_UNDEFINED);
}

/* data 0: the function, data 1: its argument. */
static Value module_turn_retry(Goroutine *g, Args a)
{
    return callable_call1(g, args_data(a, 0), VALUE_UNDEFINED, args_data(a, 1));
}

bool module_enter_or_retry(Goroutine *g, Args a)
{
    static const NativeSpec spec = { .name = "", .function = module_turn_retry };
    Value end = VALUE_UNDEFINED;
    bool entered = module_turn_enter_monitor(g);
    bool taken = module_turn_take_locked(g);
    if (!taken) {
        end = *module_turn_end(g);
        if (value_is_undefined(end)) end = value_from_cell(promise_new(g));
        realm_set_root(&g->heap, g->vm->realms, module_turn_end(g), end);
    }
    module_turn_exit_monitor(g, entered);
    if (taken) return true;
    Value data[] = { args_callee(a), arg(a, 0) };
    Value retry = function_new_capturing(&g->heap, realm_current(g), &spec, COUNT_OF(data), data);
    promise_then(g, promise_of(end), retry, VALUE_UNDEFINED, NULL);
    return false;
}
