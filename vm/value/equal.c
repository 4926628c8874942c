/* SPDX-License-Identifier: MIT */
#include "vm/value/equal.h"

#include "vm/value/bigint.h"
#include "vm/value/string.h"

/* Cells of equal kind that are not the same cell: strings and BigInts compare by content. */
static bool equal_cells(LocalHeap *h, Value a, Value b)
{
    if (value_is_string(a)) return value_is_string(b) && string_equal(h, string_of(a), string_of(b));
    if (value_is_bigint(a)) return value_is_bigint(b) && bigint_equal(bigint_of(a), bigint_of(b));
    return false;
}

bool equal_strict(LocalHeap *h, Value a, Value b)
{
    if (value_is_number(a) && value_is_number(b)) return value_number(a) == value_number(b);
    if (a == b) return true;
    return value_is_cell(a) && value_is_cell(b) && equal_cells(h, a, b);
}

bool equal_same_value(LocalHeap *h, Value a, Value b)
{
    if (!value_is_number(a) || !value_is_number(b)) return equal_strict(h, a, b);
    double x = value_number(a), y = value_number(b);
    if (x != x && y != y) return true;
    return x == y && signbit(x) == signbit(y);
}

bool equal_same_value_zero(LocalHeap *h, Value a, Value b)
{
    if (!value_is_number(a) || !value_is_number(b)) return equal_strict(h, a, b);
    double x = value_number(a), y = value_number(b);
    return x == y || (x != x && y != y);
}
