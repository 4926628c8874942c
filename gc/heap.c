/* SPDX-License-Identifier: MIT */
#include "gc/heap.h"

#include <string.h>

#include "gc/account.h"
#include "gc/alloc.h"
#include "gc/collect.h"
#include "gc/ephemeron.h"
#include "gc/heap_int.h"
#include "gc/large.h"
#include "gc/limit.h"
#include "gc/pacer.h"
#include "gc/private.h"
#include "gc/run.h"
#include "vm/base/mem.h"
#include "vm/base/os.h"
#include "vm/base/panic.h"

static const size_t reservations[] = {        // largest first: what ulimit or a tool may refuse
    (size_t)256 << 30, (size_t)64 << 30, (size_t)16 << 30, (size_t)4 << 30, (size_t)1 << 30, (size_t)256 << 20,
    (size_t)64 << 20,
};

/* Where addresses are few, what the heap leaves is for stacks and the C heap; and running out of its own range is told
 * as a limit is (I1), with a quarter kept for what may go beyond one. */
static void heap_limit_to_range(Heap *heap)
{
    size_t most = heap->reserved_bytes - heap->reserved_bytes / 4;
    size_t limit = heap->options.pacing.limit_bytes;
    if (!limit || limit > most) heap->options.pacing.limit_bytes = most;
}

static bool heap_reserve(Heap *heap)
{
    size_t space = os_address_limit();
    for (size_t i = 0; i < COUNT_OF(reservations); i++) {
        if (reservations[i] > space / 2) continue;
        char *range = os_reserve(reservations[i], CHUNK_BYTES);
        if (!range) continue;
        heap->base = range;
        heap->reserved_bytes = reservations[i];
        heap->chunk_limit = (uint32_t)(reservations[i] / CHUNK_BYTES);
        heap->largest_bytes = reservations[i] / 4;
        if (i) heap_limit_to_range(heap);
        return true;
    }
    return false;
}

Heap *heap_create(const GcHost *host, HeapOptions options)
{
    Heap *heap = mem_alloc_zeroed(sizeof *heap);
    heap->host = host;
    heap->options = options;
    HeapPacing *pacing = &heap->options.pacing;
    if (pacing->growth_percent == 0) pacing->growth_percent = 100;
    if (pacing->floor_bytes == 0) pacing->floor_bytes = 16 << 20;
    if (pacing->share_percent == 0) pacing->share_percent = 10;
    if (pacing->stop_ms == 0) pacing->stop_ms = 5;
    if (heap->options.markers == 0) heap->options.markers = 1;
    mutex_init(&heap->world.lock, LOCK_WORLD, 0);
    mutex_init(&heap->blocks_lock, LOCK_HEAP_BLOCKS, 0);
    if (!heap_reserve(heap)) {
        mem_free(heap);
        return NULL;
    }
    heap->gang = mark_gang_create(heap, heap->options.markers);
    heap->ephemerons = ephemeron_create();
    mark_plan(heap);
    heap->has_private = options.private_policy == PRIVATE_ALWAYS && private_is_possible(heap);
    heap->chunk_kind = os_reserve(heap->chunk_limit, os_page_bytes());       // zeros, of which few are ever touched
    if (!heap->chunk_kind || !os_commit(heap->chunk_kind, heap->chunk_limit)) panic_out_of_memory("heap");
    heap->allocators = 1;
    pacer_set_trigger(heap);
    heap->chunk_count = 1;                       // chunk 0 stays unused, so that block number 0 can end lists
    return heap;
}

void heap_destroy(Heap *heap)
{
    mark_gang_destroy(heap->gang);
    ephemeron_destroy(heap->ephemerons);
    collect_finalize_all(heap);
    collect_free_retired(heap);
    VEC_FREE(&heap->retired);
    os_release(heap->base, heap->reserved_bytes);
    VEC_FREE(&heap->chunk_free);
    VEC_FREE(&heap->leaving);
    mem_free(heap->large.chunks);
    os_release(heap->chunk_kind, heap->chunk_limit);
    mem_free(heap);
}

void heap_local_init(LocalHeap *h, Heap *heap)
{
    *h = (LocalHeap){ .heap = heap, .most_left = INT64_MAX };
    if (heap->options.share_all) h->born_word = (uint64_t)CELL_SHARED << 40;
}

void heap_local_end(LocalHeap *h, Mutator *m)
{
    if (!h->run_count && !h->own) return;
    if (h->heap->options.share_all || heap_is_marking(h->heap)) {
        private_end(h);
        run_leave_all(h);
    } else {
        private_end(h);
        private_free_large(h);
        run_give_all(h, m);
    }
    private_destroy(h);
}

