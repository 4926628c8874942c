/* SPDX-License-Identifier: MIT */
/* One marker's work: from references to marks, and from marked cells to the references in them.
 *
 * Marking sets the cell's bit in the side metadata and queues the cell; its own memory is looked at when it is scanned.
 * Between the two it may pass through a window of cells that are being fetched, which hides the time of a miss in the
 * cache where the graph is scattered, and only costs where cells that refer to each other lie together. So samples of
 * both ways are compared from time to time. */
#include "gc/mark.h"

#include <string.h>

#include "gc/alloc.h"
#include "gc/ephemeron.h"
#include "gc/heap_int.h"
#include "gc/large.h"
#include "vm/base/clock.h"

enum {
    MARK_LOOK_CELLS = 64,                // scanned between two looks at what others do
    MARK_LITTLE_CELLS = 8,
    MARK_SAMPLE_CELLS = 1024,
    MARK_SAMPLES_PERIOD = 64,            // of these, two compare
    MARK_CLOCK_CELLS = 1024,             // or so many bytes of cells, are scanned between two looks at the clock
    MARK_CLOCK_BYTES = 64 << 10,
    MARK_PIECE_ITEMS = 2048,             // of a large cell, that are one piece
    MARK_PIECE_BITS = 48,                // of an address; those above say which piece
    MARK_LARGE_BYTES = 256 << 10,        // larger ones that are in a log are scanned again but once, in the end
};

/* Every line the cell touches will be live. */
static ALWAYS_INLINE void mark_line(uint8_t *line)
{
    uint8_t state = atomic_get_relaxed(line);
    if (!(state & LINE_FOUND)) atomic_set_relaxed(line, (uint8_t)(state | LINE_FOUND));
}

static ALWAYS_INLINE void mark_lines(const Cell *c, size_t size_bytes)
{
    BlockMeta *meta = block_meta_of(c);
    uint32_t line = block_line_of(c), last = block_line_of((const char *)c + size_bytes - 1);
    mark_line(&meta->line[line]);
    while (UNLIKELY(line < last)) mark_line(&meta->line[++line]);
}

/* ---- references -------------------------------------------------------------------------------------------------- */

/* Who has little left keeps it: a list would go back and forth. */
static bool mark_hands_over(const Marker *m, uint32_t owner)
{
    const MarkGang *gang = m->gang;
    if (owner == m->id) return false;
    if (gang->hand_over == HAND_OVER_ALWAYS) return true;
    return m->top->count >= MARK_LITTLE_CELLS && atomic_get_relaxed(&gang->is_hungry[owner]);
}

static ALWAYS_INLINE void mark_queue_cell(Marker *m, Cell *c, MarkWay way)
{
    const MarkGang *gang = m->gang;
    bool may_go = way != MARK_ALONE && gang->hand_over != HAND_OVER_NEVER
        && (gang->hand_over == HAND_OVER_ALWAYS || atomic_get_relaxed(&gang->hungry));
    if (UNLIKELY(may_go)) {
        uint32_t owner = heap_chunk_number(m->heap, c) & gang->owner_mask;
        if (owner >= gang->active) owner -= gang->active;
        if (mark_hands_over(m, owner)) {
            mark_queue_hand_over(m, owner, c);
            return;
        }
    }
    mark_queue_push(m, c);
}

/* True when the bit was clear. `way` is that of `m`, known to the compiler. */
static ALWAYS_INLINE bool mark_set_bit(const Marker *m, const Cell *c, MarkWay way)
{
    uint64_t bit, *word = block_mark_word(c, &bit);
    word = (uint64_t *)((uintptr_t)word | (way == MARK_IN_PLANES ? m->plane_bytes : (uint32_t)PLANE_FIRST));
    if (way == MARK_IN_PLANES) {
        const uint64_t *other = (const uint64_t *)((uintptr_t)word ^ (PLANE_FIRST ^ PLANE_SECOND));
        if (atomic_get_relaxed(other) & bit) return false;
    }
    uint64_t bits = atomic_get_relaxed(word);
    if (bits & bit) return false;
    if (way == MARK_SHARED) return !(atomic_or_relaxed(word, bit) & bit);
    atomic_set_relaxed(word, bits | bit);                    // which nobody else changes
    return true;
}

