/* SPDX-License-Identifier: MIT */
/* Taking memory, limits, pacing, and finding cells; what lives is mark_test.c's. */
#include "gc/limit.h"
#include "tests/unit/heap_fixture.h"

static const HeapOptions checked = { .verify = true, .poison = true, .pacing = { 100, 1 << 20, 0, HEAP_SHARE_OFF } };

/* ---- memory for cells ---- */

TEST(heap_cells_of_all_sizes_are_aligned_and_apart)
{
    HeapFixture f;
    heap_fixture_begin(&f, checked);
    TestCell *list = NULL;
    uint32_t count = 0;
    for (uint32_t words = 1; words < 256; words += 2, count++) {
        TestCell *c = heap_fixture_cell(&f, T_LEAF, words);
        EXPECT_EQ(0u, (uintptr_t)c % CELL_GRANULE_BYTES);
        memset(c->words, (int)words, 8 * words);
        list = heap_fixture_pair(&f, T_NODE, c, list);
    }
    f.roots[0] = value_of(list);
    heap_collect(&f.local);
    for (; list; list = (TestCell *)list->words[1], count--) {
        TestCell *c = (TestCell *)list->words[0];
        uint32_t words = c->cell.extra;
        EXPECT_EQ(ALLOC_ROUND(8 + 8 * words), heap_cell_size(f.heap, &c->cell));
        for (uint32_t i = 0; i < words; i++) EXPECT_EQ(words * UINT64_C(0x0101010101010101), c->words[i]);
    }
    EXPECT_EQ(0u, count);
    heap_fixture_end(&f);
}

TEST(heap_holes_between_survivors_are_filled_and_survivors_stay)
{
    enum { CELLS = 2000, WORDS = 15 };                        // a line each
    HeapFixture f;
    heap_fixture_begin(&f, checked);
    static TestCell *cells[CELLS];
    heap_hold(f.heap, 1);
    for (int i = 0; i < CELLS; i++) {
        cells[i] = heap_fixture_cell(&f, T_NODE, WORDS);
        if (i % 2) continue;
        cells[i]->words[0] = f.roots[0];
        f.roots[0] = value_of(cells[i]);
    }
    heap_hold(f.heap, -1);
    heap_collect(&f.local);
    for (int i = 0; i < CELLS; i++) EXPECT_EQ(i % 2 == 0, heap_fixture_is_live(&f, cells[i]));
    uint64_t committed_bytes = heap_stats(f.heap).committed_bytes;
    int filled = 0;
    for (int i = 0; i < CELLS / 2; i++) {
        TestCell *c = heap_fixture_cell(&f, T_LEAF, WORDS);
        memset(c->words, 0xff, 8 * WORDS);
        filled += c >= cells[0] && c <= cells[CELLS - 1];
    }
    EXPECT(filled > CELLS / 4);
    EXPECT_EQ(committed_bytes, heap_stats(f.heap).committed_bytes);
    int found = 0;
    for (TestCell *c = (TestCell *)f.roots[0]; c; c = (TestCell *)c->words[0], found++)
        for (int i = 1; i < WORDS; i++) EXPECT_EQ(0u, c->words[i]);
    EXPECT_EQ(CELLS / 2, found);
    heap_fixture_end(&f);
}

TEST(heap_garbage_of_mixed_sizes_needs_no_more_memory)
{
    HeapFixture f;
    heap_fixture_begin(&f, (HeapOptions){ .pacing = { .floor_bytes = 1 << 20, .share_percent = HEAP_SHARE_OFF } });
    for (uint32_t i = 0; i < 60000; i++) EXPECT(heap_fixture_blob(&f, 16 + i * 40 % 9000));
    HeapStats stats = heap_stats(f.heap);
    EXPECT(stats.allocated_bytes > 200 << 20);
    EXPECT(stats.committed_bytes <= 16 << 20);
    EXPECT(stats.collections > 50);
    heap_collect(&f.local);
    EXPECT_EQ(0u, heap_stats(f.heap).live_bytes);
    heap_fixture_end(&f);
}

TEST(heap_poison_fills_what_was_freed)
{
    HeapFixture f;
    heap_fixture_begin(&f, checked);
    TestCell *c = heap_fixture_cell(&f, T_LEAF, 31);
    heap_collect(&f.local);
    EXPECT_EQ(UINT64_C(0xdbdbdbdbdbdbdbdb), c->words[20]);
    heap_fixture_end(&f);
}

