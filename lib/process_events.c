/* SPDX-License-Identifier: MIT */
/* The EventEmitter side of process. Listeners are kept by event in an object that no program sees:
 * INTRINSIC_processEvents maps an event's name to a KIND_VALUES of pairs, the function and whether it is called once.
 */
#include "gc/monitor.h"
#include "lib/argument.h"
#include "lib/install.h"
#include "lib/process.h"
#include "lib/process_int.h"

enum { LISTENER_WORDS = 2 };

/* The main realm's: an event of the program is told where the program lives. */
static Object *events_of(const Goroutine *g)
{
    return object_of(g->vm->realms->intrinsics[INTRINSIC_processEvents]);
}

/* The listeners of an event, or NULL. */
static ValueList *events_find(Goroutine *g, PropertyKey name)
{
    PropertyRef ref;
    return object_find_own(&g->heap, events_of(g), name, &ref) ? (ValueList *)value_cell(ref.value) : NULL;
}

static void events_store(Goroutine *g, PropertyKey name, ValueList *listeners)
{
    object_define(&g->heap, events_of(g), name, value_from_cell(listeners), PROPERTY_DEFAULT);
}

/* A list never changes; which list an event has changes under the monitor of their object. */
static bool events_enter(Goroutine *g)
{
    return monitor_enter(&g->heap, events_of(g));
}

static void events_exit(Goroutine *g, bool entered)
{
    monitor_exit(&g->heap, events_of(g), entered);
}

/* A copy without the listener at `at`, or all of them for UINT32_MAX: an emit that is under way keeps what it has. */
static void events_remove_at(Goroutine *g, PropertyKey name, const ValueList *old, uint32_t at)
{
    ValueList *listeners = list_new(&g->heap, old->count);
    for (uint32_t i = 0; i < old->count; i++)
        if (i / LISTENER_WORDS != at / LISTENER_WORDS) list_push(&g->heap, &listeners, old->items[i]);
    events_store(g, name, listeners);
}

/* Remove the first or the last registration of a listener. False: there is none. */
static bool events_remove(Goroutine *g, PropertyKey name, Value f, bool is_last)
{
    bool entered = events_enter(g), found = false;
    const ValueList *old = events_find(g, name);
    uint32_t count = old ? old->count : 0, at = 0;
    for (uint32_t i = 0; i < count && (is_last || !found); i += LISTENER_WORDS) {
        if (old->items[i] != f) continue;
        found = true;
        at = i;
    }
    if (found) events_remove_at(g, name, old, at);
    events_exit(g, entered);
    return found;
}

static Tri events_emit(Goroutine *g, PropertyKey name, uint32_t count, const Value *arguments)
{
    const ValueList *listeners = events_find(g, name);
    Value process = g->vm->realms->intrinsics[INTRINSIC_process];
    if (!listeners || !listeners->count) return TRI_FALSE;
    for (uint32_t i = 0; i < listeners->count; i += LISTENER_WORDS) {
        Value f = listeners->items[i];
        if (value_bool(listeners->items[i + 1])) events_remove(g, name, f, false);
        TRY_TRI(callable_call(g, f, process, count, arguments));
    }
    return TRI_TRUE;
}

Tri lib_process_emit(Goroutine *g, const char *name, uint32_t count, const Value *arguments)
{
    return events_emit(g, intern_key_text(&g->heap, name), count, arguments);
}

/* ---- methods ----------------------------------------------------------------------------------------------------- */

enum { EVENTS_ON, EVENTS_ONCE, EVENTS_PREPEND };

static Value lib_process_on(Goroutine *g, Args a)
{
    PropertyKey name = TRY(convert_to_property_key(g, arg(a, 0)));
    if (!value_is_callable(arg(a, 1))) return lib_argument_throw_type(g, "listener", "of type function", arg(a, 1));
    bool first = args_magic(a) == EVENTS_PREPEND, entered = events_enter(g);
    const ValueList *old = events_find(g, name);
    ValueList *listeners = list_new(&g->heap, old ? old->count + LISTENER_WORDS : LISTENER_WORDS);
    for (uint32_t i = 0; !first && old && i < old->count; i++) list_push(&g->heap, &listeners, old->items[i]);
    list_push(&g->heap, &listeners, arg(a, 1));
    list_push(&g->heap, &listeners, value_from_bool(args_magic(a) == EVENTS_ONCE));
    for (uint32_t i = 0; first && old && i < old->count; i++) list_push(&g->heap, &listeners, old->items[i]);
    events_store(g, name, listeners);
    events_exit(g, entered);
    return a.self;
}

