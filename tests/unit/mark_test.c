/* SPDX-License-Identifier: MIT */
/* What lives, and what is told or forgotten when it does not: marking, weak kinds, finalizers, barriers, and the check
 * of the heap itself. */
#include "gc/mark.h"

#include "tests/unit/heap_fixture.h"

static const HeapOptions checked = { .verify = true, .poison = true };

TEST(mark_keeps_what_roots_reach_and_no_cycle_beyond)
{
    HeapFixture f;
    heap_fixture_begin(&f, checked);
    TestCell *shared = heap_fixture_cell(&f, T_LEAF, 1);
    TestCell *left = heap_fixture_pair(&f, T_NODE, shared, NULL);
    TestCell *right = heap_fixture_pair(&f, T_NODE, shared, left);
    left->words[1] = value_of(right);                         // a live cycle
    TestCell *dead = heap_fixture_pair(&f, T_NODE, shared, NULL);
    TestCell *other = heap_fixture_pair(&f, T_NODE, dead, shared);
    dead->words[1] = value_of(other);                         // a dead one
    f.roots[3] = value_of(left);
    heap_collect(&f.local);
    EXPECT(heap_fixture_is_live(&f, shared));
    EXPECT(heap_fixture_is_live(&f, left));
    EXPECT(heap_fixture_is_live(&f, right));
    EXPECT(!heap_fixture_is_live(&f, dead));
    EXPECT(!heap_fixture_is_live(&f, other));
    heap_fixture_end(&f);
}

TEST(mark_asks_a_kind_what_it_refers_to)
{
    HeapFixture f;
    heap_fixture_begin(&f, checked);
    TestCell *first = heap_fixture_cell(&f, T_LEAF, 1), *second = heap_fixture_cell(&f, T_LEAF, 1);
    TestCell *leaf = heap_fixture_cell(&f, T_LEAF, 1), *held = heap_fixture_cell(&f, T_LEAF, 1);
    f.roots[0] = value_of(heap_fixture_pair(&f, T_FIRST, first, second));
    leaf->words[0] = value_of(held);
    f.roots[1] = value_of(leaf);
    heap_collect(&f.local);
    EXPECT(heap_fixture_is_live(&f, first));
    EXPECT(!heap_fixture_is_live(&f, second));
    EXPECT(!heap_fixture_is_live(&f, held));
    heap_fixture_end(&f);
}

TEST(mark_passes_over_words_that_are_no_reference)
{
    static const Value words[] = {
        6, 7, 10, 2, UINT64_C(0xfffe000000000000), UINT64_C(0xfffe00000000ffff), UINT64_C(0x0002000000000000),
        UINT64_MAX,
    };
    HeapFixture f;
    heap_fixture_begin(&f, checked);
    TestCell *node = heap_fixture_cell(&f, T_NODE, COUNT_OF(words));
    memcpy(node->words, words, sizeof words);
    f.roots[0] = value_of(node);
    heap_collect(&f.local);
    EXPECT_EQ(0, memcmp(node->words, words, sizeof words));
    heap_fixture_end(&f);
}

TEST(mark_follows_a_long_list_without_a_deep_stack)
{
    enum { LENGTH = 400000 };
    HeapFixture f;
    heap_fixture_begin(&f, (HeapOptions){ 0 });
    for (int i = 0; i < LENGTH; i++) f.roots[0] = value_of(heap_fixture_pair(&f, T_NODE, NULL, (void *)f.roots[0]));
    heap_collect(&f.local);
    EXPECT_EQ(LENGTH * 32u, heap_stats(f.heap).live_bytes);
    heap_fixture_end(&f);
}

TEST(mark_conservatively_keeps_what_a_word_points_to_or_into)
{
    HeapFixture f;
    heap_fixture_begin(&f, checked);
    TestCell *inner = heap_fixture_cell(&f, T_LEAF, 1);
    TestCell *small = heap_fixture_pair(&f, T_NODE, inner, NULL);
    TestCell *large = heap_fixture_blob(&f, 100 << 10);
    TestCell *dead = heap_fixture_cell(&f, T_LEAF, 5);
    for (int i = 0; i < T_STACK_WORDS; i++) f.stack[i] = UINT64_C(0x1234567) << (i * 5);
    f.stack[2] = value_of(small) + 9;
    f.stack[5] = value_of(large) + 99999;
    for (int round = 0; round < 3; round++) {                 // fresh at first, a survivor then
        heap_collect(&f.local);
        EXPECT(heap_fixture_is_live(&f, small));
        EXPECT(heap_fixture_is_live(&f, inner));
        EXPECT(heap_fixture_is_live(&f, large));
        EXPECT(!heap_fixture_is_live(&f, dead));
    }
    heap_fixture_end(&f);
}

