/* SPDX-License-Identifier: MIT */
/* Elements of typed arrays, where a site has met them. What is in bounds by one look may be read and written after it
 * (vm/object/typed_array.h I1). Views of buffers that may change their length, that are detached, immutable or long,
 * are the steps', and so is the conversion of what is no number. */
#include "vm/jit/x64/asm_element_inl.h"
#include "vm/jit/x64/emit_int.h"
#include "vm/object/realm.h"
#include "vm/object/typed_array.h"
#include "vm/value/number.h"

bool emit_view_has(CellKind kind)
{
    switch (kind) {
    case KIND_INT8_ARRAY: case KIND_UINT8_ARRAY: case KIND_UINT8_CLAMPED_ARRAY: case KIND_INT16_ARRAY:
    case KIND_UINT16_ARRAY: case KIND_INT32_ARRAY: case KIND_UINT32_ARRAY: case KIND_FLOAT32_ARRAY:
    case KIND_FLOAT64_ARRAY: case KIND_FLOAT16_ARRAY: case KIND_BIGINT64_ARRAY: case KIND_BIGUINT64_ARRAY:
        return true;
    default:
        return false;
    }
}

/* Are elements made and stored by C functions? */
static bool emit_view_is_called(CellKind kind)
{
    return kind == KIND_FLOAT16_ARRAY || kind == KIND_BIGINT64_ARRAY || kind == KIND_BIGUINT64_ARRAY;
}

/* Slow unless the buffer rdi has its bytes, and as many, for as long as it lives. */
static void emit_view_check_buffer(Emit *e)
{
    asm_alu_store_imm(&e->a, ALU_CMP, RDI, offsetof(ArrayBuffer, is_resizable), 0);    // nor any of those behind it
    emit_slow_jcc(e, CC_NE);
}
STATIC_ASSERT(offsetof(ArrayBuffer, is_long) == offsetof(ArrayBuffer, is_resizable) + 1
              && offsetof(ArrayBuffer, is_immutable) == offsetof(ArrayBuffer, is_resizable) + 2
              && offsetof(ArrayBuffer, is_detached) == offsetof(ArrayBuffer, is_resizable) + 4,
                  "the four are compared at once");

/* Of object rax and key rcx: the element's index into rcx, and the place of the first element into rdi. With the tag
 * taken off, whatever is no int32 is beyond every length but that of views that track their buffer's, whose buffers are
 * resizable; so is a negative one, unless the buffer is long. */
static void emit_view_find(Emit *e, CellKind kind, bool key_int)
{
    Asm *a = &e->a;
    emit_check_kind(e, kind);
    if (!key_int) asm_alu(a, ALU_XOR, RCX, REG_INT_TAG);
    asm_alu_load(a, ALU_CMP, RCX, RAX, offsetof(TypedArray, fixed_length));
    emit_slow_jcc(e, CC_AE);
    asm_load(a, RDI, RAX, offsetof(TypedArray, buffer));
    emit_view_check_buffer(e);
    asm_load(a, RDI, RAX, offsetof(TypedArray, first));
}

static bool emit_view_is_double(CellKind kind)
{
    return kind == KIND_FLOAT64_ARRAY || kind == KIND_FLOAT32_ARRAY;
}

/* ---- loads ------------------------------------------------------------------------------------------------------- */

/* There are several NaN in memory, and one as a value. */
static void emit_view_nan(Emit *e, const EmitSlow *slow)
{
    asm_mov_imm(&e->a, RAX, VALUE_NAN);
    emit_give(e, slow);
}

/* eax is no int32. */
static void emit_view_large(Emit *e, const EmitSlow *slow)
{
    asm_cvt_int64(&e->a, XMM0, RAX);
    emit_box(&e->a, RAX, XMM0);
    emit_give(e, slow);
}

static void emit_view_get_double(Emit *e, CellKind kind)
{
    Asm *a = &e->a;
    if (kind == KIND_FLOAT64_ARRAY) {
        asm_load_double_index(a, XMM0, RDI, RCX, 3);
    } else {
        asm_load_single_index(a, XMM0, RDI, RCX, 2);
        asm_single_to_double(a, XMM0, XMM0);
    }
    asm_ucomisd(a, XMM0, XMM0);
    emit_slow_giving(e, emit_view_nan);
    emit_slow_jcc(e, CC_P);
    emit_box(a, RAX, XMM0);
    emit_keep(e, KEPT_DOUBLE);
}

