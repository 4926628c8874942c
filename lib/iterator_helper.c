/* SPDX-License-Identifier: MIT */
/* Iterator helper objects and wrapped iterators (ECMA-262 27.1.2, 27.1.3.2.2.1), and what iterator.us asks for.
 *
 * A helper keeps its step in `source`, its closing in `more`, the value by which its step says that it is done in
 * `at`, and its state in `mode`: who takes it to HELPER_RUNNING, by compare and swap, alone looks at the rest. A
 * wrapped iterator keeps the iterator in `source` and its next method in `mode`. */
#include "lib/iterator_int.h"

#include "lib/intrinsics.h"
#include "vm/object/iterate.h"

typedef enum HelperState { HELPER_START, HELPER_SUSPENDED, HELPER_RUNNING, HELPER_DONE } HelperState;

/* ---- helpers ----------------------------------------------------------------------------------------------------- */

/* $helper(step, close, done). */
Value lib_iterator_new_helper(Goroutine *g, Args a)
{
    Value proto = realm_intrinsic(realm_current(g), INTRINSIC_IteratorHelperPrototype);
    IteratorObject *it = iterator_new(&g->heap, proto, ITERATOR_HELPER, arg(a, 0), value_from_int(HELPER_START));
    it->more = arg(a, 1);
    it->at = arg(a, 2);
    return value_from_cell(it);
}

/* The helper `v`, claimed unless it is done; its state before that in `*state`. NULL: thrown. */
static IteratorObject *lib_iterator_claim(Goroutine *g, Value v, int32_t *state)
{
    IteratorObject *it = iterator_try_of(v, ITERATOR_HELPER);
    if (!it) {
        error_throw(g, ERROR_TYPE, "%V is not an iterator helper", v);
        return NULL;
    }
    Value mode = atomic_get_acquire(&it->mode);                  // pairs with lib_iterator_release
    do {
        *state = value_int(mode);
        if (*state == HELPER_DONE) return it;
        if (*state != HELPER_RUNNING) continue;
        error_throw(g, ERROR_TYPE, "Generator is already running");
        return NULL;
    } while (!atomic_cas(&it->mode, &mode, value_from_int(HELPER_RUNNING)));
    return it;
}

static void lib_iterator_release(LocalHeap *h, IteratorObject *it, HelperState state)
{
    if (state == HELPER_DONE) {                                  // so that what it iterated may go
        barrier_store(h, it, &it->source, VALUE_UNDEFINED);
        barrier_store(h, it, &it->more, VALUE_UNDEFINED);
    }
    atomic_set_release(&it->mode, value_from_int(state));        // pairs with lib_iterator_claim
}

static Value lib_iterator_helper_step(Goroutine *g, Value helper)
{
    int32_t state;
    IteratorObject *it = lib_iterator_claim(g, helper, &state);
    if (!it) return VALUE_THROWN;
    if (state == HELPER_DONE) return VALUE_HOLE;
    Value v = callable_call0(g, it->source, VALUE_UNDEFINED);
    bool done = v == it->at;
    lib_iterator_release(&g->heap, it, done || value_is_thrown(v) ? HELPER_DONE : HELPER_SUSPENDED);
    return done ? VALUE_HOLE : v;
}

/* %IteratorHelperPrototype%.next (27.1.2.1.1). */
static Value lib_iterator_helper_next(Goroutine *g, Args a)
{
    Value v = TRY(lib_iterator_helper_step(g, a.self));
    return realm_iterator_result(g, v == VALUE_HOLE ? VALUE_UNDEFINED : v, v == VALUE_HOLE);
}

/* %IteratorHelperPrototype%.return (27.1.2.1.2). A helper that has not begun is done before its iterator is closed. */
static Value lib_iterator_helper_return(Goroutine *g, Args a)
{
    int32_t state;
    IteratorObject *it = lib_iterator_claim(g, a.self, &state);
    if (!it) return VALUE_THROWN;
    if (state != HELPER_DONE) {
        Value close = it->more;
        if (state == HELPER_START) lib_iterator_release(&g->heap, it, HELPER_DONE);
        Value closed = callable_call0(g, close, VALUE_UNDEFINED);
        if (state != HELPER_START) lib_iterator_release(&g->heap, it, HELPER_DONE);
        if (value_is_thrown(closed)) return VALUE_THROWN;
    }
    return realm_iterator_result(g, VALUE_UNDEFINED, true);
}

/* ---- wrapped iterators ------------------------------------------------------------------------------------------- */

/* $wrapIterator(iterator, next). */
Value lib_iterator_wrap(Goroutine *g, Args a)
{
    Value proto = realm_intrinsic(realm_current(g), INTRINSIC_WrapForValidIteratorPrototype);
    return value_from_cell(iterator_new(&g->heap, proto, ITERATOR_WRAP, arg(a, 0), arg(a, 1)));
}

static IteratorObject *lib_iterator_wrapped(Goroutine *g, Args a)
{
    IteratorObject *it = iterator_try_of(a.self, ITERATOR_WRAP);
    if (!it) error_throw(g, ERROR_TYPE, "%V is not a wrapped iterator", a.self);
    return it;
}