/* While the program runs markers do not, so what they wrote plainly stands still. */
bool mark_shade(Heap *heap, Cell *c)
{
    Marker *m = &heap->marker;
    if (!heap_is_small(heap, c)) return large_mark(heap, c);
    return !mark_is_marked(m, c) && mark_set_bit(m, c, MARK_SHARED);
}

static ALWAYS_INLINE void mark_found(Marker *m, Cell *c, MarkWay way)
{
    Heap *heap = m->heap;
    ASSERT(heap_contains(heap, (uintptr_t)c), "a reference points into the heap");
    if (LIKELY(heap_is_small(heap, c)) ? mark_set_bit(m, c, way) : large_mark(heap, c))
        mark_queue_cell(m, c, way);
}

static inline void mark_reference(Marker *m, Cell *c)
{
    if (UNLIKELY(m->visit != NULL)) m->visit(m, c);
    else if (m->way == MARK_ALONE) mark_found(m, c, MARK_ALONE);
    else if (m->way == MARK_IN_PLANES) mark_found(m, c, MARK_IN_PLANES);
    else mark_found(m, c, MARK_SHARED);
}

void mark_value(Marker *m, Value v)
{
    if (cell_is_reference(v)) mark_reference(m, (Cell *)(uintptr_t)v);
}

void mark_cell(Marker *m, const void *cell)
{
    if (cell) mark_reference(m, (Cell *)cell);
}

void mark_values(Marker *m, const Value *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (cell_is_reference(values[i])) mark_reference(m, (Cell *)(uintptr_t)values[i]);
}

bool mark_is_marked(Marker *m, const void *cell)
{
    if (!heap_is_small(m->heap, cell)) return large_is_marked(m->heap, cell);
    uint64_t bit;
    uintptr_t word = (uintptr_t)block_mark_word(cell, &bit);
    const uint64_t *first = (const uint64_t *)(word | m->heap->told_by[0]);
    const uint64_t *second = (const uint64_t *)(word | m->heap->told_by[1]);
    return ((atomic_get_relaxed(first) | atomic_get_relaxed(second)) & bit) != 0;
}

void mark_prefetch(const void *cell)
{
    uint64_t bit;
    __builtin_prefetch(block_mark_word(cell, &bit));
}

NO_ASAN void mark_conservatively(Marker *m, const void *low, const void *high)
{
    const uint64_t *word = (const uint64_t *)(((uintptr_t)low + 7) & ~(uintptr_t)7);
    for (; (const void *)(word + 1) <= high; word++) {
        Cell *c = heap_find_cell(m->heap, *word);
        if (c) VEC_PUSH(&m->pinned, c);
    }
}

/* ---- cells ------------------------------------------------------------------------------------------------------- */

static inline void mark_trace_exact(Marker *m, const GcKind *kind, Cell *c, size_t exact_bytes)
{
    if (kind->trace) kind->trace(m, c);
    else mark_values(m, (const Value *)c + 1, exact_bytes / 8 - 1);
}

void mark_trace(Marker *m, Cell *c)
{
    const GcKind *kind = &m->heap->host->kinds[c->kind];
    mark_trace_exact(m, kind, c, kind_size(kind, c));
}

/* ---- large cells ------------------------------------------------------------------------------------------------- */

/* How many items a piece has, as a power of two: pieces are numbered with 16 bits. */
static uint32_t mark_piece_shift(size_t items)
{
    uint32_t shift = __builtin_ctz(MARK_PIECE_ITEMS);
    while (items >> shift >= UINT16_MAX) shift++;
    return shift;
}

