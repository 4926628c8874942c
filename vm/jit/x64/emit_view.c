/* SPDX-License-Identifier: MIT */
/* Elements of typed arrays, where a site has met them. What is in bounds by one look may be read and written after it
 * (vm/object/typed_array.h I1); views of buffers that may change their length, that are detached or immutable, and what
 * has to be converted, are the steps'. */
#include "vm/jit/x64/emit_int.h"

#include "vm/object/realm.h"
#include "vm/object/typed_array.h"

bool emit_view_has(CellKind kind)
{
    switch (kind) {
    case KIND_INT8_ARRAY: case KIND_UINT8_ARRAY: case KIND_UINT8_CLAMPED_ARRAY: case KIND_INT16_ARRAY:
    case KIND_UINT16_ARRAY: case KIND_INT32_ARRAY: case KIND_UINT32_ARRAY: case KIND_FLOAT32_ARRAY:
    case KIND_FLOAT64_ARRAY:
        return true;
    default:
        return false;
    }
}

/* Slow unless the buffer rdx has its bytes, and as many, for as long as it lives. */
static void emit_view_check_buffer(Emit *e)
{
    asm_alu_store_imm(&e->a, ALU_CMP, RDX, offsetof(ArrayBuffer, is_resizable), 0);  // not immutable, not detached
    emit_slow_jcc(e, CC_NE);
}
STATIC_ASSERT(offsetof(ArrayBuffer, is_immutable) == offsetof(ArrayBuffer, is_resizable) + 2
              && offsetof(ArrayBuffer, is_detached) == offsetof(ArrayBuffer, is_resizable) + 4,
                  "the three are compared at once");

/* Of object rax and key rcx: the address of the element into rdi. */
static void emit_view_address(Emit *e, CellKind kind)
{
    Asm *a = &e->a;
    emit_check_kind(e, kind);
    emit_check_index(e);
    asm_alu_load(a, ALU_CMP, RCX, RAX, offsetof(TypedArray, fixed_length));
    emit_slow_jcc(e, CC_AE);
    asm_load(a, RDX, RAX, offsetof(TypedArray, buffer));
    emit_view_check_buffer(e);
    asm_load(a, RDI, RDX, offsetof(ArrayBuffer, bytes));
    asm_alu_load(a, ALU_ADD, RDI, RAX, offsetof(TypedArray, byte_offset));
    asm_lea_index(a, RDI, RDI, RCX, typed_array_shift(kind), 0);
}
/* The integer at rdi into eax. */
static void emit_view_load(Asm *a, CellKind kind)
{
    switch (kind) {
    case KIND_INT8_ARRAY:
        asm_load8(a, RAX, RDI, 0);
        asm_shift32_imm(a, SHIFT_SHL, RAX, 24);
        asm_shift32_imm(a, SHIFT_SAR, RAX, 24);
        break;
    case KIND_INT16_ARRAY:
        asm_load16_signed(a, RAX, RDI, 0);
        asm_mov32(a, RAX, RAX);
        break;
    case KIND_UINT16_ARRAY: asm_load16(a, RAX, RDI, 0); break;
    case KIND_INT32_ARRAY: case KIND_UINT32_ARRAY: asm_load32(a, RAX, RDI, 0); break;
    default: asm_load8(a, RAX, RDI, 0);
    }
}

void emit_view_get(Emit *e, CellKind kind)
{
    Asm *a = &e->a;
    emit_view_address(e, kind);
    if (kind == KIND_FLOAT64_ARRAY || kind == KIND_FLOAT32_ARRAY) {
        if (kind == KIND_FLOAT64_ARRAY) asm_load_double(a, XMM0, RDI, 0);
        else asm_load_single(a, XMM0, RDI, 0);
        if (kind == KIND_FLOAT32_ARRAY) asm_single_to_double(a, XMM0, XMM0);
        asm_ucomisd(a, XMM0, XMM0);
        emit_slow_jcc(e, CC_P);
        emit_box(a, RAX, XMM0);
        emit_keep(e, KEPT_DOUBLE);
        return;
    }
    emit_view_load(a, kind);
    if (kind == KIND_UINT32_ARRAY) {
        asm_test32(a, RAX, RAX);
        emit_slow_jcc(e, CC_S);
    }
    asm_alu(a, ALU_OR, RAX, REG_INT_TAG);
    emit_keep(e, KEPT_INT);
}

