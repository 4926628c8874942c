/* SPDX-License-Identifier: MIT */
/* kind.h - how the VM describes a kind of cell to the collector.
 *
 * The collector knows no object of the language: it sizes and traces every cell through one row of a table that
 * the VM hands to heap_create. Rows are immutable. */
#ifndef US_GC_KIND_H
#define US_GC_KIND_H

#include "gc/cell.h"

typedef struct Marker Marker;

enum {
    KIND_IS_LEAF = 1,                // holds no reference
    KIND_IS_WEAK = 2,                // traced weakly: clear_weak is given, and trace_weak if it has ephemerons
    KIND_HAS_FINALIZER = 4,          // registered by heap_register_finalizer; finalize is given
    KIND_HIDES = 8,                  // refers to cells that `trace` does not mark, but GcHost.publish does
    KIND_IS_PART = 16,               // its cells are part of others (GcKind.parts)
};

typedef struct GcKind {
    const char *name;                // NULL: no such kind
    uint32_t    base_bytes;          // size is base_bytes + 8 * extra, unless `size` is given
    uint32_t    flags;
    /** Size in bytes from the cell's content, for kinds larger than `extra` can say. */
    size_t (*size)(const Cell *c);
    /** Mark what `c` refers to. NULL: every word behind the header is a value or a cell pointer. Several markers trace
     *  at once, seldom even the same cell: what is changed belongs to `c`, atomically, and twice is as once. */
    void (*trace)(Marker *m, Cell *c);
    /** As trace, of items `first` to `end` - 1 alone, of which there may be fewer. For kinds whose cells may be large:
     *  an item has 8 bytes or more, and what is no item goes with the first. NULL: such a cell is traced at once. */
    void (*trace_items)(Marker *m, Cell *c, size_t first, size_t end);
    /** Call `visit` for the cells that are part of `c`, such as vectors of elements: barriers name `c` in their place.
     *  NULL: there are none. */
    void (*parts)(Marker *m, Cell *c, void (*visit)(Marker *m, Cell *part));
    /** Weak kinds, after strong marking, once: call ephemeron_mark for each entry. NULL: there are none. */
    void (*trace_weak)(Marker *m, Cell *c);
    /** Weak kinds, after marking has ended: forget what is not marked. Several markers do so at once. */
    void (*clear_weak)(Marker *m, Cell *c);
    /** Give back what the cell holds outside the heap. World stopped; no allocation. */
    void (*finalize)(Cell *c);
} GcKind;

/** Bytes of a cell of a kind, without what rounds them up. */
static inline size_t kind_size(const GcKind *kind, const Cell *c)
{
    return kind->size ? kind->size(c) : kind->base_bytes + 8u * c->extra;
}

#endif
