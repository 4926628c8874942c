/* SPDX-License-Identifier: MIT */
#include "gc/run.h"

#include <string.h>

#include "gc/large.h"
#include "gc/private.h"
#include "vm/base/panic.h"

enum { POISON_BYTE = 0xdb, RUN_CARVE = 16, RUN_LEAST_FREE = GROUP_LINES / 2 };

static const uint32_t run_groups[RUN_SIZES] = { 1, 4 };

/* ---- lines ------------------------------------------------------------------------------------------------------- */

/* What the lines of a group say, eight bytes of 0 to 3. */
static uint64_t run_lines_of_group(RunUnit unit, uint32_t group)
{
    uint64_t lines;
    STATIC_ASSERT(GROUP_LINES == sizeof lines && LINE_FREE == 0 && LINE_LIVE == 1 && LINE_FRESH == 2, "two bits");
    memcpy(&lines, unit.meta->line + group * GROUP_LINES, sizeof lines);
    return lines;
}

uint32_t run_count_free(RunUnit unit)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint32_t used = 0;
    for (uint32_t group = unit.from / GROUP_LINES; group < unit.to / GROUP_LINES; group++) {
        uint64_t lines = run_lines_of_group(unit, group);
        used += (uint32_t)(((lines | lines >> 1) & ones) * ones >> 56);          // the sum of eight bytes
    }
    return unit.to - unit.from - used;
}

static void run_occupy(Heap *heap, BlockMeta *meta, const Cell *c)
{
    uint32_t last = block_line_of((const char *)c + heap_cell_size(heap, c) - 1);
    for (uint32_t line = block_line_of(c); line <= last; line++) meta->line[line] = LINE_LIVE;
}

/* The shared cells of one group; the marks of private ones go. */
static void run_occupy_shared(Heap *heap, RunUnit unit, uint32_t group)
{
    uint64_t *mark = &unit.meta->mark[group];
    char *start = unit.block + (size_t)group * GROUP_BYTES;
    for (uint64_t bits = *mark; bits; bits &= bits - 1) {
        uint32_t granule = (uint32_t)__builtin_ctzll(bits);
        const Cell *c = (const Cell *)(start + (size_t)granule * CELL_GRANULE_BYTES);
        if (cell_is_shared(c)) run_occupy(heap, unit.meta, c);
        else atomic_set_relaxed(mark, *mark & ~(UINT64_C(1) << granule));
    }
}

uint32_t run_keep_shared(Heap *heap, RunUnit unit)
{
    uint32_t before = run_count_free(unit);
    memset(unit.meta->line + unit.from, LINE_FREE, unit.to - unit.from);
    for (uint32_t group = unit.from / GROUP_LINES; group < unit.to / GROUP_LINES; group++)
        run_occupy_shared(heap, unit, group);
    return run_count_free(unit) - before;
}

/* The marks of cells that begin in line `i`. */
static uint32_t run_marks_of_line(const BlockMeta *meta, uint32_t i)
{
    enum { GRANULES = LINE_BYTES / CELL_GRANULE_BYTES };
    return (uint32_t)(meta->mark[i / GROUP_LINES] >> i % GROUP_LINES * GRANULES) & ((1u << GRANULES) - 1);
}

/* In lines that were handed out only what was published has a mark; the lines of what is old are as they were. */
void run_forget_fresh(Heap *heap, RunUnit unit)
{
    uint8_t *line = unit.meta->line, marked[LINES_PER_BLOCK];
    uint32_t count = 0;
    for (uint32_t group = unit.from / GROUP_LINES; group < unit.to / GROUP_LINES; group++) {
        uint64_t fresh = run_lines_of_group(unit, group) & UINT64_C(0x0202020202020202);
        for (; fresh; fresh &= fresh - 1) {
            uint32_t i = group * GROUP_LINES + (uint32_t)__builtin_ctzll(fresh) / 8;
            line[i] = LINE_FREE;
            if (run_marks_of_line(unit.meta, i)) marked[count++] = (uint8_t)i;
        }
    }
    STATIC_ASSERT(LINES_PER_BLOCK <= 256, "a byte numbers a line");
    for (uint32_t k = 0; k < count; k++) {
        const char *start = unit.block + (size_t)marked[k] * LINE_BYTES;
        for (uint32_t bits = run_marks_of_line(unit.meta, marked[k]); bits; bits &= bits - 1)
            run_occupy(heap, unit.meta, (const Cell *)(start + (size_t)__builtin_ctz(bits) * CELL_GRANULE_BYTES));
    }
}