static void emit_view_get_int(Emit *e, CellKind kind)
{
    Asm *a = &e->a;
    switch (kind) {
    case KIND_INT8_ARRAY:   asm_load8_index_signed(a, RAX, RDI, RCX, 0); break;
    case KIND_INT16_ARRAY:  asm_load16_index_signed(a, RAX, RDI, RCX, 1); break;
    case KIND_UINT16_ARRAY: asm_load16_index(a, RAX, RDI, RCX, 1, 0); break;
    case KIND_INT32_ARRAY: case KIND_UINT32_ARRAY: asm_load32_index(a, RAX, RDI, RCX, 2); break;
    default:                asm_load8_index(a, RAX, RDI, RCX, 0, 0);
    }
    if (kind == KIND_UINT32_ARRAY) {
        asm_test32(a, RAX, RAX);
        emit_slow_giving(e, emit_view_large);
        emit_slow_jcc(e, CC_S);
    }
    asm_alu(a, ALU_OR, RAX, REG_INT_TAG);
    emit_keep(e, KEPT_INT);
}

static void emit_view_get_called(Emit *e, CellKind kind)
{
    Asm *a = &e->a;
    emit_save_pc(e);
    asm_lea_index(a, RDX, RDI, RCX, typed_array_shift(kind), 0);
    asm_lea(a, RDI, REG_G, offsetof(Goroutine, heap));
    asm_mov_imm(a, RSI, (uint32_t)kind);
    asm_call(a, (const void *)(uintptr_t)typed_array_decode);
    emit_keep(e, KEPT_VALUE);
}

void emit_view_get(Emit *e, CellKind kind, bool key_int)
{
    emit_view_find(e, kind, key_int);
    if (*e->pc == OP_GET_ELEM_KEEP) {
        asm_lea_index(&e->a, RDX, REG_INT_TAG, RCX, 0, 0);
        asm_store(&e->a, REG_FRAME, emit_r(e, 2), RDX);
    }
    if (emit_view_is_called(kind)) emit_view_get_called(e, kind);
    else if (emit_view_is_double(kind)) emit_view_get_double(e, kind);
    else emit_view_get_int(e, kind);
}

/* ---- stores ------------------------------------------------------------------------------------------------------ */

/* Where the value of a store is. */
typedef enum ViewSource {
    VIEW_VALUE,                          // in rdx
    VIEW_INT,                            // in edx
    VIEW_DOUBLE,                         // in xmm0
} ViewSource;

/* A number that is stored and known now. */
static ViewSource emit_view_load_constant(Emit *e, Value v, bool to_double)
{
    Asm *a = &e->a;
    if (!to_double) {
        asm_mov_imm(a, RDX, (uint32_t)value_int(v));
        return VIEW_INT;
    }
    asm_mov_imm(a, RDX, bits_from_double(value_number(v)));
    asm_movq_to_xmm(a, XMM0, RDX);
    return VIEW_DOUBLE;
}

/* The value of a store, while rax is what was kept: as it is. */
static ViewSource emit_view_load_any(Emit *e)
{
    if (emit_use_kept(e, emit_r(e, 3), KEPT_VALUE)) asm_mov(&e->a, RDX, RAX);
    else asm_load(&e->a, RDX, REG_FRAME, emit_r(e, 3));
    return VIEW_VALUE;
}

/* The same: as what is stored, if it is known to be that. */
static ViewSource emit_view_load_value(Emit *e, bool to_double)
{
    Asm *a = &e->a;
    Value v = e->kept->constant;
    int32_t slot = emit_r(e, 3);
    bool is_of_use = e->kept->has_constant && (to_double ? value_is_number(v) : value_is_int(v));
    if (is_of_use && emit_use_constant(e, slot, &v)) return emit_view_load_constant(e, v, to_double);
    if (to_double && emit_use_kept(e, slot, KEPT_DOUBLE)) return VIEW_DOUBLE;
    if (!to_double && emit_use_kept(e, slot, KEPT_INT)) {
        asm_mov32(a, RDX, RAX);
        return VIEW_INT;
    }
    return emit_view_load_any(e);
}

/* An int32 in edx where a double is usual. */
static void emit_view_convert_int(Emit *e, const EmitSlow *slow)
{
    asm_cvt_int32(&e->a, XMM0, RDX);
    asm_jmp_back(&e->a, slow->data);
}

static void emit_view_unbox(Emit *e)
{
    Asm *a = &e->a;
    uint32_t number = e->slow_count;
    emit_slow_custom(e, emit_view_convert_int, 0);
    asm_alu(a, ALU_CMP, RDX, REG_INT_TAG);
    emit_slow_jcc(e, CC_AE);
    asm_alu(a, ALU_ADD, RDX, REG_INT_TAG);
    emit_slow_jcc_first(e, CC_AE);
    asm_movq_to_xmm(a, XMM0, RDX);
    e->slows[number].data = asm_here(a);
}

