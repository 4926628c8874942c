/* SPDX-License-Identifier: MIT */
/* publish.h - making private cells shared, by their owner, before anybody else can see them.
 *
 * Only the goroutine that made a private cell can reach it, so it alone can publish it, with plain stores and no
 * handshake; a cell never becomes private again (docs/sharing.md; Domani et al., ISMM 2002, mark cells global in the
 * same way).
 *
 * I1  No shared cell, and nothing that several goroutines reach, refers to a private cell. So publishing is
 *     transitive, and comes before the store that makes a value visible.
 * I2  The world does not stop inside. */
#ifndef US_GC_PUBLISH_H
#define US_GC_PUBLISH_H

#include "gc/kind.h"
#include "vm/base/licence.h"

/** The outlined half of publish_value: `c` is private. */
void publish_slow(LocalHeap *h, Cell *c);

/** Make the cell `v` refers to, and everything it refers to, shared. Nothing to do for other values. */
static inline void publish_value(LocalHeap *h, Value v)
{
    Cell *c = (Cell *)(uintptr_t)v;
    if (CELL_SHARED && cell_is_reference(v) && !cell_is_shared(c)) publish_slow(h, c);
}

/** As publish_value for each of `count` values, in one pass over what they refer to. */
void publish_values(LocalHeap *h, const Value *values, size_t count);

/** `c` was made by `h`, and is made shared by other means: private collections must leave it where it is. */
void publish_born(LocalHeap *h, Cell *c);

/** As publish_value for a cell that may be NULL. */
static inline void publish_cell(LocalHeap *h, const void *cell)
{
    publish_value(h, (Value)(uintptr_t)cell);
}

/** Call `roots` with a marker whose mark_value and mark_cell publish: for roots that all goroutines see. */
void publish_roots(LocalHeap *h, void (*roots)(void *context, Marker *m), void *context);

#endif
