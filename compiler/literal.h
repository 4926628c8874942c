/* SPDX-License-Identifier: MIT */
/* literal.h - the values of number, string and template literals (ECMA-262 12.9).
 *
 * I1  Input is valid source text (source.h I2) that the lexer has delimited.
 * I2  Numbers are correctly rounded, ties to even, whatever their length. */
#ifndef US_COMPILER_LITERAL_H
#define US_COMPILER_LITERAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vm/base/arena.h"
#include "vm/base/vec.h"

/* UTF-16 text under construction, in an arena. */
typedef struct LiteralText {
    Arena *arena;
    VEC(uint16_t) units;
} LiteralText;

typedef enum LiteralFault {
    LITERAL_FINE,
    LITERAL_BAD_HEX_ESCAPE,          // \x without two digits
    LITERAL_BAD_UNICODE_ESCAPE,      // \u without four digits or braces
    LITERAL_BAD_CODE_POINT,          // \u{...} above 10FFFF
    LITERAL_OCTAL_IN_TEMPLATE,       // \1 .. \9, \01
} LiteralFault;

typedef struct LiteralCooked {
    bool           has_escape;
    bool           has_octal;        // \1 .. \9 or \0 before a digit: an error in strict code
    LiteralFault   fault;            // the first one; text from there on is not meaningful
    const uint8_t *fault_at;         // its backslash
} LiteralCooked;

/** The value of DecimalLiteral text: digits, `.`, exponent; numeric separators are skipped. */
double literal_decimal(const uint8_t *text, size_t length);

/** The value of digits in base 2^`bits_per_digit` (1, 3 or 4), separators skipped; the digits are valid. */
double literal_binary(const uint8_t *digits, size_t length, unsigned bits_per_digit);

/** The code point of `\uXXXX` or `\u{X...}` where `*p` is behind `\u`; moves on. UTF_INVALID leaves `*p`
 *  anywhere within and, through `*fault`, says why. */
uint32_t literal_unicode_escape(const uint8_t **p, const uint8_t *end, LiteralFault *fault);

/** Append the value of the text between the quotes of a string. */
LiteralCooked literal_cook_string(const uint8_t *from, const uint8_t *to, LiteralText *out);

/** Append the cooked value (TV) of template characters; line ends become \n. */
LiteralCooked literal_cook_template(const uint8_t *from, const uint8_t *to, LiteralText *out);

/** Append the raw value (TRV). */
void literal_raw_template(const uint8_t *from, const uint8_t *to, LiteralText *out);

/** Append a code point. */
void literal_put(LiteralText *out, uint32_t code_point);

/** 0..15, or 16 when `c` is no hexadecimal digit. */
static inline unsigned literal_hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9') return c - '0';
    uint8_t lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10u : 16;
}

#endif
