/* SPDX-License-Identifier: MIT */
/* Named and indexed properties. */
#include "vm/jit/x64/emit_int.h"

#include "vm/exec/cache.h"
#include "vm/object/array.h"
#include "vm/object/realm.h"

/* ---- named ------------------------------------------------------------------------------------------------------- */

/* The value in rax misses the site's first word or finds a handler there. */
static void emit_property_load_other(Emit *e, const EmitSlow *slow)
{
    emit_or_accessor(e, STUB_LOAD_OR_STEP);
    emit_give(e, slow);
}

static void emit_property_getter_other(Emit *e, const EmitSlow *slow)
{
    asm_load(&e->a, RAX, REG_FRAME, emit_r(e, 2));
    emit_property_load_other(e, slow);
}

EmitMet emit_met(const Emit *e, const InlineCache *cache)
{
    uint64_t word = atomic_get_acquire(&cache->word);              // pairs with cache_learn
    if (!word || cache_payload(word) >= 0) return (EmitMet){ -1, 0 };
    const Handler *handler = cache_handler(e->code->realm->vm, cache_payload(word));
    return handler->depth <= 1 ? (EmitMet){ handler->kind, handler->depth } : (EmitMet){ -1, 0 };
}

void emit_load_accessor(Emit *e, EmitMet met, int32_t part)
{
    Asm *a = &e->a;
    if (met.kind == HANDLER_OWN_GETTER || met.kind == HANDLER_OWN_SETTER) {
        asm_load32(a, RDX, RCX, offsetof(Handler, offset));
        if (met.depth) asm_load(a, RDI, RAX, offsetof(Object, ool));
        asm_load_index(a, RDX, met.depth ? RDI : RAX, RDX, 0, 0);
        asm_load(a, RAX, RDX, part);
    } else {
        asm_load(a, RAX, RCX, offsetof(Handler, value));
    }
    emit_check_kind(e, KIND_FUNCTION);
}

/* A property that did not fit into the object. */
static void emit_property_get_chunk(Emit *e)
{
    Asm *a = &e->a;
    emit_check_handler(e, HANDLER_CHUNK, 1);
    asm_load(a, RAX, RAX, offsetof(Object, ool));
    asm_load32(a, RCX, RCX, offsetof(Handler, offset));
    asm_load_index(a, RAX, RAX, RCX, 0, 0);
    emit_keep(e, KEPT_VALUE);
}

/* A getter of a prototype, or of the object itself. */
static void emit_property_getter(Emit *e, EmitMet met)
{
    Asm *a = &e->a;
    emit_slow_giving(e, emit_property_getter_other);
    emit_load_first(e, emit_r(e, 2));
    emit_check_shape(e, emit_cache(e, 3), STUB_FIND_LOAD, false);
    emit_check_handler(e, (HandlerKind)met.kind, met.depth);
    asm_store(a, REG_FRAME, emit_below(e, 1), RAX);
    emit_load_accessor(e, met, offsetof(Accessor, getter));
    emit_call_accessor(e, 0);
    emit_keep(e, KEPT_VALUE);
}

static void emit_property_get(Emit *e)
{
    const InlineCache *cache = emit_cache(e, 3);
    EmitMet met = emit_met(e, cache);
    emit_builtin_note(e, e->code->cache_names[opcode_read_u32(e->pc + 3)]);
    if (met.kind == HANDLER_GETTER || met.kind == HANDLER_OWN_GETTER) {
        emit_property_getter(e, met);
        return;
    }
    EmitSlow *slow = emit_slow_giving(e, emit_property_load_other);
    emit_load_first(e, emit_r(e, 2));
    if (met.kind == HANDLER_CHUNK) {
        emit_check_shape(e, cache, STUB_FIND_LOAD, false);
        emit_property_get_chunk(e);
        return;
    }
    Asm a = e->a;
    emit_check_shape_at(e, &a, slow, cache, STUB_FIND_LOAD, false);
    asm_shift_imm(&a, SHIFT_SAR, RCX, 32);
    emit_jcc_to(&a, CC_S, slow);
    asm_load_index(&a, RAX, RAX, RCX, 0, 0);
    emit_keep_at(e, &a, KEPT_VALUE);
    asm_resume(&e->a, &a);
}

