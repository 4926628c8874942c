/* SPDX-License-Identifier: MIT */
#include "vm/object/promise.h"

#include "gc/alloc.h"
#include "gc/barrier.h"
#include "gc/monitor.h"
#include "gc/publish.h"
#include "vm/object/error.h"
#include "vm/object/job.h"
#include "vm/object/kinds.h"
#include "vm/object/realm.h"
#include "vm/value/equal.h"

static Promise *promise_alloc(LocalHeap *h, Shape *shape)
{
    Promise *p = object_alloc(h, shape, sizeof *p);
    p->state = value_from_int(PROMISE_PENDING);
    p->result = VALUE_UNDEFINED;
    p->first = p->last = VALUE_NULL;
    p->is_handled = VALUE_FALSE;
    return p;
}

Promise *promise_new(Goroutine *g)
{
    return promise_alloc(&g->heap, realm_current(g)->promise_shape);
}

Promise *promise_new_of_goroutine(Goroutine *g)
{
    Promise *p = promise_new(g);
    p->is_handled = VALUE_NULL;
    publish_cell(&g->heap, p);
    return p;
}

Promise *promise_new_with_proto(LocalHeap *h, Value proto)
{
    return promise_alloc(h, object_root_shape(h, KIND_PROMISE, proto, 0));
}

/* HostPromiseRejectionTracker (27.2.1.9). */
static void promise_track(Goroutine *g, Promise *p, bool handled)
{
    if (g->vm->hooks->rejection_changed) g->vm->hooks->rejection_changed(g, value_from_cell(p), handled);
}

/* ---- settling (27.2.1.4, 27.2.1.7) ------------------------------------------------------------------------------ */

static void promise_settle_state(Goroutine *g, Promise *p, PromiseState state, Value v)
{
    LocalHeap *h = &g->heap;
    bool entered = monitor_enter(h, p);
    ASSERT(promise_state(p) == PROMISE_PENDING, "I1");
    Value reaction = p->first;
    barrier_store(h, p, &p->result, v);
    barrier_store(h, p, &p->first, VALUE_NULL);
    barrier_store(h, p, &p->last, VALUE_NULL);
    barrier_store(h, p, &p->state, value_from_int(state));           // releases if the promise is shared
    monitor_exit(h, p, entered);
    while (!value_is_null(reaction)) {
        job_enqueue_reaction(g, (const Reaction *)value_cell(reaction), v, state == PROMISE_REJECTED);
        reaction = ((Reaction *)value_cell(reaction))->next;
    }
}

void promise_fulfill(Goroutine *g, Promise *p, Value v)
{
    promise_settle_state(g, p, PROMISE_FULFILLED, v);
}

void promise_reject(Goroutine *g, Promise *p, Value reason)
{
    promise_settle_state(g, p, PROMISE_REJECTED, reason);
    Value is_handled = atomic_get_relaxed(&p->is_handled);
    if (is_handled == VALUE_FALSE) promise_track(g, p, false);
    else if (is_handled == VALUE_NULL)                                                         // I2
        job_send(g, g->vm->main->inbox, JOB_REJECTION, value_from_cell(p), VALUE_UNDEFINED, VALUE_UNDEFINED);
}

void promise_resolve(Goroutine *g, Promise *p, Value resolution)
{
    if (resolution == value_from_cell(p)) {                                                    // 7
        error_throw(g, ERROR_TYPE, "Chaining cycle detected for promise #<Promise>");
        promise_reject(g, p, error_take(g));
        return;
    }
    if (!value_is_object(resolution)) {                                                        // 8
        promise_fulfill(g, p, resolution);
        return;
    }
    Value then = object_get(g, object_of(resolution), vm_atom(g->vm, ATOM_then));              // 9
    if (value_is_thrown(then)) promise_reject(g, p, error_take(g));                            // 10
    else if (!value_is_callable(then)) promise_fulfill(g, p, resolution);                      // 12
    else job_enqueue(g, JOB_THENABLE, value_from_cell(p), resolution, then);                   // 13-15
}

/* ---- resolving functions: data 0 the promise, data 1 a box shared by both: already resolved? -------------------- */

static bool promise_take_turn(Args a)
{
    Box *turn = (Box *)value_cell(args_data(a, 1));
    Value taken = VALUE_FALSE;
    if (cell_is_shared(&turn->cell)) return atomic_cas(&turn->value, &taken, VALUE_TRUE);
    if (turn->value == VALUE_TRUE) return false;
    turn->value = VALUE_TRUE;
    return true;
}

static Value promise_resolve_function(Goroutine *g, Args a)      // Promise Resolve Functions, ECMA-262 27.2.1.3.2
{
    if (promise_take_turn(a)) promise_resolve(g, promise_of(args_data(a, 0)), arg(a, 0));
    return VALUE_UNDEFINED;
}

