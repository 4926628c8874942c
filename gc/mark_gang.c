/* SPDX-License-Identifier: MIT */
/* The threads that help to mark. They are threads of their own, not the scheduler's: a program with one goroutine has
 * no other thread that could be woken, and one that sleeps in a system call could not help. Nobody waits for a helper
 * that has not come yet: it joins an open phase, or finds it closed and goes back to sleep. */
#include "gc/mark_int.h"

#include "gc/heap_int.h"
#include "vm/base/clock.h"
#include "vm/base/futex.h"
#include "vm/base/mem.h"

enum {
    GANG_STACK_BYTES = 256 << 10,
    GANG_SPINS = 4000,                   // for the next phase of the same cycle
    GANG_SPARE_CHUNKS = 16,              // each marker keeps between cycles
    GANG_SPARE_CELLS = 4096,             // whose room is kept, likewise
};

static Marker *mark_gang_init_marker(Marker *m, MarkGang *gang, uint32_t id)
{
    m->heap = gang->heap;
    m->gang = gang;
    m->id = id;
    mutex_init(&m->lock, LOCK_MARKING, 0);
    m->outbox = mem_alloc_zeroed(gang->size * sizeof(MarkChunk *));
    m->top = mem_alloc_zeroed(sizeof *m->top);
    m->second = mem_alloc_zeroed(sizeof *m->second);
    return m;
}

MarkGang *mark_gang_create(Heap *heap, uint32_t size)
{
    MarkGang *gang = mem_alloc_zeroed(sizeof *gang);
    gang->heap = heap;
    gang->hand_over = heap->options.hand_over;
    gang->size = size < MARK_MOST_MARKERS ? size : MARK_MOST_MARKERS;
    gang->markers[0] = mark_gang_init_marker(&heap->marker, gang, 0);
    return gang;
}

/* ---- helpers ----------------------------------------------------------------------------------------------------- */

static bool mark_gang_join(MarkGang *gang)
{
    uint32_t state = atomic_get_relaxed(&gang->state);
    while (state & GANG_OPEN)
        if (atomic_cas(&gang->state, &state, state + 1)) return true;        // pairs with mark_gang_run
    return false;
}

static void mark_gang_leave(MarkGang *gang)
{
    if (atomic_add_seq_cst(&gang->state, (uint32_t)-1) == 1) futex_wake(&gang->state, 1);
}

static uint32_t mark_gang_await(MarkGang *gang, uint32_t seen)
{
    uint32_t spins = 0, epoch;
    while ((epoch = atomic_get_acquire(&gang->epoch)) == seen) {     // pairs with mark_gang_run
        if (atomic_get_relaxed(&gang->in_cycle) && spins++ < GANG_SPINS) atomic_pause();
        else futex_wait(&gang->epoch, seen, CLOCK_NEVER);
    }
    return epoch;
}

static void mark_gang_body(void *argument)
{
    Marker *m = argument;
    MarkGang *gang = m->gang;
    uint32_t seen = 0;
    for (;;) {
        seen = mark_gang_await(gang, seen);
        if (atomic_get_acquire(&gang->is_ending)) return;
        if (!mark_gang_join(gang)) continue;
        if (m->id < gang->active) gang->work(m);
        mark_gang_leave(gang);
    }
}

/* Threads that the system refuses are done without. */
static void mark_gang_start(MarkGang *gang, uint32_t wanted)
{
    while (gang->started + 1 < wanted) {
        uint32_t id = gang->started + 1;
        if (!gang->markers[id]) gang->markers[id] = mark_gang_init_marker(mem_alloc_zeroed(sizeof(Marker)), gang, id);
        Marker *m = gang->markers[id];
        if (!thread_create(&gang->threads[id], "us-marker", GANG_STACK_BYTES, mark_gang_body, m)) return;
        gang->started++;
    }
}

void mark_gang_destroy(MarkGang *gang)
{
    atomic_set_seq_cst(&gang->is_ending, true);
    atomic_add_seq_cst(&gang->epoch, 1);
    futex_wake(&gang->epoch, MARK_MOST_MARKERS);
    for (uint32_t id = 1; id <= gang->started; id++) thread_join(&gang->threads[id]);
    for (uint32_t id = 0; id < gang->size; id++) {
        Marker *m = gang->markers[id];
        if (!m) continue;
        mark_queue_forget(m);
        mark_queue_trim(m, 0);
        mem_free(m->outbox);
        mem_free(m->top);
        mem_free(m->second);
        VEC_FREE(&m->pinned);
        VEC_FREE(&m->weak);
        VEC_FREE(&m->late);
        if (id) mem_free(m);
    }
    VEC_FREE(&gang->tables);
    VEC_FREE(&gang->shaded);
    VEC_FREE(&gang->logged);
    VEC_FREE(&gang->late);
    mem_free(gang);
}

