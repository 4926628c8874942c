/* SPDX-License-Identifier: MIT */
#include "lib/argument.h"

#include "lib/inspect.h"
#include "lib/inspect_int.h"

enum { ARGUMENT_TEXT_UNITS = 28 };

Value lib_argument_add_code(Goroutine *g, const char *code)
{
    Value text = value_from_cell(intern_text(&g->heap, code));
    object_define(&g->heap, object_of(g->exception), intern_key_text(&g->heap, "code"), text, PROPERTY_DEFAULT);
    return VALUE_THROWN;
}

/* "type string ('abc')", "an instance of Foo", "function f", "undefined". */
static Value argument_describe(Goroutine *g, Value v)
{
    Inspector n = { .g = g, .h = &g->heap, .options = INSPECT_DEFAULTS };
    if (value_is_nullish(v)) return inspect_primitive(&n, v);
    if (value_is_callable(v)) return inspect_text(&n, "function %S", function_display_name(n.h, v));
    if (value_is_object(v)) {
        n.seen = n.circular = list_new(n.h, 0);
        Value name = TRY(inspect_constructor_name(&n, object_of(v), 0, NULL));
        return value_is_null(name) ? lib_inspect(g, v, &n.options) : inspect_text(&n, "an instance of %S", name);
    }
    Value text = TRY(inspect_primitive(&n, v));
    String *s = string_of(text);
    if (s->length > ARGUMENT_TEXT_UNITS) text = TRY(error_string_or_throw(g, string_slice(n.h, s, 0, ARGUMENT_TEXT_UNITS - 3)));
    return inspect_text(&n, "type %S (%S%s)", convert_typeof(g->vm, v), text, s->length > ARGUMENT_TEXT_UNITS ? "..." : "");
}

Value lib_argument_throw_type(Goroutine *g, const char *name, const char *wanted, Value v)
{
    Value received = TRY(argument_describe(g, v));
    error_throw(g, ERROR_TYPE, "The \"%s\" argument must be %s. Received %S", name, wanted, string_of(received));
    return lib_argument_add_code(g, "ERR_INVALID_ARG_TYPE");
}
