/* SPDX-License-Identifier: MIT */
/* account.h - what collections cost: the counters behind HeapStats, a line a cycle for --gc-trace, a summary for
 * --gc-stats. */
#ifndef US_GC_ACCOUNT_H
#define US_GC_ACCOUNT_H

#include "gc/heap_int.h"

/** A coordinated cycle is over: `c` says when it began, its pause, and what was in use. World stopped. */
void account_cycle(Heap *heap, Collection c);

/** The program ends: print the summary on standard error if it is wanted, once. */
void account_at_exit(Heap *heap);

#endif
