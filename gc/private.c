/* SPDX-License-Identifier: MIT */
#include "gc/private.h"

#include "gc/collect.h"
#include "gc/large.h"
#include "gc/mark.h"
#include "gc/private_mark.h"
#include "gc/publish.h"
#include "gc/run.h"
#include "vm/base/clock.h"
#include "vm/base/mem.h"

enum {
    PRIVATE_LEAST_BUDGET = 1 << 20,
    PRIVATE_FIRST_BUDGET = 4 << 20,
    PRIVATE_LEAST_FULL = 8 << 20,
    PRIVATE_MOST_FULL = 64 << 20,        // more is left to coordinated collections, which several mark
    PRIVATE_MOST_PATIENCE = 16,
    PRIVATE_FAR_TOO_MUCH = 64,
    PRIVATE_MUCH = 256,                  // bytes that are allocated for each reference that is looked at:
    PRIVATE_LITTLE = 1024,               // much is less than 256, little is more than 1024
};

PrivateHeap *private_heap_of(LocalHeap *h)
{
    if (!h->own) {
        h->own = mem_alloc_zeroed(sizeof *h->own);
        h->own->budget_bytes = PRIVATE_FIRST_BUDGET;
        h->own->full_at_bytes = PRIVATE_LEAST_FULL;
        atomic_add_relaxed(&h->heap->owners, 1);
    }
    return h->own;
}

bool private_is_possible(const Heap *heap)
{
    return heap->host->mark_private_roots && !heap->options.share_all;
}

void private_begin(LocalHeap *h)
{
    if (h->heap->has_private || !private_is_possible(h->heap)) return;
    private_heap_of(h)->must_full = true;
    h->heap->has_private = true;
}

void private_note_large(LocalHeap *h, Cell *c)
{
    PrivateHeap *own = private_heap_of(h);
    VEC_PUSH(&own->large, c);
}

void private_forget_log(LocalHeap *h)
{
    atomic_add_relaxed(&h->heap->stats.logged_cells, h->own->log.count);
    h->own->log.count = 0;
}

void private_hand_over_log(LocalHeap *h)
{
    MarkGang *gang = h->heap->gang;
    for (uint32_t i = 0; i < h->own->log.count; i++) VEC_PUSH(&gang->logged, h->own->log.items[i]);
    private_forget_log(h);
}

void private_log(LocalHeap *h, Cell *c)
{
    PrivateHeap *own = private_heap_of(h);
    atomic_set_relaxed(&c->flags, (uint8_t)(c->flags & ~CELL_OLD_CLEAN));
    VEC_PUSH(&own->log, c);
}

/* ---- units ------------------------------------------------------------------------------------------------------- */

typedef struct PrivateCount {
    uint64_t free_before, free_cleared, free_after;          // lines of the units that are looked at
} PrivateCount;

typedef void (*PrivateUnitFn)(LocalHeap *h, RunUnit unit, PrivateCount *count);

static void private_each_of_list(LocalHeap *h, uint32_t list, PrivateUnitFn visit, PrivateCount *count)
{
    for (uint32_t block = list; block; block = heap_block_info(h->heap, block)->next)
        visit(h, run_unit_of_block(heap_block_address(h->heap, block)), count);
}

static void private_each_unit(LocalHeap *h, bool all, PrivateUnitFn visit, PrivateCount *count)
{
    for (uint32_t i = 0; i < h->run_count; i++) visit(h, run_unit(h, i), count);
    private_each_of_list(h, h->own->young, visit, count);
    if (!all) return;
    private_each_of_list(h, h->own->partly, visit, count);
    private_each_of_list(h, h->own->full, visit, count);
}

static void private_clear_young(LocalHeap *h, RunUnit unit, PrivateCount *count)
{
    count->free_before += run_count_free(unit);
    run_forget_fresh(h->heap, unit);
    count->free_cleared += run_count_free(unit);
}

