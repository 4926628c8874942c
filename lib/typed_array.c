/* SPDX-License-Identifier: MIT */
/* The typed arrays' constructors (ECMA-262 23.2.1, 23.2.5) and how others are created from them (23.2.4). */
#include "lib/typed_array_int.h"

#include <string.h>

#include "lib/families.h"
#include "lib/intrinsics.h"
#include "lib/library.h"
#include "vm/object/iterate.h"

enum { TYPED_ARRAY_KINDS = KIND_LAST_TYPED_ARRAY - KIND_FIRST_TYPED_ARRAY + 1 };

const char *lib_typed_array_name(CellKind kind)
{
    return value_kind_name(kind);                        // kinds.def names them as the language does
}

static IntrinsicId lib_typed_array_constructor_id(CellKind kind)
{
    return (IntrinsicId)(INTRINSIC_Int8Array + (kind - KIND_FIRST_TYPED_ARRAY));
}

static IntrinsicId lib_typed_array_prototype_id(CellKind kind)
{
    return (IntrinsicId)(INTRINSIC_Int8ArrayPrototype + (kind - KIND_FIRST_TYPED_ARRAY));
}

/* ---- creation for others ----------------------------------------------------------------------------------------- */

TypedArray *lib_typed_array_validate(Goroutine *g, Value v)
{
    if (!typed_array_is(v)) {
        error_throw(g, ERROR_TYPE, "this is not a typed array.");
        return NULL;
    }
    if (!typed_array_is_out_of_bounds(typed_array_of(v))) return typed_array_of(v);
    error_throw(g, ERROR_TYPE, "Cannot perform the operation on a detached or out-of-bounds typed array");
    return NULL;
}

TypedArray *lib_typed_array_validate_write(Goroutine *g, Value v)
{
    if (!typed_array_is(v) || !typed_array_of(v)->buffer->is_immutable) return lib_typed_array_validate(g, v);
    error_throw(g, ERROR_TYPE, "Cannot write to an immutable ArrayBuffer");
    return NULL;
}

TypedArray *lib_typed_array_allocate(Goroutine *g, CellKind kind, Value proto, double length)
{
    int shift = typed_array_shift(kind);
    if (length > (double)(INT64_MAX >> 4)) {
        error_throw(g, ERROR_RANGE, "Invalid typed array length: %V", value_from_double(length));
        return NULL;
    }
    size_t bytes = (size_t)length << shift;
    Value buffer_proto = realm_intrinsic(realm_current(g), INTRINSIC_ArrayBufferPrototype);
    ArrayBuffer *buffer = buffer_new(g, buffer_proto, bytes, bytes, false, false);
    return buffer ? typed_array_new(&g->heap, kind, proto, buffer, 0, (size_t)length) : NULL;
}

static TypedArray *lib_typed_array_construct_with(Goroutine *g, Value constructor, uint32_t count, const Value *arguments)
{
    Value made = callable_construct(g, constructor, count, arguments, constructor);
    if (value_is_thrown(made)) return NULL;
    return lib_typed_array_validate(g, made);
}

TypedArray *lib_typed_array_create(Goroutine *g, Value constructor, double length)
{
    Value n = value_from_double(length);
    TypedArray *made = lib_typed_array_construct_with(g, constructor, 1, &n);
    if (made && !lib_typed_array_validate_write(g, value_from_cell(made))) return NULL;
    if (!made || (double)typed_array_length(made) >= length) return made;
    error_throw(g, ERROR_TYPE, "Derived TypedArray constructor created an array which was too small");
    return NULL;
}

/* SpeciesConstructor with the default for `t`. */
static Value lib_typed_array_species_constructor(Goroutine *g, const TypedArray *t)
{
    Value fallback = realm_intrinsic(realm_current(g), lib_typed_array_constructor_id(t->object.cell.kind));
    return object_species_constructor(g, (Object *)t, fallback);
}

static TypedArray *lib_typed_array_check_content(Goroutine *g, const TypedArray *t, TypedArray *made)
{
    if (!made || typed_array_is_bigint(t) == typed_array_is_bigint(made)) return made;
    error_throw(g, ERROR_TYPE, "Content type of source and derived typed arrays differ");
    return NULL;
}

TypedArray *lib_typed_array_species(Goroutine *g, const TypedArray *t, double length)
{
    Value constructor = lib_typed_array_species_constructor(g, t);
    if (value_is_thrown(constructor)) return NULL;
    return lib_typed_array_check_content(g, t, lib_typed_array_create(g, constructor, length));
}

