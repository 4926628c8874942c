/* SPDX-License-Identifier: MIT */
/* Units as bytes: what is written is read, and what is spoilt is refused or harmless. */
#include "vm/bytecode/unitio.h"

#include <string.h>

#include "compiler/compile.h"
#include "tests/unit/test.h"
#include "vm/base/mem.h"
#include "vm/bytecode/disasm.h"
#include "vm/bytecode/verify.h"

/* Constants of every kind, handlers, captures, mapped arguments. */
static const char script[] =
    "'use strict'; function f(a, b) { switch (a) { case 1: case 2: case 3: case 4: case 5: return b; } }\n"
    "var o = { name: 1.5, big: 12345678901234567890n, list: [1, , 2.5, 'x'], re: /a+/gi };\n"
    "const tag = (s) => s; tag`one ${o} tw\\u{1f600}o`;\n"
    "class C extends Object { #p = 1; get p() { try { return this.#p; } catch (e) { throw e; } finally { f(); } } }\n"
    "async function* g() { for await (const x of [1]) yield x; }\n"
    "'\xc3\xa9\xe2\x82\xac';\n";
static const char sloppy[] = "function f(a, b) { with (a) eval('a'); return arguments[0] }";
static const char module[] =
    "import d, { a as b } from 'one' with { type: 'json' }; import * as ns from 'two'; export * from 'three';\n"
    "export { d as x }; export let count = 0; export default function () { return () => count + b + ns }; await 0;\n";

static Unit *compile(const char *text, CompileKind kind)
{
    CompileOptions options = { .kind = kind, .keeps_source = true };
    CompileResult r = compile_source("t.js", text, strlen(text), &options);
    if (r.report) test_fail(__FILE__, __LINE__, "%s", r.report);
    REQUIRE(r.unit);
    Unit *unit = unit_retain(r.unit);
    compile_result_deinit(&r);
    return unit;
}

/* `text` as a unit's bytes, at an address of its own. */
static uint8_t *bytes_of(const char *text, CompileKind kind, size_t *count)
{
    Buf out;
    Unit *unit = compile(text, kind);
    buf_init(&out);
    unitio_write(&out, unit);
    unit_release(unit);
    *count = out.count;
    uint8_t *bytes = mem_alloc(out.count);
    memcpy(bytes, out.bytes, out.count);
    buf_deinit(&out);
    return bytes;
}

static void expect_round_trip(const char *text, CompileKind kind)
{
    Buf out, again, dump, other_dump;
    Unit *unit = compile(text, kind);
    buf_init(&out), buf_init(&again), buf_init(&dump), buf_init(&other_dump);
    unitio_write(&out, unit);
    for (int is_static = 0; is_static < 2; is_static++) {
        Unit *read = unitio_read(out.bytes, out.count, is_static);
        REQUIRE(read);
        VerifyFault fault;
        EXPECT(verify_unit(read, &fault));
        bool points_into = (const char *)read->file > out.bytes && (const char *)read->file < out.bytes + out.count;
        EXPECT_EQ(is_static, points_into);
        EXPECT_TEXT("t.js", read->file);
        EXPECT_EQ(strlen(text), read->source_count);
        EXPECT_TEXT(text, read->source);
        buf_clear(&again), buf_clear(&dump), buf_clear(&other_dump);
        disasm_unit(&dump, unit);
        disasm_unit(&other_dump, read);
        EXPECT_TEXT(buf_text(&dump), buf_text(&other_dump));
        unitio_write(&again, read);
        EXPECT(again.count == out.count && memcmp(again.bytes, out.bytes, out.count) == 0);
        unit_release(read);
    }
    unit_release(unit);
    buf_deinit(&out), buf_deinit(&again), buf_deinit(&dump), buf_deinit(&other_dump);
}

TEST(unitio_reads_what_it_wrote)
{
    expect_round_trip(script, COMPILE_SCRIPT);
    expect_round_trip(sloppy, COMPILE_SCRIPT);
    expect_round_trip(module, COMPILE_MODULE);
    expect_round_trip("", COMPILE_SCRIPT);
}

/* Every string and function that a constant names is there. */
static void expect_names(const Unit *unit, const UnitConstant *k)
{
    switch (k->kind) {
    case CONSTANT_REGEXP: EXPECT(k->count < unit->string_count); __attribute__((fallthrough));
    case CONSTANT_STRING:
    case CONSTANT_BIGINT: EXPECT(k->index < unit->string_count); break;
    case CONSTANT_FUNCTION: EXPECT(k->index < unit->function_count); break;
    case CONSTANT_NAMES:
        for (uint32_t i = 0; i < k->count; i++) EXPECT(k->list[i] < unit->string_count);
        break;
    case CONSTANT_TEMPLATE:
        for (uint32_t i = 0; i < k->count; i++) EXPECT(k->list[2 * i + 1] < unit->string_count);
        break;
    case CONSTANT_SCOPE:
    case CONSTANT_DECLARATIONS:
        for (uint32_t i = 0; i < k->count; i++) EXPECT(k->list[2 * i] < unit->string_count);
        break;
    default: break;
    }
}

