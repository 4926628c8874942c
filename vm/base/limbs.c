/* SPDX-License-Identifier: MIT */
#include "vm/base/limbs.h"

#include <gmp.h>
#include <math.h>
#include <string.h>

#include "vm/base/dtoa_int.h"

STATIC_ASSERT(sizeof(mp_limb_t) == 8 && GMP_NAIL_BITS == 0, "a limb is a full 64-bit word");
STATIC_ASSERT(__builtin_types_compatible_p(mp_limb_t, Limb), "GMP's limbs are ours");

static LimbsInt limbs_copy(LimbsInt a, Limb *out)
{
    if (a.count) memmove(out, a.limbs, a.count * sizeof *out);
    a.limbs = out;
    return a;
}

/* ---- order ---- */

static int limbs_compare_magnitudes(LimbsInt a, LimbsInt b)
{
    if (a.count != b.count) return a.count < b.count ? -1 : 1;
    int order = a.count ? mpn_cmp(a.limbs, b.limbs, a.count) : 0;
    return (order > 0) - (order < 0);
}

LimbsOrder limbs_compare(LimbsInt a, LimbsInt b)
{
    if (a.is_negative != b.is_negative) return a.is_negative ? LIMBS_LESS : LIMBS_GREATER;
    int order = limbs_compare_magnitudes(a, b);
    return (LimbsOrder)(a.is_negative ? -order : order);
}

/* Bits of `a` from its top one down, left-aligned; whether there are more below is told, too. a != 0. */
static uint64_t limbs_leading_bits(LimbsInt a, bool *has_more)
{
    int      leading = bits_count_leading_zeros64(a.limbs[a.count - 1]);
    uint64_t high = a.limbs[a.count - 1] << leading;
    *has_more = false;
    if (a.count == 1) return high;
    uint64_t next = a.limbs[a.count - 2];
    if (leading) high |= next >> (64 - leading);
    *has_more = (next << leading) != 0 || (a.count > 2 && !mpn_zero_p(a.limbs, a.count - 2));
    return high;
}

LimbsOrder limbs_compare_double(LimbsInt a, double x)
{
    if (x != x) return LIMBS_UNORDERED;
    if (a.count == 0) return x == 0 ? LIMBS_EQUAL : x > 0 ? LIMBS_LESS : LIMBS_GREATER;
    LimbsOrder below = a.is_negative ? LIMBS_GREATER : LIMBS_LESS;       // when |a| < |x|
    LimbsOrder above = a.is_negative ? LIMBS_LESS : LIMBS_GREATER;
    if ((x < 0) != a.is_negative || fabs(x) < 1) return above;           // x == 0 is among the latter
    if (isinf(x)) return below;
    DtoaParts parts = dtoa_split(x);                         // normal, hence with bit 52 set
    uint64_t  bits = limbs_bit_length(a), bits_of_x = (uint64_t)(53 + parts.exponent);
    if (bits != bits_of_x) return bits < bits_of_x ? below : above;
    bool     has_more;
    uint64_t high = limbs_leading_bits(a, &has_more), high_of_x = parts.significand << 11;
    if (high != high_of_x) return high < high_of_x ? below : above;
    return has_more ? above : LIMBS_EQUAL;
}

/* ---- doubles ---- */

double limbs_to_double(LimbsInt a)
{
    if (a.count == 0) return 0;
    bool     has_more;
    uint64_t high = limbs_leading_bits(a, &has_more);
    double   x = dtoa_parse_round(high, (int64_t)limbs_bit_length(a) - 64, has_more);
    return a.is_negative ? -x : x;
}

LimbsInt limbs_from_double(double x, Limb out[LIMBS_ROOM_FROM_DOUBLE])
{
    CHECK(x == trunc(x) && !isinf(x), "an integer");
    if (fabs(x) < 0x1p63) return limbs_from_int64((int64_t)x, out);
    DtoaParts parts = dtoa_split(x);                         // 2^11 <= 2^exponent <= 2^971
    size_t    word = (size_t)parts.exponent / 64 % LIMBS_ROOM_FROM_DOUBLE;
    int       bit = parts.exponent % 64;
    memset(out, 0, word * sizeof *out);
    out[word] = parts.significand << bit;
    size_t count = word + 1;
    if (bit > 11) out[count++] = parts.significand >> (64 - bit);
    return limbs_view(out, count, x < 0);
}

/* ---- sums and products ---- */

/* |a| + |b| with the given sign. */
static LimbsInt limbs_add_magnitudes(LimbsInt a, LimbsInt b, bool is_negative, Limb *out)
{
    if (a.count < b.count) {
        LimbsInt swap = a;
        a = b;
        b = swap;
    }
    if (b.count == 0) {
        a.is_negative = is_negative && a.count > 0;
        return limbs_copy(a, out);
    }
    size_t count = a.count;
    Limb   carry = mpn_add(out, a.limbs, a.count, b.limbs, b.count);
    if (carry) out[count++] = carry;
    return (LimbsInt){ out, (uint32_t)count, is_negative };
}

