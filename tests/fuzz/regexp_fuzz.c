/* SPDX-License-Identifier: MIT */
/* regexp_fuzz.c - libFuzzer: patterns of any kind, matched by both engines on subjects of both widths.
 *
 * Input: a byte of flags (i m s u v y, whether the pattern is wide, whether the subject is), a byte for the
 * start, the pattern up to a zero byte (a zero unit when wide), the subject. What has to hold: nothing
 * crashes or leaks, re_parse_check agrees with regexp_compile, captures are in bounds, and every way to match
 * gives one answer.
 *
 *   clang -g -O1 -fsanitize=fuzzer,address,undefined -I. tests/fuzz/regexp_fuzz.c vm/regexp/(all).c
 *         vm/base/(all).c -lpcre2-8 -lpcre2-16 */
#include <stdlib.h>
#include <string.h>

#include "vm/base/mem.h"
#include "vm/base/panic.h"
#include "vm/regexp/regexp.h"

enum { POLL_LIMIT = 6, SCRATCH_BYTES = 8 << 20, MOST_GROUPS = 1000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool count_poll(void *context)
{
    int *left = context;
    return --*left <= 0;
}

typedef struct Answer {
    ReResult result;
    int32_t  captures[2 * (MOST_GROUPS + 1)];
} Answer;

static void answer(const ReProgram *p, ReScratch *s, ReText subject, uint32_t start, uint32_t options,
                   Answer *out)
{
    int polls = POLL_LIMIT;
    ReMatch match = { .subject = subject, .start = start, .options = options, .poll = count_poll,
                      .poll_context = &polls };
    if (regexp_is_well_formed(subject)) match.options |= RE_WELL_FORMED;
    out->result = regexp_match(p, s, &match, out->captures);
    if (out->result != RE_MATCH) return;
    for (uint32_t i = 0; i <= regexp_group_count(p); i++) {
        int32_t first = out->captures[2 * i], end = out->captures[2 * i + 1];
        bool is_unset = first == -1 && end == -1;
        bool is_inside = first >= 0 && first <= end && end <= (int32_t)subject.length;
        if (!is_unset && !is_inside) panic("captures out of bounds");
        if (i == 0 && is_unset) panic("a match without bounds");
    }
}

static bool is_final(const Answer *a) { return a->result == RE_MATCH || a->result == RE_NO_MATCH; }

static void expect_same(const ReProgram *p, const Answer *a, const Answer *b, const char *what)
{
    if (!is_final(a) || !is_final(b)) return;
    size_t size = 2 * (regexp_group_count(p) + 1) * sizeof a->captures[0];
    if (a->result != b->result || (a->result == RE_MATCH && memcmp(a->captures, b->captures, size)))
        panic("engines differ: %s", what);
}

static void match_all_ways(const ReProgram *p, ReText subject, uint32_t start)
{
    static Answer own, pcre, wide, widened, twice;
    ReScratch *s = regexp_scratch_create(SCRATCH_BYTES);
    answer(p, s, subject, start, RE_ONLY_OWN, &own);
    answer(p, s, subject, start, RE_ONLY_PCRE, &pcre);
    expect_same(p, &own, &pcre, "own and PCRE2");
    answer(p, s, subject, start, 0, &twice);
    expect_same(p, &own, &twice, "own and automatic");
    if (!subject.is_wide) {
        uint16_t *units = mem_alloc(subject.length * sizeof *units);
        for (uint32_t i = 0; i < subject.length; i++) units[i] = ((const uint8_t *)subject.units)[i];
        ReText copy = { units, subject.length, true };
        answer(p, s, copy, start, RE_ONLY_OWN, &wide);
        answer(p, s, copy, start, RE_ONLY_PCRE, &widened);
        expect_same(p, &own, &wide, "Latin-1 and UTF-16");
        expect_same(p, &own, &widened, "Latin-1 and UTF-16 by PCRE2");
        mem_free(units);
    }
    regexp_scratch_destroy(s);
}

static uint32_t flags_of(uint8_t byte)
{
    uint32_t flags = 0;
    if (byte & 1) flags |= RE_IGNORE_CASE;
    if (byte & 2) flags |= RE_MULTILINE;
    if (byte & 4) flags |= RE_DOT_ALL;
    if (byte & 8) flags |= RE_UNICODE;
    else if (byte & 16) flags |= RE_UNICODE_SETS;
    if (byte & 32) flags |= RE_STICKY;
    return flags;
}

/* An exact copy on the heap, so that the sanitizer sees a read beyond either end. */
static ReText copy_text(const uint8_t *data, size_t size, bool is_wide)
{
    void *units = mem_alloc(size);
    memcpy(units, data, size);
    return (ReText){ units, (uint32_t)(is_wide ? size / 2 : size), is_wide };
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) return 0;
    uint8_t modes = data[0], start_byte = data[1];
    bool wide_pattern = modes & 64, wide_subject = modes & 128;
    data += 2;
    size -= 2;
    size_t step = wide_pattern ? 2 : 1, length = 0;
    while (length + step <= size && (data[length] || (wide_pattern && data[length + 1]))) length += step;
    ReText pattern = copy_text(data, length, wide_pattern);
    size_t skip = length + step < size ? length + step : size;
    ReText subject = copy_text(data + skip, size - skip, wide_subject);

    ReError checked, compiled;
    uint32_t flags = flags_of(modes);
    bool is_valid = re_parse_check(pattern, flags, &checked);
    ReProgram *p = regexp_compile(pattern, flags, &compiled);
    if (p && !is_valid) panic("re_parse_check refuses what regexp_compile takes");
    if (!is_valid && (checked.offset > pattern.length || !checked.message)) panic("an error without a place");
    if (p && regexp_group_count(p) <= MOST_GROUPS)
        match_all_ways(p, subject, subject.length ? start_byte % (subject.length + 1) : 0);
    regexp_release(p);
    mem_free((void *)pattern.units);
    mem_free((void *)subject.units);
    return 0;
}