static void emit_property_store_other(Emit *e, const EmitSlow *slow)
{
    emit_or_accessor(e, STUB_STORE_OR_STEP);
    asm_jmp_back(&e->a, slow->back);
}

static void emit_property_setter_other(Emit *e, const EmitSlow *slow)
{
    asm_load(&e->a, RAX, REG_FRAME, emit_r(e, 1));
    emit_property_store_other(e, slow);
}

static void emit_property_define_other(Emit *e, const EmitSlow *slow)
{
    emit_or_step(e, STUB_DEFINE_OR_STEP);
    asm_jmp_back(&e->a, slow->back);
}

/* A constructor's field, in the object itself. */
static void emit_property_add(Emit *e)
{
    Asm *a = &e->a;
    emit_check_handler(e, HANDLER_ADD, 0);
    asm_load32(a, RDX, RCX, offsetof(Handler, offset));
    asm_store_index(a, RAX, RDX, 0, 0, RSI);
    asm_load32(a, RDX, RCX, offsetof(Handler, shape));
    asm_store32(a, RAX, offsetof(Cell, shape), RDX);
}

/* The object of a named store into rax and the site's word into rcx; slow unless the word is for the object's shape,
 * and the object one that is stored to in place. Returns whether the value is in rsi. */
static bool emit_property_store_shape(Emit *e, bool in_place)
{
    Asm *a = &e->a;
    int32_t object = emit_r(e, 1), value = emit_r(e, 4);
    bool value_kept = emit_use_kept(e, value, KEPT_VALUE);
    if (value_kept) asm_mov(a, RSI, RAX);
    if (value_kept && object != value) asm_load(a, RAX, REG_FRAME, object);
    else if (!value_kept) emit_load_first(e, object);
    emit_check_shape(e, emit_cache(e, 2), STUB_FIND_STORE, in_place);
    return value_kept;
}

/* The same for an object without flags, with its value in rsi. */
static void emit_property_store_plain(Emit *e)
{
    bool has_value = emit_property_store_shape(e, true);
    if (!has_value) asm_load(&e->a, RSI, REG_FRAME, emit_r(e, 4));
}

/* A setter of a prototype, or of the object itself. */
static void emit_property_setter(Emit *e, EmitMet met)
{
    Asm *a = &e->a;
    emit_slow_custom(e, emit_property_setter_other, 0);
    bool has_value = emit_property_store_shape(e, false);
    emit_check_handler(e, (HandlerKind)met.kind, met.depth);
    if (!has_value) asm_load(a, RSI, REG_FRAME, emit_r(e, 4));
    asm_store(a, REG_FRAME, emit_below(e, 2), RAX);
    asm_store(a, REG_FRAME, emit_below(e, 1), RSI);
    emit_load_accessor(e, met, offsetof(Accessor, setter));
    emit_call_accessor(e, 1);
}

static void emit_property_set(Emit *e)
{
    Asm *a = &e->a;
    EmitMet met = emit_met(e, emit_cache(e, 2));
    if (met.kind == HANDLER_SETTER || met.kind == HANDLER_OWN_SETTER) {
        emit_property_setter(e, met);
        return;
    }
    emit_slow_custom(e, emit_property_store_other, 0);
    emit_property_store_plain(e);
    if (met.kind == HANDLER_ADD) {
        emit_property_add(e);
        return;
    }
    asm_shift_imm(a, SHIFT_SAR, RCX, 32);
    emit_slow_jcc(e, CC_S);
    asm_store_index(a, RAX, RCX, 0, 0, RSI);
}

