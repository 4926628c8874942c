/* SPDX-License-Identifier: MIT */
/* Reflect and Proxy (ECMA-262 28.1, 28.2). */
#include "lib/families.h"
#include "vm/object/proxy.h"

/* The object that a function of Reflect works on. NULL: TypeError thrown. */
static Object *lib_reflect_target(Goroutine *g, Args a)
{
    if (value_is_object(arg(a, 0))) return object_of(arg(a, 0));
    error_throw(g, ERROR_TYPE, "Reflect.%S called on non-object", string_of(function_native(args_callee(a))->name));
    return NULL;
}

#define TARGET(g, a)                                  \
    ({                                                \
        Object *target_ = lib_reflect_target(g, a);   \
        if (!target_) return VALUE_THROWN;            \
        target_;                                      \
    })

/* 28.1.1. */
static Value lib_reflect_apply(Goroutine *g, Args a)
{
    if (!value_is_callable(arg(a, 0))) return error_throw(g, ERROR_TYPE, "%V is not a function", arg(a, 0));
    ValueList *list = array_list_from_array_like(g, arg(a, 2));
    if (!list) return VALUE_THROWN;
    return callable_tail_call(g, arg(a, 0), arg(a, 1), list->count, list->items);
}

/* 28.1.2. */
static Value lib_reflect_construct(Goroutine *g, Args a)
{
    if (!callable_is_constructor(arg(a, 0))) return error_throw(g, ERROR_TYPE, "%V is not a constructor", arg(a, 0));
    Value new_target = a.count > 2 ? arg(a, 2) : arg(a, 0);
    if (!callable_is_constructor(new_target)) return error_throw(g, ERROR_TYPE, "%V is not a constructor", new_target);
    ValueList *list = array_list_from_array_like(g, arg(a, 1));
    if (!list) return VALUE_THROWN;
    return callable_construct(g, arg(a, 0), list->count, list->items, new_target);
}

/* 28.1.3. */
static Value lib_reflect_define_property(Goroutine *g, Args a)
{
    Descriptor d;
    Object *o = TARGET(g, a);
    PropertyKey key = TRY(convert_to_property_key(g, arg(a, 1)));
    OK(object_to_descriptor(g, arg(a, 2), &d));
    return value_from_bool(ASK(object_define_own(g, o, key, &d)));
}

/* 28.1.4. */
static Value lib_reflect_delete_property(Goroutine *g, Args a)
{
    Object *o = TARGET(g, a);
    PropertyKey key = TRY(convert_to_property_key(g, arg(a, 1)));
    return value_from_bool(ASK(object_delete(g, o, key)));
}

/* 28.1.5. */
static Value lib_reflect_get(Goroutine *g, Args a)
{
    Object *o = TARGET(g, a);
    PropertyKey key = TRY(convert_to_property_key(g, arg(a, 1)));
    return object_get_with(g, o, key, a.count > 2 ? arg(a, 2) : value_from_cell(o));
}

/* 28.1.6. */
static Value lib_reflect_get_own_property_descriptor(Goroutine *g, Args a)
{
    Descriptor d;
    Object *o = TARGET(g, a);
    PropertyKey key = TRY(convert_to_property_key(g, arg(a, 1)));
    return ASK(object_get_own(g, o, key, &d)) ? object_from_descriptor(g, &d) : VALUE_UNDEFINED;
}

/* 28.1.7. */
static Value lib_reflect_get_prototype_of(Goroutine *g, Args a)
{
    return object_get_proto(g, TARGET(g, a));
}

/* 28.1.8. */
static Value lib_reflect_has(Goroutine *g, Args a)
{
    Object *o = TARGET(g, a);
    PropertyKey key = TRY(convert_to_property_key(g, arg(a, 1)));
    return value_from_bool(ASK(object_has(g, o, key)));
}

/* 28.1.9. */
static Value lib_reflect_is_extensible(Goroutine *g, Args a)
{
    return value_from_bool(ASK(object_is_extensible(g, TARGET(g, a))));
}

/* 28.1.10. */
static Value lib_reflect_own_keys(Goroutine *g, Args a)
{
    return array_from_keys(g, object_own_keys(g, TARGET(g, a), KEYS_ALL));
}

/* 28.1.11. */
static Value lib_reflect_prevent_extensions(Goroutine *g, Args a)
{
    return value_from_bool(ASK(object_prevent_extensions(g, TARGET(g, a))));
}

/* 28.1.12. */
static Value lib_reflect_set(Goroutine *g, Args a)
{
    Object *o = TARGET(g, a);
    PropertyKey key = TRY(convert_to_property_key(g, arg(a, 1)));
    return value_from_bool(ASK(object_set_with(g, o, key, arg(a, 2), a.count > 3 ? arg(a, 3) : value_from_cell(o))));
}

