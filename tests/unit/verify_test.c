/* SPDX-License-Identifier: MIT */
/* Whole units that are fine, and units with one fault each. */
#include "vm/bytecode/verify.h"

#include <string.h>

#include "tests/unit/unit_fixture.h"
#include "vm/bytecode/error_kinds.h"
#include "vm/bytecode/small.h"

/* What is wrong first; "" when nothing is. */
static const char *fault_of(const UnitFixture *x)
{
    VerifyFault fault;
    return verify_unit(&x->unit, &fault) ? "" : fault.what;
}

/* Operands that are in order wherever they may stand: a slot is -5, -6 and -7 below it. */
static void fill_operands(Opcode op, int32_t constant, int32_t operands[OPCODE_MAX_OPERANDS])
{
    const OpcodeInfo *info = opcode_info(op);
    for (int i = 0; i < info->operand_count; i++) {
        switch (info->operands[i]) {
        case 's': operands[i] = op == OP_SELECT ? -8 : -5; break;        // a select's cases take three words
        case 'd': case 'm': case 'b': operands[i] = -5; break;
        case 'W': operands[i] = -8; break;
        case 'k': operands[i] = constant; break;
        case 'j': operands[i] = 0; break;
        case 'n': case 'c': case 'p': case 'f': operands[i] = 1; break;
        default:  operands[i] = SMALL_UNDEFINED; break;
        }
    }
}

static const char *fault_with(Opcode op, const int32_t *operands)
{
    UnitFixture x;
    unit_fixture_begin(&x);
    unit_fixture_put(&x, op, operands);
    UNIT_FIXTURE_PUT(&x, RETURN_UNDEFINED, 0);
    return fault_of(&x);
}

/* A kind of constant that `op` takes, and how many there are. */
static int32_t constant_for(Opcode op, int *count)
{
    int32_t operands[OPCODE_MAX_OPERANDS], found = 0;
    *count = 0;
    for (int32_t kind = 0; kind < CONSTANT_KIND_COUNT; kind++) {
        fill_operands(op, kind, operands);
        if (*fault_with(op, operands)) continue;
        found = kind;
        ++*count;
    }
    return found;
}

TEST(verify_passes_every_instruction_with_operands_in_order)
{
    for (Opcode op = 0; op < OP_COUNT; op++) {
        int32_t operands[OPCODE_MAX_OPERANDS];
        int count;
        fill_operands(op, constant_for(op, &count), operands);
        const char *what = fault_with(op, operands);
        if (*what) test_fail(__FILE__, __LINE__, "%s: %s", opcode_info(op)->name, what);
        bool has_constant = strchr(opcode_info(op)->operands, 'k') != NULL;
        EXPECT_EQ(op == OP_LOAD_CONSTANT ? 3 : has_constant ? 1 : CONSTANT_KIND_COUNT, count);
    }
}

/* An operand of this letter that no instruction may have, and what is told of it. */
typedef struct Spoilt {
    const char *letters;
    int32_t     operand;
    const char *what;
} Spoilt;

static const Spoilt spoilt_operands[] = {
    { "dm", -1, "a slot that may not be written" },           // the callee
    { "dm", -4, "a slot that may not be written" },           // new.target
    { "dm", -9, "a slot that may not be written" },           // the register behind the last
    { "dm", 4, "a slot that may not be written" },            // the argument behind the last
    { "dm", 0, "a slot that may not be written" },
    { "sb", -9, "no such slot" },
    { "sb", 4, "no such slot" },
    { "sb", -2, "no such slot" },                             // the state
    { "sb", -3, "no such slot" },                             // the code
    { "sb", 0, "no such slot" },                              // the caller
    { "sb", 1, "no such slot" },                              // the return address
    { "W", -5, "a window is no part of the registers" },
    { "W", -20, "a window is no part of the registers" },
    { "c", T_CAPTURES, "no such capture" },
    { "k", CONSTANT_KIND_COUNT, "no such constant" },
    { "k", -1, "no such constant" },
    { "p", T_CACHES, "no such inline cache" },
    { "f", T_FEEDBACK, "no such feedback byte" },
    { "j", 1, "a jump meets no instruction" },
    { "j", -1, "a jump meets no instruction" },
    { "j", T_CODE_UNITS, "a jump meets no instruction" },
};

TEST(verify_refuses_each_operand_that_is_not_there)
{
    for (Opcode op = 0; op < OP_COUNT; op++) {
        const OpcodeInfo *info = opcode_info(op);
        int count;
        int32_t constant = constant_for(op, &count), operands[OPCODE_MAX_OPERANDS];
        for (int i = 0; i < info->operand_count; i++) {
            for (size_t k = 0; k < COUNT_OF(spoilt_operands); k++) {
                const Spoilt *spoilt = &spoilt_operands[k];
                if (!strchr(spoilt->letters, info->operands[i])) continue;
                fill_operands(op, constant, operands);
                operands[i] = spoilt->operand;
                const char *what = fault_with(op, operands);
                if (strcmp(what, spoilt->what))
                    test_fail(__FILE__, __LINE__, "%s, operand %d is %d: \"%s\"", info->name, i, spoilt->operand, what);
            }
        }
    }
}

