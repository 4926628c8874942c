/* SPDX-License-Identifier: MIT */
#include "vm/regexp/re_class.h"

#include <stdlib.h>
#include <string.h>

#include "vm/base/assert.h"
#include "vm/base/utf.h"

/* ---- sets of characters ---- */

void re_class_add(Arena *arena, ReSet *set, uint32_t first, uint32_t last)
{
    if (set->count) {   // ascending input, the usual case, stays canonical
        ReRange *newest = &set->items[set->count - 1];
        if (first >= newest->first && first <= newest->last + 1) {
            if (last > newest->last) newest->last = last;
            return;
        }
    }
    VEC_PUSH_ARENA(arena, set, ((ReRange){ first, last }));
}

void re_class_add_set(Arena *arena, ReSet *set, const ReSet *more)
{
    for (uint32_t i = 0; i < more->count; i++)
        re_class_add(arena, set, more->items[i].first, more->items[i].last);
}

static int range_compare(const void *a, const void *b)
{
    uint32_t x = ((const ReRange *)a)->first, y = ((const ReRange *)b)->first;
    return (x > y) - (x < y);
}

void re_class_normalize(ReSet *set)
{
    bool is_canonical = true;
    for (uint32_t i = 1; i < set->count && is_canonical; i++)
        is_canonical = set->items[i].first > set->items[i - 1].last + 1;
    if (is_canonical) return;
    qsort(set->items, set->count, sizeof(ReRange), range_compare);
    uint32_t kept = 0;
    for (uint32_t i = 1; i < set->count; i++) {
        ReRange *last = &set->items[kept], next = set->items[i];
        if (next.first > last->last + 1) set->items[++kept] = next;
        else if (next.last > last->last) last->last = next.last;
    }
    set->count = kept + 1;
}

bool re_class_has(const ReSet *set, uint32_t character)
{
    uint32_t low = 0, high = set->count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (character > set->items[middle].last) low = middle + 1;
        else high = middle;
    }
    return low < set->count && set->items[low].first <= character;
}

bool re_class_is_equal(const ReSet *a, const ReSet *b)
{
    return a->count == b->count && (a->count == 0 || !memcmp(a->items, b->items, a->count * sizeof(ReRange)));
}

void re_class_invert(Arena *arena, ReSet *set, uint32_t last)
{
    ReSet result = { 0 };
    uint32_t at = 0;
    for (uint32_t i = 0; i < set->count && set->items[i].first <= last; i++) {
        ReRange r = set->items[i];
        if (r.first > at) VEC_PUSH_ARENA(arena, &result, ((ReRange){ at, r.first - 1 }));
        at = r.last + 1;
    }
    if (at <= last) VEC_PUSH_ARENA(arena, &result, ((ReRange){ at, last }));
    *set = result;
}

void re_class_intersect(Arena *arena, ReSet *set, const ReSet *other)
{
    ReSet result = { 0 };
    uint32_t i = 0, j = 0;
    while (i < set->count && j < other->count) {
        ReRange a = set->items[i], b = other->items[j];
        uint32_t first = a.first > b.first ? a.first : b.first;
        uint32_t last = a.last < b.last ? a.last : b.last;
        if (first <= last) VEC_PUSH_ARENA(arena, &result, ((ReRange){ first, last }));
        if (a.last < b.last) i++;
        else j++;
    }
    *set = result;
}

void re_class_subtract(Arena *arena, ReSet *set, const ReSet *other)
{
    ReSet inverse = *other;
    re_class_invert(arena, &inverse, UTF_LAST_CODE_POINT);
    re_class_intersect(arena, set, &inverse);
}

/* ---- case ---- */

/* For each member of `set` that is `source` + i * stride for some i < count of `run`: add it, shifted, to
 * `out`. */
