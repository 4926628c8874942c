/* SPDX-License-Identifier: MIT */
#include "vm/object/convert.h"

#include "gc/alloc.h"
#include "vm/object/array.h"
#include "vm/object/error.h"
#include "vm/object/primitive.h"
#include "vm/object/proxy.h"
#include "vm/value/bigint.h"
#include "vm/value/equal.h"
#include "vm/value/number.h"

static const double largest_length = 9007199254740991.0;     // 2^53 - 1

bool convert_to_boolean(Value v)
{
    if (value_is_boolean(v)) return value_bool(v);
    if (value_is_int(v)) return value_int(v) != 0;
    if (value_is_number(v)) {
        double d = value_double(v);
        return d == d && d != 0;
    }
    if (!value_is_cell(v)) return false;
    if (value_is_string(v)) return string_of(v)->length != 0;
    return !value_is_bigint(v) || !bigint_is_zero(bigint_of(v));
}

/* ---- ToPrimitive (7.1.1) -------------------------------------------------------------------------------------- */

Value convert_ordinary_to_primitive(Goroutine *g, Object *o, PrimitiveHint hint)
{
    AtomId names[2] = { ATOM_valueOf, ATOM_toString };
    if (hint == HINT_STRING) names[0] = ATOM_toString, names[1] = ATOM_valueOf;
    for (int i = 0; i < 2; i++) {
        Value method = TRY(object_get(g, o, vm_atom(g->vm, names[i])));
        if (!value_is_callable(method)) continue;
        Value result = TRY(callable_call0(g, method, value_from_cell(o)));
        if (!value_is_object(result)) return result;
    }
    return error_throw(g, ERROR_TYPE, "Cannot convert object to primitive value");
}

Value convert_to_primitive_slow(Goroutine *g, Value v, PrimitiveHint hint)
{
    Value exotic = TRY(object_get_method(g, v, g->vm->symbols[SYMBOL_toPrimitive]));
    if (!value_is_undefined(exotic)) {
        static const AtomId hints[] = { ATOM_default, ATOM_number, ATOM_string };
        Value result = TRY(callable_call1(g, exotic, v, vm_atom(g->vm, hints[hint])));
        if (value_is_object(result)) return error_throw(g, ERROR_TYPE, "Cannot convert object to primitive value");
        return result;
    }
    return convert_ordinary_to_primitive(g, object_of(v), hint == HINT_DEFAULT ? HINT_NUMBER : hint);
}

/* ---- numbers ----------------------------------------------------------------------------------------------------- */

Value convert_to_number_slow(Goroutine *g, Value v)
{
    for (;;) {
        if (value_is_number(v)) return v;
        if (value_is_undefined(v)) return VALUE_NAN;
        if (value_is_null(v) || v == VALUE_FALSE) return VALUE_ZERO;
        if (v == VALUE_TRUE) return value_from_int(1);
        if (value_is_string(v)) return value_from_double(number_from_string(&g->heap, string_of(v)));
        if (value_is_symbol(v)) return error_throw(g, ERROR_TYPE, "Cannot convert a Symbol value to a number");
        if (value_is_bigint(v)) return error_throw(g, ERROR_TYPE, "Cannot convert a BigInt value to a number");
        v = TRY(convert_to_primitive_slow(g, v, HINT_NUMBER));
    }
}

bool convert_to_double(Goroutine *g, Value v, double *d)
{
    *d = value_number(TRY_BOOL(convert_to_number(g, v)));
    return true;
}

Value convert_to_numeric(Goroutine *g, Value v)
{
    v = TRY(convert_to_primitive(g, v, HINT_NUMBER));
    return value_is_bigint(v) ? v : convert_to_number(g, v);
}

bool convert_to_integer(Goroutine *g, Value v, double *d)
{
    if (value_is_int(v)) return *d = value_int(v), true;
    OK_BOOL(convert_to_double(g, v, d));
    *d = number_to_integer(*d);
    return true;
}

