/* SPDX-License-Identifier: MIT */
#include "vm/jit/x64/asm.h"

#include <string.h>

#include "vm/base/mem.h"
#include "vm/jit/x64/asm_int.h"

void asm_init(Asm *a)
{
    *a = (Asm){ .capacity = 4096 };
    a->bytes = mem_alloc(a->capacity);
}

void asm_deinit(Asm *a)
{
    mem_free(a->bytes);
    mem_free(a->reaches);
}

bool asm_place(const Asm *a, uint8_t *to, uintptr_t address)
{
    memcpy(to, a->bytes, a->count);
    for (uint32_t i = 0; i < a->reach_count; i++) {
        const AsmReach *r = &a->reaches[i];
        int64_t distance = (int64_t)(r->target - (address + r->at + 4));
        int32_t near = (int32_t)distance;
        if (near != distance) return false;
        memcpy(to + r->at, &near, sizeof near);
    }
    return true;
}

/* ---- moves ------------------------------------------------------------------------------------------------------- */

void asm_mov(Asm *a, AsmReg to, AsmReg from)
{
    asm_rr(a, NO_PREFIX, REX_W, 0x89, from, to);
}

void asm_mov32(Asm *a, AsmReg to, AsmReg from)
{
    asm_rr(a, NO_PREFIX, 0, 0x89, from, to);
}

void asm_mov_imm(Asm *a, AsmReg to, uint64_t imm)
{
    uint32_t extended = to >= R8 ? REX_B : 0;
    if (imm <= UINT32_MAX) {
        asm_opcode(a, NO_PREFIX, extended, 0xb8 | (to & 7));
        asm_imm32(a, (uint32_t)imm);
    } else if ((int64_t)imm == (int32_t)imm) {
        asm_rr(a, NO_PREFIX, REX_W, 0xc7, 0, to);
        asm_imm32(a, (uint32_t)imm);
    } else {
        asm_opcode(a, NO_PREFIX, REX_W | extended, 0xb8 | (to & 7));
        asm_imm64(a, imm);
    }
}

void asm_load(Asm *a, AsmReg to, AsmReg base, int32_t disp)
{
    asm_rm(a, NO_PREFIX, REX_W, 0x8b, to, base, disp);
}

void asm_load32(Asm *a, AsmReg to, AsmReg base, int32_t disp)
{
    asm_rm(a, NO_PREFIX, 0, 0x8b, to, base, disp);
}

void asm_load16(Asm *a, AsmReg to, AsmReg base, int32_t disp)
{
    asm_rm(a, NO_PREFIX, 0, 0x1b7, to, base, disp);
}

void asm_load8(Asm *a, AsmReg to, AsmReg base, int32_t disp)
{
    asm_rm(a, NO_PREFIX, 0, 0x1b6, to, base, disp);
}

void asm_load_index(Asm *a, AsmReg to, AsmReg base, AsmReg index, int scale_log2, int32_t disp)
{
    asm_rmx(a, NO_PREFIX, REX_W, 0x8b, to, base, index, scale_log2, disp);
}

static void asm_load_absolute(Asm *a, uint32_t rex, AsmReg to, const void *address)
{
    uint64_t at = (uintptr_t)address;
    if (at <= INT32_MAX) {
        asm_ra(a, rex, 0x8b, to, (uint32_t)at);
        return;
    }
    asm_mov_imm(a, to, at);
    asm_rm(a, NO_PREFIX, rex, 0x8b, to, to, 0);
}

void asm_load16_index(Asm *a, AsmReg to, AsmReg base, AsmReg index, int scale_log2, int32_t disp)
{
    asm_rmx(a, NO_PREFIX, 0, 0x1b7, to, base, index, scale_log2, disp);
}

void asm_load8_index(Asm *a, AsmReg to, AsmReg base, AsmReg index, int scale_log2, int32_t disp)
{
    asm_rmx(a, NO_PREFIX, 0, 0x1b6, to, base, index, scale_log2, disp);
}

void asm_load_from(Asm *a, AsmReg to, const void *address)
{
    asm_load_absolute(a, REX_W, to, address);
}

