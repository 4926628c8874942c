/* SPDX-License-Identifier: MIT */
/* process.env: an exotic object whose properties are the variables of the process's environment, read and written
 * there. Values become strings; what no variable can hold (a symbol's key, an accessor) is refused. */
#include <stdlib.h>
#include <string.h>

#include "lib/process_int.h"
#include "vm/base/calendar_zone.h"
#include "vm/base/mem.h"
#include "vm/object/kinds.h"

extern char **environ;

/* The variable's name as C text for the caller to free; NULL when a key can be no name. */
static char *environment_name(LocalHeap *h, PropertyKey key)
{
    size_t count;
    if (key_is_symbol(key)) return NULL;
    char *name = string_to_utf8(h, string_of(convert_key_to_value(h, key)), &count, false);
    if (name && count && !memchr(name, '\0', count) && !memchr(name, '=', count)) return name;
    mem_free(name);
    return NULL;
}

static Tri environment_get_own(Goroutine *g, Object *o, PropertyKey key, Descriptor *d)
{
    char *name = environment_name(&g->heap, key);
    const char *text = name ? getenv(name) : NULL;
    mem_free(name);
    if (!text) return object_ordinary_get_own(g, o, key, d);
    String *s = string_new_utf8(&g->heap, text, strlen(text));
    if (!s) return error_throw_string_length(g), TRI_THROWN;
    *d = descriptor_of_data(value_from_cell(s), PROPERTY_DEFAULT);
    return TRI_TRUE;
}

static void environment_changed(const char *name)
{
    if (!strcmp(name, "TZ")) calendar_zone_set_local(getenv("TZ"));
}

static Tri environment_define_own(Goroutine *g, Object *o, PropertyKey key, const Descriptor *d)
{
    (void)o;
    if (descriptor_is_accessor(d)) return error_throw_tri(g, ERROR_TYPE, "'process.env' does not accept an accessor(getter/setter) descriptor");
    if (key_is_symbol(key)) return error_throw_tri(g, ERROR_TYPE, "Cannot convert a Symbol value to a string");
    String *s = convert_to_string(g, d->fields & DESCRIPTOR_HAS_VALUE ? d->value : VALUE_UNDEFINED);
    if (!s) return TRI_THROWN;
    char *name = environment_name(&g->heap, key), *text = string_to_utf8(&g->heap, s, NULL, false);
    if (name && text) {
        setenv(name, text, 1);
        environment_changed(name);
    }
    mem_free(name);
    mem_free(text);
    return TRI_TRUE;
}

static Tri environment_delete(Goroutine *g, Object *o, PropertyKey key)
{
    (void)o;
    char *name = environment_name(&g->heap, key);
    if (name) {
        unsetenv(name);
        environment_changed(name);
    }
    mem_free(name);
    return TRI_TRUE;
}

static bool environment_own_keys(Goroutine *g, Object *o, ValueList **keys)
{
    (void)o;
    for (char **p = environ; p && *p; p++) {
        const char *end = strchr(*p, '=');
        if (!end || end == *p) continue;
        String *name = string_new_utf8(&g->heap, *p, (size_t)(end - *p));
        if (!name) return error_throw_string_length(g), false;
        list_push(&g->heap, keys, intern_key(&g->heap, name));
    }
    return true;
}

static const ObjectOps environment_ops = {
    .get_own = environment_get_own,
    .define_own = environment_define_own,
    .delete_own = environment_delete,
    .own_keys = environment_own_keys,
};

Value lib_process_new_environment(const Lib *lib)
{
    Value proto = install_intrinsic(lib, INTRINSIC_ObjectPrototype);
    Object *o = object_alloc(lib->h, object_root_shape(lib->h, KIND_ENVIRONMENT, proto, 0), sizeof *o);
    return value_from_cell(o);
}

void lib_process_register_kinds(void)
{
    kinds_register(KIND_ENVIRONMENT, &(GcKind){ .name = "ENVIRONMENT", .base_bytes = sizeof(Object) }, &environment_ops);
}
