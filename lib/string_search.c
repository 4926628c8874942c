/* SPDX-License-Identifier: MIT */
/* String.prototype's methods that look for text (ECMA-262 22.1.3), and what those in string.us ask for: they call
 * user code. */
#include "lib/intrinsics.h"
#include "lib/library.h"
#include "lib/regexp.h"
#include "lib/string_int.h"
#include "lib/substitute.h"
#include "vm/object/hooks.h"

/* ---- looking ----------------------------------------------------------------------------------------------------- */

/* `this` and the text looked for, which must be no regular expression. False: thrown. */
static bool lib_string_search_texts(Goroutine *g, Args a, String **s, String **needle)
{
    *s = lib_string_this(g, a);
    if (!*s) return false;
    if (ASK_BOOL(regexp_is_regexp(g, arg(a, 0))))
        return error_throw_bool(g, ERROR_TYPE, "First argument to String.prototype.%s must not be a regular expression",
                                function_native(args_callee(a))->spec->name);
    *needle = convert_to_string(g, arg(a, 0));
    return *needle != NULL;
}

/* 22.1.3.7. */
static Value lib_string_ends_with(Goroutine *g, Args a)
{
    String *s, *needle;
    uint32_t end;
    OK(lib_string_search_texts(g, a, &s, &needle));
    OK(lib_string_position(g, a, 1, s->length, s->length, &end));
    if (needle->length > end) return VALUE_FALSE;
    StringView part = lib_string_part(string_view(&g->heap, s), end - needle->length, end);
    return value_from_bool(string_view_equal(part, string_view(&g->heap, needle)));
}

/* 22.1.3.24. */
static Value lib_string_starts_with(Goroutine *g, Args a)
{
    String *s, *needle;
    uint32_t start;
    OK(lib_string_search_texts(g, a, &s, &needle));
    OK(lib_string_position(g, a, 1, s->length, 0, &start));
    if (needle->length > s->length - start) return VALUE_FALSE;
    StringView part = lib_string_part(string_view(&g->heap, s), start, start + needle->length);
    return value_from_bool(string_view_equal(part, string_view(&g->heap, needle)));
}

static int64_t lib_string_find(LocalHeap *h, String *s, String *needle, uint32_t from)
{
    StringView text = string_view(h, s);
    return string_index_of(text, string_view(h, needle), from);
}

/* 22.1.3.8. */
static Value lib_string_includes(Goroutine *g, Args a)
{
    String *s, *needle;
    uint32_t start;
    OK(lib_string_search_texts(g, a, &s, &needle));
    OK(lib_string_position(g, a, 1, s->length, 0, &start));
    return value_from_bool(lib_string_find(&g->heap, s, needle, start) >= 0);
}

/* 22.1.3.9. */
static Value lib_string_index_of(Goroutine *g, Args a)
{
    uint32_t start;
    String *s = lib_string_this(g, a);
    if (!s) return VALUE_THROWN;
    String *needle = convert_to_string(g, arg(a, 0));
    if (!needle || !lib_string_position(g, a, 1, s->length, 0, &start)) return VALUE_THROWN;
    return value_from_int((int32_t)lib_string_find(&g->heap, s, needle, start));
}

/* 22.1.3.10. NaN is no position, so the end. */
static Value lib_string_last_index_of(Goroutine *g, Args a)
{
    double d;
    String *s = lib_string_this(g, a);
    if (!s) return VALUE_THROWN;
    String *needle = convert_to_string(g, arg(a, 0));
    if (!needle || !convert_to_double(g, arg(a, 1), &d)) return VALUE_THROWN;
    uint32_t start = d != d || d >= s->length ? s->length : d <= 0 ? 0 : (uint32_t)d;
    StringView text = string_view(&g->heap, s);
    return value_from_int((int32_t)string_last_index_of(text, string_view(&g->heap, needle), start));
}

/* ---- split (22.1.3.23) ------------------------------------------------------------------------------------------- */