TypedArray *lib_typed_array_species_with(Goroutine *g, const TypedArray *t, uint32_t count, const Value *arguments)
{
    Value constructor = lib_typed_array_species_constructor(g, t);
    if (value_is_thrown(constructor)) return NULL;
    return lib_typed_array_check_content(g, t, lib_typed_array_construct_with(g, constructor, count, arguments));
}

TypedArray *lib_typed_array_same_type(Goroutine *g, const TypedArray *t, double length)
{
    CellKind kind = t->object.cell.kind;
    Value proto = realm_intrinsic(realm_current(g), lib_typed_array_prototype_id(kind));
    return lib_typed_array_allocate(g, kind, proto, length);
}

void lib_typed_array_copy(Goroutine *g, TypedArray *to, size_t to_at, const TypedArray *from, size_t at, size_t count)
{
    CellKind kind = to->object.cell.kind, from_kind = from->object.cell.kind;
    int shift = typed_array_shift(kind), from_shift = typed_array_shift(from_kind);
    uint8_t *target = lib_typed_array_place(to, to_at);
    const uint8_t *source = lib_typed_array_place(from, at);
    if (kind == from_kind || (shift == 0 && from_shift == 0 && kind != KIND_UINT8_CLAMPED_ARRAY)) {
        buffer_copy_bytes(to->buffer, target, from->buffer, source, count << shift);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        uint64_t bits = 0;
        Value v = typed_array_decode(&g->heap, from_kind, source + (i << from_shift));
        bool converted = typed_array_encode(g, kind, v, (uint8_t *)&bits);
        ASSERT(converted, "a number or BigInt of the right type converts without user code");
        buffer_store_element(target + (i << shift), shift, bits);
        (void)converted;
    }
}

/* ---- constructors (23.2.5.1) ------------------------------------------------------------------------------------- */

/* InitializeTypedArrayFromTypedArray (23.2.5.1.2). */
static Value lib_typed_array_from_view(Goroutine *g, CellKind kind, Value proto, const TypedArray *from)
{
    if (typed_array_is_out_of_bounds(from))
        return error_throw(g, ERROR_TYPE, "Cannot construct from a detached or out-of-bounds typed array");
    size_t length = typed_array_length(from);
    TypedArray *made = lib_typed_array_allocate(g, kind, proto, (double)length);
    if (!made) return VALUE_THROWN;
    if (typed_array_is_bigint(made) != typed_array_is_bigint(from))
        return error_throw(g, ERROR_TYPE, "Cannot mix BigInt and other types, use explicit conversions");
    lib_typed_array_copy(g, made, 0, from, 0, length);
    return value_from_cell(made);
}

/* InitializeTypedArrayFromArrayBuffer (23.2.5.1.3). */
static Value lib_typed_array_from_buffer(Goroutine *g, CellKind kind, Value proto, Args a)
{
    ArrayBuffer *buffer = buffer_of(arg(a, 0));
    const char *name = lib_typed_array_name(kind);
    uint64_t offset, length = 0, size = (uint64_t)1 << typed_array_shift(kind);
    OK(convert_to_index(g, arg(a, 1), &offset));
    if (offset % size) return error_throw(g, ERROR_RANGE, "start offset of %s should be a multiple of %u", name, (unsigned)size);
    bool has_length = !value_is_undefined(arg(a, 2));
    if (has_length) OK(convert_to_index(g, arg(a, 2), &length));
    if (buffer_is_detached(buffer)) return error_throw(g, ERROR_TYPE, "Cannot construct %s on a detached ArrayBuffer", name);
    uint64_t bytes = buffer_length(buffer);
    if (!has_length && buffer->is_resizable) {
        if (offset > bytes) return error_throw(g, ERROR_RANGE, "Start offset %V is outside the bounds of the buffer", value_from_double((double)offset));
        return value_from_cell(typed_array_new(&g->heap, kind, proto, buffer, offset, SIZE_MAX));
    }
    if (!has_length) {
        if (bytes % size) return error_throw(g, ERROR_RANGE, "byte length of %s should be a multiple of %u", name, (unsigned)size);
        if (offset > bytes) return error_throw(g, ERROR_RANGE, "Start offset %V is outside the bounds of the buffer", value_from_double((double)offset));
        length = (bytes - offset) / size;
    } else if (length > bytes / size || offset > bytes - length * size) {
        return error_throw(g, ERROR_RANGE, "Invalid typed array length: %V", value_from_double((double)length));
    }
    return value_from_cell(typed_array_new(&g->heap, kind, proto, buffer, offset, (size_t)length));
}

