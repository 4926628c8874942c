/* SPDX-License-Identifier: MIT */
/* pool.h - the memory of goroutines: made in slabs, kept for others when they end, given back to the system when all
 * is quiet.
 *
 * Each has room for a first stack behind it. A worker has free ones of its own; more than it needs go to a common
 * store, in batches of POOL_BATCH that nobody has to count, where others find them.
 * I1  A goroutine in a list has status GOROUTINE_FREE, a loaded fiber, and is otherwise as it was made.
 * I2  The addresses of a slab stay. Where its memory was given back it reads as zeros, which is GOROUTINE_FREE; so
 *     who still has the name of a goroutine (goroutine.h I6) finds one that has ended.
 * I3  Memory is given back only after the scheduler's timers have forgotten the fibers in it, whose tickets begin
 *     anew.
 * I4  No two goroutines have words in one cache line: two processors write them at once. */
#ifndef US_SCHED_POOL_H
#define US_SCHED_POOL_H

#include "vm/base/mutex.h"
#include "vm/base/vec.h"
#include "vm/sched/goroutine.h"
#include "vm/sched/stack.h"

typedef struct PoolItem {
    _Alignas(CACHE_LINE_BYTES) Goroutine goroutine;      // I4
    Value     stack[STACK_FIRST_WORDS];
} PoolItem;

enum { POOL_BATCH = 256, POOL_SLAB_BYTES = 256 << 10, POOL_SLAB_ITEMS = POOL_SLAB_BYTES / sizeof(PoolItem) };

typedef struct PoolSlab {
    PoolItem *items;                     // immutable
    uint32_t  free_count;                // pool_trim's
} PoolSlab;

typedef struct Pool {
    Vm        *vm;                       // immutable
    size_t     stack_max_bytes;          // immutable
    Mutex      lock;                     // LOCK_WORKER
    VEC(PoolSlab) slabs;                 // lock; read with the world stopped
    VEC(uint32_t) released;              // lock: slabs whose memory was given back
    VEC(Goroutine *) batches;            // lock: lists of goroutines to use again that no worker keeps
    Goroutine *rest;                     // lock: such a list of fewer than POOL_BATCH,
    uint32_t   rest_count;               // lock: of so many
    uint32_t   has_free;                 // atomic, changed under lock: batches, and one for the rest
} Pool;

/* What a worker has of it. Own thread; or, while all workers are idle, whoever holds Sched.lock. */
typedef struct PoolShare {
    Goroutine *free;
    uint32_t   free_count;               // fewer than POOL_BATCH, or such a batch in use
    Goroutine *full;                     // a batch, or NULL
    PoolItem  *next, *end;               // of its slab: items that are zeros
    uint32_t   slab;
} PoolShare;

/** An empty one, and its end with all that was made. */
void pool_init(Pool *pool, Vm *vm, size_t stack_max_bytes);
void pool_destroy(Pool *pool);

/** A goroutine as it was made (I1). */
Goroutine *pool_take(Pool *pool, PoolShare *share);

/** `g` has ended, or was never started. Its status is the caller's matter. */
void pool_give(Pool *pool, PoolShare *share, Goroutine *g);

/** Call `visit` for all in a slab that are not free. World stopped, or at rest. */
void pool_each_in(const Pool *pool, uint32_t slab, void (*visit)(void *context, Goroutine *g), void *context);

/** All workers are idle: give what `share` has to the common store; then give to the system, of what is free, stacks,
 *  fibers but one, and slabs that are free as a whole (I3). */
void pool_give_all(Pool *pool, PoolShare *share);
void pool_trim(Pool *pool);

/** How many batches the common store has, about. */
static inline uint32_t pool_batches(const Pool *pool)
{
    return atomic_get_relaxed(&pool->has_free);
}

#endif
