/* SPDX-License-Identifier: MIT */
/* Atomics (ECMA-262 25.4). Elements are read and written with the machine's own atomic instructions, sequentially
 * consistent, whatever the buffer. */
#include "lib/atomics_int.h"

#include <string.h>

#include "lib/families.h"
#include "vm/base/atomic.h"
#include "vm/value/number.h"

typedef enum AtomicOp { ATOMIC_ADD, ATOMIC_AND, ATOMIC_EXCHANGE, ATOMIC_OR, ATOMIC_SUB, ATOMIC_XOR } AtomicOp;

/* ---- validation -------------------------------------------------------------------------------------------------- */

TypedArray *lib_atomics_array(Goroutine *g, Value v, AtomicUse use)
{
    bool waitable = use == ATOMIC_WAITS;
    TypedArray *t = use == ATOMIC_WRITES ? lib_typed_array_validate_write(g, v) : lib_typed_array_validate(g, v);
    if (!t) return NULL;
    CellKind kind = t->object.cell.kind;
    bool is_float = kind == KIND_FLOAT16_ARRAY || kind == KIND_FLOAT32_ARRAY || kind == KIND_FLOAT64_ARRAY;
    bool fits = waitable ? kind == KIND_INT32_ARRAY || kind == KIND_BIGINT64_ARRAY : !is_float && kind != KIND_UINT8_CLAMPED_ARRAY;
    if (fits) return t;
    error_throw(g, ERROR_TYPE, waitable ? "%V is not an int32 or BigInt64 typed array." : "%V is not an integer typed array.", v);
    return NULL;
}

bool lib_atomics_index(Goroutine *g, const TypedArray *t, Value v, uint64_t *index)
{
    size_t length = typed_array_length(t);
    OK_BOOL(convert_to_index(g, v, index));
    return *index < length || error_throw_bool(g, ERROR_RANGE, "Invalid atomic access index");
}

/* RevalidateAtomicAccess (25.4.3.4): conversions in between may have changed the buffer. */
static uint8_t *lib_atomics_place(Goroutine *g, TypedArray *t, uint64_t index)
{
    if (!lib_typed_array_validate(g, value_from_cell(t))) return NULL;
    if (index < typed_array_length(t)) return lib_typed_array_place(t, index);
    error_throw(g, ERROR_RANGE, "Invalid atomic access index");
    return NULL;
}

/* The operand as the standard converts it, a BigInt or an integral number; and as the element's bits. */
static bool lib_atomics_operand(Goroutine *g, const TypedArray *t, Value *v, uint64_t *bits)
{
    uint8_t raw[8] = { 0 };
    if (typed_array_is_bigint(t)) {
        *v = TRY_BOOL(convert_to_bigint(g, *v));
    } else {
        double d;
        OK_BOOL(convert_to_integer(g, *v, &d));
        *v = value_from_double(d);
    }
    OK_BOOL(typed_array_encode(g, t->object.cell.kind, *v, raw));
    memcpy(bits, raw, sizeof raw);
    return true;
}

static Value lib_atomics_value(Goroutine *g, const TypedArray *t, uint64_t bits)
{
    return typed_array_decode(&g->heap, t->object.cell.kind, (const uint8_t *)&bits);
}

/* ---- the memory -------------------------------------------------------------------------------------------------- */

#define BY_SIZE(shift, OPERATION)                      \
    switch (shift) {                                   \
    case 0: return OPERATION(uint8_t);                 \
    case 1: return OPERATION(uint16_t);                \
    case 2: return OPERATION(uint32_t);                \
    default: return OPERATION(uint64_t);               \
    }

uint64_t lib_atomics_load_bits(const uint8_t *place, int shift)
{
#define ATOMIC_LOAD(T) __atomic_load_n((const T *)place, __ATOMIC_SEQ_CST)
    BY_SIZE(shift, ATOMIC_LOAD)
}

static uint64_t lib_atomics_exchange_bits(uint8_t *place, int shift, uint64_t bits)
{
#define ATOMIC_SWAP(T) __atomic_exchange_n((T *)place, (T)bits, __ATOMIC_SEQ_CST)
    BY_SIZE(shift, ATOMIC_SWAP)
}

/* What was there; the replacement is stored if that was `expected`. */
static uint64_t lib_atomics_compare_bits(uint8_t *place, int shift, uint64_t expected, uint64_t replacement)
{
#define ATOMIC_COMPARE(T) ({ \
        T there_ = (T)expected; \
        __atomic_compare_exchange_n((T *)place, &there_, (T)replacement, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
        there_; })
    BY_SIZE(shift, ATOMIC_COMPARE)
}

static uint64_t lib_atomics_combine(AtomicOp op, uint64_t a, uint64_t b)
{
    switch (op) {
    case ATOMIC_ADD: return a + b;
    case ATOMIC_AND: return a & b;
    case ATOMIC_OR:  return a | b;
    case ATOMIC_SUB: return a - b;
    case ATOMIC_XOR: return a ^ b;
    default:         return b;
    }
}

static uint64_t lib_atomics_modify_bits(uint8_t *place, int shift, AtomicOp op, uint64_t operand)
{
    uint64_t mask = shift == 3 ? UINT64_MAX : (UINT64_C(1) << (8 << shift)) - 1;
    uint64_t old = lib_atomics_load_bits(place, shift);
    for (;;) {
        uint64_t there = lib_atomics_compare_bits(place, shift, old, lib_atomics_combine(op, old, operand) & mask);
        if (there == old) return old;
        old = there;
    }
}