static void private_clear_all(LocalHeap *h, RunUnit unit, PrivateCount *count)
{
    count->free_before += run_count_free(unit);
    (void)run_keep_shared(h->heap, unit);
    count->free_cleared += run_count_free(unit);
}

static void private_finish_unit(LocalHeap *h, RunUnit unit, PrivateCount *count)
{
    run_poison(h->heap, unit);
    count->free_after += run_count_free(unit);
}

static void private_file_list(LocalHeap *h, uint32_t list)
{
    for (uint32_t block = list, next; block; block = next) {
        next = heap_block_info(h->heap, block)->next;
        run_file_block(h, block);
    }
}

static void private_file_blocks(LocalHeap *h, bool all)
{
    PrivateHeap *own = h->own;
    uint32_t young = own->young, partly = own->partly, full = own->full;
    own->young = 0;
    if (all) own->partly = own->full = 0;
    private_file_list(h, young);
    if (!all) return;
    private_file_list(h, partly);
    private_file_list(h, full);
}

/* ---- large cells ------------------------------------------------------------------------------------------------- */

static void private_clear_large(LocalHeap *h)
{
    PrivateHeap *own = h->own;
    for (uint32_t i = 0; i < own->large.count; i++)
        if (!cell_is_shared(own->large.items[i])) large_set_mark(h->heap, own->large.items[i], false);
}

/* `c` survived, and `*kept` did so before. */
static void private_keep_large(LocalHeap *h, uint32_t *kept, Cell *c)
{
    h->own->large.items[(*kept)++] = c;
    h->own->large_bytes += heap_cell_size(h->heap, c);
}

/* Free the dead ones, or all; published ones are nobody's. Returns the bytes that were freed. */
static uint64_t private_sweep_large(LocalHeap *h, bool all)
{
    PrivateHeap *own = h->own;
    uint64_t freed = 0;
    uint32_t kept = 0;
    own->large_bytes = 0;
    for (uint32_t i = 0; i < own->large.count; i++) {
        Cell *c = own->large.items[i];
        if (cell_is_shared(c)) continue;
        if (!all && large_is_marked(h->heap, c)) private_keep_large(h, &kept, c);
        else freed += large_free(h->heap, c);
    }
    own->large.count = kept;
    return freed;
}

/* ---- collecting -------------------------------------------------------------------------------------------------- */

static bool private_wants_full(const LocalHeap *h, PrivateMode mode)
{
    const PrivateHeap *own = h->own;
    if (own->must_full) return true;
    if (mode != PRIVATE_DUE) return mode == PRIVATE_FULL;
    return own->old_bytes >= own->full_at_bytes && own->old_bytes <= PRIVATE_MOST_FULL
        && atomic_get_relaxed(&h->heap->owners) > 1;
}

/* A goroutine's share of what is allocated between two coordinated collections: half of it. */
static uint64_t private_most_budget(const Heap *heap)
{
    uint64_t share = heap->trigger_bytes / 2 / atomic_get_relaxed(&heap->owners);
    return share < PRIVATE_LEAST_BUDGET ? PRIVATE_LEAST_BUDGET : share;
}

static void private_set_old(PrivateHeap *own, uint64_t bytes)
{
    own->old_bytes = bytes;
    own->full_at_bytes = bytes + bytes * 3 / 4;
    if (own->full_at_bytes < PRIVATE_LEAST_FULL) own->full_at_bytes = PRIVATE_LEAST_FULL;
}

/* Where much of what is young survives, or finding out takes too long, coordinated collections are waited for. */
static void private_wait(LocalHeap *h, bool is_futile)
{
    PrivateHeap *own = h->own;
    uint32_t longer = own->patience ? own->patience * 2 : 2;
    own->patience = !is_futile ? 0 : longer < PRIVATE_MOST_PATIENCE ? longer : PRIVATE_MOST_PATIENCE;
    own->wait_until = h->heap->stats.collections + own->patience;
}

