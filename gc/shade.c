/* SPDX-License-Identifier: MIT */
#include "gc/shade.h"

void shade_cell(LocalHeap *h, Cell *c)
{
    ASSERT(heap_is_marking(h->heap), "between two stops");
    if (mark_shade(h->heap, c)) VEC_PUSH(&h->mutator->shaded, c);
}

void shade_values(LocalHeap *h, const Value *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (cell_is_reference(values[i])) shade_cell(h, (Cell *)(uintptr_t)values[i]);
}

static void shade_hand_over(Mutator *m)
{
    MarkGang *gang = m->heap->gang;
    for (uint32_t i = 0; i < m->shaded.count; i++) VEC_PUSH(&gang->shaded, m->shaded.items[i]);
    m->shaded.count = 0;
}

void shade_gather(Heap *heap)
{
    for (Mutator *m = heap->world.mutators; m; m = m->next) shade_hand_over(m);
}

void shade_leave(Mutator *m)
{
    shade_hand_over(m);
    VEC_FREE(&m->shaded);
}
