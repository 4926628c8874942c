/* SPDX-License-Identifier: MIT */
/* linetab.h - which place of the source an instruction came from, compressed.
 *
 * A table is a sequence of entries in ascending order of pc, each three variable-length integers: the distance in pc
 * from the entry before, and the signed distances in line and column. It holds for its pc and those up to the next. */
#ifndef US_BYTECODE_LINETAB_H
#define US_BYTECODE_LINETAB_H

#include <stdbool.h>
#include <stdint.h>

#include "vm/base/vec.h"

typedef struct LineEntry {
    uint32_t pc;
    uint32_t line, column;               // from 1
} LineEntry;

typedef struct LineTabWriter {
    Arena       *arena;
    VEC(uint8_t) bytes;
    LineEntry    last;
} LineTabWriter;

/** Add an entry; pcs ascend. An entry that changes nothing is left out. */
void linetab_write(LineTabWriter *w, LineEntry entry);

/** The entry that holds for `pc`; line 0 when there is none. Safe on any bytes. */
LineEntry linetab_find(const uint8_t *bytes, uint32_t count, uint32_t pc);

#endif
