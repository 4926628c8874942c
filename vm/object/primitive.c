/* SPDX-License-Identifier: MIT */
#include "vm/object/primitive.h"

#include "vm/object/realm.h"
#include "vm/value/string.h"

Object *primitive_prototype(Goroutine *g, Value v)
{
    const Realm *realm = realm_current(g);
    IntrinsicId id = INTRINSIC_BigIntPrototype;
    if (value_is_number(v)) id = INTRINSIC_NumberPrototype;
    else if (value_is_boolean(v)) id = INTRINSIC_BooleanPrototype;
    else if (value_is_string(v)) id = INTRINSIC_StringPrototype;
    else if (value_is_symbol(v)) id = INTRINSIC_SymbolPrototype;
    return object_of(realm_intrinsic(realm, id));
}

Wrapper *primitive_new_wrapper_with(LocalHeap *h, Value v, Value proto)
{
    CellKind kind = value_is_string(v) ? KIND_STRING_OBJECT : KIND_WRAPPER;
    Wrapper *w = object_alloc(h, object_root_shape(h, kind, proto, 0), sizeof *w);
    w->value = v;
    if (kind == KIND_STRING_OBJECT) {
        Value length = value_from_int((int32_t)string_of(v)->length);
        object_add(h, &w->object, vm_atom(h->vm, ATOM_length), length, 0);
    }
    return w;
}

Wrapper *primitive_new_wrapper(Goroutine *g, Value v)
{
    return primitive_new_wrapper_with(&g->heap, v, value_from_cell(primitive_prototype(g, v)));
}

/* ---- String exotic objects ------------------------------------------------------------------------------------ */

static String *primitive_string(const Object *o)
{
    return string_of(((const Wrapper *)o)->value);
}

/* StringGetOwnProperty (10.4.3.5). */
static bool primitive_unit(Goroutine *g, Object *o, PropertyKey key, Descriptor *d)
{
    String *s = primitive_string(o);
    if (!key_is_index(key) || key_index(key) >= s->length) return false;
    uint16_t unit = string_unit_at(&g->heap, s, key_index(key));
    *d = descriptor_of_data(value_from_cell(string_from_unit(&g->heap, unit)), PROPERTY_ENUMERABLE);
    return true;
}

static Tri primitive_string_get_own(Goroutine *g, Object *o, PropertyKey key, Descriptor *d)
{
    if (primitive_unit(g, o, key, d)) return TRI_TRUE;
    return object_ordinary_get_own(g, o, key, d);
}

static Tri primitive_string_define_own(Goroutine *g, Object *o, PropertyKey key, const Descriptor *d)
{
    Descriptor current;
    if (!primitive_unit(g, o, key, &current)) return object_ordinary_define_own(g, o, key, d);
    return tri_from_bool(object_is_compatible(g, false, d, &current));
}

static Tri primitive_string_delete(Goroutine *g, Object *o, PropertyKey key)
{
    Descriptor current;
    return primitive_unit(g, o, key, &current) ? TRI_FALSE : object_ordinary_delete(g, o, key);
}

static bool primitive_string_own_keys(Goroutine *g, Object *o, ValueList **keys)
{
    uint32_t length = primitive_string(o)->length;
    for (uint32_t i = 0; i < length; i++) list_push(&g->heap, keys, key_from_index(i));
    object_ordinary_own_keys(&g->heap, o, keys);
    return true;
}

const ObjectOps primitive_string_ops = {
    .get_own = primitive_string_get_own,
    .define_own = primitive_string_define_own,
    .delete_own = primitive_string_delete,
    .own_keys = primitive_string_own_keys,
};
