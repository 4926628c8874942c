/* SPDX-License-Identifier: MIT */
/* dtoa_exact.c - a given count of decimal digits, correctly rounded, halves up.
 *
 * Up to 17 significant digits, or 27 behind the point, come from one multiplication. The rest is exact
 * integer arithmetic in buffers of fixed size, for which E1 and E2 are the bounds:
 * E1  fraction * 5^count needs at most 53 + 233 bits.
 * E2  With k = count - 1 - (decimal exponent of x), x * 10^k is below 10^102. For k >= 0 the product
 *     significand * 5^k needs at most 53 + 986 bits (k <= 424); for k < 0 both significand * 2^(e + k) and
 *     5^-k (or that shifted, when e + k < 0) are at most x and 10 x, hence below 2^1028. */
#include <gmp.h>
#include <string.h>

#include "vm/base/dtoa_int.h"

enum { EXACT_LIMBS = 20, FRACTION_LIMBS = 6 };
STATIC_ASSERT(GMP_NUMB_BITS == 64, "limbs are 64-bit words");

const uint64_t dtoa_powers_of_5[28] = {
    UINT64_C(1), UINT64_C(5), UINT64_C(25), UINT64_C(125), UINT64_C(625), UINT64_C(3125), UINT64_C(15625),
    UINT64_C(78125), UINT64_C(390625), UINT64_C(1953125), UINT64_C(9765625), UINT64_C(48828125),
    UINT64_C(244140625), UINT64_C(1220703125), UINT64_C(6103515625), UINT64_C(30517578125),
    UINT64_C(152587890625), UINT64_C(762939453125), UINT64_C(3814697265625), UINT64_C(19073486328125),
    UINT64_C(95367431640625), UINT64_C(476837158203125), UINT64_C(2384185791015625),
    UINT64_C(11920928955078125), UINT64_C(59604644775390625), UINT64_C(298023223876953125),
    UINT64_C(1490116119384765625), UINT64_C(7450580596923828125),
};

/* ---- steps on numbers of `count` limbs, the top one not 0; they return the new count ---- */

static mp_size_t exact_multiply_power_of_5(mp_limb_t *n, mp_size_t count, int exponent)
{
    while (exponent > 0) {
        int       step = exponent > 27 ? 27 : exponent;
        mp_limb_t carry = mpn_mul_1(n, n, count, dtoa_powers_of_5[step]);
        if (carry) n[count++] = carry;
        exponent -= step;
    }
    return count;
}

static mp_size_t exact_shift_left(mp_limb_t *n, mp_size_t count, int bits)
{
    int words = bits / 64;
    bits %= 64;
    mp_limb_t carry = bits ? mpn_lshift(n + words, n, count, (unsigned)bits) : 0;
    if (!bits) memmove(n + words, n, (size_t)count * sizeof *n);
    memset(n, 0, (size_t)words * sizeof *n);
    count += words;
    if (carry) n[count++] = carry;
    return count;
}

/* Shift right, rounding halves up. */
static mp_size_t exact_shift_right_rounding(mp_limb_t *n, mp_size_t count, int bits)
{
    if (bits == 0) return count;
    int half_word = (bits - 1) / 64;
    if (half_word >= count) return 0;
    bool is_up = n[half_word] >> ((bits - 1) % 64) & 1;
    int  words = bits / 64;
    count -= words;
    if (count > 0 && bits % 64) mpn_rshift(n, n + words, count, (unsigned)bits % 64);
    else if (count > 0) memmove(n, n + words, (size_t)count * sizeof *n);
    while (count > 0 && n[count - 1] == 0) count--;
    if (!is_up) return count;
    if (count == 0) return n[0] = 1, 1;
    mp_limb_t carry = mpn_add_1(n, n, count, 1);
    if (carry) n[count++] = carry;
    return count;
}

/* Write n, which is below 10^(count + 1), with `count` digits; true when it has one more. Destroys n.
 * The digit too many, if any, is left out at the front. */
static bool exact_write(mp_limb_t *n, mp_size_t limbs, int count, char *digits)
{
    const uint64_t chunk = UINT64_C(1000000000000000000);
    int at = count;
    for (; at >= 18; at -= 18) {
        uint64_t low = limbs ? mpn_divrem_1(n, 0, n, limbs, chunk) : 0;
        while (limbs > 0 && n[limbs - 1] == 0) limbs--;
        dtoa_write_padded(low, 18, digits + at - 18);
    }
    uint64_t last = limbs ? n[0] : 0;                // below 10^19
    uint64_t limit = dtoa_powers_of_5[at] << at;
    dtoa_write_padded(last % limit, at, digits);
    return last >= limit;
}

/* ---- fractions ---- */

