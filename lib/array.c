/* SPDX-License-Identifier: MIT */
/* Array (ECMA-262 23.1): the constructor and what the other files of the family share. What takes callbacks is in
 * array.us. */
#include "gc/barrier.h"
#include "lib/array_int.h"
#include "lib/families.h"
#include "lib/intrinsics.h"
#include "lib/library.h"
#include "vm/object/iterate.h"

/* ---- elements of any object -------------------------------------------------------------------------------------- */

Value lib_array_get_present(Goroutine *g, Object *o, double index)
{
    if (o->cell.kind == KIND_ARRAY && index < atomic_get_relaxed(&((Array *)o)->capacity)) {
        Value v = elements_try_get((Array *)o, (uint32_t)index);
        if (v != VALUE_HOLE || (!cell_is_shared(&o->cell) && g->vm->no_indexed_prototypes)) return v;
    }
    PropertyKey key = convert_index_to_key(&g->heap, index);
    return ASK(object_has(g, o, key)) ? object_get(g, o, key) : VALUE_HOLE;
}

bool lib_array_put(Goroutine *g, Object *o, double index, Value v)
{
    uint8_t flags = object_flags(o) & (uint8_t)~CELL_OLD_CLEAN;
    Array *array = (Array *)o;
    if (o->cell.kind == KIND_ARRAY && !flags && index < array->capacity) {
        Value *place = &array->base[(uint32_t)index];
        if (*place != VALUE_HOLE) {
            barrier_store(&g->heap, o, place, v);
            return true;
        }
    }
    if (o->cell.kind == KIND_ARRAY && flags == CELL_SHARED && index < ELEMENTS_MAX_DENSE
        && elements_try_overwrite(&g->heap, array, (uint32_t)index, v)) return true;
    return object_put(g, o, convert_index_to_key(&g->heap, index), v);
}

bool lib_array_put_length(Goroutine *g, Object *o, double length)
{
    return object_put(g, o, vm_atom(g->vm, ATOM_length), value_from_double(length));
}

bool lib_array_define(Goroutine *g, Object *o, double index, Value v)
{
    if (o->cell.kind == KIND_ARRAY && !object_flags(o) && index < ((Array *)o)->capacity) {
        Array *array = (Array *)o;
        array->base[(uint32_t)index] = v;
        if (index >= array->length) array->length = (uint32_t)index + 1;
        return true;
    }
    return object_create_data_property_or_throw(g, o, convert_index_to_key(&g->heap, index), v);
}

bool lib_array_delete(Goroutine *g, Object *o, double index)
{
    return object_delete_or_throw(g, o, convert_index_to_key(&g->heap, index));
}

Value lib_array_return_this(Goroutine *g, Args a)
{
    (void)g;
    return a.self;
}

/* Is `constructor` the realm's own Array with its own @@species? */
static bool lib_array_has_default_species(Goroutine *g, Value constructor)
{
    PropertyRef ref;
    if (constructor != realm_intrinsic(realm_current(g), INTRINSIC_Array)) return false;
    if (!object_find_own(&g->heap, object_of(constructor), g->vm->symbols[SYMBOL_species], &ref)) return false;
    if (!(ref.attributes & PROPERTY_ACCESSOR)) return false;
    Value getter = ((const Accessor *)value_cell(ref.value))->getter;
    return value_is_kind(getter, KIND_NATIVE) && function_native(getter)->spec->function == lib_array_return_this;
}

bool lib_array_has_plain_species(Goroutine *g, Object *o)
{
    PropertyRef ref;
    const Realm *realm = realm_current(g);
    if (atomic_get_dependent(&o->cell.shape) != shape_number(realm->array_shape)) return false;
    Object *proto = object_of(realm_intrinsic(realm, INTRINSIC_ArrayPrototype));
    if (!object_find_own(&g->heap, proto, vm_atom(g->vm, ATOM_constructor), &ref)) return false;
    return !(ref.attributes & PROPERTY_ACCESSOR) && lib_array_has_default_species(g, ref.value);
}

Value lib_array_species(Goroutine *g, Object *o, double length)
{
    if (!lib_array_has_plain_species(g, o)) return array_species_create(g, o, length);
    Array *made = array_create(g, length, VALUE_UNDEFINED);
    return made ? value_from_cell(made) : VALUE_THROWN;
}

Value lib_array_copy(Goroutine *g, const Array *from, uint32_t start, uint32_t count)
{
    Array *copy = array_from_values(g, count, count ? from->base + start : NULL);
    return copy ? value_from_cell(copy) : VALUE_THROWN;
}

