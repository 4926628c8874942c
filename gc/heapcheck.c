/* SPDX-License-Identifier: MIT */
#include "gc/heapcheck.h"

#include <stdio.h>

#include "gc/mark.h"
#include "vm/base/panic.h"

/* A Marker whose visitor looks at what the kinds' own trace functions find. */
typedef struct HeapCheck {
    Marker       marker;                 // first: a Marker * is a HeapCheck *
    const Cell  *from;                   // whose references are looked at
    HeapVerdict *verdict;
} HeapCheck;

static void heapcheck_fault(const HeapCheck *check, const Cell *c, const char *what)
{
    HeapVerdict *v = check->verdict;
    if (v->faults++) return;
    snprintf(v->first, sizeof v->first, "cell %p (kind %u, header %016llx) %s", (const void *)c, c->kind,
             (unsigned long long)c->word, what);
}

static void heapcheck_reference(Marker *m, Cell *to)
{
    HeapCheck *check = (HeapCheck *)m;
    const Heap *heap = m->heap;
    check->verdict->references++;
    if (!heap_contains(heap, (uintptr_t)to)) {
        heapcheck_fault(check, check->from, "refers outside the heap");
        return;
    }
    if (!mark_is_marked(m, to)) heapcheck_fault(check, check->from, "refers to a dead cell");
    if (cell_is_shared(check->from) && !cell_is_shared(to) && !heap->options.share_all)
        heapcheck_fault(check, check->from, "is shared and refers to a private cell");
}

/* NULL: it lies as it should. */
static const char *heapcheck_place(const Cell *c, size_t size)
{
    const BlockMeta *meta = block_meta_of(c);
    if (size == 0) return "has no size";
    if (size > SMALL_LIMIT_BYTES) return NULL;
    if (block_start_of(c) != block_start_of((const char *)c + size - 1)) return "crosses its block";
    for (uint32_t line = block_line_of(c); line <= block_line_of((const char *)c + size - 1); line++)
        if (meta->line[line] != LINE_LIVE) return "lies in a line that counts as free";
    return NULL;
}

static void heapcheck_cell(void *context, Cell *c)
{
    HeapCheck *check = context;
    Heap *heap = check->marker.heap;
    const GcHost *host = heap->host;
    if (!mark_is_marked(&check->marker, c)) return;
    check->verdict->cells++;
    if (c->kind >= host->kind_count || !host->kinds[c->kind].name) {
        heapcheck_fault(check, c, "has no such kind");
        return;
    }
    const char *misplaced = heapcheck_place(c, heap_cell_size(heap, c));
    if (misplaced) {
        heapcheck_fault(check, c, misplaced);
        return;
    }
    check->from = c;
    if (!(host->kinds[c->kind].flags & KIND_IS_LEAF)) mark_trace(&check->marker, c);
    if (host->publish) host->publish(host->context, &check->marker, c);
}

void heapcheck_look(Heap *heap, HeapVerdict *verdict)
{
    *verdict = (HeapVerdict){ 0 };
    HeapCheck check = { .marker = { .heap = heap, .visit = heapcheck_reference }, .verdict = verdict };
    heap_each_cell(heap, heapcheck_cell, &check);
}

void heapcheck_run(Heap *heap, const char *when)
{
    HeapVerdict verdict;
    heapcheck_look(heap, &verdict);
    if (verdict.faults) panic("heap check %s: %s", when, verdict.first);
}
