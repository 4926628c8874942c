/* SPDX-License-Identifier: MIT */
/* Literals and definitions. */
#include "vm/jit/x64/emit_int.h"

void emit_literal(Emit *e)
{
    emit_step(e);
}
