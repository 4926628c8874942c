/* SPDX-License-Identifier: MIT */
/* A CHUNK_PAGES chunk is 512 pages of 4 KB; page 0 holds its map. A cell takes a run of pages, found first fit.
 * Free pages are kept as they are, up to as many as private collections may free between two coordinated ones: what
 * is given back to the system each time and taken again costs more than clearing it. Pages are cleared, and given back,
 * without the lock: they are the cell's who takes them, or who frees it.
 * A CHUNK_HUGE_START chunk begins with one page of header, then its only cell, continued over CHUNK_HUGE_REST
 * chunks; its memory goes back to the system when the cell dies. */
#include "gc/large.h"

#include <string.h>

#include "vm/base/mem.h"
#include "vm/base/os.h"

enum {
    PAGE_BYTES = 4 << 10,
    PAGES_PER_CHUNK = CHUNK_BYTES / PAGE_BYTES,
    PAGES_LIMIT_BYTES = 512 << 10,       // larger cells get chunks of their own
    LEAST_DISCARDED_PAGES = 16,          // fewer are not worth a system call
    MOST_KEPT_BYTES = 64 << 20,
};

typedef struct PageMap {
    uint16_t run[PAGES_PER_CHUNK];       // at a run's first page: its length; at later ones: 0
    uint8_t  used[PAGES_PER_CHUNK];      // 1: first page of a cell, 2: a later one, 0: free
    uint8_t  marked[PAGES_PER_CHUNK];    // at first pages
    uint8_t  dirty[PAGES_PER_CHUNK];     // 1: free, and not known to be all 0
    uint32_t free_pages;
} PageMap;
STATIC_ASSERT(sizeof(PageMap) <= PAGE_BYTES, "the map is page 0");

typedef struct HugeHeader {
    size_t   size_bytes;                 // of the cell
    uint32_t chunks;
    uint8_t  marked;
} HugeHeader;

static PageMap *large_map(Heap *heap, uint32_t chunk)
{
    return (PageMap *)heap_chunk_address(heap, chunk);
}

static uint32_t large_page_of(const void *p)
{
    return (uint32_t)((uintptr_t)p & (CHUNK_BYTES - 1)) / PAGE_BYTES;
}

static HugeHeader *large_huge_header(Heap *heap, uint32_t chunk)
{
    return (HugeHeader *)heap_chunk_address(heap, chunk);
}

static Cell *large_huge_cell(HugeHeader *header)
{
    return (Cell *)((char *)header + PAGE_BYTES);
}

static Cell *large_alloc_huge(Heap *heap, size_t size_bytes)
{
    size_t chunks = (size_bytes + PAGE_BYTES + CHUNK_BYTES - 1) / CHUNK_BYTES;
    if (chunks > heap->chunk_limit) return NULL;
    uint32_t first = heap_take_chunks(heap, (uint32_t)chunks, CHUNK_HUGE_START, CHUNK_HUGE_REST);
    if (first == UINT32_MAX) return NULL;
    HugeHeader *header = large_huge_header(heap, first);
    *header = (HugeHeader){ .size_bytes = size_bytes, .chunks = (uint32_t)chunks };
    heap->large_bytes += size_bytes;
    return large_huge_cell(header);
}

/* First fit in one chunk: the index of a free run of `pages`, or 0. */
static uint32_t large_find_run(const PageMap *map, uint32_t pages)
{
    uint32_t run = 0;
    for (uint32_t i = 1; i < PAGES_PER_CHUNK; i++) {
        run = map->used[i] ? 0 : run + 1;
        if (run == pages) return i + 1 - pages;
    }
    return 0;
}

/* How many pages there are dirty; from now on none. */
static uint32_t large_forget_dirty(Heap *heap, PageMap *map, uint32_t first, uint32_t pages)
{
    uint32_t dirty = 0;
    for (uint32_t i = first; i < first + pages; i++) dirty += map->dirty[i];
    memset(map->dirty + first, 0, pages);
    atomic_set_relaxed(&heap->large.dirty_pages, heap->large.dirty_pages - dirty);
    return dirty;
}

static Cell *large_take_run(Heap *heap, PageMap *map, uint32_t first, uint32_t pages, bool *is_dirty)
{
    map->run[first] = (uint16_t)pages;
    map->used[first] = 1;
    map->marked[first] = 0;
    memset(map->used + first + 1, 2, pages - 1);
    map->free_pages -= pages;
    heap->large_bytes += (size_t)pages * PAGE_BYTES;
    *is_dirty = large_forget_dirty(heap, map, first, pages) > 0;
    return (Cell *)((char *)map + (size_t)first * PAGE_BYTES);
}

