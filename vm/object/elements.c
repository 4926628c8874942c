/* SPDX-License-Identifier: MIT */
#include "vm/object/elements.h"

#include <stdlib.h>
#include <string.h>

#include "gc/alloc.h"
#include "gc/barrier.h"
#include "gc/mark.h"
#include "gc/publish.h"
#include "vm/base/hash.h"

#define SPARSE_REMOVED (UINT64_C(1) << 32)
#define SPARSE_INDEX_MASK (((uint64_t)1 << 40) - 1)

static Array *elements_array(Object *o)
{
    return (Array *)o;
}

/* The cell that holds the elements of `o`, or NULL. */
static Cell *elements_cell(const Object *o)
{
    if (elements_is_array_like(o)) return atomic_get_dependent(&((const Array *)o)->elements);
    const Chunk *chunk = atomic_get_dependent(&o->ool);
    return chunk ? atomic_get_dependent(&chunk->elements) : NULL;
}

bool elements_is_sparse(const Object *o)
{
    const Cell *cell = elements_cell(o);
    return cell && cell->kind == KIND_SPARSE;
}

static void elements_set_cell(LocalHeap *h, Object *o, Cell *cell)
{
    if (elements_is_array_like(o)) {
        Array *a = elements_array(o);
        BARRIER_SET(h, a, a->elements, cell);
    } else {
        Chunk *chunk = object_ensure_chunk(h, o);
        BARRIER_SET(h, o, chunk->elements, cell);
    }
}

size_t elements_cell_size(const Cell *c)
{
    return sizeof(Elements) + (size_t)((const Elements *)c)->capacity * sizeof(Value);
}

void elements_trace_items(Marker *m, Cell *c, size_t first, size_t end)
{
    const Elements *e = (const Elements *)c;
    if (end > e->capacity) end = e->capacity;
    if (first < end) mark_values(m, e->items + first, end - first);
}

void elements_trace(Marker *m, Cell *c)
{
    elements_trace_items(m, c, 0, SIZE_MAX);
}

size_t elements_sparse_size(const Cell *c)
{
    return sizeof(Sparse) + (size_t)((const Sparse *)c)->capacity * sizeof(SparseEntry);
}

void elements_sparse_trace(Marker *m, Cell *c)
{
    const Sparse *s = (const Sparse *)c;
    for (uint32_t i = 0; i < s->capacity; i++) mark_value(m, s->entries[i].value);
}

/* A vector that begins with copies of `count` values. */
static Elements *elements_new_filled(LocalHeap *h, uint32_t capacity, uint32_t count, const Value *values)
{
    if (capacity > ELEMENTS_MAX_DENSE) return NULL;
    Elements *e = alloc_any(h, sizeof *e + (size_t)capacity * sizeof(Value), CELL_HEADER(0, KIND_ELEMENTS, 0));
    if (!e) return NULL;
    e->capacity = capacity;
    if (count) memcpy(e->items, values, (size_t)count * sizeof(Value));
    for (uint32_t i = count; i < capacity; i++) e->items[i] = VALUE_HOLE;
    return e;
}

Elements *elements_new(LocalHeap *h, uint32_t capacity)
{
    return elements_new_filled(h, capacity, 0, NULL);
}

/* ---- sparse tables -------------------------------------------------------------------------------------------- */

static uint64_t elements_sparse_key(uint32_t index, uint8_t attributes)
{
    return ((uint64_t)index + 1) | (uint64_t)attributes << 40;
}

static uint32_t elements_sparse_index(const SparseEntry *e)
{
    return (uint32_t)((atomic_get_relaxed(&e->key) & SPARSE_INDEX_MASK) - 1);
}

static uint8_t elements_sparse_attributes(uint64_t key)
{
    return (uint8_t)(key >> 40);
}

static bool elements_sparse_is_live(const SparseEntry *e)
{
    uint64_t key = atomic_get_acquire(&e->key);          // pairs with elements_sparse_enter
    return key != 0 && key != SPARSE_REMOVED;
}

