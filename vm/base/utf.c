/* SPDX-License-Identifier: MIT */
#include "vm/base/utf.h"

#include <string.h>

#include "vm/base/bits.h"

/* The second byte's range depends on the first (Unicode 15, table 3-7); later bytes are always 80..BF. */
uint32_t utf_decode_utf8(const uint8_t **p, const uint8_t *end)
{
    const uint8_t *s = *p;
    uint32_t lead = *s++;
    *p = s;
    if (lead < 0x80) return lead;
    if (lead < 0xc2 || lead > 0xf4) return UTF_INVALID;
    int more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    uint32_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    uint32_t high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    uint32_t code_point = lead & (0x3fu >> more);
    for (; more > 0; more--) {
        if (s == end || *s < low || *s > high) return UTF_INVALID;
        code_point = code_point << 6 | (*s++ & 0x3f);
        *p = s;
        low = 0x80;
        high = 0xbf;
    }
    return code_point;
}

size_t utf_encode_utf8(uint32_t c, uint8_t out[4])
{
    if (utf_is_surrogate(c) || c > UTF_LAST_CODE_POINT) c = UTF_REPLACEMENT;
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (uint8_t)(0xc0 | c >> 6);
        out[1] = (uint8_t)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (uint8_t)(0xe0 | c >> 12);
        out[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
        out[2] = (uint8_t)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (uint8_t)(0xf0 | c >> 18);
    out[1] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
    out[2] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
    out[3] = (uint8_t)(0x80 | (c & 0x3f));
    return 4;
}

size_t utf_count_ascii_prefix(const uint8_t *bytes, size_t count)
{
    size_t i = 0;
    while (i + 8 <= count && !(bits_get_u64(bytes + i) & UINT64_C(0x8080808080808080))) i += 8;
    while (i < count && bytes[i] < 0x80) i++;
    return i;
}

UtfMeasure utf_measure_utf8(const uint8_t *bytes, size_t count)
{
    size_t ascii = utf_count_ascii_prefix(bytes, count);
    UtfMeasure m = { .units = ascii, .is_latin1 = true, .is_valid = true };
    const uint8_t *p = bytes + ascii, *end = bytes + count;
    while (p < end) {
        uint32_t c = utf_decode_utf8(&p, end);
        if (c == UTF_INVALID) {
            m.is_valid = false;
            c = UTF_REPLACEMENT;
        }
        if (c > 0xff) m.is_latin1 = false;
        m.units += c > 0xffff ? 2 : 1;
    }
    return m;
}

void utf_convert_utf8_to_latin1(const uint8_t *bytes, size_t count, uint8_t *out)
{
    const uint8_t *p = bytes, *end = bytes + count;
    while (p < end) {
        size_t ascii = utf_count_ascii_prefix(p, (size_t)(end - p));
        memcpy(out, p, ascii);
        p += ascii;
        out += ascii;
        if (p < end) *out++ = (uint8_t)utf_decode_utf8(&p, end);
    }
}

void utf_convert_utf8_to_utf16(const uint8_t *bytes, size_t count, uint16_t *out)
{
    const uint8_t *p = bytes, *end = bytes + count;
    while (p < end) {
        uint32_t c = *p < 0x80 ? *p++ : utf_decode_utf8(&p, end);
        out += utf_encode_utf16(c == UTF_INVALID ? UTF_REPLACEMENT : c, out);
    }
}
