/* SPDX-License-Identifier: MIT */
/* Properties and elements of objects that several threads use at once. Every thread knows what its own keys hold. */
#include "vm/object/object.h"

#include <stdio.h>

#include "tests/unit/race_fixture.h"
#include "vm/object/array_edit.h"
#include "vm/object/error.h"
#include "vm/object/realm.h"

enum { THREADS = 4, OBJECTS = 60, KEYS = 30, ROUNDS = 40, PUSHES = 4000 };

typedef struct ObjectRace {
    Object  *objects[OBJECTS];
    uint32_t finished;                   // atomic: threads that are through
} ObjectRace;

static void make_objects(Race *race, ObjectRace *to)
{
    LocalHeap *h = race_heap(race);
    *to = (ObjectRace){ 0 };
    for (uint32_t i = 0; i < OBJECTS; i++) {
        to->objects[i] = object_new_with_proto(h, VALUE_NULL);
        publish_cell(h, to->objects[i]);
    }
}

/* `body` on all threads, with objects that all of them share, finds nothing wrong. */
static void expect_objects_survive(void (*body)(RaceThread *t))
{
    Race race;
    ObjectRace objects;
    race_begin(&race);
    make_objects(&race, &objects);
    EXPECT_EQ(0u, race_run(&race, THREADS, body, &objects));
    race_end(&race);
}

static PropertyKey key_of(LocalHeap *h, uint32_t owner, uint32_t i)
{
    char text[32];
    snprintf(text, sizeof text, "key%u_%u", owner, i);
    return value_from_cell(intern_text(h, text));
}

static Value get(RaceThread *t, Object *o, PropertyKey key)
{
    return object_get(t->g, o, key);
}

static bool put(RaceThread *t, Object *o, PropertyKey key, uint32_t n)
{
    return object_put(t->g, o, key, value_from_uint32(n));
}

/* ---- named properties ---- */

static void add_own_keys(RaceThread *t)
{
    ObjectRace *race = t->context;
    for (uint32_t i = 0; i < OBJECTS; i++) {
        Object *o = race->objects[i];
        for (uint32_t k = 0; k < KEYS; k++) RACE_EXPECT(t, put(t, o, key_of(t->h, t->index, k), i * KEYS + k));
        for (uint32_t k = 0; k < KEYS; k++)
            RACE_EXPECT(t, get(t, o, key_of(t->h, t->index, k)) == value_from_uint32(i * KEYS + k));
        if (i % 16 == t->index) heap_collect(t->h);
    }
}

TEST(object_keeps_what_every_thread_adds)
{
    Race race;
    ObjectRace objects;
    race_begin(&race);
    make_objects(&race, &objects);
    EXPECT_EQ(0u, race_run(&race, THREADS, add_own_keys, &objects));
    Goroutine *g = vm_main_goroutine(race.vm);
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < OBJECTS; i++) {
        ValueList *keys = object_own_keys(g, objects.objects[i], KEYS_ALL);
        wrong += keys->count != THREADS * KEYS;
        for (uint32_t k = 0; k < THREADS * KEYS; k++) {
            Value v = object_get(g, objects.objects[i], key_of(&g->heap, k / KEYS, k % KEYS));
            wrong += v != value_from_uint32(i * KEYS + k % KEYS);
        }
    }
    EXPECT_EQ(0u, wrong);
    race_end(&race);
}

static void put_common_keys(RaceThread *t)
{
    ObjectRace *race = t->context;
    for (uint32_t i = 0; i < OBJECTS; i++)
        for (uint32_t k = 0; k < KEYS; k++) {
            PropertyKey key = key_of(t->h, 99, k);
            RACE_EXPECT(t, put(t, race->objects[i], key, t->index * 1000 + k));
            Value v = get(t, race->objects[i], key);
            RACE_EXPECT(t, value_is_int(v) && (uint32_t)value_int(v) % 1000 == k);
        }
}

TEST(object_adds_a_key_once_whoever_adds_it)
{
    Race race;
    ObjectRace objects;
    race_begin(&race);
    make_objects(&race, &objects);
    EXPECT_EQ(0u, race_run(&race, THREADS, put_common_keys, &objects));
    Goroutine *g = vm_main_goroutine(race.vm);
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < OBJECTS; i++)
        wrong += object_own_keys(g, objects.objects[i], KEYS_ALL)->count != KEYS;
    EXPECT_EQ(0u, wrong);
    race_end(&race);
}

