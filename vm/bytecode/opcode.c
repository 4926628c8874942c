/* SPDX-License-Identifier: MIT */
#include "vm/bytecode/opcode.h"

#define THROWS    OPCODE_THROWS
#define RUNS_JS   OPCODE_RUNS_JS
#define SAFEPOINT OPCODE_SAFEPOINT
#define ENDS      OPCODE_ENDS
#define SUSPENDS  OPCODE_SUSPENDS
#define PARKS     OPCODE_PARKS

/* Lengths and offsets follow from the letters; computed by the preprocessor they would be unreadable, so a small
 * constructor fills them in before main. */
static OpcodeInfo opcode_table[OP_COUNT] = {
#define OP(NAME, fam, ops, eff, text) \
    [OP_##NAME] = { .name = #NAME, .family = #fam, .operands = ops, .semantics = text, .effects = eff },
#include "vm/bytecode/opcodes.def"
};

__attribute__((constructor)) static void opcode_fill_table(void)
{
    for (int op = 0; op < OP_COUNT; op++) {
        OpcodeInfo *info = &opcode_table[op];
        int at = 1;
        for (const char *letter = info->operands; *letter; letter++) {
            info->offsets[info->operand_count++] = (uint8_t)at;
            at += opcode_operand_units(*letter);
        }
        info->length = (uint8_t)at;
    }
}

const OpcodeInfo *opcode_info(uint32_t op)
{
    return &opcode_table[op];
}

int32_t opcode_operand(const uint16_t *pc, int i)
{
    const OpcodeInfo *info = &opcode_table[*pc];
    const uint16_t *units = pc + info->offsets[i];
    switch (info->operands[i]) {
    case 'I': case 'j': case 'k': case 'p': return opcode_read_i32(units);
    case 'c': case 'n': case 'f':           return *units;
    default:                                return (int16_t)*units;
    }
}
