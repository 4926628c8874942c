/* SPDX-License-Identifier: MIT */
/* Walks as publish.c does: a Marker with a visitor of its own. */
#include "gc/graph.h"

#include "gc/heap_int.h"
#include "gc/mark.h"

typedef struct Graph {
    Marker     marker;                   // first: a Marker * is a Graph *
    GraphVisit visit;
    void      *context;
} Graph;

static void graph_visit(Marker *m, Cell *c)
{
    Graph *graph = (Graph *)m;
    graph->visit(graph->context, c);
}

void graph_each_reference(Heap *heap, Cell *c, GraphVisit visit, void *context)
{
    Graph graph = { .marker = { .heap = heap, .visit = graph_visit }, .visit = visit, .context = context };
    if (!(heap->host->kinds[c->kind].flags & KIND_IS_LEAF)) mark_trace(&graph.marker, c);
}

void graph_each_root(Heap *heap, GraphVisit visit, void *context)
{
    Graph graph = { .marker = { .heap = heap, .visit = graph_visit }, .visit = visit, .context = context };
    const GcHost *host = heap->host;
    uint32_t parts = host->root_parts ? host->root_parts(host->context) : 1;
    for (uint32_t part = 0; part < parts; part++) host->mark_roots(host->context, &graph.marker, part);
}

void graph_each_local_root(LocalHeap *h, GraphVisit visit, void *context)
{
    Graph graph = { .marker = { .heap = h->heap, .visit = graph_visit }, .visit = visit, .context = context };
    const GcHost *host = h->heap->host;
    if (host->mark_local_roots) host->mark_local_roots(host->context, h, &graph.marker);
}