static bool mark_is_piece(const Cell *c)
{
    return (uintptr_t)c >> MARK_PIECE_BITS;
}

/* Queue the pieces of `c` instead of tracing it at once: others may take some, or another stop. */
static void mark_split(Marker *m, Cell *c, size_t exact_bytes)
{
    size_t items = exact_bytes / sizeof(Value);
    uint64_t pieces = (items >> mark_piece_shift(items)) + 1;
    for (uint64_t i = pieces; i > 0; i--) mark_queue_push(m, (Cell *)((uintptr_t)c | i << MARK_PIECE_BITS));
}

static NOINLINE void mark_scan_piece(Marker *m, Cell *entry)
{
    Cell *c = (Cell *)((uintptr_t)entry & ((UINT64_C(1) << MARK_PIECE_BITS) - 1));
    const GcKind *kind = &m->heap->host->kinds[c->kind];
    size_t piece = ((uintptr_t)entry >> MARK_PIECE_BITS) - 1;
    uint32_t shift = mark_piece_shift(kind_size(kind, c) / sizeof(Value));
    kind->trace_items(m, c, piece << shift, (piece + 1) << shift);
    m->counts.cells--;                                       // no cell of its own
    m->clock_cells -= MARK_LOOK_CELLS;                       // but as much work as that many
}

static inline void mark_trace_or_split(Marker *m, const GcKind *kind, Cell *c, size_t exact_bytes)
{
    if (kind->trace_items && exact_bytes > 2 * MARK_PIECE_ITEMS * sizeof(Value)) mark_split(m, c, exact_bytes);
    else mark_trace_exact(m, kind, c, exact_bytes);
}

/* ---- scanning ---------------------------------------------------------------------------------------------------- */

/* Two markers that met `c` at the same time both note it (mark_gather_tables). */
static void mark_note_weak(Marker *m, const GcKind *kind, Cell *c)
{
    VEC_PUSH(&m->weak, c);
    if (m->asks && kind->trace_weak) kind->trace_weak(m, c);
}

/* A store to an old cell of a goroutine puts it in the log, if that has been said. */
static ALWAYS_INLINE void mark_make_old(const Marker *m, Cell *c)
{
    uint8_t flags = atomic_get_relaxed(&c->flags);
    if (!(flags & (CELL_SHARED | CELL_OLD_CLEAN)) && m->heap->cycle.makes_old)
        atomic_set_relaxed(&c->flags, (uint8_t)(flags | CELL_OLD_CLEAN));
}

/* What is stored in a part is not told apart from what is stored in the whole. */
static void mark_rescan(Marker *m, Cell *c)
{
    const GcHost *host = m->heap->host;
    const GcKind *kind = &host->kinds[c->kind];
    if (!mark_is_marked(m, c)) return;
    if (c->shape) host->mark_shape(host->context, m, c->shape);
    if (kind->parts) kind->parts(m, c, mark_rescan);
    mark_trace_or_split(m, kind, c, kind_size(kind, c));
}

static void mark_look_for_large(Marker *m, Cell *c)
{
    const GcKind *kind = &m->heap->host->kinds[c->kind];
    if (kind_size(kind, c) > MARK_LARGE_BYTES) m->saw_large = true;
    else if (kind->parts) kind->parts(m, c, mark_look_for_large);
}

bool mark_is_large(Heap *heap, Cell *c)
{
    Marker m;                                                // of which little is looked at
    m.heap = heap;
    m.saw_large = false;
    mark_look_for_large(&m, c);
    return m.saw_large;
}

void mark_rescan_last(Marker *m, Cell *c)
{
    if (!mark_is_marked(m, c)) return;
    mark_make_old(m, c);
    mark_rescan(m, c);
}

