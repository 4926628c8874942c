/* SPDX-License-Identifier: MIT */
/* Function and its kin (ECMA-262 20.2, 27.3, 27.4, 27.7). */
#include "lib/families.h"
#include "vm/object/hooks.h"

/* ---- constructors: CreateDynamicFunction (20.2.1.1.1) ------------------------------------------------------------ */

static String *lib_function_parameters(Goroutine *g, Args a)
{
    StringBuilder b;
    string_builder_init(&b);
    for (uint32_t i = 0; i + 1 < a.count; i++) {
        String *s = convert_to_string(g, arg(a, i));
        if (!s) {
            string_builder_deinit(&b);
            return NULL;
        }
        if (i) string_builder_put_text(&b, ",");
        string_builder_put_string(&g->heap, &b, s);
    }
    String *joined = string_builder_end(&g->heap, &b);
    if (!joined) error_throw_string_length(g);
    return joined;
}

static Value lib_function_construct(Goroutine *g, Args a)
{
    static const IntrinsicId protos[] = {
        [EVAL_FUNCTION] = INTRINSIC_FunctionPrototype, [EVAL_GENERATOR] = INTRINSIC_GeneratorFunctionPrototype,
        [EVAL_ASYNC_FUNCTION] = INTRINSIC_AsyncFunctionPrototype, [EVAL_ASYNC_GENERATOR] = INTRINSIC_AsyncGeneratorFunctionPrototype,
    };
    Native *callee = function_native(args_callee(a));
    EvalRequest request = { .kind = (EvalKind)args_magic(a), .scope = VALUE_UNDEFINED, .realm = callee->realm };
    request.parameters = lib_function_parameters(g, a);
    if (!request.parameters) return VALUE_THROWN;
    request.source = a.count ? convert_to_string(g, arg(a, a.count - 1)) : string_of(g->vm->empty_string);
    if (!request.source) return VALUE_THROWN;
    Value f = TRY(g->vm->hooks->evaluate(g, &request));
    Value new_target = args_new_target(a);
    if (value_is_undefined(new_target) || new_target == args_callee(a)) return f;
    Value proto = TRY(function_prototype_for(g, new_target, (int)protos[request.kind]));
    if (proto == object_proto(g->vm, object_of(f))) return f;
    ASK(object_set_proto(g, object_of(f), proto));
    return f;
}

/* ---- Function.prototype (20.2.3) --------------------------------------------------------------------------------- */

static Value lib_function_not_callable(Goroutine *g, const char *method)
{
    return error_throw(g, ERROR_TYPE, "Function.prototype.%s was called on a value that is not a function", method);
}

enum { LIB_FUNCTION_FEW = 8 };           // arguments that are copied without a list

/* 20.2.3.1. The arguments are copied, since they may change while the callee's frame is made. */
static Value lib_function_apply(Goroutine *g, Args a)
{
    Value few[LIB_FUNCTION_FEW], v = arg(a, 1);
    uint32_t count;
    if (!value_is_callable(a.self)) return lib_function_not_callable(g, "apply");
    if (value_is_nullish(v)) return callable_tail_call(g, a.self, arg(a, 0), 0, NULL);
    const Value *values = value_is_object(v) ? array_like_values(g, object_of(v), &count) : NULL;
    if (values && count <= LIB_FUNCTION_FEW) {
        for (uint32_t i = 0; i < count; i++) few[i] = values[i] == VALUE_HOLE ? VALUE_UNDEFINED : values[i];
        return callable_tail_call(g, a.self, arg(a, 0), count, few);
    }
    ValueList *list = array_list_from_array_like(g, arg(a, 1));
    if (!list) return VALUE_THROWN;
    return callable_tail_call(g, a.self, arg(a, 0), list->count, list->items);
}

