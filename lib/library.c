/* SPDX-License-Identifier: MIT */
#include "lib/library.h"

#include <string.h>

#include "vm/base/mem.h"
#include "vm/bytecode/unitio.h"
#include "vm/base/panic.h"
#include "vm/exec/code.h"

static Unit *library_find(const char *name)
{
    const LibraryUnit *u = library_units;
    while (u->name && strcmp(u->name, name)) u++;
    CHECK(u->name, "a family's UltraScript is embedded");
    Unit *unit = unitio_read(u->bytes, u->size, true);
    if (!unit) panic_out_of_memory("the library");       // it was embedded by this build
    return unit;
}

/* Object literals have a property's value at once: no getter runs. */
static Value library_own(const Lib *lib, Value object, PropertyKey key)
{
    PropertyRef ref;
    return object_find_own(lib->h, object_of(object), key, &ref) ? ref.value : VALUE_UNDEFINED;
}

/* "Array.prototype", or "%ArrayIteratorPrototype%". */
static Value library_target(const Lib *lib, const char *path)
{
    static const char *const intrinsics[] = {
#define INTRINSIC(id) #id,
#include "vm/object/intrinsics.def"
    };
    char name[80];
    if (path[0] == '%') {
        for (size_t i = 0; i < COUNT_OF(intrinsics); i++)
            if (!strncmp(intrinsics[i], path + 1, strlen(path) - 2) && strlen(intrinsics[i]) == strlen(path) - 2)
                return lib->realm->intrinsics[i];
        UNREACHABLE();
    }
    Value v = lib->realm->global_this;
    while (*path) {
        size_t n = strcspn(path, ".");
        CHECK(n < sizeof name, "a name in the library is short");
        memcpy(name, path, n);
        name[n] = '\0';
        v = library_own(lib, v, intern_key_text(lib->h, name));
        path += path[n] ? n + 1 : n;
    }
    return v;
}

/* A copied function leaves its home: methods of the library use no `super`. */
static void library_copy(const Lib *lib, Value target, Value from)
{
    ValueList *keys = object_own_keys(lib->g, object_of(from), KEYS_ALL);
    Object *o = object_of(target);
    for (uint32_t i = 0; i < keys->count; i++) {
        PropertyRef ref;
        CHECK(object_find_own(lib->h, object_of(from), keys->items[i], &ref), "a listed key is there");
        if (value_is_kind(ref.value, KIND_ACCESSOR)) {
            const Accessor *a = (const Accessor *)value_cell(ref.value);
            object_define_accessor(lib->h, o, keys->items[i], a->getter, a->setter, PROPERTY_CONFIGURABLE);
        } else {
            object_define(lib->h, o, keys->items[i], ref.value, PROPERTY_METHOD);
        }
    }
}

void library_install(const Lib *lib, const char *name)
{
    Unit *unit = library_find(name);
    Code *code = code_new(lib->h, unit, 0, lib->realm, VALUE_UNDEFINED);
    unit_release(unit);
    Function *top = code_new_top_function(lib->h, code, NULL);
    Value made = callable_call0(lib->g, value_from_cell(top), VALUE_UNDEFINED);
    if (value_is_thrown(made)) panic_out_of_memory("the library");       // there is no other reason
    CHECK(value_is_object(made), "a library file ends with an object");
    ValueList *paths = object_own_keys(lib->g, object_of(made), KEYS_STRINGS);
    for (uint32_t i = 0; i < paths->count; i++) {
        size_t count;
        char *path = string_to_utf8(lib->h, string_of(paths->items[i]), &count, false);
        CHECK(path, "there is memory for the library");
        Value target = library_target(lib, path);
        mem_free(path);
        CHECK(value_is_object(target), "what the library extends is there");
        library_copy(lib, target, library_own(lib, made, paths->items[i]));
    }
}
