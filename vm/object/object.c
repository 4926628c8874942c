/* SPDX-License-Identifier: MIT */
/* Storage of objects: slots, chunks, dictionaries, and own properties without user code. */
#include "vm/object/object.h"

#include <string.h>

#include "gc/alloc.h"
#include "vm/base/panic.h"
#include "vm/object/elements.h"
#include "vm/object/function.h"
#include "vm/object/hooks.h"
#include "vm/object/kinds.h"
#include "vm/object/primitive.h"
#include "vm/value/string.h"

enum { OBJECT_USUAL_SLOTS = 4 };

size_t object_chunk_size(const Cell *c)
{
    return (size_t)(CHUNK_FIRST_WORDS << c->extra) * sizeof(Value);
}

/* ---- changing shared objects ----------------------------------------------------------------------------- */

ObjectChange object_enter_slow(LocalHeap *h, Object *o, bool alone)
{
    ObjectChange change = { .entered = monitor_enter(h, o) };
    if (alone || (object_flags(o) & OBJECT_IS_PROTOTYPE)) change.stopped = safepoint_hold_world(h);
    return change;
}

/* ---- making objects -------------------------------------------------------------------------------------- */

void *object_alloc(LocalHeap *h, Shape *shape, size_t size_bytes)
{
    uint32_t inline_slots = shape_inline_slots(shape);
    Object *o = alloc_small(h, ALLOC_ROUND(size_bytes + inline_slots * sizeof(Value)), shape->header);
    o->ool = NULL;
    Value *slots = (Value *)((char *)o + size_bytes);
    for (uint32_t i = 0; i < inline_slots; i++) slots[i] = VALUE_UNDEFINED;
    return o;
}

Object *object_new(LocalHeap *h, Shape *shape)
{
    return object_alloc(h, shape, sizeof(Object));
}

Shape *object_root_shape(LocalHeap *h, CellKind kind, Value proto, uint32_t inline_slots)
{
    if (value_is_object(proto)) object_mark_prototype(h, object_of(proto));
    return shape_root(h, kind, proto, inline_slots);
}

Object *object_new_with_proto(LocalHeap *h, Value proto)
{
    return object_new(h, object_root_shape(h, KIND_OBJECT, proto, OBJECT_USUAL_SLOTS));
}

Accessor *object_new_accessor(LocalHeap *h, Value getter, Value setter)
{
    Accessor *a = alloc_small(h, ALLOC_ROUND(sizeof *a), CELL_HEADER(0, KIND_ACCESSOR, 0));
    a->getter = getter;
    a->setter = setter;
    return a;
}

/* ---- slots -------------------------------------------------------------------------------------------------- */

Value *object_slot(const Object *o, const Shape *s, uint32_t slot)
{
    uint32_t inline_slots = shape_inline_slots(s);
    if (slot < inline_slots) return (Value *)((char *)o + s->slots_offset) + slot;
    slot -= inline_slots;
    Chunk *chunk = atomic_get_acquire(&o->ool);          // pairs with the release in object_add_chunk
    for (uint32_t k = 0; slot >= object_chunk_slots(k); k++) {
        slot -= object_chunk_slots(k);
        chunk = atomic_get_acquire(&chunk->next);
    }
    return &chunk->slots[slot];
}

/* Of a slot's address. */
static uint32_t object_slot_number(const Object *o, const Shape *s, const Value *address)
{
    const Value *slots = (const Value *)((const char *)o + s->slots_offset);
    uint32_t first = shape_inline_slots(s), k = 0;
    if (address >= slots && address < slots + first) return (uint32_t)(address - slots);
    for (const Chunk *chunk = o->ool; chunk; chunk = chunk->next, k++) {
        if (address >= chunk->slots && address < chunk->slots + object_chunk_slots(k))
            return first + (uint32_t)(address - chunk->slots);
        first += object_chunk_slots(k);
    }
    panic("the slot is one of the object's");
}

static Chunk *object_new_chunk(LocalHeap *h, uint32_t k)
{
    Chunk *chunk = alloc_must(h, (size_t)(CHUNK_FIRST_WORDS << k) * sizeof(Value), CELL_HEADER(0, KIND_CHUNK, k));
    chunk->next = NULL;
    chunk->elements = NULL;
    for (uint32_t i = 0; i < object_chunk_slots(k); i++) chunk->slots[i] = VALUE_UNDEFINED;
    return chunk;
}

