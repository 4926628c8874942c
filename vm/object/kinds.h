/* SPDX-License-Identifier: MIT */
/* kinds.h - what the VM knows of each kind of cell: the rows handed to the collector, internal methods, layout. */
#ifndef US_OBJECT_KINDS_H
#define US_OBJECT_KINDS_H

#include "gc/kind.h"
#include "vm/object/object.h"

extern const GcKind kinds_gc_table[KIND_COUNT];
extern const ObjectOps *const kinds_ops_table[KIND_COUNT];

/** Internal methods that differ from the ordinary ones; NULL: none do. */
static inline const ObjectOps *kinds_ops(uint8_t kind)
{
    return kinds_ops_table[kind];
}

/** Bytes from the start of a cell of `kind` to its first inline slot. */
uint16_t kinds_slots_offset(CellKind kind);

#endif