/* Of a double, or an int32, in rsi. */
static void emit_view_set_double(Emit *e, CellKind kind)
{
    Asm *a = &e->a;
    asm_cvt_int32(a, XMM0, RSI);
    asm_alu(a, ALU_CMP, RSI, REG_INT_TAG);
    uint32_t is_int = asm_jcc8(a, CC_AE);
    asm_alu(a, ALU_ADD, RSI, REG_INT_TAG);
    emit_slow_jcc(e, CC_AE);
    asm_movq_to_xmm(a, XMM0, RSI);
    asm_bind8(a, is_int);
    if (kind == KIND_FLOAT64_ARRAY) {
        asm_store_double(a, RDI, 0, XMM0);
        return;
    }
    asm_double_to_single(a, XMM0, XMM0);
    asm_store_single(a, RDI, 0, XMM0);
}

/* eax, or what is nearest to it from 0 to 255, into al. */
static void emit_view_clamp(Asm *a)
{
    asm_alu32_imm(a, ALU_CMP, RAX, 255);
    uint32_t fits = asm_jcc8(a, CC_BE);
    asm_shift32_imm(a, SHIFT_SAR, RAX, 31);
    asm_not32(a, RAX);
    asm_bind8(a, fits);
}

void emit_view_set(Emit *e, CellKind kind)
{
    Asm *a = &e->a;
    emit_slow_custom(e, NULL, 0);
    asm_load(a, RAX, REG_FRAME, emit_r(e, 1));
    asm_load(a, RCX, REG_FRAME, emit_r(e, 2));
    asm_load(a, RSI, REG_FRAME, emit_r(e, 3));
    emit_view_address(e, kind);
    if (kind == KIND_FLOAT64_ARRAY || kind == KIND_FLOAT32_ARRAY) {
        emit_view_set_double(e, kind);
        return;
    }
    asm_alu(a, ALU_CMP, RSI, REG_INT_TAG);
    emit_slow_jcc(e, CC_B);
    asm_mov32(a, RAX, RSI);
    if (kind == KIND_UINT8_CLAMPED_ARRAY) emit_view_clamp(a);
    switch (typed_array_shift(kind)) {
    case 0:  asm_store8(a, RDI, 0, RAX); break;
    case 1:  asm_store16(a, RDI, 0, RAX); break;
    default: asm_store32(a, RDI, 0, RAX);
    }
}

/* ---- length ------------------------------------------------------------------------------------------------------ */

static bool emit_view_is_length(const Emit *e, Value f)
{
    return e->jit->view_length && value_is_kind(f, KIND_NATIVE) && function_native(f)->spec == e->jit->view_length;
}

bool emit_view_has_length(const Emit *e, const InlineCache *cache)
{
    uint64_t word = atomic_get_acquire(&cache->word);              // pairs with cache_learn
    if (!word || cache_payload(word) >= 0) return false;
    const Handler *handler = cache_handler(e->code->realm->vm, cache_payload(word));
    return handler->kind == HANDLER_GETTER && emit_view_is_length(e, handler->value);
}

void emit_view_length(Emit *e, const InlineCache *cache)
{
    Asm *a = &e->a;
    emit_check_shape(e, cache, STUB_FIND_LOAD, false);
    emit_check_handler(e, HANDLER_GETTER, 0);
    asm_load(a, RDI, RCX, offsetof(Handler, value));
    asm_test(a, RDI, REG_NOT_CELL);
    emit_slow_jcc(e, CC_NE);
    asm_cmp8_imm(a, RDI, offsetof(Cell, kind), KIND_NATIVE);
    emit_slow_jcc(e, CC_NE);
    asm_mov_imm(a, RDX, (uintptr_t)e->jit->view_length);
    asm_alu_load(a, ALU_CMP, RDX, RDI, offsetof(Native, spec));
    emit_slow_jcc(e, CC_NE);
    asm_load8(a, RCX, RAX, offsetof(Cell, kind));
    asm_alu32_imm(a, ALU_SUB, RCX, KIND_FIRST_TYPED_ARRAY);
    asm_alu32_imm(a, ALU_CMP, RCX, KIND_LAST_TYPED_ARRAY - KIND_FIRST_TYPED_ARRAY);
    emit_slow_jcc(e, CC_A);
    asm_load(a, RDX, RAX, offsetof(TypedArray, buffer));
    emit_view_check_buffer(e);
    asm_load(a, RCX, RAX, offsetof(TypedArray, fixed_length));
    asm_alu_imm(a, ALU_CMP, RCX, INT32_MAX);
    emit_slow_jcc(e, CC_A);
    asm_mov(a, RAX, RCX);
    asm_alu(a, ALU_OR, RAX, REG_INT_TAG);
    emit_keep(e, KEPT_INT);
}
