/* SPDX-License-Identifier: MIT */
/* re_emit.h - patterns that mean the same to PCRE2, in a form in which they do.
 *
 * The form is canonical: characters as \x{...} or plain letters and digits, classes as ranges worked out
 * here, groups by number, no verbs, no options; of PCRE2's shorthands only \A \z \b \B, whose meaning is
 * ECMA-262's. The reasons why a pattern is left to the matcher of this folder (differences measured on PCRE2
 * 10.42):
 *
 *   E1  PCRE2 keeps groups from earlier iterations of a loop, ECMA-262 resets them: a group in a loop must be
 *       set by every iteration.
 *   E2  PCRE2 accepts an iteration that takes nothing, ECMA-262 rejects it and tries the body's other ways: a
 *       body that can be empty must be so in its last way only, and hold no groups.
 *   E3  Lookbehinds run left to right in PCRE2, over a fixed length: no groups or references in them.
 *   E4  References that ignore case, and references that may meet the group of an earlier iteration.
 *   E5  What is beyond PCRE2's limits, or would make it slow to compile. */
#ifndef US_REGEXP_RE_EMIT_H
#define US_REGEXP_RE_EMIT_H

#include "vm/regexp/re_tree.h"

typedef struct ReEmitted {
    const char *pattern;          // ASCII, NUL-terminated, in the arena
    uint32_t    length;
    bool        is_utf;           // compile for well-formed UTF-16
    bool        has_loops;        // time per start is not bounded by the length of the pattern
} ReEmitted;

/** True when PCRE2 gives the same answers for `tree`, on every subject (under u and v: on every Latin-1 and
 *  every well-formed one). */
bool re_emit_allows(const ReTree *tree);

/** The pattern for Latin-1 subjects, or (`is_wide`) for UTF-16; false when it would become too long. */
bool re_emit_pattern(Arena *arena, const ReTree *tree, bool is_wide, ReEmitted *out);

#endif