bool convert_to_length(Goroutine *g, Value v, double *d)
{
    OK_BOOL(convert_to_integer(g, v, d));
    if (*d <= 0) *d = 0;
    if (*d > largest_length) *d = largest_length;
    return true;
}

bool convert_to_index(Goroutine *g, Value v, uint64_t *index)
{
    double d;
    OK_BOOL(convert_to_integer(g, v, &d));
    if (d < 0 || d > largest_length) return error_throw_bool(g, ERROR_RANGE, "Invalid index %V", v);
    *index = (uint64_t)d;
    return true;
}

bool convert_to_int32(Goroutine *g, Value v, int32_t *i)
{
    if (value_is_int(v)) return *i = value_int(v), true;
    double d;
    OK_BOOL(convert_to_double(g, v, &d));
    *i = number_to_int32(d);
    return true;
}

bool convert_to_uint32(Goroutine *g, Value v, uint32_t *i)
{
    int32_t bits;
    OK_BOOL(convert_to_int32(g, v, &bits));
    *i = (uint32_t)bits;
    return true;
}

/* ---- BigInt (7.1.13) --------------------------------------------------------------------------------------------- */

Value convert_to_bigint(Goroutine *g, Value v)
{
    v = TRY(convert_to_primitive(g, v, HINT_NUMBER));
    if (value_is_bigint(v)) return v;
    if (value_is_boolean(v)) return value_from_cell(bigint_from_int64(&g->heap, value_bool(v)));
    if (value_is_string(v)) {
        bool ok;
        BigInt *b = bigint_parse(&g->heap, string_view(&g->heap, string_of(v)), &ok);
        if (b) return value_from_cell(b);
        if (ok) return error_throw(g, ERROR_RANGE, "Maximum BigInt size exceeded");
        return error_throw(g, ERROR_SYNTAX, "Cannot convert %V to a BigInt", v);
    }
    return error_throw(g, ERROR_TYPE, "Cannot convert %V to a BigInt", v);
}

bool convert_to_bigint64(Goroutine *g, Value v, uint64_t *bits)
{
    *bits = bigint_low64(bigint_of(TRY_BOOL(convert_to_bigint(g, v))));
    return true;
}

/* ---- strings, keys, objects -------------------------------------------------------------------------------------- */

String *convert_to_string_slow(Goroutine *g, Value v)
{
    LocalHeap *h = &g->heap;
    for (;;) {
        if (value_is_string(v)) return string_of(v);
        if (value_is_int(v)) return number_int_to_string(h, value_int(v));
        if (value_is_number(v)) return number_to_string(h, value_double(v));
        if (value_is_undefined(v)) return string_of(vm_atom(g->vm, ATOM_undefined));
        if (value_is_null(v)) return string_of(vm_atom(g->vm, ATOM_null));
        if (value_is_boolean(v)) return string_of(vm_atom(g->vm, value_bool(v) ? ATOM_true : ATOM_false));
        if (value_is_bigint(v)) {
            String *s = bigint_to_string(h, bigint_of(v), 10);
            if (!s) error_throw_string_length(g);
            return s;
        }
        if (value_is_symbol(v)) {
            error_throw(g, ERROR_TYPE, "Cannot convert a Symbol value to a string");
            return NULL;
        }
        v = convert_to_primitive_slow(g, v, HINT_STRING);
        if (value_is_thrown(v)) return NULL;
    }
}

PropertyKey convert_to_property_key(Goroutine *g, Value v)
{
    if (value_is_int(v) && value_int(v) >= 0) return key_from_index((uint32_t)value_int(v));
    if (value_is_string(v)) return intern_key(&g->heap, string_of(v));
    if (value_is_symbol(v)) return v;
    uint32_t index;
    if (value_is_double(v) && number_is_index(value_double(v), &index)) return key_from_index(index);
    v = TRY(convert_to_primitive(g, v, HINT_STRING));
    if (value_is_symbol(v)) return v;
    String *s = convert_to_string(g, v);
    return s ? intern_key(&g->heap, s) : VALUE_THROWN;
}

