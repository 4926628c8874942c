/* SPDX-License-Identifier: MIT */
/* dtoa_parse.c - text to numbers, correctly rounded.
 *
 * A decimal is w * 10^q with the first 19 significant digits in w. Most come from double arithmetic that is
 * exact (W. Clinger, 1990: w < 2^53 and |q| <= 22), nearly all others from one multiplication of w with 128
 * bits of 10^q (D. Lemire, "Number parsing at a gigabyte per second", 2021). The rest needs all the digits:
 * P1  The 192-bit product P of w and the cut-off power satisfies P <= w * 10^q < P + w on its scale. So the
 *     64 leading bits are right unless the next 64 are all ones; and behind them there is something unless
 *     the power is exact and P says no.
 * P2  With digits beyond the 19th the truth lies between w and w + 1; when both round to one double, that is
 *     it.
 * P3  The exact way reads at most EXACT_DIGITS digits: halfway points between doubles have up to 767, so any
 *     longer text is decided by "is there anything not zero behind". */
#include "vm/base/dtoa.h"

#include <gmp.h>
#include <math.h>
#include <string.h>

#include "vm/base/dtoa_int.h"

enum {
    EXACT_DIGITS = 770,              // P3
    EXACT_LIMBS = 56,                // 771 digits * 5^310, and 5^1100 with 130 bits more
    FIRST_DIGITS = 19,               // always fit 64 bits
};

static const double parse_exact_powers[23] = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

/* ---- rounding ---- */

double dtoa_parse_round(uint64_t high, int64_t exponent, bool has_more)
{
    int64_t biased = exponent + 63 + 1023;
    if (biased >= 0x7ff) return INFINITY;
    int64_t shift = biased >= 1 ? 11 : 12 - biased;  // subnormals keep fewer bits
    if (shift > 64) return 0;
    uint64_t kept = shift < 64 ? high >> shift : 0;
    uint64_t half = UINT64_C(1) << (shift - 1);
    uint64_t rest = high & (half | (half - 1));
    if (rest > half || (rest == half && (has_more || (kept & 1)))) kept++;
    if (biased < 1) return bits_to_double(kept);     // a carry makes it the least normal
    return bits_to_double(((uint64_t)(biased - 1) << 52) + kept);
}

/* The same for n * 2^exponent; n's top limb is not 0. */
static double parse_round_limbs(const mp_limb_t *n, mp_size_t limbs, int64_t exponent, bool has_more)
{
    int      leading = bits_count_leading_zeros64(n[limbs - 1]);
    uint64_t high = n[limbs - 1] << leading;
    exponent += 64 * (limbs - 1) - leading;
    if (limbs > 1) {
        if (leading) high |= n[limbs - 2] >> (64 - leading);
        has_more |= (n[limbs - 2] << leading) != 0;
        for (mp_size_t i = 0; i < limbs - 2; i++) has_more |= n[i] != 0;
    }
    return dtoa_parse_round(high, exponent, has_more);
}

/* w * 10^q by one multiplication, P1; false when that cannot tell. w != 0, -342 <= q <= 308. */
static bool parse_try_product(uint64_t w, int q, double *out)
{
    int         leading = bits_count_leading_zeros64(w);
    bool        is_exact = dtoa_power_is_exact(q);
    DtoaProduct p = dtoa_multiply(w << leading, dtoa_power(q));
    if (p.middle == UINT64_MAX && !is_exact) return false;
    int64_t exponent = dtoa_log2_of_power10(q) - 127 - leading + 128;
    bool    has_more = !is_exact || (p.middle | p.low) != 0;
    if (!(p.high >> 63)) {
        p.high = p.high << 1 | p.middle >> 63;
        p.middle <<= 1;
        has_more = !is_exact || (p.middle | p.low) != 0;
        exponent--;
    }
    *out = dtoa_parse_round(p.high, exponent, has_more);
    return true;
}

/* ---- the exact way ---- */

/* Digit values to limbs; returns the count. The first digit is not 0. */
static mp_size_t parse_join(mp_limb_t *n, const uint8_t *digits, size_t count, int radix)
{
    mp_size_t limbs = mpn_set_str(n, digits, count, radix);
    while (limbs > 0 && n[limbs - 1] == 0) limbs--;
    return limbs;
}

static mp_size_t parse_multiply_power_of_5(mp_limb_t *n, mp_size_t limbs, int64_t exponent)
{
    while (exponent > 0) {
        int       step = exponent > 27 ? 27 : (int)exponent;
        mp_limb_t carry = mpn_mul_1(n, n, limbs, dtoa_powers_of_5[step]);
        if (carry) n[limbs++] = carry;
        exponent -= step;
    }
    return limbs;
}

static int parse_bit_length(const mp_limb_t *n, mp_size_t limbs)
{
    return (int)limbs * 64 - bits_count_leading_zeros64(n[limbs - 1]);
}

