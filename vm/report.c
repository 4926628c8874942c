/* SPDX-License-Identifier: MIT */
#include "vm/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "compiler/diag.h"
#include "lib/inspect.h"
#include "vm/base/mem.h"
#include "vm/exec/spawn.h"
#include "vm/exec/unwind.h"
#include "vm/object/convert.h"

enum { REPORT_CAUSES = 8 };

/* A property that is a string, as C text; NULL: it is none, or reading it threw. */
static char *report_text_property(Goroutine *g, Value v, const char *name)
{
    Value text = object_get(g, object_of(v), intern_key_text(&g->heap, name));
    if (value_is_thrown(text)) return error_take(g), NULL;
    return value_is_string(text) ? string_to_utf8(&g->heap, string_of(text), NULL, false) : NULL;
}

/* What a value that is no error says of itself. */
static char *report_text(Goroutine *g, Value v)
{
    InspectOptions options = INSPECT_DEFAULTS;
    Value text = value_is_string(v) ? v : lib_inspect(g, v, &options);
    if (value_is_thrown(text)) error_take(g);
    return value_is_thrown(text) ? NULL : string_to_utf8(&g->heap, string_of(text), NULL, false);
}

static void report_place(const UnwindPlace *place, Buf *out)
{
    Source source;
    if (!place->unit->source) return;
    source_init(&source, place->unit->file, place->unit->source, place->unit->source_count, SOURCE_WTF8);
    diag_render_place(&source, place->line, place->column, out);
    source_deinit(&source);
}

/* "Name: message" and the frames below it, which `stack` holds as one text. */
static void report_stack(const char *what, const UnwindPlace *place, const char *stack, Buf *out)
{
    const char *frames = strstr(stack, "\n    at ");
    int head = frames ? (int)(frames - stack) : (int)strlen(stack);
    if (place->unit) diag_render_head(place->unit->file, place->line, place->column, DIAG_ERROR, out);
    buf_format(out, "%s %.*s\n", what, head, stack);
    if (place->unit) report_place(place, out);
    if (frames) buf_format(out, "%s\n", frames + 1);
}

static void report_error(Goroutine *g, const char *what, Value v, Buf *out)
{
    const ErrorObject *e = (const ErrorObject *)value_cell(v);
    if (value_is_string(e->report)) {
        char *report = string_to_utf8(&g->heap, string_of(e->report), NULL, false);
        if (report) buf_put_text(out, report);
        mem_free(report);
    }
    UnwindPlace place = unwind_trace_place(value_is_string(e->report) ? VALUE_UNDEFINED : e->trace, 0);
    char *stack = report_text_property(g, v, "stack");
    if (!stack) stack = report_text(g, v);
    report_stack(what, &place, stack ? stack : "error", out);
    mem_free(stack);
}

static void report_one(Goroutine *g, const char *what, Value v, Buf *out)
{
    if (value_is_kind(v, KIND_ERROR)) {
        report_error(g, what, v, out);
        return;
    }
    char *text = value_is_object(v) ? report_text_property(g, v, "stack") : NULL;
    if (!text) text = report_text(g, v);
    buf_format(out, "error: %s %s\n", what, text ? text : "exception");
    mem_free(text);
}

/* The `cause` of an error; VALUE_HOLE: none. */
static Value report_cause(Goroutine *g, Value v)
{
    PropertyKey key = intern_key_text(&g->heap, "cause");
    if (!value_is_kind(v, KIND_ERROR) || object_has_own(g, object_of(v), key) != TRI_TRUE) return VALUE_HOLE;
    Value cause = object_get(g, object_of(v), key);
    if (!value_is_thrown(cause)) return cause;
    error_take(g);
    return VALUE_HOLE;
}

void report_value(Goroutine *g, const char *what, Value v)
{
    Buf out;
    buf_init(&out);
    report_one(g, what, v, &out);
    for (int i = 0; i < REPORT_CAUSES; i++) {
        v = report_cause(g, v);
        if (v == VALUE_HOLE) break;
        report_one(g, "caused by", v, &out);
    }
    fflush(stdout);
    fwrite(out.bytes, 1, out.count, stderr);
    buf_deinit(&out);
}

void report_uncaught(Goroutine *g, Value v)
{
    report_value(g, "Uncaught", v);
    UnwindPlace place = spawn_place(g);
    if (place.unit) fprintf(stderr, "in goroutine %" PRIu64 ", spawned at %s:%u:%u\n", g->id, place.unit->file, place.line, place.column);
}

void report_exception(Goroutine *g)
{
    report_value(g, "Uncaught", error_take(g));
}

void report_result(Goroutine *g, Value v, bool is_bare)
{
    InspectOptions options = INSPECT_DEFAULTS;
    Value shown = is_bare && value_is_string(v) ? v : lib_inspect(g, v, &options);
    if (value_is_thrown(shown)) {
        report_exception(g);
        return;
    }
    size_t count;
    char *text = string_to_utf8(&g->heap, string_of(shown), &count, false);
    if (text) fwrite(text, 1, count, stdout);
    putchar('\n');
    mem_free(text);
}
