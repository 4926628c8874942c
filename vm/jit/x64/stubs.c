/* SPDX-License-Identifier: MIT */
/* Pieces of machine code that all functions share. Registers as in emit_int.h. */
#include "vm/jit/x64/stubs_int.h"

#include "vm/jit/watch.h"

enum { STUBS_SAVED_BYTES = 8 };          // keeps r13 a multiple of 16 below the saved registers

/* MachineResult enter(Goroutine *g, const void *address, Value value) */
static void stubs_enter(Asm *a)
{
    static const AsmReg saved[] = { RBP, RBX, R12, R13, R14, R15 };
    for (uint32_t i = 0; i < COUNT_OF(saved); i++) asm_push(a, saved[i]);
    asm_alu_imm(a, ALU_SUB, RSP, STUBS_SAVED_BYTES);
    asm_mov(a, REG_G, RDI);
    asm_load(a, REG_FRAME, REG_G, offsetof(Goroutine, fp));
    asm_mov(a, REG_C_STACK, RSP);
    asm_mov_imm(a, REG_INT_TAG, VALUE_INT_TAG);
    asm_mov_imm(a, REG_NOT_CELL, VALUE_NOT_CELL_MASK);
    asm_mov(a, RAX, RDX);
    asm_jmp_reg(a, RSI);
}

/* Return from enter with MachineResult { exit, rdx }. */
static void stubs_exit(Asm *a, MachineExit exit)
{
    static const AsmReg saved[] = { R15, R14, R13, R12, RBX, RBP };
    asm_mov(a, RSP, REG_C_STACK);
    asm_alu_imm(a, ALU_ADD, RSP, STUBS_SAVED_BYTES);
    asm_mov_imm(a, RAX, exit);
    for (uint32_t i = 0; i < COUNT_OF(saved); i++) asm_pop(a, saved[i]);
    asm_ret(a);
}

/* Leave frame rbp, which was marked, with rax. */
static void stubs_return_marked(Asm *a)
{
    asm_load(a, RCX, REG_FRAME, emit_slot(FRAME_RETURN));
    asm_load(a, REG_FRAME, REG_FRAME, emit_slot(FRAME_CALLER));
    asm_alu_imm(a, ALU_SUB, REG_FRAME, FRAME_LINK_TAG);
    asm_store(a, REG_G, offsetof(Goroutine, fp), REG_FRAME);
    asm_mov(a, RDX, RAX);
    asm_alu32_imm(a, ALU_CMP, RCX, FRAME_RETURN_TO_NATIVE);
    uint32_t to_native = asm_jcc(a, CC_E);
    stubs_exit(a, MACHINE_RETURNS);
    asm_bind(a, to_native);
    stubs_exit(a, MACHINE_LEAVES);
}

/* The arguments of a step, and its function into rax. */
static void stubs_step_arguments(Asm *a, bool is_counted)
{
    asm_load(a, RCX, REG_FRAME, emit_slot(FRAME_CODE));
    asm_alu_load(a, ALU_ADD, RSI, RCX, offsetof(Code, code));
    asm_load(a, RCX, RCX, offsetof(Code, feedback));
    asm_mov(a, RDI, REG_G);
    asm_mov(a, RDX, REG_FRAME);
    if (is_counted) {
        asm_mov_imm(a, RAX, (uintptr_t)watch_step);
        return;
    }
    asm_load16(a, RAX, RSI, 0);
    asm_mov_imm(a, R8, (uintptr_t)steps_table);
    asm_load_index(a, RAX, R8, RAX, 3, 0);
}

static void stubs_step(Asm *a, bool is_counted)
{
    stubs_step_arguments(a, is_counted);
    asm_jmp_reg(a, RAX);
}

/* The outcome is as the template expects unless it is `cc` of `outcome`. debugger_put_step_cie knows what is on the
 * stack. */
static void stubs_step_expect(Asm *a, bool is_counted, StepOutcome outcome, AsmCondition cc, uint32_t to_step_out)
{
    asm_push(a, RSI);                                    // calls are made from a multiple of 16
    stubs_step_arguments(a, is_counted);
    asm_call_reg(a, RAX);
    asm_load(a, REG_FRAME, REG_G, offsetof(Goroutine, fp));
    asm_alu32_imm(a, ALU_CMP, RAX, (int32_t)outcome);
    uint32_t expected = asm_jcc8(a, asm_not(cc));
    asm_mov(a, RSP, REG_C_STACK);
    asm_jmp_back(a, to_step_out);
    asm_bind8(a, expected);
    if (outcome == STEP_CALL) asm_mov(a, RAX, RDX);
    asm_pop(a, RCX);
    asm_ret(a);
}

