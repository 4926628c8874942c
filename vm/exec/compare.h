/* SPDX-License-Identifier: MIT */
/* compare.h - outlined halves of comparison bodies. */
#ifndef US_EXEC_COMPARE_H
#define US_EXEC_COMPARE_H

#include "vm/exec/cache.h"

NODISCARD Tri compare_less(Goroutine *g, Value a, Value b);
NODISCARD Tri compare_less_equal(Goroutine *g, Value a, Value b);
NODISCARD Tri compare_greater(Goroutine *g, Value a, Value b);
NODISCARD Tri compare_greater_equal(Goroutine *g, Value a, Value b);

/** a === b for values whose bits differ and that are not both int32. */
bool compare_strict(Goroutine *g, Value a, Value b);

/** v instanceof target, at a site that learns the shapes of functions. */
NODISCARD Tri compare_instance_of(Goroutine *g, InlineCache *ic, Value v, Value target);
NODISCARD Tri compare_in(Goroutine *g, Value key, Value o);
NODISCARD Tri compare_in_private(Goroutine *g, Value name, Value o);

#endif
