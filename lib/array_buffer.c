/* SPDX-License-Identifier: MIT */
/* ArrayBuffer and SharedArrayBuffer (ECMA-262 25.1, 25.2). Functions that both have say by their magic whose they
 * are. */
#include <string.h>

#include "lib/families.h"
#include "vm/object/typed_array.h"

enum { BUFFER_PLAIN, BUFFER_SHARED };

/* `v` as a buffer, shared or not; NULL: TypeError thrown. */
static ArrayBuffer *lib_buffer_of(Goroutine *g, Value v, int shared)
{
    if (value_is_kind(v, KIND_ARRAY_BUFFER) && (int)buffer_of(v)->is_shared == shared) return buffer_of(v);
    error_throw(g, ERROR_TYPE, "%V is not %s", v, shared ? "a SharedArrayBuffer" : "an ArrayBuffer");
    return NULL;
}

static Value lib_buffer_throw_detached(Goroutine *g)
{
    return error_throw(g, ERROR_TYPE, "Cannot perform the operation on a detached ArrayBuffer");
}

static bool lib_buffer_check_mutable(Goroutine *g, const ArrayBuffer *b)
{
    return !b->is_immutable || error_throw_bool(g, ERROR_TYPE, "Cannot change an immutable ArrayBuffer");
}

static bool lib_buffer_check_attached(Goroutine *g, const ArrayBuffer *b)
{
    return !buffer_is_detached(b) || lib_buffer_throw_detached(g) != VALUE_THROWN;
}

/* ---- the constructors -------------------------------------------------------------------------------------------- */

/* GetArrayBufferMaxByteLengthOption (25.1.3.7): UINT64_MAX when there is none. */
static bool lib_buffer_max_option(Goroutine *g, Value options, uint64_t *max)
{
    *max = UINT64_MAX;
    if (!value_is_object(options)) return true;
    Value name = value_from_cell(intern_text(&g->heap, "maxByteLength"));
    Value v = TRY_BOOL(object_get(g, object_of(options), name));
    return value_is_undefined(v) || convert_to_index(g, v, max);
}

/* 25.1.4.1, 25.2.3.1. */
static Value lib_buffer_construct(Goroutine *g, Args a)
{
    bool shared = args_magic(a) == BUFFER_SHARED;
    uint64_t length, max;
    const char *name = shared ? "SharedArrayBuffer" : "ArrayBuffer";
    if (!args_is_construct(a)) return error_throw(g, ERROR_TYPE, "Constructor %s requires 'new'", name);
    OK(convert_to_index(g, arg(a, 0), &length));
    OK(lib_buffer_max_option(g, arg(a, 1), &max));
    bool resizable = max != UINT64_MAX;
    if (resizable && length > max) return error_throw(g, ERROR_RANGE, "Invalid array buffer max length");
    IntrinsicId fallback = shared ? INTRINSIC_SharedArrayBufferPrototype : INTRINSIC_ArrayBufferPrototype;
    Value proto = TRY(function_prototype_for(g, args_new_target(a), fallback));
    ArrayBuffer *b = buffer_new(g, proto, length, resizable ? max : length, resizable, shared);
    return b ? value_from_cell(b) : VALUE_THROWN;
}

/* 25.1.5.1. */
static Value lib_buffer_is_view(Goroutine *g, Args a)
{
    (void)g;
    return value_from_bool(typed_array_is(arg(a, 0)) || value_is_kind(arg(a, 0), KIND_DATA_VIEW));
}

static Value lib_buffer_species(Goroutine *g, Args a)
{
    (void)g;
    return a.self;
}

/* ---- what a buffer is -------------------------------------------------------------------------------------------- */

static Value lib_buffer_byte_length(Goroutine *g, Args a)
{
    const ArrayBuffer *b = lib_buffer_of(g, a.self, args_magic(a));
    return b ? value_from_double((double)buffer_length(b)) : VALUE_THROWN;
}

