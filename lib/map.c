/* SPDX-License-Identifier: MIT */
/* Map (ECMA-262 24.1); what takes callbacks is in map.us. */
#include "lib/collection.h"
#include "lib/families.h"
#include "lib/intrinsics.h"
#include "lib/library.h"

static Value lib_map_set(Goroutine *g, Args a);

/* 24.1.1.1. */
static Value lib_map_construct(Goroutine *g, Args a)
{
    Value proto = TRY(collection_prototype(g, a, INTRINSIC_MapPrototype));
    Value map = value_from_cell(table_new_collection(&g->heap, KIND_MAP, proto));
    OK(collection_fill(g, map, arg(a, 0), "set", lib_map_set, collection_put, true));
    return map;
}

/* 24.1.3.6. */
static Value lib_map_get(Goroutine *g, Args a)
{
    const Collection *c = collection_this(g, a, KIND_MAP);
    if (!c) return VALUE_THROWN;
    Value v;
    return table_get(&g->heap, c, arg(a, 0), &v) ? v : VALUE_UNDEFINED;
}

/* Map.prototype.getOrInsert. */
static Value lib_map_get_or_insert(Goroutine *g, Args a)
{
    Collection *c = collection_this(g, a, KIND_MAP);
    if (!c) return VALUE_THROWN;
    Value v = arg(a, 1);
    return table_get_or_put(&g->heap, c, arg(a, 0), &v) ? v : error_throw_out_of_memory(g);
}

/* 24.1.3.9. */
static Value lib_map_set(Goroutine *g, Args a)
{
    if (!collection_this(g, a, KIND_MAP)) return VALUE_THROWN;
    OK(collection_put(g, a.self, arg(a, 0), arg(a, 1)));
    return a.self;
}

/* keys, values, entries (24.1.3.8, 24.1.3.11, 24.1.3.4). */
static Value lib_map_iterate(Goroutine *g, Args a)
{
    Collection *c = collection_this(g, a, KIND_MAP);
    return c ? collection_iterate(g, c, (CollectionYield)args_magic(a), INTRINSIC_MapIteratorPrototype) : VALUE_THROWN;
}

/* ---- what map.us asks for ---------------------------------------------------------------------------------------- */

/* $mapCheck(v, method): TypeError when `v` is no Map. */
Value lib_map_check(Goroutine *g, Args a)
{
    if (value_is_kind(arg(a, 0), KIND_MAP)) return VALUE_UNDEFINED;
    return error_throw(g, ERROR_TYPE, "Method Map.prototype.%S called on incompatible receiver %V", string_of(arg(a, 1)), arg(a, 0));
}

/* $mapNew(). */
Value lib_map_new(Goroutine *g, Args a)
{
    (void)a;
    Value proto = realm_intrinsic(realm_current(g), INTRINSIC_MapPrototype);
    return value_from_cell(table_new_collection(&g->heap, KIND_MAP, proto));
}

/* $mapGet(map, key): undefined when it is not there. */
Value lib_map_get_value(Goroutine *g, Args a)
{
    Value v;
    return table_get(&g->heap, collection_of(arg(a, 0)), arg(a, 1), &v) ? v : VALUE_UNDEFINED;
}

/* $mapPut(map, key, v). */
Value lib_map_put(Goroutine *g, Args a)
{
    OK(collection_put(g, arg(a, 0), arg(a, 1), arg(a, 2)));
    return VALUE_UNDEFINED;
}

/* $normalKey(v): CanonicalizeKeyedCollectionKey. */
Value lib_map_normal_key(Goroutine *g, Args a)
{
    (void)g;
    return table_normal_key(arg(a, 0));
}

/* $toPropertyKey(v): a string or a symbol. */
Value lib_map_to_property_key(Goroutine *g, Args a)
{
    PropertyKey key = TRY(convert_to_property_key(g, arg(a, 0)));
    return convert_key_to_value(&g->heap, key);
}

/* $append(array, v). */
Value lib_map_append(Goroutine *g, Args a)
{
    OK(array_push(g, array_of(arg(a, 0)), arg(a, 1)));
    return VALUE_UNDEFINED;
}

/* ---- installation ------------------------------------------------------------------------------------------------ */

static const NativeSpec lib_map_functions[] = {
    LIB_GETTER("[Symbol.species]", collection_species),
};

static const NativeSpec lib_map_prototype[] = {
    LIB_MAGIC("clear", 0, collection_clear, KIND_MAP),
    LIB_MAGIC("delete", 1, collection_delete, KIND_MAP),
    LIB_MAGIC("entries", 0, lib_map_iterate, YIELD_MAP_ENTRY),
    LIB_METHOD("get", 1, lib_map_get),
    LIB_METHOD("getOrInsert", 2, lib_map_get_or_insert),
    LIB_MAGIC("has", 1, collection_has, KIND_MAP),
    LIB_MAGIC("keys", 0, lib_map_iterate, YIELD_MAP_KEY),
    LIB_METHOD("set", 2, lib_map_set),
    { .name = "size", .function = collection_size, .flags = NATIVE_GETTER, .magic = KIND_MAP },
    LIB_MAGIC("values", 0, lib_map_iterate, YIELD_MAP_VALUE),
};

void lib_map_install(const Lib *lib)
{
    static const NativeSpec map = LIB_CONSTRUCTOR("Map", 0, lib_map_construct);
    static const NativeSpec next = { .name = "next", .function = collection_iterator_next, .magic = YIELD_MAP_KEY,
                                     .step = collection_map_step };
    Value parent = install_intrinsic(lib, INTRINSIC_ObjectPrototype);
    Native *c = install_constructor(lib, &map, INTRINSIC_Map, INTRINSIC_MapPrototype, parent, VALUE_UNDEFINED);
    Value proto = install_intrinsic(lib, INTRINSIC_MapPrototype);
    INSTALL_TABLE(lib, value_from_cell(c), lib_map_functions);
    INSTALL_TABLE(lib, proto, lib_map_prototype);
    install_value(lib, proto, "[Symbol.iterator]", install_read(lib, proto, "entries"), PROPERTY_METHOD);
    install_tag(lib, proto, "Map");
    collection_install_iterator(lib, INTRINSIC_MapIteratorPrototype, &next, "Map Iterator");
    library_install(lib, "map");
}
