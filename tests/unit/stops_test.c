/* SPDX-License-Identifier: MIT */
/* Collections that make several stops, between which the program goes on: what it hides behind cells that were scanned
 * is found, whatever died is freed by the next collection, and a large cell is scanned in pieces. */
#include "gc/collect.h"
#include "tests/unit/heap_fixture.h"

enum { STOP_CELLS = 256, LENGTH = 20000 };

static HeapOptions in_stops(uint32_t markers)
{
    return (HeapOptions){ .verify = true, .poison = true, .shadow = true, .markers = markers, .markers_always = true,
                          .stop_cells = STOP_CELLS, .pacing.floor_bytes = (size_t)1 << 30 };
}

static const uint32_t gangs[] = { 1, 2, 3 };

/* A list that takes many stops to mark: roots[0] is its head, roots[1] its end, which is scanned last. Each node has
 * room for another cell. */
static void begin_list(HeapFixture *f, uint32_t markers, int length)
{
    heap_fixture_begin(f, in_stops(markers));
    heap_hold(f->heap, 1);
    TestCell *head = heap_fixture_pair(f, T_NODE, NULL, NULL);
    f->stack[1] = value_of(head) >> 1;                       // known to the test alone
    for (int i = 0; i < length; i++) head = heap_fixture_pair(f, T_NODE, head, NULL);
    f->roots[0] = value_of(head);
    heap_hold(f->heap, -1);
}

static void begin(HeapFixture *f, uint32_t markers)
{
    begin_list(f, markers, LENGTH);
}

static TestCell *head_of(const HeapFixture *f)
{
    return (TestCell *)f->roots[0];
}

static TestCell *end_of(const HeapFixture *f)
{
    return (TestCell *)(f->stack[1] << 1);
}

static bool is_open(const HeapFixture *f)
{
    return heap_is_marking(f->heap);
}

static uint32_t finish(HeapFixture *f)
{
    uint32_t stops = 0;
    for (; is_open(f); stops++) collect_step(&f->local);
    return stops;
}

static void count_stops(uint32_t markers)
{
    HeapFixture f;
    begin(&f, markers);
    collect_step(&f.local);
    EXPECT(is_open(&f));
    uint32_t stops = 1 + finish(&f);
    HeapStats stats = heap_stats(f.heap);
    EXPECT(stops > LENGTH / (STOP_CELLS + 64) / markers && stops < 2 * LENGTH / STOP_CELLS);
    EXPECT_EQ(1u, stats.collections);
    EXPECT_EQ((uint64_t)stops, stats.stop_count);
    EXPECT_EQ(LENGTH + 1u, stats.marked_cells);
    heap_fixture_end(&f);
}

TEST(stops_are_made_until_all_is_marked)
{
    for (uint32_t i = 0; i < COUNT_OF(gangs); i++) count_stops(gangs[i]);
}

/* From behind what is yet to be scanned to behind what was. */
static void hide(HeapFixture *f, bool is_shared)
{
    TestCell *leaf = heap_fixture_cell(f, T_LEAF, 1), *head = head_of(f), *end = end_of(f);
    if (is_shared) {
        leaf->cell.flags |= CELL_SHARED;
        for (TestCell *c = head; c; c = (TestCell *)c->words[0]) c->cell.flags |= CELL_SHARED;
    }
    end->words[1] = value_of(leaf);
    collect_step(&f->local);
    REQUIRE(is_open(f));
    barrier_store(&f->local, head, &head->words[1], value_of(leaf));
    barrier_store(&f->local, end, &end->words[1], 0);
    EXPECT(finish(f) > 0);
    EXPECT(heap_fixture_is_live(f, leaf));
    barrier_store(&f->local, head, &head->words[1], 0);
    heap_collect(&f->local);
    EXPECT(!heap_fixture_is_live(f, leaf));
}

