/* SPDX-License-Identifier: MIT */
#include "vm/base/dtoa.h"

#include <math.h>
#include <string.h>

#include "vm/base/dtoa_int.h"

/* ---- digits ---- */

static const char dtoa_pairs[201] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748"
    "4950515253545556575859606162636465666768697071727374757677787980818283848586878889909192939495969798"
    "99";

static const uint64_t dtoa_powers_of_10[20] = {
    UINT64_C(1), UINT64_C(10), UINT64_C(100), UINT64_C(1000), UINT64_C(10000), UINT64_C(100000),
    UINT64_C(1000000), UINT64_C(10000000), UINT64_C(100000000), UINT64_C(1000000000), UINT64_C(10000000000),
    UINT64_C(100000000000), UINT64_C(1000000000000), UINT64_C(10000000000000), UINT64_C(100000000000000),
    UINT64_C(1000000000000000), UINT64_C(10000000000000000), UINT64_C(100000000000000000),
    UINT64_C(1000000000000000000), UINT64_C(10000000000000000000),
};

/* The count of decimal digits of i; i != 0. */
static inline int dtoa_count_digits(uint64_t i)
{
    int guess = dtoa_log10_of_power2(64 - bits_count_leading_zeros64(i));   // that count, or one less
    return guess + (guess < 20 && i >= dtoa_powers_of_10[guess]);
}

/* Eight digits as eight bytes, the first one lowest. Three divisions by multiplication, each on all the parts
 * of the word at once: 8 digits into 2 x 4, 4 x 2, 8 x 1; the fractions are exact for operands in range. */
static inline uint64_t dtoa_spread(uint32_t i)
{
    uint64_t fours = i / 10000 + ((uint64_t)(i % 10000) << 32);
    uint64_t hundreds = ((fours * 10486) >> 20) & UINT64_C(0x0000007f0000007f);
    uint64_t twos = hundreds + ((fours - 100 * hundreds) << 16);
    uint64_t tens = ((twos * 103) >> 10) & UINT64_C(0x000f000f000f000f);
    return tens + ((twos - 10 * tens) << 8);
}

#define DTOA_EIGHT_ZEROS UINT64_C(0x3030303030303030)

void dtoa_write_padded(uint64_t i, int count, char *out)
{
    char *p = out + count;
    for (; count >= 8; count -= 8) {
        p -= 8;
        bits_set_u64(p, dtoa_spread((uint32_t)(i % 100000000)) | DTOA_EIGHT_ZEROS);
        i /= 100000000;
    }
    for (; count > 0; count--) {
        *--p = (char)('0' + i % 10);
        i /= 10;
    }
}

size_t dtoa_write_uint64(uint64_t i, char *out)
{
    if (i < 10) {
        out[0] = (char)('0' + i);
        return 1;
    }
    int   count = dtoa_count_digits(i);
    char *p = out + count;
    for (; i >= 100; i /= 100) memcpy(p -= 2, &dtoa_pairs[i % 100 * 2], 2);
    if (i >= 10) memcpy(out, &dtoa_pairs[i * 2], 2);
    else out[0] = (char)('0' + i);
    return (size_t)count;
}

size_t dtoa_write_int64(int64_t i, char out[DTOA_SHORTEST_BYTES])
{
    if (i >= 0) return dtoa_write_uint64((uint64_t)i, out);
    out[0] = '-';
    return 1 + dtoa_write_uint64(-(uint64_t)i, out + 1);
}

/* ---- shortest ---- */

/* 0.d1d2d3... * 10^point with 17 digits, of which `count` come before the zeros at the end. They stay in
 * registers until their place is known: reading back what was just written in other widths is slow. */
typedef struct DtoaDigits {
    int      count;                  // 1..17
    int      point;
    char     first;
    uint64_t next8, last8;           // characters, the first one lowest
} DtoaDigits;