/* The entry of `index`, or NULL; `*key`: what its key was, since others may be removing it. */
static SparseEntry *elements_sparse_find(Sparse *s, uint32_t index, uint64_t *key)
{
    for (uint32_t i = (uint32_t)hash_word(index) & (s->capacity - 1);; i = (i + 1) & (s->capacity - 1)) {
        SparseEntry *e = &s->entries[i];
        *key = atomic_get_acquire(&e->key);              // pairs with elements_sparse_enter
        if (!*key) return NULL;
        if (*key != SPARSE_REMOVED && (*key & SPARSE_INDEX_MASK) == (uint64_t)index + 1) return e;
    }
}

static Sparse *elements_sparse_new(LocalHeap *h, uint32_t capacity, uint32_t extent)
{
    size_t size = sizeof(Sparse) + (size_t)capacity * sizeof(SparseEntry);
    Sparse *s = alloc_any(h, size, CELL_HEADER(0, KIND_SPARSE, 0));
    if (!s) return NULL;
    s->capacity = capacity;
    s->used = s->count = 0;
    s->extent = extent;
    memset(s->entries, 0, size - sizeof *s);
    return s;
}

/* Enter an index that is not there, into a table with room. */
static void elements_sparse_enter(Sparse *s, uint32_t index, Value v, uint8_t attributes)
{
    uint32_t i = (uint32_t)hash_word(index) & (s->capacity - 1);
    while (s->entries[i].key) i = (i + 1) & (s->capacity - 1);
    cell_slot_set(&s->entries[i].value, v);
    atomic_set_release(&s->entries[i].key, elements_sparse_key(index, attributes));      // with elements_sparse_find
    s->used++;
    atomic_set_relaxed(&s->count, s->count + 1);
}

/* The key goes first: who reads that the value is gone sees that the entry is. */
static void elements_sparse_remove(Sparse *s, SparseEntry *e)
{
    atomic_set_relaxed(&e->key, SPARSE_REMOVED);
    atomic_set_release(&e->value, VALUE_UNDEFINED);      // with elements_find_sparse
    atomic_set_relaxed(&s->count, s->count - 1);
}

static Sparse *elements_sparse_rehash(LocalHeap *h, Object *o, Sparse *s)
{
    uint32_t capacity = 8;
    while (capacity < s->count * 2 + 2) capacity *= 2;
    Sparse *fresh = elements_sparse_new(h, capacity, s->extent);
    if (!fresh) return NULL;
    for (uint32_t i = 0; i < s->capacity; i++) {
        SparseEntry *e = &s->entries[i];
        if (elements_sparse_is_live(e))
            elements_sparse_enter(fresh, elements_sparse_index(e), e->value, elements_sparse_attributes(e->key));
    }
    elements_set_cell(h, o, &fresh->cell);
    return fresh;
}

static bool elements_sparse_define(LocalHeap *h, Object *o, Sparse *s, uint32_t index, Value v, uint8_t attributes)
{
    uint64_t key;
    SparseEntry *e = elements_sparse_find(s, index, &key);
    bool same_kind = e && !((elements_sparse_attributes(key) ^ attributes) & PROPERTY_ACCESSOR);
    if (same_kind) {
        barrier_store(h, o, &e->value, v);
        atomic_set_release(&e->key, elements_sparse_key(index, attributes));
        return true;
    }
    if (s->used * 4 >= s->capacity * 3) {
        s = elements_sparse_rehash(h, o, s);
        if (!s) return false;
        e = elements_sparse_find(s, index, &key);
    }
    barrier_note(h, o, v);
    elements_sparse_enter(s, index, v, attributes);
    if (e) elements_sparse_remove(s, e);                 // an entry keeps its kind; readers find the first
    return true;
}

