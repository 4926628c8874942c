/* SPDX-License-Identifier: MIT */
/* dtoa_radix.c - Number::toString in any radix.
 *
 * The digits are those ECMA-262 6.1.6.1.20 asks for: as few as read back as x, and of those the nearest to x.
 * They come from exact integers, digit by digit, stopping at the first place where rounding down or up stays
 * within half a gap of x (G. Steele, J. White, "How to print floating-point numbers accurately", 1990):
 * R1  A number below 2^53 is an integer, written in full, and a fraction. The fraction is r / 2^scale; `down`
 *     and `up` are half the gaps to the neighbours on the same scale. All three grow by the radix at each
 *     digit.
 * R2  A number of 2^53 or more is written together with the least and the greatest integer that still read
 *     back as x; the three texts tell how many leading digits suffice. The other places are zeros. */
#include "vm/base/dtoa.h"

#include <gmp.h>
#include <math.h>
#include <string.h>

#include "vm/base/dtoa_int.h"

enum { RADIX_LIMBS = 18, RADIX_MOST_WHOLE = 1026 };

static const char radix_digits[37] = "0123456789abcdefghijklmnopqrstuvwxyz";

static size_t radix_write_uint64(uint64_t i, uint32_t radix, char *out)
{
    char text[64], *p = text + sizeof text;
    do {
        *--p = radix_digits[i % radix];
        i /= radix;
    } while (i);
    size_t length = (size_t)(text + sizeof text - p);
    memcpy(out, p, length);
    return length;
}

/* ---- R1: fractions ---- */

typedef struct RadixFraction {
    uint32_t radix;
    int      scale;                  // bits behind the point
    bool     is_closed;              // the ends of the interval read back as x, too
    uint8_t  digits[DTOA_RADIX_BYTES];
    int      count;
} RadixFraction;

/* May the digits end here, with `half` telling how the rest compares with one half? Both ways may be open;
 * then the nearer is right, and of two equally near ones the even digit. */
static inline bool radix_rounds_up(bool down_fits, bool up_fits, int half, int digit)
{
    if (down_fits != up_fits) return up_fits;
    return half > 0 || (half == 0 && (digit & 1));
}

/* The digits when the scale leaves room for a digit above it in 128 bits; true when they round up. */
static bool radix_generate_short(RadixFraction *f, uint64_t rest, uint32_t down_gap, uint32_t up_gap)
{
    typedef unsigned __int128 Wide;
    Wide one = (Wide)1 << f->scale, r = rest, down = down_gap, up = up_gap;
    for (;;) {
        r *= f->radix;
        down *= f->radix;
        up *= f->radix;
        int digit = (int)(r >> f->scale);
        r &= one - 1;
        f->digits[f->count++] = (uint8_t)digit;
        bool down_fits = r < down || (f->is_closed && r == down);
        bool up_fits = one - r < up || (f->is_closed && one - r == up);
        if (down_fits || up_fits)
            return radix_rounds_up(down_fits, up_fits, (r > one / 2) - (r < one / 2), digit);
    }
}

/* Compare with 2^scale. */
static int radix_compare_one(const mp_limb_t n[RADIX_LIMBS], int scale)
{
    int       word = scale / 64;
    mp_limb_t above = 0;
    for (int i = word + 1; i < RADIX_LIMBS; i++) above |= n[i];
    if (above || n[word] >> (scale % 64) > 1) return 1;
    if (!(n[word] >> (scale % 64))) return -1;
    mp_limb_t below = n[word] & ~(UINT64_MAX << (scale % 64));
    for (int i = 0; i < word; i++) below |= n[i];
    return below != 0;
}

/* The same for any scale. */
static bool radix_generate_long(RadixFraction *f, uint64_t rest, uint32_t down_gap, uint32_t up_gap)
{
    mp_limb_t r[RADIX_LIMBS] = { rest }, down[RADIX_LIMBS] = { down_gap }, up[RADIX_LIMBS] = { up_gap };
    int       word = f->scale / 64, bit = f->scale % 64;
    for (;;) {
        mpn_mul_1(r, r, RADIX_LIMBS, f->radix);
        mpn_mul_1(down, down, RADIX_LIMBS, f->radix);
        mpn_mul_1(up, up, RADIX_LIMBS, f->radix);
        int digit = (int)(r[word] >> bit);
        if (bit > 58) digit |= (int)(r[word + 1] << (64 - bit));
        r[word] &= ~(UINT64_MAX << bit);
        r[word + 1] = 0;
        f->digits[f->count++] = (uint8_t)digit;

        mp_limb_t sum[RADIX_LIMBS];
        mpn_add_n(sum, r, up, RADIX_LIMBS);
        bool down_fits = mpn_cmp(r, down, RADIX_LIMBS) < (f->is_closed ? 1 : 0);
        bool up_fits = radix_compare_one(sum, f->scale) > (f->is_closed ? -1 : 0);
        if (down_fits || up_fits) {
            mpn_lshift(sum, r, RADIX_LIMBS, 1);
            return radix_rounds_up(down_fits, up_fits, radix_compare_one(sum, f->scale), digit);
        }
    }
}

