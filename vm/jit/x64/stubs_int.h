/* SPDX-License-Identifier: MIT */
/* stubs_int.h - what the shared fast halves of templates are written with: each does the likely case, and sets the
 * carry flag where it takes the step to tell. */
#ifndef US_JIT_X64_STUBS_INT_H
#define US_JIT_X64_STUBS_INT_H

#include "vm/jit/x64/emit_int.h"

/* Ways to fail of the piece that is being written. */
typedef struct Fails {
    uint32_t jumps[16];
    uint32_t count;
} Fails;

static inline void stubs_succeed(Asm *a)
{
    asm_clc(a);
    asm_ret(a);
}

static inline void stubs_fail_if(Asm *a, Fails *fails, AsmCondition cc)
{
    CHECK(fails->count < COUNT_OF(fails->jumps), "few ways to fail");
    fails->jumps[fails->count++] = asm_jcc(a, cc);
}

/* Where all of them lead. */
static inline void stubs_fail(Asm *a, const Fails *fails)
{
    for (uint32_t i = 0; i < fails->count; i++) asm_bind(a, fails->jumps[i]);
    asm_stc(a);
    asm_ret(a);
}

/** Those of values: numbers, strings, equality, truth. */
void stubs_values_write(Asm *a, uint32_t at[STUB_COUNT]);
/** Those of properties and objects. */
void stubs_objects_write(Asm *a, const HandlerSpace *space, uint32_t at[STUB_COUNT]);

#endif
