/* SPDX-License-Identifier: MIT */
/* json_int.h - what the files of JSON share. */
#ifndef US_LIB_JSON_INT_H
#define US_LIB_JSON_INT_H

#include <string.h>

#include "lib/families.h"
#include "lib/json.h"

/** The first of the Latin-1 units [at, length) that is a quote, a backslash or a control character, or `length`.
 *  Eight bytes at a time: a byte below n sets its high bit in (w - n) & ~w, for the lowest such byte exactly. */
static inline size_t json_plain_end_latin1(const uint8_t *units, size_t at, size_t length)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    for (; at + 8 <= length; at += 8) {
        uint64_t w;
        memcpy(&w, units + at, 8);
        uint64_t quote = w ^ ones * '"', backslash = w ^ ones * '\\';
        uint64_t found = ((w - ones * 0x20) & ~w) | ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash);
        found &= ones * 0x80;
        if (found) return at + (size_t)__builtin_ctzll(found) / 8;
    }
    while (at < length && units[at] >= 0x20 && units[at] != '"' && units[at] != '\\') at++;
    return at;
}

/** JSON.stringify (25.5.2). */
NODISCARD Value lib_json_stringify(Goroutine *g, Args a);

#endif
