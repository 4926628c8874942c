/* SPDX-License-Identifier: MIT */
/* heap.h - the heap: creation, limits, statistics, and the collector's front door.
 *
 * A Heap belongs to one VM. Memory is taken through a LocalHeap, the allocation context of a goroutine, which owns
 * it (run.h) and collects it by itself (private.h). The thread it runs on is its mutator (heap_local_move).
 * `LocalHeap *h` as first parameter is a licence: the function may allocate, hence stop for a collection
 * (docs/decisions/0001-licence-types.md).
 *
 * I1  Small allocations (up to SMALL_LIMIT_BYTES) never fail: when the limit is reached even after a collection,
 *     `over_limit` is raised and the goroutine's next poll throws, and so with what one goroutine may own; large ones
 *     return NULL.
 * I2  A collection starts only inside an allocating call or heap_collect; C code needs no handles, since native
 *     stacks are scanned conservatively, but must not hide a reference (in malloc memory, or xor-ed).
 * I3  A cell is fully initialised before the next allocation. */
#ifndef US_GC_HEAP_H
#define US_GC_HEAP_H

#include "gc/block.h"
#include "gc/host.h"
#include "gc/safepoint.h"
#include "vm/base/licence.h"
#include "vm/base/vec.h"

typedef struct Heap        Heap;
typedef struct Mutator     Mutator;
typedef struct PrivateHeap PrivateHeap;

enum { LOCAL_RUNS = 3 };

struct LocalHeap {
    char     *next;                  // bump region: [next, end)
    char     *end;                   // region_end, or `next` to send every allocation to the slow path (stress)
    uint64_t  born_word;             // or-ed into the header of every new cell: CELL_SHARED or nothing
    Heap     *heap;
    char     *region_end;
    char     *unit;                  // the run or block that the region lies in; NULL: none
    char     *unit_end;
    char     *medium_next;           // a second region, a whole block, for cells larger than a line
    char     *medium_end;
    Vm       *vm;                    // for the layers above; the collector does not look at it
    char     *runs[LOCAL_RUNS];      // the first memory it takes (run.h)
    uint32_t  run_count;
    uint32_t  run_at;                // the next of them to look for free lines in
    PrivateHeap *own;                // once it needs more than runs, or a log (private.h); or NULL
    uint64_t  most_bytes;            // that it may own (limit.h); 0: as many as it likes
    int64_t   most_left;             // less than 0: look whether it owns more
    bool      is_over_most;          // it did, even after a collection
    Mutator  *mutator;               // thread on which it allocates now (safepoint.h)
};

/* What barriers look at of a Heap: its first member. */
typedef struct HeapFront {
    bool is_marking;                 // a coordinated collection has begun, and goes on at another stop. World stopped
} HeapFront;

/* Has a reference that is stored in a shared cell to be shaded (shade.h)? */
static inline bool heap_is_marking(const Heap *heap)
{
    return UNLIKELY(((const HeapFront *)heap)->is_marking);
}

/* When a marker finds a cell in a segment that is another marker's (docs/heap.md). */
typedef enum HandOver {
    HAND_OVER_HUNGRY,                // it is sent there while that one has nothing to do
    HAND_OVER_ALWAYS,
    HAND_OVER_NEVER,
} HandOver;

enum {
    HEAP_GROWTH_OFF = 1000000,       // growth_percent: only the limit makes the heap collect
    HEAP_SHARE_OFF = 100,            // share_percent: growth and floor alone count
    HEAP_STOP_OFF = 1000000,         // stop_ms: all is marked at one stop
};

/* When to collect. In heap_create a 0 is the default. */
typedef struct HeapPacing {
    uint32_t growth_percent;         // of live bytes: collect when so much was allocated since the last cycle
    size_t   floor_bytes;            // never collect before each thread that allocates could get this much
    size_t   limit_bytes;            // of live and external bytes together; 0: none
    uint32_t share_percent;          // of processor time: while collections take more they are put off (pacer.c)
    uint32_t stop_ms;                // a cycle marks for so long at one stop, and then at another; HEAP_STOP_OFF: once
} HeapPacing;

/* When goroutines collect their private cells by themselves (private.h). */
typedef enum PrivatePolicy {
    PRIVATE_UNSAID,                  // never; of a VM, what vm.c says
    PRIVATE_NEVER,
    PRIVATE_IN_PARALLEL,             // once there are several
    PRIVATE_ALWAYS,
} PrivatePolicy;

