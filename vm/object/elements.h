/* SPDX-License-Identifier: MIT */
/* elements.h - properties with array-index keys: dense vectors and sparse tables.
 *
 *     arrays, arguments    Array.base/capacity view a KIND_ELEMENTS cell; or capacity is 0 and elements is KIND_SPARSE
 *     other objects        the first chunk's `elements`: KIND_ELEMENTS or KIND_SPARSE
 *
 * I1  Every place of a dense vector is a value or the hole; places at or beyond an array's length are holes, so
 *     `index < capacity && base[index] is no hole` finds a present element with no look at the length.
 * I2  Elements of a dense vector are writable, enumerable and configurable data properties, less what the object's
 *     OBJECT_FROZEN_ELEMENTS or OBJECT_SEALED_ELEMENTS take away. Anything else needs a sparse table.
 * I3  Elements of a shared object are added, removed and moved by whoever has entered it (object_enter), and read
 *     without a lock. One that is in the vector of a shared array may be overwritten by compare and swap, without
 *     entering. So a vector that is replaced is emptied first, place by place, by swapping the hole in: who stores to
 *     it then fails, who reads a hole enters and looks again. Capacity is stored after base, and read before it.
 * I4  base + capacity of a shared array is a fixed place of its vector, or beyond the last one, and that place does not
 *     come closer to the start, nor in a later vector, even where the array was empty or sparse in between: with
 *     whatever capacity a reader saw, places from base on lie in the vector. */
#ifndef US_OBJECT_ELEMENTS_H
#define US_OBJECT_ELEMENTS_H

#include "vm/object/object.h"

typedef struct Elements {
    Cell     cell;                       // KIND_ELEMENTS
    uint32_t capacity;
    uint32_t unused;
    Value    items[];
} Elements;

typedef struct SparseEntry {
    uint64_t key;                        // index + 1 | attributes << 40; 0: empty; index 2^32-1 + 1: removed
    Value    value;
} SparseEntry;

typedef struct Sparse {
    Cell        cell;                    // KIND_SPARSE
    uint32_t    capacity;                // a power of two
    uint32_t    used;                    // places not empty
    uint32_t    count;                   // elements
    uint32_t    extent;                  // of an array: that of the vector it had (elements_extent)
    SparseEntry entries[];
} Sparse;

typedef struct Array {                   // KIND_ARRAY, KIND_ARGUMENTS, KIND_MAPPED_ARGUMENTS
    Object   object;
    Value   *base;                       // first element, inside `elements`
    uint32_t capacity;                   // places from base on
    uint32_t length;                     // of a KIND_ARRAY: the length property
    Cell    *elements;                   // KIND_ELEMENTS, KIND_SPARSE, or NULL
    Value    extra;                      // mapped arguments: the KIND_VALUES of boxes; else undefined
} Array;

enum { ELEMENTS_MAX_DENSE = 1u << 28 };

static inline bool elements_is_array_like(const Object *o)
{
    return o->cell.kind >= KIND_ARRAY && o->cell.kind <= KIND_MAPPED_ARGUMENTS;
}

/** The place of element `index` in the vector, or NULL. */
static inline Value *elements_try_place(const Array *a, uint32_t index)
{
    if (index >= atomic_get_acquire(&a->capacity)) return NULL;                  // I3
    return &atomic_get_dependent(&a->base)[index];
}

/** Present element `index`; the hole when there is none, or when the array is just being changed. Dense only: no sparse
 *  table, no exotic kind. */
static inline Value elements_try_get(const Array *a, uint32_t index)
{
    const Value *place = elements_try_place(a, index);
    return place ? cell_slot_get(place) : VALUE_HOLE;
}

/** Find an own element of an object of ordinary kind or an array-like. */
bool elements_find(LocalHeap *h, Object *o, uint32_t index, PropertyRef *ref);

/** Overwrite an element of a shared array that is there and is writable. False: there is none, or the array is just
 *  being changed. */
bool elements_try_overwrite(LocalHeap *h, Array *a, uint32_t index, Value v);

/** Behind which place of its vector, or of the last one if it is sparse now, an array has no element, whatever its
 *  base (I4). With it entered. */
uint32_t elements_extent(const Array *a);

/** Replace the vector of a shared array, entered, by one with room for `capacity` elements, or more if the old one has
 *  more (I4), and `guard` places behind. False: the heap refuses. */
NODISCARD bool elements_replace(LocalHeap *h, Array *a, uint32_t capacity, uint32_t guard);

/** True when `o` has a sparse table. */
bool elements_is_sparse(const Object *o);

/** Add or replace element `index` with default attributes, whatever was there. Keeps an array's length right.
 *  False: the heap refuses; nothing changed. */
NODISCARD bool elements_put(LocalHeap *h, Object *o, uint32_t index, Value v);

/** Add or replace element `index` as an accessor pair or with given attributes. */
NODISCARD bool elements_define(LocalHeap *h, Object *o, uint32_t index, Value v, uint8_t attributes);

/** Remove an element that is there. */
NODISCARD bool elements_remove(LocalHeap *h, Object *o, uint32_t index);

/** Remove elements at `length` and beyond from an array, entered, from the last down, stopping at one that is not
 *  configurable. Returns what the length is then. */
uint32_t elements_truncate(LocalHeap *h, Array *a, uint32_t length);

/** Append the indices of all elements, ascending, as index keys. */
void elements_keys(LocalHeap *h, Object *o, ValueList **keys);

/** True when `o` has an own element. */
bool elements_any(const Object *o);

/** Room for `capacity` elements in an array that is dense, or sparse and without elements: that becomes dense. False
 *  when the heap refuses. */
NODISCARD bool elements_reserve(LocalHeap *h, Array *a, uint32_t capacity);

/** Give an empty array copies of `count` values for its elements; false when the heap refuses. */
NODISCARD bool elements_set_values(LocalHeap *h, Array *a, uint32_t count, const Value *values);

NODISCARD Elements *elements_new(LocalHeap *h, uint32_t capacity);     // NULL when the heap refuses; all holes

size_t elements_cell_size(const Cell *c);
void elements_trace(Marker *m, Cell *c);
void elements_trace_items(Marker *m, Cell *c, size_t first, size_t end);
size_t elements_sparse_size(const Cell *c);
void elements_sparse_trace(Marker *m, Cell *c);

#endif