static ALWAYS_INLINE DtoaDigits dtoa_find_digits(double x)
{
    const uint64_t least = dtoa_powers_of_10[16];
    DtoaDecimal shortest = dtoa_shortest_find(x);
    uint64_t padded = shortest.digits;
    int      point = 17 + shortest.exponent;
    if (UNLIKELY(padded < least / 10)) {             // subnormals only
        int missing = 16 - dtoa_count_digits(padded);
        padded *= dtoa_powers_of_10[missing];
        point -= missing;
    }
    bool is_short = padded < least;
    padded = is_short ? padded * 10 : padded;
    point -= is_short;
    uint64_t high = padded / 100000000;
    uint64_t last8 = dtoa_spread((uint32_t)(padded % 100000000));
    uint64_t next8 = dtoa_spread((uint32_t)(high % 100000000));
    int      count = 1;
    if (LIKELY(last8)) count = 17 - bits_count_leading_zeros64(last8) / 8;
    else if (next8) count = 9 - bits_count_leading_zeros64(next8) / 8;
    return (DtoaDigits){ count, point, (char)('0' + high / 100000000),
                         next8 | DTOA_EIGHT_ZEROS, last8 | DTOA_EIGHT_ZEROS };
}

/* The 17 characters. */
static ALWAYS_INLINE void dtoa_put_digits(const DtoaDigits *d, char *out)
{
    out[0] = d->first;
    bits_set_u64(out + 1, d->next8);
    bits_set_u64(out + 9, d->last8);
}

/* `e`, sign and exponent: three digits, less the zeros at their front, without a jump. */
static inline size_t dtoa_write_exponent(int exponent, char *out)
{
    uint32_t e = (uint32_t)(exponent < 0 ? -exponent : exponent);
    out[0] = 'e';
    out[1] = exponent < 0 ? '-' : '+';
    uint16_t pair;
    memcpy(&pair, &dtoa_pairs[e % 100 * 2], 2);
    uint32_t digits = ('0' + e / 100) | (uint32_t)pair << 8, zeros = (uint32_t)(e < 100) + (e < 10);
    bits_set_u32(out + 2, digits >> 8 * zeros);
    return 5 - zeros;
}

/* The shortest digits as d.ddde+n. */
static size_t dtoa_lay_out_scientific(const DtoaDigits *d, char *out)
{
    dtoa_put_digits(d, out + 1);
    out[0] = d->first;
    out[1] = '.';
    size_t length = d->count > 1 ? (size_t)d->count + 1 : 1;
    return length + dtoa_write_exponent(d->point - 1, out + length);
}

/* Lay out the digits by the steps of Number::toString. Whole words are stored, which I1 allows. */
static ALWAYS_INLINE size_t dtoa_lay_out(const DtoaDigits *d, char *out)
{
    int n = d->point, k = d->count;
    if (0 < n && n <= 21) {
        dtoa_put_digits(d, out);
        if (k <= n) {
            memset(out + 17, '0', 4);
            return (size_t)n;
        }
        unsigned __int128 behind = (unsigned __int128)d->last8 << 64 | d->next8;     // digits 2 to 17
        behind >>= 8 * (n - 1);                      // k > n, so n <= 16
        memcpy(out + n + 1, &behind, sizeof behind);
        out[n] = '.';
        return (size_t)k + 1;
    }
    if (-6 < n && n <= 0) {
        memcpy(out, "0.000000", 8);
        dtoa_put_digits(d, out + 2 - n);
        return (size_t)(2 - n + k);
    }
    return dtoa_lay_out_scientific(d, out);
}

/* NaN and the infinities; 0 when x is finite. */
static size_t dtoa_write_special(double x, char *out)
{
    if (x != x) return memcpy(out, "NaN", 3), 3;
    if (x == INFINITY) return memcpy(out, "Infinity", 8), 8;
    if (x == -INFINITY) return memcpy(out, "-Infinity", 9), 9;
    return 0;
}

/* d.ddde+n from `count` digits in `digits`. */
static size_t dtoa_write_scientific(const char *digits, int count, int exponent, char *out)
{
    char *p = out;
    *p++ = digits[0];
    if (count > 1) {
        *p++ = '.';
        memcpy(p, digits + 1, (size_t)count - 1);
        p += count - 1;
    }
    p += dtoa_write_exponent(exponent, p);
    return (size_t)(p - out);
}

/* The exponent tells quickly, and predictably for the branches, what cannot be an integer. */
size_t dtoa_write(double x, char out[DTOA_SHORTEST_BYTES])
{
    uint32_t biased = (uint32_t)(bits_from_double(x) >> 52) & 0x7ff;
    if (biased - 1023 < 53) {                        // 1 <= |x| < 2^53
        int64_t i = (int64_t)x;
        if ((double)i == x) return dtoa_write_int64(i, out);
    }
    if (UNLIKELY(biased == 0x7ff)) return dtoa_write_special(x, out);
    if (x == 0) return out[0] = '0', 1;
    DtoaDigits d = dtoa_find_digits(fabs(x));
    out[0] = '-';
    return (x < 0) + dtoa_lay_out(&d, out + (x < 0));
}