/* ---- functions (25.4.4 to 25.4.17) ------------------------------------------------------------------------------- */

/* AtomicReadModifyWrite (25.4.3.14). magic: an AtomicOp. */
static Value lib_atomics_modify(Goroutine *g, Args a)
{
    uint64_t index, bits;
    Value v = arg(a, 2);
    TypedArray *t = lib_atomics_array(g, arg(a, 0), ATOMIC_WRITES);
    if (!t) return VALUE_THROWN;
    OK(lib_atomics_index(g, t, arg(a, 1), &index));
    OK(lib_atomics_operand(g, t, &v, &bits));
    uint8_t *place = lib_atomics_place(g, t, index);
    if (!place) return VALUE_THROWN;
    return lib_atomics_value(g, t, lib_atomics_modify_bits(place, typed_array_shift(t->object.cell.kind), (AtomicOp)args_magic(a), bits));
}

static Value lib_atomics_compare_exchange(Goroutine *g, Args a)
{
    uint64_t index, expected, replacement;
    Value v = arg(a, 2), w = arg(a, 3);
    TypedArray *t = lib_atomics_array(g, arg(a, 0), ATOMIC_WRITES);
    if (!t) return VALUE_THROWN;
    OK(lib_atomics_index(g, t, arg(a, 1), &index));
    OK(lib_atomics_operand(g, t, &v, &expected));
    OK(lib_atomics_operand(g, t, &w, &replacement));
    uint8_t *place = lib_atomics_place(g, t, index);
    if (!place) return VALUE_THROWN;
    int shift = typed_array_shift(t->object.cell.kind);
    return lib_atomics_value(g, t, lib_atomics_compare_bits(place, shift, expected, replacement));
}

static Value lib_atomics_is_lock_free(Goroutine *g, Args a)
{
    double n;
    OK(convert_to_integer(g, arg(a, 0), &n));
    return value_from_bool(n == 1 || n == 2 || n == 4 || n == 8);
}

static Value lib_atomics_load(Goroutine *g, Args a)
{
    uint64_t index;
    TypedArray *t = lib_atomics_array(g, arg(a, 0), ATOMIC_READS);
    if (!t) return VALUE_THROWN;
    OK(lib_atomics_index(g, t, arg(a, 1), &index));
    const uint8_t *place = lib_atomics_place(g, t, index);
    if (!place) return VALUE_THROWN;
    return lib_atomics_value(g, t, lib_atomics_load_bits(place, typed_array_shift(t->object.cell.kind)));
}

static Value lib_atomics_store(Goroutine *g, Args a)
{
    uint64_t index, bits;
    Value v = arg(a, 2);
    TypedArray *t = lib_atomics_array(g, arg(a, 0), ATOMIC_WRITES);
    if (!t) return VALUE_THROWN;
    OK(lib_atomics_index(g, t, arg(a, 1), &index));
    OK(lib_atomics_operand(g, t, &v, &bits));
    uint8_t *place = lib_atomics_place(g, t, index);
    if (!place) return VALUE_THROWN;
    lib_atomics_exchange_bits(place, typed_array_shift(t->object.cell.kind), bits);
    return v;
}

/* 25.4.13: a hint that the caller spins. */
static Value lib_atomics_pause(Goroutine *g, Args a)
{
    Value n = arg(a, 0);
    bool integral = value_is_number(n) && trunc(value_number(n)) == value_number(n) && isfinite(value_number(n));
    if (!value_is_undefined(n) && !integral) return error_throw(g, ERROR_TYPE, "%V is not an integral number", n);
    atomic_pause();
    return VALUE_UNDEFINED;
}

static const NativeSpec lib_atomics_functions[] = {
    LIB_MAGIC("add", 3, lib_atomics_modify, ATOMIC_ADD),
    LIB_MAGIC("and", 3, lib_atomics_modify, ATOMIC_AND),
    LIB_METHOD("compareExchange", 4, lib_atomics_compare_exchange),
    LIB_MAGIC("exchange", 3, lib_atomics_modify, ATOMIC_EXCHANGE),
    LIB_METHOD("isLockFree", 1, lib_atomics_is_lock_free),
    LIB_METHOD("load", 2, lib_atomics_load),
    LIB_MAGIC("or", 3, lib_atomics_modify, ATOMIC_OR),
    LIB_METHOD("pause", 0, lib_atomics_pause),
    LIB_METHOD("store", 3, lib_atomics_store),
    LIB_MAGIC("sub", 3, lib_atomics_modify, ATOMIC_SUB),
    LIB_MAGIC("xor", 3, lib_atomics_modify, ATOMIC_XOR),
};

void lib_atomics_install(const Lib *lib)
{
    Value atomics = install_object(lib, install_intrinsic(lib, INTRINSIC_ObjectPrototype));
    INSTALL_TABLE(lib, atomics, lib_atomics_functions);
    lib_atomics_install_waiting(lib, atomics);
    install_tag(lib, atomics, "Atomics");
    lib->realm->intrinsics[INTRINSIC_Atomics] = atomics;
    install_global(lib, "Atomics", atomics);
}
