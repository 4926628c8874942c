/* SPDX-License-Identifier: MIT */
#include "vm/value/string.h"

#include <stdlib.h>
#include <string.h>

#include "gc/alloc.h"
#include "gc/barrier.h"
#include "vm/base/hash.h"
#include "vm/base/utf.h"

size_t string_cell_size(const Cell *c)
{
    const String *s = (const String *)c;
    switch (c->kind) {
    case KIND_ROPE:  return sizeof(RopeString);
    case KIND_SLICE: return sizeof(SliceString);
    default:         return sizeof(FlatString) + ((size_t)s->length << (c->extra & STRING_WIDE));
    }
}

static inline void string_init(String *s, uint32_t length)
{
    s->length = length;
    s->hash = 0;
}

static uint64_t string_header(CellKind kind, bool is_wide)
{
    return CELL_HEADER(SHAPE_ID_STRING, kind, is_wide ? STRING_WIDE : 0);
}

static size_t string_flat_size(size_t length, bool is_wide)
{
    return ALLOC_ROUND(sizeof(FlatString) + (length << is_wide));
}

FlatString *string_alloc(LocalHeap *h, size_t length, bool is_wide)
{
    if (length > STRING_MAX_LENGTH) return NULL;
    FlatString *s = alloc_any(h, string_flat_size(length, is_wide), string_header(KIND_STRING, is_wide));
    if (s) string_init(&s->string, (uint32_t)length);
    return s;
}

FlatString *string_alloc_must(LocalHeap *h, size_t length, bool is_wide)
{
    FlatString *s = alloc_must(h, string_flat_size(length, is_wide), string_header(KIND_STRING, is_wide));
    string_init(&s->string, (uint32_t)length);
    return s;
}

String *string_from_unit(LocalHeap *h, uint16_t unit)
{
    if (unit < 256) return string_of(h->vm->one_unit_strings[unit]);
    FlatString *s = string_alloc(h, 1, true);
    s->utf16[0] = unit;
    return &s->string;
}

String *string_from_code_point(LocalHeap *h, uint32_t code_point)
{
    uint16_t units[2];
    int count = utf_encode_utf16(code_point, units);
    return count == 1 ? string_from_unit(h, units[0]) : string_new_utf16(h, units, 2);
}

/* The shared empty and one-unit strings; NULL for others. */
static String *string_try_small(LocalHeap *h, size_t length, uint16_t first_unit)
{
    if (length == 0) return string_of(h->vm->empty_string);
    if (length == 1 && first_unit < 256) return string_of(h->vm->one_unit_strings[first_unit]);
    return NULL;
}

String *string_new_latin1(LocalHeap *h, const uint8_t *units, size_t length)
{
    String *small = string_try_small(h, length, length ? units[0] : 0);
    if (small) return small;
    FlatString *s = string_alloc(h, length, false);
    if (!s) return NULL;
    memcpy(s->latin1, units, length);
    return &s->string;
}

static bool string_units_are_latin1(const uint16_t *units, size_t length)
{
    uint16_t all = 0;
    for (size_t i = 0; i < length; i++) all |= units[i];
    return all < 256;
}

static void string_narrow(uint8_t *out, const uint16_t *units, size_t length)
{
    for (size_t i = 0; i < length; i++) out[i] = (uint8_t)units[i];
}

static void string_widen(uint16_t *out, const uint8_t *units, size_t length)
{
    for (size_t i = 0; i < length; i++) out[i] = units[i];
}

String *string_new_utf16(LocalHeap *h, const uint16_t *units, size_t length)
{
    String *small = string_try_small(h, length, length ? units[0] : 0);
    if (small) return small;
    bool narrow = string_units_are_latin1(units, length);
    FlatString *s = string_alloc(h, length, !narrow);
    if (!s) return NULL;
    if (narrow) string_narrow(s->latin1, units, length);
    else memcpy(s->utf16, units, length * 2);
    return &s->string;
}

