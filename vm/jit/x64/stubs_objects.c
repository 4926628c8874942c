/* SPDX-License-Identifier: MIT */
/* Shared fast halves of templates for objects: elements, instanceof, new. */
#include "vm/jit/x64/stubs_int.h"

#include "vm/exec/cache.h"
#include "vm/object/array.h"
#include "vm/object/realm.h"
#include "vm/object/typed_array.h"

enum { STUBS_MOST_VALUES = 16 };         // of a closure or an array that is made without its step

/* The int32 in rcx as an index. */
static void stubs_index(Asm *a, Fails *fails)
{
    asm_alu(a, ALU_CMP, RCX, REG_INT_TAG);
    stubs_fail_if(a, fails, CC_B);
    asm_mov32(a, RCX, RCX);
}

/* ---- elements of views, at sites that have met none when they were compiled ------------------------------------- */

/* Fail unless object rax is a typed array whose elements are numbers, and rcx an int32 that is not negative: it becomes
 * an index. Uses rdi. */
static void stubs_check_view(Asm *a, Fails *fails)
{
    asm_load8(a, RDI, RAX, offsetof(Cell, kind));
    asm_alu32_imm(a, ALU_SUB, RDI, KIND_FIRST_TYPED_ARRAY);
    asm_alu32_imm(a, ALU_CMP, RDI, KIND_FLOAT64_ARRAY - KIND_FIRST_TYPED_ARRAY);
    stubs_fail_if(a, fails, CC_A);
    stubs_index(a, fails);
    asm_test32(a, RCX, RCX);
    stubs_fail_if(a, fails, CC_S);
}
STATIC_ASSERT(KIND_FLOAT64_ARRAY + 1 == KIND_BIGINT64_ARRAY && KIND_BIGINT64_ARRAY + 1 == KIND_LAST_TYPED_ARRAY,
              "views of big integers, which are allocated, are the last");

/* rsi to element rcx of object rax. */
static void stubs_set_view(Asm *a, Fails *fails)
{
    asm_mov(a, RDX, RSI);
    stubs_check_view(a, fails);
    asm_mov(a, RDI, RAX);
    asm_mov(a, RSI, RCX);
    asm_push(a, RAX);                                    // calls are made from a multiple of 16
    asm_call(a, (const void *)(uintptr_t)typed_array_try_set);
    asm_pop(a, RCX);
    asm_movzx8(a, RAX, RAX);
    asm_test32(a, RAX, RAX);
    stubs_fail_if(a, fails, CC_E);
    stubs_succeed(a);
}

/* Element rcx of object rax into rax. */
static void stubs_get_view(Asm *a, Fails *fails)
{
    stubs_check_view(a, fails);
    asm_mov(a, RSI, RAX);
    asm_mov(a, RDX, RCX);
    asm_lea(a, RDI, REG_G, offsetof(Goroutine, heap));
    asm_push(a, RAX);                                    // as above
    asm_call(a, (const void *)(uintptr_t)typed_array_try_get);
    asm_pop(a, RCX);
    asm_alu_imm(a, ALU_CMP, RAX, VALUE_HOLE);
    stubs_fail_if(a, fails, CC_E);
    stubs_succeed(a);
}

/* ---- elements and prototypes ------------------------------------------------------------------------------------- */

/* Of a private plain array, whose vector has the place: it is a hole; or of a view. */
static void stubs_set_element(Asm *a)
{
    Fails fails = { .count = 0 };
    asm_test(a, RAX, REG_NOT_CELL);
    stubs_fail_if(a, &fails, CC_NE);
    asm_cmp16_imm(a, RAX, offsetof(Cell, kind), KIND_ARRAY);         // and no flag
    uint32_t no_array = asm_jcc(a, CC_NE);
    stubs_index(a, &fails);
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
    asm_bind(a, no_array);
    stubs_set_view(a, &fails);
    stubs_fail(a, &fails);
}

