/* SPDX-License-Identifier: MIT */
/* Operations on objects (ECMA-262 7.3) and property descriptors (6.2.6). */
#include "vm/object/array.h"
#include "vm/object/convert.h"
#include "vm/object/error.h"
#include "vm/object/kinds.h"
#include "vm/object/primitive.h"
#include "vm/object/realm.h"

bool object_put(Goroutine *g, Object *o, PropertyKey key, Value v)
{
    if (ASK_BOOL(object_set_with(g, o, key, v, value_from_cell(o)))) return true;
    return error_throw_bool(g, ERROR_TYPE, "Cannot assign to read only property '%K' of %V", key, value_from_cell(o));
}

Value object_get_of(Goroutine *g, Value v, PropertyKey key)
{
    if (value_is_object(v)) return object_get(g, object_of(v), key);
    if (value_is_nullish(v))
        return error_throw(g, ERROR_TYPE, "Cannot read properties of %V (reading '%K')", v, key);
    if (value_is_string(v)) {
        String *s = string_of(v);
        if (key == vm_atom(g->vm, ATOM_length)) return value_from_int((int32_t)s->length);
        if (key_is_index(key) && key_index(key) < s->length)
            return value_from_cell(string_from_unit(&g->heap, string_unit_at(&g->heap, s, key_index(key))));
    }
    return object_get_with(g, primitive_prototype(g, v), key, v);
}

Value object_get_method(Goroutine *g, Value v, PropertyKey key)
{
    Value f = TRY(object_get_of(g, v, key));
    if (value_is_nullish(f)) return VALUE_UNDEFINED;
    if (!value_is_callable(f)) return error_throw(g, ERROR_TYPE, "%V is not a function", f);
    return f;
}

Value object_invoke(Goroutine *g, Value v, PropertyKey key, uint32_t count, const Value *arguments)
{
    Value f = TRY(object_get_of(g, v, key));
    if (!value_is_callable(f)) return error_throw(g, ERROR_TYPE, "'%K' of %V is not a function", key, v);
    return callable_call(g, f, v, count, arguments);
}

Tri object_create_data_property(Goroutine *g, Object *o, PropertyKey key, Value v)
{
    Descriptor d = descriptor_of_data(v, PROPERTY_DEFAULT);
    return object_define_own(g, o, key, &d);
}

bool object_create_data_property_or_throw(Goroutine *g, Object *o, PropertyKey key, Value v)
{
    if (ASK_BOOL(object_create_data_property(g, o, key, v))) return true;
    return error_throw_bool(g, ERROR_TYPE, "Cannot define property '%K' on %V", key, value_from_cell(o));
}

bool object_define_or_throw(Goroutine *g, Object *o, PropertyKey key, const Descriptor *d)
{
    if (ASK_BOOL(object_define_own(g, o, key, d))) return true;
    Descriptor existing;
    bool there = ASK_BOOL(object_get_own(g, o, key, &existing));
    return error_throw_bool(g, ERROR_TYPE, there ? "Cannot redefine property: %K"
                                                 : "Cannot define property %K, object is not extensible", key);
}

bool object_delete_or_throw(Goroutine *g, Object *o, PropertyKey key)
{
    if (ASK_BOOL(object_delete(g, o, key))) return true;
    return error_throw_bool(g, ERROR_TYPE, "Cannot delete property '%K' of %V", key, value_from_cell(o));
}

Tri object_has_own(Goroutine *g, Object *o, PropertyKey key)
{
    const ObjectOps *ops = kinds_ops(o->cell.kind);
    Descriptor d;
    PropertyRef ref;
    if (ops && ops->get_own) return ops->get_own(g, o, key, &d);
    return tri_from_bool(object_find_own(&g->heap, o, key, &ref));
}

/* ---- integrity levels (7.3.15, 7.3.16) --------------------------------------------------------------------------- */

static bool object_restrict_key(Goroutine *g, Object *o, PropertyKey key, bool frozen)
{
    Descriptor d = { .fields = DESCRIPTOR_HAS_CONFIGURABLE };
    if (frozen) {
        Descriptor current;
        if (!ASK_BOOL(object_get_own(g, o, key, &current))) return true;
        if (!descriptor_is_accessor(&current)) d.fields |= DESCRIPTOR_HAS_WRITABLE;
    }
    return object_define_or_throw(g, o, key, &d);
}

