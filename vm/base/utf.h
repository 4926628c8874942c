/* SPDX-License-Identifier: MIT */
/* utf.h - UTF-8, UTF-16 and Latin-1: decoding, encoding, conversion. Pure functions, any thread. */
#ifndef US_BASE_UTF_H
#define US_BASE_UTF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF_REPLACEMENT 0xfffdu
#define UTF_LAST_CODE_POINT 0x10ffffu
#define UTF_INVALID UINT32_MAX

static inline bool utf_is_lead_surrogate(uint32_t u)  { return (u & 0xfffffc00u) == 0xd800; }
static inline bool utf_is_trail_surrogate(uint32_t u) { return (u & 0xfffffc00u) == 0xdc00; }
static inline bool utf_is_surrogate(uint32_t u)       { return (u & 0xfffff800u) == 0xd800; }

static inline uint32_t utf_join_surrogates(uint32_t lead, uint32_t trail)
{
    return 0x10000 + ((lead - 0xd800) << 10) + (trail - 0xdc00);
}

/** Decode one code point from `*p` (`*p < end`) and move `*p` behind it.
 *  Ill-formed input yields UTF_INVALID and moves `*p` over the maximal subpart that Unicode's recommended
 *  practice replaces by one U+FFFD (at least one byte). Surrogates and over-long forms are ill-formed. */
uint32_t utf_decode_utf8(const uint8_t **p, const uint8_t *end);

/** Encode into `out` (room for 4 bytes); a surrogate or an out-of-range value is written as U+FFFD.
 *  Returns the number of bytes. */
size_t utf_encode_utf8(uint32_t code_point, uint8_t out[4]);

/** Encode into `out` (room for 2 units). Returns the number of units, 1 or 2. */
static inline int utf_encode_utf16(uint32_t code_point, uint16_t out[2])
{
    if (code_point < 0x10000) {
        out[0] = (uint16_t)code_point;
        return 1;
    }
    code_point -= 0x10000;
    out[0] = (uint16_t)(0xd800 + (code_point >> 10));
    out[1] = (uint16_t)(0xdc00 + (code_point & 0x3ff));
    return 2;
}

/** The code point at units[*i] (`*i < count`), moving `*i` behind it; a lone surrogate is itself. */
static inline uint32_t utf_decode_utf16(const uint16_t *units, size_t count, size_t *i)
{
    uint32_t u = units[(*i)++];
    if (utf_is_lead_surrogate(u) && *i < count && utf_is_trail_surrogate(units[*i]))
        return utf_join_surrogates(u, units[(*i)++]);
    return u;
}

/** What UTF-8 text needs as UTF-16: number of units, and whether Latin-1 would do. Ill-formed parts count as
 *  U+FFFD. */
typedef struct UtfMeasure {
    size_t units;
    bool   is_latin1;
    bool   is_valid;
} UtfMeasure;
UtfMeasure utf_measure_utf8(const uint8_t *bytes, size_t count);

/** Convert; `out` has room for what utf_measure_utf8 said. */
void utf_convert_utf8_to_latin1(const uint8_t *bytes, size_t count, uint8_t *out);
void utf_convert_utf8_to_utf16(const uint8_t *bytes, size_t count, uint16_t *out);

/** The length of the longest prefix of pure ASCII. */
size_t utf_count_ascii_prefix(const uint8_t *bytes, size_t count);

#endif
