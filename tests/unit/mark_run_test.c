/* SPDX-License-Identifier: MIT */
/* Marking on several threads: everything reachable is marked once, whatever the shape of the graph, however it is
 * shared out; and each cycle is compared with a serial one (HeapOptions.shadow). */
#include <stdlib.h>

#include "gc/mark_int.h"
#include "tests/unit/heap_fixture.h"
#include "vm/base/random.h"

/* Two mark in planes of bits, more by atomic operations. */
static const uint32_t gangs[] = { 2, 4 };

static HeapOptions several(uint32_t markers, HandOver hand_over)
{
    return (HeapOptions){ .verify = true, .poison = true, .shadow = true, .markers = markers, .markers_always = true,
                          .hand_over = hand_over, .pacing.floor_bytes = (size_t)1 << 30 };
}

static TestCell *tree(HeapFixture *f, int depth)
{
    if (depth == 0) return heap_fixture_cell(f, T_LEAF, 1);
    TestCell *left = tree(f, depth - 1);
    return heap_fixture_pair(f, T_NODE, left, tree(f, depth - 1));
}

static TestCell *list(HeapFixture *f, uint32_t length)
{
    TestCell *head = NULL;
    while (length-- > 0) head = heap_fixture_pair(f, T_NODE, head, NULL);
    return head;
}

static void expect_marked(HeapFixture *f, uint32_t markers, uint64_t cells)
{
    heap_collect(&f->local);
    HeapStats stats = heap_stats(f->heap);
    EXPECT_EQ(cells, stats.marked_cells);
    EXPECT_EQ((uint64_t)markers, stats.last_markers);
    EXPECT(stats.last_mark_chunks >= 2 * markers && stats.last_mark_chunks <= stats.most_mark_chunks);
}

static void mark_tree(uint32_t markers)
{
    for (int way = HAND_OVER_HUNGRY; way <= HAND_OVER_NEVER; way++) {
        HeapFixture f;
        heap_fixture_begin(&f, several(markers, (HandOver)way));
        f.roots[0] = value_of(tree(&f, 15));
        for (int i = 0; i < 5; i++) expect_marked(&f, markers, (1 << 16) - 1);
        bool sends = heap_stats(f.heap).hand_overs > 0;
        EXPECT(way != HAND_OVER_NEVER || !sends);
        heap_fixture_end(&f);
    }
}

TEST(mark_run_counts_each_cell_of_a_tree_once)
{
    for (uint32_t i = 0; i < COUNT_OF(gangs); i++) mark_tree(gangs[i]);
}

static void mark_list(uint32_t markers)
{
    HeapFixture f;
    heap_fixture_begin(&f, several(markers, HAND_OVER_ALWAYS));
    f.roots[T_ROOTS - 1] = value_of(list(&f, 300000));
    expect_marked(&f, markers, 300000);
    EXPECT(heap_stats(f.heap).hand_overs > 0);
    f.roots[T_ROOTS - 1] = 0;
    expect_marked(&f, markers, 0);
    heap_fixture_end(&f);
}

TEST(mark_run_follows_a_long_list_on_any_marker)
{
    for (uint32_t i = 0; i < COUNT_OF(gangs); i++) mark_list(gangs[i]);
}

TEST(mark_run_ends_with_nothing_to_mark)
{
    HeapFixture f;
    heap_fixture_begin(&f, several(4, HAND_OVER_HUNGRY));
    for (int i = 0; i < 200; i++) expect_marked(&f, 4, 0);
    EXPECT(heap_stats(f.heap).failed_steals >= 200 && heap_stats(f.heap).steals == 0);
    heap_fixture_end(&f);
}

/* Nodes of up to 40 references to any node made before or after them: cycles, joins, islands. */
static void mark_graph(uint32_t markers)
{
    enum { NODES = 20000 };
    Random random;
    HeapFixture f;
    TestCell **nodes = malloc(NODES * sizeof *nodes);
    REQUIRE(nodes);
    random_seed(&random, 7);
    heap_fixture_begin(&f, several(markers, HAND_OVER_ALWAYS));
    heap_hold(f.heap, 1);
    for (uint32_t i = 0; i < NODES; i++) nodes[i] = heap_fixture_cell(&f, T_NODE, (uint32_t)random_next(&random) % 40);
    for (uint32_t i = 0; i < NODES; i++)
        for (uint32_t j = 0; j < nodes[i]->cell.extra; j++)
            if (random_next(&random) % 8 == 0) nodes[i]->words[j] = value_of(nodes[random_next(&random) % NODES]);
    heap_hold(f.heap, -1);
    for (uint32_t i = 0; i < 4; i++) f.roots[i] = value_of(nodes[i]);
    free(nodes);
    for (int i = 0; i < 10; i++) heap_collect(&f.local);
    EXPECT(heap_stats(f.heap).marked_cells > NODES / 2);
    heap_fixture_end(&f);
}