void heap_local_deinit(LocalHeap *h)
{
    run_leave_all(h);
    private_destroy(h);
    if (h->mutator) h->mutator->local = NULL;
    h->mutator = NULL;
}

/* ---- chunks and blocks -------------------------------------------------------------------------------- */

static void heap_account_commit(Heap *heap, int64_t bytes)
{
    heap->stats.committed_bytes += (uint64_t)bytes;
}

/* The chunks stay in nobody's use until their memory has gone back. */
void heap_give_chunks(Heap *heap, uint32_t first, uint32_t count)
{
    ChunkRange range = { first, count };
    heap_set_kind(heap, first, count, CHUNK_LEAVING);
    heap_account_commit(heap, -(int64_t)count * CHUNK_BYTES);
    VEC_PUSH(&heap->leaving, range);
}

static bool heap_take_leaving(Heap *heap, ChunkRange *range)
{
    mutex_lock(&heap->blocks_lock);
    bool any = heap->leaving.count > 0;
    if (any) *range = VEC_POP(&heap->leaving);
    mutex_unlock(&heap->blocks_lock);
    return any;
}

static void heap_note_returned(Heap *heap, ChunkRange range)
{
    heap_set_kind(heap, range.first, range.count, CHUNK_UNUSED);
    for (uint32_t i = 0; i < range.count; i++) VEC_PUSH(&heap->chunk_free, range.first + i);
    heap->stats.returned_bytes += (uint64_t)range.count * CHUNK_BYTES;
}

void heap_return_chunks(Heap *heap)
{
    ChunkRange range;
    while (heap_take_leaving(heap, &range)) {
        os_decommit(heap_chunk_address(heap, range.first), (size_t)range.count * CHUNK_BYTES);
        mutex_lock(&heap->blocks_lock);
        heap_note_returned(heap, range);
        mutex_unlock(&heap->blocks_lock);
    }
}

/* With the lock: what was given away since the last collection can be had again. */
static void heap_return_leaving(Heap *heap)
{
    while (heap->leaving.count) {
        ChunkRange range = VEC_POP(&heap->leaving);
        os_decommit(heap_chunk_address(heap, range.first), (size_t)range.count * CHUNK_BYTES);
        heap_note_returned(heap, range);
    }
}

/* The first of `count` adjacent chunks that nobody uses, UINT32_MAX when there are none. Those never handed out come
 * first, unless one will do. */
static uint32_t heap_find_chunks(const Heap *heap, uint32_t count)
{
    if (count == 1 && heap->chunk_free.count) return heap->chunk_free.items[heap->chunk_free.count - 1];
    if (count <= heap->chunk_limit - heap->chunk_count) return heap->chunk_count;
    for (uint32_t chunk = 1, run = 0; chunk < heap->chunk_count; chunk++) {
        run = heap->chunk_kind[chunk] == CHUNK_UNUSED ? run + 1 : 0;
        if (run == count) return chunk + 1 - count;
    }
    return UINT32_MAX;
}

/* They are handed out again. The last on the list goes quickly. */
static void heap_unlist_chunks(Heap *heap, uint32_t first, uint32_t count)
{
    uint32_t *items = heap->chunk_free.items, left = count;
    for (uint32_t i = heap->chunk_free.count; left && i-- > 0;) {
        if (items[i] - first >= count) continue;
        items[i] = items[--heap->chunk_free.count];
        left--;
    }
    ASSERT(!left, "unused chunks are on the list");
}

uint32_t heap_take_chunks(Heap *heap, uint32_t count, uint8_t first_kind, uint8_t rest_kind)
{
    heap_return_leaving(heap);
    uint32_t first = heap_find_chunks(heap, count);
    if (first == UINT32_MAX) return UINT32_MAX;
    if (!os_commit(heap_chunk_address(heap, first), (size_t)count * CHUNK_BYTES)) return UINT32_MAX;
    if (first == heap->chunk_count) atomic_set_relaxed(&heap->chunk_count, first + count);
    else heap_unlist_chunks(heap, first, count);
    heap_set_kind(heap, first, 1, first_kind);
    heap_set_kind(heap, first + 1, count - 1, rest_kind);
    heap_account_commit(heap, (int64_t)count * CHUNK_BYTES);
    return first;
}

static bool heap_add_small_chunk(Heap *heap)
{
    uint32_t chunk = heap_take_chunks(heap, 1, CHUNK_LEAVING, CHUNK_LEAVING);
    if (chunk == UINT32_MAX) return false;
    for (uint32_t i = BLOCKS_PER_CHUNK - 1; i >= FIRST_BLOCK; i--) {
        uint32_t block = chunk * BLOCKS_PER_CHUNK + i;
        BlockInfo *info = heap_block_info(heap, block);
        *info = (BlockInfo){ .state = BLOCK_FREE, .free_lines = LINES_PER_BLOCK, .next = heap->free_blocks };
        heap->free_blocks = block;
        heap->free_block_count++;
    }
    heap_set_kind(heap, chunk, 1, CHUNK_SMALL);          // pairs with private_owns
    return true;
}

