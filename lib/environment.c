/* SPDX-License-Identifier: MIT */
/* process.env: an exotic object whose properties are the variables of the process's environment, read and written
 * there. The C library's environment is under the object's monitor. Values become strings; what no variable can hold
 * (a symbol's key, an accessor) is refused. */
#include <stdlib.h>
#include <string.h>

#include "gc/monitor.h"
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
    bool entered = monitor_enter(&g->heap, o);
    const char *found = name ? getenv(name) : NULL;
    char *text = found ? mem_copy_text(found) : NULL;
    monitor_exit(&g->heap, o, entered);
    mem_free(name);
    if (!text) return object_ordinary_get_own(g, o, key, d);
    String *s = string_new_utf8(&g->heap, text, strlen(text));
    mem_free(text);
    if (!s) return error_throw_string_length(g), TRI_THROWN;
    *d = descriptor_of_data(value_from_cell(s), PROPERTY_DEFAULT);
    return TRI_TRUE;
}

/* Give the variable a value, or none for NULL. */
static void environment_put(Goroutine *g, Object *o, const char *name, const char *text)
{
    bool entered = monitor_enter(&g->heap, o);
    if (text) setenv(name, text, 1);
    else unsetenv(name);
    if (!strcmp(name, "TZ")) calendar_zone_set_local(getenv("TZ"));
    monitor_exit(&g->heap, o, entered);
}

static Tri environment_define_own(Goroutine *g, Object *o, PropertyKey key, const Descriptor *d)
{
    if (descriptor_is_accessor(d)) return error_throw_tri(g, ERROR_TYPE, "'process.env' does not accept an accessor(getter/setter) descriptor");
    if (key_is_symbol(key)) return error_throw_tri(g, ERROR_TYPE, "Cannot convert a Symbol value to a string");
    String *s = convert_to_string(g, d->fields & DESCRIPTOR_HAS_VALUE ? d->value : VALUE_UNDEFINED);
    if (!s) return TRI_THROWN;
    char *name = environment_name(&g->heap, key), *text = string_to_utf8(&g->heap, s, NULL, false);
    if (name && text) environment_put(g, o, name, text);
    mem_free(name);
    mem_free(text);
    return TRI_TRUE;
}

static Tri environment_delete(Goroutine *g, Object *o, PropertyKey key)
{
    char *name = environment_name(&g->heap, key);
    if (name) environment_put(g, o, name, NULL);
    mem_free(name);
    return TRI_TRUE;
}

static bool environment_list_locked(Goroutine *g, ValueList **keys)
{
    for (char **p = environ; p && *p; p++) {
        const char *end = strchr(*p, '=');
        if (!end || end == *p) continue;
        String *name = string_new_utf8(&g->heap, *p, (size_t)(end - *p));
        if (!name) return false;
        list_push(&g->heap, keys, intern_key(&g->heap, name));
    }
    return true;
}

static bool environment_own_keys(Goroutine *g, Object *o, ValueList **keys)
{
    bool entered = monitor_enter(&g->heap, o);
    bool ok = environment_list_locked(g, keys);
    monitor_exit(&g->heap, o, entered);
    if (!ok) error_throw_string_length(g);
    return ok;
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
