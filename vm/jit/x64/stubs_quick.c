/* SPDX-License-Identifier: MIT */
/* Shared fast halves of templates: each does the likely case, and sets the carry flag where it takes the step. */
#include "vm/jit/x64/emit_int.h"

#include "vm/exec/cache.h"
#include "vm/object/array.h"

static void stubs_quick_fail(Asm *a, const uint32_t *jumps, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) asm_bind(a, jumps[i]);
    asm_stc(a);
    asm_ret(a);
}

static void stubs_succeed(Asm *a)
{
    asm_clc(a);
    asm_ret(a);
}

/* Ways to fail of the piece that is being written. */
typedef struct Fails {
    uint32_t jumps[16];
    uint32_t count;
} Fails;

static void stubs_fail_if(Asm *a, Fails *fails, AsmCondition cc)
{
    CHECK(fails->count < COUNT_OF(fails->jumps), "few ways to fail");
    fails->jumps[fails->count++] = asm_jcc(a, cc);
}

/* The number in `r` as a double. Returns the jump of what is none. */
static uint32_t stubs_number(Asm *a, AsmXmm x, AsmReg r)
{
    asm_alu(a, ALU_CMP, r, REG_INT_TAG);
    uint32_t is_int = asm_jcc8(a, CC_AE);
    asm_alu(a, ALU_ADD, r, REG_INT_TAG);
    uint32_t fail = asm_jcc(a, CC_AE);
    asm_movq_to_xmm(a, x, r);
    uint32_t done = asm_jmp8(a);
    asm_bind8(a, is_int);
    asm_cvt_int32(a, x, r);
    asm_bind8(a, done);
    return fail;
}

static void stubs_numbers(Asm *a)
{
    uint32_t fails[2];
    fails[0] = stubs_number(a, XMM0, RAX);
    fails[1] = stubs_number(a, XMM1, RCX);
    stubs_succeed(a);
    stubs_quick_fail(a, fails, 2);
}

