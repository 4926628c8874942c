/* SPDX-License-Identifier: MIT */
/* collect.h - the course of a coordinated collection: what it does in which order, and what it leaves behind. */
#ifndef US_GC_COLLECT_H
#define US_GC_COLLECT_H

#include "gc/heap_int.h"

/** heap_collect. Who has stopped the world for another reason goes on without a collection. */
void collect_run(LocalHeap *h);

/** A collection is due, or another stop of the one that goes on. */
void collect_step(LocalHeap *h);

/** heap_verify. */
void collect_verify(LocalHeap *h, HeapVerdict *verdict);

/** The heap ends: finalise what is left. */
void collect_finalize_all(Heap *heap);

/** Free what heap_retire was given; the world is stopped, or ends. */
void collect_free_retired(Heap *heap);

#endif
