/* SPDX-License-Identifier: MIT */
/* unicode.h - properties of characters that ECMA-262 asks for, from tables generated for one Unicode version
 * (unicode_version). Normalisation and full case conversion come from libunistring, not from here.
 * Pure functions, any thread. */
#ifndef US_BASE_UNICODE_H
#define US_BASE_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vm/base/attr.h"

/** The version of the tables, for instance "17.0.0". */
const char *unicode_version(void);

/** ID_Start or `$` or `_`; ID_Continue or `$` or ZWNJ or ZWJ (ECMA-262 12.7). */
bool unicode_is_identifier_start(uint32_t code_point);
bool unicode_is_identifier_part(uint32_t code_point);

/** WhiteSpace of ECMA-262 12.2 (without line terminators), and LineTerminator of 12.3. */
bool unicode_is_white_space(uint32_t code_point);
static inline bool unicode_is_line_terminator(uint32_t c)
{
    return c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029;
}

/* ---- properties by name (ECMA-262 22.2.2.4.2, tables 67 to 69) ---- */

typedef enum UnicodePropertyKind {
    UNICODE_CATEGORY,            // value: mask of general categories
    UNICODE_SCRIPT,              // value: number of a script
    UNICODE_SCRIPT_EXTENSIONS,
    UNICODE_BINARY,              // value: number of a property
    UNICODE_STRINGS,             // a property of strings; value: its number
} UnicodePropertyKind;

typedef struct UnicodeProperty {
    UnicodePropertyKind kind;
    uint32_t            value;
} UnicodeProperty;

/** What \p{name=value} or, with `value` NULL, \p{name} means. Names are matched exactly, as ECMA-262 demands.
 *  False when there is no such property or value. */
bool unicode_property_find(const char *name, size_t name_length, const char *value, size_t value_length,
                           UnicodeProperty *out);

/** Call `visit` for each maximal range of the characters that have `p`, ascending. Of a property of strings
 *  these are the members of one character. */
typedef void (*UnicodeVisitRange)(void *context, uint32_t first, uint32_t last);
void unicode_property_ranges(UnicodeProperty p, UnicodeVisitRange visit, void *context);

/** Call `visit` for each member of two or more characters of a property of strings, in no set order. */
enum { UNICODE_LONGEST_STRING = 16 };
typedef void (*UnicodeVisitString)(void *context, const uint32_t *code_points, uint32_t count);
void unicode_property_strings(UnicodeProperty p, UnicodeVisitString visit, void *context);

/* ---- case (Canonicalize, ECMA-262 22.2.2.7.3) ---- */

typedef enum UnicodeFold {
    UNICODE_FOLD_SIMPLE,         // Simple_Case_Folding: patterns with u or v
    UNICODE_FOLD_LEGACY,         // toUppercase of one code unit that stays one, ASCII kept apart: all others
} UnicodeFold;

uint32_t unicode_fold(uint32_t code_point, UnicodeFold fold);

/* first + i * stride folds to first + i * stride + delta, for i < count; all else folds to itself. Sorted by
 * `first`, folding twice is folding once, and no character is in two runs. */
typedef struct UnicodeCaseRun {
    uint32_t first;
    uint16_t count;
    uint16_t stride;
    int32_t  delta;
} UnicodeCaseRun;
const UnicodeCaseRun *unicode_case_runs(UnicodeFold fold, uint32_t *count);

#endif