/* Attributes that a dense vector's elements have, from the object's flags (I2). */
static uint8_t elements_dense_attributes(const Object *o)
{
    if (object_flags(o) & OBJECT_FROZEN_ELEMENTS) return PROPERTY_ENUMERABLE;
    if (object_flags(o) & OBJECT_SEALED_ELEMENTS) return PROPERTY_ENUMERABLE | PROPERTY_WRITABLE;
    return PROPERTY_DEFAULT;
}

/* The places of a dense vector: `*base` and their number; 0 when there is none. */
static uint32_t elements_dense(Object *o, Value **base)
{
    if (elements_is_array_like(o)) {
        uint32_t capacity = atomic_get_acquire(&elements_array(o)->capacity);    // I3
        *base = atomic_get_dependent(&elements_array(o)->base);
        return capacity;
    }
    Cell *cell = elements_cell(o);
    if (!cell || cell->kind != KIND_ELEMENTS) return 0;
    *base = ((Elements *)cell)->items;
    return ((Elements *)cell)->capacity;
}

/* What was at a place of a vector that is given up (I3). */
static Value elements_take_out(const Object *o, Value *place)
{
    return cell_is_shared(&o->cell) ? atomic_swap_acq_rel(place, VALUE_HOLE) : *place;
}

uint32_t elements_extent(const Array *a)
{
    if (!a->elements) return 0;
    if (a->elements->kind == KIND_SPARSE) return ((const Sparse *)a->elements)->extent;
    return (uint32_t)(a->base - ((const Elements *)a->elements)->items) + a->capacity;
}

/* Without entering. */
static Sparse *elements_turn_sparse(LocalHeap *h, Object *o)
{
    Cell *cell = elements_cell(o);
    if (cell && cell->kind == KIND_SPARSE) return (Sparse *)cell;
    Value *base = NULL;
    uint32_t places = elements_dense(o, &base), live = 0;
    for (uint32_t i = 0; i < places; i++) live += cell_slot_get(&base[i]) != VALUE_HOLE;
    uint32_t capacity = 8;
    while (capacity < live * 2) capacity *= 2;
    bool is_array = elements_is_array_like(o);
    Sparse *s = elements_sparse_new(h, capacity, is_array ? elements_extent(elements_array(o)) : 0);
    if (!s) return NULL;
    uint8_t attributes = elements_dense_attributes(o);
    for (uint32_t i = 0; i < places; i++) {
        Value v = is_array ? elements_take_out(o, &base[i]) : base[i];
        if (v != VALUE_HOLE) elements_sparse_enter(s, i, v, attributes);
    }
    elements_set_cell(h, o, &s->cell);
    if (is_array) atomic_set_release(&elements_array(o)->capacity, 0);   // base stays for readers
    if (object_flags(o) & (OBJECT_FROZEN_ELEMENTS | OBJECT_SEALED_ELEMENTS))
        atomic_and_relaxed(&o->cell.flags, (uint8_t)~(OBJECT_FROZEN_ELEMENTS | OBJECT_SEALED_ELEMENTS));
    return s;
}

/* ---- dense vectors ----------------------------------------------------------------------------------------------- */

bool elements_replace(LocalHeap *h, Array *a, uint32_t capacity, uint32_t guard)
{
    uint32_t extent = elements_extent(a), places = a->capacity;
    if (capacity < extent) capacity = extent;
    if (capacity > ELEMENTS_MAX_DENSE) return false;
    Elements *e = elements_new(h, guard <= ELEMENTS_MAX_DENSE - capacity ? capacity + guard : capacity);
    if (!e) return false;
    for (uint32_t i = 0; i < places; i++) e->items[i] = atomic_swap_acq_rel(&a->base[i], VALUE_HOLE);
    publish_born(h, &e->cell);
    e->cell.flags |= CELL_SHARED;                        // as all it holds is
    BARRIER_SET(h, a, a->elements, &e->cell);
    atomic_set_release(&a->base, e->items);
    atomic_set_release(&a->capacity, capacity);          // pairs with elements_try_get
    return true;
}

