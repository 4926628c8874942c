/* SPDX-License-Identifier: MIT */
/* Error and its kin (ECMA-262 20.5), with V8's stack, captureStackTrace and stackTraceLimit.
 *
 * `stack` is an accessor of Error.prototype: where an error was made is noted at once, its text is only put together
 * for whoever asks. */
#include "lib/families.h"
#include "vm/object/hooks.h"
#include "vm/object/iterate.h"

enum { ERROR_STACK_FRAMES = 10 };

typedef struct ErrorFamily {
    const char *name;
    IntrinsicId constructor, prototype;
    uint8_t     length;
} ErrorFamily;

static const ErrorFamily lib_error_families[ERROR_KIND_COUNT] = {
    [ERROR_PLAIN]      = { "Error", INTRINSIC_Error, INTRINSIC_ErrorPrototype, 1 },
    [ERROR_TYPE]       = { "TypeError", INTRINSIC_TypeError, INTRINSIC_TypeErrorPrototype, 1 },
    [ERROR_RANGE]      = { "RangeError", INTRINSIC_RangeError, INTRINSIC_RangeErrorPrototype, 1 },
    [ERROR_SYNTAX]     = { "SyntaxError", INTRINSIC_SyntaxError, INTRINSIC_SyntaxErrorPrototype, 1 },
    [ERROR_REFERENCE]  = { "ReferenceError", INTRINSIC_ReferenceError, INTRINSIC_ReferenceErrorPrototype, 1 },
    [ERROR_EVAL]       = { "EvalError", INTRINSIC_EvalError, INTRINSIC_EvalErrorPrototype, 1 },
    [ERROR_URI]        = { "URIError", INTRINSIC_URIError, INTRINSIC_URIErrorPrototype, 1 },
    [ERROR_AGGREGATE]  = { "AggregateError", INTRINSIC_AggregateError, INTRINSIC_AggregateErrorPrototype, 2 },
    [ERROR_SUPPRESSED] = { "SuppressedError", INTRINSIC_SuppressedError, INTRINSIC_SuppressedErrorPrototype, 3 },
};

/* ---- constructors (20.5.1.1, 20.5.6.1.1, 20.5.7.1.1) ------------------------------------------------------------- */

/* InstallErrorCause (20.5.8.1). */
static bool lib_error_install_cause(Goroutine *g, Object *e, Value options)
{
    PropertyKey cause = vm_atom(g->vm, ATOM_cause);
    if (!value_is_object(options)) return true;
    if (!ASK_BOOL(object_has(g, object_of(options), cause))) return true;
    Value v = TRY_BOOL(object_get(g, object_of(options), cause));
    object_define(&g->heap, e, cause, v, PROPERTY_METHOD);
    return true;
}

static bool lib_error_install_errors(Goroutine *g, Object *e, Value iterable)
{
    Iteration it;
    Value v;
    Array *errors = array_new(g);
    OK_BOOL(iterate_begin(g, iterable, &it));
    while (ASK_BOOL(iterate_advance(g, &it, &v))) OK_BOOL(array_push(g, errors, v));
    object_define(&g->heap, e, vm_atom(g->vm, ATOM_errors), value_from_cell(errors), PROPERTY_METHOD);
    return true;
}

static Value lib_error_construct(Goroutine *g, Args a)
{
    ErrorKind kind = (ErrorKind)args_magic(a);
    uint32_t message_at = kind == ERROR_AGGREGATE ? 1 : kind == ERROR_SUPPRESSED ? 2 : 0;
    Value new_target = args_new_target(a), message = arg(a, message_at);
    if (value_is_undefined(new_target)) new_target = args_callee(a);
    Value proto = TRY(function_prototype_for(g, new_target, (int)lib_error_families[kind].prototype));
    if (!value_is_undefined(message)) {
        String *s = convert_to_string(g, message);
        if (!s) return VALUE_THROWN;
        message = value_from_cell(s);
    }
    Object *e = object_of(error_new_with_proto(g, proto, message));
    if (kind != ERROR_SUPPRESSED) OK(lib_error_install_cause(g, e, arg(a, message_at + 1)));
    if (kind == ERROR_AGGREGATE) OK(lib_error_install_errors(g, e, arg(a, 0)));
    if (kind == ERROR_SUPPRESSED) {
        object_define(&g->heap, e, vm_atom(g->vm, ATOM_error), arg(a, 0), PROPERTY_METHOD);
        object_define(&g->heap, e, vm_atom(g->vm, ATOM_suppressed), arg(a, 1), PROPERTY_METHOD);
    }
    return value_from_cell(e);
}

/* ---- Error.prototype.toString (20.5.3.4) ------------------------------------------------------------------------- */

static String *lib_error_text(Goroutine *g, Object *o, AtomId name, const char *otherwise)
{
    Value v = object_get(g, o, vm_atom(g->vm, name));
    if (value_is_thrown(v)) return NULL;
    if (value_is_undefined(v)) return intern_text(&g->heap, otherwise);
    return convert_to_string(g, v);
}

