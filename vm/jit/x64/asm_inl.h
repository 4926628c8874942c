/* SPDX-License-Identifier: MIT */
/* asm_inl.h - the encoder: moves and integers; jumps and calls are in asm_control_inl.h.
 *
 * Templates give most operands as constants, so that an instruction is folded into a store of its bytes. Operands are
 * in the order of an assembler with Intel's. A `disp` is a byte distance from the base register. Operations are 64 bits
 * wide unless the name says 32 or 8. */
#ifndef US_JIT_X64_ASM_INL_H
#define US_JIT_X64_ASM_INL_H

#include "vm/jit/x64/asm_control_inl.h"

/* ---- moves ------------------------------------------------------------------------------------------------------- */

static ALWAYS_INLINE void asm_mov(Asm *a, AsmReg to, AsmReg from)
{
    asm_rr(a, NO_PREFIX, REX_W, 0x89, from, to);
}

static ALWAYS_INLINE void asm_mov32(Asm *a, AsmReg to, AsmReg from)
{
    asm_rr(a, NO_PREFIX, 0, 0x89, from, to);
}

/* Shortest form; flags stay. */
static ALWAYS_INLINE void asm_mov_imm(Asm *a, AsmReg to, uint64_t imm)
{
    if (imm <= UINT32_MAX) asm_put_form32(a, asm_form(NO_PREFIX, (to >> 3) * REX_B, 0xb8 | (to & 7)), (uint32_t)imm);
    else asm_mov_imm_wide(a, to, imm);
}

static ALWAYS_INLINE void asm_load(Asm *a, AsmReg to, AsmReg base, int32_t disp)
{
    asm_rm(a, NO_PREFIX, REX_W, 0x8b, to, base, disp);
}

static ALWAYS_INLINE void asm_load32(Asm *a, AsmReg to, AsmReg base, int32_t disp)
{
    asm_rm(a, NO_PREFIX, 0, 0x8b, to, base, disp);
}

/* Zero-extended. */
static ALWAYS_INLINE void asm_load16(Asm *a, AsmReg to, AsmReg base, int32_t disp)
{
    asm_rm(a, NO_PREFIX, 0, 0x1b7, to, base, disp);
}

static ALWAYS_INLINE void asm_load16_signed(Asm *a, AsmReg to, AsmReg base, int32_t disp)
{
    asm_rm(a, NO_PREFIX, REX_W, 0x1bf, to, base, disp);
}

/* Zero-extended. */
static ALWAYS_INLINE void asm_load8(Asm *a, AsmReg to, AsmReg base, int32_t disp)
{
    asm_rm(a, NO_PREFIX, 0, 0x1b6, to, base, disp);
}

static ALWAYS_INLINE void asm_load_index(Asm *a, AsmReg to, AsmReg base, AsmReg index, int scale_log2, int32_t disp)
{
    asm_rmx(a, NO_PREFIX, REX_W, 0x8b, to, base, index, scale_log2, disp);
}

/* Zero-extended. */
static ALWAYS_INLINE void asm_load16_index(Asm *a, AsmReg to, AsmReg base, AsmReg index, int scale_log2, int32_t disp)
{
    asm_rmx(a, NO_PREFIX, 0, 0x1b7, to, base, index, scale_log2, disp);
}

/* Zero-extended. */
static ALWAYS_INLINE void asm_load8_index(Asm *a, AsmReg to, AsmReg base, AsmReg index, int scale_log2, int32_t disp)
{
    asm_rmx(a, NO_PREFIX, 0, 0x1b6, to, base, index, scale_log2, disp);
}

/* Absolute; may use `to` for the address. */
static ALWAYS_INLINE void asm_load_from(Asm *a, AsmReg to, const void *address)
{
    uint64_t at = (uintptr_t)address;
    if (at <= INT32_MAX) {
        asm_ra(a, REX_W, 0x8b, to, (uint32_t)at);
    } else {
        asm_mov_imm(a, to, at);
        asm_load(a, to, to, 0);
    }
}

static ALWAYS_INLINE void asm_store(Asm *a, AsmReg base, int32_t disp, AsmReg from)
{
    asm_rm(a, NO_PREFIX, REX_W, 0x89, from, base, disp);
}

static ALWAYS_INLINE void asm_store32(Asm *a, AsmReg base, int32_t disp, AsmReg from)
{
    asm_rm(a, NO_PREFIX, 0, 0x89, from, base, disp);
}

