/* SPDX-License-Identifier: MIT */
#include "vm/object/typed_array.h"

#include <math.h>
#include <string.h>

#include "gc/mark.h"
#include "vm/object/convert.h"
#include "vm/object/error.h"
#include "vm/object/kinds.h"
#include "vm/value/bigint.h"
#include "vm/value/number.h"

/* Elements of a view when its buffer has `bytes`; SIZE_MAX: it is out of bounds. */
static size_t typed_array_length_in(const TypedArray *t, size_t bytes)
{
    int shift = typed_array_shift(t->object.cell.kind);
    if (t->byte_offset > bytes) return SIZE_MAX;
    size_t fits = (bytes - t->byte_offset) >> shift;
    if (t->fixed_length == SIZE_MAX) return fits;
    return t->fixed_length <= fits ? t->fixed_length : SIZE_MAX;
}

bool typed_array_is_out_of_bounds(const TypedArray *t)
{
    if (buffer_is_detached(t->buffer)) return true;
    return typed_array_length_in(t, buffer_length(t->buffer)) == SIZE_MAX;
}

size_t typed_array_length(const TypedArray *t)
{
    if (buffer_is_detached(t->buffer)) return 0;
    if (LIKELY(!t->buffer->is_resizable)) return t->fixed_length;
    size_t length = typed_array_length_in(t, buffer_length(t->buffer));
    return length == SIZE_MAX ? 0 : length;
}

TypedArray *typed_array_new(LocalHeap *h, CellKind kind, Value proto, ArrayBuffer *buffer, size_t byte_offset,
                            size_t fixed_length)
{
    TypedArray *t = object_alloc(h, object_root_shape(h, kind, proto, 0), sizeof *t);
    t->buffer = buffer;
    t->byte_offset = byte_offset;
    t->fixed_length = fixed_length;
    t->first = buffer->bytes + byte_offset;
    return t;
}

/* ---- elements as bytes ------------------------------------------------------------------------------------------ */

/* IEEE 754 binary16, round half to even, straight from the double (one rounding). */
static uint16_t typed_array_to_half(double d)
{
    uint64_t bits = bits_from_double(d);
    uint16_t sign = (uint16_t)(bits >> 48 & 0x8000);
    if (d != d) return 0x7e00;
    double magnitude = fabs(d);
    if (magnitude >= 65520.0) return sign | 0x7c00;
    if (magnitude < 6.103515625e-05) return sign | (uint16_t)nearbyint(magnitude * 16777216.0);
    int exponent;
    double fraction = frexp(magnitude, &exponent);                // in [0.5, 1)
    uint32_t mantissa = (uint32_t)nearbyint(fraction * 2048.0);   // 1024 .. 2048
    return sign | (uint16_t)(((uint32_t)(exponent + 13) << 10) + mantissa);
}

static double typed_array_from_half(uint16_t half)
{
    int exponent = half >> 10 & 31;
    double fraction = half & 0x3ff;
    double magnitude = exponent == 0 ? ldexp(fraction, -24)
        : exponent == 31 ? (fraction != 0 ? NAN : INFINITY) : ldexp(fraction + 1024, exponent - 25);
    return half & 0x8000 ? -magnitude : magnitude;
}

static uint8_t typed_array_clamp(double d)
{
    if (!(d > 0)) return 0;
    return d >= 255 ? 255 : (uint8_t)nearbyint(d);
}

/* Elements are read and written whole (buffer.h). */
#define LOAD(T) ({ T raw_; __atomic_load((const T *)bytes, &raw_, __ATOMIC_RELAXED); raw_; })

Value typed_array_decode(LocalHeap *h, CellKind kind, const uint8_t *bytes)
{
    switch (kind) {
    case KIND_INT8_ARRAY:    return value_from_int(LOAD(int8_t));
    case KIND_INT16_ARRAY:   return value_from_int(LOAD(int16_t));
    case KIND_UINT16_ARRAY:  return value_from_int(LOAD(uint16_t));
    case KIND_INT32_ARRAY:   return value_from_int(LOAD(int32_t));
    case KIND_UINT32_ARRAY:  return value_from_uint32(LOAD(uint32_t));
    case KIND_FLOAT16_ARRAY: return value_from_double(typed_array_from_half(LOAD(uint16_t)));
    case KIND_FLOAT32_ARRAY: return value_from_double((double)LOAD(float));
    case KIND_FLOAT64_ARRAY: return value_from_double(LOAD(double));
    case KIND_BIGINT64_ARRAY:  return value_from_cell(bigint_from_int64(h, LOAD(int64_t)));
    case KIND_BIGUINT64_ARRAY: return value_from_cell(bigint_from_uint64(h, LOAD(uint64_t)));
    default:                 return value_from_int(LOAD(uint8_t));       // Uint8Array, Uint8ClampedArray
    }
}

#define STORE(T, expression) do { T raw_ = (T)(expression); memcpy(out, &raw_, sizeof raw_); } while (0)

