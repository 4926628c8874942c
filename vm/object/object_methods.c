/* SPDX-License-Identifier: MIT */
/* Internal methods: dispatch on the kind, and the ordinary ones (ECMA-262 10.1, steps as numbered there). */
#include "gc/barrier.h"
#include "gc/publish.h"
#include "vm/object/elements.h"
#include "vm/object/error.h"
#include "vm/object/hooks.h"
#include "vm/object/kinds.h"
#include "vm/object/object.h"
#include "vm/object/realm.h"
#include "vm/value/equal.h"

/* ---- prototype and extensibility --------------------------------------------------------------------------- */

Value object_get_proto(Goroutine *g, Object *o)
{
    const ObjectOps *ops = kinds_ops(o->cell.kind);
    return ops && ops->get_proto ? ops->get_proto(g, o) : object_proto(g->vm, o);
}

/* Would `proto` as prototype of `o` close a cycle? Proxies end the walk (10.1.2.1, step 8). */
static bool object_makes_cycle(const Vm *vm, const Object *o, Value proto)
{
    while (value_is_object(proto)) {
        const Object *p = object_of(proto);
        if (p == o) return true;
        const ObjectOps *ops = kinds_ops(p->cell.kind);
        if (ops && ops->get_proto) return false;
        proto = object_proto(vm, p);
    }
    return false;
}

/* Who sees `o` sees its prototype once it has the new shape. */
static void object_change_proto(LocalHeap *h, Object *o, Value proto)
{
    if (object_flags(o) & OBJECT_IS_PROTOTYPE) h->vm->hooks->prototype_changed(h, o, VALUE_HOLE);
    Shape *s = object_shape(h->vm, o);
    Shape *next = shape_with_proto(h, s, proto);
    if (!next) next = shape_dictionary_with_proto(h, object_make_dictionary(h, o, 0), proto);
    if (cell_is_shared(&o->cell)) publish_value(h, proto);
    object_set_shape(h, o, next);
}

static Tri object_ordinary_set_proto(Goroutine *g, Object *o, Value proto)
{
    LocalHeap *h = &g->heap;
    if (object_shape(g->vm, o)->proto == proto) return TRI_TRUE;
    if (realm_is_object_prototype(g->vm, o)) return TRI_FALSE;                           // 10.4.7
    if (value_is_object(proto)) object_mark_prototype(h, object_of(proto));
    ObjectChange change = object_enter(h, o, true);
    bool allowed = shape_is_extensible(object_shape(g->vm, o)) && !object_makes_cycle(g->vm, o, proto);
    if (allowed) object_change_proto(h, o, proto);
    object_leave(h, o, change);
    return tri_from_bool(allowed);
}

Tri object_set_proto(Goroutine *g, Object *o, Value proto)
{
    const ObjectOps *ops = kinds_ops(o->cell.kind);
    return ops && ops->set_proto ? ops->set_proto(g, o, proto) : object_ordinary_set_proto(g, o, proto);
}

Tri object_is_extensible(Goroutine *g, Object *o)
{
    const ObjectOps *ops = kinds_ops(o->cell.kind);
    if (ops && ops->is_extensible) return ops->is_extensible(g, o);
    return tri_from_bool(shape_is_extensible(object_shape(g->vm, o)));
}

void object_restrict(LocalHeap *h, Object *o, PropertyKey how, uint8_t element_flags)
{
    ObjectChange change = object_enter(h, o, true);
    object_materialize(h, o);
    Shape *s = object_shape(h->vm, o);
    if (!shape_is_dictionary(s)) {
        object_set_shape(h, o, shape_restrict(h, s, how));
    } else {
        s = shape_renumber(h, s);
        s->flags |= SHAPE_IS_NOT_EXTENSIBLE;
        object_set_shape(h, o, s);
    }
    object_add_flags(o, element_flags);
    object_leave(h, o, change);
}