static void add_shifted(Arena *arena, const ReSet *set, const UnicodeCaseRun *run, uint32_t source,
                        uint32_t shift, ReSet *out)
{
    uint32_t source_last = source + (uint32_t)(run->count - 1) * run->stride;
    uint32_t low = 0, high = set->count;
    while (low < high) {                       // the first range that ends at or after `source`
        uint32_t middle = (low + high) / 2;
        if (set->items[middle].last < source) low = middle + 1;
        else high = middle;
    }
    for (uint32_t r = low; r < set->count && set->items[r].first <= source_last; r++) {
        uint32_t first = set->items[r].first > source ? set->items[r].first : source;
        uint32_t last = set->items[r].last < source_last ? set->items[r].last : source_last;
        first += (run->stride - (first - source) % run->stride) % run->stride;
        if (run->stride == 1) {
            if (first <= last) re_class_add(arena, out, first + shift, last + shift);
            continue;
        }
        for (uint32_t c = first; c <= last; c += run->stride) re_class_add(arena, out, c + shift, c + shift);
    }
}

void re_class_fold(Arena *arena, ReSet *set, UnicodeFold fold)
{
    uint32_t count;
    const UnicodeCaseRun *runs = unicode_case_runs(fold, &count);
    ReSet images = { 0 }, originals = { 0 };
    for (uint32_t i = 0; i < count; i++) {
        add_shifted(arena, set, &runs[i], runs[i].first, (uint32_t)runs[i].delta, &images);
        add_shifted(arena, set, &runs[i], runs[i].first, 0, &originals);
    }
    if (!images.count) return;
    re_class_normalize(&originals);
    re_class_subtract(arena, set, &originals);
    re_class_add_set(arena, set, &images);
    re_class_normalize(set);
}

/* The same for sets of ASCII only, the usual case. */
static void close_ascii(Arena *arena, ReSet *set, UnicodeFold fold)
{
    bool is_simple = fold == UNICODE_FOLD_SIMPLE;
    bool has_k = re_class_has(set, 'k') || re_class_has(set, 'K');
    bool has_s = re_class_has(set, 's') || re_class_has(set, 'S');
    for (uint32_t i = 0, count = set->count; i < count; i++) {
        for (uint32_t base = 'A'; base <= 'a'; base += 'a' - 'A') {
            uint32_t first = set->items[i].first, last = set->items[i].last;
            if (first < base) first = base;
            if (last > base + 25) last = base + 25;
            if (first <= last) re_class_add(arena, set, first ^ 0x20, last ^ 0x20);
        }
    }
    if (has_s && is_simple) re_class_add(arena, set, 0x17f, 0x17f);
    if (has_k && is_simple) re_class_add(arena, set, 0x212a, 0x212a);
    re_class_normalize(set);
}

void re_class_close(Arena *arena, ReSet *set, UnicodeFold fold, uint32_t last)
{
    if (set->count == 0) return;
    if (set->items[set->count - 1].last < 0x80) {
        close_ascii(arena, set, fold);
        return;
    }
    uint32_t count;
    const UnicodeCaseRun *runs = unicode_case_runs(fold, &count);
    ReSet images = { 0 }, originals = { 0 };
    for (uint32_t i = 0; i < count; i++)
        add_shifted(arena, set, &runs[i], runs[i].first, (uint32_t)runs[i].delta, &images);
    if (images.count) {
        re_class_add_set(arena, set, &images);
        re_class_normalize(set);
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t delta = (uint32_t)runs[i].delta;
        add_shifted(arena, set, &runs[i], runs[i].first + delta, -delta, &originals);
    }
    for (uint32_t i = 0; i < originals.count; i++) {
        ReRange r = originals.items[i];
        if (r.first <= last) re_class_add(arena, set, r.first, r.last < last ? r.last : last);
    }
    re_class_normalize(set);
}

/* ---- named sets ---- */

void re_class_add_escape(Arena *arena, ReSet *set, char letter, bool folds)
{
    static const ReRange DIGITS[] = { { '0', '9' } };
    static const ReRange WORD[] = { { '0', '9' }, { 'A', 'Z' }, { '_', '_' }, { 'a', 'z' }, { 0x17f, 0x17f },
                                    { 0x212a, 0x212a } };
    static const ReRange SPACE[] = { { '\t', '\r' }, { ' ', ' ' }, { 0xa0, 0xa0 }, { 0x1680, 0x1680 },
                                     { 0x2000, 0x200a }, { 0x2028, 0x2029 }, { 0x202f, 0x202f },
                                     { 0x205f, 0x205f }, { 0x3000, 0x3000 }, { 0xfeff, 0xfeff } };
    const ReRange *ranges = letter == 'd' ? DIGITS : letter == 'w' ? WORD : SPACE;
    uint32_t count = letter == 'd' ? COUNT_OF(DIGITS) : letter == 's' ? COUNT_OF(SPACE) : folds ? 6 : 4;
    for (uint32_t i = 0; i < count; i++) re_class_add(arena, set, ranges[i].first, ranges[i].last);
}

