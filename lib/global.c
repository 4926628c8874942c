/* SPDX-License-Identifier: MIT */
/* The global object's own values and functions (ECMA-262 19.1, 19.2), but for what has a family of its own. */
#include <string.h>

#include "lib/families.h"
#include "vm/base/dtoa.h"
#include "vm/object/hooks.h"
#include "vm/value/number.h"

/* eval called in any way but directly (19.2.1). */
static Value lib_global_eval(Goroutine *g, Args a)
{
    if (!value_is_string(arg(a, 0))) return arg(a, 0);
    EvalRequest request = { .kind = EVAL_INDIRECT, .source = string_of(arg(a, 0)), .scope = VALUE_UNDEFINED,
                            .realm = function_native(args_callee(a))->realm };
    return g->vm->hooks->evaluate(g, &request);
}

static Value lib_global_is_finite(Goroutine *g, Args a)
{
    double d;
    OK(convert_to_double(g, arg(a, 0), &d));
    return value_from_bool(isfinite(d));
}

static Value lib_global_is_nan(Goroutine *g, Args a)
{
    double d;
    OK(convert_to_double(g, arg(a, 0), &d));
    return value_from_bool(isnan(d));
}

static const NativeSpec lib_global_functions[] = {
    LIB_METHOD("isFinite", 1, lib_global_is_finite),
    LIB_METHOD("isNaN", 1, lib_global_is_nan),
};

void lib_global_install(const Lib *lib)
{
    static const NativeSpec eval = LIB_METHOD("eval", 1, lib_global_eval);
    Value global = lib->realm->global_this;
    install_value(lib, global, "globalThis", global, PROPERTY_METHOD);
    install_value(lib, global, "Infinity", value_from_double(INFINITY), 0);
    install_value(lib, global, "NaN", VALUE_NAN, 0);
    install_value(lib, global, "undefined", VALUE_UNDEFINED, 0);
    INSTALL_TABLE(lib, global, lib_global_functions);
    lib->realm->intrinsics[INTRINSIC_eval] = install_function(lib, &eval);
    install_global(lib, "eval", install_intrinsic(lib, INTRINSIC_eval));
}
