/* SPDX-License-Identifier: MIT */
/* A stack of resources is an array with three elements a resource: the value, its method, and bits. No program sees
 * it, so it is dense; it changes by whole resources, under its monitor. */
#include "vm/exec/dispose.h"

#include "gc/monitor.h"
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
    bool entered = monitor_enter(&g->heap, a);
    bool ok = array_push(g, a, v) && array_push(g, a, method) && array_push(g, a, value_from_int(bits));
    monitor_exit(&g->heap, a, entered);
    return ok;
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

typedef struct Resource {
    Value   value, method;
    int32_t bits;
} Resource;

/* Take the last resource off; false: there is none. */
static bool dispose_take(LocalHeap *h, Array *a, Resource *r)
{
    bool entered = monitor_enter(h, a), found = a->length >= RESOURCE_WORDS;
    if (found) {
        const Value *last = a->base + a->length - RESOURCE_WORDS;
        *r = (Resource){ last[RESOURCE_VALUE], last[RESOURCE_METHOD], value_int(last[RESOURCE_BITS]) };
        atomic_set_release(&a->length, a->length - RESOURCE_WORDS);
    }
    monitor_exit(h, a, entered);
    return found;
}

bool dispose_pop(LocalHeap *h, Value stack, Value *v, Value *method, bool *awaits)
{
    Resource r;
    if (!dispose_take(h, array_of(stack), &r)) return false;
    *v = r.value;
    *method = r.method;
    *awaits = (r.bits & RESOURCE_SYNC_METHOD) == 0;
    return true;
}

/* The bits of the last resource, with `more` set from now on; 0: there is none. */
static int32_t dispose_bits(LocalHeap *h, Array *a, int32_t more)
{
    int32_t bits = 0;
    bool entered = monitor_enter(h, a);
    if (a->length) {
        Value *place = &a->base[a->length - RESOURCE_WORDS + RESOURCE_BITS];
        bits = value_int(*place) | more;
        cell_slot_set(place, value_from_int(bits));              // a number needs no barrier
    }
    monitor_exit(h, a, entered);
    return bits;
}

/* An async resource of null or undefined asks for one await before anything synchronous, unless there was one. */
static Value dispose_empty_resource(LocalHeap *h, Array *a, int32_t bits)
{
    bool next_awaits = (dispose_bits(h, a, 0) & RESOURCE_ASYNC) != 0;
    return (bits & RESOURCE_AWAITED) || next_awaits ? VALUE_HOLE : VALUE_UNDEFINED;
}

static void dispose_note_await(LocalHeap *h, Array *a)
{
    (void)dispose_bits(h, a, RESOURCE_AWAITED);
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
    Resource r;
    LocalHeap *h = &g->heap;
    Array *a = array_of(stack);
    *is_empty = !dispose_take(h, a, &r);
    if (*is_empty) return VALUE_HOLE;
    if (r.bits & RESOURCE_AWAITED) dispose_note_await(h, a);
    if (value_is_undefined(r.method)) return dispose_empty_resource(h, a, r.bits);
    if (r.bits & RESOURCE_ASYNC) dispose_note_await(h, a);
    Value result = callable_call0(g, r.method, r.value);
    if (!(r.bits & RESOURCE_ASYNC)) return value_is_thrown(result) ? VALUE_THROWN : VALUE_HOLE;
    if (!(r.bits & RESOURCE_SYNC_METHOD)) return result;
    return value_is_thrown(result) ? dispose_rejection(g) : VALUE_UNDEFINED;
}

Value dispose_suppress(Goroutine *g, Value error, Value suppressed)
{
    Value e = TRY(error_new(g, ERROR_SUPPRESSED, VALUE_UNDEFINED));
    object_define(&g->heap, object_of(e), vm_atom(g->vm, ATOM_error), error, PROPERTY_METHOD);
    object_define(&g->heap, object_of(e), vm_atom(g->vm, ATOM_suppressed), suppressed, PROPERTY_METHOD);
    return e;
}
