/* SPDX-License-Identifier: MIT */
/* mark.h - tracing: from roots to everything reachable.
 *
 * Marking is depth first over explicit stacks that grow in chunks, so no shape of object graph can overflow the C
 * stack. The world is stopped, and several threads mark, each with a Marker (docs/heap.md). */
#ifndef US_GC_MARK_H
#define US_GC_MARK_H

#include "gc/heap.h"

/** Mark the cell `v` refers to, if it is a reference. For roots and trace functions. */
void mark_value(Marker *m, Value v);
/** As mark_value, for a cell pointer that may be NULL. */
void mark_cell(Marker *m, const void *cell);
void mark_values(Marker *m, const Value *values, size_t count);

/** For weak tables, once marking has ended. */
bool mark_is_marked(Marker *m, const void *cell);

/** mark_is_marked will be asked of `cell`. */
void mark_prefetch(const void *cell);

/** Mark whatever cells the words of [low, high) point to or into: memory whose layout is unknown. Only from
 *  GcHost.scan_native_stacks. */
void mark_conservatively(Marker *m, const void *low, const void *high);

/** Mark what `c` refers to. For the collector and publish.c. */
void mark_trace(Marker *m, Cell *c);

/** Marking begins: of the roots, where they are many as many as there is time for, and of what they reach. False: the
 *  time is up, and there is more. */
bool mark_begin(Heap *heap);

/** The number of a cycle that makes several stops: who marks the roots of a goroutine that waits need not do so again
 *  in the same cycle until it has run. 0: mark them. */
uint32_t mark_cycle(const Marker *m);

/** How many bytes of cells take about as long to mark as the roots, and as those that this cycle has marked. World
 *  stopped. */
uint64_t mark_root_bytes(const Heap *heap);
uint64_t mark_root_bytes_done(const Heap *heap);

/** Where there are many goroutines: mark the roots that no stop of this cycle has come to yet. False: the time is up,
 *  and there are more. */
bool mark_more_roots(Heap *heap);

/** Go on at another stop, with what is queued and with cells that were stored to (MarkGang.logged). False: the time is
 *  up, and there is more. */
bool mark_go_on(Heap *heap);

/** mark_go_on left nothing, but the program ran since marking began: at the same stop, look at the roots again, and
 *  at what is left for the last stop. False: the time is up, and there has to be another look. */
bool mark_again(Heap *heap);

/** All is marked but what weak tables keep: mark it and clear them; on return mark bits and line bytes tell what
 *  lives. */
void mark_end(Heap *heap);

#endif
