/* SPDX-License-Identifier: MIT */
/* number.h - Number values: int32 fast paths, double semantics, text. */
#ifndef US_VALUE_NUMBER_H
#define US_VALUE_NUMBER_H

#include "vm/value/string.h"

static inline bool number_try_add_int32(Value a, Value b, Value *sum)
{
    int32_t result;
    if (!value_are_ints(a, b) || __builtin_add_overflow(value_int(a), value_int(b), &result)) return false;
    *sum = value_from_int(result);
    return true;
}

/** ToInt32 and ToUint32 of a double (ECMA-262 7.1.6): modulo 2^32, NaN and infinities are 0. */
int32_t number_to_int32_slow(double d);

static inline int32_t number_to_int32(double d)
{
    int64_t i = (int64_t)d;              // out of range yields INT64_MIN on x86-64
#if defined(__x86_64__)
    if (LIKELY(i != INT64_MIN)) return (int32_t)i;
#else
    if (LIKELY(d > -9.2e18 && d < 9.2e18)) return (int32_t)i;
#endif
    return number_to_int32_slow(d);
}

/** Number::remainder and Number::exponentiate (6.1.6.1.6, 6.1.6.1.3). */
double number_remainder(double a, double b);
double number_power(double base, double exponent);

/** ToIntegerOrInfinity of a number: NaN is 0, no -0. */
static inline double number_to_integer(double d)
{
    if (d != d) return 0;
    return trunc(d) + 0.0;
}

/** Number::toString(d, 10). */
NODISCARD String *number_to_string(LocalHeap *h, double d);
NODISCARD String *number_int_to_string(LocalHeap *h, int32_t i);

/** StringToNumber (7.1.4.1.1). */
double number_from_string(LocalHeap *h, String *s);

/** `v` without leading and trailing white space and line terminators (what TrimString removes). */
StringView number_trim(StringView v);

/** True when `d` is an integral number from 0 to 2^32 - 2: an array index. */
static inline bool number_is_index(double d, uint32_t *index)
{
    if (!(d >= 0 && d < 4294967295.0)) return false;
    *index = (uint32_t)d;
    return (double)*index == d;
}

#endif