/* An array that elements are taken from at the front gets places for its base to advance over. */
static bool elements_replace_grown(LocalHeap *h, Array *a, uint32_t capacity)
{
    return elements_replace(h, a, capacity, elements_extent(a) > a->capacity ? capacity / 2 + 8 : 0);
}

/* Move the elements of `o` into a vector of `capacity` places. */
static bool elements_grow(LocalHeap *h, Object *o, uint32_t capacity)
{
    bool is_array = elements_is_array_like(o);
    if (is_array && cell_is_shared(&o->cell)) return elements_replace_grown(h, elements_array(o), capacity);
    Value *base = NULL;
    uint32_t places = elements_dense(o, &base);
    Elements *e = elements_new_filled(h, capacity, places < capacity ? places : capacity, base);
    if (!e) return false;
    elements_set_cell(h, o, &e->cell);
    if (is_array) {
        elements_array(o)->base = e->items;
        elements_array(o)->capacity = capacity;
    }
    return true;
}

/* Has `o` what no vector has? */
static bool elements_stays_sparse(const Object *o)
{
    return elements_is_sparse(o) && ((const Sparse *)elements_cell(o))->count > 0;
}

bool elements_reserve(LocalHeap *h, Array *a, uint32_t capacity)
{
    if (capacity <= atomic_get_relaxed(&a->capacity)) return true;
    ObjectChange change = object_enter(h, &a->object, false);
    bool done = capacity <= a->capacity || elements_stays_sparse(&a->object) || elements_grow(h, &a->object, capacity);
    object_leave(h, &a->object, change);
    return done;
}

enum {
    ELEMENTS_MAX_GAP = 1024,             // a store further behind the vector's end makes a sparse table
    // an array made with a length up to here has its vector whole at the first store
    ELEMENTS_MAX_WHOLE = 1 << 24,
};

bool elements_set_values(LocalHeap *h, Array *a, uint32_t count, const Value *values)
{
    Elements *e = elements_new_filled(h, count, count, values);
    if (!e) return false;
    elements_set_cell(h, &a->object, &e->cell);
    a->base = e->items;
    a->capacity = a->length = count;
    return true;
}

/* May element `index` live in the vector that now has `places` from `base` on? */
static bool elements_is_near(const Value *base, uint32_t places, uint32_t index)
{
    uint32_t live = 0;
    if (index <= places || index < ELEMENTS_MAX_GAP) return true;
    if (index - places >= ELEMENTS_MAX_GAP) return false;
    for (uint32_t i = 0; i < places; i++) live += base[i] != VALUE_HOLE;
    return live >= index / 8;
}

static uint32_t elements_next_capacity(uint32_t index)
{
    uint64_t capacity = (uint64_t)index + 1 + index / 2;
    if (capacity < 4) capacity = 4;
    return capacity > ELEMENTS_MAX_DENSE ? ELEMENTS_MAX_DENSE : (uint32_t)capacity;
}

/* Give `o` a vector with room for `index`. False: it should be sparse, or the heap refuses. */
static bool elements_make_room(LocalHeap *h, Object *o, const Value *base, uint32_t places, uint32_t index)
{
    uint32_t length = o->cell.kind == KIND_ARRAY ? elements_array(o)->length : 0;
    if (!places && index < length && length <= ELEMENTS_MAX_WHOLE && elements_grow(h, o, length)) return true;
    if (index >= ELEMENTS_MAX_DENSE || !elements_is_near(base, places, index)) return false;
    return elements_grow(h, o, elements_next_capacity(index));
}

static void elements_note_length(Object *o, uint32_t index)
{
    if (o->cell.kind == KIND_ARRAY && index >= elements_array(o)->length)
        atomic_set_relaxed(&elements_array(o)->length, index + 1);
}

