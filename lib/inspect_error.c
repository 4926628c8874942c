/* SPDX-License-Identifier: MIT */
/* Errors for inspect: the stack, with what the class and tag add to its first line, less what a cause repeats. */
#include <string.h>

#include "lib/inspect_int.h"

enum { REPEATED_LEAST = 4 };             // lines of a cause's stack that are left out together

bool inspect_is_error(Inspector *n, Object *o)
{
    if (o->cell.kind == KIND_ERROR) return true;
    Tri answer = object_ordinary_has_instance(n->g, realm_intrinsic(realm_current(n->g), INTRINSIC_Error), value_from_cell(o));
    if (answer == TRI_THROWN) error_take(n->g);
    return answer == TRI_TRUE;
}

/* ---- text -------------------------------------------------------------------------------------------------------- */

static StringView error_view(const Inspector *n, Value text)
{
    return string_view(n->h, string_of(text));
}

static int64_t error_find(const Inspector *n, Value text, const char *ascii, uint32_t from)
{
    return string_index_of(error_view(n, text), text_of_latin1(ascii, strlen(ascii)), from);
}

static Value error_slice(Inspector *n, Value text, uint32_t start, uint32_t end)
{
    return error_string_or_throw(n->g, string_slice(n->h, string_of(text), start, end));
}

static bool error_starts_with(const Inspector *n, Value text, Value start)
{
    return string_index_of(error_view(n, text), error_view(n, start), 0) == 0;
}

static bool error_includes(const Inspector *n, Value text, Value part)
{
    return string_index_of(error_view(n, text), error_view(n, part), 0) >= 0;
}

static Value error_get_text(Inspector *n, Object *o, PropertyKey key)
{
    Value v = TRY(object_get(n->g, o, key));
    String *s = convert_to_string(n->g, v);
    return s ? value_from_cell(s) : VALUE_THROWN;
}

static Value error_stack(Inspector *n, Object *o)
{
    Value v = TRY(object_get(n->g, o, vm_atom(n->g->vm, ATOM_stack)));
    if (!convert_to_boolean(v)) {
        Value to_string = TRY(object_get_of(n->g, realm_intrinsic(realm_current(n->g), INTRINSIC_ErrorPrototype), vm_atom(n->g->vm, ATOM_toString)));
        v = TRY(callable_call0(n->g, to_string, value_from_cell(o)));
    }
    String *s = convert_to_string(n->g, v);
    return s ? value_from_cell(s) : VALUE_THROWN;
}

/* ---- the first line ---------------------------------------------------------------------------------------------- */

static bool error_is_name_unit(uint32_t u, bool in_header)
{
    uint32_t lower = u | 0x20;
    if ((u < 0x80 && lower >= 'a' && lower <= 'z') || (u >= '0' && u <= '9') || u == '_' || u == '-') return true;
    return in_header && (u == ' ' || u == '[' || u == ']' || u == '(' || u == ')');
}

/* How much of a stack's start reads as the name of an error, when its prototype does not tell. */
static uint32_t error_header_length(const Inspector *n, Value stack)
{
    StringView v = error_view(n, stack);
    size_t i = 0;
    if (v.length && string_view_unit(v, 0) >= 'A' && string_view_unit(v, 0) <= 'Z') {
        for (i = 1; i < v.length && error_is_name_unit(string_view_unit(v, i), true); i++) continue;
        if (i >= 2 && i < v.length && (string_view_unit(v, i) == ':' || error_find(n, stack, "\n    at", (uint32_t)i) == (int64_t)i))
            return (uint32_t)i;
    }
    for (i = 0; i < v.length && error_is_name_unit(string_view_unit(v, i), false); i++) continue;
    if (i < v.length || i < 5 || error_find(n, stack, "Error", (uint32_t)i - 5) != (int64_t)i - 5) return 0;
    return (uint32_t)i;
}

