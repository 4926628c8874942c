/* SPDX-License-Identifier: MIT */
/* The second marking has bits of its own, one for each granule of every chunk, and the simplest of methods: one stack,
 * no window, weak tables looked at again and again until nothing changes. */
#include "gc/shadow.h"

#include <string.h>

#include "gc/heap_int.h"
#include "gc/large.h"
#include "gc/mark.h"
#include "vm/base/mem.h"
#include "vm/base/panic.h"

enum { SHADOW_WORDS = CHUNK_BYTES / CELL_GRANULE_BYTES / 64 };   // of a chunk

typedef struct Shadow {
    Marker    marker;                        // first: a visitor is given it
    uint64_t *bits;
    uint64_t  cells;
    VEC(Cell *) tables;
    bool      any;                           // something was marked in this round over the tables
} Shadow;

static uint64_t *shadow_word(const Shadow *s, const void *cell, uint64_t *bit)
{
    size_t granule = (size_t)((const char *)cell - s->marker.heap->base) / CELL_GRANULE_BYTES;
    *bit = UINT64_C(1) << (granule % 64);
    return &s->bits[granule / 64];
}

static bool shadow_has(const Shadow *s, const void *cell)
{
    uint64_t bit;
    return (*shadow_word(s, cell, &bit) & bit) != 0;
}

static void shadow_visit(Marker *m, Cell *c)
{
    Shadow *s = (Shadow *)m;
    const GcHost *host = m->heap->host;
    uint64_t bit, *word = shadow_word(s, c, &bit);
    if (*word & bit) return;
    *word |= bit;
    s->cells++;
    s->any = true;
    if (!mark_is_marked(m, c))
        panic("shadow marking: cell %p (kind %u) is reachable and not marked", (void *)c, c->kind);
    if (c->shape && !host->shape_marks[c->shape]) host->mark_shape(host->context, m, c->shape);
    if (host->kinds[c->kind].flags & KIND_IS_WEAK) VEC_PUSH(&s->tables, c);
    VEC_PUSH(&m->stack, c);
}

void shadow_mark_entry(Marker *m, const void *key, Value value)
{
    if (m->visit == shadow_visit && shadow_has((Shadow *)m, key)) mark_value(m, value);
}

static void shadow_drain(Shadow *s)
{
    Marker *m = &s->marker;
    while (m->stack.count) {
        Cell *c = VEC_POP(&m->stack);
        if (!(m->heap->host->kinds[c->kind].flags & KIND_IS_LEAF)) mark_trace(m, c);
    }
}

static void shadow_mark_tables(Shadow *s)
{
    const GcKind *kinds = s->marker.heap->host->kinds;
    do {
        s->any = false;
        for (uint32_t i = 0; i < s->tables.count; i++) {
            Cell *c = s->tables.items[i];
            if (kinds[c->kind].trace_weak) kinds[c->kind].trace_weak(&s->marker, c);
            shadow_drain(s);
        }
    } while (s->any);
}

static void shadow_mark(Shadow *s)
{
    Heap *heap = s->marker.heap;
    const GcHost *host = heap->host;
    const Marker *first = &heap->marker;
    uint32_t parts = host->root_parts ? host->root_parts(host->context) : 1;
    for (uint32_t i = 0; i < first->pinned.count; i++) mark_cell(&s->marker, first->pinned.items[i]);
    for (uint32_t part = 0; part < parts; part++) host->mark_roots(host->context, &s->marker, part);
    shadow_drain(s);
    shadow_mark_tables(s);
}

static uint64_t shadow_count_marked(const Heap *heap)
{
    uint64_t cells = 0;
    for (uint32_t id = 0; id < heap->gang->active; id++) cells += heap->gang->markers[id]->counts.cells;
    return cells;
}

void shadow_check(Heap *heap)
{
    const GcHost *host = heap->host;
    Shadow s = { .marker = { .heap = heap, .visit = shadow_visit } };
    s.bits = mem_alloc_zeroed((size_t)heap->chunk_count * SHADOW_WORDS * sizeof *s.bits);
    uint32_t shapes = host->clear_shape_marks ? host->shape_mark_count(host->context) : 0;
    uint8_t *marks = mem_alloc_zeroed(shapes + 1);
    memcpy(marks, host->shape_marks, shapes);
    if (shapes) host->clear_shape_marks(host->context);
    shadow_mark(&s);
    bool at_once = !heap_is_marking(heap);     // else what died meanwhile was marked as well
    if (at_once && s.cells != shadow_count_marked(heap))
        panic("shadow marking: %llu cells are reachable, %llu were marked", (unsigned long long)s.cells,
              (unsigned long long)shadow_count_marked(heap));
    for (uint32_t i = 0; i < shapes; i++)
        if (marks[i] != host->shape_marks[i] && (at_once || !marks[i]))
            panic("shadow marking: descriptor %u is %s", i, marks[i] ? "not reachable" : "reachable and not marked");
    mem_free(marks);
    mem_free(s.bits);
    VEC_FREE(&s.tables);
    VEC_FREE(&s.marker.stack);
}
