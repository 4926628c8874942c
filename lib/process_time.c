/* SPDX-License-Identifier: MIT */
/* Clocks and memory: process.hrtime, uptime, memoryUsage; the global `performance` (W3C High Resolution Time). */
#include "lib/argument.h"
#include "lib/process_int.h"
#include "vm/base/clock.h"
#include "vm/base/os.h"
#include "vm/value/bigint.h"

enum { NS_PER_SECOND = 1000000000 };

/* process.hrtime(previous): [seconds, nanoseconds]. */
static Value lib_process_hrtime(Goroutine *g, Args a)
{
    int64_t now = clock_monotonic_ns();
    double s = (double)(now / NS_PER_SECOND), ns = (double)(now % NS_PER_SECOND);
    if (!value_is_undefined(arg(a, 0))) {
        double was[2];
        if (!value_is_kind(arg(a, 0), KIND_ARRAY)) return lib_argument_throw_type(g, "time", "an instance of Array", arg(a, 0));
        for (uint32_t i = 0; i < 2; i++) {
            Value v = TRY(object_get(g, object_of(arg(a, 0)), key_from_index(i)));
            OK(convert_to_double(g, v, &was[i]));
        }
        s -= was[0];
        ns -= was[1];
        if (ns < 0) {
            s -= 1;
            ns += NS_PER_SECOND;
        }
    }
    Value pair[] = { value_from_double(s), value_from_double(ns) };
    Array *result = array_from_values(g, 2, pair);
    return result ? value_from_cell(result) : VALUE_THROWN;
}

static Value lib_process_hrtime_bigint(Goroutine *g, Args a)
{
    (void)a;
    BigInt *b = bigint_from_int64(&g->heap, clock_monotonic_ns());
    return b ? value_from_cell(b) : error_throw_out_of_memory(g);
}

/* Milliseconds since the program began; data 0 is its start on the monotonic clock. */
static double time_since_start_ms(Args a)
{
    return (double)clock_monotonic_ns() / 1e6 - value_number(args_data(a, 0));
}

static Value lib_process_uptime(Goroutine *g, Args a)
{
    (void)g;
    return value_from_double(time_since_start_ms(a) / 1e3);
}

static Value lib_performance_now(Goroutine *g, Args a)
{
    (void)g;
    return value_from_double(time_since_start_ms(a));
}

static Value lib_process_memory_usage(Goroutine *g, Args a)
{
    (void)a;
    HeapStats stats = heap_stats(g->vm->heap);
    const struct { const char *name; double bytes; } facts[] = {
        { "rss", (double)os_resident_bytes() }, { "heapTotal", (double)stats.committed_bytes }, { "heapUsed", (double)stats.live_bytes },
        { "external", (double)stats.external_bytes }, { "arrayBuffers", (double)stats.external_bytes },
    };
    Object *o = realm_new_object(g, INTRINSIC_ObjectPrototype);
    for (size_t i = 0; i < COUNT_OF(facts); i++)
        object_define(&g->heap, o, intern_key_text(&g->heap, facts[i].name), value_from_double(facts[i].bytes), PROPERTY_DEFAULT);
    return value_from_cell(o);
}

static Value lib_process_rss(Goroutine *g, Args a)
{
    (void)g, (void)a;
    return value_from_double((double)os_resident_bytes());
}

/* { now, timeOrigin } */
static Value lib_performance_to_json(Goroutine *g, Args a)
{
    Object *o = realm_new_object(g, INTRINSIC_ObjectPrototype);
    PropertyKey origin = intern_key_text(&g->heap, "timeOrigin");
    if (!value_is_object(a.self)) return error_throw(g, ERROR_TYPE, "%V is not a Performance", a.self);
    object_define(&g->heap, o, origin, TRY(object_get(g, object_of(a.self), origin)), PROPERTY_DEFAULT);
    return value_from_cell(o);
}

static Value time_clock_function(const Lib *lib, const NativeSpec *spec, double start_ms)
{
    return function_new_capturing(lib->h, lib->realm, spec, 1, (Value[]){ value_from_double(start_ms) });
}

void lib_process_install_time(const Lib *lib, Value process)
{
    static const NativeSpec hrtime = LIB_METHOD("hrtime", 1, lib_process_hrtime), bigint = LIB_METHOD("bigint", 0, lib_process_hrtime_bigint);
    static const NativeSpec uptime = LIB_METHOD("uptime", 0, lib_process_uptime), now = LIB_METHOD("now", 0, lib_performance_now);
    static const NativeSpec memory = LIB_METHOD("memoryUsage", 0, lib_process_memory_usage), rss = LIB_METHOD("rss", 0, lib_process_rss);
    static const NativeSpec to_json = LIB_METHOD("toJSON", 0, lib_performance_to_json);
    double start_ms = (double)clock_monotonic_ns() / 1e6;
    Value f = install_function(lib, &hrtime);
    install_value(lib, f, "bigint", install_function(lib, &bigint), PROPERTY_DEFAULT);
    install_value(lib, process, "hrtime", f, PROPERTY_DEFAULT);
    f = install_function(lib, &memory);
    install_value(lib, f, "rss", install_function(lib, &rss), PROPERTY_DEFAULT);
    install_value(lib, process, "memoryUsage", f, PROPERTY_DEFAULT);
    install_value(lib, process, "uptime", time_clock_function(lib, &uptime, start_ms), PROPERTY_DEFAULT);
    Value performance = install_object(lib, install_intrinsic(lib, INTRINSIC_ObjectPrototype));
    install_value(lib, performance, "now", time_clock_function(lib, &now, start_ms), PROPERTY_METHOD);
    install_value(lib, performance, "toJSON", install_function(lib, &to_json), PROPERTY_METHOD);
    install_value(lib, performance, "timeOrigin", value_from_double((double)clock_wall_ns() / 1e6), PROPERTY_CONFIGURABLE);
    install_tag(lib, performance, "Performance");
    install_global(lib, "performance", performance);
}
