/* SPDX-License-Identifier: MIT */
/* Boxes, captures, dead zones, globals. */
#include "vm/jit/x64/emit_int.h"

#include "vm/object/function.h"

/* The capture that operand unit `i` counts. */
static void emit_scope_capture(Emit *e, AsmReg to, int i)
{
    asm_load(&e->a, to, REG_FRAME, emit_slot(FRAME_CALLEE));
    asm_load(&e->a, to, to, (int32_t)offsetof(Function, captures) + emit_slot(e->pc[i]));
}

/* The box of operand unit `i`, a frame slot or a capture, into rcx. */
static void emit_scope_box(Emit *e, int i, bool is_capture)
{
    if (is_capture) emit_scope_capture(e, RCX, i);
    else asm_load(&e->a, RCX, REG_FRAME, emit_r(e, i));
}

static void emit_scope_get(Emit *e, bool is_capture, bool is_checked)
{
    Asm *a = &e->a;
    emit_scope_box(e, 2, is_capture);
    asm_load(a, RAX, RCX, offsetof(Box, value));
    if (is_checked) {
        asm_alu_imm(a, ALU_CMP, RAX, VALUE_HOLE);
        emit_slow_jcc(e, CC_E);
    }
    emit_keep(e, KEPT_VALUE);
}

static void emit_scope_set(Emit *e, bool is_capture, bool is_checked)
{
    Asm *a = &e->a;
    emit_scope_box(e, 1, is_capture);
    asm_test8_imm(a, RCX, offsetof(Cell, flags), CELL_SHARED | CELL_OLD_CLEAN);
    emit_slow_jcc(e, CC_NE);
    if (is_checked) {
        asm_alu_store_imm(a, ALU_CMP, RCX, offsetof(Box, value), VALUE_HOLE);
        emit_slow_jcc(e, CC_E);
    }
    asm_load(a, RAX, REG_FRAME, emit_r(e, 2));
    asm_store(a, RCX, offsetof(Box, value), RAX);
}

static void emit_scope_new(Emit *e)
{
    Asm *a = &e->a;
    emit_room(e, sizeof(Box));
    emit_header(e, 0, CELL_HEADER(0, KIND_BOX, 0));
    asm_load(a, RCX, REG_FRAME, emit_r(e, 2));
    asm_store(a, RAX, offsetof(Box, value), RCX);
    emit_keep(e, KEPT_VALUE);
}
STATIC_ASSERT(sizeof(Box) == CELL_GRANULE_BYTES, "a box is one granule");

/* Slow when operand 1 is, or is not, the hole. */
static void emit_scope_check(Emit *e, AsmCondition cc)
{
    asm_alu_store_imm(&e->a, ALU_CMP, REG_FRAME, emit_r(e, 1), VALUE_HOLE);
    emit_slow_jcc(e, cc);
}

static void emit_scope_global(Emit *e)
{
    Asm *a = &e->a;
    emit_builtin_note(e, e->code->cache_names[opcode_read_u32(e->pc + 2)]);
    asm_load_from(a, RCX, &emit_cache(e, 2)->word);
    asm_test(a, RCX, RCX);
    emit_slow_jcc(e, CC_E);
    asm_load(a, RAX, RCX, 0);
    asm_alu_imm(a, ALU_CMP, RAX, VALUE_HOLE);
    emit_slow_jcc(e, CC_E);
    emit_keep(e, KEPT_VALUE);
}

void emit_scope(Emit *e)
{
    switch (*e->pc) {
    case OP_NEW_BOX:                 emit_scope_new(e); break;
    case OP_BOX_GET:                 emit_scope_get(e, false, false); break;
    case OP_BOX_GET_CHECKED:         emit_scope_get(e, false, true); break;
    case OP_BOX_SET:                 emit_scope_set(e, false, false); break;
    case OP_BOX_SET_CHECKED:         emit_scope_set(e, false, true); break;
    case OP_CAPTURE_BOX_GET:         emit_scope_get(e, true, false); break;
    case OP_CAPTURE_BOX_GET_CHECKED: emit_scope_get(e, true, true); break;
    case OP_CAPTURE_BOX_SET:         emit_scope_set(e, true, false); break;
    case OP_CAPTURE_BOX_SET_CHECKED: emit_scope_set(e, true, true); break;
    case OP_CAPTURE_GET:
        emit_scope_capture(e, RAX, 2);
        emit_keep(e, KEPT_VALUE);
        break;
    case OP_CHECK_HOLE: case OP_CHECK_THIS:
        emit_scope_check(e, CC_E);
        break;
    case OP_CHECK_THIS_UNSET:
        emit_scope_check(e, CC_NE);
        break;
    case OP_GLOBAL_GET:
        emit_scope_global(e);
        break;
    default:
        emit_step(e);
    }
}
