/* SPDX-License-Identifier: MIT */
/* re_compile.h - from tree to matcher code. */
#ifndef US_REGEXP_RE_COMPILE_H
#define US_REGEXP_RE_COMPILE_H

#include "vm/regexp/re_code.h"

/** Code for `tree`, in one block that the caller frees with mem_free; NULL and `*error` when the pattern is
 *  too large. `arena` holds what is needed on the way (and memos in the tree). */
ReCode *re_compile_tree(Arena *arena, const ReTree *tree, ReError *error);

#endif