static Value lib_buffer_max_byte_length(Goroutine *g, Args a)
{
    const ArrayBuffer *b = lib_buffer_of(g, a.self, args_magic(a));
    if (!b) return VALUE_THROWN;
    if (buffer_is_detached(b)) return VALUE_ZERO;
    return value_from_double((double)(b->is_resizable ? b->store->max_length : buffer_length(b)));
}

/* resizable, growable. */
static Value lib_buffer_is_resizable(Goroutine *g, Args a)
{
    const ArrayBuffer *b = lib_buffer_of(g, a.self, args_magic(a));
    return b ? value_from_bool(b->is_resizable) : VALUE_THROWN;
}

static Value lib_buffer_immutable(Goroutine *g, Args a)
{
    const ArrayBuffer *b = lib_buffer_of(g, a.self, BUFFER_PLAIN);
    return b ? value_from_bool(b->is_immutable) : VALUE_THROWN;
}

/* 25.1.6.3. */
static Value lib_buffer_detached(Goroutine *g, Args a)
{
    const ArrayBuffer *b = lib_buffer_of(g, a.self, BUFFER_PLAIN);
    return b ? value_from_bool(buffer_is_detached(b)) : VALUE_THROWN;
}

/* ---- change of length -------------------------------------------------------------------------------------------- */

/* 25.1.6.6. */
static Value lib_buffer_resize(Goroutine *g, Args a)
{
    uint64_t length;
    ArrayBuffer *b = lib_buffer_of(g, a.self, BUFFER_PLAIN);
    if (!b) return VALUE_THROWN;
    OK(lib_buffer_check_mutable(g, b));
    if (!b->is_resizable) return error_throw(g, ERROR_TYPE, "%V is not resizable", a.self);
    OK(convert_to_index(g, arg(a, 0), &length));
    OK(lib_buffer_check_attached(g, b));
    if (length > b->store->max_length) return error_throw(g, ERROR_RANGE, "Invalid array buffer length");
    buffer_resize(b, length);
    return VALUE_UNDEFINED;
}

