/* SPDX-License-Identifier: MIT */
/* unicode.h - properties of characters that ECMA-262 asks for, from tables generated for one Unicode version
 * (UNICODE_VERSION). Normalisation and full case conversion come from libunistring, not from here.
 * Pure functions, any thread. */
#ifndef US_BASE_UNICODE_H
#define US_BASE_UNICODE_H

#include <stdbool.h>
#include <stdint.h>

/** ID_Start or `$` or `_`; ID_Continue or `$` or ZWNJ or ZWJ (ECMA-262 12.7). */
bool unicode_is_identifier_start(uint32_t code_point);
bool unicode_is_identifier_part(uint32_t code_point);

/** WhiteSpace of ECMA-262 12.2 (without line terminators), and LineTerminator of 12.3. */
bool unicode_is_white_space(uint32_t code_point);
static inline bool unicode_is_line_terminator(uint32_t c)
{
    return c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029;
}

#endif
