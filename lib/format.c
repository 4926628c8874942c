/* SPDX-License-Identifier: MIT */
/* util.format: the text of several values, the first of which may say how (Node's util documentation, `format`). */
#include "lib/inspect.h"
#include "lib/inspect_int.h"
#include "vm/base/dtoa.h"
#include "vm/base/unicode.h"
#include "vm/object/proxy.h"
#include "vm/value/number.h"

/* ---- pieces ------------------------------------------------------------------------------------------------------ */

static Value format_inspect(Goroutine *g, Value v, int32_t depth)
{
    InspectOptions options = INSPECT_DEFAULTS;
    options.depth = depth;
    return lib_inspect(g, v, &options);
}

static Value format_to_string(Goroutine *g, Value v)
{
    if (value_is_symbol(v)) return error_string_or_throw(g, symbol_descriptive_string(&g->heap, symbol_of(v)));
    String *s = convert_to_string(g, v);
    return s ? value_from_cell(s) : VALUE_THROWN;
}

static Value format_bigint(Goroutine *g, Value v)
{
    InspectOptions options = INSPECT_DEFAULTS;
    return lib_inspect(g, v, &options);
}

static Tri format_is_method(Goroutine *g, Object *o, PropertyKey key, bool *own)
{
    Value f = TRY_TRI(object_get(g, o, key));
    *own = ASK_TRI(object_has_own(g, o, key));
    return tri_from_bool(value_is_callable(f));
}

/* Does a conversion of `o` to a string say no more than what a built-in class says? */
static Tri format_is_builtin_text(Goroutine *g, Object *o)
{
    PropertyKey keys[] = { vm_atom(g->vm, ATOM_toString), g->vm->symbols[SYMBOL_toPrimitive] };
    bool wanted[2];
    for (int i = 0; i < 2; i++) {
        bool own;
        Tri method = format_is_method(g, o, keys[i], &own);
        if (method == TRI_THROWN) return TRI_THROWN;
        if (method == TRI_TRUE && own) return TRI_FALSE;
        wanted[i] = method == TRI_TRUE;
    }
    if (!wanted[0] && !wanted[1]) return TRI_TRUE;
    for (;;) {
        Value proto = TRY_TRI(object_get_proto(g, o));
        if (!value_is_object(proto)) return TRI_TRUE;
        o = object_of(proto);
        bool found = (wanted[0] && ASK_TRI(object_has_own(g, o, keys[0]))) || (wanted[1] && ASK_TRI(object_has_own(g, o, keys[1])));
        if (!found) continue;
        Descriptor d;
        if (!ASK_TRI(object_get_own(g, o, vm_atom(g->vm, ATOM_constructor), &d)) || descriptor_is_accessor(&d)) return TRI_FALSE;
        return tri_from_bool(value_is_kind(d.value, KIND_NATIVE));
    }
}

/* %s */
static Value format_text(Goroutine *g, Value v)
{
    if (value_is_number(v)) return inspect_number(&g->heap, v);
    if (value_is_bigint(v)) return format_bigint(g, v);
    if (!value_is_object(v) || value_is_callable(v)) return format_to_string(g, v);
    Value shown = v;
    while (value_is_kind(shown, KIND_PROXY)) shown = ((const Proxy *)value_cell(shown))->target;
    if (value_is_object(shown) && !ASK(format_is_builtin_text(g, object_of(shown)))) return format_to_string(g, v);
    return format_inspect(g, v, 0);
}

/* The value of the longest prefix that is an integer, as parseInt has it. */
static double format_parse_integer(LocalHeap *h, String *s)
{
    size_t used;
    StringView v = number_trim(string_view(h, s));
    bool negative = v.length && string_view_unit(v, 0) == '-';
    if (v.length && (negative || string_view_unit(v, 0) == '+')) v = text_from(v, 1);
    bool hex = v.length >= 2 && string_view_unit(v, 0) == '0' && (string_view_unit(v, 1) | 0x20) == 'x';
    double d = dtoa_parse_integer_prefix(hex ? text_from(v, 2) : v, hex ? 16 : 10, &used);
    return negative ? -d : d;
}

/* %d %i %f */
static Value format_number(Goroutine *g, Value v, char letter)
{
    size_t used;
    double d;
    if (value_is_symbol(v)) return vm_atom(g->vm, ATOM_NaN);
    if (value_is_bigint(v) && letter != 'f') return format_bigint(g, v);
    if (letter == 'd') {
        OK(convert_to_double(g, v, &d));
    } else {
        String *s = convert_to_string(g, v);
        if (!s) return VALUE_THROWN;
        if (letter == 'i') d = format_parse_integer(&g->heap, s);
        else d = dtoa_parse_decimal_prefix(number_trim(string_view(&g->heap, s)), &used);
    }
    return inspect_number(&g->heap, value_from_double(d));
}