static bool large_add_page_chunk(Heap *heap)
{
    uint32_t chunk = heap_take_chunks(heap, 1, CHUNK_PAGES, CHUNK_PAGES);
    if (chunk == UINT32_MAX) return false;
    PageMap *map = large_map(heap, chunk);
    memset(map, 0, sizeof *map);
    map->used[0] = 1;
    map->free_pages = PAGES_PER_CHUNK - 1;
    LargeSpace *space = &heap->large;
    if (space->count == space->capacity) {
        space->capacity = vec_next_capacity(space->capacity);
        space->chunks = mem_resize(space->chunks, space->capacity * sizeof *space->chunks);
    }
    space->chunks[space->count++] = chunk;
    return true;
}

static Cell *large_take(Heap *heap, size_t size_bytes, bool *is_dirty)
{
    if (size_bytes > PAGES_LIMIT_BYTES) return large_alloc_huge(heap, size_bytes);
    uint32_t pages = (uint32_t)((size_bytes + PAGE_BYTES - 1) / PAGE_BYTES);
    for (uint32_t i = heap->large.count; i-- > 0;) {
        PageMap *map = large_map(heap, heap->large.chunks[i]);
        if (map->free_pages < pages) continue;
        uint32_t first = large_find_run(map, pages);
        if (first) return large_take_run(heap, map, first, pages, is_dirty);
    }
    if (!large_add_page_chunk(heap)) return NULL;
    PageMap *map = large_map(heap, heap->large.chunks[heap->large.count - 1]);
    return large_take_run(heap, map, 1, pages, is_dirty);
}

Cell *large_alloc(Heap *heap, size_t size_bytes)
{
    bool is_dirty = false;
    mutex_lock(&heap->blocks_lock);
    Cell *c = large_take(heap, size_bytes, &is_dirty);
    mutex_unlock(&heap->blocks_lock);
    if (is_dirty) memset(c, 0, size_bytes);
    return c;
}

/* The mark byte of the cell that `p` points into, and the cell; NULL when there is none. */
static uint8_t *large_locate(Heap *heap, const void *p, Cell **cell)
{
    uint32_t chunk = heap_chunk_number(heap, p);
    if (heap->chunk_kind[chunk] == CHUNK_PAGES) {
        PageMap *map = large_map(heap, chunk);
        uint32_t page = large_page_of(p);
        if (page == 0 || !map->used[page]) return NULL;
        while (map->used[page] == 2) page--;
        *cell = (Cell *)((char *)map + (size_t)page * PAGE_BYTES);
        return &map->marked[page];
    }
    while (heap->chunk_kind[chunk] == CHUNK_HUGE_REST) chunk--;
    if (heap->chunk_kind[chunk] != CHUNK_HUGE_START) return NULL;
    HugeHeader *header = large_huge_header(heap, chunk);
    *cell = large_huge_cell(header);
    return &header->marked;
}

Cell *large_find(Heap *heap, const void *p)
{
    Cell *c;
    if (!large_locate(heap, p, &c) || (const char *)p < (const char *)c || c->word == 0) return NULL;
    return (const char *)p < (const char *)c + heap_cell_size(heap, c) ? c : NULL;
}

bool large_mark(Heap *heap, Cell *c)
{
    Cell *found;
    uint8_t *mark = large_locate(heap, c, &found);
    ASSERT(mark && found == c, "a reference points at a cell's start");
    return !atomic_get_relaxed(mark) && !atomic_swap_acq_rel(mark, 1);
}

bool large_is_marked(Heap *heap, const Cell *c)
{
    Cell *found;
    const uint8_t *mark = large_locate(heap, c, &found);
    return mark && atomic_get_relaxed(mark);
}

void large_set_mark(Heap *heap, Cell *c, bool marked)
{
    uint32_t chunk = heap_chunk_number(heap, c);
    if (heap->chunk_kind[chunk] == CHUNK_PAGES) large_map(heap, chunk)->marked[large_page_of(c)] = marked;
    else large_huge_header(heap, chunk)->marked = marked;
}

void large_clear_marks(Heap *heap)
{
    for (uint32_t chunk = 1; chunk < heap->chunk_count; chunk++) {
        if (heap->chunk_kind[chunk] == CHUNK_PAGES)
            memset(large_map(heap, chunk)->marked, 0, PAGES_PER_CHUNK);
        else if (heap->chunk_kind[chunk] == CHUNK_HUGE_START)
            large_huge_header(heap, chunk)->marked = 0;
    }
}