/* Undefined, where the array rax is private and neither it nor a prototype has element ecx. */
static void stubs_get_hole(Asm *a, Fails *fails)
{
    asm_test8_imm(a, RAX, offsetof(Cell, flags), CELL_SHARED);
    stubs_fail_if(a, fails, CC_NE);
    asm_test32(a, RCX, RCX);
    stubs_fail_if(a, fails, CC_S);
    asm_load32(a, RDX, RAX, offsetof(Array, length));
    asm_alu32_load(a, ALU_CMP, RDX, RAX, offsetof(Array, capacity));
    stubs_fail_if(a, fails, CC_A);
    asm_load(a, RDX, REG_G, offsetof(Goroutine, vm));
    asm_cmp8_imm(a, RDX, offsetof(Vm, no_indexed_prototypes), 0);
    stubs_fail_if(a, fails, CC_E);
    asm_mov_imm(a, RAX, VALUE_UNDEFINED);
    stubs_succeed(a);
}

/* The flat string that has the units of the string rax, of kind edx, into rax, and the place in it of unit rcx into
 * rcx. A rope that has not been flattened fails. */
static void stubs_find_unit(Asm *a, Fails *fails)
{
    asm_alu32_imm(a, ALU_CMP, RDX, KIND_ROPE);
    uint32_t is_flat = asm_jcc8(a, CC_B), is_slice = asm_jcc8(a, CC_A);
    asm_load(a, RAX, RAX, offsetof(RopeString, flat));
    asm_test(a, RAX, RAX);
    stubs_fail_if(a, fails, CC_E);
    uint32_t is_done = asm_jmp8(a);
    asm_bind8(a, is_slice);
    asm_alu_load(a, ALU_ADD, RCX, RAX, offsetof(SliceString, offset));
    asm_load(a, RAX, RAX, offsetof(SliceString, base));
    asm_bind8(a, is_done);
    asm_bind8(a, is_flat);
}
STATIC_ASSERT(KIND_STRING < KIND_ROPE && KIND_ROPE < KIND_SLICE && KIND_SLICE + 1 == KIND_FIRST_NOT_STRING,
              "kinds of strings in order");

/* The unit at rcx of the string rax, of kind edx, as a string; one that is not in Latin-1 fails. */
static void stubs_get_unit(Asm *a, Fails *fails)
{
    stubs_index(a, fails);
    asm_alu32_load(a, ALU_CMP, RCX, RAX, offsetof(String, length));
    stubs_fail_if(a, fails, CC_AE);
    stubs_find_unit(a, fails);
    emit_load_unit(a, RCX, RAX, RCX);
    asm_alu32_imm(a, ALU_CMP, RCX, 256);
    stubs_fail_if(a, fails, CC_AE);
    asm_load(a, RAX, REG_G, offsetof(Goroutine, vm));
    asm_load_index(a, RAX, RAX, RCX, 3, offsetof(Vm, one_unit_strings));
    stubs_succeed(a);
}

static void stubs_get_element(Asm *a)
{
    Fails fails = { .count = 0 };
    asm_test(a, RAX, REG_NOT_CELL);
    stubs_fail_if(a, &fails, CC_NE);
    asm_load8(a, RDX, RAX, offsetof(Cell, kind));
    asm_alu32_imm(a, ALU_CMP, RDX, KIND_FIRST_NOT_STRING);
    uint32_t no_string = asm_jcc(a, CC_AE);
    stubs_get_unit(a, &fails);
    asm_bind(a, no_string);
    asm_alu32_imm(a, ALU_CMP, RDX, KIND_ARRAY);
    uint32_t no_array = asm_jcc(a, CC_NE);
    stubs_index(a, &fails);
    asm_alu32_load(a, ALU_CMP, RCX, RAX, offsetof(Array, capacity));
    uint32_t is_outside = asm_jcc8(a, CC_AE);
    asm_load(a, RDX, RAX, offsetof(Array, base));
    asm_load_index(a, RDX, RDX, RCX, 3, 0);
    asm_alu_imm(a, ALU_CMP, RDX, VALUE_HOLE);
    uint32_t is_hole = asm_jcc8(a, CC_E);
    asm_mov(a, RAX, RDX);
    stubs_succeed(a);
    asm_bind8(a, is_outside);
    asm_bind8(a, is_hole);
    stubs_get_hole(a, &fails);
    asm_bind(a, no_array);
    stubs_get_view(a, &fails);
    stubs_fail(a, &fails);
}

/* rsi instanceof rax by cache rdx: 1 or 0 into eax. A proxy on the way is asked for its prototype. */
static void stubs_instance(Asm *a, const HandlerSpace *space)
{
    Fails fails = { .count = 0 };
    asm_test(a, RAX, REG_NOT_CELL);
    stubs_fail_if(a, &fails, CC_NE);
    stubs_find_word(a, &fails, NULL);
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
    stubs_fail(a, &fails);
}
STATIC_ASSERT(KIND_CALLABLE_PROXY == KIND_PROXY + 1, "kinds of proxies are tested at once");