static Value promise_reject_function(Goroutine *g, Args a)       // Promise Reject Functions, ECMA-262 27.2.1.3.1
{
    if (promise_take_turn(a)) promise_reject(g, promise_of(args_data(a, 0)), arg(a, 0));
    return VALUE_UNDEFINED;
}

static const NativeSpec promise_resolve_spec = { .name = "", .function = promise_resolve_function, .length = 1 };
static const NativeSpec promise_reject_spec = { .name = "", .function = promise_reject_function, .length = 1 };

void promise_resolving_functions(Goroutine *g, Promise *p, Value *resolve, Value *reject)
{
    LocalHeap *h = &g->heap;
    Realm *realm = realm_current(g);
    const Value data[] = { value_from_cell(p), value_from_cell(function_new_box(h, VALUE_FALSE)) };
    *resolve = function_new_capturing(h, realm, &promise_resolve_spec, COUNT_OF(data), data);
    *reject = function_new_capturing(h, realm, &promise_reject_spec, COUNT_OF(data), data);
}

/* ---- capabilities ------------------------------------------------------------------------------------------------ */

static bool promise_fill_executor_locked(LocalHeap *h, Native *executor, Value resolve, Value reject)
{
    if (!value_is_undefined(executor->data[0]) || !value_is_undefined(executor->data[1])) return false;
    barrier_store(h, executor, &executor->data[0], resolve);
    barrier_store(h, executor, &executor->data[1], reject);
    return true;
}

/* The executor keeps what it is given: data 0 resolve, data 1 reject (27.2.1.5.1). */
static Value promise_capability_executor(Goroutine *g, Args a)
{
    LocalHeap *h = &g->heap;
    Native *self = function_native(args_callee(a));
    bool entered = monitor_enter(h, self);
    bool was_free = promise_fill_executor_locked(h, self, arg(a, 0), arg(a, 1));
    monitor_exit(h, self, entered);
    if (was_free) return VALUE_UNDEFINED;
    return error_throw(g, ERROR_TYPE, "Promise executor has already been invoked with non-undefined arguments");
}

static const NativeSpec promise_executor_spec = { .name = "", .function = promise_capability_executor, .length = 2 };

bool promise_new_capability(Goroutine *g, Value constructor, bool direct, Capability *capability)
{
    Realm *realm = realm_current(g);
    *capability = (Capability){ VALUE_UNDEFINED, VALUE_UNDEFINED, VALUE_UNDEFINED };
    if (constructor == realm_intrinsic(realm, INTRINSIC_Promise)) {
        Promise *p = promise_new(g);
        capability->promise = value_from_cell(p);
        if (!direct) promise_resolving_functions(g, p, &capability->resolve, &capability->reject);
        return true;
    }
    if (!callable_is_constructor(constructor)) return error_throw_bool(g, ERROR_TYPE, "%V is not a constructor", constructor);
    Native *executor = function_new_native(&g->heap, realm, &promise_executor_spec, g->vm->empty_string, 2);
    Value argument = value_from_cell(executor);
    capability->promise = TRY_BOOL(callable_construct(g, constructor, 1, &argument, constructor));
    capability->resolve = executor->data[0];
    capability->reject = executor->data[1];
    if (value_is_callable(capability->resolve) && value_is_callable(capability->reject)) return true;
    return error_throw_bool(g, ERROR_TYPE, "Promise resolve or reject function is not callable");
}

bool promise_settle(Goroutine *g, const Capability *capability, bool rejected, Value v)
{
    Value f = rejected ? capability->reject : capability->resolve;
    if (!value_is_undefined(f)) return callable_call1(g, f, VALUE_UNDEFINED, v) != VALUE_THROWN;
    if (value_is_undefined(capability->promise)) return true;
    if (rejected) promise_reject(g, promise_of(capability->promise), v);
    else promise_resolve(g, promise_of(capability->promise), v);
    return true;
}

Value promise_resolve_with(Goroutine *g, Value constructor, Value v)
{
    if (value_is_kind(v, KIND_PROMISE)) {
        Value c = TRY(object_get(g, object_of(v), vm_atom(g->vm, ATOM_constructor)));
        if (equal_same_value(&g->heap, c, constructor)) return v;
    }
    Capability capability;
    OK(promise_new_capability(g, constructor, true, &capability));
    OK(promise_settle(g, &capability, false, v));
    return capability.promise;
}

/* ---- then -------------------------------------------------------------------------------------------------------- */

