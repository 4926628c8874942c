/* SPDX-License-Identifier: MIT */
/* The phases of marking. */
#include "gc/mark.h"

#include <string.h>

#include "gc/ephemeron.h"
#include "gc/heap_int.h"
#include "gc/large.h"
#include "gc/mark_int.h"
#include "gc/shadow.h"
#include "vm/base/clock.h"

enum {
    RUN_CHUNKS = 8,                      // whose marks one part settles
    RUN_AGAIN_CELLS = 256,               // that one part scans again
    RUN_BYTES_PER_MARKER = 2 << 20,      // to be marked, for which another marker is worth waking; of roots,
    RUN_BYTES_PER_PART = 128 << 10,      // what a part is worth; above
    RUN_MANY_PARTS = 16,                 // they are marked at several stops
};

/* ---- the marks of all blocks ------------------------------------------------------------------------------------- */

/* Work on the parts that are left: `visit` for the metadata of each block. */
static void mark_each_block(Marker *m, void (*visit)(Marker *m, BlockMeta *meta, BlockInfo *info))
{
    Heap *heap = m->heap;
    uint32_t part;
    while ((part = mark_gang_take_part(m->gang)) != UINT32_MAX) {
        uint32_t end = (part + 1) * RUN_CHUNKS;
        if (end > heap->chunk_count) end = heap->chunk_count;
        for (uint32_t chunk = part * RUN_CHUNKS; chunk < end; chunk++) {
            if (heap->chunk_kind[chunk] != CHUNK_SMALL) continue;
            BlockMeta *meta = (BlockMeta *)heap_chunk_address(heap, chunk);
            BlockInfo *info = ((ChunkHeader *)meta)->info;
            for (uint32_t i = FIRST_BLOCK; i < BLOCKS_PER_CHUNK; i++) visit(m, &meta[i], &info[i]);
        }
    }
}

static void mark_run_blocks(Heap *heap, void (*work)(Marker *m))
{
    heap->gang->part_count = (heap->chunk_count + RUN_CHUNKS - 1) / RUN_CHUNKS;
    mark_gang_run(heap->gang, work);
}

static void mark_take_back_cell(Marker *m, const Cell *c)
{
    m->counts.cells--;
    m->counts.bytes -= heap_cell_size(m->heap, c);
}

/* Cells that both markers found were counted by both. */
static NOINLINE void mark_take_back(Marker *m, const BlockMeta *meta, uint32_t word)
{
    char *start = block_start_of_meta(meta);
    for (uint64_t bits = meta->found[0][word] & meta->found[1][word]; bits; bits &= bits - 1) {
        size_t granule = word * 64 + (size_t)__builtin_ctzll(bits);
        mark_take_back_cell(m, (const Cell *)(start + granule * CELL_GRANULE_BYTES));
    }
}

/* What was found takes the place of what was known. */
static void mark_settle_block(Marker *m, BlockMeta *meta, BlockInfo *info)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint32_t live = 0;
    for (uint32_t word = 0; word < COUNT_OF(meta->mark); word++) {
        if (UNLIKELY(meta->found[0][word] & meta->found[1][word])) mark_take_back(m, meta, word);
        meta->mark[word] = meta->found[0][word] | meta->found[1][word];
        meta->found[0][word] = meta->found[1][word] = 0;
    }
    for (uint32_t line = 0; line < LINES_PER_BLOCK; line += 8) {
        uint64_t lines;
        memcpy(&lines, meta->line + line, sizeof lines);
        lines = lines >> 7 & ones;
        STATIC_ASSERT(LINE_FOUND == 1 << 7 && LINE_FREE == 0 && LINE_LIVE == 1, "one shift makes the one of the other");
        memcpy(meta->line + line, &lines, sizeof lines);
        live += (uint32_t)(lines * ones >> 56);              // the sum of eight bytes
    }
    info->free_lines = (uint16_t)(LINES_PER_BLOCK - live);
}

static void mark_settle(Marker *m)
{
    mark_each_block(m, mark_settle_block);
}

/* ---- what is reachable ------------------------------------------------------------------------------------------- */