void mark_rescan_logged(Marker *m, Cell *c)
{
    if (!mark_is_marked(m, c)) return;
    if (atomic_get_relaxed(&m->gang->cut) != CUT_NEVER && mark_is_large(m->heap, c)) VEC_PUSH(&m->late, c);
    else mark_rescan_last(m, c);
}

/* A kind of which something is to be said that most have not. */
static NOINLINE void mark_scan_special(Marker *m, Cell *c)
{
    const GcKind *kind = &m->heap->host->kinds[c->kind];
    size_t exact = kind_size(kind, c), size = ALLOC_ROUND(exact);
    m->counts.bytes += size;
    if (size <= SMALL_LIMIT_BYTES) mark_lines(c, size);
    if (kind->flags & KIND_IS_WEAK) mark_note_weak(m, kind, c);
    if (kind->flags & KIND_IS_LEAF) return;
    mark_make_old(m, c);
    mark_trace_or_split(m, kind, c, exact);
}

static ALWAYS_INLINE void mark_scan(Marker *m, Cell *c, MarkWay way)
{
    const GcHost *host = m->heap->host;
    if (UNLIKELY(mark_is_piece(c))) {
        mark_scan_piece(m, c);
        return;
    }
    uint64_t header = atomic_get_relaxed(&c->word);          // of which another marker may change the flags
    uint32_t shape = (uint32_t)header;
    uint32_t plain = m->heap->plain_bytes[header >> 32 & 0xff];
    if (shape && UNLIKELY(!atomic_get_relaxed(&host->shape_marks[shape]))) host->mark_shape(host->context, m, shape);
    if (UNLIKELY(m->asks)) ephemeron_found(m, c);
    if (UNLIKELY(!plain)) {
        mark_scan_special(m, c);
        return;
    }
    mark_make_old(m, c);
    size_t exact = plain + (header >> 56) * 8;
    m->counts.bytes += ALLOC_ROUND(exact);
    mark_lines(c, exact);
    const Value *end = (const Value *)((const char *)c + exact);
    for (const Value *slot = (const Value *)c + 1; slot < end; slot++)
        if (cell_is_reference(*slot)) mark_found(m, (Cell *)(uintptr_t)*slot, way);
}

void mark_plan(Heap *heap)
{
    const GcHost *host = heap->host;
    for (uint32_t i = 0; i < host->kind_count; i++) {
        const GcKind *kind = &host->kinds[i];
        bool is_plain = !kind->size && !kind->trace && !(kind->flags & (KIND_IS_LEAF | KIND_IS_WEAK));
        heap->plain_bytes[i] = is_plain ? (uint16_t)kind->base_bytes : 0;
    }
}

/* ---- draining ---------------------------------------------------------------------------------------------------- */

static inline Cell *mark_next_windowed(Marker *m)
{
    Cell *c;
    while (m->window_count < MARK_WINDOW_CELLS && (c = mark_queue_pop(m))) {
        __builtin_prefetch(c);
        m->window[(m->window_first + m->window_count++) % MARK_WINDOW_CELLS] = c;
    }
    if (!m->window_count) return NULL;
    c = m->window[m->window_first];
    m->window_first = (m->window_first + 1) % MARK_WINDOW_CELLS;
    m->window_count--;
    return c;
}

static void mark_set_window(Marker *m, bool on)
{
    m->windowed = on;
    while (!on && m->window_count) {
        mark_queue_push(m, m->window[m->window_first]);
        m->window_first = (m->window_first + 1) % MARK_WINDOW_CELLS;
        m->window_count--;
    }
}

static ALWAYS_INLINE uint32_t mark_scan_plainly(Marker *m, uint32_t count, MarkWay way)
{
    uint32_t done = 0;
    for (Cell *c; done < count && (c = mark_queue_pop(m)); done++) mark_scan(m, c, way);
    return done;
}

static ALWAYS_INLINE uint32_t mark_scan_windowed(Marker *m, uint32_t count, MarkWay way)
{
    uint32_t done = 0;
    for (Cell *c; done < count && (c = mark_next_windowed(m)); done++) mark_scan(m, c, way);
    m->counts.windowed += done;
    return done;
}