void asm_store(Asm *a, AsmReg base, int32_t disp, AsmReg from)
{
    asm_rm(a, NO_PREFIX, REX_W, 0x89, from, base, disp);
}

void asm_store32(Asm *a, AsmReg base, int32_t disp, AsmReg from)
{
    asm_rm(a, NO_PREFIX, 0, 0x89, from, base, disp);
}

void asm_store8(Asm *a, AsmReg base, int32_t disp, AsmReg from)
{
    ASSERT(from <= RBX, "a low byte without prefix");
    asm_rm(a, NO_PREFIX, 0, 0x88, from, base, disp);
}

void asm_store_index(Asm *a, AsmReg base, AsmReg index, int scale_log2, int32_t disp, AsmReg from)
{
    asm_rmx(a, NO_PREFIX, REX_W, 0x89, from, base, index, scale_log2, disp);
}

void asm_store_imm(Asm *a, AsmReg base, int32_t disp, int32_t imm)
{
    asm_rm(a, NO_PREFIX, REX_W, 0xc7, 0, base, disp);
    asm_imm32(a, (uint32_t)imm);
}

void asm_store32_imm(Asm *a, AsmReg base, int32_t disp, uint32_t imm)
{
    asm_rm(a, NO_PREFIX, 0, 0xc7, 0, base, disp);
    asm_imm32(a, imm);
}

void asm_lea(Asm *a, AsmReg to, AsmReg base, int32_t disp)
{
    asm_rm(a, NO_PREFIX, REX_W, 0x8d, to, base, disp);
}

void asm_lea_index(Asm *a, AsmReg to, AsmReg base, AsmReg index, int scale_log2, int32_t disp)
{
    asm_rmx(a, NO_PREFIX, REX_W, 0x8d, to, base, index, scale_log2, disp);
}

void asm_movsxd(Asm *a, AsmReg to, AsmReg from)
{
    asm_rr(a, NO_PREFIX, REX_W, 0x63, to, from);
}

void asm_push(Asm *a, AsmReg r)
{
    asm_opcode(a, NO_PREFIX, r >= R8 ? REX_B : 0, 0x50 | (r & 7));
}

void asm_pop(Asm *a, AsmReg r)
{
    asm_opcode(a, NO_PREFIX, r >= R8 ? REX_B : 0, 0x58 | (r & 7));
}

/* ---- integers ---------------------------------------------------------------------------------------------------- */

void asm_alu(Asm *a, AsmAlu op, AsmReg to, AsmReg from)
{
    asm_rr(a, NO_PREFIX, REX_W, (uint32_t)op << 3 | 1, from, to);
}

void asm_alu32(Asm *a, AsmAlu op, AsmReg to, AsmReg from)
{
    asm_rr(a, NO_PREFIX, 0, (uint32_t)op << 3 | 1, from, to);
}

void asm_alu_imm(Asm *a, AsmAlu op, AsmReg to, int32_t imm)
{
    asm_rr(a, NO_PREFIX, REX_W, asm_is_byte(imm) ? 0x83 : 0x81, op, to);
    asm_put_imm(a, imm);
}

void asm_alu32_imm(Asm *a, AsmAlu op, AsmReg to, int32_t imm)
{
    asm_rr(a, NO_PREFIX, 0, asm_is_byte(imm) ? 0x83 : 0x81, op, to);
    asm_put_imm(a, imm);
}

void asm_alu_load(Asm *a, AsmAlu op, AsmReg to, AsmReg base, int32_t disp)
{
    asm_rm(a, NO_PREFIX, REX_W, (uint32_t)op << 3 | 3, to, base, disp);
}

void asm_alu32_load(Asm *a, AsmAlu op, AsmReg to, AsmReg base, int32_t disp)
{
    asm_rm(a, NO_PREFIX, 0, (uint32_t)op << 3 | 3, to, base, disp);
}

void asm_alu_store_imm(Asm *a, AsmAlu op, AsmReg base, int32_t disp, int32_t imm)
{
    asm_rm(a, NO_PREFIX, REX_W, asm_is_byte(imm) ? 0x83 : 0x81, op, base, disp);
    asm_put_imm(a, imm);
}