TEST(mark_run_finds_what_a_random_graph_reaches)
{
    for (uint32_t i = 0; i < COUNT_OF(gangs); i++) mark_graph(gangs[i]);
}

/* Each key is the value of the entry before it; the order in which entries are found has nothing to do with it. */
static void mark_chain(uint32_t markers)
{
    enum { LENGTH = 20000 };
    HeapFixture f;
    TestCell **keys = malloc((LENGTH + 1) * sizeof *keys);
    REQUIRE(keys);
    heap_fixture_begin(&f, several(markers, HAND_OVER_HUNGRY));
    heap_hold(f.heap, 1);
    for (int i = 0; i <= LENGTH; i++) keys[i] = heap_fixture_cell(&f, T_LEAF, 1);
    TestCell *tables = NULL;
    for (int step = 0; step < LENGTH; step++) {
        int i = (int)((uint32_t)step * 7919u % LENGTH);
        tables = heap_fixture_pair(&f, T_NODE, heap_fixture_pair(&f, T_ENTRY, keys[i], keys[i + 1]), tables);
    }
    f.roots[0] = value_of(tables);
    f.roots[1] = value_of(keys[0]);
    heap_hold(f.heap, -1);
    free(keys);
    expect_marked(&f, markers, 3 * LENGTH + 1);
    f.roots[1] = 0;
    expect_marked(&f, markers, 2 * LENGTH);
    heap_fixture_end(&f);
}

TEST(mark_run_handles_each_entry_of_a_long_chain_once)
{
    for (uint32_t i = 0; i < COUNT_OF(gangs); i++) mark_chain(gangs[i]);
}

/* Two lists whose nodes refer to the same cells in the same order, so that both markers come by at the same time. */
static void mark_together(uint32_t markers)
{
    enum { LENGTH = 20000 };
    HeapFixture f;
    heap_fixture_begin(&f, several(markers, HAND_OVER_NEVER));
    heap_hold(f.heap, 1);
    TestCell *lists[2] = { NULL, NULL }, *key = heap_fixture_cell(&f, T_LEAF, 1);
    for (int i = 0; i < LENGTH; i++) {
        TestCell *met = i % 2 ? heap_fixture_pair(&f, T_ENTRY, key, key) : heap_fixture_cell(&f, T_NODE, 1);
        for (int k = 0; k < 2; k++) lists[k] = heap_fixture_pair(&f, T_NODE, lists[k], met);
    }
    f.roots[0] = value_of(lists[0]);
    f.roots[1] = value_of(lists[1]);
    f.roots[2] = value_of(key);
    heap_hold(f.heap, -1);
    for (int i = 0; i < 20; i++) expect_marked(&f, markers, 3 * LENGTH + 1);
    heap_fixture_end(&f);
}

TEST(mark_run_counts_once_what_two_markers_meet)
{
    for (uint32_t i = 0; i < COUNT_OF(gangs); i++) mark_together(gangs[i]);
}

/* The root refers to all the others, so one marker has all of them on its stack at once. */
TEST(mark_run_tells_how_far_stacks_grew)
{
    enum { WORDS = 1000, NODES = 100 };
    HeapFixture f;
    heap_fixture_begin(&f, (HeapOptions){ .pacing.floor_bytes = (size_t)1 << 30 });
    heap_hold(f.heap, 1);
    TestCell *all = heap_fixture_cell(&f, T_NODE, NODES);
    for (uint32_t i = 0; i < NODES; i++) {
        TestCell *node = heap_fixture_cell(&f, T_NODE, WORDS);
        all->words[i] = value_of(node);
        for (uint32_t j = 0; j < WORDS; j++) node->words[j] = value_of(heap_fixture_cell(&f, T_NODE, 0));
    }
    heap_hold(f.heap, -1);
    f.roots[0] = value_of(all);
    heap_collect(&f.local);
    HeapStats grown = heap_stats(f.heap);
    EXPECT(grown.last_mark_chunks >= 3 && grown.last_mark_chunks <= 1 + 2 * NODES * WORDS / MARK_CHUNK_CELLS);
    f.roots[0] = 0;
    heap_collect(&f.local);
    EXPECT_EQ(2u, heap_stats(f.heap).last_mark_chunks);
    EXPECT_EQ(grown.last_mark_chunks, heap_stats(f.heap).most_mark_chunks);
    EXPECT_EQ(0u, heap_stats(f.heap).failed_steals);
    heap_fixture_end(&f);
}

TEST(mark_run_uses_one_marker_for_a_small_heap)
{
    HeapFixture f;
    heap_fixture_begin(&f, (HeapOptions){ .markers = 4, .verify = true });
    f.roots[0] = value_of(tree(&f, 8));
    heap_collect(&f.local);
    EXPECT_EQ(1u, heap_stats(f.heap).last_markers);
    EXPECT_EQ(511u, heap_stats(f.heap).marked_cells);
    heap_fixture_end(&f);
}
