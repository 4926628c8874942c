/* SPDX-License-Identifier: MIT */
/* Instructions as the table tells them, as text, and where they came from. */
#include "vm/bytecode/disasm.h"

#include <string.h>

#include "tests/unit/unit_fixture.h"
#include "vm/bytecode/linetab.h"
#include "vm/bytecode/small.h"

/* ---- the table of instructions ---- */

TEST(opcode_lengths_follow_from_the_letters)
{
    for (Opcode op = 0; op < OP_COUNT; op++) {
        const OpcodeInfo *info = opcode_info(op);
        EXPECT_EQ(strlen(info->operands), info->operand_count);
        EXPECT(strspn(info->operands, "dsmWbincIkpfj") == info->operand_count);
        int at = 1;
        for (int i = 0; i < info->operand_count; i++) {
            EXPECT_EQ(at, info->offsets[i]);
            at += strchr("Ikpj", info->operands[i]) ? 2 : 1;
        }
        EXPECT_EQ(at, info->length);
    }
}

/* A return finds the destination without asking which call it was. */
TEST(opcode_calls_have_one_length_and_their_destination_first)
{
    static const Opcode calls[] = { OP_CALL, OP_CALL_METHOD, OP_NEW, OP_CALL_SPREAD, OP_NEW_SPREAD, OP_CALL_EVAL,
                                    OP_CALL_EVAL_SPREAD, OP_APPLY_FORWARD, OP_CALL_FORWARD, OP_SUPER_CONSTRUCT,
                                    OP_SUPER_FORWARD };
    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        EXPECT_EQ(OPCODE_CALL_UNITS, opcode_info(calls[i])->length);
        EXPECT_EQ('d', opcode_info(calls[i])->operands[0]);
    }
}

TEST(opcode_operands_are_extended_by_their_letter)
{
    const uint16_t load[] = { OP_LOAD_INT, (uint16_t)-7, 0x5678, 0x8234 };
    EXPECT_EQ(-7, opcode_operand(load, 0));
    EXPECT_EQ((int32_t)0x82345678, opcode_operand(load, 1));
    const uint16_t rest[] = { OP_REST, 3, 0xfffe };
    EXPECT_EQ(0xfffe, opcode_operand(rest, 1));               // a count has no sign
    const uint16_t small[] = { OP_LOAD_SMALL, 3, 0xfffe };
    EXPECT_EQ(-2, opcode_operand(small, 1));                  // an immediate has
}

/* ---- as text ---- */

static char *dump(const UnitFixture *x, Buf *out)
{
    buf_init(out);
    disasm_function(out, &x->unit, 0);
    return (char *)(uintptr_t)buf_text(out);
}

TEST(disasm_names_what_operands_mean)
{
    UnitFixture x;
    Buf out;
    unit_fixture_begin(&x);
    UNIT_FIXTURE_PUT(&x, LOAD_INT, -5, -100000);
    UNIT_FIXTURE_PUT(&x, LOAD_CONSTANT, -6, CONSTANT_NUMBER);
    UNIT_FIXTURE_PUT(&x, ADD, -5, -6, 3, 1);
    UNIT_FIXTURE_PUT(&x, GET_PROP, -5, 2, 0);
    UNIT_FIXTURE_PUT(&x, CAPTURE_GET, -7, 1);
    UNIT_FIXTURE_PUT(&x, CLOSURE, -8, CONSTANT_FUNCTION);
    UNIT_FIXTURE_PUT(&x, JUMP, -4);
    x.functions[0].handlers[0] = (UnitHandler){ 0, 4, 17 };
    x.functions[0].handler_count = 1;
    x.functions[0].flags = UNIT_IS_ASYNC;
    static const uint8_t lines[] = { 0, 6, 4, 4, 0, 6 };      // 3:2 from 0, 3:5 from 4
    x.functions[0].lines = (uint8_t *)(uintptr_t)lines;
    x.functions[0].line_bytes = sizeof lines;
    EXPECT_TEXT("function 0 \"top\": 1 parameters, 4 registers, 2 captures, 2 caches, async\n"
                "        0     3:2    LOAD_INT             r5, -100000\n"
                "        4     3:5    LOAD_CONSTANT        r6, 1.5\n"
                "        8     3:5    ADD                  r5, r6, a3, feedback 1\n"
                "       13     3:5    GET_PROP             r5, a2, cache 0 \"name\"\n"
                "       18     3:5    CAPTURE_GET          r7, capture 1\n"
                "       21     3:5    CLOSURE              r8, function 1\n"
                "       25     3:5    JUMP                 -> 21\n"
                "    handler 0..4 -> 17\n", dump(&x, &out));
    buf_deinit(&out);
}

