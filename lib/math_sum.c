/* SPDX-License-Identifier: MIT */
#include "lib/math_sum.h"

#include <math.h>

#include "vm/base/assert.h"
#include "vm/base/bits.h"

enum { FRACTION_BITS = 52, LOWEST_EXPONENT = -1074 };

void math_sum_init(MathSum *s)
{
    *s = (MathSum){ .pending = 0 };
}

/* Bring each digit but the top one into 0 .. 2^32 - 1. */
static void math_sum_settle(MathSum *s)
{
    int64_t carry = 0;
    for (int i = 0; i < MATH_SUM_DIGITS - 1; i++) {
        int64_t digit = s->digits[i] + carry;
        s->digits[i] = (int64_t)(uint32_t)digit;
        carry = (digit - s->digits[i]) / (INT64_C(1) << 32);
    }
    s->digits[MATH_SUM_DIGITS - 1] += carry;
    s->pending = 0;
}

void math_sum_add(MathSum *s, double finite)
{
    uint64_t bits = bits_from_double(finite);
    uint32_t exponent = (uint32_t)(bits >> FRACTION_BITS) & 0x7ff;
    uint64_t fraction = bits & ((UINT64_C(1) << FRACTION_BITS) - 1);
    uint32_t shift = exponent ? exponent - 1 : 0;                        // in bits above 2^-1074
    if (exponent) fraction |= UINT64_C(1) << FRACTION_BITS;
    int64_t sign = bits >> 63 ? -1 : 1;
    int64_t *digit = &s->digits[shift / 32];
    shift %= 32;
    uint64_t low = fraction << shift, high = shift ? fraction >> (64 - shift) : 0;
    digit[0] += sign * (int64_t)(uint32_t)low;
    digit[1] += sign * (int64_t)(low >> 32);
    digit[2] += sign * (int64_t)high;
    if (++s->pending == MATH_SUM_PENDING) math_sum_settle(s);
}

/* 64 bits from bit `low` up, with a 1 at the end if any bit below is set. */
static uint64_t math_sum_window(const MathSum *s, int low)
{
    uint64_t window = 0;
    for (int i = 0; i < 64; i++) {
        int at = low + i;
        window |= ((uint64_t)s->digits[at / 32] >> (at % 32) & 1) << i;
    }
    for (int at = 0; at < low; at++)
        if (s->digits[at / 32] >> (at % 32) & 1) return window | 1;
    return window;
}

double math_sum_round(MathSum *s)
{
    math_sum_settle(s);
    bool is_negative = s->digits[MATH_SUM_DIGITS - 1] < 0;
    if (is_negative) {
        for (int i = 0; i < MATH_SUM_DIGITS; i++) s->digits[i] = -s->digits[i];
        math_sum_settle(s);
    }
    int top = MATH_SUM_DIGITS - 1;
    while (top >= 0 && s->digits[top] == 0) top--;
    if (top < 0) return 0;
    ASSERT(s->digits[top] <= UINT32_MAX, "the topmost digit never fills");
    int length = top * 32 + 64 - bits_count_leading_zeros64((uint64_t)s->digits[top]);
    int low = length > 64 ? length - 64 : 0;
    double magnitude = ldexp((double)math_sum_window(s, low), low + LOWEST_EXPONENT);
    return is_negative ? -magnitude : magnitude;
}
