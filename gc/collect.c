/* SPDX-License-Identifier: MIT */
#include "gc/collect.h"

#include "gc/account.h"
#include "gc/heapcheck.h"
#include "gc/mark.h"
#include "gc/private.h"
#include "gc/run.h"
#include "gc/sweep.h"
#include "vm/base/clock.h"
#include "vm/base/mem.h"

static void collect_run_finalizers(Heap *heap, Cell **dead, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) heap->host->kinds[dead[i]->kind].finalize(dead[i]);
}

void collect_finalize_all(Heap *heap)
{
    collect_run_finalizers(heap, heap->finalizable.items, heap->finalizable.count);
    VEC_FREE(&heap->finalizable);
}

void collect_free_retired(Heap *heap)
{
    while (heap->retired.count) mem_free(VEC_POP(&heap->retired));
}

/* Move the dead to the end of `finalizable`, finalise them, and cut them off. */
static void collect_finalize_dead(Heap *heap)
{
    uint32_t live = 0, count = heap->finalizable.count;
    Cell **items = heap->finalizable.items;
    for (uint32_t i = 0; i < count; i++) {
        Cell *c = items[i];
        if (!mark_is_marked(&heap->marker, c)) continue;
        items[i] = items[live];
        items[live++] = c;
    }
    heap->finalizable.count = live;
    collect_run_finalizers(heap, items + live, count - live);
}

/* Each thread that allocates has the floor to itself: what lives grows with their number, and so would the share of the
 * time that goes into marking it. */
void collect_set_trigger(Heap *heap)
{
    uint64_t live = heap->stats.live_bytes + heap->stats.external_bytes;
    uint64_t percent = heap->options.growth_percent, floor = (uint64_t)heap->options.floor_bytes * heap->allocators;
    uint64_t goal = percent == HEAP_GROWTH_OFF ? UINT64_MAX / 4 : live * percent / 100;
    if (goal < floor) goal = floor;
    uint64_t limit = heap->options.limit_bytes;
    atomic_set_relaxed(&heap->over_limit, limit && live > limit);
    if (limit && live + goal > limit) goal = live < limit ? limit - live : 0;
    uint64_t least = heap->options.floor_bytes / 16;          // near the limit: not a collection per block
    if (least < heap->least_bytes) least = heap->least_bytes;
    heap->trigger_bytes = goal > least ? goal : least;
    heap->since_bytes = 0;
}

/* Who runs is visited twice, but `owned` bytes are added up once. */
static void collect_each_local(Heap *heap, void (*visit)(void *owned, LocalHeap *h), uint64_t *owned)
{
    const GcHost *host = heap->host;
    for (Mutator *m = heap->world.mutators; m; m = m->next)
        if (m->local) visit(host->each_local ? NULL : owned, m->local);
    if (host->each_local) host->each_local(host->context, visit, owned);
}

static void collect_retire(void *owned, LocalHeap *h)
{
    run_retire(h);
    if (owned) *(uint64_t *)owned += private_used_bytes(h);
}

static void collect_settle(void *owned, LocalHeap *h)
{
    private_after_cycle(h, run_after_cycle(h));
    if (owned) *(uint64_t *)owned += private_used_bytes(h);
}

/* Near the limit, too, no more than half of the time is the collector's: until the next cycle goes by at least as much
 * as was allocated, between the last two, in the time that this one took. But for an eighth of the limit, that
 * is: beyond, the program is told. */
static void collect_cap_time(Heap *heap, int64_t start_ns, int64_t end_ns)
{
    uint64_t ran_ns = (uint64_t)(start_ns - heap->cycle_end_ns), paused_ns = (uint64_t)(end_ns - start_ns);
    double least = ran_ns ? (double)heap->since_bytes * (double)paused_ns / (double)ran_ns : 0;
    double most = (double)(heap->options.limit_bytes / 8);
    heap->least_bytes = (uint64_t)(least < most ? least : most);
    heap->cycle_end_ns = end_ns;
}

static void collect_count_allocators(Heap *heap)
{
    uint32_t count = 0;
    for (Mutator *m = heap->world.mutators; m; m = m->next) {
        count += m->has_allocated;
        m->has_allocated = false;
    }
    heap->allocators = count ? count : 1;
}

/* Apart from collect_run, whose frame is scanned. */
static NOINLINE void collect_stopped(Heap *heap, HeapVerdict *verdict)
{
    Collection c = { .start_ns = clock_monotonic_ns() };
    c.before_bytes = heap->stats.live_bytes + (uint64_t)heap->since_bytes;
    collect_each_local(heap, collect_retire, &c.owned_before_bytes);
    heap->host->prepare(heap->host->context);
    mark_run(heap);
    heap->host->finish(heap->host->context, &heap->marker);
    collect_finalize_dead(heap);
    collect_free_retired(heap);
    run_begin_cycle(heap);
    collect_each_local(heap, collect_settle, &c.owned_after_bytes);
    heap->stats.live_bytes = sweep_run(heap);
    if (verdict) heapcheck_look(heap, verdict);
    else if (heap->options.verify) heapcheck_run(heap, "after a collection");
    int64_t end_ns = clock_monotonic_ns();
    collect_cap_time(heap, c.start_ns, end_ns);
    collect_count_allocators(heap);
    collect_set_trigger(heap);
    sweep_give_surplus(heap);
    const GcHost *host = heap->host;
    if (heap->over_limit && host->interrupt_mutators) host->interrupt_mutators(host->context);     // heap.h I1
    c.pause_ns = (uint64_t)(clock_monotonic_ns() - c.start_ns);
    account_cycle(heap, c);
}

void collect_run(LocalHeap *h)
{
    Heap *heap = h->heap;
    Mutator *m = h->mutator;
    if (atomic_get_relaxed(&heap->hold) || atomic_get_relaxed(&heap->world.stopper) == m) return;
    if (!safepoint_stop_world(m)) return;
    collect_stopped(heap, NULL);
    safepoint_start_world(m);
    heap_return_chunks(heap);
}

void collect_verify(LocalHeap *h, HeapVerdict *verdict)
{
    Heap *heap = h->heap;
    Mutator *m = h->mutator;
    ASSERT(!atomic_get_relaxed(&heap->hold), "collections are allowed");
    safepoint_insist(m);
    collect_stopped(heap, verdict);
    safepoint_start_world(m);
    heap_return_chunks(heap);
}