String *string_new_utf8(LocalHeap *h, const char *bytes, size_t count)
{
    const uint8_t *text = (const uint8_t *)bytes;
    UtfMeasure m = utf_measure_utf8(text, count);
    if (m.units <= 1 && m.is_latin1) {
        uint8_t unit = 0;
        utf_convert_utf8_to_latin1(text, count, &unit);
        return string_new_latin1(h, &unit, m.units);
    }
    FlatString *s = string_alloc(h, m.units, !m.is_latin1);
    if (!s) return NULL;
    if (m.is_latin1) utf_convert_utf8_to_latin1(text, count, s->latin1);
    else utf_convert_utf8_to_utf16(text, count, s->utf16);
    return &s->string;
}

/* Three-byte forms of surrogates become those units; all else is UTF-8. */
String *string_new_wtf8(LocalHeap *h, const char *bytes, size_t count)
{
    const uint8_t *p = (const uint8_t *)bytes, *end = p + count;
    if (utf_measure_utf8(p, count).is_valid) return string_new_utf8(h, bytes, count);
    StringBuilder b;
    string_builder_init(&b);
    while (p < end) {
        if (end - p >= 3 && p[0] == 0xed && p[1] >= 0xa0 && p[1] <= 0xbf && (p[2] & 0xc0) == 0x80) {
            string_builder_put_unit(&b, (uint16_t)(0xd000 | (p[1] & 0x3f) << 6 | (p[2] & 0x3f)));
            p += 3;
            continue;
        }
        uint32_t c = utf_decode_utf8(&p, end);
        string_builder_put_code_point(&b, c == UTF_INVALID ? UTF_REPLACEMENT : c);
    }
    return string_builder_end(h, &b);
}

String *string_new_text(LocalHeap *h, const char *ascii)
{
    return string_new_latin1(h, (const uint8_t *)ascii, strlen(ascii));
}

/* ---- views and flattening ----------------------------------------------------------------------------- */

static StringView string_view_of_flat(const FlatString *s, size_t offset, uint32_t length)
{
    bool is_wide = string_is_wide(&s->string);
    return (StringView){ .units = s->latin1 + (offset << is_wide), .length = length, .is_wide = is_wide };
}

static FlatString *string_rope_flat(const RopeString *rope)
{
    return atomic_get_acquire(&rope->flat);      // pairs with the compare and swap in string_flatten
}

StringView string_flat_view(const String *s)
{
    switch (s->cell.kind) {
    case KIND_STRING:
        return string_view_of_flat((const FlatString *)s, 0, s->length);
    case KIND_SLICE: {
        const SliceString *slice = (const SliceString *)s;
        return string_view_of_flat(slice->base, slice->offset, s->length);
    }
    default: {
        FlatString *flat = string_rope_flat((const RopeString *)s);
        ASSERT(flat, "the rope was flattened");
        return string_view_of_flat(flat, 0, s->length);
    }
    }
}

static bool string_is_unflattened(const String *s)
{
    return s->cell.kind == KIND_ROPE && !string_rope_flat((const RopeString *)s);
}

static void string_copy_units(void *out, size_t at, bool out_is_wide, StringView v)
{
    if (!out_is_wide) memcpy((uint8_t *)out + at, v.units, v.length);
    else if (v.is_wide) memcpy((uint16_t *)out + at, v.units, (size_t)v.length * 2);
    else string_widen((uint16_t *)out + at, v.units, v.length);
}

/* Write the leaves of `rope` into `out`. Ropes grow mostly to the left (s += x), so each step writes the right part
 * before it goes left, from the end of the buffer backwards; right parts that are ropes wait on a stack. */
static void string_write_rope(const RopeString *rope, void *out, bool is_wide)
{
    VEC(const String *) pending = { 0 };
    size_t end = rope->string.length;
    VEC_PUSH(&pending, &rope->string);
    while (pending.count) {
        const String *s = VEC_POP(&pending);
        while (string_is_unflattened(s)) {
            const RopeString *r = (const RopeString *)s;
            VEC_PUSH(&pending, r->left);
            s = r->right;
        }
        end -= s->length;
        string_copy_units(out, end, is_wide, string_flat_view(s));
    }
    VEC_FREE(&pending);
}

