/* SPDX-License-Identifier: MIT */
/* String.prototype's methods that know Unicode: case, normalisation, order, well-formedness (ECMA-262 22.1.3).
 *
 * libunistring does what goes beyond Latin-1. It takes well-formed text only, so text is cut at lone surrogates, which
 * stay as they are. */
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <uninorm.h>
#include <unictype.h>

#include "lib/collate.h"
#include "lib/string_int.h"
#include "vm/base/mem.h"
#include "vm/base/utf.h"

/* ---- text through libunistring ----------------------------------------------------------------------------------- */

enum { SIGMA = 0x3a3, SIGMA_FINAL = 0x3c2, SIGMA_SMALL = 0x3c3 };

typedef uint16_t *(*UnitsMapper)(const uint16_t *units, size_t count, const void *how, size_t *out_count);

static uint16_t *lib_string_map_upper(const uint16_t *units, size_t count, const void *how, size_t *out_count)
{
    (void)how;
    return u16_toupper(units, count, "", NULL, NULL, out_count);
}

/* The nearest character before units[end], or from units[start] on, that case does not ignore; 0: none. */
static uint32_t lib_string_letter_before(const uint16_t *units, size_t end)
{
    while (end) {
        size_t at = end - 1;
        if (utf_is_trail_surrogate(units[at]) && at && utf_is_lead_surrogate(units[at - 1])) at--;
        end = at;
        uint32_t c = utf_decode_utf16(units, at + 2, &at);
        if (!uc_is_property_case_ignorable(c)) return c;
    }
    return 0;
}

static uint32_t lib_string_letter_from(const uint16_t *units, size_t count, size_t start)
{
    while (start < count) {
        uint32_t c = utf_decode_utf16(units, count, &start);
        if (!uc_is_property_case_ignorable(c)) return c;
    }
    return 0;
}

/* Each capital sigma becomes the small one that its place asks for. libunistring would decide it itself, but it takes a
 * case-ignorable character that is cased for a letter. */
static void lib_string_lower_sigmas(uint16_t *units, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (units[i] != SIGMA) continue;
        uint32_t before = lib_string_letter_before(units, i), after = lib_string_letter_from(units, count, i + 1);
        bool is_final = before && uc_is_property_cased(before) && !(after && uc_is_property_cased(after));
        units[i] = is_final ? SIGMA_FINAL : SIGMA_SMALL;
    }
}

static uint16_t *lib_string_map_lower(const uint16_t *units, size_t count, const void *how, size_t *out_count)
{
    (void)how;
    if (string_index_of(text_of_utf16(units, count), text_of_utf16(&(uint16_t){ SIGMA }, 1), 0) < 0)
        return u16_tolower(units, count, "", NULL, NULL, out_count);
    uint16_t *copy = mem_try_alloc(count * 2);
    if (!copy) return NULL;
    memcpy(copy, units, count * 2);
    lib_string_lower_sigmas(copy, count);
    uint16_t *mapped = u16_tolower(copy, count, "", NULL, NULL, out_count);
    mem_free(copy);
    return mapped;
}

static uint16_t *lib_string_map_form(const uint16_t *units, size_t count, const void *how, size_t *out_count)
{
    return u16_normalize(*(const uninorm_t *)how, units, count, NULL, out_count);
}

/* The length of the well-formed text at units[start]. */
static size_t lib_string_formed_length(const uint16_t *units, size_t count, size_t start)
{
    size_t i = start;
    while (i < count) {
        size_t next = i;
        if (utf_is_surrogate(utf_decode_utf16(units, count, &next))) break;
        i = next;
    }
    return i - start;
}

/* Append `units` mapped to `out`, which fails when there is no memory. */
static void lib_string_put_mapped(StringBuilder *out, const uint16_t *units, size_t count, UnitsMapper map, const void *how)
{
    for (size_t i = 0; i < count; i++) {
        size_t length = lib_string_formed_length(units, count, i), out_count;
        if (length) {
            uint16_t *mapped = map(units + i, length, how, &out_count);
            out->failed |= !mapped;
            if (mapped) string_builder_put_view(out, text_of_utf16(mapped, out_count), 0, (uint32_t)out_count);
            free(mapped);
            i += length;
        }
        if (i < count) string_builder_put_unit(out, units[i]);
    }
}