/* 20.2.3.3. The arguments are copied, since the stack they lie in may move. */
static Value lib_function_call(Goroutine *g, Args a)
{
    Value few[LIB_FUNCTION_FEW];
    if (!value_is_callable(a.self)) return lib_function_not_callable(g, "call");
    uint32_t count = a.count ? a.count - 1 : 0;
    if (count <= LIB_FUNCTION_FEW) {
        for (uint32_t i = 0; i < count; i++) few[i] = arg(a, i + 1);
        return callable_tail_call(g, a.self, arg(a, 0), count, few);
    }
    ValueList *list = list_new(&g->heap, count);
    for (uint32_t i = 0; i < count; i++) list_push(&g->heap, &list, arg(a, i + 1));
    return callable_tail_call(g, a.self, arg(a, 0), count, list->items);
}

static Value lib_function_bound_length(Goroutine *g, Object *target, uint32_t bound)
{
    PropertyKey length_key = vm_atom(g->vm, ATOM_length);
    double length = 0;
    if (!ASK(object_has_own(g, target, length_key))) return VALUE_ZERO;
    Value v = TRY(object_get(g, target, length_key));
    if (!value_is_number(v)) return VALUE_ZERO;
    OK(convert_to_integer(g, v, &length));
    length -= bound;
    return value_from_double(length > 0 ? length : 0);
}

/* 20.2.3.2. */
static Value lib_function_bind(Goroutine *g, Args a)
{
    LocalHeap *h = &g->heap;
    if (!value_is_callable(a.self)) return lib_function_not_callable(g, "bind");
    Object *target = object_of(a.self);
    uint32_t bound = a.count > 1 ? a.count - 1 : 0;
    Value proto = TRY(object_get_proto(g, target));
    Bound *b = object_alloc(h, object_root_shape(h, KIND_BOUND, proto, 0), sizeof *b);
    b->target = a.self;
    b->self = arg(a, 0);
    b->arguments = NULL;
    b->is_constructor = callable_is_constructor(a.self);
    b->unused = 0;
    ValueList *list = list_new(h, bound);
    for (uint32_t i = 0; i < bound; i++) list_push(h, &list, arg(a, i + 1));
    BARRIER_SET(h, b, b->arguments, list);
    Value length = TRY(lib_function_bound_length(g, target, bound));
    object_add(h, &b->object, vm_atom(g->vm, ATOM_length), length, PROPERTY_CONFIGURABLE);
    Value name = TRY(object_get(g, target, vm_atom(g->vm, ATOM_name)));
    PropertyKey key = value_is_string(name) ? name : g->vm->empty_string;
    OK(function_set_name(g, &b->object, key, "bound"));
    return value_from_cell(b);
}

/* 20.2.3.5. */
static Value lib_function_to_string(Goroutine *g, Args a)
{
    if (!value_is_callable(a.self)) return lib_function_not_callable(g, "toString");
    return function_source_text(g, a.self);
}

/* 20.2.3.6. */
static Value lib_function_has_instance(Goroutine *g, Args a)
{
    return value_from_bool(ASK(object_ordinary_has_instance(g, a.self, arg(a, 0))));
}

static const NativeSpec lib_function_prototype[] = {
    LIB_METHOD("apply", 2, lib_function_apply),
    LIB_METHOD("bind", 1, lib_function_bind),
    LIB_METHOD("call", 1, lib_function_call),
    LIB_METHOD("toString", 0, lib_function_to_string),
};

static const NativeSpec lib_function_instance_of[] = {
    LIB_METHOD("[Symbol.hasInstance]", 1, lib_function_has_instance),
};

/* %ThrowTypeError% (10.2.4.1). */
static Value lib_function_throw_type_error(Goroutine *g, Args a)
{
    (void)a;
    return error_throw(g, ERROR_TYPE, "'caller', 'callee', and 'arguments' properties may not be accessed on strict mode "
                                      "functions or the arguments objects for calls to them");
}

