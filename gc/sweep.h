/* SPDX-License-Identifier: MIT */
/* sweep.h - after marking: which lines and blocks are free. */
#ifndef US_GC_SWEEP_H
#define US_GC_SWEEP_H

#include "gc/heap_int.h"

/** Rebuild the block lists from the line bytes and free unmarked large cells. Returns live bytes. */
uint64_t sweep_run(Heap *heap);

#endif
