/* SPDX-License-Identifier: MIT */
/* Methods of Array.prototype that change the array in place, without callbacks (ECMA-262 23.1.3). */
#include "lib/array_int.h"

/* Room in a writable array for `capacity` elements. */
static bool lib_array_reserve(Goroutine *g, Array *array, uint64_t capacity)
{
    if (capacity <= array->capacity) return true;
    uint64_t roomy = capacity + capacity / 2 + 4;
    if (roomy > ELEMENTS_MAX_DENSE) roomy = capacity;
    if (roomy <= ELEMENTS_MAX_DENSE && elements_reserve(&g->heap, array, (uint32_t)roomy)) return true;
    error_throw_out_of_memory(g);
    return false;
}

static Array *lib_array_writable(Goroutine *g, Value v)
{
    if (!value_is_kind(v, KIND_ARRAY) || !lib_array_is_writable(g, object_of(v))) return NULL;
    return array_of(v);
}

/* ---- the ends ----------------------------------------------------------------------------------------------------------- */

/* 23.1.3.23. */
static Value lib_array_push(Goroutine *g, Args a)
{
    Array *array = lib_array_writable(g, a.self);
    if (array && (uint64_t)array->length + a.count <= ELEMENTS_MAX_DENSE) {
        OK(lib_array_reserve(g, array, (uint64_t)array->length + a.count));
        for (uint32_t i = 0; i < a.count; i++) array->base[array->length + i] = arg(a, i);
        array->length += a.count;
        return value_from_uint32(array->length);
    }
    Object *o;
    double length;
    OK(lib_array_self(g, a.self, &o, &length));
    if (length + a.count > ARRAY_MAX_LENGTH)
        return error_throw(g, ERROR_TYPE, "Pushing %u elements on an array-like of length %V is disallowed", a.count,
                           value_from_double(length));
    for (uint32_t i = 0; i < a.count; i++) OK(lib_array_put(g, o, length + i, arg(a, i)));
    OK(lib_array_put_length(g, o, length + a.count));
    return value_from_double(length + a.count);
}

/* 23.1.3.22. */
static Value lib_array_pop(Goroutine *g, Args a)
{
    Array *array = lib_array_writable(g, a.self);
    if (array && array->length) {
        Value *last = &array->base[--array->length], v = *last;
        *last = VALUE_HOLE;
        return v == VALUE_HOLE ? VALUE_UNDEFINED : v;
    }
    Object *o;
    double length;
    OK(lib_array_self(g, a.self, &o, &length));
    if (length == 0) {
        OK(lib_array_put_length(g, o, 0));
        return VALUE_UNDEFINED;
    }
    Value v = TRY(lib_array_get(g, o, length - 1));
    OK(lib_array_delete(g, o, length - 1));
    OK(lib_array_put_length(g, o, length - 1));
    return v;
}

/* Move the elements of [from, from + count) to `to`, holes and all: the loops of copyWithin, shift, unshift and splice. */
static bool lib_array_move(Goroutine *g, Object *o, double from, double to, double count, bool backward)
{
    for (double i = 0; i < count; i++) {
        double k = backward ? count - 1 - i : i;
        Value v = TRY_BOOL(lib_array_get_present(g, o, from + k));
        if (v == VALUE_HOLE) OK_BOOL(lib_array_delete(g, o, to + k));
        else OK_BOOL(lib_array_put(g, o, to + k, v));
    }
    return true;
}

/* 23.1.3.27. A vector gives up its first place: it begins one further on. */
static Value lib_array_shift(Goroutine *g, Args a)
{
    Array *array = lib_array_writable(g, a.self);
    if (array && array->length) {
        Value v = array->base[0];
        array->base[0] = VALUE_HOLE;
        array->base++;
        array->capacity--;
        array->length--;
        return v == VALUE_HOLE ? VALUE_UNDEFINED : v;
    }
    Object *o;
    double length;
    OK(lib_array_self(g, a.self, &o, &length));
    if (length == 0) {
        OK(lib_array_put_length(g, o, 0));
        return VALUE_UNDEFINED;
    }
    Value v = TRY(lib_array_get(g, o, 0));
    OK(lib_array_move(g, o, 1, 0, length - 1, false));
    OK(lib_array_delete(g, o, length - 1));
    OK(lib_array_put_length(g, o, length - 1));
    return v;
}

