/* SPDX-License-Identifier: MIT */
/* Private cells that become shared, with all they reach; the locks of shared ones. */
#include "gc/publish.h"

#include "gc/monitor.h"
#include "tests/unit/heap_fixture.h"

static const HeapOptions checked = { .verify = true, .poison = true };

TEST(publish_shares_everything_that_is_reached_and_nothing_else)
{
    HeapFixture f;
    heap_fixture_begin(&f, checked);
    TestCell *leaf = heap_fixture_cell(&f, T_LEAF, 1), *second = heap_fixture_cell(&f, T_LEAF, 1);
    TestCell *traced = heap_fixture_pair(&f, T_FIRST, leaf, second);
    TestCell *node = heap_fixture_pair(&f, T_NODE, traced, NULL), *other = heap_fixture_pair(&f, T_NODE, node, NULL);
    node->words[1] = value_of(heap_fixture_pair(&f, T_NODE, node, heap_fixture_blob(&f, 20000)));
    f.roots[0] = value_of(other);
    publish_value(&f.local, value_of(node));
    EXPECT(cell_is_shared(&node->cell) && cell_is_shared(&traced->cell) && cell_is_shared(&leaf->cell));
    TestCell *last = (TestCell *)node->words[1];
    EXPECT(cell_is_shared(&last->cell) && cell_is_shared((Cell *)last->words[1]));
    EXPECT(!cell_is_shared(&other->cell) && !cell_is_shared(&second->cell));
    EXPECT(!cell_is_shared(&heap_fixture_cell(&f, T_LEAF, 1)->cell));
    heap_collect(&f.local);                                   // which checks that shared cells hold shared ones
    EXPECT(cell_is_shared(&node->cell));
    heap_fixture_end(&f);
}

TEST(publish_passes_over_what_is_no_private_cell)
{
    HeapFixture f;
    heap_fixture_begin(&f, checked);
    TestCell *leaf = heap_fixture_cell(&f, T_LEAF, 1);
    publish_value(&f.local, 6);
    publish_value(&f.local, UINT64_C(0xfffe000000000001));
    publish_cell(&f.local, NULL);
    publish_cell(&f.local, leaf);
    publish_cell(&f.local, leaf);
    EXPECT(cell_is_shared(&leaf->cell));
    heap_fixture_end(&f);
}

TEST(publish_of_many_shares_what_each_refers_to_and_passes_over_the_rest)
{
    HeapFixture f;
    heap_fixture_begin(&f, checked);
    TestCell *leaf = heap_fixture_cell(&f, T_LEAF, 1), *known = heap_fixture_cell(&f, T_LEAF, 1);
    TestCell *first = heap_fixture_pair(&f, T_NODE, leaf, NULL), *second = heap_fixture_pair(&f, T_NODE, leaf, first);
    TestCell *alone = heap_fixture_cell(&f, T_LEAF, 1), *other = heap_fixture_cell(&f, T_LEAF, 1);
    publish_cell(&f.local, known);
    Value many[] = { 6, value_of(known), value_of(first), 6, value_of(second), value_of(first), value_of(known) };
    publish_values(&f.local, many, COUNT_OF(many));
    EXPECT(cell_is_shared(&first->cell) && cell_is_shared(&second->cell) && cell_is_shared(&leaf->cell));
    publish_values(&f.local, many, COUNT_OF(many));
    publish_values(&f.local, (Value[]){ value_of(known), value_of(alone) }, 2);
    publish_values(&f.local, (Value[]){ value_of(other) }, 0);
    EXPECT(cell_is_shared(&alone->cell) && !cell_is_shared(&other->cell));
    heap_fixture_end(&f);
}

TEST(publish_follows_a_long_list_without_a_deep_stack)
{
    enum { LENGTH = 200000 };
    HeapFixture f;
    heap_fixture_begin(&f, (HeapOptions){ 0 });
    for (int i = 0; i < LENGTH; i++) f.roots[0] = value_of(heap_fixture_pair(&f, T_NODE, NULL, (void *)f.roots[0]));
    publish_value(&f.local, f.roots[0]);
    int shared = 0;
    for (TestCell *c = (TestCell *)f.roots[0]; c; c = (TestCell *)c->words[1]) shared += cell_is_shared(&c->cell);
    EXPECT_EQ(LENGTH, shared);
    heap_fixture_end(&f);
}

TEST(publish_comes_before_a_store_into_a_shared_cell)
{
    HeapFixture f;
    heap_fixture_begin(&f, checked);
    TestCell *inner = heap_fixture_cell(&f, T_LEAF, 1);
    TestCell *young = heap_fixture_pair(&f, T_NODE, inner, NULL), *node = heap_fixture_cell(&f, T_NODE, 3);
    f.roots[0] = value_of(node);
    barrier_store(&f.local, node, &node->words[1], value_of(young));
    EXPECT(!cell_is_shared(&young->cell));                    // a private cell may hold private ones
    node->words[1] = 0;
    publish_cell(&f.local, node);
    barrier_store(&f.local, node, &node->words[1], value_of(young));
    EXPECT_EQ(value_of(young), cell_slot_get(&node->words[1]));
    EXPECT(cell_is_shared(&young->cell) && cell_is_shared(&inner->cell));
    heap_collect(&f.local);
    heap_fixture_end(&f);
}

TEST(monitor_is_taken_of_shared_cells_alone)
{
    HeapFixture f;
    heap_fixture_begin(&f, checked);
    TestCell *node = heap_fixture_cell(&f, T_NODE, 1);
    f.roots[0] = value_of(node);
    bool entered = monitor_enter(&f.local, node);
    EXPECT(!entered);
    monitor_exit(&f.local, node, entered);
    publish_cell(&f.local, node);
    for (int round = 0; round < 3; round++) {                 // left as it was found
        entered = monitor_enter(&f.local, node);
        EXPECT(entered);
        heap_collect(&f.local);                               // I2
        monitor_exit(&f.local, node, entered);
    }
    heap_fixture_end(&f);
}
