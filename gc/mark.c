/* SPDX-License-Identifier: MIT */
/* The order of a mark phase matters: conservative roots are resolved first, because finding the cell under an
 * arbitrary address needs the mark bits and line bytes of the previous cycle, which are cleared right after. */
#include "gc/mark.h"

#include <string.h>

#include "gc/heap_int.h"
#include "gc/large.h"

static bool mark_is_small(const Heap *heap, const Cell *c)
{
    return heap->chunk_kind[heap_chunk_number(heap, c)] == CHUNK_SMALL;
}

/* Every line the cell touches becomes live. */
static void mark_lines(Heap *heap, BlockMeta *meta, const Cell *c)
{
    uint32_t first = block_line_of(c);
    size_t size = heap_cell_size(heap, c);
    uint32_t last = block_line_of((const char *)c + size - 1);
    meta->line[first] = LINE_LIVE;
    for (uint32_t line = first + 1; line <= last; line++) meta->line[line] = LINE_LIVE;
}

static void mark_push(Marker *m, Cell *c)
{
    uint32_t flags = m->heap->host->kinds[c->kind].flags;
    if (flags & KIND_IS_WEAK) VEC_PUSH(&m->weak, c);
    if (!(flags & KIND_IS_LEAF)) VEC_PUSH(&m->stack, c);
}

static void mark_new(Marker *m, Cell *c)
{
    const GcHost *host = m->heap->host;
    uint32_t shape = c->shape;
    if (shape && !host->shape_marks[shape]) host->mark_shape(host->context, m, shape);
    mark_push(m, c);
}

/* Publishing (publish.c): what is shared already refers to shared cells only. */
static void mark_shared(Marker *m, Cell *c)
{
    if (cell_is_shared(c)) return;
    atomic_set_relaxed(&c->flags, (uint8_t)(c->flags | CELL_SHARED));
    if (!(m->heap->host->kinds[c->kind].flags & KIND_IS_LEAF)) VEC_PUSH(&m->stack, c);
}

static inline void mark_reference(Marker *m, Cell *c)
{
    Heap *heap = m->heap;
    if (UNLIKELY(m->publisher != NULL)) {
        mark_shared(m, c);
        return;
    }
    ASSERT(heap_contains(heap, (uintptr_t)c), "a reference points into the heap");
    if (UNLIKELY(!mark_is_small(heap, c))) {
        if (large_mark(heap, c)) mark_new(m, c);
        return;
    }
    BlockMeta *meta = block_meta_of(c);
    uint32_t granule = block_granule_of(c);
    if (block_bit_get(meta->mark, granule)) return;
    block_bit_set(meta->mark, granule);
    mark_lines(heap, meta, c);
    mark_new(m, c);
}

void mark_value(Marker *m, Value v)
{
    if (cell_is_reference(v)) mark_reference(m, (Cell *)(uintptr_t)v);
}

void mark_cell(Marker *m, const void *cell)
{
    if (cell) mark_reference(m, (Cell *)cell);
}

void mark_values(Marker *m, const Value *values, size_t count)
{
    for (size_t i = 0; i < count; i++) mark_value(m, values[i]);
}

bool mark_is_marked(Marker *m, const void *cell)
{
    if (!mark_is_small(m->heap, cell)) return large_is_marked(m->heap, cell);
    return block_bit_get(block_meta_of(cell)->mark, block_granule_of(cell));
}

NO_ASAN void mark_conservatively(Marker *m, const void *low, const void *high)
{
    const uint64_t *word = (const uint64_t *)(((uintptr_t)low + 7) & ~(uintptr_t)7);
    for (; (const void *)(word + 1) <= high; word++) {
        Cell *c = heap_find_cell(m->heap, *word);
        if (c) VEC_PUSH(&m->pinned, c);
    }
}

void mark_trace(Marker *m, Cell *c)
{
    const GcKind *kind = &m->heap->host->kinds[c->kind];
    if (kind->trace) {
        kind->trace(m, c);
        return;
    }
    size_t size = kind->size ? kind->size(c) : kind->base_bytes + 8u * c->extra;
    mark_values(m, (const Value *)c + 1, size / 8 - 1);
}

static void mark_drain(Marker *m)
{
    while (m->stack.count) mark_trace(m, VEC_POP(&m->stack));
}

static void mark_clear(Heap *heap)
{
    for (uint32_t chunk = 1; chunk < heap->chunk_count; chunk++) {
        if (heap->chunk_kind[chunk] != CHUNK_SMALL) continue;
        BlockMeta *meta = (BlockMeta *)heap_chunk_address(heap, chunk);
        for (uint32_t i = FIRST_BLOCK; i < BLOCKS_PER_CHUNK; i++) {
            memset(meta[i].mark, 0, sizeof meta[i].mark);
            memset(meta[i].line, LINE_FREE, sizeof meta[i].line);
        }
    }
    large_clear_marks(heap);
}

/* Weak tables may mark values that make keys of other tables live: repeat until nothing changes. Tables found on
 * the way join the list. */
static void mark_weak(Marker *m)
{
    const GcKind *kinds = m->heap->host->kinds;
    bool again = true;
    while (again) {
        again = false;
        for (uint32_t i = 0; i < m->weak.count; i++) {
            Cell *c = m->weak.items[i];
            if (kinds[c->kind].trace_weak(m, c)) again = true;
            mark_drain(m);
        }
    }
    for (uint32_t i = 0; i < m->weak.count; i++) {
        Cell *c = m->weak.items[i];
        kinds[c->kind].clear_weak(m, c);
    }
}

static void mark_native_stacks(Marker *m)
{
    m->heap->host->scan_native_stacks(m->heap->host->context, m);
}

void mark_run(Heap *heap)
{
    Marker *m = &heap->marker;
    m->stack.count = m->pinned.count = m->weak.count = 0;
    mark_native_stacks(m);
    mark_clear(heap);
    for (uint32_t i = 0; i < m->pinned.count; i++) mark_reference(m, m->pinned.items[i]);
    heap->host->mark_roots(heap->host->context, m);
    mark_drain(m);
    mark_weak(m);
}
