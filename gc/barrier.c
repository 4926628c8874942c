/* SPDX-License-Identifier: MIT */
#include "gc/barrier.h"

#include "gc/private.h"
#include "gc/publish.h"

/* A shared container may be read by other threads at any time: what the value refers to must be visible before the
 * value is, hence release. It pairs with the address dependency of whoever loads the slot. */
void barrier_store_slow(LocalHeap *h, Cell *container, Value *slot, Value v)
{
    barrier_note(h, container, v);
    atomic_set_release(slot, v);
}

void barrier_note_many(LocalHeap *h, void *container, const Value *values, size_t count)
{
    if (cell_is_shared(container)) publish_values(h, values, count);
    else barrier_fill(h, container);
}

void barrier_note_slow(LocalHeap *h, Cell *container, Value v)
{
    if (cell_is_shared(container)) publish_value(h, v);
    else private_log(h, container);
}
