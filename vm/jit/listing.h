/* SPDX-License-Identifier: MIT */
/* listing.h - machine code as text, beside the bytecode it came from. */
#ifndef US_JIT_LISTING_H
#define US_JIT_LISTING_H

#include "vm/exec/machine.h"

/** Print `m`, made from `code`, on standard error, under `name`. `map`: where the instructions are (emit_function). */
void listing_print(const Code *code, const Machine *m, const uint32_t *map, const char *name);

#endif
