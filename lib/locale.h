/* SPDX-License-Identifier: MIT */
/* locale.h - the toLocaleString family's plain en-US forms (ECMA-262 without ECMA-402). */
#ifndef US_LIB_LOCALE_H
#define US_LIB_LOCALE_H

#include "vm/value/string.h"

/** `digits` with a comma before each third digit from the right. */
void locale_put_grouped(StringBuilder *b, const char *digits, size_t count);

/** Number.prototype.toLocaleString: grouped, at most three fraction digits. */
NODISCARD String *locale_number(LocalHeap *h, double d);

#endif
