/* SPDX-License-Identifier: MIT */
#include "vm/namespace.h"

#include <stdlib.h>

#include "gc/barrier.h"
#include "gc/monitor.h"
#include "vm/object/convert.h"
#include "vm/object/kinds.h"
#include "vm/value/equal.h"
#include "vm/value/symbol.h"

/* ---- names ------------------------------------------------------------------------------------------------------- */

/* By code units, as sort() does (10.4.6.12). Insertion into place: modules have few exports. */
static void namespace_sort(LocalHeap *h, ValueList *names)
{
    for (uint32_t i = 1; i < names->count; i++) {
        Value name = names->items[i];
        String *text = string_of(convert_key_to_value(h, name));
        uint32_t k = i;
        for (; k > 0; k--) {
            if (string_compare(h, string_of(convert_key_to_value(h, names->items[k - 1])), text) < 0) break;
            barrier_store(h, names, &names->items[k], names->items[k - 1]);
        }
        barrier_store(h, names, &names->items[k], name);
    }
}

/* Several goroutines may do so at once; the exports only become more. */
static void namespace_set_exports(LocalHeap *h, Namespace *n, ValueList *exports)
{
    bool entered = monitor_enter(h, n);
    if (!n->exports || n->exports->count < exports->count)
        BARRIER_SET(h, n, n->exports, exports);          // pairs with namespace_exports
    monitor_exit(h, n, entered);
}

/* Ask the module for its exports; those that are ambiguous are none. */
static void namespace_fill(Goroutine *g, Namespace *n)
{
    LocalHeap *h = &g->heap;
    ValueList *names = module_exported_names(g, n->module), *exports = list_new(h, names->count * 2);
    namespace_sort(h, names);
    for (uint32_t i = 0; i < names->count; i++) {
        bool ambiguous;
        Box *box = module_resolve(g, n->module, names->items[i], &ambiguous);
        if (!box) continue;
        list_push(h, &exports, names->items[i]);
        list_push(h, &exports, value_from_cell(box));
    }
    namespace_set_exports(h, n, exports);
}

/* A synthetic module's exports are known when it has been evaluated, and asked for before that. */
static const ValueList *namespace_exports(Goroutine *g, Namespace *n)
{
    uint32_t words;
    const ValueList *exports = atomic_get_dependent(&n->exports);
    if (n->module->code) return exports;
    module_synthetic_exports(n->module, &words);
    if (LIKELY(words == exports->count)) return exports;
    namespace_fill(g, n);
    return atomic_get_dependent(&n->exports);
}

static Box *namespace_find(Goroutine *g, Object *o, PropertyKey key)
{
    const ValueList *exports = namespace_exports(g, (Namespace *)o);
    for (uint32_t i = 0; i < exports->count; i += 2)
        if (exports->items[i] == key) return (Box *)value_cell(exports->items[i + 1]);
    return NULL;
}

/* The value of an export, or ReferenceError in its dead zone. */
static Value namespace_read(Goroutine *g, const Box *box, PropertyKey key)
{
    Value v = cell_slot_get(&box->value);
    if (v != VALUE_HOLE) return v;
    return error_throw(g, ERROR_REFERENCE, "Cannot access '%K' before initialization", key);
}

/* ---- internal methods -------------------------------------------------------------------------------------------- */

static Tri namespace_get_own(Goroutine *g, Object *o, PropertyKey key, Descriptor *d)
{
    if (key_is_symbol(key)) return object_ordinary_get_own(g, o, key, d);
    const Box *box = namespace_find(g, o, key);
    if (!box) return TRI_FALSE;
    Value v = TRY_TRI(namespace_read(g, box, key));
    *d = descriptor_of_data(v, PROPERTY_WRITABLE | PROPERTY_ENUMERABLE);
    return TRI_TRUE;
}

