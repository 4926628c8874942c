/* SPDX-License-Identifier: MIT */
#include "vm/exec/frames.h"

#include "gc/mark.h"
#include "vm/bytecode/small.h"

STATIC_ASSERT(SMALL_NULL == VALUE_NULL && SMALL_FALSE == VALUE_FALSE && SMALL_TRUE == VALUE_TRUE
              && SMALL_UNDEFINED == VALUE_UNDEFINED && SMALL_HOLE == VALUE_HOLE, "code names values by their bits");

/* A callee's frame may end above its caller's lowest registers. Nobody reads those any more, but the caller will have them
 * marked again once the callee has returned: so they must not hold what this collection frees. */
void frames_mark(Goroutine *g, Marker *m)
{
    const Value *low = g->stack_top;
    for (Value *fp = g->fp; fp; fp = frame_caller(fp))
        if (frames_low(fp) < low) low = frames_low(fp);
    mark_values(m, low, (size_t)(g->stack_top - low));
}

uint32_t frames_count(const Goroutine *g)
{
    uint32_t count = 0;
    for (const Value *fp = g->fp; fp; fp = frame_caller(fp)) count++;
    return count;
}
