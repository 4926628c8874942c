/* SPDX-License-Identifier: MIT */
/* The records of the last collections, and what they say of memory that goroutines own. */
#include "gc/history.h"

#include "gc/private.h"
#include "tests/unit/heap_fixture.h"

enum { MOST = 2 * HISTORY_ITEMS };

TEST(history_keeps_the_last_of_each_ring_in_their_order)
{
    HeapFixture f;
    Collection last[MOST];
    heap_fixture_begin(&f, (HeapOptions){ .pacing.floor_bytes = (size_t)1 << 30 });
    EXPECT_EQ(0u, history_read(f.heap, last, MOST));
    for (int i = 0; i < HISTORY_ITEMS + 6; i++) {
        history_note(f.heap, (Collection){ .kind = COLLECTION_COORDINATED, .start_ns = 10 * i });
        if (i % 2) history_note(f.heap, (Collection){ .kind = COLLECTION_PRIVATE_FULL, .start_ns = 10 * i + 5 });
    }
    REQUIRE(history_read(f.heap, last, MOST) == HISTORY_ITEMS + (HISTORY_ITEMS + 6) / 2);
    for (uint32_t i = 1; i < HISTORY_ITEMS + (HISTORY_ITEMS + 6) / 2; i++)
        EXPECT(last[i - 1].start_ns < last[i].start_ns);
    EXPECT_EQ(15, last[0].start_ns);                     // private ones go back further
    REQUIRE(history_read(f.heap, last, 3) == 3);
    EXPECT_EQ(10 * (HISTORY_ITEMS + 4), last[0].start_ns);
    EXPECT_EQ((uint64_t)HISTORY_ITEMS + 6, last[1].number);
    EXPECT_EQ(COLLECTION_PRIVATE_FULL, last[2].kind);
    EXPECT_EQ((uint64_t)(HISTORY_ITEMS + 6) / 2, last[2].number);
    heap_fixture_end(&f);
}

TEST(history_says_what_a_collection_found_and_left)
{
    HeapFixture f;
    Collection c;
    heap_fixture_begin(&f, (HeapOptions){ .pacing.floor_bytes = (size_t)1 << 30 });
    f.roots[0] = value_of(heap_fixture_blob(&f, 1 << 20));
    REQUIRE(heap_fixture_blob(&f, 1 << 20));
    heap_collect(&f.local);
    REQUIRE(history_read(f.heap, &c, 1) == 1);
    HeapStats stats = heap_stats(f.heap);
    EXPECT_EQ(COLLECTION_COORDINATED, c.kind);
    EXPECT_EQ(stats.last_pause_ns, c.pause_ns);
    EXPECT_EQ(stats.last_mark_ns, c.mark_ns);
    EXPECT_EQ(1u, c.marked_cells);
    EXPECT_EQ(stats.live_bytes, c.after_bytes);
    EXPECT(c.before_bytes >= 2 << 20 && c.after_bytes >= 1 << 20 && c.after_bytes < 2 << 20);
    EXPECT(c.owned_before_bytes >= 2 << 20 && c.owned_before_bytes <= c.before_bytes);
    EXPECT_EQ((uint64_t)1 << 20, c.owned_after_bytes);   // the one large cell
    EXPECT_EQ(stats.owned_bytes, c.owned_after_bytes);
    EXPECT_EQ(1u, stats.private_heaps);
    heap_fixture_end(&f);
}
