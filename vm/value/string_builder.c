/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "vm/base/utf.h"
#include "vm/value/string.h"

void string_builder_init(StringBuilder *b)
{
    *b = (StringBuilder){ 0 };
}

void string_builder_deinit(StringBuilder *b)
{
    mem_free(b->units);
    *b = (StringBuilder){ 0 };
}

/* Room for `more` units of the given width; false when the builder has failed. */
static bool string_builder_reserve(StringBuilder *b, size_t more, bool is_wide)
{
    if (b->failed) return false;
    size_t needed = b->length + more;
    if (needed > STRING_MAX_LENGTH) return !(b->failed = true);
    if (needed <= b->capacity && is_wide <= b->is_wide) return true;
    size_t capacity = b->capacity;
    if (needed > capacity) capacity = capacity * 2 > needed ? capacity * 2 : needed + 32;
    bool widen = is_wide && !b->is_wide;
    void *units = widen ? mem_try_alloc(capacity * 2) : mem_try_resize(b->units, capacity << b->is_wide);
    if (!units) return !(b->failed = true);
    if (widen) {
        for (size_t i = 0; i < b->length; i++) ((uint16_t *)units)[i] = ((uint8_t *)b->units)[i];
        mem_free(b->units);
        b->is_wide = true;
    }
    b->units = units;
    b->capacity = capacity;
    return true;
}

void string_builder_put_unit(StringBuilder *b, uint16_t unit)
{
    if (!string_builder_reserve(b, 1, unit > 255)) return;
    if (b->is_wide) ((uint16_t *)b->units)[b->length++] = unit;
    else ((uint8_t *)b->units)[b->length++] = (uint8_t)unit;
}

void string_builder_put_code_point(StringBuilder *b, uint32_t code_point)
{
    uint16_t units[2];
    int count = utf_encode_utf16(code_point, units);
    for (int i = 0; i < count; i++) string_builder_put_unit(b, units[i]);
}

void string_builder_put_text(StringBuilder *b, const char *ascii)
{
    string_builder_put_latin1(b, (const uint8_t *)ascii, strlen(ascii));
}

void string_builder_put_latin1(StringBuilder *b, const uint8_t *units, size_t length)
{
    if (!string_builder_reserve(b, length, false)) return;
    if (b->is_wide) {
        for (size_t i = 0; i < length; i++) ((uint16_t *)b->units)[b->length + i] = units[i];
    } else if (length) {
        memcpy((uint8_t *)b->units + b->length, units, length);
    }
    b->length += length;
}

void string_builder_put_view(StringBuilder *b, StringView v, uint32_t start, uint32_t end)
{
    const uint8_t *units = (const uint8_t *)v.units + ((size_t)start << v.is_wide);
    if (!v.is_wide) {
        string_builder_put_latin1(b, units, end - start);
    } else if (string_builder_reserve(b, end - start, true)) {
        memcpy((uint16_t *)b->units + b->length, units, (size_t)(end - start) * 2);
        b->length += end - start;
    }
}

void string_builder_put_string(LocalHeap *h, StringBuilder *b, String *s)
{
    string_builder_put_view(b, string_view(h, s), 0, s->length);
}

String *string_builder_end(LocalHeap *h, StringBuilder *b)
{
    String *s = NULL;
    if (!b->failed)
        s = b->is_wide ? string_new_utf16(h, b->units, b->length) : string_new_latin1(h, b->units, b->length);
    string_builder_deinit(b);
    return s;
}
