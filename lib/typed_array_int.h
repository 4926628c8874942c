/* SPDX-License-Identifier: MIT */
/* typed_array_int.h - what the files of the typed arrays share.
 *
 * A method begins by validating its receiver, and asks anew for the length after whatever may run user code: the
 * buffer may have been resized or detached meanwhile. */
#ifndef US_LIB_TYPED_ARRAY_INT_H
#define US_LIB_TYPED_ARRAY_INT_H

#include "lib/install.h"
#include "vm/object/typed_array.h"

/* ValidateTypedArray (23.2.4.4); NULL: TypeError thrown. And for writing: its buffer is not immutable. */
NODISCARD TypedArray *lib_typed_array_validate(Goroutine *g, Value v);
NODISCARD TypedArray *lib_typed_array_validate_write(Goroutine *g, Value v);

/* The address of element `i`, which is in bounds. */
static inline uint8_t *lib_typed_array_place(const TypedArray *t, size_t i)
{
    return t->buffer->bytes + t->byte_offset + (i << typed_array_shift(t->object.cell.kind));
}

/* A view on a new buffer of the current realm with that many zeroes. NULL: thrown. */
NODISCARD TypedArray *lib_typed_array_allocate(Goroutine *g, CellKind kind, Value proto, double length);

/* TypedArrayCreateFromCtor with one number (23.2.4.2), TypedArraySpeciesCreate with one number or with `count`
 * arguments (23.2.4.1), TypedArrayCreateSameType (23.2.4.3). NULL: thrown. */
NODISCARD TypedArray *lib_typed_array_create(Goroutine *g, Value constructor, double length);
NODISCARD TypedArray *lib_typed_array_species(Goroutine *g, const TypedArray *t, double length);
NODISCARD TypedArray *lib_typed_array_species_with(Goroutine *g, const TypedArray *t, uint32_t count, const Value *arguments);
NODISCARD TypedArray *lib_typed_array_same_type(Goroutine *g, const TypedArray *t, double length);

/* Copy `count` elements of `from`, from `at` on, to `to` from `to_at` on, converting. All in bounds, both numbers or
 * both BigInts. Overlap is allowed where both have one element type. */
void lib_typed_array_copy(Goroutine *g, TypedArray *to, size_t to_at, const TypedArray *from, size_t at, size_t count);

/* The name of a kind's constructor. */
const char *lib_typed_array_name(CellKind kind);

void lib_typed_array_install_methods(const Lib *lib, Value proto);
void lib_typed_array_install_changes(const Lib *lib, Value proto);
void lib_typed_array_install_text(const Lib *lib);

#endif