static void add_and_delete(RaceThread *t)
{
    ObjectRace *race = t->context;
    for (uint32_t round = 1; round <= ROUNDS; round++)
        for (uint32_t i = 0; i < 4; i++)
            for (uint32_t k = 0; k < 8; k++) {
                PropertyKey key = key_of(t->h, t->index, k);
                Object *o = race->objects[i];
                RACE_EXPECT(t, value_is_undefined(get(t, o, key)));
                RACE_EXPECT(t, put(t, o, key, round));
                RACE_EXPECT(t, put(t, o, key, round + 1));
                RACE_EXPECT(t, get(t, o, key) == value_from_uint32(round + 1));
                RACE_EXPECT(t, object_delete(t->g, o, key) == TRI_TRUE);
                if (round % 16 == t->index && !k) heap_collect(t->h);
            }
}

TEST(object_deletes_and_adds_again_what_is_asked)
{
    Race race;
    ObjectRace objects;
    race_begin(&race);
    make_objects(&race, &objects);
    EXPECT_EQ(0u, race_run(&race, THREADS, add_and_delete, &objects));
    for (uint32_t i = 0; i < 4; i++)
        EXPECT_EQ(0u, object_own_keys(vm_main_goroutine(race.vm), objects.objects[i], KEYS_ALL)->count);
    race_end(&race);
}

static Value answer(Goroutine *g, Args a)
{
    return value_from_int(42);
}

static const NativeSpec answer_spec = { .name = "answer", .function = answer };

/* One key turns into an accessor and back, or goes, under its readers. */
static void redefine(RaceThread *t)
{
    ObjectRace *race = t->context;
    PropertyKey key = key_of(t->h, 0, 0);
    Value getter = value_from_cell(function_new_native(t->h, realm_current(t->g), &answer_spec, VALUE_UNDEFINED, 0));
    for (uint32_t i = 0; i < 200; i++) {
        Object *o = race->objects[i % 3];
        if (t->index == 0) {
            Descriptor accessor = descriptor_of_accessor(getter, VALUE_UNDEFINED, PROPERTY_CONFIGURABLE);
            Descriptor data = descriptor_of_data(value_from_int(42), PROPERTY_DEFAULT);
            RACE_EXPECT(t, object_define_own(t->g, o, key, &accessor) == TRI_TRUE);
            RACE_EXPECT(t, object_define_own(t->g, o, key, &data) == TRI_TRUE);
            if (i % 4 == 3) RACE_EXPECT(t, object_delete(t->g, o, key) == TRI_TRUE);
        } else {
            for (int k = 0; k < 20; k++) {
                Value v = get(t, o, key);
                RACE_EXPECT(t, value_is_undefined(v) || v == value_from_int(42));
            }
        }
    }
}

TEST(object_readers_see_a_value_or_a_getter_but_no_mixture)
{
    expect_objects_survive(redefine);
}

/* Whoever freezes first: from then on nothing changes. */
static void write_and_freeze(RaceThread *t)
{
    ObjectRace *race = t->context;
    PropertyKey key = key_of(t->h, 0, 0);
    for (uint32_t i = 0; i < OBJECTS; i++) {
        Object *o = race->objects[i];
        for (uint32_t n = 0; n < 200; n++)
            RACE_EXPECT(t, object_set_with(t->g, o, key, value_from_uint32(n), value_from_cell(o)) != TRI_THROWN);
        RACE_EXPECT(t, object_set_integrity(t->g, o, true) == TRI_TRUE);
        Value then = get(t, o, key);
        for (uint32_t n = 0; n < 50; n++) RACE_EXPECT(t, get(t, o, key) == then);
    }
}

TEST(object_frozen_stays_as_it_is)
{
    expect_objects_survive(write_and_freeze);
}

/* ---- elements of plain objects ---- */

