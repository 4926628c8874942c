/* SPDX-License-Identifier: MIT */
/* heapcheck.h - walks the heap and proves the invariants of block.h and heap.h. */
#ifndef US_GC_HEAPCHECK_H
#define US_GC_HEAPCHECK_H

#include "gc/heap_int.h"

/** Look for live cells that have an unknown kind, a size beyond their block, a line byte that contradicts it, or a
 *  reference to something that is no live cell, or to a private one though they are shared. Directly after a
 *  collection, with the world stopped. */
void heapcheck_look(Heap *heap, HeapVerdict *verdict);

/** The same; panic, naming the first such cell, when there is one. `when` is for the message. */
void heapcheck_run(Heap *heap, const char *when);

#endif