/* Literals and classes add what they define. */
void emit_property_init(Emit *e)
{
    if (emit_met(e, emit_cache(e, 2)).kind == HANDLER_ADD) {
        emit_slow_custom(e, emit_property_define_other, 0);
        emit_property_store_plain(e);
        emit_property_add(e);
        return;
    }
    asm_load(&e->a, RAX, REG_FRAME, emit_r(e, 1));
    emit_or_step(e, STUB_DEFINE_OR_STEP);
}

/* ---- length ------------------------------------------------------------------------------------------------------ */

/* A string in rax; else as any property. */
static void emit_property_length_other(Emit *e, const EmitSlow *slow)
{
    Asm *a = &e->a;
    asm_test(a, RAX, REG_NOT_CELL);
    uint32_t no_cell = asm_jcc8(a, CC_NE);
    asm_cmp8_imm(a, RAX, offsetof(Cell, kind), KIND_FIRST_NOT_STRING);
    uint32_t no_string = asm_jcc8(a, CC_AE);
    asm_load32(a, RAX, RAX, offsetof(String, length));
    asm_alu(a, ALU_OR, RAX, REG_INT_TAG);
    emit_give(e, slow);
    asm_bind8(a, no_cell);
    asm_bind8(a, no_string);
    emit_property_load_other(e, slow);
}

static void emit_property_length(Emit *e)
{
    Asm *a = &e->a;
    emit_slow_giving(e, emit_property_length_other);
    emit_load_first(e, emit_r(e, 2));
    if (emit_view_has_length(e, emit_cache(e, 3))) {
        emit_view_length(e, emit_cache(e, 3));
        return;
    }
    emit_check_kind(e, KIND_ARRAY);
    asm_load32(a, RCX, RAX, offsetof(Array, length));
    asm_test32(a, RCX, RCX);
    emit_slow_jcc(e, CC_S);
    asm_mov32(a, RAX, RCX);
    asm_alu(a, ALU_OR, RAX, REG_INT_TAG);
    emit_keep(e, KEPT_INT);
}

/* ---- indexed ----------------------------------------------------------------------------------------------------- */

/* Element ecx of the array rax into rax; the hole, or none, is slow. */
static void emit_property_element(Emit *e)
{
    Asm *a = &e->a;
    asm_alu32_load(a, ALU_CMP, RCX, RAX, offsetof(Array, capacity));
    emit_slow_jcc(e, CC_AE);
    asm_load(a, RDX, RAX, offsetof(Array, base));
    asm_load_index(a, RAX, RDX, RCX, 3, 0);
    asm_alu_imm(a, ALU_CMP, RAX, VALUE_HOLE);
    emit_slow_jcc(e, CC_E);
}

/* What the site has met last that is no array, by feedback operand `unit`: a kind of typed array, or KIND_STRING; 0:
 * none. */
static CellKind emit_property_indexed(const Emit *e, int unit)
{
    return (CellKind)atomic_get_relaxed(e->code->feedback - 1 - e->pc[unit]);
}

/* Object, key and value of a store into rax, rcx and rsi. */
static void emit_property_load_store(Emit *e)
{
    asm_load(&e->a, RAX, REG_FRAME, emit_r(e, 1));
    asm_load(&e->a, RCX, REG_FRAME, emit_r(e, 2));
    asm_load(&e->a, RSI, REG_FRAME, emit_r(e, 3));
}

/* What the template does not find: elsewhere in an array or a string, or what is no index. */
static void emit_property_element_other(Emit *e, const EmitSlow *slow)
{
    Asm *a = &e->a;
    asm_load(a, RAX, REG_FRAME, emit_r(e, 2));
    if (*e->pc == OP_GET_ELEM) asm_load(a, RCX, REG_FRAME, emit_r(e, 3));
    else asm_mov_imm(a, RCX, value_from_int(emit_imm(e, 3)));
    emit_slow_stub(e, slow, STUB_GET_ELEMENT, true);
}

