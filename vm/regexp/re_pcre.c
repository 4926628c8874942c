/* SPDX-License-Identifier: MIT */
#include "vm/regexp/re_pcre.h"

#define PCRE2_CODE_UNIT_WIDTH 0
#include <pcre2.h>
#include <time.h>

#include "vm/base/assert.h"
#include "vm/base/atomic.h"
#include "vm/base/mem.h"
#include "vm/base/utf.h"
#include "vm/regexp/re_emit.h"

enum {
    ARENA_BYTES = 16 << 20,
    FEWEST_PAIRS = 16,
    JIT_STACK_FIRST = 32 << 10,           // bytes
    JIT_STACK_LIMIT = 4 << 20,            // reserved, not touched until needed
    MOST_DEFEATS = 4,                     // after so many the program stays with the matcher of this folder

    /* Backtracks per start. One costs about 3 ns and what it then scans, hence fewer on longer subjects. */
    MOST_STEPS = 1000000,
    FEWEST_STEPS = 16 << 10,
    STEPS_SHIFT = 36,                     // steps * length <= 2^36

    /* Windows of starts. A call costs about 70 ns, so the larger ones cost nothing to speak of. */
    FIRST_WINDOW = 256,
    LARGEST_WINDOW = 4096,
    LONG_SUBJECT = 1 << 16,               // on which even the first window is timed
    QUICK_NS = 100000,                    // a window done in less may be followed by a larger one
    SLOW_NS = 1000000,                    // and after more by a smaller one
};

struct RePcreCode {
    void *code;                           // of the library of its width
    bool  is_wide, has_loops;
};

static RePcreCode pcre_failed;            // stands in a slot for "not to be had"; never written

static void *pcre_alloc(size_t size_bytes, void *context)
{
    return mem_try_alloc(size_bytes);
}

static void pcre_free(void *block, void *context)
{
    mem_free(block);
}

static uint32_t step_limit(uint32_t length)
{
    uint64_t steps = (UINT64_C(1) << STEPS_SHIFT) / (length + UINT64_C(1));
    return steps > MOST_STEPS ? MOST_STEPS : steps < FEWEST_STEPS ? FEWEST_STEPS : (uint32_t)steps;
}

#define RE_LIB(name) name##_8
#define RE_IN(name) name##_latin1
#define RE_UNIT PCRE2_UCHAR8
#define RE_WIDE 0
#include "vm/regexp/re_pcre_inl.h"
#undef RE_LIB
#undef RE_IN
#undef RE_UNIT
#undef RE_WIDE

#define RE_LIB(name) name##_16
#define RE_IN(name) name##_utf16
#define RE_UNIT PCRE2_UCHAR16
#define RE_WIDE 1
#include "vm/regexp/re_pcre_inl.h"

/* ---- code ---- */

static void code_free(RePcreCode *c)
{
    if (!c || c == &pcre_failed) return;
    if (c->is_wide) free_code_utf16(c->code);
    else free_code_latin1(c->code);
    mem_free(c);
}

void re_pcre_deinit(RePcre *p)
{
    for (int i = 0; i < 4; i++) code_free(p->slots[i / 2][i % 2]);
}

/* Parses again: the tree is not kept, since most programs never come here. NULL when it is not to be had. */
static RePcreCode *code_make(const RePcreJob *job, bool is_wide)
{
    Arena arena;
    jmp_buf escape;
    ReError error;
    void *volatile code = NULL;
    volatile bool has_loops = false;
    arena_init(&arena, ARENA_BYTES, &escape);
    if (setjmp(escape) == 0) {
        ReEmitted emitted;
        const ReTree *tree = re_parse_tree(&arena, job->pattern, job->flags, &error);
        if (tree && re_emit_pattern(&arena, tree, is_wide, &emitted)) {
            code = is_wide ? compile_utf16(&arena, &emitted, job->is_sticky) :
                             compile_latin1(&arena, &emitted, job->is_sticky);
            has_loops = emitted.has_loops;
        }
    }
    arena_deinit(&arena);
    if (!code) return NULL;
    RePcreCode *c = mem_try_alloc(sizeof *c);
    if (!c) {
        if (is_wide) free_code_utf16(code);
        else free_code_latin1(code);
        return NULL;
    }
    *c = (RePcreCode){ code, is_wide, has_loops };
    return c;
}

