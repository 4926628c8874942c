/* SPDX-License-Identifier: MIT */
#include "vm/jit/x64/asm.h"

#include "vm/base/mem.h"
#include "vm/jit/x64/asm_inl.h"

enum { ASM_FIRST_BYTES = 16 * ASM_RESERVE_BYTES };

/* Most calls and jumps to what is outside that fit into `bytes` of code. */
static uint32_t asm_most_outward(uint32_t bytes)
{
    return bytes / 5 + 1;
}

/* ---- the buffer -------------------------------------------------------------------------------------------------- */

void asm_init(Asm *a)
{
    uint8_t *bytes = mem_alloc(ASM_FIRST_BYTES);
    *a = (Asm){ .at = bytes, .bytes = bytes, .end = bytes + ASM_FIRST_BYTES };
    a->outward = mem_alloc(asm_most_outward(ASM_FIRST_BYTES) * sizeof *a->outward);
}

void asm_deinit(Asm *a)
{
    mem_free(a->bytes);
    mem_free(a->outward);
}

void asm_begin(Asm *a, const void *origin)
{
    a->at = a->bytes;
    a->origin = (uintptr_t)origin;
    a->outward_count = 0;
    a->is_out_of_reach = false;
}

void asm_grow(Asm *a)
{
    CHECK(a->end - a->at >= (ptrdiff_t)sizeof(uint64_t), "I1");
    uint32_t count = asm_here(a), capacity = 2 * (uint32_t)(a->end - a->bytes);
    a->bytes = mem_resize(a->bytes, capacity);
    a->outward = mem_resize(a->outward, asm_most_outward(capacity) * sizeof *a->outward);
    a->at = a->bytes + count;
    a->end = a->bytes + capacity;
}

bool asm_place(const Asm *a, uint8_t *to, const void *address)
{
    int64_t behind = (int64_t)((uintptr_t)address - a->origin);
    CHECK(behind < ASM_PLACES_BYTES && -behind < ASM_PLACES_BYTES, "the place is one of those");
    if (a->is_out_of_reach) return false;
    memcpy(to, a->bytes, asm_here(a));
    if (LIKELY(!behind)) return true;
    for (uint32_t i = 0; i < a->outward_count; i++) {
        uint8_t *at = to + a->outward[i];
        uint32_t distance;
        memcpy(&distance, at, sizeof distance);
        distance -= (uint32_t)behind;
        memcpy(at, &distance, sizeof distance);
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

void asm_jmp_back(Asm *a, uint32_t place)
{
    uint32_t distance = place - (asm_here(a) + 2);
    uint64_t near = 0xeb | distance << 8, far = 0xe9 | (uint64_t)(distance - 3) << 8;
    bool is_near = asm_is_byte((int32_t)distance);
    asm_put(a, is_near ? near : far, is_near ? 2 : 5);
}

void asm_jcc_back(Asm *a, AsmCondition cc, uint32_t place)
{
    uint32_t distance = place - (asm_here(a) + 2);
    uint64_t near = (0x70 | cc) | distance << 8, far = 0x0f | (0x80 | cc) << 8 | (uint64_t)(distance - 4) << 16;
    bool is_near = asm_is_byte((int32_t)distance);
    asm_put(a, is_near ? near : far, is_near ? 2 : 6);
}

void asm_call_back(Asm *a, uint32_t place)
{
    asm_put(a, 0xe8 | (uint64_t)(place - (asm_here(a) + 5)) << 8, 5);
}

/* The instruction that begins with `form`, whose last four bytes are the distance to `target`. */
static inline void asm_reach(Asm *a, uint64_t form, uint32_t form_bytes, const void *target)
{
    uint32_t at = asm_here(a) + form_bytes;
    int64_t distance = (int64_t)((uintptr_t)target - (a->origin + at + 4));
    int64_t most = INT32_MAX - (int64_t)ASM_PLACES_BYTES;
    if (UNLIKELY(distance > most || distance < -most)) a->is_out_of_reach = true;
    a->outward[a->outward_count++] = at;
    asm_put(a, form | (uint64_t)(uint32_t)distance << 8 * form_bytes, form_bytes + 4);
}

void asm_call(Asm *a, const void *target)
{
    asm_reach(a, 0xe8, 1, target);
}

void asm_jmp_to(Asm *a, const void *target)
{
    asm_reach(a, 0xe9, 1, target);
}

void asm_jcc_to(Asm *a, AsmCondition cc, const void *target)
{
    asm_reach(a, 0x0f | (uint64_t)(0x80 | cc) << 8, 2, target);
}
