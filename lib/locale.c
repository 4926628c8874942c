/* SPDX-License-Identifier: MIT */
#include "lib/locale.h"

#include <math.h>
#include <string.h>

#include "vm/base/dtoa.h"

enum { LOCALE_FRACTION_DIGITS = 3, LOCALE_MOST_INTEGER_DIGITS = 309 };

/* A decimal number: 0.d1d2d3... times ten to the `point`. */
typedef struct LocaleDecimal {
    char digits[32];
    int  count;
    int  point;
} LocaleDecimal;

void locale_put_grouped(StringBuilder *b, const char *digits, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i && (count - i) % 3 == 0) string_builder_put_unit(b, ',');
        string_builder_put_unit(b, (uint8_t)digits[i]);
    }
}

/* The shortest digits of `d`, finite and not negative. */
static LocaleDecimal locale_decimal(double d)
{
    char text[DTOA_FIXED_BYTES];
    LocaleDecimal out = { .count = 0 };
    size_t length = dtoa_write_exponential(d, -1, text), i = 0;
    for (; i < length && text[i] != 'e'; i++)
        if (text[i] != '.') out.digits[out.count++] = text[i];
    int exponent = 0;
    bool is_negative = text[i + 1] == '-';
    for (i += 2; i < length; i++) exponent = exponent * 10 + (text[i] - '0');
    out.point = (is_negative ? -exponent : exponent) + 1;
    return out;
}

/* Keep LOCALE_FRACTION_DIGITS digits behind the point, a half rounded up; no zeros at the end. */
static void locale_round(LocaleDecimal *d)
{
    int keep = d->point + LOCALE_FRACTION_DIGITS;
    if (keep < d->count) {
        bool up = keep >= 0 && d->digits[keep] >= '5';
        d->count = keep < 0 ? 0 : keep;
        int i = d->count - 1;
        for (; up && i >= 0; i--) {
            if (d->digits[i]++ < '9') break;
            d->digits[i] = '0';
        }
        if (up && i < 0) {
            memmove(d->digits + 1, d->digits, (size_t)d->count);
            d->digits[0] = '1';
            d->count++;
            d->point++;
        }
    }
    while (d->count && d->digits[d->count - 1] == '0') d->count--;
}

String *locale_number(LocalHeap *h, double d)
{
    StringBuilder b;
    if (isnan(d)) return string_new_text(h, "NaN");
    string_builder_init(&b);
    if (signbit(d)) string_builder_put_unit(&b, '-');
    if (isinf(d)) {
        string_builder_put_unit(&b, 0x221e);
        return string_builder_end(h, &b);
    }
    LocaleDecimal n = locale_decimal(fabs(d));
    locale_round(&n);
    char whole[LOCALE_MOST_INTEGER_DIGITS + 1] = "0";
    int count = n.point > 0 && n.count ? n.point : 1;
    for (int i = 0; i < n.point && n.count; i++) whole[i] = i < n.count ? n.digits[i] : '0';
    locale_put_grouped(&b, whole, (size_t)count);
    if (n.count && n.count > n.point) {
        string_builder_put_unit(&b, '.');
        for (int i = n.point; i < n.count; i++) string_builder_put_unit(&b, i < 0 ? '0' : (uint8_t)n.digits[i]);
    }
    return string_builder_end(h, &b);
}
