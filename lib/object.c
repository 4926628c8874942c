/* SPDX-License-Identifier: MIT */
/* Object (ECMA-262 20.1). */
#include "lib/families.h"
#include "vm/object/iterate.h"
#include "vm/object/primitive.h"
#include "vm/value/equal.h"

/* ---- the constructor (20.1.1) ------------------------------------------------------------------------------------ */

static Value lib_object_construct(Goroutine *g, Args a)
{
    Value new_target = args_new_target(a);
    if (!value_is_undefined(new_target) && new_target != args_callee(a)) {
        Value proto = TRY(function_prototype_for(g, new_target, INTRINSIC_ObjectPrototype));
        return value_from_cell(object_new_with_proto(&g->heap, proto));
    }
    if (value_is_nullish(arg(a, 0))) return value_from_cell(realm_new_object(g, INTRINSIC_ObjectPrototype));
    return convert_to_object(g, arg(a, 0));
}

/* ---- functions of the constructor (20.1.2) ----------------------------------------------------------------------- */

/* 20.1.2.1. */
static Value lib_object_assign(Goroutine *g, Args a)
{
    Value target = TRY(convert_to_object(g, arg(a, 0)));
    for (uint32_t i = 1; i < a.count; i++) {
        if (value_is_nullish(arg(a, i))) continue;
        Object *from = object_of(TRY(convert_to_object(g, arg(a, i))));
        ValueList *keys = object_own_keys(g, from, KEYS_ALL);
        if (!keys) return VALUE_THROWN;
        for (uint32_t k = 0; k < keys->count; k++) {
            Descriptor d;
            if (!ASK(object_get_own(g, from, keys->items[k], &d)) || !(d.attributes & PROPERTY_ENUMERABLE)) continue;
            Value v = TRY(object_get(g, from, keys->items[k]));
            OK(object_put(g, object_of(target), keys->items[k], v));
        }
    }
    return target;
}

/* ObjectDefineProperties (20.1.2.3.1). */
static bool lib_object_define_all(Goroutine *g, Object *o, Value properties)
{
    Object *from = object_of(TRY_BOOL(convert_to_object(g, properties)));
    ValueList *keys = object_own_keys(g, from, KEYS_ALL);
    if (!keys) return false;
    ValueList *wanted = list_new(&g->heap, keys->count * 4);     // key, value, getter, setter; fields and attributes aside
    ValueList *bits = list_new(&g->heap, keys->count);
    for (uint32_t i = 0; i < keys->count; i++) {
        Descriptor there, d;
        if (!ASK_BOOL(object_get_own(g, from, keys->items[i], &there)) || !(there.attributes & PROPERTY_ENUMERABLE)) continue;
        Value v = TRY_BOOL(object_get(g, from, keys->items[i]));
        OK_BOOL(object_to_descriptor(g, v, &d));
        list_push(&g->heap, &wanted, keys->items[i]);
        list_push(&g->heap, &wanted, d.fields & DESCRIPTOR_HAS_VALUE ? d.value : VALUE_UNDEFINED);
        list_push(&g->heap, &wanted, d.fields & DESCRIPTOR_HAS_GET ? d.getter : VALUE_UNDEFINED);
        list_push(&g->heap, &wanted, d.fields & DESCRIPTOR_HAS_SET ? d.setter : VALUE_UNDEFINED);
        list_push(&g->heap, &bits, value_from_int(d.fields << 8 | d.attributes));
    }
    for (uint32_t i = 0; i < bits->count; i++) {
        const Value *w = &wanted->items[i * 4];
        int32_t b = value_int(bits->items[i]);
        Descriptor d = { .fields = (uint8_t)(b >> 8), .attributes = (uint8_t)b, .value = w[1], .getter = w[2], .setter = w[3] };
        OK_BOOL(object_define_or_throw(g, o, w[0], &d));
    }
    return true;
}

/* 20.1.2.2. */
static Value lib_object_create(Goroutine *g, Args a)
{
    Value proto = arg(a, 0);
    if (!value_is_object(proto) && !value_is_null(proto))
        return error_throw(g, ERROR_TYPE, "Object prototype may only be an Object or null: %V", proto);
    Object *o = object_new_with_proto(&g->heap, proto);
    if (!value_is_undefined(arg(a, 1))) OK(lib_object_define_all(g, o, arg(a, 1)));
    return value_from_cell(o);
}