bool dtoa_exact_fraction(uint64_t fraction, int scale_bits, int count, char *digits)
{
    int real = count < scale_bits ? count : scale_bits;      // all digits behind scale_bits are 0
    memset(digits + real, '0', (size_t)(count - real));
    int shift = scale_bits - real;                   // fraction * 10^real / 2^scale_bits, less 2^real
    if (real <= 27) {                                // 53 + 63 bits
        unsigned __int128 n = (unsigned __int128)fraction * dtoa_powers_of_5[real];
        if (shift > 120) n = 0;
        else if (shift > 0) n = (n + ((unsigned __int128)1 << (shift - 1))) >> shift;
        if (real <= 18) {
            uint64_t limit = dtoa_powers_of_5[real] << real;
            dtoa_write_padded((uint64_t)n % limit, real, digits);
            return n >= limit;
        }
        const uint64_t chunk = UINT64_C(1000000000000000000);
        uint64_t high = (uint64_t)(n / chunk), limit = dtoa_powers_of_5[real - 18] << (real - 18);
        dtoa_write_padded(high % limit, real - 18, digits);
        dtoa_write_padded((uint64_t)(n % chunk), 18, digits + real - 18);
        return high >= limit;
    }
    mp_limb_t n[FRACTION_LIMBS] = { fraction };
    mp_size_t limbs = exact_multiply_power_of_5(n, fraction != 0, fraction ? real : 0);
    limbs = exact_shift_right_rounding(n, limbs, shift);
    return exact_write(n, limbs, real, digits);
}

/* ---- significant digits ---- */

/* x * 10^k rounded half up, by one multiplication with 128 bits of 10^k. Below 10^18. False when the part cut
 * off 10^k might matter, which is about once in 2^64. */
static bool exact_try_scale(DtoaParts x, int k, uint64_t *rounded)
{
    if (k > DTOA_HIGHEST_POWER) return false;
    int         leading = bits_count_leading_zeros64(x.significand);
    DtoaProduct p = dtoa_multiply(x.significand << leading, dtoa_power(k));
    if (p.middle == UINT64_MAX && !dtoa_power_is_exact(k)) return false;
    int shift = -(x.exponent - leading + dtoa_log2_of_power10(k) - 127) - 128;
    ASSERT(1 <= shift && shift <= 64, "the scaled value is in 1/2 .. 2^63");
    *rounded = ((p.high >> (shift - 1)) + 1) >> 1;
    return true;
}

/* The same, exactly. E2. */
static mp_size_t exact_scale(DtoaParts x, int k, mp_limb_t n[EXACT_LIMBS])
{
    int shift = x.exponent + k;
    n[0] = x.significand;
    if (k >= 0) {
        mp_size_t limbs = exact_multiply_power_of_5(n, 1, k);
        return shift >= 0 ? exact_shift_left(n, limbs, shift) : exact_shift_right_rounding(n, limbs, -shift);
    }
    mp_limb_t divisor[EXACT_LIMBS] = { 1 }, quotient[EXACT_LIMBS];
    mp_size_t limbs = 1, divisor_limbs = exact_multiply_power_of_5(divisor, 1, -k);
    if (shift >= 0) limbs = exact_shift_left(n, limbs, shift);
    else divisor_limbs = exact_shift_left(divisor, divisor_limbs, -shift);
    ASSERT(limbs <= EXACT_LIMBS && divisor_limbs <= EXACT_LIMBS, "E2");
    mp_size_t quotient_limbs = 0;
    if (limbs >= divisor_limbs) {
        mpn_tdiv_qr(quotient, n, 0, n, limbs, divisor, divisor_limbs);
        quotient_limbs = limbs - divisor_limbs + 1;
        while (quotient_limbs > 0 && quotient[quotient_limbs - 1] == 0) quotient_limbs--;
        limbs = divisor_limbs;                       // the remainder's
    }
    while (limbs < divisor_limbs) n[limbs++] = 0;
    bool is_up = mpn_lshift(n, n, limbs, 1) || mpn_cmp(n, divisor, limbs) >= 0;
    memcpy(n, quotient, (size_t)quotient_limbs * sizeof *n);
    if (!is_up) return quotient_limbs;
    if (quotient_limbs == 0) return n[0] = 1, 1;
    mp_limb_t carry = mpn_add_1(n, n, quotient_limbs, 1);
    if (carry) n[quotient_limbs++] = carry;
    return quotient_limbs;
}

int dtoa_exact_significant(double x, int count, char *digits)
{
    DtoaParts parts = dtoa_split(x);
    int bit_length = 64 - bits_count_leading_zeros64(parts.significand) + parts.exponent;
    int exponent = dtoa_log10_of_power2(bit_length - 1);     // that of x, or one less
    for (;; exponent++) {                            // again when rounded up to 10^count, or one less it was
        int      k = count - 1 - exponent;
        uint64_t rounded;
        if (count <= 17 && exact_try_scale(parts, k, &rounded)) {
            if (rounded >= dtoa_powers_of_5[count] << count) continue;
            dtoa_write_padded(rounded, count, digits);
            return exponent;
        }
        mp_limb_t n[EXACT_LIMBS];
        if (!exact_write(n, exact_scale(parts, k, n), count, digits)) return exponent;
    }
}
