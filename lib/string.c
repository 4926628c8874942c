/* SPDX-License-Identifier: MIT */
/* String (ECMA-262 22.1): the constructor, and the methods that take strings apart and put them together. Searching
 * is in string_search.c, case and normalisation in string_case.c, tags in string_html.c. */
#include <string.h>

#include "lib/iterator.h"
#include "lib/string_int.h"
#include "vm/base/unicode.h"
#include "vm/base/utf.h"
#include "vm/object/primitive.h"
#include "vm/value/number.h"

String *lib_string_this(Goroutine *g, Args a)
{
    if (LIKELY(value_is_string(a.self))) return string_of(a.self);
    if (!value_is_nullish(a.self)) return convert_to_string(g, a.self);
    error_throw(g, ERROR_TYPE, "String.prototype.%s called on null or undefined", function_native(args_callee(a))->spec->name);
    return NULL;
}

bool lib_string_position(Goroutine *g, Args a, uint32_t i, uint32_t most, uint32_t otherwise, uint32_t *position)
{
    double d;
    Value v = arg(a, i);
    *position = otherwise;
    if (value_is_undefined(v)) return true;
    OK_BOOL(convert_to_integer(g, v, &d));
    *position = d <= 0 ? 0 : d >= most ? most : (uint32_t)d;
    return true;
}

/* A new string of `length` units of the width asked for, NULL with an exception when that is too long. */
static FlatString *lib_string_alloc(Goroutine *g, double length, bool is_wide)
{
    FlatString *s = length <= STRING_MAX_LENGTH ? string_alloc(&g->heap, (size_t)length, is_wide) : NULL;
    if (!s) error_throw_string_length(g);
    return s;
}

/* ---- the constructor (22.1.1, 22.1.2) ---------------------------------------------------------------------------- */

/* 22.1.1.1. */
static Value lib_string_construct(Goroutine *g, Args a)
{
    Value v = g->vm->empty_string, new_target = args_new_target(a);
    if (a.count) {
        if (value_is_undefined(new_target) && value_is_symbol(arg(a, 0)))
            return error_string_or_throw(g, symbol_descriptive_string(&g->heap, symbol_of(arg(a, 0))));
        String *s = convert_to_string(g, arg(a, 0));
        if (!s) return VALUE_THROWN;
        v = value_from_cell(s);
    }
    if (value_is_undefined(new_target)) return v;
    Value proto = TRY(function_prototype_for(g, new_target, INTRINSIC_StringPrototype));
    return value_from_cell(primitive_new_wrapper_with(&g->heap, v, proto));
}

/* The arguments as code units or code points, appended. False: thrown. */
static bool lib_string_put_codes(Goroutine *g, Args a, StringBuilder *b, bool are_points)
{
    for (uint32_t i = 0; i < a.count; i++) {
        double d;
        OK_BOOL(convert_to_double(g, arg(a, i), &d));
        if (!are_points) {
            string_builder_put_unit(b, (uint16_t)number_to_int32(d));
            continue;
        }
        if (!(d >= 0 && d <= UTF_LAST_CODE_POINT) || trunc(d) != d)
            return error_throw_bool(g, ERROR_RANGE, "Invalid code point %V", arg(a, i));
        string_builder_put_code_point(b, (uint32_t)d);
    }
    return true;
}

/* fromCharCode (22.1.2.1); magic 1: fromCodePoint (22.1.2.2). */
static Value lib_string_from_codes(Goroutine *g, Args a)
{
    StringBuilder b;
    bool are_points = args_magic(a) != 0;
    if (a.count == 1 && !are_points && value_is_int(arg(a, 0)))
        return value_from_cell(string_from_unit(&g->heap, (uint16_t)value_int(arg(a, 0))));
    string_builder_init(&b);
    if (lib_string_put_codes(g, a, &b, are_points)) return error_string_or_throw(g, string_builder_end(&g->heap, &b));
    string_builder_deinit(&b);
    return VALUE_THROWN;
}

/* 22.1.2.4. */
static Value lib_string_raw(Goroutine *g, Args a)
{
    double length;
    Value cooked = TRY(convert_to_object(g, arg(a, 0)));
    Value raw = TRY(object_get(g, object_of(cooked), vm_atom(g->vm, ATOM_raw)));
    Object *literals = object_of(TRY(convert_to_object(g, raw)));
    OK(convert_length_of(g, literals, &length));
    String *whole = string_of(g->vm->empty_string);
    for (double i = 0; i < length; i++) {
        Value v = TRY(object_get(g, literals, convert_index_to_key(&g->heap, i)));
        String *part = convert_to_string(g, v);
        if (!part) return VALUE_THROWN;
        whole = string_of(TRY(error_string_or_throw(g, string_concat(&g->heap, whole, part))));
        if (i + 1 >= length || i + 1 >= a.count) continue;
        part = convert_to_string(g, arg(a, (uint32_t)i + 1));
        if (!part) return VALUE_THROWN;
        whole = string_of(TRY(error_string_or_throw(g, string_concat(&g->heap, whole, part))));
    }
    return value_from_cell(whole);
}