/* Outcome eax with value rdx. `to_return`: where STUB_RETURN is. */
static void stubs_step_out(Asm *a, uint32_t to_return)
{
    asm_load(a, REG_FRAME, REG_G, offsetof(Goroutine, fp));
    asm_alu32_imm(a, ALU_CMP, RAX, STEP_RETURN);
    uint32_t other = asm_jcc(a, CC_NE);
    asm_mov(a, RAX, RDX);
    asm_jmp_back(a, to_return);
    asm_bind(a, other);
    asm_mov(a, RDI, REG_G);
    asm_mov(a, RSI, RAX);
    asm_call(a, (const void *)(uintptr_t)jit_resolve);
    asm_load(a, REG_FRAME, REG_G, offsetof(Goroutine, fp));
    asm_jmp_reg(a, RAX);
}

/* Arguments of jit_call_slow and jit_call_other from the registers of a call; rsp is at the window. */
static void stubs_call_arguments(Asm *a)
{
    asm_mov32(a, RCX, RDX);
    asm_alu32_imm(a, ALU_AND, RCX, FRAME_MAX_ARGUMENTS);
    asm_mov(a, RDX, RSP);
    asm_mov(a, RSP, REG_C_STACK);
    asm_mov(a, RSI, RAX);
    asm_mov(a, RDI, REG_G);
}

static void stubs_call_slow(Asm *a)
{
    asm_pop(a, R9);
    stubs_call_arguments(a);
    asm_call(a, (const void *)(uintptr_t)jit_call_slow);
    asm_load(a, REG_FRAME, REG_G, offsetof(Goroutine, fp));
    asm_jmp_reg(a, RAX);
}

/* The return goes through the C stack, since the stack of frames may have moved, and the processor pairs it with the
 * call. */
static void stubs_call_other(Asm *a, uint32_t to_step_out)
{
    asm_pop(a, RBX);
    stubs_call_arguments(a);
    asm_mov(a, R9, RBX);
    asm_call(a, (const void *)(uintptr_t)jit_call_other);
    asm_load(a, REG_FRAME, REG_G, offsetof(Goroutine, fp));
    asm_test32(a, RAX, RAX);
    asm_jcc_back(a, CC_NE, to_step_out);
    asm_mov(a, RAX, RDX);
    asm_push(a, RBX);
    asm_ret(a);
}

/* The step's outcome, in eax, is STEP_BEGIN. */
static void stubs_begin(Asm *a, uint32_t to_step_out)
{
    asm_pop(a, RDX);
    asm_jmp_back(a, to_step_out);
}

/* Move return address, `this` and the arguments down by as many words as are missing, fill those, and go on behind the
 * test of the count. That there is room for the whole frame is tested here, since nothing but the callee's frame keeps
 * what is moved. rax, rcx, edx and r8 stay. */
static void stubs_arity(Asm *a, uint32_t to_call_slow)
{
    asm_mov32(a, RSI, RDX);
    asm_alu32_imm(a, ALU_AND, RSI, FRAME_MAX_ARGUMENTS);
    asm_load32(a, R10, RCX, offsetof(Code, parameter_count));
    asm_mov(a, R11, RSI);
    asm_alu(a, ALU_SUB, R11, R10);                       // less than 0: the words that are missing
    asm_lea_index(a, RDI, RSP, R11, 3, 0);
    asm_load32(a, R9, RCX, offsetof(Code, frame_words));
    asm_shift_imm(a, SHIFT_SHL, R9, 3);
    asm_lea(a, R10, RDI, -(int32_t)sizeof(Value));
    asm_alu(a, ALU_SUB, R10, R9);
    asm_alu_load(a, ALU_CMP, R10, REG_G, offsetof(Goroutine, stack_limit));
    asm_jcc_back(a, CC_B, to_call_slow);
    asm_mov(a, R9, RSP);
    asm_mov(a, RSP, RDI);
    asm_alu_imm(a, ALU_ADD, RSI, 2);
    uint32_t move = asm_here(a);
    asm_load(a, RBX, R9, 0);
    asm_store(a, RDI, 0, RBX);
    asm_alu_imm(a, ALU_ADD, R9, sizeof(Value));
    asm_alu_imm(a, ALU_ADD, RDI, sizeof(Value));
    asm_alu32_imm(a, ALU_SUB, RSI, 1);
    asm_jcc_back(a, CC_NE, move);
    asm_mov_imm(a, RBX, VALUE_UNDEFINED);
    uint32_t fill = asm_here(a);
    asm_store(a, RDI, 0, RBX);
    asm_alu_imm(a, ALU_ADD, RDI, sizeof(Value));
    asm_alu_imm(a, ALU_ADD, R11, 1);
    asm_jcc_back(a, CC_NE, fill);
    asm_load(a, R11, RCX, offsetof(Code, entry));
    asm_alu_imm(a, ALU_ADD, R11, EMIT_ARITY_TEST_BYTES);
    asm_jmp_reg(a, R11);
}

/* Return with what the stub `quick` does, or go on if it fails, with rdi on the stack. */
static void stubs_try(Asm *a, uint32_t quick)
{
    asm_push(a, RDI);
    asm_call_back(a, quick);
    uint32_t fail = asm_jcc8(a, CC_B);
    asm_pop(a, RCX);
    asm_ret(a);
    asm_bind8(a, fail);
}