/* Begin with the parts of the work that are left, and scan what is found; who finds none left may already scan. */
static void mark_from(Marker *m, void (*begin)(Marker *m, uint32_t part))
{
    uint32_t part;
    if (m->id && !mark_queue_join(m->gang)) return;
    int64_t start_ns = clock_thread_cpu_ns();
    while ((part = mark_gang_take_part(m->gang)) != UINT32_MAX) begin(m, part);
    mark_drain(m);
    m->counts.busy_ns += (uint64_t)(clock_thread_cpu_ns() - start_ns);
}

uint32_t mark_cycle(const Marker *m)
{
    return m->visit ? 0 : m->heap->cycle.number;
}

static void mark_begin_roots(Marker *m, uint32_t part)
{
    m->heap->host->mark_roots(m->heap->host->context, m, part);
}

static void mark_begin_more_roots(Marker *m, uint32_t part)
{
    mark_begin_roots(m, m->heap->cycle.roots_done + part);
    mark_look_at_clock(m, 1);
}

static void mark_all_more_roots(Marker *m)
{
    mark_from(m, mark_begin_more_roots);
}

/* What the C stacks lead to. A part comes after all else that is reachable if there may be another stop: scanned before
 * its object, which leaves no trace of stores until it is scanned, it might be given what is not found. */
static void mark_pinned(Marker *m, bool is_after)
{
    const Heap *heap = m->heap;
    for (uint32_t i = 0; i < m->pinned.count; i++) {
        Cell *c = m->pinned.items[i];
        bool is_part = heap->cycle.may_be_cut && heap->host->kinds[c->kind].flags & KIND_IS_PART;
        if (is_part == is_after) mark_cell(m, c);
    }
}

static void mark_all(Marker *m)
{
    if (m->id == 0) mark_pinned(m, false);
    mark_from(m, mark_begin_roots);
}

/* ---- what was scanned too early ---------------------------------------------------------------------------------- */

static uint32_t mark_again_parts(uint32_t cells)
{
    return (cells + RUN_AGAIN_CELLS - 1) / RUN_AGAIN_CELLS;
}

static void mark_begin_late(Marker *m, uint32_t part)
{
    const MarkGang *gang = m->gang;
    uint32_t i = part * RUN_AGAIN_CELLS, end = i + RUN_AGAIN_CELLS;
    if (end > gang->late.count) end = gang->late.count;
    for (; i < end; i++) mark_rescan_last(m, gang->late.items[i]);
}

static void mark_all_late(Marker *m)
{
    if (m->id == 0) mark_pinned(m, true);
    mark_from(m, mark_begin_late);
}

/* When the time is up the other parts are left for the next stop. */
static void mark_begin_logged(Marker *m, uint32_t part)
{
    const MarkGang *gang = m->gang;
    uint32_t i = part * RUN_AGAIN_CELLS, end = i + RUN_AGAIN_CELLS;
    if (end > gang->logged.count) end = gang->logged.count;
    for (; i < end; i++) mark_rescan_logged(m, gang->logged.items[i]);
    mark_look_at_clock(m, RUN_AGAIN_CELLS);
}

/* What was shaded has its mark, and is queued. */
static void mark_all_logged(Marker *m)
{
    MarkGang *gang = m->gang;
    while (m->id == 0 && gang->shaded.count) mark_queue_push(m, VEC_POP(&gang->shaded));
    mark_from(m, mark_begin_logged);
}

/* Parts were taken from the first on. */
static void mark_forget_logged(MarkGang *gang)
{
    uint32_t done = (gang->part < gang->part_count ? gang->part : gang->part_count) * RUN_AGAIN_CELLS;
    uint32_t left = gang->logged.count > done ? gang->logged.count - done : 0;
    if (left) memmove(gang->logged.items, gang->logged.items + done, left * sizeof *gang->logged.items);
    gang->logged.count = left;
}

/* ---- weak tables ------------------------------------------------------------------------------------------------- */

static void mark_begin_table(Marker *m, uint32_t part)
{
    Cell *c = m->gang->tables.items[part];
    const GcKind *kind = &m->heap->host->kinds[c->kind];
    if (kind->trace_weak) kind->trace_weak(m, c);
}

