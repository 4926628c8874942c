/* SPDX-License-Identifier: MIT */
/* Named properties through caches that know several shapes, and through handlers, with calls of getters and setters. */
#include "vm/jit/x64/stubs_int.h"

#include "vm/exec/cache.h"
#include "vm/object/object.h"

/* ---- what a site knows ------------------------------------------------------------------------------------------- */

enum { THIRD = -0x55555555 };            // multiplies a multiple of 3, modulo 2^32, to a third of it

/* The word for shape edi and the name of cache rdx in a table of megamorphic sites into rcx. */
static void stubs_find_megamorphic(Asm *a, Fails *fails, const MegamorphicEntry *entries)
{
    asm_load(a, R8, REG_FRAME, emit_slot(FRAME_CODE));
    asm_alu_load(a, ALU_SUB, RDX, R8, offsetof(Code, feedback));
    asm_imul32_imm(a, RDX, RDX, THIRD);
    asm_alu_load(a, ALU_ADD, RDX, R8, offsetof(Code, cache_names));
    asm_load(a, R9, RDX, 0);
    asm_mov(a, RDX, R9);
    asm_shift_imm(a, SHIFT_SHR, RDX, 4);
    asm_imul32_imm(a, R8, RDI, 31);
    asm_alu32(a, ALU_XOR, R8, RDX);
    asm_alu32_imm(a, ALU_AND, R8, MEGAMORPHIC_ENTRIES - 1);
    asm_shift_imm(a, SHIFT_SHL, R8, 4);
    asm_mov_imm(a, RDX, (uintptr_t)entries);
    asm_alu(a, ALU_ADD, RDX, R8);
    asm_load(a, RCX, RDX, offsetof(MegamorphicEntry, word));
    asm_alu32(a, ALU_CMP, RCX, RDI);
    stubs_fail_if(a, fails, CC_NE);
    asm_alu_load(a, ALU_CMP, R9, RDX, offsetof(MegamorphicEntry, key));
    stubs_fail_if(a, fails, CC_NE);
    asm_alu_load(a, ALU_CMP, RCX, RDX, offsetof(MegamorphicEntry, word));
    stubs_fail_if(a, fails, CC_NE);
}
STATIC_ASSERT(sizeof(InlineCache) == 3 * sizeof(Value), "a name is found by a division by 3");
STATIC_ASSERT(sizeof(MegamorphicEntry) == 16 && !(MEGAMORPHIC_ENTRIES & (MEGAMORPHIC_ENTRIES - 1)),
              "places are found by shifts");

/* The word for shape edi of cache rdx, but for its first, into rcx; the flags are those of equality then. */
static void stubs_find_other_word(Asm *a, Fails *fails, const MegamorphicEntry *entries)
{
    uint32_t hits[POLY_WORDS], is_megamorphic = 0;
    asm_load(a, R8, RDX, offsetof(InlineCache, more));
    asm_alu_imm(a, ALU_CMP, R8, (int32_t)(intptr_t)CACHE_MEGAMORPHIC);
    stubs_fail_if(a, fails, entries ? CC_B : CC_BE);
    if (entries) is_megamorphic = asm_jcc(a, CC_E);
    for (int i = 0; i < POLY_WORDS; i++) {
        asm_load(a, RCX, R8, (int32_t)offsetof(PolyCache, words) + emit_slot(i));
        asm_alu32(a, ALU_CMP, RCX, RDI);
        if (i < POLY_WORDS - 1) hits[i] = asm_jcc(a, CC_E);
    }
    stubs_fail_if(a, fails, CC_NE);
    uint32_t found = entries ? asm_jmp(a) : 0;
    if (entries) {
        asm_bind(a, is_megamorphic);
        stubs_find_megamorphic(a, fails, entries);
        asm_bind(a, found);
    }
    for (int i = 0; i < POLY_WORDS - 1; i++) asm_bind(a, hits[i]);
}

void stubs_find_word(Asm *a, Fails *fails, const MegamorphicEntry *entries)
{
    asm_load(a, RCX, RDX, offsetof(InlineCache, word));
    asm_load32(a, RDI, RAX, offsetof(Cell, shape));
    asm_alu32(a, ALU_CMP, RCX, RDI);
    uint32_t hit = asm_jcc(a, CC_E);
    stubs_find_other_word(a, fails, entries);
    asm_bind(a, hit);
}

/* For templates that have compared the first word. */
static void stubs_find(Asm *a, const MegamorphicEntry *entries)
{
    Fails fails = { .count = 0 };
    asm_load32(a, RDI, RAX, offsetof(Cell, shape));
    stubs_find_other_word(a, &fails, entries);
    asm_ret(a);                                          // without carry, being equal
    stubs_fail(a, &fails);
}