/* ---- objects ----------------------------------------------------------------------------------------------------- */

/* Room for an object with this header, which is changed, into rax: `fixed_bytes` and rdi values more. Uses rcx. */
static void stubs_new_cell(Asm *a, Fails *fails, uint32_t fixed_bytes, AsmReg header)
{
    asm_lea(a, RCX, RDI, (int32_t)((fixed_bytes + CELL_GRANULE_BYTES - 1) / sizeof(Value)));
    asm_alu_imm(a, ALU_AND, RCX, ~1);
    asm_load(a, RAX, REG_G, offsetof(Goroutine, heap.next));
    asm_lea_index(a, RCX, RAX, RCX, 3, 0);
    asm_alu_load(a, ALU_CMP, RCX, REG_G, offsetof(Goroutine, heap.end));
    stubs_fail_if(a, fails, CC_A);
    asm_store(a, REG_G, offsetof(Goroutine, heap.next), RCX);
    asm_alu_load(a, ALU_OR, header, REG_G, offsetof(Goroutine, heap.born_word));
    asm_store(a, RAX, offsetof(Cell, word), header);
    asm_store_imm(a, RAX, offsetof(Object, ool), 0);
}
STATIC_ASSERT(CELL_GRANULE_BYTES == 2 * sizeof(Value), "sizes are rounded up to two words");
STATIC_ASSERT(sizeof(Object) % sizeof(Value) == 0 && sizeof(Function) % sizeof(Value) == 0, "sizes are words");

/* A stub of the instruction rdi bytes from the start of the bytecode: its code into rdx, and its address into rdi. */
static void stubs_begin_whole(Asm *a)
{
    asm_mov(a, R10, RDI);
    asm_load(a, RDX, REG_FRAME, emit_slot(FRAME_CODE));
    asm_alu_load(a, ALU_ADD, RDI, RDX, offsetof(Code, code));
}

/* What failed is the step's. */
static void stubs_end_whole(Asm *a, Fails *fails, const uint32_t at[STUB_COUNT])
{
    asm_ret(a);
    stubs_bind_fails(a, fails);
    asm_mov(a, RDI, R10);
    stubs_step_result(a, at);
}

/* The captures of the new closure rax, rdi of them, from the frame and its callee, as code rdx says. */
static void stubs_fill_captures(Asm *a)
{
    asm_test32(a, RDI, RDI);
    uint32_t none = asm_jcc8(a, CC_E);
    asm_load(a, RDX, RDX, offsetof(Code, function));
    asm_load(a, RSI, REG_FRAME, emit_slot(FRAME_CALLEE));
    asm_load(a, RDX, RDX, offsetof(UnitFunction, captures));
    asm_alu_imm(a, ALU_ADD, RSI, offsetof(Function, captures));
    asm_mov(a, RCX, RAX);
    uint32_t loop = asm_here(a);
    asm_load32(a, R8, RDX, offsetof(UnitCapture, index));
    asm_movsxd(a, R8, R8);
    asm_mov(a, R9, RSI);
    asm_cmp8_imm(a, RDX, offsetof(UnitCapture, source), CAPTURE_FROM_SLOT);
    asm_cmov(a, CC_E, R9, REG_FRAME);
    asm_alu_imm(a, ALU_ADD, RDX, sizeof(UnitCapture));
    asm_load_index(a, R8, R9, R8, 3, 0);
    asm_store(a, RCX, offsetof(Function, captures), R8);
    asm_alu_imm(a, ALU_ADD, RCX, sizeof(Value));
    asm_alu32_imm(a, ALU_SUB, RDI, 1);
    asm_jcc_back(a, CC_NE, loop);
    asm_bind8(a, none);
}

