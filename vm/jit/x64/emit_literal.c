/* SPDX-License-Identifier: MIT */
/* Literals and definitions. What they make is new, hence private or born shared, and needs no barrier. */
#include "vm/jit/x64/emit_int.h"

#include "gc/alloc.h"
#include "vm/object/array.h"
#include "vm/object/realm.h"

enum { EMIT_MOST_VALUES = 16 };          // of a literal that is made in place

/* Frame slot `slot` into the new cell rax. */
static void emit_literal_copy(Emit *e, int32_t at, int32_t slot)
{
    asm_load(&e->a, RCX, REG_FRAME, slot);
    asm_store(&e->a, RAX, at, RCX);
}

/* The slot of value `i` of those that follow operand unit `unit`. */
static int32_t emit_literal_value(const Emit *e, int unit, uint32_t i)
{
    return emit_r(e, unit) + (int32_t)sizeof(Value) * (1 + (int32_t)i);
}

/* Once the site has its shape. */
static void emit_literal_object(Emit *e)
{
    uint32_t count = e->pc[5];
    Value number = atomic_get_acquire(&e->code->constants[opcode_read_u32(e->pc + 2)]);
    if (!value_is_int(number) || count > EMIT_MOST_VALUES) {
        emit_step(e);
        return;
    }
    emit_room(e, (uint32_t)ALLOC_ROUND(sizeof(Object) + count * sizeof(Value)));
    emit_header(e, 0, shape_at(e->code->realm->vm, (uint32_t)value_int(number))->header);
    asm_store_imm(&e->a, RAX, offsetof(Object, ool), 0);
    for (uint32_t i = 0; i < count; i++)
        emit_literal_copy(e, (int32_t)(sizeof(Object) + i * sizeof(Value)), emit_literal_value(e, 4, i));
    emit_keep(e, KEPT_VALUE);
}

/* A new array of `count` values, one at least, into rax, its vector behind it, yet to be filled. */
static void emit_literal_vector(Emit *e, uint32_t count)
{
    Asm *a = &e->a;
    emit_room(e, (uint32_t)(sizeof(Array) + ALLOC_ROUND(sizeof(Elements) + count * sizeof(Value))));
    emit_header(e, 0, e->code->realm->array_shape->header);
    asm_store_imm(a, RAX, offsetof(Object, ool), 0);
    asm_store_imm(a, RAX, offsetof(Array, extra), VALUE_UNDEFINED);
    emit_header(e, sizeof(Array), CELL_HEADER(0, KIND_ELEMENTS, 0));
    asm_store_imm(a, RAX, (int32_t)(sizeof(Array) + offsetof(Elements, capacity)), (int32_t)count);
    asm_lea(a, RCX, RAX, sizeof(Array));
    asm_store(a, RAX, offsetof(Array, elements), RCX);
    asm_alu_imm(a, ALU_ADD, RCX, sizeof(Elements));
    asm_store(a, RAX, offsetof(Array, base), RCX);
    asm_mov_imm(a, RCX, (uint64_t)count << 32 | count);
    asm_store(a, RAX, offsetof(Array, capacity), RCX);
}

/* Where value `i` of that is. */
static int32_t emit_literal_place(uint32_t i)
{
    return (int32_t)(sizeof(Array) + sizeof(Elements) + i * sizeof(Value));
}

static void emit_literal_array(Emit *e)
{
    emit_or_step(e, STUB_ARRAY_OR_STEP);
    emit_keep(e, KEPT_VALUE);
}

/* Of constants, which a vector of the function's keeps. */
static void emit_literal_constants(Emit *e)
{
    Asm *a = &e->a;
    const Elements *from = (const Elements *)value_cell(e->code->constants[opcode_read_u32(e->pc + 2)]);
    if (from->capacity > EMIT_MOST_VALUES || !from->capacity) {
        emit_step(e);
        return;
    }
    emit_literal_vector(e, from->capacity);
    asm_mov_imm(a, RDX, (uintptr_t)from->items);
    for (uint32_t i = 0; i < from->capacity; i++) {
        asm_load(a, RCX, RDX, emit_slot((int)i));
        asm_store(a, RAX, emit_literal_place(i), RCX);
    }
    emit_keep(e, KEPT_VALUE);
}
STATIC_ASSERT(sizeof(Array) % CELL_GRANULE_BYTES == 0, "the vector begins where the array ends");
STATIC_ASSERT(offsetof(Array, length) == offsetof(Array, capacity) + 4, "length and capacity are stored at once");
STATIC_ASSERT(offsetof(Elements, unused) == offsetof(Elements, capacity) + 4,
              "a vector's first word is stored at once");

static void emit_literal_closure(Emit *e)
{
    emit_or_step(e, STUB_CLOSURE_OR_STEP);
    emit_keep(e, KEPT_VALUE);
}

/* Strings, and what is no cell, are primitives. */
static void emit_literal_part(Emit *e)
{
    Asm *a = &e->a;
    emit_load_first(e, emit_r(e, 2));
    asm_test(a, RAX, REG_NOT_CELL);
    uint32_t is_primitive = asm_jcc8(a, CC_NE);
    asm_cmp8_imm(a, RAX, offsetof(Cell, kind), KIND_FIRST_NOT_STRING);
    emit_slow_jcc(e, CC_AE);
    asm_bind8(a, is_primitive);
    emit_keep(e, KEPT_VALUE);
}

/* ---- arguments --------------------------------------------------------------------------------------------------- */

static void emit_literal_arguments_length(Emit *e)
{
    emit_count_arguments(&e->a, RAX);
    asm_alu(&e->a, ALU_OR, RAX, REG_INT_TAG);
    emit_keep(e, KEPT_INT);
}

/* One that was passed. */
static void emit_literal_argument(Emit *e)
{
    Asm *a = &e->a;
    bool key_int = emit_use_kept(e, emit_r(e, 2), KEPT_INT);
    if (!key_int) {
        emit_load_first(e, emit_r(e, 2));
        asm_alu(a, ALU_CMP, RAX, REG_INT_TAG);
        emit_slow_jcc(e, CC_B);
    }
    asm_mov32(a, RCX, RAX);
    emit_count_arguments(a, RDX);
    asm_alu32(a, ALU_CMP, RCX, RDX);
    emit_slow_jcc(e, CC_AE);
    asm_load_index(a, RAX, REG_FRAME, RCX, 3, emit_slot(FRAME_ARGUMENTS));
    emit_keep(e, KEPT_VALUE);
}

void emit_literal(Emit *e)
{
    switch (*e->pc) {
    case OP_INIT_PROP:      emit_property_init(e); break;
    case OP_OBJECT_LITERAL: emit_literal_object(e); break;
    case OP_NEW_ARRAY:      emit_literal_array(e); break;
    case OP_NEW_ARRAY_CONSTANT: emit_literal_constants(e); break;
    case OP_CLOSURE:        emit_literal_closure(e); break;
    case OP_TO_PART:        emit_literal_part(e); break;
    case OP_ARGUMENTS_LENGTH: emit_literal_arguments_length(e); break;
    case OP_GET_ARGUMENT:   emit_literal_argument(e); break;
    default:                emit_step(e);
    }
}
