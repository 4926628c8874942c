/* SPDX-License-Identifier: MIT */
/* Arithmetic and bit operations: int32 in place; doubles in place where the site has met them, else behind the code. */
#include "vm/jit/x64/emit_int.h"

/* Operands 2 and 3 of the instruction in rax and rcx; the third is an immediate for the _INT forms. */
static void emit_arith_load(Emit *e, bool has_imm)
{
    asm_load(&e->a, RAX, REG_FRAME, emit_r(e, 2));
    if (!has_imm) asm_load(&e->a, RCX, REG_FRAME, emit_r(e, 3));
}

static void emit_arith_store_int(Emit *e)
{
    asm_alu(&e->a, ALU_OR, RAX, REG_INT_TAG);
    asm_store(&e->a, REG_FRAME, emit_r(e, 1), RAX);
}

/* The same as a template's end. */
static void emit_arith_keep_int(Emit *e)
{
    asm_alu(&e->a, ALU_OR, RAX, REG_INT_TAG);
    emit_keep(e, KEPT_INT);
}

static void emit_arith_store_double(Emit *e)
{
    emit_box(&e->a, RAX, XMM0);
    asm_store(&e->a, REG_FRAME, emit_r(e, 1), RAX);
}

/* An operation that int32 and doubles have. */
typedef struct ArithOp {
    AsmDouble on_doubles;
    Stub      on_others;
    bool      has_imm;
} ArithOp;

static ArithOp emit_arith_op(uint16_t op)
{
    switch (op) {
    case OP_ADD:     return (ArithOp){ DOUBLE_ADD, STUB_ADD_OR_STEP, false };
    case OP_SUB:     return (ArithOp){ DOUBLE_SUB, STUB_SUB_OR_STEP, false };
    case OP_MUL:     return (ArithOp){ DOUBLE_MUL, STUB_MUL_OR_STEP, false };
    case OP_DIV:     return (ArithOp){ DOUBLE_DIV, STUB_DIV_OR_STEP, false };
    case OP_ADD_INT: return (ArithOp){ DOUBLE_ADD, STUB_ADD_OR_STEP, true };
    case OP_SUB_INT: return (ArithOp){ DOUBLE_SUB, STUB_SUB_OR_STEP, true };
    default:         return (ArithOp){ DOUBLE_MUL, STUB_MUL_OR_STEP, true };
    }
}

/* What operands the site has met that are no int32: its FEEDBACK_ bits. */
static uint8_t emit_arith_feedback(const Emit *e, int unit)
{
    return atomic_get_relaxed(e->code->feedback - 1 - e->pc[unit]);
}

/* Whatever the operands are. */
static void emit_arith_other(Emit *e, const EmitSlow *slow)
{
    Asm *a = &e->a;
    ArithOp op = emit_arith_op(*e->pc);
    emit_arith_load(e, op.has_imm);
    if (op.has_imm) asm_mov_imm(a, RCX, value_from_int(emit_imm(e, 3)));
    emit_or_step(e, op.on_others);
    emit_give(e, slow);
}

/* The operation on int32 in eax, and ecx or the immediate. */
static void emit_arith_ints(Emit *e, ArithOp op)
{
    Asm *a = &e->a;
    int32_t imm = op.has_imm ? emit_imm(e, 3) : 0;
    if (op.on_doubles == DOUBLE_MUL) {
        if (op.has_imm) asm_imul32_imm(a, RAX, RAX, imm);
        else asm_imul32(a, RAX, RCX);
        emit_slow_jcc(e, CC_O);
        asm_test32(a, RAX, RAX);
        emit_slow_jcc(e, CC_E);                          // may be -0
    } else {
        AsmAlu alu = op.on_doubles == DOUBLE_ADD ? ALU_ADD : ALU_SUB;
        if (op.has_imm) asm_alu32_imm(a, alu, RAX, imm);
        else asm_alu32(a, alu, RAX, RCX);
        emit_slow_jcc(e, CC_O);
    }
    emit_arith_keep_int(e);
}

