/* SPDX-License-Identifier: MIT */
/* The console (WHATWG Console Standard, in Node's format). Every method works without its object: what they share is
 * a cell that each has as its data. */
#include "lib/console.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gc/monitor.h"
#include "lib/families.h"
#include "lib/inspect.h"
#include "lib/output.h"
#include "vm/base/clock.h"
#include "vm/base/dtoa.h"
#include "vm/object/hooks.h"
#include "vm/value/number.h"

/* What the methods of a console share. The indentation is one word; counts change under the monitor of their object. */
enum { CONSOLE_INDENT, CONSOLE_COUNTS, CONSOLE_TIMES, CONSOLE_STATE_WORDS };     // a KIND_VALUES of
enum { CONSOLE_GROUP_COLUMNS = 2 };

static ValueList *console_state(Args a)
{
    return (ValueList *)value_cell(args_data(a, 0));
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static void console_put_indent(StringBuilder *b, int32_t columns)
{
    while (columns-- > 0) string_builder_put_unit(b, ' ');
}

/* `s` with the group's indentation before each line. */
static Value console_indent(Goroutine *g, String *s, int32_t columns)
{
    StringBuilder b;
    StringView v = string_view(&g->heap, s);
    string_builder_init(&b);
    console_put_indent(&b, columns);
    for (size_t i = 0; i < v.length; i++) {
        string_builder_put_unit(&b, string_view_unit(v, i));
        if (string_view_unit(v, i) == '\n') console_put_indent(&b, columns);
    }
    return error_string_or_throw(g, string_builder_end(&g->heap, &b));
}

Value lib_console_write(Goroutine *g, Args a, int fd, Value text)
{
    int32_t columns = value_int(console_state(a)->items[CONSOLE_INDENT]);
    if (value_is_thrown(text)) return text;
    if (columns) text = TRY(console_indent(g, string_of(text), columns));
    lib_output_string(&g->heap, fd, string_of(text), true);
    return VALUE_UNDEFINED;
}

/* "Warning: ..." as of process.emitWarning. */
static Value console_warn(Goroutine *g, const char *before, Value label, const char *after)
{
    StringBuilder b;
    string_builder_init(&b);
    string_builder_put_text(&b, before);
    string_builder_put_string(&g->heap, &b, string_of(label));
    string_builder_put_text(&b, after);
    Value text = TRY(error_string_or_throw(g, string_builder_end(&g->heap, &b)));
    lib_output_string(&g->heap, OUTPUT_STDERR, string_of(text), true);
    return VALUE_UNDEFINED;
}

/* log, info, debug, dirxml; warn and error: magic is the stream. */
static Value lib_console_log(Goroutine *g, Args a)
{
    return lib_console_write(g, a, args_magic(a), lib_format(g, a));
}

static Value lib_console_dir(Goroutine *g, Args a)
{
    InspectOptions options = INSPECT_DEFAULTS;
    options.is_custom_called = false;
    OK(lib_inspect_read_options(g, arg(a, 1), &options));
    return lib_console_write(g, a, OUTPUT_STDOUT, lib_inspect(g, arg(a, 0), &options));
}

static Value lib_console_assert(Goroutine *g, Args a)
{
    if (convert_to_boolean(arg(a, 0))) return VALUE_UNDEFINED;
    Value said = value_from_cell(intern_text(&g->heap, "Assertion failed"));
    if (a.count > 1) {
        String *first = convert_to_string(g, arg(a, 1));
        if (!first) return VALUE_THROWN;
        said = TRY(error_string_or_throw(g, string_concat(&g->heap, intern_text(&g->heap, "Assertion failed: "), first)));
        args_frame(a)[FRAME_ARGUMENTS + 1] = said;
        Args rest = { .g = g, .depth = a.depth - 1, .count = a.count - 1, .self = a.self };
        said = TRY(lib_format(g, rest));
    }
    return lib_console_write(g, a, OUTPUT_STDERR, said);
}

static Value lib_console_trace(Goroutine *g, Args a)
{
    StringBuilder b;
    Value text = TRY(lib_format(g, a));
    string_builder_init(&b);
    string_builder_put_text(&b, string_of(text)->length ? "Trace: " : "Trace");
    string_builder_put_string(&g->heap, &b, string_of(text));
    Value header = TRY(error_string_or_throw(g, string_builder_end(&g->heap, &b)));
    Value trace = g->vm->hooks->capture_trace(g, args_callee(a));
    return lib_console_write(g, a, OUTPUT_STDERR, g->vm->hooks->format_trace(g, trace, header));
}

/* ---- groups ------------------------------------------------------------------------------------------------------ */

static Value lib_console_group(Goroutine *g, Args a)
{
    if (a.count) TRY(lib_console_write(g, a, OUTPUT_STDOUT, lib_format(g, a)));
    Value *indent = &console_state(a)->items[CONSOLE_INDENT];
    *indent = value_from_int(value_int(*indent) + CONSOLE_GROUP_COLUMNS);
    return VALUE_UNDEFINED;
}

static Value lib_console_group_end(Goroutine *g, Args a)
{
    (void)g;
    Value *indent = &console_state(a)->items[CONSOLE_INDENT];
    if (value_int(*indent) > 0) *indent = value_from_int(value_int(*indent) - CONSOLE_GROUP_COLUMNS);
    return VALUE_UNDEFINED;
}

/* ---- counts and times: objects without prototype, by label ------------------------------------------------------- */

static PropertyKey console_label(Goroutine *g, Args a)
{
    if (value_is_undefined(arg(a, 0))) return vm_atom(g->vm, ATOM_default);
    String *s = convert_to_string(g, arg(a, 0));
    return s ? intern_key(&g->heap, s) : VALUE_THROWN;
}

static Object *console_table_of(Args a, int which)
{
    return object_of(console_state(a)->items[which]);
}

static Value console_find(Goroutine *g, Args a, int which, PropertyKey label)
{
    PropertyRef ref;
    return object_find_own(&g->heap, console_table_of(a, which), label, &ref) ? ref.value : VALUE_UNDEFINED;
}

static Value console_store(Goroutine *g, Args a, int which, PropertyKey label, Value v)
{
    ASK(object_create_data_property(g, console_table_of(a, which), label, v));
    return VALUE_UNDEFINED;
}

/* "label: rest" */
static Value console_say(Goroutine *g, Args a, PropertyKey label, Value rest)
{
    StringBuilder b;
    string_builder_init(&b);
    string_builder_put_string(&g->heap, &b, string_of(convert_key_to_value(&g->heap, label)));
    string_builder_put_text(&b, ": ");
    string_builder_put_string(&g->heap, &b, string_of(rest));
    return lib_console_write(g, a, OUTPUT_STDOUT, error_string_or_throw(g, string_builder_end(&g->heap, &b)));
}

static Value lib_console_count(Goroutine *g, Args a)
{
    PropertyKey label = TRY(console_label(g, a));
    Object *counts = console_table_of(a, CONSOLE_COUNTS);
    bool entered = monitor_enter(&g->heap, counts);
    Value count = console_find(g, a, CONSOLE_COUNTS, label);
    count = value_from_int(value_is_undefined(count) ? 1 : value_int(count) + 1);
    object_define(&g->heap, counts, label, count, PROPERTY_DEFAULT);
    monitor_exit(&g->heap, counts, entered);
    return console_say(g, a, label, value_from_cell(number_int_to_string(&g->heap, value_int(count))));
}

static Value lib_console_count_reset(Goroutine *g, Args a)
{
    PropertyKey label = TRY(console_label(g, a));
    if (!value_is_undefined(console_find(g, a, CONSOLE_COUNTS, label))) {
        ASK(object_delete(g, console_table_of(a, CONSOLE_COUNTS), label));
        return VALUE_UNDEFINED;
    }
    return console_warn(g, "Warning: Count for '", convert_key_to_value(&g->heap, label), "' does not exist");
}

static Value lib_console_time(Goroutine *g, Args a)
{
    PropertyKey label = TRY(console_label(g, a));
    if (!value_is_undefined(console_find(g, a, CONSOLE_TIMES, label)))
        return console_warn(g, "Warning: Label '", convert_key_to_value(&g->heap, label), "' already exists for console.time()");
    return console_store(g, a, CONSOLE_TIMES, label, value_from_double((double)clock_monotonic_ns() / 1e6));
}

void lib_console_format_time(double ms, char *out, size_t room)
{
    char digits[DTOA_FIXED_BYTES];
    if (ms >= 60e3) {
        uint64_t whole = (uint64_t)(ms + 0.5), hours = whole / 3600000, minutes = whole / 60000 % 60;
        double seconds = fmod(ms, 60e3) / 1e3;
        if (hours) snprintf(out, room, "%llu:%02llu:%06.3f (h:mm:ss.mmm)", (unsigned long long)hours, (unsigned long long)minutes, seconds);
        else snprintf(out, room, "%llu:%06.3f (m:ss.mmm)", (unsigned long long)minutes, seconds);
        return;
    }
    if (ms >= 1e3) {
        snprintf(out, room, "%.3fs", ms / 1e3);
        return;
    }
    snprintf(digits, sizeof digits, "%.3f", ms);
    size_t used = dtoa_write(strtod(digits, NULL), digits);
    snprintf(out, room, "%.*sms", (int)used, digits);
}

/* timeLog and timeEnd: magic 1 ends. */
static Value lib_console_time_log(Goroutine *g, Args a)
{
    char text[64];
    bool ends = args_magic(a) != 0;
    PropertyKey label = TRY(console_label(g, a));
    Value start = console_find(g, a, CONSOLE_TIMES, label);
    if (value_is_undefined(start))
        return console_warn(g, "Warning: No such label '", convert_key_to_value(&g->heap, label), ends ? "' for console.timeEnd()" : "' for console.timeLog()");
    lib_console_format_time((double)clock_monotonic_ns() / 1e6 - value_number(start), text, sizeof text);
    String *passed = string_new_text(&g->heap, text);
    if (ends) {
        ASK(object_delete(g, console_table_of(a, CONSOLE_TIMES), label));
    } else if (a.count > 1) {
        args_frame(a)[FRAME_ARGUMENTS] = value_from_cell(passed);
        Value rest = TRY(lib_format(g, a));
        return console_say(g, a, label, rest);
    }
    return console_say(g, a, label, value_from_cell(passed));
}

static Value lib_console_clear(Goroutine *g, Args a)
{
    (void)g, (void)a;
    if (lib_output_is_terminal(OUTPUT_STDOUT)) lib_output_write(OUTPUT_STDOUT, "\x1b[1;1H\x1b[0J", 10);
    return VALUE_UNDEFINED;
}

static Value lib_console_nothing(Goroutine *g, Args a)
{
    (void)g, (void)a;
    return VALUE_UNDEFINED;
}

/* Node's util.inspect, which console's methods and programs' own methods of that name are given. */
static Value lib_console_inspect(Goroutine *g, Args a)
{
    InspectOptions options = INSPECT_DEFAULTS;
    OK(lib_inspect_read_options(g, arg(a, 1), &options));
    return lib_inspect(g, arg(a, 0), &options);
}

/* ---- installation ------------------------------------------------------------------------------------------------ */

static const NativeSpec lib_console_methods[] = {
    LIB_MAGIC("log", 0, lib_console_log, OUTPUT_STDOUT),
    LIB_MAGIC("warn", 0, lib_console_log, OUTPUT_STDERR),
    LIB_METHOD("dir", 0, lib_console_dir),
    LIB_METHOD("time", 0, lib_console_time),
    LIB_MAGIC("timeEnd", 0, lib_console_time_log, 1),
    LIB_MAGIC("timeLog", 0, lib_console_time_log, 0),
    LIB_METHOD("trace", 0, lib_console_trace),
    LIB_METHOD("assert", 0, lib_console_assert),
    LIB_METHOD("clear", 0, lib_console_clear),
    LIB_METHOD("count", 0, lib_console_count),
    LIB_METHOD("countReset", 0, lib_console_count_reset),
    LIB_METHOD("group", 0, lib_console_group),
    LIB_METHOD("groupEnd", 0, lib_console_group_end),
    LIB_METHOD("table", 1, lib_console_table),
    LIB_MAGIC("debug", 0, lib_console_log, OUTPUT_STDOUT),
    LIB_MAGIC("info", 0, lib_console_log, OUTPUT_STDOUT),
    LIB_MAGIC("dirxml", 0, lib_console_log, OUTPUT_STDOUT),
    LIB_MAGIC("error", 0, lib_console_log, OUTPUT_STDERR),
    LIB_METHOD("groupCollapsed", 0, lib_console_group),
    LIB_METHOD("profile", 0, lib_console_nothing),
    LIB_METHOD("profileEnd", 0, lib_console_nothing),
    LIB_METHOD("timeStamp", 0, lib_console_nothing),
};

static ValueList *console_new_state(LocalHeap *h)
{
    ValueList *state = list_new(h, CONSOLE_STATE_WORDS);
    list_push(h, &state, value_from_int(0));
    list_push(h, &state, value_from_cell(object_new_with_proto(h, VALUE_NULL)));
    list_push(h, &state, value_from_cell(object_new_with_proto(h, VALUE_NULL)));
    return state;
}

void lib_console_install(const Lib *lib)
{
    static const NativeSpec print_spec = LIB_MAGIC("print", 0, lib_console_log, OUTPUT_STDOUT);
    static const NativeSpec inspect = LIB_METHOD("inspect", 2, lib_console_inspect);
    Value console = install_object(lib, install_object(lib, install_intrinsic(lib, INTRINSIC_ObjectPrototype)));
    Value state = value_from_cell(console_new_state(lib->h));
    for (size_t i = 0; i < COUNT_OF(lib_console_methods); i++) {
        const NativeSpec *spec = &lib_console_methods[i];
        Value f = function_new_capturing(lib->h, lib->realm, spec, 1, &state);
        install_value(lib, console, spec->name, f, PROPERTY_DEFAULT);
    }
    install_tag(lib, console, "console");
    lib->realm->intrinsics[INTRINSIC_console] = console;
    lib->realm->intrinsics[INTRINSIC_inspect] = install_function(lib, &inspect);
    install_global(lib, "console", console);
    install_global(lib, "print", function_new_capturing(lib->h, lib->realm, &print_spec, 1, &state));
    install_tag(lib, lib->realm->global_this, "global");
}
