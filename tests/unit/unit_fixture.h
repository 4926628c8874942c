/* SPDX-License-Identifier: MIT */
/* unit_fixture.h - small units made by hand, for the tests of vm/bytecode.
 *
 * Function 0 is the one under test. It has a parameter, four registers (slots -5 to -8), two captures, two inline
 * caches, two feedback bytes, and a constant of each kind, whose number is its kind. Function 1 is what its constant
 * refers to: it takes a slot and a capture of function 0. */
#ifndef US_TESTS_UNIT_UNIT_FIXTURE_H
#define US_TESTS_UNIT_UNIT_FIXTURE_H

#include "tests/unit/test.h"
#include "vm/bytecode/opcode.h"
#include "vm/bytecode/unit.h"

enum { T_CODE_UNITS = 64, T_PARAMETERS = 1, T_REGISTERS = 4, T_CAPTURES = 2, T_CACHES = 2, T_FEEDBACK = 2 };

typedef struct UnitFixture {
    Unit         unit;
    UnitFunction functions[2];
    UnitModule   module;                 // used when unit.module is set to it
    UnitString   strings[3];
    uint16_t     code[T_CODE_UNITS], other_code[1];
    UnitCapture  captures[T_CAPTURES], other_captures[T_CAPTURES];
    UnitConstant constants[CONSTANT_KIND_COUNT];
    UnitHandler  handlers[1];
    uint32_t     names[2], cache_names[T_CACHES], jumps[2], mapped[T_PARAMETERS];
} UnitFixture;

static inline void unit_fixture_begin(UnitFixture *x)
{
    *x = (UnitFixture){
        .strings = { { "top", 3, false }, { "name", 4, false }, { u"Ā", 1, true } },
        .names = { 1, 0 }, .cache_names = { 1, UNIT_NONE }, .other_code = { OP_RETURN_UNDEFINED },
        .captures = { { CAPTURE_FROM_ENVIRONMENT, 1, 0, 0, 1 }, { CAPTURE_FROM_ENVIRONMENT, 0, 0, 1, 1 } },
        .other_captures = { { CAPTURE_FROM_SLOT, 1, 0, -5, 1 }, { CAPTURE_FROM_CAPTURE, 0, 0, 1, 1 } },
        .constants = {
            { CONSTANT_NUMBER, .number = 1.5 }, { CONSTANT_STRING, .index = 1 }, { CONSTANT_BIGINT, .index = 1 },
            { CONSTANT_REGEXP, .index = 1 }, { CONSTANT_FUNCTION, .index = 1 },
            { CONSTANT_TEMPLATE, .count = 1, .list = x->names }, { CONSTANT_NAMES, .count = 1, .list = x->names },
            { CONSTANT_ELEMENTS, .count = 1, .list = x->names },
            { CONSTANT_JUMP_TABLE, .count = 2, .list = x->jumps },
            { CONSTANT_SCOPE, .count = 1, .list = x->names }, { CONSTANT_DECLARATIONS, .count = 1, .list = x->names },
        },
    };
    x->unit = (Unit){ .references = 1, .string_count = 3, .function_count = 2, .strings = x->strings,
                      .functions = x->functions, .file = "t" };
    x->functions[0] = (UnitFunction){
        .name = 0, .parameter_count = T_PARAMETERS, .register_count = T_REGISTERS, .cache_count = T_CACHES,
        .feedback_count = T_FEEDBACK, .capture_count = T_CAPTURES, .constant_count = CONSTANT_KIND_COUNT,
        .code = x->code, .captures = x->captures, .constants = x->constants, .handlers = x->handlers,
        .cache_names = x->cache_names,
    };
    x->functions[1] = (UnitFunction){ .name = UNIT_NONE, .code = x->other_code, .code_count = 1,
                                      .captures = x->other_captures, .capture_count = T_CAPTURES };
}

/* Append an instruction with these operands. */
static inline void unit_fixture_put(UnitFixture *x, Opcode op, const int32_t *operands)
{
    const OpcodeInfo *info = opcode_info(op);
    UnitFunction *f = &x->functions[0];
    REQUIRE(f->code_count + info->length <= T_CODE_UNITS);
    uint16_t *pc = x->code + f->code_count;
    pc[0] = (uint16_t)op;
    for (int i = 0; i < info->operand_count; i++) {
        bool is_long = opcode_operand_units(info->operands[i]) == 2;
        pc[info->offsets[i]] = (uint16_t)operands[i];
        if (is_long) pc[info->offsets[i] + 1] = (uint16_t)((uint32_t)operands[i] >> 16);
    }
    f->code_count += info->length;
}

#define UNIT_FIXTURE_PUT(x, op, ...) unit_fixture_put((x), OP_##op, (const int32_t[]){ __VA_ARGS__ })

#endif
