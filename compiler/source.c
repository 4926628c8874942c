/* SPDX-License-Identifier: MIT */
#include "compiler/source.h"

#include <string.h>

#include "vm/base/assert.h"
#include "vm/base/mem.h"
#include "vm/base/utf.h"

enum { BLOCK_BYTES = 4096 };

/* True when `p` starts a surrogate code point written as three bytes (WTF-8). */
static bool is_encoded_surrogate(const uint8_t *p, const uint8_t *end)
{
    return end - p >= 3 && p[0] == 0xed && p[1] >= 0xa0 && p[1] <= 0xbf && (p[2] & 0xc0) == 0x80;
}

/* The first ill-formed byte of `bytes`, or `end`. */
static const uint8_t *find_ill_formed(const uint8_t *p, const uint8_t *end, SourceEncoding encoding)
{
    while (p < end) {
        p += utf_count_ascii_prefix(p, (size_t)(end - p));
        if (p == end) break;
        const uint8_t *here = p;
        if (utf_decode_utf8(&p, end) == UTF_INVALID) {
            if (encoding != SOURCE_WTF8 || !is_encoded_surrogate(here, end)) return here;
            p = here + 3;
        }
    }
    return end;
}

void source_init(Source *s, const char *name, const void *bytes, size_t size_bytes, SourceEncoding encoding)
{
    *s = (Source){ .name = name, .bytes = bytes, .status = SOURCE_VALID };
    if (size_bytes > SOURCE_LIMIT_BYTES) {
        s->bytes = (const uint8_t *)"";
        s->status = SOURCE_TOO_LARGE;
        s->is_ascii = true;
        return;
    }
    CHECK(s->bytes[size_bytes] == 0, "I1");
    s->size_bytes = (uint32_t)size_bytes;
    s->is_ascii = utf_count_ascii_prefix(s->bytes, size_bytes) == size_bytes;
    if (s->is_ascii) return;
    if (size_bytes >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) s->text_start = 3;
    const uint8_t *bad = find_ill_formed(s->bytes, s->bytes + size_bytes, encoding);
    if (bad < s->bytes + size_bytes) {
        s->status = SOURCE_BAD_UTF8;
        s->bad_offset = (uint32_t)(bad - s->bytes);
    }
}

void source_deinit(Source *s)
{
    mem_free(s->line_starts);
    mem_free(s->blocks);
    *s = (Source){ 0 };
}

/* The offset behind the line terminator at or after `at`, or UINT32_MAX when there is none. */
static uint32_t next_line_start(const Source *s, uint32_t at)
{
    const uint8_t *p = s->bytes + at, *end = s->bytes + s->size_bytes;
    for (; p < end; p++) {
        if (*p > '\r' && *p != 0xe2) continue;
        if (*p == '\n') return (uint32_t)(p + 1 - s->bytes);
        if (*p == '\r') return (uint32_t)(p + (p[1] == '\n' ? 2 : 1) - s->bytes);
        if (*p == 0xe2 && end - p >= 3 && p[1] == 0x80 && (p[2] == 0xa8 || p[2] == 0xa9))
            return (uint32_t)(p + 3 - s->bytes);
    }
    return UINT32_MAX;
}

static void build_lines(Source *s)
{
    uint32_t count = 1;
    for (uint32_t at = next_line_start(s, s->text_start); at != UINT32_MAX; at = next_line_start(s, at))
        count++;
    s->line_starts = mem_try_alloc(count * sizeof *s->line_starts);
    if (!s->line_starts) return;
    s->line_count = count;
    uint32_t at = s->text_start;
    for (uint32_t i = 0; i < count; i++) {
        s->line_starts[i] = at;
        at = next_line_start(s, at);
    }
}

static void count_characters(const uint8_t *p, const uint8_t *end, SourceBlock *count)
{
    for (; p < end; p++) {
        if ((*p & 0xc0) == 0x80) continue;
        count->code_points++;
        count->utf16_units += *p >= 0xf0 ? 2 : 1;
    }
}

static void build_blocks(Source *s)
{
    uint32_t blocks = s->size_bytes / BLOCK_BYTES + 1;
    s->blocks = mem_try_alloc(blocks * sizeof *s->blocks);
    if (!s->blocks) return;
    SourceBlock total = { 0, 0 };
    for (uint32_t i = 0; i < blocks; i++) {
        s->blocks[i] = total;
        uint32_t from = i * BLOCK_BYTES, to = from + BLOCK_BYTES;
        count_characters(s->bytes + from, s->bytes + (to < s->size_bytes ? to : s->size_bytes), &total);
    }
}

/* How many characters lie before `offset`. */
static SourceBlock count_before(Source *s, uint32_t offset)
{
    if (s->is_ascii) return (SourceBlock){ offset, offset };
    if (!s->blocks) build_blocks(s);
    SourceBlock count = { 0, 0 };
    uint32_t from = 0;
    if (s->blocks) {
        count = s->blocks[offset / BLOCK_BYTES];
        from = offset / BLOCK_BYTES * BLOCK_BYTES;
    }
    count_characters(s->bytes + from, s->bytes + offset, &count);
    return count;
}

/* The line that holds `offset` and where it starts. */
static uint32_t find_line(Source *s, uint32_t offset, uint32_t *start)
{
    if (!s->line_starts) build_lines(s);
    if (!s->line_starts) {                       // no memory: count from the start
        uint32_t line = 1;
        *start = s->text_start;
        for (uint32_t at = next_line_start(s, *start); at <= offset; at = next_line_start(s, at)) {
            *start = at;
            line++;
        }
        return line;
    }
    uint32_t low = 0, high = s->line_count;      // line_starts[low] <= offset < line_starts[high]
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (s->line_starts[middle] <= offset) low = middle;
        else high = middle;
    }
    ASSERT(s->line_starts[low] <= offset && (high == s->line_count || offset < s->line_starts[high]), "I4");
    *start = s->line_starts[low];
    return low + 1;
}

SourcePosition source_position(Source *s, uint32_t offset, SourceColumns columns)
{
    if (offset > s->size_bytes) offset = s->size_bytes;
    if (offset < s->text_start) offset = s->text_start;
    uint32_t start;
    uint32_t line = find_line(s, offset, &start);
    SourceBlock between = { 0, 0 };
    if (offset - start < BLOCK_BYTES) {
        count_characters(s->bytes + start, s->bytes + offset, &between);
    } else {
        SourceBlock before = count_before(s, offset), at_start = count_before(s, start);
        between.code_points = before.code_points - at_start.code_points;
        between.utf16_units = before.utf16_units - at_start.utf16_units;
    }
    return (SourcePosition){ line, 1 + (columns == SOURCE_CODE_POINTS ? between.code_points : between.utf16_units) };
}

void source_line(Source *s, uint32_t line, uint32_t *start, uint32_t *end)
{
    uint32_t from = s->text_start;
    if (!s->line_starts) build_lines(s);
    if (s->line_starts) {
        CHECK(line >= 1 && line <= s->line_count, "I4");
        from = s->line_starts[line - 1];
    } else {
        for (uint32_t i = 1; i < line; i++) from = next_line_start(s, from);
    }
    uint32_t to = next_line_start(s, from);
    if (to == UINT32_MAX) to = s->size_bytes;
    else if (to - from >= 2 && s->bytes[to - 1] == '\n' && s->bytes[to - 2] == '\r') to -= 2;
    else if (s->bytes[to - 1] == '\n' || s->bytes[to - 1] == '\r') to -= 1;
    else to -= 3;
    *start = from;
    *end = to;
}
