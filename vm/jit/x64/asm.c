/* SPDX-License-Identifier: MIT */
#include "vm/jit/x64/asm.h"

#include "vm/base/mem.h"
#include "vm/jit/x64/asm_inl.h"

enum { ASM_FIRST_BYTES = 16 * ASM_RESERVE_BYTES };

/* ---- the buffer -------------------------------------------------------------------------------------------------- */

void asm_init(Asm *a)
{
    uint8_t *bytes = mem_alloc(ASM_FIRST_BYTES);
    *a = (Asm){ .at = bytes, .bytes = bytes, .end = bytes + ASM_FIRST_BYTES };
}

void asm_deinit(Asm *a)
{
    mem_free(a->bytes);
    mem_free(a->reaches);
}

void asm_clear(Asm *a)
{
    a->at = a->bytes;
    a->reach_count = 0;
}

void asm_grow(Asm *a)
{
    CHECK(a->end - a->at >= (ptrdiff_t)sizeof(uint64_t), "I1");
    uint32_t count = asm_here(a), capacity = 2 * (uint32_t)(a->end - a->bytes);
    a->bytes = mem_resize(a->bytes, capacity);
    a->at = a->bytes + count;
    a->end = a->bytes + capacity;
}

bool asm_place(const Asm *a, uint8_t *to, uintptr_t address)
{
    memcpy(to, a->bytes, asm_here(a));
    for (uint32_t i = 0; i < a->reach_count; i++) {
        const AsmReach *r = &a->reaches[i];
        int64_t distance = (int64_t)(r->target - (address + r->at + 4));
        int32_t near = (int32_t)distance;
        if (near != distance) return false;
        memcpy(to + r->at, &near, sizeof near);
    }
    return true;
}

/* ---- instructions ------------------------------------------------------------------------------------------------ */

void asm_mov_imm_wide(Asm *a, AsmReg to, uint64_t imm)
{
    if ((int64_t)imm == (int32_t)imm) {
        asm_rr(a, NO_PREFIX, REX_W, 0xc7, 0, to);
        asm_put(a, (uint32_t)imm, 4);
    } else {
        asm_put_form(a, asm_form(NO_PREFIX, REX_W | (to >> 3) * REX_B, 0xb8 | (to & 7)));
        asm_put(a, imm, 8);
    }
}

void asm_bind8(Asm *a, uint32_t jump)
{
    uint32_t distance = asm_here(a) - (jump + 1);
    CHECK(distance <= 127, "a short jump reaches its target");
    a->bytes[jump] = (uint8_t)distance;
}

void asm_jmp_back(Asm *a, uint32_t place)
{
    int32_t distance = (int32_t)(place - (asm_here(a) + 2));
    if (asm_is_byte(distance)) {
        asm_put(a, 0xeb | (uint64_t)(uint8_t)distance << 8, 2);
        return;
    }
    uint32_t jump = asm_jmp(a);
    asm_bind_to(a, jump, place);
}

void asm_jcc_back(Asm *a, AsmCondition cc, uint32_t place)
{
    int32_t distance = (int32_t)(place - (asm_here(a) + 2));
    if (asm_is_byte(distance)) {
        asm_put(a, 0x70 | cc | (uint64_t)(uint8_t)distance << 8, 2);
        return;
    }
    uint32_t jump = asm_jcc(a, cc);
    asm_bind_to(a, jump, place);
}

void asm_call_back(Asm *a, uint32_t place)
{
    asm_put(a, 0xe8 | (uint64_t)(place - (asm_here(a) + 5)) << 8, 5);
}

static COLD void asm_grow_reaches(Asm *a)
{
    a->reach_capacity = a->reach_capacity ? 2 * a->reach_capacity : 64;
    a->reaches = mem_resize(a->reaches, a->reach_capacity * sizeof *a->reaches);
}

static inline void asm_reach(Asm *a, uint32_t at, const void *target)
{
    if (UNLIKELY(a->reach_count == a->reach_capacity)) asm_grow_reaches(a);
    a->reaches[a->reach_count++] = (AsmReach){ at, (uintptr_t)target };
}

void asm_call(Asm *a, const void *target)
{
    asm_put(a, 0xe8, 5);
    asm_reach(a, asm_here(a) - 4, target);
}

void asm_jmp_to(Asm *a, const void *target)
{
    asm_reach(a, asm_jmp(a), target);
}

void asm_jcc_to(Asm *a, AsmCondition cc, const void *target)
{
    asm_reach(a, asm_jcc(a, cc), target);
}
