/* SPDX-License-Identifier: MIT */
/* Calls and construction. */
#include "vm/jit/x64/emit_int.h"

#include "vm/exec/cache.h"
#include "vm/object/realm.h"

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

/* Call rax with new.target r8; `this` is at slot `window`. Returns the place behind the call: rax is the result. */
static uint32_t emit_call_value(Emit *e, int window, uint32_t argc)
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
    emit_keep(e, KEPT_VALUE);
    return e->slows[number].data;
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
    e->result.kind = KEPT_NOTHING;
}

/* The step calls, or lays the callee's frame. */
static void emit_call_spread(Emit *e)
{
    Asm *a = &e->a;
    emit_step_call(e);
    asm_test32(a, RAX, RAX);
    uint32_t done = asm_jcc(a, CC_E);
    asm_alu32_imm(a, ALU_CMP, RAX, STEP_BEGIN);
    asm_jcc_to(a, CC_NE, emit_stub(e, STUB_STEP_OUT));
    emit_call_align(a, 5);
    asm_call(a, emit_stub(e, STUB_BEGIN));
    asm_mov(a, RSP, REG_C_STACK);
    asm_store(a, REG_FRAME, emit_r(e, 1), RAX);
    asm_bind(a, done);
}

/* ---- built-ins --------------------------------------------------------------------------------------------------- */

enum { EMIT_BUILTIN_JUMPS = 6 };

/* Jumps of a call to be made after all. */
typedef struct Declined {
    uint32_t jumps[EMIT_BUILTIN_JUMPS];
    int      count;
} Declined;

static void emit_call_decline(Emit *e, Declined *d, AsmCondition cc)
{
    d->jumps[d->count++] = asm_jcc(&e->a, cc);
}

/* The square root of the double rcx, into rax; NaN is for the function. */
static void emit_call_sqrt(Emit *e, Declined *d)
{
    Asm *a = &e->a;
    asm_alu(a, ALU_CMP, RCX, REG_INT_TAG);
    emit_call_decline(e, d, CC_AE);
    asm_alu(a, ALU_ADD, RCX, REG_INT_TAG);
    emit_call_decline(e, d, CC_AE);
    asm_movq_to_xmm(a, XMM0, RCX);
    asm_double(a, DOUBLE_SQRT, XMM0, XMM0);
    asm_ucomisd(a, XMM0, XMM0);
    emit_call_decline(e, d, CC_P);
    asm_movq_from_xmm(a, RDX, XMM0);
    asm_alu(a, ALU_SUB, RDX, REG_INT_TAG);
}

/* The absolute value of the number rcx, into rdx. */
static void emit_call_abs(Emit *e, Declined *d)
{
    Asm *a = &e->a;
    asm_alu(a, ALU_CMP, RCX, REG_INT_TAG);
    uint32_t is_double = asm_jcc8(a, CC_B);
    asm_mov32(a, RDX, RCX);
    asm_shift32_imm(a, SHIFT_SAR, RDX, 31);
    asm_alu32(a, ALU_XOR, RCX, RDX);
    asm_alu32(a, ALU_SUB, RCX, RDX);
    emit_call_decline(e, d, CC_S);
    asm_mov32(a, RDX, RCX);
    asm_alu(a, ALU_OR, RDX, REG_INT_TAG);
    uint32_t done = asm_jmp8(a);
    asm_bind8(a, is_double);
    asm_mov(a, RDX, RCX);
    asm_alu(a, ALU_ADD, RDX, REG_INT_TAG);
    emit_call_decline(e, d, CC_AE);
    asm_shift_imm(a, SHIFT_SHL, RDX, 1);
    asm_shift_imm(a, SHIFT_SHR, RDX, 1);
    asm_alu(a, ALU_SUB, RDX, REG_INT_TAG);
    asm_bind8(a, done);
}

/* If the method rax is what built-in `known` was at the start, do it in place. Returns the jump to behind the call. */
static uint32_t emit_call_builtin(Emit *e, JitBuiltin builtin, int window)
{
    Asm *a = &e->a;
    Declined d = { .count = 0 };
    asm_test(a, RAX, REG_NOT_CELL);
    emit_call_decline(e, &d, CC_NE);
    asm_cmp8_imm(a, RAX, offsetof(Cell, kind), KIND_NATIVE);
    emit_call_decline(e, &d, CC_NE);
    asm_mov_imm(a, RCX, (uintptr_t)e->jit->builtins[builtin].spec);
    asm_alu_load(a, ALU_CMP, RCX, RAX, offsetof(Native, spec));
    emit_call_decline(e, &d, CC_NE);
    asm_load(a, RCX, REG_FRAME, emit_slot(window + 1));
    if (builtin == BUILTIN_SQRT) emit_call_sqrt(e, &d);
    else emit_call_abs(e, &d);
    asm_mov(a, RAX, RDX);
    uint32_t done = asm_jmp(a);
    for (int i = 0; i < d.count; i++) asm_bind(a, d.jumps[i]);
    return done;
}

static int emit_call_find_builtin(const Emit *e, PropertyKey name)
{
    for (int i = 0; i < BUILTIN_COUNT; i++)
        if (e->jit->builtins[i].spec && e->jit->builtins[i].name == name) return i;
    return BUILTIN_COUNT;
}

/* ---- methods and construction ------------------------------------------------------------------------------------ */