/* `s` mapped, or NULL when that is too long. */
static String *lib_string_map(LocalHeap *h, String *s, UnitsMapper map, const void *how)
{
    StringBuilder out;
    string_builder_init(&out);
    StringView v = string_view(h, s);
    uint16_t *units = v.is_wide ? NULL : mem_try_alloc(v.length * 2 + 2);
    if (v.is_wide) {
        lib_string_put_mapped(&out, v.units, v.length, map, how);
    } else if (units) {
        for (size_t i = 0; i < v.length; i++) units[i] = ((const uint8_t *)v.units)[i];
        lib_string_put_mapped(&out, units, v.length, map, how);
    } else {
        out.failed = true;
    }
    mem_free(units);
    return string_builder_end(h, &out);
}

/* ---- case (22.1.3.28, 22.1.3.30 and their locale forms, 22.1.3.26, 22.1.3.27) ------------------------------------ */

/* Branches on the units would cost more than the work: these loops are plain, for the compiler to do many at once. */
static uint8_t lib_string_latin1_lower(uint8_t c)
{
    uint8_t is_upper = ((uint8_t)(c - 'A') < 26) | (((uint8_t)(c - 0xc0) < 31) & (c != 0xd7));
    return (uint8_t)(c | is_upper << 5);
}

/* But for what leaves Latin-1, or grows: lib_string_is_odd. */
static uint8_t lib_string_latin1_upper(uint8_t c)
{
    uint8_t is_lower = ((uint8_t)(c - 'a') < 26) | (((uint8_t)(c - 0xe0) < 31) & (c != 0xf7));
    return (uint8_t)(c & ~(is_lower << 5));
}

static uint8_t lib_string_is_odd(uint8_t c)
{
    return (c == 0xb5) | (c == 0xdf) | (c == 0xff);
}

static Value lib_string_lower(Goroutine *g, Args a)
{
    String *s = lib_string_this(g, a);
    if (!s) return VALUE_THROWN;
    StringView v = string_view(&g->heap, s);
    if (v.is_wide) return error_string_or_throw(g, lib_string_map(&g->heap, s, lib_string_map_lower, NULL));
    const uint8_t *units = v.units;
    uint8_t changes = 0;
    for (size_t i = 0; i < v.length; i++) changes |= lib_string_latin1_lower(units[i]) ^ units[i];
    if (!changes) return value_from_cell(s);
    FlatString *out = string_alloc(&g->heap, v.length, false);
    if (!out) return error_throw_string_length(g);
    for (size_t i = 0; i < v.length; i++) out->latin1[i] = lib_string_latin1_lower(units[i]);
    return value_from_cell(out);
}

static Value lib_string_upper(Goroutine *g, Args a)
{
    String *s = lib_string_this(g, a);
    if (!s) return VALUE_THROWN;
    StringView v = string_view(&g->heap, s);
    const uint8_t *units = v.units;
    uint8_t changes = 0, odd = v.is_wide;
    for (size_t i = 0; i < v.length && !v.is_wide; i++) {
        changes |= lib_string_latin1_upper(units[i]) ^ units[i];
        odd |= lib_string_is_odd(units[i]);
    }
    if (odd) return error_string_or_throw(g, lib_string_map(&g->heap, s, lib_string_map_upper, NULL));
    if (!changes) return value_from_cell(s);
    FlatString *out = string_alloc(&g->heap, v.length, false);
    if (!out) return error_throw_string_length(g);
    for (size_t i = 0; i < v.length; i++) out->latin1[i] = lib_string_latin1_upper(units[i]);
    return value_from_cell(out);
}

/* ---- normalize (22.1.3.15) --------------------------------------------------------------------------------------- */

static bool lib_string_is_below(StringView v, uint8_t limit)
{
    if (v.is_wide) return false;
    for (size_t i = 0; i < v.length; i++)
        if (((const uint8_t *)v.units)[i] >= limit) return false;
    return true;
}

