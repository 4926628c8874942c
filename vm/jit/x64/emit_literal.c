/* SPDX-License-Identifier: MIT */
/* Literals and definitions. */
#include "vm/jit/x64/emit_int.h"

void emit_literal(Emit *e)
{
    if (*e->pc == OP_INIT_PROP) emit_property_init(e);
    else emit_step(e);
}
