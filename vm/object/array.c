/* SPDX-License-Identifier: MIT */
#include "vm/object/array.h"

#include "gc/alloc.h"
#include "vm/object/convert.h"
#include "vm/object/error.h"
#include "vm/object/realm.h"
#include "vm/value/number.h"

enum { ARRAY_EAGER_LENGTH = 100000 };    // new Array(n) takes memory at once up to here

static Array *array_alloc(LocalHeap *h, Shape *shape)
{
    Array *a = object_alloc(h, shape, sizeof *a);
    a->base = NULL;
    a->capacity = a->length = 0;
    a->elements = NULL;
    a->extra = VALUE_UNDEFINED;
    return a;
}

Array *array_new_with_shape(LocalHeap *h, Shape *shape, uint32_t length)
{
    Array *a = array_alloc(h, shape);
    if (length <= ARRAY_EAGER_LENGTH && !elements_reserve(h, a, length)) return NULL;
    a->length = length;
    return a;
}

Array *array_new(Goroutine *g)
{
    return array_alloc(&g->heap, realm_current(g)->array_shape);
}

Array *array_create(Goroutine *g, double length, Value proto)
{
    if (length > 4294967295.0) {
        error_throw(g, ERROR_RANGE, "Invalid array length");
        return NULL;
    }
    const Realm *realm = realm_current(g);
    Shape *shape = realm->array_shape;
    if (!value_is_undefined(proto) && proto != realm_intrinsic(realm, INTRINSIC_ArrayPrototype))
        shape = object_root_shape(&g->heap, KIND_ARRAY, proto, 0);
    Array *a = array_new_with_shape(&g->heap, shape, (uint32_t)length);
    if (!a) error_throw_out_of_memory(g);
    return a;
}

Array *array_from_values(Goroutine *g, uint32_t count, const Value *values)
{
    Array *a = array_new(g);
    if (!count || elements_set_values(&g->heap, a, count, values)) return a;
    error_throw_out_of_memory(g);
    return NULL;
}

Array *array_from_list(Goroutine *g, const ValueList *list)
{
    return array_from_values(g, list->count, list->items);
}

bool array_push(Goroutine *g, Array *a, Value v)
{
    ObjectChange change = object_enter(&g->heap, &a->object, false);
    bool has_room = a->length < UINT32_MAX;
    bool done = has_room && elements_put(&g->heap, &a->object, a->length, v);
    object_leave(&g->heap, &a->object, change);
    if (!has_room) return error_throw_bool(g, ERROR_RANGE, "Invalid array length");
    if (!done) error_throw_out_of_memory(g);
    return done;
}

Value array_from_keys(Goroutine *g, const ValueList *keys)
{
    if (!keys) return VALUE_THROWN;
    Array *a = array_new(g);
    for (uint32_t i = 0; i < keys->count; i++) OK(array_push(g, a, convert_key_to_value(&g->heap, keys->items[i])));
    return value_from_cell(a);
}

/* ---- the exotic length ------------------------------------------------------------------------------------------ */

static Tri array_set_length_entered(LocalHeap *h, Array *a, uint32_t length)
{
    if (length == a->length) return TRI_TRUE;
    if (object_flags(&a->object) & OBJECT_FIXED_LENGTH) return TRI_FALSE;
    uint32_t now = length > a->length ? length : elements_truncate(h, a, length);
    atomic_set_relaxed(&a->length, now);
    return tri_from_bool(now == length);
}

Tri array_set_length(Goroutine *g, Array *a, uint32_t length)
{
    ObjectChange change = object_enter(&g->heap, &a->object, false);
    Tri done = array_set_length_entered(&g->heap, a, length);
    object_leave(&g->heap, &a->object, change);
    return done;
}

static bool array_fixes_length(const Descriptor *d)
{
    return (d->fields & DESCRIPTOR_HAS_WRITABLE) && !(d->attributes & PROPERTY_WRITABLE);
}

/* `length`: the wanted one, if the descriptor has a value. */
static Tri array_define_length_entered(Goroutine *g, Array *a, const Descriptor *d, uint32_t length)
{
    bool has_value = (d->fields & DESCRIPTOR_HAS_VALUE) != 0;
    uint8_t attributes = object_flags(&a->object) & OBJECT_FIXED_LENGTH ? 0 : PROPERTY_WRITABLE;
    Descriptor current = descriptor_of_data(value_from_uint32(a->length), attributes);
    Descriptor wanted = *d;
    if (has_value) wanted.value = value_from_uint32(length);
    if (!object_is_compatible(g, true, &wanted, &current)) return TRI_FALSE;
    Tri done = array_set_length(g, a, has_value ? length : a->length);
    if (array_fixes_length(d)) object_add_flags(&a->object, OBJECT_FIXED_LENGTH);
    return done;
}