/* What is in rdx where an int32 is usual. */
static void emit_view_convert(Emit *e, Stub stub, const EmitSlow *slow)
{
    asm_call(&e->a, emit_stub(e, stub));
    asm_jcc_back(&e->a, CC_AE, slow->data);
    emit_step(e);
    asm_jmp_back(&e->a, slow->back);
}

static void emit_view_truncate(Emit *e, const EmitSlow *slow)
{
    emit_view_convert(e, STUB_TRUNCATE, slow);
}

static void emit_view_round(Emit *e, const EmitSlow *slow)
{
    emit_view_convert(e, STUB_ROUND, slow);
}

static void emit_view_check_int(Emit *e, CellKind kind)
{
    uint32_t number = e->slow_count;
    emit_slow_custom(e, kind == KIND_UINT8_CLAMPED_ARRAY ? emit_view_round : emit_view_truncate, 0);
    asm_alu(&e->a, ALU_CMP, RDX, REG_INT_TAG);
    emit_slow_jcc(e, CC_B);
    e->slows[number].data = asm_here(&e->a);
}

static void emit_view_store_double(Asm *a, CellKind kind)
{
    if (kind == KIND_FLOAT64_ARRAY) {
        asm_store_double_index(a, RDI, RCX, 3, XMM0);
        return;
    }
    asm_double_to_single(a, XMM0, XMM0);
    asm_store_single_index(a, RDI, RCX, 2, XMM0);
}

/* edx, or what is nearest to it from 0 to 255, into dl. */
static void emit_view_clamp(Asm *a)
{
    asm_alu32_imm(a, ALU_CMP, RDX, 255);
    uint32_t fits = asm_jcc8(a, CC_BE);
    asm_shift32_imm(a, SHIFT_SAR, RDX, 31);
    asm_not32(a, RDX);
    asm_bind8(a, fits);
}

static void emit_view_store_int(Asm *a, CellKind kind)
{
    if (kind == KIND_UINT8_CLAMPED_ARRAY) emit_view_clamp(a);
    switch (typed_array_shift(kind)) {
    case 0:  asm_store8_index(a, RDI, RCX, 0, RDX); break;
    case 1:  asm_store16_index(a, RDI, RCX, 1, RDX); break;
    default: asm_store32_index(a, RDI, RCX, 2, RDX);
    }
}

static void emit_view_store_called(Emit *e, CellKind kind)
{
    Asm *a = &e->a;
    asm_lea_index(a, RSI, RDI, RCX, typed_array_shift(kind), 0);
    asm_mov_imm(a, RDI, (uint32_t)kind);
    asm_call(a, (const void *)(uintptr_t)typed_array_try_store);
    asm_movzx8(a, RAX, RAX);
    asm_test32(a, RAX, RAX);
    emit_slow_jcc(e, CC_E);
}

/* `source`: where the value is. */
static void emit_view_store(Emit *e, CellKind kind, ViewSource source)
{
    if (emit_view_is_called(kind)) {
        emit_view_store_called(e, kind);
    } else if (emit_view_is_double(kind)) {
        if (source == VIEW_VALUE) emit_view_unbox(e);
        emit_view_store_double(&e->a, kind);
    } else {
        if (source == VIEW_VALUE) emit_view_check_int(e, kind);
        emit_view_store_int(&e->a, kind);
    }
}

void emit_view_set(Emit *e, CellKind kind)
{
    Asm *a = &e->a;
    bool key_int = emit_use_kept(e, emit_r(e, 2), KEPT_INT);
    bool key_kept = key_int || emit_use_kept(e, emit_r(e, 2), KEPT_VALUE);
    bool object_kept = emit_use_kept(e, emit_r(e, 1), KEPT_VALUE);
    ViewSource source = emit_view_is_called(kind) ? emit_view_load_any(e)
                                                  : emit_view_load_value(e, emit_view_is_double(kind));
    if (key_int) asm_mov32(a, RCX, RAX);
    else if (key_kept) asm_mov(a, RCX, RAX);
    else asm_load(a, RCX, REG_FRAME, emit_r(e, 2));
    if (!object_kept) asm_load(a, RAX, REG_FRAME, emit_r(e, 1));
    emit_view_find(e, kind, key_int);
    emit_view_store(e, kind, source);
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
    asm_load(a, RDI, RAX, offsetof(TypedArray, buffer));
    emit_view_check_buffer(e);
    asm_load(a, RAX, RAX, offsetof(TypedArray, fixed_length));       // an int32, since the buffer is not long
    asm_alu(a, ALU_OR, RAX, REG_INT_TAG);
    emit_keep(e, KEPT_INT);
}
