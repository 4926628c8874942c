/* SPDX-License-Identifier: MIT */
/* encodeURI, decodeURI and their Component forms (ECMA-262 19.2.6), escape and unescape (B.2.1). */
#include <string.h>

#include "lib/families.h"
#include "vm/base/utf.h"

static const char uri_alphanumerics[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
static const char uri_marks[] = "-.!~*'()_";
static const char uri_reserved[] = ";/?:@&=+$,";
static const char uri_unescaped_marks[] = "@*_+-./";

enum { URI_COMPONENT, URI_WHOLE };       // the magic of the four functions

static bool uri_is_in(const char *set, uint32_t c)
{
    return c && c < 0x80 && strchr(set, (int)c);
}

/* ---- encode (19.2.6.5) ------------------------------------------------------------------------------------------- */

static void uri_put_hex(StringBuilder *b, uint32_t value, int digits)
{
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
        string_builder_put_unit(b, (uint8_t)"0123456789ABCDEF"[value >> shift & 15]);
}

static bool uri_encode(StringBuilder *b, StringView v, bool whole)
{
    for (size_t i = 0; i < v.length && !b->failed;) {
        uint8_t bytes[4];
        uint32_t c = v.is_wide ? utf_decode_utf16(v.units, v.length, &i) : text_unit(v, i++);
        if (uri_is_in(uri_alphanumerics, c) || uri_is_in(uri_marks, c) || (whole && (uri_is_in(uri_reserved, c) || c == '#'))) {
            string_builder_put_unit(b, (uint16_t)c);
            continue;
        }
        if (utf_is_surrogate(c)) return false;
        size_t count = utf_encode_utf8(c, bytes);
        for (size_t k = 0; k < count; k++) {
            string_builder_put_unit(b, '%');
            uri_put_hex(b, bytes[k], 2);
        }
    }
    return true;
}

/* ---- decode (19.2.6.6) ------------------------------------------------------------------------------------------- */

/* The byte that `%XX` at `i` spells, or -1. */
static int uri_byte_at(StringView v, size_t i)
{
    if (i + 3 > v.length || text_unit(v, i) != '%') return -1;
    uint32_t high = text_digit_value(text_unit(v, i + 1)), low = text_digit_value(text_unit(v, i + 2));
    return high < 16 && low < 16 ? (int)(high << 4 | low) : -1;
}

/* The character whose escapes begin at `*i`, which moves behind them; UTF_INVALID when they are malformed. */
static uint32_t uri_decode_point(StringView v, size_t *i)
{
    uint8_t bytes[4];
    int first = uri_byte_at(v, *i);
    if (first < 0) return UTF_INVALID;
    size_t count = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    for (size_t k = 0; k < count; k++) {
        int byte = uri_byte_at(v, *i + k * 3);
        if (byte < 0) return UTF_INVALID;
        bytes[k] = (uint8_t)byte;
    }
    const uint8_t *p = bytes;
    uint32_t c = utf_decode_utf8(&p, bytes + count);
    if (p != bytes + count) return UTF_INVALID;
    *i += count * 3;
    return c;
}

static bool uri_decode(StringBuilder *b, StringView v, bool whole)
{
    for (size_t i = 0; i < v.length && !b->failed;) {
        size_t start = i;
        if (text_unit(v, i) != '%') {
            string_builder_put_unit(b, (uint16_t)text_unit(v, i++));
            continue;
        }
        uint32_t c = uri_decode_point(v, &i);
        if (c == UTF_INVALID) return false;
        if (whole && (uri_is_in(uri_reserved, c) || c == '#')) string_builder_put_view(b, v, (uint32_t)start, (uint32_t)i);
        else string_builder_put_code_point(b, c);
    }
    return true;
}

static Value uri_map(Goroutine *g, Args a, bool (*map)(StringBuilder *b, StringView v, bool whole))
{
    StringBuilder b;
    String *s = convert_to_string(g, arg(a, 0));
    if (!s) return VALUE_THROWN;
    string_builder_init(&b);
    if (map(&b, string_view(&g->heap, s), args_magic(a) == URI_WHOLE)) return error_string_or_throw(g, string_builder_end(&g->heap, &b));
    string_builder_deinit(&b);
    return error_throw(g, ERROR_URI, "URI malformed");
}

static Value lib_uri_encode(Goroutine *g, Args a)
{
    return uri_map(g, a, uri_encode);
}

static Value lib_uri_decode(Goroutine *g, Args a)
{
    return uri_map(g, a, uri_decode);
}

/* ---- escape, unescape (B.2.1.1, B.2.1.2) ------------------------------------------------------------------------- */

static bool uri_escape(StringBuilder *b, StringView v, bool whole)
{
    (void)whole;
    for (size_t i = 0; i < v.length; i++) {
        uint32_t c = text_unit(v, i);
        if (uri_is_in(uri_alphanumerics, c) || uri_is_in(uri_unescaped_marks, c)) {
            string_builder_put_unit(b, (uint16_t)c);
            continue;
        }
        string_builder_put_text(b, c < 256 ? "%" : "%u");
        uri_put_hex(b, c, c < 256 ? 2 : 4);
    }
    return true;
}

/* `count` hexadecimal digits at `i`, or -1. */
static int uri_hex_at(StringView v, size_t i, size_t count)
{
    int value = 0;
    if (i + count > v.length) return -1;
    for (size_t k = 0; k < count; k++) {
        uint32_t digit = text_digit_value(text_unit(v, i + k));
        if (digit > 15) return -1;
        value = value << 4 | (int)digit;
    }
    return value;
}

static bool uri_unescape(StringBuilder *b, StringView v, bool whole)
{
    (void)whole;
    for (size_t i = 0; i < v.length; i++) {
        uint32_t c = text_unit(v, i);
        bool is_long = c == '%' && i + 1 < v.length && text_unit(v, i + 1) == 'u';
        int code = c == '%' ? uri_hex_at(v, i + 1 + is_long, is_long ? 4 : 2) : -1;
        if (code >= 0) i += is_long ? 5 : 2;
        string_builder_put_unit(b, (uint16_t)(code >= 0 ? (uint32_t)code : c));
    }
    return true;
}

static Value lib_uri_escape(Goroutine *g, Args a)
{
    return uri_map(g, a, uri_escape);
}

static Value lib_uri_unescape(Goroutine *g, Args a)
{
    return uri_map(g, a, uri_unescape);
}

static const NativeSpec lib_uri_functions[] = {
    LIB_MAGIC("decodeURI", 1, lib_uri_decode, URI_WHOLE),
    LIB_MAGIC("decodeURIComponent", 1, lib_uri_decode, URI_COMPONENT),
    LIB_MAGIC("encodeURI", 1, lib_uri_encode, URI_WHOLE),
    LIB_MAGIC("encodeURIComponent", 1, lib_uri_encode, URI_COMPONENT),
    LIB_METHOD("escape", 1, lib_uri_escape),
    LIB_METHOD("unescape", 1, lib_uri_unescape),
};

void lib_uri_install(const Lib *lib)
{
    INSTALL_TABLE(lib, lib->realm->global_this, lib_uri_functions);
}