static Tri namespace_define_own(Goroutine *g, Object *o, PropertyKey key, const Descriptor *d)
{
    Descriptor current;
    if (key_is_symbol(key)) return object_ordinary_define_own(g, o, key, d);
    if (!ASK_TRI(namespace_get_own(g, o, key, &current))) return TRI_FALSE;
    if ((d->fields & DESCRIPTOR_HAS_CONFIGURABLE) && (d->attributes & PROPERTY_CONFIGURABLE)) return TRI_FALSE;
    if ((d->fields & DESCRIPTOR_HAS_ENUMERABLE) && !(d->attributes & PROPERTY_ENUMERABLE)) return TRI_FALSE;
    if (descriptor_is_accessor(d)) return TRI_FALSE;
    if ((d->fields & DESCRIPTOR_HAS_WRITABLE) && !(d->attributes & PROPERTY_WRITABLE)) return TRI_FALSE;
    if (!(d->fields & DESCRIPTOR_HAS_VALUE)) return TRI_TRUE;
    return tri_from_bool(equal_same_value(&g->heap, d->value, current.value));
}

static Tri namespace_has(Goroutine *g, Object *o, PropertyKey key)
{
    if (key_is_symbol(key)) return object_ordinary_has(g, o, key);
    return tri_from_bool(namespace_find(g, o, key) != NULL);
}

static Value namespace_get(Goroutine *g, Object *o, PropertyKey key, Value receiver)
{
    if (key_is_symbol(key)) return object_ordinary_get(g, o, key, receiver);
    const Box *box = namespace_find(g, o, key);
    return box ? namespace_read(g, box, key) : VALUE_UNDEFINED;
}

static Tri namespace_set(Goroutine *g, Object *o, PropertyKey key, Value v, Value receiver)
{
    (void)g, (void)o, (void)key, (void)v, (void)receiver;
    return TRI_FALSE;
}

static Tri namespace_delete(Goroutine *g, Object *o, PropertyKey key)
{
    if (key_is_symbol(key)) return object_ordinary_delete(g, o, key);
    return tri_from_bool(namespace_find(g, o, key) == NULL);
}

/* Names that are array indices come first, as the names of ordinary objects do not here: the order is by code units. */
static bool namespace_own_keys(Goroutine *g, Object *o, ValueList **keys)
{
    const ValueList *exports = namespace_exports(g, (Namespace *)o);
    for (uint32_t i = 0; i < exports->count; i += 2) list_push(&g->heap, keys, exports->items[i]);
    ValueList *symbols = list_new(&g->heap, 2);
    object_ordinary_own_keys(&g->heap, o, &symbols);
    for (uint32_t i = 0; i < symbols->count; i++) list_push(&g->heap, keys, symbols->items[i]);
    return true;
}

static Tri namespace_set_proto(Goroutine *g, Object *o, Value proto)
{
    (void)g, (void)o;
    return tri_from_bool(value_is_null(proto));
}

static Tri namespace_is_extensible(Goroutine *g, Object *o)
{
    (void)g, (void)o;
    return TRI_FALSE;
}

static Tri namespace_prevent_extensions(Goroutine *g, Object *o)
{
    (void)g, (void)o;
    return TRI_TRUE;
}

static const ObjectOps namespace_ops = {
    .get_own = namespace_get_own, .define_own = namespace_define_own, .has = namespace_has, .get = namespace_get,
    .set = namespace_set, .delete_own = namespace_delete, .own_keys = namespace_own_keys,
    .set_proto = namespace_set_proto, .is_extensible = namespace_is_extensible,
    .prevent_extensions = namespace_prevent_extensions,
};

Value namespace_new(Goroutine *g, Module *m)
{
    LocalHeap *h = &g->heap;
    Namespace *n = object_alloc(h, object_root_shape(h, KIND_NAMESPACE, VALUE_NULL, 0), sizeof *n);
    n->module = m;
    n->exports = NULL;
    Value tag = value_from_cell(intern_text(h, "Module"));
    object_add(h, &n->object, g->vm->symbols[SYMBOL_toStringTag], tag, 0);
    object_restrict(h, &n->object, SHAPE_TO_NOT_EXTENSIBLE, 0);
    namespace_fill(g, n);
    return value_from_cell(n);
}

void namespace_register_kinds(void)
{
    kinds_register(KIND_NAMESPACE, &(GcKind){ .name = "NAMESPACE", .base_bytes = sizeof(Namespace) }, &namespace_ops);
}