/* The receiver in rax has its method elsewhere than in a prototype that never changed. */
static void emit_call_method_other(Emit *e, const EmitSlow *slow)
{
    Asm *a = &e->a;
    asm_mov_imm(a, RDX, (uintptr_t)emit_cache(e, 4));
    asm_call(a, emit_stub(e, STUB_LOAD));
    asm_jcc_back(a, CC_AE, slow->data);
    emit_call_step(e);
    asm_jmp_back(a, slow->data);
}

/* The method into rax: mostly a function found in a prototype. */
static void emit_call_find_method(Emit *e)
{
    Asm *a = &e->a;
    const HandlerSpace *space = e->code->realm->vm->handlers;
    EmitSlow *slow = emit_slow_custom(e, emit_call_method_other, 0);
    uint32_t number = (uint32_t)(slow - e->slows);
    emit_load_first(e, emit_r(e, 2));
    asm_test(a, RAX, REG_NOT_CELL);
    emit_slow_jcc(e, CC_NE);
    asm_load_from(a, RCX, &emit_cache(e, 4)->word);
    asm_alu32_load(a, ALU_CMP, RCX, RAX, offsetof(Cell, shape));
    emit_slow_jcc(e, CC_NE);
    asm_shift_imm(a, SHIFT_SAR, RCX, 32);
    emit_slow_jcc(e, CC_NS);
    asm_imul_imm(a, RCX, RCX, -(int32_t)sizeof(Handler));
    asm_mov_imm(a, RDX, (uintptr_t)(space->base - 1));
    asm_alu(a, ALU_ADD, RCX, RDX);
    asm_cmp16_imm(a, RCX, offsetof(Handler, kind), HANDLER_CONSTANT | 1 << 8);
    emit_slow_jcc(e, CC_NE);
    asm_load(a, RAX, RCX, offsetof(Handler, value));
    e->slows[number].data = asm_here(a);
}
STATIC_ASSERT(offsetof(Handler, is_valid) == offsetof(Handler, kind) + 1, "kind and validity are compared at once");

static void emit_call_method(Emit *e)
{
    Asm *a = &e->a;
    int window = (int16_t)e->pc[2];
    uint32_t argc = e->pc[3];
    PropertyKey name = e->code->cache_names[opcode_read_u32(e->pc + 4)];
    int builtin = argc == 1 ? emit_call_find_builtin(e, name) : BUILTIN_COUNT;
    emit_call_find_method(e);
    uint32_t done = builtin < BUILTIN_COUNT ? emit_call_builtin(e, (JitBuiltin)builtin, window) : 0;
    asm_mov_imm(a, R8, VALUE_UNDEFINED);
    uint32_t behind = emit_call_value(e, window, argc);
    if (done) asm_bind_to(a, done, behind);
}

static void emit_call_new_other(Emit *e, const EmitSlow *slow)
{
    emit_call_step(e);
    asm_jmp_back(&e->a, slow->data);
}

/* Make `this` and put it where it belongs; the callee into rax. */
static void emit_call_new_this(Emit *e)
{
    Asm *a = &e->a;
    EmitSlow *slow = emit_slow_custom(e, emit_call_new_other, 0);
    uint32_t number = (uint32_t)(slow - e->slows);
    asm_load(a, RAX, REG_FRAME, emit_r(e, 2));
    asm_mov_imm(a, RDX, (uintptr_t)emit_cache(e, 5));
    asm_call(a, emit_stub(e, STUB_NEW));
    emit_slow_jcc(e, CC_B);
    asm_load(a, RCX, REG_FRAME, emit_r(e, 2));
    asm_store(a, REG_FRAME, emit_r(e, 2), RAX);
    asm_store(a, REG_FRAME, emit_r(e, 3), RAX);
    asm_mov(a, RAX, RCX);
    e->slows[number].data = asm_here(a);
}

static void emit_call_construct_result(Emit *e)
{
    Asm *a = &e->a;
    asm_load(a, RAX, REG_FRAME, emit_r(e, 1));
    asm_test(a, RAX, REG_NOT_CELL);
    uint32_t no_cell = asm_jcc8(a, CC_NE);
    asm_cmp8_imm(a, RAX, offsetof(Cell, kind), KIND_FIRST_OBJECT);
    uint32_t done = asm_jcc8(a, CC_AE);
    asm_bind8(a, no_cell);
    asm_load(a, RAX, REG_FRAME, emit_r(e, 2));
    asm_store(a, REG_FRAME, emit_r(e, 1), RAX);
    asm_bind8(a, done);
}

void emit_call(Emit *e)
{
    Asm *a = &e->a;
    switch (*e->pc) {
    case OP_CALL:
        emit_load_first(e, emit_r(e, 2));
        asm_mov_imm(a, R8, VALUE_UNDEFINED);
        emit_call_value(e, (int16_t)e->pc[3], e->pc[4]);
        break;
    case OP_CALL_METHOD:
        emit_call_method(e);
        break;
    case OP_NEW:
        emit_call_new_this(e);
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
    case OP_CALL_SPREAD: case OP_NEW_SPREAD: case OP_CALL_EVAL_SPREAD:
        emit_call_spread(e);
        break;
    case OP_CONSTRUCT_RESULT:
        emit_call_construct_result(e);
        break;
    default:
        emit_step(e);
    }
}