static void emit_arith_number(Emit *e)
{
    ArithOp op = emit_arith_op(*e->pc);
    bool on_doubles = op.on_doubles == DOUBLE_DIV || (emit_arith_feedback(e, 4) & FEEDBACK_DOUBLE);
    emit_slow_giving(e, emit_arith_other);
    if (!on_doubles) {
        emit_load_ints(e, 2, op.has_imm);
        emit_arith_ints(e, op);
        return;
    }
    emit_load_doubles(e, 2, op.has_imm);
    asm_double(&e->a, op.on_doubles, XMM0, XMM1);
    emit_box(&e->a, RAX, XMM0);
    emit_keep(e, KEPT_DOUBLE);
}

/* ---- int32 alone ------------------------------------------------------------------------------------------------- */

static void emit_arith_mod(Emit *e, bool has_imm)
{
    Asm *a = &e->a;
    emit_slow_custom(e, NULL, 0);
    emit_load_ints(e, 2, has_imm);
    if (has_imm) asm_mov_imm(a, RCX, (uint32_t)emit_imm(e, 3));
    asm_test32(a, RAX, RAX);
    emit_slow_jcc(e, CC_S);
    asm_test32(a, RCX, RCX);
    emit_slow_jcc(e, CC_LE);
    asm_alu32(a, ALU_XOR, RDX, RDX);
    asm_div32(a, RCX);
    asm_mov32(a, RAX, RDX);
    emit_arith_keep_int(e);
}

/* An operation on bits: a shift, or one of the ALU's. */
typedef struct BitOp {
    bool     is_shift, has_imm;
    AsmAlu   alu;
    AsmShift shift;
} BitOp;

static BitOp emit_arith_bit_op(uint16_t op)
{
    switch (op) {
    case OP_BIT_AND:     return (BitOp){ .alu = ALU_AND };
    case OP_BIT_OR:      return (BitOp){ .alu = ALU_OR };
    case OP_BIT_XOR:     return (BitOp){ .alu = ALU_XOR };
    case OP_BIT_AND_INT: return (BitOp){ .alu = ALU_AND, .has_imm = true };
    case OP_BIT_OR_INT:  return (BitOp){ .alu = ALU_OR, .has_imm = true };
    case OP_SHL:         return (BitOp){ .is_shift = true, .shift = SHIFT_SHL };
    case OP_SHR:         return (BitOp){ .is_shift = true, .shift = SHIFT_SAR };
    case OP_USHR:        return (BitOp){ .is_shift = true, .shift = SHIFT_SHR };
    case OP_SHL_INT:     return (BitOp){ .is_shift = true, .shift = SHIFT_SHL, .has_imm = true };
    case OP_SHR_INT:     return (BitOp){ .is_shift = true, .shift = SHIFT_SAR, .has_imm = true };
    default:             return (BitOp){ .is_shift = true, .shift = SHIFT_SHR, .has_imm = true };
    }
}

/* Of eax, and ecx or the immediate. True: what comes out negative is no int32. */
static bool emit_arith_bit(Emit *e, BitOp op)
{
    Asm *a = &e->a;
    if (!op.is_shift) {
        if (op.has_imm) asm_alu32_imm(a, op.alu, RAX, emit_imm(e, 3));
        else asm_alu32(a, op.alu, RAX, RCX);
        return false;
    }
    asm_mov32(a, RAX, RAX);
    if (op.has_imm) asm_shift32_imm(a, op.shift, RAX, emit_imm(e, 3) & 31);
    else asm_shift32_cl(a, op.shift, RAX);
    if (op.shift == SHIFT_SHR) asm_test32(a, RAX, RAX);
    return op.shift == SHIFT_SHR;
}

