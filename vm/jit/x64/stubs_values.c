/* SPDX-License-Identifier: MIT */
/* Shared fast halves of templates for values: numbers, strings, equality, truth. */
#include "vm/jit/x64/stubs_int.h"

#include "gc/alloc.h"
#include "vm/jit/x64/asm_element_inl.h"
#include "vm/value/bigint.h"
#include "vm/value/string.h"

/* ---- numbers, strings ------------------------------------------------------------------------------------------ */

/* The number in `r` as a double; anything else fails. */
static void stubs_number(Asm *a, Fails *fails, AsmXmm x, AsmReg r)
{
    asm_alu(a, ALU_CMP, r, REG_INT_TAG);
    uint32_t is_int = asm_jcc8(a, CC_AE);
    asm_alu(a, ALU_ADD, r, REG_INT_TAG);
    stubs_fail_if(a, fails, CC_AE);
    asm_movq_to_xmm(a, x, r);
    uint32_t done = asm_jmp8(a);
    asm_bind8(a, is_int);
    asm_cvt_int32(a, x, r);
    asm_bind8(a, done);
}

static void stubs_numbers(Asm *a)
{
    Fails fails = { .count = 0 };
    stubs_number(a, &fails, XMM0, RAX);
    stubs_number(a, &fails, XMM1, RCX);
    stubs_succeed(a);
    stubs_fail(a, &fails);
}

/* The number in `r` by ToInt32. Those out of range of 64 bits fail. */
static void stubs_integer(Asm *a, Fails *fails, AsmReg r)
{
    asm_alu(a, ALU_CMP, r, REG_INT_TAG);
    uint32_t is_int = asm_jcc8(a, CC_AE);
    asm_alu(a, ALU_ADD, r, REG_INT_TAG);
    stubs_fail_if(a, fails, CC_AE);
    asm_movq_to_xmm(a, XMM0, r);
    asm_cvt_double_wide(a, r, XMM0);
    asm_mov_imm(a, RDX, INT64_MIN);
    asm_alu(a, ALU_CMP, r, RDX);
    stubs_fail_if(a, fails, CC_E);
    asm_bind8(a, is_int);
}

static void stubs_integers(Asm *a)
{
    Fails fails = { .count = 0 };
    stubs_integer(a, &fails, RAX);
    stubs_integer(a, &fails, RCX);
    stubs_succeed(a);
    stubs_fail(a, &fails);
}

/* The double rdx to an integer. Where it has more bits than are looked at, ToInt32 is modulo 2^32. */
static void stubs_double_to_int(Asm *a, bool rounds)
{
    Fails fails = { .count = 0 };
    asm_alu(a, ALU_ADD, RDX, REG_INT_TAG);
    stubs_fail_if(a, &fails, CC_AE);
    asm_movq_to_xmm(a, XMM0, RDX);
    if (rounds) {
        asm_round_double(a, RDX, XMM0);
        asm_alu32_imm(a, ALU_CMP, RDX, 1);
    } else {
        asm_cvt_double_wide(a, RDX, XMM0);
        asm_alu_imm(a, ALU_CMP, RDX, 1);
    }
    stubs_fail_if(a, &fails, CC_O);                      // the least integer: it was out of range
    stubs_succeed(a);
    stubs_fail(a, &fails);
}

/* Fail unless `r` is a string that is not empty. */
static void stubs_check_text(Asm *a, Fails *fails, AsmReg r)
{
    asm_test(a, r, REG_NOT_CELL);
    stubs_fail_if(a, fails, CC_NE);
    asm_cmp8_imm(a, r, offsetof(Cell, kind), KIND_FIRST_NOT_STRING);
    stubs_fail_if(a, fails, CC_AE);
    asm_alu32_store_imm(a, ALU_CMP, r, offsetof(String, length), 0);
    stubs_fail_if(a, fails, CC_E);
}

