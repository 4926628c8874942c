/* SPDX-License-Identifier: MIT */
/* Pieces of machine code that all functions share. Registers as in emit_int.h. */
#include "vm/jit/x64/emit_int.h"

#include "vm/jit/watch.h"

#include "vm/exec/cache.h"

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

static void stubs_step(Asm *a, bool is_counted)
{
    asm_load(a, RCX, REG_FRAME, emit_slot(FRAME_CODE));
    asm_alu_load(a, ALU_ADD, RSI, RCX, offsetof(Code, code));
    asm_load(a, RCX, RCX, offsetof(Code, feedback));
    asm_mov(a, RDI, REG_G);
    asm_mov(a, RDX, REG_FRAME);
    if (is_counted) asm_jmp_to(a, (const void *)(uintptr_t)watch_step);
    else asm_jmp_reg(a, RAX);
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
    asm_call(a, (const void *)(uintptr_t)jit_call_other);
    asm_load(a, REG_FRAME, REG_G, offsetof(Goroutine, fp));
    asm_test32(a, RAX, RAX);
    asm_jcc_back(a, CC_NE, to_step_out);
    asm_mov(a, RAX, RDX);
    asm_push(a, RBX);
    asm_ret(a);
}

/* ---- fast halves ------------------------------------------------------------------------------------------------- */

static void stubs_fail(Asm *a, const uint32_t *jumps, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) asm_bind(a, jumps[i]);
    asm_stc(a);
    asm_ret(a);
}

static void stubs_succeed(Asm *a)
{
    asm_clc(a);
    asm_ret(a);
}

/* The number in `r` as a double. Returns the jump of what is none. */
static uint32_t stubs_number(Asm *a, AsmXmm x, AsmReg r)
{
    asm_alu(a, ALU_CMP, r, REG_INT_TAG);
    uint32_t is_int = asm_jcc8(a, CC_AE);
    asm_alu(a, ALU_ADD, r, REG_INT_TAG);
    uint32_t fail = asm_jcc(a, CC_AE);
    asm_movq_to_xmm(a, x, r);
    uint32_t done = asm_jmp8(a);
    asm_bind8(a, is_int);
    asm_cvt_int32(a, x, r);
    asm_bind8(a, done);
    return fail;
}

static void stubs_numbers(Asm *a)
{
    uint32_t fails[2];
    fails[0] = stubs_number(a, XMM0, RAX);
    fails[1] = stubs_number(a, XMM1, RCX);
    stubs_succeed(a);
    stubs_fail(a, fails, 2);
}

/* Different when both are int32, only the second is a number, or one is an object. */
static void stubs_different(Asm *a)
{
    uint32_t fail, different[4];
    asm_mov(a, RDX, RAX);
    asm_alu(a, ALU_AND, RDX, RCX);
    asm_alu(a, ALU_CMP, RDX, REG_INT_TAG);
    different[0] = asm_jcc(a, CC_AE);
    asm_test(a, RAX, REG_NOT_CELL);
    fail = asm_jcc(a, CC_NE);
    asm_test(a, RCX, REG_NOT_CELL);
    different[1] = asm_jcc(a, CC_NE);
    asm_cmp8_imm(a, RAX, offsetof(Cell, kind), KIND_FIRST_OBJECT);
    different[2] = asm_jcc(a, CC_AE);
    asm_cmp8_imm(a, RCX, offsetof(Cell, kind), KIND_FIRST_OBJECT);
    different[3] = asm_jcc(a, CC_AE);
    stubs_fail(a, &fail, 1);
    for (uint32_t i = 0; i < COUNT_OF(different); i++) asm_bind(a, different[i]);
    stubs_succeed(a);
}

/* Ways to fail of the piece that is being written. */
typedef struct Fails {
    uint32_t jumps[12];
    uint32_t count;
} Fails;

static void stubs_fail_if(Asm *a, Fails *fails, AsmCondition cc)
{
    CHECK(fails->count < COUNT_OF(fails->jumps), "few ways to fail");
    fails->jumps[fails->count++] = asm_jcc(a, cc);
}