Value lib_array_extract(Goroutine *g, Object *o, double start, double count)
{
    if (lib_array_has_plain_species(g, o) && lib_array_is_readable(g, o) && start + count <= ((Array *)o)->length)
        return lib_array_copy(g, (Array *)o, (uint32_t)start, (uint32_t)count);
    Value made = TRY(lib_array_species(g, o, count));
    for (double k = 0; k < count; k++) {
        Value v = TRY(lib_array_get_present(g, o, start + k));
        if (v != VALUE_HOLE) OK(lib_array_define(g, object_of(made), k, v));
    }
    OK(lib_array_put_length(g, object_of(made), count));
    return made;
}

/* ---- what array.us asks for -------------------------------------------------------------------------------------- */

/* $toObject(v). */
Value lib_array_to_object(Goroutine *g, Args a)
{
    return convert_to_object(g, arg(a, 0));
}

/* $lengthOf(object): LengthOfArrayLike (7.3.19). */
Value lib_array_length_of(Goroutine *g, Args a)
{
    double length;
    OK(convert_length_of(g, object_of(arg(a, 0)), &length));
    return value_from_double(length);
}

/* $isCallable(v). */
Value lib_array_is_callable(Goroutine *g, Args a)
{
    return value_from_bool(value_is_callable(arg(a, 0)));
}

/* $isConstructor(v). */
Value lib_array_is_constructor(Goroutine *g, Args a)
{
    return value_from_bool(callable_is_constructor(arg(a, 0)));
}

/* $isObject(v). */
Value lib_array_is_object(Goroutine *g, Args a)
{
    return value_from_bool(value_is_object(arg(a, 0)));
}

/* $isArray(v). */
Value lib_array_is_array(Goroutine *g, Args a)
{
    return value_from_bool(ASK(convert_is_array(g, arg(a, 0))));
}

/* $throwNotCallable(v). */
Value lib_array_throw_not_callable(Goroutine *g, Args a)
{
    return error_throw(g, ERROR_TYPE, "%V is not a function", arg(a, 0));
}

/* $throwType(text), $throwRange(text). */
Value lib_array_throw_type(Goroutine *g, Args a)
{
    return error_throw(g, ERROR_TYPE, "%S", string_of(arg(a, 0)));
}

Value lib_array_throw_range(Goroutine *g, Args a)
{
    return error_throw(g, ERROR_RANGE, "%S", string_of(arg(a, 0)));
}

/* $toInteger(v): ToIntegerOrInfinity (7.1.5). */
Value lib_array_to_integer(Goroutine *g, Args a)
{
    double d;
    OK(convert_to_integer(g, arg(a, 0), &d));
    return value_from_double(d);
}

/* $species(object, length): ArraySpeciesCreate. */
Value lib_array_make_species(Goroutine *g, Args a)
{
    return lib_array_species(g, object_of(arg(a, 0)), value_number(arg(a, 1)));
}

/* $define(object, index, v): CreateDataPropertyOrThrow. */
Value lib_array_define_element(Goroutine *g, Args a)
{
    OK(lib_array_define(g, object_of(arg(a, 0)), value_number(arg(a, 1)), arg(a, 2)));
    return VALUE_UNDEFINED;
}

/* $arrayOf(length): ArrayCreate. */
Value lib_array_make(Goroutine *g, Args a)
{
    Array *made = array_create(g, value_number(arg(a, 0)), VALUE_UNDEFINED);
    return made ? value_from_cell(made) : VALUE_THROWN;
}

/* $iteratorMethod(v): GetMethod(v, @@iterator); $asyncIteratorMethod(v) likewise. */
Value lib_array_iterator_method(Goroutine *g, Args a)
{
    return object_get_method(g, arg(a, 0), g->vm->symbols[SYMBOL_iterator]);
}

Value lib_array_async_iterator_method(Goroutine *g, Args a)
{
    return object_get_method(g, arg(a, 0), g->vm->symbols[SYMBOL_asyncIterator]);
}

/* Data: what is iterated, and the method that starts it. */
static Value lib_array_iterable_start(Goroutine *g, Args a)
{
    return callable_call0(g, args_data(a, 1), args_data(a, 0));
}

/* An object whose only property, @@iterator or @@asyncIterator, starts an iteration of `v` by `method`. */
static Value lib_array_new_iterable(Goroutine *g, Value v, Value method, WellKnownSymbol symbol)
{
    static const NativeSpec start = { .name = "", .function = lib_array_iterable_start };
    Value f = function_new_capturing(&g->heap, realm_current(g), &start, 2, (Value[]){ v, method });
    Object *o = object_new_with_proto(&g->heap, VALUE_NULL);
    object_add(&g->heap, o, g->vm->symbols[symbol], f, PROPERTY_DEFAULT);
    return value_from_cell(o);
}

