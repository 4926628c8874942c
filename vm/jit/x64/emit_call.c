/* SPDX-License-Identifier: MIT */
/* Calls and construction. */
#include "vm/jit/x64/emit_int.h"

#include "vm/exec/cache.h"
#include "vm/object/realm.h"

/* rax is no closure. */
static void emit_call_other(Emit *e, const EmitSlow *slow)
{
    emit_call_align(&e->a, 5);
    asm_call(&e->a, emit_stub(e, STUB_CALL_OTHER));
    asm_jmp_back(&e->a, slow->data);
}

/* Call closure rax: edx, r8 and rsp are as emit_prologue wants them. */
static void emit_call_closure(Emit *e)
{
    asm_load(&e->a, RCX, RAX, offsetof(Function, code));
    emit_call_align(&e->a, offsetof(Code, entry) <= 127 ? 3 : 6);
    asm_call_load(&e->a, RCX, offsetof(Code, entry));
}

void emit_call_accessor(Emit *e, uint32_t argc)
{
    Asm *a = &e->a;
    emit_save_pc(e);
    asm_mov_imm(a, RDX, FRAME_STATE_UPPER | argc);
    asm_mov_imm(a, R8, VALUE_UNDEFINED);
    asm_lea(a, RSP, REG_FRAME, emit_below(e, 1 + argc));
    emit_call_closure(e);
    asm_mov(a, RSP, REG_C_STACK);
}

/* Call rax with new.target r8; `this` is at slot `window`. Returns the place behind the call: rax is the result. */
static uint32_t emit_call_value(Emit *e, int window, uint32_t argc)
{
    Asm *a = &e->a;
    emit_save_pc(e);
    asm_mov_imm(a, RDX, FRAME_STATE_UPPER | argc);
    asm_lea(a, RSP, REG_FRAME, emit_slot(window));
    EmitSlow *slow = emit_slow_giving(e, emit_call_other);
    uint32_t number = (uint32_t)(slow - e->slows);
    emit_check_kind(e, KIND_FUNCTION);
    emit_call_closure(e);
    e->slows[number].data = asm_here(a);
    asm_mov(a, RSP, REG_C_STACK);
    emit_keep(e, KEPT_VALUE);
    return e->slows[number].data;
}

/* Only that outcome of the step goes on here. */
static void emit_call_expect(Emit *e, StepOutcome outcome)
{
    asm_alu32_imm(&e->a, ALU_CMP, RAX, outcome);
    asm_jcc_to(&e->a, CC_NE, emit_stub(e, STUB_STEP_OUT));
}

/* A direct eval is done by its step; else it is a call. */
static void emit_call_eval(Emit *e)
{
    Asm *a = &e->a;
    emit_step_call(e);
    asm_test32(a, RAX, RAX);
    uint32_t done = asm_jcc(a, CC_E);
    emit_call_expect(e, STEP_CALL);
    asm_mov(a, RAX, RDX);
    asm_mov_imm(a, R8, VALUE_UNDEFINED);
    emit_call_value(e, (int16_t)e->pc[3], e->pc[4]);
    asm_bind(a, done);
    e->result->kind = KEPT_NOTHING;
}

/* The step calls, or lays the callee's frame. */
static void emit_call_spread(Emit *e)
{
    Asm *a = &e->a;
    emit_step_call(e);
    asm_test32(a, RAX, RAX);
    uint32_t done = asm_jcc(a, CC_E);
    emit_call_expect(e, STEP_BEGIN);
    emit_call_align(a, 5);
    asm_call(a, emit_stub(e, STUB_BEGIN));
    asm_mov(a, RSP, REG_C_STACK);
    asm_store(a, REG_FRAME, emit_r(e, 1), RAX);
    asm_bind(a, done);
}

/* ---- methods and construction ------------------------------------------------------------------------------------ */

/* The receiver in rax has its method elsewhere than in a prototype that never changed. */
static void emit_call_method_other(Emit *e, const EmitSlow *slow)
{
    Asm *a = &e->a;
    asm_mov_imm(a, RDX, (uintptr_t)emit_cache(e, 4));
    asm_call(a, emit_stub(e, STUB_LOAD));
    asm_jcc_back(a, CC_AE, slow->data);
    emit_step_callee(e);
    asm_jmp_back(a, slow->data);
}

/* The method into rax: mostly a function found in a prototype. */
static void emit_call_find_method(Emit *e)
{
    Asm *a = &e->a;
    EmitSlow *slow = emit_slow_giving(e, emit_call_method_other);
    uint32_t number = (uint32_t)(slow - e->slows);
    emit_load_first(e, emit_r(e, 2));
    emit_check_shape(e, emit_cache(e, 4), STUB_FIND_LOAD, false);
    emit_check_handler(e, HANDLER_CONSTANT, 0);
    asm_load(a, RAX, RCX, offsetof(Handler, value));
    e->slows[number].data = asm_here(a);
}

