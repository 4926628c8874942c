/* SPDX-License-Identifier: MIT */
/* Promise (ECMA-262 27.2) and queueMicrotask; what calls back for its work, the combinators above all, is in
 * promise.us. */
#include "lib/families.h"
#include "lib/intrinsics.h"
#include "lib/library.h"
#include "vm/object/job.h"
#include "vm/object/promise.h"

/* ---- constructor (27.2.3.1) -------------------------------------------------------------------------------------- */

static Value lib_promise_construct(Goroutine *g, Args a)
{
    Value resolve, reject;
    if (!args_is_construct(a)) return error_throw(g, ERROR_TYPE, "Promise constructor cannot be invoked without 'new'");
    Value executor = arg(a, 0);
    if (!value_is_callable(executor)) return error_throw(g, ERROR_TYPE, "Promise resolver %V is not a function", executor);
    Value proto = TRY(function_prototype_for(g, args_new_target(a), INTRINSIC_PromisePrototype));
    Promise *p = promise_new_with_proto(&g->heap, proto);
    promise_resolving_functions(g, p, &resolve, &reject);
    Value result = callable_call2(g, executor, VALUE_UNDEFINED, resolve, reject);
    if (value_is_thrown(result)) TRY(callable_call1(g, reject, VALUE_UNDEFINED, error_take(g)));
    return value_from_cell(p);
}

/* 27.2.4.7. */
static Value lib_promise_resolve(Goroutine *g, Args a)
{
    if (!value_is_object(a.self)) return error_throw(g, ERROR_TYPE, "Promise.resolve called on %V", a.self);
    return promise_resolve_with(g, a.self, arg(a, 0));
}

/* 27.2.4.6. */
static Value lib_promise_reject(Goroutine *g, Args a)
{
    Capability capability;
    OK(promise_new_capability(g, a.self, true, &capability));
    OK(promise_settle(g, &capability, true, arg(a, 0)));
    return capability.promise;
}

/* 27.2.4.9. */
static Value lib_promise_with_resolvers(Goroutine *g, Args a)
{
    Capability capability;
    OK(promise_new_capability(g, a.self, false, &capability));
    Object *o = realm_new_object(g, INTRINSIC_ObjectPrototype);
    object_define(&g->heap, o, intern_key_text(&g->heap, "promise"), capability.promise, PROPERTY_DEFAULT);
    object_define(&g->heap, o, intern_key_text(&g->heap, "resolve"), capability.resolve, PROPERTY_DEFAULT);
    object_define(&g->heap, o, intern_key_text(&g->heap, "reject"), capability.reject, PROPERTY_DEFAULT);
    return value_from_cell(o);
}

/* get Promise[Symbol.species] (27.2.4.10). */
static Value lib_promise_species(Goroutine *g, Args a)
{
    (void)g;
    return a.self;
}

/* ---- Promise.prototype.then (27.2.5.4) --------------------------------------------------------------------------- */

static Value lib_promise_then(Goroutine *g, Args a)
{
    Capability capability;
    if (!value_is_kind(a.self, KIND_PROMISE))
        return error_throw(g, ERROR_TYPE, "Method Promise.prototype.then called on incompatible receiver %V", a.self);
    Value promise = realm_intrinsic(realm_current(g), INTRINSIC_Promise);
    Value constructor = TRY(object_species_constructor(g, object_of(a.self), promise));
    OK(promise_new_capability(g, constructor, true, &capability));
    Value on_fulfilled = value_is_callable(arg(a, 0)) ? arg(a, 0) : VALUE_UNDEFINED;
    Value on_rejected = value_is_callable(arg(a, 1)) ? arg(a, 1) : VALUE_UNDEFINED;
    promise_then(g, promise_of(a.self), on_fulfilled, on_rejected, &capability);
    return capability.promise;
}

/* queueMicrotask(callback) of the HTML standard. */
static Value lib_promise_queue_microtask(Goroutine *g, Args a)
{
    if (!value_is_callable(arg(a, 0))) return error_throw(g, ERROR_TYPE, "%V is not a function", arg(a, 0));
    job_enqueue(g, JOB_CALLBACK, arg(a, 0), VALUE_UNDEFINED, VALUE_UNDEFINED);
    return VALUE_UNDEFINED;
}

/* ---- what promise.us asks for ------------------------------------------------------------------------------------ */

/* $promiseCapability(constructor): [promise, resolve, reject] (NewPromiseCapability, 27.2.1.5). */
Value lib_promise_capability(Goroutine *g, Args a)
{
    Capability c;
    OK(promise_new_capability(g, arg(a, 0), false, &c));
    Array *made = array_from_values(g, 3, (Value[]){ c.promise, c.resolve, c.reject });
    return made ? value_from_cell(made) : VALUE_THROWN;
}

