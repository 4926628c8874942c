/* SPDX-License-Identifier: MIT */
/* account.h - what collections cost: the counters behind HeapStats, a line a cycle for --gc-trace, a summary for
 * --gc-stats. */
#ifndef US_GC_ACCOUNT_H
#define US_GC_ACCOUNT_H

#include "gc/heap_int.h"

/** A coordinated cycle is over: `before_bytes` were in use as it began, and it took `pause_ns`. World stopped. */
void account_cycle(Heap *heap, uint64_t before_bytes, uint64_t pause_ns);

/** The program ends: print the summary on standard error if it is wanted, once. */
void account_at_exit(Heap *heap);

#endif
