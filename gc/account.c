/* SPDX-License-Identifier: MIT */
#include "gc/account.h"

#include <inttypes.h>
#include <stdio.h>

#include "vm/base/clock.h"

static double account_ms(uint64_t ns)
{
    return (double)ns / 1e6;
}

static double account_mb(uint64_t bytes)
{
    return (double)bytes / (1 << 20);
}

/* ---- a cycle ----------------------------------------------------------------------------------------------------- */

static void account_trace(const Heap *heap, const Collection *c)
{
    char marked[512], *end = marked + sizeof marked, *at = marked;
    const HeapStats *stats = &heap->stats;
    const MarkGang *gang = heap->gang;
    uint64_t steals = 0, failed = 0, hand_overs = 0, windowed = 0;
    for (uint32_t id = 0; id < gang->active; id++) {
        const MarkCounts *counts = &gang->markers[id]->counts;
        steals += counts->steals;
        failed += counts->failed_steals;
        hand_overs += counts->hand_overs;
        windowed += counts->windowed;
        if (end - at < 48) continue;
        at += snprintf(at, (size_t)(end - at), "%s%" PRIu64 " cells in %.2f ms", id ? ", " : "", counts->cells,
                       account_ms(counts->busy_ns));
    }
    uint64_t cells = stats->marked_cells ? stats->marked_cells : 1;
    fprintf(stderr,
            "gc %" PRIu64 " coordinated: %.1f -> %.1f MB, pause %.2f ms, stop %.2f ms, mark %.2f ms (%s), "
            "%" PRIu64 " stolen, %" PRIu64 " sought in vain, %" PRIu64 " handed over, %" PRIu64 "%% windowed, "
            "%" PRIu64 " chunks, %.1f -> %.1f MB owned, %u pauses of %.2f ms in all\n",
            stats->collections, account_mb(c->before_bytes), account_mb(c->after_bytes), account_ms(c->pause_ns),
            account_ms(c->stop_ns), account_ms(c->mark_ns), marked, steals, failed, hand_overs, windowed * 100 / cells,
            stats->last_mark_chunks, account_mb(c->owned_before_bytes), account_mb(c->owned_after_bytes),
            c->stops, account_ms(c->paused_ns));
}

static void account_count(uint64_t buckets[HEAP_PAUSE_BUCKETS], uint64_t ns)
{
    uint64_t us = ns / 1000;
    uint32_t bucket = us ? 64 - (uint32_t)__builtin_clzll(us) : 0;
    buckets[bucket < HEAP_PAUSE_BUCKETS ? bucket : HEAP_PAUSE_BUCKETS - 1]++;
}

void account_stop(Heap *heap, uint64_t pause_ns)
{
    HeapStats *stats = &heap->stats;
    Collection *told = &heap->cycle.told;
    uint64_t stop_ns = (uint64_t)heap->world.stop_ns;
    told->stops++;
    told->paused_ns += pause_ns;
    if (pause_ns > told->pause_ns) told->pause_ns = pause_ns;
    if (stop_ns > told->stop_ns) told->stop_ns = stop_ns;
    account_count(stats->pauses, pause_ns);
    account_count(stats->stops, stop_ns);
    stats->stop_count++;
    stats->total_pause_ns += pause_ns;
    stats->total_stop_ns += stop_ns;
    if (pause_ns > stats->max_pause_ns) stats->max_pause_ns = pause_ns;
    if (stop_ns > stats->max_stop_ns) stats->max_stop_ns = stop_ns;
}

void account_cycle(Heap *heap)
{
    HeapStats *stats = &heap->stats;
    Collection *told = &heap->cycle.told;
    stats->collections++;
    stats->owned_bytes = told->owned_after_bytes;
    stats->last_pause_ns = told->pause_ns;
    stats->last_stop_ns = told->stop_ns;
    told->kind = COLLECTION_COORDINATED;
    told->markers = (uint32_t)stats->last_markers;
    told->mark_ns = stats->last_mark_ns;
    told->marked_cells = stats->marked_cells;
    told->after_bytes = stats->live_bytes;
    history_note(heap, *told);
    if (heap->options.trace) account_trace(heap, told);
}

/* ---- all of them ------------------------------------------------------------------------------------------------- */