static void change_elements(RaceThread *t)
{
    ObjectRace *race = t->context;
    for (uint32_t round = 1; round <= 10; round++)
        for (uint32_t i = 0; i < 3; i++)
            for (uint32_t k = 0; k < 60; k++) {
                PropertyKey key = key_from_index(k * THREADS + t->index + (k % 7 == 6 ? 100000 : 0));
                RACE_EXPECT(t, put(t, race->objects[i], key, round));
                RACE_EXPECT(t, get(t, race->objects[i], key) == value_from_uint32(round));
                if (k % 5 != 0) continue;
                RACE_EXPECT(t, object_delete(t->g, race->objects[i], key) == TRI_TRUE);
                RACE_EXPECT(t, value_is_undefined(get(t, race->objects[i], key)));
            }
}

TEST(object_elements_lose_no_change_of_any_thread)
{
    expect_objects_survive(change_elements);
}

/* ---- arrays ---- */

typedef struct ArrayRace {
    Array   *array;
    uint32_t finished;                   // atomic
    uint32_t taken;                      // atomic
} ArrayRace;

static ArrayRace make_array(Race *race)
{
    Array *a = array_new(vm_main_goroutine(race->vm));
    publish_cell(race_heap(race), a);
    return (ArrayRace){ .array = a };
}

static Value call_method(RaceThread *t, Array *a, const char *name, uint32_t count, const Value *arguments)
{
    return object_invoke(t->g, value_from_cell(a), value_from_cell(intern_text(t->h, name)), count, arguments);
}

static Value push(RaceThread *t, Array *a, uint32_t n)
{
    Value v = value_from_uint32(n);
    return call_method(t, a, "push", 1, &v);
}

static void push_own(RaceThread *t)
{
    ArrayRace *race = t->context;
    for (uint32_t i = 0; i < PUSHES; i++) {
        push(t, race->array, t->index * PUSHES + i);
        if (i % 1024 == t->index) heap_collect(t->h);
    }
}

TEST(array_push_keeps_all_and_the_order_of_each_thread)
{
    Race race;
    race_begin(&race);
    ArrayRace context = make_array(&race);
    EXPECT_EQ(0u, race_run(&race, THREADS, push_own, &context));
    EXPECT_EQ((uint32_t)THREADS * PUSHES, context.array->length);
    uint32_t next[THREADS] = { 0 }, wrong = 0;
    for (uint32_t i = 0; i < context.array->length; i++) {
        uint32_t n = (uint32_t)value_int(elements_try_get(context.array, i));
        wrong += n % PUSHES != next[n / PUSHES]++;
    }
    EXPECT_EQ(0u, wrong);
    race_end(&race);
}

/* Half of the threads push, half take from the front: each taker sees a pusher's numbers ascend. */
static void push_or_shift(RaceThread *t)
{
    ArrayRace *race = t->context;
    if (t->index < THREADS / 2) {
        for (uint32_t i = 0; i < PUSHES; i++) push(t, race->array, t->index * PUSHES + i);
        atomic_add_seq_cst(&race->finished, 1);
        return;
    }
    int64_t last[THREADS] = { -1, -1, -1, -1 };
    for (;;) {
        bool is_end = atomic_get_seq_cst(&race->finished) == THREADS / 2;
        Value v = call_method(t, race->array, "shift", 0, NULL);
        if (value_is_undefined(v) && is_end) return;
        if (value_is_undefined(v)) {
            safepoint_poll_slow(&t->mutator);
            continue;
        }
        int64_t n = value_int(v) % PUSHES;
        RACE_EXPECT(t, n > last[value_int(v) / PUSHES]);
        last[value_int(v) / PUSHES] = n;
        atomic_add_seq_cst(&race->taken, 1);
    }
}

TEST(array_push_and_shift_make_a_queue)
{
    Race race;
    race_begin(&race);
    ArrayRace context = make_array(&race);
    EXPECT_EQ(0u, race_run(&race, THREADS, push_or_shift, &context));
    EXPECT_EQ((uint32_t)THREADS / 2 * PUSHES, context.taken);
    EXPECT_EQ(0u, context.array->length);
    race_end(&race);
}

