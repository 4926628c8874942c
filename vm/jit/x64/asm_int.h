/* SPDX-License-Identifier: MIT */
/* asm_int.h - forms of instructions: prefixes, opcode, operands. */
#ifndef US_JIT_X64_ASM_INT_H
#define US_JIT_X64_ASM_INT_H

#include <string.h>

#include "vm/base/assert.h"
#include "vm/jit/x64/asm.h"

enum { REX = 0x40, REX_W = 8, REX_R = 4, REX_X = 2, REX_B = 1, NO_PREFIX = 0 };

/* ---- forms ------------------------------------------------------------------------------------------------------- */

/* The first bytes of an instruction, lowest first. */
typedef struct AsmForm {
    uint64_t bytes;
    uint32_t count;
} AsmForm;

static ALWAYS_INLINE void asm_add(AsmForm *f, uint32_t byte)
{
    f->bytes |= (uint64_t)(byte & 0xff) << 8 * f->count++;
}

/* Mandatory prefix, REX, and opcode: one byte, or 0x0f and another for opcodes from 0x100. */
static ALWAYS_INLINE AsmForm asm_form(uint32_t prefix, uint32_t rex, uint32_t opcode)
{
    AsmForm f = { 0, 0 };
    if (prefix) asm_add(&f, prefix);
    if (rex) asm_add(&f, REX | rex);
    if (opcode >= 0x100) asm_add(&f, 0x0f);
    asm_add(&f, opcode);
    return f;
}

/* The low `count` of `bytes`; those behind are overwritten later. */
static ALWAYS_INLINE void asm_put(Asm *a, uint64_t bytes, uint32_t count)
{
    ASSERT(a->end - a->at >= (ptrdiff_t)sizeof bytes, "asm_reserve has made room");
    uint8_t *at = a->at;
    memcpy(at, &bytes, sizeof bytes);
    a->at = at + count;                                  // last, since what is written may alias it
}

static ALWAYS_INLINE void asm_put_form(Asm *a, AsmForm f)
{
    asm_put(a, f.bytes, f.count);
}

static ALWAYS_INLINE bool asm_is_byte(int32_t imm)
{
    return imm >= -128 && imm <= 127;
}

/* An immediate or distance of one byte if it fits, or four. */
static ALWAYS_INLINE void asm_put_imm(Asm *a, int32_t imm)
{
    asm_put(a, (uint32_t)imm, asm_is_byte(imm) ? 1 : 4);
}

/* `f`, then 32 bits. */
static ALWAYS_INLINE void asm_put_form32(Asm *a, AsmForm f, uint32_t imm)
{
    if (f.count <= 4) {
        asm_put(a, f.bytes | (uint64_t)imm << 8 * f.count, f.count + 4);
    } else {
        asm_put_form(a, f);
        asm_put(a, imm, 4);
    }
}

/* `f`, then the distance of the operand that its ModRM byte has begun. */
static ALWAYS_INLINE void asm_put_form_disp(Asm *a, AsmForm f, int32_t disp, bool has_disp)
{
    if (!has_disp) {
        asm_put_form(a, f);
    } else if (f.count <= 4) {
        asm_put(a, f.bytes | (uint64_t)(uint32_t)disp << 8 * f.count, f.count + (asm_is_byte(disp) ? 1 : 4));
    } else {
        asm_put_form(a, f);
        asm_put_imm(a, disp);
    }
}

/* Operation between register fields `reg` and `rm`. */
static ALWAYS_INLINE void asm_rr(Asm *a, uint32_t prefix, uint32_t rex, uint32_t opcode, uint32_t reg, uint32_t rm)
{
    AsmForm f = asm_form(prefix, rex | (reg >> 3) * REX_R | (rm >> 3) * REX_B, opcode);
    asm_add(&f, 0xc0 | (reg & 7) << 3 | (rm & 7));
    asm_put_form(a, f);
}

/* The same with [base + disp]. */
static ALWAYS_INLINE void asm_rm(Asm *a, uint32_t prefix, uint32_t rex, uint32_t opcode, uint32_t reg, AsmReg base,
                                 int32_t disp)
{
    AsmForm f = asm_form(prefix, rex | (reg >> 3) * REX_R | (uint32_t)(base >> 3) * REX_B, opcode);
    bool has_disp = (base & 7) == RBP || disp != 0;
    uint32_t mode = !has_disp ? 0 : asm_is_byte(disp) ? 0x40 : 0x80;
    asm_add(&f, mode | (reg & 7) << 3 | (base & 7));
    if ((base & 7) == RSP) asm_add(&f, 0x24);
    asm_put_form_disp(a, f, disp, has_disp);
}

/* The same with [base + index << scale + disp]. */
static ALWAYS_INLINE void asm_rmx(Asm *a, uint32_t prefix, uint32_t rex, uint32_t opcode, uint32_t reg, AsmReg base,
                                  AsmReg index, int scale_log2, int32_t disp)
{
    ASSERT(index != RSP, "rsp is no index");
    rex |= (reg >> 3) * REX_R | (uint32_t)(index >> 3) * REX_X | (uint32_t)(base >> 3) * REX_B;
    AsmForm f = asm_form(prefix, rex, opcode);
    bool has_disp = (base & 7) == RBP || disp != 0;
    uint32_t mode = !has_disp ? 0 : asm_is_byte(disp) ? 0x40 : 0x80;
    asm_add(&f, mode | (reg & 7) << 3 | 4);
    asm_add(&f, (uint32_t)scale_log2 << 6 | (uint32_t)(index & 7) << 3 | (base & 7));
    asm_put_form_disp(a, f, disp, has_disp);
}

/* The same with an absolute address below 2^31. */
static ALWAYS_INLINE void asm_ra(Asm *a, uint32_t rex, uint32_t opcode, uint32_t reg, uint32_t address)
{
    AsmForm f = asm_form(NO_PREFIX, rex | (reg >> 3) * REX_R, opcode);
    asm_add(&f, (reg & 7) << 3 | 4);
    asm_add(&f, 0x25);
    asm_put_form32(a, f, address);
}

#endif
