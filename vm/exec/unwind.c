/* SPDX-License-Identifier: MIT */
#include "vm/exec/unwind.h"

#include <stdio.h>
#include <string.h>

#include "vm/bytecode/linetab.h"
#include "vm/exec/frames.h"
#include "vm/object/error.h"
#include "vm/object/list.h"
#include "vm/object/realm.h"

enum { TRACE_WORDS = 4, TRACE_MOST_FRAMES = 200, CALLEE_TEXT_MOST = 80 };

/* ---- handlers ---------------------------------------------------------------------------------------------------- */

static const uint16_t *unwind_find(const Code *code, uint32_t pc)
{
    const UnitFunction *f = code->function;
    for (uint32_t i = 0; i < f->handler_count; i++) {
        const UnitHandler *handler = &f->handlers[i];
        if (pc >= handler->start && pc < handler->end) return code->code + handler->target;
    }
    return NULL;
}

const uint16_t *unwind_to_handler(Goroutine *g)
{
    ASSERT(g->exception != VALUE_HOLE, "there is an exception");
    for (;;) {
        const Value *fp = g->fp;
        const Code *code = frames_code(fp);
        const uint16_t *handler = unwind_find(code, frame_pc(fp, code->code));
        if (handler) return handler;
        g->fp = frame_caller(fp);
        if (fp[FRAME_RETURN] == FRAME_RETURN_TO_NATIVE) return NULL;
    }
}

/* ---- traces ------------------------------------------------------------------------------------------------------ */

/* Four values a frame: callee, Code or undefined, pc as int32, whether it was constructing. */
static void unwind_add_frame(LocalHeap *h, ValueList **trace, const Value *fp)
{
    const Code *code = frames_code(fp);
    list_push(h, trace, fp[FRAME_CALLEE]);
    list_push(h, trace, code ? value_from_cell(code) : VALUE_UNDEFINED);
    list_push(h, trace, value_from_int(code ? (int32_t)frame_pc(fp, code->code) : 0));
    list_push(h, trace, value_from_bool(!value_is_undefined(fp[FRAME_NEW_TARGET])));
}

/* Error.stackTraceLimit, when it is a number. */
static uint32_t unwind_trace_limit(Goroutine *g)
{
    Value error = realm_intrinsic(realm_current(g), INTRINSIC_Error);
    PropertyRef ref;
    if (!value_is_object(error)) return 10;
    PropertyKey key = value_from_cell(intern_text(&g->heap, "stackTraceLimit"));
    if (!object_find_own(&g->heap, object_of(error), key, &ref) || !value_is_number(ref.value)) return 0;
    double limit = value_number(ref.value);
    return limit >= TRACE_MOST_FRAMES ? TRACE_MOST_FRAMES : limit > 0 ? (uint32_t)limit : 0;
}

Value unwind_capture_trace(Goroutine *g, Value skip)
{
    LocalHeap *h = &g->heap;
    uint32_t limit = unwind_trace_limit(g);
    ValueList *trace = list_new(h, 10 * TRACE_WORDS);
    const Value *fp = g->fp;
    if (value_is_callable(skip)) {
        while (fp && fp[FRAME_CALLEE] != skip) fp = frame_caller(fp);
        if (fp) fp = frame_caller(fp);
    }
    for (; fp && trace->count < limit * TRACE_WORDS; fp = frame_caller(fp)) {
        bool error_constructor = trace->count == 0 && !frames_code(fp) && !value_is_undefined(fp[FRAME_NEW_TARGET]);
        if (!error_constructor) unwind_add_frame(h, &trace, fp);
    }
    return value_from_cell(trace);
}

UnwindPlace unwind_code_place(const Code *code, uint32_t pc)
{
    LineEntry entry = linetab_find(code->function->lines, code->function->line_bytes, pc);
    return (UnwindPlace){ .unit = code->unit, .line = entry.line, .column = entry.column };
}

UnwindPlace unwind_place(const Goroutine *g)
{
    for (const Value *fp = g->fp; fp; fp = frame_caller(fp)) {
        const Code *code = frames_code(fp);
        if (code && !(code->flags & UNIT_IS_LIBRARY)) return unwind_code_place(code, frame_pc(fp, code->code));
    }
    return (UnwindPlace){ 0 };
}

UnwindPlace unwind_trace_place(Value trace, uint32_t i)
{
    if (!value_is_kind(trace, KIND_VALUES)) return (UnwindPlace){ 0 };
    const ValueList *list = (const ValueList *)value_cell(trace);
    for (uint32_t at = 0; at + TRACE_WORDS <= list->count; at += TRACE_WORDS) {
        const Value *frame = &list->items[at];
        if (!value_is_kind(frame[1], KIND_CODE)) continue;
        const Code *code = (const Code *)value_cell(frame[1]);
        if ((code->flags & UNIT_IS_LIBRARY) || i-- > 0) continue;
        return unwind_code_place(code, (uint32_t)value_int(frame[2]));
    }
    return (UnwindPlace){ 0 };
}

