/* SPDX-License-Identifier: MIT */
/* What a RegExp tells of itself: source and flags (ECMA-262 22.2.6), and RegExp.escape (22.2.5.1). */
#include <string.h>

#include "lib/regexp.h"
#include "vm/base/unicode.h"
#include "vm/base/utf.h"

/* ---- flags ------------------------------------------------------------------------------------------------------- */

static Value lib_regexp_no_object(Goroutine *g, Args a)
{
    return error_throw(g, ERROR_TYPE, "RegExp.prototype.%S getter called on a value that is no RegExp: %V",
                       string_of(function_native(args_callee(a))->name), a.self);
}

/* get hasIndices and its like: RegExpHasFlag (22.2.6.4.1). magic: the flag. */
static Value lib_regexp_flag(Goroutine *g, Args a)
{
    if (value_is_kind(a.self, KIND_REGEXP)) return value_from_bool((regexp_program_now(regexp_of(a.self))->bits & (uint32_t)args_magic(a)) != 0);
    const Realm *realm = function_native(args_callee(a))->realm;
    if (a.self == realm_intrinsic(realm, INTRINSIC_RegExpPrototype)) return VALUE_UNDEFINED;
    return lib_regexp_no_object(g, a);
}

/* get flags (22.2.6.4). */
static Value lib_regexp_flags(Goroutine *g, Args a)
{
    static const struct { const char *name; char letter; } flags[] = {
        { "hasIndices", 'd' }, { "global", 'g' }, { "ignoreCase", 'i' }, { "multiline", 'm' },
        { "dotAll", 's' }, { "unicode", 'u' }, { "unicodeSets", 'v' }, { "sticky", 'y' },
    };
    char text[COUNT_OF(flags) + 1];
    size_t count = 0;
    if (!value_is_object(a.self)) return lib_regexp_no_object(g, a);
    if (regexp_is_pristine(g->vm, realm_current(g), a.self)) return regexp_program_now(regexp_of(a.self))->flags;
    for (size_t i = 0; i < COUNT_OF(flags); i++) {
        Value v = TRY(object_get(g, object_of(a.self), intern_key_text(&g->heap, flags[i].name)));
        if (convert_to_boolean(v)) text[count++] = flags[i].letter;
    }
    text[count] = '\0';
    return value_from_cell(intern_text(&g->heap, text));
}

/* ---- source (22.2.6.13) ------------------------------------------------------------------------------------------ */

/* The escape of a line terminator, without its backslash; NULL for other units. */
static const char *lib_regexp_line_end(uint32_t unit)
{
    switch (unit) {
    case '\n':   return "n";
    case '\r':   return "r";
    case 0x2028: return "u2028";
    case 0x2029: return "u2029";
    default:     return NULL;
    }
}

static bool lib_regexp_is_plain_source(StringView v)
{
    for (size_t i = 0; i < v.length; i++) {
        uint32_t unit = string_view_unit(v, i);
        if (unit == '/' || lib_regexp_line_end(unit)) return false;
    }
    return v.length != 0;
}

/* EscapeRegExpPattern (22.2.6.13.1): text that reads as this pattern between slashes. */
static Value lib_regexp_escaped_source(Goroutine *g, String *source)
{
    StringBuilder b;
    StringView v = string_view(&g->heap, source);
    if (v.length == 0) return value_from_cell(intern_text(&g->heap, "(?:)"));
    if (lib_regexp_is_plain_source(v)) return value_from_cell(source);
    string_builder_init(&b);
    bool escaped = false, in_class = false;
    for (size_t i = 0; i < v.length; i++) {
        uint32_t unit = string_view_unit(v, i);
        const char *line_end = lib_regexp_line_end(unit);
        if (!escaped && (line_end || (unit == '/' && !in_class))) string_builder_put_unit(&b, '\\');
        if (line_end) string_builder_put_text(&b, line_end);
        else string_builder_put_unit(&b, (uint16_t)unit);
        if (!escaped && unit == '[') in_class = true;
        if (!escaped && unit == ']') in_class = false;
        escaped = !escaped && unit == '\\';
    }
    return error_string_or_throw(g, string_builder_end(&g->heap, &b));
}

