/* SPDX-License-Identifier: MIT */
/* private_mark.h - marking for a private collection, and checking it. */
#ifndef US_GC_PRIVATE_MARK_H
#define US_GC_PRIVATE_MARK_H

#include "gc/private.h"

/** Find what the C stack refers to, before marks and lines change. The region is left. */
void private_mark_begin(LocalHeap *h);

/** Mark from the roots and, unless `full`, from the log. Returns how much was looked at: references, and what
 *  counts as many. */
uint64_t private_mark_run(LocalHeap *h, bool full);

/** Mark from the roots and the log through `m`, whose `visit` is set. */
void private_mark_roots(LocalHeap *h, Marker *m);

/** Visit what `c` refers to, even weakly. */
void private_trace(Marker *m, Cell *c);

/** Does `p` point into memory of `h`? */
bool private_owns(LocalHeap *h, const void *p);

/** After marking: whatever the roots lead to is marked, or panic (HeapOptions.verify). */
void private_check(LocalHeap *h, bool full);

/** Is `c` marked, or nobody's own? */
bool private_is_live(Heap *heap, const Cell *c);

#endif
