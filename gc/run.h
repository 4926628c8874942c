/* SPDX-License-Identifier: MIT */
/* run.h - whose memory is whose: what a LocalHeap takes, and gives back.
 *
 * A LocalHeap owns the memory that its cells lie in, in units: first runs, of one group and then of four, cut from
 * blocks that many share; then whole blocks. So a goroutine with a handful of cells costs a kilobyte, one that works
 * has memory that it can collect alone (private.h), and either gives back all but published cells when it ends. Runs
 * that are given back stay with the thread (Mutator.runs) for the next goroutine.
 *
 * I1  Between coordinated collections a group is a LocalHeap's, in a thread's cache, or in nobody's hands. `taken` of
 *     a block of runs says which are in nobody's.
 * I2  Blocks of a LocalHeap are on one of the lists of its PrivateHeap: those with memory handed out since the last
 *     collection on `young`, the others by what is free in them. */
#ifndef US_GC_RUN_H
#define US_GC_RUN_H

#include "gc/heap_int.h"

enum { RUN_LARGEST_BYTES = 2 << 10 };     // of a cell that a run is taken for

/* A run or a block, from `from` up to `to`. */
typedef struct RunUnit {
    BlockMeta *meta;
    char      *block;
    uint32_t   from, to;                 // lines
} RunUnit;

static inline RunUnit run_unit_of_block(char *block)
{
    return (RunUnit){ block_meta_of(block), block, 0, LINES_PER_BLOCK };
}

/** One of the runs of `h`. */
RunUnit run_unit(const LocalHeap *h, uint32_t run);

/** Make the next unit with room the one that `h` fills. */
void run_next_unit(LocalHeap *h);

/** A block of `h` with no cell in it. */
char *run_take_whole(LocalHeap *h);

/** Leave the regions: a word of 0 ends the walkable part of each (block.h I2). */
void run_retire(LocalHeap *h);

/** The lines of a unit that hold no cell. */
uint32_t run_count_free(RunUnit unit);

/** Of what was handed out since the last collection only marked cells count. */
void run_forget_fresh(Heap *heap, RunUnit unit);

/** The lines of a unit in which only shared cells count; the marks of others go. Returns how many became free. */
uint32_t run_keep_shared(Heap *heap, RunUnit unit);

/** Count the free lines of a block of `h`, and put it on the list where it belongs by them. */
void run_file_block(LocalHeap *h, uint32_t block);

/** Give the blocks of `h` without a cell back, after a private collection. */
void run_give_whole(LocalHeap *h);

/** `h` ended: give its memory back, runs to the thread `m`. The cells that it shared stay. */
void run_give_all(LocalHeap *h, Mutator *m);

/** As run_give_all, but all of its cells stay until a coordinated collection. */
void run_leave_all(LocalHeap *h);

/** A coordinated collection has marked: caches are empty; then, for every LocalHeap, its memory is as its lines say.
 *  Returns what is in use of its blocks. */
void run_begin_cycle(Heap *heap);
uint64_t run_after_cycle(LocalHeap *h);

/** Fill the free lines of a unit (HeapOptions.poison). */
void run_poison(Heap *heap, RunUnit unit);

#endif
