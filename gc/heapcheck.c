/* SPDX-License-Identifier: MIT */
#include "gc/heapcheck.h"

#include "gc/mark.h"
#include "vm/base/panic.h"

typedef struct HeapCheck {
    Heap       *heap;
    const char *when;
} HeapCheck;

static void heapcheck_fail(const HeapCheck *check, const Cell *c, const char *what)
{
    panic("heap check %s: cell %p (kind %u, header %016llx) %s", check->when, (const void *)c, c->kind,
          (unsigned long long)c->word, what);
}

static void heapcheck_reference(const HeapCheck *check, const Cell *from, Value v)
{
    if (!cell_is_reference(v)) return;
    Cell *to = (Cell *)(uintptr_t)v;
    if (!heap_contains(check->heap, v)) heapcheck_fail(check, from, "refers outside the heap");
    if (!mark_is_marked(&check->heap->marker, to)) heapcheck_fail(check, from, "refers to a dead cell");
    if (cell_is_shared(from) && !cell_is_shared(to) && !check->heap->options.share_all)
        heapcheck_fail(check, from, "is shared and refers to a private cell");
}

static void heapcheck_lines(const HeapCheck *check, const Cell *c, size_t size)
{
    const BlockMeta *meta = block_meta_of(c);
    if (block_start_of(c) != block_start_of((const char *)c + size - 1))
        heapcheck_fail(check, c, "crosses its block");
    for (uint32_t line = block_line_of(c); line <= block_line_of((const char *)c + size - 1); line++)
        if (meta->line[line] != LINE_LIVE) heapcheck_fail(check, c, "lies in a line that counts as free");
}

static void heapcheck_cell(void *context, Cell *c)
{
    const HeapCheck *check = context;
    const GcHost *host = check->heap->host;
    if (!mark_is_marked(&check->heap->marker, c)) return;
    if (c->kind >= host->kind_count || !host->kinds[c->kind].name) heapcheck_fail(check, c, "has no such kind");
    const GcKind *kind = &host->kinds[c->kind];
    size_t size = heap_cell_size(check->heap, c);
    if (size == 0) heapcheck_fail(check, c, "has no size");
    if (size <= SMALL_LIMIT_BYTES) heapcheck_lines(check, c, size);
    if ((kind->flags & KIND_IS_LEAF) || kind->trace) return;
    const Value *words = (const Value *)c;
    size_t exact = kind->size ? kind->size(c) : kind->base_bytes + 8u * c->extra;
    for (size_t i = 1; i < exact / 8; i++) heapcheck_reference(check, c, words[i]);
}

void heapcheck_run(Heap *heap, const char *when)
{
    HeapCheck check = { .heap = heap, .when = when };
    heap_each_cell(heap, heapcheck_cell, &check);
}