static ALWAYS_INLINE uint32_t mark_scan_in_way(Marker *m, uint32_t count, MarkWay way)
{
    return m->windowed ? mark_scan_windowed(m, count, way) : mark_scan_plainly(m, count, way);
}

/* Scan at most `count` cells; how many there were. */
static uint32_t mark_scan_some(Marker *m, uint32_t count)
{
    uint32_t done = m->way == MARK_ALONE ? mark_scan_in_way(m, count, MARK_ALONE)
        : m->way == MARK_IN_PLANES ? mark_scan_in_way(m, count, MARK_IN_PLANES)
            : mark_scan_in_way(m, count, MARK_SHARED);
    m->counts.cells += done;
    return done;
}

static bool mark_reaches_deadline(Marker *m)
{
    const Heap *heap = m->heap;
    const MarkCounts *counts = &m->counts;
    uint32_t most = heap->options.stop_cells;
    if (most) return counts->cells - m->stop_cells >= most;
    if (counts->cells - m->clock_cells < MARK_CLOCK_CELLS && counts->bytes - m->clock_bytes < MARK_CLOCK_BYTES)
        return false;
    m->clock_cells = counts->cells;
    m->clock_bytes = counts->bytes;
    return clock_monotonic_ns() >= heap->cycle.deadline_ns;
}

static bool mark_is_time_up(Marker *m)
{
    uint32_t cut = atomic_get_relaxed(&m->gang->cut);
    if (LIKELY(cut == CUT_NEVER)) return false;
    if (cut == CUT_LATER && mark_reaches_deadline(m)) (void)atomic_cas(&m->gang->cut, &cut, CUT_NOW);
    return mark_gang_is_cut(m->gang);
}

void mark_look_at_clock(Marker *m, uint32_t cells)
{
    m->stop_cells -= cells;
    m->clock_cells = m->counts.cells - MARK_CLOCK_CELLS;
    (void)mark_is_time_up(m);
}

/* False when the marker's own stack became empty, or its time is up. */
static bool mark_scan_sample(Marker *m)
{
    for (uint32_t done = 0; done < MARK_SAMPLE_CELLS; done += MARK_LOOK_CELLS) {
        if (m->way != MARK_ALONE && atomic_get_relaxed(&m->gang->hungry)) mark_queue_share(m);
        if (mark_is_time_up(m) || mark_scan_some(m, MARK_LOOK_CELLS) < MARK_LOOK_CELLS) return false;
    }
    return true;
}

/* The first sample of a period is scanned without the window, the second with it, the others in the faster way. */
static bool mark_scan_period(Marker *m)
{
    bool faster = m->windowed;
    for (; m->sample < MARK_SAMPLES_PERIOD; m->sample++) {
        if (m->sample < 2) mark_set_window(m, m->sample == 1);
        else if (m->windowed != faster) mark_set_window(m, faster);
        int64_t start_ns = m->sample < 2 ? clock_monotonic_ns() : 0;
        if (!mark_scan_sample(m)) {
            mark_set_window(m, faster);
            return false;
        }
        if (m->sample < 2) m->sample_ns[m->sample] = clock_monotonic_ns() - start_ns;
        if (m->sample == 1) faster = m->sample_ns[1] < m->sample_ns[0];
    }
    m->sample = 0;
    return true;
}

static void mark_leave(Marker *m)
{
    bool windowed = m->windowed;
    mark_set_window(m, false);
    m->windowed = windowed;
    mark_queue_leave(m);
}

void mark_drain(Marker *m)
{
    for (;;) {
        while (mark_scan_period(m)) continue;
        if (mark_gang_is_cut(m->gang)) {
            mark_leave(m);
            return;
        }
        if (!mark_queue_refill(m)) return;
    }
}
