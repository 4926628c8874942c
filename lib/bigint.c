/* SPDX-License-Identifier: MIT */
/* BigInt (ECMA-262 21.2). */
#include "vm/value/bigint.h"

#include "lib/families.h"
#include "lib/locale.h"
#include "vm/object/primitive.h"

static Value lib_bigint_or_throw(Goroutine *g, BigInt *b)
{
    return b ? value_from_cell(b) : error_throw(g, ERROR_RANGE, "Maximum BigInt size exceeded");
}

/* 21.2.1.1. */
static Value lib_bigint_construct(Goroutine *g, Args a)
{
    if (args_is_construct(a)) return error_throw(g, ERROR_TYPE, "BigInt is not a constructor");
    Value v = TRY(convert_to_primitive(g, arg(a, 0), HINT_NUMBER));
    if (!value_is_number(v)) return convert_to_bigint(g, v);
    double d = value_number(v);
    if (isfinite(d) && trunc(d) == d) return lib_bigint_or_throw(g, bigint_from_double(&g->heap, d));
    return error_throw(g, ERROR_RANGE, "The number %V cannot be converted to a BigInt because it is not an integer", v);
}

/* asIntN (21.2.2.1); magic 1: asUintN (21.2.2.2). */
static Value lib_bigint_as_int(Goroutine *g, Args a)
{
    uint64_t bits;
    OK(convert_to_index(g, arg(a, 0), &bits));
    Value v = TRY(convert_to_bigint(g, arg(a, 1)));
    return lib_bigint_or_throw(g, bigint_as_int(&g->heap, bigint_of(v), bits, args_magic(a) != 0));
}

/* ThisBigIntValue (21.2.3.4.1). */
static Value lib_bigint_this(Goroutine *g, Args a)
{
    Value v = a.self;
    if (value_is_kind(v, KIND_WRAPPER)) v = ((const Wrapper *)value_cell(v))->value;
    if (value_is_bigint(v)) return v;
    return error_throw(g, ERROR_TYPE, "BigInt.prototype.%s requires that 'this' be a BigInt",
                       function_native(args_callee(a))->spec->name);
}

/* 21.2.3.2. */
static Value lib_bigint_to_locale_string(Goroutine *g, Args a)
{
    StringBuilder b;
    Value v = TRY(lib_bigint_this(g, a));
    String *s = bigint_to_string(&g->heap, bigint_of(v), 10);
    if (!s) return error_throw_out_of_memory(g);
    StringView digits = string_view(&g->heap, s);
    bool is_negative = text_unit(digits, 0) == '-';
    string_builder_init(&b);
    if (is_negative) string_builder_put_unit(&b, '-');
    digits = text_from(digits, is_negative);
    locale_put_grouped(&b, digits.units, digits.length);
    return error_string_or_throw(g, string_builder_end(&g->heap, &b));
}

/* 21.2.3.3. */
static Value lib_bigint_to_string(Goroutine *g, Args a)
{
    double radix = 10;
    Value v = TRY(lib_bigint_this(g, a));
    if (!value_is_undefined(arg(a, 0))) OK(convert_to_integer(g, arg(a, 0), &radix));
    if (radix < 2 || radix > 36) return error_throw(g, ERROR_RANGE, "toString() radix must be between 2 and 36");
    return error_string_or_throw(g, bigint_to_string(&g->heap, bigint_of(v), (int)radix));
}

/* 21.2.3.4. */
static Value lib_bigint_value_of(Goroutine *g, Args a)
{
    return lib_bigint_this(g, a);
}

static const NativeSpec lib_bigint_functions[] = {
    LIB_MAGIC("asIntN", 2, lib_bigint_as_int, 0),
    LIB_MAGIC("asUintN", 2, lib_bigint_as_int, 1),
};

static const NativeSpec lib_bigint_prototype[] = {
    LIB_METHOD("toLocaleString", 0, lib_bigint_to_locale_string),
    LIB_METHOD("toString", 0, lib_bigint_to_string),
    LIB_METHOD("valueOf", 0, lib_bigint_value_of),
};

void lib_bigint_install(const Lib *lib)
{
    static const NativeSpec bigint = LIB_CONSTRUCTOR("BigInt", 1, lib_bigint_construct);
    Value object_proto = install_intrinsic(lib, INTRINSIC_ObjectPrototype);
    Native *c = install_constructor(lib, &bigint, INTRINSIC_BigInt, INTRINSIC_BigIntPrototype, object_proto, VALUE_UNDEFINED);
    Value proto = install_intrinsic(lib, INTRINSIC_BigIntPrototype);
    INSTALL_TABLE(lib, value_from_cell(c), lib_bigint_functions);
    INSTALL_TABLE(lib, proto, lib_bigint_prototype);
    install_tag(lib, proto, "BigInt");
}
