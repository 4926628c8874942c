/* SPDX-License-Identifier: MIT */
/* One map that several threads read, change and walk at once. Every thread knows what its own keys must hold. */
#include <stdio.h>

#include "tests/unit/race_fixture.h"
#include "vm/object/table.h"
#include "vm/value/intern.h"

enum { THREADS = 4, KEYS = 400, ROUNDS = 12, FIXED = 300 };

typedef struct TableRace {
    Collection *map;
    Value       won[THREADS][KEYS];
} TableRace;

static Collection *shared_map(Race *race)
{
    LocalHeap *h = race_heap(race);
    Collection *map = table_new_collection(h, KIND_MAP, VALUE_NULL);
    publish_cell(h, map);
    return map;
}

/* Key `i` of a thread: a number, or a string made anew each time, long enough to be a rope. */
static Value key_of(LocalHeap *h, uint32_t owner, uint32_t i)
{
    char text[64];
    if (i % 2) return value_from_int((int32_t)(owner * KEYS + i));
    snprintf(text, sizeof text, ", which belongs to thread %u", owner);
    String *name = string_new_text(h, text);
    snprintf(text, sizeof text, "key %u", i);
    return value_from_cell(string_concat(h, string_new_text(h, text), name));
}

static Value value_of(LocalHeap *h, uint32_t n)
{
    return n % 2 ? value_from_int((int32_t)n) : value_from_cell(string_concat(h, string_new_text(h, "a value made of "),
                                                                               string_new_text(h, "several parts")));
}

/* ---- own keys ---- */

static void change_own_keys(RaceThread *t)
{
    Collection *map = ((TableRace *)t->context)->map;
    for (uint32_t round = 1; round <= ROUNDS; round++) {
        for (uint32_t i = 0; i < KEYS; i++) {
            Value key = key_of(t->h, t->index, i), v;
            RACE_EXPECT(t, table_get(t->h, map, key, &v) == (round > 1 && i % 3 != 0));
            RACE_EXPECT(t, table_put(t->h, map, key, value_from_int((int32_t)round)));
            RACE_EXPECT(t, table_get(t->h, map, key_of(t->h, t->index, i), &v) && v == value_from_int((int32_t)round));
            if (i % 3 == 0) RACE_EXPECT(t, table_remove(t->h, map, key) && !table_get(t->h, map, key, NULL));
        }
        if (round % THREADS == t->index) heap_collect(t->h);
    }
}

TEST(table_loses_no_change_of_any_thread)
{
    Race race;
    race_begin(&race);
    TableRace table = { .map = shared_map(&race) };
    EXPECT_EQ(0u, race_run(&race, THREADS, change_own_keys, &table));
    LocalHeap *h = race_heap(&race);
    uint32_t lost = 0, kept = 0;
    for (uint32_t owner = 0; owner < THREADS; owner++) {
        for (uint32_t i = 0; i < KEYS; i++) {
            Value v = VALUE_NULL;
            bool found = table_get(h, table.map, key_of(h, owner, i), &v);
            lost += found != (i % 3 != 0) || (found && v != value_from_int(ROUNDS));
            kept += found;
        }
    }
    EXPECT_EQ(0u, lost);
    EXPECT_EQ(kept, table_count(h, table.map));
    race_end(&race);
}

/* ---- one winner ---- */

static void put_same_keys(RaceThread *t)
{
    TableRace *race = t->context;
    for (uint32_t i = 0; i < KEYS; i++) {
        Value v = value_of(t->h, i * 2);
        RACE_EXPECT(t, table_get_or_put(t->h, race->map, key_of(t->h, 0, i), &v));
        race->won[t->index][i] = v;
    }
}

TEST(table_get_or_put_has_one_winner)
{
    Race race;
    race_begin(&race);
    TableRace table = { .map = shared_map(&race) };
    EXPECT_EQ(0u, race_run(&race, THREADS, put_same_keys, &table));
    uint32_t different = 0;
    for (uint32_t i = 0; i < KEYS; i++)
        for (uint32_t k = 1; k < THREADS; k++) different += table.won[k][i] != table.won[0][i];
    EXPECT_EQ(0u, different);
    EXPECT_EQ(KEYS, table_count(race_heap(&race), table.map));
    race_end(&race);
}

/* ---- walking ---- */

/* Thread 0 and 1 change keys of their own; the others walk. The first FIXED keys are there all the time, with values
 * that only grow, and every walk meets each of them once, in order. */
static void walk_or_change(RaceThread *t)
{
    Collection *map = ((TableRace *)t->context)->map;
    int32_t seen[FIXED] = { 0 };
    for (int32_t round = 1; round <= ROUNDS * 4; round++) {
        if (t->index < 2) {
            for (int32_t i = (int32_t)t->index; i < FIXED; i += 2)
                RACE_EXPECT(t, table_put(t->h, map, value_from_int(i), value_from_int(round)));
            for (uint32_t i = 0; i < KEYS; i++)
                RACE_EXPECT(t, table_put(t->h, map, key_of(t->h, t->index + 1, i), VALUE_TRUE));
            for (uint32_t i = 0; i < KEYS; i++)
                RACE_EXPECT(t, table_remove(t->h, map, key_of(t->h, t->index + 1, i)));
            continue;
        }
        TableCursor cursor = table_begin(map);
        int32_t expected = 0;
        for (Value key, v; table_next(&cursor, &key, &v);) {
            RACE_EXPECT(t, string_new_text(t->h, "so that the world may stop here"));
            if (!value_is_int(key) || value_int(key) >= FIXED) {
                RACE_EXPECT(t, v == VALUE_TRUE);
                continue;
            }
            RACE_EXPECT(t, value_int(key) == expected++);
            RACE_EXPECT(t, value_int(v) >= seen[value_int(key)]);
            seen[value_int(key)] = value_int(v);
        }
        RACE_EXPECT(t, expected == FIXED);
        if (round % 8 == 0) heap_collect(t->h);
    }
}

TEST(table_cursors_meet_what_stays_once)
{
    Race race;
    race_begin(&race);
    TableRace table = { .map = shared_map(&race) };
    LocalHeap *h = race_heap(&race);
    for (int32_t i = 0; i < FIXED; i++) EXPECT(table_put(h, table.map, value_from_int(i), VALUE_ZERO));
    EXPECT_EQ(0u, race_run(&race, THREADS, walk_or_change, &table));
    EXPECT_EQ(FIXED, table_count(h, table.map));
    race_end(&race);
}

/* ---- clearing ---- */

/* Who clears leaves nothing of what it put before; what others see is whole. */
static void clear_and_put(RaceThread *t)
{
    Collection *map = ((TableRace *)t->context)->map;
    for (int32_t round = 0; round < 200 * ROUNDS; round++) {
        Value v, key = value_from_int((int32_t)t->index);
        RACE_EXPECT(t, table_put(t->h, map, key, value_from_int(round)));
        RACE_EXPECT(t, !table_get(t->h, map, key, &v) || v == value_from_int(round));
        if (round % 16 == (int32_t)t->index) {
            table_clear(t->h, map);
            RACE_EXPECT(t, !table_get(t->h, map, key, NULL));
        }
        RACE_EXPECT(t, table_count(t->h, map) <= THREADS);
    }
}

TEST(table_clear_takes_effect_at_once)
{
    Race race;
    race_begin(&race);
    TableRace table = { .map = shared_map(&race) };
    EXPECT_EQ(0u, race_run(&race, THREADS, clear_and_put, &table));
    race_end(&race);
}