/* What is copied instead, being short, or needs a look at the heap first, being long, is string_concat's. */
static void stubs_concat(Asm *a)
{
    Fails fails = { .count = 0 };
    stubs_check_text(a, &fails, RAX);
    stubs_check_text(a, &fails, RCX);
    asm_load32(a, RDI, RAX, offsetof(String, length));
    asm_load32(a, RDX, RCX, offsetof(String, length));
    asm_alu32(a, ALU_ADD, RDI, RDX);
    asm_lea(a, RDX, RDI, -STRING_ROPE_MINIMUM);
    asm_alu32_imm(a, ALU_CMP, RDX, STRING_CHECKED_LENGTH - STRING_ROPE_MINIMUM);
    stubs_fail_if(a, &fails, CC_AE);
    asm_load(a, RSI, REG_G, offsetof(Goroutine, heap.next));
    asm_lea(a, R8, RSI, (int32_t)ALLOC_ROUND(sizeof(RopeString)));
    asm_alu_load(a, ALU_CMP, R8, REG_G, offsetof(Goroutine, heap.end));
    stubs_fail_if(a, &fails, CC_A);
    asm_store(a, REG_G, offsetof(Goroutine, heap.next), R8);
    asm_load8(a, RDX, RAX, offsetof(Cell, extra));
    asm_load8(a, R8, RCX, offsetof(Cell, extra));
    asm_alu32(a, ALU_OR, RDX, R8);
    asm_alu32_imm(a, ALU_AND, RDX, STRING_WIDE);
    asm_shift_imm(a, SHIFT_SHL, RDX, 56);
    asm_mov_imm(a, R8, CELL_HEADER(SHAPE_ID_STRING, KIND_ROPE, 0));
    asm_alu(a, ALU_OR, RDX, R8);
    asm_alu_load(a, ALU_OR, RDX, REG_G, offsetof(Goroutine, heap.born_word));
    asm_store(a, RSI, offsetof(Cell, word), RDX);
    asm_store(a, RSI, offsetof(String, length), RDI);
    asm_store_imm(a, RSI, offsetof(RopeString, flat), 0);
    asm_store(a, RSI, offsetof(RopeString, left), RAX);
    asm_store(a, RSI, offsetof(RopeString, right), RCX);
    asm_mov(a, RAX, RSI);
    stubs_succeed(a);
    stubs_fail(a, &fails);
}
STATIC_ASSERT(offsetof(String, hash) == offsetof(String, length) + 4, "a rope's length and hash are stored at once");

/* ---- arithmetic -------------------------------------------------------------------------------------------------- */

/* Two int32, unless the result is none: return it. */
static void stubs_arith_ints(Asm *a, AsmAlu alu)
{
    asm_alu(a, ALU_CMP, RAX, REG_INT_TAG);
    uint32_t no_first = asm_jcc8(a, CC_B);
    asm_alu(a, ALU_CMP, RCX, REG_INT_TAG);
    uint32_t no_second = asm_jcc8(a, CC_B);
    asm_mov32(a, RDX, RAX);
    asm_alu32(a, alu, RDX, RCX);
    uint32_t overflow = asm_jcc8(a, CC_O);
    asm_mov(a, RAX, RDX);
    asm_alu(a, ALU_OR, RAX, REG_INT_TAG);
    asm_ret(a);
    asm_bind8(a, no_first);
    asm_bind8(a, no_second);
    asm_bind8(a, overflow);
}

/* Return the double xmm0, as an int32 if it is integral. */
static void stubs_return_normal(Asm *a)
{
    asm_cvt_double(a, RAX, XMM0);
    asm_cvt_int32(a, XMM1, RAX);
    asm_ucomisd(a, XMM0, XMM1);
    uint32_t not_integral = asm_jcc8(a, CC_NE);
    uint32_t nan = asm_jcc8(a, CC_P);
    asm_test32(a, RAX, RAX);
    uint32_t zero = asm_jcc8(a, CC_E);
    asm_alu(a, ALU_OR, RAX, REG_INT_TAG);
    asm_ret(a);
    asm_bind8(a, not_integral);
    asm_bind8(a, nan);
    asm_bind8(a, zero);
    emit_box(a, RAX, XMM0);
    asm_ret(a);
}

