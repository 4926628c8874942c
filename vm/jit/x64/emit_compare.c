/* SPDX-License-Identifier: MIT */
/* Equality, ordering; and the jumps that compare. */
#include "vm/jit/x64/emit_int.h"

#include "vm/object/array.h"

/* ---- ordering ---------------------------------------------------------------------------------------------------- */

/* Of a comparison a ? b: the condition on int32, and on doubles compared as (a, b), or (b, a) when `swaps`, such that
 * an unordered pair makes it false, or true where it is negated. */
typedef struct Order {
    AsmCondition on_ints, on_doubles;
    bool         swaps;
    bool         has_imm;
} Order;

static Order emit_compare_order(uint16_t op)
{
    static const struct { AsmCondition ints, doubles; bool swaps; } table[] = {
        { CC_L, CC_A, true }, { CC_LE, CC_AE, true }, { CC_G, CC_A, false }, { CC_GE, CC_AE, false },
        { CC_GE, CC_BE, true }, { CC_G, CC_B, true }, { CC_LE, CC_BE, false }, { CC_L, CC_B, false },
    };
    bool has_imm = op >= OP_JUMP_LT_INT && op <= OP_JUMP_NOT_GE_INT;
    int i = has_imm ? op - OP_JUMP_LT_INT : op >= OP_JUMP_LT ? op - OP_JUMP_LT : op - OP_LT;
    return (Order){ table[i].ints, table[i].doubles, table[i].swaps, has_imm };
}
STATIC_ASSERT(OP_JUMP_NOT_GE - OP_JUMP_LT == 7 && OP_JUMP_NOT_GE_INT - OP_JUMP_LT_INT == 7 && OP_GE - OP_LT == 3,
              "comparisons are in the order of the table");

static bool emit_compare_is_jump(const Emit *e)
{
    return *e->pc >= OP_JUMP_LT;
}

static void emit_compare_load(Emit *e, bool has_imm)
{
    int first = emit_compare_is_jump(e) ? 1 : 2;
    asm_load(&e->a, RAX, REG_FRAME, emit_r(e, first));
    if (!has_imm) asm_load(&e->a, RCX, REG_FRAME, emit_r(e, first + 1));
}

/* Jump, or store the truth of `cc`. */
static void emit_compare_finish(Emit *e, AsmCondition cc)
{
    Asm *a = &e->a;
    if (emit_compare_is_jump(e)) {
        emit_jump_if(e, cc, emit_target(e, 3));
        return;
    }
    asm_setcc(a, cc, RAX);
    asm_movzx8(a, RAX, RAX);
    asm_alu32_imm(a, ALU_ADD, RAX, VALUE_FALSE);
    emit_keep(e, KEPT_VALUE);
}

static void emit_compare_doubles(Emit *e, Order order)
{
    if (order.swaps) asm_ucomisd(&e->a, XMM1, XMM0);
    else asm_ucomisd(&e->a, XMM0, XMM1);
    emit_compare_finish(e, order.on_doubles);
}

static void emit_compare_numbers(Emit *e, const EmitSlow *slow)
{
    Asm *a = &e->a;
    Order order = emit_compare_order(*e->pc);
    emit_compare_load(e, order.has_imm);
    if (order.has_imm) asm_mov_imm(a, RCX, value_from_int(emit_imm(e, 2)));
    asm_call(a, emit_stub(e, STUB_NUMBERS));
    uint32_t other = asm_jcc8(a, CC_B);
    emit_compare_doubles(e, order);
    asm_jmp_back(a, slow->back);
    asm_bind8(a, other);
    emit_step(e);
    asm_jmp_back(a, slow->back);
}

static void emit_compare_ordering(Emit *e)
{
    Asm *a = &e->a;
    Order order = emit_compare_order(*e->pc);
    int first = emit_compare_is_jump(e) ? 1 : 2;
    int32_t x = emit_r(e, first), y = emit_r(e, first + 1);
    emit_slow_custom(e, emit_compare_numbers, 0);
    if (e->kept->kind == KEPT_DOUBLE && (e->kept->slot == x || (!order.has_imm && e->kept->slot == y))) {
        emit_load_doubles(e, first, order.has_imm);
        emit_compare_doubles(e, order);
        return;
    }
    emit_load_ints(e, first, order.has_imm);
    if (order.has_imm) asm_alu32_imm(a, ALU_CMP, RAX, emit_imm(e, 2));
    else asm_alu32(a, ALU_CMP, RAX, RCX);
    emit_compare_finish(e, order.on_ints);
}

/* ---- equality ---------------------------------------------------------------------------------------------------- */

static void emit_compare_answer(Emit *e, bool equal, bool wanted)
{
    bool answer = equal == wanted;
    if (!emit_compare_is_jump(e)) asm_store_imm(&e->a, REG_FRAME, emit_r(e, 1), (int32_t)value_from_bool(answer));
    else if (answer) emit_jump(e, emit_target(e, 3));
}

enum { COMPARE_WANTED = 1, COMPARE_LOOSE = 2 };          // EmitSlow.data