static FlatString *string_flatten(LocalHeap *h, RopeString *rope)
{
    bool is_wide = string_is_wide(&rope->string);
    FlatString *flat = alloc_must(h, string_flat_size(rope->string.length, is_wide), string_header(KIND_STRING, is_wide));
    string_init(&flat->string, rope->string.length);
    string_write_rope(rope, flat->latin1, is_wide);
    barrier_note(h, rope, (Value)(uintptr_t)flat);       // I5
    FlatString *expected = NULL;
    return atomic_cas(&rope->flat, &expected, flat) ? flat : expected;
}

StringView string_view(LocalHeap *h, String *s)
{
    if (UNLIKELY(string_is_unflattened(s))) string_flatten(h, (RopeString *)s);
    return string_flat_view(s);
}

uint16_t string_unit_at(LocalHeap *h, String *s, uint32_t i)
{
    ASSERT(i < s->length, "the unit exists");
    return string_view_unit(string_view(h, s), i);
}

/* ---- concatenation and slices -------------------------------------------------------------------------- */

static String *string_concat_copy(LocalHeap *h, String *left, String *right, uint32_t length, bool is_wide)
{
    StringView a = string_view(h, left), b = string_view(h, right);
    FlatString *s = string_alloc(h, length, is_wide);
    string_copy_units(s->latin1, 0, is_wide, a);
    string_copy_units(s->latin1, a.length, is_wide, b);
    return &s->string;
}

String *string_concat(LocalHeap *h, String *left, String *right)
{
    if (left->length == 0) return right;
    if (right->length == 0) return left;
    uint64_t length = (uint64_t)left->length + right->length;
    if (length > STRING_MAX_LENGTH) return NULL;
    bool is_wide = string_is_wide(left) || string_is_wide(right);
    if (length >= STRING_CHECKED_LENGTH && heap_would_exceed(h, length << is_wide)) return NULL;     // to be flattened
    if (length < STRING_ROPE_MINIMUM) return string_concat_copy(h, left, right, (uint32_t)length, is_wide);
    RopeString *rope = alloc_small(h, ALLOC_ROUND(sizeof *rope), string_header(KIND_ROPE, is_wide));
    string_init(&rope->string, (uint32_t)length);
    rope->flat = NULL;
    rope->left = left;
    rope->right = right;
    return &rope->string;
}

/* Into the units from `at` on. */
static void string_write_part(void *out, size_t at, bool is_wide, const StringPart *part)
{
    const String *s = part->string;
    bool is_plain = s && !is_wide && s->cell.kind == KIND_STRING;
    if (is_plain) memcpy((char *)out + at, ((const FlatString *)s)->latin1, s->length);
    else if (!s) string_copy_units(out, at, is_wide, text_of_latin1(part->text, part->length));
    else if (!string_is_unflattened(s)) string_copy_units(out, at, is_wide, string_flat_view(s));
    else string_write_rope((const RopeString *)s, (char *)out + (at << is_wide), is_wide);
}

STATIC_ASSERT(sizeof(FlatString) + 2 * STRING_JOIN_MAXIMUM <= SMALL_LIMIT_BYTES, "what string_join copies is small");

static String *string_of_part(LocalHeap *h, const StringPart *part)
{
    return part->string ? part->string : string_new_latin1(h, (const uint8_t *)part->text, part->length);
}

/* As ropes, which take no longer however long they are. */
static String *string_join_ropes(LocalHeap *h, const StringPart *parts, uint32_t count)
{
    String *joined = string_of_part(h, &parts[0]);
    for (uint32_t i = 1; joined && i < count; i++) joined = string_concat(h, joined, string_of_part(h, &parts[i]));
    return joined;
}

