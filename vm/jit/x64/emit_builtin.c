/* SPDX-License-Identifier: MIT */
/* Calls of built-in functions that are done in place: by their names they are expected, by what is called at run time
 * they are known. The callee stays in rax until it is done; whatever is not usual is called after all. */
#include "vm/jit/x64/emit_int.h"

#include "vm/object/array.h"
#include "vm/value/string.h"

enum { EMIT_BUILTIN_JUMPS = 10 };

/* A call that is being done: where its arguments are, and the jumps of when it is to be called after all. */
typedef struct Builtin {
    int32_t  self;                       // byte distance from rbp; arguments follow
    uint32_t jumps[EMIT_BUILTIN_JUMPS];
    int      count;
} Builtin;

static void builtin_decline(Emit *e, Builtin *b, AsmCondition cc)
{
    CHECK(b->count < EMIT_BUILTIN_JUMPS, "few ways to decline");
    b->jumps[b->count++] = asm_jcc(&e->a, cc);
}

static void builtin_load(Emit *e, const Builtin *b, AsmReg to, int argument)
{
    asm_load(&e->a, to, REG_FRAME, b->self + emit_slot(argument));
}

/* Decline unless the value in `r` is a double; it is then in `x`. */
static void builtin_unbox(Emit *e, Builtin *b, AsmXmm x, AsmReg r)
{
    asm_alu(&e->a, ALU_ADD, r, REG_INT_TAG);
    builtin_decline(e, b, CC_AE);
    asm_movq_to_xmm(&e->a, x, r);
}

/* NaN is for the function. */
static void builtin_sqrt(Emit *e, Builtin *b)
{
    Asm *a = &e->a;
    builtin_load(e, b, RCX, 1);
    asm_alu(a, ALU_CMP, RCX, REG_INT_TAG);
    builtin_decline(e, b, CC_AE);
    builtin_unbox(e, b, XMM0, RCX);
    asm_double(a, DOUBLE_SQRT, XMM0, XMM0);
    asm_ucomisd(a, XMM0, XMM0);
    builtin_decline(e, b, CC_P);
    emit_box(a, RDX, XMM0);
}

static void builtin_abs(Emit *e, Builtin *b)
{
    Asm *a = &e->a;
    builtin_load(e, b, RCX, 1);
    asm_alu(a, ALU_CMP, RCX, REG_INT_TAG);
    uint32_t is_double = asm_jcc8(a, CC_B);
    asm_mov32(a, RDX, RCX);
    asm_shift32_imm(a, SHIFT_SAR, RDX, 31);
    asm_alu32(a, ALU_XOR, RCX, RDX);
    asm_alu32(a, ALU_SUB, RCX, RDX);
    builtin_decline(e, b, CC_S);
    asm_mov32(a, RDX, RCX);
    asm_alu(a, ALU_OR, RDX, REG_INT_TAG);
    uint32_t done = asm_jmp8(a);
    asm_bind8(a, is_double);
    asm_mov(a, RDX, RCX);
    asm_alu(a, ALU_ADD, RDX, REG_INT_TAG);
    builtin_decline(e, b, CC_AE);
    asm_shift_imm(a, SHIFT_SHL, RDX, 1);
    asm_shift_imm(a, SHIFT_SHR, RDX, 1);
    asm_alu(a, ALU_SUB, RDX, REG_INT_TAG);
    asm_bind8(a, done);
}

/* Of a double: truncated, less one where that made it larger. Those out of range of an int32 are for the function, and
 * those that become 0, of which one is -0. */
static void builtin_floor(Emit *e, Builtin *b)
{
    Asm *a = &e->a;
    builtin_load(e, b, RDX, 1);
    asm_alu(a, ALU_CMP, RDX, REG_INT_TAG);
    uint32_t is_int = asm_jcc(a, CC_AE);
    builtin_unbox(e, b, XMM0, RDX);
    asm_cvt_double(a, RCX, XMM0);
    asm_cvt_int32(a, XMM1, RCX);
    asm_alu32(a, ALU_XOR, RDX, RDX);
    asm_ucomisd(a, XMM1, XMM0);
    builtin_decline(e, b, CC_P);
    asm_setcc(a, CC_A, RDX);
    asm_alu32_imm(a, ALU_CMP, RCX, INT32_MIN);
    builtin_decline(e, b, CC_E);
    asm_alu32(a, ALU_SUB, RCX, RDX);
    asm_mov32(a, RDX, RCX);
    asm_test32(a, RDX, RDX);
    builtin_decline(e, b, CC_E);
    asm_alu(a, ALU_OR, RDX, REG_INT_TAG);
    asm_bind(a, is_int);
}