Tri object_prevent_extensions(Goroutine *g, Object *o)
{
    const ObjectOps *ops = kinds_ops(o->cell.kind);
    if (ops && ops->prevent_extensions) return ops->prevent_extensions(g, o);
    if (shape_is_extensible(object_shape(g->vm, o)))
        object_restrict(&g->heap, o, SHAPE_TO_NOT_EXTENSIBLE, OBJECT_FIXED_ELEMENTS);
    return TRI_TRUE;
}

/* ---- [[GetOwnProperty]] ---------------------------------------------------------------------------------------- */

static void object_fill_descriptor(const PropertyRef *ref, Descriptor *d)
{
    if (ref->attributes & PROPERTY_ACCESSOR) {
        const Accessor *pair = (const Accessor *)value_cell(ref->value);
        *d = descriptor_of_accessor(pair->getter, pair->setter, ref->attributes);
    } else {
        *d = descriptor_of_data(ref->value, ref->attributes);
    }
}

Tri object_ordinary_get_own(Goroutine *g, Object *o, PropertyKey key, Descriptor *d)
{
    PropertyRef ref;
    if (!object_find_own(&g->heap, o, key, &ref)) return TRI_FALSE;
    object_fill_descriptor(&ref, d);
    return TRI_TRUE;
}

Tri object_get_own(Goroutine *g, Object *o, PropertyKey key, Descriptor *d)
{
    const ObjectOps *ops = kinds_ops(o->cell.kind);
    return ops && ops->get_own ? ops->get_own(g, o, key, d) : object_ordinary_get_own(g, o, key, d);
}

/* ---- [[DefineOwnProperty]] --------------------------------------------------------------------------------------- */

static bool object_same(Goroutine *g, Value a, Value b)
{
    return equal_same_value(&g->heap, a, b);
}

/* ValidateAndApplyPropertyDescriptor, steps 2-5: may `d` be laid over `current`? */
bool object_is_compatible(Goroutine *g, bool extensible, const Descriptor *d, const Descriptor *current)
{
    if (!current) return extensible;
    if (d->fields == 0) return true;
    if (current->attributes & PROPERTY_CONFIGURABLE) return true;
    bool current_is_accessor = descriptor_is_accessor(current);
    if ((d->fields & DESCRIPTOR_HAS_CONFIGURABLE) && (d->attributes & PROPERTY_CONFIGURABLE)) return false;
    if ((d->fields & DESCRIPTOR_HAS_ENUMERABLE) && ((d->attributes ^ current->attributes) & PROPERTY_ENUMERABLE)) return false;
    if (!descriptor_is_accessor(d) && !descriptor_is_data(d)) return true;
    if (descriptor_is_accessor(d) != current_is_accessor) return false;
    if (current_is_accessor) {
        if ((d->fields & DESCRIPTOR_HAS_GET) && d->getter != current->getter) return false;
        return !(d->fields & DESCRIPTOR_HAS_SET) || d->setter == current->setter;
    }
    if (current->attributes & PROPERTY_WRITABLE) return true;
    if ((d->fields & DESCRIPTOR_HAS_WRITABLE) && (d->attributes & PROPERTY_WRITABLE)) return false;
    return !(d->fields & DESCRIPTOR_HAS_VALUE) || object_same(g, d->value, current->value);
}

static uint8_t object_merged_attributes(const Descriptor *d, uint8_t old)
{
    uint8_t attributes = old & (PROPERTY_WRITABLE | PROPERTY_ENUMERABLE | PROPERTY_CONFIGURABLE);
    static const struct { uint8_t field, attribute; } pairs[] = {
        { DESCRIPTOR_HAS_WRITABLE, PROPERTY_WRITABLE },
        { DESCRIPTOR_HAS_ENUMERABLE, PROPERTY_ENUMERABLE },
        { DESCRIPTOR_HAS_CONFIGURABLE, PROPERTY_CONFIGURABLE },
    };
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        if (d->fields & pairs[i].field)
            attributes = (attributes & ~pairs[i].attribute) | (d->attributes & pairs[i].attribute);
    return attributes;
}