/* InitializeTypedArrayFromList (23.2.5.1.4). */
static Value lib_typed_array_from_list(Goroutine *g, CellKind kind, Value proto, const Array *list)
{
    uint32_t length = list->length;
    TypedArray *made = lib_typed_array_allocate(g, kind, proto, length);
    if (!made) return VALUE_THROWN;
    for (uint32_t i = 0; i < length; i++) OK(typed_array_set(g, made, i, list->base[i]));
    return value_from_cell(made);
}

/* InitializeTypedArrayFromArrayLike (23.2.5.1.5). */
static Value lib_typed_array_from_array_like(Goroutine *g, CellKind kind, Value proto, Object *from)
{
    double length;
    OK(convert_length_of(g, from, &length));
    TypedArray *made = lib_typed_array_allocate(g, kind, proto, length);
    if (!made) return VALUE_THROWN;
    for (size_t i = 0; i < (size_t)length; i++) {
        Value v = TRY(object_get(g, from, convert_index_to_key(&g->heap, (double)i)));
        OK(typed_array_set(g, made, i, v));
    }
    return value_from_cell(made);
}

static Value lib_typed_array_from_object(Goroutine *g, CellKind kind, Value proto, Args a)
{
    Value first = arg(a, 0), next;
    if (typed_array_is(first)) return lib_typed_array_from_view(g, kind, proto, typed_array_of(first));
    if (value_is_kind(first, KIND_ARRAY_BUFFER)) return lib_typed_array_from_buffer(g, kind, proto, a);
    if (iterate_is_pristine_array(g->vm, realm_current(g), first)) {
        Value copied = TRY(iterate_rest(g, first, VALUE_ZERO));
        return lib_typed_array_from_list(g, kind, proto, array_of(copied));
    }
    Value method = TRY(object_get_method(g, first, g->vm->symbols[SYMBOL_iterator]));
    if (value_is_undefined(method)) return lib_typed_array_from_array_like(g, kind, proto, object_of(first));
    Value iterator = TRY(iterate_start_with(g, first, method, &next));
    Value values = TRY(iterate_rest(g, iterator, next));
    return lib_typed_array_from_list(g, kind, proto, array_of(values));
}

/* magic: the kind's number among typed arrays. */
static Value lib_typed_array_construct(Goroutine *g, Args a)
{
    CellKind kind = (CellKind)(KIND_FIRST_TYPED_ARRAY + args_magic(a));
    if (!args_is_construct(a)) return error_throw(g, ERROR_TYPE, "Constructor %s requires 'new'", lib_typed_array_name(kind));
    uint64_t length = 0;
    bool is_object = value_is_object(arg(a, 0));
    if (!is_object) OK(convert_to_index(g, arg(a, 0), &length));
    Value proto = TRY(function_prototype_for(g, args_new_target(a), lib_typed_array_prototype_id(kind)));
    if (is_object) return lib_typed_array_from_object(g, kind, proto, a);
    TypedArray *made = lib_typed_array_allocate(g, kind, proto, (double)length);
    return made ? value_from_cell(made) : VALUE_THROWN;
}

/* %TypedArray% (23.2.1.1). */
static Value lib_typed_array_construct_abstract(Goroutine *g, Args a)
{
    (void)a;
    return error_throw(g, ERROR_TYPE, "Abstract class TypedArray not directly constructable");
}

static Value lib_typed_array_self(Goroutine *g, Args a)
{
    (void)g;
    return a.self;
}

/* ---- what typed_array.us asks for -------------------------------------------------------------------------------- */

/* $typedLength(v): ValidateTypedArray, then TypedArrayLength. */
Value lib_typed_array_checked_length(Goroutine *g, Args a)
{
    const TypedArray *t = lib_typed_array_validate(g, arg(a, 0));
    return t ? value_from_double((double)typed_array_length(t)) : VALUE_THROWN;
}

/* $typedWritable(v): likewise, for writing. */
Value lib_typed_array_writable_length(Goroutine *g, Args a)
{
    const TypedArray *t = lib_typed_array_validate_write(g, arg(a, 0));
    return t ? value_from_double((double)typed_array_length(t)) : VALUE_THROWN;
}

/* $typedSpecies(typedArray, length). */
Value lib_typed_array_make_species(Goroutine *g, Args a)
{
    const TypedArray *made = lib_typed_array_species(g, typed_array_of(arg(a, 0)), value_number(arg(a, 1)));
    return made ? value_from_cell(made) : VALUE_THROWN;
}