void stubs_find_handler(Asm *a, Fails *fails, const Handler *handlers)
{
    asm_mov_imm(a, RDX, (uintptr_t)(handlers - 1));
    asm_imul_imm(a, RCX, RCX, -(int32_t)sizeof(Handler));
    asm_alu(a, ALU_ADD, RCX, RDX);
    asm_cmp8_imm(a, RCX, offsetof(Handler, is_valid), 0);
    stubs_fail_if(a, fails, CC_E);
    asm_load8(a, RDX, RCX, offsetof(Handler, kind));
}

void stubs_own_slot(Asm *a, Fails *fails)
{
    asm_load16(a, R8, RCX, offsetof(Handler, depth));
    asm_test32(a, R8, R8);
    uint32_t is_inline = asm_jcc8(a, CC_E);
    uint32_t loop = asm_here(a);
    asm_load(a, RAX, RAX, offsetof(Object, ool));
    asm_test(a, RAX, RAX);
    stubs_fail_if(a, fails, CC_E);
    asm_alu32_imm(a, ALU_SUB, R8, 1);
    asm_jcc_back(a, CC_NE, loop);
    asm_bind8(a, is_inline);
    asm_load32(a, RDI, RCX, offsetof(Handler, offset));
    asm_movsxd(a, RDI, RDI);
}
STATIC_ASSERT(offsetof(Object, ool) == offsetof(Chunk, next), "one loop follows both links");

/* ---- accessors --------------------------------------------------------------------------------------------------- */

/* Call accessor function r9 of object rax, with value rsi where there is one, for the instruction r10 bytes from the
 * start of the bytecode, which goes on where the stub would return to. `this` and the value are put below the frame,
 * where the callee's frame begins then. */
static void stubs_call_accessor(Asm *a, uint32_t argc, uint32_t to_call_other)
{
    asm_pop(a, R8);
    asm_load(a, RDX, REG_FRAME, emit_slot(FRAME_CODE));
    asm_load32(a, RCX, RDX, offsetof(Code, code));       // of the address the lower half, as frame_save_pc does
    asm_alu32(a, ALU_ADD, RCX, R10);
    asm_store32(a, REG_FRAME, emit_slot(FRAME_STATE), RCX);
    asm_load32(a, RCX, RDX, offsetof(Code, frame_words));
    asm_shift_imm(a, SHIFT_SHL, RCX, 3);
    asm_mov(a, RDX, REG_FRAME);
    asm_alu(a, ALU_SUB, RDX, RCX);
    asm_lea(a, RSP, RDX, -(int32_t)((1 + argc) * sizeof(Value)));
    asm_store(a, RSP, 0, RAX);
    if (argc) asm_store(a, RSP, sizeof(Value), RSI);
    asm_push(a, R8);
    asm_mov(a, RAX, R9);
    asm_mov_imm(a, RDX, FRAME_STATE_UPPER | argc);
    asm_mov_imm(a, R8, VALUE_UNDEFINED);
    asm_cmp8_imm(a, RAX, offsetof(Cell, kind), KIND_FUNCTION);
    asm_jcc_back(a, CC_NE, to_call_other);
    asm_load(a, RCX, RAX, offsetof(Function, code));
    asm_load(a, R11, RCX, offsetof(Code, entry));
    asm_jmp_reg(a, R11);
}

/* The accessor pair of handler rcx in object rax into r9. Uses r11. */
static void stubs_own_accessor(Asm *a, Fails *fails)
{
    asm_mov(a, R11, RAX);
    stubs_own_slot(a, fails);
    asm_load_index(a, R9, RAX, RDI, 0, 0);
    asm_mov(a, RAX, R11);
}

/* The getter of handler rcx into r9, to be called then; where there is none the result is undefined. The jumps are
 * taken where a prototype has the accessor, and where the object itself has. */
static void stubs_call_getter(Asm *a, Fails *fails, uint32_t inherited, uint32_t own, uint32_t to_call_other)
{
    asm_bind(a, own);
    stubs_own_accessor(a, fails);
    asm_load(a, R9, R9, offsetof(Accessor, getter));
    uint32_t found = asm_jmp8(a);
    asm_bind(a, inherited);
    asm_load(a, R9, RCX, offsetof(Handler, value));
    asm_bind8(a, found);
    asm_alu_imm(a, ALU_CMP, R9, VALUE_UNDEFINED);
    uint32_t is_there = asm_jcc8(a, CC_NE);
    asm_mov_imm(a, RAX, VALUE_UNDEFINED);
    asm_ret(a);
    asm_bind8(a, is_there);
    stubs_call_accessor(a, 0, to_call_other);
}

