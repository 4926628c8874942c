/* SPDX-License-Identifier: MIT */
/* cell.h - the header word of every heap cell, and the one bit pattern by which a word is a reference.
 *
 *     63      56 55    48 47     40 39    32 31                      0
 *    | extra    | lock   | flags   | kind   | shape                   |
 *
 * shape   index of the cell's descriptor (a hidden class); 0 for cells that have none
 * kind    row of the kind table (kind.h): how to size, trace and finalise the cell; 0 is never a live cell
 * flags   CELL_SHARED and CELL_OLD_CLEAN belong to the collector, the rest to the kind
 * lock    per-object lock byte of the sharing protocol
 * extra   a small count that, with the kind, gives the cell's size: number of inline slots and the like
 *
 * I1  A load of an inline cache compares the low 32 bits; a store compares shape, flags and lock, so that one
 *     test proves shape, private, unlocked and young-or-logged at once.
 * I2  Cells are 16-byte aligned, never move, and their size follows from kind and content alone, so memory
 *     that was filled by bump allocation can be walked cell by cell.
 * I3  A word is a reference to a cell iff it is not 0 and has no bit of VALUE_NOT_CELL_MASK (value.h holds the
 *     rest of the encoding). */
#ifndef US_GC_CELL_H
#define US_GC_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vm/base/assert.h"
#include "vm/base/atomic.h"

#ifndef US_SHARING
#define US_SHARING 1                     // 0: configure --disable-sharing, to measure what sharing costs
#endif

typedef uint64_t Value;

typedef struct Cell {
    union {
        uint64_t word;
        struct {
            uint32_t shape;
            uint8_t  kind;
            uint8_t  flags;
            uint8_t  lock;
            uint8_t  extra;
        };
    };
} Cell;
STATIC_ASSERT(sizeof(Cell) == 8, "the header is one word");

enum {
    CELL_SHARED = US_SHARING,            // reachable, or once reachable, by another goroutine; 0: no cell ever is
    CELL_OLD_CLEAN = 2,                  // was scanned by a collection and is not in the remembered log
    CELL_KIND_FLAGS = 0xfc,              // free for the kind's own use
};

#define CELL_GRANULE_BYTES 16
#define CELL_HEADER(shape, kind, extra) \
    ((uint64_t)(shape) | (uint64_t)(kind) << 32 | (uint64_t)(extra) << 56)
#define CELL_STORE_MASK UINT64_C(0x00ffff00ffffffff)     // shape, flags and lock: what a store compares (I1)

#define VALUE_NOT_CELL_MASK UINT64_C(0xfffe000000000002)

static inline bool cell_is_reference(uint64_t word)
{
    return word && !(word & VALUE_NOT_CELL_MASK);
}

/* Slots of cells are read and written as whole words, possibly by several threads: relaxed atomics cost
 * nothing and keep the compiler from tearing or repeating them. */
static inline Value cell_slot_get(const Value *slot)
{
    return atomic_get_dependent(slot);
}

static inline void cell_slot_set(Value *slot, Value v)
{
    atomic_set_relaxed(slot, v);
}

static inline bool cell_is_shared(const Cell *c)
{
    return (atomic_get_relaxed(&c->flags) & CELL_SHARED) != 0;
}

#endif
