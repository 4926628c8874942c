/* SPDX-License-Identifier: MIT */
#include "vm/object/elements.h"

#include <stdlib.h>
#include <string.h>

#include "gc/alloc.h"
#include "gc/mark.h"
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
    if (elements_is_array_like(o)) return ((const Array *)o)->elements;
    return o->ool ? o->ool->elements : NULL;
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

void elements_trace(Marker *m, Cell *c)
{
    const Elements *e = (const Elements *)c;
    mark_values(m, e->items, e->capacity);
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

static uint32_t elements_sparse_index(const SparseEntry *e)
{
    return (uint32_t)((e->key & SPARSE_INDEX_MASK) - 1);
}

static uint8_t elements_sparse_attributes(const SparseEntry *e)
{
    return (uint8_t)(e->key >> 40);
}

static bool elements_sparse_is_live(const SparseEntry *e)
{
    return e->key != 0 && e->key != SPARSE_REMOVED;
}

/* The entry of `index`, or NULL. */
static SparseEntry *elements_sparse_find(Sparse *s, uint32_t index)
{
    uint64_t key = (uint64_t)index + 1;
    for (uint32_t i = (uint32_t)hash_word(index) & (s->capacity - 1);; i = (i + 1) & (s->capacity - 1)) {
        SparseEntry *e = &s->entries[i];
        if (!e->key) return NULL;
        if (e->key != SPARSE_REMOVED && (e->key & SPARSE_INDEX_MASK) == key) return e;
    }
}

static Sparse *elements_sparse_new(LocalHeap *h, uint32_t capacity)
{
    size_t size = sizeof(Sparse) + (size_t)capacity * sizeof(SparseEntry);
    Sparse *s = alloc_any(h, size, CELL_HEADER(0, KIND_SPARSE, 0));
    if (!s) return NULL;
    s->capacity = capacity;
    s->used = s->count = 0;
    memset(s->entries, 0, size - sizeof *s);
    return s;
}

/* Enter an index that is not there, into a table with room. */
static void elements_sparse_enter(Sparse *s, uint32_t index, Value v, uint8_t attributes)
{
    uint32_t i = (uint32_t)hash_word(index) & (s->capacity - 1);
    while (s->entries[i].key) i = (i + 1) & (s->capacity - 1);
    s->entries[i].value = v;
    s->entries[i].key = ((uint64_t)index + 1) | (uint64_t)attributes << 40;
    s->used++;
    s->count++;
}

static Sparse *elements_sparse_rehash(LocalHeap *h, Object *o, Sparse *s)
{
    uint32_t capacity = 8;
    while (capacity < s->count * 2 + 2) capacity *= 2;
    Sparse *fresh = elements_sparse_new(h, capacity);
    if (!fresh) return NULL;
    for (uint32_t i = 0; i < s->capacity; i++) {
        SparseEntry *e = &s->entries[i];
        if (elements_sparse_is_live(e))
            elements_sparse_enter(fresh, elements_sparse_index(e), e->value, elements_sparse_attributes(e));
    }
    elements_set_cell(h, o, &fresh->cell);
    return fresh;
}

static bool elements_sparse_define(LocalHeap *h, Object *o, Sparse *s, uint32_t index, Value v, uint8_t attributes)
{
    SparseEntry *e = elements_sparse_find(s, index);
    if (e) {
        e->key = ((uint64_t)index + 1) | (uint64_t)attributes << 40;
        barrier_store(h, o, &e->value, v);
        return true;
    }
    if (s->used * 4 >= s->capacity * 3) {
        s = elements_sparse_rehash(h, o, s);
        if (!s) return false;
    }
    elements_sparse_enter(s, index, v, attributes);
    return true;
}

/* Attributes that a dense vector's elements have, from the object's flags (I2). */
static uint8_t elements_dense_attributes(const Object *o)
{
    if (o->cell.flags & OBJECT_FROZEN_ELEMENTS) return PROPERTY_ENUMERABLE;
    if (o->cell.flags & OBJECT_SEALED_ELEMENTS) return PROPERTY_ENUMERABLE | PROPERTY_WRITABLE;
    return PROPERTY_DEFAULT;
}

/* The places of a dense vector: `*base` and their number; 0 when there is none. */
static uint32_t elements_dense(Object *o, Value **base)
{
    if (elements_is_array_like(o)) {
        *base = elements_array(o)->base;
        return elements_array(o)->capacity;
    }
    Cell *cell = elements_cell(o);
    if (!cell || cell->kind != KIND_ELEMENTS) return 0;
    *base = ((Elements *)cell)->items;
    return ((Elements *)cell)->capacity;
}

Sparse *elements_make_sparse(LocalHeap *h, Object *o)
{
    Cell *cell = elements_cell(o);
    if (cell && cell->kind == KIND_SPARSE) return (Sparse *)cell;
    Value *base = NULL;
    uint32_t places = elements_dense(o, &base), live = 0;
    for (uint32_t i = 0; i < places; i++) live += base[i] != VALUE_HOLE;
    uint32_t capacity = 8;
    while (capacity < live * 2) capacity *= 2;
    Sparse *s = elements_sparse_new(h, capacity);
    if (!s) return NULL;
    uint8_t attributes = elements_dense_attributes(o);
    for (uint32_t i = 0; i < places; i++)
        if (base[i] != VALUE_HOLE) elements_sparse_enter(s, i, base[i], attributes);
    if (elements_is_array_like(o)) {
        elements_array(o)->base = NULL;
        elements_array(o)->capacity = 0;
    }
    o->cell.flags &= ~(OBJECT_FROZEN_ELEMENTS | OBJECT_SEALED_ELEMENTS);
    elements_set_cell(h, o, &s->cell);
    return s;
}

/* ---- dense vectors ----------------------------------------------------------------------------------------------- */

/* Move the elements of `o` into a vector of `capacity` places. */
static bool elements_grow(LocalHeap *h, Object *o, uint32_t capacity)
{
    Value *base = NULL;
    uint32_t places = elements_dense(o, &base);
    Elements *e = elements_new_filled(h, capacity, places < capacity ? places : capacity, base);
    if (!e) return false;
    elements_set_cell(h, o, &e->cell);
    if (elements_is_array_like(o)) {
        elements_array(o)->base = e->items;
        elements_array(o)->capacity = capacity;
    }
    return true;
}

bool elements_reserve(LocalHeap *h, Array *a, uint32_t capacity)
{
    return capacity <= a->capacity || elements_grow(h, &a->object, capacity);
}

enum {
    ELEMENTS_MAX_GAP = 1024,             // a store further behind the vector's end makes a sparse table
    ELEMENTS_MAX_WHOLE = 1 << 24,        // an array made with a length up to here has its vector whole at the first store
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
    if (o->cell.kind == KIND_ARRAY && index >= elements_array(o)->length) elements_array(o)->length = index + 1;
}

bool elements_put(LocalHeap *h, Object *o, uint32_t index, Value v)
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
        if (!elements_make_room(h, o, base, places, index)) return elements_make_sparse(h, o) && elements_put(h, o, index, v);
        elements_dense(o, &base);
    }
    barrier_store(h, o, &base[index], v);
    elements_note_length(o, index);
    return true;
}

