/* SPDX-License-Identifier: MIT */
/* %TypedArray%.prototype: what reads, and what makes another view (ECMA-262 23.2.3); no callbacks. */
#include <string.h>

#include "lib/iterator.h"
#include "lib/typed_array_int.h"
#include "vm/value/equal.h"
#include "vm/value/number.h"

/* `this` with its internal slots, in bounds or not; NULL: TypeError thrown. */
static TypedArray *lib_typed_array_this(Goroutine *g, Args a)
{
    if (typed_array_is(a.self)) return typed_array_of(a.self);
    error_throw(g, ERROR_TYPE, "this is not a typed array.");
    return NULL;
}

/* Get(t, i), which runs no user code. */
static Value lib_typed_array_get(Goroutine *g, const TypedArray *t, double i)
{
    Value v = typed_array_try_get(&g->heap, t, (size_t)i);
    return v == VALUE_HOLE ? VALUE_UNDEFINED : v;
}

/* ---- accessors --------------------------------------------------------------------------------------------------- */

static Value lib_typed_array_buffer(Goroutine *g, Args a)
{
    const TypedArray *t = lib_typed_array_this(g, a);
    return t ? value_from_cell(t->buffer) : VALUE_THROWN;
}

static Value lib_typed_array_byte_length(Goroutine *g, Args a)
{
    const TypedArray *t = lib_typed_array_this(g, a);
    if (!t) return VALUE_THROWN;
    return value_from_double((double)(typed_array_length(t) << typed_array_shift(t->object.cell.kind)));
}

static Value lib_typed_array_byte_offset(Goroutine *g, Args a)
{
    const TypedArray *t = lib_typed_array_this(g, a);
    if (!t) return VALUE_THROWN;
    return value_from_double(typed_array_is_out_of_bounds(t) ? 0 : (double)t->byte_offset);
}

static Value lib_typed_array_get_length(Goroutine *g, Args a)
{
    const TypedArray *t = lib_typed_array_this(g, a);
    return t ? value_from_double((double)typed_array_length(t)) : VALUE_THROWN;
}

/* 23.2.3.38. */
static Value lib_typed_array_tag(Goroutine *g, Args a)
{
    if (!typed_array_is(a.self)) return VALUE_UNDEFINED;
    return value_from_cell(intern_text(&g->heap, lib_typed_array_name(value_cell(a.self)->kind)));
}

/* ---- lookups ----------------------------------------------------------------------------------------------------- */

/* 23.2.3.1. */
static Value lib_typed_array_at(Goroutine *g, Args a)
{
    double i;
    const TypedArray *t = lib_typed_array_validate(g, a.self);
    if (!t) return VALUE_THROWN;
    double length = (double)typed_array_length(t);
    OK(convert_to_integer(g, arg(a, 0), &i));
    if (i < 0) i += length;
    return i >= 0 && i < length ? lib_typed_array_get(g, t, i) : VALUE_UNDEFINED;
}

/* 23.2.3.14: elements that have gone meanwhile count as undefined. */
static Value lib_typed_array_includes(Goroutine *g, Args a)
{
    double k;
    const TypedArray *t = lib_typed_array_validate(g, a.self);
    if (!t) return VALUE_THROWN;
    double length = (double)typed_array_length(t);
    if (length == 0) return VALUE_FALSE;
    OK(convert_to_relative_index(g, arg(a, 1), length, 0, &k));
    for (; k < length; k++)
        if (equal_same_value_zero(&g->heap, lib_typed_array_get(g, t, k), arg(a, 0))) return VALUE_TRUE;
    return VALUE_FALSE;
}

/* 23.2.3.15: elements that have gone meanwhile are not there. */
static Value lib_typed_array_index_of(Goroutine *g, Args a)
{
    double k;
    const TypedArray *t = lib_typed_array_validate(g, a.self);
    if (!t) return VALUE_THROWN;
    double length = (double)typed_array_length(t);
    if (length == 0) return value_from_int(-1);
    OK(convert_to_relative_index(g, arg(a, 1), length, 0, &k));
    if ((double)typed_array_length(t) < length) length = (double)typed_array_length(t);
    for (; k < length; k++)
        if (equal_strict(&g->heap, lib_typed_array_get(g, t, k), arg(a, 0))) return value_from_double(k);
    return value_from_int(-1);
}

