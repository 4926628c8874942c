/* SPDX-License-Identifier: MIT */
/* typed_array.h - typed arrays: integer-indexed views of a buffer (ECMA-262 10.4.5, 23.2).
 *
 * I1  Whatever is in bounds by one look at the length may be read and written after it, though the buffer be resized or
 *     detached meanwhile: its bytes stay where they are (buffer.h). */
#ifndef US_OBJECT_TYPED_ARRAY_H
#define US_OBJECT_TYPED_ARRAY_H

#include "vm/object/buffer.h"

typedef struct TypedArray {              // KIND_INT8_ARRAY ... KIND_BIGUINT64_ARRAY; immutable
    Object       object;
    ArrayBuffer *buffer;
    size_t       byte_offset;
    size_t       fixed_length;           // elements; SIZE_MAX: tracks the buffer's length
    uint8_t     *first;                  // element 0, while the buffer is attached: of its bytes (buffer.h I1)
} TypedArray;

extern const ObjectOps typed_array_ops;

static inline bool typed_array_is(Value v)
{
    return value_is_cell(v) && value_cell(v)->kind >= KIND_FIRST_TYPED_ARRAY && value_cell(v)->kind <= KIND_LAST_TYPED_ARRAY;
}

static inline TypedArray *typed_array_of(Value v)
{
    ASSERT(typed_array_is(v), "the value is a typed array");
    return (TypedArray *)value_cell(v);
}

/* Bytes of an element, as a shift. */
static inline int typed_array_shift(CellKind kind)
{
    static const uint8_t shifts[] = { 0, 0, 0, 1, 1, 2, 2, 1, 2, 3, 3, 3 };
    return shifts[kind - KIND_FIRST_TYPED_ARRAY];
}

/* Where element `i` is, which was in bounds by a look at the length (I1). */
static inline uint8_t *typed_array_place(const TypedArray *t, size_t i)
{
    return t->first + (i << typed_array_shift(t->object.cell.kind));
}

static inline bool typed_array_is_bigint(const TypedArray *t)
{
    return t->object.cell.kind >= KIND_BIGINT64_ARRAY;
}

/** Elements now; 0 when out of bounds or detached (TypedArrayLength of 10.4.5.12 with IsTypedArrayOutOfBounds). */
size_t typed_array_length(const TypedArray *t);
bool typed_array_is_out_of_bounds(const TypedArray *t);

/** Element `i`; VALUE_HOLE beyond the end. */
Value typed_array_try_get(LocalHeap *h, const TypedArray *t, size_t i);

/** TypedArraySetElement (10.4.5.18): converts first, then stores if in bounds. False: thrown. */
NODISCARD bool typed_array_set(Goroutine *g, TypedArray *t, size_t i, Value v);

/** Convert `v` to the raw bytes of an element of `kind`, and back from `bytes`, which are aligned as elements are.
 *  False: thrown. */
NODISCARD bool typed_array_encode(Goroutine *g, CellKind kind, Value v, uint8_t out[8]);
Value typed_array_decode(LocalHeap *h, CellKind kind, const uint8_t *bytes);

/** Store `v` at `place` if it is of the elements' own type, number or big integer. False: it takes typed_array_set. */
bool typed_array_try_store(CellKind kind, uint8_t *place, Value v);

/** Store `v` as element `i`, if that is in bounds and no more than the above. */
bool typed_array_try_set(const TypedArray *t, uint32_t i, Value v);

/** A view; the caller has checked the range. `proto`: its prototype. */
NODISCARD TypedArray *typed_array_new(LocalHeap *h, CellKind kind, Value proto, ArrayBuffer *buffer, size_t byte_offset,
                                      size_t fixed_length);

void typed_array_register_kinds(void);

#endif
