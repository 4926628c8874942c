/* SPDX-License-Identifier: MIT */
#include "gc/collect.h"

#include "gc/account.h"
#include "gc/heapcheck.h"
#include "gc/mark.h"
#include "gc/pacer.h"
#include "gc/private.h"
#include "gc/run.h"
#include "gc/shade.h"
#include "gc/sweep.h"
#include "vm/base/clock.h"
#include "vm/base/mem.h"

enum {
    COLLECT_LEAST_BYTES = 12 << 20,      // in use, and roots, for which a cycle makes several stops
    COLLECT_MOST_LOOKS = 3,              // in vain, at what changed, before one that takes as long as it takes
};

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

/* Who runs is visited twice, but `owned` bytes are added up once. But for those that waited all the time since this
 * cycle, if it is given, marked their roots: what they allocated and logged before, the cycle scanned after that. */
static void collect_each_local(Heap *heap, uint32_t but_cycle, void (*visit)(void *owned, LocalHeap *h),
                               uint64_t *owned)
{
    const GcHost *host = heap->host;
    for (Mutator *m = heap->world.mutators; m; m = m->next)
        if (m->local) visit(host->each_local ? NULL : owned, m->local);
    if (host->each_local) host->each_local(host->context, but_cycle, visit, owned);
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

/* ---- the stops of a cycle ---------------------------------------------------------------------------------------- */

static bool collect_is_worth_stops(const Heap *heap)
{
    const HeapPacing *pacing = &heap->options.pacing;
    uint64_t used = heap->stats.live_bytes + (uint64_t)heap->since_bytes;
    if (heap->options.stop_cells) return true;
    if (pacing->stop_ms == HEAP_STOP_OFF || used + mark_root_bytes(heap) < COLLECT_LEAST_BYTES) return false;
    return !pacing->limit_bytes || used + heap->trigger_bytes / 2 < pacing->limit_bytes;
}

/* The first one. False: it is not the last. */
static bool collect_begin(Heap *heap, const PacerSpan *stop, bool at_once)
{
    Cycle *cycle = &heap->cycle;
    const GcHost *host = heap->host;
    *cycle = (Cycle){ .began_bytes = heap->since_bytes, .most_bytes = heap->trigger_bytes / 2,
                      .deadline_ns = stop->end_ns, .told.start_ns = stop->start_ns };
    cycle->told.before_bytes = heap->stats.live_bytes + (uint64_t)heap->since_bytes;
    collect_each_local(heap, 0, collect_retire, &cycle->told.owned_before_bytes);
    host->prepare(host->context);
    cycle->may_be_cut = !at_once && collect_is_worth_stops(heap);
    cycle->number = cycle->may_be_cut ? (uint32_t)heap->stats.collections + 1 : 0;
    cycle->makes_old = heap->has_private || cycle->may_be_cut;
    return mark_begin(heap);
}

/* What the goroutine of `h` stored to since it was scanned. */
static void collect_logged(void *owned, LocalHeap *h)
{
    (void)owned;
    run_retire(h);
    if (h->own) private_hand_over_log(h);
}

/* Another one. When all that was found is marked, and all roots once, the log is scanned, and the roots are looked at
 * again. The cycle ends if that is done without the program going on in between, so it begins only where there is
 * time. */
static bool collect_go_on(Heap *heap, const PacerSpan *stop, bool at_once)
{
    Cycle *cycle = &heap->cycle;
    const GcHost *host = heap->host;
    if (at_once || cycle->looks == COLLECT_MOST_LOOKS) cycle->may_be_cut = false;
    cycle->deadline_ns = stop->end_ns;
    shade_gather(heap);
    if (!mark_go_on(heap) || !mark_more_roots(heap)) return false;
    bool is_late = clock_monotonic_ns() - stop->start_ns > (stop->end_ns - stop->start_ns) / 2;
    if (cycle->may_be_cut && (mark_gang_is_cut(heap->gang) || is_late)) return false;
    cycle->looks++;
    collect_each_local(heap, cycle->number, collect_logged, NULL);
    if (heap->gang->logged.count && !mark_go_on(heap)) return false;
    if (host->keep_shape_marks) host->keep_shape_marks(host->context);
    return mark_again(heap);
}

/* All is marked. */
static void collect_end(Heap *heap, const PacerSpan *stop, HeapVerdict *verdict)
{
    Cycle *cycle = &heap->cycle;
    mark_end(heap);
    heap->front.is_marking = false;
    heap->host->finish(heap->host->context, &heap->marker);
    collect_finalize_dead(heap);
    collect_free_retired(heap);
    run_begin_cycle(heap);
    collect_each_local(heap, 0, collect_settle, &cycle->told.owned_after_bytes);
    heap->stats.live_bytes = sweep_run(heap);
    if (verdict) heapcheck_look(heap, verdict);
    else if (heap->options.verify) heapcheck_run(heap, "after a collection");
    PacerSpan all = { .end_ns = clock_monotonic_ns(), .end_cpu_ns = clock_process_cpu_ns() };
    all.start_ns = stop->start_ns - (int64_t)cycle->told.paused_ns;      // as if it had been one stop
    all.start_cpu_ns = stop->start_cpu_ns - (int64_t)cycle->stopped_cpu_ns;
    pacer_after_cycle(heap, &all);
    sweep_give_surplus(heap);
    const GcHost *host = heap->host;
    if (heap->over_limit && host->interrupt_mutators) host->interrupt_mutators(host->context);     // heap.h I1
}

/* Apart from collect_stop, whose frame is scanned. */
static NOINLINE void collect_stopped(Heap *heap, bool at_once, HeapVerdict *verdict)
{
    Cycle *cycle = &heap->cycle;
    PacerSpan stop = { .start_ns = clock_monotonic_ns(), .start_cpu_ns = clock_process_cpu_ns() };
    stop.end_ns = stop.start_ns + (int64_t)heap->options.pacing.stop_ms * 1000000;
    bool is_last = heap->front.is_marking ? collect_go_on(heap, &stop, at_once) : collect_begin(heap, &stop, at_once);
    if (is_last) collect_end(heap, &stop, verdict);
    else mark_gang_disperse(heap->gang);
    uint64_t cpu_ns = (uint64_t)(clock_process_cpu_ns() - stop.start_cpu_ns);
    cycle->stopped_cpu_ns += cpu_ns;
    atomic_add_relaxed(&heap->stats.collector_cpu_ns, cpu_ns);
    account_stop(heap, (uint64_t)(clock_monotonic_ns() - stop.start_ns));
    heap->front.is_marking = !is_last;
    if (is_last) account_cycle(heap);
    else pacer_after_stop(heap);
}

static bool collect_stop(LocalHeap *h, bool at_once)
{
    Heap *heap = h->heap;
    if (!safepoint_stop_world(h->mutator)) return false;
    collect_stopped(heap, at_once, NULL);
    safepoint_start_world(h->mutator);
    heap_return_chunks(heap);
    return true;
}

static bool collect_is_held(const LocalHeap *h)
{
    const Heap *heap = h->heap;
    return atomic_get_relaxed(&heap->hold) || atomic_get_relaxed(&heap->world.stopper) == h->mutator;
}

void collect_step(LocalHeap *h)
{
    const Heap *heap = h->heap;
    const Cycle *cycle = &heap->cycle;
    int64_t since = atomic_get_relaxed(&heap->since_bytes);
    if (collect_is_held(h)) return;
    (void)collect_stop(h, heap_is_marking(heap) && since - cycle->began_bytes > (int64_t)cycle->most_bytes);
}

/* What dies while a cycle goes on may be found by the next one only. */
void collect_run(LocalHeap *h)
{
    const HeapStats *stats = &h->heap->stats;
    if (collect_is_held(h)) return;
    uint64_t wanted = stats->collections + 1 + heap_is_marking(h->heap);
    while (stats->collections < wanted) (void)collect_stop(h, true);
}

void collect_verify(LocalHeap *h, HeapVerdict *verdict)
{
    Heap *heap = h->heap;
    Mutator *m = h->mutator;
    ASSERT(!atomic_get_relaxed(&heap->hold), "collections are allowed");
    safepoint_insist(m);
    collect_stopped(heap, true, verdict);
    safepoint_start_world(m);
    heap_return_chunks(heap);
}
