/* SPDX-License-Identifier: MIT */
#include "gc/alloc.h"

#include <string.h>

#include "gc/collect.h"
#include "gc/heap_int.h"
#include "gc/large.h"
#include "gc/limit.h"
#include "gc/private.h"
#include "gc/run.h"
#include "vm/base/mem.h"
#include "vm/base/panic.h"

/* Under stress every N-th allocation collects, in turn the young of the goroutine, all of it, and all goroutines. */
static void alloc_stress(LocalHeap *h)
{
    Heap *heap = h->heap;
    uint32_t every = heap->options.stress_every, turn = atomic_add_relaxed(&heap->stress_turn, 1);
    if (turn % every != every - 1) return;
    uint32_t which = turn / every % 4;
    if (which < 2 && private_collect(h, PRIVATE_MINOR)) return;
    if (which == 2 && private_collect(h, PRIVATE_FULL)) return;
    if (heap->options.stop_cells) collect_step(h);
    else heap_collect(h);
}

/* Collect when the goroutine, or all of them, got enough since the last time. */
static void alloc_pace(LocalHeap *h, size_t size_bytes)
{
    Heap *heap = h->heap;
    safepoint_poll(h->mutator);
    if (UNLIKELY(mem_is_short()) && heap->host->over_limit) heap->host->over_limit(heap->host->context, h);
    limit_check(h);
    if (UNLIKELY(heap->options.stress_every)) {
        alloc_stress(h);
        return;
    }
    if (private_is_due(h, size_bytes)) (void)private_collect(h, PRIVATE_DUE);
    int64_t since = atomic_get_relaxed(&heap->since_bytes) + (int64_t)size_bytes;
    if (since > 0 && (uint64_t)since >= heap->trigger_bytes) collect_step(h);
}

static void alloc_account(LocalHeap *h, size_t region_bytes)
{
    if (h->own) h->own->since_bytes += region_bytes;
    h->most_left -= (int64_t)region_bytes;
    h->mutator->has_allocated = true;
    atomic_add_relaxed(&h->heap->since_bytes, (int64_t)region_bytes);
    atomic_add_relaxed(&h->heap->stats.allocated_bytes, region_bytes);
}

/* Find the next run of free lines of at least `size_bytes` at or after `p` in the unit and make it the region. */
static bool alloc_next_run(LocalHeap *h, const char *p, size_t size_bytes)
{
    BlockMeta *meta = block_meta_of(h->unit);
    uint32_t line = block_line_of(h->unit) + (uint32_t)(p - h->unit) / LINE_BYTES;
    uint32_t to = block_line_of(h->unit) + (uint32_t)(h->unit_end - h->unit) / LINE_BYTES, end;
    for (;; line = end) {
        while (line < to && meta->line[line] != LINE_FREE) line++;
        if (line == to) return false;
        for (end = line + 1; end < to && meta->line[end] == LINE_FREE;) end++;
        if ((size_t)(end - line) * LINE_BYTES >= size_bytes) break;
    }
    meta->line[line] = LINE_FRESH_START;
    memset(meta->line + line + 1, LINE_FRESH, end - line - 1);
    char *block = block_start_of(h->unit);
    h->next = block + (size_t)line * LINE_BYTES;
    h->region_end = block + (size_t)end * LINE_BYTES;
    h->end = h->heap->options.stress_every ? h->next : h->region_end;
    alloc_account(h, (size_t)(h->region_end - h->next));
    return true;
}

static void alloc_refill(LocalHeap *h, size_t size_bytes)
{
    if (h->next < h->region_end) ((Cell *)h->next)->word = 0;
    if (h->unit && alloc_next_run(h, h->region_end, size_bytes)) return;
    do run_next_unit(h);
    while (!alloc_next_run(h, h->unit, size_bytes));
}

/* Cells larger than a line would waste most runs of lines: with blocks, they get some of their own. */
static void *alloc_medium(LocalHeap *h, size_t size_bytes, uint64_t header)
{
    if (size_bytes > (size_t)(h->medium_end - h->medium_next)) {
        if (h->medium_next < h->medium_end) ((Cell *)h->medium_next)->word = 0;
        h->medium_next = run_take_whole(h);
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
    bool in_runs = !(h->own && private_has_blocks(h->own)) && size_bytes <= RUN_LARGEST_BYTES;
    if (size_bytes > LINE_BYTES && !in_runs) return alloc_medium(h, size_bytes, header);
    alloc_refill(h, size_bytes);
    return alloc_from_region(h, size_bytes, header);
}

static void *alloc_large(LocalHeap *h, size_t size_bytes, uint64_t header)
{
    Cell *c = large_alloc(h->heap, size_bytes);
    if (!c) {
        heap_collect(h);
        c = large_alloc(h->heap, size_bytes);
        if (!c) return NULL;
    }
    c->word = header | h->born_word;
    private_note_large(h, c);
    alloc_account(h, size_bytes);
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