/* The setter of handler rcx into r9, to be called then, with the jumps as above. */
static void stubs_call_setter(Asm *a, Fails *fails, uint32_t inherited, uint32_t own, uint32_t to_call_other)
{
    asm_bind(a, own);
    stubs_own_accessor(a, fails);
    asm_load(a, R9, R9, offsetof(Accessor, setter));
    asm_test(a, R9, REG_NOT_CELL);
    stubs_fail_if(a, fails, CC_NE);
    uint32_t found = asm_jmp8(a);
    asm_bind(a, inherited);
    asm_load(a, R9, RCX, offsetof(Handler, value));
    asm_bind8(a, found);
    // what a built-in function waits for would become the instruction's destination, and it has none
    asm_cmp8_imm(a, R9, offsetof(Cell, kind), KIND_FUNCTION);
    stubs_fail_if(a, fails, CC_NE);
    stubs_call_accessor(a, 1, to_call_other);
}

/* ---- sites ------------------------------------------------------------------------------------------------------- */

/* The cache of the instruction rdi bytes from the start of the bytecode, which operand unit `cache_unit` names, into
 * rdx; unless `value_unit` is 0, the register that this one names into rsi. rdi stays in r10. Uses r8 and r11. */
static void stubs_site(Asm *a, int cache_unit, int value_unit)
{
    asm_mov(a, R10, RDI);
    asm_load(a, RDX, REG_FRAME, emit_slot(FRAME_CODE));
    asm_load(a, R11, RDX, offsetof(Code, code));
    asm_alu(a, ALU_ADD, R11, RDI);
    asm_load32(a, R8, R11, cache_unit * (int32_t)sizeof(uint16_t));
    asm_load(a, RDX, RDX, offsetof(Code, feedback));
    asm_lea_index(a, R8, R8, R8, 1, 0);
    asm_lea_index(a, RDX, RDX, R8, 3, 0);
    if (!value_unit) return;
    asm_load16_signed(a, RSI, R11, value_unit * (int32_t)sizeof(uint16_t));
    asm_load_index(a, RSI, REG_FRAME, RSI, 3, 0);
}
STATIC_ASSERT(sizeof(InlineCache) == 24, "caches are found by additions");

/* ---- loads ------------------------------------------------------------------------------------------------------- */

/* `getter` and `own_getter`: NULL, or the jumps taken with a getter's handler in rcx. */
static void stubs_find_load(Asm *a, const HandlerSpace *space, Fails *fails, uint32_t *getter, uint32_t *own_getter)
{
    asm_test(a, RAX, REG_NOT_CELL);
    stubs_fail_if(a, fails, CC_NE);
    stubs_find_word(a, fails, space->loads);
    asm_shift_imm(a, SHIFT_SAR, RCX, 32);
    uint32_t has_handler = asm_jcc8(a, CC_S);
    asm_load_index(a, RAX, RAX, RCX, 0, 0);
    stubs_succeed(a);
    asm_bind8(a, has_handler);
    stubs_find_handler(a, fails, space->base);
    asm_alu32_imm(a, ALU_CMP, RDX, HANDLER_CHUNK);
    uint32_t other = asm_jcc8(a, CC_NE);
    stubs_own_slot(a, fails);
    asm_load_index(a, RAX, RAX, RDI, 0, 0);
    stubs_succeed(a);
    asm_bind8(a, other);
    if (getter) {
        asm_alu32_imm(a, ALU_CMP, RDX, HANDLER_GETTER);
        *getter = asm_jcc(a, CC_E);
        asm_alu32_imm(a, ALU_CMP, RDX, HANDLER_OWN_GETTER);
        *own_getter = asm_jcc(a, CC_E);
    }
    asm_load(a, RAX, RCX, offsetof(Handler, value));
    asm_alu32_imm(a, ALU_CMP, RDX, HANDLER_CONSTANT);
    uint32_t is_constant = asm_jcc8(a, CC_E);
    asm_mov_imm(a, RAX, VALUE_UNDEFINED);
    asm_alu32_imm(a, ALU_CMP, RDX, HANDLER_ABSENT);
    uint32_t is_absent = asm_jcc8(a, CC_E);
    asm_alu32_imm(a, ALU_CMP, RDX, HANDLER_SLOT);
    stubs_fail_if(a, fails, CC_NE);
    asm_load(a, RAX, RCX, offsetof(Handler, address));
    asm_load(a, RAX, RAX, 0);
    asm_bind8(a, is_constant);
    asm_bind8(a, is_absent);
    stubs_succeed(a);
}

