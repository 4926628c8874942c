/* SPDX-License-Identifier: MIT */
/* stubs_int.h - what the shared fast halves of templates are written with: each does the likely case, and sets the
 * carry flag where it takes the step to tell. */
#ifndef US_JIT_X64_STUBS_INT_H
#define US_JIT_X64_STUBS_INT_H

#include "vm/jit/x64/emit_int.h"

/* Ways to fail of the piece that is being written. */
typedef struct Fails {
    uint32_t jumps[24];
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

static inline void stubs_bind_fails(Asm *a, const Fails *fails)
{
    for (uint32_t i = 0; i < fails->count; i++) asm_bind(a, fails->jumps[i]);
}

/* Where all of them lead. */
static inline void stubs_fail(Asm *a, const Fails *fails)
{
    stubs_bind_fails(a, fails);
    asm_stc(a);
    asm_ret(a);
}

/** Those of values: numbers, strings, equality, truth. */
void stubs_values_write(Asm *a, uint32_t at[STUB_COUNT]);
/** The word of cache rdx for the shape of cell rax into rcx: the first one, one of its PolyCache or, unless `entries`
 *  is NULL, of that table. No cell that is seen has shape 0, which unused words have. Uses rdx, rdi, r8 and r9. */
void stubs_find_word(Asm *a, Fails *fails, const MegamorphicEntry *entries);
/** The valid handler that payload rcx names, into rcx; its kind into edx. `handlers`: number 0. */
void stubs_find_handler(Asm *a, Fails *fails, const Handler *handlers);
/** The place of the own slot that handler rcx names, of object rax, into rax + rdi. Uses r8. */
void stubs_own_slot(Asm *a, Fails *fails);

/** Those of arithmetic, which do the step themselves. */
void stubs_arith_write(Asm *a, uint32_t at[STUB_COUNT]);
/** Do the step of the instruction rdi bytes from the start of the bytecode, and return what it has stored, in rax. */
void stubs_step_result(Asm *a, const uint32_t at[STUB_COUNT]);
/** Those of named properties; those that do the step themselves, too. */
void stubs_properties_write(Asm *a, const HandlerSpace *space, uint32_t at[STUB_COUNT]);
void stubs_properties_write_whole(Asm *a, const HandlerSpace *space, uint32_t at[STUB_COUNT]);
/** Those of other things about objects; those that do the step themselves, too. */
void stubs_objects_write(Asm *a, const HandlerSpace *space, uint32_t at[STUB_COUNT]);
void stubs_objects_write_whole(Asm *a, uint32_t at[STUB_COUNT]);

#endif