/* 25.2.5.4: never shorter. Two that grow at once: the loop of the standard. */
static Value lib_buffer_grow(Goroutine *g, Args a)
{
    uint64_t length;
    ArrayBuffer *b = lib_buffer_of(g, a.self, BUFFER_SHARED);
    if (!b) return VALUE_THROWN;
    if (!b->is_resizable) return error_throw(g, ERROR_TYPE, "%V is not growable", a.self);
    OK(convert_to_index(g, arg(a, 0), &length));
    size_t now = buffer_length(b);
    do {
        if (length < now || length > b->store->max_length) return error_throw(g, ERROR_RANGE, "Invalid array buffer length");
    } while (!__atomic_compare_exchange_n(&b->store->length, &now, (size_t)length, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
    return VALUE_UNDEFINED;
}

enum { TRANSFER_SAME, TRANSFER_FIXED, TRANSFER_IMMUTABLE };

/* ArrayBufferCopyAndDetach (25.1.3.4). magic: TRANSFER_ what becomes of it. */
static Value lib_buffer_transfer(Goroutine *g, Args a)
{
    ArrayBuffer *b = lib_buffer_of(g, a.self, BUFFER_PLAIN);
    if (!b) return VALUE_THROWN;
    uint64_t length = buffer_length(b);
    if (!value_is_undefined(arg(a, 0))) OK(convert_to_index(g, arg(a, 0), &length));
    OK(lib_buffer_check_attached(g, b));
    OK(lib_buffer_check_mutable(g, b));
    bool resizable = b->is_resizable && args_magic(a) == TRANSFER_SAME;
    uint64_t max = resizable ? b->store->max_length : length;
    if (length > max) return error_throw(g, ERROR_RANGE, "Invalid array buffer length");
    Value proto = realm_intrinsic(realm_current(g), INTRINSIC_ArrayBufferPrototype);
    ArrayBuffer *copy = buffer_new(g, proto, length, max, resizable, false);
    if (!copy) return VALUE_THROWN;
    size_t common = buffer_length(b);
    if (common > length) common = length;
    if (!buffer_claim(b)) return lib_buffer_throw_detached(g);
    buffer_copy_bytes(copy, copy->bytes, b, b->bytes, common);
    copy->is_immutable = args_magic(a) == TRANSFER_IMMUTABLE;
    buffer_drop(b);
    return value_from_cell(copy);
}

/* ---- slice (25.1.6.7, 25.2.5.6) ---------------------------------------------------------------------------------- */

/* A new buffer from the species constructor, checked; NULL: thrown. */
static ArrayBuffer *lib_buffer_new_species(Goroutine *g, const ArrayBuffer *b, double length)
{
    int shared = (int)b->is_shared;
    Value fallback = realm_intrinsic(realm_current(g), shared ? INTRINSIC_SharedArrayBuffer : INTRINSIC_ArrayBuffer);
    Value constructor = object_species_constructor(g, (Object *)b, fallback);
    if (value_is_thrown(constructor)) return NULL;
    Value n = value_from_double(length), made = callable_construct(g, constructor, 1, &n, constructor);
    if (value_is_thrown(made)) return NULL;
    ArrayBuffer *fresh = lib_buffer_of(g, made, shared);
    if (!fresh || !lib_buffer_check_mutable(g, fresh)) return NULL;
    if (fresh == b || (shared && fresh->store == b->store)) {
        error_throw(g, ERROR_TYPE, "The species constructor returned the same buffer");
        return NULL;
    }
    if (!lib_buffer_check_attached(g, fresh)) return NULL;
    if ((double)buffer_length(fresh) >= length) return fresh;
    error_throw(g, ERROR_TYPE, "The species constructor returned a buffer that is too short");
    return NULL;
}

static Value lib_buffer_slice(Goroutine *g, Args a)
{
    double start, end;
    const ArrayBuffer *b = lib_buffer_of(g, a.self, args_magic(a));
    if (!b) return VALUE_THROWN;
    OK(lib_buffer_check_attached(g, b));
    double length = (double)buffer_length(b);
    OK(convert_to_relative_index(g, arg(a, 0), length, 0, &start));
    OK(convert_to_relative_index(g, arg(a, 1), length, length, &end));
    double count = end > start ? end - start : 0;
    ArrayBuffer *fresh = lib_buffer_new_species(g, b, count);
    if (!fresh) return VALUE_THROWN;
    OK(lib_buffer_check_attached(g, b));
    double now = (double)buffer_length(b);
    if (start < now) {
        if (count > now - start) count = now - start;
        buffer_copy_bytes(fresh, fresh->bytes, b, b->bytes + (size_t)start, (size_t)count);
    }
    return value_from_cell(fresh);
}

/* A copy that never changes. */
static Value lib_buffer_slice_to_immutable(Goroutine *g, Args a)
{
    double start, end;
    const ArrayBuffer *b = lib_buffer_of(g, a.self, BUFFER_PLAIN);
    if (!b) return VALUE_THROWN;
    OK(lib_buffer_check_attached(g, b));
    double length = (double)buffer_length(b);
    OK(convert_to_relative_index(g, arg(a, 0), length, 0, &start));
    OK(convert_to_relative_index(g, arg(a, 1), length, length, &end));
    size_t count = end > start ? (size_t)(end - start) : 0;
    OK(lib_buffer_check_attached(g, b));
    if ((double)buffer_length(b) < end) return error_throw(g, ERROR_RANGE, "The buffer has become too short");
    Value proto = realm_intrinsic(realm_current(g), INTRINSIC_ArrayBufferPrototype);
    ArrayBuffer *copy = buffer_new(g, proto, count, count, false, false);
    if (!copy) return VALUE_THROWN;
    buffer_copy_bytes(copy, copy->bytes, b, b->bytes + (size_t)start, count);
    copy->is_immutable = true;
    return value_from_cell(copy);
}

/* ---- installation ------------------------------------------------------------------------------------------------ */

#define LIB_MAGIC_GETTER(name_, function_, magic_) { .name = name_, .function = function_, .flags = NATIVE_GETTER, .magic = magic_ }

static const NativeSpec lib_buffer_functions[] = {
    LIB_METHOD("isView", 1, lib_buffer_is_view),
    LIB_GETTER("[Symbol.species]", lib_buffer_species),
};

static const NativeSpec lib_buffer_methods[] = {
    LIB_MAGIC_GETTER("byteLength", lib_buffer_byte_length, BUFFER_PLAIN),
    LIB_MAGIC("slice", 2, lib_buffer_slice, BUFFER_PLAIN),
    LIB_MAGIC_GETTER("maxByteLength", lib_buffer_max_byte_length, BUFFER_PLAIN),
    LIB_MAGIC_GETTER("resizable", lib_buffer_is_resizable, BUFFER_PLAIN),
    LIB_METHOD("resize", 1, lib_buffer_resize),
    LIB_METHOD("sliceToImmutable", 2, lib_buffer_slice_to_immutable),
    LIB_MAGIC("transfer", 0, lib_buffer_transfer, TRANSFER_SAME),
    LIB_MAGIC("transferToFixedLength", 0, lib_buffer_transfer, TRANSFER_FIXED),
    LIB_MAGIC("transferToImmutable", 0, lib_buffer_transfer, TRANSFER_IMMUTABLE),
    LIB_GETTER("immutable", lib_buffer_immutable),
    LIB_GETTER("detached", lib_buffer_detached),
};

static const NativeSpec lib_buffer_shared_functions[] = {
    LIB_GETTER("[Symbol.species]", lib_buffer_species),
};

static const NativeSpec lib_buffer_shared_methods[] = {
    LIB_MAGIC_GETTER("byteLength", lib_buffer_byte_length, BUFFER_SHARED),
    LIB_MAGIC("slice", 2, lib_buffer_slice, BUFFER_SHARED),
    LIB_MAGIC_GETTER("maxByteLength", lib_buffer_max_byte_length, BUFFER_SHARED),
    LIB_MAGIC_GETTER("growable", lib_buffer_is_resizable, BUFFER_SHARED),
    LIB_METHOD("grow", 1, lib_buffer_grow),
};

void lib_array_buffer_install(const Lib *lib)
{
#define BUFFER_CONSTRUCTOR(name_, magic_) \
    { .name = name_, .function = lib_buffer_construct, .length = 1, .flags = NATIVE_CONSTRUCTOR, .magic = magic_ }
    static const NativeSpec plain = BUFFER_CONSTRUCTOR("ArrayBuffer", BUFFER_PLAIN);
    static const NativeSpec shared = BUFFER_CONSTRUCTOR("SharedArrayBuffer", BUFFER_SHARED);
    Value object_proto = install_intrinsic(lib, INTRINSIC_ObjectPrototype);
    Native *c = install_constructor(lib, &plain, INTRINSIC_ArrayBuffer, INTRINSIC_ArrayBufferPrototype, object_proto, VALUE_UNDEFINED);
    INSTALL_TABLE(lib, value_from_cell(c), lib_buffer_functions);
    INSTALL_TABLE(lib, install_intrinsic(lib, INTRINSIC_ArrayBufferPrototype), lib_buffer_methods);
    install_tag(lib, install_intrinsic(lib, INTRINSIC_ArrayBufferPrototype), "ArrayBuffer");
    c = install_constructor(lib, &shared, INTRINSIC_SharedArrayBuffer, INTRINSIC_SharedArrayBufferPrototype, object_proto, VALUE_UNDEFINED);
    INSTALL_TABLE(lib, value_from_cell(c), lib_buffer_shared_functions);
    INSTALL_TABLE(lib, install_intrinsic(lib, INTRINSIC_SharedArrayBufferPrototype), lib_buffer_shared_methods);
    install_tag(lib, install_intrinsic(lib, INTRINSIC_SharedArrayBufferPrototype), "SharedArrayBuffer");
}
