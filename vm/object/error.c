/* SPDX-License-Identifier: MIT */
#include "vm/object/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "gc/barrier.h"
#include "vm/object/convert.h"
#include "vm/object/hooks.h"
#include "vm/object/kinds.h"
#include "vm/object/realm.h"
#include "vm/value/number.h"

enum { BRIEF_TEXT_UNITS = 60 };

static const IntrinsicId error_prototypes[ERROR_KIND_COUNT] = {
    [ERROR_PLAIN] = INTRINSIC_ErrorPrototype,
    [ERROR_TYPE] = INTRINSIC_TypeErrorPrototype,
    [ERROR_RANGE] = INTRINSIC_RangeErrorPrototype,
    [ERROR_SYNTAX] = INTRINSIC_SyntaxErrorPrototype,
    [ERROR_REFERENCE] = INTRINSIC_ReferenceErrorPrototype,
    [ERROR_EVAL] = INTRINSIC_EvalErrorPrototype,
    [ERROR_URI] = INTRINSIC_URIErrorPrototype,
    [ERROR_AGGREGATE] = INTRINSIC_AggregateErrorPrototype,
    [ERROR_SUPPRESSED] = INTRINSIC_SuppressedErrorPrototype,
};

Value error_throw_value(Goroutine *g, Value v)
{
    g->exception = v;
    return VALUE_THROWN;
}

Value error_take(Goroutine *g)
{
    Value v = g->exception;
    g->exception = VALUE_HOLE;
    return v;
}

Value error_new_with_proto(Goroutine *g, Value proto, Value message)
{
    LocalHeap *h = &g->heap;
    ErrorObject *e = object_alloc(h, object_root_shape(h, KIND_ERROR, proto, 0), sizeof *e);
    e->trace = e->report = VALUE_UNDEFINED;
    if (!value_is_undefined(message)) object_add(h, &e->object, vm_atom(g->vm, ATOM_message), message, PROPERTY_METHOD);
    Value trace = g->vm->hooks->capture_trace(g, VALUE_UNDEFINED);
    barrier_store(h, e, &e->trace, trace);
    return value_from_cell(e);
}

Value error_new(Goroutine *g, ErrorKind kind, Value message)
{
    return error_new_with_proto(g, realm_intrinsic(realm_current(g), error_prototypes[kind]), message);
}

/* ---- messages ------------------------------------------------------------------------------------------------- */

String *error_constructor_name(LocalHeap *h, Object *o)
{
    PropertyRef ref;
    for (int depth = 0; depth < 100; depth++) {
        const ObjectOps *ops = kinds_ops(o->cell.kind);
        if (ops && (ops->get_own || ops->get)) return NULL;
        if (object_find_own(h, o, vm_atom(h->vm, ATOM_constructor), &ref)) {
            if ((ref.attributes & PROPERTY_ACCESSOR) || !value_is_callable(ref.value)) return NULL;
            return string_of(function_display_name(h, ref.value));
        }
        Value proto = object_proto(h->vm, o);
        if (!value_is_object(proto)) return NULL;
        o = object_of(proto);
    }
    return NULL;
}

static void error_put_brief_string(LocalHeap *h, StringBuilder *b, String *s)
{
    StringView v = string_view(h, s);
    string_builder_put_unit(b, '"');
    string_builder_put_view(b, v, 0, v.length > BRIEF_TEXT_UNITS ? BRIEF_TEXT_UNITS : (uint32_t)v.length);
    string_builder_put_text(b, v.length > BRIEF_TEXT_UNITS ? "...\"" : "\"");
}

static void error_put_brief_object(LocalHeap *h, StringBuilder *b, Object *o)
{
    if (value_is_callable(value_from_cell(o))) {
        String *name = string_of(function_display_name(h, value_from_cell(o)));
        string_builder_put_text(b, name->length ? "function " : "anonymous function");
        string_builder_put_string(h, b, name);
        return;
    }
    if (o->cell.kind == KIND_ARRAY) {
        string_builder_put_text(b, "[object Array]");
        return;
    }
    String *name = error_constructor_name(h, o);
    string_builder_put_text(b, "#<");
    if (name && name->length) string_builder_put_string(h, b, name);
    else string_builder_put_text(b, "Object");
    string_builder_put_text(b, ">");
}

