/* SPDX-License-Identifier: MIT */
/* heapcheck.h - walks the heap and proves the invariants of block.h and heap.h. */
#ifndef US_GC_HEAPCHECK_H
#define US_GC_HEAPCHECK_H

#include "gc/heap_int.h"

/** Panic, naming the cell, when a live cell has an unknown kind, a size beyond its block, a line byte that
 *  contradicts it, or a reference to something that is no live cell. `when` is for the message. Directly after a
 *  collection. */
void heapcheck_run(Heap *heap, const char *when);

#endif
