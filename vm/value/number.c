/* SPDX-License-Identifier: MIT */
#include "vm/value/number.h"

#include <math.h>

#include "vm/base/dtoa.h"
#include "vm/base/unicode.h"

int32_t number_to_int32_slow(double d)
{
    if (!isfinite(d)) return 0;
    double m = fmod(trunc(d), 4294967296.0);
    return (int32_t)(uint32_t)(int64_t)m;
}

double number_remainder(double a, double b)
{
    if (isfinite(a) && isinf(b)) return a;
    return fmod(a, b);
}

/* C's pow says 1 ** NaN and (-1) ** Infinity are 1; the standard says NaN. */
double number_power(double base, double exponent)
{
    if (exponent != exponent) return exponent;
    if (isinf(exponent) && fabs(base) == 1) return NAN;
    return pow(base, exponent);
}

String *number_int_to_string(LocalHeap *h, int32_t i)
{
    if (i >= 0 && i <= 9) return string_of(h->vm->one_unit_strings['0' + i]);
    char text[DTOA_SHORTEST_BYTES];
    size_t length = dtoa_write_int64(i, text);
    return string_new_latin1(h, (const uint8_t *)text, length);
}

String *number_to_string(LocalHeap *h, double d)
{
    int32_t i = (int32_t)d;
    if ((double)i == d) return number_int_to_string(h, i);
    char text[DTOA_SHORTEST_BYTES];
    size_t length = dtoa_write(d, text);
    return string_new_latin1(h, (const uint8_t *)text, length);
}

static bool number_is_space(uint32_t unit)
{
    return unicode_is_white_space(unit) || unicode_is_line_terminator(unit);
}

StringView number_trim(StringView v)
{
    size_t start = 0, end = v.length;
    while (start < end && number_is_space(text_unit(v, start))) start++;
    while (end > start && number_is_space(text_unit(v, end - 1))) end--;
    v = text_from(v, start);
    v.length = end - start;
    return v;
}

double number_from_string(LocalHeap *h, String *s)
{
    return dtoa_parse_literal(number_trim(string_view(h, s)));
}
