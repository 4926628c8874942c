/* SPDX-License-Identifier: MIT */
/* large.h - cells larger than SMALL_LIMIT_BYTES: whole pages in shared chunks, or chunks of their own. */
#ifndef US_GC_LARGE_H
#define US_GC_LARGE_H

#include "gc/heap_int.h"

/** Zeroed memory for one cell, or NULL when the system refuses. Counts nothing but large_bytes. Takes the lock. */
Cell *large_alloc(Heap *heap, size_t size_bytes);

/** The cell that `p`, inside a CHUNK_PAGES or CHUNK_HUGE chunk, points into; NULL when none. */
Cell *large_find(Heap *heap, const void *p);

/** Mark `c`; false when it was marked already. */
bool large_mark(Heap *heap, Cell *c);
bool large_is_marked(Heap *heap, const Cell *c);

/** Set or clear the mark of `c`, a private cell of the caller's. */
void large_set_mark(Heap *heap, Cell *c, bool marked);

/** Free `c`, which nobody else knows. Takes the lock. Returns the bytes that it took. */
uint64_t large_free(Heap *heap, Cell *c);

void large_clear_marks(Heap *heap);

/** Free every unmarked cell. Returns the bytes that live on. */
uint64_t large_sweep(Heap *heap);
void large_each(Heap *heap, void (*visit)(void *context, Cell *c), void *context);

#endif