/* The time in milliseconds that `permille` of `count` times did not reach: to a power of two of microseconds. */
static double account_share_ms(const uint64_t buckets[HEAP_PAUSE_BUCKETS], uint64_t count, uint32_t permille)
{
    uint32_t i = 0;
    for (uint64_t seen = buckets[0]; seen * 1000 < count * permille;) seen += buckets[++i];
    return (double)(UINT64_C(1) << i) / 1000;
}

static void account_print_pauses(const HeapStats *stats)
{
    for (uint32_t i = 0; i < HEAP_PAUSE_BUCKETS; i++)
        if (stats->pauses[i])
            fprintf(stderr, "  below %8.3f ms  %8" PRIu64 "\n", (double)(UINT64_C(1) << i) / 1000, stats->pauses[i]);
}

static void account_print_private(const HeapStats *stats)
{
    uint64_t count = stats->private_minor + stats->private_full;
    fprintf(stderr, "  %.1f MB freed when goroutines ended\n", account_mb(stats->ended_freed_bytes));
    if (!count) return;
    fprintf(stderr, "private collections: %" PRIu64 " minor, %" PRIu64 " full, %" PRIu64 " of them while parked, "
            "%.1f MB freed, %" PRIu64 " cells logged\n",
            stats->private_minor, stats->private_full, stats->private_parked, account_mb(stats->private_freed_bytes),
            stats->logged_cells);
    fprintf(stderr, "  pause: %.2f ms in all, mean %.3f, longest %.2f\n", account_ms(stats->private_total_pause_ns),
            account_ms(stats->private_total_pause_ns / count), account_ms(stats->private_max_pause_ns));
}

static void account_print(const HeapStats *stats)
{
    uint64_t count = stats->stop_count;
    fprintf(stderr, "heap: %.1f MB allocated, %.1f MB live after the last cycle, %.1f MB committed, %.1f MB outside\n",
            account_mb(stats->allocated_bytes), account_mb(stats->live_bytes), account_mb(stats->committed_bytes),
            account_mb(stats->external_bytes));
    fprintf(stderr, "  %.1f MB in free blocks, %.1f MB in holes between cells, %.1f MB given back to the system\n",
            account_mb(stats->free_bytes), account_mb(stats->hole_bytes), account_mb(stats->returned_bytes));
    fprintf(stderr, "  %.1f MB of the live in memory that goroutines own, %" PRIu64 " private heaps\n",
            account_mb(stats->owned_bytes), stats->private_heaps);
    fprintf(stderr, "collections: %.2f ms of processor time, %.1f %% of the program's\n",
            account_ms(stats->collector_cpu_ns),
            (double)stats->collector_cpu_ns * 100 / (double)clock_process_cpu_ns());
    account_print_private(stats);
    fprintf(stderr, "coordinated collections: %" PRIu64 "\n", stats->collections);
    if (!count) return;
    fprintf(stderr, "  %" PRIu64 " pauses: %.2f ms in all, mean %.2f, half below %.3f, 99 of 100 below %.3f, "
            "longest %.2f\n", count, account_ms(stats->total_pause_ns), account_ms(stats->total_pause_ns / count),
            account_share_ms(stats->pauses, count, 500), account_share_ms(stats->pauses, count, 990),
            account_ms(stats->max_pause_ns));
    fprintf(stderr, "  stop: mean %.3f ms, half below %.3f, 99 of 100 below %.3f, longest %.3f\n",
            account_ms(stats->total_stop_ns / count), account_share_ms(stats->stops, count, 500),
            account_share_ms(stats->stops, count, 990), account_ms(stats->max_stop_ns));
    fprintf(stderr, "  mark: %.2f ms in all, %" PRIu64 " chunks stolen, %" PRIu64 " sought in vain, %" PRIu64
            " cells handed over\n", account_ms(stats->total_mark_ns), stats->steals, stats->failed_steals,
            stats->hand_overs);
    fprintf(stderr, "  mark stacks: at most %" PRIu64 " chunks of %zu KB at once\n", stats->most_mark_chunks,
            sizeof(MarkChunk) >> 10);
    account_print_pauses(stats);
}

void account_at_exit(Heap *heap)
{
    if (!heap->options.summary) return;
    HeapStats stats = heap_stats(heap);
    heap->options.summary = false;
    account_print(&stats);
}