/* The closure that the instruction rdi bytes from the start of the bytecode makes, into rax. */
static void stubs_closure_or_step(Asm *a, const uint32_t at[STUB_COUNT])
{
    Fails fails = { .count = 0 };
    stubs_begin_whole(a);
    asm_load32(a, RDI, RDI, 2 * sizeof(uint16_t));
    asm_load(a, RDX, RDX, offsetof(Code, constants));
    asm_load_index(a, RDX, RDX, RDI, 3, 0);
    asm_load(a, RSI, RDX, offsetof(Code, closure_shape));
    asm_load(a, RDI, RDX, offsetof(Code, function));
    asm_load(a, RSI, RSI, offsetof(Shape, header));
    asm_load32(a, RDI, RDI, offsetof(UnitFunction, capture_count));
    asm_alu32_imm(a, ALU_CMP, RDI, STUBS_MOST_VALUES);
    stubs_fail_if(a, &fails, CC_A);
    asm_mov(a, RCX, RDI);
    asm_shift_imm(a, SHIFT_SHL, RCX, 56);
    asm_alu(a, ALU_OR, RSI, RCX);
    stubs_new_cell(a, &fails, sizeof(Function), RSI);
    asm_store(a, RAX, offsetof(Function, code), RDX);
    stubs_fill_captures(a);
    stubs_end_whole(a, &fails, at);
}

/* The rest of the new array rax, of rdi values, one at least: its vector behind it, with the values from rsi on. */
static void stubs_fill_array(Asm *a)
{
    asm_store_imm(a, RAX, offsetof(Array, extra), VALUE_UNDEFINED);
    asm_mov_imm(a, RCX, CELL_HEADER(0, KIND_ELEMENTS, 0));
    asm_alu_load(a, ALU_OR, RCX, REG_G, offsetof(Goroutine, heap.born_word));
    asm_store(a, RAX, sizeof(Array), RCX);
    asm_store(a, RAX, (int32_t)(sizeof(Array) + offsetof(Elements, capacity)), RDI);
    asm_lea(a, RCX, RAX, sizeof(Array));
    asm_store(a, RAX, offsetof(Array, elements), RCX);
    asm_alu_imm(a, ALU_ADD, RCX, sizeof(Elements));
    asm_store(a, RAX, offsetof(Array, base), RCX);
    asm_store32(a, RAX, offsetof(Array, capacity), RDI);
    asm_store32(a, RAX, offsetof(Array, length), RDI);
    uint32_t loop = asm_here(a);
    asm_load_index(a, RDX, RSI, RDI, 3, -(int32_t)sizeof(Value));
    asm_store_index(a, RCX, RDI, 3, -(int32_t)sizeof(Value), RDX);
    asm_alu32_imm(a, ALU_SUB, RDI, 1);
    asm_jcc_back(a, CC_NE, loop);
}
STATIC_ASSERT(offsetof(Elements, unused) == offsetof(Elements, capacity) + 4,
              "a vector's first word is stored at once");

/* The array that the instruction rdi bytes from the start of the bytecode makes, into rax. */
static void stubs_array_or_step(Asm *a, const uint32_t at[STUB_COUNT])
{
    Fails fails = { .count = 0 };
    stubs_begin_whole(a);
    asm_load16_signed(a, RSI, RDI, 2 * sizeof(uint16_t));
    asm_load16(a, RDI, RDI, 3 * sizeof(uint16_t));
    asm_lea_index(a, RSI, REG_FRAME, RSI, 3, sizeof(Value));
    asm_alu32_imm(a, ALU_CMP, RDI, STUBS_MOST_VALUES);
    stubs_fail_if(a, &fails, CC_A);
    asm_load(a, RDX, RDX, offsetof(Code, realm));
    asm_load(a, RDX, RDX, offsetof(Realm, array_shape));
    asm_load(a, RDX, RDX, offsetof(Shape, header));
    asm_test32(a, RDI, RDI);
    uint32_t is_empty = asm_jcc(a, CC_E);
    stubs_new_cell(a, &fails, sizeof(Array) + sizeof(Elements), RDX);
    stubs_fill_array(a);
    asm_ret(a);
    asm_bind(a, is_empty);
    stubs_new_cell(a, &fails, sizeof(Array), RDX);
    asm_store(a, RAX, offsetof(Array, base), RDI);
    asm_store(a, RAX, offsetof(Array, capacity), RDI);
    asm_store(a, RAX, offsetof(Array, elements), RDI);
    asm_store_imm(a, RAX, offsetof(Array, extra), VALUE_UNDEFINED);
    stubs_end_whole(a, &fails, at);
}
STATIC_ASSERT(offsetof(Array, length) == offsetof(Array, capacity) + 4, "length and capacity are stored at once");
STATIC_ASSERT(sizeof(Array) % CELL_GRANULE_BYTES == 0, "the vector begins where the array ends");