/* So that looking costs little beside allocating. */
static void private_pace(LocalHeap *h, bool full, uint64_t visits, uint64_t survived_bytes)
{
    PrivateHeap *own = h->own;
    uint64_t since = own->since_bytes, most = private_most_budget(h->heap);
    if (!full) {
        if (visits > since / PRIVATE_MUCH) own->budget_bytes *= 2;
        if (visits < since / PRIVATE_LITTLE) own->budget_bytes /= 2;
        private_wait(h, survived_bytes > since / 4 || visits > since / PRIVATE_FAR_TOO_MUCH);
    }
    if (own->budget_bytes > most) own->budget_bytes = most;
    if (own->budget_bytes < PRIVATE_LEAST_BUDGET) own->budget_bytes = PRIVATE_LEAST_BUDGET;
    own->since_bytes = 0;
    own->unsorted_bytes = full ? 0 : own->unsorted_bytes + since;
    if (full) private_set_old(own, survived_bytes);
    else own->old_bytes += survived_bytes;
}

uint64_t private_used_bytes(const LocalHeap *h)
{
    const PrivateHeap *own = h->own;
    return own ? own->old_bytes + own->since_bytes + own->large_bytes : 0;
}

static void private_count(Heap *heap, bool full, uint64_t freed_bytes, uint64_t pause_ns)
{
    HeapStats *stats = &heap->stats;
    atomic_add_relaxed(&heap->since_bytes, -(int64_t)freed_bytes);
    atomic_add_relaxed(full ? &stats->private_full : &stats->private_minor, 1);
    atomic_add_relaxed(&stats->private_freed_bytes, freed_bytes);
    atomic_add_relaxed(&stats->private_total_pause_ns, pause_ns);
    if (pause_ns > atomic_get_relaxed(&stats->private_max_pause_ns))
        atomic_set_relaxed(&stats->private_max_pause_ns, pause_ns);
}

static void private_run(LocalHeap *h, bool full)
{
    Collection c = { .kind = full ? COLLECTION_PRIVATE_FULL : COLLECTION_PRIVATE_MINOR, .markers = 1,
                     .start_ns = clock_monotonic_ns(), .before_bytes = private_used_bytes(h) };
    int64_t start_cpu_ns = clock_thread_cpu_ns();
    PrivateCount count = { 0 };
    run_retire(h);
    private_mark_begin(h);
    if (full) private_clear_large(h);
    private_each_unit(h, full, full ? private_clear_all : private_clear_young, &count);
    int64_t mark_ns = clock_monotonic_ns();
    uint64_t visits = private_mark_run(h, full);
    c.mark_ns = (uint64_t)(clock_monotonic_ns() - mark_ns);
    private_each_unit(h, full, private_finish_unit, &count);
    private_file_blocks(h, full);
    uint64_t freed = (count.free_after - count.free_before) * LINE_BYTES + private_sweep_large(h, false);
    private_pace(h, full, visits, (count.free_cleared - count.free_after) * LINE_BYTES);
    c.pause_ns = c.paused_ns = (uint64_t)(clock_monotonic_ns() - c.start_ns);
    c.after_bytes = private_used_bytes(h);
    c.owned_before_bytes = c.before_bytes;
    c.owned_after_bytes = c.after_bytes;
    private_count(h->heap, full, freed, c.pause_ns);
    atomic_add_relaxed(&h->heap->stats.collector_cpu_ns, (uint64_t)(clock_thread_cpu_ns() - start_cpu_ns));
    history_note(h->heap, c);
}

bool private_collect(LocalHeap *h, PrivateMode mode)
{
    Heap *heap = h->heap;
    const GcHost *host = heap->host;
    if (!heap->has_private || atomic_get_relaxed(&heap->hold) || heap_is_marking(heap)) return false;
    if (atomic_get_relaxed(&heap->world.stopper) == h->mutator) return false;
    if (host->may_collect_private && !host->may_collect_private(host->context, h)) return false;
    (void)private_heap_of(h);
    bool full = private_wants_full(h, mode);
    private_run(h, full);
    if (full) h->own->must_full = false;
    return true;
}

