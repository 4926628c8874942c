/* SPDX-License-Identifier: MIT */
#include "gc/barrier.h"

#include "gc/private.h"
#include "gc/publish.h"
#include "gc/shade.h"

/* A shared container may be read by other threads at any time: what the value refers to must be visible before the
 * value is, hence release. It pairs with the address dependency of whoever loads the slot. */
void barrier_store_slow(LocalHeap *h, Cell *container, Value *slot, Value v)
{
    if (cell_is_shared(container)) publish_value(h, v);
    else barrier_note(h, container, v);
    atomic_set_release(slot, v);
}

/* A cell may be born shared, and be nobody else's yet. What a log has is scanned again if it is marked; stores to the
 * same cell mostly follow each other. */
void barrier_fill_slow(LocalHeap *h, Cell *container)
{
    const PrivateHeap *own = h->own;
    if (cell_is_shared(container)) {
        bool is_last = own && own->log.count && own->log.items[own->log.count - 1] == container;
        if (!heap_is_marking(h->heap) || is_last) return;
        shade_cell(h, container);
    }
    private_log(h, container);
}

void barrier_note_many(LocalHeap *h, void *container, const Value *values, size_t count)
{
    if (cell_is_shared(container)) publish_values(h, values, count);
    else barrier_fill(h, container);
}

/* Where a collection goes on, what is stored in a large array is shaded, since scanning all of it again would take
 * long; it stays clean, as what it refers to will be old when the collection ends. */
void barrier_note_slow(LocalHeap *h, Cell *container, Value v)
{
    if (cell_is_shared(container)) publish_value(h, v);
    else if (heap_is_marking(h->heap) && mark_is_large(h->heap, container)) shade_values(h, &v, 1);
    else private_log(h, container);
}
