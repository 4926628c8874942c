/* SPDX-License-Identifier: MIT */
/* Inline caches: what a site learns, and that it forgets in time. */
#include "vm/exec/cache.h"

#include "tests/unit/vm_fixture.h"

typedef enum SiteState { SITE_EMPTY, SITE_MONOMORPHIC, SITE_POLYMORPHIC, SITE_MEGAMORPHIC } SiteState;

/* The first site of a global function. */
static SiteState state_of(VmFixture *f, const char *function)
{
    const Code *code = function_of(vm_fixture_run(f, function))->code;
    const InlineCache *site = (const InlineCache *)code->feedback;
    if (code->frame_words == FUNCTION_UNPREPARED || !site->word) return SITE_EMPTY;
    if (!site->more) return SITE_MONOMORPHIC;
    return site->more == CACHE_MEGAMORPHIC ? SITE_MEGAMORPHIC : SITE_POLYMORPHIC;
}

TEST(cache_goes_from_one_shape_to_some_to_many)
{
    VmFixture f;
    vm_fixture_begin(&f);
    EXPECT_RUNS(&f, "undefined", "function get(o) { return o.x } var objects = [];");
    EXPECT_EQ(SITE_EMPTY, state_of(&f, "get"));
    for (int i = 0; i < 40; i++) {
        char source[120], expected[16];
        snprintf(source, sizeof source, "var o = {}; o.p%d = 0; o.x = %d; objects.push(o); get(o)", i, i);
        snprintf(expected, sizeof expected, "%d", i);
        EXPECT_RUNS(&f, expected, source);
        SiteState state = state_of(&f, "get");
        if (i == 0) EXPECT_EQ(SITE_MONOMORPHIC, state);
        if (i >= 1 && i <= 4) EXPECT_EQ(SITE_POLYMORPHIC, state);
        if (i >= 20) EXPECT_EQ(SITE_MEGAMORPHIC, state);
    }
    EXPECT_RUNS(&f, "780", "objects.reduce((sum, o) => sum + get(o), 0)");
    EXPECT_RUNS(&f, "780", "objects.reduce((sum, o) => sum + get(o), 0)");
    EXPECT_EQ(SITE_MEGAMORPHIC, state_of(&f, "get"));
    vm_fixture_end(&f);
}

TEST(cache_of_one_shape_stays_with_it)
{
    VmFixture f;
    vm_fixture_begin(&f);
    EXPECT_RUNS(&f, "4950", "function get(o) { return o.x } let sum = 0;"
                "for (let i = 0; i < 100; i++) sum += get({ x: i }); sum");
    EXPECT_EQ(SITE_MONOMORPHIC, state_of(&f, "get"));
    EXPECT_RUNS(&f, "undefined", "get({})");
    EXPECT_EQ(SITE_POLYMORPHIC, state_of(&f, "get"));
    EXPECT_RUNS(&f, "3", "function put(o) { o.y = 3 } let last;"
                "for (let i = 0; i < 9; i++) { last = { x: i }; put(last) } last.y");
    EXPECT_EQ(SITE_MONOMORPHIC, state_of(&f, "put"));
    vm_fixture_end(&f);
}

/* `use()` is run several times, then `change`, then `use()` again, twice: first and then. */
typedef struct Change {
    const char *setup, *use, *first, *change, *then;
} Change;

static void expect_changes(const Change *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        VmFixture f;
        vm_fixture_begin(&f);
        (void)vm_fixture_run(&f, rows[i].setup);
        char source[300];
        snprintf(source, sizeof source, "function use() { %s }; use(); use(); use(); String(use())", rows[i].use);
        EXPECT_RUNS(&f, rows[i].first, source);
        (void)vm_fixture_run(&f, rows[i].change);
        for (int again = 0; again < 2; again++) {
            const char *then = vm_fixture_evaluate(&f, "String(use())");
            if (strcmp(then, rows[i].then)) test_fail(__FILE__, __LINE__, "%s: %s", rows[i].change, then);
        }
        vm_fixture_end(&f);
    }
}

#define CHAIN "var top = { m: 'top' }, middle = Object.create(top), o = Object.create(middle); o.own = 1"

