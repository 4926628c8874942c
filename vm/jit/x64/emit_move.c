/* SPDX-License-Identifier: MIT */
/* Moves and constants. */
#include "vm/jit/x64/emit_int.h"

static void emit_move_value(Emit *e, Value v)
{
    emit_pass_kept(e, v);
    emit_store_value(&e->a, emit_r(e, 1), v);
}

void emit_move(Emit *e)
{
    switch (*e->pc) {
    case OP_MOVE:
        if (emit_pass_copy(e)) break;
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
