/* SPDX-License-Identifier: MIT */
/* Primitives and small pieces of text for inspect. */
#include <stdarg.h>
#include <string.h>

#include "lib/inspect_int.h"
#include "vm/base/dtoa.h"
#include "vm/base/utf.h"
#include "vm/value/bigint.h"
#include "vm/value/number.h"

enum { SHORT_STRING_UNITS = 16 };        // never broken into lines

Value inspect_text(Inspector *n, const char *format, ...)
{
    StringBuilder b;
    va_list args;
    bool thrown = false;
    char number[DTOA_SHORTEST_BYTES];
    string_builder_init(&b);
    va_start(args, format);
    for (const char *p = format; *p; p++) {
        if (*p != '%') {
            string_builder_put_unit(&b, (uint8_t)*p);
            continue;
        }
        switch (*++p) {
        case 's': string_builder_put_text(&b, va_arg(args, const char *)); break;
        case 'S': {
            Value piece = va_arg(args, Value);
            if (value_is_thrown(piece)) thrown = true;
            else string_builder_put_string(n->h, &b, string_of(piece));
            break;
        }
        case 'd': string_builder_put_latin1(&b, (const uint8_t *)number, dtoa_write_int64(va_arg(args, int64_t), number)); break;
        default:  UNREACHABLE();
        }
    }
    va_end(args);
    if (thrown) {
        string_builder_deinit(&b);
        return VALUE_THROWN;
    }
    return error_string_or_throw(n->g, string_builder_end(n->h, &b));
}

Value inspect_more_items(Inspector *n, uint64_t count)
{
    return inspect_text(n, "... %d more item%s", (int64_t)count, count > 1 ? "s" : "");
}

bool inspect_contains(LocalHeap *h, Value text, const char *ascii)
{
    return string_index_of(string_view(h, string_of(text)), text_of_latin1(ascii, strlen(ascii)), 0) >= 0;
}

Value inspect_shift_lines(Inspector *n, Value text)
{
    StringView v = string_view(n->h, string_of(text));
    StringBuilder b;
    if (n->indentation == 0 || !inspect_contains(n->h, text, "\n")) return text;
    string_builder_init(&b);
    for (size_t i = 0; i < v.length; i++) {
        string_builder_put_unit(&b, string_view_unit(v, i));
        if (string_view_unit(v, i) == '\n')
            for (uint32_t k = 0; k < n->indentation; k++) string_builder_put_unit(&b, ' ');
    }
    return error_string_or_throw(n->g, string_builder_end(n->h, &b));
}

/* ---- strings ----------------------------------------------------------------------------------------------------- */

static void inspect_put_hex(StringBuilder *b, uint32_t unit)
{
    static const char upper[] = "0123456789ABCDEF", lower[] = "0123456789abcdef";
    if (unit < 0x100) {
        string_builder_put_text(b, "\\x");
        string_builder_put_unit(b, (uint16_t)upper[unit >> 4]);
        string_builder_put_unit(b, (uint16_t)upper[unit & 15]);
        return;
    }
    string_builder_put_text(b, "\\u");
    for (int shift = 12; shift >= 0; shift -= 4) string_builder_put_unit(b, (uint16_t)lower[unit >> shift & 15]);
}

static bool inspect_is_lone_surrogate(StringView v, size_t i)
{
    uint32_t u = string_view_unit(v, i);
    if (utf_is_lead_surrogate(u)) return i + 1 >= v.length || !utf_is_trail_surrogate(string_view_unit(v, i + 1));
    return utf_is_trail_surrogate(u) && (i == 0 || !utf_is_lead_surrogate(string_view_unit(v, i - 1)));
}

/* One unit; `quote`: the one that needs a backslash, or 0. */
static void inspect_put_unit(StringBuilder *b, StringView v, size_t i, uint32_t quote)
{
    uint32_t u = string_view_unit(v, i);
    const char *letter = u >= '\b' && u <= '\r' && u != '\v' ? &"btn fr"[u - '\b'] : NULL;
    if (letter || u == '\\' || u == quote) {
        string_builder_put_unit(b, '\\');
        string_builder_put_unit(b, letter ? (uint16_t)*letter : (uint16_t)u);
    } else if (u < 0x20 || (u >= 0x7f && u < 0xa0) || inspect_is_lone_surrogate(v, i)) {
        inspect_put_hex(b, u);
    } else {
        string_builder_put_unit(b, (uint16_t)u);
    }
}

