/* SPDX-License-Identifier: MIT */
/* Programs whose functions several threads call at once: code that is prepared, inline caches that are taught, and
 * objects that change under both. A script defines `body(thread)`, which gives the number of things it found wrong. */
#include "vm/exec/code.h"

#include <string.h>

#include "tests/unit/race_fixture.h"
#include "vm/evaluate.h"
#include "vm/object/error.h"
#include "vm/object/realm.h"

enum { THREADS = 4 };

static void mark_roots(void *context, Marker *m)
{
    realm_mark_roots(context, m);
}

static void call_body(RaceThread *t)
{
    Value index = value_from_uint32(t->index);
    Value wrong = callable_call(t->g, (Value)(uintptr_t)t->context, VALUE_UNDEFINED, 1, &index);
    if (value_is_thrown(wrong)) t->failures += 1000000;
    else t->failures += (uint32_t)value_int(wrong);
}

/* Collections wait, since nobody here lists the frames of these threads. */
static uint32_t run_script(const char *source)
{
    Race race;
    race_begin(&race);
    Goroutine *g = vm_main_goroutine(race.vm);
    heap_hold(race.vm->heap, 1);
    CompileOptions options = { .kind = COMPILE_SCRIPT, .wants_completion = true, .keeps_source = true,
                               .dialect = compile_dialect_of_file("t.us") };
    Unit *unit = evaluate_compile(g, "t.us", source, strlen(source), &options, NULL);
    REQUIRE(unit);
    Value body = evaluate_script(g, unit, realm_current(g), VALUE_UNDEFINED);
    REQUIRE(!value_is_thrown(body) && value_is_callable(body));
    publish_roots(&g->heap, mark_roots, race.vm);
    publish_value(&g->heap, body);
    uint32_t failures = race_run(&race, THREADS, call_body, (void *)(uintptr_t)body);
    heap_hold(race.vm->heap, -1);
    race_end(&race);
    return failures;
}

TEST(script_functions_are_prepared_once)
{
    EXPECT_EQ(0u, run_script(
        "const templates = [], parts = x => x, first = { t: null, p: null };"
        "function lit(i) { return { a: i, b: [i, 'two', 3n], c: { d: i, e: `v${i}` }, r: /x+/g } }"
        "function tpl() { return parts`one${1}two` }"
        "class A { #x = 1; static s = 5; get x() { return this.#x } add(n) { this.#x += n; return this } }"
        "class B extends A { constructor(n) { super(); this.n = n } sum() { return this.x + this.n } }"
        "function body(t) {"
        "    let wrong = 0;"
        "    for (let i = 0; i < 300; i++) {"
        "        const o = lit(i), b = new B(i);"
        "        if (o.a !== i || o.b[1] !== 'two' || o.b[2] !== 3n || o.c.e !== 'v' + i || !o.r.test('xx')) wrong++;"
        "        if (b.add(2).sum() !== 3 + i || !(b instanceof A) || B.s !== 5) wrong++;"
        "        const mine = tpl();"
        "        if (!first.t) first.t = mine;"
        "        if (mine !== tpl() || mine.raw[1] !== 'two') wrong++;"
        "    }"
        "    return wrong + (tpl() === first.t ? 0 : 1);"
        "}"
        "body"));
}

TEST(script_lazy_properties_of_functions_are_made_once)
{
    EXPECT_EQ(0u, run_script(
        "const fs = [];"
        "for (let i = 0; i < 500; i++) fs.push(i % 2 ? function named(a, b) {} : function* gen(a, b) {});"
        "const seen = fs.map(f => null);"
        "function body(t) {"
        "    let wrong = 0;"
        "    for (let i = 0; i < fs.length; i++) {"
        "        const f = fs[i], p = f.prototype;"
        "        if (!p || p !== f.prototype || f.length !== 2 || f.name !== (i % 2 ? 'named' : 'gen')) wrong++;"
        "        if (i % 2 && p.constructor !== f) wrong++;"
        "        if (!seen[i]) seen[i] = p;"
        "        if (seen[i] !== p) wrong++;"
        "    }"
        "    return wrong;"
        "}"
        "body"));
}

