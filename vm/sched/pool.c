/* SPDX-License-Identifier: MIT */
#include "vm/sched/pool.h"

#include "vm/base/clock.h"
#include "vm/base/mem.h"
#include "vm/base/os.h"
#include "vm/base/panic.h"
#include "vm/sched/fiber.h"
#include "vm/value/vmstate.h"

STATIC_ASSERT(offsetof(PoolItem, stack) == sizeof(Goroutine), "stack_release knows a first stack by its place");

enum {
    POOL_AHEAD = 3,                          // those whose memory is on its way while one is visited,
    POOL_AHEAD_FRAMES = 4,                   // lines of each one's stack among it
};

/* ---- making ------------------------------------------------------------------------------------------------------ */

/* How it is when it is not used (I1). */
static void pool_reset(Goroutine *g)
{
    g->job_first = g->job_last = VALUE_NULL;
    g->kept = g->entry = g->spawn_code = VALUE_UNDEFINED;
    atomic_set_relaxed(&g->ready, NULL);
    g->turn = g->holds = NULL;
    g->parked_fibers = 0;
    g->regexp_statics = NULL;
    atomic_set_relaxed(&g->wake_ns, CLOCK_NEVER);
    g->random = (Random){ { 0 } };
    if (!g->fiber) fiber_load_fresh(g);
    else g->fiber->waiter.value = VALUE_UNDEFINED;       // nobody marks it
}

static Goroutine *pool_make(const Pool *pool, PoolItem *item, uint32_t slab)
{
    Goroutine *g = &item->goroutine;
    heap_local_init(&g->heap, pool->vm->heap);
    g->heap.vm = g->vm = pool->vm;
    g->stack_max_bytes = pool->stack_max_bytes;
    g->exception = VALUE_HOLE;
    g->first_fiber.goroutine = g;
    g->first_stack = item->stack;
    g->slab = slab;
    pool_reset(g);
    return g;
}

/* With the lock. */
static uint32_t pool_add_slab(Pool *pool)
{
    PoolItem *items = os_reserve(POOL_SLAB_BYTES, os_page_bytes());
    if (!items || !os_commit(items, POOL_SLAB_BYTES)) panic_out_of_memory("goroutines");
    VEC_PUSH(&pool->slabs, ((PoolSlab){ .items = items }));
    return pool->slabs.count - 1;
}

static void pool_take_slab(Pool *pool, PoolShare *share)
{
    mutex_lock(&pool->lock);
    share->slab = pool->released.count ? VEC_POP(&pool->released) : pool_add_slab(pool);
    share->next = pool->slabs.items[share->slab].items;
    share->end = share->next + POOL_SLAB_ITEMS;
    mutex_unlock(&pool->lock);
}

/* ---- taking and giving ------------------------------------------------------------------------------------------- */

/* With the lock. */
static void pool_note(Pool *pool)
{
    atomic_set_relaxed(&pool->has_free, pool->batches.count + (pool->rest != NULL));
}

/* Where one worker spawns and another runs what is spawned, free goroutines go from the one to the other. */
static void pool_give_batch(Pool *pool, Goroutine *batch)
{
    mutex_lock(&pool->lock);
    VEC_PUSH(&pool->batches, batch);
    pool_note(pool);
    mutex_unlock(&pool->lock);
}

static void pool_take_batch(Pool *pool, PoolShare *share)
{
    if (!atomic_get_relaxed(&pool->has_free)) return;
    mutex_lock(&pool->lock);
    if (pool->batches.count) {
        share->free = VEC_POP(&pool->batches);
        share->free_count = POOL_BATCH;
    } else {
        share->free = pool->rest;
        share->free_count = pool->rest_count;
        pool->rest = NULL;
        pool->rest_count = 0;
    }
    pool_note(pool);
    mutex_unlock(&pool->lock);
}

static void pool_refill(Pool *pool, PoolShare *share)
{
    if (!share->full) {
        pool_take_batch(pool, share);
        return;
    }
    share->free = share->full;
    share->free_count = POOL_BATCH;
    share->full = NULL;
}

Goroutine *pool_take(Pool *pool, PoolShare *share)
{
    if (!share->free) pool_refill(pool, share);
    Goroutine *g = share->free;
    if (g) {
        share->free = g->queue_next;
        share->free_count--;
        return g;
    }
    if (share->next == share->end) pool_take_slab(pool, share);
    return pool_make(pool, share->next++, share->slab);
}

/* The loaded fiber, which has no frames, stays with its stack if that is small. */
void pool_give(Pool *pool, PoolShare *share, Goroutine *g)
{
    if (g->stack_top - g->stack_low > 4 * STACK_FIRST_WORDS) fiber_drop(g);
    pool_reset(g);
    if (share->free_count == POOL_BATCH) {
        if (share->full) pool_give_batch(pool, share->full);
        share->full = share->free;
        share->free = NULL;
        share->free_count = 0;
    }
    g->queue_next = share->free;
    share->free = g;
    share->free_count++;
}