static bool inspect_has(StringView v, const char *ascii)
{
    return string_index_of(v, text_of_latin1(ascii, strlen(ascii)), 0) >= 0;
}

static uint32_t inspect_choose_quote(StringView v)
{
    if (!inspect_has(v, "'")) return '\'';
    if (!inspect_has(v, "\"")) return '"';
    return inspect_has(v, "`") || inspect_has(v, "${") ? '\'' : '`';
}

static void inspect_put_quoted(StringBuilder *b, StringView v)
{
    uint32_t quote = inspect_choose_quote(v);
    string_builder_put_unit(b, (uint16_t)quote);
    for (size_t i = 0; i < v.length; i++) inspect_put_unit(b, v, i, quote == '\'' ? quote : 0);
    string_builder_put_unit(b, (uint16_t)quote);
}

Value inspect_quoted(Inspector *n, String *s)
{
    StringBuilder b;
    StringView v = string_view(n->h, s);
    string_builder_init(&b);
    inspect_put_quoted(&b, v);
    return error_string_or_throw(n->g, string_builder_end(n->h, &b));
}

Value inspect_escaped(Inspector *n, String *s)
{
    StringBuilder b;
    StringView v = string_view(n->h, s);
    string_builder_init(&b);
    for (size_t i = 0; i < v.length; i++) inspect_put_unit(&b, v, i, '\'');
    return error_string_or_throw(n->g, string_builder_end(n->h, &b));
}

static StringView inspect_part(StringView v, size_t start, size_t end)
{
    StringView part = text_from(v, start);
    part.length = end - start;
    return part;
}

/* Quoted line by line, joined by `+`. */
static void inspect_put_lines(const Inspector *n, StringBuilder *b, StringView v)
{
    size_t start = 0;
    for (size_t i = 0; i < v.length; i++) {
        if (string_view_unit(v, i) != '\n' && i + 1 < v.length) continue;
        if (start) {
            string_builder_put_text(b, " +\n");
            for (uint32_t k = 0; k < n->indentation + 2; k++) string_builder_put_unit(b, ' ');
        }
        inspect_put_quoted(b, inspect_part(v, start, i + 1));
        start = i + 1;
    }
}

static Value inspect_string(Inspector *n, String *s)
{
    StringBuilder b;
    StringView v = string_view(n->h, s);
    int64_t left_over = (int64_t)v.length - n->options.string_most;
    string_builder_init(&b);
    if (left_over > 0) v.length = n->options.string_most;
    bool breaks = v.length > SHORT_STRING_UNITS && (int64_t)v.length > (int64_t)n->options.break_columns - n->indentation - 4;
    if (breaks) inspect_put_lines(n, &b, v);
    else inspect_put_quoted(&b, v);
    Value text = TRY(error_string_or_throw(n->g, string_builder_end(n->h, &b)));
    if (left_over <= 0) return text;
    return inspect_text(n, "%S... %d more character%s", text, left_over, left_over > 1 ? "s" : "");
}

/* What needs no quotes as a property's name. */
bool inspect_is_name(LocalHeap *h, String *s)
{
    StringView v = string_view(h, s);
    for (size_t i = 0; i < v.length; i++) {
        uint32_t u = string_view_unit(v, i), lower = u | 0x20;
        bool letter = u == '_' || (u < 0x80 && lower >= 'a' && lower <= 'z');
        if (!letter && (i == 0 || u < '0' || u > '9')) return false;
    }
    return v.length > 0;
}

/* ---- other primitives -------------------------------------------------------------------------------------------- */

Value inspect_number(LocalHeap *h, Value v)
{
    double d = value_number(v);
    if (d == 0 && signbit(d)) return vm_atom(h->vm, ATOM_negative_zero);
    return value_from_cell(number_to_string(h, d));
}

Value inspect_primitive(Inspector *n, Value v)
{
    if (value_is_string(v)) return inspect_string(n, string_of(v));
    if (value_is_number(v)) return inspect_number(n->h, v);
    if (value_is_symbol(v)) return error_string_or_throw(n->g, symbol_descriptive_string(n->h, symbol_of(v)));
    String *s = convert_to_string(n->g, v);
    if (!s) return VALUE_THROWN;
    return value_is_bigint(v) ? inspect_text(n, "%Sn", value_from_cell(s)) : value_from_cell(s);
}