/* TRI_THROWN: the heap refuses; the caller throws, once it has left the object. */
static Tri object_store_property(Goroutine *g, Object *o, PropertyKey key, Value v, uint8_t attributes)
{
    if (!key_is_index(key)) {
        object_define(&g->heap, o, key, v, attributes);
        return TRI_TRUE;
    }
    object_announce(&g->heap, o, key);
    return elements_define(&g->heap, o, key_index(key), v, attributes) ? TRI_TRUE : TRI_THROWN;
}

/* Step 6: lay `d` over `current` (NULL: none). */
static Tri object_apply_descriptor(Goroutine *g, Object *o, PropertyKey key, const Descriptor *d, const Descriptor *current)
{
    bool was_accessor = current && descriptor_is_accessor(current);
    bool accessor = descriptor_is_accessor(d) || (was_accessor && !descriptor_is_data(d));
    uint8_t old = current ? current->attributes : 0;
    if (was_accessor != accessor) old &= ~PROPERTY_WRITABLE;
    uint8_t attributes = object_merged_attributes(d, old);
    if (accessor) {
        Value getter = was_accessor ? current->getter : VALUE_UNDEFINED;
        Value setter = was_accessor ? current->setter : VALUE_UNDEFINED;
        if (d->fields & DESCRIPTOR_HAS_GET) getter = d->getter;
        if (d->fields & DESCRIPTOR_HAS_SET) setter = d->setter;
        attributes = (attributes & ~PROPERTY_WRITABLE) | PROPERTY_ACCESSOR;
        Value pair = value_from_cell(object_new_accessor(&g->heap, getter, setter));
        return object_store_property(g, o, key, pair, attributes);
    }
    Value v = current && !was_accessor ? current->value : VALUE_UNDEFINED;
    if (d->fields & DESCRIPTOR_HAS_VALUE) v = d->value;
    return object_store_property(g, o, key, v, attributes);
}

/* What object_ordinary_define_own does with `o` entered. */
static Tri object_define_entered(Goroutine *g, Object *o, PropertyKey key, const Descriptor *d)
{
    Descriptor current;
    bool found = ASK_TRI(object_get_own(g, o, key, &current));                  // 1
    bool extensible = ASK_TRI(object_is_extensible(g, o));                      // 2
    if (!object_is_compatible(g, extensible, d, found ? &current : NULL)) return TRI_FALSE;
    if (found && d->fields == 0) return TRI_TRUE;
    return object_apply_descriptor(g, o, key, d, found ? &current : NULL);      // 3
}

static bool object_is_usual_definition(const Descriptor *d)
{
    uint8_t both = DESCRIPTOR_HAS_VALUE | DESCRIPTOR_HAS_WRITABLE;
    return d->fields == DESCRIPTOR_HAS_VALUE || ((d->fields & both) == both && (d->attributes & PROPERTY_WRITABLE));
}

/* A store of another thread may be under way: where the property keeps its value, or stops being writable, it must not
 * come late. */
Tri object_ordinary_define_own(Goroutine *g, Object *o, PropertyKey key, const Descriptor *d)
{
    LocalHeap *h = &g->heap;
    ObjectChange change = object_enter(h, o, !object_is_usual_definition(d));
    Tri done = object_define_entered(g, o, key, d);
    object_leave(h, o, change);
    if (done == TRI_THROWN && g->exception == VALUE_HOLE) error_throw_out_of_memory(g);
    return done;
}

Tri object_define_own(Goroutine *g, Object *o, PropertyKey key, const Descriptor *d)
{
    const ObjectOps *ops = kinds_ops(o->cell.kind);
    return ops && ops->define_own ? ops->define_own(g, o, key, d) : object_ordinary_define_own(g, o, key, d);
}

/* ---- [[HasProperty]] and [[Get]] --------------------------------------------------------------------------------- */

