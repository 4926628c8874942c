/* SPDX-License-Identifier: MIT */
/* disasm.h - bytecode as text, for --dump-bytecode and golden files. */
#ifndef US_BYTECODE_DISASM_H
#define US_BYTECODE_DISASM_H

#include "vm/base/buf.h"
#include "vm/bytecode/unit.h"

/** Append the instruction at unit `at` of `f`; its length in units. */
uint32_t disasm_instruction(Buf *out, const Unit *unit, const UnitFunction *f, uint32_t at);

/** Append a function: its head, its instructions with operands named, its handlers. */
void disasm_function(Buf *out, const Unit *unit, uint32_t index);

/** Append all functions of a unit. */
void disasm_unit(Buf *out, const Unit *unit);

#endif
