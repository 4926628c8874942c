/* SPDX-License-Identifier: MIT */
#include "lib/install.h"

#include <stdio.h>
#include <string.h>

/* "[Symbol.iterator]" is that symbol, anything else a name. */
static PropertyKey install_key(const Lib *lib, const char *name)
{
    static const char *const texts[SYMBOL_COUNT] = {
#define WELL_KNOWN(id, text) text,
#include "vm/value/symbols.def"
    };
    if (name[0] != '[') return intern_key_text(lib->h, name);
    for (int i = 0; i < SYMBOL_COUNT; i++)
        if (!strncmp(name + 1, texts[i], strlen(texts[i])) && name[strlen(texts[i]) + 1] == ']') return lib->g->vm->symbols[i];
    UNREACHABLE();
}

Value install_function(const Lib *lib, const NativeSpec *spec)
{
    char name[64];
    const char *shown = spec->name;
    if (spec->flags & (NATIVE_GETTER | NATIVE_SETTER)) {
        snprintf(name, sizeof name, "%s%s", spec->flags & NATIVE_GETTER ? "get " : "set ", spec->name);
        shown = name;
    }
    Value text = value_from_cell(string_new_text(lib->h, shown));
    return value_from_cell(function_new_native(lib->h, lib->realm, spec, text, 0));
}

static void install_accessor(const Lib *lib, Object *o, PropertyKey key, const NativeSpec *spec)
{
    PropertyRef ref;
    Value f = install_function(lib, spec), getter = VALUE_UNDEFINED, setter = VALUE_UNDEFINED;
    if (object_find_own(lib->h, o, key, &ref)) {
        getter = ((const Accessor *)value_cell(ref.value))->getter;
        setter = ((const Accessor *)value_cell(ref.value))->setter;
    }
    if (spec->flags & NATIVE_GETTER) getter = f;
    else setter = f;
    object_define_accessor(lib->h, o, key, getter, setter, PROPERTY_CONFIGURABLE);
}

void install_table(const Lib *lib, Value target, const NativeSpec *specs, size_t count)
{
    Object *o = object_of(target);
    for (size_t i = 0; i < count; i++) {
        const NativeSpec *spec = &specs[i];
        PropertyKey key = install_key(lib, spec->name);
        if (spec->flags & (NATIVE_GETTER | NATIVE_SETTER)) install_accessor(lib, o, key, spec);
        else object_define(lib->h, o, key, install_function(lib, spec), PROPERTY_METHOD);
    }
}

Native *install_constructor(const Lib *lib, const NativeSpec *spec, IntrinsicId id, IntrinsicId proto, Value parent, Value super)
{
    Value *intrinsics = lib->realm->intrinsics;
    Native *c = function_new_native(lib->h, lib->realm, spec, VALUE_UNDEFINED, 0);
    if (!value_is_undefined(super)) {
        object_mark_prototype(lib->h, object_of(super));
        object_set_shape(lib->h, &c->object, shape_root_lazy_function(lib->h, KIND_NATIVE, super));
    }
    if (value_is_undefined(intrinsics[proto])) intrinsics[proto] = install_object(lib, parent);
    object_materialize(lib->h, &c->object);
    object_add(lib->h, &c->object, vm_atom(lib->g->vm, ATOM_prototype), intrinsics[proto], 0);
    object_add(lib->h, object_of(intrinsics[proto]), vm_atom(lib->g->vm, ATOM_constructor), value_from_cell(c), PROPERTY_METHOD);
    intrinsics[id] = value_from_cell(c);
    install_global(lib, spec->name, intrinsics[id]);
    return c;
}

Value install_object(const Lib *lib, Value proto)
{
    return value_from_cell(object_new_with_proto(lib->h, proto));
}

void install_value(const Lib *lib, Value target, const char *name, Value v, uint8_t attributes)
{
    object_define(lib->h, object_of(target), install_key(lib, name), v, attributes);
}

void install_number(const Lib *lib, Value target, const char *name, double d)
{
    install_value(lib, target, name, value_from_double(d), 0);
}

void install_tag(const Lib *lib, Value target, const char *tag)
{
    install_value(lib, target, "[Symbol.toStringTag]", value_from_cell(intern_text(lib->h, tag)), PROPERTY_CONFIGURABLE);
}

Value install_read(const Lib *lib, Value target, const char *name)
{
    PropertyRef ref;
    CHECK(object_find_own(lib->h, object_of(target), install_key(lib, name), &ref), "the library installed it");
    return ref.value;
}

void install_global(const Lib *lib, const char *name, Value v)
{
    install_value(lib, lib->realm->global_this, name, v, PROPERTY_METHOD);
}
