/* SPDX-License-Identifier: MIT */
/* Objects with named properties: shapes, transitions, dictionaries, and what a property may become. */
#include "vm/object/shape.h"

#include "tests/unit/vm_fixture.h"
#include "vm/object/object.h"

static Shape *shape_of(VmFixture *f, Object *o)
{
    return object_shape(f->vm, o);
}

TEST(shape_is_shared_by_objects_built_alike)
{
    VmFixture f;
    vm_fixture_begin(&f);
    Object *a = vm_fixture_object(&f, "({ x: 1, y: 2 })"), *b = vm_fixture_object(&f, "({ x: 'other', y: null })");
    Object *c = vm_fixture_object(&f, "({ y: 1, x: 2 })"), *d = vm_fixture_object(&f, "({ x: 1, y: 2, z: 3 })");
    EXPECT(shape_of(&f, a) == shape_of(&f, b));
    EXPECT(shape_of(&f, a) != shape_of(&f, c));
    EXPECT(shape_of(&f, a) != shape_of(&f, d));
    EXPECT(object_put(f.g, a, vm_fixture_key(&f, "z"), VALUE_NULL));
    EXPECT_EQ(3u, shape_of(&f, a)->count);
    EXPECT(object_put(f.g, b, vm_fixture_key(&f, "z"), VALUE_TRUE));
    EXPECT(shape_of(&f, a) == shape_of(&f, b));
    EXPECT_VALUE(&f, "other", object_get(f.g, b, vm_fixture_key(&f, "x")));
    EXPECT_VALUE(&f, "true", object_get(f.g, b, vm_fixture_key(&f, "z")));
    vm_fixture_end(&f);
}

TEST(shape_transitions_are_found_again_by_key_and_attributes)
{
    VmFixture f;
    vm_fixture_begin(&f);
    Value proto = value_from_cell(vm_fixture_object(&f, "({})"));
    Shape *root = shape_root(f.h, KIND_OBJECT, proto, 4);
    EXPECT(shape_root(f.h, KIND_OBJECT, proto, 4) == root && shape_find_root(f.vm, KIND_OBJECT, proto, 4) == root);
    EXPECT(shape_root(f.h, KIND_OBJECT, proto, 5) != root && shape_root(f.h, KIND_ARRAY, proto, 4) != root);
    EXPECT(shape_root(f.h, KIND_OBJECT, VALUE_NULL, 4) != root);
    PropertyKey x = vm_fixture_key(&f, "x"), y = vm_fixture_key(&f, "y");
    Shape *with_x = shape_add(f.h, root, x, PROPERTY_DEFAULT);
    EXPECT(shape_add(f.h, root, x, PROPERTY_DEFAULT) == with_x);
    EXPECT(shape_add(f.h, root, x, PROPERTY_WRITABLE) != with_x);
    EXPECT(shape_add(f.h, root, y, PROPERTY_DEFAULT) != with_x);
    Shape *with_both = shape_add(f.h, with_x, y, PROPERTY_METHOD);
    PropertyPlace place;
    EXPECT(shape_find(with_both, x, &place) && place.slot == 0 && place.attributes == PROPERTY_DEFAULT);
    EXPECT(shape_find(with_both, y, &place) && place.slot == 1 && place.attributes == PROPERTY_METHOD);
    EXPECT(!shape_find(with_x, y, &place));                   // though both see one table
    EXPECT(!shape_find(root, x, &place));
    EXPECT(shape_number(with_both) != shape_number(with_x) && shape_at(f.vm, shape_number(with_x)) == with_x);
    vm_fixture_end(&f);
}

TEST(shape_of_a_crowd_or_after_a_delete_is_a_dictionary)
{
    VmFixture f;
    vm_fixture_begin(&f);
    Object *small = vm_fixture_object(&f, "({ a: 1, b: 2, c: 3 })");
    EXPECT(!shape_is_dictionary(shape_of(&f, small)));
    EXPECT_EQ(TRI_TRUE, object_delete(f.g, small, vm_fixture_key(&f, "a")));
    EXPECT(shape_is_dictionary(shape_of(&f, small)));
    EXPECT(object_put(f.g, small, vm_fixture_key(&f, "a"), value_from_int(4)));
    Object *large = vm_fixture_object(&f, "({})");
    char name[8];
    for (int i = 0; i < 200; i++) {
        snprintf(name, sizeof name, "p%d", i);
        EXPECT(object_put(f.g, large, vm_fixture_key(&f, name), value_from_int(i)));
        EXPECT_EQ(i >= SHAPE_DICTIONARY_LIMIT, shape_is_dictionary(shape_of(&f, large)));
    }
    for (int i = 0; i < 200; i++) {
        snprintf(name, sizeof name, "p%d", i);
        EXPECT_EQ(value_from_int(i), object_get(f.g, large, vm_fixture_key(&f, name)));
    }
    EXPECT_RUNS(&f, "b,c,a", "var o = { a: 1, b: 2, c: 3 }; delete o.a; o.a = 1; Object.keys(o)");
    vm_fixture_end(&f);
}