TEST(verify_lets_this_and_arguments_be_written_and_the_callee_be_read)
{
    static const int32_t fine[][2] = { { 2, 3 }, { 3, 2 }, { -8, -1 }, { -5, -4 } };
    for (size_t i = 0; i < COUNT_OF(fine); i++) EXPECT_TEXT("", fault_with(OP_MOVE, fine[i]));
}

TEST(verify_refuses_company_of_operands_that_is_not_there)
{
    static const struct Company {
        Opcode      op;
        int32_t     operands[OPCODE_MAX_OPERANDS];
        const char *what;
    } companies[] = {
        { OP_LOAD_SMALL, { -5, 0x10 }, "bits of no small value" },
        { OP_LOAD_SMALL, { -5, SMALL_HOLE }, "" },
        { OP_LOAD_SMALL, { -5, -1 }, "bits of no small value" },
        { OP_THROW_ERROR, { ERROR_KIND_COUNT, CONSTANT_STRING }, "no such kind of error" },
        { OP_GET_ITERATOR, { -8, 2 }, "a slot that may not be written" },
        { OP_GET_ITERATOR, { -7, 2 }, "" },
        { OP_GET_ITERATOR_OBJECT, { -8, 2 }, "a slot that may not be written" },
        { OP_GET_ASYNC_ITERATOR, { -8, 2 }, "a slot that may not be written" },
        { OP_CLASS_HERITAGE, { -8, 2 }, "a slot that may not be written" },
        { OP_FOR_EACH_START, { -7, 2 }, "a slot that may not be written" },
        { OP_FOR_EACH_START, { -6, 2 }, "" },
        { OP_ITERATOR_NEXT, { -5, -8, 0 }, "a slot that may not be written" },
        { OP_ITERATOR_CALL_NEXT, { -5, -8 }, "a slot that may not be written" },
        { OP_ITERATOR_REST, { -5, -8 }, "a slot that may not be written" },
        { OP_ITERATOR_CLOSE, { -8, 0 }, "no such slot" },
        { OP_CALL, { -5, -5, -8, 3, 0 }, "" },                // this and three arguments: all registers
        { OP_CALL, { -5, -5, -8, 4, 0 }, "a window is no part of the registers" },
        { OP_CALL, { -5, -5, -8, 65535, 0 }, "a window is no part of the registers" },
        { OP_CALL, { -5, -5, -5, 0, 0 }, "" },
        { OP_CALL, { -5, -5, -9, 0, 0 }, "a window is no part of the registers" },
        { OP_NEW_ARRAY, { -5, -9, 4 }, "" },                  // four values above the slot
        { OP_NEW_ARRAY, { -5, -9, 5 }, "a window is no part of the registers" },
        { OP_NEW_ARRAY, { -5, -10, 4 }, "a window is no part of the registers" },
        { OP_NEW_ARRAY, { -5, 100, 0 }, "" },                 // none at all
    };
    for (size_t i = 0; i < COUNT_OF(companies); i++)
        EXPECT_TEXT(companies[i].what, fault_with(companies[i].op, companies[i].operands));
}

/* ---- code as a whole ---- */

TEST(verify_tells_which_function_and_where)
{
    UnitFixture x;
    VerifyFault fault = { 0 };
    unit_fixture_begin(&x);
    UNIT_FIXTURE_PUT(&x, LOAD_INT, -5, 7);
    UNIT_FIXTURE_PUT(&x, MOVE, -5, 50);
    UNIT_FIXTURE_PUT(&x, RETURN, -5);
    EXPECT(!verify_unit(&x.unit, &fault));
    EXPECT_EQ(0u, fault.function);
    EXPECT_EQ(4u, fault.at);
    EXPECT_TEXT("no such slot", fault.what);
    x.code[6] = (uint16_t)-6;
    x.functions[1].code_count = 0;
    EXPECT(!verify_unit(&x.unit, &fault));
    EXPECT_EQ(1u, fault.function);
    EXPECT_TEXT("there is no code", fault.what);
}

TEST(verify_refuses_code_that_ends_without_an_end)
{
    for (Opcode op = 0; op < OP_COUNT; op++) {
        int32_t operands[OPCODE_MAX_OPERANDS];
        int count;
        UnitFixture x;
        fill_operands(op, constant_for(op, &count), operands);
        unit_fixture_begin(&x);
        unit_fixture_put(&x, op, operands);
        bool ends = opcode_info(op)->effects & OPCODE_ENDS;
        EXPECT_TEXT(ends ? "" : "control runs off the end", fault_of(&x));
        if (opcode_info(op)->length == 1) continue;
        x.functions[0].code_count--;
        EXPECT_TEXT("an instruction is cut off", fault_of(&x));
    }
}

TEST(verify_refuses_what_is_no_instruction)
{
    UnitFixture x;
    unit_fixture_begin(&x);
    x.code[0] = OP_COUNT;
    x.functions[0].code_count = 1;
    EXPECT_TEXT("no such instruction", fault_of(&x));
    x.code[0] = 0xffff;
    EXPECT_TEXT("no such instruction", fault_of(&x));
}

