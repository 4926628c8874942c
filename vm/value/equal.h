/* SPDX-License-Identifier: MIT */
/* equal.h - equality without user code (ECMA-262 7.2). */
#ifndef US_VALUE_EQUAL_H
#define US_VALUE_EQUAL_H

#include "vm/base/licence.h"
#include "vm/value/value.h"

/** IsStrictlyEqual (7.2.15). */
bool equal_strict(LocalHeap *h, Value a, Value b);

/** SameValue (7.2.10): NaN equals NaN, +0 and -0 differ. */
bool equal_same_value(LocalHeap *h, Value a, Value b);

/** SameValueZero (7.2.11): NaN equals NaN, +0 equals -0. */
bool equal_same_value_zero(LocalHeap *h, Value a, Value b);

#endif