/* 23.2.3.18. */
static Value lib_typed_array_last_index_of(Goroutine *g, Args a)
{
    const TypedArray *t = lib_typed_array_validate(g, a.self);
    if (!t) return VALUE_THROWN;
    double length = (double)typed_array_length(t), k = length - 1;
    if (length == 0) return value_from_int(-1);
    if (a.count > 1) {
        double from;
        OK(convert_to_integer(g, arg(a, 1), &from));
        k = from < 0 ? length + from : from < k ? from : k;
    }
    double now = (double)typed_array_length(t);
    if (k >= now) k = now - 1;
    for (; k >= 0; k--)
        if (equal_strict(&g->heap, lib_typed_array_get(g, t, k), arg(a, 0))) return value_from_double(k);
    return value_from_int(-1);
}

/* ---- text -------------------------------------------------------------------------------------------------------- */

static bool lib_typed_array_join_into(Goroutine *g, StringBuilder *b, const TypedArray *t, double length, String *separator, bool locale)
{
    Value name = value_from_cell(intern_text(&g->heap, "toLocaleString"));
    for (double k = 0; k < length; k++) {
        if (k > 0) string_builder_put_string(&g->heap, b, separator);
        if (b->failed) return error_string_or_throw(g, NULL) != VALUE_THROWN;
        Value v = lib_typed_array_get(g, t, k);
        if (value_is_undefined(v)) continue;
        if (locale) v = TRY_BOOL(object_invoke(g, v, name, 0, NULL));
        String *s = convert_to_string(g, v);
        if (!s) return false;
        string_builder_put_string(&g->heap, b, s);
    }
    return true;
}

/* join and toLocaleString (23.2.3.16, 23.2.3.31). magic: 1 locale. */
static Value lib_typed_array_join(Goroutine *g, Args a)
{
    StringBuilder b;
    bool locale = args_magic(a) != 0;
    const TypedArray *t = lib_typed_array_validate(g, a.self);
    if (!t) return VALUE_THROWN;
    double length = (double)typed_array_length(t);
    String *separator = string_of(g->vm->one_unit_strings[',']);
    if (!locale && !value_is_undefined(arg(a, 0))) separator = convert_to_string(g, arg(a, 0));
    if (!separator) return VALUE_THROWN;
    string_builder_init(&b);
    if (lib_typed_array_join_into(g, &b, t, length, separator, locale))
        return error_string_or_throw(g, string_builder_end(&g->heap, &b));
    string_builder_deinit(&b);
    return VALUE_THROWN;
}

/* ---- other views ------------------------------------------------------------------------------------------------- */

/* Step 14 of slice: what of the range is still there. Bytes go one by one, as the views may overlap. */
static Value lib_typed_array_slice_into(Goroutine *g, TypedArray *made, const TypedArray *t, double start, double end)
{
    if (!lib_typed_array_validate(g, value_from_cell(t))) return VALUE_THROWN;
    double length = (double)typed_array_length(t);
    if (end > length) end = length;
    if (!(end > start)) return value_from_cell(made);
    if (made->object.cell.kind == t->object.cell.kind) {
        size_t bytes = (size_t)(end - start) << typed_array_shift(t->object.cell.kind);
        uint8_t *to = lib_typed_array_place(made, 0);
        const uint8_t *from = lib_typed_array_place(t, (size_t)start);
        if (made->buffer->store != t->buffer->store) buffer_copy_bytes(made->buffer, to, t->buffer, from, bytes);
        else for (size_t i = 0; i < bytes; i++) buffer_store_element(to + i, 0, buffer_load_element(from + i, 0));
        return value_from_cell(made);
    }
    for (double k = start; k < end; k++) OK(typed_array_set(g, made, (size_t)(k - start), lib_typed_array_get(g, t, k)));
    return value_from_cell(made);
}

/* 23.2.3.27. */
static Value lib_typed_array_slice(Goroutine *g, Args a)
{
    double start, end;
    const TypedArray *t = lib_typed_array_validate(g, a.self);
    if (!t) return VALUE_THROWN;
    double length = (double)typed_array_length(t);
    OK(convert_to_relative_index(g, arg(a, 0), length, 0, &start));
    OK(convert_to_relative_index(g, arg(a, 1), length, length, &end));
    TypedArray *made = lib_typed_array_species(g, t, end > start ? end - start : 0);
    if (!made) return VALUE_THROWN;
    return end > start ? lib_typed_array_slice_into(g, made, t, start, end) : value_from_cell(made);
}