/* ---- single units (22.1.3) --------------------------------------------------------------------------------------- */

/* The position that argument 0 names in `s`; -1 when that is outside. False: thrown. */
static bool lib_string_index(Goroutine *g, Args a, const String *s, bool is_relative, int64_t *index)
{
    double d;
    OK_BOOL(convert_to_integer(g, arg(a, 0), &d));
    if (is_relative && d < 0) d += s->length;
    *index = d >= 0 && d < s->length ? (int64_t)d : -1;
    return true;
}

/* 22.1.3.1. */
static Value lib_string_at(Goroutine *g, Args a)
{
    int64_t i;
    String *s = lib_string_this(g, a);
    if (!s || !lib_string_index(g, a, s, true, &i)) return VALUE_THROWN;
    if (i < 0) return VALUE_UNDEFINED;
    return value_from_cell(string_from_unit(&g->heap, string_unit_at(&g->heap, s, (uint32_t)i)));
}

/* 22.1.3.2. */
static Value lib_string_char_at(Goroutine *g, Args a)
{
    int64_t i;
    String *s = lib_string_this(g, a);
    if (!s || !lib_string_index(g, a, s, false, &i)) return VALUE_THROWN;
    if (i < 0) return g->vm->empty_string;
    return value_from_cell(string_from_unit(&g->heap, string_unit_at(&g->heap, s, (uint32_t)i)));
}

/* 22.1.3.3. */
static Value lib_string_char_code_at(Goroutine *g, Args a)
{
    int64_t i;
    String *s = lib_string_this(g, a);
    if (!s || !lib_string_index(g, a, s, false, &i)) return VALUE_THROWN;
    return i < 0 ? VALUE_NAN : value_from_int(string_unit_at(&g->heap, s, (uint32_t)i));
}

static uint32_t lib_string_point(StringView v, size_t *i)
{
    return v.is_wide ? utf_decode_utf16(v.units, v.length, i) : text_unit(v, (*i)++);
}

/* 22.1.3.4. */
static Value lib_string_code_point_at(Goroutine *g, Args a)
{
    int64_t i;
    String *s = lib_string_this(g, a);
    if (!s || !lib_string_index(g, a, s, false, &i)) return VALUE_THROWN;
    if (i < 0) return VALUE_UNDEFINED;
    size_t at = (size_t)i;
    return value_from_int((int32_t)lib_string_point(string_view(&g->heap, s), &at));
}

/* ---- parts ------------------------------------------------------------------------------------------------------- */

/* 22.1.3.23. */
static Value lib_string_slice(Goroutine *g, Args a)
{
    double start, end;
    String *s = lib_string_this(g, a);
    if (!s) return VALUE_THROWN;
    OK(convert_to_relative_index(g, arg(a, 0), s->length, 0, &start));
    OK(convert_to_relative_index(g, arg(a, 1), s->length, s->length, &end));
    if (start >= end) return g->vm->empty_string;
    return value_from_cell(string_slice(&g->heap, s, (uint32_t)start, (uint32_t)end));
}

/* 22.1.3.26. */
static Value lib_string_substring(Goroutine *g, Args a)
{
    uint32_t start, end;
    String *s = lib_string_this(g, a);
    if (!s) return VALUE_THROWN;
    OK(lib_string_position(g, a, 0, s->length, 0, &start));
    OK(lib_string_position(g, a, 1, s->length, s->length, &end));
    return value_from_cell(string_slice(&g->heap, s, start < end ? start : end, start < end ? end : start));
}

/* B.2.2.1. */
static Value lib_string_substr(Goroutine *g, Args a)
{
    double start, length;
    String *s = lib_string_this(g, a);
    if (!s) return VALUE_THROWN;
    OK(convert_to_relative_index(g, arg(a, 0), s->length, 0, &start));
    length = s->length;
    if (!value_is_undefined(arg(a, 1))) OK(convert_to_integer(g, arg(a, 1), &length));
    double end = start + (length > 0 ? length : 0);
    if (end > s->length) end = s->length;
    return value_from_cell(string_slice(&g->heap, s, (uint32_t)start, (uint32_t)end));
}

