/* SPDX-License-Identifier: MIT */
#include "lib/collection.h"

#include "gc/barrier.h"
#include "gc/monitor.h"
#include "lib/intrinsics.h"
#include "vm/object/iterate.h"
#include "vm/object/kinds.h"

static const char *collection_name(CellKind kind)
{
    switch (kind) {
    case KIND_MAP:      return "Map";
    case KIND_SET:      return "Set";
    case KIND_WEAK_MAP: return "WeakMap";
    case KIND_WEAK_SET: return "WeakSet";
    default:            UNREACHABLE();
    }
}

Value collection_throw_receiver(Goroutine *g, Args a, CellKind kind)
{
    return error_throw(g, ERROR_TYPE, "Method %s.prototype.%S called on incompatible receiver %V", collection_name(kind),
                       string_of(function_native(args_callee(a))->name), a.self);
}

Collection *collection_this(Goroutine *g, Args a, CellKind kind)
{
    if (value_is_kind(a.self, kind)) return collection_of(a.self);
    collection_throw_receiver(g, a, kind);
    return NULL;
}

Value collection_species(Goroutine *g, Args a)
{
    (void)g;
    return a.self;
}

/* ---- methods of Map and Set (24.1.3, 24.2.4) -------------------------------------------------------------------- */

Value collection_clear(Goroutine *g, Args a)                     // 24.1.3.1, 24.2.4.2
{
    Collection *c = collection_this(g, a, (CellKind)args_magic(a));
    if (!c) return VALUE_THROWN;
    table_clear(&g->heap, c);
    return VALUE_UNDEFINED;
}

Value collection_delete(Goroutine *g, Args a)                    // 24.1.3.3, 24.2.4.4
{
    Collection *c = collection_this(g, a, (CellKind)args_magic(a));
    return c ? value_from_bool(table_remove(&g->heap, c, arg(a, 0))) : VALUE_THROWN;
}

Value collection_has(Goroutine *g, Args a)                       // 24.1.3.7, 24.2.4.8
{
    const Collection *c = collection_this(g, a, (CellKind)args_magic(a));
    return c ? value_from_bool(table_get(&g->heap, c, arg(a, 0), NULL)) : VALUE_THROWN;
}

Value collection_size(Goroutine *g, Args a)                      // 24.1.3.10, 24.2.4.14
{
    const Collection *c = collection_this(g, a, (CellKind)args_magic(a));
    return c ? value_from_uint32(table_count(&g->heap, c)) : VALUE_THROWN;
}

/* ---- construction ------------------------------------------------------------------------------------------------ */

Value collection_prototype(Goroutine *g, Args a, IntrinsicId proto)
{
    if (args_is_construct(a)) return function_prototype_for(g, args_new_target(a), (int)proto);
    return error_throw(g, ERROR_TYPE, "Constructor %S requires 'new'", string_of(function_native(args_callee(a))->name));
}

bool collection_put(Goroutine *g, Value collection, Value key, Value v)
{
    if (table_put(&g->heap, collection_of(collection), key, v)) return true;
    return error_throw_out_of_memory(g), false;
}

/* Key and value of an entry object. */
static bool collection_split(Goroutine *g, Value item, Value *key, Value *v)
{
    if (!value_is_object(item)) return error_throw_bool(g, ERROR_TYPE, "Iterator value %V is not an entry object", item);
    *key = TRY_BOOL(object_get(g, object_of(item), key_from_index(0)));
    *v = TRY_BOOL(object_get(g, object_of(item), key_from_index(1)));
    return true;
}

bool collection_fill(Goroutine *g, Value object, Value iterable, const char *adder, NativeFunction direct,
                     bool (*add)(Goroutine *g, Value object, Value key, Value v), bool pairs)
{
    Iteration it;
    Value item, v = VALUE_UNDEFINED;
    if (value_is_nullish(iterable)) return true;
    Value method = TRY_BOOL(object_get(g, object_of(object), intern_key_text(&g->heap, adder)));
    if (!value_is_callable(method))
        return error_throw_bool(g, ERROR_TYPE, "'%V' returned for property '%s' of object is not a function", method, adder);
    bool is_direct = value_is_kind(method, KIND_NATIVE) && function_native(method)->spec->function == direct;
    OK_BOOL(iterate_begin(g, iterable, &it));
    while (ASK_BOOL(iterate_advance(g, &it, &item))) {
        bool ok = !pairs || collection_split(g, item, &item, &v);
        if (ok && is_direct) ok = add(g, object, item, v);
        else if (ok && pairs) ok = !value_is_thrown(callable_call2(g, method, object, item, v));
        else if (ok) ok = !value_is_thrown(callable_call1(g, method, object, item));
        if (!ok) {
            iterate_fail(g, &it);
            return false;
        }
    }
    return true;
}

/* ---- iterators (24.1.5, 24.2.6) ---------------------------------------------------------------------------------- */

Value collection_iterate(Goroutine *g, Collection *c, CollectionYield yield, IntrinsicId proto)
{
    Value p = realm_intrinsic(realm_current(g), proto);
    Shape *shape = object_root_shape(&g->heap, KIND_COLLECTION_ITERATOR, p, 0);
    CollectionIterator *it = object_alloc(&g->heap, shape, sizeof *it);
    it->table = table_begin(c).table;
    it->index = VALUE_ZERO;
    it->yield = value_from_int(yield);
    it->key = it->value = VALUE_UNDEFINED;
    return value_from_cell(it);
}