static void lib_function_install_thrower(const Lib *lib)
{
    static const NativeSpec spec = { .name = "", .function = lib_function_throw_type_error };
    Value thrower = install_function(lib, &spec);
    Object *o = object_of(thrower);
    object_materialize(lib->h, o);
    object_define(lib->h, o, vm_atom(lib->g->vm, ATOM_length), VALUE_ZERO, 0);
    object_define(lib->h, o, vm_atom(lib->g->vm, ATOM_name), lib->g->vm->empty_string, 0);
    if (object_set_integrity(lib->g, o, true) != TRI_TRUE) UNREACHABLE();
    lib->realm->intrinsics[INTRINSIC_ThrowTypeError] = thrower;
    Object *fp = object_of(install_intrinsic(lib, INTRINSIC_FunctionPrototype));
    object_define_accessor(lib->h, fp, vm_atom(lib->g->vm, ATOM_arguments), thrower, thrower, PROPERTY_CONFIGURABLE);
    object_define_accessor(lib->h, fp, vm_atom(lib->g->vm, ATOM_caller), thrower, thrower, PROPERTY_CONFIGURABLE);
}

/* The constructors of generator and async functions, which are no globals, and their prototypes. */
static void lib_function_install_kin(const Lib *lib, const NativeSpec *spec, IntrinsicId id, IntrinsicId proto)
{
    Value super = install_intrinsic(lib, INTRINSIC_Function), p = install_intrinsic(lib, proto);
    Native *c = function_new_native(lib->h, lib->realm, spec, VALUE_UNDEFINED, 0);
    object_mark_prototype(lib->h, object_of(super));
    object_set_shape(lib->h, &c->object, shape_root_lazy_function(lib->h, KIND_NATIVE, super));
    object_materialize(lib->h, &c->object);
    object_add(lib->h, &c->object, vm_atom(lib->g->vm, ATOM_prototype), p, 0);
    object_add(lib->h, object_of(p), vm_atom(lib->g->vm, ATOM_constructor), value_from_cell(c), PROPERTY_CONFIGURABLE);
    install_tag(lib, p, spec->name);
    lib->realm->intrinsics[id] = value_from_cell(c);
}

void lib_function_install(const Lib *lib)
{
#define DYNAMIC(name_, kind) { .name = name_, .function = lib_function_construct, .length = 1, .flags = NATIVE_CONSTRUCTOR, .magic = kind }
    static const NativeSpec function = DYNAMIC("Function", EVAL_FUNCTION);
    static const NativeSpec generator = DYNAMIC("GeneratorFunction", EVAL_GENERATOR);
    static const NativeSpec async = DYNAMIC("AsyncFunction", EVAL_ASYNC_FUNCTION);
    static const NativeSpec async_generator = DYNAMIC("AsyncGeneratorFunction", EVAL_ASYNC_GENERATOR);
    install_constructor(lib, &function, INTRINSIC_Function, INTRINSIC_FunctionPrototype, VALUE_UNDEFINED, VALUE_UNDEFINED);
    Value proto = install_intrinsic(lib, INTRINSIC_FunctionPrototype);
    INSTALL_TABLE(lib, proto, lib_function_prototype);
    lib->realm->intrinsics[INTRINSIC_FunctionPrototype_apply] = install_read(lib, proto, "apply");
    Value has_instance = install_function(lib, &lib_function_instance_of[0]);
    install_value(lib, proto, "[Symbol.hasInstance]", has_instance, 0);
    lib->realm->intrinsics[INTRINSIC_FunctionPrototype_hasInstance] = has_instance;
    lib_function_install_thrower(lib);
    lib_function_install_kin(lib, &generator, INTRINSIC_GeneratorFunction, INTRINSIC_GeneratorFunctionPrototype);
    lib_function_install_kin(lib, &async, INTRINSIC_AsyncFunction, INTRINSIC_AsyncFunctionPrototype);
    lib_function_install_kin(lib, &async_generator, INTRINSIC_AsyncGeneratorFunction, INTRINSIC_AsyncGeneratorFunctionPrototype);
}