typedef struct PropertyVisit {
    Arena   *arena;
    ReClass *out;
} PropertyVisit;

static void add_property_range(void *context, uint32_t first, uint32_t last)
{
    PropertyVisit *v = context;
    re_class_add(v->arena, &v->out->set, first, last);
}

static void add_property_string(void *context, const uint32_t *code_points, uint32_t count)
{
    PropertyVisit *v = context;
    re_class_add_string(v->arena, v->out, code_points, count);
}

void re_class_add_property(Arena *arena, ReClass *out, UnicodeProperty property)
{
    PropertyVisit visit = { arena, out };
    unicode_property_ranges(property, add_property_range, &visit);
    re_class_normalize(&out->set);
    if (property.kind == UNICODE_STRINGS) unicode_property_strings(property, add_property_string, &visit);
}

/* ---- strings ---- */

void re_class_add_string(Arena *arena, ReClass *c, const uint32_t *characters, uint32_t count)
{
    if (count == 1) {
        re_class_add(arena, &c->set, characters[0], characters[0]);
        return;
    }
    ReString s = { arena_copy(arena, characters, count * sizeof *characters), count };
    VEC_PUSH_ARENA(arena, &c->strings, s);
}

static int string_compare_lexical(const void *a, const void *b)
{
    const ReString *x = a, *y = b;
    uint32_t shorter = x->count < y->count ? x->count : y->count;
    for (uint32_t i = 0; i < shorter; i++)
        if (x->characters[i] != y->characters[i]) return x->characters[i] < y->characters[i] ? -1 : 1;
    return (x->count > y->count) - (x->count < y->count);
}

static int string_compare_longest(const void *a, const void *b)
{
    const ReString *x = a, *y = b;
    if (x->count != y->count) return x->count > y->count ? -1 : 1;
    return string_compare_lexical(a, b);
}

void re_class_sort_strings(ReClass *c, ReOrder order)
{
    if (c->strings.count < 2) return;
    qsort(c->strings.items, c->strings.count, sizeof(ReString),
          order == RE_ORDER_LEXICAL ? string_compare_lexical : string_compare_longest);
    uint32_t kept = 0;
    for (uint32_t i = 1; i < c->strings.count; i++)
        if (string_compare_lexical(&c->strings.items[kept], &c->strings.items[i]) != 0)
            c->strings.items[++kept] = c->strings.items[i];
    c->strings.count = kept + 1;
}

void re_class_unite_all(Arena *arena, ReClass *c, const ReClass *other)
{
    re_class_add_set(arena, &c->set, &other->set);
    for (uint32_t i = 0; i < other->strings.count; i++)
        VEC_PUSH_ARENA(arena, &c->strings, other->strings.items[i]);
    c->may_contain_strings |= other->may_contain_strings;
}

/* Keep the strings of `c` that are (or are not) in `other`. */
static void filter_strings(ReClass *c, ReClass *other, bool keep_common)
{
    re_class_sort_strings(c, RE_ORDER_LEXICAL);
    re_class_sort_strings(other, RE_ORDER_LEXICAL);
    uint32_t kept = 0, j = 0;
    for (uint32_t i = 0; i < c->strings.count; i++) {
        int order = 1;
        while (j < other->strings.count &&
               (order = string_compare_lexical(&other->strings.items[j], &c->strings.items[i])) < 0)
            j++;
        bool is_common = j < other->strings.count && order == 0;
        if (is_common == keep_common) c->strings.items[kept++] = c->strings.items[i];
    }
    c->strings.count = kept;
}

void re_class_intersect_all(Arena *arena, ReClass *c, ReClass *other)
{
    re_class_intersect(arena, &c->set, &other->set);
    filter_strings(c, other, true);
    c->may_contain_strings &= other->may_contain_strings;
}

void re_class_subtract_all(Arena *arena, ReClass *c, ReClass *other)
{
    re_class_subtract(arena, &c->set, &other->set);
    filter_strings(c, other, false);
}
