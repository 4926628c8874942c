/* SPDX-License-Identifier: MIT */
/* convert.h - type conversion (ECMA-262 7.1) and the comparisons that convert (7.2). */
#ifndef US_OBJECT_CONVERT_H
#define US_OBJECT_CONVERT_H

#include "vm/object/object.h"

typedef enum PrimitiveHint { HINT_DEFAULT, HINT_NUMBER, HINT_STRING } PrimitiveHint;

bool convert_to_boolean(Value v);

NODISCARD Value convert_to_primitive_slow(Goroutine *g, Value v, PrimitiveHint hint);
NODISCARD static inline Value convert_to_primitive(Goroutine *g, Value v, PrimitiveHint hint)
{
    return value_is_object(v) ? convert_to_primitive_slow(g, v, hint) : v;
}

/** OrdinaryToPrimitive (7.1.1.1). */
NODISCARD Value convert_ordinary_to_primitive(Goroutine *g, Object *o, PrimitiveHint hint);

/** ToNumber: a number value. */
NODISCARD Value convert_to_number_slow(Goroutine *g, Value v);
NODISCARD static inline Value convert_to_number(Goroutine *g, Value v)
{
    return value_is_number(v) ? v : convert_to_number_slow(g, v);
}

/** ToNumber into a double; false: thrown. */
NODISCARD bool convert_to_double(Goroutine *g, Value v, double *d);

/** ToNumeric: a number or BigInt value. */
NODISCARD Value convert_to_numeric(Goroutine *g, Value v);

/** ToString; NULL: thrown. */
NODISCARD String *convert_to_string_slow(Goroutine *g, Value v);
NODISCARD static inline String *convert_to_string(Goroutine *g, Value v)
{
    return value_is_string(v) ? string_of(v) : convert_to_string_slow(g, v);
}

/** ToPropertyKey; VALUE_THROWN (never a key) when thrown. */
NODISCARD PropertyKey convert_to_property_key(Goroutine *g, Value v);

/** ToObject. */
NODISCARD Value convert_to_object(Goroutine *g, Value v);

/** ToIntegerOrInfinity, ToLength, ToIndex (RangeError), ToInt32, ToUint32; false: thrown. */
NODISCARD bool convert_to_integer(Goroutine *g, Value v, double *d);
NODISCARD bool convert_to_length(Goroutine *g, Value v, double *d);
NODISCARD bool convert_to_index(Goroutine *g, Value v, uint64_t *index);
NODISCARD bool convert_to_int32(Goroutine *g, Value v, int32_t *i);
NODISCARD bool convert_to_uint32(Goroutine *g, Value v, uint32_t *i);

/** ToBigInt; ToBigInt64 and ToBigUint64 as bits. */
NODISCARD Value convert_to_bigint(Goroutine *g, Value v);
NODISCARD bool convert_to_bigint64(Goroutine *g, Value v, uint64_t *bits);

/** LengthOfArrayLike (7.3.18). */
NODISCARD bool convert_length_of(Goroutine *g, Object *o, double *length);

/** A relative index argument: undefined is `fallback`, negative counts from `length`, clamped to 0..length. */
NODISCARD bool convert_to_relative_index(Goroutine *g, Value v, double length, double fallback, double *index);

/** Key of an array-like's element: an index key, or the atom of a larger integer. */
NODISCARD PropertyKey convert_index_to_key(LocalHeap *h, double index);

/** A key as the string or symbol the language sees. */
NODISCARD Value convert_key_to_value(LocalHeap *h, PropertyKey key);

/** RequireObjectCoercible; false: thrown. */
NODISCARD bool convert_require_coercible(Goroutine *g, Value v);

/** IsLooselyEqual and IsLessThan (7.2.14, 7.2.13). Less: TRI_FALSE also for undefined (NaN), which `*undefined`, may be
 *  NULL, tells apart. left_first: evaluation order of the operands' conversion. */
NODISCARD Tri convert_loosely_equal(Goroutine *g, Value a, Value b);
NODISCARD Tri convert_less_than(Goroutine *g, Value a, Value b, bool left_first, bool *undefined);

/** `typeof v`: an atom. */
Value convert_typeof(const Vm *vm, Value v);

/** IsArray (7.2.2): sees through proxies. */
NODISCARD Tri convert_is_array(Goroutine *g, Value v);

#endif
