/* SPDX-License-Identifier: MIT */
/* dtoa.h - numbers to text and text to numbers, as ECMA-262 wants them.
 *
 * I1  Writers return the count of characters, all of them ASCII, and add no NUL. They may scribble over the
 *     rest of the buffer, which has at least the stated room.
 * I2  Readers round to the nearest double, ties to even, however long the text is. They know no white space:
 *     the caller has trimmed it.
 * Pure functions without allocation, any thread. */
#ifndef US_BASE_DTOA_H
#define US_BASE_DTOA_H

#include <stddef.h>
#include <stdint.h>

#include "vm/base/attr.h"
#include "vm/base/text.h"

enum {
    DTOA_SHORTEST_BYTES = 48,        // room for dtoa_write, dtoa_write_int64
    DTOA_FIXED_BYTES = 136,          // room for dtoa_write_fixed, _exponential and _precision
    DTOA_RADIX_BYTES = 1152,         // room for dtoa_radix_write: a sign, `0.` and 1074 digits at most
    DTOA_MOST_DIGITS = 100,          // toFixed, toExponential and toPrecision go up to here
};

/* ---- numbers to text ---- */

/** Number::toString(x, 10), ECMA-262 6.1.6.1.20: the shortest digits that read back as x. */
size_t dtoa_write(double x, char out[DTOA_SHORTEST_BYTES]);

size_t dtoa_write_int64(int64_t i, char out[DTOA_SHORTEST_BYTES]);

/** Number::toString(x, radix), radix 2..36: the shortest digits that read back as x, of those the nearest to
 *  x. Radix 10 is dtoa_write; the others never take the exponential form. */
size_t dtoa_radix_write(double x, int radix, char out[DTOA_RADIX_BYTES]);

/** Number.prototype.toFixed, 21.1.3.3 from step 6 on; fraction_digits 0..100. */
size_t dtoa_write_fixed(double x, int fraction_digits, char out[DTOA_FIXED_BYTES]);

/** Number.prototype.toExponential, 21.1.3.2; fraction_digits 0..100, or -1 for as many as dtoa_write has. */
size_t dtoa_write_exponential(double x, int fraction_digits, char out[DTOA_FIXED_BYTES]);

/** Number.prototype.toPrecision, 21.1.3.5; digits 1..100. */
size_t dtoa_write_precision(double x, int digits, char out[DTOA_FIXED_BYTES]);

/* ---- text to numbers ---- */

/** The longest prefix of `text` that is a StrDecimalLiteral (a sign, Infinity, digits, point, exponent;
 *  7.1.4.1). `*consumed` becomes its length in units, or 0 with NaN when there is none. This is parseFloat
 *  after its trim. */
double dtoa_parse_decimal_prefix(TextView text, size_t *consumed);

/** StringToNumber of trimmed text: the empty text is 0; StrDecimalLiteral; 0x, 0o and 0b literals;
 *  else NaN. */
double dtoa_parse_literal(TextView text);

/** The longest prefix of digits of radix 2..36, without sign or 0x. `*consumed` becomes its length, or 0 with
 *  NaN when there is none. This is parseInt after its steps 1-13. */
double dtoa_parse_integer_prefix(TextView text, int radix, size_t *consumed);

#endif
