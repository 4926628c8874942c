/* SPDX-License-Identifier: MIT */
/* Iterator (ECMA-262 27.1): the cell, %IteratorPrototype%, the constructor. The helpers are in iterator.us. */
#include "lib/iterator.h"

#include "lib/families.h"
#include "vm/object/kinds.h"

/* ---- the cell ------------------------------------------------------------------------------------------------------------- */

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

Value iterator_entry_result(Goroutine *g, Value key, Value v)
{
    Value pair[] = { key, v };
    Array *entry = array_from_values(g, 2, pair);
    return entry ? realm_iterator_result(g, value_from_cell(entry), false) : VALUE_THROWN;
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

/* ---- the constructor -------------------------------------------------------------------------------------------------------- */

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

static const NativeSpec lib_iterator_prototype[] = {
    LIB_METHOD("[Symbol.iterator]", 0, lib_iterator_self),
    LIB_METHOD("[Symbol.dispose]", 0, lib_iterator_dispose),
};

void lib_iterator_install(const Lib *lib)
{
    static const NativeSpec spec = LIB_CONSTRUCTOR("Iterator", 0, lib_iterator_construct);
    Value proto = iterator_prototype(lib);
    install_constructor(lib, &spec, INTRINSIC_Iterator, INTRINSIC_IteratorPrototype, VALUE_UNDEFINED, VALUE_UNDEFINED);
    INSTALL_TABLE(lib, proto, lib_iterator_prototype);
}