TEST(mark_tells_of_each_live_shape_once)
{
    HeapFixture f;
    heap_fixture_begin(&f, checked);
    for (uint32_t i = 0; i < 12; i++) {
        TestCell *c = alloc_small(&f.local, 16, CELL_HEADER(i % 3, T_LEAF, 1));
        f.roots[i] = value_of(c);
    }
    f.roots[12] = value_of(alloc_small(&f.local, 16, CELL_HEADER(5, T_LEAF, 1)));
    f.roots[12] = 0;
    heap_collect(&f.local);
    EXPECT_EQ(0u, f.shape_calls[0]);
    EXPECT_EQ(1u, f.shape_calls[1]);
    EXPECT_EQ(1u, f.shape_calls[2]);
    EXPECT_EQ(0u, f.shape_calls[5]);
    heap_collect(&f.local);
    EXPECT_EQ(2u, f.shape_calls[1]);
    heap_fixture_end(&f);
}

/* ---- weak kinds ---- */

TEST(mark_weak_entry_lives_by_its_key)
{
    HeapFixture f;
    heap_fixture_begin(&f, checked);
    TestCell *key = heap_fixture_cell(&f, T_LEAF, 1), *value = heap_fixture_cell(&f, T_LEAF, 1);
    TestCell *entry = heap_fixture_pair(&f, T_ENTRY, key, value);
    f.roots[0] = value_of(entry);
    f.roots[1] = value_of(key);
    heap_collect(&f.local);
    EXPECT(heap_fixture_is_live(&f, value));
    EXPECT_EQ(value_of(key), entry->words[0]);
    f.roots[1] = 0;
    heap_collect(&f.local);
    EXPECT(!heap_fixture_is_live(&f, key));
    EXPECT(!heap_fixture_is_live(&f, value));
    EXPECT_EQ(0u, entry->words[0]);
    heap_fixture_end(&f);
}

TEST(mark_weak_entry_dies_whose_value_alone_holds_its_key)
{
    HeapFixture f;
    heap_fixture_begin(&f, checked);
    TestCell *key = heap_fixture_cell(&f, T_LEAF, 1);
    TestCell *entry = heap_fixture_pair(&f, T_ENTRY, key, heap_fixture_pair(&f, T_NODE, key, NULL));
    f.roots[0] = value_of(entry);
    heap_collect(&f.local);
    EXPECT_EQ(0u, entry->words[0]);
    EXPECT(!heap_fixture_is_live(&f, key));
    heap_fixture_end(&f);
}

/* Each entry's value is the next one's key, and the first key is known last. */
TEST(mark_weak_chains_are_followed_to_the_end_in_any_order)
{
    enum { LENGTH = 6 };
    HeapFixture f;
    heap_fixture_begin(&f, checked);
    TestCell *keys[LENGTH + 1];
    for (int i = 0; i <= LENGTH; i++) keys[i] = heap_fixture_cell(&f, T_LEAF, 1);
    for (int i = LENGTH; i-- > 0;)
        f.roots[LENGTH - i] = value_of(heap_fixture_pair(&f, T_ENTRY, keys[i], keys[i + 1]));
    f.roots[T_ROOTS - 1] = value_of(keys[0]);
    heap_collect(&f.local);
    for (int i = 0; i <= LENGTH; i++) EXPECT(heap_fixture_is_live(&f, keys[i]));
    f.roots[T_ROOTS - 1] = 0;
    heap_collect(&f.local);
    for (int i = 0; i <= LENGTH; i++) EXPECT(!heap_fixture_is_live(&f, keys[i]));
    heap_fixture_end(&f);
}

/* The inner entry is reached only through the value of the outer one. */
TEST(mark_weak_entry_found_on_the_way_counts)
{
    HeapFixture f;
    heap_fixture_begin(&f, checked);
    TestCell *key = heap_fixture_cell(&f, T_LEAF, 1), *value = heap_fixture_cell(&f, T_LEAF, 1);
    TestCell *gone = heap_fixture_cell(&f, T_LEAF, 1);
    TestCell *dying = heap_fixture_pair(&f, T_ENTRY, gone, value);
    TestCell *inner = heap_fixture_pair(&f, T_ENTRY, key, heap_fixture_pair(&f, T_NODE, value, dying));
    f.roots[0] = value_of(heap_fixture_pair(&f, T_ENTRY, key, inner));
    f.roots[1] = value_of(key);
    heap_collect(&f.local);
    EXPECT(heap_fixture_is_live(&f, inner));
    EXPECT(heap_fixture_is_live(&f, value));
    EXPECT_EQ(0u, dying->words[0]);
    heap_fixture_end(&f);
}

/* ---- finalizers ---- */

TEST(mark_finalizer_runs_once_when_its_cell_died)
{
    HeapFixture f;
    heap_fixture_begin(&f, checked);
    uint64_t live = 0, dead = 0;
    for (int i = 0; i < 3; i++) {
        heap_fixture_file(&f, &dead);
        f.roots[i] = value_of(heap_fixture_file(&f, &live));
    }
    heap_collect(&f.local);
    EXPECT_EQ(0u, live);
    EXPECT_EQ(3u, dead);
    heap_collect(&f.local);
    EXPECT_EQ(3u, dead);
    heap_fixture_end(&f);
    EXPECT_EQ(3u, live);                                      // the end of the heap is the end of all cells
    EXPECT_EQ(3u, dead);
}

