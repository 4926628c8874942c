/* SPDX-License-Identifier: MIT */
/* kinds.h - what the VM knows of each kind of cell: the rows handed to the collector, internal methods, layout. */
#ifndef US_OBJECT_KINDS_H
#define US_OBJECT_KINDS_H

#include "gc/kind.h"
#include "vm/object/object.h"

/* Rows by kind. Written by kinds_register before any VM exists, then constant. */
extern GcKind kinds_gc_table[KIND_COUNT];
extern const ObjectOps *kinds_ops_table[KIND_COUNT];

/** Say what a kind is that a layer above defines. `ops` may be NULL: ordinary. Once a kind, or again with equal
 *  content; before threads. */
void kinds_register(CellKind kind, const GcKind *row, const ObjectOps *ops);

/** Every kind of object was registered: note what is part of one. */
void kinds_complete(void);

/** Internal methods that differ from the ordinary ones; NULL: none do. */
static inline const ObjectOps *kinds_ops(uint8_t kind)
{
    return kinds_ops_table[kind];
}

/** Bytes from the start of a cell of `kind` to its first inline slot. */
uint16_t kinds_slots_offset(CellKind kind);

#endif
