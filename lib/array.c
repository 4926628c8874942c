/* SPDX-License-Identifier: MIT */
/* Array (ECMA-262 23.1); what takes callbacks is in array.us. */
#include "lib/families.h"
#include "lib/intrinsics.h"
#include "lib/library.h"

/* ---- what array.us asks for ------------------------------------------------------------------------------------------- */

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

/* $throwNotCallable(v). */
Value lib_array_throw_not_callable(Goroutine *g, Args a)
{
    return error_throw(g, ERROR_TYPE, "%V is not a function", arg(a, 0));
}

/* ---- installation ------------------------------------------------------------------------------------------------------- */

static Value lib_array_is_array(Goroutine *g, Args a)
{
    return value_from_bool(ASK(convert_is_array(g, arg(a, 0))));
}

static Value lib_array_construct(Goroutine *g, Args a)
{
    return value_from_cell(array_new(g));
}

static const NativeSpec lib_array_functions[] = {
    LIB_METHOD("isArray", 1, lib_array_is_array),
};

void lib_array_install(const Lib *lib)
{
    static const NativeSpec array = LIB_CONSTRUCTOR("Array", 1, lib_array_construct);
    Native *c = install_constructor(lib, &array, INTRINSIC_Array, INTRINSIC_ArrayPrototype, VALUE_UNDEFINED, VALUE_UNDEFINED);
    INSTALL_TABLE(lib, value_from_cell(c), lib_array_functions);
    library_install(lib, "array");
}