TEST(heap_large_cells_are_found_kept_and_given_back)
{
    static const size_t sizes[] = { (8 << 10) + 16, 100 << 10, 512 << 10, (512 << 10) + 16, 5 << 20 };
    HeapFixture f;
    heap_fixture_begin(&f, checked);
    heap_hold(f.heap, 1);
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        TestCell *c = heap_fixture_blob(&f, sizes[i]);
        REQUIRE(c);
        uint64_t last = value_of(c) + sizes[i] - 1;
        EXPECT(heap_find_cell(f.heap, last) == &c->cell);
        EXPECT(!heap_find_cell(f.heap, last + 1));
        EXPECT(heap_find_cell(f.heap, value_of(c) - 1) != &c->cell);
        memset(c->words + 1, 0xaa, sizes[i] - 16);
        f.roots[i] = value_of(c);
    }
    heap_hold(f.heap, -1);
    heap_collect(&f.local);
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        EXPECT(heap_fixture_is_live(&f, (void *)f.roots[i]));
        EXPECT_EQ(0xaa, ((uint8_t *)f.roots[i])[sizes[i] - 1]);
    }
    uint64_t committed_bytes = heap_stats(f.heap).committed_bytes;
    void *huge = (void *)f.roots[4];
    memset(f.roots, 0, sizeof f.roots);
    heap_collect(&f.local);
    EXPECT(!heap_find_cell(f.heap, value_of(huge)));
    EXPECT(heap_stats(f.heap).committed_bytes + (5 << 20) < committed_bytes);
    EXPECT_EQ(0u, heap_stats(f.heap).live_bytes);
    heap_fixture_end(&f);
}

TEST(heap_large_cells_are_zero_where_others_lay)
{
    HeapFixture f;
    heap_fixture_begin(&f, checked);
    for (int round = 0; round < 2; round++) {
        for (size_t size = 9 << 10; size < 40 << 10; size += 4 << 10) {
            TestCell *c = heap_fixture_blob(&f, size);
            for (size_t i = 1; i < size / 8 - 1; i++) EXPECT_EQ(0u, c->words[i]);
            memset(c->words + 1, 0xff, size - 16);
        }
        heap_collect(&f.local);
    }
    heap_fixture_end(&f);
}

TEST(heap_share_all_bears_every_cell_shared)
{
    HeapFixture f;
    heap_fixture_begin(&f, (HeapOptions){ .share_all = true, .verify = true });
    EXPECT(cell_is_shared(&heap_fixture_cell(&f, T_NODE, 1)->cell));
    EXPECT(cell_is_shared(&heap_fixture_blob(&f, 20000)->cell));
    heap_fixture_end(&f);
    heap_fixture_begin(&f, checked);
    EXPECT(!cell_is_shared(&heap_fixture_cell(&f, T_NODE, 1)->cell));
    heap_fixture_end(&f);
}

/* ---- when a collection starts ---- */

static void make_garbage(HeapFixture *f, size_t bytes)
{
    for (size_t made = 0; made < bytes; made += 1024) heap_fixture_cell(f, T_LEAF, 127);
}

TEST(heap_collects_once_its_floor_was_allocated_and_not_before)
{
    HeapFixture f;
    heap_fixture_begin(&f, checked);
    make_garbage(&f, 900 << 10);
    EXPECT_EQ(0u, heap_stats(f.heap).collections);
    make_garbage(&f, 200 << 10);
    EXPECT_EQ(1u, heap_stats(f.heap).collections);
    make_garbage(&f, 10 << 20);
    uint64_t collections = heap_stats(f.heap).collections;
    EXPECT(collections >= 8 && collections <= 13);
    heap_fixture_end(&f);
}

TEST(heap_grows_with_what_lives)
{
    HeapFixture f;
    heap_fixture_begin(&f, (HeapOptions){ .pacing = { 200, 1 << 20, 0, HEAP_SHARE_OFF } });
    f.roots[0] = value_of(heap_fixture_blob(&f, 4 << 20));
    heap_collect(&f.local);
    uint64_t collections = heap_stats(f.heap).collections;
    make_garbage(&f, 7 << 20);
    EXPECT_EQ(collections, heap_stats(f.heap).collections);
    make_garbage(&f, 2 << 20);
    EXPECT_EQ(collections + 1, heap_stats(f.heap).collections);
    heap_fixture_end(&f);
}

TEST(heap_external_bytes_bring_a_collection_nearer)
{
    HeapFixture f;
    heap_fixture_begin(&f, checked);
    heap_add_external(&f.local, 2 << 20);
    make_garbage(&f, 64 << 10);
    EXPECT_EQ(1u, heap_stats(f.heap).collections);
    EXPECT_EQ(2u << 20, heap_stats(f.heap).external_bytes);
    heap_add_external(&f.local, -(2 << 20));
    EXPECT_EQ(0u, heap_stats(f.heap).external_bytes);
    heap_fixture_end(&f);
}

