/* SPDX-License-Identifier: MIT */
/* The pacer on its own: a Heap of which only what it reads is set, and cycles that took what the tests say. */
#include "gc/pacer.h"
#include "tests/unit/test.h"
#include "vm/base/mem.h"

enum { MB = 1 << 20, MS = 1000000 };

static Heap *begin(HeapPacing pacing, uint64_t live_bytes)
{
    Heap *heap = mem_alloc_zeroed(sizeof *heap);
    heap->options.pacing = pacing;
    heap->allocators = 1;
    heap->stats.live_bytes = live_bytes;
    pacer_set_trigger(heap);
    return heap;
}

/* The program ran for `ran_ms`, allocated until the trigger, and a cycle took `took_ms`, all on one processor. */
static uint64_t cycle(Heap *heap, int64_t ran_ms, int64_t took_ms)
{
    int64_t start_ns = heap->cycle_end_ns + ran_ms * MS, start_cpu_ns = heap->cycle_end_cpu_ns + ran_ms * MS;
    PacerSpan span = { start_ns, start_ns + took_ms * MS, start_cpu_ns, start_cpu_ns + took_ms * MS };
    heap->since_bytes = (int64_t)heap->trigger_bytes;
    pacer_after_cycle(heap, &span);
    return heap->trigger_bytes;
}

TEST(pacer_puts_cycles_off_while_they_take_more_than_their_share)
{
    Heap *heap = begin((HeapPacing){ 100, MB, 0, 10, HEAP_STOP_OFF }, 0);
    EXPECT_EQ((uint64_t)MB, heap->trigger_bytes);
    EXPECT_EQ((uint64_t)MB, cycle(heap, 90, 5));             // 5 of 95: less than a tenth
    uint64_t later = cycle(heap, 90, 30);                    // a quarter
    EXPECT(later > MB && later < 3 * MB);
    for (int i = 0; i < 20; i++) later = cycle(heap, 90 * (int64_t)later / MB, 30);
    EXPECT(later > 2.9 * MB && later < 3.1 * MB);            // where 30 are a tenth of 300
    for (int i = 0; i < 20; i++) later = cycle(heap, 10, 30);
    EXPECT_EQ(6ull * MB, later);                             // the most
    for (int i = 0; i < 20; i++) later = cycle(heap, 900, 1);
    EXPECT_EQ((uint64_t)MB, later);
    mem_free(heap);
}

TEST(pacer_grows_by_what_lives_and_large_heaps_by_little_more)
{
    const uint64_t live = 1024ull * MB;
    Heap *heap = begin((HeapPacing){ 100, MB, 0, 10, HEAP_STOP_OFF }, live);
    EXPECT_EQ(live, heap->trigger_bytes);
    for (int i = 0; i < 20; i++) cycle(heap, 10, 30);
    EXPECT_EQ(live + 320 * MB, heap->trigger_bytes);
    mem_free(heap);
}

TEST(pacer_believes_the_first_cycle_and_expects_more_of_a_larger_heap)
{
    Heap *heap = begin((HeapPacing){ 100, 16 * MB, 0, 10, HEAP_STOP_OFF }, 0);
    heap->stats.live_bytes = 8 * MB;
    EXPECT_EQ(35u, cycle(heap, 90, 22) / MB);                // 22 are a tenth of 9 * 22
    heap->stats.live_bytes = 16 * MB;
    EXPECT_EQ(36u, cycle(heap, 90, 1) / MB);                 // half of what would be 70 now, and of 3.5
    mem_free(heap);
}

TEST(pacer_puts_cycles_off_further_while_what_is_made_survives)
{
    Heap *heap = begin((HeapPacing){ 100, 16 * MB, 0, 10, HEAP_STOP_OFF }, 0);
    heap->stats.live_bytes = 4 * MB;
    EXPECT_EQ(16 + 80 * 4 / 3, cycle(heap, 10, 30) / MB);    // of 16 a quarter: 80 may die where 106 are made
    heap->stats.live_bytes = 80 * MB;
    EXPECT_EQ(80 + 320, cycle(heap, 10, 30) / MB);           // but by no more than this
    heap->stats.live_bytes = 16 * MB;
    EXPECT_EQ(16 + 80, cycle(heap, 10, 30) / MB);
    mem_free(heap);
}

TEST(pacer_without_a_share_keeps_to_growth)
{
    Heap *heap = begin((HeapPacing){ 50, MB, 0, HEAP_SHARE_OFF, HEAP_STOP_OFF }, 10 * MB);
    for (int i = 0; i < 5; i++) EXPECT_EQ(5ull * MB, cycle(heap, 10, 30));
    mem_free(heap);
}

TEST(pacer_learns_nothing_from_cycles_that_were_not_due)
{
    Heap *heap = begin((HeapPacing){ 100, MB, 0, 10, HEAP_STOP_OFF }, 0);
    for (int i = 0; i < 5; i++) {
        int64_t start_ns = heap->cycle_end_cpu_ns + MS;
        PacerSpan span = { 0, 0, start_ns, start_ns + 100 * MS };
        heap->since_bytes = 1000;
        pacer_after_cycle(heap, &span);
    }
    EXPECT_EQ((uint64_t)MB, heap->trigger_bytes);
    mem_free(heap);
}

TEST(pacer_stays_below_the_limit)
{
    Heap *heap = begin((HeapPacing){ 100, MB, 12 * MB, 10, HEAP_STOP_OFF }, 10 * MB);
    EXPECT_EQ(2ull * MB, heap->trigger_bytes);
    for (int i = 0; i < 20; i++) cycle(heap, 90, 30);
    EXPECT_EQ(2ull * MB, heap->trigger_bytes);
    heap->stats.live_bytes = 13 * MB;
    pacer_set_trigger(heap);
    EXPECT(heap->over_limit);
    EXPECT(heap->trigger_bytes < MB);
    mem_free(heap);
}