/* With `o` entered. The length comes before the element: who sees it finds a hole first, and waits. */
static bool elements_put_entered(LocalHeap *h, Object *o, uint32_t index, Value v)
{
    Cell *cell = elements_cell(o);
    if (cell && cell->kind == KIND_SPARSE) {
        if (!elements_sparse_define(h, o, (Sparse *)cell, index, v, PROPERTY_DEFAULT)) return false;
        elements_note_length(o, index);
        return true;
    }
    Value *base = NULL;
    uint32_t places = elements_dense(o, &base);
    if (index >= places) {
        if (!elements_make_room(h, o, base, places, index))
            return elements_turn_sparse(h, o) && elements_put_entered(h, o, index, v);
        elements_dense(o, &base);
    }
    elements_note_length(o, index);
    barrier_store(h, o, &base[index], v);
    return true;
}

static bool elements_define_entered(LocalHeap *h, Object *o, uint32_t index, Value v, uint8_t attributes)
{
    bool usual = !elements_is_sparse(o) && attributes == elements_dense_attributes(o);
    if (usual) return elements_put_entered(h, o, index, v);
    Sparse *s = elements_turn_sparse(h, o);
    if (!s || !elements_sparse_define(h, o, s, index, v, attributes)) return false;
    elements_note_length(o, index);
    return true;
}

bool elements_put(LocalHeap *h, Object *o, uint32_t index, Value v)
{
    ObjectChange change = object_enter(h, o, false);
    if (change.entered) object_announce(h, o, key_from_index(index));        // it may have become a prototype
    bool done = elements_put_entered(h, o, index, v);
    object_leave(h, o, change);
    return done;
}

bool elements_define(LocalHeap *h, Object *o, uint32_t index, Value v, uint8_t attributes)
{
    ObjectChange change = object_enter(h, o, false);
    if (change.entered) object_announce(h, o, key_from_index(index));
    bool done = elements_define_entered(h, o, index, v, attributes);
    object_leave(h, o, change);
    return done;
}

bool elements_try_overwrite(LocalHeap *h, Array *a, uint32_t index, Value v)
{
    publish_value(h, v);
    if (index >= atomic_get_acquire(&a->capacity)) return false;
    Value *place = &atomic_get_acquire(&a->base)[index], old = cell_slot_get(place);
    while (old != VALUE_HOLE)
        if (atomic_cas(place, &old, v)) return true;     // pairs with readers, and with the swap of elements_replace
    return false;
}

/* In the sparse table, if there is one. An entry that was removed while it was read says nothing: the element may have
 * got another. */
static bool elements_find_sparse(const Object *o, uint32_t index, PropertyRef *ref)
{
    for (;;) {
        uint64_t key;
        Cell *cell = elements_cell(o);
        SparseEntry *e = cell && cell->kind == KIND_SPARSE ? elements_sparse_find((Sparse *)cell, index, &key) : NULL;
        if (!e) return false;
        ref->address = &e->value;
        ref->attributes = elements_sparse_attributes(key);
        ref->value = atomic_get_acquire(&e->value);      // pairs with elements_sparse_remove
        if (LIKELY(atomic_get_relaxed(&e->key) != SPARSE_REMOVED)) return true;
    }
}

static bool elements_find_now(Object *o, uint32_t index, PropertyRef *ref)
{
    Value *base = NULL;
    if (index < elements_dense(o, &base)) {
        ref->value = cell_slot_get(&base[index]);
        ref->address = &base[index];
        ref->attributes = elements_dense_attributes(o);
        return ref->value != VALUE_HOLE;
    }
    return elements_find_sparse(o, index, ref);
}

bool elements_find(LocalHeap *h, Object *o, uint32_t index, PropertyRef *ref)
{
    if (elements_find_now(o, index, ref)) return true;
    if (LIKELY(!cell_is_shared(&o->cell)) || !elements_is_array_like(o)) return false;
    if (elements_is_sparse(o)) return elements_find_now(o, index, ref);  // maybe it was dense when looked at
    const Array *a = (const Array *)o;
    bool beyond = o->cell.kind == KIND_ARRAY && index >= atomic_get_acquire(&a->length);
    if (beyond && index >= atomic_get_acquire(&a->capacity)) return false;
    bool entered = monitor_enter(h, o);                  // I3: it may be on its way to another vector
    bool found = elements_find_now(o, index, ref);
    monitor_exit(h, o, entered);
    return found;
}

