/* SPDX-License-Identifier: MIT */
#include "compiler/literal.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/source.h"
#include "vm/base/mem.h"
#include "vm/base/utf.h"

/* ---- numbers ------------------------------------------------------------------------------------------- */

enum { EXACT_POWER = 22, EXACT_DIGITS = 15 };    // 10^22 and 15 digits are exact doubles

static const double exact_powers[EXACT_POWER + 1] = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

/* Most literals are short: then one exact product or quotient is the rounded value. */
static bool try_short_decimal(const uint8_t *text, size_t length, double *value)
{
    uint64_t digits = 0;
    int count = 0, exponent = 0;
    bool is_fraction = false;
    for (size_t i = 0; i < length; i++) {
        uint8_t c = text[i];
        if (c == '_') continue;
        if (c == '.') {
            is_fraction = true;
            continue;
        }
        if (c > '9') return false;               // an exponent
        if (digits || c != '0') count++;
        if (count > EXACT_DIGITS || exponent < -EXACT_POWER + 1) return false;
        digits = digits * 10 + (c - '0');
        exponent -= is_fraction;
    }
    *value = (double)digits / exact_powers[-exponent];
    return true;
}

double literal_decimal(const uint8_t *text, size_t length)
{
    double value;
    if (try_short_decimal(text, length, &value)) return value;
    char short_copy[64];
    char *copy = length < sizeof short_copy ? short_copy : mem_alloc(length + 1);
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        if (text[i] != '_') copy[count++] = (char)text[i];
    copy[count] = 0;
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);    // the C library's own, not a new one
    value = strtod_l(copy, NULL, c_locale);
    freelocale(c_locale);
    if (copy != short_copy) mem_free(copy);
    return value;
}

double literal_binary(const uint8_t *digits, size_t length, unsigned bits_per_digit)
{
    uint64_t top = 0;                            // the leading 64 bits at most
    bool is_sticky = false;                      // a one was dropped behind them
    int dropped = 0;                             // how many bits were
    for (size_t i = 0; i < length; i++) {
        if (digits[i] == '_') continue;
        uint64_t digit = literal_hex_digit(digits[i]);
        for (unsigned bit = bits_per_digit; bit-- > 0;) {
            uint64_t b = digit >> bit & 1;
            if (top >> 63) {
                is_sticky |= b;
                if (dropped < 2000) dropped++;
            } else {
                top = top << 1 | b;
            }
        }
    }
    // one rounding, 64 bits to 53: the sticky bit tells ties
    return ldexp((double)(top | is_sticky), dropped);
}

/* ---- text ---------------------------------------------------------------------------------------------- */

void literal_put(LiteralText *out, uint32_t code_point)
{
    uint16_t units[2];
    int count = utf_encode_utf16(code_point, units);
    for (int i = 0; i < count; i++) VEC_PUSH_ARENA(out->arena, &out->units, units[i]);
}

uint32_t literal_unicode_escape(const uint8_t **p, const uint8_t *end, LiteralFault *fault)
{
    const uint8_t *s = *p;
    uint32_t value = 0;
    *fault = LITERAL_BAD_UNICODE_ESCAPE;
    if (s < end && *s == '{') {
        const uint8_t *first = ++s;
        for (; s < end && literal_hex_digit(*s) < 16; s++) {
            value = value * 16 + literal_hex_digit(*s);
            if (value > UTF_LAST_CODE_POINT) {
                *fault = LITERAL_BAD_CODE_POINT;
                return UTF_INVALID;
            }
        }
        if (s == first || s >= end || *s != '}') return UTF_INVALID;
        *p = s + 1;
    } else {
        if (end - s < 4) return UTF_INVALID;
        for (int i = 0; i < 4; i++) {
            unsigned digit = literal_hex_digit(s[i]);
            if (digit > 15) return UTF_INVALID;
            value = value * 16 + digit;
        }
        *p = s + 4;
    }
    *fault = LITERAL_FINE;
    return value;
}

