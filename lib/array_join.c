/* SPDX-License-Identifier: MIT */
/* Array.prototype's join, toString, toLocaleString (ECMA-262 23.1.3.18, 32, 36).
 *
 * An array that is being joined further out contributes nothing: which ones are is read from the stack of frames,
 * where a native function's `this` stands, so there is no list to keep. */
#include "lib/array_int.h"

enum { JOIN_PLAIN, JOIN_LOCALE };

static Value lib_array_join(Goroutine *g, Args a);

/* Is a call further out joining `o`? */
static bool lib_array_is_joining(Goroutine *g, const Object *o)
{
    for (const Value *fp = frame_caller(g->fp); fp; fp = frame_caller(fp)) {
        Value callee = fp[FRAME_CALLEE];
        if (fp[FRAME_THIS] == value_from_cell(o) && value_is_kind(callee, KIND_NATIVE)
            && function_native(callee)->spec->function == lib_array_join) return true;
    }
    return false;
}

/* Append the text of one element that is neither undefined nor null. */
static bool lib_array_join_element(Goroutine *g, StringBuilder *b, Value v, int mode)
{
    if (mode == JOIN_LOCALE) {
        Value name = value_from_cell(intern_text(&g->heap, "toLocaleString"));
        v = TRY_BOOL(object_invoke(g, v, name, 0, NULL));
    }
    String *s = convert_to_string(g, v);
    if (!s) return false;
    string_builder_put_string(&g->heap, b, s);
    return true;
}

static bool lib_array_join_all(Goroutine *g, StringBuilder *b, Object *o, double length, String *separator, int mode)
{
    for (double k = 0; k < length; k++) {
        if (k > 0 && separator->length) string_builder_put_string(&g->heap, b, separator);
        if (b->failed) return error_string_or_throw(g, NULL) != VALUE_THROWN;
        Value v = TRY_BOOL(lib_array_get(g, o, k));
        if (!value_is_nullish(v)) OK_BOOL(lib_array_join_element(g, b, v, mode));
    }
    return true;
}

/* magic: JOIN_ what. */
static Value lib_array_join(Goroutine *g, Args a)
{
    Object *o;
    double length;
    StringBuilder b;
    int mode = args_magic(a);
    OK(lib_array_self(g, a.self, &o, &length));
    String *separator = string_of(g->vm->one_unit_strings[',']);
    if (mode == JOIN_PLAIN && !value_is_undefined(arg(a, 0))) separator = convert_to_string(g, arg(a, 0));
    if (!separator) return VALUE_THROWN;
    if (lib_array_is_joining(g, o)) return g->vm->empty_string;
    string_builder_init(&b);
    if (lib_array_join_all(g, &b, o, length, separator, mode)) return error_string_or_throw(g, string_builder_end(&g->heap, &b));
    string_builder_deinit(&b);
    return VALUE_THROWN;
}

/* 23.1.3.36. */
static Value lib_array_to_string(Goroutine *g, Args a)
{
    Value self = TRY(convert_to_object(g, a.self));
    Value join = TRY(object_get(g, object_of(self), vm_atom(g->vm, ATOM_join)));
    if (!value_is_callable(join)) {
        Value proto = realm_intrinsic(realm_current(g), INTRINSIC_ObjectPrototype_toString);
        return callable_call0(g, proto, self);
    }
    return callable_call0(g, join, self);
}

static const NativeSpec lib_array_texts[] = {
    LIB_MAGIC("join", 1, lib_array_join, JOIN_PLAIN),
    LIB_MAGIC("toLocaleString", 0, lib_array_join, JOIN_LOCALE),
    LIB_METHOD("toString", 0, lib_array_to_string),
};

void lib_array_install_join(const Lib *lib, Value proto)
{
    INSTALL_TABLE(lib, proto, lib_array_texts);
    lib->realm->intrinsics[INTRINSIC_ArrayPrototype_toString] = install_read(lib, proto, "toString");
}
