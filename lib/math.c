/* SPDX-License-Identifier: MIT */
/* Math (ECMA-262 21.3). */
#include "lib/families.h"
#include "lib/math_sum.h"
#include "vm/base/random.h"
#include "vm/object/iterate.h"
#include "vm/object/typed_array.h"
#include "vm/value/number.h"

/* ---- functions of one number (21.3.2) ---------------------------------------------------------------------------- */

static double lib_math_to_half(double d)
{
    _Alignas(8) uint8_t bytes[8];
    if (!typed_array_encode(NULL, KIND_FLOAT16_ARRAY, value_from_double(d), bytes)) UNREACHABLE();
    return value_number(typed_array_decode(NULL, KIND_FLOAT16_ARRAY, bytes));
}

static double lib_math_to_single(double d)
{
    return (double)(float)d;
}

/* C's cbrt is off by a bit at times, even at cubes. */
static double lib_math_cube_root(double d)
{
    return (double)cbrtl(d);
}

static double lib_math_signum(double d)
{
    return d > 0 ? 1 : d < 0 ? -1 : d;
}

#define LIB_MATH_UNARY \
    ROW(acos, acos) ROW(acosh, acosh) ROW(asin, asin) ROW(asinh, asinh) ROW(atan, atan) ROW(atanh, atanh) \
    ROW(cbrt, lib_math_cube_root) ROW(cos, cos) ROW(cosh, cosh) ROW(exp, exp) ROW(expm1, expm1) ROW(f16round, lib_math_to_half) \
    ROW(fround, lib_math_to_single) ROW(log, log) ROW(log10, log10) ROW(log1p, log1p) ROW(log2, log2) \
    ROW(sign, lib_math_signum) ROW(sin, sin) ROW(sinh, sinh) ROW(sqrt, sqrt) ROW(tan, tan) ROW(tanh, tanh)

#define ROW(name, function)                                \
    static Value lib_math_##name(Goroutine *g, Args a)     \
    {                                                      \
        double d;                                          \
        OK(convert_to_double(g, arg(a, 0), &d));           \
        return value_from_double(function(d));             \
    }
LIB_MATH_UNARY
#undef ROW

/* ---- to integers: an int32 is its own result --------------------------------------------------------------------- */

/* ties go up (21.3.2.28). */
static double lib_math_nearest(double d)
{
    double below = floor(d);
    return copysign(d - below >= 0.5 ? below + 1 : below, d);
}

#define LIB_MATH_ROUNDING ROW(ceil, ceil) ROW(floor, floor) ROW(round, lib_math_nearest) ROW(trunc, trunc)

#define ROW(name, function)                                \
    static Value lib_math_##name(Goroutine *g, Args a)     \
    {                                                      \
        double d;                                          \
        if (value_is_int(arg(a, 0))) return arg(a, 0);     \
        OK(convert_to_double(g, arg(a, 0), &d));           \
        return value_from_double(function(d));             \
    }
LIB_MATH_ROUNDING
#undef ROW

/* 21.3.2.1. */
static Value lib_math_abs(Goroutine *g, Args a)
{
    double d;
    OK(convert_to_double(g, arg(a, 0), &d));
    return value_from_double(fabs(d));
}

/* 21.3.2.11. */
static Value lib_math_clz32(Goroutine *g, Args a)
{
    uint32_t n;
    OK(convert_to_uint32(g, arg(a, 0), &n));
    return value_from_int(n ? __builtin_clz(n) : 32);
}

/* 21.3.2.20. */
static Value lib_math_imul(Goroutine *g, Args a)
{
    uint32_t x, y;
    OK(convert_to_uint32(g, arg(a, 0), &x));
    OK(convert_to_uint32(g, arg(a, 1), &y));
    return value_from_int((int32_t)(x * y));
}

/* ---- functions of more numbers ----------------------------------------------------------------------------------- */

/* 21.3.2.8. */
static Value lib_math_atan2(Goroutine *g, Args a)
{
    double y, x;
    OK(convert_to_double(g, arg(a, 0), &y));
    OK(convert_to_double(g, arg(a, 1), &x));
    return value_from_double(atan2(y, x));
}

/* 21.3.2.26. */
static Value lib_math_pow(Goroutine *g, Args a)
{
    double base, exponent;
    OK(convert_to_double(g, arg(a, 0), &base));
    OK(convert_to_double(g, arg(a, 1), &exponent));
    return value_from_double(number_power(base, exponent));
}

/* Is `d` the better maximum? -0 is below +0. NaN wins over all. */
static bool lib_math_exceeds(double d, double best)
{
    if (d != d || best != best) return best == best;
    return d > best || (d == best && signbit(best) && !signbit(d));
}

/* max (21.3.2.24); magic -1: min (21.3.2.25), the maximum of what is negated. All arguments are converted, whatever the
 * first ones are. */
static Value lib_math_max(Goroutine *g, Args a)
{
    double sign = args_magic(a), best = -INFINITY;
    for (uint32_t i = 0; i < a.count; i++) {
        double d;
        OK(convert_to_double(g, arg(a, i), &d));
        if (lib_math_exceeds(d * sign, best)) best = d * sign;
    }
    return value_from_double(best * sign);
}

