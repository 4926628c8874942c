/* SPDX-License-Identifier: MIT */
/* Equality, ordering, instanceof, in; and the jumps that compare. */
#include "vm/jit/x64/emit_int.h"

void emit_compare(Emit *e)
{
    emit_step(e);
}
