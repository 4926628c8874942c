/* SPDX-License-Identifier: MIT */
#include "gc/collect.h"

#include "gc/account.h"
#include "gc/heapcheck.h"
#include "gc/mark.h"
#include "gc/pacer.h"
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

/* Apart from collect_run, whose frame is scanned. */
static NOINLINE void collect_stopped(Heap *heap, HeapVerdict *verdict)
{
    PacerSpan cycle = { .start_ns = clock_monotonic_ns(), .start_cpu_ns = clock_process_cpu_ns() };
    Collection c = { .start_ns = cycle.start_ns };
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
    cycle.end_ns = clock_monotonic_ns();
    cycle.end_cpu_ns = clock_process_cpu_ns();
    atomic_add_relaxed(&heap->stats.collector_cpu_ns, (uint64_t)(cycle.end_cpu_ns - cycle.start_cpu_ns));
    pacer_after_cycle(heap, &cycle);
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