static Value lib_error_header(Goroutine *g, Object *o)
{
    StringBuilder b;
    String *name = lib_error_text(g, o, ATOM_name, "Error");
    if (!name) return VALUE_THROWN;
    String *message = lib_error_text(g, o, ATOM_message, "");
    if (!message) return VALUE_THROWN;
    if (name->length == 0) return value_from_cell(message);
    if (message->length == 0) return value_from_cell(name);
    string_builder_init(&b);
    string_builder_put_string(&g->heap, &b, name);
    string_builder_put_text(&b, ": ");
    string_builder_put_string(&g->heap, &b, message);
    return error_string_or_throw(g, string_builder_end(&g->heap, &b));
}

static Value lib_error_to_string(Goroutine *g, Args a)
{
    if (!value_is_object(a.self)) return error_throw(g, ERROR_TYPE, "Error.prototype.toString requires that 'this' be an object");
    return lib_error_header(g, object_of(a.self));
}

/* ---- stack ------------------------------------------------------------------------------------------------------- */

static Value lib_error_get_stack(Goroutine *g, Args a)
{
    if (!value_is_object(a.self)) return error_throw(g, ERROR_TYPE, "stack was asked of a value that is no object");
    if (!value_is_kind(a.self, KIND_ERROR)) return VALUE_UNDEFINED;
    Value header = TRY(lib_error_header(g, object_of(a.self)));
    return g->vm->hooks->format_trace(g, ((ErrorObject *)value_cell(a.self))->trace, header);
}

static Value lib_error_set_stack(Goroutine *g, Args a)
{
    if (!value_is_object(a.self)) return error_throw(g, ERROR_TYPE, "stack was set on a value that is no object");
    Descriptor d = descriptor_of_data(arg(a, 0), PROPERTY_METHOD);
    OK(object_define_or_throw(g, object_of(a.self), vm_atom(g->vm, ATOM_stack), &d));
    return VALUE_UNDEFINED;
}

static Value lib_error_capture_stack_trace(Goroutine *g, Args a)
{
    if (!value_is_object(arg(a, 0))) return error_throw(g, ERROR_TYPE, "Invalid argument: %V is not an object", arg(a, 0));
    Object *o = object_of(arg(a, 0));
    Value skip = value_is_callable(arg(a, 1)) ? arg(a, 1) : args_callee(a);
    Value trace = g->vm->hooks->capture_trace(g, skip);
    if (o->cell.kind == KIND_ERROR) {
        barrier_store(&g->heap, o, &((ErrorObject *)o)->trace, trace);
        return VALUE_UNDEFINED;
    }
    Value header = TRY(lib_error_header(g, o));
    Value text = TRY(g->vm->hooks->format_trace(g, trace, header));
    Descriptor d = descriptor_of_data(text, PROPERTY_METHOD);
    OK(object_define_or_throw(g, o, vm_atom(g->vm, ATOM_stack), &d));
    return VALUE_UNDEFINED;
}

/* Error.isError (20.5.2.1). */
static Value lib_error_is_error(Goroutine *g, Args a)
{
    (void)g;
    return value_from_bool(value_is_kind(arg(a, 0), KIND_ERROR));
}

static const NativeSpec lib_error_functions[] = {
    LIB_METHOD("captureStackTrace", 2, lib_error_capture_stack_trace),
    LIB_METHOD("isError", 1, lib_error_is_error),
};

static const NativeSpec lib_error_prototype[] = {
    LIB_METHOD("toString", 0, lib_error_to_string),
    LIB_GETTER("stack", lib_error_get_stack),
    LIB_SETTER("stack", lib_error_set_stack),
};

static void lib_error_install_family(const Lib *lib, ErrorKind kind, const NativeSpec *spec)
{
    const ErrorFamily *f = &lib_error_families[kind];
    bool plain = kind == ERROR_PLAIN;
    Value parent = install_intrinsic(lib, plain ? INTRINSIC_ObjectPrototype : INTRINSIC_ErrorPrototype);
    Value super = plain ? VALUE_UNDEFINED : install_intrinsic(lib, INTRINSIC_Error);
    install_constructor(lib, spec, f->constructor, f->prototype, parent, super);
    Value proto = install_intrinsic(lib, f->prototype);
    install_value(lib, proto, "name", value_from_cell(intern_text(lib->h, f->name)), PROPERTY_METHOD);
    install_value(lib, proto, "message", lib->g->vm->empty_string, PROPERTY_METHOD);
    object_mark_prototype(lib->h, object_of(proto));             // once shared, that would stop the world
}

void lib_error_install(const Lib *lib)
{
    static NativeSpec specs[ERROR_KIND_COUNT];           // the same content whenever it is written
    for (int kind = 0; kind < ERROR_KIND_COUNT; kind++) {
        specs[kind] = (NativeSpec){ .name = lib_error_families[kind].name, .function = lib_error_construct,
                                    .length = lib_error_families[kind].length, .flags = NATIVE_CONSTRUCTOR, .magic = (int16_t)kind };
        lib_error_install_family(lib, (ErrorKind)kind, &specs[kind]);
    }
    Value error = install_intrinsic(lib, INTRINSIC_Error);
    INSTALL_TABLE(lib, error, lib_error_functions);
    install_value(lib, error, "stackTraceLimit", value_from_int(ERROR_STACK_FRAMES), PROPERTY_DEFAULT);
    INSTALL_TABLE(lib, install_intrinsic(lib, INTRINSIC_ErrorPrototype), lib_error_prototype);
}
