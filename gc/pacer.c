/* SPDX-License-Identifier: MIT */
#include "gc/pacer.h"

enum {
    PACER_MOST_TIMES = 4,                    // a cycle is put off to so many times what growth and floor say, at most,
    PACER_MOST_MORE = 256 << 20,             // and by no more than this
};

/* Each thread that allocates has the floor to itself: what lives grows with their number, and so would the share of the
 * time that goes into marking it. */
static uint64_t pacer_least(const Heap *heap, uint64_t live_bytes)
{
    const HeapPacing *pacing = &heap->options.pacing;
    uint64_t percent = pacing->growth_percent, floor = (uint64_t)pacing->floor_bytes * heap->allocators;
    uint64_t grown = percent == HEAP_GROWTH_OFF ? UINT64_MAX / 8 : live_bytes * percent / 100;
    return grown > floor ? grown : floor;
}

static uint64_t pacer_goal(const Heap *heap, uint64_t live_bytes)
{
    uint64_t least = pacer_least(heap, live_bytes), most = least * PACER_MOST_TIMES, goal = heap->shared_out_bytes;
    if (most > least + PACER_MOST_MORE) most = least + PACER_MOST_MORE;
    return goal < least ? least : goal < most ? goal : most;
}

void pacer_set_trigger(Heap *heap)
{
    uint64_t live = heap->stats.live_bytes + heap->stats.external_bytes;
    uint64_t goal = pacer_goal(heap, live), limit = heap->options.pacing.limit_bytes;
    atomic_set_relaxed(&heap->over_limit, limit && live > limit);
    if (limit && live + goal > limit) goal = live < limit ? limit - live : 0;
    uint64_t least = heap->options.pacing.floor_bytes / 16;         // near the limit: not a collection per block
    if (least < heap->least_bytes) least = heap->least_bytes;
    heap->trigger_bytes = goal > least ? goal : least;
    heap->since_bytes = 0;
}

/* What would have had to be allocated before this cycle for it to take `share_percent` of all processor time: that is
 * put up with before the next, where it is more than growth and floor say. Half of it, and half of what was so before,
 * as single cycles differ. One that the program asked for tells nothing. */
static void pacer_share_out(Heap *heap, const PacerSpan *cycle)
{
    uint32_t percent = heap->options.pacing.share_percent;
    double ran_ns = (double)(cycle->start_cpu_ns - heap->cycle_end_cpu_ns);
    double took_ns = (double)(cycle->end_cpu_ns - cycle->start_cpu_ns);
    heap->cycle_end_cpu_ns = cycle->end_cpu_ns;
    if (percent >= HEAP_SHARE_OFF) heap->shared_out_bytes = 0;
    if (percent >= HEAP_SHARE_OFF || ran_ns <= 0 || heap->since_bytes < (int64_t)(heap->trigger_bytes / 2)) return;
    double wanted = (double)heap->since_bytes * took_ns / ran_ns * (100 - percent) / percent;
    heap->shared_out_bytes = (uint64_t)(((double)heap->shared_out_bytes + wanted) / 2);
}

/* Near the limit, too, no more than half of the time is the collector's: until the next cycle goes by at least as much
 * as was allocated, between the last two, in the time that this one took. But for an eighth of the limit, that
 * is: beyond, the program is told. */
static void pacer_cap_time(Heap *heap, const PacerSpan *cycle)
{
    uint64_t ran_ns = (uint64_t)(cycle->start_ns - heap->cycle_end_ns);
    uint64_t paused_ns = (uint64_t)(cycle->end_ns - cycle->start_ns);
    double least = ran_ns ? (double)heap->since_bytes * (double)paused_ns / (double)ran_ns : 0;
    double most = (double)(heap->options.pacing.limit_bytes / 8);
    heap->least_bytes = (uint64_t)(least < most ? least : most);
    heap->cycle_end_ns = cycle->end_ns;
}

static void pacer_count_allocators(Heap *heap)
{
    uint32_t count = 0;
    for (Mutator *m = heap->world.mutators; m; m = m->next) {
        count += m->has_allocated;
        m->has_allocated = false;
    }
    heap->allocators = count ? count : 1;
}

void pacer_after_cycle(Heap *heap, const PacerSpan *cycle)
{
    pacer_cap_time(heap, cycle);
    pacer_share_out(heap, cycle);
    pacer_count_allocators(heap);
    pacer_set_trigger(heap);
}
