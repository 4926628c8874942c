/* SPDX-License-Identifier: MIT */
/* How work goes from marker to marker. Each has a stack of its own, of which two chunks are its alone; full ones lie on
 * its shelf, where it takes the newest and thieves the oldest, and chunks that others send lie in its inbox. Who finds
 * others without work splits its stack. */
#include <string.h>

#include "gc/mark_int.h"
#include "vm/base/clock.h"
#include "vm/base/futex.h"
#include "vm/base/mem.h"
#include "vm/base/pushlist.h"

enum {
    QUEUE_BATCH_CELLS = 64,              // that are sent at once
    QUEUE_SPLIT_CELLS = 8,               // the smallest stack that is split
    QUEUE_SPARE_CHUNKS = 64,             // a marker keeps at most
    QUEUE_SPINS = 2000,                  // before a marker without work sleeps
    QUEUE_SLEEP_NS = 100 * 1000,
};

static void mark_queue_count_chunk(MarkGang *gang)
{
    uint32_t chunks = atomic_add_relaxed(&gang->chunks, 1) + 1, most = atomic_get_relaxed(&gang->most_chunks);
    while (chunks > most)
        if (atomic_cas(&gang->most_chunks, &most, chunks)) return;
}

static MarkChunk *mark_queue_new_chunk(Marker *m)
{
    MarkChunk *chunk = m->spare;
    mark_queue_count_chunk(m->gang);
    if (chunk) {
        m->spare = chunk->next;
        m->spare_count--;
    } else {
        chunk = mem_alloc(sizeof *chunk);
    }
    chunk->next = chunk->previous = NULL;
    chunk->count = 0;
    return chunk;
}

static void mark_queue_drop_chunk(Marker *m, MarkChunk *chunk)
{
    atomic_add_relaxed(&m->gang->chunks, (uint32_t)-1);
    if (m->spare_count == QUEUE_SPARE_CHUNKS) {
        mem_free(chunk);
        return;
    }
    chunk->next = m->spare;
    m->spare = chunk;
    m->spare_count++;
}

void mark_queue_trim(Marker *m, uint32_t most)
{
    while (m->spare_count > most) {
        MarkChunk *chunk = m->spare;
        m->spare = chunk->next;
        m->spare_count--;
        mem_free(chunk);
    }
}

/* ---- publishing -------------------------------------------------------------------------------------------------- */

static void mark_queue_wake(MarkGang *gang, int count)
{
    if (!atomic_get_seq_cst(&gang->sleepers)) return;
    atomic_add_seq_cst(&gang->news, 1);
    futex_wake(&gang->news, count);
}

/* Onto the shelf of `m`, whose marker is the caller. */
static void mark_queue_shelve(Marker *m, MarkChunk *chunk)
{
    mutex_lock(&m->lock);
    chunk->previous = m->newest;
    chunk->next = NULL;
    if (m->newest) m->newest->next = chunk;
    else m->oldest = chunk;
    atomic_set_relaxed(&m->newest, chunk);
    mutex_unlock(&m->lock);
}

static void mark_queue_publish(Marker *m, MarkChunk *chunk)
{
    atomic_add_seq_cst(&m->gang->credits, 1);
    mark_queue_shelve(m, chunk);
    if (m->way != MARK_ALONE) mark_queue_wake(m->gang, 1);
}

/* Two chunks are kept, lest a stack that goes up and down about a chunk's end goes to the shelf each time. */
void mark_queue_grow(Marker *m)
{
    MarkChunk *full = m->top;
    m->top = m->second;
    m->second = full;
    if (!m->top->count) return;
    mark_queue_publish(m, m->top);
    m->top = mark_queue_new_chunk(m);
}

#define CHUNK_LINK(chunk) ((chunk)->next)

/* ---- handing over ------------------------------------------------------------------------------------------------ */

static void mark_queue_send(Marker *m, uint32_t owner)
{
    MarkChunk *batch = m->outbox[owner];
    Marker *to = m->gang->markers[owner];
    m->outbox[owner] = NULL;
    m->counts.hand_overs += batch->count;
    atomic_add_seq_cst(&m->gang->credits, 1);
    PUSHLIST_PUSH(&to->inbox, batch, CHUNK_LINK);        // with mark_queue_open_inbox
    mark_queue_wake(m->gang, MARK_MOST_MARKERS);
}

void mark_queue_hand_over(Marker *m, uint32_t owner, Cell *c)
{
    MarkChunk *batch = m->outbox[owner];
    if (!batch) batch = m->outbox[owner] = mark_queue_new_chunk(m);
    batch->cells[batch->count++] = c;
    if (batch->count == QUEUE_BATCH_CELLS) mark_queue_send(m, owner);
}

static void mark_queue_flush(Marker *m)
{
    for (uint32_t i = 0; i < m->gang->active; i++)
        if (m->outbox[i]) mark_queue_send(m, i);
}

void mark_queue_share(Marker *m)
{
    MarkChunk *top = m->top;
    mark_queue_flush(m);
    if (atomic_get_relaxed(&m->newest)) return;
    if (m->second->count) {
        mark_queue_publish(m, m->second);
        m->second = mark_queue_new_chunk(m);
    } else if (top->count >= QUEUE_SPLIT_CELLS) {        // the older half: of a tree, the larger part
        MarkChunk *given = mark_queue_new_chunk(m);
        given->count = top->count / 2;
        memcpy(given->cells, top->cells, given->count * sizeof *top->cells);
        top->count -= given->count;
        memmove(top->cells, top->cells + given->count, top->count * sizeof *top->cells);
        mark_queue_publish(m, given);
    }
}

