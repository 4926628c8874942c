/* SPDX-License-Identifier: MIT */
/* Shards by the key's hash, each a lock, buckets and entries in the order in which they came. An entry whose key was
 * found is unlinked and stays unused until the end of the cycle. */
#include "gc/ephemeron.h"

#include <string.h>

#include "gc/heap_int.h"
#include "gc/mark.h"
#include "gc/shadow.h"
#include "vm/base/hash.h"

enum {
    EPHEMERON_SHARDS = 64,
    EPHEMERON_FIRST_BUCKETS = 64,
    EPHEMERON_KEPT_ENTRIES = 1024,           // of a shard; memory for more is given back after the cycle
};

typedef struct EphemeronEntry {
    const Cell *key;
    Value       value;
    uint32_t    next;                        // in the bucket: number of the entry + 1
} EphemeronEntry;

typedef struct EphemeronShard {
    Mutex     lock;                          // for all below
    uint32_t  waiting;                       // atomic: entries in buckets
    uint32_t  mask;                          // buckets - 1
    uint32_t *buckets;                       // numbers of entries + 1; NULL: none yet
    VEC(EphemeronEntry) entries;
    uint8_t   unused[64];                    // no line of two shards
} EphemeronShard;

struct Ephemerons {
    EphemeronShard shards[EPHEMERON_SHARDS];
};

Ephemerons *ephemeron_create(void)
{
    Ephemerons *all = mem_alloc_zeroed(sizeof *all);
    for (uint32_t i = 0; i < EPHEMERON_SHARDS; i++) mutex_init(&all->shards[i].lock, LOCK_MARKING, 0);
    return all;
}

static void ephemeron_free_shard(EphemeronShard *s)
{
    mem_free(s->buckets);
    s->buckets = NULL;
    VEC_FREE(&s->entries);
}

void ephemeron_destroy(Ephemerons *all)
{
    for (uint32_t i = 0; i < EPHEMERON_SHARDS; i++) ephemeron_free_shard(&all->shards[i]);
    mem_free(all);
}

static EphemeronShard *ephemeron_shard(Ephemerons *all, uint64_t hash)
{
    return &all->shards[hash >> 32 & (EPHEMERON_SHARDS - 1)];
}

static uint32_t *ephemeron_bucket(const EphemeronShard *s, uint64_t hash)
{
    return &s->buckets[(uint32_t)hash & s->mask];
}

/* ---- entering ---------------------------------------------------------------------------------------------------- */

static void ephemeron_link(EphemeronShard *s, uint32_t i)
{
    uint32_t *bucket = ephemeron_bucket(s, hash_word((uintptr_t)s->entries.items[i].key));
    s->entries.items[i].next = *bucket;
    *bucket = i + 1;
}

/* Entries that were found have no key any more. */
static void ephemeron_grow(EphemeronShard *s)
{
    uint32_t count = s->buckets ? (s->mask + 1) * 2 : EPHEMERON_FIRST_BUCKETS;
    mem_free(s->buckets);
    s->buckets = mem_alloc_zeroed(count * sizeof *s->buckets);
    s->mask = count - 1;
    for (uint32_t i = 0; i < s->entries.count; i++)
        if (s->entries.items[i].key) ephemeron_link(s, i);
}

/* False: the key was marked meanwhile. That something waits is said before the key's mark is looked at, as its scan
 * looks at what waits behind the mark: one of the two sees the other. */
static bool ephemeron_enter(Marker *m, EphemeronShard *s, const Cell *key, Value value)
{
    EphemeronEntry entry = { .key = key, .value = value };
    atomic_add_seq_cst(&s->waiting, 1);
    if (mark_is_marked(m, key)) {
        atomic_add_seq_cst(&s->waiting, (uint32_t)-1);
        return false;
    }
    if (!s->buckets || s->entries.count > s->mask) ephemeron_grow(s);
    VEC_PUSH(&s->entries, entry);
    ephemeron_link(s, s->entries.count - 1);
    return true;
}

void ephemeron_mark(Marker *m, const void *key, Value value)
{
    if (UNLIKELY(m->visit != NULL)) {
        shadow_mark_entry(m, key, value);
        return;
    }
    if (!cell_is_reference(value) || mark_is_marked(m, (const Cell *)(uintptr_t)value)) return;
    if (mark_is_marked(m, key)) {
        mark_value(m, value);
        return;
    }
    EphemeronShard *s = ephemeron_shard(m->heap->ephemerons, hash_word((uintptr_t)key));
    mutex_lock(&s->lock);
    bool waits = ephemeron_enter(m, s, key, value);
    mutex_unlock(&s->lock);
    if (!waits) mark_value(m, value);
}

/* ---- finding ----------------------------------------------------------------------------------------------------- */

/* Unlink an entry of `key`; false: none is left. */
static bool ephemeron_take(EphemeronShard *s, const Cell *key, Value *value)
{
    if (!s->buckets) return false;
    uint32_t *link = ephemeron_bucket(s, hash_word((uintptr_t)key));
    while (*link && s->entries.items[*link - 1].key != key) link = &s->entries.items[*link - 1].next;
    if (!*link) return false;
    EphemeronEntry *entry = &s->entries.items[*link - 1];
    *link = entry->next;
    *value = entry->value;
    entry->key = NULL;
    atomic_add_seq_cst(&s->waiting, (uint32_t)-1);
    return true;
}

void ephemeron_found(Marker *m, const Cell *c)
{
    Value value;
    bool found;
    EphemeronShard *s = ephemeron_shard(m->heap->ephemerons, hash_word((uintptr_t)c));
    atomic_fence_seq_cst();                  // between the mark and this look; with ephemeron_enter
    if (!atomic_get_relaxed(&s->waiting)) return;
    do {
        mutex_lock(&s->lock);
        found = ephemeron_take(s, c, &value);
        mutex_unlock(&s->lock);
        if (found) mark_value(m, value);
    } while (found);
}

/* ---- cycles ------------------------------------------------------------------------------------------------------ */

void ephemeron_clear(Heap *heap)
{
    for (uint32_t i = 0; i < EPHEMERON_SHARDS; i++) {
        EphemeronShard *s = &heap->ephemerons->shards[i];
        s->waiting = 0;
        if (s->entries.count > EPHEMERON_KEPT_ENTRIES) ephemeron_free_shard(s);
        else if (s->entries.count) memset(s->buckets, 0, (size_t)(s->mask + 1) * sizeof *s->buckets);
        s->entries.count = 0;
    }
}