TEST(verify_follows_jumps_both_ways_and_through_tables)
{
    UnitFixture x;
    unit_fixture_begin(&x);
    UNIT_FIXTURE_PUT(&x, JUMP, 7);                            // 0: to 7
    UNIT_FIXTURE_PUT(&x, JUMP_TABLE, -5, CONSTANT_JUMP_TABLE);    // 3
    UNIT_FIXTURE_PUT(&x, JUMP_TRUE, -5, -4);                  // 7: to 3
    UNIT_FIXTURE_PUT(&x, RETURN_UNDEFINED, 0);                // 11
    EXPECT_TEXT("", fault_of(&x));
    x.jumps[1] = 8;                                           // from 3: to 11
    EXPECT_TEXT("", fault_of(&x));
    x.jumps[1] = 9;
    EXPECT_TEXT("a jump meets no instruction", fault_of(&x));
    x.jumps[1] = (uint32_t)-3;
    EXPECT_TEXT("", fault_of(&x));
    x.jumps[0] = (uint32_t)-4;
    EXPECT_TEXT("a jump meets no instruction", fault_of(&x));
}

TEST(verify_refuses_handlers_beyond_the_code)
{
    static const struct Handler {
        UnitHandler handler;
        const char *what;
    } handlers[] = {
        { { 0, 4, 4 }, "" },
        { { 0, 7, 0 }, "" },
        { { 2, 2, 4 }, "" },
        { { 4, 2, 4 }, "a handler's range is none" },
        { { 0, 8, 4 }, "a handler's range is none" },
        { { 0, 4, 5 }, "a handler meets no instruction" },
        { { 0, 4, 7 }, "a handler meets no instruction" },
        { { 0, 4, UINT32_MAX }, "a handler meets no instruction" },
    };
    UnitFixture x;
    unit_fixture_begin(&x);
    UNIT_FIXTURE_PUT(&x, LOAD_INT, -5, 7);                    // 0
    UNIT_FIXTURE_PUT(&x, CATCH, -5);                          // 4
    UNIT_FIXTURE_PUT(&x, RETURN_UNDEFINED, 0);                // 6
    x.functions[0].handler_count = 1;
    for (size_t i = 0; i < COUNT_OF(handlers); i++) {
        x.handlers[0] = handlers[i].handler;
        EXPECT_TEXT(handlers[i].what, fault_of(&x));
    }
}

/* ---- functions, captures, parameters ---- */

TEST(verify_refuses_closures_of_what_is_not_there)
{
    UnitFixture x;
    unit_fixture_begin(&x);
    UNIT_FIXTURE_PUT(&x, CLOSURE, -5, CONSTANT_FUNCTION);
    UNIT_FIXTURE_PUT(&x, RETURN, -5);
    EXPECT_TEXT("", fault_of(&x));
    x.constants[CONSTANT_FUNCTION].index = 2;
    EXPECT_TEXT("no such function", fault_of(&x));
    x.constants[CONSTANT_FUNCTION].index = 1;
    x.other_captures[0].index = -9;
    EXPECT_TEXT("no such slot", fault_of(&x));
    x.other_captures[0].index = 3;                            // the argument
    EXPECT_TEXT("", fault_of(&x));
    x.other_captures[1].index = T_CAPTURES;
    EXPECT_TEXT("a closure takes no such capture", fault_of(&x));
    x.other_captures[1] = (UnitCapture){ CAPTURE_FROM_ENVIRONMENT, .index = 0 };
    EXPECT_TEXT("a closure takes no such capture", fault_of(&x));
    x.other_captures[1] = (UnitCapture){ 200, .index = 0 };
    EXPECT_TEXT("a closure takes no such capture", fault_of(&x));
}

TEST(verify_refuses_captures_of_an_environment_that_has_them_not)
{
    UnitFixture x;
    unit_fixture_begin(&x);
    UNIT_FIXTURE_PUT(&x, RETURN_UNDEFINED, 0);
    x.captures[1].index = 9;
    EXPECT_TEXT("", fault_of(&x));                            // who loads a script says what there is
    x.unit.module = &x.module;
    x.module.environment_count = 9;
    x.functions[1].capture_count = 0;
    EXPECT_TEXT("the environment has no such entry", fault_of(&x));
    x.module.environment_count = 10;
    EXPECT_TEXT("", fault_of(&x));
    x.captures[0].source = CAPTURE_FROM_SLOT;
    EXPECT_TEXT("the environment has no such entry", fault_of(&x));
}

TEST(verify_refuses_mapped_parameters_without_a_slot)
{
    UnitFixture x;
    unit_fixture_begin(&x);
    UNIT_FIXTURE_PUT(&x, RETURN_UNDEFINED, 0);
    x.functions[0].mapped_parameters = x.mapped;
    EXPECT_TEXT("", fault_of(&x));                            // 0: not mapped
    x.mapped[0] = (uint32_t)-8;
    EXPECT_TEXT("", fault_of(&x));
    x.mapped[0] = (uint32_t)-9;
    EXPECT_TEXT("no such slot", fault_of(&x));
}