/* Open a gap of `count` places at the front of a writable array. */
static bool lib_array_open_front(Goroutine *g, Array *array, uint32_t count)
{
    size_t gap = array->capacity ? (size_t)(array->base - ((Elements *)array->elements)->items) : 0;
    if (gap >= count) {
        array->base -= count;
        array->capacity += count;
    } else {
        OK_BOOL(lib_array_reserve(g, array, (uint64_t)array->length + count));
        memmove(array->base + count, array->base, array->length * sizeof(Value));
    }
    array->length += count;
    return true;
}

/* 23.1.3.37. */
static Value lib_array_unshift(Goroutine *g, Args a)
{
    Array *array = lib_array_writable(g, a.self);
    if (array && (uint64_t)array->length + a.count <= ELEMENTS_MAX_DENSE) {
        if (a.count) OK(lib_array_open_front(g, array, a.count));
        for (uint32_t i = 0; i < a.count; i++) array->base[i] = arg(a, i);
        return value_from_uint32(array->length);
    }
    Object *o;
    double length;
    OK(lib_array_self(g, a.self, &o, &length));
    if (a.count) {
        if (length + a.count > ARRAY_MAX_LENGTH) return error_throw(g, ERROR_TYPE, "Invalid array length");
        OK(lib_array_move(g, o, 0, a.count, length, true));
        for (uint32_t i = 0; i < a.count; i++) OK(lib_array_put(g, o, i, arg(a, i)));
    }
    OK(lib_array_put_length(g, o, length + a.count));
    return value_from_double(length + a.count);
}

/* ---- splice ------------------------------------------------------------------------------------------------------------- */

/* The counts of splice and toSpliced: elements put in, elements taken out. */
static bool lib_array_splice_range(Goroutine *g, Args a, double length, double *start, double *removed)
{
    double count;
    OK_BOOL(convert_to_relative_index(g, arg(a, 0), length, 0, start));
    if (a.count == 0) {
        *removed = 0;
    } else if (a.count == 1) {
        *removed = length - *start;
    } else {
        OK_BOOL(convert_to_integer(g, arg(a, 1), &count));
        *removed = count < 0 ? 0 : count > length - *start ? length - *start : count;
    }
    return true;
}

/* The change itself, on a vector. */
static bool lib_array_splice_vector(Goroutine *g, Array *array, uint32_t start, uint32_t removed, Args a, uint32_t inserted)
{
    uint32_t length = array->length, tail = length - start - removed, after = length - removed + inserted;
    if (inserted > removed) OK_BOOL(lib_array_reserve(g, array, after));
    if (tail) memmove(array->base + start + inserted, array->base + start + removed, tail * sizeof(Value));
    for (uint32_t i = 0; i < inserted; i++) array->base[start + i] = arg(a, i + 2);
    for (uint32_t i = after; i < length; i++) array->base[i] = VALUE_HOLE;
    array->length = after;
    return true;
}

/* 23.1.3.31. */
static Value lib_array_splice(Goroutine *g, Args a)
{
    Object *o;
    double length, start, removed;
    OK(lib_array_self(g, a.self, &o, &length));
    OK(lib_array_splice_range(g, a, length, &start, &removed));
    uint32_t inserted = a.count > 2 ? a.count - 2 : 0;
    if (length + inserted - removed > ARRAY_MAX_LENGTH) return error_throw(g, ERROR_TYPE, "Invalid array length");
    Value taken = TRY(lib_array_extract(g, o, start, removed));                    // 10-13
    double after = length - removed + inserted;
    if (lib_array_is_writable(g, o) && ((Array *)o)->length == length && after <= ELEMENTS_MAX_DENSE) {
        OK(lib_array_splice_vector(g, (Array *)o, (uint32_t)start, (uint32_t)removed, a, inserted));
        return taken;
    }
    if (inserted != removed) {
        OK(lib_array_move(g, o, start + removed, start + inserted, length - start - removed, inserted > removed));
        for (double k = length; k > after; k--) OK(lib_array_delete(g, o, k - 1));
    }
    for (uint32_t i = 0; i < inserted; i++) OK(lib_array_put(g, o, start + i, arg(a, i + 2)));
    OK(lib_array_put_length(g, o, after));
    return taken;
}