Value convert_to_object(Goroutine *g, Value v)
{
    if (value_is_object(v)) return v;
    if (value_is_nullish(v)) return error_throw(g, ERROR_TYPE, "Cannot convert undefined or null to object");
    return value_from_cell(primitive_new_wrapper(g, v));
}

bool convert_length_of(Goroutine *g, Object *o, double *length)
{
    if (o->cell.kind == KIND_ARRAY) return *length = atomic_get_relaxed(&((Array *)o)->length), true;
    Value v = TRY_BOOL(object_get(g, o, vm_atom(g->vm, ATOM_length)));
    return convert_to_length(g, v, length);
}

bool convert_to_relative_index(Goroutine *g, Value v, double length, double fallback, double *index)
{
    double d = fallback;
    if (!value_is_undefined(v)) {
        OK_BOOL(convert_to_integer(g, v, &d));
        if (d < 0) d = d + length < 0 ? 0 : d + length;
        if (d > length) d = length;
    }
    *index = d;
    return true;
}

PropertyKey convert_index_to_key(LocalHeap *h, double index)
{
    uint32_t small;
    if (number_is_index(index, &small)) return key_from_index(small);
    return value_from_cell(intern_string(h, number_to_string(h, index)));
}

Value convert_key_to_value(LocalHeap *h, PropertyKey key)
{
    if (!key_is_index(key)) return key;
    uint32_t index = key_index(key);
    if (index <= INT32_MAX) return value_from_cell(number_int_to_string(h, (int32_t)index));
    return value_from_cell(number_to_string(h, index));
}

bool convert_require_coercible(Goroutine *g, Value v)
{
    if (!value_is_nullish(v)) return true;
    return error_throw_bool(g, ERROR_TYPE, "Cannot convert undefined or null to object");
}

Tri convert_is_array(Goroutine *g, Value v)
{
    for (;;) {
        if (!value_is_object(v)) return TRI_FALSE;
        if (value_is_kind(v, KIND_ARRAY)) return TRI_TRUE;
        if (!value_is_kind(v, KIND_PROXY) && !value_is_kind(v, KIND_CALLABLE_PROXY)) return TRI_FALSE;
        v = TRY_TRI(proxy_target(g, object_of(v)));
    }
}

/* ---- comparison (7.2.13, 7.2.14) --------------------------------------------------------------------------------- */

static Tri convert_equal_bigint_string(Goroutine *g, Value b, Value s)
{
    bool ok;
    BigInt *parsed = bigint_parse(&g->heap, string_view(&g->heap, string_of(s)), &ok);
    if (!parsed && ok) return error_throw_out_of_memory(g), TRI_THROWN;
    return tri_from_bool(parsed && bigint_equal(bigint_of(b), parsed));
}

Tri convert_loosely_equal(Goroutine *g, Value a, Value b)
{
    for (;;) {
        if (value_is_number(a) && value_is_number(b)) return tri_from_bool(value_number(a) == value_number(b));
        if (value_is_nullish(a) || value_is_nullish(b)) return tri_from_bool(value_is_nullish(a) && value_is_nullish(b));
        bool object_a = value_is_object(a), object_b = value_is_object(b);
        if (object_a && object_b) return tri_from_bool(a == b);
        if (value_is_boolean(a) && value_is_boolean(b)) return tri_from_bool(a == b);
        if (value_is_boolean(a)) a = value_from_int(value_bool(a));
        else if (value_is_boolean(b)) b = value_from_int(value_bool(b));
        else if (object_a) a = TRY_TRI(convert_to_primitive_slow(g, a, HINT_DEFAULT));
        else if (object_b) b = TRY_TRI(convert_to_primitive_slow(g, b, HINT_DEFAULT));
        else if (value_is_string(a) && value_is_number(b)) a = value_from_double(number_from_string(&g->heap, string_of(a)));
        else if (value_is_number(a) && value_is_string(b)) b = value_from_double(number_from_string(&g->heap, string_of(b)));
        else if (value_is_bigint(a) && value_is_string(b)) return convert_equal_bigint_string(g, a, b);
        else if (value_is_string(a) && value_is_bigint(b)) return convert_equal_bigint_string(g, b, a);
        else if (value_is_bigint(a) && value_is_number(b))
            return tri_from_bool(bigint_compare_double(bigint_of(a), value_number(b)) == LIMBS_EQUAL);
        else if (value_is_number(a) && value_is_bigint(b))
            return tri_from_bool(bigint_compare_double(bigint_of(b), value_number(a)) == LIMBS_EQUAL);
        else return tri_from_bool(equal_strict(&g->heap, a, b));
    }
}