static bool error_looks_regular(const Inspector *n, Value stack, Value name)
{
    uint32_t length = string_of(name)->length;
    StringView v = error_view(n, stack);
    if (length < 5 || error_find(n, name, "Error", length - 5) < 0 || !error_starts_with(n, stack, name)) return false;
    return v.length == length || string_view_unit(v, length) == ':' || string_view_unit(v, length) == '\n';
}

/* Let the first line say the class when the error's name does not. */
static Value error_improve(Inspector *n, const Subject *s, Value stack, Value name)
{
    uint32_t length = string_of(name)->length;
    char otherwise[64] = "Error";
    bool named = !value_is_null(s->constructor);
    if (named && !error_looks_regular(n, stack, name)) return stack;
    if (!named) {
        length = error_header_length(n, stack);
        if (length && length < sizeof otherwise) {
            for (uint32_t i = 0; i < length; i++) otherwise[i] = (char)string_view_unit(error_view(n, stack), i);
            otherwise[length] = '\0';
        }
    }
    Value prefix = TRY(inspect_prefix(n, s, otherwise, -1));
    prefix = TRY(error_slice(n, prefix, 0, string_of(prefix)->length - 1));
    if (string_equal(n->h, string_of(name), string_of(prefix))) return stack;
    Value rest = TRY(error_slice(n, stack, length, string_of(stack)->length));
    if (!error_includes(n, prefix, name)) return inspect_text(n, "%S [%S]%S", prefix, name, rest);
    return length ? inspect_text(n, "%S%S", prefix, rest) : inspect_text(n, "%S: %S", prefix, stack);
}

/* ---- frames ------------------------------------------------------------------------------------------------------ */

static ValueList *error_lines(Inspector *n, Value text)
{
    ValueList *lines = list_new(n->h, 12);
    uint32_t start = 0, length = string_of(text)->length;
    for (;;) {
        int64_t end = error_find(n, text, "\n", start);
        Value line = error_slice(n, text, start, end < 0 ? length : (uint32_t)end);
        if (value_is_thrown(line)) return NULL;
        list_push(n->h, &lines, line);
        if (end < 0) return lines;
        start = (uint32_t)end + 1;
    }
}

static bool error_same_line(const Inspector *n, const ValueList *a, uint32_t i, const ValueList *b, uint32_t k)
{
    return string_equal(n->h, string_of(a->items[i]), string_of(b->items[k]));
}

/* Where at least REPEATED_LEAST lines of `a` are also in `b`: their number, and in `*at` the first. */
static uint32_t error_common_lines(const Inspector *n, const ValueList *a, const ValueList *b, uint32_t *at)
{
    for (uint32_t i = 0; i + REPEATED_LEAST - 1 < a->count; i++) {
        uint32_t k = 0, same = 1;
        while (k < b->count && !error_same_line(n, a, i, b, k)) k++;
        if (b->count - k < REPEATED_LEAST) continue;
        while (i + same < a->count && k + same < b->count && error_same_line(n, a, i + same, b, k + same)) same++;
        if (same < REPEATED_LEAST) continue;
        *at = i;
        return same;
    }
    return 0;
}