static void mark_trace_tables(Marker *m)
{
    m->asks = true;
    mark_from(m, mark_begin_table);
}

static void mark_clear_tables(Marker *m)
{
    const GcKind *kinds = m->heap->host->kinds;
    uint32_t part;
    while ((part = mark_gang_take_part(m->gang)) != UINT32_MAX) {
        Cell *c = m->gang->tables.items[part];
        kinds[c->kind].clear_weak(m, c);
    }
}

/* Both of two markers found `c`, and noted it: the first of the two times it is not counted. */
static bool mark_is_noted_twice(Marker *m, const Cell *c)
{
    uint64_t bit, *word = block_mark_word(c, &bit);
    BlockMeta *meta = block_meta_of(c);
    if (!heap_is_small(m->heap, c)) return false;
    size_t i = (size_t)(word - meta->mark);
    if (!(meta->found[0][i] & meta->found[1][i] & bit)) return false;
    meta->found[1][i] &= ~bit;
    mark_take_back_cell(m, c);
    return true;
}

static void mark_gather_tables(MarkGang *gang)
{
    for (uint32_t id = 0; id < gang->active; id++) {
        Marker *m = gang->markers[id];
        for (uint32_t i = 0; i < m->weak.count; i++)
            if (!mark_is_noted_twice(m, m->weak.items[i])) VEC_PUSH(&gang->tables, m->weak.items[i]);
        m->weak.count = 0;
    }
}

static void mark_run_tables(MarkGang *gang, void (*work)(Marker *m))
{
    gang->part_count = gang->tables.count;
    mark_gang_run(gang, work);
}

