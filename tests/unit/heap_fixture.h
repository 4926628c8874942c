/* SPDX-License-Identifier: MIT */
/* heap_fixture.h - a heap with kinds of its own and a host that the test sees through, for the tests of gc/.
 *
 * Roots are exact: `roots`, and what the words of `stack` point to or into. A cell that neither reaches is dead. */
#ifndef US_TESTS_UNIT_HEAP_FIXTURE_H
#define US_TESTS_UNIT_HEAP_FIXTURE_H

#include <string.h>

#include "gc/alloc.h"
#include "gc/barrier.h"
#include "gc/ephemeron.h"
#include "gc/heap.h"
#include "gc/mark.h"
#include "gc/safepoint.h"
#include "tests/unit/test.h"

enum {
    T_NODE = 1,                      // `extra` words, all of them references
    T_LEAF,                          // `extra` words that refer to nothing
    T_BLOB,                          // the second word is the size in bytes
    T_FIRST,                         // two words, of which only the first is traced
    T_ENTRY,                         // key and value: the value lives while the key does
    T_FILE,                          // second word: how often it was finalised, a uint64_t outside the heap
    T_WIDE,                          // the second word counts further ones, which are references: traced by items
    T_OWNER,                         // a reference to a T_WIDE that is part of it
    T_KIND_COUNT,
    T_ROOTS = 16, T_SHAPES = 8, T_STACK_WORDS = 8,
};

typedef struct TestCell {
    Cell  cell;
    Value words[];
} TestCell;

typedef struct HeapFixture {
    GcHost    host;
    Heap     *heap;
    LocalHeap local;
    Mutator   mutator;
    Value     roots[T_ROOTS];
    uint64_t  stack[T_STACK_WORDS];
    uint8_t   shape_marks[T_SHAPES];
    uint32_t  shape_calls[T_SHAPES];
    void    (*begins)(struct HeapFixture *f);    // called as a collection begins; may be NULL
    void    (*spoil)(struct HeapFixture *f);     // called behind marking, before the heap is checked; may be NULL
} HeapFixture;

static inline size_t heap_fixture_blob_size(const Cell *c)
{
    return ((const TestCell *)c)->words[0];
}

static inline void heap_fixture_trace_first(Marker *m, Cell *c)
{
    mark_value(m, ((TestCell *)c)->words[0]);
}

static inline size_t heap_fixture_wide_size(const Cell *c)
{
    return 16 + 8 * ((const TestCell *)c)->words[0];
}

static inline void heap_fixture_trace_items(Marker *m, Cell *c, size_t first, size_t end)
{
    const Value *words = ((TestCell *)c)->words;
    for (size_t i = first; i < end && i < words[0]; i++) mark_value(m, words[1 + i]);
}

static inline void heap_fixture_trace_wide(Marker *m, Cell *c)
{
    heap_fixture_trace_items(m, c, 0, SIZE_MAX);
}

static inline void heap_fixture_trace_nothing(Marker *m, Cell *c)
{
    (void)m, (void)c;
}

static inline void heap_fixture_trace_entry(Marker *m, Cell *c)
{
    const Value *entry = ((TestCell *)c)->words;
    if (entry[0]) ephemeron_mark(m, (Cell *)entry[0], entry[1]);
}

static inline void heap_fixture_clear_entry(Marker *m, Cell *c)
{
    Value *entry = ((TestCell *)c)->words;
    if (entry[0] && !mark_is_marked(m, (Cell *)entry[0])) entry[0] = entry[1] = 0;
}

static inline void heap_fixture_finalize(Cell *c)
{
    ++*(uint64_t *)(((TestCell *)c)->words[0] << 1);     // shifted right when stored: no reference
}

static inline void heap_fixture_parts(Marker *m, Cell *c, void (*visit)(Marker *m, Cell *part))
{
    Cell *part = (Cell *)((TestCell *)c)->words[0];
    if (part) visit(m, part);
}

static const GcKind heap_fixture_kinds[T_KIND_COUNT] = {
    [T_NODE] = { .name = "node", .base_bytes = 8 },
    [T_LEAF] = { .name = "leaf", .base_bytes = 8, .flags = KIND_IS_LEAF },
    [T_BLOB] = { .name = "blob", .flags = KIND_IS_LEAF, .size = heap_fixture_blob_size },
    [T_FIRST] = { .name = "first", .base_bytes = 24, .trace = heap_fixture_trace_first },
    [T_ENTRY] = { .name = "entry", .base_bytes = 24, .flags = KIND_IS_WEAK, .trace = heap_fixture_trace_nothing,
                  .trace_weak = heap_fixture_trace_entry, .clear_weak = heap_fixture_clear_entry },
    [T_FILE] = { .name = "file", .base_bytes = 16, .flags = KIND_IS_LEAF | KIND_HAS_FINALIZER,
                 .finalize = heap_fixture_finalize },
    [T_WIDE] = { .name = "wide", .size = heap_fixture_wide_size, .flags = KIND_IS_PART,
                 .trace = heap_fixture_trace_wide, .trace_items = heap_fixture_trace_items },
    [T_OWNER] = { .name = "owner", .base_bytes = 8, .parts = heap_fixture_parts },
};

