/* SPDX-License-Identifier: MIT */
/* private.h - collecting the private cells of one goroutine: by itself, while all others run (docs/private-heaps.md).
 *
 * Nothing shared refers to a private cell (docs/sharing.md I1), so the goroutine's own roots are all there are. It
 * marks through private cells only and stops at shared ones, which only coordinated collections free.
 *
 * Marks are sticky: a minor collection keeps the marks of what survived before, and traces only what is younger. The
 * roots of the young are the goroutine's own, and old cells in the log.
 *
 * I1  A private cell that is marked is old; it has CELL_OLD_CLEAN or is in the log, unless it is a leaf or
 *     `must_full`. So a young cell that an old one refers to is found through the log.
 * I2  A private cell that something refers to weakly, or that has a finalizer, is in `kept`. */
#ifndef US_GC_PRIVATE_H
#define US_GC_PRIVATE_H

#include "gc/heap_int.h"

struct PrivateHeap {
    VEC(Cell *) log;                     // old cells that were stored to
    VEC(Cell *) kept;                    // heap_keep
    uint32_t    kept_old;                // so many of them are old
    VEC(Cell *) large;                   // cells outside of blocks
    uint64_t    large_bytes;             // of those that survived the last collection
    VEC(Cell *) stack;                   // marked, not yet traced
    VEC(Cell *) pinned;                  // found on the C stack
    uint32_t young, partly, whole, full; // lists of blocks (run.h I2)
    uint64_t since_bytes;                // handed out since the last collection
    uint64_t budget_bytes;               // collect when since_bytes reaches this
    uint64_t traced_bytes;               // by this collection, of cells that are not words alone
    uint64_t old_bytes;                  // that survived
    uint64_t full_at_bytes;              // of old_bytes: the next collection is a full one
    uint64_t unsorted_bytes;             // handed out between the last full collection and the last one
    uint32_t patience;                   // coordinated collections to be waited for as most of the young survived
    uint64_t wait_until;                 // HeapStats.collections; less is due before
    bool     must_full;                  // it is, whatever survived: CELL_OLD_CLEAN was not set so far; waits for a
                                         // coordinated one, which sets it too
};

enum { PRIVATE_LONG_WAIT = 32 };         // budgets after which no coordinated collection is waited for any longer

typedef enum PrivateMode { PRIVATE_DUE, PRIVATE_MINOR, PRIVATE_FULL } PrivateMode;

/** That of `h`, made when first needed. */
PrivateHeap *private_heap_of(LocalHeap *h);

static inline bool private_has_blocks(const PrivateHeap *own)
{
    return own->young || own->partly || own->whole || own->full;
}

static inline bool private_is_due(const LocalHeap *h, size_t size_bytes)
{
    const PrivateHeap *own = h->own;
    if (!own || own->must_full || own->since_bytes + size_bytes < own->budget_bytes) return false;
    return h->heap->stats.collections >= own->wait_until
        || own->since_bytes / PRIVATE_LONG_WAIT >= own->budget_bytes;
}

/** `h`, whose goroutine waits, has been handed so much that collecting it is worth an idle thread's while. On its own
 *  thread. */
bool private_is_due_parked(const LocalHeap *h);

/** What `h` owns in blocks and large cells, unless it owns runs only. */
uint64_t private_used_bytes(const LocalHeap *h);

/** Collect the private cells of `h`, on its own thread. False: not now. */
bool private_collect(LocalHeap *h, PrivateMode mode);

/** Collect the private cells of `h`, whose goroutine waits but counts as running on this thread, if that is due still,
 *  and give blocks that are free to all. False: not now. */
bool private_collect_parked(LocalHeap *h);

/** Can the heap have private collections? */
bool private_is_possible(const Heap *heap);

/** From now on there are private collections. All that was allocated through others than `h` is shared. */
void private_begin(LocalHeap *h);

/** `c`, of no block, was made by `h`. */
void private_note_large(LocalHeap *h, Cell *c);

/** `c`, old and clean, is about to refer to a younger cell. */
void private_log(LocalHeap *h, Cell *c);
/** The logged cells have been dealt with. */
void private_forget_log(LocalHeap *h);
/** They are to be scanned again in the cycle that goes on. World stopped, or under Heap.blocks_lock. */
void private_hand_over_log(LocalHeap *h);

/** After marking of a coordinated collection: forget what died, and the log. `used_bytes` of its blocks are live. */
void private_after_cycle(LocalHeap *h, uint64_t used_bytes);

/** `h` ends: what is kept is shared from now on. */
void private_end(LocalHeap *h);
/** Free the large cells of `h`, which ended, but for shared ones. */
void private_free_large(LocalHeap *h);
/** Free the PrivateHeap of `h`. */
void private_destroy(LocalHeap *h);

#endif
