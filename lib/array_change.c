/* SPDX-License-Identifier: MIT */
/* Methods of Array.prototype that change the array in place, without callbacks (ECMA-262 23.1.3). */
#include "gc/barrier.h"
#include "gc/publish.h"
#include "lib/array_int.h"
#include "vm/object/array_edit.h"

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

static bool lib_array_is_shared(Value v)
{
    return value_is_kind(v, KIND_ARRAY) && cell_is_shared(value_cell(v));
}

static Array *lib_array_writable(Goroutine *g, Value v)
{
    if (!value_is_kind(v, KIND_ARRAY) || !lib_array_is_writable(g, object_of(v))) return NULL;
    return array_of(v);
}

/* ---- the ends ---------------------------------------------------------------------------------------------------- */

/* Append the arguments to a shared array as one step; the new length, or VALUE_HOLE when it takes the long way. */
static Value lib_array_push_shared(Goroutine *g, Args a, Array *array)
{
    LocalHeap *h = &g->heap;
    ObjectChange change = object_enter(h, &array->object, false);
    bool plain = !(object_flags(&array->object) & ~(CELL_SHARED | CELL_OLD_CLEAN))
        && object_inherits_no_elements(g->vm, &array->object)
        && (uint64_t)array->length + a.count <= ELEMENTS_MAX_DENSE;
    uint32_t start = array->length, done = 0;
    if (plain) publish_values(h, args_frame(a) + FRAME_ARGUMENTS, a.count);
    while (plain && done < a.count && elements_put(h, &array->object, start + done, arg(a, done))) done++;
    object_leave(h, &array->object, change);
    if (!plain) return VALUE_HOLE;
    return done == a.count ? value_from_uint32(start + done) : error_throw_out_of_memory(g);
}