void run_poison(Heap *heap, RunUnit unit)
{
    if (!heap->options.poison) return;
    for (uint32_t i = unit.from; i < unit.to; i++)
        if (unit.meta->line[i] == LINE_FREE) memset(unit.block + (size_t)i * LINE_BYTES, POISON_BYTE, LINE_BYTES);
}

/* ---- runs -------------------------------------------------------------------------------------------------------- */

static uint32_t run_size_of(uint32_t run)
{
    return run == 0 ? 0 : 1;
}

static RunUnit run_unit_at(char *start, uint32_t size)
{
    uint32_t from = block_line_of(start);
    return (RunUnit){ block_meta_of(start), block_start_of(start), from, from + run_groups[size] * GROUP_LINES };
}

RunUnit run_unit(const LocalHeap *h, uint32_t run)
{
    return run_unit_at(h->runs[run], run_size_of(run));
}

static uint32_t run_mask(const char *start, uint32_t size)
{
    uint32_t group = block_line_of(start) / GROUP_LINES;
    return ((UINT32_C(1) << run_groups[size]) - 1) << group;
}

/* Under the lock: move runs of `block` that nobody has into the cache; false: it is full. */
static bool run_carve_block(Heap *heap, uint32_t block, uint32_t size, RunCache *cache)
{
    char *start = heap_block_address(heap, block);
    BlockInfo *info = heap_block_info(heap, block);
    for (uint32_t group = 0; group < BLOCK_BYTES / GROUP_BYTES; group += run_groups[size]) {
        if (cache->count == RUN_CARVE) return false;
        char *run = start + (size_t)group * GROUP_BYTES;
        uint32_t mask = run_mask(run, size);
        if (info->taken & mask || run_count_free(run_unit_at(run, size)) < RUN_LEAST_FREE * run_groups[size]) continue;
        info->taken |= mask;
        cache->items[cache->count++] = run;
    }
    return true;
}

static void run_fill_cache(Heap *heap, uint32_t size, RunCache *cache)
{
    mutex_lock(&heap->blocks_lock);
    while (cache->count < RUN_CARVE) {
        uint32_t block = heap->run_blocks[size];
        if (block) {
            if (!run_carve_block(heap, block, size, cache)) break;
            heap->run_blocks[size] = heap_block_info(heap, block)->next;
            continue;
        }
        block = heap_take_block(heap, true);
        if (!block) break;
        BlockInfo *info = heap_block_info(heap, block);
        info->state = BLOCK_RUNS;
        info->taken = 0;
        info->next = 0;
        heap->run_blocks[size] = block;
    }
    mutex_unlock(&heap->blocks_lock);
    if (!cache->count) panic_out_of_memory("the system refuses memory for the heap");
}

static void run_take(LocalHeap *h)
{
    uint32_t size = run_size_of(h->run_count);
    RunCache *cache = &h->mutator->runs[size];
    if (!cache->count) run_fill_cache(h->heap, size, cache);
    h->runs[h->run_count++] = cache->items[--cache->count];
}

/* A run nobody has any more. What does not go into the cache waits for a coordinated collection. */
static void run_give(const LocalHeap *h, uint32_t run, Mutator *m)
{
    uint32_t size = run_size_of(run);
    RunCache *cache = &m->runs[size];
    bool useful = run_count_free(run_unit(h, run)) >= RUN_LEAST_FREE * run_groups[size];
    if (useful && cache->count < RUN_CACHE_ITEMS) cache->items[cache->count++] = h->runs[run];
}

/* ---- blocks ------------------------------------------------------------------------------------------------------ */

