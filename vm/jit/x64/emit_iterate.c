/* SPDX-License-Identifier: MIT */
/* Iteration. */
#include "vm/jit/x64/emit_int.h"

#include "vm/object/array.h"

/* The next element of an array that is iterated by a cursor; its end and all else in the step. */
static void emit_iterate_next(Emit *e)
{
    Asm *a = &e->a;
    int32_t iterator = emit_r(e, 2), cursor = iterator - (int32_t)sizeof(Value);
    asm_load(a, RCX, REG_FRAME, cursor);
    asm_alu(a, ALU_CMP, RCX, REG_INT_TAG);
    emit_slow_jcc(e, CC_B);
    asm_load(a, RAX, REG_FRAME, iterator);
    asm_mov32(a, RDX, RCX);
    asm_alu32_load(a, ALU_CMP, RDX, RAX, offsetof(Array, length));
    emit_slow_jcc(e, CC_AE);
    asm_alu32_load(a, ALU_CMP, RDX, RAX, offsetof(Array, capacity));
    emit_slow_jcc(e, CC_AE);
    asm_load(a, RAX, RAX, offsetof(Array, base));
    asm_load_index(a, RAX, RAX, RDX, 3, 0);
    asm_alu_imm(a, ALU_CMP, RAX, VALUE_HOLE);
    emit_slow_jcc(e, CC_E);
    asm_alu_imm(a, ALU_ADD, RCX, 1);
    asm_store(a, REG_FRAME, cursor, RCX);
    emit_keep(e, KEPT_VALUE);
}

void emit_iterate(Emit *e)
{
    if (*e->pc == OP_ITERATOR_NEXT) {
        emit_note_outside(e, e->pc);
        emit_iterate_next(e);
    } else {
        emit_step(e);
    }
}