/* ---- given counts of digits ---- */

size_t dtoa_write_fixed(double x, int fraction_digits, char out[DTOA_FIXED_BYTES])
{
    CHECK(0 <= fraction_digits && fraction_digits <= DTOA_MOST_DIGITS, "digits of toFixed");
    if (!(fabs(x) < 1e21)) return dtoa_write(x, out);
    char *p = out;
    if (x < 0) *p++ = '-';
    DtoaParts parts = dtoa_split(x);
    uint64_t  significand = parts.significand;
    char      fraction[DTOA_MOST_DIGITS];
    unsigned __int128 integer;
    if (parts.exponent >= 0) {                       // at most 2^17 * 2^53
        integer = (unsigned __int128)significand << parts.exponent;
        memset(fraction, '0', (size_t)fraction_digits);
    } else {
        int      scale_bits = -parts.exponent;
        uint64_t whole = scale_bits < 64 ? significand >> scale_bits : 0;
        uint64_t rest = scale_bits < 64 ? significand - (whole << scale_bits) : significand;
        integer = whole + dtoa_exact_fraction(rest, scale_bits, fraction_digits, fraction);
    }
    const uint64_t low_part = dtoa_powers_of_10[18];
    if (integer < low_part) {
        p += dtoa_write_uint64((uint64_t)integer, p);
    } else {
        p += dtoa_write_uint64((uint64_t)(integer / low_part), p);
        dtoa_write_padded((uint64_t)(integer % low_part), 18, p);
        p += 18;
    }
    if (fraction_digits == 0) return (size_t)(p - out);
    *p++ = '.';
    memcpy(p, fraction, (size_t)fraction_digits);
    return (size_t)(p - out) + (size_t)fraction_digits;
}

size_t dtoa_write_exponential(double x, int fraction_digits, char out[DTOA_FIXED_BYTES])
{
    CHECK(-1 <= fraction_digits && fraction_digits <= DTOA_MOST_DIGITS, "digits of toExponential");
    size_t special = dtoa_write_special(x, out);
    if (special) return special;
    char *p = out;
    if (x < 0) *p++ = '-';
    x = fabs(x);
    if (fraction_digits < 0) {
        DtoaDigits d = { .count = 1, .point = 1, .first = '0' };
        if (x != 0) d = dtoa_find_digits(x);
        return (size_t)(p - out) + dtoa_lay_out_scientific(&d, p);
    }
    char digits[DTOA_MOST_DIGITS + 1];
    int  count = fraction_digits + 1, exponent = 0;
    if (x != 0) exponent = dtoa_exact_significant(x, count, digits);
    else memset(digits, '0', (size_t)count);
    return (size_t)(p - out) + dtoa_write_scientific(digits, count, exponent, p);
}

size_t dtoa_write_precision(double x, int digit_count, char out[DTOA_FIXED_BYTES])
{
    CHECK(1 <= digit_count && digit_count <= DTOA_MOST_DIGITS, "digits of toPrecision");
    size_t special = dtoa_write_special(x, out);
    if (special) return special;
    char *p = out;
    if (x < 0) *p++ = '-';
    x = fabs(x);
    char   digits[DTOA_MOST_DIGITS];
    int    exponent = 0;
    size_t count = (size_t)digit_count;
    if (x != 0) exponent = dtoa_exact_significant(x, digit_count, digits);
    else memset(digits, '0', count);
    if (exponent < -6 || exponent >= digit_count)
        return (size_t)(p - out) + dtoa_write_scientific(digits, digit_count, exponent, p);
    size_t whole = exponent >= 0 ? (size_t)exponent + 1 : 0;
    if (whole) {
        memcpy(p, digits, whole);
        p += whole;
        if (whole < count) *p++ = '.';
    } else {
        memcpy(p, "0.000000", 8);
        p += 1 - exponent;                           // `0.` and the zeros before the first digit
    }
    memcpy(p, digits + whole, count - whole);
    return (size_t)(p - out) + count - whole;
}
