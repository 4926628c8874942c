/* SPDX-License-Identifier: MIT */
#include "vm/base/unicode.h"

#include <string.h>

#include "vm/base/assert.h"
#include "vm/base/unicode_int.h"
#include "vm/base/utf.h"

const char *unicode_version(void)
{
    return unicode_tables_version;
}

/* ---- identifiers and white space ---- */

static bool identifier_has(uint32_t c, unsigned word)   // word: 0 ID_Start, 8 ID_Continue
{
    const uint32_t *page = unicode_identifier_pages[unicode_identifier_index[c >> 8]];
    return page[word + (c >> 5 & 7)] >> (c & 31) & 1;
}

bool unicode_is_identifier_start(uint32_t c)
{
    if (c == '$' || c == '_') return true;
    return c < unicode_identifier_limit && identifier_has(c, 0);
}

bool unicode_is_identifier_part(uint32_t c)
{
    if (c < unicode_identifier_limit) return identifier_has(c, 8) || c == '$' || c == 0x200c || c == 0x200d;
    return c >= unicode_identifier_beyond[0] && c <= unicode_identifier_beyond[1];
}

bool unicode_is_white_space(uint32_t c)
{
    if (c < 0x80) return c == ' ' || c == '\t' || c == '\v' || c == '\f';
    if (c < 0x1680) return c == 0xa0;
    if (c >= 0x2000 && c <= 0x200a) return true;
    return c == 0x1680 || c == 0x202f || c == 0x205f || c == 0x3000 || c == 0xfeff;
}

/* ---- finding properties ---- */

static bool name_find(const char *text, const UnicodeName *names, uint32_t count, const char *name,
                      size_t length, uint32_t *value)
{
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        const char *candidate = text + names[middle].text;
        int order = strncmp(name, candidate, length);
        if (order == 0 && candidate[length] != '\0') order = -1;   // `name` is a proper prefix
        if (order == 0) {
            *value = names[middle].value;
            return true;
        }
        if (order < 0) high = middle;
        else low = middle + 1;
    }
    return false;
}

#define NAME_FIND(table, name, length, value) \
    name_find(unicode_##table##_text, unicode_##table##_names, unicode_##table##_name_count, (name), \
              (length), (value))

static bool name_is(const char *name, size_t length, const char *text)
{
    return length == strlen(text) && memcmp(name, text, length) == 0;
}

bool unicode_property_find(const char *name, size_t name_length, const char *value, size_t value_length,
                           UnicodeProperty *out)
{
    if (!value) {
        if (NAME_FIND(category, name, name_length, &out->value)) out->kind = UNICODE_CATEGORY;
        else if (NAME_FIND(binary, name, name_length, &out->value)) out->kind = UNICODE_BINARY;
        else if (NAME_FIND(string, name, name_length, &out->value)) out->kind = UNICODE_STRINGS;
        else return false;
        return true;
    }
    if (name_is(name, name_length, "General_Category") || name_is(name, name_length, "gc")) {
        out->kind = UNICODE_CATEGORY;
        return NAME_FIND(category, value, value_length, &out->value);
    }
    if (name_is(name, name_length, "Script") || name_is(name, name_length, "sc")) out->kind = UNICODE_SCRIPT;
    else if (name_is(name, name_length, "Script_Extensions") || name_is(name, name_length, "scx"))
        out->kind = UNICODE_SCRIPT_EXTENSIONS;
    else return false;
    return NAME_FIND(script, value, value_length, &out->value);
}

/* ---- members of properties ---- */

static uint32_t varint_read(const uint8_t **p)
{
    uint32_t value = 0;
    for (int shift = 0;; shift += 7) {
        uint8_t byte = *(*p)++;
        value |= (uint32_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) return value;
    }
}

/* Joins adjacent ranges before they are handed on. */
typedef struct Joiner {
    UnicodeVisitRange visit;
    void             *context;
    uint32_t          first, end;   // pending range [first, end)
} Joiner;

static void joiner_flush(Joiner *j)
{
    if (j->first < j->end) j->visit(j->context, j->first, j->end - 1);
}

static void joiner_add(Joiner *j, uint32_t first, uint32_t end)
{
    if (first == end) return;
    if (first != j->end || j->first == j->end) {
        joiner_flush(j);
        j->first = first;
    }
    j->end = end;
}

static void visit_categories(Joiner *j, uint32_t mask)
{
    const uint8_t *p = unicode_categories;
    for (uint32_t at = 0; at <= UTF_LAST_CODE_POINT;) {
        uint8_t run = *p++;
        uint32_t length = run & 7;
        if (length == 0) length = varint_read(&p);
        if (mask >> (run >> 3) & 1) joiner_add(j, at, at + length);
        at += length;
    }
}

static void visit_script(Joiner *j, uint32_t script)
{
    const uint8_t *p = unicode_scripts;
    for (uint32_t at = 0; at <= UTF_LAST_CODE_POINT;) {
        uint32_t number = *p++, length = varint_read(&p);
        if (number == script) joiner_add(j, at, at + length);
        at += length;
    }
}

/* A bit per extension set: whether `script` is in it. Returns the sets as 256 bits. */
static void extension_sets_with(uint32_t script, uint64_t bits[4])
{
    memset(bits, 0, 4 * sizeof bits[0]);
    const uint8_t *p = unicode_extension_sets;
    for (uint32_t set = 0; set < unicode_extension_set_count; set++) {
        for (uint32_t count = *p++; count > 0; count--)
            if (*p++ == script) bits[set / 64] |= UINT64_C(1) << (set % 64);
    }
}