typedef struct HeapOptions {
    HeapPacing pacing;
    uint32_t stress_every;           // US_DEBUG=gcstress=N: collect at every N-th allocation; 0: off
    bool     verify;                 // US_DEBUG=verify: check the heap before and after every cycle
    bool     poison;                 // fill freed lines
    bool     share_all;              // every cell is born shared
    PrivatePolicy private_policy;
    uint32_t markers;                // threads that mark, the collecting one included; 0: 1
    bool     markers_always;         // US_DEBUG=markers=N: all of them, however small the heap
    uint32_t stop_cells;             // US_DEBUG=stops=N: mark N cells at a stop, however small the heap; 0: off
    bool     shadow;                 // US_DEBUG=shadow: mark a second time, serially, and compare
    HandOver hand_over;
    bool     trace;                  // --gc-trace: a line on standard error after each cycle
    bool     summary;                // --gc-stats: what account_at_exit prints
    bool     publish_profile;        // GcHost.published is told of each publication
} HeapOptions;

enum { HEAP_PAUSE_BUCKETS = 24 };

/* Counted since the heap was made, but for what is said to be of the last cycle. A cycle is a coordinated collection;
 * it makes one or several stops, and a pause lasts from the moment in which all goroutines have stopped until they go
 * on. */
typedef struct HeapStats {
    uint64_t collections;
    uint64_t stop_count;             // of all of them
    uint64_t allocated_bytes;        // ever, large objects included
    uint64_t live_bytes;             // last cycle: in lines and pages that hold survivors
    uint64_t committed_bytes;        // taken from the system now
    uint64_t external_bytes;         // held by cells outside the heap now
    uint64_t last_pause_ns;          // last cycle: the longest
    uint64_t total_pause_ns;
    uint64_t max_pause_ns;
    uint64_t collector_cpu_ns;       // processor time of all collections, on all threads
    uint64_t private_minor;          // private collections of the young, and of all
    uint64_t private_full;
    uint64_t private_parked;         // of both, those of goroutines that waited, by idle threads
    uint64_t private_freed_bytes;    // by them
    uint64_t logged_cells;           // old ones that were stored to, counted when a collection deals with them
    uint64_t ended_freed_bytes;      // by goroutines that ended
    uint64_t private_total_pause_ns;
    uint64_t private_max_pause_ns;
    uint64_t private_heaps;          // goroutines that own more than runs, now
    uint64_t owned_bytes;            // last cycle: of live_bytes, in blocks and large cells that goroutines own
    uint64_t last_stop_ns;           // from the wish to stop the world until it stood still
    uint64_t total_stop_ns;
    uint64_t max_stop_ns;
    uint64_t last_mark_ns;           // part of its pauses, as is the next
    uint64_t total_mark_ns;
    uint64_t last_markers;           // last cycle: threads that marked
    uint64_t marked_cells;           // last cycle
    uint64_t marked_bytes;           // last cycle: of cells that survived, without the holes between them
    uint64_t steals;                 // chunks of mark stack taken from another marker
    uint64_t failed_steals;          // looks at all other markers that found none
    uint64_t last_mark_chunks;       // last cycle: chunks of mark stack, a page each, in use at once
    uint64_t most_mark_chunks;       // the most of any cycle
    uint64_t hand_overs;             // cells sent to the marker whose segment they lie in
    uint64_t free_bytes;             // last cycle: in blocks that are wholly free
    uint64_t hole_bytes;             // last cycle: in free lines of blocks that are not: what fragmentation costs
    uint64_t returned_bytes;         // given back to the system, ever
    uint64_t pauses[HEAP_PAUSE_BUCKETS];     // [i]: pauses of at least 2^(i-1) and less than 2^i microseconds
    uint64_t stops[HEAP_PAUSE_BUCKETS];      // the same of the times that it took to stop the world
} HeapStats;

/* What heap_verify found. */
typedef struct HeapVerdict {
    uint64_t cells, references;      // looked at
    uint64_t faults;                 // cells and references that break an invariant
    char     first[120];             // the first fault, in English
} HeapVerdict;

/** Create a heap for `host` (borrowed for the heap's life). NULL when the system gives no address space. */
Heap *heap_create(const GcHost *host, HeapOptions options);
void heap_destroy(Heap *heap);

