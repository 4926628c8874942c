/* SPDX-License-Identifier: MIT */
/* text.h - a view of text as its owner stores it: Latin-1 bytes or UTF-16 units. Borrowed for the call. */
#ifndef US_BASE_TEXT_H
#define US_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vm/base/assert.h"

typedef struct TextView {
    const void *units;               // uint8_t or, when is_wide, uint16_t
    size_t      length;              // in units
    bool        is_wide;
} TextView;

static inline TextView text_of_latin1(const void *bytes, size_t length)
{
    return (TextView){ bytes, length, false };
}

static inline TextView text_of_utf16(const uint16_t *units, size_t length)
{
    return (TextView){ units, length, true };
}

static inline uint32_t text_unit(TextView t, size_t i)
{
    ASSERT(i < t.length, "text_unit within the text");
    return t.is_wide ? ((const uint16_t *)t.units)[i] : ((const uint8_t *)t.units)[i];
}

/* The part from `start` to the end; start <= length. */
static inline TextView text_from(TextView t, size_t start)
{
    ASSERT(start <= t.length, "text_from within the text");
    const char *units = t.units;
    return (TextView){ start ? units + (start << t.is_wide) : units, t.length - start, t.is_wide };
}

/* The value of a unit as a digit in radix 2..36, or 36 and above when it is none in any radix. */
static inline uint32_t text_digit_value(uint32_t unit)
{
    if (unit - '0' < 10) return unit - '0';
    uint32_t lower = unit | 0x20;
    return unit < 0x80 && lower - 'a' < 26 ? lower - 'a' + 10 : 36;
}

#endif
