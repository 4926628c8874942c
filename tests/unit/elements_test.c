/* SPDX-License-Identifier: MIT */
/* Properties with array-index keys: dense, with holes, sparse; and the length of arrays. */
#include "vm/object/elements.h"

#include "gc/publish.h"
#include "tests/unit/vm_fixture.h"
#include "vm/object/array.h"

static Value get(VmFixture *f, Object *o, uint32_t index)
{
    return object_get(f->g, o, key_from_index(index));
}

static bool put(VmFixture *f, Object *o, uint32_t index, int value)
{
    return object_put(f->g, o, key_from_index(index), value_from_int(value));
}

/* The own element keys as text. */
static const char *keys_of(VmFixture *f, Object *o)
{
    ValueList *keys = list_new(f->h, 4);
    elements_keys(f->h, o, &keys);
    return vm_fixture_show(f, array_from_keys(f->g, keys));
}

TEST(elements_of_an_array_have_holes_and_prototypes_show_through)
{
    VmFixture f;
    vm_fixture_begin(&f);
    Array *a = array_of(vm_fixture_run(&f, "[1, , 3]"));
    Object *o = &a->object;
    EXPECT_EQ(3u, a->length);
    EXPECT_EQ(VALUE_HOLE, elements_try_get(a, 1));
    EXPECT_EQ(VALUE_HOLE, elements_try_get(a, 3));
    EXPECT_EQ(VALUE_UNDEFINED, get(&f, o, 1));
    EXPECT_EQ(TRI_FALSE, object_has(f.g, o, key_from_index(1)));
    EXPECT_TEXT("0,2", keys_of(&f, o));
    EXPECT_RUNS(&f, "proto", "Array.prototype[1] = 'proto'; [1, , 3][1]");
    EXPECT_VALUE(&f, "proto", get(&f, o, 1));
    EXPECT_TEXT("0,2", keys_of(&f, o));
    PropertyRef ref;
    EXPECT(!elements_find(f.h, o, 1, &ref));
    EXPECT(elements_find(f.h, o, 2, &ref) && ref.value == value_from_int(3) && ref.attributes == PROPERTY_DEFAULT);
    vm_fixture_end(&f);
}

TEST(elements_of_plain_objects_come_first_and_ascend)
{
    VmFixture f;
    vm_fixture_begin(&f);
    EXPECT_RUNS(&f, "1,7,4294967294,b,4294967295,a",
                "var o = { b: 1, 7: 1, 4294967295: 1 }; o[4294967294] = 1; o.a = 1; o[1] = 1; Reflect.ownKeys(o)");
    Object *o = vm_fixture_object(&f, "o");
    EXPECT(elements_any(o));
    EXPECT(elements_remove(f.h, o, 1) && elements_remove(f.h, o, 7) && elements_remove(f.h, o, 4294967294));
    EXPECT(!elements_any(o));
    EXPECT_RUNS(&f, "b,4294967295,a", "Reflect.ownKeys(o)");
    vm_fixture_end(&f);
}

TEST(elements_far_away_cost_no_memory_in_between)
{
    VmFixture f;
    vm_fixture_begin(&f);
    Array *a = array_of(vm_fixture_run(&f, "[0, 1, 2]"));
    heap_collect(f.h);
    uint64_t before = heap_stats(f.vm->heap).live_bytes;
    EXPECT(put(&f, &a->object, 4000000000u, 7));
    EXPECT_EQ(4000000001u, a->length);
    EXPECT_EQ(value_from_int(7), get(&f, &a->object, 4000000000u));
    EXPECT_EQ(value_from_int(2), get(&f, &a->object, 2));
    EXPECT_EQ(VALUE_UNDEFINED, get(&f, &a->object, 3));
    EXPECT_TEXT("0,1,2,4000000000", keys_of(&f, &a->object));
    heap_collect(f.h);
    EXPECT(heap_stats(f.vm->heap).live_bytes < before + (64 << 10));
    EXPECT_EQ(TRI_TRUE, array_set_length(f.g, a, 2));
    EXPECT_TEXT("0,1", keys_of(&f, &a->object));
    vm_fixture_end(&f);
}