/* Strings are added first: nothing else that is a cell is. */
static void stubs_arith(Asm *a, AsmDouble op, const uint32_t at[STUB_COUNT])
{
    Fails fails = { .count = 0 };
    bool is_sum = op == DOUBLE_ADD || op == DOUBLE_SUB;
    if (op == DOUBLE_ADD) {
        asm_test(a, RAX, REG_NOT_CELL);
        uint32_t no_cell = asm_jcc8(a, CC_NE);
        asm_push(a, RDI);
        asm_call_back(a, at[STUB_CONCAT]);
        asm_pop(a, RDI);
        stubs_fail_if(a, &fails, CC_B);
        asm_ret(a);
        asm_bind8(a, no_cell);
    }
    if (is_sum) stubs_arith_ints(a, op == DOUBLE_ADD ? ALU_ADD : ALU_SUB);
    stubs_number(a, &fails, XMM0, RAX);
    stubs_number(a, &fails, XMM1, RCX);
    asm_double(a, op, XMM0, XMM1);
    if (is_sum) {
        emit_box(a, RAX, XMM0);
        asm_ret(a);
    } else {
        stubs_return_normal(a);
    }
    stubs_bind_fails(a, &fails);
    stubs_step_result(a, at);
}

void stubs_arith_write(Asm *a, uint32_t at[STUB_COUNT])
{
    static const struct { Stub stub; AsmDouble op; } all[] = {
        { STUB_ADD_OR_STEP, DOUBLE_ADD }, { STUB_SUB_OR_STEP, DOUBLE_SUB },
        { STUB_MUL_OR_STEP, DOUBLE_MUL }, { STUB_DIV_OR_STEP, DOUBLE_DIV },
    };
    for (uint32_t i = 0; i < COUNT_OF(all); i++) {
        at[all[i].stub] = asm_here(a);
        stubs_arith(a, all[i].op, at);
    }
}

/* ---- equality, truth --------------------------------------------------------------------------------------------- */

/* 1 or 0 into eax: whether rax and rcx are the same number. */
static void stubs_equal_numbers(Asm *a, Fails *fails)
{
    stubs_number(a, fails, XMM0, RAX);
    stubs_number(a, fails, XMM1, RCX);
    asm_alu32(a, ALU_XOR, RAX, RAX);
    asm_ucomisd(a, XMM0, XMM1);
    uint32_t different = asm_jcc8(a, CC_NE), nan = asm_jcc8(a, CC_P);
    asm_mov_imm(a, RAX, 1);
    asm_bind8(a, different);
    asm_bind8(a, nan);
    stubs_succeed(a);
}

/* Numbers by value. Two cells are different if one is an object; strings, when their lengths differ or both are
 * atoms. A cell differs from what is none. */
static void stubs_equal(Asm *a)
{
    Fails fails = { .count = 0 };
    uint32_t different[6];
    asm_test(a, RAX, REG_NOT_CELL);
    uint32_t no_first = asm_jcc8(a, CC_NE);
    asm_test(a, RCX, REG_NOT_CELL);
    different[0] = asm_jcc(a, CC_NE);
    asm_alu(a, ALU_CMP, RAX, RCX);
    stubs_fail_if(a, &fails, CC_E);
    asm_load8(a, RDX, RAX, offsetof(Cell, kind));
    asm_load8(a, RDI, RCX, offsetof(Cell, kind));
    asm_alu32_imm(a, ALU_CMP, RDX, KIND_FIRST_OBJECT);
    different[1] = asm_jcc(a, CC_AE);
    asm_alu32_imm(a, ALU_CMP, RDI, KIND_FIRST_OBJECT);
    different[2] = asm_jcc(a, CC_AE);
    asm_alu32_imm(a, ALU_CMP, RDX, KIND_FIRST_NOT_STRING);
    stubs_fail_if(a, &fails, CC_AE);
    asm_alu32_imm(a, ALU_CMP, RDI, KIND_FIRST_NOT_STRING);
    stubs_fail_if(a, &fails, CC_AE);
    asm_load32(a, RDX, RAX, offsetof(String, length));
    asm_alu32_load(a, ALU_CMP, RDX, RCX, offsetof(String, length));
    different[3] = asm_jcc(a, CC_NE);
    asm_load8(a, RDX, RAX, offsetof(Cell, flags));
    asm_load8(a, RDI, RCX, offsetof(Cell, flags));
    asm_alu32(a, ALU_AND, RDX, RDI);
    asm_alu32_imm(a, ALU_AND, RDX, STRING_IS_ATOM);
    stubs_fail_if(a, &fails, CC_E);
    different[4] = asm_jmp(a);
    asm_bind8(a, no_first);
    asm_test(a, RCX, REG_NOT_CELL);
    different[5] = asm_jcc(a, CC_E);
    stubs_equal_numbers(a, &fails);
    for (uint32_t i = 0; i < COUNT_OF(different); i++) asm_bind(a, different[i]);
    asm_alu32(a, ALU_XOR, RAX, RAX);
    stubs_succeed(a);
    stubs_fail(a, &fails);
}