bool collection_cursor(LocalHeap *h, const CollectionIterator *it, TableCursor *cursor)
{
    bool entered = monitor_enter(h, it);
    *cursor = (TableCursor){ it->table, (uint32_t)value_int(it->index) };
    monitor_exit(h, it, entered);
    return cursor->table != NULL;
}

/* Step on; false at the end, which is for good. */
static bool collection_advance(LocalHeap *h, CollectionIterator *it, Value *key, Value *v)
{
    bool entered = monitor_enter(h, it), more = false;
    if (it->table) {
        TableCursor cursor = { it->table, (uint32_t)value_int(it->index) };
        more = table_next(&cursor, key, v);
        if (!more) cursor.table = NULL;
        if (cursor.table != it->table) BARRIER_SET(h, it, it->table, cursor.table);
        it->index = value_from_int((int32_t)cursor.index);
    }
    monitor_exit(h, it, entered);
    return more;
}

/* What the iterator yields next, or the hole. VALUE_THROWN only for want of memory. */
static Value collection_step(Goroutine *g, CollectionIterator *it)
{
    Value key, v;
    if (!collection_advance(&g->heap, it, &key, &v)) return VALUE_HOLE;
    CollectionYield yield = (CollectionYield)value_int(it->yield);
    if (yield == YIELD_MAP_VALUE) return v;
    if (yield == YIELD_MAP_KEY || yield == YIELD_SET_KEY) return key;
    Value pair[2] = { key, yield == YIELD_MAP_ENTRY ? v : key };
    Array *entry = array_from_values(g, 2, pair);
    return entry ? value_from_cell(entry) : VALUE_THROWN;
}

static CollectionIterator *collection_iterator(Goroutine *g, Value v, CollectionYield first)
{
    CollectionIterator *it = value_is_kind(v, KIND_COLLECTION_ITERATOR) ? (CollectionIterator *)value_cell(v) : NULL;
    bool is_set = first == YIELD_SET_KEY;
    if (it && (value_int(it->yield) >= YIELD_SET_KEY) == is_set) return it;
    error_throw(g, ERROR_TYPE, "Method %s Iterator.prototype.next called on incompatible receiver %V", is_set ? "Set" : "Map", v);
    return NULL;
}

Value collection_iterator_next(Goroutine *g, Args a)
{
    CollectionIterator *it = collection_iterator(g, a.self, (CollectionYield)args_magic(a));
    if (!it) return VALUE_THROWN;
    Value v = TRY(collection_step(g, it));
    return v == VALUE_HOLE ? realm_iterator_result(g, VALUE_UNDEFINED, true) : realm_iterator_result(g, v, false);
}

Value collection_map_step(Goroutine *g, Value iterator)
{
    CollectionIterator *it = collection_iterator(g, iterator, YIELD_MAP_KEY);
    return it ? collection_step(g, it) : VALUE_THROWN;
}

Value collection_set_step(Goroutine *g, Value iterator)
{
    CollectionIterator *it = collection_iterator(g, iterator, YIELD_SET_KEY);
    return it ? collection_step(g, it) : VALUE_THROWN;
}

void collection_install_iterator(const Lib *lib, IntrinsicId id, const NativeSpec *next, const char *tag)
{
    Value proto = install_object(lib, install_intrinsic(lib, INTRINSIC_IteratorPrototype));
    install_table(lib, proto, next, 1);
    install_tag(lib, proto, tag);
    lib->realm->intrinsics[id] = proto;
}

/* ---- what the UltraScript of map.us and set.us asks for ---------------------------------------------------------- */

/* $collectionHas(collection, key). */
Value lib_collection_has_key(Goroutine *g, Args a)
{
    return value_from_bool(table_get(&g->heap, collection_of(arg(a, 0)), arg(a, 1), NULL));
}

/* $cursor(collection): an iterator for the calls below. */
Value lib_collection_cursor(Goroutine *g, Args a)
{
    bool is_map = value_is_kind(arg(a, 0), KIND_MAP);
    return collection_iterate(g, collection_of(arg(a, 0)), is_map ? YIELD_MAP_KEY : YIELD_SET_KEY,
                              is_map ? INTRINSIC_MapIteratorPrototype : INTRINSIC_SetIteratorPrototype);
}

/* $cursorNext(cursor): step on; false at the end. */
Value lib_collection_cursor_next(Goroutine *g, Args a)
{
    CollectionIterator *it = (CollectionIterator *)value_cell(arg(a, 0));
    Value key, v;
    if (!collection_advance(&g->heap, it, &key, &v)) return VALUE_FALSE;
    barrier_store(&g->heap, it, &it->key, key);
    barrier_store(&g->heap, it, &it->value, v);
    return VALUE_TRUE;
}

/* $cursorKey(cursor), $cursorValue(cursor): of the entry stepped on last. */
Value lib_collection_cursor_key(Goroutine *g, Args a)
{
    (void)g;
    return ((const CollectionIterator *)value_cell(arg(a, 0)))->key;
}

Value lib_collection_cursor_value(Goroutine *g, Args a)
{
    (void)g;
    return ((const CollectionIterator *)value_cell(arg(a, 0)))->value;
}

void collection_register_kinds(void)
{
    table_register_kinds();
    GcKind row = { .name = "COLLECTION_ITERATOR", .base_bytes = sizeof(CollectionIterator) };
    kinds_register(KIND_COLLECTION_ITERATOR, &row, NULL);
}