/* What `quick` does, or the step. */
static void stubs_or_step(Asm *a, Stub quick, const uint32_t at[STUB_COUNT])
{
    stubs_try(a, at[quick]);
    asm_pop(a, RSI);
    asm_jmp_back(a, at[STUB_STEP_NEXT]);
}

void stubs_step_result(Asm *a, const uint32_t at[STUB_COUNT])
{
    asm_push(a, RDI);
    asm_mov(a, RSI, RDI);
    asm_call_back(a, at[STUB_STEP_NEXT]);
    asm_pop(a, RCX);
    asm_load(a, RDX, REG_FRAME, emit_slot(FRAME_CODE));
    asm_alu_load(a, ALU_ADD, RCX, RDX, offsetof(Code, code));
    asm_load16_signed(a, RCX, RCX, sizeof(uint16_t));
    asm_load_index(a, RAX, REG_FRAME, RCX, 3, 0);
    asm_ret(a);
}

/* ---- all of them ------------------------------------------------------------------------------------------------- */

/* debugger.c relies on the order of the stubs: those that call with a word on the stack lie between STUB_STEP_NEXT and
 * STUB_CALL_SLOW, and from STUB_LOAD_OR_STEP on. */
static void stubs_write_steps(Asm *a, bool is_counted, uint32_t at[STUB_COUNT])
{
    at[STUB_STEP_OUT] = asm_here(a);
    stubs_step_out(a, at[STUB_RETURN]);
    at[STUB_STEP] = asm_here(a);
    stubs_step(a, is_counted);
    at[STUB_STEP_NEXT] = asm_here(a);
    stubs_step_expect(a, is_counted, STEP_NEXT, CC_NE, at[STUB_STEP_OUT]);
    at[STUB_STEP_JUMP] = asm_here(a);
    stubs_step_expect(a, is_counted, STEP_JUMP, CC_A, at[STUB_STEP_OUT]);
    at[STUB_STEP_CALL] = asm_here(a);
    stubs_step_expect(a, is_counted, STEP_CALL, CC_NE, at[STUB_STEP_OUT]);
}

static void stubs_write(const Vm *vm, const Jit *jit, Asm *a, uint32_t at[STUB_COUNT])
{
    at[STUB_ENTER] = asm_here(a);
    stubs_enter(a);
    at[STUB_LEAVE] = asm_here(a);
    stubs_exit(a, MACHINE_LEAVES);
    at[STUB_CALLS] = asm_here(a);
    stubs_exit(a, MACHINE_CALLS);
    at[STUB_INTERPRETS] = asm_here(a);
    stubs_exit(a, MACHINE_INTERPRETS);
    at[STUB_RETURN_MARKED] = asm_here(a);
    stubs_return_marked(a);
    at[STUB_RETURN] = asm_here(a);
    asm_alu_store_imm(a, ALU_CMP, REG_FRAME, emit_slot(FRAME_RETURN), FRAME_RETURN_TO_NATIVE);
    asm_jcc_back(a, CC_BE, at[STUB_RETURN_MARKED]);
    emit_epilogue(a);
    stubs_write_steps(a, watch_counts_steps(jit->watch), at);
    at[STUB_CALL_SLOW] = asm_here(a);
    stubs_call_slow(a);
    at[STUB_BEGIN] = asm_here(a);
    stubs_begin(a, at[STUB_STEP_OUT]);
    at[STUB_CALL_OTHER] = asm_here(a);
    stubs_call_other(a, at[STUB_STEP_OUT]);
    at[STUB_ARITY] = asm_here(a);
    stubs_arity(a, at[STUB_CALL_SLOW]);
    stubs_values_write(a, at);
    stubs_properties_write(a, vm->handlers, at);
    stubs_objects_write(a, vm->handlers, at);
    stubs_properties_write_whole(a, vm->handlers, at);
    stubs_objects_write_whole(a, at);
    at[STUB_SET_ELEMENT_OR_STEP] = asm_here(a);
    stubs_or_step(a, STUB_SET_ELEMENT, at);
    stubs_arith_write(a, at);
}

bool stubs_make(const Vm *vm, Jit *jit)
{
    Asm a;
    uint32_t at[STUB_COUNT];
    asm_init(&a);
    asm_begin(&a, jit->space.executable);
    stubs_write(vm, jit, &a, at);
    uint8_t *memory = code_space_alloc(&jit->space, asm_here(&a));
    const uint8_t *start = memory ? code_space_run_address(&jit->space, memory) : NULL;
    bool is_placed = memory && asm_place(&a, memory, start);
    for (uint32_t i = 0; is_placed && i < STUB_COUNT; i++) jit->stubs[i] = start + at[i];
    if (is_placed) watch_stubs(jit, start, asm_here(&a));
    asm_deinit(&a);
    return is_placed;
}
