/* SPDX-License-Identifier: MIT */
/* dtoa_int.h - what the dtoa_*.c share: powers of ten, the parts of a double, digits. */
#ifndef US_BASE_DTOA_INT_H
#define US_BASE_DTOA_INT_H

#include <stddef.h>
#include <stdint.h>

#include "vm/base/assert.h"
#include "vm/base/attr.h"
#include "vm/base/bits.h"

/* The 128 leading bits of 10^k, cut off: with T = high * 2^64 + low and s = dtoa_log2_of_power10(k) - 127,
 *     T * 2^s <= 10^k < (T + 1) * 2^s,   2^127 <= T < 2^128,   and equality on the left iff 0 <= k <= 55. */
typedef struct DtoaPower {
    uint64_t high, low;
} DtoaPower;

enum {
    DTOA_LOWEST_POWER = -342, DTOA_HIGHEST_POWER = 324,
    DTOA_LAST_EXACT_POWER = 55,      // 5^55 is the last to fit 128 bits
};
extern const DtoaPower dtoa_powers[DTOA_HIGHEST_POWER - DTOA_LOWEST_POWER + 1];

static inline DtoaPower dtoa_power(int k)
{
    ASSERT(DTOA_LOWEST_POWER <= k && k <= DTOA_HIGHEST_POWER, "a power of ten in the table");
    return dtoa_powers[k - DTOA_LOWEST_POWER];
}

static inline bool dtoa_power_is_exact(int k)
{
    return 0 <= k && k <= DTOA_LAST_EXACT_POWER;
}

/* floor(log2(10^k)) and floor(log10(2^e)): a fraction near the logarithm does for |k| <= 1233, |e| <= 2620;
 * the tests try all that occur. */
static inline int dtoa_log2_of_power10(int k) { return (k * 1741647) >> 19; }
static inline int dtoa_log10_of_power2(int e) { return (e * 1262611) >> 22; }

/* A finite double as significand * 2^exponent; the significand is below 2^53. */
typedef struct DtoaParts {
    uint64_t significand;
    int      exponent;
} DtoaParts;

static inline DtoaParts dtoa_split(double x)
{
    uint64_t bits = bits_from_double(x);
    uint64_t fraction = bits & ((UINT64_C(1) << 52) - 1);
    int      biased = (int)(bits >> 52) & 0x7ff;
    if (biased == 0) return (DtoaParts){ fraction, -1074 };
    return (DtoaParts){ fraction | UINT64_C(1) << 52, biased - 1075 };
}

/* digits * 10^exponent. The digits may end in zeros; they are below 10^17 and, but for subnormals, above
 * 10^15: a normal double has 2^52 <= significand < 2^53, and 10^exponent <= 2^q < 10^(exponent + 1) for its
 * last bit. */
typedef struct DtoaDecimal {
    uint64_t digits;
    int      exponent;
} DtoaDecimal;

/* The 192-bit product of a 64-bit factor and a power's 128 bits. */
typedef struct DtoaProduct {
    uint64_t high, middle, low;
} DtoaProduct;

static inline DtoaProduct dtoa_multiply(uint64_t factor, DtoaPower power)
{
    unsigned __int128 below = (unsigned __int128)factor * power.low;
    unsigned __int128 above = (unsigned __int128)factor * power.high + (uint64_t)(below >> 64);
    return (DtoaProduct){ (uint64_t)(above >> 64), (uint64_t)above, (uint64_t)below };
}

extern const uint64_t dtoa_powers_of_5[28];      // 5^0 .. 5^27, the ones below 2^64

/* ---- dtoa_shortest.c ---- */

/** The shortest decimal that reads back as x, and of those the nearest; x is finite and positive. */
DtoaDecimal dtoa_shortest_find(double x);

/* ---- dtoa_exact.c ---- */

/** Write exactly `count` (1..101) significant digits of x, finite and positive, rounded half up.
 *  Returns the decimal exponent of the first. */
int dtoa_exact_significant(double x, int count, char *digits);

/** Write exactly `count` (0..100) digits of fraction / 2^scale_bits, which is below 1, rounded half up.
 *  True when that rounds up to 1 (the digits are then zeros). */
bool dtoa_exact_fraction(uint64_t fraction, int scale_bits, int count, char *digits);

/* ---- dtoa_parse.c ---- */

/** The double nearest to (high + something below 1) * 2^exponent, ties to even; that something is 0 iff
 *  !has_more. `high` has its top bit set. */
double dtoa_parse_round(uint64_t high, int64_t exponent, bool has_more);

/* ---- dtoa.c ---- */

/** Write a number in decimal; returns its length. */
size_t dtoa_write_uint64(uint64_t i, char *out);

/** Write a number below 10^count with exactly `count` (0..20) digits, leading zeros included. */
void dtoa_write_padded(uint64_t i, int count, char *out);

#endif