/* The frames of `o`, without those that its cause shows as well. */
static Value error_frames(Inspector *n, Object *o, Value frames)
{
    Value cause = object_get(n->g, o, vm_atom(n->g->vm, ATOM_cause));
    if (value_is_thrown(cause)) error_take(n->g);
    if (value_is_thrown(cause) || !value_is_object(cause) || !inspect_is_error(n, object_of(cause))) return frames;
    Value stack = TRY(error_stack(n, object_of(cause)));
    int64_t start = error_find(n, stack, "\n    at", 0);
    if (start < 0) return frames;
    uint32_t at;
    ValueList *lines = error_lines(n, frames);
    ValueList *theirs = error_lines(n, TRY(error_slice(n, stack, (uint32_t)start + 1, string_of(stack)->length)));
    if (!lines || !theirs) return VALUE_THROWN;
    uint32_t same = error_common_lines(n, lines, theirs, &at);
    if (!same) return frames;
    StringBuilder b;
    Value gap = TRY(inspect_text(n, "    ... %d lines matching cause stack trace ...", (int64_t)same - 2));
    string_builder_init(&b);
    for (uint32_t i = 0; i < lines->count; i++) {
        if (i > at + 1 && i + 1 < at + same) continue;
        if (i) string_builder_put_unit(&b, '\n');
        string_builder_put_string(n->h, &b, string_of(i == at + 1 ? gap : lines->items[i]));
    }
    return error_string_or_throw(n->g, string_builder_end(n->h, &b));
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

static bool error_has_key(const ValueList *keys, PropertyKey key)
{
    for (uint32_t i = 0; i < keys->count; i++)
        if (keys->items[i] == key) return true;
    return false;
}

/* name, message and stack are not shown again when the stack has them. */
static bool error_drop_keys(Inspector *n, Subject *s, Value stack)
{
    static const AtomId shown[] = { ATOM_name, ATOM_message, ATOM_stack };
    for (size_t i = 0; i < COUNT_OF(shown); i++) {
        PropertyKey key = vm_atom(n->g->vm, shown[i]);
        if (!error_has_key(s->keys, key)) continue;
        Value text = TRY_BOOL(error_get_text(n, s->o, key));
        if (!error_includes(n, stack, text)) continue;
        uint32_t kept = 0;
        for (uint32_t k = 0; k < s->keys->count; k++)
            if (s->keys->items[k] != key) s->keys->items[kept++] = s->keys->items[k];
        s->keys->count = kept;
    }
    return true;
}

static bool error_add_keys(Inspector *n, Subject *s)
{
    PropertyKey cause = vm_atom(n->g->vm, ATOM_cause), errors = vm_atom(n->g->vm, ATOM_errors);
    if (ASK_BOOL(object_has(n->g, s->o, cause)) && !error_has_key(s->keys, cause)) list_push(n->h, &s->keys, cause);
    Value list = TRY_BOOL(object_get(n->g, s->o, errors));
    if (value_is_kind(list, KIND_ARRAY) && !error_has_key(s->keys, errors)) list_push(n->h, &s->keys, errors);
    return true;
}

Value inspect_error(Inspector *n, Subject *s)
{
    Goroutine *g = n->g;
    Value name = TRY(object_get(g, s->o, vm_atom(g->vm, ATOM_name)));
    if (value_is_nullish(name)) name = vm_atom(g->vm, ATOM_Error);
    String *name_text = convert_to_string(g, name);
    if (!name_text) return VALUE_THROWN;
    Value stack = TRY(error_stack(n, s->o));
    if (!n->options.is_hidden_shown) OK(error_drop_keys(n, s, stack));
    OK(error_add_keys(n, s));
    stack = TRY(error_improve(n, s, stack, value_from_cell(name_text)));
    Value message = TRY(object_get(g, s->o, vm_atom(g->vm, ATOM_message)));
    int64_t from = 0;
    if (value_is_string(message) && !inspect_is_empty(message)) {
        int64_t at = string_index_of(error_view(n, stack), error_view(n, message), 0);
        if (at > 0) from = at + string_of(message)->length;
    }
    int64_t start = error_find(n, stack, "\n    at", (uint32_t)from);
    if (start < 0) return inspect_shift_lines(n, TRY(inspect_text(n, "[%S]", stack)));
    Value head = TRY(error_slice(n, stack, 0, (uint32_t)start));
    Value frames = TRY(error_slice(n, stack, (uint32_t)start + 1, string_of(stack)->length));
    frames = TRY(error_frames(n, s->o, frames));
    return inspect_shift_lines(n, TRY(inspect_text(n, "%S\n%S", head, frames)));
}