/* Give the pages of a dead cell back to the system if enough are kept. Returns whether they were. */
static bool large_discard(Heap *heap, PageMap *map, uint32_t page)
{
    uint64_t most_bytes = heap->trigger_bytes / 2 < MOST_KEPT_BYTES ? heap->trigger_bytes / 2 : MOST_KEPT_BYTES;
    uint32_t pages = map->run[page];
    uint64_t kept_bytes = ((uint64_t)atomic_get_relaxed(&heap->large.dirty_pages) + pages) * PAGE_BYTES;
    if (pages < LEAST_DISCARDED_PAGES || kept_bytes <= most_bytes) return false;
    os_discard((char *)map + (size_t)page * PAGE_BYTES, (size_t)pages * PAGE_BYTES);
    return true;
}

static uint64_t large_free_pages(Heap *heap, PageMap *map, uint32_t page, bool is_discarded)
{
    uint32_t pages = map->run[page];
    memset(map->used + page, 0, pages);
    map->run[page] = 0;
    map->free_pages += pages;
    heap->large_bytes -= (size_t)pages * PAGE_BYTES;
    if (!is_discarded) {
        memset(map->dirty + page, 1, pages);
        atomic_set_relaxed(&heap->large.dirty_pages, heap->large.dirty_pages + pages);
    }
    return (uint64_t)pages * PAGE_BYTES;
}

static uint64_t large_free_huge(Heap *heap, uint32_t chunk)
{
    HugeHeader *header = large_huge_header(heap, chunk);
    uint64_t size_bytes = header->size_bytes;
    heap->large_bytes -= size_bytes;
    heap_give_chunks(heap, chunk, header->chunks);
    return size_bytes;
}

uint64_t large_free(Heap *heap, Cell *c)
{
    uint32_t chunk = heap_chunk_number(heap, c), page = large_page_of(c);
    PageMap *map = large_map(heap, chunk);
    bool in_pages = heap->chunk_kind[chunk] == CHUNK_PAGES, is_discarded = in_pages && large_discard(heap, map, page);
    mutex_lock(&heap->blocks_lock);
    uint64_t freed = in_pages ? large_free_pages(heap, map, page, is_discarded) : large_free_huge(heap, chunk);
    mutex_unlock(&heap->blocks_lock);
    return freed;
}

static void large_sweep_pages(Heap *heap, PageMap *map)
{
    for (uint32_t page = 1; page < PAGES_PER_CHUNK; page++)
        if (map->used[page] == 1 && !map->marked[page])
            (void)large_free_pages(heap, map, page, large_discard(heap, map, page));
}

static void large_sweep_page_chunks(Heap *heap)
{
    LargeSpace *space = &heap->large;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < space->count; i++) {
        PageMap *map = large_map(heap, space->chunks[i]);
        large_sweep_pages(heap, map);
        if (map->free_pages == PAGES_PER_CHUNK - 1 && kept > 0) {
            (void)large_forget_dirty(heap, map, 1, PAGES_PER_CHUNK - 1);
            heap_give_chunks(heap, space->chunks[i], 1);
        } else {
            space->chunks[kept++] = space->chunks[i];
        }
    }
    space->count = kept;
}

uint64_t large_sweep(Heap *heap)
{
    large_sweep_page_chunks(heap);
    for (uint32_t chunk = 1; chunk < heap->chunk_count; chunk++) {
        if (heap->chunk_kind[chunk] != CHUNK_HUGE_START) continue;
        if (!large_huge_header(heap, chunk)->marked) (void)large_free_huge(heap, chunk);
    }
    return heap->large_bytes;
}

void large_each(Heap *heap, void (*visit)(void *, Cell *), void *context)
{
    for (uint32_t chunk = 1; chunk < heap->chunk_count; chunk++) {
        if (heap->chunk_kind[chunk] == CHUNK_HUGE_START) {
            visit(context, large_huge_cell(large_huge_header(heap, chunk)));
        } else if (heap->chunk_kind[chunk] == CHUNK_PAGES) {
            PageMap *map = large_map(heap, chunk);
            for (uint32_t page = 1; page < PAGES_PER_CHUNK; page++)
                if (map->used[page] == 1) visit(context, (Cell *)((char *)map + (size_t)page * PAGE_BYTES));
        }
    }
}