/* 20.1.2.3. */
static Value lib_object_define_properties(Goroutine *g, Args a)
{
    if (!value_is_object(arg(a, 0))) return error_throw(g, ERROR_TYPE, "Object.defineProperties called on non-object");
    OK(lib_object_define_all(g, object_of(arg(a, 0)), arg(a, 1)));
    return arg(a, 0);
}

/* 20.1.2.4. */
static Value lib_object_define_property(Goroutine *g, Args a)
{
    Descriptor d;
    if (!value_is_object(arg(a, 0))) return error_throw(g, ERROR_TYPE, "Object.defineProperty called on non-object");
    PropertyKey key = TRY(convert_to_property_key(g, arg(a, 1)));
    OK(object_to_descriptor(g, arg(a, 2), &d));
    OK(object_define_or_throw(g, object_of(arg(a, 0)), key, &d));
    return arg(a, 0);
}

/* Object.freeze, seal, isFrozen, isSealed (20.1.2.6, 22, 16, 18). magic: 1 frozen. */
static Value lib_object_harden(Goroutine *g, Args a)
{
    if (!value_is_object(arg(a, 0))) return arg(a, 0);
    bool frozen = args_magic(a) != 0;
    if (ASK(object_set_integrity(g, object_of(arg(a, 0)), frozen))) return arg(a, 0);
    return error_throw(g, ERROR_TYPE, "Cannot %s %V", frozen ? "freeze" : "seal", arg(a, 0));
}

static Value lib_object_is_hard(Goroutine *g, Args a)
{
    if (!value_is_object(arg(a, 0))) return VALUE_TRUE;
    return value_from_bool(ASK(object_test_integrity(g, object_of(arg(a, 0)), args_magic(a) != 0)));
}

/* 20.1.2.20. */
static Value lib_object_prevent_extensions(Goroutine *g, Args a)
{
    if (!value_is_object(arg(a, 0))) return arg(a, 0);
    if (ASK(object_prevent_extensions(g, object_of(arg(a, 0))))) return arg(a, 0);
    return error_throw(g, ERROR_TYPE, "Cannot prevent extensions");
}

/* 20.1.2.15. */
static Value lib_object_is_extensible(Goroutine *g, Args a)
{
    if (!value_is_object(arg(a, 0))) return VALUE_FALSE;
    return value_from_bool(ASK(object_is_extensible(g, object_of(arg(a, 0)))));
}

/* 20.1.2.18. */
static Value lib_object_keys(Goroutine *g, Args a)
{
    return array_from_keys(g, object_enumerable_keys(g, object_of(TRY(convert_to_object(g, arg(a, 0))))));
}

/* Object.values, entries: EnumerableOwnProperties (7.3.24), where each value is read at once. */
enum { ENUMERATE_VALUES, ENUMERATE_ENTRIES };

static Value lib_object_enumerated(Goroutine *g, Object *o, PropertyKey key, int what)
{
    Value v = TRY(object_get(g, o, key));
    if (what == ENUMERATE_VALUES) return v;
    Value pair[] = { convert_key_to_value(&g->heap, key), v };
    Array *entry = array_from_values(g, 2, pair);
    return entry ? value_from_cell(entry) : VALUE_THROWN;
}

static Value lib_object_enumerate(Goroutine *g, Args a)
{
    Object *o = object_of(TRY(convert_to_object(g, arg(a, 0))));
    ValueList *keys = object_own_keys(g, o, KEYS_STRINGS);
    if (!keys) return VALUE_THROWN;
    Array *result = array_new(g);
    for (uint32_t i = 0; i < keys->count; i++) {
        Descriptor d;
        if (!ASK(object_get_own(g, o, keys->items[i], &d)) || !(d.attributes & PROPERTY_ENUMERABLE)) continue;
        OK(array_push(g, result, TRY(lib_object_enumerated(g, o, keys->items[i], args_magic(a)))));
    }
    return value_from_cell(result);
}

/* 20.1.2.7: entries become properties. */
static Value lib_object_from_entries(Goroutine *g, Args a)
{
    Iteration it;
    Value item;
    if (!convert_require_coercible(g, arg(a, 0))) return VALUE_THROWN;
    Object *o = realm_new_object(g, INTRINSIC_ObjectPrototype);
    OK(iterate_begin(g, arg(a, 0), &it));
    for (;;) {
        if (!ASK(iterate_advance(g, &it, &item))) return value_from_cell(o);
        if (!value_is_object(item)) {
            error_throw(g, ERROR_TYPE, "Iterator value %V is not an entry object", item);
            return iterate_fail(g, &it);
        }
        Value k = object_get(g, object_of(item), key_from_index(0));
        if (value_is_thrown(k)) return iterate_fail(g, &it);
        Value v = object_get(g, object_of(item), key_from_index(1));
        if (value_is_thrown(v)) return iterate_fail(g, &it);
        PropertyKey key = convert_to_property_key(g, k);
        if (value_is_thrown(key) || !object_create_data_property_or_throw(g, o, key, v)) return iterate_fail(g, &it);
    }
}

