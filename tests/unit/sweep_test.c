/* SPDX-License-Identifier: MIT */
/* What becomes of free memory: it is used again, counted as holes, or given back to the system. */
#include "tests/unit/heap_fixture.h"

enum {
    LINE_NODE_WORDS = 15,                // of a node that fills a line
    // Blocks that are not filled: one of runs of each size (run.h), and the last one.
    HOLES_AT_ENDS_BYTES = (RUN_SIZES + 1) * BLOCK_BYTES,
};

static void fill(HeapFixture *f, size_t size_bytes)
{
    TestCell *head = NULL;
    for (size_t i = 0; i < size_bytes / LINE_BYTES; i++) {
        TestCell *c = heap_fixture_cell(f, T_NODE, LINE_NODE_WORDS);
        c->words[0] = value_of(head);
        f->roots[0] = value_of(head = c);
    }
}

TEST(sweep_gives_back_what_the_next_cycle_will_not_need)
{
    HeapFixture f;
    heap_fixture_begin(&f, (HeapOptions){ .pacing.floor_bytes = 1 << 20, .verify = true });
    fill(&f, 100 << 20);
    heap_collect(&f.local);
    HeapStats full = heap_stats(f.heap);
    EXPECT(full.committed_bytes >= (100u << 20));
    f.roots[0] = 0;
    heap_collect(&f.local);
    HeapStats empty = heap_stats(f.heap);
    EXPECT(empty.committed_bytes < (20u << 20));
    EXPECT(empty.free_bytes < (20u << 20));
    EXPECT(empty.returned_bytes >= full.returned_bytes + (80u << 20));
    fill(&f, 100 << 20);
    heap_collect(&f.local);
    EXPECT(heap_stats(f.heap).marked_cells == (100u << 20) / LINE_BYTES);
    heap_fixture_end(&f);
}

TEST(sweep_keeps_what_the_next_cycle_will_take)
{
    HeapFixture f;
    heap_fixture_begin(&f, (HeapOptions){ .pacing.floor_bytes = 64 << 20, .verify = true });
    fill(&f, 40 << 20);
    f.roots[0] = 0;
    heap_collect(&f.local);
    HeapStats first = heap_stats(f.heap);
    EXPECT_EQ(0u, first.returned_bytes);
    fill(&f, 40 << 20);
    EXPECT_EQ(first.committed_bytes, heap_stats(f.heap).committed_bytes);
    heap_fixture_end(&f);
}

/* Every second line survives. */
TEST(sweep_counts_holes)
{
    enum { CELLS = 8192 };
    HeapFixture f;
    heap_fixture_begin(&f, (HeapOptions){ .verify = true });
    TestCell *head = NULL;
    for (int i = 0; i < CELLS; i++) {
        TestCell *c = heap_fixture_cell(&f, T_NODE, LINE_NODE_WORDS);
        if (i % 2) continue;
        c->words[0] = value_of(head);
        f.roots[0] = value_of(head = c);
    }
    heap_collect(&f.local);
    HeapStats stats = heap_stats(f.heap);
    EXPECT_EQ((uint64_t)CELLS / 2 * LINE_BYTES, stats.live_bytes);
    EXPECT(stats.hole_bytes >= stats.live_bytes && stats.hole_bytes < stats.live_bytes + HOLES_AT_ENDS_BYTES);
    heap_fixture_end(&f);
}
