/* SPDX-License-Identifier: MIT */
/* substitute.h - GetSubstitution (ECMA-262 22.1.3.19.1): the `$` forms of a replacement text. */
#ifndef US_LIB_SUBSTITUTE_H
#define US_LIB_SUBSTITUTE_H

#include "vm/object/array.h"

typedef struct Substitution {
    String        *text;                 // in which something matched
    String        *matched;              // what did; NULL: the units [at, end) of text
    uint32_t       at, end;              // end <= length of text
    uint32_t       count;                // capturing groups
    const int32_t *spans;                // of the groups from 1 on, as pairs of units of text, -1: no part; or NULL
    Value          captures;             // without spans: an array of strings and undefined
    Value          named;                // an object, or undefined
} Substitution;

/** True when expanding `replacement` is copying it. */
bool substitute_is_plain(StringView replacement);

/** Append the expansion; false: thrown, by user code behind `named`. */
NODISCARD bool substitute_put(Goroutine *g, StringBuilder *b, const Substitution *s, String *replacement);

#endif