/* The goroutine, and where its outermost frame is as long as it needs no larger stack. */
static void pool_prefetch(const PoolItem *item)
{
    const char *line = (const char *)&item->goroutine, *frames = (const char *)(item + 1);
    for (; line < (const char *)item->stack; line += CACHE_LINE_BYTES) __builtin_prefetch(line);
    for (uint32_t i = 1; i <= POOL_AHEAD_FRAMES; i++) __builtin_prefetch(frames - i * CACHE_LINE_BYTES);
}

void pool_each_in(const Pool *pool, uint32_t slab, void (*visit)(void *context, Goroutine *g), void *context)
{
    PoolItem *items = pool->slabs.items[slab].items;
    for (uint32_t i = 0; i < POOL_SLAB_ITEMS; i++) {
        if (i + POOL_AHEAD < POOL_SLAB_ITEMS) pool_prefetch(&items[i + POOL_AHEAD]);
        Goroutine *g = &items[i].goroutine;
        if (atomic_get_acquire(&g->status) != GOROUTINE_FREE) visit(context, g);
    }
}

/* ---- giving back to the system ----------------------------------------------------------------------------------- */

/* All fibers but the first, and all stacks but the one that came with it. */
static void pool_drop_spares(Goroutine *g)
{
    if (g->fiber) fiber_drop(g);
    for (Fiber *f = g->first_fiber.next, *next; f; f = next) {
        next = f->next;
        mem_free(f->waiters);
        if (f->stack_low) stack_release(g, f->stack_low);
        mem_free(f);
    }
    if (g->first_fiber.stack_low) stack_release(g, g->first_fiber.stack_low);
    mem_free(g->first_fiber.waiters);
    g->first_fiber.next = NULL;
    g->first_fiber.waiters = NULL;
    g->first_fiber.waiter_room = 0;
}

/* With the lock: to the rest, which is a batch when it is large enough. */
static void pool_put(Pool *pool, Goroutine *g)
{
    g->queue_next = pool->rest;
    pool->rest = g;
    if (++pool->rest_count < POOL_BATCH) return;
    VEC_PUSH(&pool->batches, g);
    pool->rest = NULL;
    pool->rest_count = 0;
}

void pool_give_all(Pool *pool, PoolShare *share)
{
    mutex_lock(&pool->lock);
    if (share->full) VEC_PUSH(&pool->batches, share->full);
    for (Goroutine *g = share->free, *next; g; g = next) {
        next = g->queue_next;
        pool_put(pool, g);
    }
    share->free = share->full = NULL;
    share->free_count = 0;
    pool_note(pool);
    mutex_unlock(&pool->lock);
}

/* With the lock: all that are free, as one list, out of the store. */
static Goroutine *pool_take_all(Pool *pool)
{
    Goroutine *all = pool->rest;
    while (pool->batches.count) {
        Goroutine *batch = VEC_POP(&pool->batches), *last = batch;
        while (last->queue_next) last = last->queue_next;
        last->queue_next = all;
        all = batch;
    }
    pool->rest = NULL;
    pool->rest_count = 0;
    return all;
}

static void pool_discard_whole(Pool *pool)
{
    for (uint32_t i = 0; i < pool->slabs.count; i++) {
        if (pool->slabs.items[i].free_count != POOL_SLAB_ITEMS) continue;
        os_discard(pool->slabs.items[i].items, POOL_SLAB_BYTES);
        VEC_PUSH(&pool->released, i);
    }
}

void pool_trim(Pool *pool)
{
    mutex_lock(&pool->lock);
    for (uint32_t i = 0; i < pool->slabs.count; i++) pool->slabs.items[i].free_count = 0;
    Goroutine *free = pool_take_all(pool), *next;
    for (Goroutine *g = free; g; g = g->queue_next) pool->slabs.items[g->slab].free_count++;
    for (Goroutine *g = free; g; g = next) {
        next = g->queue_next;
        pool_drop_spares(g);
        if (pool->slabs.items[g->slab].free_count == POOL_SLAB_ITEMS) continue;
        pool_reset(g);
        pool_put(pool, g);
    }
    pool_note(pool);
    pool_discard_whole(pool);
    mutex_unlock(&pool->lock);
}

/* ---- life -------------------------------------------------------------------------------------------------------- */

void pool_init(Pool *pool, Vm *vm, size_t stack_max_bytes)
{
    *pool = (Pool){ .vm = vm, .stack_max_bytes = stack_max_bytes };
    mutex_init(&pool->lock, LOCK_WORKER, 0);
}

/* Memory that was never used is zeros. */
void pool_destroy(Pool *pool)
{
    for (uint32_t i = 0; i < pool->slabs.count; i++) {
        PoolItem *items = pool->slabs.items[i].items;
        for (uint32_t k = 0; k < POOL_SLAB_ITEMS; k++)
            if (items[k].goroutine.vm) pool_drop_spares(&items[k].goroutine);
        os_release(items, POOL_SLAB_BYTES);
    }
    VEC_FREE(&pool->slabs);
    VEC_FREE(&pool->released);
    VEC_FREE(&pool->batches);
}
