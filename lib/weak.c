/* SPDX-License-Identifier: MIT */
/* WeakMap, WeakSet, WeakRef, FinalizationRegistry (ECMA-262 24.3, 24.4, 26.1, 26.2); what takes a callback is in
 * weak.us. */
#include "vm/object/weak.h"

#include "lib/collection.h"
#include "lib/families.h"
#include "lib/intrinsics.h"
#include "lib/library.h"
#include "vm/value/equal.h"

static WeakCollection *lib_weak_this(Goroutine *g, Args a, CellKind kind)
{
    if (value_is_kind(a.self, kind)) return (WeakCollection *)value_cell(a.self);
    collection_throw_receiver(g, a, kind);
    return NULL;
}

/* Both kinds of collection: magic is theirs. */

static Value lib_weak_delete(Goroutine *g, Args a)                   // 24.3.3.2, 24.4.3.3
{
    WeakCollection *c = lib_weak_this(g, a, (CellKind)args_magic(a));
    return c ? value_from_bool(weak_remove(&g->heap, c, arg(a, 0))) : VALUE_THROWN;
}

static Value lib_weak_has(Goroutine *g, Args a)                      // 24.3.3.4, 24.4.3.4
{
    const WeakCollection *c = lib_weak_this(g, a, (CellKind)args_magic(a));
    return c ? value_from_bool(weak_get(&g->heap, c, arg(a, 0), NULL)) : VALUE_THROWN;
}

static bool lib_weak_put(Goroutine *g, Value collection, Value key, Value v)
{
    WeakCollection *c = (WeakCollection *)value_cell(collection);
    bool is_map = c->object.cell.kind == KIND_WEAK_MAP;
    if (!weak_can_hold(key))
        return error_throw_bool(g, ERROR_TYPE, is_map ? "Invalid value used as weak map key: %V" : "Invalid value used in weak set: %V", key);
    if (weak_put(&g->heap, c, key, v)) return true;
    error_throw_out_of_memory(g);
    return false;
}

static Value lib_weak_throw_key(Goroutine *g, Value key)
{
    return error_throw(g, ERROR_TYPE, "Invalid value used as weak map key: %V", key);
}

/* ---- WeakMap ----------------------------------------------------------------------------------------------------- */

/* 24.3.3.5. */
static Value lib_weak_map_set(Goroutine *g, Args a)
{
    if (!lib_weak_this(g, a, KIND_WEAK_MAP)) return VALUE_THROWN;
    OK(lib_weak_put(g, a.self, arg(a, 0), arg(a, 1)));
    return a.self;
}

/* 24.3.1.1. */
static Value lib_weak_map_construct(Goroutine *g, Args a)
{
    Value proto = TRY(collection_prototype(g, a, INTRINSIC_WeakMapPrototype));
    Value map = value_from_cell(weak_new_collection(&g->heap, KIND_WEAK_MAP, proto));
    OK(collection_fill(g, map, arg(a, 0), "set", lib_weak_map_set, lib_weak_put, true));
    return map;
}

/* 24.3.3.3. */
static Value lib_weak_map_get(Goroutine *g, Args a)
{
    const WeakCollection *c = lib_weak_this(g, a, KIND_WEAK_MAP);
    if (!c) return VALUE_THROWN;
    Value v;
    return weak_get(&g->heap, c, arg(a, 0), &v) ? v : VALUE_UNDEFINED;
}

/* WeakMap.prototype.getOrInsert. */
static Value lib_weak_map_get_or_insert(Goroutine *g, Args a)
{
    WeakCollection *c = lib_weak_this(g, a, KIND_WEAK_MAP);
    if (!c) return VALUE_THROWN;
    Value v = arg(a, 1);
    if (!weak_can_hold(arg(a, 0))) return lib_weak_throw_key(g, arg(a, 0));
    return weak_get_or_put(&g->heap, c, arg(a, 0), &v) ? v : error_throw_out_of_memory(g);
}

