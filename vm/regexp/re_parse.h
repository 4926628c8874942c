/* SPDX-License-Identifier: MIT */
/* re_parse.h - the syntax of patterns (ECMA-262 22.2.1 and B.1.2): flags and early errors. */
#ifndef US_REGEXP_RE_PARSE_H
#define US_REGEXP_RE_PARSE_H

#include <stdbool.h>
#include <stdint.h>

/* Text as the caller has it: Latin-1 bytes or UTF-16 units. Borrowed for the call. */
typedef struct ReText {
    const void *units;               // uint8_t or, when is_wide, uint16_t
    uint32_t    length;              // in units
    bool        is_wide;
} ReText;

enum {                               // flags, in the order of RegExp.prototype.flags
    RE_HAS_INDICES = 1,              // d
    RE_GLOBAL = 2,                   // g
    RE_IGNORE_CASE = 4,              // i
    RE_MULTILINE = 8,                // m
    RE_DOT_ALL = 16,                 // s
    RE_UNICODE = 32,                 // u
    RE_UNICODE_SETS = 64,            // v
    RE_STICKY = 128,                 // y
};

typedef struct ReError {
    uint32_t    offset;              // unit of the pattern where it goes wrong
    const char *message;             // static text, for instance "unterminated group"
} ReError;

/** Read flags; false when one is unknown, repeated, or u and v come together. */
bool re_parse_flags(ReText flags, uint32_t *out);

/** True when `pattern` is a valid pattern under `flags` (bits above); else `*error` says where not.
 *  Needs no heap; memory is its own for the call. Any thread. */
bool re_parse_check(ReText pattern, uint32_t flags, ReError *error);

#endif
