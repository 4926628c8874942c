/* SPDX-License-Identifier: MIT */
/* heap_int.h - what the files of gc/ share about the heap. */
#ifndef US_GC_HEAP_INT_H
#define US_GC_HEAP_INT_H

#include "gc/heap.h"
#include "gc/history.h"
#include "gc/mark_int.h"
#include "gc/safepoint.h"

enum {
    CHUNK_UNUSED,                    // never handed out, or given back and in chunk_free
    CHUNK_LEAVING,                   // its memory is going back to the system, or is made ready for cells
    CHUNK_SMALL,
    CHUNK_PAGES,                     // large objects by pages (large.h)
    CHUNK_HUGE_START,                // one object of its own
    CHUNK_HUGE_REST,
};

/* Adjacent chunks whose memory is to go back to the system. */
typedef struct ChunkRange {
    uint32_t first, count;
} ChunkRange;

typedef struct LargeSpace {
    uint32_t *chunks;                // numbers of the CHUNK_PAGES chunks
    uint32_t  count, capacity;
    uint32_t  dirty_pages;           // free ones that the system has not got back (large.c); atomic
} LargeSpace;

/* A lock of shared cells (monitor.h), alone on its cache line. */
typedef struct MonitorWord {
    uint32_t state;                      // atomic
    uint8_t  unused[60];
} MonitorWord;

/* A coordinated collection, from its first stop to its last. World stopped; who is inside may read. */
typedef struct Cycle {
    uint32_t   number;                   // 0: it makes one stop
    bool       may_be_cut;               // when this stop has lasted long enough
    uint32_t   roots_done;               // parts of the roots that were marked once
    uint32_t   looks;                    // how often what changed was looked at
    bool       makes_old;                // private cells that are scanned become CELL_OLD_CLEAN
    int64_t    deadline_ns;              // of this stop
    int64_t    began_bytes;              // since_bytes at its first stop
    uint64_t   most_bytes;               // when so many were handed out since, it ends at the next stop
    uint64_t   stopped_cpu_ns;           // of the stops that are over
    uint64_t   mark_ns;                  // of these, and of this one
    Collection told;                     // what the history is to be told: of the stops that are over
} Cycle;

/* What no comment claims is changed under `blocks_lock`, or with the world stopped. */
struct Heap {
    HeapFront     front;
    const GcHost *host;
    HeapOptions   options;
    char         *base;              // reserved range
    size_t        reserved_bytes;
    size_t        largest_bytes;     // of one object: so large a hole is found in the range
    uint32_t      chunk_limit;       // chunks in the range
    uint32_t      chunk_count;       // atomic: chunks ever handed out: numbers below it are in use or on chunk_free
    uint8_t      *chunk_kind;        // atomic: CHUNK_*, one a chunk; read without the lock by private_owns
    VEC(uint32_t) chunk_free;
    VEC(ChunkRange) leaving;         // chunks in nobody's use that heap_return_chunks will return
    uint32_t      free_blocks;       // block numbers (chunk * 64 + index); 0 ends the list
    uint32_t      partly_blocks;
    uint32_t      free_block_count;
    uint32_t      run_blocks[RUN_SIZES];     // blocks of runs in which some are nobody's, by the size they are cut to
    uint32_t      owners;            // atomic: contexts with a PrivateHeap
    LargeSpace    large;
    VEC(Cell *)   finalizable;
    VEC(void *)   retired;           // heap_retire
    uint32_t      told_by[MARK_PLANES];      // from a word of `mark` to those that tell whether a cell is marked
    bool          has_private;       // there are private collections (private_begin): survivors become CELL_OLD_CLEAN
    Marker        marker;            // of the collecting thread
    MarkGang     *gang;
    Cycle         cycle;
    struct Ephemerons *ephemerons;
    uint16_t      plain_bytes[256];  // base_bytes of the kinds that are traced word by word; 0: others. Immutable
    int           hold;              // > 0: no collection; atomic
    bool          over_limit;            // atomic
    // atomic: handed out since the last cycle, large and external included; less what private collections freed
    int64_t       since_bytes;
    uint64_t      trigger_bytes;     // collect when since_bytes reaches this
    uint64_t      least_bytes;       // trigger_bytes is not below: what was handed out in as long as the last pause
    uint32_t      allocators;        // mutators that allocated between the last two cycles, at least 1. World stopped
    uint64_t      shared_out_bytes;  // between two cycles so that they keep to their share (pacer.c). World stopped
    uint32_t      kept_percent;      // of what was handed out before the last cycle: by so much the heap had grown
    uint64_t      cycle_live_bytes;  // live and external ones after the last cycle. World stopped
    int64_t       cycle_end_ns;      // of the last cycle; 0: none
    int64_t       cycle_end_cpu_ns;  // the process's processor time then
    uint64_t      large_bytes;       // in large objects now
    uint32_t      stress_turn;           // atomic: allocations counted under stress
    HeapStats     stats;                 // allocated_bytes and external_bytes: atomic
    History       history[2];            // of coordinated collections, and of private ones; blocks_lock
    World         world;                 // safepoint.h
    Mutex         blocks_lock;
    MonitorWord   monitors[512];
};

static inline char *heap_chunk_address(const Heap *heap, uint32_t chunk)
{
    return heap->base + (size_t)chunk * CHUNK_BYTES;
}

static inline uint32_t heap_chunk_number(const Heap *heap, const void *p)
{
    return (uint32_t)((size_t)((const char *)p - heap->base) / CHUNK_BYTES);
}

/* Does a cell at `p` lie in a block, and not in pages of its own? */
static inline bool heap_is_small(const Heap *heap, const void *p)
{
    return heap->chunk_kind[heap_chunk_number(heap, p)] == CHUNK_SMALL;
}

static inline char *heap_block_address(const Heap *heap, uint32_t block)
{
    return heap->base + (size_t)block * BLOCK_BYTES;
}

static inline BlockInfo *heap_block_info(const Heap *heap, uint32_t block)
{
    return block_info_of(heap_block_address(heap, block));
}

static inline bool heap_contains(const Heap *heap, uint64_t word)
{
    return word - (uint64_t)(uintptr_t)heap->base
        < (uint64_t)atomic_get_relaxed(&heap->chunk_count) * CHUNK_BYTES;
}

/* Say what `count` chunks are: CHUNK_SMALL once their blocks are ready. */
static inline void heap_set_kind(Heap *heap, uint32_t first, uint32_t count, uint8_t kind)
{
    for (uint32_t i = first; i < first + count; i++) atomic_set_release(&heap->chunk_kind[i], kind);
}

/* Take `count` adjacent chunks; returns the first's number, or UINT32_MAX. The memory is readable, writable and
 * zero. */
uint32_t heap_take_chunks(Heap *heap, uint32_t count, uint8_t first_kind, uint8_t rest_kind);
void heap_give_chunks(Heap *heap, uint32_t first, uint32_t count);

/* Give back to the system what heap_give_chunks was given: a matter of system calls, so outside the pause. */
void heap_return_chunks(Heap *heap);

/* A block with at least one free line, or wholly free; 0 when the system refuses memory. */
uint32_t heap_take_block(Heap *heap, bool wholly_free);

#endif