static Value lib_regexp_source(Goroutine *g, Args a)
{
    if (value_is_kind(a.self, KIND_REGEXP)) return lib_regexp_escaped_source(g, string_of(regexp_program_now(regexp_of(a.self))->source));
    const Realm *realm = function_native(args_callee(a))->realm;
    if (a.self == realm_intrinsic(realm, INTRINSIC_RegExpPrototype)) return value_from_cell(intern_text(&g->heap, "(?:)"));
    return lib_regexp_no_object(g, a);
}

/* ---- RegExp.escape ----------------------------------------------------------------------------------------------- */

static void lib_regexp_put_hex(StringBuilder *b, uint32_t unit)
{
    static const char digits[] = "0123456789abcdef";
    string_builder_put_text(b, unit < 256 ? "\\x" : "\\u");
    for (int shift = unit < 256 ? 4 : 12; shift >= 0; shift -= 4) string_builder_put_unit(b, (uint16_t)digits[unit >> shift & 15]);
}

/* EncodeForRegExpEscape (22.2.5.1.1). */
static void lib_regexp_put_escaped(StringBuilder *b, uint32_t c)
{
    static const char syntax[] = "^$\\.*+?()[]{}|/", controls[] = "\t\n\v\f\r", names[] = "tnvfr";
    static const char others[] = ",-=<>#&!%:;@~'`\"";
    const char *control = c && c < 128 ? strchr(controls, (int)c) : NULL;
    if (c && c < 128 && strchr(syntax, (int)c)) {
        string_builder_put_unit(b, '\\');
        string_builder_put_unit(b, (uint16_t)c);
    } else if (control) {
        string_builder_put_unit(b, '\\');
        string_builder_put_unit(b, (uint16_t)names[control - controls]);
    } else if ((c && c < 128 && strchr(others, (int)c)) || unicode_is_white_space(c) || lib_regexp_line_end(c) || utf_is_surrogate(c)) {
        lib_regexp_put_hex(b, c);
    } else {
        string_builder_put_code_point(b, c);
    }
}

static bool lib_regexp_is_ascii_alphanumeric(uint32_t c)
{
    return c - '0' < 10 || (c | 0x20) - 'a' < 26;
}

static Value lib_regexp_escape(Goroutine *g, Args a)
{
    if (!value_is_string(arg(a, 0))) return error_throw(g, ERROR_TYPE, "%V is not a string", arg(a, 0));
    StringBuilder b;
    StringView v = string_view(&g->heap, string_of(arg(a, 0)));
    string_builder_init(&b);
    for (size_t i = 0; i < v.length;) {
        uint32_t c = string_view_unit(v, i++);
        if (utf_is_lead_surrogate(c) && i < v.length && utf_is_trail_surrogate(string_view_unit(v, i)))
            c = utf_join_surrogates(c, string_view_unit(v, i++));
        if (b.length == 0 && lib_regexp_is_ascii_alphanumeric(c)) lib_regexp_put_hex(&b, c);
        else lib_regexp_put_escaped(&b, c);
    }
    return error_string_or_throw(g, string_builder_end(&g->heap, &b));
}

/* ---- installation ------------------------------------------------------------------------------------------------ */

#define FLAG_GETTER(name_, flag) { .name = name_, .function = lib_regexp_flag, .flags = NATIVE_GETTER, .magic = flag }

static const NativeSpec lib_regexp_getters[] = {
    FLAG_GETTER("dotAll", RE_DOT_ALL),
    LIB_GETTER("flags", lib_regexp_flags),
    FLAG_GETTER("global", RE_GLOBAL),
    FLAG_GETTER("hasIndices", RE_HAS_INDICES),
    FLAG_GETTER("ignoreCase", RE_IGNORE_CASE),
    FLAG_GETTER("multiline", RE_MULTILINE),
    LIB_GETTER("source", lib_regexp_source),
    FLAG_GETTER("sticky", RE_STICKY),
    FLAG_GETTER("unicode", RE_UNICODE),
    FLAG_GETTER("unicodeSets", RE_UNICODE_SETS),
};

static const NativeSpec lib_regexp_escape_function[] = {
    LIB_METHOD("escape", 1, lib_regexp_escape),
};

void regexp_install_getters(const Lib *lib)
{
    INSTALL_TABLE(lib, install_intrinsic(lib, INTRINSIC_RegExpPrototype), lib_regexp_getters);
    INSTALL_TABLE(lib, install_intrinsic(lib, INTRINSIC_RegExp), lib_regexp_escape_function);
}