/* What weak.us asks for. $weakMapCheck(v, key): TypeError when `v` is no WeakMap or `key` cannot be held weakly. */
Value lib_weak_map_check(Goroutine *g, Args a)
{
    if (!value_is_kind(arg(a, 0), KIND_WEAK_MAP))
        return error_throw(g, ERROR_TYPE, "Method WeakMap.prototype.getOrInsertComputed called on incompatible receiver %V", arg(a, 0));
    if (weak_can_hold(arg(a, 1))) return VALUE_UNDEFINED;
    return lib_weak_throw_key(g, arg(a, 1));
}

/* $weakMapHas(map, key), $weakMapGet(map, key): undefined when it is not there, $weakMapPut(map, key, v). */
Value lib_weak_map_has_key(Goroutine *g, Args a)
{
    return value_from_bool(weak_get(&g->heap, (const WeakCollection *)value_cell(arg(a, 0)), arg(a, 1), NULL));
}

Value lib_weak_map_get_value(Goroutine *g, Args a)
{
    Value v;
    return weak_get(&g->heap, (const WeakCollection *)value_cell(arg(a, 0)), arg(a, 1), &v) ? v : VALUE_UNDEFINED;
}

Value lib_weak_map_put(Goroutine *g, Args a)
{
    OK(lib_weak_put(g, arg(a, 0), arg(a, 1), arg(a, 2)));
    return VALUE_UNDEFINED;
}

/* ---- WeakSet ----------------------------------------------------------------------------------------------------- */

/* 24.4.3.1. */
static Value lib_weak_set_add(Goroutine *g, Args a)
{
    if (!lib_weak_this(g, a, KIND_WEAK_SET)) return VALUE_THROWN;
    OK(lib_weak_put(g, a.self, arg(a, 0), VALUE_UNDEFINED));
    return a.self;
}

/* 24.4.1.1. */
static Value lib_weak_set_construct(Goroutine *g, Args a)
{
    Value proto = TRY(collection_prototype(g, a, INTRINSIC_WeakSetPrototype));
    Value set = value_from_cell(weak_new_collection(&g->heap, KIND_WEAK_SET, proto));
    OK(collection_fill(g, set, arg(a, 0), "add", lib_weak_set_add, lib_weak_put, false));
    return set;
}

/* ---- WeakRef ----------------------------------------------------------------------------------------------------- */

/* 26.1.1.1. */
static Value lib_weak_ref_construct(Goroutine *g, Args a)
{
    if (!args_is_construct(a)) return error_throw(g, ERROR_TYPE, "Constructor WeakRef requires 'new'");
    if (!weak_can_hold(arg(a, 0))) return error_throw(g, ERROR_TYPE, "Invalid value used as WeakRef target: %V", arg(a, 0));
    Value proto = TRY(function_prototype_for(g, args_new_target(a), INTRINSIC_WeakRefPrototype));
    return value_from_cell(weak_new_ref(g, proto, arg(a, 0)));
}

/* 26.1.3.2. */
static Value lib_weak_ref_deref(Goroutine *g, Args a)
{
    if (value_is_kind(a.self, KIND_WEAK_REF)) return weak_deref(g, (WeakRef *)value_cell(a.self));
    return error_throw(g, ERROR_TYPE, "Method WeakRef.prototype.deref called on incompatible receiver %V", a.self);
}

/* ---- FinalizationRegistry ---------------------------------------------------------------------------------------- */

/* 26.2.1.1. */
static Value lib_weak_registry_construct(Goroutine *g, Args a)
{
    if (!args_is_construct(a)) return error_throw(g, ERROR_TYPE, "Constructor FinalizationRegistry requires 'new'");
    if (!value_is_callable(arg(a, 0))) return error_throw(g, ERROR_TYPE, "FinalizationRegistry: cleanup must be callable");
    Value proto = TRY(function_prototype_for(g, args_new_target(a), INTRINSIC_FinalizationRegistryPrototype));
    return value_from_cell(weak_new_registry(g, proto, arg(a, 0)));
}

static Registry *lib_weak_this_registry(Goroutine *g, Args a)
{
    if (value_is_kind(a.self, KIND_FINALIZATION_REGISTRY)) return (Registry *)value_cell(a.self);
    error_throw(g, ERROR_TYPE, "Method FinalizationRegistry.prototype.%S called on incompatible receiver %V",
                string_of(function_native(args_callee(a))->name), a.self);
    return NULL;
}