static bool elements_remove_entered(LocalHeap *h, Object *o, uint32_t index)
{
    Value *base = NULL;
    if (index < elements_dense(o, &base)) {
        barrier_store(h, o, &base[index], VALUE_HOLE);
        return true;
    }
    if (!elements_is_sparse(o)) return true;             // removed meanwhile
    uint64_t key;
    Sparse *s = (Sparse *)elements_cell(o);
    SparseEntry *e = elements_sparse_find(s, index, &key);
    if (e) elements_sparse_remove(s, e);
    return true;
}

bool elements_remove(LocalHeap *h, Object *o, uint32_t index)
{
    ObjectChange change = object_enter(h, o, false);
    bool done = elements_remove_entered(h, o, index);
    object_leave(h, o, change);
    return done;
}

bool elements_any(const Object *o)
{
    Value *base = NULL;
    uint32_t places = elements_dense((Object *)o, &base);
    for (uint32_t i = 0; i < places; i++)
        if (cell_slot_get(&base[i]) != VALUE_HOLE) return true;
    const Cell *cell = elements_cell(o);
    return cell && cell->kind == KIND_SPARSE && atomic_get_relaxed(&((const Sparse *)cell)->count) > 0;
}

/* ---- enumeration and length -------------------------------------------------------------------------------------- */

static int elements_compare_keys(const void *a, const void *b)
{
    Value x = *(const Value *)a, y = *(const Value *)b;
    return x < y ? -1 : x > y;
}

static void elements_sparse_keys(LocalHeap *h, const Sparse *s, ValueList **keys)
{
    uint32_t first = (*keys)->count;
    for (uint32_t i = 0; i < s->capacity; i++)
        if (elements_sparse_is_live(&s->entries[i]))
            list_push(h, keys, key_from_index(elements_sparse_index(&s->entries[i])));
    qsort((*keys)->items + first, (*keys)->count - first, sizeof(Value), elements_compare_keys);
}

void elements_keys(LocalHeap *h, Object *o, ValueList **keys)
{
    Value *base = NULL;
    bool entered = monitor_enter(h, o);
    uint32_t places = elements_dense(o, &base);
    for (uint32_t i = 0; i < places; i++)
        if (cell_slot_get(&base[i]) != VALUE_HOLE) list_push(h, keys, key_from_index(i));
    const Cell *cell = elements_cell(o);
    if (cell && cell->kind == KIND_SPARSE) elements_sparse_keys(h, (const Sparse *)cell, keys);
    monitor_exit(h, o, entered);
}

static uint32_t elements_truncate_sparse(LocalHeap *h, Array *a, uint32_t length)
{
    ValueList *keys = list_new(h, 8);
    Sparse *s = (Sparse *)a->elements;
    elements_sparse_keys(h, s, &keys);
    for (uint32_t i = keys->count; i-- > 0;) {
        uint32_t index = key_index(keys->items[i]);
        if (index < length) break;
        uint64_t key;
        SparseEntry *e = elements_sparse_find(s, index, &key);
        if (!(elements_sparse_attributes(key) & PROPERTY_CONFIGURABLE)) return index + 1;
        elements_sparse_remove(s, e);
    }
    return length;
}

uint32_t elements_truncate(LocalHeap *h, Array *a, uint32_t length)
{
    if (a->elements && a->elements->kind == KIND_SPARSE) return elements_truncate_sparse(h, a, length);
    uint32_t end = a->length < a->capacity ? a->length : a->capacity;
    bool fixed = !(elements_dense_attributes(&a->object) & PROPERTY_CONFIGURABLE);
    for (uint32_t i = end; i > length; i--) {
        if (cell_slot_get(&a->base[i - 1]) == VALUE_HOLE) continue;
        if (fixed) return i;
        cell_slot_set(&a->base[i - 1], VALUE_HOLE);
    }
    return length;
}
