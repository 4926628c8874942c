/* SPDX-License-Identifier: MIT */
/* shade.h - what is stored in shared cells while a coordinated collection goes on between its stops.
 *
 * A shared cell that was scanned may be given a reference to one that was not, and the place where that was found so
 * far may forget it before it is looked at. So whoever stores it marks it and remembers it in its Mutator; the next
 * stop scans it (Dijkstra et al., CACM 1978: the mutator shades what it stores). Private cells have a log instead
 * (private.h), roots are looked at again at the last stop.
 *
 * I1  No shared cell that was scanned refers to one without a mark, but at a safepoint's distance from a store: between
 *     shading and the store nothing stops. */
#ifndef US_GC_SHADE_H
#define US_GC_SHADE_H

#include "gc/heap_int.h"

/** heap_is_marking: `c` is about to be stored in a shared cell, or was made shared and may be stored by other means.
 *  On the thread of `h`. */
void shade_cell(LocalHeap *h, Cell *c);

/** As shade_cell for what `count` values refer to. */
void shade_values(LocalHeap *h, const Value *values, size_t count);

/** World stopped: what all threads have shaded so far, to MarkGang.shaded. */
void shade_gather(Heap *heap);

/** The thread ends. Under World.lock. */
void shade_leave(Mutator *m);

#endif