/* ---- barriers ---- */

TEST(mark_sees_what_barriers_stored)
{
    HeapFixture f;
    heap_fixture_begin(&f, checked);
    TestCell *node = heap_fixture_cell(&f, T_NODE, 3);
    f.roots[0] = value_of(node);
    heap_collect(&f.local);                                   // old from here on
    TestCell *young = heap_fixture_cell(&f, T_LEAF, 1);
    barrier_store(&f.local, node, &node->words[1], value_of(young));
    EXPECT_EQ(value_of(young), cell_slot_get(&node->words[1]));
    heap_collect(&f.local);
    EXPECT(heap_fixture_is_live(&f, young));
    node->cell.flags |= CELL_SHARED;
    barrier_store(&f.local, node, &node->words[1], 6);
    EXPECT_EQ(6u, cell_slot_get(&node->words[1]));
    heap_collect(&f.local);
    EXPECT(!heap_fixture_is_live(&f, young));
    heap_fixture_end(&f);
}

/* ---- the check of the heap finds what was spoilt behind marking ---- */

static void spoil_with_dead(HeapFixture *f)
{
    ((TestCell *)f->roots[0])->words[0] = f->stack[0] << 1;
}

static void spoil_with_outside(HeapFixture *f)
{
    ((TestCell *)f->roots[0])->words[0] = value_of(f);
}

static void spoil_kind(HeapFixture *f)
{
    ((TestCell *)f->roots[0])->cell.kind = T_KIND_COUNT;
}

static void spoil_size(HeapFixture *f)
{
    ((TestCell *)f->roots[1])->words[0] = SMALL_LIMIT_BYTES;
}

static void spoil_size_beyond_block(HeapFixture *f)
{
    for (TestCell *c = (TestCell *)f->roots[2]; c; c = (TestCell *)c->words[0])
        if (block_start_of(c) != block_start_of((char *)c + 2000)) c->cell.extra = 255;
}

static void spoil_sharing(HeapFixture *f)
{
    ((TestCell *)f->roots[0])->cell.flags |= CELL_SHARED;
}

/* Of a kind that has a trace function of its own. */
static void spoil_traced(HeapFixture *f)
{
    ((TestCell *)f->roots[3])->words[0] = f->stack[0] << 1;
}

typedef void Spoil(HeapFixture *f);

/* Roots: a node that holds a private leaf, a blob of which more is claimed, a list that fills blocks, a cell that is
 * traced in part. */
static void begin_spoilt(HeapFixture *f, Spoil *spoil)
{
    heap_fixture_begin(f, (HeapOptions){ .verify = true });
    for (int i = 0; i < 600; i++) {
        TestCell *c = heap_fixture_cell(f, T_NODE, 15);
        c->words[0] = f->roots[2];
        f->roots[2] = value_of(c);
    }
    f->roots[0] = value_of(heap_fixture_pair(f, T_NODE, heap_fixture_cell(f, T_LEAF, 1), NULL));
    f->stack[0] = value_of(heap_fixture_cell(f, T_LEAF, 20)) >> 1;            // dead, and not to be found by a scan
    f->roots[1] = value_of(heap_fixture_blob(f, 16));
    f->roots[3] = value_of(heap_fixture_pair(f, T_FIRST, NULL, NULL));
    f->spoil = spoil;
}

static void collect_spoilt(void *context)
{
    HeapFixture f;
    begin_spoilt(&f, *(Spoil **)context);
    heap_collect(&f.local);
    heap_fixture_end(&f);
}

TEST(mark_heap_check_names_planted_faults)
{
    static const struct Fault {
        Spoil      *spoil;
        const char *told;
    } faults[] = {
        { spoil_with_dead, "refers to a dead cell" },
        { spoil_with_outside, "refers outside the heap" },
        { spoil_kind, "has no such kind" },
        { spoil_size, "lies in a line that counts as free" },
        { spoil_size_beyond_block, "crosses its block" },
        { spoil_sharing, "is shared and refers to a private cell" },
        { spoil_traced, "refers to a dead cell" },
    };
    for (size_t i = 0; i < COUNT_OF(faults); i++)
        EXPECT_PANIC(collect_spoilt, (void *)&faults[i].spoil, faults[i].told);
}

TEST(mark_heap_verify_tells_faults_and_goes_on)
{
    HeapFixture f;
    HeapVerdict verdict;
    begin_spoilt(&f, spoil_with_dead);
    heap_verify(&f.local, &verdict);
    EXPECT_EQ(1u, verdict.faults);
    EXPECT(strstr(verdict.first, "refers to a dead cell") != NULL);
    EXPECT_EQ(604u, verdict.cells);                      // the list, two of the other roots, a node and its leaf
    EXPECT_EQ(600u, verdict.references);
    ((TestCell *)f.roots[0])->words[0] = 0;
    f.spoil = NULL;
    heap_verify(&f.local, &verdict);
    EXPECT_EQ(0u, verdict.faults);
    EXPECT_TEXT("", verdict.first);
    EXPECT_EQ(599u, verdict.references);
    heap_fixture_end(&f);
}
