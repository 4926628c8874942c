/* SPDX-License-Identifier: MIT */
/* Number (ECMA-262 21.1), and parseInt and parseFloat (19.2.4, 19.2.5), which are also its properties. */
#include <float.h>

#include "lib/families.h"
#include "lib/locale.h"
#include "vm/base/dtoa.h"
#include "vm/object/primitive.h"
#include "vm/value/bigint.h"
#include "vm/value/number.h"

static const double most_safe_integer = 9007199254740991.0;

/* 21.1.1.1. */
static Value lib_number_construct(Goroutine *g, Args a)
{
    Value v = VALUE_ZERO;
    if (a.count) {
        v = TRY(convert_to_numeric(g, arg(a, 0)));
        if (value_is_bigint(v)) v = value_from_double(bigint_to_double(bigint_of(v)));
    }
    if (!args_is_construct(a)) return v;
    Value proto = TRY(function_prototype_for(g, args_new_target(a), INTRINSIC_NumberPrototype));
    return value_from_cell(primitive_new_wrapper_with(&g->heap, v, proto));
}

/* ---- functions of the constructor (21.1.2), parseInt, parseFloat ------------------------------------------------- */

static Value lib_number_is_finite(Goroutine *g, Args a)
{
    (void)g;
    return value_from_bool(value_is_number(arg(a, 0)) && isfinite(value_number(arg(a, 0))));
}

static Value lib_number_is_nan(Goroutine *g, Args a)
{
    (void)g;
    return value_from_bool(value_is_nan(arg(a, 0)));
}

/* isInteger (21.1.2.3); magic 1: isSafeInteger (21.1.2.5). */
static Value lib_number_is_integer(Goroutine *g, Args a)
{
    (void)g;
    if (value_is_int(arg(a, 0))) return VALUE_TRUE;
    if (!value_is_number(arg(a, 0))) return VALUE_FALSE;
    double d = value_double(arg(a, 0));
    if (!isfinite(d) || trunc(d) != d) return VALUE_FALSE;
    return value_from_bool(!args_magic(a) || fabs(d) <= most_safe_integer);
}

/* 19.2.4. */
static Value lib_number_parse_float(Goroutine *g, Args a)
{
    size_t consumed;
    if (value_is_int(arg(a, 0))) return arg(a, 0);
    String *s = convert_to_string(g, arg(a, 0));
    if (!s) return VALUE_THROWN;
    return value_from_double(dtoa_parse_decimal_prefix(number_trim(string_view(&g->heap, s)), &consumed));
}

static double lib_number_parse_digits(StringView text, int32_t radix)
{
    size_t consumed;
    bool is_negative = text.length && text_unit(text, 0) == '-';
    if (text.length && (is_negative || text_unit(text, 0) == '+')) text = text_from(text, 1);
    if ((radix == 0 || radix == 16) && text.length >= 2 && text_unit(text, 0) == '0' && (text_unit(text, 1) | 0x20) == 'x') {
        text = text_from(text, 2);
        radix = 16;
    }
    double d = dtoa_parse_integer_prefix(text, radix ? radix : 10, &consumed);
    return is_negative ? -d : d;
}

/* 19.2.5. */
static Value lib_number_parse_int(Goroutine *g, Args a)
{
    int32_t radix;
    if (value_is_int(arg(a, 0)) && value_is_undefined(arg(a, 1))) return arg(a, 0);
    String *s = convert_to_string(g, arg(a, 0));
    if (!s) return VALUE_THROWN;
    OK(convert_to_int32(g, arg(a, 1), &radix));
    if (radix != 0 && (radix < 2 || radix > 36)) return VALUE_NAN;
    return value_from_double(lib_number_parse_digits(number_trim(string_view(&g->heap, s)), radix));
}

/* ---- the prototype (21.1.3) -------------------------------------------------------------------------------------- */

/* ThisNumberValue (21.1.3.7.1). */
static bool lib_number_this(Goroutine *g, Args a, const char *method, double *d)
{
    Value v = a.self;
    *d = 0;
    if (value_is_kind(v, KIND_WRAPPER)) v = ((const Wrapper *)value_cell(v))->value;
    if (!value_is_number(v))
        return error_throw_bool(g, ERROR_TYPE, "Number.prototype.%s requires that 'this' be a Number", method);
    *d = value_number(v);
    return true;
}

static Value lib_number_text(Goroutine *g, const char *text, size_t length)
{
    return value_from_cell(string_new_latin1(&g->heap, (const uint8_t *)text, length));
}

static Value lib_number_bad_digits(Goroutine *g, const char *method, int low)
{
    return error_throw(g, ERROR_RANGE, "%s() argument must be between %d and %d", method, low, DTOA_MOST_DIGITS);
}

/* 21.1.3.2. */
static Value lib_number_to_exponential(Goroutine *g, Args a)
{
    double d, digits;
    char text[DTOA_FIXED_BYTES];
    OK(lib_number_this(g, a, "toExponential", &d));
    OK(convert_to_integer(g, arg(a, 0), &digits));
    if (!isfinite(d)) return value_from_cell(number_to_string(&g->heap, d));
    if (digits < 0 || digits > DTOA_MOST_DIGITS) return lib_number_bad_digits(g, "toExponential", 0);
    int fraction_digits = value_is_undefined(arg(a, 0)) ? -1 : (int)digits;
    return lib_number_text(g, text, dtoa_write_exponential(d, fraction_digits, text));
}