bool typed_array_encode(Goroutine *g, CellKind kind, Value v, uint8_t out[8])
{
    if (kind >= KIND_BIGINT64_ARRAY) {
        uint64_t bits;
        OK_BOOL(convert_to_bigint64(g, v, &bits));
        STORE(uint64_t, bits);
        return true;
    }
    double d;
    OK_BOOL(convert_to_double(g, v, &d));
    switch (kind) {
    case KIND_UINT8_CLAMPED_ARRAY:                       *out = typed_array_clamp(d); break;
    case KIND_INT16_ARRAY: case KIND_UINT16_ARRAY:       STORE(int16_t, number_to_int32(d)); break;
    case KIND_INT32_ARRAY: case KIND_UINT32_ARRAY:       STORE(int32_t, number_to_int32(d)); break;
    case KIND_FLOAT16_ARRAY:                             STORE(uint16_t, typed_array_to_half(d)); break;
    case KIND_FLOAT32_ARRAY:                             STORE(float, d); break;
    case KIND_FLOAT64_ARRAY:                             STORE(double, d); break;
    default:                                             *out = (uint8_t)number_to_int32(d); break;
    }
    return true;
}

Value typed_array_try_get(LocalHeap *h, const TypedArray *t, size_t i)
{
    if (i >= typed_array_length(t)) return VALUE_HOLE;
    return typed_array_decode(h, t->object.cell.kind, typed_array_place(t, i));
}

#define STORE_WHOLE(T, expression) \
    do { T raw_ = (T)(expression); __atomic_store((T *)place, &raw_, __ATOMIC_RELAXED); } while (0)

bool typed_array_try_store(CellKind kind, uint8_t *place, Value v)
{
    if (value_is_int(v)) {
        switch (kind) {
        case KIND_INT8_ARRAY: case KIND_UINT8_ARRAY:   STORE_WHOLE(uint8_t, value_int(v)); return true;
        case KIND_INT16_ARRAY: case KIND_UINT16_ARRAY: STORE_WHOLE(int16_t, value_int(v)); return true;
        case KIND_INT32_ARRAY: case KIND_UINT32_ARRAY: STORE_WHOLE(int32_t, value_int(v)); return true;
        default: break;
        }
    }
    switch (kind) {
    case KIND_FLOAT16_ARRAY:
        if (!value_is_number(v)) return false;
        STORE_WHOLE(uint16_t, typed_array_to_half(value_number(v)));
        return true;
    case KIND_FLOAT64_ARRAY:
        if (!value_is_number(v)) return false;
        STORE_WHOLE(double, value_number(v));
        return true;
    case KIND_BIGINT64_ARRAY: case KIND_BIGUINT64_ARRAY:
        if (!value_is_kind(v, KIND_BIGINT)) return false;
        STORE_WHOLE(uint64_t, bigint_low64(bigint_of(v)));
        return true;
    default:
        return false;
    }
}

bool typed_array_try_set(const TypedArray *t, uint32_t i, Value v)
{
    if (i >= typed_array_length(t) || t->buffer->is_immutable) return false;
    return typed_array_try_store(t->object.cell.kind, typed_array_place(t, i), v);
}

bool typed_array_set(Goroutine *g, TypedArray *t, size_t i, Value v)
{
    uint64_t bits = 0;
    CellKind kind = t->object.cell.kind;
    if (i < typed_array_length(t) && typed_array_try_store(kind, typed_array_place(t, i), v)) return true;
    OK_BOOL(typed_array_encode(g, kind, v, (uint8_t *)&bits));
    if (i < typed_array_length(t)) buffer_store_element(typed_array_place(t, i), typed_array_shift(kind), bits);
    return true;
}

/* ---- internal methods (10.4.5) ----------------------------------------------------------------------------------- */

/* Is `key` a canonical numeric string? `*index`: a valid integer index, or SIZE_MAX for one that can never be. */
static bool typed_array_numeric_key(Goroutine *g, PropertyKey key, size_t *index)
{
    if (key_is_index(key)) return *index = key_index(key), true;
    if (!key_is_string(key)) return false;
    String *s = string_of(key);
    *index = SIZE_MAX;
    if (key == vm_atom(g->vm, ATOM_negative_zero)) return true;
    uint16_t first = s->length ? string_unit_at(&g->heap, s, 0) : 0;
    if (!(first == '-' || first == 'I' || first == 'N' || (first >= '0' && first <= '9'))) return false;
    double d = number_from_string(&g->heap, s);
    if (!string_equal(&g->heap, number_to_string(&g->heap, d), s)) return false;
    if (d >= 0 && d < 9007199254740992.0 && trunc(d) == d) *index = (size_t)d;
    return true;
}

static bool typed_array_has_index(const TypedArray *t, size_t index)
{
    return index < typed_array_length(t);
}

static Tri typed_array_get_own(Goroutine *g, Object *o, PropertyKey key, Descriptor *d)
{
    size_t index;
    if (!typed_array_numeric_key(g, key, &index)) return object_ordinary_get_own(g, o, key, d);
    Value v = typed_array_try_get(&g->heap, (TypedArray *)o, index);
    if (v == VALUE_HOLE) return TRI_FALSE;
    *d = descriptor_of_data(v, ((TypedArray *)o)->buffer->is_immutable ? PROPERTY_ENUMERABLE : PROPERTY_DEFAULT);
    return TRI_TRUE;
}