static void run_push(Heap *heap, uint32_t *list, uint32_t block)
{
    heap_block_info(heap, block)->next = *list;
    *list = block;
}

static uint32_t run_pop(Heap *heap, uint32_t *list)
{
    uint32_t block = *list;
    if (block) *list = heap_block_info(heap, block)->next;
    return block;
}

/* By its BlockInfo. */
static void run_file_counted(LocalHeap *h, uint32_t block)
{
    PrivateHeap *own = h->own;
    uint32_t free = heap_block_info(h->heap, block)->free_lines;
    run_push(h->heap, free == LINES_PER_BLOCK ? &own->whole : free ? &own->partly : &own->full, block);
}

void run_file_block(LocalHeap *h, uint32_t block)
{
    uint32_t free = run_count_free(run_unit_of_block(heap_block_address(h->heap, block)));
    heap_block_info(h->heap, block)->free_lines = (uint16_t)free;
    run_file_counted(h, block);
}

static char *run_own_block(LocalHeap *h, bool whole)
{
    Heap *heap = h->heap;
    PrivateHeap *own = private_heap_of(h);
    uint32_t block = whole ? 0 : run_pop(heap, &own->partly);
    if (!block) block = run_pop(heap, &own->whole);
    if (!block) {
        mutex_lock(&heap->blocks_lock);
        block = heap_take_block(heap, whole);
        mutex_unlock(&heap->blocks_lock);
        if (!block) panic_out_of_memory("the system refuses memory for the heap");
        atomic_set_relaxed(&heap_block_info(heap, block)->owner, h);
    }
    run_push(heap, &own->young, block);
    return heap_block_address(heap, block);
}

char *run_take_whole(LocalHeap *h)
{
    return run_own_block(h, true);
}

void run_next_unit(LocalHeap *h)
{
    bool has_blocks = h->own && private_has_blocks(h->own);
    if (h->run_at == h->run_count && h->run_count < LOCAL_RUNS && !has_blocks) run_take(h);
    if (h->run_at < h->run_count) {
        RunUnit unit = run_unit(h, h->run_at);
        h->unit = h->runs[h->run_at++];
        h->unit_end = h->unit + (size_t)(unit.to - unit.from) * LINE_BYTES;
    } else {
        h->unit = run_own_block(h, false);
        h->unit_end = h->unit + BLOCK_BYTES;
    }
}

/* ---- giving back ------------------------------------------------------------------------------------------------- */

void run_retire(LocalHeap *h)
{
    if (!h->unit && !h->medium_end && !h->run_at) return;        // nothing to write, of many that wait
    if (h->next < h->region_end) ((Cell *)h->next)->word = 0;
    if (h->medium_next < h->medium_end) ((Cell *)h->medium_next)->word = 0;
    h->next = h->end = h->region_end = h->unit = h->unit_end = h->medium_next = h->medium_end = NULL;
    h->run_at = 0;
}

static void run_account_freed(Heap *heap, uint64_t bytes)
{
    if (!bytes) return;
    atomic_add_relaxed(&heap->since_bytes, -(int64_t)bytes);
    atomic_add_relaxed(&heap->stats.ended_freed_bytes, bytes);
}

/* Under the lock. */
static void run_release_block(Heap *heap, uint32_t block)
{
    BlockInfo *info = heap_block_info(heap, block);
    uint32_t free = run_count_free(run_unit_of_block(heap_block_address(heap, block)));
    atomic_set_relaxed(&info->owner, NULL);
    info->free_lines = (uint16_t)free;
    info->state = free == LINES_PER_BLOCK ? BLOCK_FREE : free ? BLOCK_PARTLY : BLOCK_FULL;
    if (info->state == BLOCK_FREE) heap->free_block_count++;
    if (free) run_push(heap, free == LINES_PER_BLOCK ? &heap->free_blocks : &heap->partly_blocks, block);
}

static void run_release_list(Heap *heap, uint32_t *list)
{
    mutex_lock(&heap->blocks_lock);
    for (uint32_t block = run_pop(heap, list); block; block = run_pop(heap, list)) run_release_block(heap, block);
    mutex_unlock(&heap->blocks_lock);
}