/* Doubles among the operands, as in `x | 0`. */
static void emit_arith_bits_other(Emit *e, const EmitSlow *slow)
{
    Asm *a = &e->a;
    BitOp op = emit_arith_bit_op(*e->pc);
    emit_arith_load(e, op.has_imm);
    if (op.has_imm) asm_mov_imm(a, RCX, value_from_int(emit_imm(e, 3)));
    asm_call(a, emit_stub(e, STUB_INTEGERS));
    uint32_t other = asm_jcc(a, CC_B);
    op.has_imm = false;
    bool is_unsigned = emit_arith_bit(e, op);
    uint32_t large = is_unsigned ? asm_jcc(a, CC_S) : 0;
    emit_arith_store_int(e);
    asm_jmp_back(a, slow->back);
    asm_bind(a, other);
    if (is_unsigned) asm_bind(a, large);
    emit_step(e);
    asm_jmp_back(a, slow->back);
}

static void emit_arith_bits(Emit *e)
{
    BitOp op = emit_arith_bit_op(*e->pc);
    bool on_doubles = *e->pc == OP_BIT_OR_INT || emit_arith_feedback(e, 4);
    emit_slow_custom(e, on_doubles ? emit_arith_bits_other : NULL, 0);
    emit_load_ints(e, 2, op.has_imm);
    if (emit_arith_bit(e, op)) emit_slow_jcc(e, CC_S);
    emit_arith_keep_int(e);
}

/* The negative of the double xmm0. */
static void emit_arith_negate(Asm *a)
{
    asm_mov_imm(a, RCX, UINT64_C(1) << 63);
    asm_movq_to_xmm(a, XMM1, RCX);
    asm_xorps(a, XMM0, XMM1);
}

/* Of a double; 0, since its negative is none of the integers; or whatever it is. */
static void emit_arith_neg_other(Emit *e, const EmitSlow *slow)
{
    Asm *a = &e->a;
    asm_load(a, RAX, REG_FRAME, emit_r(e, 2));
    asm_xorps(a, XMM0, XMM0);
    asm_alu(a, ALU_CMP, RAX, REG_INT_TAG);
    uint32_t zero = asm_jcc8(a, CC_E);
    uint32_t other = asm_jcc8(a, CC_A);
    asm_alu(a, ALU_ADD, RAX, REG_INT_TAG);
    uint32_t no_number = asm_jcc8(a, CC_AE);
    asm_movq_to_xmm(a, XMM0, RAX);
    asm_ucomisd(a, XMM0, XMM0);
    uint32_t nan = asm_jcc8(a, CC_P);
    asm_bind8(a, zero);
    emit_arith_negate(a);
    emit_arith_store_double(e);
    asm_jmp_back(a, slow->back);
    asm_bind8(a, other);
    asm_bind8(a, no_number);
    asm_bind8(a, nan);
    emit_step(e);
    asm_jmp_back(a, slow->back);
}
STATIC_ASSERT(VALUE_ZERO == VALUE_INT_TAG, "the least of the integers' words is 0");

/* Where the site has met doubles. */
static void emit_arith_neg_double(Emit *e)
{
    Asm *a = &e->a;
    emit_slow_custom(e, emit_arith_neg_other, 0);
    bool is_double = emit_use_kept(e, emit_r(e, 2), KEPT_DOUBLE);
    if (!is_double) {
        emit_load_first(e, emit_r(e, 2));
        asm_alu(a, ALU_CMP, RAX, REG_INT_TAG);
        emit_slow_jcc(e, CC_AE);
        asm_alu(a, ALU_ADD, RAX, REG_INT_TAG);
        emit_slow_jcc(e, CC_AE);
        asm_movq_to_xmm(a, XMM0, RAX);
    }
    asm_ucomisd(a, XMM0, XMM0);
    emit_slow_jcc(e, CC_P);
    emit_arith_negate(a);
    emit_box(a, RAX, XMM0);
    emit_keep(e, KEPT_DOUBLE);
}

