/* SPDX-License-Identifier: MIT */
/* DisposableStack and AsyncDisposableStack (ECMA-262, explicit resource management: 12.3 and 12.4 of the proposal); the
 * disposing itself, which calls back, is in disposable.us.
 *
 * magic of functions: 1 for those of AsyncDisposableStack. */
#include "lib/disposable.h"

#include "lib/families.h"
#include "lib/intrinsics.h"
#include "lib/library.h"
#include "vm/exec/dispose.h"
#include "vm/object/kinds.h"

typedef struct DisposableStack {         // KIND_DISPOSABLE_STACK, KIND_ASYNC_DISPOSABLE_STACK
    Object object;
    Value  resources;                    // atomic: an array of exec/dispose.h, or undefined: disposed
} DisposableStack;

static const char *lib_disposable_class(bool is_async)
{
    return is_async ? "AsyncDisposableStack" : "DisposableStack";
}

static IntrinsicId lib_disposable_proto(bool is_async)
{
    return is_async ? INTRINSIC_AsyncDisposableStackPrototype : INTRINSIC_DisposableStackPrototype;
}

/* `v` as a stack of that sort; NULL: thrown. */
static DisposableStack *lib_disposable_of(Goroutine *g, Value v, bool is_async)
{
    if (value_is_kind(v, is_async ? KIND_ASYNC_DISPOSABLE_STACK : KIND_DISPOSABLE_STACK)) return (DisposableStack *)value_cell(v);
    error_throw(g, ERROR_TYPE, "%V is not a %s", v, lib_disposable_class(is_async));
    return NULL;
}

static Value lib_disposable_throw_disposed(Goroutine *g, Args a)
{
    return error_throw(g, ERROR_REFERENCE, "This %s has already been disposed", lib_disposable_class(args_magic(a) != 0));
}

/* The resources of the receiver of a method that adds to them; VALUE_THROWN. */
static Value lib_disposable_open(Goroutine *g, Args a)
{
    const DisposableStack *s = lib_disposable_of(g, a.self, args_magic(a) != 0);
    if (!s) return VALUE_THROWN;
    Value resources = cell_slot_get(&s->resources);
    return value_is_undefined(resources) ? lib_disposable_throw_disposed(g, a) : resources;
}

/* Of several who take the resources one gets them. */
static Value lib_disposable_take_all(DisposableStack *s)
{
    return atomic_swap_acq_rel(&s->resources, VALUE_UNDEFINED);
}

static Value lib_disposable_new(Goroutine *g, Value proto, bool is_async, Value resources)
{
    CellKind kind = is_async ? KIND_ASYNC_DISPOSABLE_STACK : KIND_DISPOSABLE_STACK;
    DisposableStack *s = object_alloc(&g->heap, object_root_shape(&g->heap, kind, proto, 0), sizeof *s);
    s->resources = resources;
    return value_from_cell(s);
}

static Value lib_disposable_construct(Goroutine *g, Args a)
{
    bool is_async = args_magic(a) != 0;
    if (!args_is_construct(a)) return error_throw(g, ERROR_TYPE, "Constructor %s requires 'new'", lib_disposable_class(is_async));
    Value proto = TRY(function_prototype_for(g, args_new_target(a), lib_disposable_proto(is_async)));
    return lib_disposable_new(g, proto, is_async, value_from_cell(array_new(g)));
}

static Value lib_disposable_disposed(Goroutine *g, Args a)
{
    const DisposableStack *s = lib_disposable_of(g, a.self, args_magic(a) != 0);
    return s ? value_from_bool(value_is_undefined(cell_slot_get(&s->resources))) : VALUE_THROWN;
}

static Value lib_disposable_use(Goroutine *g, Args a)
{
    Value resources = TRY(lib_disposable_open(g, a));
    OK(dispose_add(g, resources, arg(a, 0), args_magic(a) != 0));
    return arg(a, 0);
}

/* data 0 the value, 1 the function: what adopt adds. */
static Value lib_disposable_adopted(Goroutine *g, Args a)
{
    return callable_call1(g, args_data(a, 1), VALUE_UNDEFINED, args_data(a, 0));
}

static Value lib_disposable_adopt(Goroutine *g, Args a)
{
    static const NativeSpec spec = LIB_METHOD("", 0, lib_disposable_adopted);
    Value resources = TRY(lib_disposable_open(g, a));
    if (!value_is_callable(arg(a, 1))) return error_throw(g, ERROR_TYPE, "%V is not a function", arg(a, 1));
    Value f = function_new_capturing(&g->heap, realm_current(g), &spec, 2, (Value[]){ arg(a, 0), arg(a, 1) });
    OK(dispose_add_method(g, resources, VALUE_UNDEFINED, f, args_magic(a) != 0));
    return arg(a, 0);
}

