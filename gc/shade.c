/* SPDX-License-Identifier: MIT */
#include "gc/shade.h"

#include "gc/large.h"

/* False when it had a mark. While the program runs markers do not, so what they wrote plainly stands still. */
static bool shade_mark(Heap *heap, Cell *c)
{
    if (!heap_is_small(heap, c)) return large_mark(heap, c);
    uint64_t bit;
    uintptr_t word = (uintptr_t)block_mark_word(c, &bit);
    uint64_t *first = (uint64_t *)(word | PLANE_FIRST);
    const uint64_t *second = (const uint64_t *)(word | PLANE_SECOND);
    if ((atomic_get_relaxed(first) | atomic_get_relaxed(second)) & bit) return false;
    return !(atomic_or_relaxed(first, bit) & bit);
}

void shade_cell(LocalHeap *h, Cell *c)
{
    ASSERT(heap_is_marking(h->heap), "between two stops");
    if (shade_mark(h->heap, c)) VEC_PUSH(&h->mutator->shaded, c);
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