bool elements_define(LocalHeap *h, Object *o, uint32_t index, Value v, uint8_t attributes)
{
    Cell *cell = elements_cell(o);
    bool sparse = cell && cell->kind == KIND_SPARSE;
    if (!sparse && attributes == elements_dense_attributes(o)) return elements_put(h, o, index, v);
    Sparse *s = elements_make_sparse(h, o);
    if (!s || !elements_sparse_define(h, o, s, index, v, attributes)) return false;
    elements_note_length(o, index);
    return true;
}

bool elements_find(Object *o, uint32_t index, PropertyRef *ref)
{
    Value *base = NULL;
    if (index < elements_dense(o, &base)) {
        ref->value = cell_slot_get(&base[index]);
        ref->address = &base[index];
        ref->attributes = elements_dense_attributes(o);
        return ref->value != VALUE_HOLE;
    }
    Cell *cell = elements_cell(o);
    if (!cell || cell->kind != KIND_SPARSE) return false;
    SparseEntry *e = elements_sparse_find((Sparse *)cell, index);
    if (!e) return false;
    ref->address = &e->value;
    ref->value = cell_slot_get(&e->value);
    ref->attributes = elements_sparse_attributes(e);
    return true;
}

bool elements_remove(LocalHeap *h, Object *o, uint32_t index)
{
    Value *base = NULL;
    if (index < elements_dense(o, &base)) {
        barrier_store(h, o, &base[index], VALUE_HOLE);
        return true;
    }
    Sparse *s = (Sparse *)elements_cell(o);
    SparseEntry *e = elements_sparse_find(s, index);
    e->key = SPARSE_REMOVED;
    e->value = VALUE_UNDEFINED;
    s->count--;
    return true;
}