/* 23.2.3.30. */
static Value lib_typed_array_subarray(Goroutine *g, Args a)
{
    double start, end;
    const TypedArray *t = lib_typed_array_this(g, a);
    if (!t) return VALUE_THROWN;
    double length = (double)typed_array_length(t);
    OK(convert_to_relative_index(g, arg(a, 0), length, 0, &start));
    bool tracks = t->fixed_length == SIZE_MAX && value_is_undefined(arg(a, 1));
    OK(convert_to_relative_index(g, arg(a, 1), length, length, &end));
    double offset = (double)t->byte_offset + start * (1 << typed_array_shift(t->object.cell.kind));
    Value arguments[] = { value_from_cell(t->buffer), value_from_double(offset), value_from_double(end > start ? end - start : 0) };
    const TypedArray *made = lib_typed_array_species_with(g, t, tracks ? 2 : 3, arguments);
    return made ? value_from_cell(made) : VALUE_THROWN;
}

/* 23.2.3.32. */
static Value lib_typed_array_to_reversed(Goroutine *g, Args a)
{
    const TypedArray *t = lib_typed_array_validate(g, a.self);
    if (!t) return VALUE_THROWN;
    size_t length = typed_array_length(t), size = (size_t)1 << typed_array_shift(t->object.cell.kind);
    TypedArray *made = lib_typed_array_same_type(g, t, (double)length);
    if (!made) return VALUE_THROWN;
    for (size_t i = 0; i < length; i++) memcpy(lib_typed_array_place(made, i), lib_typed_array_place(t, length - 1 - i), size);
    return value_from_cell(made);
}

/* 23.2.3.36. */
static Value lib_typed_array_with(Goroutine *g, Args a)
{
    double index;
    const TypedArray *t = lib_typed_array_validate(g, a.self);
    if (!t) return VALUE_THROWN;
    double length = (double)typed_array_length(t);
    OK(convert_to_integer(g, arg(a, 0), &index));
    if (index < 0) index += length;
    Value v = TRY(typed_array_is_bigint(t) ? convert_to_bigint(g, arg(a, 1)) : convert_to_number(g, arg(a, 1)));
    if (!(index >= 0 && index < (double)typed_array_length(t)))
        return error_throw(g, ERROR_RANGE, "Invalid typed array index");
    TypedArray *made = lib_typed_array_same_type(g, t, length);
    if (!made) return VALUE_THROWN;
    for (double k = 0; k < length; k++)
        OK(typed_array_set(g, made, (size_t)k, k == index ? v : lib_typed_array_get(g, t, k)));
    return value_from_cell(made);
}

/* entries, keys, values (23.2.3.7, 17, 35). magic: ITERATE_ what. */
static Value lib_typed_array_iterate(Goroutine *g, Args a)
{
    if (!lib_typed_array_validate(g, a.self)) return VALUE_THROWN;
    Value proto = realm_intrinsic(realm_current(g), INTRINSIC_ArrayIteratorPrototype);
    return value_from_cell(iterator_new(&g->heap, proto, ITERATOR_ARRAY, a.self, value_from_int(args_magic(a))));
}

static const NativeSpec lib_typed_array_methods[] = {
    LIB_GETTER("buffer", lib_typed_array_buffer),
    LIB_GETTER("byteLength", lib_typed_array_byte_length),
    LIB_GETTER("byteOffset", lib_typed_array_byte_offset),
    LIB_GETTER("length", lib_typed_array_get_length),
    LIB_GETTER("[Symbol.toStringTag]", lib_typed_array_tag),
    LIB_METHOD("at", 1, lib_typed_array_at),
    LIB_MAGIC("entries", 0, lib_typed_array_iterate, ITERATE_ENTRIES),
    LIB_METHOD("includes", 1, lib_typed_array_includes),
    LIB_METHOD("indexOf", 1, lib_typed_array_index_of),
    LIB_MAGIC("join", 1, lib_typed_array_join, 0),
    LIB_MAGIC("keys", 0, lib_typed_array_iterate, ITERATE_KEYS),
    LIB_METHOD("lastIndexOf", 1, lib_typed_array_last_index_of),
    LIB_METHOD("slice", 2, lib_typed_array_slice),
    LIB_METHOD("subarray", 2, lib_typed_array_subarray),
    LIB_MAGIC("toLocaleString", 0, lib_typed_array_join, 1),
    LIB_METHOD("toReversed", 0, lib_typed_array_to_reversed),
    LIB_MAGIC("values", 0, lib_typed_array_iterate, ITERATE_VALUES),
    LIB_METHOD("with", 2, lib_typed_array_with),
};

void lib_typed_array_install_methods(const Lib *lib, Value proto)
{
    INSTALL_TABLE(lib, proto, lib_typed_array_methods);
    install_value(lib, proto, "[Symbol.iterator]", install_read(lib, proto, "values"), PROPERTY_METHOD);
    install_value(lib, proto, "toString", install_intrinsic(lib, INTRINSIC_ArrayPrototype_toString), PROPERTY_METHOD);
}