/* Without user code: one shape transition, and flags for dense elements. */
static bool object_try_restrict(LocalHeap *h, Object *o, bool frozen)
{
    const ObjectOps *ops = kinds_ops(o->cell.kind);
    if (ops && ops != &array_ops) return false;
    uint8_t flags = OBJECT_FIXED_ELEMENTS | (frozen ? OBJECT_FROZEN_ELEMENTS : OBJECT_SEALED_ELEMENTS);
    if (frozen && o->cell.kind == KIND_ARRAY) flags |= OBJECT_FIXED_LENGTH;
    ObjectChange change = object_enter(h, o, true);
    bool usable = !shape_is_dictionary(object_shape(h->vm, o)) && !elements_is_sparse(o);
    if (usable) {
        object_announce(h, o, VALUE_HOLE);
        object_materialize(h, o);
        PropertyKey how = frozen ? SHAPE_TO_FROZEN : SHAPE_TO_SEALED;
        object_set_shape(h, o, shape_restrict(h, object_shape(h->vm, o), how));
        object_add_flags(o, flags);
    }
    object_leave(h, o, change);
    return usable;
}

Tri object_set_integrity(Goroutine *g, Object *o, bool frozen)
{
    if (object_try_restrict(&g->heap, o, frozen)) return TRI_TRUE;
    if (!ASK_TRI(object_prevent_extensions(g, o))) return TRI_FALSE;
    ValueList *keys = object_own_keys(g, o, KEYS_ALL);
    if (!keys) return TRI_THROWN;
    for (uint32_t i = 0; i < keys->count; i++) OK_TRI(object_restrict_key(g, o, keys->items[i], frozen));
    return TRI_TRUE;
}

Tri object_test_integrity(Goroutine *g, Object *o, bool frozen)
{
    if (ASK_TRI(object_is_extensible(g, o))) return TRI_FALSE;
    ValueList *keys = object_own_keys(g, o, KEYS_ALL);
    if (!keys) return TRI_THROWN;
    for (uint32_t i = 0; i < keys->count; i++) {
        Descriptor d;
        if (!ASK_TRI(object_get_own(g, o, keys->items[i], &d))) continue;
        if (d.attributes & PROPERTY_CONFIGURABLE) return TRI_FALSE;
        if (frozen && !descriptor_is_accessor(&d) && (d.attributes & PROPERTY_WRITABLE)) return TRI_FALSE;
    }
    return TRI_TRUE;
}

/* ---- constructors and instanceof --------------------------------------------------------------------------------- */

Value object_species_constructor(Goroutine *g, Object *o, Value fallback)
{
    Value c = TRY(object_get(g, o, vm_atom(g->vm, ATOM_constructor)));
    if (value_is_undefined(c)) return fallback;
    if (!value_is_object(c)) return error_throw(g, ERROR_TYPE, "The .constructor property is not an object");
    Value s = TRY(object_get(g, object_of(c), g->vm->symbols[SYMBOL_species]));
    if (value_is_nullish(s)) return fallback;
    if (callable_is_constructor(s)) return s;
    return error_throw(g, ERROR_TYPE, "object.constructor[Symbol.species] is not a constructor");
}

Tri object_has_in_chain(Goroutine *g, Object *o, Value proto)
{
    for (;;) {
        Value v = TRY_TRI(object_get_proto(g, o));
        if (!value_is_object(v)) return TRI_FALSE;
        if (v == proto) return TRI_TRUE;
        o = object_of(v);
    }
}

Tri object_ordinary_has_instance(Goroutine *g, Value c, Value v)
{
    if (!value_is_callable(c)) return TRI_FALSE;
    if (value_is_kind(c, KIND_BOUND)) return object_instance_of(g, v, ((Bound *)value_cell(c))->target);
    if (!value_is_object(v)) return TRI_FALSE;
    Value proto = TRY_TRI(object_get(g, object_of(c), vm_atom(g->vm, ATOM_prototype)));
    if (!value_is_object(proto))
        return error_throw_tri(g, ERROR_TYPE, "Function has non-object prototype '%V' in instanceof check", proto);
    return object_has_in_chain(g, object_of(v), proto);
}

Tri object_instance_of(Goroutine *g, Value v, Value target)
{
    if (!value_is_object(target)) return error_throw_tri(g, ERROR_TYPE, "Right-hand side of 'instanceof' is not an object");
    Value method = TRY_TRI(object_get_method(g, target, g->vm->symbols[SYMBOL_hasInstance]));
    if (!value_is_undefined(method)) {
        Value result = TRY_TRI(callable_call1(g, method, target, v));
        return tri_from_bool(convert_to_boolean(result));
    }
    if (!value_is_callable(target)) return error_throw_tri(g, ERROR_TYPE, "Right-hand side of 'instanceof' is not callable");
    return object_ordinary_has_instance(g, target, v);
}