TEST(heap_hold_forbids_collections_and_nests)
{
    HeapFixture f;
    heap_fixture_begin(&f, checked);
    heap_hold(f.heap, 1);
    heap_hold(f.heap, 1);
    make_garbage(&f, 3 << 20);
    heap_hold(f.heap, -1);
    heap_collect(&f.local);
    EXPECT_EQ(0u, heap_stats(f.heap).collections);
    heap_hold(f.heap, -1);
    heap_collect(&f.local);
    EXPECT_EQ(1u, heap_stats(f.heap).collections);
    heap_fixture_end(&f);
}

TEST(heap_stress_collects_at_every_nth_allocation)
{
    HeapFixture f;
    heap_fixture_begin(&f, (HeapOptions){ .stress_every = 3, .verify = true, .poison = true });
    for (int i = 0; i < 30; i++) f.roots[0] = value_of(heap_fixture_pair(&f, T_NODE, (void *)f.roots[0], NULL));
    EXPECT_EQ(10u, heap_stats(f.heap).collections);
    int length = 0;
    for (TestCell *c = (TestCell *)f.roots[0]; c; c = (TestCell *)c->words[0]) length++;
    EXPECT_EQ(30, length);
    heap_fixture_end(&f);
}

/* ---- the limit ---- */

TEST(heap_limit_refuses_a_large_cell_until_others_died)
{
    HeapFixture f;
    heap_fixture_begin(&f, (HeapOptions){ .pacing.limit_bytes = 4 << 20, .verify = true });
    int kept = 0;
    for (; kept < T_ROOTS; kept++) {
        TestCell *c = heap_fixture_blob(&f, 1 << 20);
        if (!c) break;
        f.roots[kept] = value_of(c);
    }
    EXPECT_EQ(4, kept);
    EXPECT(!heap_is_over_limit(f.heap));
    EXPECT(heap_would_exceed(&f.local, 1 << 20));
    f.roots[2] = 0;
    EXPECT(!heap_would_exceed(&f.local, 1 << 20));
    EXPECT(heap_fixture_blob(&f, 1 << 20));
    EXPECT(!heap_fixture_blob(&f, (size_t)1 << 50));
    heap_fixture_end(&f);
}

TEST(heap_limit_is_passed_by_small_cells_and_by_alloc_must_and_told)
{
    HeapFixture f;
    heap_fixture_begin(&f, (HeapOptions){ .pacing.limit_bytes = 1 << 20, .verify = true });
    f.roots[0] = value_of(alloc_must(&f.local, 2 << 20, CELL_HEADER(0, T_BLOB, 0)));
    ((TestCell *)f.roots[0])->words[0] = 2 << 20;
    heap_collect(&f.local);
    EXPECT(heap_is_over_limit(f.heap));
    EXPECT(heap_fixture_cell(&f, T_LEAF, 3));
    f.roots[0] = 0;
    heap_collect(&f.local);
    EXPECT(!heap_is_over_limit(f.heap));
    for (int i = 0; i < 2000; i++) {
        TestCell *c = heap_fixture_cell(&f, T_NODE, 127);
        c->words[0] = f.roots[0];
        f.roots[0] = value_of(c);
    }
    heap_collect(&f.local);
    EXPECT(heap_is_over_limit(f.heap));
    heap_set_limit(f.heap, 4 << 20);
    EXPECT(!heap_is_over_limit(f.heap));
    heap_fixture_end(&f);
}

TEST(heap_limit_counts_external_bytes)
{
    HeapFixture f;
    heap_fixture_begin(&f, (HeapOptions){ .pacing.limit_bytes = 4 << 20 });
    EXPECT(!heap_would_exceed(&f.local, 3 << 20));
    heap_add_external(&f.local, 2 << 20);
    EXPECT(heap_would_exceed(&f.local, 3 << 20));
    heap_add_external(&f.local, 3 << 20);
    heap_collect(&f.local);
    EXPECT(heap_is_over_limit(f.heap));
    heap_fixture_end(&f);
}

TEST(heap_limit_of_a_context_is_told_once_and_only_while_it_holds)
{
    HeapFixture f;
    heap_fixture_begin(&f, (HeapOptions){ .verify = true });
    limit_set(&f.local, 1 << 20);
    for (int i = 0; i < 4000; i++) (void)heap_fixture_cell(&f, T_NODE, 127);
    EXPECT(!limit_take_excess(&f.local));            // garbage
    EXPECT(heap_would_exceed(&f.local, 2 << 20) && !heap_would_exceed(&f.local, 1 << 19));
    for (int i = 0; i < 2000; i++) {
        TestCell *c = heap_fixture_cell(&f, T_NODE, 127);
        c->words[0] = f.roots[0];
        f.roots[0] = value_of(c);
    }
    EXPECT(limit_take_excess(&f.local));
    EXPECT(!limit_take_excess(&f.local) && !heap_is_over_limit(f.heap));
    for (int i = 0; i < 200; i++) (void)heap_fixture_cell(&f, T_NODE, 127);
    f.roots[0] = 0;
    EXPECT(!limit_take_excess(&f.local));            // it was too much, and is no longer
    heap_fixture_end(&f);
}

