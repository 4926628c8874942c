/* SPDX-License-Identifier: MIT */
/* limbs_text.c - big integers to text and back, in less than quadratic time (GMP divides and conquers). */
#include <gmp.h>
#include <string.h>

#include "vm/base/limbs.h"

/* floor(4096 * log2(radix)), so that a digit has at least / 4096 bits and at most (that + 1) / 4096. */
static const uint16_t text_bits_per_digit[37] = {
    0, 0, 4096, 6492, 8192, 9510, 10588, 11498, 12288, 12984, 13606, 14169, 14684, 15157, 15594, 16002, 16384,
    16742, 17080, 17399, 17702, 17990, 18265, 18528, 18780, 19021, 19253, 19476, 19690, 19898, 20098, 20292,
    20480, 20661, 20838, 21009, 21176,
};

/* The room GMP asks for: the largest number of so many digits, and a limb. */
uint64_t limbs_text_parse_room(size_t digits, int radix)
{
    CHECK(2 <= radix && radix <= 36, "a radix of 2..36");
    unsigned __int128 bits = (unsigned __int128)digits * (text_bits_per_digit[radix] + 1u) / 4096 + 1;
    return (uint64_t)(bits / 64 + 2);
}

bool limbs_text_parse(TextView digits, int radix, Limb *out, uint8_t *scratch, LimbsInt *result)
{
    size_t skip = 0, count = 0;
    if (digits.length == 0) return false;
    while (skip < digits.length && text_unit(digits, skip) == '0') skip++;
    for (size_t i = skip; i < digits.length; i++) {
        uint32_t value = text_digit_value(text_unit(digits, i));
        if (value >= (uint32_t)radix) return false;
        scratch[count++] = (uint8_t)value;
    }
    size_t limbs = count ? (size_t)mpn_set_str(out, scratch, count, radix) : 0;
    *result = limbs_view(out, limbs, false);
    return true;
}

/* The room GMP asks for: the largest number of so many limbs, and a digit; and a sign. */
uint64_t limbs_text_write_room(LimbsInt a, int radix)
{
    CHECK(2 <= radix && radix <= 36, "a radix of 2..36");
    return (uint64_t)a.count * 64 * 4096 / text_bits_per_digit[radix] + 3;
}

size_t limbs_text_write(LimbsInt a, int radix, char *out, Limb *scratch)
{
    if (a.count == 0) return out[0] = '0', 1;
    memcpy(scratch, a.limbs, a.count * sizeof *scratch);     // is destroyed below
    char *text = out;
    if (a.is_negative) *text++ = '-';
    size_t count = mpn_get_str((unsigned char *)text, radix, scratch, a.count), zeros = 0;
    while (text[zeros] == 0) zeros++;
    count -= zeros;
    for (size_t i = 0; i < count; i++) {
        int value = text[i + zeros];
        text[i] = (char)(value < 10 ? '0' + value : 'a' + value - 10);
    }
    return (size_t)(text - out) + count;
}
