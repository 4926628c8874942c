/* SPDX-License-Identifier: MIT */
/* mark_int.h - markers, their queues, and the gang of threads that they run on: what the files mark*.c share.
 *
 * I1  A cell's mark is set before the cell is put in a queue, by whoever sets it; so a cell is queued once. Two
 *     markers, which set marks without atomic operations, may both find a mark clear: then the cell is queued and
 *     traced twice, which the merge of their marks sees and takes back from what was counted.
 * I2  What is queued is a cell, or a piece of a large one: its address, and above that the piece's number and 1.
 * I3  `credits` counts the markers that are at work and the chunks that lie on shelves and in inboxes. Only a marker at
 *     work publishes, and counts the chunk first; who takes a chunk while idle is at work on the chunk's credit, who
 *     takes one while at work gives its credit up. So once `credits` is 0 nothing is left and nothing can come. When
 *     time is up all put what they have on their shelves, and `credits` counts chunks alone. */
#ifndef US_GC_MARK_INT_H
#define US_GC_MARK_INT_H

#include "gc/heap.h"
#include "vm/base/mutex.h"
#include "vm/base/thread.h"
#include "vm/base/vec.h"

enum {
    MARK_CHUNK_CELLS = 509,
    MARK_WINDOW_CELLS = 16,              // cells whose memory is on its way before they are scanned
    MARK_MOST_MARKERS = 64,
};

/* Part of a mark stack. */
typedef struct MarkChunk {
    struct MarkChunk *next, *previous;   // on a shelf, in an inbox or among the spare
    uint64_t          count;
    Cell             *cells[MARK_CHUNK_CELLS];
} MarkChunk;
STATIC_ASSERT(sizeof(MarkChunk) == 4096, "a page");

/* What one marker did in a cycle. */
typedef struct MarkCounts {
    uint64_t cells, bytes;
    uint64_t steals;                     // chunks taken from others
    uint64_t failed_steals;              // looks at all others that found none
    uint64_t hand_overs;                 // cells sent to the marker whose segment they lie in
    uint64_t windowed;                   // cells scanned through the window
    uint64_t busy_ns;                    // of processor time, at work, not waiting
} MarkCounts;

/* How marks are set, by how many markers there are. */
typedef enum MarkWay {
    MARK_ALONE,                          // one: plainly
    MARK_IN_PLANES,                      // two: plainly, each in a plane of bits of its own (block.h I1)
    MARK_SHARED,                         // more: atomically
} MarkWay;

/* Are markers to stop before all is marked? */
typedef enum MarkCut {
    CUT_NEVER,
    CUT_LATER,                           // when the time is up
    CUT_NOW,
} MarkCut;

/* One thread's share of a mark phase; or, with `visit`, a walk over the graph for another purpose. */
struct Marker {
    Heap *heap;
    void (*visit)(Marker *m, Cell *c);   // set: called for each reference, instead of marking
    LocalHeap *publisher;                // the visitor's: whose cells become shared (publish.c)
    VEC(Cell *) stack;                   // the visitor's: cells yet to be traced
    struct MarkGang *gang;
    uint32_t   id;
    MarkWay    way;
    uint32_t   plane_bytes;              // MARK_IN_PLANES: from a word of `mark` to that of this marker's plane
    bool       windowed;                 // cells go through the window
    bool       asks;                     // whether values of weak tables wait for the cells that are scanned
    bool       saw_large;                // of the parts of a cell that is scanned again
    MarkChunk *top, *second;             // this marker's own stack; further ones are on the shelf
    MarkChunk *spare;                    // empty ones
    uint32_t   spare_count;
    uint32_t   window_first, window_count;
    Cell      *window[MARK_WINDOW_CELLS];
    uint32_t   sample;                   // of the comparison of scanning with and without the window (mark.c)
    int64_t    sample_ns[2];             // what it took without, and with
    uint64_t   clock_cells, clock_bytes; // of `counts`, when it last looked at the clock
    uint64_t   stop_cells;               // of `counts`, as this stop began
    MarkChunk **outbox;                  // cells for each other marker; NULL: none
    VEC(Cell *) pinned;                  // found by conservative scanning, before mark bits are cleared
    VEC(Cell *) weak;                    // marked cells of weak kinds
    VEC(Cell *) late;                    // large cells that were stored to: to MarkGang.late
    MarkCounts counts;
    uint8_t    apart[CACHE_LINE_BYTES];  // what the others look at when they have nothing to do is in lines of its own
    Mutex      lock;
    MarkChunk *oldest, *newest;          // the shelf; lock, looked at without it
    MarkChunk *inbox;                    // atomic: chunks from other markers, latest first
    uint8_t    after[CACHE_LINE_BYTES];
};

enum { GANG_OPEN = 1 << 16 };

/* The markers of a heap. The collecting thread is marker 0, the others have threads that sleep between cycles. What no
 * comment claims is changed while no phase is open. */