/* Sign-extended to 64 bits. */
static ALWAYS_INLINE void asm_load32_index_signed(Asm *a, AsmReg to, AsmReg base, AsmReg index, int scale_log2,
                                                  int32_t disp)
{
    asm_rmx(a, NO_PREFIX, REX_W, 0x63, to, base, index, scale_log2, disp);
}

static ALWAYS_INLINE void asm_store_index(Asm *a, AsmReg base, AsmReg index, int scale_log2, int32_t disp, AsmReg from)
{
    asm_rmx(a, NO_PREFIX, REX_W, 0x89, from, base, index, scale_log2, disp);
}

/* Sign-extended to 64 bits. */
static ALWAYS_INLINE void asm_store_imm(Asm *a, AsmReg base, int32_t disp, int32_t imm)
{
    asm_rm(a, NO_PREFIX, REX_W, 0xc7, 0, base, disp);
    asm_put(a, (uint32_t)imm, 4);
}

static ALWAYS_INLINE void asm_store32_imm(Asm *a, AsmReg base, int32_t disp, uint32_t imm)
{
    asm_rm(a, NO_PREFIX, 0, 0xc7, 0, base, disp);
    asm_put(a, imm, 4);
}

static ALWAYS_INLINE void asm_lea(Asm *a, AsmReg to, AsmReg base, int32_t disp)
{
    asm_rm(a, NO_PREFIX, REX_W, 0x8d, to, base, disp);
}

static ALWAYS_INLINE void asm_lea_index(Asm *a, AsmReg to, AsmReg base, AsmReg index, int scale_log2, int32_t disp)
{
    asm_rmx(a, NO_PREFIX, REX_W, 0x8d, to, base, index, scale_log2, disp);
}

static ALWAYS_INLINE void asm_movsxd(Asm *a, AsmReg to, AsmReg from)
{
    asm_rr(a, NO_PREFIX, REX_W, 0x63, to, from);
}

static ALWAYS_INLINE void asm_push(Asm *a, AsmReg r)
{
    asm_put_form(a, asm_form(NO_PREFIX, (r >> 3) * REX_B, 0x50 | (r & 7)));
}

static ALWAYS_INLINE void asm_pop(Asm *a, AsmReg r)
{
    asm_put_form(a, asm_form(NO_PREFIX, (r >> 3) * REX_B, 0x58 | (r & 7)));
}

/* ---- integers ---------------------------------------------------------------------------------------------------- */

static ALWAYS_INLINE void asm_alu(Asm *a, AsmAlu op, AsmReg to, AsmReg from)
{
    asm_rr(a, NO_PREFIX, REX_W, (uint32_t)op << 3 | 1, from, to);
}

static ALWAYS_INLINE void asm_alu32(Asm *a, AsmAlu op, AsmReg to, AsmReg from)
{
    asm_rr(a, NO_PREFIX, 0, (uint32_t)op << 3 | 1, from, to);
}

static ALWAYS_INLINE void asm_alu_imm(Asm *a, AsmAlu op, AsmReg to, int32_t imm)
{
    asm_rr(a, NO_PREFIX, REX_W, asm_is_byte(imm) ? 0x83 : 0x81, op, to);
    asm_put_imm(a, imm);
}

static ALWAYS_INLINE void asm_alu32_imm(Asm *a, AsmAlu op, AsmReg to, int32_t imm)
{
    asm_rr(a, NO_PREFIX, 0, asm_is_byte(imm) ? 0x83 : 0x81, op, to);
    asm_put_imm(a, imm);
}

static ALWAYS_INLINE void asm_alu_load(Asm *a, AsmAlu op, AsmReg to, AsmReg base, int32_t disp)
{
    asm_rm(a, NO_PREFIX, REX_W, (uint32_t)op << 3 | 3, to, base, disp);
}

static ALWAYS_INLINE void asm_alu32_load(Asm *a, AsmAlu op, AsmReg to, AsmReg base, int32_t disp)
{
    asm_rm(a, NO_PREFIX, 0, (uint32_t)op << 3 | 3, to, base, disp);
}

static ALWAYS_INLINE void asm_alu_store_imm(Asm *a, AsmAlu op, AsmReg base, int32_t disp, int32_t imm)
{
    asm_rm(a, NO_PREFIX, REX_W, asm_is_byte(imm) ? 0x83 : 0x81, op, base, disp);
    asm_put_imm(a, imm);
}