/* 20.1.2.8. */
static Value lib_object_get_own_descriptor(Goroutine *g, Args a)
{
    Descriptor d;
    Object *o = object_of(TRY(convert_to_object(g, arg(a, 0))));
    PropertyKey key = TRY(convert_to_property_key(g, arg(a, 1)));
    if (!ASK(object_get_own(g, o, key, &d))) return VALUE_UNDEFINED;
    return object_from_descriptor(g, &d);
}

/* 20.1.2.9. */
static Value lib_object_get_own_descriptors(Goroutine *g, Args a)
{
    Object *o = object_of(TRY(convert_to_object(g, arg(a, 0))));
    ValueList *keys = object_own_keys(g, o, KEYS_ALL);
    if (!keys) return VALUE_THROWN;
    Object *result = realm_new_object(g, INTRINSIC_ObjectPrototype);
    for (uint32_t i = 0; i < keys->count; i++) {
        Descriptor d;
        if (!ASK(object_get_own(g, o, keys->items[i], &d))) continue;
        Value described = TRY(object_from_descriptor(g, &d));
        OK(object_create_data_property_or_throw(g, result, keys->items[i], described));
    }
    return value_from_cell(result);
}

/* Object.getOwnPropertyNames and getOwnPropertySymbols (20.1.2.10, 11). */
static Value lib_object_own_names(Goroutine *g, Args a)
{
    Object *o = object_of(TRY(convert_to_object(g, arg(a, 0))));
    return array_from_keys(g, object_own_keys(g, o, (KeyFilter)args_magic(a)));
}

/* 20.1.2.12. */
static Value lib_object_get_prototype_of(Goroutine *g, Args a)
{
    return object_get_proto(g, object_of(TRY(convert_to_object(g, arg(a, 0)))));
}

static bool lib_object_replace_proto(Goroutine *g, Value o, Value proto)
{
    if (ASK_BOOL(object_set_proto(g, object_of(o), proto))) return true;
    if (!ASK_BOOL(object_is_extensible(g, object_of(o)))) return error_throw_bool(g, ERROR_TYPE, "%V is not extensible", o);
    if (realm_is_object_prototype(g->vm, object_of(o)))
        return error_throw_bool(g, ERROR_TYPE, "Immutable prototype object 'Object.prototype' cannot have their prototype set");
    return error_throw_bool(g, ERROR_TYPE, "Cyclic __proto__ value");
}

/* 20.1.2.23. */
static Value lib_object_set_prototype_of(Goroutine *g, Args a)
{
    OK(convert_require_coercible(g, arg(a, 0)));
    if (!value_is_object(arg(a, 1)) && !value_is_null(arg(a, 1)))
        return error_throw(g, ERROR_TYPE, "Object prototype may only be an Object or null: %V", arg(a, 1));
    if (value_is_object(arg(a, 0))) OK(lib_object_replace_proto(g, arg(a, 0), arg(a, 1)));
    return arg(a, 0);
}

/* 20.1.2.14. */
static Value lib_object_is(Goroutine *g, Args a)
{
    return value_from_bool(equal_same_value(&g->heap, arg(a, 0), arg(a, 1)));
}

/* 20.1.2.13. */
static Value lib_object_has_own(Goroutine *g, Args a)
{
    Object *o = object_of(TRY(convert_to_object(g, arg(a, 0))));
    PropertyKey key = TRY(convert_to_property_key(g, arg(a, 1)));
    return value_from_bool(ASK(object_has_own(g, o, key)));
}