/* An object of shape rdx, its slots undefined, into rax. */
static void stubs_new_object(Asm *a, Fails *fails)
{
    asm_load(a, RSI, RDX, offsetof(Shape, header));
    asm_mov(a, RDI, RSI);
    asm_shift_imm(a, SHIFT_SHR, RDI, 56);                // inline slots
    stubs_new_cell(a, fails, sizeof(Object), RSI);
    asm_mov_imm(a, RSI, VALUE_UNDEFINED);
    uint32_t loop = asm_here(a);
    asm_alu32_imm(a, ALU_SUB, RDI, 1);
    uint32_t done = asm_jcc8(a, CC_S);
    asm_store_index(a, RAX, RDI, 3, sizeof(Object), RSI);
    asm_jmp_back(a, loop);
    asm_bind8(a, done);
}

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

/* The handler that word rcx names, which is not 0, into rcx. Uses rdi. */
static void stubs_handler_of(Asm *a, const Handler *handlers)
{
    asm_mov_imm(a, RDI, (uintptr_t)(handlers - 1));
    asm_shift_imm(a, SHIFT_SAR, RCX, 32);
    asm_imul_imm(a, RCX, RCX, -(int32_t)sizeof(Handler));
    asm_alu(a, ALU_ADD, RCX, RDI);
}

/* Where a search for a constructor ends. */
typedef struct Search {
    uint32_t found[2], none[4];          // jumps
} Search;

/* Of a site that has met too many: the handler for new.target rsi into rcx. */
static void stubs_find_common_construct(Asm *a, const HandlerSpace *space, Search *search)
{
    asm_mov(a, RDI, RSI);
    asm_shift_imm(a, SHIFT_SHR, RDI, 4);
    asm_alu32_imm(a, ALU_AND, RDI, MEGAMORPHIC_ENTRIES - 1);
    asm_shift_imm(a, SHIFT_SHL, RDI, 4);
    asm_mov_imm(a, RCX, (uintptr_t)space->constructs);
    asm_alu(a, ALU_ADD, RDI, RCX);
    asm_load(a, RCX, RDI, offsetof(MegamorphicEntry, word));
    asm_alu_load(a, ALU_CMP, RSI, RDI, offsetof(MegamorphicEntry, key));
    search->none[0] = asm_jcc(a, CC_NE);
    asm_alu_load(a, ALU_CMP, RCX, RDI, offsetof(MegamorphicEntry, word));
    search->none[1] = asm_jcc(a, CC_NE);
    asm_test(a, RCX, RCX);
    search->none[2] = asm_jcc(a, CC_E);
    stubs_handler_of(a, space->base);
    search->found[0] = asm_jmp(a);
}
STATIC_ASSERT(sizeof(MegamorphicEntry) == 16, "places are found by shifts");

/* Of a site that has met several: the same from the words of the PolyCache r8. */
static void stubs_find_poly_construct(Asm *a, const HandlerSpace *space, Search *search)
{
    asm_mov_imm(a, R9, -POLY_WORDS - 1);
    uint32_t loop = asm_here(a);
    asm_alu_imm(a, ALU_ADD, R9, 1);
    search->none[3] = asm_jcc(a, CC_E);
    asm_load_index(a, RCX, R8, R9, 3, offsetof(PolyCache, words) + POLY_WORDS * sizeof(uint64_t));
    asm_test(a, RCX, RCX);
    asm_jcc_back(a, CC_E, loop);
    stubs_handler_of(a, space->base);
    asm_alu_load(a, ALU_CMP, RSI, RCX, offsetof(Handler, value));
    asm_jcc_back(a, CC_NE, loop);
    asm_cmp8_imm(a, RCX, offsetof(Handler, is_valid), 0);
    asm_jcc_back(a, CC_E, loop);
    search->found[1] = asm_jmp(a);
}

/* What handler rcx tells of, if new.target has the same `prototype` still. */
static void stubs_new_known(Asm *a, Fails *fails)
{
    asm_load(a, RDX, RCX, offsetof(Handler, address));
    asm_load(a, RDX, RDX, 0);
    asm_alu_load(a, ALU_CMP, RDX, RCX, offsetof(Handler, holder));
    stubs_fail_if(a, fails, CC_NE);
    asm_load32(a, RDX, RCX, offsetof(Handler, shape));
    asm_load(a, RCX, REG_G, offsetof(Goroutine, vm));
    asm_imul_imm(a, RDX, RDX, sizeof(Shape));
    asm_alu_load(a, ALU_ADD, RDX, RCX, offsetof(Vm, shape_base));
    stubs_new_object(a, fails);
    stubs_succeed(a);
}