/* $promiseResolver(constructor): its `resolve` (GetPromiseResolve, 27.2.4.1.1). */
Value lib_promise_resolver(Goroutine *g, Args a)
{
    Value resolve = TRY(object_get(g, object_of(arg(a, 0)), intern_key_text(&g->heap, "resolve")));
    if (!value_is_callable(resolve)) return error_throw(g, ERROR_TYPE, "Promise resolve or reject function is not callable");
    return resolve;
}

/* $promiseSpecies(promise): SpeciesConstructor(promise, %Promise%), for finally. */
Value lib_promise_species_of(Goroutine *g, Args a)
{
    if (!value_is_object(arg(a, 0)))
        return error_throw(g, ERROR_TYPE, "Promise.prototype.finally called on a non-object");
    Value promise = realm_intrinsic(realm_current(g), INTRINSIC_Promise);
    return object_species_constructor(g, object_of(arg(a, 0)), promise);
}

/* $promiseResolve(constructor, v) (27.2.4.7.1). */
Value lib_promise_resolve_with(Goroutine *g, Args a)
{
    return promise_resolve_with(g, arg(a, 0), arg(a, 1));
}

/* $promiseAllFailed(errors): the AggregateError of Promise.any. */
Value lib_promise_all_failed(Goroutine *g, Args a)
{
    Value message = value_from_cell(string_new_text(&g->heap, "All promises were rejected"));
    Value e = TRY(error_new(g, ERROR_AGGREGATE, message));
    object_define(&g->heap, object_of(e), vm_atom(g->vm, ATOM_errors), arg(a, 0), PROPERTY_METHOD);
    return e;
}

/* $promiseKeys(v): the own keys of an object. */
Value lib_promise_keys(Goroutine *g, Args a)
{
    if (!value_is_object(arg(a, 0))) return error_throw(g, ERROR_TYPE, "%V is not an object", arg(a, 0));
    return array_from_keys(g, object_own_keys(g, object_of(arg(a, 0)), KEYS_ALL));
}

/* $promiseKeyed(keys, values): an object without prototype. */
Value lib_promise_keyed(Goroutine *g, Args a)
{
    Object *o = object_new_with_proto(&g->heap, VALUE_NULL);
    for (uint32_t i = 0; i < array_of(arg(a, 0))->length; i++) {
        Value name = TRY(object_get_of(g, arg(a, 0), key_from_index(i)));
        Value v = TRY(object_get_of(g, arg(a, 1), key_from_index(i)));
        object_define(&g->heap, o, TRY(convert_to_property_key(g, name)), v, PROPERTY_DEFAULT);
    }
    return value_from_cell(o);
}

/* ---- installation ------------------------------------------------------------------------------------------------ */

static const NativeSpec lib_promise_functions[] = {
    LIB_METHOD("reject", 1, lib_promise_reject),
    LIB_METHOD("resolve", 1, lib_promise_resolve),
    LIB_METHOD("withResolvers", 0, lib_promise_with_resolvers),
    LIB_GETTER("[Symbol.species]", lib_promise_species),
};

static const NativeSpec lib_promise_prototype[] = {
    LIB_METHOD("then", 2, lib_promise_then),
};

static const NativeSpec lib_promise_globals[] = {
    LIB_METHOD("queueMicrotask", 1, lib_promise_queue_microtask),
};

void lib_promise_install(const Lib *lib)
{
    static const NativeSpec promise = LIB_CONSTRUCTOR("Promise", 1, lib_promise_construct);
    Value parent = install_intrinsic(lib, INTRINSIC_ObjectPrototype);
    Native *c = install_constructor(lib, &promise, INTRINSIC_Promise, INTRINSIC_PromisePrototype, parent, VALUE_UNDEFINED);
    Value proto = install_intrinsic(lib, INTRINSIC_PromisePrototype);
    INSTALL_TABLE(lib, value_from_cell(c), lib_promise_functions);
    INSTALL_TABLE(lib, proto, lib_promise_prototype);
    INSTALL_TABLE(lib, lib->realm->global_this, lib_promise_globals);
    install_tag(lib, proto, "Promise");
    library_install(lib, "promise");
    lib->realm->intrinsics[INTRINSIC_PromisePrototype_then] = install_read(lib, proto, "then");
    lib->realm->intrinsics[INTRINSIC_Promise_resolve] = install_read(lib, value_from_cell(c), "resolve");
}