static Tri typed_array_has(Goroutine *g, Object *o, PropertyKey key)
{
    size_t index;
    if (!typed_array_numeric_key(g, key, &index)) return object_ordinary_has(g, o, key);
    return tri_from_bool(typed_array_has_index((TypedArray *)o, index));
}

static Tri typed_array_define_own(Goroutine *g, Object *o, PropertyKey key, const Descriptor *d)
{
    size_t index;
    if (!typed_array_numeric_key(g, key, &index)) return object_ordinary_define_own(g, o, key, d);
    if (!typed_array_has_index((TypedArray *)o, index) || descriptor_is_accessor(d)) return TRI_FALSE;
    if (((TypedArray *)o)->buffer->is_immutable) {
        Descriptor current;
        return tri_from_bool(ASK_TRI(typed_array_get_own(g, o, key, &current)) && object_is_compatible(g, false, d, &current));
    }
    static const struct { uint8_t field, attribute; } pairs[] = {
        { DESCRIPTOR_HAS_WRITABLE, PROPERTY_WRITABLE }, { DESCRIPTOR_HAS_ENUMERABLE, PROPERTY_ENUMERABLE },
        { DESCRIPTOR_HAS_CONFIGURABLE, PROPERTY_CONFIGURABLE },
    };
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        if ((d->fields & pairs[i].field) && !(d->attributes & pairs[i].attribute)) return TRI_FALSE;
    if (d->fields & DESCRIPTOR_HAS_VALUE) OK_TRI(typed_array_set(g, (TypedArray *)o, index, d->value));
    return TRI_TRUE;
}

static Value typed_array_get(Goroutine *g, Object *o, PropertyKey key, Value receiver)
{
    size_t index;
    if (!typed_array_numeric_key(g, key, &index)) return object_ordinary_get(g, o, key, receiver);
    Value v = typed_array_try_get(&g->heap, (TypedArray *)o, index);
    return v == VALUE_HOLE ? VALUE_UNDEFINED : v;
}

static Tri typed_array_set_property(Goroutine *g, Object *o, PropertyKey key, Value v, Value receiver)
{
    size_t index;
    if (!typed_array_numeric_key(g, key, &index)) return object_ordinary_set(g, o, key, v, receiver);
    if (receiver == value_from_cell(o)) {
        if (((TypedArray *)o)->buffer->is_immutable) return TRI_FALSE;
        OK_TRI(typed_array_set(g, (TypedArray *)o, index, v));
        return TRI_TRUE;
    }
    if (!typed_array_has_index((TypedArray *)o, index)) return TRI_TRUE;
    return object_ordinary_set(g, o, key, v, receiver);
}

static Tri typed_array_delete(Goroutine *g, Object *o, PropertyKey key)
{
    size_t index;
    if (!typed_array_numeric_key(g, key, &index)) return object_ordinary_delete(g, o, key);
    return tri_from_bool(!typed_array_has_index((TypedArray *)o, index));
}

static bool typed_array_own_keys(Goroutine *g, Object *o, ValueList **keys)
{
    size_t length = typed_array_length((TypedArray *)o);
    for (size_t i = 0; i < length; i++) list_push(&g->heap, keys, convert_index_to_key(&g->heap, (double)i));
    object_ordinary_own_keys(&g->heap, o, keys);
    return true;
}

/* 10.4.5.1: a view whose length may change cannot be made non-extensible. */
static Tri typed_array_prevent_extensions(Goroutine *g, Object *o)
{
    const TypedArray *t = (const TypedArray *)o;
    bool fixed = t->fixed_length != SIZE_MAX && (!t->buffer->is_resizable || t->buffer->is_shared);
    if (!fixed) return TRI_FALSE;
    object_restrict(&g->heap, o, SHAPE_TO_NOT_EXTENSIBLE, OBJECT_FIXED_ELEMENTS);
    return TRI_TRUE;
}

const ObjectOps typed_array_ops = {
    .get_own = typed_array_get_own,
    .define_own = typed_array_define_own,
    .has = typed_array_has,
    .get = typed_array_get,
    .set = typed_array_set_property,
    .delete_own = typed_array_delete,
    .own_keys = typed_array_own_keys,
    .prevent_extensions = typed_array_prevent_extensions,
};

static void typed_array_trace(Marker *m, Cell *c)
{
    TypedArray *t = (TypedArray *)c;
    mark_cell(m, t->object.ool);
    mark_cell(m, t->buffer);
}

void typed_array_register_kinds(void)
{
    for (int kind = KIND_FIRST_TYPED_ARRAY; kind <= KIND_LAST_TYPED_ARRAY; kind++)
        kinds_register((CellKind)kind, &(GcKind){ .name = "TYPED_ARRAY", .base_bytes = sizeof(TypedArray), .trace = typed_array_trace },
                       &typed_array_ops);
}