String *string_join(LocalHeap *h, const StringPart *parts, uint32_t count)
{
    uint64_t length = 0;
    bool is_wide = false;
    for (uint32_t i = 0; i < count; i++) {
        length += parts[i].length;
        if (parts[i].string && string_is_wide(parts[i].string)) is_wide = true;
    }
    if (length >= STRING_JOIN_MAXIMUM) return string_join_ropes(h, parts, count);
    for (uint32_t i = 0; i < count; i++)
        if (parts[i].length == length) return string_of_part(h, &parts[i]);
    FlatString *s = alloc_small(h, string_flat_size(length, is_wide), string_header(KIND_STRING, is_wide));
    string_init(&s->string, (uint32_t)length);
    size_t at = 0;
    for (uint32_t i = 0; i < count; i++) {
        string_write_part(s->latin1, at, is_wide, &parts[i]);
        at += parts[i].length;
    }
    return &s->string;
}

static String *string_slice_copy(LocalHeap *h, StringView part)
{
    return part.is_wide ? string_new_utf16(h, part.units, part.length) : string_new_latin1(h, part.units, part.length);
}

String *string_slice(LocalHeap *h, String *s, uint32_t start, uint32_t end)
{
    ASSERT(start <= end && end <= s->length, "the slice lies in the string");
    if (start == 0 && end == s->length) return s;
    StringView v = string_view(h, s);
    StringView part = { (const uint8_t *)v.units + ((size_t)start << v.is_wide), end - start, v.is_wide };
    if (part.length < STRING_SLICE_MINIMUM) return string_slice_copy(h, part);
    if (part.is_wide && string_units_are_latin1(part.units, part.length)) return string_slice_copy(h, part);
    SliceString *slice = alloc_small(h, ALLOC_ROUND(sizeof *slice), string_header(KIND_SLICE, v.is_wide));
    string_init(&slice->string, part.length);
    slice->offset = start;
    switch (s->cell.kind) {
    case KIND_ROPE:  slice->base = string_rope_flat((RopeString *)s); break;
    case KIND_SLICE: slice->base = ((SliceString *)s)->base; slice->offset += ((SliceString *)s)->offset; break;
    default:         slice->base = (FlatString *)s; break;
    }
    return &slice->string;
}

/* ---- comparing, hashing, searching ---------------------------------------------------------------------- */

bool string_view_equal(StringView a, StringView b)
{
    if (a.length != b.length) return false;
    if (a.length == 0) return true;                      // `units` may be NULL
    if (a.is_wide == b.is_wide) return memcmp(a.units, b.units, (size_t)a.length << a.is_wide) == 0;
    const uint8_t *narrow = a.is_wide ? b.units : a.units;
    const uint16_t *wide = a.is_wide ? a.units : b.units;
    for (uint32_t i = 0; i < a.length; i++)
        if (narrow[i] != wide[i]) return false;
    return true;
}

bool string_equal(LocalHeap *h, String *a, String *b)
{
    if (a == b) return true;
    if (a->length != b->length) return false;
    if (string_is_atom(a) && string_is_atom(b)) return false;
    uint32_t hash_a = atomic_get_relaxed(&a->hash), hash_b = atomic_get_relaxed(&b->hash);
    if (hash_a && hash_b && hash_a != hash_b) return false;
    StringView left = string_view(h, a);
    return string_view_equal(left, string_view(h, b));
}

bool string_equal_text(LocalHeap *h, String *s, const char *ascii)
{
    size_t length = strlen(ascii);
    return s->length == length && string_view_equal(string_view(h, s), (StringView){ ascii, (uint32_t)length, false });
}

int string_view_compare(StringView a, StringView b)
{
    uint32_t shorter = a.length < b.length ? a.length : b.length;
    if (!a.is_wide && !b.is_wide) {
        int order = memcmp(a.units, b.units, shorter);
        if (order) return order;
    } else {
        for (uint32_t i = 0; i < shorter; i++) {
            int order = (int)string_view_unit(a, i) - (int)string_view_unit(b, i);
            if (order) return order;
        }
    }
    return a.length < b.length ? -1 : a.length > b.length;
}