TEST(disasm_escapes_and_cuts_strings)
{
    static char text[60] = "line\nbell\a";
    memset(text + 10, 'x', 50);
    UnitFixture x;
    Buf out;
    unit_fixture_begin(&x);
    x.strings[1] = (UnitString){ text, 60, false };
    UNIT_FIXTURE_PUT(&x, LOAD_CONSTANT, -5, CONSTANT_STRING);
    EXPECT(strstr(dump(&x, &out), "\"line\\nbell\\x07xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...\"\n"));
    buf_deinit(&out);
    x.strings[1] = x.strings[2];
    EXPECT(strstr(dump(&x, &out), "\"\xc4\x80\"\n"));
    buf_deinit(&out);
}

TEST(disasm_survives_code_that_no_verifier_saw)
{
    UnitFixture x;
    Buf out;
    unit_fixture_begin(&x);
    UNIT_FIXTURE_PUT(&x, LOAD_CONSTANT, -5, 99);
    UNIT_FIXTURE_PUT(&x, GET_PROP, -5, 2, 99);
    x.code[x.functions[0].code_count++] = 0xfffe;
    x.code[x.functions[0].code_count++] = OP_CALL;            // cut off
    const char *text = dump(&x, &out);
    EXPECT(strstr(text, "?65534\n"));
    EXPECT(strstr(text, "CALL"));
    buf_deinit(&out);
}

/* ---- where instructions came from ---- */

TEST(linetab_finds_what_was_written)
{
    enum { ENTRIES = 500 };
    static LineEntry entries[ENTRIES];
    Arena arena;
    arena_init(&arena, SIZE_MAX, NULL);
    LineTabWriter w = { .arena = &arena };
    uint32_t random = 1, pc = 0;
    for (int i = 0; i < ENTRIES; i++) {
        random = random * 1664525 + 1013904223;
        pc += 1 + random % 300;
        entries[i] = (LineEntry){ pc, 1 + (random >> 8) % (i % 2 ? 40 : 4000000), 1 + (random >> 16) % 500 };
        linetab_write(&w, entries[i]);
    }
    EXPECT_EQ(0u, linetab_find(w.bytes.items, w.bytes.count, entries[0].pc - 1).line);
    for (int i = 0; i < ENTRIES; i++) {
        uint32_t last = i + 1 < ENTRIES ? entries[i + 1].pc - 1 : UINT32_MAX;
        for (int end = 0; end < 2; end++) {
            LineEntry found = linetab_find(w.bytes.items, w.bytes.count, end ? last : entries[i].pc);
            EXPECT_EQ(entries[i].line, found.line);
            EXPECT_EQ(entries[i].column, found.column);
        }
    }
    arena_deinit(&arena);
}

TEST(linetab_leaves_out_what_changes_nothing)
{
    Arena arena;
    arena_init(&arena, SIZE_MAX, NULL);
    LineTabWriter w = { .arena = &arena };
    linetab_write(&w, (LineEntry){ 0, 2, 3 });
    uint32_t bytes = w.bytes.count;
    linetab_write(&w, (LineEntry){ 9, 2, 3 });
    EXPECT_EQ(bytes, w.bytes.count);
    EXPECT_EQ(3u, linetab_find(w.bytes.items, w.bytes.count, 20).column);
    arena_deinit(&arena);
}

TEST(linetab_is_safe_on_any_bytes)
{
    uint8_t bytes[12];
    uint32_t random = 7;
    for (int round = 0; round < 20000; round++) {
        for (size_t i = 0; i < sizeof bytes; i++) {
            random = random * 1664525 + 1013904223;
            bytes[i] = (uint8_t)(random >> 24) | (random & 0x10000 ? 0x80 : 0);
        }
        (void)linetab_find(bytes, round % sizeof bytes, random);
    }
    memset(bytes, 0xff, sizeof bytes);
    EXPECT_EQ(0u, linetab_find(bytes, sizeof bytes, UINT32_MAX).line);
}