static const NativeSpec lib_object_functions[] = {
    LIB_METHOD("assign", 2, lib_object_assign),
    LIB_METHOD("create", 2, lib_object_create),
    LIB_METHOD("defineProperties", 2, lib_object_define_properties),
    LIB_METHOD("defineProperty", 3, lib_object_define_property),
    LIB_MAGIC("entries", 1, lib_object_enumerate, ENUMERATE_ENTRIES),
    LIB_MAGIC("freeze", 1, lib_object_harden, 1),
    LIB_METHOD("fromEntries", 1, lib_object_from_entries),
    LIB_METHOD("getOwnPropertyDescriptor", 2, lib_object_get_own_descriptor),
    LIB_METHOD("getOwnPropertyDescriptors", 1, lib_object_get_own_descriptors),
    LIB_MAGIC("getOwnPropertyNames", 1, lib_object_own_names, KEYS_STRINGS),
    LIB_MAGIC("getOwnPropertySymbols", 1, lib_object_own_names, KEYS_SYMBOLS),
    LIB_METHOD("getPrototypeOf", 1, lib_object_get_prototype_of),
    LIB_METHOD("hasOwn", 2, lib_object_has_own),
    LIB_METHOD("is", 2, lib_object_is),
    LIB_METHOD("isExtensible", 1, lib_object_is_extensible),
    LIB_MAGIC("isFrozen", 1, lib_object_is_hard, 1),
    LIB_MAGIC("isSealed", 1, lib_object_is_hard, 0),
    LIB_METHOD("keys", 1, lib_object_keys),
    LIB_METHOD("preventExtensions", 1, lib_object_prevent_extensions),
    LIB_MAGIC("seal", 1, lib_object_harden, 0),
    LIB_METHOD("setPrototypeOf", 2, lib_object_set_prototype_of),
    LIB_MAGIC("values", 1, lib_object_enumerate, ENUMERATE_VALUES),
};

/* ---- Object.prototype (20.1.3) ----------------------------------------------------------------------------------- */

/* 20.1.3.2. */
static Value lib_object_has_own_property(Goroutine *g, Args a)
{
    PropertyKey key = TRY(convert_to_property_key(g, arg(a, 0)));
    Object *o = object_of(TRY(convert_to_object(g, a.self)));
    return value_from_bool(ASK(object_has_own(g, o, key)));
}

/* 20.1.3.3. */
static Value lib_object_is_prototype_of(Goroutine *g, Args a)
{
    if (!value_is_object(arg(a, 0))) return VALUE_FALSE;
    Value o = TRY(convert_to_object(g, a.self)), v = arg(a, 0);
    for (;;) {
        v = TRY(object_get_proto(g, object_of(v)));
        if (value_is_null(v)) return VALUE_FALSE;
        if (v == o) return VALUE_TRUE;
    }
}

/* 20.1.3.4. */
static Value lib_object_property_is_enumerable(Goroutine *g, Args a)
{
    Descriptor d;
    PropertyKey key = TRY(convert_to_property_key(g, arg(a, 0)));
    Object *o = object_of(TRY(convert_to_object(g, a.self)));
    return value_from_bool(ASK(object_get_own(g, o, key, &d)) && (d.attributes & PROPERTY_ENUMERABLE));
}

/* 20.1.3.5. */
static Value lib_object_to_locale_string(Goroutine *g, Args a)
{
    return object_invoke(g, a.self, vm_atom(g->vm, ATOM_toString), 0, NULL);
}

static const char *lib_object_builtin_tag(const Object *o, bool is_array)
{
    if (is_array) return "Array";
    if (value_is_callable(value_from_cell(o))) return "Function";
    switch (o->cell.kind) {
    case KIND_ARGUMENTS: case KIND_MAPPED_ARGUMENTS: return "Arguments";
    case KIND_ERROR:         return "Error";
    case KIND_STRING_OBJECT: return "String";
    case KIND_DATE:          return "Date";
    case KIND_REGEXP:        return "RegExp";
    case KIND_WRAPPER: {
        Value v = ((const Wrapper *)o)->value;
        return value_is_boolean(v) ? "Boolean" : value_is_number(v) ? "Number" : "Object";
    }
    default: return "Object";
    }
}

/* 20.1.3.6. */
static Value lib_object_to_string(Goroutine *g, Args a)
{
    if (value_is_undefined(a.self)) return value_from_cell(intern_text(&g->heap, "[object Undefined]"));
    if (value_is_null(a.self)) return value_from_cell(intern_text(&g->heap, "[object Null]"));
    Object *o = object_of(TRY(convert_to_object(g, a.self)));
    const char *tag = lib_object_builtin_tag(o, ASK(convert_is_array(g, value_from_cell(o))));
    Value own = TRY(object_get_with(g, o, g->vm->symbols[SYMBOL_toStringTag], a.self));
    StringBuilder b;
    string_builder_init(&b);
    string_builder_put_text(&b, "[object ");
    if (value_is_string(own)) string_builder_put_string(&g->heap, &b, string_of(own));
    else string_builder_put_text(&b, tag);
    string_builder_put_text(&b, "]");
    return error_string_or_throw(g, string_builder_end(&g->heap, &b));
}