/* Without getters. */
static void stubs_load(Asm *a, const HandlerSpace *space)
{
    Fails fails = { .count = 0 };
    stubs_find_load(a, space, &fails, NULL, NULL);
    stubs_fail(a, &fails);
}

/* With them, and with the step and then what it has stored. */
static void stubs_load_or_step(Asm *a, const HandlerSpace *space, const uint32_t at[STUB_COUNT])
{
    Fails fails = { .count = 0 };
    uint32_t getter, own_getter;
    stubs_site(a, 3, 0);
    stubs_find_load(a, space, &fails, &getter, &own_getter);
    stubs_call_getter(a, &fails, getter, own_getter, at[STUB_CALL_OTHER]);
    stubs_bind_fails(a, &fails);
    asm_mov(a, RDI, R10);
    stubs_step_result(a, at);
}

/* ---- stores ------------------------------------------------------------------------------------------------------ */

static void stubs_check_flags(Asm *a, Fails *fails)
{
    asm_cmp16_imm(a, RAX, offsetof(Cell, flags), 0);     // and the lock
    stubs_fail_if(a, fails, CC_NE);
}

/* Does rsi go into a data property that object rax has by the store alone? The object is private, or shared and what is
 * stored needs no publishing (publish.h): a late store is allowed (docs/sharing.md), and on this processor every store
 * releases. Uses r9. */
static void stubs_check_store(Asm *a, Fails *fails)
{
    asm_cmp16_imm(a, RAX, offsetof(Cell, flags), 0);     // and the lock
    uint32_t is_plain = asm_jcc8(a, CC_E);
    asm_cmp16_imm(a, RAX, offsetof(Cell, flags), CELL_SHARED);
    stubs_fail_if(a, fails, CC_NE);
    asm_test(a, RSI, REG_NOT_CELL);
    uint32_t no_cell = asm_jcc8(a, CC_NE);
    asm_test8_imm(a, RSI, offsetof(Cell, flags), CELL_SHARED);
    stubs_fail_if(a, fails, CC_E);
    asm_load(a, R9, REG_G, offsetof(Goroutine, heap.heap));
    asm_cmp8_imm(a, R9, offsetof(HeapFront, is_marking), 0);
    stubs_fail_if(a, fails, CC_NE);
    asm_bind8(a, is_plain);
    asm_bind8(a, no_cell);
}

/* Add rsi as handler rcx of kind edx says. */
static void stubs_store_added(Asm *a, Fails *fails)
{
    asm_mov(a, R9, RAX);
    stubs_own_slot(a, fails);
    asm_store_index(a, RAX, RDI, 0, 0, RSI);
    asm_load32(a, RDX, RCX, offsetof(Handler, shape));
    asm_store32(a, R9, offsetof(Cell, shape), RDX);
    stubs_succeed(a);
}

static void stubs_define_or_step(Asm *a, const HandlerSpace *space, const uint32_t at[STUB_COUNT])
{
    Fails fails = { .count = 0 };
    stubs_site(a, 2, 4);
    asm_test(a, RAX, REG_NOT_CELL);
    stubs_fail_if(a, &fails, CC_NE);
    stubs_check_flags(a, &fails);
    stubs_find_word(a, &fails, space->stores);
    asm_shift_imm(a, SHIFT_SAR, RCX, 32);
    stubs_fail_if(a, &fails, CC_NS);
    stubs_find_handler(a, &fails, space->base);
    asm_alu32_imm(a, ALU_CMP, RDX, HANDLER_ADD);
    stubs_fail_if(a, &fails, CC_NE);
    stubs_store_added(a, &fails);
    stubs_bind_fails(a, &fails);
    asm_mov(a, RSI, R10);
    asm_jmp_back(a, at[STUB_STEP_NEXT]);
}