/* Go on at `known` if what the site knew before is of new.target rsi. */
static void stubs_new_second(Asm *a, const HandlerSpace *space, uint32_t known)
{
    asm_load(a, RCX, RDX, offsetof(InlineCache, second));
    asm_test(a, RCX, RCX);
    uint32_t none = asm_jcc8(a, CC_E);
    stubs_handler_of(a, space->base);
    asm_alu_load(a, ALU_CMP, RSI, RCX, offsetof(Handler, value));
    uint32_t other = asm_jcc8(a, CC_NE);
    asm_cmp8_imm(a, RCX, offsetof(Handler, is_valid), 0);
    asm_jcc_back(a, CC_NE, known);
    asm_bind8(a, none);
    asm_bind8(a, other);
}

/* The jumps are taken where the parent rax makes `this` itself. */
static void stubs_super_is_later(Asm *a, uint32_t jumps[2])
{
    asm_cmp8_imm(a, RAX, offsetof(Cell, kind), KIND_FUNCTION);
    jumps[0] = asm_jcc(a, CC_NE);
    asm_load(a, RCX, RAX, offsetof(Function, code));
    asm_load32(a, RCX, RCX, offsetof(Code, flags));
    asm_alu32_imm(a, ALU_AND, RCX, UNIT_IS_DERIVED);
    jumps[1] = asm_jcc(a, CC_NE);
}

/* `is_super`: parent rax is constructed for new.target rsi, which the site knows. */
static void stubs_new(Asm *a, const HandlerSpace *space, bool is_super)
{
    Fails fails = { .count = 0 };
    Search search;
    uint32_t later[4], later_count = 0;
    asm_test(a, RAX, REG_NOT_CELL);
    stubs_fail_if(a, &fails, CC_NE);
    if (is_super) stubs_super_is_later(a, later), later_count = 2;
    else asm_mov(a, RSI, RAX);
    asm_load(a, RCX, RDX, offsetof(InlineCache, word));
    asm_test(a, RCX, RCX);
    later[later_count++] = asm_jcc(a, CC_E);
    stubs_handler_of(a, space->base);
    asm_alu_load(a, ALU_CMP, RSI, RCX, offsetof(Handler, value));
    uint32_t other = asm_jcc(a, CC_NE), known = asm_here(a);
    stubs_new_known(a, &fails);
    asm_bind(a, other);
    stubs_new_second(a, space, known);
    asm_load(a, R8, RDX, offsetof(InlineCache, more));
    asm_alu_imm(a, ALU_CMP, R8, (int32_t)(intptr_t)CACHE_MEGAMORPHIC);
    later[later_count++] = asm_jcc(a, CC_B);
    uint32_t is_poly = asm_jcc(a, CC_A);
    stubs_find_common_construct(a, space, &search);
    asm_bind(a, is_poly);
    stubs_find_poly_construct(a, space, &search);
    for (int i = 0; i < 2; i++) asm_bind_to(a, search.found[i], known);
    for (uint32_t i = 0; i < COUNT_OF(search.none); i++) asm_bind(a, search.none[i]);
    for (uint32_t i = 0; i < later_count; i++) asm_bind(a, later[i]);
    stubs_new_later(a, &fails);
    stubs_fail(a, &fails);
}

void stubs_objects_write(Asm *a, const HandlerSpace *space, uint32_t at[STUB_COUNT])
{
    at[STUB_INSTANCE] = asm_here(a);
    stubs_instance(a, space);
    at[STUB_GET_ELEMENT] = asm_here(a);
    stubs_get_element(a);
    at[STUB_SET_ELEMENT] = asm_here(a);
    stubs_set_element(a);
    at[STUB_NEW] = asm_here(a);
    stubs_new(a, space, false);
    at[STUB_SUPER] = asm_here(a);
    stubs_new(a, space, true);
}

void stubs_objects_write_whole(Asm *a, uint32_t at[STUB_COUNT])
{
    at[STUB_CLOSURE_OR_STEP] = asm_here(a);
    stubs_closure_or_step(a, at);
    at[STUB_ARRAY_OR_STEP] = asm_here(a);
    stubs_array_or_step(a, at);
}