/* ---- of parked goroutines ---------------------------------------------------------------------------------------- */

/* All of it, where as much was handed out as half of what has to be looked at. */
static bool private_is_due_all(const PrivateHeap *own)
{
    uint64_t fresh = own->since_bytes + own->unsorted_bytes;
    return fresh >= PRIVATE_LEAST_BUDGET && fresh >= own->old_bytes / 2 && own->old_bytes <= PRIVATE_MOST_FULL;
}

bool private_is_due_parked(const LocalHeap *h)
{
    const PrivateHeap *own = h->own;
    if (!h->heap->has_private) return false;
    if (UNLIKELY(h->heap->options.stress_every)) return own ? own->since_bytes > 0 : h->run_count > 0;
    if (!own || !own->since_bytes) return false;
    if (private_is_due_all(own)) return true;
    return !own->must_full && own->since_bytes >= PRIVATE_LEAST_BUDGET / 2
        && own->since_bytes >= own->budget_bytes / 2;
}

bool private_collect_parked(LocalHeap *h)
{
    if (!private_is_due_parked(h)) return true;
    if (heap_is_marking(h->heap)) {
        collect_step(h);                                     // which frees what this would, in the end
        return true;
    }
    if (!private_collect(h, h->own && private_is_due_all(h->own) ? PRIVATE_FULL : PRIVATE_MINOR)) return false;
    atomic_add_relaxed(&h->heap->stats.private_parked, 1);
    run_give_whole(h);
    return true;
}

/* ---- around coordinated collections ------------------------------------------------------------------------------ */

void private_after_cycle(LocalHeap *h, uint64_t used_bytes)
{
    PrivateHeap *own = h->own;
    if (!own) return;
    Heap *heap = h->heap;
    uint32_t kept = 0, large = 0;
    for (uint32_t i = 0; i < own->kept.count; i++)
        if (private_is_live(heap, own->kept.items[i])) own->kept.items[kept++] = own->kept.items[i];
    own->large_bytes = 0;
    for (uint32_t i = 0; i < own->large.count; i++)
        if (private_is_live(heap, own->large.items[i])) private_keep_large(h, &large, own->large.items[i]);
    own->kept.count = own->kept_old = kept;
    own->large.count = large;
    private_forget_log(h);
    own->since_bytes = own->unsorted_bytes = 0;
    own->must_full = own->must_full && !heap->has_private;
    private_set_old(own, used_bytes);
}

/* ---- the end ----------------------------------------------------------------------------------------------------- */

void private_end(LocalHeap *h)
{
    PrivateHeap *own = h->own;
    if (!own) return;
    for (uint32_t i = 0; i < own->kept.count; i++)
        if (!cell_is_shared(own->kept.items[i])) publish_private(h, own->kept.items[i]);
}

void private_free_large(LocalHeap *h)
{
    if (!h->own) return;
    uint64_t freed = private_sweep_large(h, true);
    atomic_add_relaxed(&h->heap->since_bytes, -(int64_t)freed);
    atomic_add_relaxed(&h->heap->stats.ended_freed_bytes, freed);
}

/* Cells of `h` that were scanned and then stored to, or published, outlive the cycle that goes on. */
static void private_leave_log(LocalHeap *h)
{
    Heap *heap = h->heap;
    if (!heap_is_marking(heap)) return;
    mutex_lock(&heap->blocks_lock);
    private_hand_over_log(h);
    mutex_unlock(&heap->blocks_lock);
}

void private_destroy(LocalHeap *h)
{
    PrivateHeap *own = h->own;
    if (!own) return;
    private_leave_log(h);
    private_forget_log(h);
    h->own = NULL;
    atomic_add_relaxed(&h->heap->owners, (uint32_t)-1);
    VEC_FREE(&own->log);
    VEC_FREE(&own->kept);
    VEC_FREE(&own->large);
    VEC_FREE(&own->stack);
    VEC_FREE(&own->pinned);
    mem_free(own);
}
