/* SPDX-License-Identifier: MIT */
/* opcode.h - instructions: numbers, lengths, operands and effects, all expanded from opcodes.def. */
#ifndef US_BYTECODE_OPCODE_H
#define US_BYTECODE_OPCODE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef enum Opcode {
#define OP(NAME, family, operands, effects, semantics) OP_##NAME,
#include "vm/bytecode/opcodes.def"
    OP_COUNT
} Opcode;

enum {
    OPCODE_MAX_OPERANDS = 6,
    OPCODE_CALL_UNITS = 7,               // length of every instruction that pushes a frame
};

enum {                                   // effects
    OPCODE_THROWS = 1,
    OPCODE_RUNS_JS = 2,
    OPCODE_SAFEPOINT = 4,
    OPCODE_ENDS = 8,
    OPCODE_SUSPENDS = 16,
    OPCODE_PARKS = 32,
};

typedef struct OpcodeInfo {
    const char *name;
    const char *family;
    const char *operands;                // letters of opcodes.def
    const char *semantics;
    uint8_t     length;                  // in units, the opcode included
    uint8_t     effects;                 // OPCODE_*
    uint8_t     operand_count;
    uint8_t     offsets[OPCODE_MAX_OPERANDS];    // of each operand, in units from the instruction
} OpcodeInfo;

/** The row of `op`, which must be below OP_COUNT. Immutable; any thread. */
const OpcodeInfo *opcode_info(uint32_t op);

/** Units an operand of this letter takes. */
static inline int opcode_operand_units(char letter)
{
    return strchr("Ikpj", letter) ? 2 : 1;
}

/** The value of operand `i` of the instruction at `pc`: sign-extended for d s m W b i I j, else unsigned. */
int32_t opcode_operand(const uint16_t *pc, int i);

static inline int32_t opcode_read_i32(const uint16_t *units)
{
    int32_t v;
    memcpy(&v, units, sizeof v);
    return v;
}

static inline uint32_t opcode_read_u32(const uint16_t *units)
{
    uint32_t v;
    memcpy(&v, units, sizeof v);
    return v;
}

#endif