/* 21.1.3.3. */
static Value lib_number_to_fixed(Goroutine *g, Args a)
{
    double d = 0, digits;
    char text[DTOA_FIXED_BYTES];
    OK(lib_number_this(g, a, "toFixed", &d));
    OK(convert_to_integer(g, arg(a, 0), &digits));
    if (digits < 0 || digits > DTOA_MOST_DIGITS)
        return error_throw(g, ERROR_RANGE, "toFixed() digits argument must be between 0 and %d", DTOA_MOST_DIGITS);
    if (!isfinite(d)) return value_from_cell(number_to_string(&g->heap, d));
    return lib_number_text(g, text, dtoa_write_fixed(d, (int)digits, text));
}

/* 21.1.3.4. */
static Value lib_number_to_locale_string(Goroutine *g, Args a)
{
    double d = 0;
    OK(lib_number_this(g, a, "toLocaleString", &d));
    return value_from_cell(locale_number(&g->heap, d));
}

/* 21.1.3.5. */
static Value lib_number_to_precision(Goroutine *g, Args a)
{
    double d = 0, digits;
    char text[DTOA_FIXED_BYTES];
    OK(lib_number_this(g, a, "toPrecision", &d));
    if (value_is_undefined(arg(a, 0))) return value_from_cell(number_to_string(&g->heap, d));
    OK(convert_to_integer(g, arg(a, 0), &digits));
    if (!isfinite(d)) return value_from_cell(number_to_string(&g->heap, d));
    if (digits < 1 || digits > DTOA_MOST_DIGITS) return lib_number_bad_digits(g, "toPrecision", 1);
    return lib_number_text(g, text, dtoa_write_precision(d, (int)digits, text));
}

/* 21.1.3.6. */
static Value lib_number_to_string(Goroutine *g, Args a)
{
    double d = 0, radix = 10;
    char text[DTOA_RADIX_BYTES];
    OK(lib_number_this(g, a, "toString", &d));
    if (!value_is_undefined(arg(a, 0))) OK(convert_to_integer(g, arg(a, 0), &radix));
    if (radix < 2 || radix > 36) return error_throw(g, ERROR_RANGE, "toString() radix must be between 2 and 36");
    if (radix == 10) return value_from_cell(number_to_string(&g->heap, d));
    return lib_number_text(g, text, dtoa_radix_write(d, (int)radix, text));
}

/* 21.1.3.7. */
static Value lib_number_value_of(Goroutine *g, Args a)
{
    double d = 0;
    OK(lib_number_this(g, a, "valueOf", &d));
    return value_from_double(d);
}

static const NativeSpec lib_number_functions[] = {
    LIB_METHOD("isFinite", 1, lib_number_is_finite),
    LIB_MAGIC("isInteger", 1, lib_number_is_integer, 0),
    LIB_METHOD("isNaN", 1, lib_number_is_nan),
    LIB_MAGIC("isSafeInteger", 1, lib_number_is_integer, 1),
    LIB_METHOD("parseFloat", 1, lib_number_parse_float),
    LIB_METHOD("parseInt", 2, lib_number_parse_int),
};

static const NativeSpec lib_number_prototype[] = {
    LIB_METHOD("toExponential", 1, lib_number_to_exponential),
    LIB_METHOD("toFixed", 1, lib_number_to_fixed),
    LIB_METHOD("toLocaleString", 0, lib_number_to_locale_string),
    LIB_METHOD("toPrecision", 1, lib_number_to_precision),
    LIB_METHOD("toString", 1, lib_number_to_string),
    LIB_METHOD("valueOf", 0, lib_number_value_of),
};

void lib_number_install(const Lib *lib)
{
    static const NativeSpec number = LIB_CONSTRUCTOR("Number", 1, lib_number_construct);
    Value object_proto = install_intrinsic(lib, INTRINSIC_ObjectPrototype);
    Value proto = value_from_cell(primitive_new_wrapper_with(lib->h, VALUE_ZERO, object_proto));
    lib->realm->intrinsics[INTRINSIC_NumberPrototype] = proto;
    Value c = value_from_cell(install_constructor(lib, &number, INTRINSIC_Number, INTRINSIC_NumberPrototype,
                                                  VALUE_UNDEFINED, VALUE_UNDEFINED));
    install_number(lib, c, "EPSILON", DBL_EPSILON);
    install_number(lib, c, "MAX_SAFE_INTEGER", most_safe_integer);
    install_number(lib, c, "MAX_VALUE", DBL_MAX);
    install_number(lib, c, "MIN_SAFE_INTEGER", -most_safe_integer);
    install_number(lib, c, "MIN_VALUE", DBL_TRUE_MIN);
    install_number(lib, c, "NaN", NAN);
    install_number(lib, c, "NEGATIVE_INFINITY", -INFINITY);
    install_number(lib, c, "POSITIVE_INFINITY", INFINITY);
    INSTALL_TABLE(lib, c, lib_number_functions);
    INSTALL_TABLE(lib, proto, lib_number_prototype);
    install_global(lib, "parseFloat", install_read(lib, c, "parseFloat"));
    install_global(lib, "parseInt", install_read(lib, c, "parseInt"));
}