/* trim (22.1.3.32); magic 1 only its start, 2 only its end. */
static Value lib_string_trim(Goroutine *g, Args a)
{
    String *s = lib_string_this(g, a);
    if (!s) return VALUE_THROWN;
    StringView all = string_view(&g->heap, s), kept = number_trim(all);
    if (kept.length == 0) return g->vm->empty_string;
    uint32_t start = (uint32_t)(((const char *)kept.units - (const char *)all.units) >> all.is_wide);
    uint32_t end = start + (uint32_t)kept.length;
    if (args_magic(a) == 1) end = s->length;
    if (args_magic(a) == 2) start = 0;
    return value_from_cell(string_slice(&g->heap, s, start, end));
}

/* ---- longer strings ---------------------------------------------------------------------------------------------- */

/* 22.1.3.5. */
static Value lib_string_concat(Goroutine *g, Args a)
{
    String *s = lib_string_this(g, a);
    if (!s) return VALUE_THROWN;
    for (uint32_t i = 0; i < a.count; i++) {
        String *next = convert_to_string(g, arg(a, i));
        if (!next) return VALUE_THROWN;
        s = string_of(TRY(error_string_or_throw(g, string_concat(&g->heap, s, next))));
    }
    return value_from_cell(s);
}

/* Write `count` units of `v` repeated, from unit `at` of `out` on, whose width is that of `v` or more. */
static void lib_string_fill(FlatString *out, size_t at, StringView v, size_t count)
{
    if (string_is_wide(&out->string)) {
        for (size_t i = 0; i < count; i++) out->utf16[at + i] = (uint16_t)text_unit(v, i % v.length);
    } else if (v.length == 1) {
        memset(out->latin1 + at, ((const uint8_t *)v.units)[0], count);
    } else {
        for (size_t i = 0; i < count; i += v.length)
            memcpy(out->latin1 + at + i, v.units, v.length < count - i ? v.length : count - i);
    }
}

/* 22.1.3.18. */
static Value lib_string_repeat(Goroutine *g, Args a)
{
    double count;
    String *s = lib_string_this(g, a);
    if (!s) return VALUE_THROWN;
    OK(convert_to_integer(g, arg(a, 0), &count));
    if (count < 0 || isinf(count)) return error_throw(g, ERROR_RANGE, "Invalid count value: %V", arg(a, 0));
    if (count == 0 || s->length == 0) return g->vm->empty_string;
    if (count == 1) return value_from_cell(s);
    StringView v = string_view(&g->heap, s);
    FlatString *out = lib_string_alloc(g, count * s->length, v.is_wide);
    if (!out) return VALUE_THROWN;
    lib_string_fill(out, 0, v, out->string.length);
    return value_from_cell(out);
}

/* StringPaddingBuiltinsImpl (22.1.3.17.1). magic 0 padEnd, 1 padStart. */
static Value lib_string_pad(Goroutine *g, Args a)
{
    double wanted;
    String *s = lib_string_this(g, a), *filler = string_of(g->vm->one_unit_strings[' ']);
    if (!s) return VALUE_THROWN;
    OK(convert_to_length(g, arg(a, 0), &wanted));
    if (wanted <= s->length) return value_from_cell(s);
    if (!value_is_undefined(arg(a, 1))) filler = convert_to_string(g, arg(a, 1));
    if (!filler) return VALUE_THROWN;
    if (filler->length == 0) return value_from_cell(s);
    StringView fill = string_view(&g->heap, filler), text = string_view(&g->heap, s);
    FlatString *out = lib_string_alloc(g, wanted, fill.is_wide || text.is_wide);
    if (!out) return VALUE_THROWN;
    size_t more = out->string.length - text.length;
    bool at_start = args_magic(a) != 0;
    lib_string_fill(out, at_start ? 0 : text.length, fill, more);
    if (text.length) lib_string_fill(out, at_start ? more : 0, text, text.length);
    return value_from_cell(out);
}

/* ---- the iterator (22.1.3.36, 22.1.5) ---------------------------------------------------------------------------- */

static Value lib_string_iterator(Goroutine *g, Args a)
{
    String *s = lib_string_this(g, a);
    if (!s) return VALUE_THROWN;
    Value proto = realm_intrinsic(realm_current(g), INTRINSIC_StringIteratorPrototype);
    return value_from_cell(iterator_new(&g->heap, proto, ITERATOR_STRING, value_from_cell(s), VALUE_UNDEFINED));
}