/* ---- taking ------------------------------------------------------------------------------------------------------ */

static MarkChunk *mark_queue_take_shelved(Marker *from, bool newest)
{
    if (!atomic_get_relaxed(&from->newest)) return NULL;
    mutex_lock(&from->lock);
    MarkChunk *chunk = newest ? from->newest : from->oldest;
    if (chunk) {
        if (chunk->previous) chunk->previous->next = chunk->next;
        else from->oldest = chunk->next;
        if (chunk->next) chunk->next->previous = chunk->previous;
        else atomic_set_relaxed(&from->newest, chunk->previous);
    }
    mutex_unlock(&from->lock);
    return chunk;
}

/* One chunk of the inbox of `from`; what else was in it goes to the own shelf, with its credits. */
static MarkChunk *mark_queue_open_inbox(Marker *m, Marker *from)
{
    if (!atomic_get_relaxed(&from->inbox)) return NULL;
    MarkChunk *first = atomic_swap_acq_rel(&from->inbox, NULL);      // with mark_queue_send
    if (!first) return NULL;
    for (MarkChunk *chunk = first->next, *next; chunk; chunk = next) {
        next = chunk->next;
        mark_queue_shelve(m, chunk);
    }
    return first;
}

static bool mark_queue_take(Marker *m)
{
    const MarkGang *gang = m->gang;
    MarkChunk *chunk = mark_queue_take_shelved(m, true);
    if (!chunk) chunk = mark_queue_open_inbox(m, m);
    for (uint32_t i = 1; i < gang->active && !chunk; i++) {
        Marker *victim = gang->markers[(m->id + i) % gang->active];
        chunk = mark_queue_take_shelved(victim, false);
        if (!chunk) chunk = mark_queue_open_inbox(m, victim);
        if (chunk) m->counts.steals++;
    }
    if (!chunk) {
        m->counts.failed_steals += gang->active > 1;
        return false;
    }
    mark_queue_drop_chunk(m, m->top);
    m->top = chunk;
    return true;
}

/* ---- the end ----------------------------------------------------------------------------------------------------- */

static void mark_queue_doze(MarkGang *gang)
{
    uint32_t news = atomic_get_seq_cst(&gang->news);
    atomic_add_seq_cst(&gang->sleepers, 1);
    if (atomic_get_seq_cst(&gang->credits)) futex_wait(&gang->news, news, clock_monotonic_ns() + QUEUE_SLEEP_NS);
    atomic_add_seq_cst(&gang->sleepers, (uint32_t)-1);
}

/* Not at work: until there is something to take, nothing can come, or the time is up. */
static bool mark_queue_wait(Marker *m)
{
    MarkGang *gang = m->gang;
    bool found = false;
    atomic_set_relaxed(&gang->is_hungry[m->id], 1);
    atomic_add_seq_cst(&gang->hungry, 1);
    for (uint32_t spins = 0; atomic_get_seq_cst(&gang->credits) && !mark_gang_is_cut(gang); spins++) {
        found = mark_queue_take(m);
        if (found) break;
        if (spins < QUEUE_SPINS) atomic_pause();
        else mark_queue_doze(gang);
    }
    atomic_add_seq_cst(&gang->hungry, (uint32_t)-1);
    atomic_set_relaxed(&gang->is_hungry[m->id], 0);
    return found;
}

bool mark_queue_refill(Marker *m)
{
    MarkGang *gang = m->gang;
    if (m->way != MARK_ALONE) mark_queue_flush(m);
    if (mark_queue_take(m)) {
        atomic_add_seq_cst(&gang->credits, (uint32_t)-1);
        return true;
    }
    if (atomic_add_seq_cst(&gang->credits, (uint32_t)-1) == 1) {
        mark_queue_wake(gang, MARK_MOST_MARKERS);
        return false;
    }
    int64_t idle_ns = clock_thread_cpu_ns();
    bool found = mark_queue_wait(m);
    m->counts.busy_ns -= (uint64_t)(clock_thread_cpu_ns() - idle_ns);
    return found;
}

static MarkChunk *mark_queue_put_down(Marker *m, MarkChunk *chunk)
{
    if (!chunk->count) return chunk;
    mark_queue_publish(m, chunk);
    return mark_queue_new_chunk(m);
}

void mark_queue_leave(Marker *m)
{
    if (m->way != MARK_ALONE) mark_queue_flush(m);
    m->second = mark_queue_put_down(m, m->second);
    m->top = mark_queue_put_down(m, m->top);
    atomic_add_seq_cst(&m->gang->credits, (uint32_t)-1);
    if (m->way != MARK_ALONE) mark_queue_wake(m->gang, MARK_MOST_MARKERS);
}

void mark_queue_forget(Marker *m)
{
    MarkChunk *chunk;
    while ((chunk = mark_queue_take_shelved(m, true)) || (chunk = mark_queue_open_inbox(m, m))) mem_free(chunk);
}

bool mark_queue_join(MarkGang *gang)
{
    uint32_t credits = atomic_get_relaxed(&gang->credits);
    while (credits)
        if (atomic_cas(&gang->credits, &credits, credits + 1)) return true;
    return false;
}
