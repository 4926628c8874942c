/* SPDX-License-Identifier: MIT */
/* collate.h - the order of text that people expect: letters by letter, then by accent, then by case.
 *
 * This is the root order of the Unicode Collation Algorithm as CLDR tailors it, exact for ASCII and near to it
 * elsewhere: there characters go by category, then by code point. Pure functions, any thread. */
#ifndef US_LIB_COLLATE_H
#define US_LIB_COLLATE_H

#include "vm/base/text.h"

/** -1, 0 or 1. Both texts are in normalisation form D. */
int collate_compare(TextView a, TextView b);

#endif