/* Tables that are found while others are traced are traced at once (mark.c). */
static void mark_weak(Heap *heap)
{
    MarkGang *gang = heap->gang;
    gang->tables.count = 0;
    mark_gather_tables(gang);
    if (gang->tables.count) {
        mark_run_tables(gang, mark_trace_tables);
        ephemeron_clear(heap);
        mark_gather_tables(gang);
    }
    mark_run_blocks(heap, mark_settle);
    heap->told_by[0] = heap->told_by[1] = 0;
    if (heap->options.shadow) shadow_check(heap);
    if (gang->tables.count) mark_run_tables(gang, mark_clear_tables);
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */

static uint32_t mark_root_parts(const Heap *heap)
{
    const GcHost *host = heap->host;
    return host->root_parts ? host->root_parts(host->context) : 1;
}

uint64_t mark_root_bytes(const Heap *heap)
{
    return mark_root_parts(heap) * (uint64_t)RUN_BYTES_PER_PART;
}

uint64_t mark_root_bytes_done(const Heap *heap)
{
    return heap->cycle.roots_done * (uint64_t)RUN_BYTES_PER_PART;
}

/* How many markers a cycle is worth: what was allocated since the last one, and lived then, tells how much there is. */
static uint32_t mark_worth(const Heap *heap)
{
    uint64_t bytes = heap->stats.live_bytes + (uint64_t)atomic_get_relaxed(&heap->since_bytes);
    if (heap->options.markers_always) return heap->gang->size;
    bytes += mark_root_bytes(heap);
    uint64_t worth = bytes / RUN_BYTES_PER_MARKER;
    return worth < 1 ? 1 : worth < heap->gang->size ? (uint32_t)worth : heap->gang->size;
}

static void mark_note_counts(Heap *heap)
{
    HeapStats *stats = &heap->stats;
    const MarkGang *gang = heap->gang;
    stats->last_mark_ns = heap->cycle.mark_ns;
    stats->total_mark_ns += stats->last_mark_ns;
    stats->last_markers = gang->active;
    stats->last_mark_chunks = gang->most_chunks;
    if (gang->most_chunks > stats->most_mark_chunks) stats->most_mark_chunks = gang->most_chunks;
    stats->marked_cells = stats->marked_bytes = 0;
    for (uint32_t id = 0; id < gang->active; id++) {
        const MarkCounts *counts = &gang->markers[id]->counts;
        stats->marked_cells += counts->cells;
        stats->marked_bytes += counts->bytes;
        stats->steals += counts->steals;
        stats->failed_steals += counts->failed_steals;
        stats->hand_overs += counts->hand_overs;
    }
}

static void mark_finish_parts(Marker *m)
{
    const GcHost *host = m->heap->host;
    uint32_t part;
    while ((part = mark_gang_take_part(m->gang)) != UINT32_MAX) host->finish_part(host->context, m, part);
}

static void mark_finish(Heap *heap)
{
    const GcHost *host = heap->host;
    if (!host->finish_parts) return;
    heap->gang->part_count = host->finish_parts(host->context);
    mark_gang_run(heap->gang, mark_finish_parts);
}

static void mark_note_time(Heap *heap, int64_t start_ns)
{
    heap->cycle.mark_ns += (uint64_t)(clock_monotonic_ns() - start_ns);
}

static void mark_run_roots(Heap *heap)
{
    const GcHost *host = heap->host;
    MarkGang *gang = heap->gang;
    gang->markers[0]->pinned.count = 0;
    host->scan_native_stacks(host->context, gang->markers[0]);
    gang->part_count = mark_root_parts(heap);
    gang->all_parts = true;
    mark_gang_run(gang, mark_all);
    heap->cycle.roots_done = gang->part_count;
}

/* At the roots, and at what is left for the last stop if this may be it. False: something is left. */
static bool mark_look(Heap *heap)
{
    MarkGang *gang = heap->gang;
    mark_run_roots(heap);
    if (gang->left) return false;
    mark_gang_collect_late(gang);
    gang->part_count = mark_again_parts(gang->late.count);
    gang->all_parts = true;
    if (gang->part_count || heap->cycle.may_be_cut) mark_gang_run(gang, mark_all_late);
    return !gang->left;
}

/* Parts were taken from the first on. The C stacks are looked at with all roots, at the last stop. */
bool mark_more_roots(Heap *heap)
{
    MarkGang *gang = heap->gang;
    Cycle *cycle = &heap->cycle;
    uint32_t parts = mark_root_parts(heap);
    bool is_apart = cycle->number && (parts > RUN_MANY_PARTS || heap->options.stop_cells);
    if (!is_apart || cycle->roots_done >= parts) return true;
    int64_t start_ns = clock_monotonic_ns();
    gang->part_count = parts - cycle->roots_done;
    gang->all_parts = false;
    mark_gang_run(gang, mark_all_more_roots);
    cycle->roots_done += gang->part < gang->part_count ? gang->part : gang->part_count;
    mark_note_time(heap, start_ns);
    return !gang->left && cycle->roots_done == parts;
}

bool mark_again(Heap *heap)
{
    int64_t start_ns = clock_monotonic_ns();
    bool is_last = mark_look(heap);
    mark_note_time(heap, start_ns);
    return is_last;
}

bool mark_begin(Heap *heap)
{
    MarkGang *gang = heap->gang;
    int64_t start_ns = clock_monotonic_ns();
    mark_gang_begin(gang, mark_worth(heap));
    mark_gang_gather(gang);
    large_clear_marks(heap);
    heap->told_by[0] = PLANE_FIRST;
    heap->told_by[1] = PLANE_SECOND;
    mark_note_time(heap, start_ns);
    return mark_more_roots(heap) && mark_again(heap);
}

bool mark_go_on(Heap *heap)
{
    MarkGang *gang = heap->gang;
    int64_t start_ns = clock_monotonic_ns();
    mark_gang_gather(gang);
    gang->part_count = mark_again_parts(gang->logged.count);
    gang->all_parts = false;
    if (gang->left || gang->part_count || gang->shaded.count) {
        mark_gang_run(gang, mark_all_logged);
        mark_forget_logged(gang);
    }
    mark_note_time(heap, start_ns);
    return !gang->left && !gang->logged.count;
}

void mark_end(Heap *heap)
{
    int64_t start_ns = clock_monotonic_ns();
    atomic_set_relaxed(&heap->gang->cut, CUT_NEVER);
    mark_weak(heap);
    mark_finish(heap);
    mark_gang_end(heap->gang);
    mark_note_time(heap, start_ns);
    mark_note_counts(heap);
}