/* Whatever the operands are. */
static void emit_compare_different(Emit *e, const EmitSlow *slow)
{
    Asm *a = &e->a;
    emit_compare_load(e, false);
    asm_call(a, emit_stub(e, slow->data & COMPARE_LOOSE ? STUB_EQUAL_LOOSE : STUB_EQUAL));
    uint32_t other = asm_jcc8(a, CC_B);
    asm_test32(a, RAX, RAX);
    emit_compare_finish(e, slow->data & COMPARE_WANTED ? CC_NE : CC_E);
    asm_jmp_back(a, slow->back);
    asm_bind8(a, other);
    emit_step(e);
    asm_jmp_back(a, slow->back);
}

/* Strict: the same bits are equal unless they are a double's; others are different if one is small. The rest is behind
 * the code. */
static void emit_compare_bits(Emit *e, bool wanted)
{
    Asm *a = &e->a;
    asm_alu(a, ALU_CMP, RAX, RCX);
    uint32_t same = asm_jcc8(a, CC_E);
    asm_alu_imm(a, ALU_CMP, RCX, EMIT_SMALL_VALUES);
    uint32_t small = asm_jcc8(a, CC_BE);
    asm_alu_imm(a, ALU_CMP, RAX, EMIT_SMALL_VALUES);
    emit_slow_jcc(e, CC_A);
    asm_bind8(a, small);
    emit_compare_answer(e, false, wanted);
    uint32_t done = asm_jmp8(a);
    asm_bind8(a, same);
    asm_alu(a, ALU_CMP, RAX, REG_INT_TAG);
    uint32_t is_int = asm_jcc8(a, CC_AE);
    asm_test(a, RAX, REG_INT_TAG);
    emit_slow_jcc(e, CC_NE);
    asm_bind8(a, is_int);
    emit_compare_answer(e, true, wanted);
    asm_bind8(a, done);
}

/* rax with an interned string: what has other bits is equal only if it is a string that is not interned. */
static void emit_compare_atom(Emit *e, Value atom, bool wanted)
{
    Asm *a = &e->a;
    asm_mov_imm(a, RCX, atom);
    asm_alu(a, ALU_CMP, RAX, RCX);
    uint32_t same = asm_jcc8(a, CC_E);
    asm_test(a, RAX, REG_NOT_CELL);
    uint32_t no_cell = asm_jcc8(a, CC_NE);
    asm_cmp8_imm(a, RAX, offsetof(Cell, kind), KIND_FIRST_NOT_STRING - 1);
    uint32_t no_string = asm_jcc8(a, CC_A);
    asm_test8_imm(a, RAX, offsetof(Cell, flags), STRING_IS_ATOM);
    emit_slow_jcc(e, CC_E);
    asm_bind8(a, same);
    asm_bind8(a, no_cell);
    asm_bind8(a, no_string);                             // the zero flag is clear unless they are the same
    emit_compare_finish(e, wanted ? CC_E : CC_NE);
}

static bool emit_compare_is_atom(Value v)
{
    return value_is_string(v) && (string_of(v)->cell.flags & STRING_IS_ATOM);
}

/* Slot `slot` with a constant in `constant_slot`, if that is a small value or an atom. */
static bool emit_compare_constant(Emit *e, int32_t slot, int32_t constant_slot, bool wanted)
{
    Value v = e->kept->constant;
    bool is_small = v <= EMIT_SMALL_VALUES, is_of_use = is_small || emit_compare_is_atom(v);
    if (!e->kept->has_constant || !is_of_use || !emit_use_constant(e, constant_slot, &v)) return false;
    if (!is_small) {
        emit_load_first(e, slot);
        emit_compare_atom(e, v, wanted);
        return true;
    }
    if (emit_use_kept(e, slot, KEPT_VALUE)) asm_alu_imm(&e->a, ALU_CMP, RAX, (int32_t)v);
    else asm_alu_store_imm(&e->a, ALU_CMP, REG_FRAME, slot, (int32_t)v);
    emit_compare_finish(e, wanted ? CC_E : CC_NE);
    return true;
}

static void emit_compare_strict(Emit *e, bool wanted)
{
    int unit = emit_compare_is_jump(e) ? 1 : 2;
    int32_t first = emit_r(e, unit), second = emit_r(e, unit + 1);
    emit_slow_custom(e, emit_compare_different, wanted ? COMPARE_WANTED : 0);
    if (emit_compare_constant(e, first, second, wanted) || emit_compare_constant(e, second, first, wanted)) return;
    emit_load_first(e, first);
    asm_load(&e->a, RCX, REG_FRAME, second);
    emit_compare_bits(e, wanted);
}

/* Slot `slot` with null or undefined in `constant_slot`, if that is known. */
static bool emit_compare_nullish(Emit *e, int32_t slot, int32_t constant_slot, bool wanted)
{
    Value v = e->kept->constant;
    if (!e->kept->has_constant || !value_is_nullish(v) || !emit_use_constant(e, constant_slot, &v)) return false;
    emit_load_first(e, slot);
    asm_alu_imm(&e->a, ALU_AND, RAX, ~8);
    asm_alu_imm(&e->a, ALU_CMP, RAX, VALUE_NULL);
    emit_compare_finish(e, wanted ? CC_E : CC_NE);
    return true;
}

