/* SPDX-License-Identifier: MIT */
#include "vm/regexp/regexp.h"

#include <string.h>

#include "vm/base/assert.h"
#include "vm/base/atomic.h"
#include "vm/base/mem.h"
#include "vm/base/utf.h"
#include "vm/regexp/re_compile.h"
#include "vm/regexp/re_emit.h"
#include "vm/regexp/re_match.h"
#include "vm/regexp/re_pcre.h"

struct ReProgram {
    uint32_t refs;                     // atomic

    /* immutable */
    uint32_t flags;
    uint32_t group_count, name_count;
    ReCode  *code;                     // owned
    ReText   source;                   // owned copy
    ReName  *names;                    // owned, one block with the text of the names
    size_t   size_bytes;
    bool     allows_pcre;              // re_emit_allows

    /* shared by those who match; re_pcre.h states the protection */
    RePcre   pcre;
    uint32_t heat;                     // work done so far; atomic, relaxed, a loss does not matter
};

struct ReScratch {
    ReMatcher     matcher;
    RePcreScratch pcre;
    size_t        limit_bytes;
    bool          is_busy;             // a match is under way
};

enum {
    DEFAULT_LIMIT_BYTES = 128 << 20,
    KEPT_FRAMES = 1 << 16,             // a stack beyond this is given back after the match
    LONGEST_SUBJECT = 1 << 30,

    /* A program turns to PCRE2 when it has worked for about as long as compiling for that takes, 10 to 50 us:
     * at once on a long subject, after some dozens of matches on short ones. */
    HEAT_OF_MATCH = 32,                // and one for each unit of the subject
    HEAT_ENOUGH = 2048,
};

/* ---- programs ---- */

static bool is_latin1(const uint16_t *units, uint32_t length)
{
    for (uint32_t i = 0; i < length; i++)
        if (units[i] > 0xff) return false;
    return true;
}

static bool copy_names(ReProgram *p, const ReTree *tree)
{
    size_t size = tree->names.count * sizeof(ReName);
    for (uint32_t i = 0; i < tree->names.count; i++) size += tree->names.items[i].length * sizeof(uint16_t);
    if (size == 0) return true;
    p->names = mem_try_alloc(size);
    if (!p->names) return false;
    p->name_count = tree->names.count;
    p->size_bytes += size;
    uint16_t *text = (uint16_t *)(p->names + p->name_count);
    for (uint32_t i = 0; i < p->name_count; i++) {
        const ReGroupName *from = &tree->names.items[i];
        bool narrow = is_latin1(from->units, from->length);
        p->names[i] = (ReName){ { text, from->length, !narrow }, from->group };
        for (uint32_t k = 0; k < from->length; k++) {
            if (narrow) ((uint8_t *)text)[k] = (uint8_t)from->units[k];
            else text[k] = from->units[k];
        }
        text += from->length;
    }
    return true;
}

static bool copy_source(ReProgram *p, ReText pattern)
{
    size_t size = (size_t)pattern.length << pattern.is_wide;
    void *copy = mem_try_alloc(size);
    if (!copy) return false;
    if (size) memcpy(copy, pattern.units, size);
    p->source = (ReText){ copy, pattern.length, pattern.is_wide };
    p->size_bytes += size;
    return true;
}

static void program_destroy(ReProgram *p)
{
    re_pcre_deinit(&p->pcre);
    mem_free(p->code);
    mem_free((void *)p->source.units);
    mem_free(p->names);
    mem_free(p);
}

static ReProgram *program_build(Arena *arena, ReText pattern, uint32_t flags, ReError *error)
{
    ReTree *tree = re_parse_tree(arena, pattern, flags, error);
    if (!tree) return NULL;
    ReCode *code = re_compile_tree(arena, tree, error);
    if (!code) return NULL;
    ReProgram *p = mem_try_alloc(sizeof *p);
    if (!p) {
        mem_free(code);
        return NULL;
    }
    *p = (ReProgram){ .refs = 1, .flags = flags, .group_count = tree->group_count, .code = code };
    p->size_bytes = sizeof *p + code->size_bytes;
    p->allows_pcre = re_emit_allows(tree);
    if (copy_names(p, tree) && copy_source(p, pattern)) return p;
    program_destroy(p);
    return NULL;
}

ReProgram *regexp_compile(ReText pattern, uint32_t flags, ReError *error)
{
    Arena arena;
    arena_init(&arena, RE_ARENA_LIMIT_BYTES, NULL);
    ReProgram *p = program_build(&arena, pattern, flags, error);
    arena_deinit(&arena);
    return p;
}

void regexp_retain(ReProgram *p)
{
    atomic_add_relaxed(&p->refs, 1);
}

void regexp_release(ReProgram *p)
{
    if (!p) return;
    // The last one out must see what the others did: acquires and releases with their subtractions.
    if (__atomic_sub_fetch(&p->refs, 1, __ATOMIC_ACQ_REL) == 0) program_destroy(p);
}

uint32_t regexp_flags(const ReProgram *p)       { return p->flags; }
uint32_t regexp_group_count(const ReProgram *p) { return p->group_count; }
uint32_t regexp_name_count(const ReProgram *p)  { return p->name_count; }
size_t   regexp_size_bytes(const ReProgram *p)  { return p->size_bytes; }

