/* SPDX-License-Identifier: MIT */
/* Methods of Array.prototype that make another array, without callbacks (ECMA-262 23.1.3). */
#include "gc/barrier.h"
#include "lib/array_int.h"

/* 23.1.3.28. */
static Value lib_array_slice(Goroutine *g, Args a)
{
    Object *o;
    double length, start, end;
    OK(lib_array_self(g, a.self, &o, &length));
    OK(convert_to_relative_index(g, arg(a, 0), length, 0, &start));
    OK(convert_to_relative_index(g, arg(a, 1), length, length, &end));
    return lib_array_extract(g, o, start, end > start ? end - start : 0);
}

/* ---- concat (23.1.3.2) ------------------------------------------------------------------------------------------- */

/* IsConcatSpreadable (23.1.3.2.1). */
static Tri lib_array_is_spreadable(Goroutine *g, Value v)
{
    if (!value_is_object(v)) return TRI_FALSE;
    Value wanted = TRY_TRI(object_get(g, object_of(v), g->vm->symbols[SYMBOL_isConcatSpreadable]));
    if (!value_is_undefined(wanted)) return tri_from_bool(convert_to_boolean(wanted));
    return convert_is_array(g, v);
}

/* Append a readable array's vector to a writable one's. */
static bool lib_array_append_vector(Goroutine *g, Array *to, uint32_t at, const Array *from)
{
    uint32_t count = from->length;
    uint64_t needed = (uint64_t)at + count;
    if (needed > to->capacity && !elements_reserve(&g->heap, to, (uint32_t)(needed + needed / 4))) {
        error_throw_out_of_memory(g);
        return false;
    }
    barrier_fill(&g->heap, to);
    if (count) memcpy(to->base + at, from->base, count * sizeof(Value));
    to->length = at + count;
    return true;
}

/* Append `from`'s elements behind the `*n` there are. */
static bool lib_array_append_all(Goroutine *g, Object *to, Object *from, double *n)
{
    double length;
    OK_BOOL(convert_length_of(g, from, &length));
    if (*n + length > ARRAY_MAX_LENGTH) return error_throw_bool(g, ERROR_TYPE, "Invalid array length");
    if (lib_array_is_readable(g, from) && lib_array_is_writable(g, to) && ((Array *)to)->length == *n
        && *n + length <= ELEMENTS_MAX_DENSE / 2) {
        OK_BOOL(lib_array_append_vector(g, (Array *)to, (uint32_t)*n, (Array *)from));
    } else {
        for (double k = 0; k < length; k++) {
            Value v = TRY_BOOL(lib_array_get_present(g, from, k));
            if (v != VALUE_HOLE) OK_BOOL(lib_array_define(g, to, *n + k, v));
        }
    }
    *n += length;
    return true;
}

static Value lib_array_concat(Goroutine *g, Args a)
{
    Value self = TRY(convert_to_object(g, a.self));
    Object *made = object_of(TRY(lib_array_species(g, object_of(self), 0)));
    double n = 0;
    for (int64_t i = -1; i < (int64_t)a.count; i++) {
        Value item = i < 0 ? self : arg(a, (uint32_t)i);
        if (ASK(lib_array_is_spreadable(g, item))) {
            OK(lib_array_append_all(g, made, object_of(item), &n));
        } else {
            if (n >= ARRAY_MAX_LENGTH) return error_throw(g, ERROR_TYPE, "Invalid array length");
            OK(lib_array_define(g, made, n, item));
            n++;
        }
    }
    OK(lib_array_put_length(g, made, n));
    return value_from_cell(made);
}

/* ---- changed copies ---------------------------------------------------------------------------------------------- */

/* 23.1.3.33. */
static Value lib_array_to_reversed(Goroutine *g, Args a)
{
    Object *o;
    double length;
    OK(lib_array_self(g, a.self, &o, &length));
    Array *made = array_create(g, length, VALUE_UNDEFINED);
    if (!made) return VALUE_THROWN;
    for (double k = 0; k < length; k++)
        OK(lib_array_define(g, &made->object, k, TRY(lib_array_get(g, o, length - k - 1))));
    return value_from_cell(made);
}

/* 23.1.3.39. */
static Value lib_array_with(Goroutine *g, Args a)
{
    Object *o;
    double length, index;
    OK(lib_array_self(g, a.self, &o, &length));
    OK(convert_to_integer(g, arg(a, 0), &index));
    if (index < 0) index += length;
    if (!(index >= 0 && index < length)) return error_throw(g, ERROR_RANGE, "Invalid index : %V", arg(a, 0));
    Array *made = array_create(g, length, VALUE_UNDEFINED);
    if (!made) return VALUE_THROWN;
    for (double k = 0; k < length; k++) {
        Value v = k == index ? arg(a, 1) : TRY(lib_array_get(g, o, k));
        OK(lib_array_define(g, &made->object, k, v));
    }
    return value_from_cell(made);
}

static const NativeSpec lib_array_copies[] = {
    LIB_METHOD("concat", 1, lib_array_concat),
    LIB_METHOD("slice", 2, lib_array_slice),
    LIB_METHOD("toReversed", 0, lib_array_to_reversed),
    LIB_METHOD("with", 2, lib_array_with),
};

void lib_array_install_copies(const Lib *lib, Value proto)
{
    INSTALL_TABLE(lib, proto, lib_array_copies);
}