/* The word for shape edi and the name of cache rdx in a table of megamorphic sites into rcx. */
static void stubs_find_megamorphic(Asm *a, Fails *fails, const MegamorphicEntry *entries)
{
    asm_load(a, R8, REG_FRAME, emit_slot(FRAME_CODE));
    asm_alu_load(a, ALU_SUB, RDX, R8, offsetof(Code, feedback));
    asm_shift_imm(a, SHIFT_SHR, RDX, 1);
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
STATIC_ASSERT(sizeof(InlineCache) == 2 * sizeof(Value) && sizeof(MegamorphicEntry) == 16
              && !(MEGAMORPHIC_ENTRIES & (MEGAMORPHIC_ENTRIES - 1)), "places are found by shifts");

/* The word of cache rdx for the shape of cell rax into rcx: the first one, one of its PolyCache or, unless `entries` is
 * NULL, of that table. No cell that is seen has shape 0, which unused words have. */
static void stubs_find_word(Asm *a, Fails *fails, bool is_polymorphic, const MegamorphicEntry *entries)
{
    uint32_t hits[POLY_WORDS], is_megamorphic = 0;
    asm_load(a, RCX, RDX, offsetof(InlineCache, word));
    asm_load32(a, RDI, RAX, offsetof(Cell, shape));
    asm_alu32(a, ALU_CMP, RCX, RDI);
    if (!is_polymorphic) {
        stubs_fail_if(a, fails, CC_NE);
        return;
    }
    uint32_t hit = asm_jcc(a, CC_E);
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
    asm_bind(a, hit);
}

/* The valid handler that payload rcx names, into rcx; its kind into edx. `handlers`: number 0. */
static void stubs_find_handler(Asm *a, Fails *fails, const Handler *handlers)
{
    asm_mov_imm(a, RDX, (uintptr_t)(handlers - 1));
    asm_imul_imm(a, RCX, RCX, -(int32_t)sizeof(Handler));
    asm_alu(a, ALU_ADD, RCX, RDX);
    asm_cmp8_imm(a, RCX, offsetof(Handler, is_valid), 0);
    stubs_fail_if(a, fails, CC_E);
    asm_load8(a, RDX, RCX, offsetof(Handler, kind));
}

/* The place of the own slot that handler rcx names, of object rax, into rax + rdi. */
static void stubs_own_slot(Asm *a, Fails *fails)
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

static void stubs_load(Asm *a, const HandlerSpace *space)
{
    Fails fails = { .count = 0 };
    asm_test(a, RAX, REG_NOT_CELL);
    stubs_fail_if(a, &fails, CC_NE);
    stubs_find_word(a, &fails, true, space->loads);
    asm_shift_imm(a, SHIFT_SAR, RCX, 32);
    uint32_t has_handler = asm_jcc8(a, CC_S);
    asm_load_index(a, RAX, RAX, RCX, 0, 0);
    stubs_succeed(a);
    asm_bind8(a, has_handler);
    stubs_find_handler(a, &fails, space->base);
    asm_alu32_imm(a, ALU_CMP, RDX, HANDLER_CHUNK);
    uint32_t other = asm_jcc8(a, CC_NE);
    stubs_own_slot(a, &fails);
    asm_load_index(a, RAX, RAX, RDI, 0, 0);
    stubs_succeed(a);
    asm_bind8(a, other);
    asm_load(a, RAX, RCX, offsetof(Handler, value));
    asm_alu32_imm(a, ALU_CMP, RDX, HANDLER_CONSTANT);
    uint32_t is_constant = asm_jcc8(a, CC_E);
    asm_mov_imm(a, RAX, VALUE_UNDEFINED);
    asm_alu32_imm(a, ALU_CMP, RDX, HANDLER_ABSENT);
    uint32_t is_absent = asm_jcc8(a, CC_E);
    asm_alu32_imm(a, ALU_CMP, RDX, HANDLER_SLOT);
    stubs_fail_if(a, &fails, CC_NE);
    asm_load(a, RAX, RCX, offsetof(Handler, address));
    asm_load(a, RAX, RAX, 0);
    asm_bind8(a, is_constant);
    asm_bind8(a, is_absent);
    stubs_succeed(a);
    stubs_quick_fail(a, fails.jumps, fails.count);
}

/* Store rsi as handler rcx, of kind edx, says. */
static void stubs_store_handler(Asm *a, Fails *fails, bool only_adds)
{
    asm_alu32_imm(a, ALU_CMP, RDX, HANDLER_ADD);
    uint32_t other = only_adds ? 0 : asm_jcc8(a, CC_NE);
    if (only_adds) stubs_fail_if(a, fails, CC_NE);
    asm_mov(a, R9, RAX);
    stubs_own_slot(a, fails);
    asm_store_index(a, RAX, RDI, 0, 0, RSI);
    asm_load32(a, RDX, RCX, offsetof(Handler, shape));
    asm_store32(a, R9, offsetof(Cell, shape), RDX);
    stubs_succeed(a);
    if (only_adds) return;
    asm_bind8(a, other);
    asm_alu32_imm(a, ALU_CMP, RDX, HANDLER_CHUNK);
    stubs_fail_if(a, fails, CC_NE);
    stubs_own_slot(a, fails);
    asm_store_index(a, RAX, RDI, 0, 0, RSI);
    stubs_succeed(a);
}

static void stubs_store(Asm *a, const HandlerSpace *space, bool only_adds)
{
    Fails fails = { .count = 0 };
    asm_test(a, RAX, REG_NOT_CELL);
    stubs_fail_if(a, &fails, CC_NE);
    asm_cmp16_imm(a, RAX, offsetof(Cell, flags), 0);     // and the lock
    stubs_fail_if(a, &fails, CC_NE);
    stubs_find_word(a, &fails, !only_adds, space->stores);
    asm_shift_imm(a, SHIFT_SAR, RCX, 32);
    if (only_adds) {
        stubs_fail_if(a, &fails, CC_NS);
    } else {
        uint32_t has_handler = asm_jcc8(a, CC_S);
        asm_store_index(a, RAX, RCX, 0, 0, RSI);
        stubs_succeed(a);
        asm_bind8(a, has_handler);
    }
    stubs_find_handler(a, &fails, space->base);
    stubs_store_handler(a, &fails, only_adds);
    stubs_quick_fail(a, fails.jumps, fails.count);
}

/* Of a private plain array, whose vector has the place: it is a hole. */
static void stubs_set_element(Asm *a)
{
    Fails fails = { .count = 0 };
    asm_test(a, RAX, REG_NOT_CELL);
    stubs_fail_if(a, &fails, CC_NE);
    asm_cmp16_imm(a, RAX, offsetof(Cell, kind), KIND_ARRAY);         // and no flag
    stubs_fail_if(a, &fails, CC_NE);
    asm_alu(a, ALU_CMP, RCX, REG_INT_TAG);
    stubs_fail_if(a, &fails, CC_B);
    asm_mov32(a, RCX, RCX);
    asm_alu32_load(a, ALU_CMP, RCX, RAX, offsetof(Array, capacity));
    stubs_fail_if(a, &fails, CC_AE);
    asm_load(a, RDX, REG_G, offsetof(Goroutine, vm));
    asm_cmp8_imm(a, RDX, offsetof(Vm, no_indexed_prototypes), 0);
    stubs_fail_if(a, &fails, CC_E);
    asm_load(a, RDX, RAX, offsetof(Array, base));
    asm_store_index(a, RDX, RCX, 3, 0, RSI);
    asm_alu32_imm(a, ALU_ADD, RCX, 1);
    asm_alu32_load(a, ALU_CMP, RCX, RAX, offsetof(Array, length));
    uint32_t is_within = asm_jcc8(a, CC_BE);
    asm_store32(a, RAX, offsetof(Array, length), RCX);
    asm_bind8(a, is_within);
    stubs_succeed(a);
    stubs_quick_fail(a, fails.jumps, fails.count);
}

/* ---- equality, truth --------------------------------------------------------------------------------------------- */

/* 1 or 0 into eax: whether rax and rcx are the same number. */
static void stubs_equal_numbers(Asm *a, Fails *fails)
{
    fails->jumps[fails->count++] = stubs_number(a, XMM0, RAX);
    fails->jumps[fails->count++] = stubs_number(a, XMM1, RCX);
    asm_alu32(a, ALU_XOR, RAX, RAX);
    asm_ucomisd(a, XMM0, XMM1);
    uint32_t different = asm_jcc8(a, CC_NE), nan = asm_jcc8(a, CC_P);
    asm_mov_imm(a, RAX, 1);
    asm_bind8(a, different);
    asm_bind8(a, nan);
    stubs_succeed(a);
}

/* Numbers by value. Two cells are different if one is an object; strings, when their lengths differ or both are
 * atoms. A cell differs from what is none. */
static void stubs_equal(Asm *a)
{
    Fails fails = { .count = 0 };
    uint32_t different[6];
    asm_test(a, RAX, REG_NOT_CELL);
    uint32_t no_first = asm_jcc8(a, CC_NE);
    asm_test(a, RCX, REG_NOT_CELL);
    different[0] = asm_jcc(a, CC_NE);
    asm_alu(a, ALU_CMP, RAX, RCX);
    stubs_fail_if(a, &fails, CC_E);
    asm_load8(a, RDX, RAX, offsetof(Cell, kind));
    asm_load8(a, RDI, RCX, offsetof(Cell, kind));
    asm_alu32_imm(a, ALU_CMP, RDX, KIND_FIRST_OBJECT);
    different[1] = asm_jcc(a, CC_AE);
    asm_alu32_imm(a, ALU_CMP, RDI, KIND_FIRST_OBJECT);
    different[2] = asm_jcc(a, CC_AE);
    asm_alu32_imm(a, ALU_CMP, RDX, KIND_FIRST_NOT_STRING);
    stubs_fail_if(a, &fails, CC_AE);
    asm_alu32_imm(a, ALU_CMP, RDI, KIND_FIRST_NOT_STRING);
    stubs_fail_if(a, &fails, CC_AE);
    asm_load32(a, RDX, RAX, offsetof(String, length));
    asm_alu32_load(a, ALU_CMP, RDX, RCX, offsetof(String, length));
    different[3] = asm_jcc(a, CC_NE);
    asm_load8(a, RDX, RAX, offsetof(Cell, flags));
    asm_load8(a, RDI, RCX, offsetof(Cell, flags));
    asm_alu32(a, ALU_AND, RDX, RDI);
    asm_alu32_imm(a, ALU_AND, RDX, STRING_IS_ATOM);
    stubs_fail_if(a, &fails, CC_E);
    different[4] = asm_jmp(a);
    asm_bind8(a, no_first);
    asm_test(a, RCX, REG_NOT_CELL);
    different[5] = asm_jcc(a, CC_E);
    stubs_equal_numbers(a, &fails);
    for (uint32_t i = 0; i < COUNT_OF(different); i++) asm_bind(a, different[i]);
    asm_alu32(a, ALU_XOR, RAX, RAX);
    stubs_succeed(a);
    stubs_quick_fail(a, fails.jumps, fails.count);
}

/* `==`: null and undefined equal each other alone; two objects, two primitives that are cells, and two numbers are
 * compared as by `===`. */
static void stubs_equal_loose(Asm *a, uint32_t to_strict)
{
    Fails fails = { .count = 0 };
    asm_mov(a, RDX, RAX);
    asm_alu_imm(a, ALU_AND, RDX, ~8);
    asm_mov(a, RDI, RCX);
    asm_alu_imm(a, ALU_AND, RDI, ~8);
    asm_alu_imm(a, ALU_CMP, RDX, VALUE_NULL);
    uint32_t first_nullish = asm_jcc(a, CC_E);
    asm_alu_imm(a, ALU_CMP, RDI, VALUE_NULL);
    uint32_t second_nullish = asm_jcc(a, CC_E);
    asm_test(a, RAX, REG_NOT_CELL);
    uint32_t no_cell = asm_jcc(a, CC_NE);
    asm_test(a, RCX, REG_NOT_CELL);
    stubs_fail_if(a, &fails, CC_NE);
    asm_load8(a, RDI, RCX, offsetof(Cell, kind));
    asm_cmp8_imm(a, RAX, offsetof(Cell, kind), KIND_FIRST_OBJECT);
    uint32_t is_object = asm_jcc(a, CC_AE);
    asm_alu32_imm(a, ALU_CMP, RDI, KIND_FIRST_OBJECT);
    stubs_fail_if(a, &fails, CC_AE);
    asm_alu(a, ALU_CMP, RAX, RCX);
    asm_jcc_back(a, CC_NE, to_strict);
    asm_mov_imm(a, RAX, 1);
    stubs_succeed(a);
    asm_bind(a, no_cell);
    asm_test(a, RAX, REG_INT_TAG);
    stubs_fail_if(a, &fails, CC_E);
    asm_test(a, RCX, REG_INT_TAG);
    asm_jcc_back(a, CC_NE, to_strict);
    stubs_fail_if(a, &fails, CC_E);
    asm_bind(a, is_object);
    asm_alu32_imm(a, ALU_CMP, RDI, KIND_FIRST_OBJECT);
    stubs_fail_if(a, &fails, CC_B);
    asm_mov(a, RDX, RAX);
    asm_mov(a, RDI, RCX);
    asm_bind(a, first_nullish);
    asm_bind(a, second_nullish);
    asm_alu32(a, ALU_XOR, RAX, RAX);
    asm_alu(a, ALU_CMP, RDX, RDI);
    asm_setcc(a, CC_E, RAX);
    stubs_succeed(a);
    stubs_quick_fail(a, fails.jumps, fails.count);
}

static void stubs_truth(Asm *a)
{
    Fails fails = { .count = 0 };
    asm_alu(a, ALU_CMP, RAX, REG_INT_TAG);
    uint32_t is_int = asm_jcc(a, CC_AE);
    asm_alu_imm(a, ALU_CMP, RAX, EMIT_SMALL_VALUES);
    uint32_t is_small = asm_jcc(a, CC_BE);
    asm_test(a, RAX, REG_NOT_CELL);
    uint32_t no_cell = asm_jcc(a, CC_NE);
    asm_load8(a, RCX, RAX, offsetof(Cell, kind));
    asm_alu32_imm(a, ALU_CMP, RCX, KIND_FIRST_OBJECT);
    uint32_t is_object = asm_jcc(a, CC_AE);
    asm_alu32_imm(a, ALU_CMP, RCX, KIND_FIRST_NOT_STRING);
    stubs_fail_if(a, &fails, CC_AE);
    asm_load32(a, RAX, RAX, offsetof(String, length));
    asm_bind(a, is_int);
    asm_test32(a, RAX, RAX);
    asm_setcc(a, CC_NE, RAX);
    asm_movzx8(a, RAX, RAX);
    stubs_succeed(a);
    asm_bind(a, is_small);
    asm_alu32(a, ALU_XOR, RAX, RAX);
    stubs_succeed(a);
    asm_bind(a, is_object);
    asm_mov_imm(a, RAX, 1);
    stubs_succeed(a);
    asm_bind(a, no_cell);
    fails.jumps[fails.count++] = stubs_number(a, XMM0, RAX);
    asm_xorps(a, XMM1, XMM1);
    asm_alu32(a, ALU_XOR, RAX, RAX);
    asm_ucomisd(a, XMM0, XMM1);                          // NaN is as equal to 0
    asm_setcc(a, CC_NE, RAX);
    stubs_succeed(a);
    stubs_quick_fail(a, fails.jumps, fails.count);
}

/* rsi instanceof rax by cache rdx: 1 or 0 into eax. A proxy on the way is asked for its prototype. */
static void stubs_instance(Asm *a, const HandlerSpace *space)
{
    Fails fails = { .count = 0 };
    asm_test(a, RAX, REG_NOT_CELL);
    stubs_fail_if(a, &fails, CC_NE);
    stubs_find_word(a, &fails, true, NULL);
    asm_shift_imm(a, SHIFT_SAR, RCX, 32);
    stubs_fail_if(a, &fails, CC_NS);
    stubs_find_handler(a, &fails, space->base);
    asm_alu32_imm(a, ALU_CMP, RDX, HANDLER_INSTANCES);
    stubs_fail_if(a, &fails, CC_NE);
    stubs_own_slot(a, &fails);
    asm_load_index(a, RDX, RAX, RDI, 0, 0);
    asm_test(a, RDX, REG_NOT_CELL);
    stubs_fail_if(a, &fails, CC_NE);
    asm_cmp8_imm(a, RDX, offsetof(Cell, kind), KIND_FIRST_OBJECT);
    stubs_fail_if(a, &fails, CC_B);
    asm_alu32(a, ALU_XOR, RAX, RAX);
    asm_load(a, RDI, REG_G, offsetof(Goroutine, vm));
    asm_load(a, RDI, RDI, offsetof(Vm, shape_base));
    asm_test(a, RSI, REG_NOT_CELL);
    uint32_t no_cell = asm_jcc8(a, CC_NE);
    asm_cmp8_imm(a, RSI, offsetof(Cell, kind), KIND_FIRST_OBJECT);
    uint32_t no_object = asm_jcc8(a, CC_B);
    uint32_t loop = asm_here(a);
    asm_load8(a, RCX, RSI, offsetof(Cell, kind));
    asm_alu32_imm(a, ALU_SUB, RCX, KIND_PROXY);
    asm_alu32_imm(a, ALU_CMP, RCX, KIND_CALLABLE_PROXY - KIND_PROXY);
    stubs_fail_if(a, &fails, CC_BE);
    asm_load32(a, RCX, RSI, offsetof(Cell, shape));
    asm_imul_imm(a, RCX, RCX, sizeof(Shape));
    asm_alu(a, ALU_ADD, RCX, RDI);
    asm_load(a, RSI, RCX, offsetof(Shape, proto));
    asm_test(a, RSI, REG_NOT_CELL);
    uint32_t end = asm_jcc8(a, CC_NE);
    asm_alu(a, ALU_CMP, RSI, RDX);
    asm_jcc_back(a, CC_NE, loop);
    asm_alu32_imm(a, ALU_ADD, RAX, 1);
    asm_bind8(a, no_cell);
    asm_bind8(a, no_object);
    asm_bind8(a, end);
    stubs_succeed(a);
    stubs_quick_fail(a, fails.jumps, fails.count);
}
STATIC_ASSERT(KIND_CALLABLE_PROXY == KIND_PROXY + 1, "kinds of proxies are tested at once");

/* ---- objects ----------------------------------------------------------------------------------------------------- */

/* An object of shape rdx, its slots undefined, into rax. */
static void stubs_new_object(Asm *a, Fails *fails)
{
    asm_load(a, RSI, RDX, offsetof(Shape, header));
    asm_mov(a, RDI, RSI);
    asm_shift_imm(a, SHIFT_SHR, RDI, 56);                // inline slots
    asm_lea(a, RCX, RDI, (sizeof(Object) + CELL_GRANULE_BYTES - 1) / sizeof(Value));
    asm_alu_imm(a, ALU_AND, RCX, ~1);
    asm_load(a, RAX, REG_G, offsetof(Goroutine, heap.next));
    asm_lea_index(a, RCX, RAX, RCX, 3, 0);
    asm_alu_load(a, ALU_CMP, RCX, REG_G, offsetof(Goroutine, heap.end));
    stubs_fail_if(a, fails, CC_A);
    asm_store(a, REG_G, offsetof(Goroutine, heap.next), RCX);
    asm_alu_load(a, ALU_OR, RSI, REG_G, offsetof(Goroutine, heap.born_word));
    asm_store(a, RAX, offsetof(Cell, word), RSI);
    asm_store_imm(a, RAX, offsetof(Object, ool), 0);
    asm_mov_imm(a, RSI, VALUE_UNDEFINED);
    uint32_t loop = asm_here(a);
    asm_alu32_imm(a, ALU_SUB, RDI, 1);
    uint32_t done = asm_jcc8(a, CC_S);
    asm_store_index(a, RAX, RDI, 3, sizeof(Object), RSI);
    asm_jmp_back(a, loop);
    asm_bind8(a, done);
}
STATIC_ASSERT(sizeof(Object) == 16 && CELL_GRANULE_BYTES == 16, "an object's words are rounded up to two");

/* `new` of a function whose instances its site has not learned: built-in constructors and those of derived classes make
 * `this` themselves. */
static void stubs_new_later(Asm *a, Fails *fails)
{
    asm_load8(a, RDX, RAX, offsetof(Cell, kind));
    asm_alu32_imm(a, ALU_CMP, RDX, KIND_FUNCTION);
    uint32_t no_closure = asm_jcc8(a, CC_NE);
    asm_load(a, RDX, RAX, offsetof(Function, code));
    asm_load32(a, RDX, RDX, offsetof(Code, flags));
    asm_alu32_imm(a, ALU_AND, RDX, UNIT_IS_DERIVED);
    stubs_fail_if(a, fails, CC_E);
    asm_mov_imm(a, RAX, VALUE_HOLE);
    stubs_succeed(a);
    asm_bind8(a, no_closure);
    asm_alu32_imm(a, ALU_CMP, RDX, KIND_NATIVE);
    stubs_fail_if(a, fails, CC_NE);
    asm_load(a, RDX, RAX, offsetof(Native, spec));
    asm_load8(a, RDX, RDX, offsetof(NativeSpec, flags));
    asm_alu32_imm(a, ALU_AND, RDX, NATIVE_CONSTRUCTOR);
    stubs_fail_if(a, fails, CC_E);
    asm_mov_imm(a, RAX, VALUE_UNDEFINED);
    stubs_succeed(a);
}

static void stubs_new(Asm *a, const Handler *handlers)
{
    Fails fails = { .count = 0 };
    asm_test(a, RAX, REG_NOT_CELL);
    stubs_fail_if(a, &fails, CC_NE);
    asm_load(a, RCX, RDX, offsetof(InlineCache, word));
    asm_test(a, RCX, RCX);
    uint32_t later = asm_jcc(a, CC_E);
    asm_shift_imm(a, SHIFT_SAR, RCX, 32);
    stubs_find_handler(a, &fails, handlers);
    asm_alu_load(a, ALU_CMP, RAX, RCX, offsetof(Handler, value));
    stubs_fail_if(a, &fails, CC_NE);
    asm_load(a, RDX, RCX, offsetof(Handler, address));
    asm_load(a, RDX, RDX, 0);
    asm_alu_load(a, ALU_CMP, RDX, RCX, offsetof(Handler, holder));
    stubs_fail_if(a, &fails, CC_NE);
    asm_load32(a, RDX, RCX, offsetof(Handler, shape));
    asm_load(a, RCX, REG_G, offsetof(Goroutine, vm));
    asm_imul_imm(a, RDX, RDX, sizeof(Shape));
    asm_alu_load(a, ALU_ADD, RDX, RCX, offsetof(Vm, shape_base));
    stubs_new_object(a, &fails);
    stubs_succeed(a);
    asm_bind(a, later);
    stubs_new_later(a, &fails);
    stubs_quick_fail(a, fails.jumps, fails.count);
}

void stubs_quick_write(Asm *a, const HandlerSpace *space, uint32_t at[STUB_COUNT])
{
    const Handler *handlers = space->base;
    at[STUB_NUMBERS] = asm_here(a);
    stubs_numbers(a);
    at[STUB_EQUAL] = asm_here(a);
    stubs_equal(a);
    at[STUB_EQUAL_LOOSE] = asm_here(a);
    stubs_equal_loose(a, at[STUB_EQUAL]);
    at[STUB_INSTANCE] = asm_here(a);
    stubs_instance(a, space);
    at[STUB_TRUTH] = asm_here(a);
    stubs_truth(a);
    at[STUB_LOAD] = asm_here(a);
    stubs_load(a, space);
    at[STUB_STORE] = asm_here(a);
    stubs_store(a, space, false);
    at[STUB_DEFINE] = asm_here(a);
    stubs_store(a, space, true);
    at[STUB_SET_ELEMENT] = asm_here(a);
    stubs_set_element(a);
    at[STUB_NEW] = asm_here(a);
    stubs_new(a, handlers);
}
