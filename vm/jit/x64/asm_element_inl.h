/* SPDX-License-Identifier: MIT */
/* asm_element_inl.h - the encoder: elements narrower than a word, at [base + index << scale], and the conversions of
 * numbers that they need. */
#ifndef US_JIT_X64_ASM_ELEMENT_INL_H
#define US_JIT_X64_ASM_ELEMENT_INL_H

#include "vm/jit/x64/asm_double_inl.h"

/* Sign-extended to 32 bits; the upper half is cleared. */
static ALWAYS_INLINE void asm_load8_index_signed(Asm *a, AsmReg to, AsmReg base, AsmReg index, int scale_log2)
{
    asm_rmx(a, NO_PREFIX, 0, 0x1be, to, base, index, scale_log2, 0);
}

static ALWAYS_INLINE void asm_load16_index_signed(Asm *a, AsmReg to, AsmReg base, AsmReg index, int scale_log2)
{
    asm_rmx(a, NO_PREFIX, 0, 0x1bf, to, base, index, scale_log2, 0);
}

static ALWAYS_INLINE void asm_load32_index(Asm *a, AsmReg to, AsmReg base, AsmReg index, int scale_log2)
{
    asm_rmx(a, NO_PREFIX, 0, 0x8b, to, base, index, scale_log2, 0);
}

/* From rax to rbx. */
static ALWAYS_INLINE void asm_store8_index(Asm *a, AsmReg base, AsmReg index, int scale_log2, AsmReg from)
{
    ASSERT(from <= RBX, "a low byte without prefix");
    asm_rmx(a, NO_PREFIX, 0, 0x88, from, base, index, scale_log2, 0);
}

static ALWAYS_INLINE void asm_store16_index(Asm *a, AsmReg base, AsmReg index, int scale_log2, AsmReg from)
{
    asm_rmx(a, 0x66, 0, 0x89, from, base, index, scale_log2, 0);
}

static ALWAYS_INLINE void asm_store32_index(Asm *a, AsmReg base, AsmReg index, int scale_log2, AsmReg from)
{
    asm_rmx(a, NO_PREFIX, 0, 0x89, from, base, index, scale_log2, 0);
}

static ALWAYS_INLINE void asm_load_double_index(Asm *a, AsmXmm to, AsmReg base, AsmReg index, int scale_log2)
{
    asm_rmx(a, 0xf2, 0, 0x110, to, base, index, scale_log2, 0);
}

static ALWAYS_INLINE void asm_store_double_index(Asm *a, AsmReg base, AsmReg index, int scale_log2, AsmXmm from)
{
    asm_rmx(a, 0xf2, 0, 0x111, from, base, index, scale_log2, 0);
}

/* Single precision, in the low half of a register. */
static ALWAYS_INLINE void asm_load_single_index(Asm *a, AsmXmm to, AsmReg base, AsmReg index, int scale_log2)
{
    asm_rmx(a, 0xf3, 0, 0x110, to, base, index, scale_log2, 0);
}

static ALWAYS_INLINE void asm_store_single_index(Asm *a, AsmReg base, AsmReg index, int scale_log2, AsmXmm from)
{
    asm_rmx(a, 0xf3, 0, 0x111, from, base, index, scale_log2, 0);
}

/* cvtsd2si, 32 bits: to the nearest, of two to the even one; INT32_MIN for what is out of range. */
static ALWAYS_INLINE void asm_round_double(Asm *a, AsmReg to, AsmXmm from)
{
    asm_rr(a, 0xf2, 0, 0x12d, to, from);
}

/* cvtsi2sd of 64 bits. Clears the upper half first. */
static ALWAYS_INLINE void asm_cvt_int64(Asm *a, AsmXmm to, AsmReg from)
{
    asm_xorps(a, to, to);
    asm_rr(a, 0xf2, REX_W, 0x12a, to, from);
}

#endif