/* ---- phases ------------------------------------------------------------------------------------------------------ */

void mark_gang_begin(MarkGang *gang, uint32_t active)
{
    if (active > gang->size) active = gang->size;
    if (active > 1) mark_gang_start(gang, active);
    gang->active = active < gang->started + 1 ? active : gang->started + 1;
    gang->owner_mask = 0;
    while (gang->owner_mask + 1 < gang->active) gang->owner_mask = gang->owner_mask * 2 + 1;
    for (uint32_t id = 0; id < gang->active; id++) {
        Marker *m = gang->markers[id];
        m->way = gang->active == 1 ? MARK_ALONE : gang->active == 2 ? MARK_IN_PLANES : MARK_SHARED;
        m->plane_bytes = id ? PLANE_SECOND : PLANE_FIRST;
        m->weak.count = m->late.count = 0;
        m->asks = false;
        m->counts = (MarkCounts){ 0 };
    }
    gang->late.count = 0;
    gang->chunks = gang->most_chunks = 2 * gang->active;         // Marker.top and second
}

void mark_gang_gather(MarkGang *gang)
{
    atomic_set_relaxed(&gang->cut, gang->heap->cycle.may_be_cut ? CUT_LATER : CUT_NEVER);
    for (uint32_t id = 0; id < gang->active; id++) {
        Marker *m = gang->markers[id];
        m->stop_cells = m->clock_cells = m->counts.cells;
        m->clock_bytes = m->counts.bytes;
    }
    atomic_set_relaxed(&gang->in_cycle, true);
}

void mark_gang_collect_late(MarkGang *gang)
{
    for (uint32_t id = 0; id < gang->active; id++) {
        Marker *m = gang->markers[id];
        for (uint32_t i = 0; i < m->late.count; i++) VEC_PUSH(&gang->late, m->late.items[i]);
        m->late.count = 0;
    }
}

void mark_gang_disperse(MarkGang *gang)
{
    mark_gang_collect_late(gang);
    atomic_set_relaxed(&gang->in_cycle, false);
}

void mark_gang_end(MarkGang *gang)
{
    for (uint32_t id = 0; id < gang->active; id++) mark_queue_trim(gang->markers[id], GANG_SPARE_CHUNKS);
    ASSERT(gang->chunks == 2 * gang->active, "what was queued was taken");
    atomic_set_relaxed(&gang->in_cycle, false);
    if (gang->shaded.capacity > GANG_SPARE_CELLS) VEC_FREE(&gang->shaded);
    if (gang->logged.capacity > GANG_SPARE_CELLS) VEC_FREE(&gang->logged);
}

/* Wait for the helpers that came. */
static void mark_gang_close(MarkGang *gang)
{
    uint32_t inside = atomic_add_seq_cst(&gang->state, -(uint32_t)GANG_OPEN) - GANG_OPEN;
    for (uint32_t spins = 0; inside; inside = atomic_get_acquire(&gang->state)) {
        if (spins++ < GANG_SPINS) atomic_pause();
        else futex_wait(&gang->state, inside, CLOCK_NEVER);
    }
}

void mark_gang_run(MarkGang *gang, void (*work)(Marker *m))
{
    bool is_alone = gang->active == 1;
    gang->work = work;
    atomic_set_relaxed(&gang->part, 0);
    atomic_set_relaxed(&gang->credits, gang->left + 1);
    if (!is_alone) {
        atomic_set_seq_cst(&gang->state, GANG_OPEN);
        atomic_add_seq_cst(&gang->epoch, 1);
        futex_wake(&gang->epoch, MARK_MOST_MARKERS);
    }
    work(gang->markers[0]);
    if (!is_alone) mark_gang_close(gang);
    gang->left = mark_gang_is_cut(gang) ? atomic_get_relaxed(&gang->credits) : 0;
}

uint32_t mark_gang_take_part(MarkGang *gang)
{
    if (atomic_get_relaxed(&gang->part) >= gang->part_count) return UINT32_MAX;
    if (!gang->all_parts && mark_gang_is_cut(gang)) return UINT32_MAX;
    uint32_t part = atomic_add_relaxed(&gang->part, 1);
    return part < gang->part_count ? part : UINT32_MAX;
}