Tri object_ordinary_has(Goroutine *g, Object *o, PropertyKey key)
{
    for (;;) {
        Descriptor d;
        if (ASK_TRI(object_get_own(g, o, key, &d))) return TRI_TRUE;
        Value proto = TRY_TRI(object_get_proto(g, o));
        if (!value_is_object(proto)) return TRI_FALSE;
        o = object_of(proto);
        const ObjectOps *ops = kinds_ops(o->cell.kind);
        if (ops && ops->has) return ops->has(g, o, key);
    }
}

Tri object_has(Goroutine *g, Object *o, PropertyKey key)
{
    const ObjectOps *ops = kinds_ops(o->cell.kind);
    return ops && ops->has ? ops->has(g, o, key) : object_ordinary_has(g, o, key);
}

static Value object_call_getter(Goroutine *g, Value getter, Value receiver)
{
    return value_is_undefined(getter) ? VALUE_UNDEFINED : callable_call0(g, getter, receiver);
}

static Value object_read_ref(Goroutine *g, const PropertyRef *ref, Value receiver)
{
    if (!(ref->attributes & PROPERTY_ACCESSOR)) return ref->value;
    return object_call_getter(g, ((const Accessor *)value_cell(ref->value))->getter, receiver);
}

Value object_ordinary_get(Goroutine *g, Object *o, PropertyKey key, Value receiver)
{
    for (;;) {
        const ObjectOps *ops = kinds_ops(o->cell.kind);
        if (ops && ops->get_own) {
            Descriptor d;
            if (ASK(ops->get_own(g, o, key, &d)))
                return descriptor_is_accessor(&d) ? object_call_getter(g, d.getter, receiver) : d.value;
        } else {
            PropertyRef ref;
            if (object_find_own(&g->heap, o, key, &ref)) return object_read_ref(g, &ref, receiver);
        }
        Value proto = TRY(object_get_proto(g, o));
        if (!value_is_object(proto)) return VALUE_UNDEFINED;
        o = object_of(proto);
        ops = kinds_ops(o->cell.kind);
        if (ops && ops->get) return ops->get(g, o, key, receiver);
    }
}

Value object_get_with(Goroutine *g, Object *o, PropertyKey key, Value receiver)
{
    const ObjectOps *ops = kinds_ops(o->cell.kind);
    return ops && ops->get ? ops->get(g, o, key, receiver) : object_ordinary_get(g, o, key, receiver);
}

/* ---- [[Set]] ----------------------------------------------------------------------------------------------------- */

/* OrdinarySetWithOwnDescriptor, steps 2.c-e: the chain has a writable data property or none. */
static Tri object_set_receiver_own(Goroutine *g, PropertyKey key, Value v, Object *r)
{
    Descriptor existing;
    if (!ASK_TRI(object_get_own(g, r, key, &existing))) return object_create_data_property(g, r, key, v);
    if (descriptor_is_accessor(&existing) || !(existing.attributes & PROPERTY_WRITABLE)) return TRI_FALSE;
    Descriptor d = { .fields = DESCRIPTOR_HAS_VALUE, .value = v };
    return object_define_own(g, r, key, &d);
}

/* Are the own properties of `o` with `key` looked up and defined without user code? */
static bool object_defines_quietly(const Vm *vm, const Object *o, PropertyKey key)
{
    const ObjectOps *ops = kinds_ops(o->cell.kind);
    return !ops || (o->cell.kind == KIND_ARRAY && key != vm_atom(vm, ATOM_length));
}

static Tri object_set_on_receiver(Goroutine *g, PropertyKey key, Value v, Value receiver)
{
    if (!value_is_object(receiver)) return TRI_FALSE;
    Object *r = object_of(receiver);
    if (LIKELY(!cell_is_shared(&r->cell)) || !object_defines_quietly(g->vm, r, key))
        return object_set_receiver_own(g, key, v, r);
    ObjectChange change = object_enter(&g->heap, r, false);
    Tri done = object_set_receiver_own(g, key, v, r);
    object_leave(&g->heap, r, change);
    return done;
}

