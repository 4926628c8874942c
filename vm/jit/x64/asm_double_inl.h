/* SPDX-License-Identifier: MIT */
/* asm_double_inl.h - the encoder: doubles. */
#ifndef US_JIT_X64_ASM_DOUBLE_INL_H
#define US_JIT_X64_ASM_DOUBLE_INL_H

#include "vm/jit/x64/asm_inl.h"

static ALWAYS_INLINE void asm_movq_to_xmm(Asm *a, AsmXmm to, AsmReg from)
{
    asm_rr(a, 0x66, REX_W, 0x16e, to, from);
}

static ALWAYS_INLINE void asm_movq_from_xmm(Asm *a, AsmReg to, AsmXmm from)
{
    asm_rr(a, 0x66, REX_W, 0x17e, from, to);
}

static ALWAYS_INLINE void asm_xorps(Asm *a, AsmXmm to, AsmXmm from)
{
    asm_rr(a, NO_PREFIX, 0, 0x157, to, from);
}

/* Clears the upper half first. */
static ALWAYS_INLINE void asm_cvt_int32(Asm *a, AsmXmm to, AsmReg from)
{
    asm_xorps(a, to, to);
    asm_rr(a, 0xf2, 0, 0x12a, to, from);
}

/* cvttsd2si, 32 bits. */
static ALWAYS_INLINE void asm_cvt_double(Asm *a, AsmReg to, AsmXmm from)
{
    asm_rr(a, 0xf2, 0, 0x12c, to, from);
}

/* cvttsd2si, 64 bits. */
static ALWAYS_INLINE void asm_cvt_double_wide(Asm *a, AsmReg to, AsmXmm from)
{
    asm_rr(a, 0xf2, REX_W, 0x12c, to, from);
}

static ALWAYS_INLINE void asm_double(Asm *a, AsmDouble op, AsmXmm to, AsmXmm from)
{
    asm_rr(a, 0xf2, 0, 0x100 | op, to, from);
}

static ALWAYS_INLINE void asm_ucomisd(Asm *a, AsmXmm x, AsmXmm y)
{
    asm_rr(a, 0x66, 0, 0x12e, x, y);
}

static ALWAYS_INLINE void asm_movaps(Asm *a, AsmXmm to, AsmXmm from)
{
    asm_rr(a, NO_PREFIX, 0, 0x128, to, from);
}

/* The low half into the high one. */
static ALWAYS_INLINE void asm_duplicate(Asm *a, AsmXmm x)
{
    asm_rr(a, 0x66, 0, 0x16c, x, x);
}

static ALWAYS_INLINE void asm_store_xmm16(Asm *a, AsmReg base, int32_t disp, AsmXmm from)
{
    asm_rm(a, NO_PREFIX, 0, 0x111, from, base, disp);
}

static ALWAYS_INLINE void asm_load_double(Asm *a, AsmXmm to, AsmReg base, int32_t disp)
{
    asm_rm(a, 0xf2, 0, 0x110, to, base, disp);
}

static ALWAYS_INLINE void asm_store_double(Asm *a, AsmReg base, int32_t disp, AsmXmm from)
{
    asm_rm(a, 0xf2, 0, 0x111, from, base, disp);
}

/* Single precision is in the low half of a register. */
static ALWAYS_INLINE void asm_single_to_double(Asm *a, AsmXmm to, AsmXmm from)
{
    asm_rr(a, 0xf3, 0, 0x15a, to, from);
}

static ALWAYS_INLINE void asm_double_to_single(Asm *a, AsmXmm to, AsmXmm from)
{
    asm_rr(a, 0xf2, 0, 0x15a, to, from);
}

#endif
