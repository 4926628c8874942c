/* SPDX-License-Identifier: MIT */
/* history.h - the last collections, kept in memory: HISTORY_ITEMS coordinated ones and as many private ones, since
 * there may be hundreds of the latter for one of the former. */
#ifndef US_GC_HISTORY_H
#define US_GC_HISTORY_H

#include <stdint.h>

typedef struct Heap Heap;

enum { HISTORY_ITEMS = 64 };

typedef enum CollectionKind {
    COLLECTION_COORDINATED,
    COLLECTION_PRIVATE_MINOR,            // of one goroutine's young cells
    COLLECTION_PRIVATE_FULL,             // of all its private cells
} CollectionKind;

/* Of a private collection, bytes are what its goroutine owns, and what no comment gives to it is 0. */
typedef struct Collection {
    CollectionKind kind;
    uint32_t markers;                    // threads that marked; private: 1
    uint64_t number;                     // from 1: among the coordinated, or among the private
    int64_t  start_ns;                   // clock_monotonic_ns, with the world stopped; private: as it began
    uint32_t stops;                      // of the world; private: 0
    uint64_t pause_ns;                   // the longest; private: of its goroutine
    uint64_t paused_ns;                  // all of them
    uint64_t stop_ns;                    // the longest time until the world had stopped
    uint64_t mark_ns;                    // part of the pauses; private, too
    uint64_t marked_cells;
    uint64_t before_bytes, after_bytes;  // in use as it began, and live at its end
    uint64_t owned_before_bytes;         // of these, in blocks and large cells that goroutines own
    uint64_t owned_after_bytes;
} Collection;

/* A ring of the last ones. Heap.blocks_lock. */
typedef struct History {
    uint64_t   count;                    // ever; item i lies at i % HISTORY_ITEMS
    Collection items[HISTORY_ITEMS];
} History;

/** Put `c`, numbered here, at the end of its ring. Any thread. */
void history_note(Heap *heap, Collection c);

/** The last `most` collections of both rings, by when they began, the oldest first. Returns how many there were. */
uint32_t history_read(Heap *heap, Collection *to, uint32_t most);

#endif
