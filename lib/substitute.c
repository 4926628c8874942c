/* SPDX-License-Identifier: MIT */
#include "lib/substitute.h"

#include "vm/object/convert.h"

bool substitute_is_plain(StringView replacement)
{
    for (size_t i = 0; i < replacement.length; i++)
        if (string_view_unit(replacement, i) == '$') return false;
    return true;
}

static void substitute_put_capture(LocalHeap *h, StringBuilder *b, const Substitution *s, StringView text, uint32_t group)
{
    if (s->spans) {
        const int32_t *span = &s->spans[2 * (group - 1)];
        if (span[0] >= 0) string_builder_put_view(b, text, (uint32_t)span[0], (uint32_t)span[1]);
        return;
    }
    Value v = elements_try_get(array_of(s->captures), group - 1);
    if (value_is_string(v)) string_builder_put_string(h, b, string_of(v));
}

static int substitute_digit(StringView r, size_t i)
{
    if (i >= r.length) return -1;
    uint32_t unit = string_view_unit(r, i);
    return unit - '0' < 10 ? (int)(unit - '0') : -1;
}

/* `$n` and `$nn`, which begins at `i`: the group, and the units it takes; 0: it is no reference. */
static uint32_t substitute_group(const Substitution *s, StringView r, size_t i, uint32_t *length)
{
    int first = substitute_digit(r, i + 1), second = substitute_digit(r, i + 2);
    *length = 3;
    if (second >= 0 && (uint32_t)(first * 10 + second) <= s->count) return (uint32_t)(first * 10 + second);
    *length = 2;
    return (uint32_t)first <= s->count ? (uint32_t)first : 0;
}

/* `$<name>`, whose name is the units [start, end). */
static bool substitute_put_named(Goroutine *g, StringBuilder *b, const Substitution *s, String *r, uint32_t start, uint32_t end)
{
    PropertyKey key = intern_key(&g->heap, string_slice(&g->heap, r, start, end));
    Value v = TRY_BOOL(object_get(g, object_of(s->named), key));
    if (value_is_undefined(v)) return true;
    String *text = convert_to_string(g, v);
    if (text) string_builder_put_string(&g->heap, b, text);
    return text != NULL;
}

/* The form whose `$` is unit `i` of `r`. Returns the units it takes, 0 when it is none, -1 when thrown. */
static int64_t substitute_put_form(Goroutine *g, StringBuilder *b, const Substitution *s, String *replacement, StringView r, size_t i)
{
    StringView text = string_view(&g->heap, s->text);
    uint32_t length;
    switch (i + 1 < r.length ? string_view_unit(r, i + 1) : 0) {
    case '$':
        string_builder_put_unit(b, '$');
        return 2;
    case '`':
        string_builder_put_view(b, text, 0, s->at);
        return 2;
    case '&':
        if (s->matched) string_builder_put_string(&g->heap, b, s->matched);
        else string_builder_put_view(b, text, s->at, s->end);
        return 2;
    case '\'':
        string_builder_put_view(b, text, s->end, (uint32_t)text.length);
        return 2;
    case '<': {
        static const uint8_t closing[] = { '>' };
        int64_t close = string_index_of(r, (StringView){ closing, 1, false }, (uint32_t)i + 2);
        if (close < 0 || value_is_undefined(s->named)) return 0;
        return substitute_put_named(g, b, s, replacement, (uint32_t)i + 2, (uint32_t)close) ? close + 1 - (int64_t)i : -1;
    }
    case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9': {
        uint32_t group = substitute_group(s, r, i, &length);
        if (group == 0) return 0;
        substitute_put_capture(&g->heap, b, s, text, group);
        return length;
    }
    default:
        return 0;
    }
}

bool substitute_put(Goroutine *g, StringBuilder *b, const Substitution *s, String *replacement)
{
    StringView r = string_view(&g->heap, replacement);
    size_t done = 0;
    for (size_t i = 0; i < r.length;) {
        if (string_view_unit(r, i) != '$') {
            i++;
            continue;
        }
        string_builder_put_view(b, r, (uint32_t)done, (uint32_t)i);
        done = i;
        int64_t length = substitute_put_form(g, b, s, replacement, r, i);
        if (length < 0) return false;
        i += length ? (size_t)length : 1;
        done += (size_t)length;
    }
    string_builder_put_view(b, r, (uint32_t)done, (uint32_t)r.length);
    return true;
}
