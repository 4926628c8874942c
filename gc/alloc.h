/* SPDX-License-Identifier: MIT */
/* alloc.h - taking memory for a cell: the inlined bump, and its outlined half.
 *
 * The caller writes every field behind the header before it allocates again (heap.h I3). */
#ifndef US_GC_ALLOC_H
#define US_GC_ALLOC_H

#include "gc/heap.h"

NODISCARD void *alloc_small_slow(LocalHeap *h, size_t size_bytes, uint64_t header);

/** A cell of `size_bytes` (a multiple of 16, at most SMALL_LIMIT_BYTES) with `header`, its other words
 *  uninitialised. Never NULL. */
NODISCARD static ALWAYS_INLINE void *alloc_small(LocalHeap *h, size_t size_bytes, uint64_t header)
{
    char *p = h->next;
    uintptr_t end = (uintptr_t)p + size_bytes;
    if (LIKELY(end <= (uintptr_t)h->end)) {
        h->next = (char *)end;
        ((Cell *)p)->word = header | h->born_word;
        return p;
    }
    return alloc_small_slow(h, size_bytes, header);
}

/** A cell of any size (rounded up to 16). Larger ones may be refused: NULL when the limit or the system says no. */
NODISCARD void *alloc_any(LocalHeap *h, size_t size_bytes, uint64_t header);

/** As alloc_any for callers that cannot report a failure: goes beyond the limit (the next poll then throws), and ends
 *  the process when the system itself refuses. */
NODISCARD void *alloc_must(LocalHeap *h, size_t size_bytes, uint64_t header);

#define ALLOC_ROUND(size_bytes) (((size_bytes) + CELL_GRANULE_BYTES - 1) & ~(size_t)(CELL_GRANULE_BYTES - 1))

#endif
