/* SPDX-License-Identifier: MIT */
/* setTimeout, setInterval, setImmediate and what clears them, with the objects they return (Node's timers module). */
#include "lib/argument.h"
#include "lib/families.h"
#include "vm/object/task.h"
#include "vm/value/number.h"

enum { TIMER_MOST_MS = INT32_MAX };

/* ---- starting ---------------------------------------------------------------------------------------------------- */

/* The arguments from `first` on, or undefined when there are none. */
static Value timers_arguments(Goroutine *g, Args a, uint32_t first)
{
    if (a.count <= first) return VALUE_UNDEFINED;
    ValueList *list = list_new(&g->heap, a.count - first);
    for (uint32_t i = first; i < a.count; i++) list_push(&g->heap, &list, arg(a, i));
    return value_from_cell(list);
}

/* Milliseconds from 1 to TIMER_MOST_MS; what is none of these is 1. */
static bool timers_delay(Goroutine *g, Value v, uint32_t *ms)
{
    double d;
    OK_BOOL(convert_to_double(g, v, &d));
    *ms = d >= 1 && d <= TIMER_MOST_MS ? (uint32_t)d : 1;
    return true;
}

/* setTimeout and setInterval: magic is TASK_REPEATS for the latter. */
static Value lib_timers_set(Goroutine *g, Args a)
{
    uint32_t ms;
    if (!value_is_callable(arg(a, 0))) return lib_argument_throw_type(g, "callback", "of type function", arg(a, 0));
    OK(timers_delay(g, arg(a, 1), &ms));
    Value proto = realm_intrinsic(realm_current(g), INTRINSIC_TimeoutPrototype);
    Task *t = task_new(g, proto, arg(a, 0), timers_arguments(g, a, 2), TASK_IS_REF | (uint32_t)args_magic(a), ms);
    task_schedule(g, t, task_now_ms());
    return value_from_cell(t);
}

static Value lib_timers_set_immediate(Goroutine *g, Args a)
{
    if (!value_is_callable(arg(a, 0))) return lib_argument_throw_type(g, "callback", "of type function", arg(a, 0));
    Value proto = realm_intrinsic(realm_current(g), INTRINSIC_ImmediatePrototype);
    Task *t = task_new(g, proto, arg(a, 0), timers_arguments(g, a, 1), TASK_IS_REF | TASK_IS_IMMEDIATE, 0);
    task_add_immediate(g, t);
    return value_from_cell(t);
}

/* ---- clearing ---------------------------------------------------------------------------------------------------- */

static Task *timers_named(Goroutine *g, Value v)
{
    uint32_t id;
    double d = value_is_number(v) ? value_number(v) : value_is_string(v) ? number_from_string(&g->heap, string_of(v)) : 0;
    if (value_is_kind(v, KIND_TIMER)) return task_of(v);
    return number_is_index(d, &id) ? task_find(g, id) : NULL;
}

/* clearTimeout and clearInterval, which are the same; magic TASK_IS_IMMEDIATE: clearImmediate. */
static Value lib_timers_clear(Goroutine *g, Args a)
{
    Task *t = timers_named(g, arg(a, 0));
    if (t && (task_flags(t) & TASK_IS_IMMEDIATE) == (uint32_t)args_magic(a)) task_cancel(g, t);
    return VALUE_UNDEFINED;
}

/* ---- Timeout and Immediate --------------------------------------------------------------------------------------- */

static Task *timers_this(Goroutine *g, Args a)
{
    if (value_is_kind(a.self, KIND_TIMER)) return task_of(a.self);
    error_throw(g, ERROR_TYPE, "%V is not a timer", a.self);
    return NULL;
}

/* ref and unref: magic 1 and 0. */
static Value lib_timers_ref(Goroutine *g, Args a)
{
    Task *t = timers_this(g, a);
    if (!t) return VALUE_THROWN;
    task_set_ref(g, t, args_magic(a) != 0);
    return a.self;
}