/* Call rax, which may be built-in function `builtin`. */
static void emit_call_known(Emit *e, JitBuiltin builtin, int window, uint32_t argc)
{
    uint32_t done = builtin < BUILTIN_COUNT ? emit_builtin(e, builtin, window) : 0;
    asm_mov_imm(&e->a, R8, VALUE_UNDEFINED);
    uint32_t behind = emit_call_value(e, window, argc);
    if (done) asm_bind_to(&e->a, done, behind);
}

static void emit_call_method(Emit *e)
{
    uint32_t argc = e->pc[3];
    JitBuiltin builtin = emit_builtin_find(e, e->code->cache_names[opcode_read_u32(e->pc + 4)], argc);
    emit_call_find_method(e);
    emit_call_known(e, builtin, (int16_t)e->pc[2], argc);
}

/* What the callee, operand unit 2, is expected to be by the name that it was read by. */
static JitBuiltin emit_call_expected(const Emit *e)
{
    bool is_known = e->known_slot == emit_r(e, 2);
    return is_known ? emit_builtin_find(e, e->known_name, e->pc[4]) : BUILTIN_COUNT;
}

static void emit_call_plain(Emit *e)
{
    JitBuiltin builtin = emit_call_expected(e);
    if (builtin == BUILTIN_ARRAY) builtin = BUILTIN_COUNT;
    emit_load_first(e, emit_r(e, 2));
    emit_call_known(e, builtin, (int16_t)e->pc[3], e->pc[4]);
}

static void emit_call_new_other(Emit *e, const EmitSlow *slow)
{
    emit_step_callee(e);
    asm_jmp_back(&e->a, slow->data);
}

/* Make `this` and put it where it belongs; the callee into rax. */
static void emit_call_make_this(Emit *e, Stub stub)
{
    Asm *a = &e->a;
    EmitSlow *slow = emit_slow_custom(e, emit_call_new_other, 0);
    uint32_t number = (uint32_t)(slow - e->slows);
    asm_load(a, RAX, REG_FRAME, emit_r(e, 2));
    asm_mov_imm(a, RDX, (uintptr_t)emit_cache(e, 5));
    asm_call(a, emit_stub(e, stub));
    emit_slow_jcc(e, CC_B);
    asm_load(a, RCX, REG_FRAME, emit_r(e, 2));
    asm_store(a, REG_FRAME, emit_r(e, 2), RAX);
    asm_store(a, REG_FRAME, emit_r(e, 3), RAX);
    asm_mov(a, RAX, RCX);
    e->slows[number].data = asm_here(a);
}

static void emit_call_new(Emit *e)
{
    Asm *a = &e->a;
    int window = (int16_t)e->pc[3];
    bool is_array = emit_call_expected(e) == BUILTIN_ARRAY;
    emit_call_make_this(e, STUB_NEW);
    uint32_t done = is_array ? emit_builtin(e, BUILTIN_ARRAY, window) : 0;
    asm_mov(a, R8, RAX);
    uint32_t behind = emit_call_value(e, window, e->pc[4]);
    if (done) asm_bind_to(a, done, behind);
}

/* new.target stays in rbx, since `this` takes its place. */
static void emit_call_super(Emit *e)
{
    Asm *a = &e->a;
    asm_load(a, RBX, REG_FRAME, emit_r(e, 3));
    asm_mov(a, RSI, RBX);
    emit_call_make_this(e, STUB_SUPER);
    asm_mov(a, R8, RBX);
    emit_call_value(e, (int16_t)e->pc[3], e->pc[4]);
}

/* Arguments that are too many for the slack below a stack's limit, or a parent that is no closure. */
static void emit_call_forward_other(Emit *e, const EmitSlow *slow)
{
    emit_call_spread(e);
    asm_jmp_back(&e->a, slow->back);
}

/* The place of `this` below this frame into rdx, where `count` arguments and then r9 more follow. */
static void emit_call_find_place(Emit *e, uint32_t count)
{
    Asm *a = &e->a;
    asm_mov(a, RDI, R9);
    asm_shift_imm(a, SHIFT_SHL, RDI, 3);
    asm_lea(a, RDX, REG_FRAME, emit_below(e, 1 + count));
    asm_alu(a, ALU_SUB, RDX, RDI);
}