/* `==`: null and undefined equal each other alone; two objects, two primitives that are cells, and two numbers are
 * compared as by `===`. */
static void stubs_equal_loose(Asm *a, uint32_t to_strict)
{
    Fails fails = { .count = 0 };
    asm_mov(a, RDX, RAX);
    asm_alu_imm(a, ALU_AND, RDX, ~8);
    asm_mov(a, RDI, RCX);
    asm_alu_imm(a, ALU_AND, RDI, ~8);
    asm_alu_imm(a, ALU_CMP, RDX, VALUE_NULL);
    uint32_t first_nullish = asm_jcc(a, CC_E);
    asm_alu_imm(a, ALU_CMP, RDI, VALUE_NULL);
    uint32_t second_nullish = asm_jcc(a, CC_E);
    asm_test(a, RAX, REG_NOT_CELL);
    uint32_t no_cell = asm_jcc(a, CC_NE);
    asm_test(a, RCX, REG_NOT_CELL);
    stubs_fail_if(a, &fails, CC_NE);
    asm_load8(a, RDI, RCX, offsetof(Cell, kind));
    asm_cmp8_imm(a, RAX, offsetof(Cell, kind), KIND_FIRST_OBJECT);
    uint32_t is_object = asm_jcc(a, CC_AE);
    asm_alu32_imm(a, ALU_CMP, RDI, KIND_FIRST_OBJECT);
    stubs_fail_if(a, &fails, CC_AE);
    asm_alu(a, ALU_CMP, RAX, RCX);
    asm_jcc_back(a, CC_NE, to_strict);
    asm_mov_imm(a, RAX, 1);
    stubs_succeed(a);
    asm_bind(a, no_cell);
    asm_test(a, RAX, REG_INT_TAG);
    stubs_fail_if(a, &fails, CC_E);
    asm_test(a, RCX, REG_INT_TAG);
    asm_jcc_back(a, CC_NE, to_strict);
    stubs_fail_if(a, &fails, CC_E);
    asm_bind(a, is_object);
    asm_alu32_imm(a, ALU_CMP, RDI, KIND_FIRST_OBJECT);
    stubs_fail_if(a, &fails, CC_B);
    asm_mov(a, RDX, RAX);
    asm_mov(a, RDI, RCX);
    asm_bind(a, first_nullish);
    asm_bind(a, second_nullish);
    asm_alu32(a, ALU_XOR, RAX, RAX);
    asm_alu(a, ALU_CMP, RDX, RDI);
    asm_setcc(a, CC_E, RAX);
    stubs_succeed(a);
    stubs_fail(a, &fails);
}

/* Whether eax is not 0: as 1 or 0 in eax, and in the zero flag. */
static void stubs_answer_truth(Asm *a)
{
    asm_test32(a, RAX, RAX);
    asm_setcc(a, CC_NE, RAX);
    asm_movzx8(a, RAX, RAX);
    asm_ret(a);
}

/* Strings and big integers are false when they are empty. */
static void stubs_truth_cell(Asm *a)
{
    asm_load8(a, RCX, RAX, offsetof(Cell, kind));
    asm_alu32_imm(a, ALU_CMP, RCX, KIND_FIRST_OBJECT);
    uint32_t other = asm_jcc8(a, CC_B), here = asm_here(a);
    asm_mov_imm(a, RAX, 1);
    asm_test32(a, RAX, RAX);
    asm_ret(a);
    asm_bind8(a, other);
    asm_alu32_imm(a, ALU_CMP, RCX, KIND_SYMBOL);
    asm_jcc_back(a, CC_E, here);
    asm_load32(a, RAX, RAX, offsetof(String, length));
    stubs_answer_truth(a);
}
STATIC_ASSERT(offsetof(BigInt, count) == offsetof(String, length), "both are asked for at once");

