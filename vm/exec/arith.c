/* SPDX-License-Identifier: MIT */
#include "vm/exec/arith.h"

#include <math.h>

#include "vm/object/convert.h"
#include "vm/object/error.h"
#include "vm/value/bigint.h"
#include "vm/value/number.h"

static Value arith_concat(Goroutine *g, Value a, Value b)
{
    String *left = convert_to_string(g, a);
    if (!left) return VALUE_THROWN;
    String *right = convert_to_string(g, b);
    if (!right) return VALUE_THROWN;
    return error_string_or_throw(g, string_concat(&g->heap, left, right));
}

static Value arith_throw_mix(Goroutine *g)
{
    return error_throw(g, ERROR_TYPE, "Cannot mix BigInt and other types, use explicit conversions");
}

static Value arith_bigint_or_throw(Goroutine *g, BigInt *b)
{
    return b ? value_from_cell(b) : error_throw(g, ERROR_RANGE, "Maximum BigInt size exceeded");
}

static Value arith_bigints(Goroutine *g, BigIntOp op, BigInt *a, BigInt *b)
{
    if ((op == BIGINT_DIV || op == BIGINT_MOD) && bigint_is_zero(b)) return error_throw(g, ERROR_RANGE, "Division by zero");
    return arith_bigint_or_throw(g, bigint_operate(&g->heap, op, a, b));
}

/* ToNumeric of both, left first (ApplyStringOrNumericBinaryOperator, steps 3-6). */
static bool arith_to_numerics(Goroutine *g, Value *a, Value *b)
{
    *a = TRY_BOOL(convert_to_numeric(g, *a));
    *b = TRY_BOOL(convert_to_numeric(g, *b));
    if (value_is_bigint(*a) == value_is_bigint(*b)) return true;
    arith_throw_mix(g);
    return false;
}

Value arith_add_slow(Goroutine *g, Value a, Value b)
{
    if (value_is_string(a) && value_is_string(b))
        return error_string_or_throw(g, string_concat(&g->heap, string_of(a), string_of(b)));
    a = TRY(convert_to_primitive(g, a, HINT_DEFAULT));
    b = TRY(convert_to_primitive(g, b, HINT_DEFAULT));
    if (value_is_string(a) || value_is_string(b)) return arith_concat(g, a, b);
    OK(arith_to_numerics(g, &a, &b));
    if (value_is_bigint(a)) return arith_bigints(g, BIGINT_ADD, bigint_of(a), bigint_of(b));
    return value_from_double(value_number(a) + value_number(b));
}

#define ARITH_SLOW(name, big, expression)                                                       \
    Value arith_##name##_slow(Goroutine *g, Value a, Value b)                                   \
    {                                                                                           \
        OK(arith_to_numerics(g, &a, &b));                                                       \
        if (value_is_bigint(a)) return arith_bigints(g, big, bigint_of(a), bigint_of(b));       \
        double x = value_number(a), y = value_number(b);                                        \
        return value_from_double(expression);                                                   \
    }

ARITH_SLOW(sub, BIGINT_SUB, x - y)
ARITH_SLOW(mul, BIGINT_MUL, x * y)
ARITH_SLOW(div, BIGINT_DIV, x / y)
ARITH_SLOW(mod, BIGINT_MOD, number_remainder(x, y))

#define BIT_SLOW(name, big, expression)                                                         \
    Value arith_##name##_slow(Goroutine *g, Value a, Value b)                                   \
    {                                                                                           \
        OK(arith_to_numerics(g, &a, &b));                                                       \
        if (value_is_bigint(a)) return arith_bigints(g, big, bigint_of(a), bigint_of(b));       \
        int32_t x = number_to_int32(value_number(a)), y = number_to_int32(value_number(b));     \
        return expression;                                                                      \
    }

BIT_SLOW(and, BIGINT_AND, value_from_int(x & y))
BIT_SLOW(or, BIGINT_OR, value_from_int(x | y))
BIT_SLOW(xor, BIGINT_XOR, value_from_int(x ^ y))
BIT_SLOW(shl, BIGINT_SHL, value_from_int((int32_t)((uint32_t)x << (y & 31))))
BIT_SLOW(shr, BIGINT_SHR, value_from_int(x >> (y & 31)))

Value arith_ushr_slow(Goroutine *g, Value a, Value b)
{
    OK(arith_to_numerics(g, &a, &b));
    if (value_is_bigint(a)) return error_throw(g, ERROR_TYPE, "BigInts have no unsigned right shift, use >> instead");
    uint32_t x = (uint32_t)number_to_int32(value_number(a));
    return value_from_uint32(x >> (number_to_int32(value_number(b)) & 31));
}

Value arith_pow_slow(Goroutine *g, Value a, Value b)
{
    OK(arith_to_numerics(g, &a, &b));
    if (!value_is_bigint(a)) return value_from_double(number_power(value_number(a), value_number(b)));
    BigInt *exponent = bigint_of(b);
    if (exponent->is_negative) return error_throw(g, ERROR_RANGE, "Exponent must be non-negative");
    return arith_bigint_or_throw(g, bigint_power(&g->heap, bigint_of(a), exponent));
}

Value arith_increment_slow(Goroutine *g, Value a, int delta)
{
    a = TRY(convert_to_numeric(g, a));
    if (value_is_bigint(a)) return arith_bigint_or_throw(g, bigint_add_int(&g->heap, bigint_of(a), delta));
    return value_from_double(value_number(a) + delta);
}

Value arith_negate_slow(Goroutine *g, Value a)
{
    a = TRY(convert_to_numeric(g, a));
    if (value_is_bigint(a)) return arith_bigint_or_throw(g, bigint_negate(&g->heap, bigint_of(a)));
    return value_from_double(-value_number(a));
}

Value arith_not_slow(Goroutine *g, Value a)
{
    a = TRY(convert_to_numeric(g, a));
    if (value_is_bigint(a)) return arith_bigint_or_throw(g, bigint_not(&g->heap, bigint_of(a)));
    return value_from_int(~number_to_int32(value_number(a)));
}