/* The word of cache rdx for the shape of cell rax into rcx: the first one, or one of its PolyCache. */
static void stubs_find_word(Asm *a, Fails *fails, bool is_polymorphic)
{
    asm_load(a, RCX, RDX, offsetof(InlineCache, word));
    asm_load32(a, RDI, RAX, offsetof(Cell, shape));
    asm_alu32(a, ALU_CMP, RCX, RDI);
    if (!is_polymorphic) {
        stubs_fail_if(a, fails, CC_NE);
        return;
    }
    uint32_t hit = asm_jcc8(a, CC_E);
    asm_load(a, RDX, RDX, offsetof(InlineCache, more));
    asm_alu_imm(a, ALU_CMP, RDX, (int32_t)(intptr_t)CACHE_MEGAMORPHIC);
    stubs_fail_if(a, fails, CC_BE);
    asm_load32(a, R8, RDX, offsetof(PolyCache, count));
    uint32_t loop = asm_here(a);
    asm_alu32_imm(a, ALU_SUB, R8, 1);
    stubs_fail_if(a, fails, CC_S);
    asm_load_index(a, RCX, RDX, R8, 3, offsetof(PolyCache, words));
    asm_alu32(a, ALU_CMP, RCX, RDI);
    asm_jcc_back(a, CC_NE, loop);
    asm_bind8(a, hit);
}

/* The valid handler that payload rcx names, into rcx; its kind into edx. */
static void stubs_find_handler(Asm *a, Fails *fails)
{
    asm_load(a, RDX, REG_G, offsetof(Goroutine, vm));
    asm_load(a, RDX, RDX, offsetof(Vm, handlers));
    asm_load(a, RDX, RDX, offsetof(HandlerSpace, base));
    asm_alu_imm(a, ALU_XOR, RCX, -1);
    asm_imul_imm(a, RCX, RCX, sizeof(Handler));
    asm_alu(a, ALU_ADD, RCX, RDX);
    asm_cmp8_imm(a, RCX, offsetof(Handler, is_valid), 0);
    stubs_fail_if(a, fails, CC_E);
    asm_load8(a, RDX, RCX, offsetof(Handler, kind));
}

/* The place of the own slot that handler rcx names, of object rax, into rax + rdi. */
static void stubs_own_slot(Asm *a, Fails *fails)
{
    asm_load16(a, R8, RCX, offsetof(Handler, depth));
    asm_test32(a, R8, R8);
    uint32_t is_inline = asm_jcc8(a, CC_E);
    uint32_t loop = asm_here(a);
    asm_load(a, RAX, RAX, offsetof(Object, ool));
    asm_test(a, RAX, RAX);
    stubs_fail_if(a, fails, CC_E);
    asm_alu32_imm(a, ALU_SUB, R8, 1);
    asm_jcc_back(a, CC_NE, loop);
    asm_bind8(a, is_inline);
    asm_load32(a, RDI, RCX, offsetof(Handler, offset));
    asm_movsxd(a, RDI, RDI);
}
STATIC_ASSERT(offsetof(Object, ool) == offsetof(Chunk, next), "one loop follows both links");

static void stubs_load(Asm *a)
{
    Fails fails = { .count = 0 };
    asm_test(a, RAX, REG_NOT_CELL);
    stubs_fail_if(a, &fails, CC_NE);
    stubs_find_word(a, &fails, true);
    asm_shift_imm(a, SHIFT_SAR, RCX, 32);
    uint32_t has_handler = asm_jcc8(a, CC_S);
    asm_load_index(a, RAX, RAX, RCX, 0, 0);
    stubs_succeed(a);
    asm_bind8(a, has_handler);
    stubs_find_handler(a, &fails);
    asm_alu32_imm(a, ALU_CMP, RDX, HANDLER_CHUNK);
    uint32_t other = asm_jcc8(a, CC_NE);
    stubs_own_slot(a, &fails);
    asm_load_index(a, RAX, RAX, RDI, 0, 0);
    stubs_succeed(a);
    asm_bind8(a, other);
    asm_load(a, RAX, RCX, offsetof(Handler, value));
    asm_alu32_imm(a, ALU_CMP, RDX, HANDLER_CONSTANT);
    uint32_t is_constant = asm_jcc8(a, CC_E);
    asm_mov_imm(a, RAX, VALUE_UNDEFINED);
    asm_alu32_imm(a, ALU_CMP, RDX, HANDLER_ABSENT);
    uint32_t is_absent = asm_jcc8(a, CC_E);
    asm_alu32_imm(a, ALU_CMP, RDX, HANDLER_SLOT);
    stubs_fail_if(a, &fails, CC_NE);
    asm_load(a, RAX, RCX, offsetof(Handler, address));
    asm_load(a, RAX, RAX, 0);
    asm_bind8(a, is_constant);
    asm_bind8(a, is_absent);
    stubs_succeed(a);
    stubs_fail(a, fails.jumps, fails.count);
}

