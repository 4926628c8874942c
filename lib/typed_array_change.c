/* SPDX-License-Identifier: MIT */
/* %TypedArray%.prototype: what changes the elements in place (ECMA-262 23.2.3), and sorting numbers. */
#include <stdlib.h>
#include <string.h>

#include "lib/intrinsics.h"
#include "lib/typed_array_int.h"
#include "vm/base/mem.h"
#include "vm/value/number.h"

/* 23.2.3.6. */
static Value lib_typed_array_copy_within(Goroutine *g, Args a)
{
    double to, from, end;
    TypedArray *t = lib_typed_array_validate_write(g, a.self);
    if (!t) return VALUE_THROWN;
    double length = (double)typed_array_length(t);
    OK(convert_to_relative_index(g, arg(a, 0), length, 0, &to));
    OK(convert_to_relative_index(g, arg(a, 1), length, 0, &from));
    OK(convert_to_relative_index(g, arg(a, 2), length, length, &end));
    double count = end - from < length - to ? end - from : length - to;
    if (!(count > 0)) return a.self;
    if (!lib_typed_array_validate(g, a.self)) return VALUE_THROWN;
    length = (double)typed_array_length(t);
    if (count > length - from) count = length - from;
    if (count > length - to) count = length - to;
    if (count > 0) lib_typed_array_copy(g, t, (size_t)to, t, (size_t)from, (size_t)count);
    return a.self;
}

/* 23.2.3.9. */
static Value lib_typed_array_fill(Goroutine *g, Args a)
{
    uint64_t bits = 0;
    double start, end;
    TypedArray *t = lib_typed_array_validate_write(g, a.self);
    if (!t) return VALUE_THROWN;
    double length = (double)typed_array_length(t);
    OK(typed_array_encode(g, t->object.cell.kind, arg(a, 0), (uint8_t *)&bits));
    OK(convert_to_relative_index(g, arg(a, 1), length, 0, &start));
    OK(convert_to_relative_index(g, arg(a, 2), length, length, &end));
    if (!lib_typed_array_validate(g, a.self)) return VALUE_THROWN;
    length = (double)typed_array_length(t);
    if (end > length) end = length;
    int shift = typed_array_shift(t->object.cell.kind);
    for (size_t i = (size_t)start; i < (size_t)end; i++) buffer_store_element(lib_typed_array_place(t, i), shift, bits);
    return a.self;
}

/* 23.2.3.25. */
static Value lib_typed_array_reverse(Goroutine *g, Args a)
{
    const TypedArray *t = lib_typed_array_validate_write(g, a.self);
    if (!t) return VALUE_THROWN;
    size_t length = typed_array_length(t);
    int shift = typed_array_shift(t->object.cell.kind);
    for (size_t low = 0; low < length / 2; low++) {
        uint8_t *x = lib_typed_array_place(t, low), *y = lib_typed_array_place(t, length - 1 - low);
        uint64_t bits = buffer_load_element(x, shift);
        buffer_store_element(x, shift, buffer_load_element(y, shift));
        buffer_store_element(y, shift, bits);
    }
    return a.self;
}

/* ---- set (23.2.3.26) --------------------------------------------------------------------------------------------- */

static Value lib_typed_array_throw_offset(Goroutine *g)
{
    return error_throw(g, ERROR_RANGE, "offset is out of bounds");
}

/* SetTypedArrayFromTypedArray (23.2.3.26.1). */
static Value lib_typed_array_set_view(Goroutine *g, TypedArray *t, double offset, TypedArray *source)
{
    if (!lib_typed_array_validate(g, value_from_cell(t)) || !lib_typed_array_validate(g, value_from_cell(source))) return VALUE_THROWN;
    size_t count = typed_array_length(source);
    if (typed_array_is_bigint(t) != typed_array_is_bigint(source))
        return error_throw(g, ERROR_TYPE, "Cannot mix BigInt and other types, use explicit conversions");
    if (offset + (double)count > (double)typed_array_length(t)) return lib_typed_array_throw_offset(g);
    if (source->buffer->store == t->buffer->store && source->object.cell.kind != t->object.cell.kind) {
        TypedArray *clone = lib_typed_array_same_type(g, source, (double)count);
        if (!clone) return VALUE_THROWN;
        lib_typed_array_copy(g, clone, 0, source, 0, count);
        source = clone;
    }
    lib_typed_array_copy(g, t, (size_t)offset, source, 0, count);
    return VALUE_UNDEFINED;
}

/* SetTypedArrayFromArrayLike (23.2.3.26.2). */
static Value lib_typed_array_set_array_like(Goroutine *g, TypedArray *t, double offset, Value source)
{
    double count;
    if (!lib_typed_array_validate(g, value_from_cell(t))) return VALUE_THROWN;
    double length = (double)typed_array_length(t);
    Object *o = object_of(TRY(convert_to_object(g, source)));
    OK(convert_length_of(g, o, &count));
    if (offset + count > length) return lib_typed_array_throw_offset(g);
    for (double k = 0; k < count; k++) {
        Value v = TRY(object_get(g, o, convert_index_to_key(&g->heap, k)));
        OK(typed_array_set(g, t, (size_t)(offset + k), v));
    }
    return VALUE_UNDEFINED;
}