static uint32_t heap_pop_block(Heap *heap, uint32_t *list)
{
    uint32_t block = *list;
    if (block) *list = heap_block_info(heap, block)->next;
    return block;
}

uint32_t heap_take_block(Heap *heap, bool wholly_free)
{
    uint32_t block = wholly_free ? 0 : heap_pop_block(heap, &heap->partly_blocks);
    if (!block) {
        if (!heap->free_blocks && !heap_add_small_chunk(heap)) return 0;
        block = heap_pop_block(heap, &heap->free_blocks);
        heap->free_block_count--;
    }
    heap_block_info(heap, block)->state = BLOCK_OWNED;
    return block;
}

/* ---- the collector's front door --------------------------------------------------------------------------------- */

void heap_collect(LocalHeap *h)
{
    collect_run(h);
}

void heap_verify(LocalHeap *h, HeapVerdict *verdict)
{
    collect_verify(h, verdict);
}

bool heap_collect_private(LocalHeap *h, bool full)
{
    return private_collect(h, full ? PRIVATE_FULL : PRIVATE_MINOR);
}

bool heap_is_due_parked(const LocalHeap *h)
{
    return private_is_due_parked(h);
}

bool heap_collect_parked(LocalHeap *h)
{
    return private_collect_parked(h);
}

void heap_retire(LocalHeap *h, void *memory)
{
    Heap *heap = h->heap;
    if (!memory) return;
    mutex_lock(&heap->blocks_lock);
    VEC_PUSH(&heap->retired, memory);
    mutex_unlock(&heap->blocks_lock);
}

void heap_hold(Heap *heap, int delta)
{
    atomic_add_relaxed(&heap->hold, delta);              // a collection begun by then may take place, too
    ASSERT(atomic_get_relaxed(&heap->hold) >= 0, "holds nest");
}

void heap_begin_parallel(LocalHeap *h)
{
    if (h->heap->options.private_policy == PRIVATE_IN_PARALLEL) private_begin(h);
}

uint64_t heap_private_collections(const Heap *heap)
{
    return atomic_get_relaxed(&heap->stats.private_minor) + atomic_get_relaxed(&heap->stats.private_full);
}

void heap_keep(LocalHeap *h, void *c)
{
    PrivateHeap *own = private_heap_of(h);
    VEC_PUSH(&own->kept, (Cell *)c);
}

void heap_register_finalizer(LocalHeap *h, Cell *c)
{
    ASSERT(h->heap->host->kinds[c->kind].flags & KIND_HAS_FINALIZER, "the kind has one");
    mutex_lock(&h->heap->blocks_lock);
    VEC_PUSH(&h->heap->finalizable, c);
    mutex_unlock(&h->heap->blocks_lock);
    heap_keep(h, c);
}

void heap_add_external(LocalHeap *h, int64_t delta)
{
    atomic_add_relaxed(&h->heap->stats.external_bytes, (uint64_t)delta);
    if (delta > 0) atomic_add_relaxed(&h->heap->since_bytes, delta);
}

void heap_drop_external(Heap *heap, size_t size_bytes)
{
    atomic_add_relaxed(&heap->stats.external_bytes, -(uint64_t)size_bytes);
}

bool heap_is_over_limit(const Heap *heap)
{
    return atomic_get_relaxed(&heap->over_limit);
}

bool heap_would_exceed(LocalHeap *h, size_t size_bytes)
{
    Heap *heap = h->heap;
    size_t limit = heap->options.pacing.limit_bytes;
    if (size_bytes > heap->largest_bytes || limit_would_exceed(h, size_bytes)) return true;
    if (!limit) return false;
    int64_t used = (int64_t)(heap->stats.live_bytes + heap->stats.external_bytes) + heap->since_bytes;
    if (used + (int64_t)size_bytes <= (int64_t)limit) return false;
    heap_collect(h);
    return heap->stats.live_bytes + heap->stats.external_bytes + size_bytes > limit;
}

void heap_set_limit(Heap *heap, size_t limit_bytes)
{
    heap->options.pacing.limit_bytes = limit_bytes;
    pacer_set_trigger(heap);
}

uint64_t heap_next_bytes(const Heap *heap)
{
    return heap->stats.live_bytes + atomic_get_relaxed(&heap->stats.external_bytes) + heap->trigger_bytes;
}

HeapPacing heap_pacing(const Heap *heap)
{
    return heap->options.pacing;
}

