/* SPDX-License-Identifier: MIT */
/* regexp.h - the door: patterns compiled once, matched anywhere.
 *
 * A program runs in one of two engines, and which one never shows in the result. The engine of this folder
 * (re_match.h) does everything. PCRE2's JIT is many times faster, and takes over where the pattern means the
 * same to it (re_pcre.h), once the program has worked enough to pay for compiling it. */
#ifndef US_REGEXP_REGEXP_H
#define US_REGEXP_REGEXP_H

#include <stddef.h>

#include "vm/base/attr.h"
#include "vm/regexp/re_parse.h"

typedef struct ReProgram ReProgram;
typedef struct ReScratch ReScratch;

/* ---- programs: immutable to all appearance, shared by all threads, reference counted ---- */

/** Compile; the caller owns one reference. NULL and `*error` when the pattern is not valid, or too large.
 *  Takes a few KB of C stack, and up to 512 KB for patterns nested to the limit. */
NODISCARD ReProgram *regexp_compile(ReText pattern, uint32_t flags, ReError *error);
void regexp_retain(ReProgram *p);                         // any thread
void regexp_release(ReProgram *p);                        // any thread; NULL is fine

uint32_t regexp_flags(const ReProgram *p);                // as given to regexp_compile
uint32_t regexp_group_count(const ReProgram *p);          // capturing groups, the whole match not counted
size_t   regexp_size_bytes(const ReProgram *p);           // of C memory, roughly

/** Named groups, in order of the groups; with duplicate names a name comes once for each of its groups. */
typedef struct ReName {
    ReText   name;                                        // Latin-1 where possible; the program's
    uint32_t group;
} ReName;
uint32_t regexp_name_count(const ReProgram *p);
ReName   regexp_name(const ReProgram *p, uint32_t index);

/* ---- matching ---- */

/** Memory for matching, kept between matches. One per worker: it serves one match at a time, and a match
 *  begun from within another's poll gets memory of its own. A match may use up to `limit_bytes` (0: the
 *  default). */
NODISCARD ReScratch *regexp_scratch_create(size_t limit_bytes);      // NULL when there is no memory
void regexp_scratch_destroy(ReScratch *s);

typedef enum ReResult {
    RE_NO_MATCH,
    RE_MATCH,
    RE_OUT_OF_MEMORY,             // the limit of the scratch has been reached
    RE_INTERRUPTED,               // poll said so
} ReResult;

/** Asked every few thousand steps of a match, some tens of microseconds: true gives up the match. */
typedef bool RePoll(void *context);

enum {                            // options of a match
    RE_AT_START = 1,              // only a match at `start` will do, as if the flag y were set
    RE_WELL_FORMED = 2,           // the caller knows that a wide subject has no lone surrogates
    RE_ONLY_OWN = 4,              // tests: this folder's engine
    RE_ONLY_PCRE = 8,             // tests: PCRE2 where the pattern allows it, from the first match on
};

typedef struct ReMatch {
    ReText   subject;
    uint32_t start;               // unit; under u and v, one inside a pair of surrogates means the pair
    uint32_t options;
    RePoll  *poll;                // or NULL: cannot be interrupted
    void    *poll_context;
} ReMatch;

/** The first match at or after `start`. Fills captures[0 .. 2 * (groups + 1)) with units of the subject, -1
 *  for groups that took no part, when the result is RE_MATCH. Subjects of up to 2^30 units. */
ReResult regexp_match(const ReProgram *p, ReScratch *s, const ReMatch *match, int32_t *captures);

/** True when no surrogate of `text` is alone: what RE_WELL_FORMED asserts. */
bool regexp_is_well_formed(ReText text);

#endif
