/* SPDX-License-Identifier: MIT */
/* %AsyncIteratorPrototype% and %AsyncGeneratorPrototype% (ECMA-262 27.1.4, 27.6.1), and the async iterator over a
 * sync one (27.1.6), which no program ever sees: only for await and yield* call its methods. */
#include "lib/async_iterator.h"

#include "lib/families.h"
#include "lib/lib.h"
#include "vm/exec/coroutine.h"
#include "vm/object/iterate.h"
#include "vm/object/kinds.h"
#include "vm/object/promise.h"

typedef struct AsyncFromSync {           // KIND_ASYNC_FROM_SYNC
    Object object;
    Value  iterator, next;
} AsyncFromSync;

/* The value of PromiseResolve(%Promise%, v). */
static Value lib_async_iterator_wrap(Goroutine *g, Value v)
{
    return promise_resolve_with(g, realm_intrinsic(realm_current(g), INTRINSIC_Promise), v);
}

/* IfAbruptRejectPromise (27.2.1.1.1) of the exception in `g`. */
static Value lib_async_iterator_reject(Goroutine *g, Promise *p)
{
    promise_reject(g, p, error_take(g));
    return value_from_cell(p);
}

static Value lib_async_iterator_closure(Goroutine *g, const NativeSpec *spec, Value data)
{
    return function_new_capturing(&g->heap, realm_current(g), spec, 1, &data);
}

/* ---- %AsyncIteratorPrototype% (27.1.4) --------------------------------------------------------------------------- */

static Value lib_async_iterator_self(Goroutine *g, Args a)
{
    (void)g;
    return a.self;
}

static Value lib_async_iterator_undefined(Goroutine *g, Args a)
{
    (void)g;
    (void)a;
    return VALUE_UNDEFINED;
}

/* [Symbol.asyncDispose] of explicit resource management: what `return` gives, waited for. */
static Value lib_async_iterator_dispose(Goroutine *g, Args a)
{
    static const NativeSpec unwrap = LIB_METHOD("", 1, lib_async_iterator_undefined);
    Promise *p = promise_new(g);
    Capability capability = { value_from_cell(p), VALUE_UNDEFINED, VALUE_UNDEFINED };
    Value method = object_get_method(g, a.self, vm_atom(g->vm, ATOM_return));
    if (value_is_thrown(method)) return lib_async_iterator_reject(g, p);
    if (value_is_undefined(method)) {
        promise_resolve(g, p, VALUE_UNDEFINED);
        return capability.promise;
    }
    Value result = callable_call0(g, method, a.self);
    if (value_is_thrown(result)) return lib_async_iterator_reject(g, p);
    Value wrapper = lib_async_iterator_wrap(g, result);
    if (value_is_thrown(wrapper)) return lib_async_iterator_reject(g, p);
    promise_then(g, promise_of(wrapper), lib_async_iterator_closure(g, &unwrap, VALUE_UNDEFINED), VALUE_UNDEFINED, &capability);
    return capability.promise;
}

static const NativeSpec lib_async_iterator_methods[] = {
    LIB_METHOD("[Symbol.asyncIterator]", 0, lib_async_iterator_self),
    LIB_METHOD("[Symbol.asyncDispose]", 0, lib_async_iterator_dispose),
};

/* ---- %AsyncGeneratorPrototype% (27.6.1) -------------------------------------------------------------------------- */

/* next, return, throw. magic: a ResumeMode. */
static Value lib_async_iterator_resume(Goroutine *g, Args a)
{
    return coroutine_async_request(g, a.self, (ResumeMode)args_magic(a), arg(a, 0));
}

static const NativeSpec lib_async_generator_methods[] = {
    LIB_MAGIC("next", 1, lib_async_iterator_resume, RESUME_NEXT),
    LIB_MAGIC("return", 1, lib_async_iterator_resume, RESUME_RETURN),
    LIB_MAGIC("throw", 1, lib_async_iterator_resume, RESUME_THROW),
};

/* ---- async from sync (27.1.6) ------------------------------------------------------------------------------------ */

static Value lib_async_from_sync_unwrap(Goroutine *g, Args a)
{
    return realm_iterator_result(g, arg(a, 0), args_magic(a) != 0);
}

/* The value was a promise that is rejected: close the iterator, keep the reason. */
static Value lib_async_from_sync_close(Goroutine *g, Args a)
{
    error_throw_value(g, arg(a, 0));
    OK(iterate_close(g, args_data(a, 0), true));
    return VALUE_THROWN;
}

/* AsyncFromSyncIteratorContinuation (27.1.6.4). */
static Value lib_async_from_sync_continue(Goroutine *g, Promise *p, Value iterator, Value result, bool closes)
{
    static const NativeSpec unwrap[] = { LIB_MAGIC("", 1, lib_async_from_sync_unwrap, 0), LIB_MAGIC("", 1, lib_async_from_sync_unwrap, 1) };
    static const NativeSpec close = LIB_METHOD("", 1, lib_async_from_sync_close);
    Capability capability = { value_from_cell(p), VALUE_UNDEFINED, VALUE_UNDEFINED };
    Tri done = iterate_is_done(g, result);
    if (done == TRI_THROWN) return lib_async_iterator_reject(g, p);
    Value v = object_get(g, object_of(result), vm_atom(g->vm, ATOM_value));
    if (value_is_thrown(v)) return lib_async_iterator_reject(g, p);
    closes = closes && !done;
    Value wrapper = lib_async_iterator_wrap(g, v);
    if (value_is_thrown(wrapper)) {
        if (closes && !iterate_close(g, iterator, true)) UNREACHABLE();
        return lib_async_iterator_reject(g, p);
    }
    Value on_rejected = closes ? lib_async_iterator_closure(g, &close, iterator) : VALUE_UNDEFINED;
    Value on_fulfilled = lib_async_iterator_closure(g, &unwrap[done == TRI_TRUE], VALUE_UNDEFINED);
    promise_then(g, promise_of(wrapper), on_fulfilled, on_rejected, &capability);
    return capability.promise;
}

