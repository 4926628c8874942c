/* SPDX-License-Identifier: MIT */
#include "gc/alloc.h"

#include <string.h>

#include "gc/heap_int.h"
#include "gc/large.h"
#include "vm/base/panic.h"

/* Collect when enough was handed out since the last cycle, or at every N-th allocation under stress. */
static void alloc_pace(LocalHeap *h, size_t size_bytes)
{
    Heap *heap = h->heap;
    safepoint_poll(h->mutator);
    if (UNLIKELY(heap->options.stress_every)) {
        uint32_t turn = atomic_add_relaxed(&heap->stress_turn, 1);
        if (turn % heap->options.stress_every == heap->options.stress_every - 1) heap_collect(h);
        return;
    }
    if (atomic_get_relaxed(&heap->since_bytes) + size_bytes >= heap->trigger_bytes) heap_collect(h);
}

static void alloc_account(LocalHeap *h, size_t region_bytes)
{
    atomic_add_relaxed(&h->heap->since_bytes, region_bytes);
    atomic_add_relaxed(&h->heap->stats.allocated_bytes, region_bytes);
}

static uint32_t alloc_take_block(Heap *heap, bool wholly_free)
{
    mutex_lock(&heap->blocks_lock);
    uint32_t block = heap_take_block(heap, wholly_free);
    mutex_unlock(&heap->blocks_lock);
    if (!block) panic_out_of_memory("the system refuses memory for the heap");
    return block;
}

/* Find the next run of free lines at or after `line` in the region's block and make it the region. */
static bool alloc_next_run(LocalHeap *h, uint32_t line)
{
    BlockMeta *meta = block_meta_of(h->block);
    while (line < LINES_PER_BLOCK && meta->line[line] != LINE_FREE) line++;
    if (line == LINES_PER_BLOCK) return false;
    uint32_t end = line + 1;
    while (end < LINES_PER_BLOCK && meta->line[end] == LINE_FREE) end++;
    meta->line[line] = LINE_FRESH_START;
    memset(meta->line + line + 1, LINE_FRESH, end - line - 1);
    h->next = h->block + (size_t)line * LINE_BYTES;
    h->region_end = h->block + (size_t)end * LINE_BYTES;
    h->end = h->heap->options.stress_every ? h->next : h->region_end;
    alloc_account(h, (size_t)(h->region_end - h->next));
    return true;
}

static void alloc_refill(LocalHeap *h)
{
    if (h->next < h->region_end) ((Cell *)h->next)->word = 0;
    if (h->block) {
        uint32_t after = (uint32_t)(h->region_end - h->block) / LINE_BYTES;
        if (alloc_next_run(h, after)) return;
    }
    for (;;) {
        h->block = heap_block_address(h->heap, alloc_take_block(h->heap, false));
        if (alloc_next_run(h, 0)) return;
    }
}

/* Cells larger than a line would waste most runs: they get blocks of their own. */
static void *alloc_medium(LocalHeap *h, size_t size_bytes, uint64_t header)
{
    if (size_bytes > (size_t)(h->medium_end - h->medium_next)) {
        if (h->medium_next < h->medium_end) ((Cell *)h->medium_next)->word = 0;
        h->medium_next = heap_block_address(h->heap, alloc_take_block(h->heap, true));
        h->medium_end = h->medium_next + BLOCK_BYTES;
        BlockMeta *meta = block_meta_of(h->medium_next);
        memset(meta->line, LINE_FRESH, LINES_PER_BLOCK);
        meta->line[0] = LINE_FRESH_START;
        alloc_account(h, BLOCK_BYTES);
    }
    Cell *c = (Cell *)h->medium_next;
    h->medium_next += size_bytes;
    c->word = header | h->born_word;
    return c;
}

static void *alloc_from_region(LocalHeap *h, size_t size_bytes, uint64_t header)
{
    Cell *c = (Cell *)h->next;
    h->next += size_bytes;
    if (h->heap->options.stress_every) h->end = h->next;
    c->word = header | h->born_word;
    return c;
}

void *alloc_small_slow(LocalHeap *h, size_t size_bytes, uint64_t header)
{
    ASSERT(size_bytes <= SMALL_LIMIT_BYTES && size_bytes % CELL_GRANULE_BYTES == 0, "small and rounded");
    alloc_pace(h, size_bytes);
    if (size_bytes <= (size_t)(h->region_end - h->next)) return alloc_from_region(h, size_bytes, header);
    if (size_bytes > LINE_BYTES) return alloc_medium(h, size_bytes, header);
    alloc_refill(h);
    return alloc_from_region(h, size_bytes, header);
}

static Cell *alloc_take_large(Heap *heap, size_t size_bytes)
{
    mutex_lock(&heap->blocks_lock);
    Cell *c = large_alloc(heap, size_bytes);
    mutex_unlock(&heap->blocks_lock);
    return c;
}

static void *alloc_large(LocalHeap *h, size_t size_bytes, uint64_t header)
{
    Cell *c = alloc_take_large(h->heap, size_bytes);
    if (!c) {
        heap_collect(h);
        c = alloc_take_large(h->heap, size_bytes);
        if (!c) return NULL;
    }
    alloc_account(h, size_bytes);
    c->word = header | h->born_word;
    return c;
}

void *alloc_any(LocalHeap *h, size_t size_bytes, uint64_t header)
{
    size_bytes = ALLOC_ROUND(size_bytes);
    if (size_bytes <= SMALL_LIMIT_BYTES) return alloc_small(h, size_bytes, header);
    alloc_pace(h, size_bytes);
    return heap_would_exceed(h, size_bytes) ? NULL : alloc_large(h, size_bytes, header);
}

void *alloc_must(LocalHeap *h, size_t size_bytes, uint64_t header)
{
    size_bytes = ALLOC_ROUND(size_bytes);
    if (size_bytes <= SMALL_LIMIT_BYTES) return alloc_small(h, size_bytes, header);
    alloc_pace(h, size_bytes);
    void *cell = alloc_large(h, size_bytes, header);
    if (!cell) panic_out_of_memory("the system refuses memory for the heap");
    return cell;
}
