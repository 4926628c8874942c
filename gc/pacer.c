/* SPDX-License-Identifier: MIT */
#include "gc/pacer.h"

#include "gc/mark.h"

enum {
    PACER_MOST_TIMES = 6,                    // a cycle is put off to so many times what growth and floor say, at most,
    PACER_MOST_MORE = 320 << 20,             // and by no more than this
    PACER_LEAST_STEP = 128 << 10,            // to be handed out between two stops of a cycle
    PACER_MOST_KEPT = 50,                    // percent; more survivors than these let it be put off no further
};

static uint64_t pacer_live(const Heap *heap)
{
    return heap->stats.live_bytes + atomic_get_relaxed(&heap->stats.external_bytes);
}

/* Each thread that allocates has the floor to itself: what lives grows with their number, and so would the share of the
 * time that goes into marking it. */
static uint64_t pacer_least(const Heap *heap, uint64_t live_bytes)
{
    const HeapPacing *pacing = &heap->options.pacing;
    uint64_t percent = pacing->growth_percent, floor = (uint64_t)pacing->floor_bytes * heap->allocators;
    uint64_t grown = percent == HEAP_GROWTH_OFF ? UINT64_MAX / 8 : live_bytes * percent / 100;
    return grown > floor ? grown : floor;
}

/* What is put up with is garbage: what survives is there whether there is a cycle or not. So where much of it does, as
 * while a program builds what it will work with, a cycle is put off the further, and fewer of them find nothing. */
static uint64_t pacer_goal(const Heap *heap, uint64_t live_bytes)
{
    uint64_t least = pacer_least(heap, live_bytes), goal = heap->shared_out_bytes;
    uint64_t more = least * (PACER_MOST_TIMES - 1) * 100 / (100 - heap->kept_percent);
    uint64_t most = least + (more < PACER_MOST_MORE ? more : PACER_MOST_MORE);
    return goal < least ? least : goal < most ? goal : most;
}

void pacer_set_trigger(Heap *heap)
{
    uint64_t live = pacer_live(heap);
    uint64_t goal = pacer_goal(heap, live), limit = heap->options.pacing.limit_bytes;
    atomic_set_relaxed(&heap->over_limit, limit && live > limit);
    if (limit && live + goal > limit) goal = live < limit ? limit - live : 0;
    uint64_t least = heap->options.pacing.floor_bytes / 16;         // near the limit: not a collection per block
    if (least < heap->least_bytes) least = heap->least_bytes;
    heap->trigger_bytes = goal > least ? goal : least;
    heap->since_bytes = 0;
}

/* A cycle takes as much more than the last one as lives more. */
static double pacer_growth(const Heap *heap)
{
    return heap->cycle_live_bytes ? (double)pacer_live(heap) / (double)heap->cycle_live_bytes : 1;
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
    double before = heap->shared_out_bytes ? (double)heap->shared_out_bytes * pacer_growth(heap) : wanted;
    heap->shared_out_bytes = (uint64_t)((before + wanted) / 2);
}

/* How much of what was allocated survives, or takes the place of what does not. */
static void pacer_note_kept(Heap *heap)
{
    uint64_t live = pacer_live(heap), before = heap->cycle_live_bytes;
    uint64_t grown = live > before ? live - before : 0, since = heap->since_bytes > 0 ? (uint64_t)heap->since_bytes : 0;
    uint64_t percent = since ? grown * 100 / since : 0;
    heap->kept_percent = (uint32_t)(percent < PACER_MOST_KEPT ? percent : PACER_MOST_KEPT);
    heap->cycle_live_bytes = live;
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

/* So that the cycle ends when half as much was handed out as may be before one that begins: each stop is taken to mark
 * as much as those before did, and two more to be needed for what changes meanwhile. */
void pacer_after_stop(Heap *heap)
{
    const Cycle *cycle = &heap->cycle;
    uint64_t roots = mark_root_bytes(heap), stops = cycle->told.stops, all = cycle->told.before_bytes + roots;
    uint64_t marked = mark_root_bytes_done(heap);
    for (uint32_t id = 0; id < heap->gang->active; id++) marked += heap->gang->markers[id]->counts.bytes;
    uint64_t left = all > marked ? all - marked : 0, each = marked / stops + 1;
    int64_t handed_out = heap->since_bytes - cycle->began_bytes, room = (int64_t)cycle->most_bytes - handed_out;
    int64_t step = room / (int64_t)(left / each + 2);
    heap->trigger_bytes = (uint64_t)(heap->since_bytes + (step > PACER_LEAST_STEP ? step : PACER_LEAST_STEP));
}

void pacer_after_cycle(Heap *heap, const PacerSpan *cycle)
{
    pacer_cap_time(heap, cycle);
    pacer_share_out(heap, cycle);
    pacer_note_kept(heap);
    pacer_count_allocators(heap);
    pacer_set_trigger(heap);
}
