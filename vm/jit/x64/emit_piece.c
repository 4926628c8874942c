/* SPDX-License-Identifier: MIT */
/* Pieces of templates: operands that are numbers, checks of what a cell is, the end of a frame. */
#include "vm/jit/x64/emit_int.h"

#include <string.h>

#include "vm/object/array.h"
#include "vm/object/realm.h"
#include "vm/value/number.h"

/* ---- numbers ----------------------------------------------------------------------------------------------------- */

static void emit_check_int(Emit *e, AsmReg r)
{
    asm_alu(&e->a, ALU_CMP, r, REG_INT_TAG);
    emit_slow_jcc(e, CC_B);
}

void emit_load_ints(Emit *e, int first_unit, bool has_imm)
{
    int32_t first = emit_r(e, first_unit), second = emit_r(e, first_unit + 1);
    bool second_int = !has_imm && emit_use_kept(e, second, KEPT_INT), first_int = emit_use_kept(e, first, KEPT_INT);
    bool second_kept = second_int || (!has_imm && emit_use_kept(e, second, KEPT_VALUE));
    bool first_kept = first_int || emit_use_kept(e, first, KEPT_VALUE);
    if (second_kept) asm_mov(&e->a, RCX, RAX);
    if (!first_kept) asm_load(&e->a, RAX, REG_FRAME, first);
    if (!has_imm && !second_kept) asm_load(&e->a, RCX, REG_FRAME, second);
    if (!first_int) emit_check_int(e, RAX);
    if (!has_imm && !second_int) emit_check_int(e, RCX);
}

/* The int32 rax, or rcx for the second operand, where a double is usual; `data`: behind the template's unboxing. */
static void emit_convert_first(Emit *e, const EmitSlow *slow)
{
    asm_cvt_int32(&e->a, XMM0, RAX);
    asm_jmp_back(&e->a, slow->data);
}

static void emit_convert_second(Emit *e, const EmitSlow *slow)
{
    asm_cvt_int32(&e->a, XMM1, RCX);
    asm_jmp_back(&e->a, slow->data);
}

/* The number in `r` as a double. */
static void emit_unbox(Emit *e, AsmXmm x, AsmReg r)
{
    uint32_t number = e->slow_count;
    emit_slow_custom(e, x == XMM0 ? emit_convert_first : emit_convert_second, 0);
    asm_alu(&e->a, ALU_CMP, r, REG_INT_TAG);
    emit_slow_jcc(e, CC_AE);
    asm_alu(&e->a, ALU_ADD, r, REG_INT_TAG);
    emit_slow_jcc_first(e, CC_AE);
    asm_movq_to_xmm(&e->a, x, r);
    e->slows[number].data = asm_here(&e->a);
}

void emit_box(Asm *a, AsmReg to, AsmXmm x)
{
    asm_movq_from_xmm(a, to, x);
    asm_alu(a, ALU_SUB, to, REG_INT_TAG);
}

/* A number known now. */
static void emit_load_number(Emit *e, AsmXmm x, double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    if (!bits) {
        asm_xorps(&e->a, x, x);
        return;
    }
    asm_mov_imm(&e->a, RCX, bits);
    asm_movq_to_xmm(&e->a, x, RCX);
}

/* Operand `slot`, of which a copy may be in rax. */
static void emit_load_double(Emit *e, AsmXmm x, AsmReg r, int32_t slot, bool is_kept)
{
    Value v;
    if (e->kept->has_constant && value_is_number(e->kept->constant) && emit_use_constant(e, slot, &v)) {
        emit_load_number(e, x, value_number(v));
        return;
    }
    if (!is_kept) asm_load(&e->a, r, REG_FRAME, slot);
    else if (r != RAX) asm_mov(&e->a, r, RAX);
    emit_unbox(e, x, r);
}

void emit_load_doubles(Emit *e, int first_unit, bool has_imm)
{
    Asm *a = &e->a;
    int32_t first = emit_r(e, first_unit), second = emit_r(e, first_unit + 1);
    bool second_double = !has_imm && emit_use_kept(e, second, KEPT_DOUBLE);
    bool first_double = emit_use_kept(e, first, KEPT_DOUBLE);
    bool second_kept = !has_imm && !second_double && emit_use_kept(e, second, KEPT_VALUE);
    bool first_kept = !first_double && emit_use_kept(e, first, KEPT_VALUE);
    if (second_double) asm_movaps(a, XMM1, XMM0);
    if (second_kept) emit_load_double(e, XMM1, RCX, second, true);
    if (!first_double) emit_load_double(e, XMM0, RAX, first, first_kept);
    if (has_imm) emit_load_number(e, XMM1, emit_imm(e, first_unit + 1));
    else if (!second_double && !second_kept) emit_load_double(e, XMM1, RCX, second, false);
}

/* ---- cells ------------------------------------------------------------------------------------------------------- */