/* 26.2.3.2. */
static Value lib_weak_registry_register(Goroutine *g, Args a)
{
    Registry *r = lib_weak_this_registry(g, a);
    if (!r) return VALUE_THROWN;
    Value target = arg(a, 0), holdings = arg(a, 1), token = arg(a, 2);
    if (!weak_can_hold(target)) return error_throw(g, ERROR_TYPE, "Invalid value used as target of a FinalizationRegistry: %V", target);
    if (equal_same_value(&g->heap, target, holdings))
        return error_throw(g, ERROR_TYPE, "FinalizationRegistry.prototype.register: target and holdings must not be same");
    if (!weak_can_hold(token) && !value_is_undefined(token))
        return error_throw(g, ERROR_TYPE, "Invalid unregister token: %V", token);
    if (!weak_register(&g->heap, r, target, holdings, token)) return error_throw_out_of_memory(g);
    return VALUE_UNDEFINED;
}

/* 26.2.3.3. */
static Value lib_weak_registry_unregister(Goroutine *g, Args a)
{
    Registry *r = lib_weak_this_registry(g, a);
    if (!r) return VALUE_THROWN;
    if (!weak_can_hold(arg(a, 0))) return error_throw(g, ERROR_TYPE, "Invalid unregister token: %V", arg(a, 0));
    return value_from_bool(weak_unregister(&g->heap, r, arg(a, 0)));
}

/* ---- installation ------------------------------------------------------------------------------------------------ */

static const NativeSpec lib_weak_map_prototype[] = {
    LIB_MAGIC("delete", 1, lib_weak_delete, KIND_WEAK_MAP),
    LIB_METHOD("get", 1, lib_weak_map_get),
    LIB_METHOD("getOrInsert", 2, lib_weak_map_get_or_insert),
    LIB_MAGIC("has", 1, lib_weak_has, KIND_WEAK_MAP),
    LIB_METHOD("set", 2, lib_weak_map_set),
};

static const NativeSpec lib_weak_set_prototype[] = {
    LIB_METHOD("add", 1, lib_weak_set_add),
    LIB_MAGIC("delete", 1, lib_weak_delete, KIND_WEAK_SET),
    LIB_MAGIC("has", 1, lib_weak_has, KIND_WEAK_SET),
};

static const NativeSpec lib_weak_ref_prototype[] = {
    LIB_METHOD("deref", 0, lib_weak_ref_deref),
};

static const NativeSpec lib_weak_registry_prototype[] = {
    LIB_METHOD("register", 2, lib_weak_registry_register),
    LIB_METHOD("unregister", 1, lib_weak_registry_unregister),
};

static void lib_weak_install_one(const Lib *lib, const NativeSpec *constructor, IntrinsicId id, IntrinsicId proto,
                                 const NativeSpec *methods, size_t count)
{
    Value parent = install_intrinsic(lib, INTRINSIC_ObjectPrototype);
    install_constructor(lib, constructor, id, proto, parent, VALUE_UNDEFINED);
    install_table(lib, install_intrinsic(lib, proto), methods, count);
    install_tag(lib, install_intrinsic(lib, proto), constructor->name);
}

void lib_weak_install(const Lib *lib)
{
    static const NativeSpec map = LIB_CONSTRUCTOR("WeakMap", 0, lib_weak_map_construct);
    static const NativeSpec set = LIB_CONSTRUCTOR("WeakSet", 0, lib_weak_set_construct);
    static const NativeSpec ref = LIB_CONSTRUCTOR("WeakRef", 1, lib_weak_ref_construct);
    static const NativeSpec registry = LIB_CONSTRUCTOR("FinalizationRegistry", 1, lib_weak_registry_construct);
#define ONE(spec, name, table) \
    lib_weak_install_one(lib, &spec, INTRINSIC_##name, INTRINSIC_##name##Prototype, table, COUNT_OF(table))
    ONE(map, WeakMap, lib_weak_map_prototype);
    ONE(set, WeakSet, lib_weak_set_prototype);
    ONE(ref, WeakRef, lib_weak_ref_prototype);
    ONE(registry, FinalizationRegistry, lib_weak_registry_prototype);
#undef ONE
    library_install(lib, "weak");
}
