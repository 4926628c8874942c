/* SPDX-License-Identifier: MIT */
/* Iterator (ECMA-262 27.1): the cell, %IteratorPrototype%, the constructor. The helpers are in iterator.us. */
#include "lib/iterator.h"

#include "lib/families.h"
#include "lib/iterator_int.h"
#include "lib/library.h"
#include "vm/object/kinds.h"

/* ---- the cell ---------------------------------------------------------------------------------------------------- */

IteratorObject *iterator_new(LocalHeap *h, Value proto, IteratorType type, Value source, Value mode)
{
    IteratorObject *it = object_alloc(h, object_root_shape(h, KIND_ITERATOR, proto, 0), sizeof *it);
    it->type = value_from_int(type);
    it->source = source;
    it->at = VALUE_ZERO;
    it->mode = mode;
    it->more = VALUE_UNDEFINED;
    return it;
}

Value iterator_new_entry(Goroutine *g, Value key, Value v)
{
    Value pair[] = { key, v };
    Array *entry = array_from_values(g, 2, pair);
    return entry ? value_from_cell(entry) : VALUE_THROWN;
}

void iterator_register_kinds(void)
{
    kinds_register(KIND_ITERATOR, &(GcKind){ .name = "ITERATOR", .base_bytes = sizeof(IteratorObject) }, NULL);
}

Value iterator_prototype(const Lib *lib)
{
    Value *proto = &lib->realm->intrinsics[INTRINSIC_IteratorPrototype];
    if (value_is_undefined(*proto)) *proto = install_object(lib, install_intrinsic(lib, INTRINSIC_ObjectPrototype));
    return *proto;
}

/* ---- the constructor --------------------------------------------------------------------------------------------- */

/* 27.1.3.1. */
static Value lib_iterator_construct(Goroutine *g, Args a)
{
    Value new_target = args_new_target(a);
    if (value_is_undefined(new_target)) return error_throw(g, ERROR_TYPE, "Constructor Iterator requires 'new'");
    if (new_target == args_callee(a)) return error_throw(g, ERROR_TYPE, "Abstract class Iterator not directly constructable");
    Value proto = TRY(function_prototype_for(g, new_target, INTRINSIC_IteratorPrototype));
    return value_from_cell(object_new_with_proto(&g->heap, proto));
}

/* %IteratorPrototype%[@@iterator] (27.1.4.13). */
static Value lib_iterator_self(Goroutine *g, Args a)
{
    (void)g;
    return a.self;
}

/* %IteratorPrototype%[@@dispose] (explicit resource management). */
static Value lib_iterator_dispose(Goroutine *g, Args a)
{
    Value method = TRY(object_get_method(g, a.self, vm_atom(g->vm, ATOM_return)));
    if (!value_is_undefined(method)) TRY(callable_call0(g, method, a.self));
    return VALUE_UNDEFINED;
}

/* SetterThatIgnoresPrototypeProperties (7.3.33): what assigning does on an object that inherits from `home`. */
static Value lib_iterator_set_weakly(Goroutine *g, Value self, IntrinsicId home, PropertyKey key, Value v)
{
    if (!value_is_object(self)) return error_throw(g, ERROR_TYPE, "%V is not an object", self);
    Object *o = object_of(self);
    if (self == realm_intrinsic(realm_current(g), home))
        return error_throw(g, ERROR_TYPE, "Cannot assign to this property of Iterator.prototype");
    if (ASK(object_has_own(g, o, key))) OK(object_put(g, o, key, v));
    else OK(object_create_data_property_or_throw(g, o, key, v));
    return VALUE_UNDEFINED;
}

/* Iterator.prototype.constructor (27.1.4.1). */
static Value lib_iterator_get_constructor(Goroutine *g, Args a)
{
    (void)a;
    return realm_intrinsic(realm_current(g), INTRINSIC_Iterator);
}

static Value lib_iterator_set_constructor(Goroutine *g, Args a)
{
    return lib_iterator_set_weakly(g, a.self, INTRINSIC_IteratorPrototype, vm_atom(g->vm, ATOM_constructor), arg(a, 0));
}

/* Iterator.prototype[@@toStringTag] (27.1.4.14). */
static Value lib_iterator_get_tag(Goroutine *g, Args a)
{
    (void)a;
    return value_from_cell(intern_text(&g->heap, "Iterator"));
}

static Value lib_iterator_set_tag(Goroutine *g, Args a)
{
    return lib_iterator_set_weakly(g, a.self, INTRINSIC_IteratorPrototype, g->vm->symbols[SYMBOL_toStringTag], arg(a, 0));
}

static const NativeSpec lib_iterator_prototype[] = {
    LIB_METHOD("[Symbol.iterator]", 0, lib_iterator_self),
    LIB_METHOD("[Symbol.dispose]", 0, lib_iterator_dispose),
    LIB_GETTER("constructor", lib_iterator_get_constructor),
    LIB_SETTER("constructor", lib_iterator_set_constructor),
    LIB_GETTER("[Symbol.toStringTag]", lib_iterator_get_tag),
    LIB_SETTER("[Symbol.toStringTag]", lib_iterator_set_tag),
};

void lib_iterator_install(const Lib *lib)
{
    static const NativeSpec spec = LIB_CONSTRUCTOR("Iterator", 0, lib_iterator_construct);
    Value proto = iterator_prototype(lib);
    install_constructor(lib, &spec, INTRINSIC_Iterator, INTRINSIC_IteratorPrototype, VALUE_UNDEFINED, VALUE_UNDEFINED);
    CHECK(object_remove(lib->h, object_of(proto), vm_atom(lib->g->vm, ATOM_constructor)), "an accessor takes its place");
    INSTALL_TABLE(lib, proto, lib_iterator_prototype);
    lib_iterator_install_helpers(lib);
    library_install(lib, "iterator");
}