static Value lib_disposable_defer(Goroutine *g, Args a)
{
    Value resources = TRY(lib_disposable_open(g, a));
    if (!value_is_callable(arg(a, 0))) return error_throw(g, ERROR_TYPE, "%V is not a function", arg(a, 0));
    OK(dispose_add_method(g, resources, VALUE_UNDEFINED, arg(a, 0), args_magic(a) != 0));
    return VALUE_UNDEFINED;
}

static Value lib_disposable_move(Goroutine *g, Args a)
{
    bool is_async = args_magic(a) != 0;
    TRY(lib_disposable_open(g, a));
    Value resources = lib_disposable_take_all((DisposableStack *)value_cell(a.self));
    if (value_is_undefined(resources)) return lib_disposable_throw_disposed(g, a);
    Value proto = realm_intrinsic(realm_current(g), lib_disposable_proto(is_async));
    return lib_disposable_new(g, proto, is_async, resources);
}

/* ---- what disposable.us asks for --------------------------------------------------------------------------------- */

/* $disposeTake(stack, isAsync): its resources, which are no longer the stack's; undefined when it is disposed
 * already. */
Value lib_disposable_take(Goroutine *g, Args a)
{
    DisposableStack *s = lib_disposable_of(g, arg(a, 0), arg(a, 1) == VALUE_TRUE);
    if (!s) return VALUE_THROWN;
    return lib_disposable_take_all(s);
}

/* $disposeNext(resources): the last one, [value, method or undefined, result is awaited], taken off; undefined: none
 * left. */
Value lib_disposable_next(Goroutine *g, Args a)
{
    Value v, method;
    bool awaits;
    if (!dispose_pop(&g->heap, arg(a, 0), &v, &method, &awaits)) return VALUE_UNDEFINED;
    Array *resource = array_from_values(g, 3, (Value[]){ v, method, value_from_bool(awaits) });
    return resource ? value_from_cell(resource) : VALUE_THROWN;
}

/* $disposeSuppress(error, suppressed): a SuppressedError. */
Value lib_disposable_suppress(Goroutine *g, Args a)
{
    return dispose_suppress(g, arg(a, 0), arg(a, 1));
}

/* ---- installation ------------------------------------------------------------------------------------------------ */

#define LIB_DISPOSABLE_GETTER(magic_) { .name = "disposed", .function = lib_disposable_disposed, .flags = NATIVE_GETTER, .magic = magic_ }
#define LIB_DISPOSABLE_METHODS(magic_)                          \
    LIB_DISPOSABLE_GETTER(magic_),                              \
    LIB_MAGIC("adopt", 2, lib_disposable_adopt, magic_),        \
    LIB_MAGIC("defer", 1, lib_disposable_defer, magic_),        \
    LIB_MAGIC("move", 0, lib_disposable_move, magic_),          \
    LIB_MAGIC("use", 1, lib_disposable_use, magic_),

static const NativeSpec lib_disposable_sync[] = { LIB_DISPOSABLE_METHODS(0) };
static const NativeSpec lib_disposable_async[] = { LIB_DISPOSABLE_METHODS(1) };

void disposable_register_kinds(void)
{
    GcKind kind = { .name = "DISPOSABLE_STACK", .base_bytes = sizeof(DisposableStack) };
    kinds_register(KIND_DISPOSABLE_STACK, &kind, NULL);
    kinds_register(KIND_ASYNC_DISPOSABLE_STACK, &kind, NULL);
}

void lib_disposable_install(const Lib *lib)
{
    static const NativeSpec specs[] = {
        { .name = "DisposableStack", .function = lib_disposable_construct, .flags = NATIVE_CONSTRUCTOR, .magic = 0 },
        { .name = "AsyncDisposableStack", .function = lib_disposable_construct, .flags = NATIVE_CONSTRUCTOR, .magic = 1 },
    };
    Value parent = install_intrinsic(lib, INTRINSIC_ObjectPrototype);
    install_constructor(lib, &specs[0], INTRINSIC_DisposableStack, lib_disposable_proto(false), parent, VALUE_UNDEFINED);
    install_constructor(lib, &specs[1], INTRINSIC_AsyncDisposableStack, lib_disposable_proto(true), parent, VALUE_UNDEFINED);
    Value sync = install_intrinsic(lib, lib_disposable_proto(false)), async = install_intrinsic(lib, lib_disposable_proto(true));
    INSTALL_TABLE(lib, sync, lib_disposable_sync);
    INSTALL_TABLE(lib, async, lib_disposable_async);
    library_install(lib, "disposable");
    install_value(lib, sync, "[Symbol.dispose]", install_read(lib, sync, "dispose"), PROPERTY_METHOD);
    install_value(lib, async, "[Symbol.asyncDispose]", install_read(lib, async, "disposeAsync"), PROPERTY_METHOD);
    install_tag(lib, sync, lib_disposable_class(false));
    install_tag(lib, async, lib_disposable_class(true));
}