static void error_put_value(Goroutine *g, StringBuilder *b, Value v)
{
    LocalHeap *h = &g->heap;
    if (v == VALUE_HOLE) string_builder_put_text(b, "<uninitialized>");
    else if (value_is_object(v)) error_put_brief_object(h, b, object_of(v));
    else if (value_is_string(v)) error_put_brief_string(h, b, string_of(v));
    else if (value_is_symbol(v)) string_builder_put_string(h, b, symbol_descriptive_string(h, symbol_of(v)));
    else string_builder_put_string(h, b, convert_to_string_slow(g, v));
}

static void error_put_key(Goroutine *g, StringBuilder *b, PropertyKey key)
{
    LocalHeap *h = &g->heap;
    if (key_is_symbol(key) && symbol_is_private(symbol_of(key))) {
        string_builder_put_text(b, "#");
        key = symbol_of(key)->description;
    }
    if (key_is_symbol(key)) string_builder_put_string(h, b, symbol_descriptive_string(h, symbol_of(key)));
    else string_builder_put_string(h, b, string_of(convert_key_to_value(h, key)));
}

static void error_put_utf8(LocalHeap *h, StringBuilder *b, const char *text)
{
    String *s = string_new_utf8(h, text, strlen(text));
    if (s) string_builder_put_string(h, b, s);
}

static void error_put_argument(Goroutine *g, StringBuilder *b, char letter, va_list *args)
{
    char number[16];
    switch (letter) {
    case 's': error_put_utf8(&g->heap, b, va_arg(*args, const char *)); break;
    case 'd':
        snprintf(number, sizeof number, "%d", va_arg(*args, int));
        string_builder_put_text(b, number);
        break;
    case 'u':
        snprintf(number, sizeof number, "%u", va_arg(*args, unsigned));
        string_builder_put_text(b, number);
        break;
    case 'K': error_put_key(g, b, va_arg(*args, PropertyKey)); break;
    case 'S': string_builder_put_string(&g->heap, b, va_arg(*args, String *)); break;
    case 'V': error_put_value(g, b, va_arg(*args, Value)); break;
    case 'T': string_builder_put_string(&g->heap, b, string_of(convert_typeof(g->vm, va_arg(*args, Value)))); break;
    default:  string_builder_put_unit(b, (uint16_t)letter); break;
    }
}

static Value error_format(Goroutine *g, const char *format, va_list *args)
{
    StringBuilder b;
    string_builder_init(&b);
    for (const char *p = format; *p; p++) {
        if (*p != '%') string_builder_put_unit(&b, (uint8_t)*p);
        else error_put_argument(g, &b, *++p, args);
    }
    String *s = string_builder_end(&g->heap, &b);
    return s ? value_from_cell(s) : g->vm->empty_string;
}

static void error_throw_formatted(Goroutine *g, ErrorKind kind, const char *format, va_list *args)
{
    Value message = error_format(g, format, args);
    g->exception = error_new(g, kind, message);
}

Value error_throw(Goroutine *g, ErrorKind kind, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    error_throw_formatted(g, kind, format, &args);
    va_end(args);
    return VALUE_THROWN;
}

bool error_throw_bool(Goroutine *g, ErrorKind kind, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    error_throw_formatted(g, kind, format, &args);
    va_end(args);
    return false;
}

Tri error_throw_tri(Goroutine *g, ErrorKind kind, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    error_throw_formatted(g, kind, format, &args);
    va_end(args);
    return TRI_THROWN;
}

bool error_throw_to_caller(Goroutine *g, ErrorKind kind, const char *text)
{
    Value message = value_from_cell(string_new_text(&g->heap, text));
    g->exception = error_new_with_proto(g, realm_intrinsic(realm_of_caller(g), error_prototypes[kind]), message);
    return false;
}

Value error_throw_out_of_memory(Goroutine *g)
{
    return error_throw(g, ERROR_RANGE, "out of memory");
}

Value error_throw_heap_limit(Goroutine *g)
{
    return error_throw(g, ERROR_RANGE, "out of memory: the goroutine owns more than its maxHeap");
}

Value error_throw_string_length(Goroutine *g)
{
    return error_throw(g, ERROR_RANGE, "Invalid string length");
}

Value error_string_or_throw(Goroutine *g, String *s)
{
    return s ? value_from_cell(s) : error_throw_string_length(g);
}