/* 0.ddd... * 10^point for up to EXACT_DIGITS + 1 digit values, by a product or a quotient of integers.
 * parse_decimal has excluded what is out of range for certain, so -330 < point < 330. */
static double parse_exact(const uint8_t *digits, size_t count, int64_t point)
{
    mp_limb_t n[EXACT_LIMBS], divisor[EXACT_LIMBS] = { 1 }, quotient[EXACT_LIMBS];
    mp_size_t limbs = parse_join(n, digits, count, 10);
    int64_t   q = point - (int64_t)count;
    if (q >= 0) {
        limbs = parse_multiply_power_of_5(n, limbs, q);
        return parse_round_limbs(n, limbs, q, false);
    }
    mp_size_t divisor_limbs = parse_multiply_power_of_5(divisor, 1, -q);
    int       surplus = parse_bit_length(divisor, divisor_limbs) + 66 - parse_bit_length(n, limbs);
    int       words = surplus > 0 ? (surplus + 63) / 64 : 0;         // of zeros, so that 64 bits come out
    memmove(n + words, n, (size_t)limbs * sizeof *n);
    memset(n, 0, (size_t)words * sizeof *n);
    limbs += words;
    ASSERT(limbs <= EXACT_LIMBS && divisor_limbs <= EXACT_LIMBS, "P3");
    mpn_tdiv_qr(quotient, n, 0, n, limbs, divisor, divisor_limbs);
    mp_size_t quotient_limbs = limbs - divisor_limbs + 1;
    while (quotient[quotient_limbs - 1] == 0) quotient_limbs--;
    return parse_round_limbs(quotient, quotient_limbs, q - 64 * words, !mpn_zero_p(n, divisor_limbs));
}

/* ---- decimals ---- */

typedef struct ParseDecimal {
    uint64_t w;                      // the first 19 significant digits
    int64_t  exponent;               // of w's last digit
    bool     has_more;               // behind w there is something not 0
    size_t   start, end;             // span of the significant digits, a point perhaps among them
} ParseDecimal;

/* Collect the digits of the span and go the exact way. */
static double parse_long_decimal(TextView text, const ParseDecimal *d)
{
    uint8_t digits[EXACT_DIGITS + 1];
    size_t  count = 0;
    bool    has_more = false;
    for (size_t i = d->start; i < d->end; i++) {
        uint32_t digit = text_unit(text, i) - '0';
        if (digit > 9) continue;                     // the point
        if (count < EXACT_DIGITS) digits[count++] = (uint8_t)digit;
        else has_more |= digit != 0;
    }
    if (has_more) digits[count++] = 1;
    return parse_exact(digits, count, d->exponent + FIRST_DIGITS);
}

static double parse_decimal(TextView text, const ParseDecimal *d)
{
    if (d->w == 0 || d->exponent < -342) return 0;   // below 10^19 * 10^-343
    if (d->exponent > 308) return INFINITY;
    int q = (int)d->exponent;
    if (!d->has_more && d->w < UINT64_C(1) << 53 && -22 <= q && q <= 22)
        return q < 0 ? (double)d->w / parse_exact_powers[-q] : (double)d->w * parse_exact_powers[q];
    double low, high;
    if (parse_try_product(d->w, q, &low)) {
        if (!d->has_more) return low;
        if (parse_try_product(d->w + 1, q, &high) && low == high) return low;     // P2
    }
    if (d->has_more) return parse_long_decimal(text, d);
    uint8_t digits[20];
    size_t  count = 0;
    for (uint64_t w = d->w; w; w /= 10) count++;
    uint64_t w = d->w;
    for (size_t i = count; i-- > 0; w /= 10) digits[i] = (uint8_t)(w % 10);
    return parse_exact(digits, count, q + (int64_t)count);
}

/* One digit more. `*kept` counts those in w; leading zeros are none. */
static ALWAYS_INLINE void parse_put_digit(ParseDecimal *d, int *kept, uint32_t digit, bool is_fraction,
                                          size_t at)
{
    if (LIKELY(*kept < FIRST_DIGITS)) {
        d->w = d->w * 10 + digit;
        d->exponent -= is_fraction;
        if (d->w == 0) return;
        if ((*kept)++ == 0) d->start = at;
    } else {
        d->has_more |= digit != 0;
        d->exponent += !is_fraction;
    }
}

/* The exponent part at `i`, or nothing when it has no digits; returns the end. */
static ALWAYS_INLINE size_t parse_exponent_part(TextView t, size_t i, int64_t *exponent)
{
    size_t at = i + 1;
    bool   is_negative = false;
    if (at < t.length && (text_unit(t, at) == '+' || text_unit(t, at) == '-'))
        is_negative = text_unit(t, at++) == '-';
    size_t  first = at;
    int64_t value = 0;
    for (; at < t.length && text_unit(t, at) - '0' < 10; at++)
        if (value < INT64_C(1) << 50) value = value * 10 + (text_unit(t, at) - '0');     // any length is less
    if (at == first) return i;
    *exponent += is_negative ? -value : value;
    return at;
}