static ALWAYS_INLINE void asm_alu32_store_imm(Asm *a, AsmAlu op, AsmReg base, int32_t disp, int32_t imm)
{
    asm_rm(a, NO_PREFIX, 0, asm_is_byte(imm) ? 0x83 : 0x81, op, base, disp);
    asm_put_imm(a, imm);
}

static ALWAYS_INLINE void asm_cmp8_imm(Asm *a, AsmReg base, int32_t disp, uint8_t imm)
{
    asm_rm(a, NO_PREFIX, 0, 0x80, ALU_CMP, base, disp);
    asm_put(a, imm, 1);
}

static ALWAYS_INLINE void asm_test8_imm(Asm *a, AsmReg base, int32_t disp, uint8_t imm)
{
    asm_rm(a, NO_PREFIX, 0, 0xf6, 0, base, disp);
    asm_put(a, imm, 1);
}

static ALWAYS_INLINE void asm_cmp16_imm(Asm *a, AsmReg base, int32_t disp, uint16_t imm)
{
    bool is_byte = imm <= INT8_MAX;
    asm_rm(a, 0x66, 0, is_byte ? 0x83 : 0x81, ALU_CMP, base, disp);
    asm_put(a, imm, is_byte ? 1 : 2);
}

static ALWAYS_INLINE void asm_test(Asm *a, AsmReg x, AsmReg y)
{
    asm_rr(a, NO_PREFIX, REX_W, 0x85, y, x);
}

static ALWAYS_INLINE void asm_test32(Asm *a, AsmReg x, AsmReg y)
{
    asm_rr(a, NO_PREFIX, 0, 0x85, y, x);
}

static ALWAYS_INLINE void asm_imul32(Asm *a, AsmReg to, AsmReg from)
{
    asm_rr(a, NO_PREFIX, 0, 0x1af, to, from);
}

static ALWAYS_INLINE void asm_imul_imm(Asm *a, AsmReg to, AsmReg from, int32_t imm)
{
    asm_rr(a, NO_PREFIX, REX_W, asm_is_byte(imm) ? 0x6b : 0x69, to, from);
    asm_put_imm(a, imm);
}

static ALWAYS_INLINE void asm_imul32_imm(Asm *a, AsmReg to, AsmReg from, int32_t imm)
{
    asm_rr(a, NO_PREFIX, 0, asm_is_byte(imm) ? 0x6b : 0x69, to, from);
    asm_put_imm(a, imm);
}

static ALWAYS_INLINE void asm_shift_imm(Asm *a, AsmShift op, AsmReg r, uint8_t count)
{
    asm_rr(a, NO_PREFIX, REX_W, 0xc1, op, r);
    asm_put(a, count, 1);
}

static ALWAYS_INLINE void asm_shift32_imm(Asm *a, AsmShift op, AsmReg r, uint8_t count)
{
    asm_rr(a, NO_PREFIX, 0, 0xc1, op, r);
    asm_put(a, count, 1);
}

static ALWAYS_INLINE void asm_shift32_cl(Asm *a, AsmShift op, AsmReg r)
{
    asm_rr(a, NO_PREFIX, 0, 0xd3, op, r);
}

static ALWAYS_INLINE void asm_neg32(Asm *a, AsmReg r)
{
    asm_rr(a, NO_PREFIX, 0, 0xf7, 3, r);
}

static ALWAYS_INLINE void asm_not32(Asm *a, AsmReg r)
{
    asm_rr(a, NO_PREFIX, 0, 0xf7, 2, r);
}

static ALWAYS_INLINE void asm_div32(Asm *a, AsmReg r)
{
    asm_rr(a, NO_PREFIX, 0, 0xf7, 6, r);
}

/* Of rax to rbx: no prefix. */
static ALWAYS_INLINE void asm_setcc(Asm *a, AsmCondition cc, AsmReg r)
{
    ASSERT(r <= RBX, "a low byte without prefix");
    asm_rr(a, NO_PREFIX, 0, 0x190 | cc, 0, r);
}

/* From rax to rbx. */
static ALWAYS_INLINE void asm_movzx8(Asm *a, AsmReg to, AsmReg from)
{
    ASSERT(from <= RBX, "a low byte without prefix");
    asm_rr(a, NO_PREFIX, 0, 0x1b6, to, from);
}

static ALWAYS_INLINE void asm_cmov(Asm *a, AsmCondition cc, AsmReg to, AsmReg from)
{
    asm_rr(a, NO_PREFIX, REX_W, 0x140 | cc, to, from);
}

#endif