/* ---- descriptors (6.2.6.4, 6.2.6.5) ------------------------------------------------------------------------------ */

/* Read field `name` of `o` into `*v` if it has one. TRI_TRUE: it has. */
static Tri object_read_field(Goroutine *g, Object *o, AtomId name, Value *v)
{
    PropertyKey key = vm_atom(g->vm, name);
    if (!ASK_TRI(object_has(g, o, key))) return TRI_FALSE;
    *v = TRY_TRI(object_get(g, o, key));
    return TRI_TRUE;
}

static bool object_read_flag(Goroutine *g, Object *o, AtomId name, uint8_t field, uint8_t attribute, Descriptor *d)
{
    Value v;
    if (!ASK_BOOL(object_read_field(g, o, name, &v))) return true;
    d->fields |= field;
    if (convert_to_boolean(v)) d->attributes |= attribute;
    return true;
}

static bool object_read_accessor(Goroutine *g, Object *o, AtomId name, uint8_t field, Value *v, Descriptor *d)
{
    if (!ASK_BOOL(object_read_field(g, o, name, v))) return true;
    d->fields |= field;
    if (value_is_undefined(*v) || value_is_callable(*v)) return true;
    return error_throw_bool(g, ERROR_TYPE, "%s must be a function: %V", name == ATOM_get ? "Getter" : "Setter", *v);
}

bool object_to_descriptor(Goroutine *g, Value v, Descriptor *d)
{
    *d = (Descriptor){ .value = VALUE_UNDEFINED, .getter = VALUE_UNDEFINED, .setter = VALUE_UNDEFINED };
    if (!value_is_object(v)) return error_throw_bool(g, ERROR_TYPE, "Property description must be an object: %V", v);
    Object *o = object_of(v);
    OK_BOOL(object_read_flag(g, o, ATOM_enumerable, DESCRIPTOR_HAS_ENUMERABLE, PROPERTY_ENUMERABLE, d));
    OK_BOOL(object_read_flag(g, o, ATOM_configurable, DESCRIPTOR_HAS_CONFIGURABLE, PROPERTY_CONFIGURABLE, d));
    if (ASK_BOOL(object_read_field(g, o, ATOM_value, &d->value))) d->fields |= DESCRIPTOR_HAS_VALUE;
    OK_BOOL(object_read_flag(g, o, ATOM_writable, DESCRIPTOR_HAS_WRITABLE, PROPERTY_WRITABLE, d));
    OK_BOOL(object_read_accessor(g, o, ATOM_get, DESCRIPTOR_HAS_GET, &d->getter, d));
    OK_BOOL(object_read_accessor(g, o, ATOM_set, DESCRIPTOR_HAS_SET, &d->setter, d));
    if (!descriptor_is_accessor(d) || !descriptor_is_data(d)) return true;
    return error_throw_bool(g, ERROR_TYPE,
                            "Invalid property descriptor. Cannot both specify accessors and a value or writable attribute");
}

static void object_add_field(Goroutine *g, Object *o, AtomId name, Value v)
{
    object_add(&g->heap, o, vm_atom(g->vm, name), v, PROPERTY_DEFAULT);
}

Value object_from_descriptor(Goroutine *g, const Descriptor *d)
{
    Object *o = realm_new_object(g, INTRINSIC_ObjectPrototype);
    if (d->fields & DESCRIPTOR_HAS_VALUE) object_add_field(g, o, ATOM_value, d->value);
    if (d->fields & DESCRIPTOR_HAS_WRITABLE)
        object_add_field(g, o, ATOM_writable, value_from_bool((d->attributes & PROPERTY_WRITABLE) != 0));
    if (d->fields & DESCRIPTOR_HAS_GET) object_add_field(g, o, ATOM_get, d->getter);
    if (d->fields & DESCRIPTOR_HAS_SET) object_add_field(g, o, ATOM_set, d->setter);
    if (d->fields & DESCRIPTOR_HAS_ENUMERABLE)
        object_add_field(g, o, ATOM_enumerable, value_from_bool((d->attributes & PROPERTY_ENUMERABLE) != 0));
    if (d->fields & DESCRIPTOR_HAS_CONFIGURABLE)
        object_add_field(g, o, ATOM_configurable, value_from_bool((d->attributes & PROPERTY_CONFIGURABLE) != 0));
    return value_from_cell(o);
}