/* Of two int32, or of two doubles that differ. */
static void builtin_extreme(Emit *e, Builtin *b, bool is_max)
{
    Asm *a = &e->a;
    builtin_load(e, b, RDX, 1);
    builtin_load(e, b, RCX, 2);
    asm_alu(a, ALU_CMP, RDX, REG_INT_TAG);
    uint32_t is_double = asm_jcc8(a, CC_B);
    asm_alu(a, ALU_CMP, RCX, REG_INT_TAG);
    builtin_decline(e, b, CC_B);
    asm_alu32(a, ALU_CMP, RDX, RCX);
    asm_cmov(a, is_max ? CC_L : CC_G, RDX, RCX);
    uint32_t done = asm_jmp(a);
    asm_bind8(a, is_double);
    asm_alu(a, ALU_CMP, RCX, REG_INT_TAG);
    builtin_decline(e, b, CC_AE);
    builtin_unbox(e, b, XMM0, RDX);
    builtin_unbox(e, b, XMM1, RCX);
    asm_ucomisd(a, XMM0, XMM1);
    builtin_decline(e, b, CC_E);                         // or unordered
    asm_cmov(a, is_max ? CC_B : CC_A, RDX, RCX);
    asm_alu(a, ALU_SUB, RDX, REG_INT_TAG);
    asm_bind(a, done);
}

/* A flat string, and an index within. */
static void builtin_char_code_at(Emit *e, Builtin *b)
{
    Asm *a = &e->a;
    builtin_load(e, b, RSI, 0);
    asm_test(a, RSI, REG_NOT_CELL);
    builtin_decline(e, b, CC_NE);
    asm_cmp8_imm(a, RSI, offsetof(Cell, kind), KIND_STRING);
    builtin_decline(e, b, CC_NE);
    builtin_load(e, b, RCX, 1);
    asm_alu(a, ALU_CMP, RCX, REG_INT_TAG);
    builtin_decline(e, b, CC_B);
    asm_mov32(a, RCX, RCX);
    asm_alu32_load(a, ALU_CMP, RCX, RSI, offsetof(String, length));
    builtin_decline(e, b, CC_AE);
    emit_load_unit(a, RDX, RSI, RCX);
    asm_alu(a, ALU_OR, RDX, REG_INT_TAG);
}

/* Of one value to a private plain array that has room for it. */
static void builtin_push(Emit *e, Builtin *b)
{
    Asm *a = &e->a;
    builtin_load(e, b, RSI, 0);
    asm_test(a, RSI, REG_NOT_CELL);
    builtin_decline(e, b, CC_NE);
    asm_cmp16_imm(a, RSI, offsetof(Cell, kind), KIND_ARRAY);         // and no flag
    builtin_decline(e, b, CC_NE);
    asm_load32(a, RDX, RSI, offsetof(Array, length));
    asm_alu32_load(a, ALU_CMP, RDX, RSI, offsetof(Array, capacity));
    builtin_decline(e, b, CC_AE);
    asm_load(a, RCX, REG_G, offsetof(Goroutine, vm));
    asm_cmp8_imm(a, RCX, offsetof(Vm, no_indexed_prototypes), 0);
    builtin_decline(e, b, CC_E);
    builtin_load(e, b, RDI, 1);
    asm_load(a, RCX, RSI, offsetof(Array, base));
    asm_store_index(a, RCX, RDX, 3, 0, RDI);
    asm_alu32_imm(a, ALU_ADD, RDX, 1);
    asm_store32(a, RSI, offsetof(Array, length), RDX);
    asm_alu(a, ALU_OR, RDX, REG_INT_TAG);
}

/* Call a C function that has its arguments behind the Goroutine, and may decline; the callee waits in rbx. */
static void builtin_call(Emit *e, Builtin *b, uintptr_t function)
{
    Asm *a = &e->a;
    emit_save_pc(e);
    asm_mov(a, RBX, RAX);
    asm_mov(a, RDI, REG_G);
    asm_call(a, (const void *)function);
    asm_mov(a, RDX, RAX);
    asm_mov(a, RAX, RBX);
    asm_test(a, RDX, RDX);
    builtin_decline(e, b, CC_E);
}

