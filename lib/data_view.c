/* SPDX-License-Identifier: MIT */
/* DataView (ECMA-262 25.3). */
#include "lib/data_view.h"

#include <string.h>

#include "gc/mark.h"
#include "lib/families.h"
#include "vm/object/kinds.h"
#include "vm/object/typed_array.h"

static void lib_data_view_trace(Marker *m, Cell *c)
{
    DataView *view = (DataView *)c;
    mark_cell(m, view->object.ool);
    mark_cell(m, view->buffer);
}

void data_view_register_kinds(void)
{
    kinds_register(KIND_DATA_VIEW, &(GcKind){ .name = "DATA_VIEW", .base_bytes = sizeof(DataView), .trace = lib_data_view_trace }, NULL);
}

/* GetViewByteLength; false: the view is out of bounds. */
static bool lib_data_view_try_length(const DataView *view, size_t *length)
{
    size_t bytes = buffer_length(view->buffer);
    if (buffer_is_detached(view->buffer) || view->byte_offset > bytes) return false;
    *length = view->fixed_length != SIZE_MAX ? view->fixed_length : bytes - view->byte_offset;
    return *length <= bytes - view->byte_offset;
}

bool data_view_is_out_of_bounds(const DataView *view)
{
    size_t length;
    return !lib_data_view_try_length(view, &length);
}

/* As much, of a view that was in bounds a moment ago. */
static size_t lib_data_view_length(const DataView *view)
{
    size_t length;
    return lib_data_view_try_length(view, &length) ? length : 0;
}

const ArrayBuffer *data_view_bytes(Value v, size_t *offset, size_t *count)
{
    const DataView *view = (const DataView *)value_cell(v);
    *count = lib_data_view_length(view);
    *offset = view->byte_offset;
    return view->buffer;
}

static DataView *lib_data_view_this(Goroutine *g, Args a)
{
    if (value_is_kind(a.self, KIND_DATA_VIEW)) return (DataView *)value_cell(a.self);
    error_throw(g, ERROR_TYPE, "%V is not a DataView", a.self);
    return NULL;
}

static bool lib_data_view_check(Goroutine *g, const DataView *view)
{
    if (!data_view_is_out_of_bounds(view)) return true;
    return error_throw_bool(g, ERROR_TYPE, "Cannot perform the operation on a detached or out-of-bounds DataView");
}

/* ---- the constructor (25.3.2.1) ---------------------------------------------------------------------------------- */

/* Is a view of `length` (UINT64_MAX: not given) at `offset` within the buffer? */
static bool lib_data_view_check_range(Goroutine *g, const ArrayBuffer *buffer, uint64_t offset, uint64_t length)
{
    if (buffer_is_detached(buffer)) return error_throw_bool(g, ERROR_TYPE, "Cannot construct DataView on a detached ArrayBuffer");
    uint64_t bytes = buffer_length(buffer);
    if (offset > bytes)
        return error_throw_bool(g, ERROR_RANGE, "Start offset %V is outside the bounds of the buffer", value_from_double((double)offset));
    if (length != UINT64_MAX && length > bytes - offset)
        return error_throw_bool(g, ERROR_RANGE, "Invalid DataView length %V", value_from_double((double)length));
    return true;
}

static Value lib_data_view_construct(Goroutine *g, Args a)
{
    uint64_t offset, length = UINT64_MAX;
    if (!args_is_construct(a)) return error_throw(g, ERROR_TYPE, "Constructor DataView requires 'new'");
    if (!value_is_kind(arg(a, 0), KIND_ARRAY_BUFFER))
        return error_throw(g, ERROR_TYPE, "First argument to DataView constructor must be an ArrayBuffer");
    ArrayBuffer *buffer = buffer_of(arg(a, 0));
    OK(convert_to_index(g, arg(a, 1), &offset));
    OK(lib_data_view_check_range(g, buffer, offset, length));
    if (!value_is_undefined(arg(a, 2))) OK(convert_to_index(g, arg(a, 2), &length));
    OK(lib_data_view_check_range(g, buffer, offset, length));
    Value proto = TRY(function_prototype_for(g, args_new_target(a), INTRINSIC_DataViewPrototype));
    OK(lib_data_view_check_range(g, buffer, offset, length));
    DataView *view = object_alloc(&g->heap, object_root_shape(&g->heap, KIND_DATA_VIEW, proto, 0), sizeof *view);
    view->buffer = buffer;
    view->byte_offset = offset;
    view->fixed_length = length;
    if (length == UINT64_MAX && !buffer->is_resizable) view->fixed_length = buffer_length(buffer) - offset;
    return value_from_cell(view);
}

/* ---- accessors --------------------------------------------------------------------------------------------------- */

static Value lib_data_view_buffer(Goroutine *g, Args a)
{
    const DataView *view = lib_data_view_this(g, a);
    return view ? value_from_cell(view->buffer) : VALUE_THROWN;
}

static Value lib_data_view_byte_length(Goroutine *g, Args a)
{
    const DataView *view = lib_data_view_this(g, a);
    if (!view || !lib_data_view_check(g, view)) return VALUE_THROWN;
    return value_from_double((double)lib_data_view_length(view));
}

