/* SPDX-License-Identifier: MIT */
/* Boxes, captures, dead zones, globals. */
#include "vm/jit/x64/emit_int.h"

void emit_scope(Emit *e)
{
    emit_step(e);
}
