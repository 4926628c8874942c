/* SPDX-License-Identifier: MIT */
/* Walks the graph as marking does, with the kinds' own trace functions: a Marker with `publisher` set flags cells
 * instead of marking them (mark.c). */
#include "gc/publish.h"

#include "gc/heap_int.h"
#include "gc/mark.h"

static void publish_drain(Marker *m)
{
    const GcHost *host = m->heap->host;
    while (m->stack.count) {
        Cell *c = VEC_POP(&m->stack);
        if (host->publish) host->publish(host->context, m->publisher, m, c);
        if (!(host->kinds[c->kind].flags & KIND_IS_LEAF)) mark_trace(m, c);
    }
}

static Marker publish_marker(LocalHeap *h)
{
    return (Marker){ .heap = h->heap, .publisher = h };
}

void publish_slow(LocalHeap *h, Cell *c)
{
    if (h->heap->host->kinds[c->kind].flags & KIND_IS_LEAF) {
        atomic_set_relaxed(&c->flags, (uint8_t)(c->flags | CELL_SHARED));
        return;
    }
    Marker m = publish_marker(h);
    mark_cell(&m, c);
    publish_drain(&m);
    VEC_FREE(&m.stack);
}

void publish_roots(LocalHeap *h, void (*roots)(void *context, Marker *m), void *context)
{
    Marker m = publish_marker(h);
    roots(context, &m);
    publish_drain(&m);
    VEC_FREE(&m.stack);
}
