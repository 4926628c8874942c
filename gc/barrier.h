/* SPDX-License-Identifier: MIT */
/* barrier.h - storing a reference into a cell.
 *
 * Rules for users:
 * 1. Every store of a Value or cell pointer into a cell that may have been reachable since its last allocation goes
 *    through barrier_store, or is announced by barrier_note. Filling a cell that was just allocated does not.
 *    The container of a slot in out-of-line storage (a chunk, elements) is the object that owns the storage.
 * 2. The test is the container's header alone, so code that already compared it (an inline cache) may store plainly.
 * 3. A private, young or logged container takes a plain store; anything else takes the outlined half. */
#ifndef US_GC_BARRIER_H
#define US_GC_BARRIER_H

#include "gc/cell.h"
#include "vm/base/licence.h"

/** The outlined half: `container` is shared, or old and not yet logged. */
void barrier_store_slow(LocalHeap *h, Cell *container, Value *slot, Value v);

/** Does a store into `c` take no more than the store? */
static ALWAYS_INLINE bool barrier_is_plain(const Cell *c)
{
    return !(atomic_get_relaxed(&c->flags) & (CELL_SHARED | CELL_OLD_CLEAN));
}

static ALWAYS_INLINE void barrier_store(LocalHeap *h, void *container, Value *slot, Value v)
{
    Cell *c = container;
    if (LIKELY(barrier_is_plain(c))) cell_slot_set(slot, v);
    else barrier_store_slow(h, c, slot, v);
}

/** The outlined half of the next two. */
void barrier_note_slow(LocalHeap *h, Cell *container, Value v);

/** `v` is about to be stored in `container` by other means and before anything is allocated. */
static ALWAYS_INLINE void barrier_note(LocalHeap *h, void *container, Value v)
{
    Cell *c = container;
    if (UNLIKELY(!barrier_is_plain(c))) barrier_note_slow(h, c, v);
}

/** `count` values are about to be stored in `container`, by barrier_store or other means and before anything is
 *  allocated: one pass publishes what they refer to. */
void barrier_note_many(LocalHeap *h, void *container, const Value *values, size_t count);

/** The outlined half of barrier_fill. */
void barrier_fill_slow(LocalHeap *h, Cell *container);

/** Values are about to be stored in `container`, which nobody else has, by other means and before anything is
 *  allocated. */
static ALWAYS_INLINE void barrier_fill(LocalHeap *h, void *container)
{
    Cell *c = container;
    if (UNLIKELY(!barrier_is_plain(c))) barrier_fill_slow(h, c);
}

/* A cell pointer kept in a field of a cell. */
#define BARRIER_SET(h, container, field, pointer) \
    barrier_store((h), (container), (Value *)&(field), (Value)(uintptr_t)(pointer))

#endif
