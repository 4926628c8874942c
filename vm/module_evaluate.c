/* SPDX-License-Identifier: MIT */
/* Evaluating modules, those with top-level await among them (ECMA-262 16.2.1.6.1.3). */
#include <stdlib.h>

#include "gc/barrier.h"
#include "vm/base/atomic.h"
#include "vm/module.h"
#include "vm/object/list.h"

/* What one call of module_evaluate carries through the graph. */
typedef struct Evaluation {
    Goroutine *g;
    ValueList *stack;
    int32_t    index;
} Evaluation;

/* Only the order of the numbers matters, so all VMs share the count. */
static double module_next_order(void)
{
    static uint64_t count;
    return (double)atomic_add_relaxed(&count, 1) + 1;
}

static bool module_is_async(const Module *m)
{
    return value_number(m->async_order) != 0;
}

static bool module_has_await(const Module *m)
{
    const UnitModule *tables = module_tables(m);
    return tables && tables->has_top_level_await;
}

/* Does it end some time after it was run? */
static bool module_ends_later(const Module *m)
{
    return module_has_await(m) || m->is_program == VALUE_TRUE;
}

static void module_set(Goroutine *g, Module *m, Value *field, Value v)
{
    barrier_store(&g->heap, m, field, v);
}

static void module_set_status(Module *m, ModuleStatus status)
{
    m->status = value_from_int((int32_t)status);
}

static Module *module_root(const Module *m)
{
    return module_of(m->cycle_root);
}

/* ---- running a body ---------------------------------------------------------------------------------------------- */

static Value module_call_body(Goroutine *g, Module *m)
{
    Function *f = code_new_top_function(&g->heap, m->code, m->environment);
    if (m->is_program == VALUE_TRUE) return value_from_cell(promise_start(g, value_from_cell(f)));
    return callable_call0(g, value_from_cell(f), VALUE_UNDEFINED);
}

static bool module_run(Goroutine *g, Module *m)
{
    if (!m->code) return module_fill_synthetic(g, m);
    return !value_is_thrown(module_call_body(g, m));
}

static void module_fulfilled(Goroutine *g, Module *m);
static void module_rejected(Goroutine *g, Module *m, Value error);

static Value module_on_fulfilled(Goroutine *g, Args a)
{
    if (!module_enter_or_retry(g, a)) return VALUE_UNDEFINED;
    module_fulfilled(g, module_of(args_data(a, 0)));
    module_exit(g);
    return VALUE_UNDEFINED;
}

static Value module_on_rejected(Goroutine *g, Args a)
{
    if (!module_enter_or_retry(g, a)) return VALUE_UNDEFINED;
    module_rejected(g, module_of(args_data(a, 0)), arg(a, 0));
    module_exit(g);
    return VALUE_UNDEFINED;
}

static Value module_reaction(Goroutine *g, const NativeSpec *spec, Module *m)
{
    return function_new_capturing(&g->heap, realm_current(g), spec, 1, (Value[]){ value_from_cell(m) });
}

/* ExecuteAsyncModule: the body is an async function, or the program. */
static void module_run_async(Goroutine *g, Module *m)
{
    static const NativeSpec fulfilled = { .name = "", .function = module_on_fulfilled };
    static const NativeSpec rejected = { .name = "", .function = module_on_rejected, .length = 1 };
    Value promise = module_call_body(g, m);
    if (value_is_thrown(promise)) {
        Promise *p = promise_new(g);
        promise_reject(g, p, error_take(g));
        promise = value_from_cell(p);
    }
    Value on_fulfilled = module_reaction(g, &fulfilled, m), on_rejected = module_reaction(g, &rejected, m);
    promise_then(g, promise_of(promise), on_fulfilled, on_rejected, NULL);
}

/* ---- what waited ------------------------------------------------------------------------------------------------- */

static bool module_list_has(const ValueList *list, const Module *m)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (list->items[i] == value_from_cell(m)) return true;
    return false;
}

/* GatherAvailableAncestors. */
static void module_gather(Goroutine *g, Module *m, ValueList **ready)
{
    if (!value_is_kind(m->parents, KIND_VALUES)) return;
    const ValueList *parents = (const ValueList *)value_cell(m->parents);
    for (uint32_t i = 0; i < parents->count; i++) {
        Module *parent = module_of(parents->items[i]);
        if (module_list_has(*ready, parent) || module_root(parent)->error != VALUE_HOLE) continue;
        parent->pending = value_from_int(value_int(parent->pending) - 1);
        if (value_int(parent->pending) > 0) continue;
        list_push(&g->heap, ready, value_from_cell(parent));
        if (!module_ends_later(parent)) module_gather(g, parent, ready);
    }
}

static void module_sort_by_order(ValueList *list)
{
    for (uint32_t i = 1; i < list->count; i++) {
        Value v = list->items[i];
        uint32_t k = i;
        for (; k > 0 && value_number(module_of(list->items[k - 1])->async_order) > value_number(module_of(v)->async_order); k--)
            list->items[k] = list->items[k - 1];
        list->items[k] = v;
    }
}

static void module_settle(Goroutine *g, Module *m, bool rejected, Value v)
{
    if (value_is_undefined(m->promise)) return;
    if (rejected) promise_reject(g, promise_of(m->promise), v);
    else promise_fulfill(g, promise_of(m->promise), VALUE_UNDEFINED);
}

static void module_end_async(Module *m)
{
    m->async_order = value_from_double(MODULE_ASYNC_DONE);
    module_set_status(m, MODULE_EVALUATED);
}

