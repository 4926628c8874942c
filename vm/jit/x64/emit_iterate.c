/* SPDX-License-Identifier: MIT */
/* Iteration. */
#include "vm/jit/x64/emit_int.h"

void emit_iterate(Emit *e)
{
    emit_step(e);
}