int string_compare(LocalHeap *h, String *a, String *b)
{
    StringView left = string_view(h, a);
    return string_view_compare(left, string_view(h, b));
}

uint32_t string_view_hash(StringView v)
{
    return v.is_wide ? hash_utf16(v.units, v.length) : hash_latin1(v.units, v.length);
}

uint32_t string_hash(LocalHeap *h, String *s)
{
    uint32_t hash = atomic_get_relaxed(&s->hash);
    if (LIKELY(hash)) return hash;
    hash = string_view_hash(string_view(h, s));
    atomic_set_relaxed(&s->hash, hash);
    return hash;
}

static bool string_matches_at(StringView s, StringView needle, uint32_t at)
{
    StringView part = { (const uint8_t *)s.units + ((size_t)at << s.is_wide), needle.length, s.is_wide };
    return string_view_equal(part, needle);
}

static int64_t string_index_of_latin1(StringView s, StringView needle, uint32_t from)
{
    const uint8_t *found = memmem((const uint8_t *)s.units + from, s.length - from, needle.units, needle.length);
    return found ? found - (const uint8_t *)s.units : -1;
}

int64_t string_index_of(StringView s, StringView needle, uint32_t from)
{
    if (needle.length > s.length || from > s.length - needle.length) return -1;
    if (needle.length == 0) return from;
    if (!s.is_wide && !needle.is_wide) return string_index_of_latin1(s, needle, from);
    uint16_t first = string_view_unit(needle, 0);
    for (uint32_t i = from; i <= s.length - needle.length; i++)
        if (string_view_unit(s, i) == first && string_matches_at(s, needle, i)) return i;
    return -1;
}

int64_t string_last_index_of(StringView s, StringView needle, uint32_t from)
{
    if (needle.length > s.length) return -1;
    uint32_t last = s.length - needle.length;
    for (int64_t i = from < last ? from : last; i >= 0; i--)
        if (string_matches_at(s, needle, (uint32_t)i)) return i;
    return -1;
}

bool string_view_to_index(StringView v, uint32_t *index)
{
    if (v.length == 0 || v.length > 10) return false;
    uint16_t first = string_view_unit(v, 0);
    if (first < '0' || first > '9' || (first == '0' && v.length > 1)) return false;
    uint64_t n = 0;
    for (uint32_t i = 0; i < v.length; i++) {
        uint16_t unit = string_view_unit(v, i);
        if (unit < '0' || unit > '9') return false;
        n = n * 10 + (unit - '0');
    }
    if (n > UINT32_MAX - 1) return false;
    *index = (uint32_t)n;
    return true;
}

/* ---- UTF-8 ----------------------------------------------------------------------------------------------- */

static size_t string_encode_unit_wtf8(uint32_t c, uint8_t out[4])
{
    if (!utf_is_surrogate(c)) return utf_encode_utf8(c, out);
    out[0] = (uint8_t)(0xe0 | c >> 12);
    out[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
    out[2] = (uint8_t)(0x80 | (c & 0x3f));
    return 3;
}

char *string_to_utf8(LocalHeap *h, String *s, size_t *count, bool wtf8)
{
    StringView v = string_view(h, s);
    size_t room = (size_t)v.length * (v.is_wide ? 3 : 2) + 1, at = 0;
    char *text = v.length < STRING_LONG_TEXT ? mem_alloc(room) : mem_try_alloc(room);
    if (!text) return NULL;
    for (size_t i = 0; i < v.length;) {
        uint32_t c = v.is_wide ? utf_decode_utf16(v.units, v.length, &i) : ((const uint8_t *)v.units)[i++];
        uint8_t *out = (uint8_t *)text + at;
        if (c < 0x80) *out = (uint8_t)c, at++;
        else at += wtf8 ? string_encode_unit_wtf8(c, out) : utf_encode_utf8(c, out);
    }
    text[at] = '\0';
    if (count) *count = at;
    return text;
}