/* ArraySetLength (10.4.2.4). */
static Tri array_define_length(Goroutine *g, Array *a, const Descriptor *d)
{
    uint32_t length = 0;
    if (d->fields & DESCRIPTOR_HAS_VALUE) {
        double number;
        OK_TRI(convert_to_uint32(g, d->value, &length));                        // 3
        OK_TRI(convert_to_double(g, d->value, &number));                        // 4
        if (number != length) return error_throw_tri(g, ERROR_RANGE, "Invalid array length");
    }
    ObjectChange change = object_enter(&g->heap, &a->object, array_fixes_length(d));
    Tri done = array_define_length_entered(g, a, d, length);
    object_leave(&g->heap, &a->object, change);
    return done;
}

static Tri array_define_own(Goroutine *g, Object *o, PropertyKey key, const Descriptor *d)
{
    Array *a = (Array *)o;
    if (key == vm_atom(g->vm, ATOM_length)) return array_define_length(g, a, d);
    if (!(object_flags(o) & OBJECT_FIXED_LENGTH)) return object_ordinary_define_own(g, o, key, d);
    if (key_is_index(key) && key_index(key) >= atomic_get_relaxed(&a->length)) return TRI_FALSE;
    return object_ordinary_define_own(g, o, key, d);
}

static Tri array_delete_own(Goroutine *g, Object *o, PropertyKey key)
{
    if (key == vm_atom(g->vm, ATOM_length)) return TRI_FALSE;
    return object_ordinary_delete(g, o, key);
}

const ObjectOps array_ops = {
    .define_own = array_define_own,
    .delete_own = array_delete_own,
};

/* ---- for built-ins ----------------------------------------------------------------------------------------------- */

Value array_species_create(Goroutine *g, Object *original, double length)
{
    Value constructor = VALUE_UNDEFINED;
    if (ASK(convert_is_array(g, value_from_cell(original)))) {                               // 1
        constructor = TRY(object_get(g, original, vm_atom(g->vm, ATOM_constructor)));        // 3
        if (callable_is_constructor(constructor)) {                                          // 4
            const Realm *other = function_realm(g, object_of(constructor));
            if (!other) return VALUE_THROWN;
            if (other != realm_current(g) && constructor == realm_intrinsic(other, INTRINSIC_Array))
                constructor = VALUE_UNDEFINED;
        }
        if (value_is_object(constructor)) {                                                  // 5
            constructor = TRY(object_get(g, object_of(constructor), g->vm->symbols[SYMBOL_species]));
            if (value_is_null(constructor)) constructor = VALUE_UNDEFINED;
        }
    }
    if (value_is_undefined(constructor)) {                                                   // 6
        Array *a = array_create(g, length, VALUE_UNDEFINED);
        return a ? value_from_cell(a) : VALUE_THROWN;
    }
    if (!callable_is_constructor(constructor)) return error_throw(g, ERROR_TYPE, "%V is not a constructor", constructor);
    Value n = value_from_double(length);
    return callable_construct(g, constructor, 1, &n, constructor);
}

const Value *array_like_values(Goroutine *g, const Object *o, uint32_t *count)
{
    const Array *a = (const Array *)o;
    static const Value none[1];
    if (array_is_simple(g->vm, o)) {
        *count = a->length;
        return a->length ? a->base : none;
    }
    const Realm *realm = realm_current(g);
    uint32_t shape = atomic_get_dependent(&o->cell.shape);
    bool usual = shape == shape_number(realm->arguments_shape) || shape == shape_number(realm->mapped_arguments_shape);
    if (!usual || cell_is_shared(&o->cell) || !value_is_undefined(a->extra)) return NULL;
    Value length = ((const Value *)(a + 1))[ARGUMENTS_LENGTH];
    if (!value_is_int(length) || (uint32_t)value_int(length) > a->capacity) return NULL;
    *count = (uint32_t)value_int(length);
    if (!atomic_get_relaxed(&g->vm->no_indexed_prototypes)) return NULL;
    return *count ? a->base : none;
}

ValueList *array_list_from_array_like(Goroutine *g, Value v)
{
    if (!value_is_object(v)) {
        error_throw(g, ERROR_TYPE, "CreateListFromArrayLike called on non-object");
        return NULL;
    }
    Object *o = object_of(v);
    double length;
    uint32_t count;
    const Value *values = array_like_values(g, o, &count);
    if (values) {
        ValueList *list = list_new(&g->heap, count);
        for (uint32_t i = 0; i < count; i++)
            list_push(&g->heap, &list, values[i] == VALUE_HOLE ? VALUE_UNDEFINED : values[i]);
        return list;
    }
    if (!convert_length_of(g, o, &length)) return NULL;
    if (length > ELEMENTS_MAX_DENSE) {
        error_throw(g, ERROR_RANGE, "Too many arguments");
        return NULL;
    }
    ValueList *list = list_new(&g->heap, (uint32_t)length);
    for (uint32_t i = 0; i < (uint32_t)length; i++) {
        Value element = object_get(g, o, key_from_index(i));
        if (value_is_thrown(element)) return NULL;
        list_push(&g->heap, &list, element);
    }
    return list;
}
