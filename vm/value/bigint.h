/* SPDX-License-Identifier: MIT */
/* bigint.h - BigInt values: immutable cells of limbs (vm/base/limbs.h).
 *
 * Functions that make a BigInt return NULL when the result would exceed LIMBS_MOST_BITS or the heap refuses; the caller
 * throws "Maximum BigInt size exceeded". */
#ifndef US_VALUE_BIGINT_H
#define US_VALUE_BIGINT_H

#include "vm/base/limbs.h"
#include "vm/value/string.h"

typedef struct BigInt {                  // KIND_BIGINT
    Cell     cell;
    uint32_t count;                      // limbs; the top one is not 0
    uint32_t is_negative;
    Limb     limbs[];
} BigInt;

typedef enum BigIntOp {
    BIGINT_ADD, BIGINT_SUB, BIGINT_MUL, BIGINT_DIV, BIGINT_MOD, BIGINT_AND, BIGINT_OR, BIGINT_XOR,
    BIGINT_SHL, BIGINT_SHR,
} BigIntOp;

static inline BigInt *bigint_of(Value v)
{
    ASSERT(value_is_bigint(v), "the value is a BigInt");
    return (BigInt *)value_cell(v);
}

static inline LimbsInt bigint_limbs(const BigInt *b)
{
    return (LimbsInt){ b->limbs, b->count, b->is_negative != 0 };
}

static inline bool bigint_is_zero(const BigInt *b)
{
    return b->count == 0;
}

NODISCARD BigInt *bigint_from_int64(LocalHeap *h, int64_t i);
NODISCARD BigInt *bigint_from_uint64(LocalHeap *h, uint64_t i);

/** `d` is integral and finite. */
NODISCARD BigInt *bigint_from_double(LocalHeap *h, double d);

/** StringToBigInt (ECMA-262 7.1.14) of any text; literals' digits with prefix included. `*ok` false: not a BigInt. */
NODISCARD BigInt *bigint_parse(LocalHeap *h, StringView text, bool *ok);

/** The operation; BIGINT_DIV and BIGINT_MOD by zero are the caller's error. NULL: too large. */
NODISCARD BigInt *bigint_operate(LocalHeap *h, BigIntOp op, BigInt *a, BigInt *b);

/** a ** b, b >= 0. */
NODISCARD BigInt *bigint_power(LocalHeap *h, BigInt *a, BigInt *b);
NODISCARD BigInt *bigint_negate(LocalHeap *h, BigInt *a);
NODISCARD BigInt *bigint_not(LocalHeap *h, BigInt *a);
NODISCARD BigInt *bigint_add_int(LocalHeap *h, BigInt *a, int64_t i);
NODISCARD BigInt *bigint_as_int(LocalHeap *h, BigInt *a, uint64_t bits, bool is_unsigned);

bool bigint_equal(const BigInt *a, const BigInt *b);
LimbsOrder bigint_compare(const BigInt *a, const BigInt *b);
LimbsOrder bigint_compare_double(const BigInt *a, double d);
double bigint_to_double(const BigInt *a);

/** The lowest 64 bits in two's complement. */
uint64_t bigint_low64(const BigInt *a);

NODISCARD String *bigint_to_string(LocalHeap *h, BigInt *a, int radix);      // NULL: refused

size_t bigint_cell_size(const Cell *c);

#endif
