/* SPDX-License-Identifier: MIT */
/* re_compile_switch.c - choices told apart by their first character: one jump instead of trying each.
 *
 * Alternatives that begin with different characters exclude each other, so only the order among those that
 * begin alike matters. A bucket is such a set of alternatives; it is compiled once for all its characters. */
#include "vm/regexp/re_compile_int.h"

#include <stdlib.h>

#include "vm/base/assert.h"

enum { FEWEST_ALTERNATIVES = 4, MOST_FIRST_CHARACTERS = 4 };

typedef struct Entry {
    uint32_t character;
    uint32_t item;
} Entry;

typedef VEC(Entry) Entries;

/* The characters a match of `n` must begin with; 0 when there are too many to say, or none need come. */
static uint32_t first_characters(const ReNode *n, uint32_t out[MOST_FIRST_CHARACTERS])
{
    for (;;) {
        switch (n->kind) {
        case RE_SEQUENCE: n = n->list.items[0]; continue;
        case RE_GROUP:    n = n->group.body; continue;
        case RE_REPEAT:
            if (n->repeat.min == 0) return 0;
            n = n->repeat.body;
            continue;
        case RE_TEXT:
            out[0] = n->text.characters[0];
            return 1;
        case RE_SET: {
            uint32_t count = 0;
            for (uint32_t i = 0; i < n->set->count; i++) {
                for (uint32_t c = n->set->items[i].first; c <= n->set->items[i].last; c++) {
                    if (count == MOST_FIRST_CHARACTERS) return 0;
                    out[count++] = c;
                }
            }
            return count;
        }
        case RE_EMPTY: case RE_CHOICE: case RE_ASSERT: case RE_LOOK: case RE_BACKREF:
            return 0;
        }
    }
}

static int entry_compare(const void *a, const void *b)
{
    const Entry *x = a, *y = b;
    if (x->character != y->character) return x->character < y->character ? -1 : 1;
    return (x->item > y->item) - (x->item < y->item);
}

/* Sorted by character, then by order of the alternatives. */
static Entries collect(ReCompiler *c, ReNode **items, uint32_t count)
{
    Entries entries = { 0 };
    for (uint32_t i = 0; i < count; i++) {
        uint32_t first[MOST_FIRST_CHARACTERS], firsts = first_characters(items[i], first);
        for (uint32_t k = 0; k < firsts; k++) VEC_PUSH_ARENA(c->arena, &entries, ((Entry){ first[k], i }));
    }
    if (entries.count) qsort(entries.items, entries.count, sizeof(Entry), entry_compare);
    return entries;
}

static uint32_t bucket_end(const Entries *entries, uint32_t at)
{
    uint32_t end = at + 1;
    while (end < entries->count && entries->items[end].character == entries->items[at].character) end++;
    return end;
}

/* For each alternative the place in `entries` of the bucket it was first seen in. False when two buckets
 * share an alternative but not all of them. */
static bool assign_buckets(const Entries *entries, uint32_t *bucket_of_item, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) bucket_of_item[i] = UINT32_MAX;
    for (uint32_t at = 0; at < entries->count;) {
        uint32_t end = bucket_end(entries, at), home = bucket_of_item[entries->items[at].item];
        if (home != UINT32_MAX && bucket_end(entries, home) - home != end - at) return false;
        for (uint32_t i = at; i < end; i++) {
            uint32_t *bucket = &bucket_of_item[entries->items[i].item];
            if (*bucket != home) return false;
            if (home == UINT32_MAX) *bucket = at;
        }
        at = end;
    }
    return true;
}

uint32_t re_compile_switch_count(ReCompiler *c, ReNode **items, uint32_t count)
{
    uint32_t prefix = 0, first[MOST_FIRST_CHARACTERS];
    while (prefix < count && first_characters(items[prefix], first)) prefix++;
    if (prefix < FEWEST_ALTERNATIVES) return 0;
    Entries entries = collect(c, items, prefix);
    if (bucket_end(&entries, 0) == entries.count) return 0;          // one bucket: nothing to tell apart
    uint32_t *buckets = ARENA_ARRAY(c->arena, uint32_t, prefix);
    return assign_buckets(&entries, buckets, prefix) ? prefix : 0;
}

void re_compile_switch(ReCompiler *c, ReNode **items, uint32_t count, const ReFirst *follow)
{
    Entries entries = collect(c, items, count);
    uint32_t *buckets = ARENA_ARRAY(c->arena, uint32_t, count);
    bool is_consistent = assign_buckets(&entries, buckets, count);
    ASSERT(is_consistent, "re_compile_switch_count has found so");
    (void)is_consistent;

    uint32_t cases = 0;
    for (uint32_t at = 0; at < entries.count; at = bucket_end(&entries, at)) cases++;
    re_compile_emit(c, RE_OP_SWITCH);
    re_compile_emit(c, cases);
    uint32_t table = c->words.count;
    for (uint32_t at = 0; at < entries.count; at = bucket_end(&entries, at)) {
        re_compile_emit(c, entries.items[at].character);
        re_compile_emit(c, 0);
    }

    VEC(uint32_t) ends = { 0 };
    uint32_t *place_of_bucket = ARENA_ARRAY(c->arena, uint32_t, entries.count);
    for (uint32_t at = 0, slot = table + 1; at < entries.count; slot += 2) {
        uint32_t end = bucket_end(&entries, at), home = buckets[entries.items[at].item];
        if (home == at) {
            if (at) {                                  // the bucket before must not run into this one
                uint32_t jump = re_compile_jump(c);
                VEC_PUSH_ARENA(c->arena, &ends, jump);
            }
            place_of_bucket[at] = c->words.count;
            ReNode **members = ARENA_ARRAY(c->arena, ReNode *, end - at);
            for (uint32_t i = at; i < end; i++) members[i - at] = items[entries.items[i].item];
            re_compile_chain(c, members, end - at, false, follow);
        }
        c->words.items[slot] = place_of_bucket[home];
        at = end;
    }
    for (uint32_t i = 0; i < ends.count; i++) re_compile_land(c, ends.items[i]);
}