/* Object and key of a load into rax and rcx. Returns whether the key is known to be an int32: it is in ecx then. */
static bool emit_property_load_element(Emit *e, int object, int key)
{
    Asm *a = &e->a;
    bool key_int = emit_use_kept(e, emit_r(e, key), KEPT_INT);
    if (!key_int && !emit_use_kept(e, emit_r(e, key), KEPT_VALUE)) {
        emit_load_first(e, emit_r(e, object));
        asm_load(a, RCX, REG_FRAME, emit_r(e, key));
        return false;
    }
    if (key_int) asm_mov32(a, RCX, RAX);
    else asm_mov(a, RCX, RAX);
    asm_load(a, RAX, REG_FRAME, emit_r(e, object));
    return key_int;
}

/* The unit at index rcx of the string rax, as a string; others than flat ones in Latin-1 are slow. */
static void emit_property_unit(Emit *e, bool key_int)
{
    Asm *a = &e->a;
    emit_check_kind(e, KIND_STRING);
    if (!key_int) asm_alu(a, ALU_XOR, RCX, REG_INT_TAG);         // what is no int32 is beyond every length
    asm_load32(a, RDX, RAX, offsetof(String, length));
    asm_alu(a, ALU_CMP, RCX, RDX);
    emit_slow_jcc(e, CC_AE);
    asm_test8_imm(a, RAX, offsetof(Cell, extra), STRING_WIDE);
    emit_slow_jcc(e, CC_NE);
    asm_load8_index(a, RCX, RAX, RCX, 0, offsetof(FlatString, latin1));
    asm_load(a, RAX, REG_G, offsetof(Goroutine, vm));
    asm_load_index(a, RAX, RAX, RCX, 3, offsetof(Vm, one_unit_strings));
    emit_keep(e, KEPT_VALUE);
}

static void emit_property_get_element(Emit *e, int object, int key)
{
    Asm *a = &e->a;
    CellKind met = emit_property_indexed(e, key + 1);
    if (*e->pc == OP_GET_ELEM) emit_slow_custom(e, emit_property_element_other, 0);
    bool key_int = emit_property_load_element(e, object, key);
    if (emit_view_has(met)) {
        emit_view_get(e, met, key_int);
        return;
    }
    if (*e->pc == OP_GET_ELEM && met == KIND_STRING) {
        emit_property_unit(e, key_int);
        return;
    }
    emit_check_kind(e, KIND_ARRAY);
    if (!key_int) emit_check_index(e);
    emit_property_element(e);
    if (*e->pc == OP_GET_ELEM_KEEP) {
        asm_alu(a, ALU_OR, RCX, REG_INT_TAG);
        asm_store(a, REG_FRAME, emit_r(e, 2), RCX);
    }
    emit_keep(e, KEPT_VALUE);
}

static void emit_property_get_element_int(Emit *e)
{
    Asm *a = &e->a;
    CellKind met = emit_property_indexed(e, 4);
    emit_slow_custom(e, emit_property_element_other, 0);
    asm_load(a, RAX, REG_FRAME, emit_r(e, 2));
    asm_mov_imm(a, RCX, (uint32_t)emit_imm(e, 3));
    if (emit_view_has(met)) {
        emit_view_get(e, met, true);
        return;
    }
    if (met == KIND_STRING) {
        emit_property_unit(e, true);
        return;
    }
    emit_check_kind(e, KIND_ARRAY);
    emit_property_element(e);
    emit_keep(e, KEPT_VALUE);
}

/* An array's hole is filled, or an element appended; or what is stored to is another view than is expected. */
static void emit_property_set_element_other(Emit *e, const EmitSlow *slow)
{
    Asm *a = &e->a;
    emit_property_load_store(e);
    emit_or_step(e, STUB_SET_ELEMENT_OR_STEP);
    asm_jmp_back(a, slow->back);
}

