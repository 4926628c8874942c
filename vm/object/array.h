/* SPDX-License-Identifier: MIT */
/* array.h - arrays: exotic length (ECMA-262 10.4.2), creation, and quick access for built-ins. */
#ifndef US_OBJECT_ARRAY_H
#define US_OBJECT_ARRAY_H

#include "vm/object/elements.h"

extern const ObjectOps array_ops;

static inline Array *array_of(Value v)
{
    ASSERT(value_is_kind(v, KIND_ARRAY), "the value is an array");
    return (Array *)value_cell(v);
}

/** An empty array of the current realm. */
NODISCARD Array *array_new(Goroutine *g);

/** An array of `length` holes with room for them where that is sensible; `shape` is some realm's or subclass's array
 *  shape. NULL when the heap refuses. */
NODISCARD Array *array_new_with_shape(LocalHeap *h, Shape *shape, uint32_t length);

/** ArrayCreate(length, proto) (10.4.2.2): RangeError above 2^32 - 1. NULL: thrown. `proto` undefined:
 *  %Array.prototype%. */
NODISCARD Array *array_create(Goroutine *g, double length, Value proto);

/** An array of the current realm with copies of `count` values. NULL: thrown (memory). */
NODISCARD Array *array_from_values(Goroutine *g, uint32_t count, const Value *values);
NODISCARD Array *array_from_list(Goroutine *g, const ValueList *list);

/** The property keys of a list as an array of strings and symbols. VALUE_THROWN if `keys` is NULL, as whoever made them
 *  threw. */
NODISCARD Value array_from_keys(Goroutine *g, const ValueList *keys);

/** Append to an extensible array; false: thrown (memory, length). */
NODISCARD bool array_push(Goroutine *g, Array *a, Value v);

/** ArraySetLength (10.4.2.4) with the number already converted. TRI_FALSE: refused. */
NODISCARD Tri array_set_length(Goroutine *g, Array *a, uint32_t length);

/** ArraySpeciesCreate (10.4.2.3). */
NODISCARD Value array_species_create(Goroutine *g, Object *original, double length);

/** CreateListFromArrayLike (7.3.19) of any values; NULL: thrown. */
NODISCARD ValueList *array_list_from_array_like(Goroutine *g, Value v);

/** True when `a` is private, element access on it cannot run user code, and every index below its length is in its
 *  dense vector (holes may be read through to prototypes only if those have no elements, which this also says). */
static inline bool array_is_simple(const Vm *vm, const Object *o)
{
    const Array *a = (const Array *)o;
    return o->cell.kind == KIND_ARRAY && !cell_is_shared(&o->cell) && a->length <= a->capacity
        && atomic_get_relaxed(&vm->no_indexed_prototypes);
}

/** The properties that an arguments object is made with, in inline slots. */
enum { ARGUMENTS_LENGTH, ARGUMENTS_ITERATOR, ARGUMENTS_CALLEE, ARGUMENTS_SLOTS };

/** The values that CreateListFromArrayLike makes of `o`, if they can be read in place: of a simple array, or of a private
 *  arguments object that has its first properties and is not connected with parameters. Holes stand for undefined. NULL
 *  otherwise; `*count` of no values is 0. */
const Value *array_like_values(Goroutine *g, const Object *o, uint32_t *count);

#endif