ReName regexp_name(const ReProgram *p, uint32_t index)
{
    CHECK(index < p->name_count, "a name's index is below regexp_name_count");
    return p->names[index];
}

/* ---- scratch ---- */

ReScratch *regexp_scratch_create(size_t limit_bytes)
{
    ReScratch *s = mem_try_alloc(sizeof *s);
    if (!s) return NULL;
    *s = (ReScratch){ .limit_bytes = limit_bytes ? limit_bytes : DEFAULT_LIMIT_BYTES };
    re_match_init(&s->matcher, s->limit_bytes);
    return s;
}

void regexp_scratch_destroy(ReScratch *s)
{
    if (!s) return;
    CHECK(!s->is_busy, "a scratch is destroyed between matches");
    re_match_deinit(&s->matcher);
    re_pcre_scratch_deinit(&s->pcre);
    mem_free(s);
}

/* ---- matching ---- */

bool regexp_is_well_formed(ReText text)
{
    if (!text.is_wide) return true;
    const uint16_t *units = text.units;
    for (uint32_t i = 0; i < text.length; i++) {
        if (!utf_is_surrogate(units[i])) continue;
        if (!utf_is_lead_surrogate(units[i]) || i + 1 == text.length || !utf_is_trail_surrogate(units[i + 1]))
            return false;
        i++;
    }
    return true;
}

static ReResult match_own(const ReProgram *p, ReScratch *s, const ReMatch *match, uint32_t start,
                          bool is_sticky, int32_t *captures)
{
    ReResult result = re_match_run(&s->matcher, p->code, match->subject, start, is_sticky, match->poll,
                                   match->poll_context);
    if (result == RE_MATCH) {
        for (uint32_t i = 0; i <= p->group_count; i++) {
            uint32_t first = s->matcher.registers[2 * i], end = s->matcher.registers[2 * i + 1];
            bool is_set = first != RE_UNSET && end != RE_UNSET;
            captures[2 * i] = is_set ? (int32_t)first : -1;
            captures[2 * i + 1] = is_set ? (int32_t)end : -1;
        }
    }
    if (s->matcher.frame_count > KEPT_FRAMES) {
        re_match_deinit(&s->matcher);
        re_match_init(&s->matcher, s->limit_bytes);
    }
    return result;
}

/* Whether this match should go to PCRE2. */
static bool wants_pcre(ReProgram *p, const ReMatch *match)
{
    if (!p->allows_pcre || match->options & RE_ONLY_OWN) return false;
    bool has_points = match->subject.is_wide && re_tree_has_unicode(p->flags);
    if (has_points && !(match->options & RE_WELL_FORMED)) return false;      // PCRE2 takes no lone surrogates
    if (match->options & RE_ONLY_PCRE) return true;
    uint32_t heat = atomic_get_relaxed(&p->heat);
    if (heat >= HEAT_ENOUGH) return true;
    uint32_t length = match->subject.length - match->start;
    heat += HEAT_OF_MATCH + (length < HEAT_ENOUGH ? length : HEAT_ENOUGH);
    atomic_set_relaxed(&p->heat, heat);
    return heat >= HEAT_ENOUGH;
}

static ReResult match_idle(const ReProgram *p, ReScratch *s, const ReMatch *match, uint32_t start,
                           int32_t *captures)
{
    ReProgram *shared = (ReProgram *)p;        // its mutable part; immutable to all appearance
    bool is_sticky = (match->options & RE_AT_START) || (p->flags & RE_STICKY);
    if (wants_pcre(shared, match)) {
        ReResult result;
        bool skips_runs = p->code->start_run != RE_NO_FILTER;
        RePcreJob job = { p->source, p->flags, p->group_count, match, is_sticky, skips_runs };
        if (re_pcre_try_match(&shared->pcre, &s->pcre, &job, &start, captures, &result)) return result;
    }
    return match_own(p, s, match, start, is_sticky, captures);
}

/* Under u and v the subject is a list of code points: a start inside a pair means the pair (22.2.7.2 step
 * 12.b). */
static uint32_t start_of_character(const ReProgram *p, const ReMatch *match)
{
    uint32_t start = match->start;
    const uint16_t *units = match->subject.units;
    bool has_points = match->subject.is_wide && re_tree_has_unicode(p->flags);
    if (!has_points || start == 0 || start >= match->subject.length) return start;
    bool is_inside = utf_is_trail_surrogate(units[start]) && utf_is_lead_surrogate(units[start - 1]);
    return is_inside ? start - 1 : start;
}

ReResult regexp_match(const ReProgram *p, ReScratch *s, const ReMatch *match, int32_t *captures)
{
    CHECK(match->subject.length <= LONGEST_SUBJECT, "subjects have at most 2^30 units");
    CHECK(match->start <= match->subject.length, "a match begins inside the subject or at its end");
    if (s->is_busy) {
        ReScratch *own = regexp_scratch_create(s->limit_bytes);
        if (!own) return RE_OUT_OF_MEMORY;
        ReResult result = regexp_match(p, own, match, captures);
        regexp_scratch_destroy(own);
        return result;
    }
    s->is_busy = true;
    ReResult result = match_idle(p, s, match, start_of_character(p, match), captures);
    s->is_busy = false;
    return result;
}
