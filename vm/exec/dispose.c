/* SPDX-License-Identifier: MIT */
/* A stack of resources is an array with three elements a resource: the value, its method, and bits. */
#include "vm/exec/dispose.h"

#include "vm/object/error.h"
#include "vm/object/promise.h"
#include "vm/object/realm.h"

enum { RESOURCE_VALUE, RESOURCE_METHOD, RESOURCE_BITS, RESOURCE_WORDS };
enum {
    RESOURCE_ASYNC = 1,
    RESOURCE_SYNC_METHOD = 2,            // of an async one: the result is not awaited
    RESOURCE_AWAITED = 4,                // something above it on the stack has been awaited
};

Value dispose_method(Goroutine *g, Value v, bool is_async, bool *is_sync_fallback)
{
    *is_sync_fallback = false;
    if (is_async) {
        Value method = TRY(object_get_method(g, v, g->vm->symbols[SYMBOL_asyncDispose]));
        if (!value_is_undefined(method)) return method;
        *is_sync_fallback = true;
    }
    return object_get_method(g, v, g->vm->symbols[SYMBOL_dispose]);
}

static bool dispose_push(Goroutine *g, Value stack, Value v, Value method, int32_t bits)
{
    Array *a = array_of(stack);
    return array_push(g, a, v) && array_push(g, a, method) && array_push(g, a, value_from_int(bits));
}

bool dispose_add_method(Goroutine *g, Value stack, Value v, Value method, bool is_async)
{
    return dispose_push(g, stack, v, method, is_async ? RESOURCE_ASYNC : 0);
}

bool dispose_add(Goroutine *g, Value stack, Value v, bool is_async)
{
    Value method = VALUE_UNDEFINED;
    bool is_sync = false;
    if (value_is_nullish(v)) {
        if (!is_async) return true;
    } else {
        if (!value_is_object(v)) return error_throw_bool(g, ERROR_TYPE, "%V is not an object and cannot be disposed of", v);
        method = TRY_BOOL(dispose_method(g, v, is_async, &is_sync));
        if (value_is_undefined(method))
            return error_throw_bool(g, ERROR_TYPE, "%V has no %s method", v, is_async ? "Symbol.asyncDispose" : "Symbol.dispose");
    }
    return dispose_push(g, stack, v, method, (is_async ? RESOURCE_ASYNC : 0) | (is_sync ? RESOURCE_SYNC_METHOD : 0));
}

bool dispose_pop(Value stack, Value *v, Value *method, bool *awaits)
{
    Array *a = array_of(stack);
    if (a->length == 0) return false;
    const Value *resource = a->base + a->length - RESOURCE_WORDS;
    *v = resource[RESOURCE_VALUE];
    *method = resource[RESOURCE_METHOD];
    *awaits = (value_int(resource[RESOURCE_BITS]) & RESOURCE_SYNC_METHOD) == 0;
    a->length -= RESOURCE_WORDS;
    return true;
}

static int32_t dispose_bits(const Array *a)
{
    return value_int(a->base[a->length - RESOURCE_WORDS + RESOURCE_BITS]);
}

/* An async resource of null or undefined asks for one await before anything synchronous, unless there was one. */
static Value dispose_empty_resource(const Array *a, int32_t bits)
{
    bool next_awaits = a->length && (dispose_bits(a) & RESOURCE_ASYNC);
    return (bits & RESOURCE_AWAITED) || next_awaits ? VALUE_HOLE : VALUE_UNDEFINED;
}

static void dispose_note_await(Array *a)
{
    if (!a->length) return;
    Value *bits = &a->base[a->length - RESOURCE_WORDS + RESOURCE_BITS];
    *bits = value_from_int(value_int(*bits) | RESOURCE_AWAITED);
}

static Value dispose_rejection(Goroutine *g)
{
    Value reason = error_take(g);
    Promise *p = promise_new(g);
    promise_reject(g, p, reason);
    return value_from_cell(p);
}

Value dispose_step(Goroutine *g, Value stack, bool *is_empty)
{
    Array *a = array_of(stack);
    *is_empty = a->length == 0;
    if (*is_empty) return VALUE_HOLE;
    const Value *resource = a->base + a->length - RESOURCE_WORDS;
    Value v = resource[RESOURCE_VALUE], method = resource[RESOURCE_METHOD];
    int32_t bits = value_int(resource[RESOURCE_BITS]);
    a->length -= RESOURCE_WORDS;
    if (bits & RESOURCE_AWAITED) dispose_note_await(a);
    if (value_is_undefined(method)) return dispose_empty_resource(a, bits);
    if (bits & RESOURCE_ASYNC) dispose_note_await(a);
    Value result = callable_call0(g, method, v);
    if (!(bits & RESOURCE_ASYNC)) return value_is_thrown(result) ? VALUE_THROWN : VALUE_HOLE;
    if (!(bits & RESOURCE_SYNC_METHOD)) return result;
    return value_is_thrown(result) ? dispose_rejection(g) : VALUE_UNDEFINED;
}

Value dispose_suppress(Goroutine *g, Value error, Value suppressed)
{
    Value e = TRY(error_new(g, ERROR_SUPPRESSED, VALUE_UNDEFINED));
    object_define(&g->heap, object_of(e), vm_atom(g->vm, ATOM_error), error, PROPERTY_METHOD);
    object_define(&g->heap, object_of(e), vm_atom(g->vm, ATOM_suppressed), suppressed, PROPERTY_METHOD);
    return e;
}