/* Inlined once for each width of text, so that no step asks for it. */
static ALWAYS_INLINE double parse_prefix(TextView t, size_t *consumed)
{
    static const char infinity[] = "Infinity";
    size_t i = 0;
    bool   is_negative = false;
    *consumed = 0;
    if (t.length > 0 && (text_unit(t, 0) == '+' || text_unit(t, 0) == '-'))
        is_negative = text_unit(t, i++) == '-';
    ParseDecimal d = { 0 };
    int    kept = 0;
    size_t first = i;
    for (; i < t.length && text_unit(t, i) - '0' < 10; i++)
        parse_put_digit(&d, &kept, text_unit(t, i) - '0', false, i);
    size_t digits = i - first;
    if (i < t.length && text_unit(t, i) == '.') {
        size_t point = i++;
        for (; i < t.length && text_unit(t, i) - '0' < 10; i++)
            parse_put_digit(&d, &kept, text_unit(t, i) - '0', true, i);
        digits += i - point - 1;
    }
    if (digits == 0) {
        for (i = first; i < t.length && i - first < 8; i++)
            if (text_unit(t, i) != (uint8_t)infinity[i - first]) break;
        if (i - first < 8) return NAN;
        *consumed = i;
        return is_negative ? -INFINITY : INFINITY;
    }
    d.end = i;
    if (i < t.length && (text_unit(t, i) | 0x20) == 'e') i = parse_exponent_part(t, i, &d.exponent);
    *consumed = i;
    double x = parse_decimal(t, &d);
    return is_negative ? -x : x;
}

double dtoa_parse_decimal_prefix(TextView text, size_t *consumed)
{
    return text.is_wide ? parse_prefix((TextView){ text.units, text.length, true }, consumed)
                        : parse_prefix((TextView){ text.units, text.length, false }, consumed);
}

double dtoa_parse_literal(TextView text)
{
    size_t consumed;
    if (text.length == 0) return 0;
    if (text.length > 2 && text_unit(text, 0) == '0') {
        uint32_t letter = text_unit(text, 1) | 0x20;
        int      radix = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 0;
        if (radix) {
            double x = dtoa_parse_integer_prefix(text_from(text, 2), radix, &consumed);
            return consumed == text.length - 2 ? x : NAN;
        }
    }
    double x = dtoa_parse_decimal_prefix(text, &consumed);
    return consumed == text.length ? x : NAN;
}

/* ---- integers in a radix ---- */

/* Radix 2^bits: the first 60 bits or more, then only whether anything follows. */
static double parse_binary(TextView digits, int bits)
{
    uint64_t high = 0;
    size_t   i = 0;
    for (; i < digits.length && high >> (64 - bits) == 0; i++)
        high = high << bits | text_digit_value(text_unit(digits, i));
    if (high == 0) return 0;
    if (digits.length - i > 1024) return INFINITY;
    bool has_more = false;
    for (size_t k = i; k < digits.length; k++) has_more |= text_unit(digits, k) != '0';
    int leading = bits_count_leading_zeros64(high);
    return dtoa_parse_round(high << leading, (int64_t)(digits.length - i) * bits - leading, has_more);
}

static double parse_any_radix(TextView digits, uint32_t radix)
{
    size_t skip = 0;
    while (skip < digits.length && text_unit(digits, skip) == '0') skip++;
    digits = text_from(digits, skip);
    int least_bits = 63 - bits_count_leading_zeros64(radix);         // log2(radix), cut off
    if (digits.length * (size_t)(least_bits + 1) <= 64) {
        uint64_t n = 0;
        for (size_t i = 0; i < digits.length; i++) n = n * radix + text_digit_value(text_unit(digits, i));
        return (double)n;
    }
    if (digits.length > 1025 / (size_t)least_bits + 1) return INFINITY;
    uint8_t   values[1026 + 1];
    mp_limb_t n[EXACT_LIMBS];
    for (size_t i = 0; i < digits.length; i++) values[i] = (uint8_t)text_digit_value(text_unit(digits, i));
    mp_size_t limbs = parse_join(n, values, digits.length, (int)radix);
    return parse_round_limbs(n, limbs, 0, false);
}

double dtoa_parse_integer_prefix(TextView text, int radix, size_t *consumed)
{
    CHECK(2 <= radix && radix <= 36, "a radix of 2..36");
    size_t length = 0;
    while (length < text.length && text_digit_value(text_unit(text, length)) < (uint32_t)radix) length++;
    *consumed = length;
    if (length == 0) return NAN;
    text.length = length;
    if (bits_is_power_of_two((uint64_t)radix))
        return parse_binary(text, bits_count_trailing_zeros64((uint64_t)radix));
    if (radix != 10) return parse_any_radix(text, (uint32_t)radix);
    size_t all;
    return dtoa_parse_decimal_prefix(text, &all);
}
