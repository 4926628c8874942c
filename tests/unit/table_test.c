/* SPDX-License-Identifier: MIT */
/* Maps, sets, and what does not keep its keys alive. */
#include "vm/object/table.h"

#include "tests/unit/vm_fixture.h"
#include "vm/object/weak.h"
#include "vm/value/number.h"

static Value proto_of(VmFixture *f, const char *source)
{
    return value_from_cell(vm_fixture_object(f, source));
}

TEST(table_keys_are_equal_by_content_and_zeros_are_one)
{
    VmFixture f;
    vm_fixture_begin(&f);
    Collection *c = table_new_collection(f.h, KIND_MAP, proto_of(&f, "Map.prototype"));
    Value text = value_from_cell(vm_fixture_string(&f, "some text that is long enough to be no atom"));
    Value other = value_from_cell(vm_fixture_string(&f, "some text that is long enough to be no atom"));
    const struct { Value put, find; bool is_found; } rows[] = {
        { value_from_double(-0.0), value_from_int(0), true }, { VALUE_NAN, VALUE_NAN, true },
        { value_from_int(1), value_from_raw_double(1), true }, { text, other, true },
        { vm_fixture_run(&f, "2n ** 80n"), vm_fixture_run(&f, "2n ** 79n * 2n"), true },
        { VALUE_UNDEFINED, VALUE_NULL, false }, { vm_fixture_run(&f, "1n"), value_from_int(1), true },
        { proto_of(&f, "({})"), proto_of(&f, "({})"), false }, { VALUE_TRUE, value_from_int(7), false },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        EXPECT(table_put(f.h, c, rows[i].put, VALUE_TRUE));
        EXPECT(table_get(f.h, c, rows[i].put, NULL));
        EXPECT_EQ(rows[i].is_found, table_get(f.h, c, rows[i].find, NULL));
    }
    EXPECT_EQ(COUNT_OF(rows), table_count(f.h, c));
    TableCursor cursor = table_begin(c);
    Value key, v;
    EXPECT(table_next(&cursor, &key, &v) && key == value_from_int(0) && v == VALUE_TRUE);
    vm_fixture_end(&f);
}

TEST(table_entries_keep_their_values)
{
    VmFixture f;
    vm_fixture_begin(&f);
    Collection *map = table_new_collection(f.h, KIND_MAP, proto_of(&f, "Map.prototype"));
    Collection *set = table_new_collection(f.h, KIND_SET, proto_of(&f, "Set.prototype"));
    for (int i = 0; i < 5000; i++) {
        EXPECT(table_put(f.h, map, value_from_int(i * 7), VALUE_NULL));
        EXPECT(table_put(f.h, map, value_from_int(i * 7), value_from_cell(number_int_to_string(f.h, i))));
        Value v = value_from_int(i);
        EXPECT(table_get_or_put(f.h, map, value_from_int(i * 7), &v));
        EXPECT(value_is_string(v));
        EXPECT(table_put(f.h, set, value_from_int(i), VALUE_UNDEFINED));
        EXPECT(table_put(f.h, set, value_from_int(i), VALUE_UNDEFINED));
    }
    heap_collect(f.h);
    EXPECT_EQ(5000u, table_count(f.h, map));
    EXPECT_EQ(5000u, table_count(f.h, set));
    Value found = VALUE_UNDEFINED;
    EXPECT(table_get(f.h, map, value_from_int(4321 * 7), &found));
    EXPECT_VALUE(&f, "4321", found);
    EXPECT(!table_get(f.h, map, value_from_int(1), NULL));
    Table *copy = table_copy(f.h, map);
    EXPECT(table_remove(f.h, map, value_from_int(7)) && !table_remove(f.h, map, value_from_int(7)));
    EXPECT(!table_get(f.h, map, value_from_int(7), NULL));
    table_clear(f.h, map);
    EXPECT_EQ(0u, table_count(f.h, map));
    EXPECT_EQ(5000u, copy->count);
    vm_fixture_end(&f);
}

/* ---- cursors against a model: entries in the order they were added, of which some are gone ---- */

enum { CURSORS = 6, STEPS = 20000, KEYS = 60 };

typedef struct Model {
    int  key[STEPS];
    bool is_gone[STEPS];
    int  count;
    int  at[CURSORS];
} Model;

static int model_find(const Model *m, int key)
{
    for (int i = m->count; i-- > 0;)
        if (m->key[i] == key) return m->is_gone[i] ? -1 : i;
    return -1;
}

static int model_next(Model *m, int cursor)
{
    while (m->at[cursor] < m->count && m->is_gone[m->at[cursor]]) m->at[cursor]++;
    return m->at[cursor] < m->count ? m->key[m->at[cursor]++] : -1;
}

TEST(table_cursors_stay_right_whatever_happens)
{
    static Model m;
    VmFixture f;
    vm_fixture_begin(&f);
    Collection *c = table_new_collection(f.h, KIND_SET, proto_of(&f, "Set.prototype"));
    TableCursor cursors[CURSORS];
    for (int i = 0; i < CURSORS; i++) cursors[i] = table_begin(c);
    uint32_t random = 5, visited = 0;
    for (int step = 0; step < STEPS; step++) {
        random = random * 1664525 + 1013904223;
        int key = (int)(random >> 8) % KEYS, cursor = (int)(random >> 16) % CURSORS, found = model_find(&m, key);
        switch (random >> 29) {
        case 0: case 1:
            EXPECT(table_put(f.h, c, value_from_int(key), VALUE_UNDEFINED));
            if (found < 0) m.key[m.count++] = key;
            break;
        case 2: case 3:
            EXPECT_EQ(found >= 0, table_remove(f.h, c, value_from_int(key)));
            if (found >= 0) m.is_gone[found] = true;
            break;
        case 4:
            if (random >> 20 & 63) break;
            table_clear(f.h, c);
            memset(m.is_gone, true, (size_t)m.count);
            break;
        case 5:
            if (random >> 20 & 15) break;
            cursors[cursor] = table_begin(c);
            m.at[cursor] = 0;
            break;
        default: {
            Value at = VALUE_UNDEFINED, v;
            bool is_there = table_next(&cursors[cursor], &at, &v);
            EXPECT_EQ(model_next(&m, cursor), is_there ? value_int(at) : -1);
            visited += is_there;
        }
        }
    }
    EXPECT(visited > 1000);
    vm_fixture_end(&f);
}