typedef struct MarkGang {
    Heap      *heap;
    uint32_t   size;                     // immutable: most markers
    uint32_t   started;                  // threads that exist
    uint32_t   active;                   // markers of this cycle
    uint32_t   owner_mask;               // least power of two that is not below `active`, less 1
    HandOver   hand_over;                // immutable
    Marker    *markers[MARK_MOST_MARKERS];
    Thread     threads[MARK_MOST_MARKERS];
    void     (*work)(Marker *m);         // of the open phase
    bool       in_cycle;                 // atomic: the next phase comes soon
    bool       is_ending;                // atomic
    VEC(Cell *) tables;                  // cells of weak kinds that were found
    VEC(Cell *) shaded;                  // marked between two stops, to be scanned (shade.h). Also World.lock
    VEC(Cell *) logged;                  // what was in goroutines' logs, to be scanned again. Also Heap.blocks_lock
    VEC(Cell *) late;                    // large ones of these, which are scanned again at the last stop alone
    uint32_t   cut;                      // atomic: MarkCut
    uint32_t   epoch;                    // atomic, futex: phases opened so far
    uint32_t   state;                    // atomic, futex: GANG_OPEN and how many helpers are in the phase
    uint32_t   part, part_count;         // atomic: of the phase's work, the next to be taken; how many there are
    bool       all_parts;                // they are taken even when the time is up
    uint32_t   credits;                  // atomic: I3
    uint32_t   left;                     // chunks that lie on shelves and in inboxes since the time was up
    uint32_t   hungry;                   // atomic: markers without work
    uint32_t   sleepers;                 // atomic: of these, asleep on `news`
    uint32_t   news;                     // atomic, futex: counts wake-ups
    uint32_t   chunks;                   // atomic: of stacks, shelves, inboxes and outboxes; not spare ones
    uint32_t   most_chunks;              // atomic: at once in this cycle
    uint8_t    is_hungry[MARK_MOST_MARKERS];     // atomic
} MarkGang;

/* ---- mark.c: one marker's work ---- */

/** The heap is new: note which kinds are words and nothing else (Heap.plain_bytes). */
void mark_plan(Heap *heap);

/** Mark `c` between two stops of a cycle; false when it was marked already. Any thread that is inside. */
bool mark_shade(Heap *heap, Cell *c);

/** Scan until no marker has anything left, or the time is up. */
void mark_drain(Marker *m);

/** `c`, if it is marked, was scanned, and is in a log, as it was stored to since: scan it again, and have other stores
 *  be logged again. Or leave it for mark_rescan_last, as it is large. */
void mark_rescan_logged(Marker *m, Cell *c);

/** Is `c`, or a part of it, so large that scanning it again takes long? Any thread that may read it. */
bool mark_is_large(Heap *heap, Cell *c);

/** One of MarkGang.late, if it is marked: scan it again. */
void mark_rescan_last(Marker *m, Cell *c);

/** So many cells were scanned again: see whether the time is up. */
void mark_look_at_clock(Marker *m, uint32_t cells);

/* ---- mark_queue.c: from hand to hand ---- */

void mark_queue_grow(Marker *m);

/** The marker's own stack is empty: get a chunk from the shelf, the inbox or others, waiting while others are at work.
 *  False: all is marked. */
bool mark_queue_refill(Marker *m);

/** The time is up: put everything where all find it in the next phase. */
void mark_queue_leave(Marker *m);

/** Free what lies there. */
void mark_queue_forget(Marker *m);

/** Others have nothing to do: give them some. */
void mark_queue_share(Marker *m);

/** `c`, which is marked, lies in the segment of `owner`. */
void mark_queue_hand_over(Marker *m, uint32_t owner, Cell *c);

/** The phase is over: memory beyond what the next cycle is likely to need goes back; or all of it. */
void mark_queue_trim(Marker *m, uint32_t most);

/** A helper comes into a phase that may be over. */
NODISCARD bool mark_queue_join(MarkGang *gang);

static inline void mark_queue_push(Marker *m, Cell *c)
{
    if (UNLIKELY(m->top->count == MARK_CHUNK_CELLS)) mark_queue_grow(m);
    m->top->cells[m->top->count++] = c;
}

static inline Cell *mark_queue_pop(Marker *m)
{
    MarkChunk *top = m->top;
    if (UNLIKELY(!top->count)) {
        if (!m->second->count) return NULL;
        m->top = m->second;
        m->second = top;
        top = m->top;
    }
    return top->cells[--top->count];
}

/* ---- mark_gang.c: threads ---- */

MarkGang *mark_gang_create(Heap *heap, uint32_t size);
void mark_gang_destroy(MarkGang *gang);

/** Do `work` with the first `active` markers; returns when all of it is done. */
void mark_gang_run(MarkGang *gang, void (*work)(Marker *m));

/** A cycle with `active` markers begins, or is over. */
void mark_gang_begin(MarkGang *gang, uint32_t active);
void mark_gang_end(MarkGang *gang);

/** The world has stopped, and phases of a cycle come; or it is to go on. */
void mark_gang_gather(MarkGang *gang);
void mark_gang_disperse(MarkGang *gang);

/** Marker.late of all markers to MarkGang.late. */
void mark_gang_collect_late(MarkGang *gang);

static inline bool mark_gang_is_cut(const MarkGang *gang)
{
    return atomic_get_relaxed(&gang->cut) == CUT_NOW;
}

/** The next part of the phase's work, or UINT32_MAX. */
uint32_t mark_gang_take_part(MarkGang *gang);

#endif