/* 28.1.13. */
static Value lib_reflect_set_prototype_of(Goroutine *g, Args a)
{
    Object *o = TARGET(g, a);
    Value proto = arg(a, 1);
    if (!value_is_object(proto) && !value_is_null(proto))
        return error_throw(g, ERROR_TYPE, "Object prototype may only be an Object or null: %V", proto);
    return value_from_bool(ASK(object_set_proto(g, o, proto)));
}

/* ---- Proxy ------------------------------------------------------------------------------------------------------- */

/* 28.2.1.1. */
static Value lib_reflect_proxy_construct(Goroutine *g, Args a)
{
    if (!args_is_construct(a)) return error_throw(g, ERROR_TYPE, "Constructor Proxy requires 'new'");
    return proxy_create(g, arg(a, 0), arg(a, 1));
}

/* 28.2.2.1.1; data 0: the proxy, null once revoked. */
static Value lib_reflect_proxy_revoke(Goroutine *g, Args a)
{
    Native *callee = function_native(args_callee(a));
    Value proxy = cell_slot_get(&callee->data[0]);
    if (value_is_null(proxy)) return VALUE_UNDEFINED;
    Proxy *p = (Proxy *)value_cell(proxy);
    barrier_store(&g->heap, callee, &callee->data[0], VALUE_NULL);
    barrier_store(&g->heap, p, &p->target, VALUE_NULL);
    barrier_store(&g->heap, p, &p->handler, VALUE_NULL);
    return VALUE_UNDEFINED;
}

/* 28.2.2.1. */
static Value lib_reflect_proxy_revocable(Goroutine *g, Args a)
{
    static const NativeSpec spec = { .name = "", .function = lib_reflect_proxy_revoke };
    Value proxy = TRY(proxy_create(g, arg(a, 0), arg(a, 1)));
    Value revoke = function_new_capturing(&g->heap, realm_current(g), &spec, 1, &proxy);
    Object *result = realm_new_object(g, INTRINSIC_ObjectPrototype);
    object_define(&g->heap, result, intern_key_text(&g->heap, "proxy"), proxy, PROPERTY_DEFAULT);
    object_define(&g->heap, result, intern_key_text(&g->heap, "revoke"), revoke, PROPERTY_DEFAULT);
    return value_from_cell(result);
}

/* ---- installation ------------------------------------------------------------------------------------------------ */

static const NativeSpec lib_reflect_functions[] = {
    LIB_METHOD("apply", 3, lib_reflect_apply),
    LIB_METHOD("construct", 2, lib_reflect_construct),
    LIB_METHOD("defineProperty", 3, lib_reflect_define_property),
    LIB_METHOD("deleteProperty", 2, lib_reflect_delete_property),
    LIB_METHOD("get", 2, lib_reflect_get),
    LIB_METHOD("getOwnPropertyDescriptor", 2, lib_reflect_get_own_property_descriptor),
    LIB_METHOD("getPrototypeOf", 1, lib_reflect_get_prototype_of),
    LIB_METHOD("has", 2, lib_reflect_has),
    LIB_METHOD("isExtensible", 1, lib_reflect_is_extensible),
    LIB_METHOD("ownKeys", 1, lib_reflect_own_keys),
    LIB_METHOD("preventExtensions", 1, lib_reflect_prevent_extensions),
    LIB_METHOD("set", 3, lib_reflect_set),
    LIB_METHOD("setPrototypeOf", 2, lib_reflect_set_prototype_of),
};

static const NativeSpec lib_reflect_proxy_functions[] = {
    LIB_METHOD("revocable", 2, lib_reflect_proxy_revocable),
};

void lib_reflect_install(const Lib *lib)
{
    static const NativeSpec proxy = LIB_CONSTRUCTOR("Proxy", 2, lib_reflect_proxy_construct);
    Value reflect = install_object(lib, install_intrinsic(lib, INTRINSIC_ObjectPrototype));
    INSTALL_TABLE(lib, reflect, lib_reflect_functions);
    install_tag(lib, reflect, "Reflect");
    install_global(lib, "Reflect", reflect);
    lib->realm->intrinsics[INTRINSIC_Reflect] = reflect;
    Value constructor = install_function(lib, &proxy);                  // has no prototype property (28.2.2)
    INSTALL_TABLE(lib, constructor, lib_reflect_proxy_functions);
    install_global(lib, "Proxy", constructor);
    lib->realm->intrinsics[INTRINSIC_Proxy] = constructor;
}
