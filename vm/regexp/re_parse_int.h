/* SPDX-License-Identifier: MIT */
/* re_parse_int.h - what the files of the pattern parser share.
 *
 * I1  An error, and exhaustion of the arena, leave by longjmp to `escape`; the caller owns the arena.
 * I2  Reading: `at` is the unit to be read next. Under u and v characters are read as code points. */
#ifndef US_REGEXP_RE_PARSE_INT_H
#define US_REGEXP_RE_PARSE_INT_H

#include <setjmp.h>

#include "vm/base/utf.h"
#include "vm/regexp/re_tree.h"

#define RE_END UINT32_MAX

/* A name of groups. While parsing, "active" means that a group of that name takes part in a match that
 * reaches the place being parsed; a second one there is an error. */
typedef struct ReNameEntry {
    const uint16_t *units;
    uint32_t        length;
    uint32_t        hash;
    bool            is_active;
    VEC(uint32_t)   groups;
} ReNameEntry;

typedef struct RePendingRef {            // \k<name>, to be resolved when all groups are known
    ReNode         *node;
    const uint16_t *units;
    uint32_t        length;
    uint32_t        offset;
} RePendingRef;

typedef struct ReParser {
    Arena    *arena;
    ReText    text;
    uint32_t  at;
    ReTree   *tree;
    ReError  *error;
    jmp_buf   escape;

    bool      is_unicode, is_sets;                     // u or v; v
    bool      ignore_case, multiline, dot_all;         // as modifiers have it here
    bool      is_backward;                             // in the body of a lookbehind, matched right to left
    uint32_t  depth;
    bool      is_counted, has_names;                   // the scan ahead for groups is done; its findings
    uint32_t  total_groups;

    VEC(ReNameEntry *)  names;
    VEC(ReNameEntry *)  active_names;                  // in order of activation
    uint32_t           *name_table;                    // open addressing: index into names + 1, or 0
    uint32_t            name_table_size;
    VEC(RePendingRef)   pending;

    ReNode   *folded_letters[26];                      // nodes of ASCII letters that ignore case, made once
    ReSet    *folded_universe;                         // all characters under v and i
} ReParser;

NORETURN void re_parse_fail(ReParser *p, uint32_t offset, const char *message);

static inline uint32_t re_parse_unit(const ReParser *p, uint32_t at)
{
    if (at >= p->text.length) return RE_END;
    return p->text.is_wide ? ((const uint16_t *)p->text.units)[at] : ((const uint8_t *)p->text.units)[at];
}

static inline uint32_t re_parse_peek(const ReParser *p) { return re_parse_unit(p, p->at); }

static inline bool re_parse_take(ReParser *p, uint32_t unit)
{
    if (re_parse_peek(p) != unit) return false;
    p->at++;
    return true;
}

/** The next code point, joining a pair of surrogates whatever the flags. */
static inline uint32_t re_parse_code_point(ReParser *p)
{
    uint32_t c = re_parse_unit(p, p->at++);
    if (utf_is_lead_surrogate(c) && p->at < p->text.length) {
        uint32_t trail = re_parse_unit(p, p->at);
        if (utf_is_trail_surrogate(trail)) {
            p->at++;
            return utf_join_surrogates(c, trail);
        }
    }
    return c;
}

/** The next character; not at the end. */
static inline uint32_t re_parse_character(ReParser *p)
{
    return p->is_unicode ? re_parse_code_point(p) : re_parse_unit(p, p->at++);
}

static inline UnicodeFold re_parse_fold(const ReParser *p)
{
    return p->is_unicode ? UNICODE_FOLD_SIMPLE : UNICODE_FOLD_LEGACY;
}

static inline bool re_parse_is_digit(uint32_t c) { return c >= '0' && c <= '9'; }
int  re_parse_hex_digit(uint32_t c);                   // -1 when it is none

/** Count one more level of nesting, or fail; leave it again by p->depth--. */
void re_parse_enter(ReParser *p, uint32_t offset);

/** Scan the whole pattern for the number of groups and for names, once. */
void re_parse_count_groups(ReParser *p);

/* ---- re_parse_escape.c: behind a backslash ---- */

/** \d \D \s \S \w \W and, under u and v, \p \P: true and the class when the escape at `at` is one of them. */
bool re_parse_escape_class(ReParser *p, ReClass *out);

/** The character that the escape at `at` (behind the backslash) stands for; fails when it is none. */
uint32_t re_parse_escape_character(ReParser *p, bool in_class);

/** \uXXXX, pairs of them, and \u{X}, from behind the `u`; `braces` allows the latter two. False, and nothing
 *  read, when there is no such thing here. */
bool re_parse_escape_unicode(ReParser *p, bool braces, uint32_t *out);

/* ---- re_parse_class.c: brackets ---- */

/** The class behind `[`. */
ReNode *re_parse_class(ReParser *p);

/** The node that matches a class which may have strings, folded where v and i ask for it. */
ReNode *re_parse_class_node(ReParser *p, ReClass *c);

/** The node that matches one character, in either case where case is ignored. */
ReNode *re_parse_class_character(ReParser *p, uint32_t c);

/** All characters without `set`, as CharacterComplement has it under the flags here. */
void re_parse_class_invert(ReParser *p, ReSet *set);

/** MaybeSimpleCaseFolding: under v and i, sets are kept folded until re_parse_class_node. */
void re_parse_class_fold(ReParser *p, ReSet *set);

/* ---- re_parse_name.c: names of groups ---- */

/** The name behind `<`, up to and with `>`, as UTF-16. */
const uint16_t *re_parse_name(ReParser *p, uint32_t *length);

/** Note that `group` has this name; fails when another group of this name may take part in the same match. */
void re_parse_name_define(ReParser *p, const uint16_t *units, uint32_t length, uint32_t group,
                          uint32_t offset);

/** At the end of an alternative: names since `mark` may come again in the next. At the end of a disjunction:
 *  names since `mark` have come. Marks are values of p->active_names.count. */
void re_parse_name_end_alternative(ReParser *p, uint32_t mark);
void re_parse_name_end_disjunction(ReParser *p, uint32_t mark);

/** Resolve p->pending. */
void re_parse_name_resolve(ReParser *p);

#endif