TEST(table_iteration_of_programs_sees_what_was_added_and_not_what_was_deleted)
{
    VmFixture f;
    vm_fixture_begin(&f);
    EXPECT_RUNS(&f, "1,3,4,2", "var s = new Set([1, 2, 3]), seen = []; for (const x of s) {"
                "seen.push(x); if (x == 1) { s.delete(2); s.add(4); } if (x == 4) s.add(2); } seen");
    EXPECT_RUNS(&f, "a,b", "var m = new Map([['a', 1], ['x', 2]]), seen = [];"
                "m.forEach((v, k) => { seen.push(k); if (k == 'a') { m.clear(); m.set('b', 1); } }); seen");
    vm_fixture_end(&f);
}

/* ---- weak ---- */

enum { MANY = 400, FEW = 80 };           // words on this stack may hold a few of the dead

static NOINLINE void fill_weak_map(VmFixture *f, WeakCollection *c)
{
    PropertyKey back = vm_fixture_key(f, "key");
    for (int i = 0; i < MANY; i++) {
        Object *key = vm_fixture_object(f, "({})"), *value = vm_fixture_object(f, "({})");
        EXPECT(object_put(f->g, value, back, value_from_cell(key)));      // a value that holds its key
        EXPECT(weak_put(f->h, c, value_from_cell(key), value_from_cell(value)));
    }
}

TEST(weak_map_forgets_dead_keys_and_keeps_the_others)
{
    VmFixture f;
    vm_fixture_begin(&f);
    WeakCollection *c = weak_new_collection(f.h, KIND_WEAK_MAP, proto_of(&f, "WeakMap.prototype"));
    Value key = proto_of(&f, "globalThis.kept = {}");
    EXPECT(weak_put(f.h, c, key, value_from_int(1)) && weak_put(f.h, c, key, value_from_int(2)));
    heap_hold(f.h->heap, 1);                 // under stress, too, they are all there at first
    fill_weak_map(&f, c);
    EXPECT_EQ(MANY + 1u, c->table->count);
    heap_hold(f.h->heap, -1);
    heap_collect(f.h);
    EXPECT(c->table->count < FEW);
    Value v = VALUE_UNDEFINED;
    EXPECT(weak_get(f.h, c, key, &v));
    EXPECT_EQ(value_from_int(2), v);
    EXPECT(weak_remove(f.h, c, key) && !weak_remove(f.h, c, key));
    EXPECT(!weak_get(f.h, c, key, &v));
    vm_fixture_end(&f);
}

TEST(weak_can_hold_objects_and_unregistered_symbols)
{
    VmFixture f;
    vm_fixture_begin(&f);
    EXPECT(weak_can_hold(vm_fixture_run(&f, "[]")) && weak_can_hold(vm_fixture_run(&f, "Symbol('s')")));
    EXPECT(!weak_can_hold(vm_fixture_run(&f, "Symbol.for('s')")) && !weak_can_hold(vm_fixture_run(&f, "'s'")));
    EXPECT(!weak_can_hold(VALUE_UNDEFINED) && !weak_can_hold(value_from_int(1)));
    vm_fixture_end(&f);
}

/* How many of an array's WeakRefs still have their targets. */
static int count_targets(VmFixture *f, const char *array)
{
    char source[100];
    snprintf(source, sizeof source, "%s.filter(r => r.deref()).length", array);
    Value v = vm_fixture_run(f, source);
    return value_is_int(v) ? value_int(v) : -1;
}

TEST(weak_ref_keeps_its_target_until_the_job_ends)
{
    VmFixture f;
    vm_fixture_begin(&f);
    EXPECT_RUNS(&f, "400", "var refs = []; for (var i = 0; i < 400; i++) refs.push(new WeakRef({})); refs.length");
    heap_collect(f.h);
    EXPECT_EQ(MANY, count_targets(&f, "refs"));
    weak_release_kept(f.g);
    heap_collect(f.h);
    EXPECT(count_targets(&f, "refs") < FEW);
    vm_fixture_end(&f);
}

TEST(weak_registry_tells_once_of_each_dead_target)
{
    VmFixture f;
    vm_fixture_begin(&f);
    EXPECT_RUNS(&f, "undefined", "var told = [], kept = {}, token = {};"
                "var registry = new FinalizationRegistry(x => { told.push(x) });"
                "registry.register(kept, 'kept'); registry.register({}, 'taken back', token);"
                "registry.unregister(token); for (let i = 0; i < 400; i++) registry.register({}, i)");
    for (int round = 0; round < 3; round++) {
        weak_release_kept(f.g);
        heap_collect(f.h);
        weak_enqueue_cleanups(f.g);
        vm_fixture_drain(&f);
    }
    Value count = vm_fixture_run(&f, "told.length");
    EXPECT(value_is_int(count) && value_int(count) > MANY - FEW && value_int(count) <= MANY);
    EXPECT_RUNS(&f, "true", "new Set(told).size === told.length");
    EXPECT_RUNS(&f, "false", "told.includes('kept') || told.includes('taken back')");
    vm_fixture_end(&f);
}