TEST(stops_find_what_moves_behind_scanned_cells)
{
    for (uint32_t i = 0; i < COUNT_OF(gangs); i++) {
        for (int is_shared = 0; is_shared < 2; is_shared++) {
            HeapFixture f;
            begin(&f, gangs[i]);
            hide(&f, is_shared);
            heap_fixture_end(&f);
        }
    }
}

/* What is stored in shared cells is shaded, however many there are. */
TEST(stops_go_on_where_much_is_shared)
{
    enum { MANY = 60000 };
    for (uint32_t i = 0; i < COUNT_OF(gangs); i++) {
        HeapFixture f;
        begin_list(&f, gangs[i], MANY);
        for (TestCell *c = head_of(&f); c; c = (TestCell *)c->words[0]) c->cell.flags |= CELL_SHARED;
        collect_step(&f.local);
        TestCell *leaf = heap_fixture_cell(&f, T_LEAF, 1);
        leaf->cell.flags |= CELL_SHARED;
        barrier_store(&f.local, head_of(&f), &head_of(&f)->words[1], value_of(leaf));
        uint32_t stops = finish(&f);
        EXPECT(stops > MANY / (STOP_CELLS + 64) / gangs[i] && stops < 2 * MANY / STOP_CELLS);
        EXPECT(heap_fixture_is_live(&f, leaf));
        EXPECT_EQ(MANY + 2u, heap_stats(f.heap).marked_cells);
        heap_fixture_end(&f);
    }
}

static void hide_without_barrier(void *context)
{
    HeapFixture f;
    (void)context;
    begin(&f, 1);
    TestCell *leaf = heap_fixture_cell(&f, T_LEAF, 1);
    end_of(&f)->words[1] = value_of(leaf);
    collect_step(&f.local);
    head_of(&f)->words[1] = value_of(leaf);
    end_of(&f)->words[1] = 0;
    (void)finish(&f);
    heap_fixture_end(&f);
}

TEST(stops_need_barriers)
{
    EXPECT_PANIC(hide_without_barrier, NULL, "is reachable and not marked");
}

TEST(stops_keep_what_is_made_between_them)
{
    HeapFixture f;
    begin(&f, 2);
    collect_step(&f.local);
    TestCell *rooted = heap_fixture_cell(&f, T_LEAF, 1), *held = heap_fixture_cell(&f, T_LEAF, 1);
    TestCell *dropped = heap_fixture_cell(&f, T_LEAF, 1), *scanned = heap_fixture_cell(&f, T_LEAF, 1);
    f.roots[1] = value_of(rooted);
    f.stack[0] = value_of(held) + 8;
    barrier_store(&f.local, head_of(&f), &head_of(&f)->words[1], value_of(scanned));
    (void)finish(&f);
    EXPECT(heap_fixture_is_live(&f, rooted) && heap_fixture_is_live(&f, held) && heap_fixture_is_live(&f, scanned));
    EXPECT(!heap_fixture_is_live(&f, dropped));
    heap_fixture_end(&f);
}

TEST(stops_are_ended_by_who_wants_all_collected)
{
    HeapFixture f;
    begin(&f, 2);
    collect_step(&f.local);
    TestCell *rest = (TestCell *)head_of(&f)->words[0];
    barrier_store(&f.local, head_of(&f), &head_of(&f)->words[0], 0);         // marked, some of it, but dead
    heap_collect(&f.local);
    EXPECT(!is_open(&f) && !heap_fixture_is_live(&f, rest));
    EXPECT_EQ(2u, heap_stats(f.heap).collections);
    EXPECT_EQ(1u, heap_stats(f.heap).marked_cells);
    heap_fixture_end(&f);
}

TEST(stops_may_be_left_open_at_the_end)
{
    for (uint32_t i = 0; i < COUNT_OF(gangs); i++) {
        HeapFixture f;
        begin(&f, gangs[i]);
        collect_step(&f.local);
        EXPECT(is_open(&f));
        heap_fixture_end(&f);
    }
}

