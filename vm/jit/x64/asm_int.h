/* SPDX-License-Identifier: MIT */
/* asm_int.h - forms of instructions: prefixes, opcode, operands. */
#ifndef US_JIT_X64_ASM_INT_H
#define US_JIT_X64_ASM_INT_H

#include <string.h>

#include "vm/base/assert.h"
#include "vm/base/mem.h"
#include "vm/jit/x64/asm.h"

enum { ASM_MOST_BYTES = 16, REX = 0x40, REX_W = 8, REX_R = 4, REX_X = 2, REX_B = 1, NO_PREFIX = 0 };

static inline void asm_room(Asm *a)
{
    if (LIKELY(a->capacity - a->count >= ASM_MOST_BYTES)) return;
    a->capacity *= 2;
    a->bytes = mem_resize(a->bytes, a->capacity);
}

static inline void asm_byte(Asm *a, uint32_t byte)
{
    a->bytes[a->count++] = (uint8_t)byte;
}

static inline void asm_imm32(Asm *a, uint32_t imm)
{
    memcpy(a->bytes + a->count, &imm, sizeof imm);
    a->count += sizeof imm;
}

static inline void asm_imm64(Asm *a, uint64_t imm)
{
    memcpy(a->bytes + a->count, &imm, sizeof imm);
    a->count += sizeof imm;
}

/* Bytes are written through a local pointer, between these two: through the Asm the compiler has to reload it after
 * each byte, since bytes may alias anything. The first writes mandatory prefix, REX, and opcode: one byte, or 0x0f
 * and another for opcodes from 0x100. */
static inline uint8_t *asm_begin(Asm *a, uint32_t prefix, uint32_t rex, uint32_t opcode)
{
    asm_room(a);
    uint8_t *p = a->bytes + a->count;
    if (prefix) *p++ = (uint8_t)prefix;
    if (rex) *p++ = (uint8_t)(REX | rex);
    if (opcode >= 0x100) *p++ = 0x0f;
    *p++ = (uint8_t)opcode;
    return p;
}

static inline void asm_end(Asm *a, const uint8_t *p)
{
    a->count = (uint32_t)(p - a->bytes);
}

static inline void asm_opcode(Asm *a, uint32_t prefix, uint32_t rex, uint32_t opcode)
{
    asm_end(a, asm_begin(a, prefix, rex, opcode));
}

static inline uint8_t *asm_put_disp(uint8_t *p, int32_t disp, bool is_short)
{
    if (is_short) {
        *p++ = (uint8_t)disp;
        return p;
    }
    memcpy(p, &disp, sizeof disp);
    return p + sizeof disp;
}

/* Operation between register fields `reg` and `rm`. */
static inline void asm_rr(Asm *a, uint32_t prefix, uint32_t rex, uint32_t opcode, uint32_t reg, uint32_t rm)
{
    uint8_t *p = asm_begin(a, prefix, rex | (reg >> 3) * REX_R | (rm >> 3) * REX_B, opcode);
    *p++ = (uint8_t)(0xc0 | (reg & 7) << 3 | (rm & 7));
    asm_end(a, p);
}

/* The same with [base + disp]. */
static inline void asm_rm(Asm *a, uint32_t prefix, uint32_t rex, uint32_t opcode, uint32_t reg, AsmReg base,
                          int32_t disp)
{
    uint8_t *p = asm_begin(a, prefix, rex | (reg >> 3) * REX_R | (uint32_t)(base >> 3) * REX_B, opcode);
    bool is_zero = disp == 0 && (base & 7) != RBP, is_short = disp >= -128 && disp <= 127;
    uint32_t mode = is_zero ? 0 : is_short ? 0x40 : 0x80;
    *p++ = (uint8_t)(mode | (reg & 7) << 3 | (base & 7));
    if ((base & 7) == RSP) *p++ = 0x24;
    if (!is_zero) p = asm_put_disp(p, disp, is_short);
    asm_end(a, p);
}

/* The same with [base + index << scale + disp]. */
static inline void asm_rmx(Asm *a, uint32_t prefix, uint32_t rex, uint32_t opcode, uint32_t reg, AsmReg base,
                           AsmReg index, int scale_log2, int32_t disp)
{
    ASSERT(index != RSP, "rsp is no index");
    rex |= (reg >> 3) * REX_R | (uint32_t)(index >> 3) * REX_X | (uint32_t)(base >> 3) * REX_B;
    uint8_t *p = asm_begin(a, prefix, rex, opcode);
    bool is_zero = disp == 0 && (base & 7) != RBP, is_short = disp >= -128 && disp <= 127;
    *p++ = (uint8_t)((is_zero ? 0u : is_short ? 0x40u : 0x80u) | (reg & 7) << 3 | 4);
    *p++ = (uint8_t)((uint32_t)scale_log2 << 6 | (uint32_t)(index & 7) << 3 | (base & 7));
    if (!is_zero) p = asm_put_disp(p, disp, is_short);
    asm_end(a, p);
}

/* The same with an absolute address below 2^31. */
static inline void asm_ra(Asm *a, uint32_t rex, uint32_t opcode, uint32_t reg, uint32_t address)
{
    asm_opcode(a, NO_PREFIX, rex | (reg >> 3) * REX_R, opcode);
    asm_byte(a, (reg & 7) << 3 | 4);
    asm_byte(a, 0x25);
    asm_imm32(a, address);
}

static inline bool asm_is_byte(int32_t imm)
{
    return imm >= -128 && imm <= 127;
}

static inline void asm_put_imm(Asm *a, int32_t imm)
{
    if (asm_is_byte(imm)) asm_byte(a, (uint32_t)imm & 0xff);
    else asm_imm32(a, (uint32_t)imm);
}

#endif
