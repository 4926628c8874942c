/* SPDX-License-Identifier: MIT */
/* string_int.h - what the files of String share. */
#ifndef US_LIB_STRING_INT_H
#define US_LIB_STRING_INT_H

#include "lib/families.h"

/** RequireObjectCoercible(this) and ToString(this), which every method begins with. NULL: thrown. */
NODISCARD String *lib_string_this(Goroutine *g, Args a);

/** ToIntegerOrInfinity of argument `i`, clamped to 0..most; undefined is `otherwise`. False: thrown. */
NODISCARD bool lib_string_position(Goroutine *g, Args a, uint32_t i, uint32_t most, uint32_t otherwise, uint32_t *position);

/** The part [start, end) of `v`. */
static inline StringView lib_string_part(StringView v, size_t start, size_t end)
{
    v = text_from(v, start);
    v.length = end - start;
    return v;
}

void lib_string_install_html(const Lib *lib, Value proto);
void lib_string_install_case(const Lib *lib, Value proto);
void lib_string_install_search(const Lib *lib, Value proto);

#endif
