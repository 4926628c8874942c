/* SPDX-License-Identifier: MIT */
/* Walks the graph as marking does, with the kinds' own trace functions: a Marker with a visitor of its own flags cells
 * instead of marking them (mark.c). */
#include "gc/publish.h"

#include "gc/heap_int.h"
#include "gc/mark.h"

/* What is shared already refers to shared cells only. */
static void publish_visit(Marker *m, Cell *c)
{
    if (cell_is_shared(c)) return;
    atomic_set_relaxed(&c->flags, (uint8_t)(c->flags | CELL_SHARED));
    if (!(m->heap->host->kinds[c->kind].flags & KIND_IS_LEAF)) VEC_PUSH(&m->stack, c);
}

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
    return (Marker){ .heap = h->heap, .visit = publish_visit, .publisher = h };
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