/* r9 arguments of this frame, from number `first` on, to behind `this` at rdx and `count` arguments. */
static void emit_call_copy_own(Emit *e, uint32_t count, uint32_t first)
{
    Asm *a = &e->a;
    uint32_t loop = asm_here(a);
    asm_alu32_imm(a, ALU_SUB, R9, 1);
    uint32_t done = asm_jcc8(a, CC_S);
    asm_load_index(a, RDI, REG_FRAME, R9, 3, emit_slot(FRAME_ARGUMENTS + (int)first));
    asm_store_index(a, RDX, R9, 3, emit_slot(1 + (int)count), RDI);
    asm_jmp_back(a, loop);
    asm_bind8(a, done);
}

/* This frame's argument count, as it is in FRAME_STATE, into r10; slow if the arguments are too many. */
static void emit_call_count_arguments(Emit *e)
{
    asm_load32(&e->a, R10, REG_FRAME, emit_slot(FRAME_STATE) + 4);
    asm_alu32_imm(&e->a, ALU_CMP, R10, (int32_t)(FRAME_STATE_UPPER | JIT_MOST_KEPT));
    emit_slow_jcc(e, CC_A);
}

/* Call closure rcx with new.target r8 and what was laid at rdx, as many arguments as r10 counts. */
static void emit_call_laid(Emit *e)
{
    Asm *a = &e->a;
    emit_save_pc(e);
    asm_mov(a, RSP, RDX);
    asm_mov(a, RAX, RCX);
    asm_mov32(a, RDX, R10);
    emit_call_closure(e);
    asm_mov(a, RSP, REG_C_STACK);
    emit_keep(e, KEPT_VALUE);
}

/* Call closure rcx with `this` rax, new.target r8 and this frame's arguments, counted by r10. */
static void emit_call_with_own_arguments(Emit *e)
{
    Asm *a = &e->a;
    asm_mov32(a, R9, R10);
    asm_alu32_imm(a, ALU_AND, R9, FRAME_MAX_ARGUMENTS);
    emit_call_find_place(e, 0);
    asm_store(a, RDX, 0, RAX);
    emit_call_copy_own(e, 0, 0);
    emit_call_laid(e);
}

/* `this` and `count` arguments of the instruction's window to rdx. */
static void emit_call_copy_window(Emit *e, uint32_t count)
{
    for (uint32_t i = 0; i <= count; i++) {
        asm_load(&e->a, RDI, REG_FRAME, emit_r(e, 3) + emit_slot((int)i));
        asm_store(&e->a, RDX, emit_slot((int)i), RDI);
    }
}

/* A closure with a few arguments, while arrays iterate as they did at first; anything else is done by the step. */
static void emit_call_rest_forward(Emit *e)
{
    Asm *a = &e->a;
    uint32_t count = e->pc[4], first = e->pc[6];
    if (count > JIT_MOST_KEPT) {
        emit_call_spread(e);
        return;
    }
    emit_slow_custom(e, emit_call_forward_other, 0);
    asm_load(a, RCX, REG_G, offsetof(Goroutine, vm));
    asm_cmp8_imm(a, RCX, offsetof(Vm, array_iteration_pristine), 0);
    emit_slow_jcc(e, CC_E);
    emit_load_first(e, emit_r(e, 2));
    emit_check_kind(e, KIND_FUNCTION);
    emit_count_arguments(a, R9);
    asm_alu32_imm(a, ALU_SUB, R9, (int32_t)first);
    uint32_t some = asm_jcc8(a, CC_AE);
    asm_alu32(a, ALU_XOR, R9, R9);
    asm_bind8(a, some);
    asm_alu32_imm(a, ALU_CMP, R9, (int32_t)(JIT_MOST_KEPT - count));
    emit_slow_jcc(e, CC_A);
    asm_lea(a, R10, R9, (int32_t)count);
    asm_alu32_imm(a, ALU_OR, R10, (int32_t)FRAME_STATE_UPPER);
    asm_mov(a, RCX, RAX);
    emit_call_find_place(e, count);
    emit_call_copy_window(e, count);
    emit_call_copy_own(e, count, first);
    asm_mov_imm(a, R8, VALUE_UNDEFINED);
    emit_call_laid(e);
}

/* new.target stays in rbx. */
static void emit_call_forward(Emit *e)
{
    Asm *a = &e->a;
    emit_slow_custom(e, emit_call_forward_other, 0);
    emit_call_count_arguments(e);
    asm_load(a, RBX, REG_FRAME, emit_slot(FRAME_NEW_TARGET));
    asm_mov(a, RSI, RBX);
    asm_load(a, RAX, REG_FRAME, emit_r(e, 2));
    asm_mov_imm(a, RDX, (uintptr_t)emit_cache(e, 3));
    asm_call(a, emit_stub(e, STUB_SUPER));
    emit_slow_jcc(e, CC_B);
    asm_load(a, RCX, REG_FRAME, emit_r(e, 2));
    asm_cmp8_imm(a, RCX, offsetof(Cell, kind), KIND_FUNCTION);
    emit_slow_jcc(e, CC_NE);
    asm_store(a, REG_FRAME, emit_r(e, 2), RAX);
    asm_mov(a, R8, RBX);
    emit_call_with_own_arguments(e);
}