void asm_alu32_store_imm(Asm *a, AsmAlu op, AsmReg base, int32_t disp, int32_t imm)
{
    asm_rm(a, NO_PREFIX, 0, asm_is_byte(imm) ? 0x83 : 0x81, op, base, disp);
    asm_put_imm(a, imm);
}

void asm_cmp8_imm(Asm *a, AsmReg base, int32_t disp, uint8_t imm)
{
    asm_rm(a, NO_PREFIX, 0, 0x80, ALU_CMP, base, disp);
    asm_byte(a, imm);
}

void asm_test8_imm(Asm *a, AsmReg base, int32_t disp, uint8_t imm)
{
    asm_rm(a, NO_PREFIX, 0, 0xf6, 0, base, disp);
    asm_byte(a, imm);
}

void asm_cmp16_imm(Asm *a, AsmReg base, int32_t disp, uint16_t imm)
{
    asm_rm(a, 0x66, 0, 0x81, ALU_CMP, base, disp);
    asm_byte(a, imm & 0xff);
    asm_byte(a, imm >> 8);
}

void asm_test(Asm *a, AsmReg x, AsmReg y)
{
    asm_rr(a, NO_PREFIX, REX_W, 0x85, y, x);
}

void asm_test32(Asm *a, AsmReg x, AsmReg y)
{
    asm_rr(a, NO_PREFIX, 0, 0x85, y, x);
}

void asm_imul32(Asm *a, AsmReg to, AsmReg from)
{
    asm_rr(a, NO_PREFIX, 0, 0x1af, to, from);
}

void asm_imul_imm(Asm *a, AsmReg to, AsmReg from, int32_t imm)
{
    asm_rr(a, NO_PREFIX, REX_W, asm_is_byte(imm) ? 0x6b : 0x69, to, from);
    asm_put_imm(a, imm);
}

void asm_imul32_imm(Asm *a, AsmReg to, AsmReg from, int32_t imm)
{
    asm_rr(a, NO_PREFIX, 0, asm_is_byte(imm) ? 0x6b : 0x69, to, from);
    asm_put_imm(a, imm);
}

void asm_shift_imm(Asm *a, AsmShift op, AsmReg r, uint8_t count)
{
    asm_rr(a, NO_PREFIX, REX_W, 0xc1, op, r);
    asm_byte(a, count);
}

void asm_shift32_imm(Asm *a, AsmShift op, AsmReg r, uint8_t count)
{
    asm_rr(a, NO_PREFIX, 0, 0xc1, op, r);
    asm_byte(a, count);
}

void asm_shift32_cl(Asm *a, AsmShift op, AsmReg r)
{
    asm_rr(a, NO_PREFIX, 0, 0xd3, op, r);
}

void asm_neg32(Asm *a, AsmReg r)
{
    asm_rr(a, NO_PREFIX, 0, 0xf7, 3, r);
}

void asm_not32(Asm *a, AsmReg r)
{
    asm_rr(a, NO_PREFIX, 0, 0xf7, 2, r);
}

void asm_div32(Asm *a, AsmReg r)
{
    asm_rr(a, NO_PREFIX, 0, 0xf7, 6, r);
}

void asm_setcc(Asm *a, AsmCondition cc, AsmReg r)
{
    ASSERT(r <= RBX, "a low byte without prefix");
    asm_rr(a, NO_PREFIX, 0, 0x190 | cc, 0, r);
}

void asm_movzx8(Asm *a, AsmReg to, AsmReg from)
{
    ASSERT(from <= RBX, "a low byte without prefix");
    asm_rr(a, NO_PREFIX, 0, 0x1b6, to, from);
}

void asm_cmov(Asm *a, AsmCondition cc, AsmReg to, AsmReg from)
{
    asm_rr(a, NO_PREFIX, REX_W, 0x140 | cc, to, from);
}

/* ---- control ----------------------------------------------------------------------------------------------------- */

static uint32_t asm_hole32(Asm *a)
{
    asm_imm32(a, 0);
    return a->count - 4;
}

