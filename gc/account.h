/* SPDX-License-Identifier: MIT */
/* account.h - what collections cost: the counters behind HeapStats, a line a cycle for --gc-trace, a summary for
 * --gc-stats. */
#ifndef US_GC_ACCOUNT_H
#define US_GC_ACCOUNT_H

#include "gc/heap_int.h"

/** A stop of Heap.cycle is over. World stopped. */
void account_stop(Heap *heap, uint64_t pause_ns);

/** Heap.cycle is over. World stopped. */
void account_cycle(Heap *heap);

/** The program ends: print the summary on standard error if it is wanted, once. */
void account_at_exit(Heap *heap);

#endif
