/* SPDX-License-Identifier: MIT */
/* A WeakMap, weak references, a promise and a generator-like claim that several threads use at once. */
#include "gc/monitor.h"
#include "tests/unit/race_fixture.h"
#include "vm/object/realm.h"
#include "vm/object/weak.h"
#include "vm/value/symbol.h"

enum { THREADS = 4, KEYS = 200, ROUNDS = 10 };

typedef struct WeakRace {
    WeakCollection *map;
    WeakRef        *refs[KEYS];
    Value           keys[KEYS];
    Value           won[THREADS][KEYS];
} WeakRace;

static Value new_key(LocalHeap *h)
{
    return value_from_cell(symbol_new(h, VALUE_UNDEFINED, 0));
}

/* Keys of its own come and go; those that all know stay, with values that nobody changes. */
static void change_weak_map(RaceThread *t)
{
    WeakRace *race = t->context;
    for (int32_t round = 0; round < ROUNDS; round++) {
        Value own[KEYS];
        for (int32_t i = 0; i < KEYS; i++) {
            Value v;
            own[i] = new_key(t->h);
            RACE_EXPECT(t, weak_put(t->h, race->map, own[i], value_from_int(i)));
            RACE_EXPECT(t, weak_get(t->h, race->map, race->keys[i], &v) && v == value_from_int(-i));
        }
        for (int32_t i = 0; i < KEYS; i++) {
            Value v;
            RACE_EXPECT(t, weak_get(t->h, race->map, own[i], &v) && v == value_from_int(i));
            RACE_EXPECT(t, weak_deref(t->g, race->refs[i]) == race->keys[i]);
            if (i % 2) RACE_EXPECT(t, weak_remove(t->h, race->map, own[i]) && !weak_get(t->h, race->map, own[i], NULL));
        }
        weak_release_kept(t->g);
        heap_collect(t->h);
    }
}

static void begin(Race *race, WeakRace *weak)
{
    race_begin(race);
    Goroutine *g = vm_main_goroutine(race->vm);
    LocalHeap *h = race_heap(race);
    *weak = (WeakRace){ .map = weak_new_collection(h, KIND_WEAK_MAP, VALUE_NULL) };
    for (int32_t i = 0; i < KEYS; i++) {
        weak->keys[i] = new_key(h);
        weak->refs[i] = weak_new_ref(g, VALUE_NULL, weak->keys[i]);
        publish_cell(h, weak->refs[i]);
    }
    publish_cell(h, weak->map);
}

TEST(weak_map_loses_no_change_of_any_thread)
{
    Race race;
    WeakRace weak;
    begin(&race, &weak);
    LocalHeap *h = race_heap(&race);
    for (int32_t i = 0; i < KEYS; i++) EXPECT(weak_put(h, weak.map, weak.keys[i], value_from_int(-i)));
    EXPECT_EQ(0u, race_run(&race, THREADS, change_weak_map, &weak));
    race_end(&race);
}

static void put_same_keys(RaceThread *t)
{
    WeakRace *race = t->context;
    for (int32_t i = 0; i < KEYS; i++) {
        Value v = new_key(t->h);
        RACE_EXPECT(t, weak_get_or_put(t->h, race->map, race->keys[i], &v));
        RACE_EXPECT(t, cell_is_shared(value_cell(v)));
        race->won[t->index][i] = v;
    }
}

TEST(weak_map_get_or_put_has_one_winner)
{
    Race race;
    WeakRace weak;
    begin(&race, &weak);
    EXPECT_EQ(0u, race_run(&race, THREADS, put_same_keys, &weak));
    uint32_t different = 0;
    for (uint32_t i = 0; i < KEYS; i++)
        for (uint32_t k = 1; k < THREADS; k++) different += weak.won[k][i] != weak.won[0][i];
    EXPECT_EQ(0u, different);
    race_end(&race);
}

TEST(weak_map_publishes_its_keys_and_values)
{
    Race race;
    race_begin(&race);
    LocalHeap *h = race_heap(&race);
    WeakCollection *map = weak_new_collection(h, KIND_WEAK_MAP, VALUE_NULL);
    Value key = new_key(h), v = new_key(h), later = new_key(h);
    EXPECT(weak_put(h, map, key, v));
    publish_cell(h, map);
    EXPECT(cell_is_shared(value_cell(key)) && cell_is_shared(value_cell(v)));
    EXPECT(weak_put(h, map, later, VALUE_NULL));
    EXPECT(cell_is_shared(value_cell(later)));
    race_end(&race);
}
