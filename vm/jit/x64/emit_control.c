/* SPDX-License-Identifier: MIT */
/* Jumps, throw, return. Jumps that compare are in emit_compare.c. */
#include "vm/jit/x64/emit_int.h"

static void emit_control_loop(Emit *e)
{
    asm_alu_load(&e->a, ALU_CMP, REG_FRAME, REG_G, offsetof(Goroutine, stack_limit));
    emit_slow_jcc(e, CC_B);
}

/* Jump if operand 1 is, or is not, the value with bits `v`. */
static void emit_control_jump_value(Emit *e, Value v, AsmCondition cc)
{
    asm_alu_store_imm(&e->a, ALU_CMP, REG_FRAME, emit_r(e, 1), (int32_t)v);
    emit_jump_if(e, cc, emit_target(e, 2));
}

static void emit_control_jump_nullish(Emit *e, AsmCondition cc)
{
    asm_load(&e->a, RAX, REG_FRAME, emit_r(e, 1));
    asm_alu_imm(&e->a, ALU_AND, RAX, ~8);
    asm_alu_imm(&e->a, ALU_CMP, RAX, VALUE_NULL);
    emit_jump_if(e, cc, emit_target(e, 2));
}

/* No boolean. */
static void emit_control_truth(Emit *e, const EmitSlow *slow)
{
    asm_call(&e->a, emit_stub(e, STUB_TRUTH));
    emit_jump_if(e, slow->data ? CC_NE : CC_E, emit_target(e, 2));
    asm_jmp_back(&e->a, slow->back);
}

/* Booleans here, others behind the code. */
static void emit_control_jump_truth(Emit *e, Value taken)
{
    Asm *a = &e->a;
    emit_slow_custom(e, emit_control_truth, taken == VALUE_TRUE);
    emit_load_first(e, emit_r(e, 1));
    asm_alu_imm(a, ALU_CMP, RAX, (int32_t)taken);
    emit_jump_if(e, CC_E, emit_target(e, 2));
    asm_alu_imm(a, ALU_CMP, RAX, (int32_t)(taken ^ 1));
    emit_slow_jcc(e, CC_NE);
}

/* The discriminant in rax is no int32; it may be a double that is one. */
static void emit_control_table_other(Emit *e, const EmitSlow *slow)
{
    Asm *a = &e->a;
    asm_alu(a, ALU_ADD, RAX, REG_INT_TAG);
    asm_jcc_back(a, CC_AE, slow->back);
    asm_movq_to_xmm(a, XMM0, RAX);
    asm_cvt_double(a, RAX, XMM0);
    asm_cvt_int32(a, XMM1, RAX);
    asm_ucomisd(a, XMM0, XMM1);
    asm_jcc_back(a, CC_NE, slow->back);
    asm_jcc_back(a, CC_P, slow->back);
    asm_jmp_back(a, slow->data);
}

/* By the table that emit_tables makes of the constant. */
static void emit_control_table(Emit *e)
{
    Asm *a = &e->a;
    const UnitConstant *table = &e->code->function->constants[opcode_read_u32(e->pc + 2)];
    EmitSlow *slow = emit_slow_custom(e, emit_control_table_other, 0);
    emit_load_first(e, emit_r(e, 1));
    asm_alu(a, ALU_CMP, RAX, REG_INT_TAG);
    emit_slow_jcc(e, CC_B);
    slow->data = asm_here(a);
    asm_alu32_imm(a, ALU_SUB, RAX, (int32_t)table->index);
    asm_alu32_imm(a, ALU_CMP, RAX, (int32_t)table->count);
    uint32_t outside = asm_jcc8(a, CC_AE);
    uint32_t lea = asm_lea_ahead(a, RDX);
    asm_load32_index_signed(a, RCX, RDX, RAX, 2, 0);
    asm_alu(a, ALU_ADD, RCX, RDX);
    asm_jmp_reg(a, RCX);
    asm_bind8(a, outside);
    uint32_t unit = (uint32_t)(e->pc - e->code->code);
    VEC_PUSH(&e->tables, ((EmitTable){ table, unit, lea, asm_here(a) }));
    for (uint32_t i = 0; i < table->count; i++)
        if (table->list[i]) emit_need_entry(e, unit + table->list[i]);
}

void emit_control(Emit *e)
{
    switch (*e->pc) {
    case OP_JUMP:            emit_jump(e, emit_target(e, 1)); break;
    case OP_LOOP:            emit_control_loop(e); break;
    case OP_JUMP_TRUE:       emit_control_jump_truth(e, VALUE_TRUE); break;
    case OP_JUMP_FALSE:      emit_control_jump_truth(e, VALUE_FALSE); break;
    case OP_JUMP_UNDEFINED:  emit_control_jump_value(e, VALUE_UNDEFINED, CC_E); break;
    case OP_JUMP_DEFINED:    emit_control_jump_value(e, VALUE_UNDEFINED, CC_NE); break;
    case OP_JUMP_HOLE:       emit_control_jump_value(e, VALUE_HOLE, CC_E); break;
    case OP_JUMP_NULLISH:    emit_control_jump_nullish(e, CC_E); break;
    case OP_JUMP_NOT_NULLISH: emit_control_jump_nullish(e, CC_NE); break;
    case OP_RETURN:
        emit_load_first(e, emit_r(e, 1));
        emit_return(e);
        break;
    case OP_RETURN_UNDEFINED:
        asm_mov_imm(&e->a, RAX, VALUE_UNDEFINED);
        emit_return(e);
        break;
    case OP_DEBUGGER:
        break;
    case OP_JUMP_TABLE:
        emit_control_table(e);
        break;
    case OP_CATCH:
        emit_note_outside(e, e->pc);
        emit_step(e);
        break;
    case OP_THROW: case OP_THROW_ERROR:
        emit_step(e);
        break;
    default:
        emit_compare(e);
    }
}