static Value lib_timers_has_ref(Goroutine *g, Args a)
{
    const Task *t = timers_this(g, a);
    return t ? value_from_bool((task_flags(t) & TASK_IS_REF) != 0) : VALUE_THROWN;
}

static Value lib_timers_refresh(Goroutine *g, Args a)
{
    Task *t = timers_this(g, a);
    if (!t) return VALUE_THROWN;
    if (!(task_flags(t) & TASK_IS_IMMEDIATE)) task_schedule(g, t, task_now_ms());
    return a.self;
}

static Value lib_timers_close(Goroutine *g, Args a)
{
    Task *t = timers_this(g, a);
    if (!t) return VALUE_THROWN;
    task_cancel(g, t);
    return a.self;
}

static Value lib_timers_dispose(Goroutine *g, Args a)
{
    TRY(lib_timers_close(g, a));
    return VALUE_UNDEFINED;
}

static Value lib_timers_to_primitive(Goroutine *g, Args a)
{
    const Task *t = timers_this(g, a);
    return t ? value_from_uint32(t->id) : VALUE_THROWN;
}

/* Instances are made by the functions above only. */
static Value lib_timers_construct(Goroutine *g, Args a)
{
    (void)a;
    return error_throw(g, ERROR_TYPE, "Illegal constructor");
}

static const NativeSpec lib_timers_functions[] = {
    LIB_MAGIC("clearImmediate", 1, lib_timers_clear, TASK_IS_IMMEDIATE),
    LIB_METHOD("setImmediate", 1, lib_timers_set_immediate),
    LIB_MAGIC("clearInterval", 1, lib_timers_clear, 0),
    LIB_MAGIC("clearTimeout", 1, lib_timers_clear, 0),
    LIB_MAGIC("setInterval", 2, lib_timers_set, TASK_REPEATS),
    LIB_MAGIC("setTimeout", 2, lib_timers_set, 0),
};

static const NativeSpec lib_timers_timeout[] = {
    LIB_METHOD("refresh", 0, lib_timers_refresh),
    LIB_MAGIC("unref", 0, lib_timers_ref, 0),
    LIB_MAGIC("ref", 0, lib_timers_ref, 1),
    LIB_METHOD("hasRef", 0, lib_timers_has_ref),
    LIB_METHOD("close", 0, lib_timers_close),
    LIB_METHOD("[Symbol.toPrimitive]", 0, lib_timers_to_primitive),
    LIB_METHOD("[Symbol.dispose]", 0, lib_timers_dispose),
};

static const NativeSpec lib_timers_immediate[] = {
    LIB_MAGIC("unref", 0, lib_timers_ref, 0),
    LIB_MAGIC("ref", 0, lib_timers_ref, 1),
    LIB_METHOD("hasRef", 0, lib_timers_has_ref),
    LIB_METHOD("[Symbol.dispose]", 0, lib_timers_dispose),
};

static Value timers_install_class(const Lib *lib, const NativeSpec *constructor, IntrinsicId id)
{
    Value proto = install_object(lib, install_intrinsic(lib, INTRINSIC_ObjectPrototype));
    Value c = install_function(lib, constructor);
    install_value(lib, c, "prototype", proto, 0);
    install_value(lib, proto, "constructor", c, PROPERTY_METHOD);
    return lib->realm->intrinsics[id] = proto;
}

void lib_timers_install(const Lib *lib)
{
    static const NativeSpec timeout = LIB_CONSTRUCTOR("Timeout", 0, lib_timers_construct);
    static const NativeSpec immediate = LIB_CONSTRUCTOR("Immediate", 0, lib_timers_construct);
    INSTALL_TABLE(lib, timers_install_class(lib, &timeout, INTRINSIC_TimeoutPrototype), lib_timers_timeout);
    INSTALL_TABLE(lib, timers_install_class(lib, &immediate, INTRINSIC_ImmediatePrototype), lib_timers_immediate);
    INSTALL_TABLE(lib, lib->realm->global_this, lib_timers_functions);
}
