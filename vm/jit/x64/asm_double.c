/* SPDX-License-Identifier: MIT */
/* The encoder: doubles. */
#include "vm/jit/x64/asm_int.h"

void asm_movq_to_xmm(Asm *a, AsmXmm to, AsmReg from)
{
    asm_rr(a, 0x66, REX_W, 0x16e, to, from);
}

void asm_movq_from_xmm(Asm *a, AsmReg to, AsmXmm from)
{
    asm_rr(a, 0x66, REX_W, 0x17e, from, to);
}

void asm_cvt_int32(Asm *a, AsmXmm to, AsmReg from)
{
    asm_xorps(a, to, to);
    asm_rr(a, 0xf2, 0, 0x12a, to, from);
}

void asm_cvt_double(Asm *a, AsmReg to, AsmXmm from)
{
    asm_rr(a, 0xf2, 0, 0x12c, to, from);
}

void asm_double(Asm *a, AsmDouble op, AsmXmm to, AsmXmm from)
{
    asm_rr(a, 0xf2, 0, 0x100 | op, to, from);
}

void asm_ucomisd(Asm *a, AsmXmm x, AsmXmm y)
{
    asm_rr(a, 0x66, 0, 0x12e, x, y);
}

void asm_movaps(Asm *a, AsmXmm to, AsmXmm from)
{
    asm_rr(a, NO_PREFIX, 0, 0x128, to, from);
}

void asm_xorps(Asm *a, AsmXmm to, AsmXmm from)
{
    asm_rr(a, NO_PREFIX, 0, 0x157, to, from);
}

void asm_duplicate(Asm *a, AsmXmm x)
{
    asm_rr(a, 0x66, 0, 0x16c, x, x);
}

void asm_store_xmm16(Asm *a, AsmReg base, int32_t disp, AsmXmm from)
{
    asm_rm(a, NO_PREFIX, 0, 0x111, from, base, disp);
}

void asm_load_double(Asm *a, AsmXmm to, AsmReg base, int32_t disp)
{
    asm_rm(a, 0xf2, 0, 0x110, to, base, disp);
}

void asm_store_double(Asm *a, AsmReg base, int32_t disp, AsmXmm from)
{
    asm_rm(a, 0xf2, 0, 0x111, from, base, disp);
}