TEST(cache_of_a_load_through_prototypes_is_invalid_when_one_changes)
{
    static const Change rows[] = {
        { CHAIN, "return o.m", "top", "top.m = 'new'", "new" },
        { CHAIN, "return o.m", "top", "middle.m = 'middle'", "middle" },
        { CHAIN, "return o.m", "top", "o.m = 'own'", "own" },
        { CHAIN, "return o.m", "top", "delete top.m", "undefined" },
        { CHAIN, "return o.m", "top", "Object.defineProperty(top, 'm', { get() { return 'getter' } })", "getter" },
        { CHAIN, "return o.m", "top", "Object.setPrototypeOf(middle, { m: 'other' })", "other" },
        { CHAIN, "return o.m", "top", "Object.setPrototypeOf(o, null)", "undefined" },
        { CHAIN, "return o.m", "top", "for (let i = 0; i < 100; i++) top['p' + i] = i; top.m = 'crowd'", "crowd" },
        { CHAIN "; top.m = () => 'f'", "return o.m()", "f", "top.m = () => 'g'", "g" },
        { CHAIN "; top.m = () => 'f'", "return o.m()", "f", "middle.m = () => 'g'", "g" },
        { CHAIN, "return o.none", "undefined", "top.none = 1", "1" },
        { CHAIN, "return o.none", "undefined", "Object.prototype.none = 2", "2" },
        { CHAIN "; Object.defineProperty(top, 'v', { get: () => 'g', configurable: true })", "return o.v", "g",
          "Object.defineProperty(top, 'v', { get: () => 'h' })", "h" },
        { "class A { m() { return 'A' } } class B extends A {} var o = new B", "return o.m()", "A",
          "B.prototype.m = () => 'B'", "B" },
        { "", "return 'text'.trim()", "text", "String.prototype.trim = () => 'mine'", "mine" },
        { "", "return (5).toFixed()", "5", "Number.prototype.toFixed = () => 'mine'", "mine" },
    };
    expect_changes(rows, COUNT_OF(rows));
}

TEST(cache_of_a_store_is_invalid_when_the_store_would_go_elsewhere)
{
    static const Change rows[] = {
        { "var p = {}, seen", "var o = Object.create(p); o.x = 1; return o.x", "1",
          "Object.defineProperty(p, 'x', { set(v) { seen = v }, get() { return 'set' } })", "set" },
        { "var p = {}", "var o = Object.create(p); o.x = 1; return o.x", "1",
          "Object.defineProperty(p, 'x', { value: 'fixed' })", "fixed" },
        { "var o = { x: 0 }", "o.x++; return Object.keys(o)", "x", "Object.freeze(o)", "x" },
        { "var o = { x: 0 }", "o.x = 5; return o.x", "5", "o.x = 1; Object.freeze(o)", "1" },
        { "var o = { x: 0 }", "o.x = 5; return o.x", "5",
          "Object.defineProperty(o, 'x', { get: () => 'g' })", "g" },
        { "function F() {} ", "return new F instanceof Object ? Object.getPrototypeOf(new F).tag : 0", "undefined",
          "F.prototype = { tag: 'new' }", "new" },
        { "function F() { this.a = 1 }", "return Object.keys(new F)", "a",
          "Object.defineProperty(F.prototype, 'a', { set() {} })", "" },
    };
    expect_changes(rows, COUNT_OF(rows));
}

TEST(cache_of_a_global_follows_its_binding)
{
    static const Change rows[] = {
        { "var x = 1", "return x", "1", "x = 2", "2" },
        { "globalThis.x = 1", "return typeof x", "number", "delete globalThis.x", "undefined" },
        { "globalThis.x = 1", "return x", "1", "let x = 'lexical'", "lexical" },
        { "globalThis.x = 1", "return x", "1", "Object.defineProperty(globalThis, 'x', { get: () => 'g' })", "g" },
        { "", "try { return x } catch (e) { return e.name }", "ReferenceError", "var x = 3", "3" },
        { "globalThis.x = 1; for (let i = 0; i < 99; i++) globalThis['p' + i] = i", "return x", "1",
          "delete globalThis.x; globalThis.x = 4", "4" },
    };
    expect_changes(rows, COUNT_OF(rows));
}

/* Enough dead shapes for their numbers to be given to others. */
TEST(cache_forgets_shapes_that_died)
{
    VmFixture f;
    vm_fixture_begin(&f);
    EXPECT_RUNS(&f, "60000",
        "function get(o) { return o.x } var right = 0; for (let i = 0; i < 60000; i++) {\n"
        "  const o = {}; o['p' + i % 500] = 0; o.x = i; if (get(o) === i) right++ } right");
    heap_collect(f.h);
    EXPECT_RUNS(&f, "1000",
        "right = 0; for (let i = 0; i < 1000; i++) {\n"
        "  const o = {}; o['q' + i] = i; o.x = -i; if (get(o) === -i) right++ } right");
    vm_fixture_end(&f);
}
