/* SPDX-License-Identifier: MIT */
#include "vm/exec/frames.h"

#include "gc/mark.h"
#include "vm/bytecode/small.h"

STATIC_ASSERT(SMALL_NULL == VALUE_NULL && SMALL_FALSE == VALUE_FALSE && SMALL_TRUE == VALUE_TRUE
              && SMALL_UNDEFINED == VALUE_UNDEFINED && SMALL_HOLE == VALUE_HOLE, "code names values by their bits");

/* A callee's frame may end above its caller's lowest registers. Nobody reads those any more, but the caller will have
 * them marked again once the callee has returned: so they must not hold what this collection frees. */
static void frames_mark_stack(Value *innermost, const Value *top, Marker *m)
{
    const Value *low = top;
    for (Value *fp = innermost; fp; fp = frame_caller(fp))
        if (frames_low(fp) < low) low = frames_low(fp);
    mark_values(m, low, (size_t)(top - low));
}

void frames_mark(Goroutine *g, Marker *m)
{
    frames_mark_stack(g->fp, g->stack_top, m);
    for (Fiber *f = &g->first_fiber; f; f = f->next)
        if (f->is_used && f->fp) frames_mark_stack(f->fp, f->stack_top, m);
}

uint32_t frames_count(const Goroutine *g)
{
    uint32_t count = 0;
    for (const Value *fp = g->fp; fp; fp = frame_caller(fp)) count++;
    return count;
}