static void stubs_truth(Asm *a)
{
    asm_test(a, RAX, REG_NOT_CELL);
    uint32_t no_cell = asm_jcc8(a, CC_NE);
    stubs_truth_cell(a);
    asm_bind8(a, no_cell);
    asm_alu(a, ALU_CMP, RAX, REG_INT_TAG);
    uint32_t is_int = asm_jcc8(a, CC_AE);
    asm_alu(a, ALU_ADD, RAX, REG_INT_TAG);
    asm_movq_to_xmm(a, XMM0, RAX);
    asm_mov_imm(a, RAX, 0);
    uint32_t small = asm_jcc8(a, CC_AE);
    asm_xorps(a, XMM1, XMM1);
    asm_ucomisd(a, XMM0, XMM1);                          // NaN is as equal to 0
    asm_setcc(a, CC_NE, RAX);
    asm_bind8(a, is_int);
    asm_bind8(a, small);
    stubs_answer_truth(a);
}

static void stubs_answer_atom(Asm *a, AtomId id)
{
    asm_load(a, RAX, REG_G, offsetof(Goroutine, vm));
    asm_load(a, RAX, RAX, (int32_t)offsetof(Vm, atoms) + emit_slot(id));
    stubs_succeed(a);
}

/* But for symbols, big integers, proxies and bound functions. */
static void stubs_typeof(Asm *a)
{
    Fails fails = { .count = 0 };
    asm_test(a, RAX, REG_INT_TAG);
    uint32_t number = asm_jcc8(a, CC_NE);
    asm_test(a, RAX, REG_NOT_CELL);
    uint32_t no_cell = asm_jcc8(a, CC_NE);
    asm_load8(a, RCX, RAX, offsetof(Cell, kind));
    asm_alu32_imm(a, ALU_CMP, RCX, KIND_FIRST_NOT_STRING);
    uint32_t string = asm_jcc8(a, CC_B);
    asm_alu32_imm(a, ALU_CMP, RCX, KIND_FIRST_OBJECT);
    stubs_fail_if(a, &fails, CC_B);
    asm_alu32_imm(a, ALU_CMP, RCX, KIND_PROXY);
    uint32_t object = asm_jcc8(a, CC_B);
    asm_alu32_imm(a, ALU_CMP, RCX, KIND_FUNCTION);
    stubs_fail_if(a, &fails, CC_NE);
    stubs_answer_atom(a, ATOM_function);
    asm_bind8(a, number);
    stubs_answer_atom(a, ATOM_number);
    asm_bind8(a, string);
    stubs_answer_atom(a, ATOM_string);
    asm_bind8(a, no_cell);
    asm_alu_imm(a, ALU_CMP, RAX, VALUE_NULL);
    uint32_t null = asm_jcc8(a, CC_E);
    asm_alu_imm(a, ALU_CMP, RAX, VALUE_UNDEFINED);
    uint32_t other = asm_jcc8(a, CC_NE);
    stubs_answer_atom(a, ATOM_undefined);
    asm_bind8(a, object);
    asm_bind8(a, null);
    stubs_answer_atom(a, ATOM_object);
    asm_bind8(a, other);
    stubs_answer_atom(a, ATOM_boolean);
    stubs_fail(a, &fails);
}

void stubs_values_write(Asm *a, uint32_t at[STUB_COUNT])
{
    at[STUB_NUMBERS] = asm_here(a);
    stubs_numbers(a);
    at[STUB_INTEGERS] = asm_here(a);
    stubs_integers(a);
    at[STUB_TRUNCATE] = asm_here(a);
    stubs_double_to_int(a, false);
    at[STUB_ROUND] = asm_here(a);
    stubs_double_to_int(a, true);
    at[STUB_CONCAT] = asm_here(a);
    stubs_concat(a);
    at[STUB_EQUAL] = asm_here(a);
    stubs_equal(a);
    at[STUB_EQUAL_LOOSE] = asm_here(a);
    stubs_equal_loose(a, at[STUB_EQUAL]);
    at[STUB_TYPEOF] = asm_here(a);
    stubs_typeof(a);
    at[STUB_TRUTH] = asm_here(a);
    stubs_truth(a);
}