static size_t radix_write_fraction(DtoaParts x, uint32_t radix, char *out)
{
    int      bits = -x.exponent;
    uint64_t whole = bits < 64 ? x.significand >> bits : 0;
    uint64_t rest = bits < 64 ? x.significand - (whole << bits) : x.significand;
    bool     is_uneven = x.significand == UINT64_C(1) << 52 && x.exponent > -1074;
    RadixFraction f = { .radix = radix, .scale = bits + 2, .is_closed = !(x.significand & 1) };
    bool is_up = rest && (f.scale <= 120 ? radix_generate_short : radix_generate_long)
                             (&f, rest * 4, is_uneven ? 1 : 2, 2);
    while (is_up && f.count > 0 && f.digits[f.count - 1] == radix - 1) f.count--;
    if (is_up && f.count > 0) f.digits[f.count - 1]++;
    if (is_up && f.count == 0) whole++;
    size_t length = radix_write_uint64(whole, radix, out);
    if (f.count == 0) return length;
    out[length++] = '.';
    for (int i = 0; i < f.count; i++) out[length++] = radix_digits[f.digits[i]];
    return length;
}

/* ---- R2: integers beyond 2^53 ---- */

/* Digit values, right-aligned in `width` places. */
static void radix_spread(const mp_limb_t *n, mp_size_t limbs, uint32_t radix, uint8_t *out, size_t width)
{
    mp_limb_t copy[RADIX_LIMBS];
    uint8_t   digits[RADIX_LIMBS * 64 + 1];
    while (n[limbs - 1] == 0) limbs--;
    memcpy(copy, n, (size_t)limbs * sizeof *n);
    size_t count = mpn_get_str(digits, (int)radix, copy, limbs), skip = 0;
    while (digits[skip] == 0) skip++;
    count -= skip;
    memset(out, 0, width - count);
    memcpy(out + width - count, digits + skip, count);
}

/* How n's places from `from` on compare with half of the place before. */
static int radix_compare_half(const uint8_t *digits, size_t from, size_t count, uint32_t radix)
{
    for (size_t i = from; i < count; i++) {
        uint32_t half = i == from || radix % 2 ? radix / 2 : 0;      // of an odd radix the half never ends
        if (digits[i] != half) return digits[i] > half ? 1 : -1;
    }
    return radix % 2 || from == count ? -1 : 0;
}

static size_t radix_write_large(DtoaParts x, uint32_t radix, char *out)
{
    mp_limb_t n[RADIX_LIMBS] = { 0 }, low[RADIX_LIMBS], high[RADIX_LIMBS], gap[RADIX_LIMBS] = { 0 };
    int word = x.exponent / 64, bit = x.exponent % 64;
    n[word] = x.significand << bit;
    if (bit) n[word + 1] = x.significand >> (64 - bit);
    bool is_open = x.significand & 1;
    gap[(x.exponent - 1) / 64] = UINT64_C(1) << ((x.exponent - 1) % 64);
    mpn_add_n(high, n, gap, RADIX_LIMBS);
    if (x.significand == UINT64_C(1) << 52) mpn_rshift(gap, gap, RADIX_LIMBS, 1);
    mpn_sub_n(low, n, gap, RADIX_LIMBS);
    if (is_open) {
        mpn_sub_1(high, high, RADIX_LIMBS, 1);
        mpn_add_1(low, low, RADIX_LIMBS, 1);
    }
    uint8_t digits[RADIX_MOST_WHOLE], least[RADIX_MOST_WHOLE], greatest[RADIX_MOST_WHOLE];
    radix_spread(high, RADIX_LIMBS, radix, greatest, sizeof greatest);
    size_t skip = 0;
    while (greatest[skip] == 0) skip++;
    radix_spread(n, RADIX_LIMBS, radix, digits, sizeof digits);
    radix_spread(low, RADIX_LIMBS, radix, least, sizeof least);

    /* With `kept` leading digits, rounding down fits unless it falls below the least, rounding up unless it
     * rises above the greatest. Where all agree so far neither can be, but for zeros behind the least. */
    size_t kept = skip, zeros_from = sizeof least;
    while (zeros_from > 0 && least[zeros_from - 1] == 0) zeros_from--;
    while (kept < zeros_from && least[kept] == greatest[kept]) kept++;
    if (kept < zeros_from) kept++;
    bool down_fits, up_fits;
    for (;; kept++) {
        down_fits = memcmp(digits, least, kept) > 0 || kept >= zeros_from;
        up_fits = memcmp(digits, greatest, kept) < 0;
        if (down_fits || up_fits) break;
    }
    int half = radix_compare_half(digits, kept, sizeof digits, radix);
    if (radix_rounds_up(down_fits, up_fits, half, digits[kept - 1])) {
        while (digits[kept - 1] == radix - 1) digits[--kept] = 0;
        digits[kept - 1]++;
    }
    memset(digits + kept, 0, sizeof digits - kept);
    while (digits[skip] == 0) skip++;
    for (size_t i = skip; i < sizeof digits; i++) *out++ = radix_digits[digits[i]];
    return sizeof digits - skip;
}

size_t dtoa_radix_write(double x, int radix, char out[DTOA_RADIX_BYTES])
{
    CHECK(2 <= radix && radix <= 36, "a radix of 2..36");
    if (radix == 10 || !(fabs(x) < INFINITY)) return dtoa_write(x, out);
    size_t sign = x < 0;
    out[0] = '-';
    DtoaParts parts = dtoa_split(x);
    if (fabs(x) < 0x1p53) {
        uint64_t whole = (uint64_t)fabs(x);
        if ((double)whole == fabs(x)) return sign + radix_write_uint64(whole, (uint32_t)radix, out + sign);
        return sign + radix_write_fraction(parts, (uint32_t)radix, out + sign);
    }
    return sign + radix_write_large(parts, (uint32_t)radix, out + sign);
}
