/* SPDX-License-Identifier: MIT */
/* asm.h - the x86-64 encoder: bytes of instructions into a buffer, in the order of an assembler with Intel's operands.
 *
 * Code is written where it is not to run. Jumps inside it are relative and move with it; calls and jumps to addresses
 * outside are remembered as AsmReach and filled in by asm_place, once the place is known.
 *
 * A `disp` is a byte distance from the base register. Operations are 64 bits wide unless the name says 32 or 8. */
#ifndef US_JIT_X64_ASM_H
#define US_JIT_X64_ASM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vm/base/attr.h"
#include "vm/base/vec.h"

typedef enum AsmReg {
    RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15,
    REG_FRAME = RBP, REG_G = R12, REG_C_STACK = R13, REG_INT_TAG = R14, REG_NOT_CELL = R15,      // emit_int.h
} AsmReg;

typedef enum AsmXmm { XMM0, XMM1, XMM2, XMM3, XMM4, XMM5, XMM6, XMM7 } AsmXmm;

typedef enum AsmCondition {              // as the processor encodes them
    CC_O, CC_NO, CC_B, CC_AE, CC_E, CC_NE, CC_BE, CC_A, CC_S, CC_NS, CC_P, CC_NP, CC_L, CC_GE, CC_LE, CC_G,
} AsmCondition;

typedef enum AsmAlu { ALU_ADD, ALU_OR, ALU_ADC, ALU_SBB, ALU_AND, ALU_SUB, ALU_XOR, ALU_CMP } AsmAlu;
typedef enum AsmShift { SHIFT_ROL, SHIFT_ROR, SHIFT_SHL = 4, SHIFT_SHR, SHIFT_SAR = 7 } AsmShift;
typedef enum AsmDouble {
    DOUBLE_SQRT = 0x51, DOUBLE_ADD = 0x58, DOUBLE_MUL = 0x59, DOUBLE_SUB = 0x5c, DOUBLE_DIV = 0x5e,
} AsmDouble;

/* A distance to fill in: four bytes at `at` become `target` less the address behind them. */
typedef struct AsmReach {
    uint32_t  at;
    uintptr_t target;
} AsmReach;

typedef struct Asm {
    uint8_t  *bytes;                     // C heap
    uint32_t  count, capacity;
    AsmReach *reaches;                   // C heap
    uint32_t  reach_count, reach_capacity;
} Asm;

/** An empty buffer. */
void asm_init(Asm *a);
/** Free it. */
void asm_deinit(Asm *a);

/** Copy the code to `to`, where it will run as if it stood at `address`. False: something is out of reach. */
NODISCARD bool asm_place(const Asm *a, uint8_t *to, uintptr_t address);

/* ---- moves ------------------------------------------------------------------------------------------------------- */
void asm_mov(Asm *a, AsmReg to, AsmReg from);
void asm_mov32(Asm *a, AsmReg to, AsmReg from);
void asm_mov_imm(Asm *a, AsmReg to, uint64_t imm);               // shortest form; flags stay
void asm_load(Asm *a, AsmReg to, AsmReg base, int32_t disp);
void asm_load32(Asm *a, AsmReg to, AsmReg base, int32_t disp);
void asm_load16(Asm *a, AsmReg to, AsmReg base, int32_t disp);   // zero-extended
void asm_load8(Asm *a, AsmReg to, AsmReg base, int32_t disp);    // zero-extended
void asm_load_index(Asm *a, AsmReg to, AsmReg base, AsmReg index, int scale_log2, int32_t disp);
void asm_load16_index(Asm *a, AsmReg to, AsmReg base, AsmReg index, int scale_log2, int32_t disp);    // zero-extended
void asm_load8_index(Asm *a, AsmReg to, AsmReg base, AsmReg index, int scale_log2, int32_t disp);     // zero-extended
void asm_load_from(Asm *a, AsmReg to, const void *address);      // absolute; may use `to` for the address
void asm_store(Asm *a, AsmReg base, int32_t disp, AsmReg from);
void asm_store32(Asm *a, AsmReg base, int32_t disp, AsmReg from);
void asm_store8(Asm *a, AsmReg base, int32_t disp, AsmReg from);
void asm_store_index(Asm *a, AsmReg base, AsmReg index, int scale_log2, int32_t disp, AsmReg from);
void asm_store_imm(Asm *a, AsmReg base, int32_t disp, int32_t imm);      // sign-extended to 64 bits
void asm_store32_imm(Asm *a, AsmReg base, int32_t disp, uint32_t imm);
void asm_lea(Asm *a, AsmReg to, AsmReg base, int32_t disp);
void asm_lea_index(Asm *a, AsmReg to, AsmReg base, AsmReg index, int scale_log2, int32_t disp);
void asm_movsxd(Asm *a, AsmReg to, AsmReg from);
void asm_push(Asm *a, AsmReg r);
void asm_pop(Asm *a, AsmReg r);

