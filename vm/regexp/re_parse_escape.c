/* SPDX-License-Identifier: MIT */
/* re_parse_escape.c - what stands behind a backslash, but for assertions and back references. */
#include "vm/regexp/re_parse_int.h"

int re_parse_hex_digit(uint32_t c)
{
    if (c >= '0' && c <= '9') return (int)(c - '0');
    if (c >= 'a' && c <= 'f') return (int)(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return (int)(c - 'A' + 10);
    return -1;
}

static bool is_ascii_letter(uint32_t c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }

/* Exactly `count` hexadecimal digits, or nothing read. */
static bool read_hex(ReParser *p, int count, uint32_t *out)
{
    uint32_t value = 0;
    for (int i = 0; i < count; i++) {
        int digit = re_parse_hex_digit(re_parse_unit(p, p->at + (uint32_t)i));
        if (digit < 0) return false;
        value = value << 4 | (uint32_t)digit;
    }
    p->at += (uint32_t)count;
    *out = value;
    return true;
}

static bool read_braced(ReParser *p, uint32_t *out)
{
    uint32_t at = p->at + 1, value = 0;
    int digit;
    for (; (digit = re_parse_hex_digit(re_parse_unit(p, at))) >= 0; at++) {
        value = value << 4 | (uint32_t)digit;
        if (value > UTF_LAST_CODE_POINT) return false;
    }
    if (at == p->at + 1 || re_parse_unit(p, at) != '}') return false;
    p->at = at + 1;
    *out = value;
    return true;
}

bool re_parse_escape_unicode(ReParser *p, bool braces, uint32_t *out)
{
    if (braces && re_parse_peek(p) == '{') return read_braced(p, out);
    if (!read_hex(p, 4, out)) return false;
    if (!braces || !utf_is_lead_surrogate(*out)) return true;
    uint32_t behind_lead = p->at, trail = 0;
    bool is_escape = re_parse_take(p, '\\') && re_parse_take(p, 'u') && read_hex(p, 4, &trail);
    if (is_escape && utf_is_trail_surrogate(trail)) *out = utf_join_surrogates(*out, trail);
    else p->at = behind_lead;
    return true;
}

/* Up to three octal digits of at most 0377, the first at `at` (Annex B LegacyOctalEscapeSequence). */
static uint32_t read_legacy_octal(ReParser *p)
{
    uint32_t value = 0;
    for (int i = 0; i < 3; i++) {
        uint32_t c = re_parse_peek(p);
        if (c < '0' || c > '7' || value * 8 + (c - '0') > 0377) break;
        value = value * 8 + (c - '0');
        p->at++;
    }
    return value;
}

/* \c, from behind the `c`. */
static uint32_t read_control(ReParser *p, uint32_t offset, bool in_class)
{
    uint32_t c = re_parse_peek(p);
    bool is_legacy = in_class && !p->is_unicode && (re_parse_is_digit(c) || c == '_');
    if (c != RE_END && (is_ascii_letter(c) || is_legacy)) {
        p->at++;
        return c & 31;
    }
    if (p->is_unicode) re_parse_fail(p, offset, "invalid control escape");
    p->at--;              // Annex B: the backslash is itself, and the `c` comes next
    return '\\';
}

static bool is_syntax_character(uint32_t c)
{
    return c < 0x80 && c != 0 && strchr("^$\\.*+?()[]{}|/", (int)c) != NULL;
}

static uint32_t read_identity(ReParser *p, uint32_t offset, uint32_t c, bool in_class)
{
    if (p->is_unicode) {
        if (is_syntax_character(c) || (in_class && c == '-')) return c;
        re_parse_fail(p, offset, "invalid escape");
    }
    if (c == 'k') {
        re_parse_count_groups(p);
        if (p->has_names) re_parse_fail(p, offset, "invalid named reference");
    }
    return c;
}

uint32_t re_parse_escape_character(ReParser *p, bool in_class)
{
    uint32_t offset = p->at - 1;                   // of the backslash
    if (p->at >= p->text.length) re_parse_fail(p, offset, "\\ at end of pattern");
    uint32_t c = re_parse_character(p), value;
    switch (c) {
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    case 'c': return read_control(p, offset, in_class);
    case 'x':
        if (read_hex(p, 2, &value)) return value;
        if (p->is_unicode) re_parse_fail(p, offset, "invalid escape");
        return c;
    case 'u':
        if (re_parse_escape_unicode(p, p->is_unicode, &value)) return value;
        if (p->is_unicode) re_parse_fail(p, offset, "invalid Unicode escape");
        return c;
    case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7':
        if (!p->is_unicode) {
            p->at--;
            return read_legacy_octal(p);
        }
        if (c == '0' && !re_parse_is_digit(re_parse_peek(p))) return 0;
        re_parse_fail(p, offset, "invalid decimal escape");
    default:
        return read_identity(p, offset, c, in_class);
    }
}

/* ---- classes ---- */

static bool is_property_character(uint32_t c)
{
    return c != RE_END && (is_ascii_letter(c) || re_parse_is_digit(c) || c == '_');
}

enum { LONGEST_PROPERTY_NAME = 64 };               // the longest there is has 32

static size_t read_property_name(ReParser *p, char name[LONGEST_PROPERTY_NAME])
{
    size_t length = 0;
    while (is_property_character(re_parse_peek(p)) && length < LONGEST_PROPERTY_NAME)
        name[length++] = (char)re_parse_unit(p, p->at++);
    return length;
}

/* {Name} or {Name=Value}, behind \p or \P. */
static UnicodeProperty read_property(ReParser *p, uint32_t offset)
{
    char name[LONGEST_PROPERTY_NAME], value[LONGEST_PROPERTY_NAME];
    UnicodeProperty property;
    if (!re_parse_take(p, '{')) re_parse_fail(p, offset, "invalid property name");
    size_t name_length = read_property_name(p, name), value_length = 0;
    bool has_value = re_parse_take(p, '=');
    if (has_value) value_length = read_property_name(p, value);
    if (!re_parse_take(p, '}') ||
        !unicode_property_find(name, name_length, has_value ? value : NULL, value_length, &property))
        re_parse_fail(p, offset, "invalid property name");
    return property;
}

static void add_property(ReParser *p, ReClass *out, bool is_negated, uint32_t offset)
{
    UnicodeProperty property = read_property(p, offset);
    if (property.kind == UNICODE_STRINGS) {
        if (!p->is_sets) re_parse_fail(p, offset, "invalid property name");
        if (is_negated) re_parse_fail(p, offset, "negated property of strings");
        out->may_contain_strings = true;
    }
    re_class_add_property(p->arena, out, property);
    re_parse_class_fold(p, &out->set);
    if (p->is_sets && p->ignore_case) {
        for (uint32_t i = 0; i < out->strings.count; i++) {
            ReString *s = &out->strings.items[i];
            for (uint32_t k = 0; k < s->count; k++)
                s->characters[k] = unicode_fold(s->characters[k], UNICODE_FOLD_SIMPLE);
        }
    }
    if (is_negated) re_parse_class_invert(p, &out->set);
}

bool re_parse_escape_class(ReParser *p, ReClass *out)
{
    uint32_t offset = p->at - 1, c = re_parse_peek(p);
    *out = (ReClass){ 0 };
    switch (c) {
    case 'd': case 'D': case 's': case 'S': case 'w': case 'W':
        p->at++;
        re_class_add_escape(p->arena, &out->set, (char)(c | 0x20), p->is_unicode && p->ignore_case);
        re_parse_class_fold(p, &out->set);
        if (!(c & 0x20)) re_parse_class_invert(p, &out->set);
        return true;
    case 'p': case 'P':
        if (!p->is_unicode) return false;
        p->at++;
        add_property(p, out, c == 'P', offset);
        return true;
    default:
        return false;
    }
}
