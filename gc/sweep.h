/* SPDX-License-Identifier: MIT */
/* sweep.h - after marking: which lines and blocks are free. */
#ifndef US_GC_SWEEP_H
#define US_GC_SWEEP_H

#include "gc/heap_int.h"

/** Rebuild the block lists from the line bytes and free unmarked large cells. Returns live bytes. */
uint64_t sweep_run(Heap *heap);

/** Give chunks away that are wholly free, but for as much as will be allocated until the next cycle, and a quarter
 *  more: what is returned each time and taken again costs more than it saves. After pacer_set_trigger. */
void sweep_give_surplus(Heap *heap);

#endif