/* Append chunk `k` of `o` at `*link`, which is NULL. */
static Chunk *object_add_chunk(LocalHeap *h, Object *o, Chunk **link, uint32_t k)
{
    Chunk *chunk = object_new_chunk(h, k);
    BARRIER_SET(h, o, *link, chunk);
    return chunk;
}

Chunk *object_ensure_chunk(LocalHeap *h, Object *o)
{
    return o->ool ? o->ool : object_add_chunk(h, o, &o->ool, 0);
}

Value *object_reserve_slot(LocalHeap *h, Object *o, const Shape *s, uint32_t slot)
{
    uint32_t inline_slots = shape_inline_slots(s);
    if (slot < inline_slots) return object_slot(o, s, slot);
    slot -= inline_slots;
    Chunk *chunk = object_ensure_chunk(h, o);
    for (uint32_t k = 0; slot >= object_chunk_slots(k); k++) {
        slot -= object_chunk_slots(k);
        chunk = chunk->next ? chunk->next : object_add_chunk(h, o, &chunk->next, k + 1);
    }
    return &chunk->slots[slot];
}

/* ---- dictionaries --------------------------------------------------------------------------------------------- */

typedef struct SlotContext {
    const Object *o;
    const Shape  *s;
} SlotContext;

static Value *object_slot_address(void *context, uint32_t slot)
{
    const SlotContext *c = context;
    return object_slot(c->o, c->s, slot);
}

Shape *object_make_dictionary(LocalHeap *h, Object *o, uint8_t flags)
{
    Shape *s = object_shape(h->vm, o);
    if (shape_is_dictionary(s)) {
        if (flags & ~shape_flags(s)) atomic_or_relaxed(&s->flags, flags);
        return s;
    }
    SlotContext context = { o, s };
    Shape *d = shape_to_dictionary(h, s, object_slot_address, &context, flags);
    object_set_shape(h, o, d);
    return d;
}

/* ---- own properties ---------------------------------------------------------------------------------------------- */

/* May `o` have elements, now or later, of which object_announce is not told? String.prototype has none. */
static bool object_may_have_elements(const Object *o)
{
    const ObjectOps *ops = kinds_ops(o->cell.kind);
    if (o->cell.kind == KIND_STRING_OBJECT && !string_of(((const Wrapper *)o)->value)->length) ops = NULL;
    return elements_any(o) || (ops && (ops->get_own || ops->get));
}

bool object_inherits_no_elements(const Vm *vm, const Object *o)
{
    if (atomic_get_relaxed(&vm->no_indexed_prototypes)) return true;
    for (;;) {
        Value proto = object_proto(vm, o);
        if (!value_is_object(proto)) return true;
        o = object_of(proto);
        if (object_may_have_elements(o)) return false;
    }
}

void object_mark_prototype(LocalHeap *h, Object *o)
{
    if (object_flags(o) & OBJECT_IS_PROTOTYPE) return;
    ObjectChange change = object_enter(h, o, true);      // no store that saw no flag is under way
    object_add_flags(o, OBJECT_IS_PROTOTYPE);
    if (object_may_have_elements(o)) atomic_set_relaxed(&h->vm->no_indexed_prototypes, false);
    object_leave(h, o, change);
}

void object_announce(LocalHeap *h, Object *o, PropertyKey key)
{
    if (!(object_flags(o) & OBJECT_IS_PROTOTYPE)) return;
    if (key_is_index(key)) atomic_set_relaxed(&h->vm->no_indexed_prototypes, false);
    else h->vm->hooks->prototype_changed(h, o, key);
}

static Value *object_place_address(const Object *o, const Shape *s, const PropertyPlace *place)
{
    return shape_is_dictionary(s) ? place->address : object_slot(o, s, place->slot);
}

static bool object_find_length(Object *o, PropertyRef *ref)
{
    ref->address = NULL;
    ref->value = value_from_uint32(atomic_get_relaxed(&((Array *)o)->length));
    ref->attributes = object_flags(o) & OBJECT_FIXED_LENGTH ? 0 : PROPERTY_WRITABLE;
    return true;
}

