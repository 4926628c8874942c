/* SPDX-License-Identifier: MIT */
#include "vm/object/iterate.h"

#include "gc/alloc.h"
#include "gc/barrier.h"
#include "gc/mark.h"
#include "vm/object/convert.h"
#include "vm/object/error.h"
#include "vm/object/kinds.h"
#include "vm/sched/sched.h"

Value iterate_start_with(Goroutine *g, Value v, Value method, Value *next)
{
    Value iterator = TRY(callable_call0(g, method, v));
    if (!value_is_object(iterator)) return error_throw(g, ERROR_TYPE, "Result of the Symbol.iterator method is not an object");
    *next = TRY(object_get(g, object_of(iterator), vm_atom(g->vm, ATOM_next)));
    return iterator;
}

Value iterate_start(Goroutine *g, Value v, Value *next)
{
    if (value_is_nullish(v)) return error_throw(g, ERROR_TYPE, "%V is not iterable", v);
    Value method = TRY(object_get_of(g, v, g->vm->symbols[SYMBOL_iterator]));
    if (!value_is_callable(method)) return error_throw(g, ERROR_TYPE, "%V is not iterable", v);
    return iterate_start_with(g, v, method, next);
}

Value iterate_start_async(Goroutine *g, Value v, Value *next)
{
    if (value_is_nullish(v)) return error_throw(g, ERROR_TYPE, "%V is not async iterable", v);
    Value method = TRY(object_get_method(g, v, g->vm->symbols[SYMBOL_asyncIterator]));
    if (!value_is_undefined(method)) return iterate_start_with(g, v, method, next);
    Value sync_next;
    Value sync = TRY(iterate_start(g, v, &sync_next));
    Value wrapped = TRY(g->vm->hooks->async_from_sync(g, sync, sync_next));
    *next = TRY(object_get(g, object_of(wrapped), vm_atom(g->vm, ATOM_next)));
    return wrapped;
}

Value iterate_call_next(Goroutine *g, Value iterator, Value next)
{
    return callable_call0(g, next, iterator);
}

Value iterate_unpack(Goroutine *g, Value result)
{
    if (!value_is_object(result)) return error_throw(g, ERROR_TYPE, "Iterator result %V is not an object", result);
    Object *o = object_of(result);
    const Shape *plain = realm_current(g)->iterator_result_shape;
    if (atomic_get_dependent(&o->cell.shape) == shape_number(plain)) {
        const Value *slots = object_slot(o, plain, 0);
        return convert_to_boolean(cell_slot_get(&slots[1])) ? VALUE_HOLE : cell_slot_get(&slots[0]);
    }
    Value done = TRY(object_get(g, o, vm_atom(g->vm, ATOM_done)));
    return convert_to_boolean(done) ? VALUE_HOLE : object_get(g, o, vm_atom(g->vm, ATOM_value));
}

Tri iterate_is_done(Goroutine *g, Value result)
{
    if (!value_is_object(result)) return error_throw_tri(g, ERROR_TYPE, "Iterator result %V is not an object", result);
    return tri_from_bool(convert_to_boolean(TRY_TRI(object_get(g, object_of(result), vm_atom(g->vm, ATOM_done)))));
}

Value iterate_step_or_park(Goroutine *g, Value iterator, Value next)
{
    if (value_is_kind(next, KIND_NATIVE) && function_native(next)->spec->step)
        return function_native(next)->spec->step(g, iterator);
    return iterate_unpack(g, TRY(callable_call0(g, next, iterator)));
}

Value iterate_step(Goroutine *g, Value iterator, Value next)
{
    Value v = iterate_step_or_park(g, iterator, next);
    return UNLIKELY(value_is_parked(v)) ? sched_block(g) : v;
}

bool iterate_close(Goroutine *g, Value iterator, bool swallow)
{
    Value pending = error_take(g);
    Value method = object_get_method(g, iterator, vm_atom(g->vm, ATOM_return));
    Value result = VALUE_UNDEFINED;
    bool called = !value_is_thrown(method) && !value_is_undefined(method);
    if (called) result = callable_call0(g, method, iterator);
    if (swallow) {
        g->exception = pending;
        return true;
    }
    if (value_is_thrown(method) || value_is_thrown(result)) return false;
    if (!called || value_is_object(result)) return true;
    return error_throw_bool(g, ERROR_TYPE, "%V is not an object", result);
}

Value iterate_rest(Goroutine *g, Value iterator, Value next)
{
    Array *rest = array_new(g);
    if (value_is_int(next)) {
        const Array *from = array_of(iterator);
        for (uint32_t i = (uint32_t)value_int(next); i < atomic_get_relaxed(&from->length); i++) {
            Value v = TRY(object_get_of(g, iterator, key_from_index(i)));
            OK(array_push(g, rest, v));
        }
        return value_from_cell(rest);
    }
    for (;;) {
        Value v = TRY(iterate_step(g, iterator, next));
        if (v == VALUE_HOLE) return value_from_cell(rest);
        OK(array_push(g, rest, v));
    }
}

/* ---- from C ------------------------------------------------------------------------------------------------------ */

bool iterate_begin(Goroutine *g, Value v, Iteration *it)
{
    if (iterate_is_pristine_array(g->vm, realm_current(g), v)) {
        it->iterator = v;
        it->next = VALUE_ZERO;
        return true;
    }
    it->iterator = TRY_BOOL(iterate_start(g, v, &it->next));
    return true;
}

