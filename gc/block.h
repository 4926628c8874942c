/* SPDX-License-Identifier: MIT */
/* block.h - geometry of the heap: chunks, blocks, lines, and their side metadata.
 *
 * One range of addresses is reserved at start and handed out in chunks of 2 MB, aligned to 2 MB. A small-object
 * chunk is 64 blocks of 32 KB; blocks 0 and 1 hold the metadata of all, found by address arithmetic alone:
 *
 *     chunk  | meta of 64 blocks, 1 KB each (those of blocks 0, 1: ChunkHeader) | block 2 | ... | block 63 |
 *
 * Allocation is by lines of 128 bytes (Immix: Blackburn and McKinley, PLDI 2008): a run of free lines is filled
 * by bumping a pointer; a line is free again when no live cell touches it.
 *
 * I1  `mark` has a bit at the first granule of every cell that survived the last collection, and of every cell that was
 *     published since. Markers set the bits of the next one in `found`, and when all is marked they take the place of
 *     `mark` and are 0 again (mark_run.c). Of two markers each has a plane of bits there to itself, so that none needs
 *     an atomic operation.
 * I2  `line` says of each line: LINE_FREE; LINE_LIVE, touched by a survivor; LINE_FRESH_START and LINE_FRESH,
 *     first and later lines of a run handed out since. A fresh run is cells back to back from its first byte, up
 *     to a word of 0 or the run's end. While marking goes on the lines of cells that were scanned have LINE_FOUND too;
 *     in the end these are the live ones. So all that is told of the last collection holds until this one has ended.
 * I3  A private cell lies in memory that its goroutine's LocalHeap owns (run.h): in a block, or in whole groups, whose
 *     words of `mark` and lines nobody else touches while the world runs. */
#ifndef US_GC_BLOCK_H
#define US_GC_BLOCK_H

#include "gc/cell.h"
#include "vm/base/licence.h"

enum {
    CHUNK_BYTES = 2 << 20,
    BLOCK_BYTES = 32 << 10,
    LINE_BYTES = 128,
    BLOCKS_PER_CHUNK = CHUNK_BYTES / BLOCK_BYTES,
    FIRST_BLOCK = 2,                     // blocks 0 and 1 are metadata
    LINES_PER_BLOCK = BLOCK_BYTES / LINE_BYTES,
    GRANULES_PER_BLOCK = BLOCK_BYTES / CELL_GRANULE_BYTES,
    SMALL_LIMIT_BYTES = 8 << 10,         // larger cells are large objects (large.h)
    GROUP_BYTES = 64 * CELL_GRANULE_BYTES,           // what one word of `mark` tells of
    GROUP_LINES = GROUP_BYTES / LINE_BYTES,
};

enum { MARK_PLANES = 2 };

enum { LINE_FREE, LINE_LIVE, LINE_FRESH, LINE_FRESH_START, LINE_STATE = 3, LINE_FOUND = 0x80 };

typedef struct BlockMeta {
    uint64_t mark[GRANULES_PER_BLOCK / 64];
    uint8_t  line[LINES_PER_BLOCK];
    uint64_t found[MARK_PLANES][GRANULES_PER_BLOCK / 64];        // of the cycle that is marking (I1)
} BlockMeta;
STATIC_ASSERT(sizeof(BlockMeta) == 1024, "64 of them fill blocks 0 and 1");

enum {
    PLANE_FIRST = offsetof(BlockMeta, found[0]),     // from a word of `mark` to that of a plane
    PLANE_SECOND = offsetof(BlockMeta, found[1]),
};
STATIC_ASSERT((PLANE_FIRST ^ PLANE_SECOND) == 256 && PLANE_FIRST == 512 && offsetof(BlockMeta, mark) == 0,
              "one bit of the address tells the planes apart, and they are or-ed to that of a mark");

typedef enum BlockState {
    BLOCK_FREE,                          // no live line; on the free list
    BLOCK_PARTLY,                        // some free lines; on the recyclable list
    BLOCK_FULL,                          // no free line
    BLOCK_OWNED,                         // a LocalHeap's, whole
    BLOCK_RUNS,                          // handed out in runs
    BLOCK_LEFT,                          // its owner is gone: to be looked at by the next coordinated collection
} BlockState;

typedef struct BlockInfo {
    uint8_t    state;                    // BlockState
    uint16_t   free_lines;               // after the last collection
    uint32_t   next;                     // block number of the list this block is on; 0 ends it
    LocalHeap *owner;                    // of BLOCK_OWNED. Atomic: any thread may compare it with itself
    uint32_t   taken;                    // of BLOCK_RUNS: a bit for each group that is in somebody's hands
} BlockInfo;

/* In the place of the metadata of blocks 0 and 1. */
typedef struct ChunkHeader {
    BlockInfo info[BLOCKS_PER_CHUNK];
} ChunkHeader;
STATIC_ASSERT(sizeof(ChunkHeader) <= 2 * sizeof(BlockMeta), "the header lies in the unused metadata");

static inline char *block_chunk_of(const void *p)
{
    return (char *)((uintptr_t)p & ~(uintptr_t)(CHUNK_BYTES - 1));
}

static inline uint32_t block_index_of(const void *p)
{
    return (uint32_t)((uintptr_t)p >> 15) & (BLOCKS_PER_CHUNK - 1);
}

static inline BlockMeta *block_meta_of(const void *p)
{
    return (BlockMeta *)block_chunk_of(p) + block_index_of(p);
}

static inline char *block_start_of(const void *p)
{
    return (char *)((uintptr_t)p & ~(uintptr_t)(BLOCK_BYTES - 1));
}

static inline char *block_start_of_meta(const BlockMeta *meta)
{
    return block_chunk_of(meta) + ((uintptr_t)meta & (CHUNK_BYTES - 1)) / sizeof(BlockMeta) * BLOCK_BYTES;
}

static inline BlockInfo *block_info_of(const void *p)
{
    return &((ChunkHeader *)block_chunk_of(p))->info[block_index_of(p)];
}

static inline uint32_t block_granule_of(const void *p)
{
    return (uint32_t)((uintptr_t)p & (BLOCK_BYTES - 1)) / CELL_GRANULE_BYTES;
}

/* The word and the bit of `mark` for a cell of a block. */
static inline uint64_t *block_mark_word(const void *cell, uint64_t *bit)
{
    uint32_t granule = block_granule_of(cell);
    *bit = UINT64_C(1) << (granule % 64);
    return &block_meta_of(cell)->mark[granule / 64];
}

static inline uint32_t block_line_of(const void *p)
{
    return (uint32_t)((uintptr_t)p & (BLOCK_BYTES - 1)) / LINE_BYTES;
}

static inline bool block_bit_get(const uint64_t *bits, uint32_t i)
{
    return (bits[i / 64] >> (i % 64) & 1) != 0;
}

static inline void block_bit_set(uint64_t *bits, uint32_t i)
{
    bits[i / 64] |= UINT64_C(1) << (i % 64);
}

#endif