static Value lib_data_view_byte_offset(Goroutine *g, Args a)
{
    const DataView *view = lib_data_view_this(g, a);
    if (!view || !lib_data_view_check(g, view)) return VALUE_THROWN;
    return value_from_double((double)view->byte_offset);
}

/* ---- elements ---------------------------------------------------------------------------------------------------- */

/* The address of an element of `size` bytes at `index`; NULL: thrown. */
static uint8_t *lib_data_view_place(Goroutine *g, const DataView *view, uint64_t index, size_t size)
{
    if (!lib_data_view_check(g, view)) return NULL;
    size_t length = lib_data_view_length(view);
    if (index <= length && size <= length - index) return view->buffer->bytes + view->byte_offset + index;
    error_throw(g, ERROR_RANGE, "Offset is outside the bounds of the DataView");
    return NULL;
}

/* Copy, turning round the bytes unless they are to be little-endian, as this machine's are. */
static void lib_data_view_copy(uint8_t *to, const uint8_t *from, size_t size, bool is_little)
{
    for (size_t i = 0; i < size; i++)
        buffer_store_element(to + i, 0, buffer_load_element(from + (is_little ? i : size - 1 - i), 0));
}

/* GetViewValue (25.3.1.5). magic: the kind of typed array whose elements these are. */
static Value lib_data_view_get(Goroutine *g, Args a)
{
    uint64_t index;
    _Alignas(8) uint8_t raw[8];
    CellKind kind = (CellKind)args_magic(a);
    size_t size = (size_t)1 << typed_array_shift(kind);
    const DataView *view = lib_data_view_this(g, a);
    if (!view) return VALUE_THROWN;
    OK(convert_to_index(g, arg(a, 0), &index));
    bool is_little = convert_to_boolean(arg(a, 1));
    const uint8_t *place = lib_data_view_place(g, view, index, size);
    if (!place) return VALUE_THROWN;
    lib_data_view_copy(raw, place, size, is_little);
    return typed_array_decode(&g->heap, kind, raw);
}

/* SetViewValue (25.3.1.6). */
static Value lib_data_view_set(Goroutine *g, Args a)
{
    uint64_t index;
    uint8_t raw[8];
    CellKind kind = (CellKind)args_magic(a);
    size_t size = (size_t)1 << typed_array_shift(kind);
    const DataView *view = lib_data_view_this(g, a);
    if (!view) return VALUE_THROWN;
    if (view->buffer->is_immutable) return error_throw(g, ERROR_TYPE, "Cannot write to an immutable ArrayBuffer");
    OK(convert_to_index(g, arg(a, 0), &index));
    OK(typed_array_encode(g, kind, arg(a, 1), raw));
    bool is_little = convert_to_boolean(arg(a, 2));
    uint8_t *place = lib_data_view_place(g, view, index, size);
    if (!place) return VALUE_THROWN;
    lib_data_view_copy(place, raw, size, is_little);
    return VALUE_UNDEFINED;
}

#define DATA_VIEW_PAIR(name, kind) \
    LIB_MAGIC("get" name, 1, lib_data_view_get, kind), LIB_MAGIC("set" name, 2, lib_data_view_set, kind)

static const NativeSpec lib_data_view_methods[] = {
    LIB_GETTER("buffer", lib_data_view_buffer),
    LIB_GETTER("byteLength", lib_data_view_byte_length),
    LIB_GETTER("byteOffset", lib_data_view_byte_offset),
    DATA_VIEW_PAIR("Int8", KIND_INT8_ARRAY),
    DATA_VIEW_PAIR("Uint8", KIND_UINT8_ARRAY),
    DATA_VIEW_PAIR("Int16", KIND_INT16_ARRAY),
    DATA_VIEW_PAIR("Uint16", KIND_UINT16_ARRAY),
    DATA_VIEW_PAIR("Int32", KIND_INT32_ARRAY),
    DATA_VIEW_PAIR("Uint32", KIND_UINT32_ARRAY),
    DATA_VIEW_PAIR("Float16", KIND_FLOAT16_ARRAY),
    DATA_VIEW_PAIR("Float32", KIND_FLOAT32_ARRAY),
    DATA_VIEW_PAIR("Float64", KIND_FLOAT64_ARRAY),
    DATA_VIEW_PAIR("BigInt64", KIND_BIGINT64_ARRAY),
    DATA_VIEW_PAIR("BigUint64", KIND_BIGUINT64_ARRAY),
};

void lib_data_view_install(const Lib *lib)
{
    static const NativeSpec spec = LIB_CONSTRUCTOR("DataView", 1, lib_data_view_construct);
    Value object_proto = install_intrinsic(lib, INTRINSIC_ObjectPrototype);
    install_constructor(lib, &spec, INTRINSIC_DataView, INTRINSIC_DataViewPrototype, object_proto, VALUE_UNDEFINED);
    INSTALL_TABLE(lib, install_intrinsic(lib, INTRINSIC_DataViewPrototype), lib_data_view_methods);
    install_tag(lib, install_intrinsic(lib, INTRINSIC_DataViewPrototype), "DataView");
}
