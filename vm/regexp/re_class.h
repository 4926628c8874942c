/* SPDX-License-Identifier: MIT */
/* re_class.h - character classes: sets of characters and, under the v flag, of strings.
 *
 * I1  A canonical set has its ranges ascending, disjoint and not touching; adding may break that, and
 *     re_class_normalize restores it. Every other operation wants canonical sets and yields canonical ones.
 * I2  Strings of a class have two characters or more, or none; one-character strings are in the set.
 * Memory: everything lies in the arena, freed with it; exhaustion leaves by the arena's longjmp.
 * Threads: as the arena. */
#ifndef US_REGEXP_RE_CLASS_H
#define US_REGEXP_RE_CLASS_H

#include <stdbool.h>
#include <stdint.h>

#include "vm/base/arena.h"
#include "vm/base/unicode.h"
#include "vm/base/vec.h"

typedef struct ReRange {
    uint32_t first, last;
} ReRange;

typedef VEC(ReRange) ReSet;

typedef struct ReString {
    uint32_t *characters;
    uint32_t  count;
} ReString;

typedef struct ReClass {
    ReSet         set;
    VEC(ReString) strings;
    bool          may_contain_strings;   // MayContainStrings of ECMA-262: of the syntax, not of the content
} ReClass;

/* ---- sets of characters ---- */

void re_class_add(Arena *arena, ReSet *set, uint32_t first, uint32_t last);
void re_class_add_set(Arena *arena, ReSet *set, const ReSet *more);
void re_class_normalize(ReSet *set);
bool re_class_has(const ReSet *set, uint32_t character);

bool re_class_is_equal(const ReSet *a, const ReSet *b);

/** 0..last without `set`. */
void re_class_invert(Arena *arena, ReSet *set, uint32_t last);
void re_class_intersect(Arena *arena, ReSet *set, const ReSet *other);
void re_class_subtract(Arena *arena, ReSet *set, const ReSet *other);

/** Replace each member by what it folds to; with `all` = 0..10FFFF this is ECMA-262's AllCharacters. */
void re_class_fold(Arena *arena, ReSet *set, UnicodeFold fold);

/** Add all characters up to `last` that fold to what a member folds to. */
void re_class_close(Arena *arena, ReSet *set, UnicodeFold fold, uint32_t last);

/** Add \d, \s or \w (given as that letter); `folds` adds what /iu counts as word characters too. */
void re_class_add_escape(Arena *arena, ReSet *set, char letter, bool folds);

/** Add the members of a property; strings go to `out->strings`. */
void re_class_add_property(Arena *arena, ReClass *out, UnicodeProperty property);

/* ---- sets of characters and strings ---- */

void re_class_add_string(Arena *arena, ReClass *c, const uint32_t *characters, uint32_t count);
void re_class_unite_all(Arena *arena, ReClass *c, const ReClass *other);
void re_class_intersect_all(Arena *arena, ReClass *c, ReClass *other);    // sorts the strings of `other` too
void re_class_subtract_all(Arena *arena, ReClass *c, ReClass *other);

/** Sort the strings so that the longest come first, or lexically, and drop repeated ones. */
typedef enum ReOrder { RE_ORDER_LONGEST, RE_ORDER_LEXICAL } ReOrder;
void re_class_sort_strings(ReClass *c, ReOrder order);

#endif