/** Make `h` an allocation context of the heap, without memory of its own yet. */
void heap_local_init(LocalHeap *h, Heap *heap);

/** `h` allocates no more, and its thread has no context: before the thread's last safepoint_leave. */
void heap_local_deinit(LocalHeap *h);

/** The thread of `from` now allocates through `to` (Mutator.local), and `from` has none. */
static inline void heap_local_move(LocalHeap *to, LocalHeap *from)
{
    Mutator *m = from->mutator;
    from->mutator = NULL;
    to->mutator = m;
    m->local = to;
}

/** Whose context `h` was has ended: its private cells are dead, and their memory is given back at once. On the thread
 *  `m`, which `h` has left. */
void heap_local_end(LocalHeap *h, Mutator *m);

/** Collect now. */
void heap_collect(LocalHeap *h);

/** Collect only what is private to `h`: all of it, or the young. False: there is no such collection (HeapOptions), or
 *  not now. */
bool heap_collect_private(LocalHeap *h, bool full);

/** How many private collections there were, of all goroutines. Who remembers a private cell of its goroutine beside the
 *  heap forgets it when there is another one. */
uint64_t heap_private_collections(const Heap *heap);

/** `h` belongs to a goroutine that begins to wait: is there enough in it for an idle thread to collect? On its own
 *  thread. */
bool heap_is_due_parked(const LocalHeap *h);

/** The goroutine of `h` waits, and counts as running on this thread, which has nothing else to do: collect what is
 *  private to it, if that is due still. False: not now. */
bool heap_collect_parked(LocalHeap *h);

/** Collect, and prove the invariants of the heap before anybody goes on, as US_DEBUG=verify does; but faults are told
 *  instead of ending the process. Neither under heap_hold nor with the world held. */
void heap_verify(LocalHeap *h, HeapVerdict *verdict);

/** Forbid (1) or allow again (-1) collections: for code that builds the first objects. Nests. */
void heap_hold(Heap *heap, int delta);

/** A second goroutine comes; `h` is the first one's. */
void heap_begin_parallel(LocalHeap *h);

/** Keep `c`, a cell of `h`, and what it refers to until a coordinated collection finds it dead: who refers to it weakly
 *  is cleaned up only then. */
void heap_keep(LocalHeap *h, void *c);

/** `c`'s kind has a finalizer: call it once `c` has died. At most once a cell. Keeps it. */
void heap_register_finalizer(LocalHeap *h, Cell *c);

/** Cells own `delta` more (or fewer) bytes outside the heap; counts towards limit and pacing. */
void heap_add_external(LocalHeap *h, int64_t delta);

/** `size_bytes` outside the heap were freed; from finalizers, too. */
void heap_drop_external(Heap *heap, size_t size_bytes);

/** Free `memory` (mem_alloc) at the next collection: lock-free readers may look at it until then. NULL is fine. */
void heap_retire(LocalHeap *h, void *memory);

/** True while live memory exceeds the limit (I1). */
bool heap_is_over_limit(const Heap *heap);
/** True when `size_bytes` more would exceed the limit, or what `h` may own, even after a collection; collects to find
 *  out. */
bool heap_would_exceed(LocalHeap *h, size_t size_bytes);
void heap_set_limit(Heap *heap, size_t limit_bytes);

/** Live and external bytes at which the next cycle is due. */
uint64_t heap_next_bytes(const Heap *heap);

/** How the heap is paced now, and from now on: collects, so that it counts at once. */
HeapPacing heap_pacing(const Heap *heap);
void heap_set_pacing(LocalHeap *h, HeapPacing pacing);

HeapStats heap_stats(Heap *heap);

/** The program ends: print a summary of all collections on standard error, if HeapOptions.summary asks for it. The
 *  second time nothing. Any thread. */
void heap_tell_summary(Heap *heap);

/** The live cell that `word`, any bit pattern, points to or into; NULL when none. Only while no context fills a region:
 *  as a collection begins, and after one before anything is allocated (the answer relies on block.h I1 and I2). */
Cell *heap_find_cell(Heap *heap, uint64_t word);

/** Size in bytes of a cell, from the kind table. */
size_t heap_cell_size(const Heap *heap, const Cell *c);

/** Call `visit` for every live cell; no allocation inside. Only directly after a collection. */
void heap_each_cell(Heap *heap, void (*visit)(void *context, Cell *c), void *context);

#endif