/* The stack leads to the part of an owner that is found late: stores to the owner leave no trace until then. */
static void hide_in_part(uint32_t markers)
{
    HeapFixture f;
    begin(&f, markers);
    heap_hold(f.heap, 1);
    TestCell *part = heap_fixture_wide(&f, 8), *owner = heap_fixture_cell(&f, T_OWNER, 1);
    heap_hold(f.heap, -1);
    owner->words[0] = value_of(part);
    end_of(&f)->words[1] = value_of(owner);
    f.stack[0] = f.roots[0];                                 // what is found last is scanned first
    f.stack[2] = value_of(part) + 24;
    f.roots[0] = 0;
    collect_step(&f.local);
    REQUIRE(is_open(&f));
    collect_step(&f.local);
    TestCell *leaf = heap_fixture_cell(&f, T_LEAF, 1);
    barrier_store(&f.local, owner, &part->words[1], value_of(leaf));
    f.roots[0] = f.stack[0];
    f.stack[0] = f.stack[2] = 0;
    EXPECT(finish(&f) > 0);
    EXPECT(heap_fixture_is_live(&f, part) && heap_fixture_is_live(&f, leaf));
    heap_fixture_end(&f);
}

TEST(stops_scan_parts_after_their_owners)
{
    for (uint32_t i = 0; i < COUNT_OF(gangs); i++) hide_in_part(gangs[i]);
}

/* ---- large cells ------------------------------------------------------------------------------------------------- */

static void mark_wide(uint32_t markers, uint32_t stop_cells)
{
    enum { WORDS = 100000 };
    HeapFixture f;
    HeapOptions options = in_stops(markers);
    options.stop_cells = stop_cells;
    heap_fixture_begin(&f, options);
    heap_hold(f.heap, 1);
    TestCell *wide = heap_fixture_wide(&f, WORDS);
    f.roots[0] = value_of(wide);
    for (int i = 0; i < WORDS; i++) wide->words[1 + i] = value_of(heap_fixture_cell(&f, T_LEAF, 1));
    heap_hold(f.heap, -1);
    collect_step(&f.local);
    bool was_open = is_open(&f);
    TestCell *leaf = heap_fixture_cell(&f, T_LEAF, 1);
    barrier_store(&f.local, wide, &wide->words[1], value_of(leaf));
    (void)finish(&f);
    EXPECT_EQ(stop_cells > 0, was_open);
    EXPECT(heap_fixture_is_live(&f, leaf));
    EXPECT(heap_stats(f.heap).marked_cells >= WORDS + 1u && heap_stats(f.heap).marked_cells <= WORDS + 2u);
    heap_fixture_end(&f);
}

TEST(stops_come_amid_a_large_cell)
{
    for (uint32_t i = 0; i < COUNT_OF(gangs); i++) {
        mark_wide(gangs[i], STOP_CELLS);
        mark_wide(gangs[i], 0);
    }
}

/* Parts of the roots that a stop has no time for are marked at the next ones, and all again at the last, where what was
 * moved from one that was not marked yet to one that was is found. */
TEST(stops_share_out_the_roots)
{
    enum { AT_A_STOP = 2 };
    for (uint32_t i = 0; i < COUNT_OF(gangs); i++) {
        HeapFixture f;
        HeapOptions options = in_stops(gangs[i]);
        options.stop_cells = AT_A_STOP;
        heap_fixture_begin(&f, options);
        heap_hold(f.heap, 1);
        for (uint32_t k = 0; k < T_ROOTS; k++) f.roots[k] = value_of(heap_fixture_cell(&f, T_LEAF, 1));
        heap_hold(f.heap, -1);
        collect_step(&f.local);
        EXPECT(is_open(&f));
        Value moved = f.roots[T_ROOTS - 1];
        f.roots[T_ROOTS - 1] = f.roots[0];
        f.roots[0] = moved;
        uint32_t stops = 1 + finish(&f);
        EXPECT(stops > T_ROOTS / (AT_A_STOP + gangs[i]));
        for (uint32_t k = 0; k < T_ROOTS; k++) EXPECT(heap_fixture_is_live(&f, (TestCell *)f.roots[k]));
        heap_fixture_end(&f);
    }
}