/* Object, key and value of a store into rax, rcx and rsi. Returns whether the key is known to be an int32. */
static bool emit_property_load_kept_store(Emit *e)
{
    Asm *a = &e->a;
    Value v;
    int32_t object = emit_r(e, 1), key = emit_r(e, 2), value = emit_r(e, 3);
    bool key_int = emit_use_kept(e, key, KEPT_INT), key_kept = key_int || emit_use_kept(e, key, KEPT_VALUE);
    bool value_kept = emit_use_kept(e, value, KEPT_VALUE), object_kept = emit_use_kept(e, object, KEPT_VALUE);
    if (emit_use_constant(e, value, &v)) asm_mov_imm(a, RSI, v);
    else if (value_kept) asm_mov(a, RSI, RAX);
    else asm_load(a, RSI, REG_FRAME, value);
    if (key_kept) asm_mov(a, RCX, RAX);
    else asm_load(a, RCX, REG_FRAME, key);
    if (!object_kept) asm_load(a, RAX, REG_FRAME, object);
    return key_int;
}

/* Overwrite an element of a private array. */
static void emit_property_set_array(Emit *e)
{
    Asm *a = &e->a;
    bool key_int = emit_property_load_kept_store(e);
    uint32_t no_cell = emit_test_cell(e);
    asm_cmp16_imm(a, RAX, offsetof(Cell, kind), KIND_ARRAY);       // and no flag
    emit_slow_jcc_both(e, no_cell);
    if (key_int) asm_mov32(a, RCX, RCX);
    else emit_check_index(e);
    emit_find_element(e);
    asm_store(a, RDX, 0, RSI);
}
STATIC_ASSERT(offsetof(Cell, flags) == offsetof(Cell, kind) + 1, "kind and flags are compared at once");

static void emit_property_set_element(Emit *e)
{
    CellKind kind = emit_property_indexed(e, 4);
    emit_slow_custom(e, emit_property_set_element_other, 0);
    if (emit_view_has(kind)) emit_view_set(e, kind);
    else emit_property_set_array(e);
}

/* Of a plain object or a closure. */
static void emit_property_proto(Emit *e)
{
    Asm *a = &e->a;
    emit_load_first(e, emit_r(e, 2));
    asm_load8(a, RCX, RAX, offsetof(Cell, kind));
    asm_alu32_imm(a, ALU_CMP, RCX, KIND_OBJECT);
    uint32_t is_object = asm_jcc8(a, CC_E);
    asm_alu32_imm(a, ALU_CMP, RCX, KIND_FUNCTION);
    emit_slow_jcc(e, CC_NE);
    asm_bind8(a, is_object);
    asm_load32(a, RCX, RAX, offsetof(Cell, shape));
    asm_imul_imm(a, RCX, RCX, sizeof(Shape));
    asm_load(a, RDX, REG_G, offsetof(Goroutine, vm));
    asm_alu_load(a, ALU_ADD, RCX, RDX, offsetof(Vm, shape_base));
    asm_load(a, RAX, RCX, offsetof(Shape, proto));
    emit_keep(e, KEPT_VALUE);
}

void emit_property(Emit *e)
{
    switch (*e->pc) {
    case OP_GET_PROP:      emit_property_get(e); break;
    case OP_SET_PROP:      emit_property_set(e); break;
    case OP_GET_LENGTH:    emit_property_length(e); break;
    case OP_GET_ELEM:      emit_property_get_element(e, 2, 3); break;
    case OP_GET_ELEM_KEEP: emit_property_get_element(e, 3, 4); break;
    case OP_GET_ELEM_INT:  emit_property_get_element_int(e); break;
    case OP_SET_ELEM:      emit_property_set_element(e); break;
    case OP_GET_PROTO:     emit_property_proto(e); break;
    case OP_GET_PRIVATE: case OP_SET_PRIVATE: emit_private(e); break;
    default:               emit_step(e);
    }
}