/* 23.1.3.23. */
static Value lib_array_push(Goroutine *g, Args a)
{
    Array *array = lib_array_writable(g, a.self);
    if (array && (uint64_t)array->length + a.count <= ELEMENTS_MAX_DENSE) {
        OK(lib_array_reserve(g, array, (uint64_t)array->length + a.count));
        barrier_fill(&g->heap, array);
        for (uint32_t i = 0; i < a.count; i++) array->base[array->length + i] = arg(a, i);
        array->length += a.count;
        return value_from_uint32(array->length);
    }
    if (lib_array_is_shared(a.self)) {
        Value length_now = TRY(lib_array_push_shared(g, a, array_of(a.self)));
        if (length_now != VALUE_HOLE) return length_now;
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
    Value popped;
    if (lib_array_is_shared(a.self) && array_edit_try_pop(&g->heap, object_of(a.self), &popped)) return popped;
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

/* Move the elements of [from, from + count) to `to`, holes and all: the loops of copyWithin, shift, unshift and
 * splice. */
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
    Value shifted;
    if (lib_array_is_shared(a.self) && array_edit_try_shift(&g->heap, object_of(a.self), &shifted)) return shifted;
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

/* In a vector; the new length. */
static Value lib_array_unshift_vector(Goroutine *g, Args a, Array *array)
{
    if (a.count) OK(lib_array_open_front(g, array, a.count));
    barrier_fill(&g->heap, array);
    for (uint32_t i = 0; i < a.count; i++) array->base[i] = arg(a, i);
    return value_from_uint32(array->length);
}

/* 23.1.3.37. */
static Value lib_array_unshift(Goroutine *g, Args a)
{
    ArrayEdit edit;
    Array *array = value_is_object(a.self) ? array_edit_begin(&g->heap, object_of(a.self), &edit) : NULL;
    if (array) {
        bool fits = (uint64_t)array->length + a.count <= ELEMENTS_MAX_DENSE;
        Value length_now = fits ? lib_array_unshift_vector(g, a, array) : VALUE_HOLE;
        array_edit_end(&g->heap, array, &edit);
        if (length_now != VALUE_HOLE) return length_now;
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

/* ---- splice ------------------------------------------------------------------------------------------------------ */

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
    barrier_fill(&g->heap, array);
    for (uint32_t i = 0; i < inserted; i++) array->base[start + i] = arg(a, i + 2);
    for (uint32_t i = after; i < length; i++) array->base[i] = VALUE_HOLE;
    array->length = after;
    return true;
}

/* Where `relative` is in an array of `length`. */
static uint32_t lib_array_clamp(double relative, uint32_t length)
{
    if (relative < 0) return -relative < length ? length - (uint32_t)-relative : 0;
    return relative < length ? (uint32_t)relative : length;
}

/* The whole of splice on a vector that nobody else has; the array of what is taken out. */
static Value lib_array_splice_edit(Goroutine *g, Args a, Array *array, double start, double count)
{
    uint32_t from = lib_array_clamp(start, array->length), inserted = a.count > 2 ? a.count - 2 : 0;
    uint32_t removed = count > 0 ? lib_array_clamp(count, array->length - from) : 0;
    if ((uint64_t)array->length - removed + inserted > ELEMENTS_MAX_DENSE) return error_throw_out_of_memory(g);
    Value taken = TRY(lib_array_copy(g, array, from, removed));
    OK(lib_array_splice_vector(g, array, from, removed, a, inserted));
    return taken;
}

/* A shared array, as one step: its length is read once nobody else changes it. VALUE_HOLE: it takes the long way. */
static Value lib_array_splice_shared(Goroutine *g, Args a)
{
    ArrayEdit edit;
    double start, count = 0;
    OK(convert_to_integer(g, arg(a, 0), &start));
    if (a.count == 1) count = ARRAY_MAX_LENGTH;
    else if (a.count) OK(convert_to_integer(g, arg(a, 1), &count));
    Array *array = array_edit_begin(&g->heap, object_of(a.self), &edit);
    if (!array) return VALUE_HOLE;
    Value taken = lib_array_splice_edit(g, a, array, start, count);
    array_edit_end(&g->heap, array, &edit);
    return taken;
}

/* 23.1.3.31. */
static Value lib_array_splice(Goroutine *g, Args a)
{
    bool arguments_are_plain = (a.count < 1 || value_is_number(arg(a, 0))) && (a.count < 2 || value_is_number(arg(a, 1)));
    if (lib_array_is_shared(a.self) && arguments_are_plain && lib_array_has_plain_species(g, object_of(a.self))) {
        Value taken = TRY(lib_array_splice_shared(g, a));
        if (taken != VALUE_HOLE) return taken;
    }
    Object *o;
    double length, start, removed;
    OK(lib_array_self(g, a.self, &o, &length));
    OK(lib_array_splice_range(g, a, length, &start, &removed));
    uint32_t inserted = a.count > 2 ? a.count - 2 : 0;
    if (length + inserted - removed > ARRAY_MAX_LENGTH) return error_throw(g, ERROR_TYPE, "Invalid array length");
    Value taken = TRY(lib_array_extract(g, o, start, removed));                    // 10-13
    double after = length - removed + inserted;
    ArrayEdit edit;
    Array *array = after <= ELEMENTS_MAX_DENSE ? array_edit_begin(&g->heap, o, &edit) : NULL;
    if (array) {
        bool same = array->length == length, done = true;
        if (same) done = lib_array_splice_vector(g, array, (uint32_t)start, (uint32_t)removed, a, inserted);
        array_edit_end(&g->heap, array, &edit);
        OK(done);
        if (same) return taken;
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

/* ---- all elements ------------------------------------------------------------------------------------------------ */

static void lib_array_reverse_vector(Array *array)
{
    Value *low = array->base, *high = low + array->length;
    while (low < high) {
        Value v = *low;
        *low++ = *--high;
        *high = v;
    }
}

/* 23.1.3.26. */
static Value lib_array_reverse(Goroutine *g, Args a)
{
    Object *o;
    double length;
    OK(lib_array_self(g, a.self, &o, &length));
    ArrayEdit edit;
    Array *array = array_edit_begin(&g->heap, o, &edit);
    if (array) {
        barrier_fill(&g->heap, array);                   // which may have been scanned in part
        lib_array_reverse_vector(array);
        array_edit_end(&g->heap, array, &edit);
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
    if (o->cell.kind == KIND_ARRAY && !atomic_get_relaxed(&array->elements) && length <= ARRAY_MAX_EAGER
        && atomic_get_relaxed(&array->length) == length)
        if (!elements_reserve(&g->heap, array, (uint32_t)length)) return error_throw_out_of_memory(g);
    if (lib_array_is_writable(g, o) && end <= array->length) {
        barrier_fill(&g->heap, o);
        for (uint32_t i = (uint32_t)start; i < (uint32_t)end; i++) array->base[i] = v;
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
    ArrayEdit edit;
    Array *array = array_edit_begin(&g->heap, o, &edit);
    if (array) {
        bool same = array->length == length;
        barrier_fill(&g->heap, array);                   // as above
        if (same) memmove(array->base + (uint32_t)to, array->base + (uint32_t)from, (size_t)count * sizeof(Value));
        array_edit_end(&g->heap, array, &edit);
        if (same) return value_from_cell(o);
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