/* ---- which cell an address lies in ---- */

/* Every address of `c` finds it, and none around it does. */
static void expect_found(HeapFixture *f, const TestCell *c)
{
    uint64_t start = value_of(c), size = heap_cell_size(f->heap, &c->cell);
    for (uint64_t at = 0; at < size; at++) EXPECT(heap_find_cell(f->heap, start + at) == &c->cell);
    EXPECT(heap_find_cell(f->heap, start - 1) != &c->cell);
    EXPECT(heap_find_cell(f->heap, start + size) != &c->cell);
}

static void expect_roots_found(HeapFixture *f)
{
    for (int i = 0; i < T_ROOTS; i++)
        if (f->roots[i]) expect_found(f, (TestCell *)f->roots[i]);
}

TEST(heap_finds_fresh_cells_and_survivors_from_any_address_inside)
{
    HeapFixture f;
    heap_fixture_begin(&f, checked);
    static const uint32_t words[] = { 1, 2, 15, 16, 17, 40, 255 };
    f.begins = expect_roots_found;
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < COUNT_OF(words); i++)
            f.roots[round * 8 + i] = value_of(heap_fixture_cell(&f, T_NODE, words[i]));
        heap_collect(&f.local);
        expect_roots_found(&f);
    }
    heap_fixture_end(&f);
}

/* Cells 0 and 1 of `stack`, moved up so that no scan finds them: a small and a large one, unless they are dead. */
static void expect_nothing_found(HeapFixture *f)
{
    uint64_t small = f->stack[0] >> 16, large = f->stack[1] >> 16;
    uint64_t chunk = small & ~(uint64_t)(CHUNK_BYTES - 1), pages = large & ~(uint64_t)(CHUNK_BYTES - 1);
    uint64_t words[] = {
        0, 1, 2, 6, 42, UINT64_MAX, UINT64_C(1) << 63, UINT64_C(0xfffe000000000001), value_of(&f), value_of(words),
        chunk, chunk + 4096, chunk + 2 * BLOCK_BYTES - 1,                        // metadata of blocks
        chunk + CHUNK_BYTES - 1, small + 1024,                                   // where no cell is yet
        chunk - 1, chunk + (uint64_t)1000 * CHUNK_BYTES, small | UINT64_C(1) << 49,
        pages, pages + 100, pages + CHUNK_BYTES - 1, large + 20000 + 4096,
    };
    for (size_t i = 0; i < COUNT_OF(words); i++) EXPECT(!heap_find_cell(f->heap, words[i]));
    EXPECT_EQ(f->begins != NULL, heap_find_cell(f->heap, small) != NULL);
    EXPECT_EQ(f->begins != NULL, heap_find_cell(f->heap, large) != NULL);
}

TEST(heap_finds_nothing_in_garbage)
{
    HeapFixture f;
    heap_fixture_begin(&f, checked);
    f.stack[0] = value_of(heap_fixture_cell(&f, T_LEAF, 3)) << 16;
    f.stack[1] = value_of(heap_fixture_blob(&f, 20000)) << 16;
    f.begins = expect_nothing_found;
    heap_collect(&f.local);
    f.begins = NULL;
    expect_nothing_found(&f);
    heap_fixture_end(&f);
}

static void count_cell(void *context, Cell *c)
{
    ((uint32_t *)context)[c->kind]++;
}

TEST(heap_each_cell_visits_the_survivors)
{
    HeapFixture f;
    heap_fixture_begin(&f, checked);
    for (int i = 0; i < 5; i++) {
        f.roots[i] = value_of(heap_fixture_cell(&f, T_NODE, 3));
        heap_fixture_cell(&f, T_LEAF, 3);
    }
    f.roots[5] = value_of(heap_fixture_blob(&f, 10000));
    f.roots[6] = value_of(heap_fixture_blob(&f, 1 << 20));
    heap_collect(&f.local);
    uint32_t counts[T_KIND_COUNT] = { 0 };
    heap_each_cell(f.heap, count_cell, counts);
    EXPECT_EQ(5u, counts[T_NODE]);
    EXPECT_EQ(0u, counts[T_LEAF]);
    EXPECT_EQ(2u, counts[T_BLOB]);
    heap_fixture_end(&f);
}
