/* SPDX-License-Identifier: MIT */
#include "gc/history.h"

#include "gc/heap_int.h"

void history_note(Heap *heap, Collection c)
{
    mutex_lock(&heap->blocks_lock);
    History *ring = &heap->history[c.kind != COLLECTION_COORDINATED];
    Collection *item = &ring->items[ring->count % HISTORY_ITEMS];
    *item = c;
    item->number = ++ring->count;
    mutex_unlock(&heap->blocks_lock);
}

/* The `back`-th last of a ring, 0 being the last; NULL: it is there no more, or never was. */
static const Collection *history_from_end(const History *ring, uint32_t back)
{
    if (back >= HISTORY_ITEMS || back >= ring->count) return NULL;
    return &ring->items[(ring->count - 1 - back) % HISTORY_ITEMS];
}

/* The later of the two rings' next ones; `back` counts what was taken of each. */
static const Collection *history_take_last(const Heap *heap, uint32_t back[2])
{
    const Collection *all = history_from_end(&heap->history[0], back[0]);
    const Collection *own = history_from_end(&heap->history[1], back[1]);
    bool is_own = own && (!all || own->start_ns > all->start_ns);
    back[is_own]++;
    return is_own ? own : all;
}

uint32_t history_read(Heap *heap, Collection *to, uint32_t most)
{
    uint32_t back[2] = { 0, 0 }, count = 0;
    const Collection *c;
    mutex_lock(&heap->blocks_lock);
    while (count < most && (c = history_take_last(heap, back))) to[count++] = *c;
    mutex_unlock(&heap->blocks_lock);
    for (uint32_t i = 0; i < count / 2; i++) {
        Collection last = to[count - 1 - i];
        to[count - 1 - i] = to[i];
        to[i] = last;
    }
    return count;
}
