/* SPDX-License-Identifier: MIT */
/* pacer.h - when the next coordinated collection is due: how much may be allocated until then. */
#ifndef US_GC_PACER_H
#define US_GC_PACER_H

#include "gc/heap_int.h"

/* What a cycle took: the time that passed, and the processor time of all threads. */
typedef struct PacerSpan {
    int64_t start_ns, end_ns;
    int64_t start_cpu_ns, end_cpu_ns;        // of the process
} PacerSpan;

/** A cycle is over, and live_bytes are known: set the trigger of the next one. World stopped. */
void pacer_after_cycle(Heap *heap, const PacerSpan *cycle);

/** A stop of a cycle that goes on is over: set the trigger of the next stop. World stopped. */
void pacer_after_stop(Heap *heap);

/** After a change of HeapPacing: set the trigger anew. World stopped, or nobody allocates yet. */
void pacer_set_trigger(Heap *heap);

#endif