static void unwind_put_place(LocalHeap *h, StringBuilder *b, Value code_value, uint32_t pc)
{
    char numbers[32];
    const Code *code = value_is_kind(code_value, KIND_CODE) ? (const Code *)value_cell(code_value) : NULL;
    if (!code || (code->flags & UNIT_IS_LIBRARY)) {
        string_builder_put_text(b, "native");
        return;
    }
    UnwindPlace place = unwind_code_place(code, pc);
    String *file = string_new_utf8(h, place.unit->file, strlen(place.unit->file));
    if (file) string_builder_put_string(h, b, file);
    snprintf(numbers, sizeof numbers, ":%u:%u", place.line, place.column);
    string_builder_put_text(b, numbers);
}

static void unwind_put_frame(Goroutine *g, StringBuilder *b, const Value *frame)
{
    LocalHeap *h = &g->heap;
    String *name = string_of(function_display_name(h, frame[0]));
    string_builder_put_text(b, "\n    at ");
    if (value_bool(frame[3])) string_builder_put_text(b, "new ");
    if (name->length) {
        string_builder_put_string(h, b, name);
        string_builder_put_text(b, " (");
    }
    unwind_put_place(h, b, frame[1], (uint32_t)value_int(frame[2]));
    if (name->length) string_builder_put_text(b, ")");
}

Value unwind_format_trace(Goroutine *g, Value trace, Value header)
{
    StringBuilder b;
    string_builder_init(&b);
    string_builder_put_string(&g->heap, &b, string_of(header));
    if (value_is_kind(trace, KIND_VALUES)) {
        const ValueList *list = (const ValueList *)value_cell(trace);
        for (uint32_t i = 0; i + TRACE_WORDS <= list->count; i += TRACE_WORDS) unwind_put_frame(g, &b, &list->items[i]);
    }
    return error_string_or_throw(g, string_builder_end(&g->heap, &b));
}

/* ---- what the program wrote -------------------------------------------------------------------------------------- */

static bool unwind_is_name_byte(char c)
{
    return c == '$' || c == '_' || (unsigned char)c >= 0x80 || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* The start of line `line` (from 1), or NULL. */
static const char *unwind_find_line(const Unit *unit, uint32_t line)
{
    const char *p = unit->source, *end = p + unit->source_count;
    while (p && --line > 0) {
        p = memchr(p, '\n', (size_t)(end - p));
        if (p) p++;
    }
    return p;
}

/* A `new` expression's place is its first letter: go on to the last name of what it constructs. */
static const char *unwind_skip_new(const char *at, const char *end)
{
    if (end - at < 4 || memcmp(at, "new", 3) != 0 || unwind_is_name_byte(at[3])) return at;
    for (at += 3; at < end && *at == ' ';) at++;
    for (const char *p = at; p < end && (unwind_is_name_byte(*p) || *p == '.'); p++)
        if (*p == '.') at = p + 1;
    return at;
}

/* The chain of names around a place, such as `a.b.c`; false when there is nothing simple to show. */
static bool unwind_callee_text(const UnwindPlace *place, char *out, size_t room)
{
    if (!place->unit || !place->unit->source || !place->line) return false;
    const char *line = unwind_find_line(place->unit, place->line);
    const char *end = place->unit->source + place->unit->source_count;
    if (!line || place->column - 1 >= (size_t)(end - line)) return false;
    const char *at = unwind_skip_new(line + place->column - 1, end), *start = at, *stop = at;
    while (stop < end && unwind_is_name_byte(*stop)) stop++;
    if (stop == at) return false;
    while (start > line && (unwind_is_name_byte(start[-1]) || start[-1] == '.' || start[-1] == '#')) start--;
    bool cut = start > line && (start[-1] == ')' || start[-1] == ']' || start[-1] == '?');
    if (*start == '.') start++;
    else cut = false;
    if (stop - start > CALLEE_TEXT_MOST) return false;
    snprintf(out, room, "%s%.*s", cut ? "(intermediate value)." : "", (int)(stop - start), start);
    return true;
}

Value unwind_throw_not_callable(Goroutine *g, Value f, const char *noun)
{
    char text[CALLEE_TEXT_MOST + 32];
    UnwindPlace place = unwind_place(g);
    if (unwind_callee_text(&place, text, sizeof text)) return error_throw(g, ERROR_TYPE, "%s is not a %s", text, noun);
    return error_throw(g, ERROR_TYPE, "%V is not a %s", f, noun);
}