static bool is_octal_digit(const uint8_t *p, const uint8_t *end)
{
    return p < end && *p >= '0' && *p <= '7';
}

/* \0 to \377; `p` at the first digit. */
static uint32_t legacy_octal(const uint8_t **p, const uint8_t *end)
{
    uint32_t value = *(*p)++ - '0';
    if (is_octal_digit(*p, end)) {
        value = value * 8 + (*(*p)++ - '0');
        if (value < 32 && is_octal_digit(*p, end)) value = value * 8 + (*(*p)++ - '0');
    }
    return value;
}

static uint32_t hex_escape(const uint8_t **p, const uint8_t *end, LiteralFault *fault)
{
    const uint8_t *s = *p;
    if (end - s < 2 || literal_hex_digit(s[0]) > 15 || literal_hex_digit(s[1]) > 15) {
        *fault = LITERAL_BAD_HEX_ESCAPE;
        return UTF_INVALID;
    }
    *p = s + 2;
    return literal_hex_digit(s[0]) * 16 + literal_hex_digit(s[1]);
}

/* Append what the escape at `*p` (behind its backslash) stands for and move on; false on a fault. */
static bool cook_escape(const uint8_t **p, const uint8_t *end, bool is_template, LiteralText *out,
                        LiteralCooked *cooked)
{
    static const char simple[] = "b\bf\fn\nr\rt\tv\v";
    uint8_t c = **p;
    uint32_t value;
    if (c >= '0' && c <= '9') {
        bool is_plain_nul = c == '0' && !(*p + 1 < end && (*p)[1] >= '0' && (*p)[1] <= '9');
        if (!is_plain_nul && is_template) {
            cooked->fault = LITERAL_OCTAL_IN_TEMPLATE;
            return false;
        }
        cooked->has_octal |= !is_plain_nul;
        value = c <= '7' ? legacy_octal(p, end) : *(*p)++;
    } else if (c == 'x' || c == 'u') {
        ++*p;
        value = c == 'x' ? hex_escape(p, end, &cooked->fault)
                         : literal_unicode_escape(p, end, &cooked->fault);
        if (value == UTF_INVALID) return false;
    } else if (c == '\r') {
        *p += *p + 1 < end && (*p)[1] == '\n' ? 2 : 1;
        return true;
    } else {
        value = source_decode(p);
        if (value == '\n' || value == 0x2028 || value == 0x2029) return true;
        const char *found = c < 0x80 ? memchr(simple, c, sizeof simple - 1) : NULL;
        if (found && (found - simple) % 2 == 0) value = (uint8_t)found[1];
    }
    literal_put(out, value);
    return true;
}

static LiteralCooked cook(const uint8_t *p, const uint8_t *to, bool is_template, LiteralText *out)
{
    LiteralCooked cooked = { 0 };
    while (p < to) {
        if (*p == '\\') {
            const uint8_t *backslash = p++;
            cooked.has_escape = true;
            if (!cook_escape(&p, to, is_template, out, &cooked)) {
                cooked.fault_at = backslash;
                return cooked;
            }
        } else if (*p == '\r' && is_template) {
            p += p + 1 < to && p[1] == '\n' ? 2 : 1;
            literal_put(out, '\n');
        } else {
            literal_put(out, source_decode(&p));
        }
    }
    return cooked;
}

LiteralCooked literal_cook_string(const uint8_t *from, const uint8_t *to, LiteralText *out)
{
    return cook(from, to, false, out);
}

LiteralCooked literal_cook_template(const uint8_t *from, const uint8_t *to, LiteralText *out)
{
    return cook(from, to, true, out);
}

void literal_raw_template(const uint8_t *p, const uint8_t *to, LiteralText *out)
{
    while (p < to) {
        if (*p == '\r') {
            p += p + 1 < to && p[1] == '\n' ? 2 : 1;
            literal_put(out, '\n');
        } else {
            literal_put(out, source_decode(&p));
        }
    }
}