static Value lib_iterator_wrapped_next(Goroutine *g, Args a)
{
    const IteratorObject *it = lib_iterator_wrapped(g, a);
    return it ? callable_call0(g, it->mode, it->source) : VALUE_THROWN;
}

static Value lib_iterator_wrapped_return(Goroutine *g, Args a)
{
    const IteratorObject *it = lib_iterator_wrapped(g, a);
    if (!it) return VALUE_THROWN;
    Value method = TRY(object_get_method(g, it->source, vm_atom(g->vm, ATOM_return)));
    if (value_is_undefined(method)) return realm_iterator_result(g, VALUE_UNDEFINED, true);
    return callable_call0(g, method, it->source);
}

/* ---- what else iterator.us asks for ------------------------------------------------------------------------------ */

/* $hasStep(next): is it a native next whose value can be had without a result object? */
Value lib_iterator_has_step(Goroutine *g, Args a)
{
    (void)g;
    Value next = arg(a, 0);
    return value_from_bool(value_is_kind(next, KIND_NATIVE) && function_native(next)->spec->step);
}

/* $step(iterator, next, done): the next value, or `done`. */
Value lib_iterator_step_value(Goroutine *g, Args a)
{
    Value v = TRY(iterate_step(g, arg(a, 0), arg(a, 1)));
    return v == VALUE_HOLE ? arg(a, 2) : v;
}

/* $close(iterator): IteratorClose of a normal completion. */
Value lib_iterator_close(Goroutine *g, Args a)
{
    OK(iterate_close(g, arg(a, 0), false));
    return VALUE_UNDEFINED;
}

/* $closeQuietly(iterator): IteratorClose of a throw that goes on. */
Value lib_iterator_close_quietly(Goroutine *g, Args a)
{
    if (!iterate_close(g, arg(a, 0), true)) return VALUE_THROWN;
    return VALUE_UNDEFINED;
}

/* $throwNotResult(v). */
Value lib_iterator_throw_not_result(Goroutine *g, Args a)
{
    return error_throw(g, ERROR_TYPE, "Iterator result %V is not an object", arg(a, 0));
}

/* $isIterator(object): OrdinaryHasInstance(%Iterator%, object). */
Value lib_iterator_is_iterator(Goroutine *g, Args a)
{
    Value constructor = realm_intrinsic(realm_current(g), INTRINSIC_Iterator);
    return value_from_bool(ASK(object_ordinary_has_instance(g, constructor, arg(a, 0))));
}

/* $iterator(v): GetIterator's object, whose next is read by whoever asks. */
Value lib_iterator_get(Goroutine *g, Args a)
{
    Value v = arg(a, 0);
    Value method = TRY(object_get_method(g, v, g->vm->symbols[SYMBOL_iterator]));
    if (value_is_undefined(method)) return error_throw(g, ERROR_TYPE, "%V is not iterable", v);
    Value iterator = TRY(callable_call0(g, method, v));
    if (value_is_object(iterator)) return iterator;
    return error_throw(g, ERROR_TYPE, "Result of the Symbol.iterator method is not an object");
}

/* $ownKeys(object). */
Value lib_iterator_own_keys(Goroutine *g, Args a)
{
    return array_from_keys(g, object_own_keys(g, object_of(arg(a, 0)), KEYS_ALL));
}

/* $isEnumerable(object, key): of an own property. */
Value lib_iterator_is_enumerable(Goroutine *g, Args a)
{
    Descriptor d;
    PropertyKey key = TRY(convert_to_property_key(g, arg(a, 1)));
    return value_from_bool(ASK(object_get_own(g, object_of(arg(a, 0)), key, &d)) && (d.attributes & PROPERTY_ENUMERABLE));
}

/* $defineKey(object, key, v): CreateDataPropertyOrThrow. */
Value lib_iterator_define_key(Goroutine *g, Args a)
{
    PropertyKey key = TRY(convert_to_property_key(g, arg(a, 1)));
    OK(object_create_data_property_or_throw(g, object_of(arg(a, 0)), key, arg(a, 2)));
    return VALUE_UNDEFINED;
}

/* ---- installation ------------------------------------------------------------------------------------------------ */

static const NativeSpec lib_iterator_helper_methods[] = {
    { .name = "next", .function = lib_iterator_helper_next, .step = lib_iterator_helper_step },
    LIB_METHOD("return", 0, lib_iterator_helper_return),
};

static const NativeSpec lib_iterator_wrapped_methods[] = {
    LIB_METHOD("next", 0, lib_iterator_wrapped_next),
    LIB_METHOD("return", 0, lib_iterator_wrapped_return),
};

void lib_iterator_install_helpers(const Lib *lib)
{
    Value *in = lib->realm->intrinsics;
    in[INTRINSIC_IteratorHelperPrototype] = install_object(lib, iterator_prototype(lib));
    INSTALL_TABLE(lib, in[INTRINSIC_IteratorHelperPrototype], lib_iterator_helper_methods);
    install_tag(lib, in[INTRINSIC_IteratorHelperPrototype], "Iterator Helper");
    in[INTRINSIC_WrapForValidIteratorPrototype] = install_object(lib, iterator_prototype(lib));
    INSTALL_TABLE(lib, in[INTRINSIC_WrapForValidIteratorPrototype], lib_iterator_wrapped_methods);
}
