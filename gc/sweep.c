/* SPDX-License-Identifier: MIT */
#include "gc/sweep.h"

#include <string.h>

#include "gc/large.h"

enum { POISON_BYTE = 0xdb, SWEEP_KEPT_BYTES = 8 << 20 };

static void sweep_poison(char *start, const BlockMeta *meta)
{
    for (uint32_t i = 0; i < LINES_PER_BLOCK; i++)
        if (meta->line[i] == LINE_FREE) memset(start + (size_t)i * LINE_BYTES, POISON_BYTE, LINE_BYTES);
}

/* Where four neighbours are nobody's, they make a run of the larger size. */
static void sweep_offer_runs(Heap *heap, uint32_t block)
{
    BlockInfo *info = heap_block_info(heap, block);
    uint32_t free = ~info->taken, fours = free & free >> 1 & free >> 2 & free >> 3 & UINT32_C(0x11111111);
    uint32_t *list = &heap->run_blocks[fours ? 1 : 0];
    info->next = *list;
    *list = block;
}

/* The blocks of contexts are theirs to use (run.h). */
static void sweep_block(Heap *heap, uint32_t block)
{
    char *start = heap_block_address(heap, block);
    BlockInfo *info = heap_block_info(heap, block);
    bool was_free = info->state == BLOCK_FREE;
    if (heap->options.poison && !was_free) sweep_poison(start, block_meta_of(start));
    if (info->state == BLOCK_OWNED) return;
    if (info->state == BLOCK_RUNS && info->taken) {
        if (info->taken != UINT32_MAX) sweep_offer_runs(heap, block);
        return;
    }
    if (info->free_lines == LINES_PER_BLOCK) {
        info->state = BLOCK_FREE;
        info->next = heap->free_blocks;
        heap->free_blocks = block;
        heap->free_block_count++;
    } else if (info->free_lines > 0) {
        info->state = BLOCK_PARTLY;
        info->next = heap->partly_blocks;
        heap->partly_blocks = block;
    } else {
        info->state = BLOCK_FULL;
    }
}

static bool sweep_is_free_chunk(const Heap *heap, uint32_t chunk)
{
    if (heap->chunk_kind[chunk] != CHUNK_SMALL) return false;
    for (uint32_t i = FIRST_BLOCK; i < BLOCKS_PER_CHUNK; i++)
        if (heap_block_info(heap, chunk * BLOCKS_PER_CHUNK + i)->state != BLOCK_FREE) return false;
    return true;
}

/* Take the blocks of chunks that were given away off the list. */
static void sweep_filter_free(Heap *heap)
{
    uint32_t *link = &heap->free_blocks;
    while (*link) {
        if (heap->chunk_kind[*link / BLOCKS_PER_CHUNK] == CHUNK_SMALL) link = &heap_block_info(heap, *link)->next;
        else *link = heap_block_info(heap, *link)->next;
    }
}

void sweep_give_surplus(Heap *heap)
{
    const uint64_t chunk_bytes = (uint64_t)(BLOCKS_PER_CHUNK - FIRST_BLOCK) * BLOCK_BYTES;
    uint64_t kept = heap->trigger_bytes + heap->trigger_bytes / 4 + SWEEP_KEPT_BYTES, free = heap->stats.free_bytes;
    bool any = false;
    for (uint32_t chunk = heap->chunk_count; chunk-- > 1 && free > kept + chunk_bytes;) {
        if (!sweep_is_free_chunk(heap, chunk)) continue;
        heap_give_chunks(heap, chunk, 1);
        heap->free_block_count -= BLOCKS_PER_CHUNK - FIRST_BLOCK;
        free -= chunk_bytes;
        any = true;
    }
    if (any) sweep_filter_free(heap);
    heap->stats.free_bytes = free;
}

/* Blocks are pushed from the highest address down, so that allocation fills low addresses first. */
uint64_t sweep_run(Heap *heap)
{
    uint64_t live_lines = 0, holes = 0;
    heap->free_blocks = heap->partly_blocks = 0;
    heap->free_block_count = 0;
    for (uint32_t chunk = heap->chunk_count; chunk-- > 1;) {
        if (heap->chunk_kind[chunk] != CHUNK_SMALL) continue;
        for (uint32_t i = BLOCKS_PER_CHUNK; i-- > FIRST_BLOCK;) {
            uint32_t block = chunk * BLOCKS_PER_CHUNK + i;
            sweep_block(heap, block);
            const BlockInfo *info = heap_block_info(heap, block);
            live_lines += LINES_PER_BLOCK - info->free_lines;
            if (info->state != BLOCK_FREE) holes += info->free_lines;
        }
    }
    heap->stats.free_bytes = (uint64_t)heap->free_block_count * BLOCK_BYTES;
    heap->stats.hole_bytes = holes * LINE_BYTES;
    return live_lines * LINE_BYTES + large_sweep(heap);
}