static Value lib_string_split_units(Goroutine *g, String *s, uint32_t limit)
{
    LocalHeap *h = &g->heap;
    StringView v = string_view(h, s);
    uint32_t count = v.length < limit ? (uint32_t)v.length : limit;
    Array *parts = array_new(g);
    if (!elements_reserve(h, parts, count)) return error_throw_out_of_memory(g);
    for (uint32_t i = 0; i < count; i++) {
        String *unit = string_from_unit(h, (uint16_t)text_unit(v, i));
        barrier_store(h, parts, &parts->base[i], value_from_cell(unit));
        parts->length = i + 1;
    }
    return value_from_cell(parts);
}

static Value lib_string_split_at(Goroutine *g, String *s, String *separator, uint32_t limit)
{
    LocalHeap *h = &g->heap;
    StringView text = string_view(h, s), needle = string_view(h, separator);
    Array *parts = array_new(g);
    uint32_t start = 0;
    for (int64_t at; (at = string_index_of(text, needle, start)) >= 0; start = (uint32_t)at + separator->length) {
        OK(array_push(g, parts, value_from_cell(string_slice(h, s, start, (uint32_t)at))));
        if (parts->length == limit) return value_from_cell(parts);
    }
    OK(array_push(g, parts, value_from_cell(string_slice(h, s, start, s->length))));
    return value_from_cell(parts);
}

/* $stringSplit(this, separator, limit). */
Value lib_string_split(Goroutine *g, Args a)
{
    uint32_t limit = UINT32_MAX;
    String *s = convert_to_string(g, arg(a, 0));
    if (!s) return VALUE_THROWN;
    if (!value_is_undefined(arg(a, 2))) OK(convert_to_uint32(g, arg(a, 2), &limit));
    String *separator = convert_to_string(g, arg(a, 1));
    if (!separator) return VALUE_THROWN;
    if (limit == 0) return value_from_cell(array_new(g));
    if (value_is_undefined(arg(a, 1))) {
        Value whole = value_from_cell(s);
        Array *parts = array_from_values(g, 1, &whole);
        return parts ? value_from_cell(parts) : VALUE_THROWN;
    }
    return separator->length ? lib_string_split_at(g, s, separator, limit) : lib_string_split_units(g, s, limit);
}

/* ---- replace (22.1.3.19, 22.1.3.20) ------------------------------------------------------------------------------ */

/* $stringReplace(this, search, replacement, all), where the replacement is no function. */
Value lib_string_replace(Goroutine *g, Args a)
{
    LocalHeap *h = &g->heap;
    StringBuilder b;
    bool all = arg(a, 3) == VALUE_TRUE;
    String *s = convert_to_string(g, arg(a, 0)), *search, *replacement;
    if (!s || !(search = convert_to_string(g, arg(a, 1))) || !(replacement = convert_to_string(g, arg(a, 2))))
        return VALUE_THROWN;
    StringView text = string_view(h, s), needle = string_view(h, search);
    int64_t at = string_index_of(text, needle, 0);
    if (at < 0) return value_from_cell(s);
    uint32_t end = 0, step = search->length ? search->length : 1;
    string_builder_init(&b);
    for (; at >= 0 && !b.failed; at = all ? string_index_of(text, needle, (uint32_t)at + step) : -1) {
        string_builder_put_view(&b, text, end, (uint32_t)at);
        end = (uint32_t)at + search->length;
        Substitution form = { .text = s, .at = (uint32_t)at, .end = end, .captures = VALUE_UNDEFINED, .named = VALUE_UNDEFINED };
        if (substitute_put(g, &b, &form, replacement)) continue;
        string_builder_deinit(&b);
        return VALUE_THROWN;
    }
    string_builder_put_view(&b, text, end, (uint32_t)text.length);
    return error_string_or_throw(g, string_builder_end(h, &b));
}

/* $stringFind(s, search, from): StringIndexOf (6.1.4.1). */
Value lib_string_find_from(Goroutine *g, Args a)
{
    uint32_t from = (uint32_t)value_number(arg(a, 2));
    return value_from_int((int32_t)lib_string_find(&g->heap, string_of(arg(a, 0)), string_of(arg(a, 1)), from));
}