bool object_find_own(LocalHeap *h, Object *o, PropertyKey key, PropertyRef *ref)
{
    if (key_is_index(key)) return elements_find(h, o, key_index(key), ref);
    if (o->cell.kind == KIND_ARRAY && key == vm_atom(h->vm, ATOM_length)) return object_find_length(o, ref);
    Shape *s = object_shape(h->vm, o);
    if (UNLIKELY(shape_flags(s) & SHAPE_IS_LAZY_FUNCTION) && function_is_lazy_key(h->vm, key)) {
        function_make_properties(h, o);
        s = object_shape(h->vm, o);
    }
    PropertyPlace place;
    if (!shape_find(s, key, &place)) return false;
    ref->address = object_place_address(o, s, &place);
    ref->value = cell_slot_get(ref->address);
    ref->attributes = place.attributes;
    return true;
}

/* Slots that removed properties of a private dictionary left are linked from Shape.free_slot, 0 or the number plus one,
 * each of them holding the next (shape.h I1). */
static void object_free_slot(LocalHeap *h, Object *o, Shape *s, Value *slot)
{
    barrier_store(h, o, slot, value_from_int((int32_t)s->free_slot));
    s->free_slot = object_slot_number(o, s, slot) + 1;
}

/* Slots of a shared dictionary are not used again: new ones go behind the last. */
static Value *object_take_slot(LocalHeap *h, Object *o, Shape *s)
{
    if (!s->free_slot || cell_is_shared(&o->cell)) {
        Value *slot = object_reserve_slot(h, o, s, s->slot_count);
        s->slot_count++;
        return slot;
    }
    Value *slot = object_slot(o, s, s->free_slot - 1);
    s->free_slot = (uint32_t)value_int(*slot);
    return slot;
}

static void object_add_to_dictionary(LocalHeap *h, Object *o, Shape *s, PropertyKey key, Value v, uint8_t attributes)
{
    Value *slot = object_take_slot(h, o, s);
    barrier_store(h, o, slot, v);
    shape_dictionary_add(h, s, key, slot, attributes);
}

static void object_change(LocalHeap *h, Object *o, PropertyKey key, Value v, uint8_t attributes);

/* `o` is entered, and has no such property. */
static void object_add_entered(LocalHeap *h, Object *o, PropertyKey key, Value v, uint8_t attributes)
{
    object_announce(h, o, key);
    object_materialize(h, o);
    Shape *s = object_shape(h->vm, o);
    if (UNLIKELY(shape_is_crowded(s))) s = object_make_dictionary(h, o, 0);
    if (shape_is_dictionary(s)) {
        object_add_to_dictionary(h, o, s, key, v, attributes);
        return;
    }
    Value *slot = object_reserve_slot(h, o, s, s->slot_count);
    Shape *next = shape_add(h, s, key, attributes);
    barrier_store(h, o, slot, v);
    object_set_shape(h, o, next);
}

void object_add(LocalHeap *h, Object *o, PropertyKey key, Value v, uint8_t attributes)
{
    ASSERT(!key_is_index(key), "elements are added through elements.h");
    PropertyRef ref;
    ObjectChange change = object_enter(h, o, false);
    if (change.entered && object_find_own(h, o, key, &ref)) object_change(h, o, key, v, attributes);
    else object_add_entered(h, o, key, v, attributes);
    object_leave(h, o, change);
}

/* Change attributes and value of a property that is there. A change between data and accessor gets a new slot
 * (shape.h I1); a cache of a global, which holds the slot itself, is made to miss by the hole in the old one. */
static void object_change_in_dictionary(LocalHeap *h, Object *o, Shape *s, const PropertyPlace *place, Value v,
                                        uint8_t attributes)
{
    bool new_slot = ((place->attributes ^ attributes) & PROPERTY_ACCESSOR) != 0;
    Value *slot = new_slot ? object_reserve_slot(h, o, s, s->slot_count) : place->address;
    barrier_store(h, o, slot, v);
    s->slot_count += new_slot;
    s = shape_renumber(h, s);
    shape_dictionary_set(s, place->entry, slot, attributes);
    object_set_shape(h, o, s);
    bool leaves_global = new_slot && (object_flags(o) & OBJECT_IS_GLOBAL) && !(place->attributes & PROPERTY_ACCESSOR);
    if (leaves_global) barrier_store(h, o, place->address, VALUE_HOLE);
}