/* NULL: no such form. */
static uninorm_t lib_string_form(LocalHeap *h, String *name)
{
    if (string_equal_text(h, name, "NFC")) return UNINORM_NFC;
    if (string_equal_text(h, name, "NFD")) return UNINORM_NFD;
    if (string_equal_text(h, name, "NFKC")) return UNINORM_NFKC;
    if (string_equal_text(h, name, "NFKD")) return UNINORM_NFKD;
    return NULL;
}

static Value lib_string_normalize(Goroutine *g, Args a)
{
    LocalHeap *h = &g->heap;
    uninorm_t form = UNINORM_NFC;
    String *s = lib_string_this(g, a);
    if (!s) return VALUE_THROWN;
    if (!value_is_undefined(arg(a, 0))) {
        String *name = convert_to_string(g, arg(a, 0));
        if (!name) return VALUE_THROWN;
        form = lib_string_form(h, name);
        if (!form) return error_throw(g, ERROR_RANGE, "The normalization form should be one of NFC, NFD, NFKC, NFKD.");
    }
    StringView v = string_view(h, s);
    if (lib_string_is_below(v, 0x80) || (!v.is_wide && form == UNINORM_NFC)) return value_from_cell(s);
    return error_string_or_throw(g, lib_string_map(h, s, lib_string_map_form, &form));
}

/* ---- localeCompare (22.1.3.12) ----------------------------------------------------------------------------------- */

static Value lib_string_locale_compare(Goroutine *g, Args a)
{
    LocalHeap *h = &g->heap;
    uninorm_t form = UNINORM_NFD;
    String *s = lib_string_this(g, a);
    if (!s) return VALUE_THROWN;
    String *other = convert_to_string(g, arg(a, 0));
    if (!other) return VALUE_THROWN;
    if (string_equal(h, s, other)) return VALUE_ZERO;
    if (!lib_string_is_below(string_view(h, s), 0x80)) s = lib_string_map(h, s, lib_string_map_form, &form);
    if (!lib_string_is_below(string_view(h, other), 0x80)) other = lib_string_map(h, other, lib_string_map_form, &form);
    if (!s || !other) return error_throw_string_length(g);
    return value_from_int(collate_compare(string_view(h, s), string_view(h, other)));
}

/* ---- well-formedness (22.1.3.11, 22.1.3.31) ---------------------------------------------------------------------- */

static Value lib_string_is_well_formed(Goroutine *g, Args a)
{
    String *s = lib_string_this(g, a);
    if (!s) return VALUE_THROWN;
    StringView v = string_view(&g->heap, s);
    return value_from_bool(!v.is_wide || lib_string_formed_length(v.units, v.length, 0) == v.length);
}

static Value lib_string_to_well_formed(Goroutine *g, Args a)
{
    String *s = lib_string_this(g, a);
    if (!s) return VALUE_THROWN;
    StringView v = string_view(&g->heap, s);
    size_t i = v.is_wide ? lib_string_formed_length(v.units, v.length, 0) : v.length;
    if (i == v.length) return value_from_cell(s);
    FlatString *out = string_alloc(&g->heap, v.length, true);
    if (!out) return error_throw_string_length(g);
    memcpy(out->utf16, v.units, v.length * 2);
    while (i < v.length) {
        out->utf16[i] = UTF_REPLACEMENT;
        i += 1 + lib_string_formed_length(v.units, v.length, i + 1);
    }
    return value_from_cell(out);
}

static const NativeSpec lib_string_case_methods[] = {
    LIB_METHOD("isWellFormed", 0, lib_string_is_well_formed),
    LIB_METHOD("localeCompare", 1, lib_string_locale_compare),
    LIB_METHOD("normalize", 0, lib_string_normalize),
    LIB_METHOD("toLocaleLowerCase", 0, lib_string_lower),
    LIB_METHOD("toLocaleUpperCase", 0, lib_string_upper),
    LIB_METHOD("toLowerCase", 0, lib_string_lower),
    LIB_METHOD("toUpperCase", 0, lib_string_upper),
    LIB_METHOD("toWellFormed", 0, lib_string_to_well_formed),
};

void lib_string_install_case(const Lib *lib, Value proto)
{
    INSTALL_TABLE(lib, proto, lib_string_case_methods);
}