static void stubs_store_or_step(Asm *a, const HandlerSpace *space, const uint32_t at[STUB_COUNT])
{
    Fails fails = { .count = 0 };
    stubs_site(a, 2, 4);
    asm_test(a, RAX, REG_NOT_CELL);
    stubs_fail_if(a, &fails, CC_NE);
    stubs_find_word(a, &fails, space->stores);
    asm_shift_imm(a, SHIFT_SAR, RCX, 32);
    uint32_t has_handler = asm_jcc(a, CC_S);
    stubs_check_store(a, &fails);
    asm_store_index(a, RAX, RCX, 0, 0, RSI);
    asm_ret(a);
    asm_bind(a, has_handler);
    stubs_find_handler(a, &fails, space->base);
    asm_alu32_imm(a, ALU_CMP, RDX, HANDLER_SETTER);
    uint32_t setter = asm_jcc(a, CC_E);
    asm_alu32_imm(a, ALU_CMP, RDX, HANDLER_OWN_SETTER);
    uint32_t own_setter = asm_jcc(a, CC_E);
    asm_alu32_imm(a, ALU_CMP, RDX, HANDLER_ADD);
    uint32_t other = asm_jcc(a, CC_NE);
    stubs_check_flags(a, &fails);
    stubs_store_added(a, &fails);
    asm_bind(a, other);
    stubs_check_store(a, &fails);
    asm_alu32_imm(a, ALU_CMP, RDX, HANDLER_CHUNK);
    uint32_t no_chunk = asm_jcc8(a, CC_NE);
    stubs_own_slot(a, &fails);
    asm_store_index(a, RAX, RDI, 0, 0, RSI);
    asm_ret(a);
    asm_bind8(a, no_chunk);
    asm_alu32_imm(a, ALU_CMP, RDX, HANDLER_SLOT);
    stubs_fail_if(a, &fails, CC_NE);
    asm_load(a, RDI, RCX, offsetof(Handler, address));
    asm_store(a, RDI, 0, RSI);
    asm_ret(a);
    stubs_call_setter(a, &fails, setter, own_setter, at[STUB_CALL_OTHER]);
    stubs_bind_fails(a, &fails);
    asm_mov(a, RSI, R10);
    asm_jmp_back(a, at[STUB_STEP_NEXT]);
}

/* ---- private names ----------------------------------------------------------------------------------------------- */

/* What name r10 names, where a handler of this kind finds it: an addition, or a slot that is loaded or stored to. */
static void stubs_private(Asm *a, const HandlerSpace *space, HandlerKind kind, bool is_store)
{
    Fails fails = { .count = 0 };
    asm_test(a, RAX, REG_NOT_CELL);
    stubs_fail_if(a, &fails, CC_NE);
    if (is_store) stubs_check_flags(a, &fails);
    stubs_find_word(a, &fails, NULL);
    asm_shift_imm(a, SHIFT_SAR, RCX, 32);
    stubs_fail_if(a, &fails, CC_NS);
    stubs_find_handler(a, &fails, space->base);
    asm_alu32_imm(a, ALU_CMP, RDX, (int32_t)kind);
    stubs_fail_if(a, &fails, CC_NE);
    asm_alu_load(a, ALU_CMP, R10, RCX, offsetof(Handler, key));
    stubs_fail_if(a, &fails, CC_NE);
    if (kind == HANDLER_ADD) {
        stubs_store_added(a, &fails);
    } else {
        stubs_own_slot(a, &fails);
        if (is_store) asm_store_index(a, RAX, RDI, 0, 0, RSI);
        else asm_load_index(a, RAX, RAX, RDI, 0, 0);
        stubs_succeed(a);
    }
    stubs_fail(a, &fails);
}

/* ---- all of them ------------------------------------------------------------------------------------------------- */

void stubs_properties_write(Asm *a, const HandlerSpace *space, uint32_t at[STUB_COUNT])
{
    at[STUB_FIND_LOAD] = asm_here(a);
    stubs_find(a, space->loads);
    at[STUB_FIND_STORE] = asm_here(a);
    stubs_find(a, space->stores);
    at[STUB_FIND_PRIVATE] = asm_here(a);
    stubs_find(a, NULL);
    at[STUB_LOAD] = asm_here(a);
    stubs_load(a, space);
    at[STUB_LOAD_PRIVATE] = asm_here(a);
    stubs_private(a, space, HANDLER_CHUNK, false);
    at[STUB_STORE_PRIVATE] = asm_here(a);
    stubs_private(a, space, HANDLER_CHUNK, true);
    at[STUB_DEFINE_PRIVATE] = asm_here(a);
    stubs_private(a, space, HANDLER_ADD, true);
}

void stubs_properties_write_whole(Asm *a, const HandlerSpace *space, uint32_t at[STUB_COUNT])
{
    at[STUB_LOAD_OR_STEP] = asm_here(a);
    stubs_load_or_step(a, space, at);
    at[STUB_STORE_OR_STEP] = asm_here(a);
    stubs_store_or_step(a, space, at);
    at[STUB_DEFINE_OR_STEP] = asm_here(a);
    stubs_define_or_step(a, space, at);
}