Tri iterate_advance(Goroutine *g, const Iteration *it, Value *v)
{
    if (value_is_int(it->next)) {
        uint32_t i = (uint32_t)value_int(it->next);
        if (i >= atomic_get_relaxed(&array_of(it->iterator)->length)) return TRI_FALSE;
        ((Iteration *)it)->next++;
        *v = TRY_TRI(object_get_of(g, it->iterator, key_from_index(i)));
        return TRI_TRUE;
    }
    *v = TRY_TRI(iterate_step(g, it->iterator, it->next));
    return tri_from_bool(*v != VALUE_HOLE);
}

Value iterate_fail(Goroutine *g, const Iteration *it)
{
    bool closed = value_is_int(it->next) || iterate_close(g, it->iterator, true);
    (void)closed;
    return VALUE_THROWN;
}

/* ---- for-in ------------------------------------------------------------------------------------------------------ */

/* Keys are taken from one object of the prototype chain at a time; a key that an object nearer had, enumerable or
 * not, is not visited again, nor one that has vanished. */
typedef struct KeyEnumeration {          // KIND_KEY_LIST
    Cell       cell;
    Value      object;                   // whose keys are being visited; null: at the end
    ValueList *keys;
    ValueList *visited;                  // keys of nearer objects; NULL while there are none
    Value      at;                       // int32: next index in keys
} KeyEnumeration;

static bool iterate_load_keys(Goroutine *g, KeyEnumeration *e)
{
    ValueList *keys = object_own_keys(g, object_of(e->object), KEYS_STRINGS);
    if (!keys) return false;
    BARRIER_SET(&g->heap, e, e->keys, keys);
    e->at = VALUE_ZERO;
    return true;
}

Value iterate_keys_start(Goroutine *g, Value v)
{
    if (value_is_nullish(v)) v = VALUE_NULL;
    else v = TRY(convert_to_object(g, v));
    KeyEnumeration *e = alloc_small(&g->heap, ALLOC_ROUND(sizeof *e), CELL_HEADER(0, KIND_KEY_LIST, 0));
    e->object = v;
    e->keys = NULL;
    e->visited = NULL;
    e->at = VALUE_ZERO;
    if (value_is_object(v) && !iterate_load_keys(g, e)) return VALUE_THROWN;
    return value_from_cell(e);
}

static bool iterate_was_visited(const KeyEnumeration *e, PropertyKey key)
{
    if (!e->visited) return false;
    for (uint32_t i = 0; i < e->visited->count; i++)
        if (e->visited->items[i] == key) return true;
    return false;
}

/* Go on to the prototype. The keys seen so far matter only if it has any. */
static bool iterate_next_object(Goroutine *g, KeyEnumeration *e)
{
    ValueList *seen = e->keys;
    Value proto = TRY_BOOL(object_get_proto(g, object_of(e->object)));
    barrier_store(&g->heap, e, &e->object, proto);
    if (!value_is_object(proto)) return true;
    if (!iterate_load_keys(g, e)) return false;
    ValueList *visited = e->visited ? e->visited : list_new(&g->heap, seen->count);
    for (uint32_t i = 0; i < seen->count && e->keys->count; i++) list_push(&g->heap, &visited, seen->items[i]);
    BARRIER_SET(&g->heap, e, e->visited, visited);
    return true;
}

Value iterate_keys_next(Goroutine *g, Value enumeration)
{
    KeyEnumeration *e = (KeyEnumeration *)value_cell(enumeration);
    while (value_is_object(e->object)) {
        uint32_t at = (uint32_t)value_int(e->at);
        if (at >= e->keys->count) {
            OK(iterate_next_object(g, e));
            continue;
        }
        e->at = value_from_int((int32_t)at + 1);
        PropertyKey key = e->keys->items[at];
        Descriptor d;
        if (iterate_was_visited(e, key)) continue;
        if (!ASK(object_get_own(g, object_of(e->object), key, &d))) continue;
        if (d.attributes & PROPERTY_ENUMERABLE) return convert_key_to_value(&g->heap, key);
    }
    return VALUE_HOLE;
}

/* ---- for each ---------------------------------------------------------------------------------------------------- */

Value iterate_each_start(Goroutine *g, Value v, Value *next, Value *mode)
{
    *mode = VALUE_ZERO;
    if (value_is_nullish(v)) return error_throw(g, ERROR_TYPE, "%V is not iterable", v);
    Value method = TRY(object_get_method(g, v, g->vm->symbols[SYMBOL_iterator]));
    if (!value_is_undefined(method)) {
        if (value_is_kind(v, KIND_MAP)) *mode = VALUE_NULL;
        return iterate_start_with(g, v, method, next);
    }
    *mode = VALUE_UNDEFINED;
    *next = VALUE_ZERO;
    return array_from_keys(g, object_enumerable_keys(g, object_of(TRY(convert_to_object(g, v)))));
}

Value iterate_each_value(Goroutine *g, Value v, Value item, Value mode, Value *value)
{
    if (value_is_null(mode)) {
        if (!value_is_object(item)) return error_throw(g, ERROR_TYPE, "%V is not an entry", item);
        *value = TRY(object_get(g, object_of(item), key_from_index(1)));
        return object_get(g, object_of(item), key_from_index(0));
    }
    PropertyKey key = TRY(convert_to_property_key(g, item));
    *value = TRY(object_get_of(g, v, key));
    return item;
}

void iterate_register_kinds(void)
{
    kinds_register(KIND_KEY_LIST, &(GcKind){ .name = "KEY_LIST", .base_bytes = sizeof(KeyEnumeration) }, NULL);
}