static void builtin_load_int(Emit *e, Builtin *b, AsmReg to, int argument)
{
    builtin_load(e, b, to, argument);
    asm_alu(&e->a, ALU_CMP, to, REG_INT_TAG);
    builtin_decline(e, b, CC_B);
}

static void builtin_load_string(Emit *e, Builtin *b)
{
    builtin_load(e, b, RSI, 0);
    asm_test(&e->a, RSI, REG_NOT_CELL);
    builtin_decline(e, b, CC_NE);
    asm_cmp8_imm(&e->a, RSI, offsetof(Cell, kind), KIND_FIRST_NOT_STRING);
    builtin_decline(e, b, CC_AE);
}

static void builtin_substring(Emit *e, Builtin *b)
{
    builtin_load_string(e, b);
    builtin_load_int(e, b, RDX, 1);
    builtin_load_int(e, b, RCX, 2);
    builtin_call(e, b, (uintptr_t)jit_substring);
}

static void builtin_char_at(Emit *e, Builtin *b)
{
    builtin_load_string(e, b);
    builtin_load_int(e, b, RDX, 1);
    builtin_call(e, b, (uintptr_t)jit_char_at);
}

/* `new Array(n)`. */
static void builtin_array(Emit *e, Builtin *b)
{
    builtin_load_int(e, b, RDX, 1);
    asm_mov(&e->a, RSI, RAX);
    builtin_call(e, b, (uintptr_t)jit_new_array);
}

static void builtin_body(Emit *e, Builtin *b, JitBuiltin builtin)
{
    switch (builtin) {
    case BUILTIN_SQRT:         builtin_sqrt(e, b); break;
    case BUILTIN_ABS:          builtin_abs(e, b); break;
    case BUILTIN_FLOOR:        builtin_floor(e, b); break;
    case BUILTIN_MAX:          builtin_extreme(e, b, true); break;
    case BUILTIN_MIN:          builtin_extreme(e, b, false); break;
    case BUILTIN_CHAR_CODE_AT: builtin_char_code_at(e, b); break;
    case BUILTIN_PUSH:         builtin_push(e, b); break;
    case BUILTIN_SUBSTRING:    builtin_substring(e, b); break;
    case BUILTIN_CHAR_AT:      builtin_char_at(e, b); break;
    case BUILTIN_ARRAY:        builtin_array(e, b); break;
    case BUILTIN_COUNT:        break;
    }
}

JitBuiltin emit_builtin_find(const Emit *e, PropertyKey name, uint32_t argc)
{
    if (!jit_may_be_builtin(e->jit, name)) return BUILTIN_COUNT;
    for (int i = 0; i < BUILTIN_COUNT; i++) {
        const JitKnown *known = &e->jit->builtins[i];
        if (known->spec && known->name == name && known->argument_count == argc) return (JitBuiltin)i;
    }
    return BUILTIN_COUNT;
}

void emit_builtin_note(Emit *e, PropertyKey name)
{
    if (!jit_may_be_builtin(e->jit, name)) return;
    for (int i = 0; i < BUILTIN_COUNT; i++) {
        if (e->jit->builtins[i].name != name) continue;
        e->known_slot = emit_r(e, 1);
        e->known_name = name;
    }
}

uint32_t emit_builtin(Emit *e, JitBuiltin builtin, int window)
{
    Asm *a = &e->a;
    Builtin b = { .self = emit_slot(window) };
    asm_test(a, RAX, REG_NOT_CELL);
    builtin_decline(e, &b, CC_NE);
    asm_cmp8_imm(a, RAX, offsetof(Cell, kind), KIND_NATIVE);
    builtin_decline(e, &b, CC_NE);
    asm_mov_imm(a, RCX, (uintptr_t)e->jit->builtins[builtin].spec);
    asm_alu_load(a, ALU_CMP, RCX, RAX, offsetof(Native, spec));
    builtin_decline(e, &b, CC_NE);
    builtin_body(e, &b, builtin);
    asm_mov(a, RAX, RDX);
    uint32_t done = asm_jmp(a);
    for (int i = 0; i < b.count; i++) asm_bind(a, b.jumps[i]);
    return done;
}
