/* SPDX-License-Identifier: MIT */
/* Private names: fields, methods and accessors, found by shape and name (vm/exec/private_field.h, I1). */
#include "vm/jit/x64/emit_int.h"

/* ---- where the site's first word does not tell ------------------------------------------------------------------- */

/* By a stub, with the name in r10, or the step. */
static void emit_private_other(Emit *e, const EmitSlow *slow, Stub stub, int32_t name, const InlineCache *cache)
{
    Asm *a = &e->a;
    asm_load(a, R10, REG_FRAME, name);
    asm_mov_imm(a, RDX, (uintptr_t)cache);
    emit_slow_stub(e, slow, stub, stub == STUB_LOAD_PRIVATE);
}

static void emit_private_get_other(Emit *e, const EmitSlow *slow)
{
    emit_private_other(e, slow, STUB_LOAD_PRIVATE, emit_r(e, 3), emit_cache(e, 4));
}

static void emit_private_set_other(Emit *e, const EmitSlow *slow)
{
    asm_load(&e->a, RSI, REG_FRAME, emit_r(e, 3));
    emit_private_other(e, slow, STUB_STORE_PRIVATE, emit_r(e, 2), emit_cache(e, 4));
}

static void emit_private_define_other(Emit *e, const EmitSlow *slow)
{
    asm_load(&e->a, RSI, REG_FRAME, emit_r(e, 3));
    emit_private_other(e, slow, STUB_DEFINE_PRIVATE, emit_r(e, 2), emit_cache(e, 5));
}

static void emit_private_getter_other(Emit *e, const EmitSlow *slow)
{
    asm_load(&e->a, RAX, REG_FRAME, emit_r(e, 2));
    emit_private_get_other(e, slow);
}

static void emit_private_setter_other(Emit *e, const EmitSlow *slow)
{
    asm_load(&e->a, RAX, REG_FRAME, emit_r(e, 1));
    emit_private_set_other(e, slow);
}

/* ---- templates --------------------------------------------------------------------------------------------------- */

/* The handler of the site's first word into rcx; slow unless it is of this kind and depth, for object rax and what
 * `name` names; for a store in place also unless that is possible. */
static void emit_private_find(Emit *e, const InlineCache *cache, EmitMet met, int32_t name, bool in_place)
{
    Asm *a = &e->a;
    emit_check_shape(e, cache, STUB_FIND_PRIVATE, in_place);
    emit_check_handler(e, (HandlerKind)met.kind, met.depth);
    asm_load(a, RDX, REG_FRAME, name);
    asm_alu_load(a, ALU_CMP, RDX, RCX, offsetof(Handler, key));
    emit_slow_jcc(e, CC_NE);
}

static void emit_private_getter(Emit *e, EmitMet met)
{
    Asm *a = &e->a;
    emit_slow_custom(e, emit_private_getter_other, 0);
    emit_load_first(e, emit_r(e, 2));
    emit_private_find(e, emit_cache(e, 4), met, emit_r(e, 3), false);
    asm_store(a, REG_FRAME, emit_below(e, 1), RAX);
    emit_load_accessor(e, met, offsetof(Accessor, getter));
    emit_call_accessor(e, 0);
    emit_keep(e, KEPT_VALUE);
}

static void emit_private_get(Emit *e)
{
    Asm *a = &e->a;
    EmitMet met = emit_met(e, emit_cache(e, 4));
    if (met.kind == HANDLER_OWN_GETTER) {
        emit_private_getter(e, met);
        return;
    }
    emit_slow_custom(e, emit_private_get_other, 0);
    emit_load_first(e, emit_r(e, 2));
    emit_private_find(e, emit_cache(e, 4), (EmitMet){ HANDLER_CHUNK, 0 }, emit_r(e, 3), false);
    asm_load32(a, RCX, RCX, offsetof(Handler, offset));
    asm_load_index(a, RAX, RAX, RCX, 0, 0);
    emit_keep(e, KEPT_VALUE);
}

/* Store operand unit 3 to the object's slot, which `kind` says is there or to be added; rdx is its offset then. */
static void emit_private_store(Emit *e, const InlineCache *cache, HandlerKind kind)
{
    Asm *a = &e->a;
    asm_load(a, RAX, REG_FRAME, emit_r(e, 1));
    emit_private_find(e, cache, (EmitMet){ kind, 0 }, emit_r(e, 2), true);
    asm_load(a, RSI, REG_FRAME, emit_r(e, 3));
    asm_load32(a, RDX, RCX, offsetof(Handler, offset));
    asm_store_index(a, RAX, RDX, 0, 0, RSI);
}

static void emit_private_setter(Emit *e, EmitMet met)
{
    Asm *a = &e->a;
    emit_slow_custom(e, emit_private_setter_other, 0);
    asm_load(a, RAX, REG_FRAME, emit_r(e, 1));
    emit_private_find(e, emit_cache(e, 4), met, emit_r(e, 2), false);
    asm_load(a, RSI, REG_FRAME, emit_r(e, 3));
    asm_store(a, REG_FRAME, emit_below(e, 2), RAX);
    asm_store(a, REG_FRAME, emit_below(e, 1), RSI);
    emit_load_accessor(e, met, offsetof(Accessor, setter));
    emit_call_accessor(e, 1);
}

static void emit_private_set(Emit *e)
{
    EmitMet met = emit_met(e, emit_cache(e, 4));
    if (met.kind == HANDLER_OWN_SETTER) {
        emit_private_setter(e, met);
        return;
    }
    emit_slow_custom(e, emit_private_set_other, 0);
    emit_private_store(e, emit_cache(e, 4), HANDLER_CHUNK);
}

static void emit_private_define(Emit *e)
{
    Asm *a = &e->a;
    emit_slow_custom(e, emit_private_define_other, 0);
    emit_private_store(e, emit_cache(e, 5), HANDLER_ADD);
    asm_load32(a, RDX, RCX, offsetof(Handler, shape));
    asm_store32(a, RAX, offsetof(Cell, shape), RDX);
}

void emit_private(Emit *e)
{
    switch (*e->pc) {
    case OP_GET_PRIVATE: emit_private_get(e); break;
    case OP_SET_PRIVATE: emit_private_set(e); break;
    default:             emit_private_define(e);
    }
}

void emit_class(Emit *e)
{
    if (*e->pc == OP_DEFINE_PRIVATE) emit_private(e);
    else emit_step(e);
}
