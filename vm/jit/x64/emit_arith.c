/* SPDX-License-Identifier: MIT */
/* Arithmetic and bit operations. */
#include "vm/jit/x64/emit_int.h"

void emit_arith(Emit *e)
{
    emit_step(e);
}