/* |a| - |b|, its sign turned when `is_negative`. */
static LimbsInt limbs_sub_magnitudes(LimbsInt a, LimbsInt b, bool is_negative, Limb *out)
{
    int order = limbs_compare_magnitudes(a, b);
    if (order == 0) return limbs_view(out, 0, false);
    if (order < 0) {
        LimbsInt swap = a;
        a = b;
        b = swap;
    }
    is_negative ^= order < 0;
    if (b.count == 0) {
        a.is_negative = is_negative;
        return limbs_copy(a, out);
    }
    mpn_sub(out, a.limbs, a.count, b.limbs, b.count);
    return limbs_view(out, a.count, is_negative);
}

LimbsInt limbs_add(LimbsInt a, LimbsInt b, Limb *out)
{
    if (a.is_negative == b.is_negative) return limbs_add_magnitudes(a, b, a.is_negative, out);
    return limbs_sub_magnitudes(a, b, a.is_negative, out);
}

LimbsInt limbs_sub(LimbsInt a, LimbsInt b, Limb *out)
{
    return limbs_add(a, limbs_negate(b), out);
}

LimbsInt limbs_mul(LimbsInt a, LimbsInt b, Limb *out)
{
    if (a.count == 0 || b.count == 0) return limbs_view(out, 0, false);
    size_t count = (size_t)a.count + b.count;
    if (a.limbs == b.limbs && a.count == b.count) mpn_sqr(out, a.limbs, a.count);
    else if (a.count >= b.count) mpn_mul(out, a.limbs, a.count, b.limbs, b.count);
    else mpn_mul(out, b.limbs, b.count, a.limbs, a.count);
    return limbs_view(out, count, a.is_negative != b.is_negative);
}

void limbs_divmod(LimbsInt a, LimbsInt b, Limb *quotient_out, Limb *remainder_out,
                  LimbsInt *quotient, LimbsInt *remainder)
{
    CHECK(b.count > 0, "a divisor that is not zero");
    if (a.count < b.count) {
        *quotient = limbs_view(quotient_out, 0, false);
        *remainder = limbs_copy(a, remainder_out);
        return;
    }
    bool is_negative = a.is_negative != b.is_negative;
    if (b.count == 1) remainder_out[0] = mpn_divrem_1(quotient_out, 0, a.limbs, a.count, b.limbs[0]);
    else mpn_tdiv_qr(quotient_out, remainder_out, 0, a.limbs, a.count, b.limbs, b.count);
    *quotient = limbs_view(quotient_out, (size_t)(a.count - b.count) + 1, is_negative);
    *remainder = limbs_view(remainder_out, b.count, a.is_negative);
}

/* ---- powers ---- */

/* A square or product of n and m limbs has n + m limbs written to it, at most one more than the bits of the
 * whole power fill: both factors waste less than 64 bits. */
uint64_t limbs_room_pow(LimbsInt base, uint64_t exponent)
{
    uint64_t bits;
    if (__builtin_mul_overflow(limbs_bit_length(base), exponent, &bits)) return UINT64_MAX;
    return bits / 64 + 2;
}

static bool limbs_is_power_of_two(LimbsInt a)
{
    if (!bits_is_power_of_two(a.limbs[a.count - 1])) return false;
    return a.count == 1 || mpn_zero_p(a.limbs, a.count - 1);
}

LimbsInt limbs_pow(LimbsInt base, uint64_t exponent, Limb *out, Limb *scratch)
{
    if (exponent == 0) return limbs_from_uint64(1, out);
    if (base.count == 0) return limbs_view(out, 0, false);
    bool is_negative = base.is_negative && (exponent & 1);
    base.is_negative = false;
    LimbsInt power;
    if (limbs_is_power_of_two(base)) {
        Limb one = 1;
        power = limbs_shift_left(limbs_view(&one, 1, false), (limbs_bit_length(base) - 1) * exponent, out);
    } else {
        power = limbs_copy(base, out);
        for (int bit = 62 - bits_count_leading_zeros64(exponent); bit >= 0; bit--) {
            power = limbs_mul(power, power, power.limbs == out ? scratch : out);
            if (exponent >> bit & 1) power = limbs_mul(power, base, power.limbs == out ? scratch : out);
        }
        if (power.limbs != out) power = limbs_copy(power, out);
    }
    power.is_negative = is_negative;
    return power;
}

/* ---- bits ---- */

typedef enum LimbsBitwise { LIMBS_AND, LIMBS_OR, LIMBS_XOR } LimbsBitwise;

static ALWAYS_INLINE Limb limbs_combine_words(Limb x, Limb y, LimbsBitwise operation)
{
    return operation == LIMBS_AND ? x & y : operation == LIMBS_OR ? x | y : x ^ y;
}

/* Word by word through two's complement: -x is ~x + 1, whose carry is kept for either argument and, when the
 * result is negative, for turning it back. One word more than the longer argument holds any result. */