/* $iterable(v, method): for `for-of` to iterate `v` by a method that was read already. */
Value lib_array_iterable(Goroutine *g, Args a)
{
    const Realm *realm = realm_current(g);
    Value v = arg(a, 0), method = arg(a, 1);
    if (iterate_is_pristine_array(g->vm, realm, v) && method == realm_intrinsic(realm, INTRINSIC_ArrayPrototype_values)) return v;
    return lib_array_new_iterable(g, v, method, SYMBOL_iterator);
}

/* $asyncIterable(v, asyncMethod, method): likewise for `for await`; asyncMethod may be undefined. */
Value lib_array_async_iterable(Goroutine *g, Args a)
{
    Value method = arg(a, 1);
    if (value_is_undefined(method)) return lib_array_new_iterable(g, arg(a, 0), arg(a, 2), SYMBOL_iterator);
    return lib_array_new_iterable(g, arg(a, 0), method, SYMBOL_asyncIterator);
}

/* ---- the constructor --------------------------------------------------------------------------------------------- */

/* 23.1.1.1. */
static Value lib_array_construct(Goroutine *g, Args a)
{
    Value proto = VALUE_UNDEFINED, new_target = args_new_target(a);
    if (!value_is_undefined(new_target) && new_target != args_callee(a))
        proto = TRY(function_prototype_for(g, new_target, INTRINSIC_ArrayPrototype));
    if (a.count == 1 && value_is_number(arg(a, 0))) {
        double length = value_number(arg(a, 0));
        if (!(length >= 0 && length <= 4294967295.0 && trunc(length) == length))
            return error_throw(g, ERROR_RANGE, "Invalid array length");
        Array *made = array_create(g, length, proto);
        return made ? value_from_cell(made) : VALUE_THROWN;
    }
    Array *made = array_create(g, 0, proto);
    if (!made) return VALUE_THROWN;
    if (!elements_reserve(&g->heap, made, a.count)) return error_throw_out_of_memory(g);
    for (uint32_t i = 0; i < a.count; i++) made->base[i] = arg(a, i);
    made->length = a.count;
    return value_from_cell(made);
}

/* 23.1.2.3. */
static Value lib_array_of(Goroutine *g, Args a)
{
    if (!callable_is_constructor(a.self) || a.self == realm_intrinsic(realm_current(g), INTRINSIC_Array)) {
        Array *made = array_create(g, 0, VALUE_UNDEFINED);
        if (!made) return VALUE_THROWN;
        for (uint32_t i = 0; i < a.count; i++) OK(array_push(g, made, arg(a, i)));
        return value_from_cell(made);
    }
    Value count = value_from_uint32(a.count);
    Value made = TRY(callable_construct(g, a.self, 1, &count, a.self));
    for (uint32_t i = 0; i < a.count; i++) OK(lib_array_define(g, object_of(made), i, arg(a, i)));
    OK(lib_array_put_length(g, object_of(made), a.count));
    return made;
}

static const NativeSpec lib_array_functions[] = {
    LIB_METHOD("isArray", 1, lib_array_is_array),                 // 23.1.2.2
    LIB_METHOD("of", 0, lib_array_of),
    LIB_GETTER("[Symbol.species]", lib_array_return_this),        // 23.1.2.5
};

/* 23.1.3.42. */
static void lib_array_install_unscopables(const Lib *lib, Value proto)
{
    static const char *const names[] = {
        "at", "copyWithin", "entries", "fill", "find", "findIndex", "findLast", "findLastIndex", "flat", "flatMap",
        "includes", "keys", "toReversed", "toSorted", "toSpliced", "values",
    };
    Value list = install_object(lib, VALUE_NULL);
    for (size_t i = 0; i < COUNT_OF(names); i++) install_value(lib, list, names[i], VALUE_TRUE, PROPERTY_DEFAULT);
    install_value(lib, proto, "[Symbol.unscopables]", list, PROPERTY_CONFIGURABLE);
}

void lib_array_install(const Lib *lib)
{
    static const NativeSpec array = LIB_CONSTRUCTOR("Array", 1, lib_array_construct);
    bool pristine = lib->g->vm->array_iteration_pristine;        // what is installed below does not spoil it
    Native *c = install_constructor(lib, &array, INTRINSIC_Array, INTRINSIC_ArrayPrototype, VALUE_UNDEFINED, VALUE_UNDEFINED);
    Value proto = install_intrinsic(lib, INTRINSIC_ArrayPrototype);
    INSTALL_TABLE(lib, value_from_cell(c), lib_array_functions);
    lib_array_install_changes(lib, proto);
    lib_array_install_copies(lib, proto);
    lib_array_install_search(lib, proto);
    lib_array_install_join(lib, proto);
    lib_array_install_iterators(lib, proto);
    lib_array_install_unscopables(lib, proto);
    library_install(lib, "array");
    lib->realm->intrinsics[INTRINSIC_ArrayPrototype_sort] = install_read(lib, proto, "sort");
    lib->g->vm->array_iteration_pristine = pristine;
}