/* Hypot (21.3.2.18): scaled by the largest, with the rounding errors of the sum kept. */
static Value lib_math_hypot(Goroutine *g, Args a)
{
    ValueList *list = list_new(&g->heap, a.count);
    double largest = 0, sum = 0, lost = 0;
    bool infinite = false, nan = false;
    for (uint32_t i = 0; i < a.count; i++) {
        double d;
        OK(convert_to_double(g, arg(a, i), &d));
        list_push(&g->heap, &list, value_from_double(fabs(d)));
        infinite |= isinf(d) != 0;
        nan |= isnan(d);
        if (fabs(d) > largest) largest = fabs(d);
    }
    if (infinite) return value_from_double(INFINITY);
    if (nan) return VALUE_NAN;
    if (largest == 0) return VALUE_ZERO;
    for (uint32_t i = 0; i < list->count; i++) {
        double part = value_number(list->items[i]) / largest, term = part * part - lost, next = sum + term;
        lost = next - sum - term;
        sum = next;
    }
    return value_from_double(sqrt(sum) * largest);
}

/* 21.3.2.27. Each goroutine draws from its own generator, so that none waits for another. */
static Value lib_math_random(Goroutine *g, Args a)
{
    (void)a;
    const uint64_t *s = g->random.state;
    if (UNLIKELY(!(s[0] | s[1] | s[2] | s[3]))) random_seed_from_system(&g->random);
    return value_from_double(random_double(&g->random));
}

/* ---- sumPrecise (21.3.2.33) -------------------------------------------------------------------------------------- */

typedef struct LibMathTotal {
    MathSum exact;
    bool    is_nan, has_plus_infinity, has_minus_infinity;
    bool    is_minus_zero;               // nothing but -0 so far
} LibMathTotal;

static void lib_math_total_add(LibMathTotal *t, double d)
{
    if (isfinite(d)) {
        if (d != 0 || !signbit(d)) t->is_minus_zero = false;
        math_sum_add(&t->exact, d);
    } else if (isnan(d)) {
        t->is_nan = true;
    } else {
        *(d > 0 ? &t->has_plus_infinity : &t->has_minus_infinity) = true;
    }
}

static double lib_math_total(LibMathTotal *t)
{
    if (t->is_nan || (t->has_plus_infinity && t->has_minus_infinity)) return NAN;
    if (t->has_plus_infinity) return INFINITY;
    if (t->has_minus_infinity) return -INFINITY;
    return t->is_minus_zero ? -0.0 : math_sum_round(&t->exact);
}

static Value lib_math_sum_precise(Goroutine *g, Args a)
{
    LibMathTotal total = { .is_minus_zero = true };
    Iteration it;
    Value v;
    math_sum_init(&total.exact);
    OK(iterate_begin(g, arg(a, 0), &it));
    while (ASK(iterate_advance(g, &it, &v))) {
        if (value_is_number(v)) {
            lib_math_total_add(&total, value_number(v));
            continue;
        }
        error_throw(g, ERROR_TYPE, "%V is not a number", v);
        return iterate_fail(g, &it);
    }
    return value_from_double(lib_math_total(&total));
}

/* ---- installation ------------------------------------------------------------------------------------------------ */

static const NativeSpec lib_math_functions[] = {
#define ROW(name, function) LIB_METHOD(#name, 1, lib_math_##name),
    LIB_MATH_UNARY
    LIB_MATH_ROUNDING
#undef ROW
    LIB_METHOD("abs", 1, lib_math_abs),
    LIB_METHOD("atan2", 2, lib_math_atan2),
    LIB_METHOD("clz32", 1, lib_math_clz32),
    LIB_METHOD("hypot", 2, lib_math_hypot),
    LIB_METHOD("imul", 2, lib_math_imul),
    LIB_MAGIC("max", 2, lib_math_max, 1),
    LIB_MAGIC("min", 2, lib_math_max, -1),
    LIB_METHOD("pow", 2, lib_math_pow),
    LIB_METHOD("random", 0, lib_math_random),
    LIB_METHOD("sumPrecise", 1, lib_math_sum_precise),
};

void lib_math_install(const Lib *lib)
{
    Value math = install_object(lib, install_intrinsic(lib, INTRINSIC_ObjectPrototype));
    lib->realm->intrinsics[INTRINSIC_Math] = math;
    install_number(lib, math, "E", M_E);
    install_number(lib, math, "LN10", M_LN10);
    install_number(lib, math, "LN2", M_LN2);
    install_number(lib, math, "LOG10E", M_LOG10E);
    install_number(lib, math, "LOG2E", M_LOG2E);
    install_number(lib, math, "PI", M_PI);
    install_number(lib, math, "SQRT1_2", M_SQRT1_2);
    install_number(lib, math, "SQRT2", M_SQRT2);
    INSTALL_TABLE(lib, math, lib_math_functions);
    install_tag(lib, math, "Math");
    install_global(lib, "Math", math);
}