TEST(elements_with_other_attributes_stay_what_they_are)
{
    VmFixture f;
    vm_fixture_begin(&f);
    Array *a = array_of(vm_fixture_run(&f, "[0, 1, 2, 3, 4]"));
    EXPECT(elements_define(f.h, &a->object, 2, value_from_int(22), PROPERTY_ENUMERABLE));
    PropertyRef ref;
    EXPECT(elements_find(f.h, &a->object, 2, &ref) && ref.attributes == PROPERTY_ENUMERABLE);
    EXPECT_EQ(value_from_int(22), ref.value);
    EXPECT(elements_find(f.h, &a->object, 3, &ref) && ref.attributes == PROPERTY_DEFAULT);
    EXPECT(!put(&f, &a->object, 2, 5));
    (void)error_take(f.g);
    EXPECT_EQ(TRI_FALSE, object_delete(f.g, &a->object, key_from_index(2)));
    EXPECT_EQ(TRI_FALSE, array_set_length(f.g, a, 1));        // stops at what cannot go
    EXPECT_EQ(3u, a->length);
    EXPECT_TEXT("0,1,2", keys_of(&f, &a->object));
    vm_fixture_end(&f);
}

TEST(elements_frozen_and_sealed_refuse)
{
    VmFixture f;
    vm_fixture_begin(&f);
    Object *frozen = vm_fixture_object(&f, "Object.freeze([1, 2])");
    Object *sealed = vm_fixture_object(&f, "Object.seal([1, 2])");
    Object *all[] = { frozen, sealed };
    for (int i = 0; i < 2; i++) {
        Value self = value_from_cell(all[i]);
        EXPECT_EQ(i ? TRI_TRUE : TRI_FALSE, object_set_with(f.g, all[i], key_from_index(0), VALUE_NULL, self));
        EXPECT_EQ(TRI_FALSE, object_set_with(f.g, all[i], key_from_index(2), VALUE_NULL, self));
        EXPECT_EQ(TRI_FALSE, object_delete(f.g, all[i], key_from_index(1)));
        EXPECT_TEXT("0,1", keys_of(&f, all[i]));
    }
    EXPECT_EQ(value_from_int(1), get(&f, frozen, 0));
    EXPECT_EQ(VALUE_NULL, get(&f, sealed, 0));
    EXPECT_RUNS(&f, "TypeError", "'use strict'; try { Object.freeze([1, 2])[2] = 1 } catch (e) { e.name }");
    vm_fixture_end(&f);
}

TEST(array_length_has_its_bounds)
{
    VmFixture f;
    vm_fixture_begin(&f);
    EXPECT_RUNS(&f, "!! RangeError: Invalid array length", "[].length = -1");
    EXPECT_RUNS(&f, "!! RangeError: Invalid array length", "[].length = 4294967296");
    EXPECT_RUNS(&f, "!! RangeError: Invalid array length", "new Array(1.5)");
    EXPECT(!array_create(f.g, 4294967296.0, VALUE_UNDEFINED));
    EXPECT_VALUE(&f, "!! RangeError: Invalid array length", VALUE_THROWN);
    Array *a = array_create(f.g, 4294967295.0, VALUE_UNDEFINED);
    REQUIRE(a);
    EXPECT_EQ(UINT32_MAX, a->length);
    EXPECT(!array_push(f.g, a, VALUE_NULL));
    (void)error_take(f.g);
    EXPECT_EQ(TRI_TRUE, array_set_length(f.g, a, 0));
    EXPECT(array_push(f.g, a, VALUE_NULL) && array_push(f.g, a, VALUE_TRUE));
    EXPECT_EQ(2u, a->length);
    EXPECT_EQ(VALUE_TRUE, elements_try_get(a, 1));
    Value values[] = { value_from_int(1), VALUE_HOLE, value_from_int(3) };
    EXPECT_TEXT("0,2", keys_of(&f, &array_from_values(f.g, 3, values)->object));
    vm_fixture_end(&f);
}

/* ---- an array against a model of it: the elements below BOUND, and two far away ---- */

enum { BOUND = 300, FAR = 2, STEPS = 8000, NONE = -1 };

static uint32_t index_of(int place)
{
    return place < BOUND ? (uint32_t)place : place == BOUND ? 70000000 : 4294967294u;
}