/* Every thread writes ascending numbers to places of its own, while the array grows and others look. */
static void write_own_places(RaceThread *t)
{
    ArrayRace *race = t->context;
    uint32_t seen[64] = { 0 };
    for (uint32_t n = 1; n <= 600; n++) {
        for (uint32_t i = t->index; i < 64; i += THREADS)
            RACE_EXPECT(t, put(t, &race->array->object, key_from_index(i), n));
        for (uint32_t i = 0; i < 64; i++) {
            Value v = get(t, &race->array->object, key_from_index(i));
            RACE_EXPECT(t, value_is_int(v) && (uint32_t)value_int(v) >= seen[i]);
            seen[i] = (uint32_t)value_int(v);
            RACE_EXPECT(t, i % THREADS != t->index || seen[i] == n);
        }
        push(t, race->array, n);
    }
}

TEST(array_growth_loses_no_store)
{
    Race race;
    race_begin(&race);
    ArrayRace context = make_array(&race);
    Goroutine *g = vm_main_goroutine(race.vm);
    for (uint32_t i = 0; i < 64; i++) EXPECT(array_push(g, context.array, value_from_int(0)));
    EXPECT_EQ(0u, race_run(&race, THREADS, write_own_places, &context));
    EXPECT_EQ(64u + THREADS * 600, context.array->length);
    race_end(&race);
}

/* Elements are moved about, none is lost, none doubled. */
static void rearrange(RaceThread *t)
{
    ArrayRace *race = t->context;
    for (uint32_t i = 0; i < 300; i++) {
        Value v, splice[3];
        switch ((i + t->index) % 4) {
        case 0: call_method(t, race->array, "reverse", 0, NULL); break;
        case 1:
            v = call_method(t, race->array, "pop", 0, NULL);
            call_method(t, race->array, "unshift", 1, &v);
            break;
        case 2:
            v = call_method(t, race->array, "shift", 0, NULL);
            call_method(t, race->array, "push", 1, &v);
            break;
        default:
            v = call_method(t, race->array, "pop", 0, NULL);
            splice[0] = value_from_int(3), splice[1] = value_from_int(0), splice[2] = v;
            call_method(t, race->array, "splice", 3, splice);
        }
        RACE_EXPECT(t, value_is_undefined(get(t, &race->array->object, key_from_index(5))) == false);
    }
}

TEST(array_rearranged_by_many_keeps_every_element)
{
    enum { COUNT = 100 };
    Race race;
    race_begin(&race);
    ArrayRace context = make_array(&race);
    Goroutine *g = vm_main_goroutine(race.vm);
    for (int i = 0; i < COUNT; i++) EXPECT(array_push(g, context.array, value_from_int(i)));
    EXPECT_EQ(0u, race_run(&race, THREADS, rearrange, &context));
    EXPECT_EQ((uint32_t)COUNT, context.array->length);
    uint32_t seen[COUNT] = { 0 }, wrong = 0;
    for (uint32_t i = 0; i < context.array->length; i++)
        seen[value_int(object_get(g, &context.array->object, key_from_index(i)))]++;
    for (int i = 0; i < COUNT; i++) wrong += seen[i] != 1;
    EXPECT_EQ(0u, wrong);
    race_end(&race);
}

/* The array goes sparse, and is cut, under its readers and writers. */
static void cut_and_scatter(RaceThread *t)
{
    ArrayRace *race = t->context;
    Object *o = &race->array->object;
    for (uint32_t i = 0; i < 300; i++) {
        uint32_t index = (i * 7 + t->index * 13) % 50 + (i > 200 ? 1000000 * (t->index + 1) : 0);
        RACE_EXPECT(t, put(t, o, key_from_index(index), i));
        if (t->index == 0 && i % 10 == 9) RACE_EXPECT(t, array_set_length(t->g, race->array, 20) == TRI_TRUE);
        for (uint32_t k = 0; k < 60; k++) {
            Value v = get(t, o, key_from_index(k));
            RACE_EXPECT(t, value_is_undefined(v) || (value_is_int(v) && value_int(v) < 300));
        }
        if (t->index == 1 && i % 20 == 0) {
            ValueList *keys = object_own_keys(t->g, o, KEYS_ALL);
            for (uint32_t k = 0; k + 1 < keys->count; k++) RACE_EXPECT(t, key_is_index(keys->items[k]));
        }
    }
}

TEST(array_cut_and_scattered_stays_sound)
{
    Race race;
    race_begin(&race);
    ArrayRace context = make_array(&race);
    EXPECT_EQ(0u, race_run(&race, THREADS, cut_and_scatter, &context));
    race_end(&race);
}
