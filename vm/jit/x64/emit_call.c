/* SPDX-License-Identifier: MIT */
/* Calls and construction. */
#include "vm/jit/x64/emit_int.h"

/* Make the return address behind an instruction of `size_bytes` one that is no cell (I3). */
static void emit_call_align(Asm *a, uint32_t size_bytes)
{
    while (!((asm_here(a) + size_bytes) & 2)) asm_nop(a);
}

/* rax is no closure. */
static void emit_call_other(Emit *e, const EmitSlow *slow)
{
    emit_call_align(&e->a, 5);
    asm_call(&e->a, emit_stub(e, STUB_CALL_OTHER));
    asm_jmp_back(&e->a, slow->data);
}

/* Call rax with new.target r8; `this` is at slot `window`. */
static void emit_call_value(Emit *e, int window, uint32_t argc)
{
    Asm *a = &e->a;
    emit_save_pc(e);
    asm_mov_imm(a, RDX, FRAME_STATE_UPPER | argc);
    asm_lea(a, RSP, REG_FRAME, emit_slot(window));
    EmitSlow *slow = emit_slow_custom(e, emit_call_other, 0);
    uint32_t number = (uint32_t)(slow - e->slows);
    asm_test(a, RAX, REG_NOT_CELL);
    emit_slow_jcc(e, CC_NE);
    asm_cmp8_imm(a, RAX, offsetof(Cell, kind), KIND_FUNCTION);
    emit_slow_jcc(e, CC_NE);
    asm_load(a, RCX, RAX, offsetof(Function, code));
    emit_call_align(a, offsetof(Code, entry) <= 127 ? 3 : 6);
    asm_call_load(a, RCX, offsetof(Code, entry));
    e->slows[number].data = asm_here(a);
    asm_mov(a, RSP, REG_C_STACK);
    asm_store(a, REG_FRAME, emit_r(e, 1), RAX);
}

/* The step finds the callee. */
static void emit_call_step(Emit *e)
{
    emit_step_call(e);
    asm_alu32_imm(&e->a, ALU_CMP, RAX, STEP_CALL);
    asm_jcc_to(&e->a, CC_NE, emit_stub(e, STUB_STEP_OUT));
    asm_mov(&e->a, RAX, RDX);
}

/* A direct eval is done by its step; else it is a call. */
static void emit_call_eval(Emit *e)
{
    Asm *a = &e->a;
    emit_step_call(e);
    asm_test32(a, RAX, RAX);
    uint32_t done = asm_jcc(a, CC_E);
    asm_alu32_imm(a, ALU_CMP, RAX, STEP_CALL);
    asm_jcc_to(a, CC_NE, emit_stub(e, STUB_STEP_OUT));
    asm_mov(a, RAX, RDX);
    asm_mov_imm(a, R8, VALUE_UNDEFINED);
    emit_call_value(e, (int16_t)e->pc[3], e->pc[4]);
    asm_bind(a, done);
}

void emit_call(Emit *e)
{
    Asm *a = &e->a;
    switch (*e->pc) {
    case OP_CALL:
        asm_load(a, RAX, REG_FRAME, emit_r(e, 2));
        asm_mov_imm(a, R8, VALUE_UNDEFINED);
        emit_call_value(e, (int16_t)e->pc[3], e->pc[4]);
        break;
    case OP_CALL_METHOD:
        emit_call_step(e);
        asm_mov_imm(a, R8, VALUE_UNDEFINED);
        emit_call_value(e, (int16_t)e->pc[2], e->pc[3]);
        break;
    case OP_NEW:
        emit_call_step(e);
        asm_mov(a, R8, RAX);
        emit_call_value(e, (int16_t)e->pc[3], e->pc[4]);
        break;
    case OP_SUPER_CONSTRUCT:
        emit_call_step(e);
        asm_load(a, R8, REG_FRAME, emit_r(e, 5));
        emit_call_value(e, (int16_t)e->pc[3], e->pc[4]);
        break;
    case OP_CALL_EVAL:
        emit_call_eval(e);
        break;
    default:
        emit_step(e);
    }
}