static inline void heap_fixture_scan(void *context, Marker *m)
{
    HeapFixture *f = context;
    if (f->begins) f->begins(f);
    mark_conservatively(m, f->stack, f->stack + T_STACK_WORDS);
}

static inline void heap_fixture_mark_roots(void *context, Marker *m, uint32_t part)
{
    const HeapFixture *f = context;
    mark_value(m, f->roots[part]);
}

static inline uint32_t heap_fixture_root_parts(void *context)
{
    (void)context;
    return T_ROOTS;
}

static inline void heap_fixture_mark_shape(void *context, Marker *m, uint32_t shape)
{
    HeapFixture *f = context;
    (void)m;
    f->shape_marks[shape] = 1;
    f->shape_calls[shape]++;
}

static inline void heap_fixture_prepare(void *context)
{
    HeapFixture *f = context;
    memset(f->shape_marks, 0, sizeof f->shape_marks);
}

static inline void heap_fixture_finish(void *context, Marker *m)
{
    HeapFixture *f = context;
    (void)m;
    if (f->spoil) f->spoil(f);
}

static inline void heap_fixture_open(HeapFixture *f)
{
    heap_local_init(&f->local, f->heap);
    f->local.mutator = &f->mutator;
    f->mutator.local = &f->local;
}

static inline void heap_fixture_begin(HeapFixture *f, HeapOptions options)
{
    *f = (HeapFixture){ .host = {
        .context = f, .kinds = heap_fixture_kinds, .kind_count = T_KIND_COUNT,
        .scan_native_stacks = heap_fixture_scan, .mark_roots = heap_fixture_mark_roots,
        .root_parts = heap_fixture_root_parts,
        .mark_shape = heap_fixture_mark_shape, .shape_marks = f->shape_marks,
        .prepare = heap_fixture_prepare, .finish = heap_fixture_finish } };
    f->heap = heap_create(&f->host, options);
    REQUIRE(f->heap);
    safepoint_attach(&f->mutator, f->heap, f);
    safepoint_enter(&f->mutator);
    heap_fixture_open(f);
}

static inline void heap_fixture_end(HeapFixture *f)
{
    heap_local_deinit(&f->local);
    safepoint_leave(&f->mutator);
    safepoint_detach(&f->mutator);
    heap_destroy(f->heap);
}

static inline Value value_of(const void *cell)
{
    return (Value)(uintptr_t)cell;
}

/* A node, or a leaf, of `words` words, all 0. */
static inline TestCell *heap_fixture_cell(HeapFixture *f, int kind, uint32_t words)
{
    TestCell *c = alloc_small(&f->local, ALLOC_ROUND(8 + 8 * words), CELL_HEADER(0, kind, words));
    memset(c->words, 0, 8 * words);
    return c;
}

/* A leaf of any size; NULL when it is refused. */
static inline TestCell *heap_fixture_blob(HeapFixture *f, size_t size_bytes)
{
    TestCell *c = alloc_any(&f->local, size_bytes, CELL_HEADER(0, T_BLOB, 0));
    if (c) c->words[0] = size_bytes;
    return c;
}

/* A cell of `words` references, all 0. */
static inline TestCell *heap_fixture_wide(HeapFixture *f, size_t words)
{
    TestCell *c = alloc_must(&f->local, 16 + 8 * words, CELL_HEADER(0, T_WIDE, 0));
    memset(c->words, 0, 8 + 8 * words);
    c->words[0] = words;
    return c;
}

static inline TestCell *heap_fixture_pair(HeapFixture *f, int kind, const void *first, const void *second)
{
    TestCell *c = alloc_small(&f->local, 32, CELL_HEADER(0, kind, kind == T_NODE ? 2 : 0));
    c->words[0] = value_of(first);
    c->words[1] = value_of(second);
    return c;
}

/* A cell that counts in `*finalized` when it is finalised. */
static inline TestCell *heap_fixture_file(HeapFixture *f, uint64_t *finalized)
{
    TestCell *c = alloc_small(&f->local, 16, CELL_HEADER(0, T_FILE, 0));
    c->words[0] = (uintptr_t)finalized >> 1 | UINT64_C(1) << 63;
    heap_register_finalizer(&f->local, &c->cell);
    return c;
}

static inline bool heap_fixture_is_live(HeapFixture *f, const void *cell)
{
    return heap_find_cell(f->heap, value_of(cell)) == cell;
}

#endif