/* Call a method of the sync iterator with the argument, if there was one; then as above. */
static Value lib_async_from_sync_call(Goroutine *g, Args a, Promise *p, Value method, bool closes)
{
    Value iterator = ((AsyncFromSync *)value_cell(a.self))->iterator, argument = arg(a, 0);
    Value result = callable_call(g, method, iterator, a.count ? 1 : 0, &argument);
    if (value_is_thrown(result)) return lib_async_iterator_reject(g, p);
    if (!value_is_object(result)) {
        error_throw(g, ERROR_TYPE, "Iterator result %V is not an object", result);
        return lib_async_iterator_reject(g, p);
    }
    return lib_async_from_sync_continue(g, p, iterator, result, closes);
}

/* 27.1.6.2.1. */
static Value lib_async_from_sync_next(Goroutine *g, Args a)
{
    return lib_async_from_sync_call(g, a, promise_new(g), ((AsyncFromSync *)value_cell(a.self))->next, true);
}

/* 27.1.6.2.2. */
static Value lib_async_from_sync_return(Goroutine *g, Args a)
{
    Promise *p = promise_new(g);
    Value method = object_get_method(g, ((AsyncFromSync *)value_cell(a.self))->iterator, vm_atom(g->vm, ATOM_return));
    if (value_is_thrown(method)) return lib_async_iterator_reject(g, p);
    if (!value_is_undefined(method)) return lib_async_from_sync_call(g, a, p, method, false);
    promise_resolve(g, p, realm_iterator_result(g, arg(a, 0), true));
    return value_from_cell(p);
}

/* 27.1.6.2.3. */
static Value lib_async_from_sync_throw(Goroutine *g, Args a)
{
    Promise *p = promise_new(g);
    Value iterator = ((AsyncFromSync *)value_cell(a.self))->iterator;
    Value method = object_get_method(g, iterator, vm_atom(g->vm, ATOM_throw));
    if (value_is_thrown(method)) return lib_async_iterator_reject(g, p);
    if (!value_is_undefined(method)) return lib_async_from_sync_call(g, a, p, method, true);
    if (iterate_close(g, iterator, false)) error_throw(g, ERROR_TYPE, "The iterator does not provide a 'throw' method");
    return lib_async_iterator_reject(g, p);
}

static const NativeSpec lib_async_from_sync_methods[] = {
    LIB_METHOD("next", 1, lib_async_from_sync_next),
    LIB_METHOD("return", 1, lib_async_from_sync_return),
    LIB_METHOD("throw", 1, lib_async_from_sync_throw),
};

Value lib_async_from_sync(Goroutine *g, Value iterator, Value next)
{
    Value proto = realm_intrinsic(realm_current(g), INTRINSIC_AsyncFromSyncIteratorPrototype);
    AsyncFromSync *it = object_alloc(&g->heap, object_root_shape(&g->heap, KIND_ASYNC_FROM_SYNC, proto, 0), sizeof *it);
    it->iterator = iterator;
    it->next = next;
    return value_from_cell(it);
}

/* ---- installation ------------------------------------------------------------------------------------------------ */

void async_iterator_register_kinds(void)
{
    kinds_register(KIND_ASYNC_FROM_SYNC, &(GcKind){ .name = "ASYNC_FROM_SYNC", .base_bytes = sizeof(AsyncFromSync) }, NULL);
}

void lib_async_iterator_install(const Lib *lib)
{
    Value *intrinsics = lib->realm->intrinsics;
    Value proto = install_object(lib, intrinsics[INTRINSIC_ObjectPrototype]);
    Value generator = install_object(lib, proto), from_sync = install_object(lib, proto);
    Value function_proto = intrinsics[INTRINSIC_AsyncGeneratorFunctionPrototype];
    INSTALL_TABLE(lib, proto, lib_async_iterator_methods);
    INSTALL_TABLE(lib, generator, lib_async_generator_methods);
    INSTALL_TABLE(lib, from_sync, lib_async_from_sync_methods);
    install_tag(lib, generator, "AsyncGenerator");
    install_value(lib, generator, "constructor", function_proto, PROPERTY_CONFIGURABLE);
    install_value(lib, function_proto, "prototype", generator, PROPERTY_CONFIGURABLE);
    intrinsics[INTRINSIC_AsyncIteratorPrototype] = proto;
    intrinsics[INTRINSIC_AsyncGeneratorPrototype] = generator;
    object_mark_prototype(lib->h, object_of(generator));
    intrinsics[INTRINSIC_AsyncFromSyncIteratorPrototype] = from_sync;
}