bool elements_any(const Object *o)
{
    Value *base = NULL;
    uint32_t places = elements_dense((Object *)o, &base);
    for (uint32_t i = 0; i < places; i++)
        if (base[i] != VALUE_HOLE) return true;
    const Cell *cell = elements_cell(o);
    return cell && cell->kind == KIND_SPARSE && ((const Sparse *)cell)->count > 0;
}

/* ---- enumeration and length ---------------------------------------------------------------------------------------- */

static int elements_compare_keys(const void *a, const void *b)
{
    Value x = *(const Value *)a, y = *(const Value *)b;
    return x < y ? -1 : x > y;
}

static void elements_sparse_keys(LocalHeap *h, const Sparse *s, ValueList **keys)
{
    uint32_t first = (*keys)->count;
    for (uint32_t i = 0; i < s->capacity; i++)
        if (elements_sparse_is_live(&s->entries[i])) list_push(h, keys, key_from_index(elements_sparse_index(&s->entries[i])));
    qsort((*keys)->items + first, (*keys)->count - first, sizeof(Value), elements_compare_keys);
}

void elements_keys(LocalHeap *h, Object *o, ValueList **keys)
{
    Value *base = NULL;
    uint32_t places = elements_dense(o, &base);
    for (uint32_t i = 0; i < places; i++)
        if (base[i] != VALUE_HOLE) list_push(h, keys, key_from_index(i));
    const Cell *cell = elements_cell(o);
    if (cell && cell->kind == KIND_SPARSE) elements_sparse_keys(h, (const Sparse *)cell, keys);
}

static uint32_t elements_truncate_sparse(LocalHeap *h, Array *a, uint32_t length)
{
    ValueList *keys = list_new(h, 8);
    Sparse *s = (Sparse *)a->elements;
    elements_sparse_keys(h, s, &keys);
    for (uint32_t i = keys->count; i-- > 0;) {
        uint32_t index = key_index(keys->items[i]);
        if (index < length) break;
        SparseEntry *e = elements_sparse_find(s, index);
        if (!(elements_sparse_attributes(e) & PROPERTY_CONFIGURABLE)) return index + 1;
        e->key = SPARSE_REMOVED;
        e->value = VALUE_UNDEFINED;
        s->count--;
    }
    return length;
}

uint32_t elements_truncate(LocalHeap *h, Array *a, uint32_t length)
{
    if (a->elements && a->elements->kind == KIND_SPARSE) return elements_truncate_sparse(h, a, length);
    uint32_t end = a->length < a->capacity ? a->length : a->capacity;
    bool fixed = !(elements_dense_attributes(&a->object) & PROPERTY_CONFIGURABLE);
    for (uint32_t i = end; i > length; i--) {
        if (a->base[i - 1] == VALUE_HOLE) continue;
        if (fixed) return i;
        a->base[i - 1] = VALUE_HOLE;
    }
    return length;
}