/* $stringPart(s, start, end). */
Value lib_string_part_of(Goroutine *g, Args a)
{
    uint32_t start = (uint32_t)value_number(arg(a, 1)), end = (uint32_t)value_number(arg(a, 2));
    return value_from_cell(string_slice(&g->heap, string_of(arg(a, 0)), start, end));
}

/* $stringOf(v): ToString. */
Value lib_string_of(Goroutine *g, Args a)
{
    String *s = convert_to_string(g, arg(a, 0));
    return s ? value_from_cell(s) : VALUE_THROWN;
}

/* ---- methods that ask a pattern (22.1.3.13, 14, 19, 20, 21, 23) -------------------------------------------------- */

/* By the numbers that string.us gives. */
static const struct { const char *name; WellKnownSymbol symbol; } lib_string_askers[] = {
    { "match", SYMBOL_match },           { "matchAll", SYMBOL_matchAll }, { "replace", SYMBOL_replace },
    { "replaceAll", SYMBOL_replace },    { "search", SYMBOL_search },     { "split", SYMBOL_split },
};
enum { ASKER_MATCH_ALL = 1, ASKER_REPLACE_ALL = 3 };

/* A regular expression given to matchAll or replaceAll must be global. */
static bool lib_string_check_global(Goroutine *g, Value pattern, int32_t asker)
{
    if (!ASK_BOOL(regexp_is_regexp(g, pattern))) return true;
    Value v = TRY_BOOL(object_get(g, object_of(pattern), vm_atom(g->vm, ATOM_flags)));
    OK_BOOL(convert_require_coercible(g, v));
    String *flags = convert_to_string(g, v);
    if (!flags) return false;
    if (lib_string_find(&g->heap, flags, string_of(g->vm->one_unit_strings['g']), 0) >= 0) return true;
    return error_throw_bool(g, ERROR_TYPE, asker == ASKER_MATCH_ALL
        ? "String.prototype.matchAll called with a non-global RegExp argument" : "replaceAll must be called with a global RegExp");
}

/* $stringAsk(this, pattern, asker): the method that an object has for it, or undefined. */
Value lib_string_ask(Goroutine *g, Args a)
{
    Value pattern = arg(a, 1);
    int32_t asker = value_int(arg(a, 2));
    if (value_is_nullish(arg(a, 0)))
        return error_throw(g, ERROR_TYPE, "String.prototype.%s called on null or undefined", lib_string_askers[asker].name);
    if (!value_is_object(pattern)) return VALUE_UNDEFINED;
    if (asker == ASKER_MATCH_ALL || asker == ASKER_REPLACE_ALL) OK(lib_string_check_global(g, pattern, asker));
    return object_get_method(g, pattern, g->vm->symbols[lib_string_askers[asker].symbol]);
}

/* $stringPattern(pattern, flags): RegExpCreate (22.2.3.1). */
Value lib_string_pattern(Goroutine *g, Args a)
{
    Value texts[2];
    for (uint32_t i = 0; i < 2; i++) {
        texts[i] = g->vm->empty_string;
        if (value_is_undefined(arg(a, i))) continue;
        String *s = convert_to_string(g, arg(a, i));
        if (!s) return VALUE_THROWN;
        texts[i] = value_from_cell(s);
    }
    return g->vm->hooks->new_regexp(g, texts[0], texts[1]);
}

/* $stringAskRegExp(regexp, asker): the method of its prototype, as things are. */
Value lib_string_ask_regexp(Goroutine *g, Args a)
{
    return object_get(g, object_of(arg(a, 0)), g->vm->symbols[lib_string_askers[value_int(arg(a, 1))].symbol]);
}

static const NativeSpec lib_string_search_methods[] = {
    LIB_METHOD("endsWith", 1, lib_string_ends_with),
    LIB_METHOD("includes", 1, lib_string_includes),
    LIB_METHOD("indexOf", 1, lib_string_index_of),
    LIB_METHOD("lastIndexOf", 1, lib_string_last_index_of),
    LIB_METHOD("startsWith", 1, lib_string_starts_with),
};

void lib_string_install_search(const Lib *lib, Value proto)
{
    INSTALL_TABLE(lib, proto, lib_string_search_methods);
    library_install(lib, "string");
}