/* AsyncModuleExecutionFulfilled. */
static void module_fulfilled(Goroutine *g, Module *m)
{
    if (module_status(m) == MODULE_EVALUATED) return;
    module_end_async(m);
    module_settle(g, m, false, VALUE_UNDEFINED);
    ValueList *ready = list_new(&g->heap, 4);
    module_gather(g, m, &ready);
    module_sort_by_order(ready);
    for (uint32_t i = 0; i < ready->count; i++) {
        Module *next = module_of(ready->items[i]);
        if (module_status(next) == MODULE_EVALUATED) continue;
        if (module_ends_later(next)) {
            module_run_async(g, next);
        } else if (module_run(g, next)) {
            module_end_async(next);
            module_settle(g, next, false, VALUE_UNDEFINED);
        } else {
            module_rejected(g, next, error_take(g));
        }
    }
}

/* AsyncModuleExecutionRejected. */
static void module_rejected(Goroutine *g, Module *m, Value error)
{
    if (module_status(m) == MODULE_EVALUATED) return;
    module_set(g, m, &m->error, error);
    module_end_async(m);
    module_settle(g, m, true, error);
    if (!value_is_kind(m->parents, KIND_VALUES)) return;
    const ValueList *parents = (const ValueList *)value_cell(m->parents);
    for (uint32_t i = 0; i < parents->count; i++) module_rejected(g, module_of(parents->items[i]), error);
}

/* ---- the graph --------------------------------------------------------------------------------------------------- */

static void module_add_parent(Goroutine *g, Module *m, Module *parent)
{
    ValueList *list = value_is_kind(m->parents, KIND_VALUES) ? (ValueList *)value_cell(m->parents)
        : list_new(&g->heap, 2);
    list_push(&g->heap, &list, value_from_cell(parent));
    module_set(g, m, &m->parents, value_from_cell(list));
}

static bool module_throw_again(Goroutine *g, const Module *m)
{
    error_throw_value(g, m->error);
    return false;
}

static bool module_evaluate_in(Evaluation *e, Module *m);

static bool module_evaluate_requested(Evaluation *e, Module *m, Module *from)
{
    OK_BOOL(module_evaluate_in(e, from));
    if (module_status(from) == MODULE_EVALUATING) {
        if (value_int(from->dfs_ancestor) < value_int(m->dfs_ancestor)) m->dfs_ancestor = from->dfs_ancestor;
    } else {
        from = module_root(from);
        if (from->error != VALUE_HOLE) return module_throw_again(e->g, from);
    }
    if (module_is_async(from) && module_status(from) != MODULE_EVALUATED) {
        m->pending = value_from_int(value_int(m->pending) + 1);
        module_add_parent(e->g, from, m);
    }
    return true;
}

static bool module_start(Evaluation *e, Module *m)
{
    if (value_int(m->pending) == 0 && !module_ends_later(m)) return module_run(e->g, m);
    m->async_order = value_from_double(module_next_order());
    if (value_int(m->pending) == 0) module_run_async(e->g, m);
    return true;
}

static void module_leave_cycle(Evaluation *e, Module *m)
{
    for (Module *done = NULL; done != m;) {
        done = module_of(e->stack->items[--e->stack->count]);
        module_set_status(done, module_is_async(done) ? MODULE_EVALUATING_ASYNC : MODULE_EVALUATED);
        module_set(e->g, done, &done->cycle_root, value_from_cell(m));
    }
}

/* InnerModuleEvaluation. */
static bool module_evaluate_in(Evaluation *e, Module *m)
{
    char here;
    ModuleStatus status = module_status(m);
    if (status == MODULE_EVALUATING_ASYNC || status == MODULE_EVALUATED)
        return m->error == VALUE_HOLE || module_throw_again(e->g, m);
    if (status == MODULE_EVALUATING) return true;
    if (&here < e->g->native_limit) return error_throw_bool(e->g, ERROR_RANGE, "Maximum call stack size exceeded");
    module_set_status(m, MODULE_EVALUATING);
    m->dfs_index = m->dfs_ancestor = value_from_int(e->index++);
    m->pending = VALUE_ZERO;
    list_push(&e->g->heap, &e->stack, value_from_cell(m));
    for (uint32_t i = 0; i < m->requested->count; i++)
        OK_BOOL(module_evaluate_requested(e, m, module_of(m->requested->items[i])));
    OK_BOOL(module_start(e, m));
    if (m->dfs_ancestor == m->dfs_index) module_leave_cycle(e, m);
    return true;
}

static void module_fail(Evaluation *e, Value error)
{
    for (uint32_t i = 0; i < e->stack->count; i++) {
        Module *m = module_of(e->stack->items[i]);
        module_set_status(m, MODULE_EVALUATED);
        module_set(e->g, m, &m->error, error);
        if (value_is_undefined(m->cycle_root)) module_set(e->g, m, &m->cycle_root, value_from_cell(m));
    }
}

Value module_evaluate(Goroutine *g, Module *m)
{
    ModuleStatus status = module_status(m);
    if ((status == MODULE_EVALUATING_ASYNC || status == MODULE_EVALUATED) && value_is_kind(m->cycle_root, KIND_MODULE))
        m = module_root(m);
    if (!value_is_undefined(m->promise)) return m->promise;
    Promise *p = promise_new(g);
    module_set(g, m, &m->promise, value_from_cell(p));
    Evaluation e = { .g = g, .stack = list_new(&g->heap, 8) };
    if (!module_evaluate_in(&e, m)) {
        Value error = error_take(g);
        module_fail(&e, error);
        promise_reject(g, p, error);
    } else if (!module_is_async(m)) {
        promise_fulfill(g, p, VALUE_UNDEFINED);
    }
    return value_from_cell(p);
}
