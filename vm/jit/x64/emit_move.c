/* SPDX-License-Identifier: MIT */
/* Moves and constants. */
#include "vm/jit/x64/emit_int.h"

/* A value known now into the destination. */
static void emit_move_value(Emit *e, Value v)
{
    Asm *a = &e->a;
    int32_t slot = emit_r(e, 1);
    e->result = (Kept){ .has_constant = true, .constant_slot = slot, .constant = v };
    if ((int64_t)v == (int32_t)v) {
        asm_store_imm(a, REG_FRAME, slot, (int32_t)v);
    } else if (v == VALUE_ZERO) {
        asm_store(a, REG_FRAME, slot, REG_INT_TAG);
    } else {
        asm_mov_imm(a, RAX, v);
        asm_store(a, REG_FRAME, slot, RAX);
    }
}

void emit_move(Emit *e)
{
    switch (*e->pc) {
    case OP_MOVE:
        emit_load_first(e, emit_r(e, 2));
        emit_keep(e, KEPT_VALUE);
        break;
    case OP_LOAD_SMALL:
        emit_move_value(e, (Value)emit_imm(e, 2));
        break;
    case OP_LOAD_INT:
        emit_move_value(e, value_from_int(opcode_read_i32(e->pc + 2)));
        break;
    case OP_LOAD_CONSTANT:
        emit_move_value(e, e->code->constants[opcode_read_u32(e->pc + 2)]);
        break;
    default:
        emit_step(e);
    }
}
