/* SPDX-License-Identifier: MIT */
/* Methods of Array.prototype that look elements up by position or value (ECMA-262 23.1.3). */
#include "lib/array_int.h"
#include "vm/value/equal.h"

/* 23.1.3.1. */
static Value lib_array_at(Goroutine *g, Args a)
{
    Object *o;
    double length, index;
    OK(lib_array_self(g, a.self, &o, &length));
    OK(convert_to_integer(g, arg(a, 0), &index));
    if (index < 0) index += length;
    if (!(index >= 0 && index < length)) return VALUE_UNDEFINED;
    return lib_array_get(g, o, index);
}

/* Is a value that is equal to `v` always the same word? */
static bool lib_array_is_identity(Value v)
{
    return !value_is_number(v) && !value_is_string(v) && !value_is_bigint(v);
}

/* First place in [start, end) of a vector that holds `v`; -1: none. No user code runs. */
static int64_t lib_array_scan(Goroutine *g, const Array *array, uint32_t start, uint32_t end, Value v)
{
    bool by_identity = lib_array_is_identity(v);
    if (value_is_number(v)) {
        double wanted = value_number(v);
        for (uint32_t i = start; i < end; i++)
            if (value_is_number(array->base[i]) && value_number(array->base[i]) == wanted) return i;
        return -1;
    }
    for (uint32_t i = start; i < end; i++) {
        Value element = array->base[i];
        if (by_identity ? element == v : element != VALUE_HOLE && equal_strict(&g->heap, element, v)) return i;
    }
    return -1;
}

/* 23.1.3.17. */
static Value lib_array_index_of(Goroutine *g, Args a)
{
    Object *o;
    double length, k;
    OK(lib_array_self(g, a.self, &o, &length));
    if (length == 0) return value_from_int(-1);
    OK(convert_to_relative_index(g, arg(a, 1), length, 0, &k));
    if (lib_array_is_readable(g, o)) {
        uint32_t now = ((Array *)o)->length, end = length < now ? (uint32_t)length : now;
        return k < end ? value_from_int64(lib_array_scan(g, (Array *)o, (uint32_t)k, end, arg(a, 0))) : value_from_int(-1);
    }
    for (; k < length; k++) {
        Value v = TRY(lib_array_get_present(g, o, k));
        if (v != VALUE_HOLE && equal_strict(&g->heap, v, arg(a, 0))) return value_from_double(k);
    }
    return value_from_int(-1);
}

/* 23.1.3.20. */
static Value lib_array_last_index_of(Goroutine *g, Args a)
{
    Object *o;
    double length, k;
    OK(lib_array_self(g, a.self, &o, &length));
    if (length == 0) return value_from_int(-1);
    k = length - 1;
    if (a.count > 1) {
        double from;
        OK(convert_to_integer(g, arg(a, 1), &from));
        k = from < 0 ? length + from : from < length - 1 ? from : length - 1;
    }
    for (; k >= 0; k--) {
        Value v = TRY(lib_array_get_present(g, o, k));
        if (v != VALUE_HOLE && equal_strict(&g->heap, v, arg(a, 0))) return value_from_double(k);
    }
    return value_from_int(-1);
}

/* 23.1.3.16. */
static Value lib_array_includes(Goroutine *g, Args a)
{
    Object *o;
    double length, k;
    OK(lib_array_self(g, a.self, &o, &length));
    if (length == 0) return VALUE_FALSE;
    OK(convert_to_relative_index(g, arg(a, 1), length, 0, &k));
    Value wanted = arg(a, 0);
    bool scans = !value_is_undefined(wanted) && !value_is_nan(wanted);              // where SameValueZero is as ===
    if (scans && lib_array_is_readable(g, o) && ((Array *)o)->length == length)
        return value_from_bool(lib_array_scan(g, (Array *)o, (uint32_t)k, (uint32_t)length, wanted) >= 0);
    for (; k < length; k++)
        if (equal_same_value_zero(&g->heap, TRY(lib_array_get(g, o, k)), wanted)) return VALUE_TRUE;
    return VALUE_FALSE;
}

static const NativeSpec lib_array_lookups[] = {
    LIB_METHOD("at", 1, lib_array_at),
    LIB_METHOD("includes", 1, lib_array_includes),
    LIB_METHOD("indexOf", 1, lib_array_index_of),
    LIB_METHOD("lastIndexOf", 1, lib_array_last_index_of),
};

void lib_array_install_search(const Lib *lib, Value proto)
{
    INSTALL_TABLE(lib, proto, lib_array_lookups);
}
