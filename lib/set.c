/* SPDX-License-Identifier: MIT */
/* Set (ECMA-262 24.2); what calls user code on the way is in set.us. */
#include "lib/collection.h"
#include "lib/families.h"
#include "lib/intrinsics.h"
#include "lib/library.h"
#include "vm/value/number.h"

/* 24.2.4.1. */
static Value lib_set_add(Goroutine *g, Args a)
{
    if (!collection_this(g, a, KIND_SET)) return VALUE_THROWN;
    OK(collection_put(g, a.self, arg(a, 0), VALUE_UNDEFINED));
    return a.self;
}

/* 24.2.2.1. */
static Value lib_set_construct(Goroutine *g, Args a)
{
    Value proto = TRY(collection_prototype(g, a, INTRINSIC_SetPrototype));
    Value set = value_from_cell(table_new_collection(&g->heap, KIND_SET, proto));
    OK(collection_fill(g, set, arg(a, 0), "add", lib_set_add, collection_put, false));
    return set;
}

/* values, entries (24.2.4.17, 24.2.4.6). */
static Value lib_set_iterate(Goroutine *g, Args a)
{
    Collection *c = collection_this(g, a, KIND_SET);
    return c ? collection_iterate(g, c, (CollectionYield)args_magic(a), INTRINSIC_SetIteratorPrototype) : VALUE_THROWN;
}

/* ---- what set.us asks for ---------------------------------------------------------------------------------------- */

/* $setCheck(v, method): TypeError when `v` is no Set. */
Value lib_set_check(Goroutine *g, Args a)
{
    if (value_is_kind(arg(a, 0), KIND_SET)) return VALUE_UNDEFINED;
    return error_throw(g, ERROR_TYPE, "Method Set.prototype.%S called on incompatible receiver %V", string_of(arg(a, 1)), arg(a, 0));
}

/* $setCopy(set): a plain Set of the same elements; without an argument an empty one. */
Value lib_set_copy(Goroutine *g, Args a)
{
    Value proto = realm_intrinsic(realm_current(g), INTRINSIC_SetPrototype);
    Collection *copy = table_new_collection(&g->heap, KIND_SET, proto);
    if (a.count) {
        Table *t = table_copy(&g->heap, collection_of(arg(a, 0)));
        if (!t) return error_throw_out_of_memory(g);
        BARRIER_SET(&g->heap, copy, copy->table, t);
    }
    return value_from_cell(copy);
}

/* $setAdd(set, v), $setDelete(set, v), $setSize(set). */
Value lib_set_add_to(Goroutine *g, Args a)
{
    OK(collection_put(g, arg(a, 0), arg(a, 1), VALUE_UNDEFINED));
    return VALUE_UNDEFINED;
}

Value lib_set_delete_from(Goroutine *g, Args a)
{
    return value_from_bool(table_remove(&g->heap, collection_of(arg(a, 0)), arg(a, 1)));
}

Value lib_set_size_of(Goroutine *g, Args a)
{
    return value_from_uint32(table_count(&g->heap, collection_of(arg(a, 0))));
}

/* $setRecordSize(other): the size of a set-like object as GetSetRecord (24.2.1.2) takes it. */
Value lib_set_record_size(Goroutine *g, Args a)
{
    double size;
    if (!value_is_object(arg(a, 0))) return error_throw(g, ERROR_TYPE, "%V is not an object", arg(a, 0));       // 1
    Value raw = TRY(object_get(g, object_of(arg(a, 0)), intern_key_text(&g->heap, "size")));                    // 2
    OK(convert_to_double(g, raw, &size));                                                                       // 4
    if (size != size) return error_throw(g, ERROR_TYPE, "The 'size' property must be a number, not NaN");       // 5
    size = number_to_integer(size);                                                                             // 6
    if (size < 0) return error_throw(g, ERROR_RANGE, "'%V' is an invalid size", value_from_double(size));       // 7
    return value_from_double(size);
}

/* ---- installation ------------------------------------------------------------------------------------------------ */

static const NativeSpec lib_set_functions[] = {
    LIB_GETTER("[Symbol.species]", collection_species),
};

static const NativeSpec lib_set_prototype[] = {
    LIB_METHOD("add", 1, lib_set_add),
    LIB_MAGIC("clear", 0, collection_clear, KIND_SET),
    LIB_MAGIC("delete", 1, collection_delete, KIND_SET),
    LIB_MAGIC("entries", 0, lib_set_iterate, YIELD_SET_ENTRY),
    LIB_MAGIC("has", 1, collection_has, KIND_SET),
    { .name = "size", .function = collection_size, .flags = NATIVE_GETTER, .magic = KIND_SET },
    LIB_MAGIC("values", 0, lib_set_iterate, YIELD_SET_KEY),
};

void lib_set_install(const Lib *lib)
{
    static const NativeSpec set = LIB_CONSTRUCTOR("Set", 0, lib_set_construct);
    static const NativeSpec next = { .name = "next", .function = collection_iterator_next, .magic = YIELD_SET_KEY,
                                     .step = collection_set_step };
    Value parent = install_intrinsic(lib, INTRINSIC_ObjectPrototype);
    Native *c = install_constructor(lib, &set, INTRINSIC_Set, INTRINSIC_SetPrototype, parent, VALUE_UNDEFINED);
    Value proto = install_intrinsic(lib, INTRINSIC_SetPrototype);
    INSTALL_TABLE(lib, value_from_cell(c), lib_set_functions);
    INSTALL_TABLE(lib, proto, lib_set_prototype);
    Value values = install_read(lib, proto, "values");
    install_value(lib, proto, "keys", values, PROPERTY_METHOD);
    install_value(lib, proto, "[Symbol.iterator]", values, PROPERTY_METHOD);
    install_tag(lib, proto, "Set");
    collection_install_iterator(lib, INTRINSIC_SetIteratorPrototype, &next, "Set Iterator");
    library_install(lib, "set");
}
