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

/* Everything at once on a few objects: whatever comes out is a value that somebody put in. */
static const char chaos[] =
    "class Base { get g() { return 7 } set g(v) { this.h = v } m() { return 1 } static n = 1 }"
    "class Derived extends Base { m() { return super.m() + 1 } static o = 2 }"
    "function F() { this.a = 1; this.b = 2 }"
    "var globalNumber = 1;"
    "const make = () => ({ objects: [{ a: 1 }, new Derived, Object.create(null), new F, "
    "Object.create({ z: 1 }), [1, 2], F],"
    "    arrays: [[], [1, 2, 3], new Array(5), [1,,3]], args: (function () { return arguments })(1, 2, 3) });"
    "let world = make();"
    "function random(state) { state.s = (state.s * 1103515245 + 12345) % 2147483648; "
    "return Math.floor(state.s / 65536) }"
    "function legal(v) {"
    "    return v === undefined || v === null || typeof v === 'number' || typeof v === 'function' || "
    "typeof v === 'string'"
    "        || typeof v === 'object' || typeof v === 'boolean';"
    "}"
    "const keys = ['a', 'b', 'c', 'g', 'h', 'm', 'x0', 'x1', 'x2', 'length', 'prototype', 'name'];"
    "for (let i = 0; i < 80; i++) keys.push('k' + i);"
    "const readers = ["
    "    o => o.a, o => o.b, o => o.g, o => o.h, o => o.m, o => o.x0, o => o.length, o => o.prototype, "
    "o => o.name,"
    "    o => o.k1, o => o.toString, o => o.z];"
    "const writers = ["
    "    (o, v) => { o.a = v }, (o, v) => { o.b = v }, (o, v) => { o.g = v }, (o, v) => { o.x0 = v },"
    "    (o, v) => { o.x1 = v }, (o, v) => { o.x2 = v }, (o, v) => { o.k1 = v }, (o, v) => { o.k2 = v }];"
    "function change(r, o, k, n) {"
    "    switch (n % 16) {"
    "    case 0: o[k] = n; break;"
    "    case 1: delete o[k]; break;"
    "    case 2: Object.defineProperty(o, k, { get() { return 5 }, configurable: true, "
    "enumerable: n % 2 === 0 }); break;"
    "    case 3: Object.defineProperty(o, k, { value: n, configurable: true, writable: n % 3 > 0 }); break;"
    "    case 4: for (const name in o) if (!legal(o[name])) r.wrong++; break;"
    "    case 5: if (typeof JSON.stringify(o) === 'object') r.wrong++; break;"
    "    case 6: r.last = { ...o, ...world.objects[n % 7] }; break;"
    "    case 7: if (n % 5 === 0 && typeof o !== 'function') Object.setPrototypeOf(o, "
    "n % 2 ? Derived.prototype : null); break;"
    "    case 8: if (n % 97 === 0) Object.freeze(o); break;"
    "    case 9: Derived.prototype[k === 'prototype' ? 'q' : k] = n % 2 ? n : () => n; break;"
    "    case 10: Object.keys(o).forEach(name => { if (!legal(o[name])) r.wrong++ }); break;"
    "    case 11: globalNumber = n; if (typeof globalNumber !== 'number') r.wrong++; break;"
    "    case 12: { const f = new F; if (f.a !== 1 || "
    "f.b !== 2) r.wrong++; f.c = n; if (f.c !== n) r.wrong++; break }"
    "    case 13: globalThis['v' + n % 20] = n; delete globalThis['v' + n % 13]; break;"
    "    case 14: world.args[n % 5] = n; if (!legal(world.args[n % 5])) r.wrong++; break;"
    "    default: o[n % 40] = n; if (!legal(o[n % 40])) r.wrong++;"
    "    }"
    "}"
    "function rearrange(r, a, n) {"
    "    switch (n % 16) {"
    "    case 0: case 1: case 2: a.push(n, n + 1); break;"
    "    case 3: if (!legal(a.pop())) r.wrong++; break;"
    "    case 4: if (!legal(a.shift())) r.wrong++; break;"
    "    case 5: a.unshift(n); break;"
    "    case 6: r.last = a.splice(n % 5, 2, n, n, n); break;"
    "    case 7: a.reverse(); break;"
    "    case 8: a.sort(); break;"
    "    case 9: r.last = [...a, ...a.slice(1), ...a.concat([n])]; break;"
    "    case 10: for (const v of a) if (!legal(v)) r.wrong++; break;"
    "    case 11: if (n % 3 === 0) a.length = n % 30; else a.fill(n, 2, 8); break;"
    "    case 12: a[n % 50] = n; a.copyWithin(0, 3); break;"
    "    case 13: if (a.indexOf(n) < -1 || a.includes(n) > 1 || a.join().length < 0) r.wrong++; break;"
    "    case 14: if (n % 211 === 0) a[3000 + n % 100] = n; else delete a[n % 20]; break;"
    "    default: r.last = a.map(x => x).filter(x => x > 1).length + Math.max(...a.slice(0, 20).map(Number));"
    "    }"
    "}"
    "function body(t) {"
    "    const r = { wrong: 0, last: null }, state = { s: t * 7919 + 1 };"
    "    for (let i = 0; i < 3000; i++) {"
    "        const n = random(state), o = world.objects[n % 7], "
    "k = keys[n % 11 === 0 ? random(state) % keys.length : n % 9];"
    "        try {"
    "            if (!legal(readers[random(state) % readers.length](o))) r.wrong++;"
    "            writers[random(state) % writers.length](o, n);"
    "            change(r, o, k, random(state));"
    "            rearrange(r, world.arrays[random(state) % 4], random(state));"
    "        } catch (e) {"
    "            if (!(e instanceof TypeError || e instanceof RangeError)) r.wrong++;"
    "        }"
    "        if (i % 500 === 499 && t === 0) world = make();"
    "        if (world.arrays[0].length > 5000) world.arrays[0].length = 0;"
    "    }"
    "    return r.wrong;"
    "}"
    "body";

TEST(script_chaos_breaks_nothing)
{
    EXPECT_EQ(0u, run_script(chaos));
}
