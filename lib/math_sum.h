/* SPDX-License-Identifier: MIT */
/* math_sum.h - the exact sum of finite doubles, rounded once (Math.sumPrecise).
 *
 * The sum is kept as an integer times 2^-1074 in digits of 32 bits, each in an int64_t that has room to spare:
 * carries are settled only every so often.
 * I1  Each digit's magnitude is below 2^32 * (pending + 1), and pending <= MATH_SUM_PENDING. */
#ifndef US_LIB_MATH_SUM_H
#define US_LIB_MATH_SUM_H

#include <stdint.h>

enum {
    MATH_SUM_DIGITS = 70,                // 2098 bits of doubles, and 64 for the carries of 2^53 additions
    MATH_SUM_PENDING = 1 << 29,
};

typedef struct MathSum {
    int64_t  digits[MATH_SUM_DIGITS];    // the lowest first
    uint32_t pending;                    // additions since carries were settled
} MathSum;

void math_sum_init(MathSum *s);
void math_sum_add(MathSum *s, double finite);
double math_sum_round(MathSum *s);       // to nearest, ties to even; +0 when the sum is zero

#endif
