/* SPDX-License-Identifier: MIT */
/* RegExp (ECMA-262 22.2): the constructor and the methods that match once. What may call user code on the way is in
 * regexp.us. */
#include "lib/regexp.h"

#include "lib/families.h"
#include "lib/intrinsics.h"
#include "lib/lib.h"
#include "lib/library.h"
#include "vm/base/mem.h"

/* ---- making ------------------------------------------------------------------------------------------------------ */

static Shape *regexp_shape(LocalHeap *h, Value proto)
{
    Shape *root = object_root_shape(h, KIND_REGEXP, proto, 1);
    return shape_add(h, root, vm_atom(h->vm, ATOM_lastIndex), PROPERTY_WRITABLE);
}

static RegExp *regexp_alloc(LocalHeap *h, Realm *realm, Shape *shape, RegExpProgram *p, bool is_legacy)
{
    RegExp *rx = object_alloc(h, shape, sizeof *rx);
    rx->program = p;
    rx->realm = realm;
    rx->is_legacy = is_legacy;
    rx->last_index[0] = VALUE_ZERO;
    return rx;
}

RegExp *regexp_new(Goroutine *g, RegExpProgram *p, Value proto, bool is_legacy)
{
    Realm *realm = realm_current(g);
    bool is_usual = proto == realm_intrinsic(realm, INTRINSIC_RegExpPrototype);
    return regexp_alloc(&g->heap, realm, is_usual ? realm->regexp_shape : regexp_shape(&g->heap, proto), p, is_legacy);
}

Value lib_new_regexp(Goroutine *g, Value pattern, Value flags)
{
    RegExpProgram *p = regexp_program(g, string_of(pattern), string_of(flags));
    if (!p) return VALUE_THROWN;
    Realm *realm = realm_current(g);
    return value_from_cell(regexp_alloc(&g->heap, realm, realm->regexp_shape, p, true));
}

Tri regexp_is_regexp(Goroutine *g, Value v)
{
    if (!value_is_object(v)) return TRI_FALSE;
    Value matcher = TRY_TRI(object_get(g, object_of(v), g->vm->symbols[SYMBOL_match]));
    if (!value_is_undefined(matcher)) return tri_from_bool(convert_to_boolean(matcher));
    return tri_from_bool(value_is_kind(v, KIND_REGEXP));
}

/* The program of pattern and flags as RegExpInitialize (22.2.3.3) takes them. NULL: thrown. */
static RegExpProgram *lib_regexp_initialize(Goroutine *g, Value pattern, Value flags)
{
    String *empty = string_of(g->vm->empty_string);
    String *source = value_is_undefined(pattern) ? empty : convert_to_string(g, pattern);
    if (!source) return NULL;
    String *letters = value_is_undefined(flags) ? empty : convert_to_string(g, flags);
    return letters ? regexp_program(g, source, letters) : NULL;
}

/* 22.2.4.1. */
static Value lib_regexp_construct(Goroutine *g, Args a)
{
    Value pattern = arg(a, 0), flags = arg(a, 1), new_target = args_new_target(a);
    bool is_regexp = ASK(regexp_is_regexp(g, pattern));                                                      // 1
    if (value_is_undefined(new_target)) {                                                                    // 2
        new_target = args_callee(a);
        if (is_regexp && value_is_undefined(flags)) {
            Value constructor = TRY(object_get(g, object_of(pattern), vm_atom(g->vm, ATOM_constructor)));
            if (constructor == new_target) return pattern;
        }
    }
    RegExpProgram *same = NULL;
    if (value_is_kind(pattern, KIND_REGEXP)) {                                                               // 4
        if (value_is_undefined(flags)) same = regexp_program_now(regexp_of(pattern));
        pattern = (same ? same : regexp_program_now(regexp_of(pattern)))->source;
    } else if (is_regexp) {                                                                                  // 5
        Object *o = object_of(pattern);
        pattern = TRY(object_get(g, o, vm_atom(g->vm, ATOM_source)));
        if (value_is_undefined(flags)) flags = TRY(object_get(g, o, vm_atom(g->vm, ATOM_flags)));
    }
    bool is_legacy = new_target == args_callee(a);
    Value proto = TRY(function_prototype_for(g, new_target, INTRINSIC_RegExpPrototype));                     // 7
    RegExpProgram *p = same ? same : lib_regexp_initialize(g, pattern, flags);                               // 8
    return p ? value_from_cell(regexp_new(g, p, proto, is_legacy)) : VALUE_THROWN;
}

/* ---- methods ----------------------------------------------------------------------------------------------------- */

static RegExp *lib_regexp_this(Goroutine *g, Args a)
{
    if (value_is_kind(a.self, KIND_REGEXP)) return regexp_of(a.self);
    error_throw(g, ERROR_TYPE, "Method RegExp.prototype.%S called on incompatible receiver %V",
                string_of(function_native(args_callee(a))->name), a.self);
    return NULL;
}

/* 22.2.6.2. */
static Value lib_regexp_exec(Goroutine *g, Args a)
{
    RegExpMatch m;
    RegExp *rx = lib_regexp_this(g, a);
    if (!rx) return VALUE_THROWN;
    String *s = convert_to_string(g, arg(a, 0));
    if (!s) return VALUE_THROWN;
    return ASK(regexp_builtin_match(g, rx, s, &m)) ? regexp_match_result(g, &m) : VALUE_NULL;
}