static Tri object_call_setter(Goroutine *g, Value setter, Value receiver, Value v)
{
    if (value_is_undefined(setter)) return TRI_FALSE;
    return callable_call1(g, setter, receiver, v) == VALUE_THROWN ? TRI_THROWN : TRI_TRUE;
}

/* As object_try_overwrite with `o` entered: what was found is looked for again. */
static bool object_overwrite_entered(LocalHeap *h, Object *o, PropertyKey key, Value v)
{
    PropertyRef ref;
    bool usable = object_find_own(h, o, key, &ref) && ref.address && (ref.attributes & PROPERTY_WRITABLE);
    if (!usable) return false;
    if (key_is_index(key)) return ref.attributes == PROPERTY_DEFAULT && elements_put(h, o, key_index(key), v);
    if (value_is_callable(ref.value)) object_announce(h, o, key);
    barrier_store(h, o, ref.address, v);
    return true;
}

/* A named property is found and stored to with no stop between, so one store does. In a prototype only a value that is
 * no function may be replaced so, as nobody relies on it. Elements may move. */
static bool object_overwrite_shared(LocalHeap *h, Object *o, PropertyKey key, const PropertyRef *ref, Value v)
{
    if (!key_is_index(key)) {
        bool is_prototype = (object_flags(o) & OBJECT_IS_PROTOTYPE) != 0;
        Value old = ref->value;
        if (!is_prototype) {
            barrier_store(h, o, ref->address, v);
            return true;
        }
        publish_value(h, v);
        if (!value_is_callable(old) && atomic_cas(ref->address, &old, v)) return true;
    }
    ObjectChange change = object_enter(h, o, false);
    bool done = object_overwrite_entered(h, o, key, v);
    object_leave(h, o, change);
    return done;
}

/* The common end: an own, writable, plain data property of the receiver itself. */
static bool object_try_overwrite(LocalHeap *h, Object *o, PropertyKey key, const PropertyRef *ref, Value v)
{
    if (!ref->address) return false;
    if (UNLIKELY(cell_is_shared(&o->cell))) return object_overwrite_shared(h, o, key, ref, v);
    if ((o->cell.flags & OBJECT_IS_PROTOTYPE) && value_is_callable(ref->value)) h->vm->hooks->prototype_changed(h, o, key);
    barrier_store(h, o, ref->address, v);
    return true;
}

Tri object_ordinary_set(Goroutine *g, Object *o, PropertyKey key, Value v, Value receiver)
{
    for (;;) {
        const ObjectOps *ops = kinds_ops(o->cell.kind);
        Descriptor d;
        PropertyRef ref;
        bool found;
        if (ops && ops->get_own) {
            found = ASK_TRI(ops->get_own(g, o, key, &d));
        } else {
            found = object_find_own(&g->heap, o, key, &ref);
            if (found) object_fill_descriptor(&ref, &d);
        }
        if (found) {
            if (descriptor_is_accessor(&d)) return object_call_setter(g, d.setter, receiver, v);
            if (!(d.attributes & PROPERTY_WRITABLE)) return TRI_FALSE;
            bool own = value_from_cell(o) == receiver && !(ops && ops->get_own);
            if (own && object_try_overwrite(&g->heap, o, key, &ref, v)) return TRI_TRUE;
            return object_set_on_receiver(g, key, v, receiver);
        }
        Value proto = TRY_TRI(object_get_proto(g, o));
        if (!value_is_object(proto)) return object_set_on_receiver(g, key, v, receiver);
        o = object_of(proto);
        ops = kinds_ops(o->cell.kind);
        if (ops && ops->set) return ops->set(g, o, key, v, receiver);
    }
}

Tri object_set_with(Goroutine *g, Object *o, PropertyKey key, Value v, Value receiver)
{
    const ObjectOps *ops = kinds_ops(o->cell.kind);
    return ops && ops->set ? ops->set(g, o, key, v, receiver) : object_ordinary_set(g, o, key, v, receiver);
}

