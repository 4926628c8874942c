/* SPDX-License-Identifier: MIT */
/* publish.h - making private cells shared, by their owner, before anybody else can see them.
 *
 * Only the goroutine that made a private cell can reach it, so it alone can publish it, with plain stores and no
 * handshake; a cell never becomes private again (docs/sharing.md; Domani et al., ISMM 2002, mark cells global in the
 * same way).
 *
 * I1  No shared cell, and nothing that several goroutines reach, refers to a private cell. So publishing is
 *     transitive, and comes before the store that makes a value visible.
 * I2  The world does not stop inside.
 * I3  While a coordinated collection goes on, what is stored in a shared cell is shaded (shade.h), although it was
 *     shared before. So a store of what is known to be shared is announced as well. */
#ifndef US_GC_PUBLISH_H
#define US_GC_PUBLISH_H

#include "gc/heap.h"
#include "gc/kind.h"
#include "vm/base/licence.h"

/** Make `c`, which is private, and everything it refers to shared; what is to be stored in a shared cell takes
 *  publish_value. */
void publish_private(LocalHeap *h, Cell *c);

/** The outlined half of publish_value: `c` is private, or a collection goes on. */
void publish_slow(LocalHeap *h, Cell *c);

/** Make the cell `v` refers to, and everything it refers to, shared, before it is stored where other goroutines find
 *  it, with no safepoint in between (I3). Nothing to do for other values. */
static inline void publish_value(LocalHeap *h, Value v)
{
    Cell *c = (Cell *)(uintptr_t)v;
    if (CELL_SHARED && cell_is_reference(v) && (!cell_is_shared(c) || heap_is_marking(h->heap))) publish_slow(h, c);
}

/** As publish_value for each of `count` values, in one pass over what they refer to. */
void publish_values(LocalHeap *h, const Value *values, size_t count);

/** `c` was made by `h`, is made shared by other means, and stored where it is found: private collections must leave it
 *  where it is. */
void publish_born(LocalHeap *h, Cell *c);

/** As publish_value for a cell that may be NULL. */
static inline void publish_cell(LocalHeap *h, const void *cell)
{
    publish_value(h, (Value)(uintptr_t)cell);
}

/** Call `roots` with a marker whose mark_value and mark_cell publish: for roots that all goroutines see. */
void publish_roots(LocalHeap *h, void (*roots)(void *context, Marker *m), void *context);

#endif
