/* SPDX-License-Identifier: MIT */
/* Walks the graph as marking does, with the kinds' own trace functions: a Marker with a visitor of its own flags cells
 * instead of marking them (mark.c). */
#include "gc/publish.h"

#include "gc/heap_int.h"
#include "gc/mark.h"
#include "gc/shade.h"

enum { PUBLISH_KEPT_CELLS = 512 };       // a stack that grew further is given back

/* So that private collections leave it where it is. */
static void publish_pin(const Heap *heap, const Cell *c)
{
    if (!heap_is_small(heap, c)) return;
    uint64_t bit, *word = block_mark_word(c, &bit);
    atomic_set_relaxed(word, *word | bit);
}

void publish_born(LocalHeap *h, Cell *c)
{
    publish_pin(h->heap, c);
    if (heap_is_marking(h->heap)) shade_cell(h, c);
}

/* What is shared is not logged any more. */
static void publish_flag(LocalHeap *h, Cell *c)
{
    publish_pin(h->heap, c);
    atomic_set_relaxed(&c->flags, (uint8_t)((c->flags & ~CELL_OLD_CLEAN) | CELL_SHARED));
}

/* A Marker that also counts. */
typedef struct Publication {
    Marker   marker;                     // first: a Marker * is a Publication *
    uint64_t cells, bytes;               // made shared; only where somebody wants to know
} Publication;

/* What is shared already refers to shared cells only. */
static void publish_visit(Marker *m, Cell *c)
{
    if (cell_is_shared(c)) return;
    publish_flag(m->publisher, c);
    if (!(m->heap->host->kinds[c->kind].flags & KIND_IS_LEAF)) VEC_PUSH(&m->stack, c);
}

static void publish_visit_counting(Marker *m, Cell *c)
{
    Publication *p = (Publication *)m;
    if (cell_is_shared(c)) return;
    p->cells++;
    p->bytes += heap_cell_size(m->heap, c);
    publish_visit(m, c);
}

static void publish_drain(Marker *m)
{
    const GcHost *host = m->heap->host;
    while (m->stack.count) {
        Cell *c = VEC_POP(&m->stack);
        if (host->publish) host->publish(host->context, m, c);
        if (!(host->kinds[c->kind].flags & KIND_IS_LEAF)) mark_trace(m, c);
    }
}

/* Most of a Marker is for marking, and left alone. The stack of the thread's last publication is used again. */
static void publish_begin(Publication *p, LocalHeap *h)
{
    Mutator *thread = h->mutator;
    Marker *m = &p->marker;
    m->heap = h->heap;
    m->visit = h->heap->options.publish_profile ? publish_visit_counting : publish_visit;
    m->publisher = h;
    m->stack.items = thread ? thread->publishing : NULL;
    m->stack.capacity = thread ? thread->publishing_capacity : 0;
    m->stack.count = 0;
    p->cells = p->bytes = 0;
    if (!thread) return;
    thread->publishing = NULL;
    thread->publishing_capacity = 0;
}

/* Where somebody wants to know. */
static void publish_tell(LocalHeap *h, bool are_roots, uint64_t cells, uint64_t bytes)
{
    const GcHost *host = h->heap->host;
    host->published(host->context, h, are_roots, cells, bytes);
}

static void publish_end(Publication *p, LocalHeap *h, bool are_roots)
{
    Mutator *thread = h->mutator;
    Marker *m = &p->marker;
    publish_drain(m);
    if (UNLIKELY(h->heap->options.publish_profile)) publish_tell(h, are_roots, p->cells, p->bytes);
    if (!thread || thread->publishing || m->stack.capacity > PUBLISH_KEPT_CELLS) {
        VEC_FREE(&m->stack);
        return;
    }
    thread->publishing = m->stack.items;
    thread->publishing_capacity = m->stack.capacity;
}

void publish_private(LocalHeap *h, Cell *c)
{
    if (h->heap->host->kinds[c->kind].flags & KIND_IS_LEAF) {
        publish_flag(h, c);
        if (UNLIKELY(h->heap->options.publish_profile)) publish_tell(h, false, 1, heap_cell_size(h->heap, c));
        return;
    }
    Publication p;
    publish_begin(&p, h);
    mark_cell(&p.marker, c);
    publish_end(&p, h, false);
}

void publish_slow(LocalHeap *h, Cell *c)
{
    if (!cell_is_shared(c)) publish_private(h, c);
    if (heap_is_marking(h->heap)) shade_cell(h, c);
}

void publish_values(LocalHeap *h, const Value *values, size_t count)
{
    if (heap_is_marking(h->heap)) shade_values(h, values, count);
    const Value *end = values + count;
    while (values < end && (!cell_is_reference(*values) || cell_is_shared((Cell *)(uintptr_t)*values))) values++;
    if (end - values <= 1) {
        if (values < end) publish_value(h, *values);
        return;
    }
    Publication p;
    publish_begin(&p, h);
    mark_values(&p.marker, values, (size_t)(end - values));
    publish_end(&p, h, false);
}

void publish_roots(LocalHeap *h, void (*roots)(void *context, Marker *m), void *context)
{
    Publication p;
    publish_begin(&p, h);
    roots(context, &p.marker);
    publish_end(&p, h, true);
}