/* Read, verify, print and write a copy of its own size, so that a sanitizer sees what lies behind. False: refused. */
static bool is_taken(const uint8_t *bytes, size_t count)
{
    uint8_t *copy = mem_alloc(count + !count);
    memcpy(copy, bytes, count);
    Unit *unit = unitio_read(copy, count, false);
    mem_free(copy);
    if (!unit) return false;
    for (uint32_t i = 0; i < unit->function_count; i++)
        for (uint32_t k = 0; k < unit->functions[i].constant_count; k++)
            expect_names(unit, &unit->functions[i].constants[k]);
    VerifyFault fault;
    if (verify_unit(unit, &fault)) {
        Buf out;
        buf_init(&out);
        disasm_unit(&out, unit);
        unitio_write(&out, unit);
        buf_deinit(&out);
    }
    unit_release(unit);
    return true;
}

/* What fills up the last word may be missing, and nothing else. */
TEST(unitio_refuses_every_truncation)
{
    static const struct { const char *text; CompileKind kind; } sources[] = {
        { "var a = 'b'", COMPILE_SCRIPT }, { sloppy, COMPILE_SCRIPT }, { module, COMPILE_MODULE },
    };
    for (size_t i = 0; i < COUNT_OF(sources); i++) {
        size_t count;
        uint8_t *bytes = bytes_of(sources[i].text, sources[i].kind, &count);
        for (size_t n = 0; n < count; n++)
            if (is_taken(bytes, n) && count - n > 3)
                test_fail(__FILE__, __LINE__, "%zu of %zu bytes are taken", n, count);
        EXPECT(is_taken(bytes, count));
        mem_free(bytes);
    }
}

TEST(unitio_refuses_another_head)
{
    size_t count;
    uint8_t *bytes = bytes_of("0", COMPILE_SCRIPT, &count);
    for (size_t i = 0; i < 16; i++) {                         // magic, version, fingerprint
        for (int bit = 0; bit < 8; bit++) {
            bytes[i] ^= (uint8_t)(1 << bit);
            EXPECT(!is_taken(bytes, count));
            bytes[i] ^= (uint8_t)(1 << bit);
        }
    }
    EXPECT(is_taken(bytes, count));
    mem_free(bytes);
}

/* Each byte of a small unit, spoilt in several ways: nothing happens but a refusal, or a unit. */
TEST(unitio_is_safe_with_each_spoilt_byte)
{
    static const uint8_t changes[] = { 0x01, 0x02, 0x80, 0x7f, 0xff };
    size_t count, refused = 0;
    uint8_t *bytes = bytes_of("export let o = { a: [1.5, 2n], f(x) { return () => x + `${o}` } };\n"
                              "try { o.f() } catch { }; (s => s)`t`", COMPILE_MODULE, &count);
    for (size_t i = 16; i < count; i++) {
        uint8_t byte = bytes[i];
        for (size_t k = 0; k < sizeof changes; k++) {
            bytes[i] = byte ^ changes[k];
            refused += !is_taken(bytes, count);
        }
        bytes[i] = byte;
    }
    EXPECT(refused > count);
    EXPECT(is_taken(bytes, count));
    mem_free(bytes);
}

/* ... and each word, with numbers that overflow what is computed from them. */
TEST(unitio_is_safe_with_each_spoilt_word)
{
    static const uint32_t words[] = {
        0, 1, 0x7fffffff, 0x80000000, UINT32_MAX, UINT32_MAX - 1, 0x40000001, 0x15555556,
    };
    size_t count;
    uint8_t *bytes = bytes_of("import a from 'b'; export default [a, { c: 1 }, (d) => /e/]", COMPILE_MODULE, &count);
    for (size_t i = 16; i + 4 <= count; i += 4) {
        uint32_t word;
        memcpy(&word, bytes + i, 4);
        for (size_t k = 0; k < COUNT_OF(words); k++) {
            memcpy(bytes + i, &words[k], 4);
            (void)is_taken(bytes, count);
        }
        memcpy(bytes + i, &word, 4);
    }
    EXPECT(is_taken(bytes, count));
    mem_free(bytes);
}

TEST(unitio_gives_up_without_memory_and_keeps_none)
{
    size_t count;
    uint8_t *bytes = bytes_of(script, COMPILE_SCRIPT, &count);
    size_t used = mem_used_bytes(), budget = 0;
    Unit *unit = NULL;
    for (; !unit && budget < 100; budget++) {
        mem_set_budget(budget);
        unit = unitio_read(bytes, count, false);
        mem_set_budget(SIZE_MAX);
        if (!unit) EXPECT_EQ(used, mem_used_bytes());
    }
    EXPECT(budget > 1);
    REQUIRE(unit);
    EXPECT(unit_size_bytes(unit) > count);
    unit_release(unit);
    EXPECT_EQ(used, mem_used_bytes());
    mem_free(bytes);
}

TEST(unit_lives_until_its_last_reference_goes)
{
    size_t used = mem_used_bytes();
    Unit *unit = compile("0", COMPILE_SCRIPT);
    EXPECT(unit_retain(unit) == unit);
    unit_release(unit);
    EXPECT_EQ(1u, unit->references);
    EXPECT(mem_used_bytes() > used);
    unit_release(unit);
    EXPECT_EQ(used, mem_used_bytes());
}