/* ---- [[Delete]] -------------------------------------------------------------------------------------------------- */

/* TRI_THROWN without an exception: the heap refuses. */
static Tri object_delete_entered(Goroutine *g, Object *o, PropertyKey key)
{
    Descriptor d;
    if (!ASK_TRI(object_get_own(g, o, key, &d))) return TRI_TRUE;
    if (!(d.attributes & PROPERTY_CONFIGURABLE)) return TRI_FALSE;
    return object_remove(&g->heap, o, key) ? TRI_TRUE : TRI_THROWN;
}

Tri object_ordinary_delete(Goroutine *g, Object *o, PropertyKey key)
{
    ObjectChange change = object_enter(&g->heap, o, (object_flags(o) & OBJECT_IS_GLOBAL) != 0);
    Tri done = object_delete_entered(g, o, key);
    object_leave(&g->heap, o, change);
    if (done == TRI_THROWN && g->exception == VALUE_HOLE) error_throw_out_of_memory(g);
    return done;
}

Tri object_delete(Goroutine *g, Object *o, PropertyKey key)
{
    const ObjectOps *ops = kinds_ops(o->cell.kind);
    return ops && ops->delete_own ? ops->delete_own(g, o, key) : object_ordinary_delete(g, o, key);
}

/* ---- [[OwnPropertyKeys]] ----------------------------------------------------------------------------------------- */

static void object_shape_keys(LocalHeap *h, Object *o, bool symbols, ValueList **keys)
{
    uint32_t count;
    const PropertyEntry *entries = shape_entries(object_shape(h->vm, o), &count);
    for (uint32_t i = 0; i < count; i++) {
        PropertyKey key = shape_entry_key(&entries[i]);
        if (key == VALUE_HOLE || key_is_symbol(key) != symbols) continue;
        if (symbols && symbol_is_private(symbol_of(key))) continue;
        list_push(h, keys, key);
    }
}

void object_ordinary_own_keys(LocalHeap *h, Object *o, ValueList **keys)
{
    elements_keys(h, o, keys);
    object_named_keys(h, o, keys);
}

void object_named_keys(LocalHeap *h, Object *o, ValueList **keys)
{
    object_materialize(h, o);
    if (o->cell.kind == KIND_ARRAY) list_push(h, keys, vm_atom(h->vm, ATOM_length));
    object_shape_keys(h, o, false, keys);
    object_shape_keys(h, o, true, keys);
}

static void object_filter_keys(ValueList *keys, KeyFilter filter)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < keys->count; i++)
        if (key_is_symbol(keys->items[i]) == (filter == KEYS_SYMBOLS)) keys->items[kept++] = keys->items[i];
    keys->count = kept;
}

ValueList *object_own_keys(Goroutine *g, Object *o, KeyFilter filter)
{
    ValueList *keys = list_new(&g->heap, 8);
    const ObjectOps *ops = kinds_ops(o->cell.kind);
    if (ops && ops->own_keys) {
        if (!ops->own_keys(g, o, &keys)) return NULL;
    } else {
        object_ordinary_own_keys(&g->heap, o, &keys);
    }
    if (filter != KEYS_ALL) object_filter_keys(keys, filter);
    return keys;
}

ValueList *object_enumerable_keys(Goroutine *g, Object *o)
{
    ValueList *keys = object_own_keys(g, o, KEYS_STRINGS);
    uint32_t kept = 0;
    for (uint32_t i = 0; keys && i < keys->count; i++) {
        Descriptor d;
        PropertyKey key = keys->items[i];
        Tri there = object_get_own(g, o, key, &d);
        if (there == TRI_THROWN) return NULL;
        if (there && (d.attributes & PROPERTY_ENUMERABLE)) barrier_store(&g->heap, keys, &keys->items[kept++], key);
    }
    if (keys) keys->count = kept;
    return keys;
}
