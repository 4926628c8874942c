/* SPDX-License-Identifier: MIT */
/* safepoint.h - stopping the world: who may touch the heap now, and how everybody else is made to wait.
 *
 * A Mutator is a thread of the operating system that runs code of the VM. It is inside (may touch cells) or away
 * (blocked, idle, in a system call). A collection, or a rare change that no lock-free reader may see half done,
 * stops the world: the stopper waits until it alone is inside.
 *
 * I1  Only a thread that is inside reads or writes cells.
 * I2  A thread that is away, or stopped in safepoint_poll, has said from where its C stack is to be scanned, and has
 *     its callee-saved registers in its Mutator.
 * I3  While the world is stopped nobody comes inside; who leaves does not wait.
 * I4  Polls come often: at allocation's slow half and wherever the interpreter compares the stack limit. The host
 *     makes running goroutines look (GcHost.interrupt_mutators), again and again until all have stopped, so a
 *     goroutine that starts to run in between is not missed. */
#ifndef US_GC_SAFEPOINT_H
#define US_GC_SAFEPOINT_H

#include <stddef.h>

#include "gc/cell.h"
#include "vm/base/licence.h"
#include "vm/base/mutex.h"
#include "vm/base/vec.h"

typedef struct Heap Heap;

enum { SAFEPOINT_REGISTERS = 6, RUN_SIZES = 2, RUN_CACHE_ITEMS = 32 };

/* Runs of one size that nobody owns (run.h). */
typedef struct RunCache {
    uint32_t count;
    char    *items[RUN_CACHE_ITEMS];
} RunCache;

typedef struct Mutator {
    uint64_t        registers[SAFEPOINT_REGISTERS];     // I2
    const char     *stack_low;           // I2: scanned from here ...
    Heap           *heap;
    struct Mutator *next;                // list of all; World.lock
    LocalHeap      *local;               // whose allocation region is in use here, or NULL. Own thread; world stopped
    const char     *stack_base;          // ... to here; immutable
    bool            is_inside;           // World.lock
    bool            has_allocated;       // since the last cycle. Own thread; world stopped
    void           *matching;            // of the layers above: memory for matching (lib/regexp.h); own thread
    const void     *monitor;             // the cell this thread has locked (monitor.h), for checks; own thread
    RunCache        runs[RUN_SIZES];     // own thread; world stopped
    Cell          **publishing;          // memory for publish.c between publications; own thread
    uint32_t        publishing_capacity;
    VEC(Cell *)     shaded;              // marked, to be scanned at the next stop (shade.h). Own thread; world stopped
} Mutator;

typedef struct World {
    Mutex     lock;
    Condition changed;                   // somebody left, or the world goes on
    Mutator  *mutators;                  // lock, while the world is not stopped
    uint32_t  inside;                    // lock: how many mutators are inside, stopped ones not counted
    bool      is_stopping;               // lock; read without it by polls
    Mutator  *stopper;                   // lock; whether oneself is it may be read without
    int64_t   stop_ns;                   // the stopper's: how long it took until all had stopped
} World;

/** Make the calling thread a mutator, away. `stack_base`: C frames above hold no references. */
void safepoint_attach(Mutator *m, Heap *heap, const void *stack_base);
/** Away, and the thread will not come back. */
void safepoint_detach(Mutator *m);

/** Come inside; waits while the world is stopped. */
void safepoint_enter(Mutator *m);

/** Go away. Until safepoint_enter the thread touches no cell; those its frames hold stay alive. */
void safepoint_leave(Mutator *m);

/** Does somebody ask the threads inside to stop? Any thread. */
bool safepoint_is_requested(const Heap *heap);
/** The rarely taken half of safepoint_poll. */
void safepoint_poll_slow(Mutator *m);
/** Stop if somebody asks for it. From inside. */
static inline void safepoint_poll(Mutator *m)
{
    if (UNLIKELY(safepoint_is_requested(m->heap))) safepoint_poll_slow(m);
}

/** Stop the world; from inside. False: another thread had it stopped meanwhile, so what the caller wants may already
 *  be done, and the world goes on. */
NODISCARD bool safepoint_stop_world(Mutator *m);
void safepoint_start_world(Mutator *m);

/** Stop the world, however often it takes. */
void safepoint_insist(Mutator *m);

/** For a change that no lock-free user of a cell may see half done, or act on late: only the caller is inside until
 *  safepoint_release_world(h, held), where `held` is what this returned. Nests. Allocation is allowed, and collects
 *  nothing. */
NODISCARD bool safepoint_hold_world(LocalHeap *h);
void safepoint_release_world(LocalHeap *h, bool held);

/** Call `scan` with the part of every thread's C stack, and the registers, that may hold references. World stopped.
 * */
void safepoint_each_stack(Heap *heap, void (*scan)(void *context, const void *low, const void *high), void *context);

#endif
