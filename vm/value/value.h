/* SPDX-License-Identifier: MIT */
/* value.h - what a value is: 64 bits, NaN-boxed, in the encoding of JavaScriptCore.
 *
 *     0000:pppp:pppp:pppp          cell (pointer as it is; gc/cell.h I3)
 *     0002:****:****:**** ..
 *     fffc:****:****:****          double, its bits plus 2^49
 *     fffe:0000:iiii:iiii          int32
 *     0x02 null  0x0a undefined  0x06 false  0x07 true  0x12 hole  0 thrown  0x1a parked  0x22 tail call
 *
 * I1  A number is an int32 or a double; -0 and everything outside int32 are doubles, and an integral double in range
 *     may be either (value_from_double makes it an int32, arithmetic fast paths need not).
 * I2  NaN has two bit patterns inside a Value: VALUE_NAN, and the same with the sign that processors give what they
 *     compute (value_is_nan). Bytes from outside go through value_from_double.
 * I3  The hole marks an absent array element and a binding in its dead zone; no expression yields it.
 * I4  VALUE_THROWN is not a value: a function returns it when the exception is in the goroutine.
 * I5  VALUE_PARKED is not a value: an operation returns it when its fiber waits (sched/fiber.h). Only the
 *     interpreter, the goroutine's loop and what they call last see it.
 * I6  VALUE_TAIL_CALL is not a value: a native function returns it when a function of JavaScript is to run in its
 *     place, whose frame is g->fp (exec/invoke.h). Only what calls native functions sees it. */
#ifndef US_VALUE_VALUE_H
#define US_VALUE_VALUE_H

#include <math.h>

#include "gc/cell.h"
#include "vm/base/bits.h"

typedef enum CellKind {
#define KIND(NAME, text) KIND_##NAME,
#include "vm/value/kinds.def"
    KIND_COUNT
} CellKind;

enum {
    KIND_FIRST_STRING = KIND_STRING,
    KIND_FIRST_NOT_STRING = KIND_SYMBOL,
    KIND_FIRST_OBJECT = KIND_OBJECT,
    KIND_FIRST_TYPED_ARRAY = KIND_INT8_ARRAY,
    KIND_LAST_TYPED_ARRAY = KIND_BIGUINT64_ARRAY,
    KIND_FIRST_CALLABLE = KIND_CALLABLE_PROXY,
};

#define VALUE_INT_TAG     UINT64_C(0xfffe000000000000)
#define VALUE_DOUBLE_BIAS (UINT64_C(1) << 49)

#define VALUE_THROWN    UINT64_C(0x00)
#define VALUE_NULL      UINT64_C(0x02)
#define VALUE_FALSE     UINT64_C(0x06)
#define VALUE_TRUE      UINT64_C(0x07)
#define VALUE_UNDEFINED UINT64_C(0x0a)
#define VALUE_HOLE      UINT64_C(0x12)
#define VALUE_PARKED    UINT64_C(0x1a)
#define VALUE_TAIL_CALL UINT64_C(0x22)
#define VALUE_NAN       (UINT64_C(0x7ff8000000000000) + VALUE_DOUBLE_BIAS)
#define VALUE_ZERO      VALUE_INT_TAG

static inline bool value_is_thrown(Value v)    { return v == VALUE_THROWN; }
static inline bool value_is_hole(Value v)      { return v == VALUE_HOLE; }
static inline bool value_is_parked(Value v)    { return v == VALUE_PARKED; }
static inline bool value_is_undefined(Value v) { return v == VALUE_UNDEFINED; }
static inline bool value_is_null(Value v)      { return v == VALUE_NULL; }
static inline bool value_is_nullish(Value v)   { return (v & ~UINT64_C(8)) == VALUE_NULL; }
static inline bool value_is_boolean(Value v)   { return (v & ~UINT64_C(1)) == VALUE_FALSE; }
static inline bool value_is_int(Value v)       { return v >= VALUE_INT_TAG; }
static inline bool value_is_number(Value v)    { return (v & VALUE_INT_TAG) != 0; }
static inline bool value_is_double(Value v)    { return value_is_number(v) && !value_is_int(v); }
static inline bool value_is_nan(Value v)       { return (v & INT64_MAX) == VALUE_NAN; }
static inline bool value_are_ints(Value a, Value b) { return (a & b) >= VALUE_INT_TAG; }

/* `v` must not be VALUE_THROWN. */
static inline bool value_is_cell(Value v)
{
    ASSERT(v != VALUE_THROWN, "I4");
    return !(v & VALUE_NOT_CELL_MASK);
}

static inline Cell *value_cell(Value v)
{
    ASSERT(value_is_cell(v), "the value is a cell");
    return (Cell *)(uintptr_t)v;
}

static inline Value value_from_cell(const void *cell) { return (Value)(uintptr_t)cell; }
static inline Value value_from_bool(bool b)           { return VALUE_FALSE + b; }
static inline Value value_from_int(int32_t i)         { return VALUE_INT_TAG | (uint32_t)i; }
static inline int32_t value_int(Value v)              { return (int32_t)(uint32_t)v; }
static inline bool value_bool(Value v)                { return v == VALUE_TRUE; }

/* A double as it is, kept a double. `d` is not a NaN of foreign bits (I2). */
static inline Value value_from_raw_double(double d)
{
    return bits_from_double(d) + VALUE_DOUBLE_BIAS;
}

static inline double value_double(Value v)
{
    return bits_to_double(v - VALUE_DOUBLE_BIAS);
}

/* Any double: canonical NaN, int32 where that is the same number. */
static inline Value value_from_double(double d)
{
    int32_t i = (d >= -2147483648.0 && d <= 2147483647.0) ? (int32_t)d : 0;
    if ((double)i == d && (i != 0 || !signbit(d))) return value_from_int(i);
    if (d != d) return VALUE_NAN;
    return value_from_raw_double(d);
}

static inline Value value_from_uint32(uint32_t u)
{
    return u <= INT32_MAX ? value_from_int((int32_t)u) : value_from_raw_double((double)u);
}

static inline Value value_from_int64(int64_t i)
{
    return i >= INT32_MIN && i <= INT32_MAX ? value_from_int((int32_t)i) : value_from_raw_double((double)i);
}

/* `v` is a number. */
static inline double value_number(Value v)
{
    return value_is_int(v) ? (double)value_int(v) : value_double(v);
}

static inline bool value_is_kind(Value v, CellKind kind)
{
    return value_is_cell(v) && value_cell(v)->kind == kind;
}

static inline bool value_is_string(Value v)
{
    return value_is_cell(v) && value_cell(v)->kind < KIND_FIRST_NOT_STRING;
}

static inline bool value_is_symbol(Value v)   { return value_is_kind(v, KIND_SYMBOL); }
static inline bool value_is_bigint(Value v)   { return value_is_kind(v, KIND_BIGINT); }

static inline bool value_is_object(Value v)
{
    return value_is_cell(v) && value_cell(v)->kind >= KIND_FIRST_OBJECT;
}

static inline bool value_is_callable(Value v)
{
    return value_is_cell(v) && value_cell(v)->kind >= KIND_FIRST_CALLABLE;
}

/** The kind's name from kinds.def. */
const char *value_kind_name(CellKind kind);

#endif
