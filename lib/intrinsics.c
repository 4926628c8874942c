/* SPDX-License-Identifier: MIT */
#include "lib/intrinsics.h"

#include "lib/lib.h"

Value lib_intrinsic(Goroutine *g, uint32_t id, uint32_t depth, uint32_t count)
{
    static const NativeFunction functions[] = {
#define LIB_INTRINSIC(name, function) function,
#include "lib/intrinsics.def"
    };
    ASSERT(id < COUNT_OF(functions), "the embedded library is of this build");
    return functions[id](g, (Args){ .g = g, .depth = depth + FRAME_ARGUMENTS, .count = count, .self = VALUE_UNDEFINED });
}