/* 22.2.6.16. */
static Value lib_regexp_test(Goroutine *g, Args a)
{
    RegExpMatch m;
    if (!value_is_object(a.self)) return error_throw(g, ERROR_TYPE, "RegExp.prototype.test called on a value that is no object");
    String *s = convert_to_string(g, arg(a, 0));
    if (!s) return VALUE_THROWN;
    if (regexp_is_pristine(g->vm, realm_current(g), a.self))
        return value_from_bool(ASK(regexp_builtin_match(g, regexp_of(a.self), s, &m)));
    return value_from_bool(!value_is_null(TRY(regexp_exec(g, object_of(a.self), s))));
}

/* 22.2.6.17. */
static Value lib_regexp_to_string(Goroutine *g, Args a)
{
    if (!value_is_object(a.self)) return error_throw(g, ERROR_TYPE, "RegExp.prototype.toString called on a value that is no object");
    Value source = TRY(object_get(g, object_of(a.self), vm_atom(g->vm, ATOM_source)));
    String *pattern = convert_to_string(g, source);
    if (!pattern) return VALUE_THROWN;
    Value letters = TRY(object_get(g, object_of(a.self), vm_atom(g->vm, ATOM_flags)));
    String *flags = convert_to_string(g, letters);
    if (!flags) return VALUE_THROWN;
    StringBuilder b;
    string_builder_init(&b);
    string_builder_put_unit(&b, '/');
    string_builder_put_string(&g->heap, &b, pattern);
    string_builder_put_unit(&b, '/');
    string_builder_put_string(&g->heap, &b, flags);
    return error_string_or_throw(g, string_builder_end(&g->heap, &b));
}

/* B.2.4.1, and the proposal of legacy features: not for subclasses nor across realms. */
static Value lib_regexp_compile(Goroutine *g, Args a)
{
    RegExp *rx = lib_regexp_this(g, a);
    if (!rx) return VALUE_THROWN;
    if (rx->realm != realm_current(g) || !rx->is_legacy)
        return error_throw(g, ERROR_TYPE, "RegExp.prototype.compile is not for subclasses nor for other realms");
    RegExpProgram *p;
    if (!value_is_kind(arg(a, 0), KIND_REGEXP)) p = lib_regexp_initialize(g, arg(a, 0), arg(a, 1));
    else if (value_is_undefined(arg(a, 1))) p = regexp_program_now(regexp_of(arg(a, 0)));
    else return error_throw(g, ERROR_TYPE, "Flags are not given when compiling a pattern that is a RegExp");
    if (!p) return VALUE_THROWN;
    BARRIER_SET(&g->heap, rx, rx->program, p);
    OK(regexp_set_last_index(g, rx, 0));
    return a.self;
}

/* get RegExp[Symbol.species] (22.2.5.2). */
static Value lib_regexp_species(Goroutine *g, Args a)
{
    (void)g;
    return a.self;
}

/* ---- installation ------------------------------------------------------------------------------------------------ */

static const NativeSpec lib_regexp_functions[] = {
    LIB_GETTER("[Symbol.species]", lib_regexp_species),
};

static const NativeSpec lib_regexp_prototype[] = {
    LIB_METHOD("compile", 2, lib_regexp_compile),
    LIB_METHOD("exec", 1, lib_regexp_exec),
    LIB_METHOD("test", 1, lib_regexp_test),
    LIB_METHOD("toString", 0, lib_regexp_to_string),
};

static void lib_regexp_make_shapes(const Lib *lib)
{
    LocalHeap *h = lib->h;
    const Vm *vm = lib->g->vm;
    lib->realm->regexp_shape = regexp_shape(h, install_intrinsic(lib, INTRINSIC_RegExpPrototype));
    Shape *s = object_root_shape(h, KIND_ARRAY, install_intrinsic(lib, INTRINSIC_ArrayPrototype), 3);
    s = shape_add(h, s, vm_atom(vm, ATOM_index), PROPERTY_DEFAULT);
    s = shape_add(h, s, vm_atom(vm, ATOM_input), PROPERTY_DEFAULT);
    lib->realm->regexp_result_shape = shape_add(h, s, vm_atom(vm, ATOM_groups), PROPERTY_DEFAULT);
}

void lib_regexp_install(const Lib *lib)
{
    static const NativeSpec regexp = LIB_CONSTRUCTOR("RegExp", 2, lib_regexp_construct);
    Vm *vm = lib->g->vm;
    bool pristine = vm->regexp_pristine || !vm->regexps;         // what is installed below does not spoil it
    regexp_create_space(vm);
    Value parent = install_intrinsic(lib, INTRINSIC_ObjectPrototype);
    Native *c = install_constructor(lib, &regexp, INTRINSIC_RegExp, INTRINSIC_RegExpPrototype, parent, VALUE_UNDEFINED);
    Value proto = install_intrinsic(lib, INTRINSIC_RegExpPrototype);
    lib_regexp_make_shapes(lib);
    INSTALL_TABLE(lib, value_from_cell(c), lib_regexp_functions);
    INSTALL_TABLE(lib, proto, lib_regexp_prototype);
    lib->realm->intrinsics[INTRINSIC_RegExpPrototype_exec] = install_read(lib, proto, "exec");
    regexp_install_getters(lib);
    regexp_install_statics(lib);
    regexp_install_iterator(lib);
    library_install(lib, "regexp");
    object_mark_prototype(lib->h, &c->object);                   // so that its changes are announced, too
    vm->regexp_pristine = pristine;
}