/* `o` is entered. */
static void object_change(LocalHeap *h, Object *o, PropertyKey key, Value v, uint8_t attributes)
{
    object_announce(h, o, key);
    object_materialize(h, o);
    Shape *s = object_shape(h->vm, o);
    PropertyPlace place;
    bool found = shape_find(s, key, &place);
    CHECK(found, "the property is there");
    bool new_slot = ((place.attributes ^ attributes) & PROPERTY_ACCESSOR) != 0;
    if (place.attributes == attributes) {
        barrier_store(h, o, object_place_address(o, s, &place), v);
        return;
    }
    if (!shape_is_dictionary(s) && s->slot_count >= SHAPE_DICTIONARY_LIMIT * 2) {
        s = object_make_dictionary(h, o, 0);
        shape_find(s, key, &place);
    }
    if (shape_is_dictionary(s)) {
        object_change_in_dictionary(h, o, s, &place, v, attributes);
        return;
    }
    uint32_t at = new_slot ? s->slot_count : place.slot;
    Value *slot = object_reserve_slot(h, o, s, at);
    Shape *next = shape_reconfigure(h, s, place.entry, attributes, new_slot);
    barrier_store(h, o, slot, v);
    object_set_shape(h, o, next);
}

void object_define(LocalHeap *h, Object *o, PropertyKey key, Value v, uint8_t attributes)
{
    if (key_is_index(key)) {
        object_announce(h, o, key);
        if (!elements_define(h, o, key_index(key), v, attributes)) panic_out_of_memory("elements of a new object");
        return;
    }
    PropertyRef ref;
    ObjectChange change = object_enter(h, o, !(attributes & PROPERTY_WRITABLE));     // late stores would be seen
    if (object_find_own(h, o, key, &ref)) object_change(h, o, key, v, attributes);
    else object_add(h, o, key, v, attributes);
    object_leave(h, o, change);
}

void object_define_accessor(LocalHeap *h, Object *o, PropertyKey key, Value getter, Value setter, uint8_t attributes)
{
    Accessor *pair = object_new_accessor(h, getter, setter);
    object_define(h, o, key, value_from_cell(pair), (attributes & ~PROPERTY_WRITABLE) | PROPERTY_ACCESSOR);
}

void object_materialize_slow(LocalHeap *h, Object *o)
{
    function_make_properties(h, o);
}

/* The slot of a value keeps `undefined` for a reader that still holds the old shape, and that of an accessor the
 * pair, since such a reader calls it, but a private object has none; an inline cache of a global holds the slot
 * itself and must miss, so there it is the hole, and nobody may be about to store there. */
static void object_remove_named(LocalHeap *h, Object *o, PropertyKey key)
{
    object_announce(h, o, key);
    object_materialize(h, o);
    PropertyPlace place;
    if (!shape_find(object_shape(h->vm, o), key, &place)) return;        // removed meanwhile
    Shape *s = object_make_dictionary(h, o, SHAPE_IS_UNCACHEABLE);
    shape_find(s, key, &place);
    bool is_global = (object_flags(o) & OBJECT_IS_GLOBAL) != 0;
    if (!is_global) s = shape_renumber(h, s);
    shape_dictionary_remove(s, place.entry);
    object_set_shape(h, o, s);
    if (is_global) barrier_store(h, o, place.address, VALUE_HOLE);
    else if (!cell_is_shared(&o->cell)) object_free_slot(h, o, s, place.address);
    else if (!(place.attributes & PROPERTY_ACCESSOR)) barrier_store(h, o, place.address, VALUE_UNDEFINED);
}

bool object_remove(LocalHeap *h, Object *o, PropertyKey key)
{
    if (key_is_index(key)) return elements_remove(h, o, key_index(key));
    ObjectChange change = object_enter(h, o, (object_flags(o) & OBJECT_IS_GLOBAL) != 0);
    object_remove_named(h, o, key);
    object_leave(h, o, change);
    return true;
}
