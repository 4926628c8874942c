/* SPDX-License-Identifier: MIT */
/* re_pcre.h - matching by PCRE2's JIT, for the patterns that re_emit_allows.
 *
 * I1  A slot of RePcre is written once: NULL, then code or "failed". Who loses the race frees what it made.
 * I2  Code is complete, JIT included, before it is published, and is not touched again until the program
 *     goes.
 * I3  A match cannot be interrupted inside PCRE2. So the search goes on by windows of starts, sized by the
 *     clock, with a poll between them, and a limit on backtracking per start; beyond that limit we decline,
 *     and the matcher of this folder goes on from the window's beginning. */
#ifndef US_REGEXP_RE_PCRE_H
#define US_REGEXP_RE_PCRE_H

#include "vm/regexp/regexp.h"

typedef struct RePcreCode RePcreCode;

typedef struct RePcre {
    RePcreCode *slots[2][2];      // by is_wide, is_sticky; atomic (I1)
    uint32_t    defeats;          // matches declined for their limits; atomic, relaxed
} RePcre;                         // all zero when new

/* Match data, contexts and JIT stacks by is_wide; one owner. All zero when new. */
typedef struct RePcreScratch {
    void    *data[2], *context[2], *stack[2];
    uint32_t pairs[2];
    uint32_t steps_length[2];     // 1 + length of the subject that the context's step limit is for
} RePcreScratch;

void re_pcre_deinit(RePcre *p);
void re_pcre_scratch_deinit(RePcreScratch *s);

typedef struct RePcreJob {
    ReText         pattern;       // with its flags: compiled on first use
    uint32_t       flags;
    uint32_t       group_count;
    const ReMatch *match;
    bool           is_sticky;
    bool           skips_runs;    // our matcher skips starts inside a run that failed, PCRE2 tries each: when
} RePcreJob;                      // that turns out slow, decline

/** Try to match from *start on. True: *result is the answer (a match, none, or RE_INTERRUPTED), and with a
 *  match `captures` is filled. False: not to be had here; there is no match before the new *start. */
bool re_pcre_try_match(RePcre *p, RePcreScratch *s, const RePcreJob *job, uint32_t *start, int32_t *captures,
                       ReResult *result);

#endif