static Value promise_new_reaction(Goroutine *g, Value on_fulfilled, Value on_rejected, const Capability *capability)
{
    Inbox *home = inbox_of(g);
    Reaction *r = alloc_small(&g->heap, ALLOC_ROUND(sizeof *r), CELL_HEADER(0, KIND_REACTION, 0));
    r->next = VALUE_NULL;
    r->on_fulfilled = on_fulfilled;
    r->on_rejected = on_rejected;
    r->promise = capability ? capability->promise : VALUE_UNDEFINED;
    r->resolve = capability ? capability->resolve : VALUE_UNDEFINED;
    r->reject = capability ? capability->reject : VALUE_UNDEFINED;
    r->home = home;
    return value_from_cell(r);
}

static void promise_append_locked(LocalHeap *h, Promise *p, Value reaction)
{
    if (value_is_null(p->first)) {
        barrier_store(h, p, &p->first, reaction);
    } else {
        Reaction *last = (Reaction *)value_cell(p->last);
        barrier_store(h, last, &last->next, reaction);
    }
    barrier_store(h, p, &p->last, reaction);
}

void promise_then(Goroutine *g, Promise *p, Value on_fulfilled, Value on_rejected, const Capability *capability)
{
    LocalHeap *h = &g->heap;
    Value reaction = promise_new_reaction(g, on_fulfilled, on_rejected, capability);
    bool entered = monitor_enter(h, p);
    PromiseState state = promise_state(p);
    bool was_handled = promise_is_handled(p);
    if (state == PROMISE_PENDING) promise_append_locked(h, p, reaction);
    atomic_set_relaxed(&p->is_handled, VALUE_TRUE);
    monitor_exit(h, p, entered);
    if (state == PROMISE_PENDING) return;
    if (state == PROMISE_REJECTED && !was_handled) promise_track(g, p, true);
    job_enqueue(g, JOB_REACTION, reaction, p->result, value_from_bool(state == PROMISE_REJECTED));
}

Promise *promise_start(Goroutine *g, Value f)
{
    Promise *p = promise_new(g);
    Capability capability = { value_from_cell(p), VALUE_UNDEFINED, VALUE_UNDEFINED };
    Value reaction = promise_new_reaction(g, f, VALUE_UNDEFINED, &capability);
    job_enqueue_first(g, JOB_REACTION, reaction, VALUE_UNDEFINED, VALUE_FALSE);
    return p;
}

void promise_set_handled(Goroutine *g, Promise *p)
{
    bool entered = monitor_enter(&g->heap, p);
    atomic_set_relaxed(&p->is_handled, VALUE_TRUE);
    monitor_exit(&g->heap, p, entered);
}

/* ---- jobs -------------------------------------------------------------------------------------------------------- */

Value promise_end_reaction(Goroutine *g, Value reaction, Value v)
{
    const Reaction *r = (const Reaction *)value_cell(reaction);
    bool rejected = value_is_thrown(v);
    if (rejected) v = error_take(g);
    Capability capability = { r->promise, r->resolve, r->reject };
    return promise_settle(g, &capability, rejected, v) ? VALUE_UNDEFINED : VALUE_THROWN;
}

/* NewPromiseReactionJob (27.2.2.1). */
Value promise_run_reaction(Goroutine *g, Value reaction, Value argument, bool rejected)
{
    const Reaction *r = (const Reaction *)value_cell(reaction);
    Value handler = rejected ? r->on_rejected : r->on_fulfilled;
    if (value_is_kind(handler, KIND_COROUTINE)) {
        g->vm->hooks->continue_coroutine(g, handler, rejected, argument);
        return VALUE_UNDEFINED;
    }
    if (value_is_kind(handler, KIND_WAKER)) {
        g->vm->hooks->spawn_wake(g, handler, rejected, argument);
        return VALUE_UNDEFINED;
    }
    Value v = argument;
    if (!value_is_undefined(handler)) {
        v = callable_call1(g, handler, VALUE_UNDEFINED, argument);
        rejected = value_is_thrown(v);
        if (rejected) v = error_take(g);
    }
    Capability capability = { r->promise, r->resolve, r->reject };
    return promise_settle(g, &capability, rejected, v) ? VALUE_UNDEFINED : VALUE_THROWN;
}

/* NewPromiseResolveThenableJob (27.2.2.2). */
Value promise_run_thenable(Goroutine *g, Value promise, Value thenable, Value then)
{
    Value resolve, reject;
    promise_resolving_functions(g, promise_of(promise), &resolve, &reject);
    Value result = callable_call2(g, then, thenable, resolve, reject);
    if (!value_is_thrown(result)) return VALUE_UNDEFINED;
    return callable_call1(g, reject, VALUE_UNDEFINED, error_take(g));
}

void promise_register_kinds(void)
{
    kinds_register(KIND_PROMISE, &(GcKind){ .name = "PROMISE", .base_bytes = sizeof(Promise) }, NULL);
    kinds_register(KIND_REACTION, &(GcKind){ .name = "REACTION", .base_bytes = sizeof(Reaction) }, NULL);
}