static void expect_like_model(VmFixture *f, Array *a, const int *model, uint32_t length)
{
    EXPECT_EQ(length, a->length);
    ValueList *keys = list_new(f->h, 4);
    elements_keys(f->h, &a->object, &keys);
    uint32_t count = 0;
    for (int place = 0; place < BOUND + FAR; place++) {
        PropertyRef ref;
        bool found = elements_find(f->h, &a->object, index_of(place), &ref);
        EXPECT_EQ(model[place] != NONE, found);
        if (!found) continue;
        EXPECT_EQ(value_from_int(model[place]), ref.value);
        REQUIRE(count < keys->count);
        EXPECT(keys->items[count++] == key_from_index(index_of(place)));
    }
    EXPECT_EQ(count, keys->count);
}

TEST(elements_hold_what_was_put_in_any_order)
{
    VmFixture f;
    vm_fixture_begin(&f);
    for (uint32_t seed = 1; seed <= 4; seed++) {              // odd ones never go far away: they stay dense
        Array *a = array_new(f.g);
        int model[BOUND + FAR];
        uint32_t random = seed, length = 0;
        for (int i = 0; i < BOUND + FAR; i++) model[i] = NONE;
        for (int i = 0; i < STEPS / 4; i++) {
            random = random * 1664525 + 1013904223;
            int place = (int)(random >> 8) % (seed % 2 || random >> 30 ? BOUND : BOUND + FAR);
            switch (random >> 27 & 7) {
            case 0:
                EXPECT(object_delete(f.g, &a->object, key_from_index(index_of(place))) == TRI_TRUE);
                model[place] = NONE;
                break;
            case 1:
                if (i % 5) break;
                length = (uint32_t)place;
                EXPECT_EQ(TRI_TRUE, array_set_length(f.g, a, length));
                for (int k = place; k < BOUND + FAR; k++)
                    if (index_of(k) >= length) model[k] = NONE;
                break;
            default:
                EXPECT(put(&f, &a->object, index_of(place), i));
                model[place] = i;
                if (index_of(place) >= length) length = index_of(place) + 1;
            }
            if (i % 40 == 0) expect_like_model(&f, a, model, length);
        }
        expect_like_model(&f, a, model, length);
    }
    vm_fixture_end(&f);
}

/* Whoever saw as many places of `a`, which is shared, as anybody may have seen reads inside its vector (I4). */
static bool has_places_seen(const Array *a, uint32_t *most)
{
    const Elements *e = (const Elements *)a->elements;
    if (a->capacity > *most) *most = a->capacity;
    return e->cell.kind != KIND_ELEMENTS || (size_t)(a->base - e->items) + *most <= e->capacity;
}

/* In walks of random steps, each with an array of its own. */
static uint32_t count_steps_without_places(VmFixture *f, uint32_t count, const char *const *steps)
{
    uint32_t faults = 0, at = 1;
    for (uint32_t walk = 0; walk < 50; walk++) {
        uint32_t most = 0;
        Array *a = array_of(vm_fixture_run(f, "var a = [1]; a"));
        publish_cell(f->h, a);
        for (uint32_t i = 0; i < 25; i++) {
            (void)vm_fixture_run(f, steps[(at >> 16) % count]);
            faults += !has_places_seen(a, &most);
            at = at * 1664525 + 1013904223;
        }
    }
    return faults;
}

TEST(elements_of_a_shared_queue_lie_in_its_vector_for_all_readers)
{
    static const char *const steps[] = {
        "while (a.length < 11) a.push(1)", "while (a.length) a.shift()", "a.push(1)", "a.shift()", "a.pop()",
    };
    VmFixture f;
    vm_fixture_begin(&f);
    EXPECT_EQ(0u, count_steps_without_places(&f, COUNT_OF(steps), steps));
    vm_fixture_end(&f);
}

TEST(elements_of_a_shared_array_lie_in_its_vector_for_all_readers)
{
    static const char *const steps[] = {
        "while (a.length < 40) a.push(1)", "while (a.length) a.shift()", "a.push(1)", "a.unshift(1)", "a.reverse()",
        "a[4000000000] = 1; a.length = 0", "a.splice(1, 2, 1, 1, 1)", "a.length = 0", "a[a.length + 3] = 1", "a.sort()",
        "a[2000] = 1; a.length = 0", "a.fill(1)", "if (a.length < 99) a.push(...a, 1)", "a.splice(3)",
    };
    VmFixture f;
    vm_fixture_begin(&f);
    EXPECT_EQ(0u, count_steps_without_places(&f, COUNT_OF(steps), steps));
    vm_fixture_end(&f);
}