void heap_set_pacing(LocalHeap *h, HeapPacing pacing)
{
    Heap *heap = h->heap;
    bool held = safepoint_hold_world(h);
    heap->options.pacing = pacing;
    pacer_set_trigger(heap);
    safepoint_release_world(h, held);
    heap_collect(h);
}

/* Counters of coordinated collections stand still while the caller runs, others are atomic or the lock's. */
HeapStats heap_stats(Heap *heap)
{
    HeapStats stats;
    uint64_t *to = (uint64_t *)&stats;
    const uint64_t *from = (const uint64_t *)&heap->stats;
    STATIC_ASSERT(sizeof stats % sizeof *to == 0, "nothing but counters");
    mutex_lock(&heap->blocks_lock);
    for (size_t i = 0; i < sizeof stats / sizeof *to; i++) to[i] = atomic_get_relaxed(&from[i]);
    mutex_unlock(&heap->blocks_lock);
    stats.private_heaps = atomic_get_relaxed(&heap->owners);
    return stats;
}

void heap_tell_summary(Heap *heap)
{
    account_at_exit(heap);
}

/* ---- looking up cells --------------------------------------------------------------------------------- */

size_t heap_cell_size(const Heap *heap, const Cell *c)
{
    size_t size = kind_size(&heap->host->kinds[c->kind], c);
    ASSERT(size > 0, "the kind of every cell was registered");
    return ALLOC_ROUND(size);
}

/* In a fresh run: walk cells from the run's start up to the one that holds `p` (block.h I2). */
static Cell *heap_find_in_run(Heap *heap, const BlockMeta *meta, char *p)
{
    uint32_t line = block_line_of(p);
    while ((meta->line[line] & LINE_STATE) == LINE_FRESH) line--;
    char *at = block_start_of(p) + (size_t)line * LINE_BYTES;
    while (at <= p) {
        Cell *c = (Cell *)at;
        if (c->word == 0) return NULL;
        size_t size = heap_cell_size(heap, c);
        if (p < at + size) return c;
        at += size;
    }
    return NULL;
}

/* Among survivors: the nearest mark at or before `p`. */
static Cell *heap_find_survivor(Heap *heap, const BlockMeta *meta, char *p)
{
    uint32_t granule = block_granule_of(p);
    int word = (int)(granule / 64);
    uint64_t bits = meta->mark[word] & (UINT64_MAX >> (63 - granule % 64));
    while (!bits) {
        if (--word < 0) return NULL;
        bits = meta->mark[word];
    }
    uint32_t start = (uint32_t)word * 64 + 63 - (uint32_t)__builtin_clzll(bits);
    Cell *c = (Cell *)(block_start_of(p) + (size_t)start * CELL_GRANULE_BYTES);
    return p < (char *)c + heap_cell_size(heap, c) ? c : NULL;
}

Cell *heap_find_cell(Heap *heap, uint64_t word)
{
    if (!heap_contains(heap, word)) return NULL;
    char *p = (char *)(uintptr_t)word;
    switch (heap->chunk_kind[heap_chunk_number(heap, p)]) {
    case CHUNK_UNUSED: case CHUNK_LEAVING: return NULL;
    case CHUNK_SMALL: break;
    default: return large_find(heap, p);
    }
    if (block_index_of(p) < FIRST_BLOCK) return NULL;
    const BlockMeta *meta = block_meta_of(p);
    switch (meta->line[block_line_of(p)] & LINE_STATE) {
    case LINE_FREE: return NULL;
    case LINE_LIVE: return heap_find_survivor(heap, meta, p);
    default: return heap_find_in_run(heap, meta, p);
    }
}

static void heap_each_in_block(Heap *heap, uint32_t block, void (*visit)(void *, Cell *), void *context)
{
    char *start = heap_block_address(heap, block);
    const BlockMeta *meta = block_meta_of(start);
    for (uint32_t word = 0; word < COUNT_OF(meta->mark); word++) {
        for (uint64_t bits = meta->mark[word]; bits; bits &= bits - 1) {
            uint32_t granule = word * 64 + (uint32_t)__builtin_ctzll(bits);
            visit(context, (Cell *)(start + (size_t)granule * CELL_GRANULE_BYTES));
        }
    }
}

void heap_each_cell(Heap *heap, void (*visit)(void *, Cell *), void *context)
{
    for (uint32_t chunk = 1; chunk < heap->chunk_count; chunk++) {
        if (heap->chunk_kind[chunk] != CHUNK_SMALL) continue;
        for (uint32_t i = FIRST_BLOCK; i < BLOCKS_PER_CHUNK; i++)
            heap_each_in_block(heap, chunk * BLOCKS_PER_CHUNK + i, visit, context);
    }
    large_each(heap, visit, context);
}