/* 22.1.5.1.1. */
static Value lib_string_iterator_next(Goroutine *g, Args a)
{
    LocalHeap *h = &g->heap;
    IteratorObject *it = iterator_try_of(a.self, ITERATOR_STRING);
    if (!it) return error_throw(g, ERROR_TYPE, "next method called on incompatible receiver %V", a.self);
    Value source = cell_slot_get(&it->source), at;
    if (value_is_undefined(source)) return realm_iterator_result(g, VALUE_UNDEFINED, true);
    String *s = string_of(source);
    size_t i, start;
    uint32_t point;
    do {
        at = cell_slot_get(&it->at);
        i = start = (size_t)value_int(at);
        if (i >= s->length) {
            cell_slot_set(&it->source, VALUE_UNDEFINED);
            return realm_iterator_result(g, VALUE_UNDEFINED, true);
        }
        point = lib_string_point(string_view(h, s), &i);
    } while (!iterator_try_advance(it, at, value_from_int((int32_t)i)));
    String *part = i - start == 1 ? string_from_unit(h, (uint16_t)point) : string_from_code_point(h, point);
    return realm_iterator_result(g, value_from_cell(part), false);
}

/* ---- toString, valueOf (22.1.3.29, 22.1.3.35) -------------------------------------------------------------------- */

static Value lib_string_value_of(Goroutine *g, Args a)
{
    if (value_is_string(a.self)) return a.self;
    if (value_is_kind(a.self, KIND_STRING_OBJECT)) return ((const Wrapper *)value_cell(a.self))->value;
    return error_throw(g, ERROR_TYPE, "String.prototype.%s requires that 'this' be a String",
                       function_native(args_callee(a))->spec->name);
}

/* ---- installation ------------------------------------------------------------------------------------------------ */

static const NativeSpec lib_string_functions[] = {
    LIB_MAGIC("fromCharCode", 1, lib_string_from_codes, 0),
    LIB_MAGIC("fromCodePoint", 1, lib_string_from_codes, 1),
    LIB_METHOD("raw", 1, lib_string_raw),
};

static const NativeSpec lib_string_prototype[] = {
    LIB_METHOD("at", 1, lib_string_at),
    LIB_METHOD("charAt", 1, lib_string_char_at),
    LIB_METHOD("charCodeAt", 1, lib_string_char_code_at),
    LIB_METHOD("codePointAt", 1, lib_string_code_point_at),
    LIB_METHOD("concat", 1, lib_string_concat),
    LIB_MAGIC("padEnd", 1, lib_string_pad, 0),
    LIB_MAGIC("padStart", 1, lib_string_pad, 1),
    LIB_METHOD("repeat", 1, lib_string_repeat),
    LIB_METHOD("slice", 2, lib_string_slice),
    LIB_METHOD("substr", 2, lib_string_substr),
    LIB_METHOD("substring", 2, lib_string_substring),
    LIB_METHOD("toString", 0, lib_string_value_of),
    LIB_MAGIC("trim", 0, lib_string_trim, 0),
    LIB_MAGIC("trimStart", 0, lib_string_trim, 1),
    LIB_MAGIC("trimEnd", 0, lib_string_trim, 2),
    LIB_METHOD("valueOf", 0, lib_string_value_of),
    LIB_METHOD("[Symbol.iterator]", 0, lib_string_iterator),
};

static const NativeSpec lib_string_iterator_prototype[] = {
    LIB_METHOD("next", 0, lib_string_iterator_next),
};

static void lib_string_install_iterator(const Lib *lib)
{
    Value proto = install_object(lib, iterator_prototype(lib));
    lib->realm->intrinsics[INTRINSIC_StringIteratorPrototype] = proto;
    INSTALL_TABLE(lib, proto, lib_string_iterator_prototype);
    install_tag(lib, proto, "String Iterator");
}

void lib_string_install(const Lib *lib)
{
    static const NativeSpec string = LIB_CONSTRUCTOR("String", 1, lib_string_construct);
    Value object_proto = install_intrinsic(lib, INTRINSIC_ObjectPrototype);
    Value proto = value_from_cell(primitive_new_wrapper_with(lib->h, lib->g->vm->empty_string, object_proto));
    lib->realm->intrinsics[INTRINSIC_StringPrototype] = proto;
    Value c = value_from_cell(install_constructor(lib, &string, INTRINSIC_String, INTRINSIC_StringPrototype,
                                                  VALUE_UNDEFINED, VALUE_UNDEFINED));
    INSTALL_TABLE(lib, c, lib_string_functions);
    INSTALL_TABLE(lib, proto, lib_string_prototype);
    install_value(lib, proto, "trimLeft", install_read(lib, proto, "trimStart"), PROPERTY_METHOD);
    install_value(lib, proto, "trimRight", install_read(lib, proto, "trimEnd"), PROPERTY_METHOD);
    lib_string_install_html(lib, proto);
    lib_string_install_case(lib, proto);
    lib_string_install_search(lib, proto);
    lib_string_install_iterator(lib);
}