/* 23.1.3.35. */
static Value lib_array_to_spliced(Goroutine *g, Args a)
{
    Object *o;
    double length, start, removed;
    OK(lib_array_self(g, a.self, &o, &length));
    OK(lib_array_splice_range(g, a, length, &start, &removed));
    uint32_t inserted = a.count > 2 ? a.count - 2 : 0;
    double after = length - removed + inserted;
    if (after > ARRAY_MAX_LENGTH) return error_throw(g, ERROR_TYPE, "Invalid array length");
    Array *result = array_create(g, after, VALUE_UNDEFINED);
    if (!result) return VALUE_THROWN;
    for (double k = 0; k < start; k++) OK(lib_array_define(g, &result->object, k, TRY(lib_array_get(g, o, k))));
    for (uint32_t i = 0; i < inserted; i++) OK(lib_array_define(g, &result->object, start + i, arg(a, i + 2)));
    for (double k = start + inserted; k < after; k++)
        OK(lib_array_define(g, &result->object, k, TRY(lib_array_get(g, o, k - inserted + removed))));
    return value_from_cell(result);
}

/* ---- all elements --------------------------------------------------------------------------------------------------------- */

/* 23.1.3.26. */
static Value lib_array_reverse(Goroutine *g, Args a)
{
    Object *o;
    double length;
    OK(lib_array_self(g, a.self, &o, &length));
    if (lib_array_is_writable(g, o)) {
        Value *low = ((Array *)o)->base, *high = low + (uint32_t)length;
        while (low < high) {
            Value v = *low;
            *low++ = *--high;
            *high = v;
        }
        return value_from_cell(o);
    }
    for (double low = 0, high = length - 1; low < high; low++, high--) {
        Value at_low = TRY(lib_array_get_present(g, o, low)), at_high = TRY(lib_array_get_present(g, o, high));
        if (at_high != VALUE_HOLE) OK(lib_array_put(g, o, low, at_high));
        else if (at_low != VALUE_HOLE) OK(lib_array_delete(g, o, low));
        if (at_low != VALUE_HOLE) OK(lib_array_put(g, o, high, at_low));
        else if (at_high != VALUE_HOLE) OK(lib_array_delete(g, o, high));
    }
    return value_from_cell(o);
}

/* 23.1.3.7. An array that was made with a length alone gets its vector here. */
static Value lib_array_fill(Goroutine *g, Args a)
{
    Object *o;
    double length, start, end;
    OK(lib_array_self(g, a.self, &o, &length));
    OK(convert_to_relative_index(g, arg(a, 1), length, 0, &start));
    OK(convert_to_relative_index(g, arg(a, 2), length, length, &end));
    Value v = arg(a, 0);
    Array *array = (Array *)o;
    if (o->cell.kind == KIND_ARRAY && !array->elements && length <= ARRAY_MAX_EAGER && array->length == length)
        if (!elements_reserve(&g->heap, array, (uint32_t)length)) return error_throw_out_of_memory(g);
    if (lib_array_is_writable(g, o) && end <= array->length) {
        for (uint32_t i = (uint32_t)start; i < (uint32_t)end; i++) barrier_store(&g->heap, o, &array->base[i], v);
        return value_from_cell(o);
    }
    for (double k = start; k < end; k++) OK(lib_array_put(g, o, k, v));
    return value_from_cell(o);
}

/* 23.1.3.4. */
static Value lib_array_copy_within(Goroutine *g, Args a)
{
    Object *o;
    double length, to, from, end;
    OK(lib_array_self(g, a.self, &o, &length));
    OK(convert_to_relative_index(g, arg(a, 0), length, 0, &to));
    OK(convert_to_relative_index(g, arg(a, 1), length, 0, &from));
    OK(convert_to_relative_index(g, arg(a, 2), length, length, &end));
    double count = end - from < length - to ? end - from : length - to;
    if (!(count > 0)) return value_from_cell(o);
    if (lib_array_is_writable(g, o) && ((Array *)o)->length == length) {
        Value *base = ((Array *)o)->base;
        memmove(base + (uint32_t)to, base + (uint32_t)from, (size_t)count * sizeof(Value));
        return value_from_cell(o);
    }
    OK(lib_array_move(g, o, from, to, count, from < to && to < from + count));
    return value_from_cell(o);
}

static const NativeSpec lib_array_changes[] = {
    LIB_METHOD("copyWithin", 2, lib_array_copy_within),
    LIB_METHOD("fill", 1, lib_array_fill),
    LIB_METHOD("pop", 0, lib_array_pop),
    LIB_METHOD("push", 1, lib_array_push),
    LIB_METHOD("reverse", 0, lib_array_reverse),
    LIB_METHOD("shift", 0, lib_array_shift),
    LIB_METHOD("splice", 2, lib_array_splice),
    LIB_METHOD("toSpliced", 2, lib_array_to_spliced),
    LIB_METHOD("unshift", 1, lib_array_unshift),
};

void lib_array_install_changes(const Lib *lib, Value proto)
{
    INSTALL_TABLE(lib, proto, lib_array_changes);
}