/* Walks the runs of Script and the runs of exceptions together: an exception replaces what Script says. */
static void visit_script_extensions(Joiner *j, uint32_t script)
{
    uint64_t members[4];
    ASSERT(unicode_extension_set_count <= 256, "the table of extension sets fits the bits");
    extension_sets_with(script, members);
    const uint8_t *p = unicode_scripts, *q = unicode_extensions, *q_end = q + unicode_extension_bytes;
    uint32_t run_end = 0, run_script = 0, exception = 0, exception_end = 0, set = 0;
    for (uint32_t at = 0; at <= UTF_LAST_CODE_POINT;) {
        while (at >= run_end) {
            run_script = *p++;
            run_end += varint_read(&p);
        }
        if (at >= exception_end) {
            exception = q < q_end ? exception_end + varint_read(&q) : UINT32_MAX;
            exception_end = q < q_end ? exception + varint_read(&q) + 1 : UINT32_MAX;
            if (q < q_end) set = varint_read(&q);
            continue;
        }
        bool is_exception = at >= exception;
        uint32_t end = is_exception ? exception_end : run_end < exception ? run_end : exception;
        bool has = is_exception ? members[set / 64] >> (set % 64) & 1 : run_script == script;
        if (has) joiner_add(j, at, end);
        at = end;
    }
}

static void visit_ranges(Joiner *j, const uint8_t *p, const uint8_t *end)
{
    for (uint32_t at = 0; p < end;) {
        uint32_t first = at + varint_read(&p);
        at = first + varint_read(&p) + 1;
        joiner_add(j, first, at);
    }
}

static void visit_binary(Joiner *j, uint32_t property)
{
    switch (property) {
    case UNICODE_ANY:      joiner_add(j, 0, UTF_LAST_CODE_POINT + 1); break;
    case UNICODE_ASCII:    joiner_add(j, 0, 0x80); break;
    case UNICODE_ASSIGNED: visit_categories(j, ~UINT32_C(1)); break;   // all but Cn, which is number 0
    default:
        visit_ranges(j, unicode_binary + unicode_binary_offsets[property],
                     unicode_binary + unicode_binary_offsets[property + 1]);
    }
}

void unicode_property_ranges(UnicodeProperty p, UnicodeVisitRange visit, void *context)
{
    Joiner j = { .visit = visit, .context = context };
    switch (p.kind) {
    case UNICODE_CATEGORY:          visit_categories(&j, p.value); break;
    case UNICODE_SCRIPT:            visit_script(&j, p.value); break;
    case UNICODE_SCRIPT_EXTENSIONS: visit_script_extensions(&j, p.value); break;
    case UNICODE_BINARY:            visit_binary(&j, p.value); break;
    case UNICODE_STRINGS: {
        // Basic_Emoji, number 0, is the only property of strings that has members of one character.
        uint32_t property = p.value == UNICODE_RGI_EMOJI ? 0 : p.value;
        const uint8_t *q = unicode_strings + unicode_string_offsets[property];
        uint32_t bytes = varint_read(&q);
        visit_ranges(&j, q, q + bytes);
        break;
    }
    }
    joiner_flush(&j);
}

void unicode_property_strings(UnicodeProperty p, UnicodeVisitString visit, void *context)
{
    ASSERT(p.kind == UNICODE_STRINGS, "only properties of strings have strings");
    bool all = p.value == UNICODE_RGI_EMOJI;
    uint32_t last = all ? UNICODE_STRING_PROPERTIES - 1 : p.value;
    for (uint32_t property = all ? 0 : p.value; property <= last; property++) {
        const uint8_t *q = unicode_strings + unicode_string_offsets[property];
        const uint8_t *end = unicode_strings + unicode_string_offsets[property + 1];
        uint32_t bytes = varint_read(&q);
        q += bytes;
        while (q < end) {
            uint32_t string[UNICODE_LONGEST_STRING], count = *q++;
            ASSERT(count <= UNICODE_LONGEST_STRING, "the tables hold no longer string");
            for (uint32_t i = 0; i < count; i++) string[i] = unicode_string_alphabet[varint_read(&q)];
            visit(context, string, count);
        }
    }
}

/* ---- case ---- */

const UnicodeCaseRun *unicode_case_runs(UnicodeFold fold, uint32_t *count)
{
    if (fold == UNICODE_FOLD_SIMPLE) {
        *count = unicode_case_simple_count;
        return unicode_case_simple;
    }
    *count = unicode_case_legacy_count;
    return unicode_case_legacy;
}

uint32_t unicode_fold(uint32_t c, UnicodeFold fold)
{
    if (c < 0x80) {
        if (fold == UNICODE_FOLD_SIMPLE) return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
        return c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c;
    }
    uint32_t count;
    const UnicodeCaseRun *runs = unicode_case_runs(fold, &count);
    uint32_t low = 0, high = count;
    while (low < high) {                       // the last run that begins at or before c ...
        uint32_t middle = (low + high) / 2;
        if (runs[middle].first <= c) low = middle + 1;
        else high = middle;
    }
    // ... or one a little before it: runs of stride 2 may interleave.
    for (uint32_t i = low; i > 0 && i + 4 > low; i--) {
        const UnicodeCaseRun *run = &runs[i - 1];
        uint32_t offset = c - run->first;
        if (offset % run->stride == 0 && offset / run->stride < run->count) return c + (uint32_t)run->delta;
    }
    return c;
}
