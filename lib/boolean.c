/* SPDX-License-Identifier: MIT */
/* Boolean (ECMA-262 20.3). */
#include "lib/families.h"
#include "vm/object/primitive.h"

/* 20.3.1.1. */
static Value lib_boolean_construct(Goroutine *g, Args a)
{
    Value v = value_from_bool(convert_to_boolean(arg(a, 0)));
    if (!args_is_construct(a)) return v;
    Value proto = TRY(function_prototype_for(g, args_new_target(a), INTRINSIC_BooleanPrototype));
    return value_from_cell(primitive_new_wrapper_with(&g->heap, v, proto));
}

/* ThisBooleanValue (20.3.3.3.1). */
static Value lib_boolean_this(Goroutine *g, Args a, const char *method)
{
    Value v = a.self;
    if (value_is_kind(v, KIND_WRAPPER)) v = ((const Wrapper *)value_cell(v))->value;
    if (value_is_boolean(v)) return v;
    return error_throw(g, ERROR_TYPE, "Boolean.prototype.%s requires that 'this' be a Boolean", method);
}

/* 20.3.3.2. */
static Value lib_boolean_to_string(Goroutine *g, Args a)
{
    Value v = TRY(lib_boolean_this(g, a, "toString"));
    return vm_atom(g->vm, value_bool(v) ? ATOM_true : ATOM_false);
}

/* 20.3.3.3. */
static Value lib_boolean_value_of(Goroutine *g, Args a)
{
    return lib_boolean_this(g, a, "valueOf");
}

static const NativeSpec lib_boolean_prototype[] = {
    LIB_METHOD("toString", 0, lib_boolean_to_string),
    LIB_METHOD("valueOf", 0, lib_boolean_value_of),
};

void lib_boolean_install(const Lib *lib)
{
    static const NativeSpec boolean = LIB_CONSTRUCTOR("Boolean", 1, lib_boolean_construct);
    Value object_proto = install_intrinsic(lib, INTRINSIC_ObjectPrototype);
    Value proto = value_from_cell(primitive_new_wrapper_with(lib->h, VALUE_FALSE, object_proto));
    lib->realm->intrinsics[INTRINSIC_BooleanPrototype] = proto;
    install_constructor(lib, &boolean, INTRINSIC_Boolean, INTRINSIC_BooleanPrototype, VALUE_UNDEFINED, VALUE_UNDEFINED);
    INSTALL_TABLE(lib, proto, lib_boolean_prototype);
}