/* 20.1.3.7. */
static Value lib_object_value_of(Goroutine *g, Args a)
{
    return convert_to_object(g, a.self);
}

/* 20.1.3.8: __proto__. */
static Value lib_object_get_proto(Goroutine *g, Args a)
{
    return object_get_proto(g, object_of(TRY(convert_to_object(g, a.self))));
}

static Value lib_object_set_proto(Goroutine *g, Args a)
{
    OK(convert_require_coercible(g, a.self));
    if (!value_is_object(arg(a, 0)) && !value_is_null(arg(a, 0))) return VALUE_UNDEFINED;
    if (value_is_object(a.self)) OK(lib_object_replace_proto(g, a.self, arg(a, 0)));
    return VALUE_UNDEFINED;
}

/* __defineGetter__, __defineSetter__ (20.1.3.9). magic: 1 setter. */
static Value lib_object_define_accessor(Goroutine *g, Args a)
{
    bool setter = args_magic(a) != 0;
    Object *o = object_of(TRY(convert_to_object(g, a.self)));
    if (!value_is_callable(arg(a, 1))) return error_throw(g, ERROR_TYPE, "%V is not a function", arg(a, 1));
    Descriptor d = {
        .fields = (uint8_t)((setter ? DESCRIPTOR_HAS_SET : DESCRIPTOR_HAS_GET) | DESCRIPTOR_HAS_ENUMERABLE | DESCRIPTOR_HAS_CONFIGURABLE),
        .attributes = PROPERTY_ENUMERABLE | PROPERTY_CONFIGURABLE | PROPERTY_ACCESSOR, .getter = arg(a, 1), .setter = arg(a, 1),
    };
    PropertyKey key = TRY(convert_to_property_key(g, arg(a, 0)));
    OK(object_define_or_throw(g, o, key, &d));
    return VALUE_UNDEFINED;
}

static Value lib_object_lookup_accessor(Goroutine *g, Args a)
{
    bool setter = args_magic(a) != 0;
    Descriptor d;
    Value o = TRY(convert_to_object(g, a.self));
    PropertyKey key = TRY(convert_to_property_key(g, arg(a, 0)));
    while (value_is_object(o)) {
        if (ASK(object_get_own(g, object_of(o), key, &d)))
            return !descriptor_is_accessor(&d) ? VALUE_UNDEFINED : setter ? d.setter : d.getter;
        o = TRY(object_get_proto(g, object_of(o)));
    }
    return VALUE_UNDEFINED;
}

static const NativeSpec lib_object_prototype[] = {
    LIB_MAGIC("__defineGetter__", 2, lib_object_define_accessor, 0),
    LIB_MAGIC("__defineSetter__", 2, lib_object_define_accessor, 1),
    LIB_METHOD("hasOwnProperty", 1, lib_object_has_own_property),
    LIB_MAGIC("__lookupGetter__", 1, lib_object_lookup_accessor, 0),
    LIB_MAGIC("__lookupSetter__", 1, lib_object_lookup_accessor, 1),
    LIB_METHOD("isPrototypeOf", 1, lib_object_is_prototype_of),
    LIB_METHOD("propertyIsEnumerable", 1, lib_object_property_is_enumerable),
    LIB_METHOD("toString", 0, lib_object_to_string),
    LIB_METHOD("valueOf", 0, lib_object_value_of),
    LIB_GETTER("__proto__", lib_object_get_proto),
    LIB_SETTER("__proto__", lib_object_set_proto),
    LIB_METHOD("toLocaleString", 0, lib_object_to_locale_string),
};

void lib_object_install(const Lib *lib)
{
    static const NativeSpec spec = LIB_CONSTRUCTOR("Object", 1, lib_object_construct);
    Native *c = install_constructor(lib, &spec, INTRINSIC_Object, INTRINSIC_ObjectPrototype, VALUE_NULL, VALUE_UNDEFINED);
    INSTALL_TABLE(lib, value_from_cell(c), lib_object_functions);
    Value proto = install_intrinsic(lib, INTRINSIC_ObjectPrototype);
    INSTALL_TABLE(lib, proto, lib_object_prototype);
    lib->realm->intrinsics[INTRINSIC_ObjectPrototype_toString] = install_read(lib, proto, "toString");
}
