/* SPDX-License-Identifier: MIT */
/* Array iterators (ECMA-262 23.1.5), which also iterate typed arrays. */
#include "lib/array_int.h"
#include "lib/iterator.h"
#include "vm/object/typed_array.h"

/* Array.prototype.keys, values, entries (23.1.3.19, 38, 5). magic: ITERATE_ what. */
static Value lib_array_iterate(Goroutine *g, Args a)
{
    Value o = TRY(convert_to_object(g, a.self));
    Value proto = realm_intrinsic(realm_current(g), INTRINSIC_ArrayIteratorPrototype);
    return value_from_cell(iterator_new(&g->heap, proto, ITERATOR_ARRAY, o, value_from_int(args_magic(a))));
}

static bool lib_array_iterated_length(Goroutine *g, Object *o, double *length)
{
    if (!typed_array_is(value_from_cell(o))) return convert_length_of(g, o, length);
    const TypedArray *t = (const TypedArray *)o;
    if (typed_array_is_out_of_bounds(t))
        return error_throw_bool(g, ERROR_TYPE, "Cannot perform %%ArrayIteratorPrototype%%.next on a detached ArrayBuffer");
    *length = (double)typed_array_length(t);
    return true;
}

/* The next value, or the hole at the end (23.1.5.1). */
static Value lib_array_iterator_step(Goroutine *g, Value iterator)
{
    double index, length;
    IteratorObject *it = iterator_try_of(iterator, ITERATOR_ARRAY);
    if (!it) return error_throw(g, ERROR_TYPE, "%V is not an array iterator", iterator);
    Value source = cell_slot_get(&it->source), at;
    if (value_is_undefined(source)) return VALUE_HOLE;
    Object *o = object_of(source);
    OK(lib_array_iterated_length(g, o, &length));
    do {
        at = cell_slot_get(&it->at);
        index = value_number(at);
        if (index >= length) {
            cell_slot_set(&it->source, VALUE_UNDEFINED);
            return VALUE_HOLE;
        }
    } while (!iterator_try_advance(it, at, value_from_double(index + 1)));
    if (value_int(it->mode) == ITERATE_KEYS) return value_from_double(index);
    Value v = TRY(lib_array_get(g, o, index));
    return value_int(it->mode) == ITERATE_VALUES ? v : iterator_new_entry(g, value_from_double(index), v);
}

/* %ArrayIteratorPrototype%.next (23.1.5.2.1). */
static Value lib_array_iterator_next(Goroutine *g, Args a)
{
    Value v = TRY(lib_array_iterator_step(g, a.self));
    return realm_iterator_result(g, v == VALUE_HOLE ? VALUE_UNDEFINED : v, v == VALUE_HOLE);
}

static const NativeSpec lib_array_iterations[] = {
    LIB_MAGIC("entries", 0, lib_array_iterate, ITERATE_ENTRIES),
    LIB_MAGIC("keys", 0, lib_array_iterate, ITERATE_KEYS),
    LIB_MAGIC("values", 0, lib_array_iterate, ITERATE_VALUES),
};

static const NativeSpec lib_array_iterator_methods[] = {
    { .name = "next", .function = lib_array_iterator_next, .step = lib_array_iterator_step },
};

void lib_array_install_iterators(const Lib *lib, Value proto)
{
    Value *in = lib->realm->intrinsics;
    INSTALL_TABLE(lib, proto, lib_array_iterations);
    in[INTRINSIC_ArrayPrototype_values] = install_read(lib, proto, "values");
    install_value(lib, proto, "[Symbol.iterator]", in[INTRINSIC_ArrayPrototype_values], PROPERTY_METHOD);
    Value iterator = install_object(lib, iterator_prototype(lib));
    INSTALL_TABLE(lib, iterator, lib_array_iterator_methods);
    install_tag(lib, iterator, "Array Iterator");
    in[INTRINSIC_ArrayIteratorPrototype] = iterator;
    in[INTRINSIC_ArrayIteratorPrototype_next] = install_read(lib, iterator, "next");
}