TEST(script_caches_see_a_prototype_change_at_once)
{
    EXPECT_EQ(0u, run_script(
        "class P { m() { return 0 } } class Q extends P {} class R extends Q {}"
        "const objects = [new Q, new R, new P, Object.create(new R)];"
        "const state = { round: 0 };"
        "function set(n) { P.prototype.m = function () { return n } }"
        "function body(t) {"
        "    let wrong = 0, last = 0;"
        "    for (let i = 1; i <= 400; i++) {"
        "        if (t === 0) {"
        "            set(i);"
        "            state.round = i;"
        "            if (i % 50 === 0) { Q.prototype.other = i; delete Q.prototype.other }"
        "        }"
        "        for (const o of objects) {"
        "            const least = state.round, n = o.m();"
        "            if (n < least || n < last) wrong++;"
        "            last = n;"
        "        }"
        "    }"
        "    return wrong;"
        "}"
        "body"));
}

TEST(script_adds_through_caches_lose_nothing)
{
    EXPECT_EQ(0u, run_script(
        "const shared = []; for (let i = 0; i < 300; i++) shared.push({ id: i });"
        "const adders = ["
        "    (o, n) => { o.a0 = n; o.a1 = n; o.a2 = n; o.a3 = n; o.a4 = n },"
        "    (o, n) => { o.b0 = n; o.b1 = n; o.b2 = n; o.b3 = n; o.b4 = n },"
        "    (o, n) => { o.c0 = n; o.c1 = n; o.c2 = n; o.c3 = n; o.c4 = n },"
        "    (o, n) => { o.d0 = n; o.d1 = n; o.d2 = n; o.d3 = n; o.d4 = n }];"
        "function body(t) {"
        "    let wrong = 0;"
        "    for (let r = 1; r <= 3; r++)"
        "        for (const o of shared) {"
        "            adders[t](o, r);"
        "            const p = 'abcd'[t];"
        "            for (let k = 0; k < 5; k++) if (o[p + k] !== r) wrong++;"
        "            if (o.id === undefined) wrong++;"
        "        }"
        "    return wrong;"
        "}"
        "body"));
}

TEST(script_many_shapes_at_one_site_are_told_apart)
{
    EXPECT_EQ(0u, run_script(
        "const makers = [];"
        "for (let i = 0; i < 40; i++)"
        "    makers.push(new Function('v', 'return {pad' + i + ': 1, ' + (i % 2 ? 'q: 2,' : '') + 'x: v }'));"
        "function read(o) { return o.x } function write(o, v) { o.x = v } function sum(o) { return o.x + (o.q ?? 0) }"
        "function body(t) {"
        "    let wrong = 0;"
        "    for (let i = 0; i < 4000; i++) {"
        "        const o = makers[(i * 7 + t) % 40](i);"
        "        if (read(o) !== i) wrong++;"
        "        write(o, i + 1);"
        "        if (sum(o) !== i + 1 + (o.q === 2 ? 2 : 0)) wrong++;"
        "    }"
        "    return wrong;"
        "}"
        "body"));
}

TEST(script_counters_and_arrays_keep_each_threads_order)
{
    EXPECT_EQ(0u, run_script(
        "const counts = [0, 0, 0, 0], log = [], o = { c0: 0, c1: 0, c2: 0, c3: 0 };"
        "function body(t) {"
        "    let wrong = 0; const seen = [0, 0, 0, 0], mine = 'c' + t;"
        "    for (let i = 1; i <= 2000; i++) {"
        "        counts[t]++; o[mine] = i; log.push(t * 10000 + i);"
        "        if (counts[t] !== i || o[mine] !== i) wrong++;"
        "        for (let k = 0; k < 4; k++) { const n = counts[k]; if (n < seen[k]) wrong++; seen[k] = n }"
        "    }"
        "    let last = 0;"
        "    for (let i = 0; i < log.length; i++) {"
        "        const n = log[i] % 10000;"
        "        if (Math.floor(log[i] / 10000) === t) { if (n !== last + 1) wrong++; last = n }"
        "    }"
        "    return wrong + (last === 2000 ? 0 : 1);"
        "}"
        "body"));
}