/* A closure's apply with this frame's arguments; anything else is done by the step. */
static void emit_call_apply_forward(Emit *e)
{
    Asm *a = &e->a;
    emit_slow_custom(e, emit_call_forward_other, 0);
    asm_mov_imm(a, RCX, realm_intrinsic(e->code->realm, INTRINSIC_FunctionPrototype_apply));
    asm_alu_load(a, ALU_CMP, RCX, REG_FRAME, emit_r(e, 2));
    emit_slow_jcc(e, CC_NE);
    emit_load_first(e, emit_r(e, 3));
    emit_check_kind(e, KIND_FUNCTION);
    emit_call_count_arguments(e);
    asm_mov(a, RCX, RAX);
    asm_load(a, RAX, REG_FRAME, emit_r(e, 4));
    asm_mov_imm(a, R8, VALUE_UNDEFINED);
    emit_call_with_own_arguments(e);
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

/* ---- what functions begin and end with --------------------------------------------------------------------------- */

/* `this` of sloppy code: an object as it is. */
static void emit_call_coerce_this(Emit *e)
{
    Asm *a = &e->a;
    asm_load(a, RAX, REG_FRAME, emit_slot(FRAME_THIS));
    asm_test(a, RAX, REG_NOT_CELL);
    emit_slow_jcc(e, CC_NE);
    asm_cmp8_imm(a, RAX, offsetof(Cell, kind), KIND_FIRST_OBJECT);
    emit_slow_jcc(e, CC_B);
    emit_keep(e, KEPT_VALUE);
}

static void emit_call_check_class(Emit *e)
{
    asm_alu_store_imm(&e->a, ALU_CMP, REG_FRAME, emit_slot(FRAME_NEW_TARGET), VALUE_UNDEFINED);
    emit_slow_jcc(e, CC_E);
}

enum { NO_CONSTRUCTOR = UNIT_IS_ARROW | UNIT_IS_METHOD | UNIT_IS_GENERATOR | UNIT_IS_ASYNC | UNIT_IS_LIBRARY };

static void emit_call_check_constructor(Emit *e)
{
    Asm *a = &e->a;
    emit_load_first(e, emit_r(e, 1));
    emit_check_kind(e, KIND_FUNCTION);
    asm_load(a, RCX, RAX, offsetof(Function, code));
    asm_load32(a, RCX, RCX, offsetof(Code, flags));
    asm_alu32_imm(a, ALU_AND, RCX, NO_CONSTRUCTOR);
    emit_slow_jcc(e, CC_NE);
}

/* A constructor that returns nothing returns `this`. */
static void emit_call_return_derived(Emit *e)
{
    Asm *a = &e->a;
    asm_alu_store_imm(a, ALU_CMP, REG_FRAME, emit_r(e, 1), VALUE_UNDEFINED);
    emit_slow_jcc(e, CC_NE);
    asm_load(a, RAX, REG_FRAME, emit_r(e, 2));
    asm_alu_imm(a, ALU_CMP, RAX, VALUE_HOLE);
    emit_slow_jcc(e, CC_E);
    emit_return(e);
}

void emit_call(Emit *e)
{
    switch (*e->pc) {
    case OP_CALL:
        emit_call_plain(e);
        break;
    case OP_CALL_METHOD:
        emit_call_method(e);
        break;
    case OP_NEW:
        emit_call_new(e);
        break;
    case OP_SUPER_CONSTRUCT:
        emit_call_super(e);
        break;
    case OP_SUPER_FORWARD:
        emit_call_forward(e);
        break;
    case OP_CALL_FORWARD:
        emit_call_rest_forward(e);
        break;
    case OP_APPLY_FORWARD:
        emit_call_apply_forward(e);
        break;
    case OP_CALL_EVAL:
        emit_call_eval(e);
        break;
    case OP_CALL_SPREAD: case OP_NEW_SPREAD: case OP_CALL_EVAL_SPREAD:
        emit_call_spread(e);
        break;
    case OP_CONSTRUCT_RESULT: emit_call_construct_result(e); break;
    case OP_COERCE_THIS:      emit_call_coerce_this(e); break;
    case OP_CHECK_CLASS_CALL: emit_call_check_class(e); break;
    case OP_CHECK_CONSTRUCTOR: emit_call_check_constructor(e); break;
    case OP_RETURN_DERIVED:   emit_call_return_derived(e); break;
    default:
        emit_step(e);
    }
}