/* %j: "[Circular]" instead of JSON.stringify's TypeError for that. */
static Value format_json(Goroutine *g, Value v)
{
    Value stringify = TRY(object_get_of(g, realm_intrinsic(realm_current(g), INTRINSIC_JSON), intern_key_text(&g->heap, "stringify")));
    Value text = callable_call1(g, stringify, VALUE_UNDEFINED, v);
    if (!value_is_thrown(text)) return value_is_string(text) ? text : vm_atom(g->vm, ATOM_undefined);
    Value message = VALUE_UNDEFINED, e = error_take(g);
    if (value_is_kind(e, KIND_ERROR)) message = TRY(object_get(g, object_of(e), vm_atom(g->vm, ATOM_message)));
    if (value_is_string(message) && inspect_contains(&g->heap, message, "circular structure")) return value_from_cell(intern_text(&g->heap, "[Circular]"));
    return error_throw_value(g, e);
}

/* The text for one `%letter`; the hole when there is no such one. */
static Value format_piece(Goroutine *g, Value v, uint32_t letter)
{
    InspectOptions options = INSPECT_DEFAULTS;
    switch (letter) {
    case 's': return format_text(g, v);
    case 'd': case 'i': case 'f': return format_number(g, v, (char)letter);
    case 'j': return format_json(g, v);
    case 'c': return g->vm->empty_string;
    case 'O': return lib_inspect(g, v, &options);
    case 'o':
        options.is_hidden_shown = options.is_proxy_shown = true;
        options.depth = 4;
        return lib_inspect(g, v, &options);
    default:  return VALUE_HOLE;
    }
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

typedef struct Format {
    Goroutine *g;
    ValueList *pieces;
    uint32_t   next;                     // argument to show
} Format;

static bool format_put_part(Format *f, String *s, uint32_t start, uint32_t end)
{
    if (start == end) return true;
    String *part = string_slice(&f->g->heap, s, start, end);
    if (!part) return error_throw_bool(f->g, ERROR_RANGE, "Invalid string length");
    list_push(&f->g->heap, &f->pieces, value_from_cell(part));
    return true;
}

/* The first argument; false when thrown. f->next stays 0 when it has nothing to replace. */
static bool format_pattern(Format *f, Args a, String *s)
{
    LocalHeap *h = &f->g->heap;
    uint32_t done = 0, used = 0;
    bool found = false;
    for (uint32_t i = 0; i + 1 < s->length; i++) {
        if (string_unit_at(h, s, i) != '%') continue;
        uint32_t letter = string_unit_at(h, s, ++i);
        if (letter == '%') {
            OK_BOOL(format_put_part(f, s, done, i));
        } else {
            if (used + 1 >= a.count) continue;
            Value piece = TRY_BOOL(format_piece(f->g, arg(a, used + 1), letter));
            if (piece == VALUE_HOLE) continue;
            OK_BOOL(format_put_part(f, s, done, i - 1));
            list_push(h, &f->pieces, piece);
            used++;
        }
        done = i + 1;
        found = true;
    }
    if (!found) return true;
    f->next = used + 1;
    return format_put_part(f, s, done, s->length);
}

static Value format_join(Goroutine *g, const ValueList *pieces)
{
    StringBuilder b;
    if (pieces->count == 1) return pieces->items[0];
    string_builder_init(&b);
    for (uint32_t i = 0; i < pieces->count; i++) string_builder_put_string(&g->heap, &b, string_of(pieces->items[i]));
    return error_string_or_throw(g, string_builder_end(&g->heap, &b));
}

Value lib_format(Goroutine *g, Args a)
{
    LocalHeap *h = &g->heap;
    Format f = { .g = g };
    Value space = g->vm->one_unit_strings[' '];
    if (a.count == 1 && value_is_string(arg(a, 0))) return arg(a, 0);
    f.pieces = list_new(h, a.count * 2);
    if (value_is_string(arg(a, 0))) OK(format_pattern(&f, a, string_of(arg(a, 0))));
    for (uint32_t i = f.next; i < a.count; i++) {
        if (i) list_push(h, &f.pieces, space);
        Value v = arg(a, i);
        list_push(h, &f.pieces, value_is_string(v) ? v : TRY(format_inspect(g, v, 2)));
    }
    return format_join(g, f.pieces);
}