static void emit_compare_loose(Emit *e, bool wanted)
{
    Asm *a = &e->a;
    int unit = emit_compare_is_jump(e) ? 1 : 2;
    int32_t first = emit_r(e, unit), second = emit_r(e, unit + 1);
    emit_slow_custom(e, emit_compare_different, COMPARE_LOOSE | (wanted ? COMPARE_WANTED : 0));
    if (emit_compare_nullish(e, first, second, wanted) || emit_compare_nullish(e, second, first, wanted)) return;
    emit_load_ints(e, unit, false);
    asm_alu32(a, ALU_CMP, RAX, RCX);
    emit_compare_finish(e, wanted ? CC_E : CC_NE);
}

/* Against an int32: other int32 and what is no number differ. */
static void emit_compare_strict_int(Emit *e, bool wanted)
{
    Asm *a = &e->a;
    if (emit_use_kept(e, emit_r(e, 1), KEPT_INT)) {
        emit_slow_last(e);
        asm_alu32_imm(a, ALU_CMP, RAX, emit_imm(e, 2));
        emit_jump_if(e, wanted ? CC_E : CC_NE, emit_target(e, 3));
        return;
    }
    emit_load_first(e, emit_r(e, 1));
    asm_alu(a, ALU_CMP, RAX, REG_INT_TAG);
    uint32_t is_int = asm_jcc8(a, CC_AE);
    asm_test(a, RAX, REG_INT_TAG);
    emit_slow_jcc(e, CC_NE);
    if (!wanted) emit_jump(e, emit_target(e, 3));
    uint32_t done = wanted ? asm_jmp8(a) : 0;
    asm_bind8(a, is_int);
    asm_alu32_imm(a, ALU_CMP, RAX, emit_imm(e, 2));
    emit_jump_if(e, wanted ? CC_E : CC_NE, emit_target(e, 3));
    if (wanted) asm_bind8(a, done);
}

/* ---- `instanceof`, `in` ------------------------------------------------------------------------------------------ */

/* By the site's cache, which knows the shapes of functions. */
static void emit_compare_instance(Emit *e)
{
    Asm *a = &e->a;
    asm_load(a, RSI, REG_FRAME, emit_r(e, 2));
    asm_load(a, RAX, REG_FRAME, emit_r(e, 3));
    asm_mov_imm(a, RDX, (uintptr_t)emit_cache(e, 4));
    asm_call(a, emit_stub(e, STUB_INSTANCE));
    emit_slow_jcc(e, CC_B);
    asm_alu32_imm(a, ALU_ADD, RAX, VALUE_FALSE);
    emit_keep(e, KEPT_VALUE);
}

/* An element that an array has. */
static void emit_compare_in(Emit *e)
{
    Asm *a = &e->a;
    asm_load(a, RAX, REG_FRAME, emit_r(e, 3));
    asm_load(a, RCX, REG_FRAME, emit_r(e, 2));
    emit_check_kind(e, KIND_ARRAY);
    emit_check_index(e);
    emit_find_element(e);
    asm_mov_imm(a, RAX, VALUE_TRUE);
    emit_keep(e, KEPT_VALUE);
}

void emit_compare(Emit *e)
{
    switch (*e->pc) {
    case OP_LT: case OP_LE: case OP_GT: case OP_GE:
    case OP_JUMP_LT: case OP_JUMP_LE: case OP_JUMP_GT: case OP_JUMP_GE:
    case OP_JUMP_NOT_LT: case OP_JUMP_NOT_LE: case OP_JUMP_NOT_GT: case OP_JUMP_NOT_GE:
    case OP_JUMP_LT_INT: case OP_JUMP_LE_INT: case OP_JUMP_GT_INT: case OP_JUMP_GE_INT:
    case OP_JUMP_NOT_LT_INT: case OP_JUMP_NOT_LE_INT: case OP_JUMP_NOT_GT_INT: case OP_JUMP_NOT_GE_INT:
        emit_compare_ordering(e);
        break;
    case OP_SEQ: case OP_JUMP_SEQ:
        emit_compare_strict(e, true);
        break;
    case OP_SNE: case OP_JUMP_SNE:
        emit_compare_strict(e, false);
        break;
    case OP_EQ: case OP_JUMP_EQ:
        emit_compare_loose(e, true);
        break;
    case OP_NE: case OP_JUMP_NE:
        emit_compare_loose(e, false);
        break;
    case OP_INSTANCEOF:
        emit_compare_instance(e);
        break;
    case OP_IN:
        emit_compare_in(e);
        break;
    case OP_JUMP_SEQ_INT:
        emit_compare_strict_int(e, true);
        break;
    case OP_JUMP_SNE_INT:
        emit_compare_strict_int(e, false);
        break;
    default:
        emit_step(e);
    }
}
