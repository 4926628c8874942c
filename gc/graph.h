/* SPDX-License-Identifier: MIT */
/* graph.h - looking at the graph of cells without changing it. But for the roots of one goroutine, the world is held
 * (safepoint_hold_world), and no goroutine's memory is looked at that no collection has seen: only cells that survived
 * the last one count. */
#ifndef US_GC_GRAPH_H
#define US_GC_GRAPH_H

#include "gc/heap.h"

typedef void (*GraphVisit)(void *context, Cell *target);

/** Call `visit` for each reference of `c` that keeps something alive, in the order of tracing. */
void graph_each_reference(Heap *heap, Cell *c, GraphVisit visit, void *context);

/** Call `visit` for each precise root. C stacks are not looked at. */
void graph_each_root(Heap *heap, GraphVisit visit, void *context);

/** Call `visit` for each precise root of the goroutine of `h`, on its own thread or with the world held. It may be a
 *  cell that no collection has seen; what is called twice is referred to twice. */
void graph_each_local_root(LocalHeap *h, GraphVisit visit, void *context);

#endif
