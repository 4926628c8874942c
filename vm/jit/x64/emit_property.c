/* SPDX-License-Identifier: MIT */
/* Named and indexed properties. */
#include "vm/jit/x64/emit_int.h"

void emit_property(Emit *e)
{
    emit_step(e);
}