uint32_t asm_jmp(Asm *a)
{
    asm_opcode(a, NO_PREFIX, 0, 0xe9);
    return asm_hole32(a);
}

uint32_t asm_jcc(Asm *a, AsmCondition cc)
{
    asm_opcode(a, NO_PREFIX, 0, 0x180 | cc);
    return asm_hole32(a);
}

uint32_t asm_jmp8(Asm *a)
{
    asm_opcode(a, NO_PREFIX, 0, 0xeb);
    asm_byte(a, 0);
    return a->count - 1;
}

uint32_t asm_jcc8(Asm *a, AsmCondition cc)
{
    asm_opcode(a, NO_PREFIX, 0, 0x70 | cc);
    asm_byte(a, 0);
    return a->count - 1;
}

void asm_bind_to(Asm *a, uint32_t jump, uint32_t place)
{
    uint32_t distance = place - (jump + 4);
    memcpy(a->bytes + jump, &distance, sizeof distance);
}

void asm_bind(Asm *a, uint32_t jump)
{
    asm_bind_to(a, jump, a->count);
}

void asm_bind8(Asm *a, uint32_t jump)
{
    uint32_t distance = a->count - (jump + 1);
    CHECK(distance <= 127, "a short jump reaches its target");
    a->bytes[jump] = (uint8_t)distance;
}

void asm_jmp_back(Asm *a, uint32_t place)
{
    int32_t distance = (int32_t)(place - (a->count + 2));
    if (asm_is_byte(distance)) {
        asm_opcode(a, NO_PREFIX, 0, 0xeb);
        asm_byte(a, (uint32_t)distance & 0xff);
        return;
    }
    uint32_t jump = asm_jmp(a);
    asm_bind_to(a, jump, place);
}

void asm_jcc_back(Asm *a, AsmCondition cc, uint32_t place)
{
    int32_t distance = (int32_t)(place - (a->count + 2));
    if (asm_is_byte(distance)) {
        asm_opcode(a, NO_PREFIX, 0, 0x70 | cc);
        asm_byte(a, (uint32_t)distance & 0xff);
        return;
    }
    uint32_t jump = asm_jcc(a, cc);
    asm_bind_to(a, jump, place);
}

static void asm_reach(Asm *a, uint32_t at, const void *target)
{
    if (a->reach_count == a->reach_capacity) {
        a->reach_capacity = a->reach_capacity ? 2 * a->reach_capacity : 64;
        a->reaches = mem_resize(a->reaches, a->reach_capacity * sizeof *a->reaches);
    }
    a->reaches[a->reach_count++] = (AsmReach){ at, (uintptr_t)target };
}

void asm_call(Asm *a, const void *target)
{
    asm_opcode(a, NO_PREFIX, 0, 0xe8);
    asm_reach(a, asm_hole32(a), target);
}

void asm_jmp_to(Asm *a, const void *target)
{
    asm_opcode(a, NO_PREFIX, 0, 0xe9);
    asm_reach(a, asm_hole32(a), target);
}

void asm_jcc_to(Asm *a, AsmCondition cc, const void *target)
{
    asm_opcode(a, NO_PREFIX, 0, 0x180 | cc);
    asm_reach(a, asm_hole32(a), target);
}

void asm_call_load(Asm *a, AsmReg base, int32_t disp)
{
    asm_rm(a, NO_PREFIX, 0, 0xff, 2, base, disp);
}

void asm_jmp_reg(Asm *a, AsmReg r)
{
    asm_rr(a, NO_PREFIX, 0, 0xff, 4, r);
}

void asm_ret(Asm *a)
{
    asm_opcode(a, NO_PREFIX, 0, 0xc3);
}

void asm_clc(Asm *a)
{
    asm_opcode(a, NO_PREFIX, 0, 0xf8);
}

void asm_stc(Asm *a)
{
    asm_opcode(a, NO_PREFIX, 0, 0xf9);
}

void asm_trap(Asm *a)
{
    asm_opcode(a, NO_PREFIX, 0, 0xcc);
}

void asm_nop(Asm *a)
{
    asm_opcode(a, NO_PREFIX, 0, 0x90);
}