void run_give_whole(LocalHeap *h)
{
    if (h->own->whole) run_release_list(h->heap, &h->own->whole);
}

static uint32_t run_clean(Heap *heap, RunUnit unit)
{
    uint32_t freed = run_keep_shared(heap, unit);
    run_poison(heap, unit);
    return freed;
}

static void run_give_list(LocalHeap *h, uint32_t *list)
{
    Heap *heap = h->heap;
    uint64_t freed = 0;
    for (uint32_t block = *list; block; block = heap_block_info(heap, block)->next)
        freed += run_clean(heap, run_unit_of_block(heap_block_address(heap, block)));
    run_release_list(heap, list);
    run_account_freed(heap, freed * LINE_BYTES);
}

void run_give_all(LocalHeap *h, Mutator *m)
{
    uint64_t freed = 0;
    run_retire(h);
    for (uint32_t i = 0; i < h->run_count; i++) {
        freed += run_clean(h->heap, run_unit(h, i));
        run_give(h, i, m);
    }
    h->run_count = 0;
    run_account_freed(h->heap, freed * LINE_BYTES);
    if (!h->own) return;
    run_give_list(h, &h->own->young);
    run_give_list(h, &h->own->partly);
    run_give_list(h, &h->own->whole);
    run_give_list(h, &h->own->full);
}

static void run_leave_list(Heap *heap, uint32_t *list)
{
    for (uint32_t block = run_pop(heap, list); block; block = run_pop(heap, list)) {
        BlockInfo *info = heap_block_info(heap, block);
        atomic_set_relaxed(&info->owner, NULL);
        info->state = BLOCK_LEFT;
    }
}

void run_leave_all(LocalHeap *h)
{
    run_retire(h);
    h->run_count = 0;
    if (!h->own) return;
    run_leave_list(h->heap, &h->own->young);
    run_leave_list(h->heap, &h->own->partly);
    run_leave_list(h->heap, &h->own->whole);
    run_leave_list(h->heap, &h->own->full);
}

/* ---- after a coordinated collection ------------------------------------------------------------------------------ */

void run_begin_cycle(Heap *heap)
{
    heap->run_blocks[0] = heap->run_blocks[1] = 0;
    for (Mutator *m = heap->world.mutators; m; m = m->next)
        for (uint32_t size = 0; size < RUN_SIZES; size++) m->runs[size].count = 0;
    for (uint32_t chunk = 1; chunk < heap->chunk_count; chunk++) {
        if (heap->chunk_kind[chunk] != CHUNK_SMALL) continue;
        for (uint32_t i = FIRST_BLOCK; i < BLOCKS_PER_CHUNK; i++)
            heap_block_info(heap, chunk * BLOCKS_PER_CHUNK + i)->taken = 0;
    }
}

/* Blocks without a cell go back to all. Returns how many lines of the others are in use. */
static uint64_t run_refile(LocalHeap *h, uint32_t list)
{
    Heap *heap = h->heap;
    uint64_t used = 0;
    for (uint32_t block = list, next; block; block = next) {
        BlockInfo *info = heap_block_info(heap, block);
        next = info->next;
        if (info->free_lines == LINES_PER_BLOCK) {
            atomic_set_relaxed(&info->owner, NULL);
            info->state = BLOCK_LEFT;
        } else {
            run_file_counted(h, block);
            used += LINES_PER_BLOCK - info->free_lines;
        }
    }
    return used;
}

uint64_t run_after_cycle(LocalHeap *h)
{
    for (uint32_t i = 0; i < h->run_count; i++)
        block_info_of(h->runs[i])->taken |= run_mask(h->runs[i], run_size_of(i));
    PrivateHeap *own = h->own;
    if (!own) return 0;
    uint64_t used = 0;
    uint32_t lists[] = { own->young, own->partly, own->whole, own->full };
    own->young = own->partly = own->whole = own->full = 0;
    for (uint32_t i = 0; i < COUNT_OF(lists); i++) used += run_refile(h, lists[i]);
    return used * LINE_BYTES;
}