TEST(shape_says_what_is_frozen_sealed_or_closed)
{
    VmFixture f;
    vm_fixture_begin(&f);
    PropertyKey x = vm_fixture_key(&f, "x"), y = vm_fixture_key(&f, "y");
    Object *closed = vm_fixture_object(&f, "Object.preventExtensions({ x: 1 })");
    Object *sealed = vm_fixture_object(&f, "Object.seal({ x: 1 })");
    Object *frozen = vm_fixture_object(&f, "Object.freeze({ x: 1 })");
    Object *all[] = { closed, sealed, frozen };
    for (int i = 0; i < 3; i++) {
        PropertyPlace place;
        EXPECT(!shape_is_extensible(shape_of(&f, all[i])));
        EXPECT_EQ(TRI_FALSE, object_set_with(f.g, all[i], y, VALUE_NULL, value_from_cell(all[i])));
        EXPECT(shape_find(shape_of(&f, all[i]), x, &place));
        EXPECT_EQ(i < 2, (place.attributes & PROPERTY_WRITABLE) != 0);
        EXPECT_EQ(i < 1, (place.attributes & PROPERTY_CONFIGURABLE) != 0);
        EXPECT_EQ(i < 1 ? TRI_TRUE : TRI_FALSE, object_delete(f.g, all[i], x));
    }
    EXPECT(shape_of(&f, frozen) == shape_of(&f, vm_fixture_object(&f, "Object.freeze({ x: 2 })")));
    vm_fixture_end(&f);
}

TEST(shape_of_another_prototype_names_the_same_properties)
{
    VmFixture f;
    vm_fixture_begin(&f);
    Object *o = vm_fixture_object(&f, "({ a: 1, b: 2 })"), *proto = vm_fixture_object(&f, "({ c: 3 })");
    EXPECT_EQ(TRI_TRUE, object_set_proto(f.g, o, value_from_cell(proto)));
    EXPECT(object_proto(f.vm, o) == value_from_cell(proto));
    EXPECT_EQ(value_from_int(2), object_get(f.g, o, vm_fixture_key(&f, "b")));
    EXPECT_EQ(value_from_int(3), object_get(f.g, o, vm_fixture_key(&f, "c")));
    EXPECT_EQ(TRI_FALSE, object_set_proto(f.g, proto, value_from_cell(o)));       // a cycle
    EXPECT_EQ(TRI_TRUE, object_set_proto(f.g, o, VALUE_NULL));
    EXPECT_EQ(VALUE_UNDEFINED, object_get(f.g, o, vm_fixture_key(&f, "c")));
    vm_fixture_end(&f);
}

TEST(shape_of_no_object_is_forgotten)
{
    VmFixture f;
    vm_fixture_begin(&f);
    uint32_t before = shape_space_count(f.vm), most = 0;
    for (int round = 0; round < 40; round++) {               // a shape each: they leave the root in too many ways
        EXPECT_RUNS(&f, "1000", "for (var i = 0; i < 1000; i++) ({})['some' + i] = 1; i");
        heap_collect(f.h);
        uint32_t now = shape_space_count(f.vm);
        if (now > most) most = now;
    }
    EXPECT(most > before && most < before + 25000);
    EXPECT_RUNS(&f, "1,2,3", "var o = { a: 1 }; o.b = 2; o.c = 3; Object.values(o)");
    vm_fixture_end(&f);
}

/* ---- an object against a model of it ---- */

enum { KEYS = 90, STEPS = 6000 };

typedef struct Model {
    int count, keys[KEYS];               // in the order they were added
    int values[KEYS];                    // by key
} Model;

static int model_place(const Model *m, int key)
{
    for (int i = 0; i < m->count; i++)
        if (m->keys[i] == key) return i;
    return -1;
}

static void model_put(Model *m, int key, int value)
{
    if (model_place(m, key) < 0) m->keys[m->count++] = key;
    m->values[key] = value;
}

static void model_delete(Model *m, int key)
{
    int place = model_place(m, key);
    if (place < 0) return;
    memmove(m->keys + place, m->keys + place + 1, sizeof *m->keys * (size_t)(--m->count - place));
}

static void expect_like_model(VmFixture *f, Object *o, const Model *m, const PropertyKey *names)
{
    ValueList *keys = object_own_keys(f->g, o, KEYS_ALL);
    REQUIRE(keys && keys->count == (uint32_t)m->count);
    for (int i = 0; i < m->count; i++) {
        EXPECT(keys->items[i] == names[m->keys[i]]);
        EXPECT_EQ(value_from_int(m->values[m->keys[i]]), object_get(f->g, o, names[m->keys[i]]));
    }
}