static Value lib_typed_array_set(Goroutine *g, Args a)
{
    double offset;
    if (!typed_array_is(a.self)) return error_throw(g, ERROR_TYPE, "this is not a typed array.");
    if (typed_array_of(a.self)->buffer->is_immutable) return error_throw(g, ERROR_TYPE, "Cannot write to an immutable ArrayBuffer");
    OK(convert_to_integer(g, arg(a, 1), &offset));
    if (offset < 0) return lib_typed_array_throw_offset(g);
    TypedArray *t = typed_array_of(a.self);
    if (typed_array_is(arg(a, 0))) return lib_typed_array_set_view(g, t, offset, typed_array_of(arg(a, 0)));
    return lib_typed_array_set_array_like(g, t, offset, arg(a, 0));
}

/* ---- sorting by value (23.2.3.29) -------------------------------------------------------------------------------- */

#define COMPARE_INTEGERS(name, Type)                    \
    static int name(const void *a, const void *b)       \
    {                                                   \
        Type x, y;                                      \
        memcpy(&x, a, sizeof x);                        \
        memcpy(&y, b, sizeof y);                        \
        return x < y ? -1 : x > y;                      \
    }
COMPARE_INTEGERS(lib_typed_array_compare_int8, int8_t)
COMPARE_INTEGERS(lib_typed_array_compare_uint8, uint8_t)
COMPARE_INTEGERS(lib_typed_array_compare_int16, int16_t)
COMPARE_INTEGERS(lib_typed_array_compare_uint16, uint16_t)
COMPARE_INTEGERS(lib_typed_array_compare_int32, int32_t)
COMPARE_INTEGERS(lib_typed_array_compare_uint32, uint32_t)
COMPARE_INTEGERS(lib_typed_array_compare_int64, int64_t)
COMPARE_INTEGERS(lib_typed_array_compare_uint64, uint64_t)

/* -0 before +0, NaN last. */
static int lib_typed_array_compare_doubles(double x, double y)
{
    if (isnan(x) || isnan(y)) return isnan(x) - isnan(y);
    if (x != y) return x < y ? -1 : 1;
    return (signbit(y) != 0) - (signbit(x) != 0);
}

static int lib_typed_array_compare_float64(const void *a, const void *b)
{
    double x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return lib_typed_array_compare_doubles(x, y);
}

static int lib_typed_array_compare_float32(const void *a, const void *b)
{
    float x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return lib_typed_array_compare_doubles((double)x, (double)y);
}

/* The bits order as the numbers do: by magnitude, the other way round where the sign is set; those of NaN are
 * greatest. */
static int lib_typed_array_compare_float16(const void *a, const void *b)
{
    uint16_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    int i = x & 0x8000 ? -(x & 0x7fff) - 1 : x, j = y & 0x8000 ? -(y & 0x7fff) - 1 : y;
    if ((x & 0x7fff) > 0x7c00) i = INT16_MAX;
    if ((y & 0x7fff) > 0x7c00) j = INT16_MAX;
    return i - j;
}

/* $typedSort(typedArray): by value, in place. */
Value lib_typed_array_sort(Goroutine *g, Args a)
{
    static int (*const compare[])(const void *, const void *) = {
        lib_typed_array_compare_int8, lib_typed_array_compare_uint8, lib_typed_array_compare_uint8,
        lib_typed_array_compare_int16, lib_typed_array_compare_uint16, lib_typed_array_compare_int32,
        lib_typed_array_compare_uint32, lib_typed_array_compare_float16, lib_typed_array_compare_float32,
        lib_typed_array_compare_float64, lib_typed_array_compare_int64, lib_typed_array_compare_uint64,
    };
    const TypedArray *t = typed_array_of(arg(a, 0));
    CellKind kind = t->object.cell.kind;
    size_t length = typed_array_length(t);
    if (length == 0) return VALUE_UNDEFINED;
    size_t size = (size_t)1 << typed_array_shift(kind);
    uint8_t *elements = lib_typed_array_place(t, 0), *copy = NULL;
    if (buffer_is_raced(t->buffer)) {       // qsort trusts that nobody else writes
        copy = mem_try_alloc(length * size);
        if (!copy) return error_throw_out_of_memory(g);
        buffer_copy_bytes(NULL, copy, t->buffer, elements, length * size);
    }
    qsort(copy ? copy : elements, length, size, compare[kind - KIND_FIRST_TYPED_ARRAY]);
    if (copy) buffer_copy_bytes(t->buffer, elements, NULL, copy, length * size);
    mem_free(copy);
    return VALUE_UNDEFINED;
}

static const NativeSpec lib_typed_array_changes[] = {
    LIB_METHOD("copyWithin", 2, lib_typed_array_copy_within),
    LIB_METHOD("fill", 1, lib_typed_array_fill),
    LIB_METHOD("reverse", 0, lib_typed_array_reverse),
    LIB_METHOD("set", 1, lib_typed_array_set),
};

void lib_typed_array_install_changes(const Lib *lib, Value proto)
{
    INSTALL_TABLE(lib, proto, lib_typed_array_changes);
}