static const RePcreCode *code_get(RePcre *p, const RePcreJob *job, bool is_wide)
{
    RePcreCode **slot = &p->slots[is_wide][job->is_sticky];
    RePcreCode *c = atomic_get_acquire(slot);                // pairs with the CAS below
    if (!c) {
        RePcreCode *made = code_make(job, is_wide);
        if (!made) made = &pcre_failed;
        if (atomic_cas(slot, &c, made)) c = made;            // publishes the code; pairs with the load above
        else code_free(made);
    }
    return c == &pcre_failed ? NULL : c;
}

/* ---- matching ---- */

void re_pcre_scratch_deinit(RePcreScratch *s)
{
    scratch_free_latin1(s);
    scratch_free_utf16(s);
    *s = (RePcreScratch){ 0 };
}

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int run(const RePcreCode *code, RePcreScratch *s, ReText text, uint32_t start, size_t limit)
{
    return code->is_wide ? run_utf16(code, s, text, start, limit) : run_latin1(code, s, text, start, limit);
}

/* The first start of the next window: never inside a pair, where PCRE2_UTF may not begin. */
static uint32_t window_end(ReText text, uint32_t start, uint32_t window)
{
    if (text.length - start <= window) return text.length + 1;
    uint32_t end = start + window;
    if (text.is_wide && utf_is_trail_surrogate(((const uint16_t *)text.units)[end])) end++;
    return end;
}

/* Window by window (I3). Returns PCRE2's result; *start is the beginning of the last window. The first window
 * of a shorter subject is not timed: reading the clock would cost as much as a short match. */
static int search(const RePcreCode *code, RePcreScratch *s, const RePcreJob *job, uint32_t *start,
                  bool *interrupted)
{
    const ReMatch *match = job->match;
    ReText text = match->subject;
    uint32_t window = FIRST_WINDOW;
    int64_t begun = text.length > LONG_SUBJECT ? now_ns() : 0;
    for (;;) {
        uint32_t end = window_end(text, *start, window);
        if (end > text.length) return run(code, s, text, *start, PCRE2_UNSET);
        int result = run(code, s, text, *start, end - 1);
        if (result != PCRE2_ERROR_NOMATCH) return result;
        *start = end;
        int64_t now = now_ns(), took = begun ? now - begun : 0;
        begun = now;
        if (took < QUICK_NS) window = window * 4 > LARGEST_WINDOW ? LARGEST_WINDOW : window * 4;
        else if (took > SLOW_NS) window = window / 16 + 1;
        if (took > SLOW_NS && job->skips_runs) return PCRE2_ERROR_MATCHLIMIT;
        if (took < QUICK_NS || !match->poll) continue;
        if (match->poll(match->poll_context)) {
            *interrupted = true;
            return PCRE2_ERROR_NOMATCH;
        }
        begun = now_ns();
    }
}

static void copy_bounds(const PCRE2_SIZE *bounds, uint32_t group_count, int32_t *captures)
{
    for (uint32_t i = 0; i < 2 * (group_count + 1); i++)
        captures[i] = bounds[i] == PCRE2_UNSET ? -1 : (int32_t)bounds[i];
}

bool re_pcre_try_match(RePcre *p, RePcreScratch *s, const RePcreJob *job, uint32_t *start, int32_t *captures,
                       ReResult *result)
{
    ReText text = job->match->subject;
    if (atomic_get_relaxed(&p->defeats) >= MOST_DEFEATS) return false;
    const RePcreCode *code = code_get(p, job, text.is_wide);
    if (!code) return false;
    bool is_ready = text.is_wide ? scratch_prepare_utf16(s, job->group_count + 1) :
                                   scratch_prepare_latin1(s, job->group_count + 1);
    if (!is_ready) return false;
    bool interrupted = false;
    int found = job->is_sticky || !code->has_loops ? run(code, s, text, *start, PCRE2_UNSET) :
                                                     search(code, s, job, start, &interrupted);
    if (found > 0) {
        copy_bounds(text.is_wide ? bounds_utf16(s) : bounds_latin1(s), job->group_count, captures);
        *result = RE_MATCH;
        return true;
    }
    if (found == PCRE2_ERROR_NOMATCH) {
        *result = interrupted ? RE_INTERRUPTED : RE_NO_MATCH;
        return true;
    }
    atomic_add_relaxed(&p->defeats, 1);
    return false;
}