TEST(shape_and_dictionary_hold_what_was_put_in_any_order)
{
    VmFixture f;
    vm_fixture_begin(&f);
    Object *o = vm_fixture_object(&f, "({})"), *holder = vm_fixture_object(&f, "({})");
    PropertyKey names[KEYS];
    Model m = { 0 };
    char name[8];
    for (int i = 0; i < KEYS; i++) {
        snprintf(name, sizeof name, "key%d", i);
        names[i] = i % 7 ? vm_fixture_key(&f, name) : vm_fixture_key(&f, i % 2 ? "key of odd sevens" : name);
        if (i % 7 == 0 && i % 2) names[i] = value_from_cell(symbol_new(f.h, VALUE_UNDEFINED, 0));
        EXPECT(object_put(f.g, holder, key_from_index((uint32_t)i), convert_key_to_value(f.h, names[i])));
    }
    uint32_t random = 99;
    for (int i = 0; i < STEPS; i++) {
        random = random * 1664525 + 1013904223;
        int key = (int)(random >> 8) % KEYS;
        bool is_symbol = key_is_symbol(names[key]);
        if (is_symbol) continue;                              // they come last among keys: not this model's order
        if (random >> 28 < (i / 1000 % 2 ? 9 : 4)) {
            EXPECT_EQ(TRI_TRUE, object_delete(f.g, o, names[key]));
            model_delete(&m, key);
        } else {
            EXPECT(object_put(f.g, o, names[key], value_from_int(i)));
            model_put(&m, key, i);
        }
        if (i % 50 == 0) expect_like_model(&f, o, &m, names);
    }
    expect_like_model(&f, o, &m, names);
    vm_fixture_end(&f);
}

/* ---- ValidateAndApplyPropertyDescriptor (ECMA-262 10.1.6.3) ---- */

static bool may_become(int from, int to, bool same_value)
{
    if (from & PROPERTY_CONFIGURABLE) return true;
    if (to & PROPERTY_CONFIGURABLE || (from ^ to) & PROPERTY_ENUMERABLE) return false;
    return from & PROPERTY_WRITABLE || (!(to & PROPERTY_WRITABLE) && same_value);
}

/* From -0 with attributes `from` to the same, or to 0, with `to`. */
static void expect_change(VmFixture *f, Object *o, PropertyKey key, int from, int to, bool same)
{
    Value old = value_from_double(-0.0), other = same ? old : value_from_int(0);
    Descriptor first = descriptor_of_data(old, (uint8_t)from), next = descriptor_of_data(other, (uint8_t)to), d;
    bool is_allowed = may_become(from, to, same);
    EXPECT_EQ(TRI_TRUE, object_define_own(f->g, o, key, &first));
    EXPECT_EQ(tri_from_bool(is_allowed), object_define_own(f->g, o, key, &next));
    EXPECT_EQ(TRI_TRUE, object_get_own(f->g, o, key, &d));
    EXPECT_EQ(is_allowed ? to : from, d.attributes & PROPERTY_DEFAULT);
    EXPECT_EQ(is_allowed ? other : old, d.value);
}

TEST(shape_lets_a_data_property_become_what_it_may)
{
    VmFixture f;
    vm_fixture_begin(&f);
    for (int from = 0; from < 8; from++) {
        for (int to = 0; to < 8; to++) {
            for (int same = 0; same < 2; same++) {
                expect_change(&f, vm_fixture_object(&f, "({})"), vm_fixture_key(&f, "x"), from, to, same);
                expect_change(&f, vm_fixture_object(&f, "[]"), key_from_index(3), from, to, same);
                expect_change(&f, vm_fixture_object(&f, "({})"), key_from_index(3), from, to, same);
                expect_change(&f, vm_fixture_object(&f, "() => 1"), f.vm->symbols[SYMBOL_iterator], from, to, same);
            }
        }
    }
    vm_fixture_end(&f);
}

TEST(shape_lets_accessor_and_data_change_places_only_if_configurable)
{
    VmFixture f;
    vm_fixture_begin(&f);
    Value getter = vm_fixture_run(&f, "(function () { return 'got' })");
    for (int configurable = 0; configurable < 2; configurable++) {
        uint8_t attributes = configurable ? PROPERTY_CONFIGURABLE : 0;
        Object *o = vm_fixture_object(&f, "({})");
        PropertyKey x = vm_fixture_key(&f, "x"), y = vm_fixture_key(&f, "y");
        Descriptor data = descriptor_of_data(VALUE_NULL, attributes), d;
        Descriptor accessor = descriptor_of_accessor(getter, VALUE_UNDEFINED, attributes);
        EXPECT_EQ(TRI_TRUE, object_define_own(f.g, o, x, &data));
        EXPECT_EQ(TRI_TRUE, object_define_own(f.g, o, y, &accessor));
        EXPECT_EQ(TRI_TRUE, object_define_own(f.g, o, y, &accessor));             // the same again
        EXPECT_EQ(tri_from_bool(configurable), object_define_own(f.g, o, x, &accessor));
        EXPECT_EQ(tri_from_bool(configurable), object_define_own(f.g, o, y, &data));
        EXPECT_VALUE(&f, configurable ? "got" : "null", object_get(f.g, o, x));
        EXPECT_VALUE(&f, configurable ? "null" : "got", object_get(f.g, o, y));
        EXPECT_EQ(TRI_TRUE, object_get_own(f.g, o, configurable ? x : y, &d));
        EXPECT(descriptor_is_accessor(&d) && d.getter == getter && d.setter == VALUE_UNDEFINED);
    }
    vm_fixture_end(&f);
}
