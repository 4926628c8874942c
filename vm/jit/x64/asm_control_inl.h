/* SPDX-License-Identifier: MIT */
/* asm_control_inl.h - the encoder: jumps, calls and places. */
#ifndef US_JIT_X64_ASM_CONTROL_INL_H
#define US_JIT_X64_ASM_CONTROL_INL_H

#include "vm/jit/x64/asm_int.h"

/* A forward jump yields its position, for asm_bind; the 8-bit forms reach 127 bytes and are bound by asm_bind8. */
NODISCARD static ALWAYS_INLINE uint32_t asm_jmp(Asm *a)
{
    asm_put(a, 0xe9, 5);
    return asm_here(a) - 4;
}

NODISCARD static ALWAYS_INLINE uint32_t asm_jcc(Asm *a, AsmCondition cc)
{
    asm_put(a, 0x0f | (uint64_t)(0x80 | cc) << 8, 6);
    return asm_here(a) - 4;
}

NODISCARD static ALWAYS_INLINE uint32_t asm_jmp8(Asm *a)
{
    asm_put(a, 0xeb, 2);
    return asm_here(a) - 1;
}

NODISCARD static ALWAYS_INLINE uint32_t asm_jcc8(Asm *a, AsmCondition cc)
{
    asm_put(a, 0x70 | cc, 2);
    return asm_here(a) - 1;
}

/* Bind a short jump to here. */
static ALWAYS_INLINE void asm_bind8(Asm *a, uint32_t jump)
{
    uint32_t distance = asm_here(a) - (jump + 1);
    CHECK(distance <= 127, "a short jump reaches its target");
    a->bytes[jump] = (uint8_t)distance;
}

static ALWAYS_INLINE void asm_bind_to(Asm *a, uint32_t jump, uint32_t place)
{
    uint32_t distance = place - (jump + 4);
    memcpy(a->bytes + jump, &distance, sizeof distance);
}

/* The address of what comes later: as a forward jump. */
NODISCARD static ALWAYS_INLINE uint32_t asm_lea_ahead(Asm *a, AsmReg to)
{
    AsmForm f = asm_form(NO_PREFIX, REX_W | (to >> 3) * REX_R, 0x8d);
    asm_add(&f, (to & 7) << 3 | RBP);
    asm_put_form32(a, f, 0);
    return asm_here(a) - 4;
}

/* To here. */
static ALWAYS_INLINE void asm_bind(Asm *a, uint32_t jump)
{
    asm_bind_to(a, jump, asm_here(a));
}

/* Jumps to one place that comes later. Where each will have its distance is the position of the one before, `chain`, or
 * 0 at the end. They return their own position: the chain with them. */
NODISCARD static ALWAYS_INLINE uint32_t asm_jcc_chain(Asm *a, AsmCondition cc, uint32_t chain)
{
    asm_put(a, 0x0f | (uint64_t)(0x80 | cc) << 8 | (uint64_t)chain << 16, 6);
    return asm_here(a) - 4;
}

/* All of them to here. */
static inline void asm_bind_chain(Asm *a, uint32_t chain)
{
    uint8_t *bytes = a->bytes;
    uint32_t here = asm_here(a);
    while (chain) {
        uint32_t jump = chain, distance = here - (jump + 4);
        memcpy(&chain, bytes + jump, sizeof chain);
        memcpy(bytes + jump, &distance, sizeof distance);
    }
}

static ALWAYS_INLINE void asm_call_load(Asm *a, AsmReg base, int32_t disp)
{
    asm_rm(a, NO_PREFIX, 0, 0xff, 2, base, disp);
}

static ALWAYS_INLINE void asm_call_reg(Asm *a, AsmReg r)
{
    asm_rr(a, NO_PREFIX, 0, 0xff, 2, r);
}

static ALWAYS_INLINE void asm_jmp_reg(Asm *a, AsmReg r)
{
    asm_rr(a, NO_PREFIX, 0, 0xff, 4, r);
}

static ALWAYS_INLINE void asm_ret(Asm *a)
{
    asm_put(a, 0xc3, 1);
}

static ALWAYS_INLINE void asm_clc(Asm *a)
{
    asm_put(a, 0xf8, 1);
}

static ALWAYS_INLINE void asm_stc(Asm *a)
{
    asm_put(a, 0xf9, 1);
}

static ALWAYS_INLINE void asm_trap(Asm *a)
{
    asm_put(a, 0xcc, 1);
}

/* No instruction. */
static ALWAYS_INLINE void asm_data32(Asm *a, uint32_t data)
{
    asm_put(a, data, 4);
}

/* One or two bytes that do nothing, or none. */
static ALWAYS_INLINE void asm_nops(Asm *a, uint32_t count)
{
    ASSERT(count <= 2, "one instruction");
    asm_put(a, count == 2 ? 0x9066 : 0x90, count);
}

#endif
