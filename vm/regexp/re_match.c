/* SPDX-License-Identifier: MIT */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE           // memmem
#endif
#include "vm/regexp/re_match.h"

#include <string.h>

#include "vm/base/assert.h"
#include "vm/base/mem.h"
#include "vm/base/utf.h"

enum {
    FRAME_CHOICE = 0,         // a: pos
    FRAME_UNDO = 1,           // a: the old value
    FRAME_RUN = 2,            // greedy: a: least extent, b: present one; lazy: a: count taken, b: extent
    FRAME_KIND = 3,
    FRAME_SHIFT = 2,
    FIRST_FRAMES = 1 << 10,
    RUN_WORDS = 5,            // of the instructions RUN...
    RUN_SHIFT = 6,            // so many characters of a run count as one step
    FUEL_STEPS = 1 << 14,     // between two questions to poll: some tens of microseconds
};
STATIC_ASSERT(RE_PLACE_LIMIT - 1 <= UINT32_MAX >> FRAME_SHIFT, "a frame holds a place beside its kind");

void re_match_init(ReMatcher *m, size_t limit_bytes)
{
    *m = (ReMatcher){ .limit_frames = limit_bytes / sizeof(ReFrame) };
}

void re_match_deinit(ReMatcher *m)
{
    mem_free(m->frames);
    mem_free(m->registers);
    *m = (ReMatcher){ 0 };
}

static bool matcher_grow(ReMatcher *m)
{
    size_t count = m->frame_count ? m->frame_count * 2 : FIRST_FRAMES;
    if (count > m->limit_frames) count = m->limit_frames;
    if (count <= m->frame_count) return false;
    ReFrame *frames = mem_try_resize(m->frames, count * sizeof(ReFrame));
    if (!frames) return false;
    m->frames = frames;
    m->frame_count = count;
    return true;
}

static NOINLINE bool matcher_refuel(ReMatcher *m, int32_t *fuel)
{
    *fuel = FUEL_STEPS;
    return !m->poll || !m->poll(m->poll_context);
}

static bool matcher_prepare(ReMatcher *m)
{
    if (!m->frame_count && !matcher_grow(m)) return false;
    uint32_t needed = m->code->register_count;
    if (needed > m->register_count) {
        uint32_t *registers = mem_try_resize(m->registers, needed * sizeof *registers);
        if (!registers) return false;
        m->registers = registers;
        m->register_count = needed;
    }
    // Failed attempts undo what they write, so this once is enough for all attempts of a match.
    memset(m->registers, 0xff, 2 * (m->code->group_count + 1) * sizeof *m->registers);
    return true;
}

static ALWAYS_INLINE bool is_word_character(uint32_t c, bool folds)
{
    if (c < 0x80) return (c | 0x20) - 'a' < 26 || c - '0' < 10 || c == '_';
    return folds && (c == 0x17f || c == 0x212a);
}

#define RE_UNIT uint8_t
#define RE_CODE_POINTS 0
#define RE_IN(name) name##_latin1
#include "vm/regexp/re_match_inl.h"
#undef RE_UNIT
#undef RE_CODE_POINTS
#undef RE_IN

#define RE_UNIT uint16_t
#define RE_CODE_POINTS 0
#define RE_IN(name) name##_units
#include "vm/regexp/re_match_inl.h"
#undef RE_CODE_POINTS
#undef RE_IN

#define RE_CODE_POINTS 1
#define RE_IN(name) name##_points
#include "vm/regexp/re_match_inl.h"

ReResult re_match_run(ReMatcher *m, const ReCode *code, ReText text, uint32_t start, bool is_sticky,
                      RePoll *poll, void *poll_context)
{
    CHECK(start <= text.length, "a match begins inside the subject or at its end");
    m->code = code;
    m->text = text;
    m->poll = poll;
    m->poll_context = poll_context;
    m->fuel = FUEL_STEPS;
    if (!matcher_prepare(m)) return RE_OUT_OF_MEMORY;
    if (!text.is_wide) return search_latin1(m, start, is_sticky);
    return code->is_unicode ? search_points(m, start, is_sticky) : search_units(m, start, is_sticky);
}
