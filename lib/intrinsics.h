/* SPDX-License-Identifier: MIT */
/* intrinsics.h - the functions of intrinsics.def, and its names for the compiler. */
#ifndef US_LIB_INTRINSICS_H
#define US_LIB_INTRINSICS_H

#include "vm/object/callable.h"

#define LIB_INTRINSIC(name, function) NODISCARD Value function(Goroutine *g, Args a);
#include "lib/intrinsics.def"

#endif