/* Store rsi as handler rcx, of kind edx, says. */
static void stubs_store_handler(Asm *a, Fails *fails, bool only_adds)
{
    asm_alu32_imm(a, ALU_CMP, RDX, HANDLER_ADD);
    uint32_t other = only_adds ? 0 : asm_jcc8(a, CC_NE);
    if (only_adds) stubs_fail_if(a, fails, CC_NE);
    asm_mov(a, R9, RAX);
    stubs_own_slot(a, fails);
    asm_store_index(a, RAX, RDI, 0, 0, RSI);
    asm_load32(a, RDX, RCX, offsetof(Handler, shape));
    asm_store32(a, R9, offsetof(Cell, shape), RDX);
    stubs_succeed(a);
    if (only_adds) return;
    asm_bind8(a, other);
    asm_alu32_imm(a, ALU_CMP, RDX, HANDLER_CHUNK);
    stubs_fail_if(a, fails, CC_NE);
    stubs_own_slot(a, fails);
    asm_store_index(a, RAX, RDI, 0, 0, RSI);
    stubs_succeed(a);
}

static void stubs_store(Asm *a, bool only_adds)
{
    Fails fails = { .count = 0 };
    asm_test(a, RAX, REG_NOT_CELL);
    stubs_fail_if(a, &fails, CC_NE);
    asm_cmp16_imm(a, RAX, offsetof(Cell, flags), 0);     // and the lock
    stubs_fail_if(a, &fails, CC_NE);
    stubs_find_word(a, &fails, !only_adds);
    asm_shift_imm(a, SHIFT_SAR, RCX, 32);
    if (only_adds) {
        stubs_fail_if(a, &fails, CC_NS);
    } else {
        uint32_t has_handler = asm_jcc8(a, CC_S);
        asm_store_index(a, RAX, RCX, 0, 0, RSI);
        stubs_succeed(a);
        asm_bind8(a, has_handler);
    }
    stubs_find_handler(a, &fails);
    stubs_store_handler(a, &fails, only_adds);
    stubs_fail(a, fails.jumps, fails.count);
}

/* ---- all of them ------------------------------------------------------------------------------------------------- */

static void stubs_write(const Jit *jit, Asm *a, uint32_t at[STUB_COUNT])
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
    asm_mov(a, RSP, REG_FRAME);
    asm_pop(a, REG_FRAME);
    asm_alu_imm(a, ALU_SUB, REG_FRAME, FRAME_LINK_TAG);
    asm_store(a, REG_G, offsetof(Goroutine, fp), REG_FRAME);
    asm_ret(a);
    at[STUB_STEP] = asm_here(a);
    stubs_step(a, watch_counts_steps(jit->watch));
    at[STUB_STEP_OUT] = asm_here(a);
    stubs_step_out(a, at[STUB_RETURN]);
    at[STUB_CALL_SLOW] = asm_here(a);
    stubs_call_slow(a);
    at[STUB_CALL_OTHER] = asm_here(a);
    stubs_call_other(a, at[STUB_STEP_OUT]);
    at[STUB_NUMBERS] = asm_here(a);
    stubs_numbers(a);
    at[STUB_DIFFERENT] = asm_here(a);
    stubs_different(a);
    at[STUB_LOAD] = asm_here(a);
    stubs_load(a);
    at[STUB_STORE] = asm_here(a);
    stubs_store(a, false);
    at[STUB_DEFINE] = asm_here(a);
    stubs_store(a, true);
}

bool stubs_make(Jit *jit)
{
    Asm a;
    uint32_t at[STUB_COUNT];
    asm_init(&a);
    stubs_write(jit, &a, at);
    uint8_t *memory = code_space_alloc(&jit->space, a.count);
    const uint8_t *start = memory ? code_space_run_address(&jit->space, memory) : NULL;
    bool is_placed = memory && asm_place(&a, memory, (uintptr_t)start);
    for (uint32_t i = 0; is_placed && i < STUB_COUNT; i++) jit->stubs[i] = start + at[i];
    if (is_placed) watch_stubs(jit, start, a.count);
    asm_deinit(&a);
    return is_placed;
}