static ALWAYS_INLINE LimbsInt limbs_combine(LimbsInt a, LimbsInt b, LimbsBitwise operation, Limb *out)
{
    size_t count = (a.count > b.count ? a.count : b.count) + (size_t)1;
    Limb   flip_a = -(Limb)a.is_negative, flip_b = -(Limb)b.is_negative;
    Limb   flip = limbs_combine_words(flip_a, flip_b, operation);
    Limb   carry_a = flip_a & 1, carry_b = flip_b & 1, carry = flip & 1;
    for (size_t i = 0; i < count; i++) {
        Limb x = ((i < a.count ? a.limbs[i] : 0) ^ flip_a) + carry_a;
        Limb y = ((i < b.count ? b.limbs[i] : 0) ^ flip_b) + carry_b;
        carry_a &= x == 0;                           // adding 1 carries on iff it gives 0
        carry_b &= y == 0;
        Limb z = (limbs_combine_words(x, y, operation) ^ flip) + carry;
        carry &= z == 0;
        out[i] = z;
    }
    return limbs_view(out, count, flip != 0);
}

LimbsInt limbs_and(LimbsInt a, LimbsInt b, Limb *out) { return limbs_combine(a, b, LIMBS_AND, out); }
LimbsInt limbs_or(LimbsInt a, LimbsInt b, Limb *out)  { return limbs_combine(a, b, LIMBS_OR, out); }
LimbsInt limbs_xor(LimbsInt a, LimbsInt b, Limb *out) { return limbs_combine(a, b, LIMBS_XOR, out); }

LimbsInt limbs_not(LimbsInt a, Limb *out)                    // -a - 1
{
    const Limb one = 1;
    return limbs_sub(limbs_negate(a), limbs_view(&one, 1, false), out);
}

LimbsInt limbs_shift_left(LimbsInt a, uint64_t bits, Limb *out)
{
    if (a.count == 0) return limbs_view(out, 0, false);
    size_t   words = bits / 64, count = a.count + words;
    unsigned rest = bits % 64;
    Limb     carry = 0;
    if (rest) carry = mpn_lshift(out + words, a.limbs, a.count, rest);
    else memcpy(out + words, a.limbs, a.count * sizeof *out);
    memset(out, 0, words * sizeof *out);
    if (carry) out[count++] = carry;
    return limbs_view(out, count, a.is_negative);
}

LimbsInt limbs_shift_right(LimbsInt a, uint64_t bits, Limb *out)
{
    size_t words = bits / 64;
    if (words >= a.count) return limbs_from_int64(a.is_negative ? -1 : 0, out);
    size_t   count = a.count - words;
    unsigned rest = bits % 64;
    Limb     lost = 0;
    if (rest) lost = mpn_rshift(out, a.limbs + words, (mp_size_t)count, rest);
    else memcpy(out, a.limbs + words, count * sizeof *out);
    bool rounds_down = a.is_negative && (lost || (words && !mpn_zero_p(a.limbs, (mp_size_t)words)));
    if (rounds_down && mpn_add_1(out, out, (mp_size_t)count, 1)) out[count++] = 1;
    return limbs_view(out, count, a.is_negative);
}

/* |a| mod 2^bits in all of its words, the upper ones 0 when a has fewer; bits > 0. */
static size_t limbs_truncate(LimbsInt a, uint64_t bits, Limb *out)
{
    size_t words = (bits + 63) / 64, have = a.count < words ? a.count : words;
    if (have) memcpy(out, a.limbs, have * sizeof *out);
    memset(out + have, 0, (words - have) * sizeof *out);
    if (bits % 64) out[words - 1] &= ~(UINT64_MAX << (bits % 64));
    return words;
}

/* 2^bits - n, for n of `words` words that is not 0. */
static void limbs_complement(Limb *n, size_t words, uint64_t bits)
{
    mpn_neg(n, n, (mp_size_t)words);
    if (bits % 64) n[words - 1] &= ~(UINT64_MAX << (bits % 64));
}

LimbsInt limbs_as_uint(LimbsInt a, uint64_t bits, Limb *out)
{
    if (bits == 0 || a.count == 0) return limbs_view(out, 0, false);
    if (!a.is_negative && limbs_bit_length(a) <= bits) return limbs_copy(a, out);
    size_t words = limbs_truncate(a, bits, out);
    if (a.is_negative && !mpn_zero_p(out, (mp_size_t)words)) limbs_complement(out, words, bits);
    return limbs_view(out, words, false);
}

LimbsInt limbs_as_int(LimbsInt a, uint64_t bits, Limb *out)
{
    if (bits == 0) return limbs_view(out, 0, false);
    if (limbs_bit_length(a) < bits) return limbs_copy(a, out);
    size_t   words = limbs_truncate(a, bits, out);
    LimbsInt rest = limbs_view(out, words, a.is_negative);
    if (limbs_bit_length(rest) < bits) return rest;          // below 2^(bits - 1)
    if (a.is_negative && limbs_is_power_of_two(rest)) return rest;       // just -2^(bits - 1)
    limbs_complement(out, words, bits);
    return limbs_view(out, words, !a.is_negative);
}