static Value lib_process_off(Goroutine *g, Args a)
{
    PropertyKey name = TRY(convert_to_property_key(g, arg(a, 0)));
    events_remove(g, name, arg(a, 1), true);
    return a.self;
}

static Value lib_process_remove_all(Goroutine *g, Args a)
{
    ValueList *names = list_new(&g->heap, 8);
    if (!value_is_undefined(arg(a, 0))) list_push(&g->heap, &names, TRY(convert_to_property_key(g, arg(a, 0))));
    else object_ordinary_own_keys(&g->heap, events_of(g), &names);
    for (uint32_t i = 0; i < names->count; i++) events_store(g, names->items[i], list_new(&g->heap, 0));
    return a.self;
}

static Value lib_process_emit_method(Goroutine *g, Args a)
{
    PropertyKey name = TRY(convert_to_property_key(g, arg(a, 0)));
    ValueList *arguments = list_new(&g->heap, a.count);
    for (uint32_t i = 1; i < a.count; i++) list_push(&g->heap, &arguments, arg(a, i));
    return value_from_bool(ASK(events_emit(g, name, arguments->count, arguments->items)));
}

static Value lib_process_listener_count(Goroutine *g, Args a)
{
    PropertyKey name = TRY(convert_to_property_key(g, arg(a, 0)));
    const ValueList *listeners = events_find(g, name);
    return value_from_uint32(listeners ? listeners->count / LISTENER_WORDS : 0);
}

static Value lib_process_listeners(Goroutine *g, Args a)
{
    PropertyKey name = TRY(convert_to_property_key(g, arg(a, 0)));
    const ValueList *listeners = events_find(g, name);
    Array *result = array_new(g);
    for (uint32_t i = 0; listeners && i < listeners->count; i += LISTENER_WORDS) OK(array_push(g, result, listeners->items[i]));
    return value_from_cell(result);
}

static Value lib_process_event_names(Goroutine *g, Args a)
{
    (void)a;
    ValueList *names = list_new(&g->heap, 8);
    Array *result = array_new(g);
    object_ordinary_own_keys(&g->heap, events_of(g), &names);
    for (uint32_t i = 0; i < names->count; i++) {
        const ValueList *listeners = events_find(g, names->items[i]);
        if (listeners->count) OK(array_push(g, result, convert_key_to_value(&g->heap, names->items[i])));
    }
    return value_from_cell(result);
}

static Value lib_process_self(Goroutine *g, Args a)
{
    (void)g;
    return a.self;
}

static const NativeSpec lib_process_event_methods[] = {
    LIB_MAGIC("on", 2, lib_process_on, EVENTS_ON),
    LIB_MAGIC("addListener", 2, lib_process_on, EVENTS_ON),
    LIB_MAGIC("once", 2, lib_process_on, EVENTS_ONCE),
    LIB_MAGIC("prependListener", 2, lib_process_on, EVENTS_PREPEND),
    LIB_METHOD("off", 2, lib_process_off),
    LIB_METHOD("removeListener", 2, lib_process_off),
    LIB_METHOD("removeAllListeners", 1, lib_process_remove_all),
    LIB_METHOD("emit", 1, lib_process_emit_method),
    LIB_METHOD("listenerCount", 1, lib_process_listener_count),
    LIB_METHOD("listeners", 1, lib_process_listeners),
    LIB_METHOD("eventNames", 0, lib_process_event_names),
    LIB_METHOD("setMaxListeners", 1, lib_process_self),
};

void lib_process_install_events(const Lib *lib, Value target)
{
    lib->realm->intrinsics[INTRINSIC_processEvents] = install_object(lib, VALUE_NULL);
    INSTALL_TABLE(lib, target, lib_process_event_methods);
}