/* a against b where at least one is a BigInt and both are numeric or text that reads as a BigInt. */
static bool convert_order_bigints(Goroutine *g, Value a, Value b, LimbsOrder *order)
{
    bool ok = true;
    BigInt *x = value_is_bigint(a) ? bigint_of(a) : NULL, *y = value_is_bigint(b) ? bigint_of(b) : NULL;
    if (value_is_string(a)) x = bigint_parse(&g->heap, string_view(&g->heap, string_of(a)), &ok);
    if (value_is_string(b)) y = bigint_parse(&g->heap, string_view(&g->heap, string_of(b)), &ok);
    bool is_refused = ok && ((!x && value_is_string(a)) || (!y && value_is_string(b)));
    if (is_refused) return error_throw_out_of_memory(g), false;
    if (!ok) *order = LIMBS_UNORDERED;
    else if (x) *order = y ? bigint_compare(x, y) : bigint_compare_double(x, value_number(b));
    else *order = bigint_compare_double(y, value_number(a));
    if (!x && *order != LIMBS_UNORDERED) *order = (LimbsOrder)-(int)*order;
    return true;
}

static bool convert_both_to_primitive(Goroutine *g, Value *a, Value *b, bool left_first)
{
    if (left_first) {
        *a = TRY_BOOL(convert_to_primitive(g, *a, HINT_NUMBER));
        *b = TRY_BOOL(convert_to_primitive(g, *b, HINT_NUMBER));
    } else {
        *b = TRY_BOOL(convert_to_primitive(g, *b, HINT_NUMBER));
        *a = TRY_BOOL(convert_to_primitive(g, *a, HINT_NUMBER));
    }
    return true;
}

Tri convert_less_than(Goroutine *g, Value a, Value b, bool left_first, bool *undefined)
{
    bool nowhere;
    if (!undefined) undefined = &nowhere;
    *undefined = false;
    OK_TRI(convert_both_to_primitive(g, &a, &b, left_first));
    if (value_is_string(a) && value_is_string(b))
        return tri_from_bool(string_compare(&g->heap, string_of(a), string_of(b)) < 0);
    bool big_a = value_is_bigint(a), big_b = value_is_bigint(b);
    if (!(big_a && value_is_string(b)) && !(value_is_string(a) && big_b)) {
        a = TRY_TRI(convert_to_numeric(g, a));
        b = TRY_TRI(convert_to_numeric(g, b));
    }
    if (big_a || big_b) {
        LimbsOrder order;
        if (!convert_order_bigints(g, a, b, &order)) return TRI_THROWN;
        *undefined = order == LIMBS_UNORDERED;
        return tri_from_bool(order == LIMBS_LESS);
    }
    double x = value_number(a), y = value_number(b);
    *undefined = x != x || y != y;
    return tri_from_bool(x < y);
}

Value convert_typeof(const Vm *vm, Value v)
{
    if (value_is_number(v)) return vm_atom(vm, ATOM_number);
    if (value_is_undefined(v)) return vm_atom(vm, ATOM_undefined);
    if (value_is_boolean(v)) return vm_atom(vm, ATOM_boolean);
    if (value_is_null(v)) return vm_atom(vm, ATOM_object);
    if (value_is_string(v)) return vm_atom(vm, ATOM_string);
    if (value_is_symbol(v)) return vm_atom(vm, ATOM_symbol);
    if (value_is_bigint(v)) return vm_atom(vm, ATOM_bigint);
    return vm_atom(vm, value_is_callable(v) ? ATOM_function : ATOM_object);
}