static void emit_arith_unary(Emit *e)
{
    Asm *a = &e->a;
    if (*e->pc == OP_NEG && emit_arith_feedback(e, 3) & FEEDBACK_DOUBLE) {
        emit_arith_neg_double(e);
        return;
    }
    emit_slow_custom(e, *e->pc == OP_NEG ? emit_arith_neg_other : NULL, 0);
    emit_load_ints(e, 2, true);
    switch (*e->pc) {
    case OP_INC:
        asm_alu32_imm(a, ALU_ADD, RAX, 1);
        emit_slow_jcc(e, CC_O);
        break;
    case OP_DEC:
        asm_alu32_imm(a, ALU_SUB, RAX, 1);
        emit_slow_jcc(e, CC_O);
        break;
    case OP_NEG:
        asm_test32(a, RAX, RAX);
        emit_slow_jcc(e, CC_E);
        asm_neg32(a, RAX);
        emit_slow_jcc(e, CC_O);
        break;
    default:
        asm_not32(a, RAX);
    }
    emit_arith_keep_int(e);
}

/* A number is its own. */
static void emit_arith_to_number(Emit *e)
{
    emit_load_first(e, emit_r(e, 2));
    asm_test(&e->a, RAX, REG_INT_TAG);
    emit_slow_jcc(e, CC_E);
    emit_keep(e, KEPT_VALUE);
}

/* Of most kinds of value in place. */
static void emit_arith_typeof(Emit *e)
{
    emit_load_first(e, emit_r(e, 2));
    asm_call(&e->a, emit_stub(e, STUB_TYPEOF));
    emit_slow_jcc(e, CC_B);
    emit_keep(e, KEPT_VALUE);
}

static void emit_arith_not_other(Emit *e, const EmitSlow *slow)
{
    Asm *a = &e->a;
    asm_load(a, RAX, REG_FRAME, emit_r(e, 2));
    asm_call(a, emit_stub(e, STUB_TRUTH));
    asm_alu32_imm(a, ALU_XOR, RAX, VALUE_TRUE);
    asm_store(a, REG_FRAME, emit_r(e, 1), RAX);
    asm_jmp_back(a, slow->back);
}

static void emit_arith_not(Emit *e)
{
    Asm *a = &e->a;
    emit_slow_custom(e, emit_arith_not_other, 0);
    emit_load_first(e, emit_r(e, 2));
    asm_alu_imm(a, ALU_XOR, RAX, 1);
    asm_lea(a, RCX, RAX, -(int32_t)VALUE_FALSE);
    asm_alu_imm(a, ALU_CMP, RCX, 1);
    emit_slow_jcc(e, CC_A);
    emit_keep(e, KEPT_VALUE);
}

void emit_arith(Emit *e)
{
    switch (*e->pc) {
    case OP_ADD: case OP_SUB: case OP_MUL: case OP_DIV: case OP_ADD_INT: case OP_SUB_INT: case OP_MUL_INT:
        emit_arith_number(e);
        break;
    case OP_MOD:         emit_arith_mod(e, false); break;
    case OP_MOD_INT:     emit_arith_mod(e, true); break;
    case OP_BIT_AND: case OP_BIT_OR: case OP_BIT_XOR: case OP_BIT_AND_INT: case OP_BIT_OR_INT:
    case OP_SHL: case OP_SHR: case OP_USHR: case OP_SHL_INT: case OP_SHR_INT: case OP_USHR_INT:
        emit_arith_bits(e);
        break;
    case OP_INC: case OP_DEC: case OP_NEG: case OP_BIT_NOT:
        emit_arith_unary(e);
        break;
    case OP_TO_NUMBER: case OP_TO_NUMERIC:
        emit_arith_to_number(e);
        break;
    case OP_TYPEOF:
        emit_arith_typeof(e);
        break;
    case OP_NOT:
        emit_arith_not(e);
        break;
    default:
        emit_step(e);
    }
}