/* ---- integers ---------------------------------------------------------------------------------------------------- */
void asm_alu(Asm *a, AsmAlu op, AsmReg to, AsmReg from);
void asm_alu32(Asm *a, AsmAlu op, AsmReg to, AsmReg from);
void asm_alu_imm(Asm *a, AsmAlu op, AsmReg to, int32_t imm);
void asm_alu32_imm(Asm *a, AsmAlu op, AsmReg to, int32_t imm);
void asm_alu_load(Asm *a, AsmAlu op, AsmReg to, AsmReg base, int32_t disp);
void asm_alu32_load(Asm *a, AsmAlu op, AsmReg to, AsmReg base, int32_t disp);
void asm_alu_store_imm(Asm *a, AsmAlu op, AsmReg base, int32_t disp, int32_t imm);
void asm_alu32_store_imm(Asm *a, AsmAlu op, AsmReg base, int32_t disp, int32_t imm);
void asm_cmp8_imm(Asm *a, AsmReg base, int32_t disp, uint8_t imm);
void asm_test8_imm(Asm *a, AsmReg base, int32_t disp, uint8_t imm);
void asm_cmp16_imm(Asm *a, AsmReg base, int32_t disp, uint16_t imm);
void asm_test(Asm *a, AsmReg x, AsmReg y);
void asm_test32(Asm *a, AsmReg x, AsmReg y);
void asm_imul32(Asm *a, AsmReg to, AsmReg from);
void asm_imul_imm(Asm *a, AsmReg to, AsmReg from, int32_t imm);
void asm_imul32_imm(Asm *a, AsmReg to, AsmReg from, int32_t imm);
void asm_shift_imm(Asm *a, AsmShift op, AsmReg r, uint8_t count);
void asm_shift32_imm(Asm *a, AsmShift op, AsmReg r, uint8_t count);
void asm_shift32_cl(Asm *a, AsmShift op, AsmReg r);
void asm_neg32(Asm *a, AsmReg r);
void asm_not32(Asm *a, AsmReg r);
void asm_div32(Asm *a, AsmReg r);
void asm_setcc(Asm *a, AsmCondition cc, AsmReg r);       // rax to rdx only: no prefix
void asm_movzx8(Asm *a, AsmReg to, AsmReg from);         // from rax to rdx only
void asm_cmov(Asm *a, AsmCondition cc, AsmReg to, AsmReg from);

/* ---- doubles ----------------------------------------------------------------------------------------------------- */
void asm_movq_to_xmm(Asm *a, AsmXmm to, AsmReg from);
void asm_movq_from_xmm(Asm *a, AsmReg to, AsmXmm from);
void asm_cvt_int32(Asm *a, AsmXmm to, AsmReg from);      // clears the upper half first
void asm_cvt_double(Asm *a, AsmReg to, AsmXmm from);     // cvttsd2si, 32 bits
void asm_double(Asm *a, AsmDouble op, AsmXmm to, AsmXmm from);
void asm_ucomisd(Asm *a, AsmXmm x, AsmXmm y);
void asm_movaps(Asm *a, AsmXmm to, AsmXmm from);
void asm_xorps(Asm *a, AsmXmm to, AsmXmm from);
void asm_duplicate(Asm *a, AsmXmm x);                    // the low half into the high one
void asm_store_xmm16(Asm *a, AsmReg base, int32_t disp, AsmXmm from);
void asm_load_double(Asm *a, AsmXmm to, AsmReg base, int32_t disp);
void asm_store_double(Asm *a, AsmReg base, int32_t disp, AsmXmm from);

/* ---- control ----------------------------------------------------------------------------------------------------- */
/* A forward jump yields its position, for asm_bind; the 8-bit forms reach 127 bytes and are bound by asm_bind8. */
NODISCARD uint32_t asm_jmp(Asm *a);
NODISCARD uint32_t asm_jcc(Asm *a, AsmCondition cc);
NODISCARD uint32_t asm_jmp8(Asm *a);
NODISCARD uint32_t asm_jcc8(Asm *a, AsmCondition cc);
void asm_bind(Asm *a, uint32_t jump);                    // to here
void asm_bind_to(Asm *a, uint32_t jump, uint32_t place);
void asm_bind8(Asm *a, uint32_t jump);
void asm_jmp_back(Asm *a, uint32_t place);
void asm_jcc_back(Asm *a, AsmCondition cc, uint32_t place);
void asm_call(Asm *a, const void *target);
void asm_jmp_to(Asm *a, const void *target);
void asm_jcc_to(Asm *a, AsmCondition cc, const void *target);
void asm_call_load(Asm *a, AsmReg base, int32_t disp);
void asm_jmp_reg(Asm *a, AsmReg r);
void asm_ret(Asm *a);
void asm_clc(Asm *a);
void asm_stc(Asm *a);
void asm_trap(Asm *a);
void asm_nop(Asm *a);

static inline uint32_t asm_here(const Asm *a)
{
    return a->count;
}

#endif
