/* SPDX-License-Identifier: MIT */
/* limit.h - the most that one goroutine may own (limit_set).
 *
 * What counts is the memory that its LocalHeap owns (run.h) and its large cells: what it has published among them while
 * it lies there, but nothing outside the heap. It is looked at when so much was handed out as was left last time, and
 * then first collected; where it is too much even so, the goroutine's next poll throws (heap.h I1), unless
 * a collection then finds that it no longer is. */
#ifndef US_GC_LIMIT_H
#define US_GC_LIMIT_H

#include "gc/heap.h"

/** From now on the context may own `most_bytes`; 0: as many as it likes. */
void limit_set(LocalHeap *h, uint64_t most_bytes);

/** Does `h` own more than it may, as was found since this was asked last? Collects to be sure. */
bool limit_take_excess(LocalHeap *h);

/** The outlined half of limit_check: collect, and see what is left. */
void limit_check_slow(LocalHeap *h);

/** `h` is about to get memory. */
static inline void limit_check(LocalHeap *h)
{
    if (UNLIKELY(h->most_left < 0)) limit_check_slow(h);
}

/** Would `size_bytes` more be too much even after a collection? Who is told so throws. */
bool limit_would_exceed(LocalHeap *h, size_t size_bytes);

#endif
