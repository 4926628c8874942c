/* SPDX-License-Identifier: MIT */
/* asm.h - machine code of x86-64 under construction. Instructions are in asm_inl.h and asm_double_inl.h.
 *
 * Code is written where it is not to run. Jumps inside it are relative and move with it. Calls and jumps to addresses
 * outside have their distance as if the code began at `origin`, which mostly it does; else asm_place corrects each.
 *
 * I1  asm_reserve has made room for what is written until it is called again: ASM_RESERVE_BYTES at most, and a word to
 *     spare. A template is far shorter; instructions test nothing. */
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

enum {
    ASM_RESERVE_BYTES = 4096,
    ASM_PLACES_BYTES = 1 << 26,          // how far from `origin` code may be put
};

typedef struct Asm {
    uint8_t  *at;                        // where the next instruction goes
    uint8_t  *bytes, *end;               // C heap
    uintptr_t origin;
    uint32_t *outward;                   // C heap: positions of distances to what is outside; room for all that fit
    uint32_t  outward_count;
    bool      is_out_of_reach;           // from some place, something may be
} Asm;

/** An empty buffer with room for one template. */
void asm_init(Asm *a);
/** Free it. */
void asm_deinit(Asm *a);
/** Forget the code, if any, keep the memory: for code that is to run at `origin`, or less than ASM_PLACES_BYTES off. */
void asm_begin(Asm *a, const void *origin);

/** More memory, for asm_reserve. */
COLD void asm_grow(Asm *a);

/** Copy the code to `to`, where it will run as if it stood at `address`. False: something may be out of reach. */
NODISCARD bool asm_place(const Asm *a, uint8_t *to, const void *address);

/** The longest form of asm_mov_imm. */
void asm_mov_imm_wide(Asm *a, AsmReg to, uint64_t imm);

/** Jumps to what is written already, in the shorter form. */
void asm_jmp_back(Asm *a, uint32_t place);
void asm_call_back(Asm *a, uint32_t place);
void asm_jcc_back(Asm *a, AsmCondition cc, uint32_t place);
/** To addresses outside. */
void asm_call(Asm *a, const void *target);
void asm_jmp_to(Asm *a, const void *target);
void asm_jcc_to(Asm *a, AsmCondition cc, const void *target);

/* The opposite. */
static inline AsmCondition asm_not(AsmCondition cc)
{
    return cc ^ 1;
}

static inline uint32_t asm_here(const Asm *a)
{
    return (uint32_t)(a->at - a->bytes);
}

/* A template that writes many instructions in a row does so with a copy of the Asm, which the compiler keeps in
 * registers: what is written could alias the original. This takes over what the copy has written. */
static inline void asm_resume(Asm *a, const Asm *copy)
{
    a->at = copy->at;
}

/* Room for a template (I1). */
static inline void asm_reserve(Asm *a)
{
    if (UNLIKELY(a->end - a->at < ASM_RESERVE_BYTES)) asm_grow(a);
}

#endif