void emit_room(Emit *e, uint32_t size_bytes)
{
    Asm *a = &e->a;
    asm_load(a, RAX, REG_G, offsetof(Goroutine, heap.next));
    asm_lea(a, RCX, RAX, (int32_t)size_bytes);
    asm_alu_load(a, ALU_CMP, RCX, REG_G, offsetof(Goroutine, heap.end));
    emit_slow_jcc(e, CC_A);
    asm_store(a, REG_G, offsetof(Goroutine, heap.next), RCX);
}

void emit_header(Emit *e, int32_t at, uint64_t header)
{
    asm_mov_imm(&e->a, RCX, header);
    asm_alu_load(&e->a, ALU_OR, RCX, REG_G, offsetof(Goroutine, heap.born_word));
    asm_store(&e->a, RAX, at, RCX);
}

uint32_t emit_test_cell(Emit *e)
{
    asm_test(&e->a, RAX, REG_NOT_CELL);
    return asm_jcc8(&e->a, CC_NE);
}

void emit_slow_jcc_both(Emit *e, uint32_t jump)
{
    asm_bind8(&e->a, jump);
    emit_slow_jcc(e, CC_NE);
}

void emit_check_kind(Emit *e, uint8_t kind)
{
    uint32_t no_cell = emit_test_cell(e);
    asm_cmp8_imm(&e->a, RAX, offsetof(Cell, kind), kind);
    emit_slow_jcc_both(e, no_cell);
}

void emit_check_index(Emit *e)
{
    emit_check_int(e, RCX);
    asm_mov32(&e->a, RCX, RCX);
}

void emit_load_unit(Asm *a, AsmReg to, AsmReg text, AsmReg index)
{
    asm_test8_imm(a, text, offsetof(Cell, extra), STRING_WIDE);
    uint32_t is_wide = asm_jcc8(a, CC_NE);
    asm_load8_index(a, to, text, index, 0, offsetof(FlatString, latin1));
    uint32_t done = asm_jmp8(a);
    asm_bind8(a, is_wide);
    asm_load16_index(a, to, text, index, 1, offsetof(FlatString, utf16));
    asm_bind8(a, done);
}

void emit_find_element(Emit *e)
{
    Asm *a = &e->a;
    asm_alu32_load(a, ALU_CMP, RCX, RAX, offsetof(Array, capacity));
    emit_slow_jcc(e, CC_AE);
    asm_load(a, RDX, RAX, offsetof(Array, base));
    asm_lea_index(a, RDX, RDX, RCX, 3, 0);
    asm_alu_store_imm(a, ALU_CMP, RDX, 0, VALUE_HOLE);
    emit_slow_jcc(e, CC_E);
}

void emit_check_shape(Emit *e, const InlineCache *cache, Stub find, bool is_store)
{
    Asm a = e->a;
    emit_check_shape_at(e, &a, emit_slow_last(e), cache, find, is_store);
    asm_resume(&e->a, &a);
}

void emit_check_handler(Emit *e, HandlerKind kind, uint32_t depth)
{
    Asm *a = &e->a;
    const HandlerSpace *space = e->code->realm->vm->handlers;
    asm_shift_imm(a, SHIFT_SAR, RCX, 32);
    emit_slow_jcc(e, CC_NS);
    asm_imul_imm(a, RCX, RCX, -(int32_t)sizeof(Handler));
    asm_mov_imm(a, RDX, (uintptr_t)(space->base - 1));
    asm_alu(a, ALU_ADD, RCX, RDX);
    asm_alu32_store_imm(a, ALU_CMP, RCX, offsetof(Handler, kind), (int32_t)(kind | 1 << 8 | depth << 16));
    emit_slow_jcc(e, CC_NE);
}
STATIC_ASSERT(offsetof(Handler, is_valid) == offsetof(Handler, kind) + 1
              && offsetof(Handler, depth) == offsetof(Handler, kind) + 2,
                  "kind, validity and depth are compared at once");

/* ---- frames ------------------------------------------------------------------------------------------------------ */

void emit_count_arguments(Asm *a, AsmReg to)
{
    asm_load32(a, to, REG_FRAME, emit_slot(FRAME_STATE) + 4);
    asm_alu32_imm(a, ALU_AND, to, FRAME_MAX_ARGUMENTS);
}

void emit_epilogue(Asm *a)
{
    asm_mov(a, RSP, REG_FRAME);
    asm_pop(a, REG_FRAME);
    asm_alu_imm(a, ALU_SUB, REG_FRAME, FRAME_LINK_TAG);
    asm_store(a, REG_G, offsetof(Goroutine, fp), REG_FRAME);
    asm_ret(a);
}

void emit_return(Emit *e)
{
    if (e->returns) {
        asm_jmp_back(&e->a, e->returns);
        return;
    }
    e->returns = asm_here(&e->a);
    asm_alu_store_imm(&e->a, ALU_CMP, REG_FRAME, emit_slot(FRAME_RETURN), FRAME_RETURN_TO_NATIVE);
    asm_jcc_to(&e->a, CC_BE, emit_stub(e, STUB_RETURN_MARKED));
    emit_epilogue(&e->a);
}
