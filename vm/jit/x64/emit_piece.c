/* SPDX-License-Identifier: MIT */
/* Pieces of templates: operands that are numbers, checks of what a cell is, the end of a frame. */
#include "vm/jit/x64/emit_int.h"

/* ---- numbers ----------------------------------------------------------------------------------------------------- */

static void emit_check_int(Emit *e, AsmReg r)
{
    asm_alu(&e->a, ALU_CMP, r, REG_INT_TAG);
    emit_slow_jcc(e, CC_B);
}

void emit_load_ints(Emit *e, int first_unit, bool has_imm)
{
    int32_t first = emit_r(e, first_unit), second = emit_r(e, first_unit + 1);
    bool second_kept = !has_imm && emit_use_kept(e, second, KEPT_INT);
    bool first_kept = emit_use_kept(e, first, KEPT_INT);
    if (second_kept) asm_mov(&e->a, RCX, RAX);
    if (!first_kept) asm_load(&e->a, RAX, REG_FRAME, first);
    if (!has_imm && !second_kept) asm_load(&e->a, RCX, REG_FRAME, second);
    if (!first_kept) emit_check_int(e, RAX);
    if (!has_imm && !second_kept) emit_check_int(e, RCX);
}

void emit_unbox_double(Emit *e, AsmXmm x, AsmReg r)
{
    asm_alu(&e->a, ALU_CMP, r, REG_INT_TAG);
    emit_slow_jcc(e, CC_AE);
    asm_alu(&e->a, ALU_ADD, r, REG_INT_TAG);
    emit_slow_jcc(e, CC_AE);
    asm_movq_to_xmm(&e->a, x, r);
}

void emit_load_doubles(Emit *e, int first_unit, bool has_imm)
{
    Asm *a = &e->a;
    int32_t first = emit_r(e, first_unit), second = emit_r(e, first_unit + 1);
    bool second_kept = !has_imm && emit_use_kept(e, second, KEPT_DOUBLE);
    bool first_kept = emit_use_kept(e, first, KEPT_DOUBLE);
    if (second_kept) asm_movaps(a, XMM1, XMM0);
    if (!first_kept) {
        asm_load(a, RAX, REG_FRAME, first);
        emit_unbox_double(e, XMM0, RAX);
    }
    if (has_imm) {
        asm_mov_imm(a, RCX, (uint32_t)emit_imm(e, first_unit + 1));
        asm_cvt_int32(a, XMM1, RCX);
    } else if (!second_kept) {
        asm_load(a, RCX, REG_FRAME, second);
        emit_unbox_double(e, XMM1, RCX);
    }
}

/* ---- cells ------------------------------------------------------------------------------------------------------- */

void emit_check_kind(Emit *e, uint8_t kind)
{
    asm_test(&e->a, RAX, REG_NOT_CELL);
    emit_slow_jcc(e, CC_NE);
    asm_cmp8_imm(&e->a, RAX, offsetof(Cell, kind), kind);
    emit_slow_jcc(e, CC_NE);
}

void emit_check_shape(Emit *e, const InlineCache *cache)
{
    asm_test(&e->a, RAX, REG_NOT_CELL);
    emit_slow_jcc(e, CC_NE);
    asm_load_from(&e->a, RCX, &cache->word);
    asm_alu32_load(&e->a, ALU_CMP, RCX, RAX, offsetof(Cell, shape));
    emit_slow_jcc(e, CC_NE);
}

/* ---- frames ------------------------------------------------------------------------------------------------------ */

void emit_epilogue(Asm *a)
{
    asm_mov(a, RSP, REG_FRAME);
    asm_pop(a, REG_FRAME);
    asm_alu_imm(a, ALU_SUB, REG_FRAME, FRAME_LINK_TAG);
    asm_store(a, REG_G, offsetof(Goroutine, fp), REG_FRAME);
    asm_ret(a);
}