/* $typedCreate(constructor, length). */
Value lib_typed_array_make(Goroutine *g, Args a)
{
    const TypedArray *made = lib_typed_array_create(g, arg(a, 0), value_number(arg(a, 1)));
    return made ? value_from_cell(made) : VALUE_THROWN;
}

/* $typedClone(typedArray): TypedArrayCreateSameType, with the elements. */
Value lib_typed_array_clone(Goroutine *g, Args a)
{
    const TypedArray *t = typed_array_of(arg(a, 0));
    size_t length = typed_array_length(t);
    TypedArray *made = lib_typed_array_same_type(g, t, (double)length);
    if (!made) return VALUE_THROWN;
    lib_typed_array_copy(g, made, 0, t, 0, length);
    return value_from_cell(made);
}

/* $arraySort(): %Array.prototype.sort%. */
Value lib_typed_array_sorter(Goroutine *g, Args a)
{
    (void)a;
    return realm_intrinsic(realm_current(g), INTRINSIC_ArrayPrototype_sort);
}

/* ---- installation ------------------------------------------------------------------------------------------------ */

static const NativeSpec lib_typed_array_functions[] = {
    LIB_GETTER("[Symbol.species]", lib_typed_array_self),
};

#define TYPED_ARRAY_SPEC(name_, kind) \
    { .name = name_, .function = lib_typed_array_construct, .length = 3, .flags = NATIVE_CONSTRUCTOR, \
      .magic = KIND_##kind - KIND_FIRST_TYPED_ARRAY }

static const NativeSpec lib_typed_array_constructors[TYPED_ARRAY_KINDS] = {
    TYPED_ARRAY_SPEC("Int8Array", INT8_ARRAY),
    TYPED_ARRAY_SPEC("Uint8Array", UINT8_ARRAY),
    TYPED_ARRAY_SPEC("Uint8ClampedArray", UINT8_CLAMPED_ARRAY),
    TYPED_ARRAY_SPEC("Int16Array", INT16_ARRAY),
    TYPED_ARRAY_SPEC("Uint16Array", UINT16_ARRAY),
    TYPED_ARRAY_SPEC("Int32Array", INT32_ARRAY),
    TYPED_ARRAY_SPEC("Uint32Array", UINT32_ARRAY),
    TYPED_ARRAY_SPEC("Float16Array", FLOAT16_ARRAY),
    TYPED_ARRAY_SPEC("Float32Array", FLOAT32_ARRAY),
    TYPED_ARRAY_SPEC("Float64Array", FLOAT64_ARRAY),
    TYPED_ARRAY_SPEC("BigInt64Array", BIGINT64_ARRAY),
    TYPED_ARRAY_SPEC("BigUint64Array", BIGUINT64_ARRAY),
};

/* %TypedArray% is no global: it goes where nothing of the program's sees it. */
static Value lib_typed_array_install_abstract(const Lib *lib)
{
    static const NativeSpec spec = LIB_CONSTRUCTOR("TypedArray", 0, lib_typed_array_construct_abstract);
    Value *in = lib->realm->intrinsics;
    Value f = in[INTRINSIC_TypedArray] = install_function(lib, &spec);
    Value proto = in[INTRINSIC_TypedArrayPrototype] = install_object(lib, in[INTRINSIC_ObjectPrototype]);
    object_materialize(lib->h, object_of(f));
    object_add(lib->h, object_of(f), vm_atom(lib->g->vm, ATOM_prototype), proto, 0);
    object_add(lib->h, object_of(proto), vm_atom(lib->g->vm, ATOM_constructor), f, PROPERTY_METHOD);
    INSTALL_TABLE(lib, f, lib_typed_array_functions);
    return proto;
}

void lib_typed_array_install(const Lib *lib)
{
    Value proto = lib_typed_array_install_abstract(lib), super = install_intrinsic(lib, INTRINSIC_TypedArray);
    lib_typed_array_install_methods(lib, proto);
    lib_typed_array_install_changes(lib, proto);
    for (int i = 0; i < TYPED_ARRAY_KINDS; i++) {
        CellKind kind = (CellKind)(KIND_FIRST_TYPED_ARRAY + i);
        IntrinsicId own_proto = lib_typed_array_prototype_id(kind);
        Native *c = install_constructor(lib, &lib_typed_array_constructors[i], lib_typed_array_constructor_id(kind), own_proto, proto, super);
        double size = 1 << typed_array_shift(kind);
        install_number(lib, value_from_cell(c), "BYTES_PER_ELEMENT", size);
        install_number(lib, install_intrinsic(lib, own_proto), "BYTES_PER_ELEMENT", size);
    }
    lib_typed_array_install_text(lib);
    library_install(lib, "typed_array");
}
