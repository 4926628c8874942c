/* SPDX-License-Identifier: MIT */
/* What each kind of object shows besides its properties. */
#include <string.h>

#include "lib/collection.h"
#include "lib/date.h"
#include "lib/gate.h"
#include "lib/inspect_int.h"
#include "lib/regexp.h"
#include "vm/base/calendar.h"
#include "vm/object/channel.h"
#include "vm/object/primitive.h"
#include "vm/object/promise.h"
#include "vm/object/typed_array.h"

static bool kinds_add(Inspector *n, ValueList **lines, Value text)
{
    OK_BOOL(text);
    list_push(n->h, lines, text);
    return true;
}

static uint32_t kinds_at_most(const Inspector *n, uint64_t count)
{
    return count < n->options.array_most ? (uint32_t)count : n->options.array_most;
}

/* Nothing to show inside: the whole text is the prefix and an empty pair of braces. */
static bool kinds_is_bare(const Subject *s)
{
    return s->keys->count == 0 && s->inherited->count == 0;
}

static bool kinds_end(Subject *s, Value text)
{
    OK_BOOL(text);
    s->text = text;
    return true;
}

/* ---- arrays ------------------------------------------------------------------------------------------------------ */

static bool kinds_add_holes(Inspector *n, ValueList **lines, uint32_t count)
{
    return kinds_add(n, lines, inspect_text(n, "<%d empty item%s>", (int64_t)count, count > 1 ? "s" : ""));
}

/* The first element at or behind `from`; the array's length when there is none. `keys`: of a sparse array, from
 * `*next`. */
static uint32_t kinds_find_element(const Array *a, uint32_t from, const ValueList *keys, uint32_t *next)
{
    if (keys) {
        while (*next < keys->count && key_index(keys->items[*next]) < from) ++*next;
        return *next < keys->count ? key_index(keys->items[*next]) : a->length;
    }
    uint32_t end = a->length < a->capacity ? a->length : a->capacity;
    while (from < end && elements_try_get(a, from) == VALUE_HOLE) from++;
    return from < end ? from : a->length;
}

static bool kinds_show_array(Inspector *n, Subject *s, int32_t depth, ValueList **lines)
{
    const Array *a = (const Array *)s->o;
    ValueList *keys = NULL;
    uint32_t length = a->length, most = kinds_at_most(n, length), i = 0, next = 0;
    if (cell_is_shared(&s->o->cell) || elements_is_sparse(s->o)) {
        keys = list_new(n->h, 8);
        elements_keys(n->h, s->o, &keys);
    }
    while (i < length && (*lines)->count < most) {
        uint32_t at = kinds_find_element(a, i, keys, &next);
        if (at > i) {
            OK_BOOL(kinds_add_holes(n, lines, at - i));
            i = at;
            continue;
        }
        OK_BOOL(kinds_add(n, lines, inspect_property(n, s->o, key_from_index(i++), depth, true)));
        if (length > a->length) length = a->length;      // showing an element may change the array
    }
    return i >= length || kinds_add(n, lines, inspect_more_items(n, length - i));
}

static bool kinds_describe_array(Inspector *n, Subject *s)
{
    uint32_t length = ((const Array *)s->o)->length;
    bool plain = !value_is_null(s->constructor) && string_equal_text(n->h, string_of(s->constructor), "Array") && inspect_is_empty(s->tag);
    Value prefix = plain ? n->g->vm->empty_string : TRY_BOOL(inspect_prefix(n, s, "Array", length));
    s->keys = inspect_keys(n, s->o, true);
    OK_BOOL(s->keys);
    s->open = TRY_BOOL(inspect_text(n, "%S[", prefix));
    s->close = "]";
    s->is_list = true;
    s->content = kinds_show_array;
    return length || !kinds_is_bare(s) || kinds_end(s, inspect_text(n, "%S]", s->open));
}

/* ---- typed arrays and buffers ------------------------------------------------------------------------------------ */

/* What shows the view's own data when hidden properties are shown. */
static bool kinds_show_view_fields(Inspector *n, Subject *s, int32_t depth, ValueList **lines)
{
    static const char *const names[] = { "BYTES_PER_ELEMENT", "length", "byteLength", "byteOffset", "buffer" };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        Value v = TRY_BOOL(object_get(n->g, s->o, intern_key_text(n->h, names[i])));
        OK_BOOL(kinds_add(n, lines, inspect_text(n, "[%s]: %S", names[i], inspect_indented(n, v, depth))));
    }
    return true;
}

static bool kinds_show_typed_array(Inspector *n, Subject *s, int32_t depth, ValueList **lines)
{
    const TypedArray *t = (const TypedArray *)s->o;
    size_t length = typed_array_length(t);
    uint32_t most = kinds_at_most(n, length);
    for (uint32_t i = 0; i < most; i++)
        OK_BOOL(kinds_add(n, lines, inspect_primitive(n, typed_array_try_get(n->h, t, i))));
    if (length > most) OK_BOOL(kinds_add(n, lines, inspect_more_items(n, length - most)));
    return !n->options.is_hidden_shown || kinds_show_view_fields(n, s, depth, lines);
}

static bool kinds_describe_typed_array(Inspector *n, Subject *s)
{
    size_t length = typed_array_length((const TypedArray *)s->o);
    s->keys = inspect_keys(n, s->o, true);
    OK_BOOL(s->keys);
    Value prefix = TRY_BOOL(inspect_prefix(n, s, value_kind_name(s->o->cell.kind), (int64_t)length));
    s->open = TRY_BOOL(inspect_text(n, "%S[", prefix));
    s->close = "]";
    s->is_list = true;
    s->content = kinds_show_typed_array;
    if (length || s->keys->count || n->options.is_hidden_shown) return true;
    return kinds_end(s, inspect_text(n, "%S]", s->open));
}

static bool kinds_show_buffer(Inspector *n, Subject *s, int32_t depth, ValueList **lines)
{
    (void)depth;
    static const char digits[] = "0123456789abcdef";
    const ArrayBuffer *buffer = (const ArrayBuffer *)s->o;
    StringBuilder b;
    size_t length = buffer_length(buffer);
    uint32_t most = kinds_at_most(n, length);
    if (s->is_inside_view) return true;
    if (buffer_is_detached(buffer)) return kinds_add(n, lines, inspect_text(n, "(detached)"));
    string_builder_init(&b);
    for (uint32_t i = 0; i < most; i++) {
        if (i) string_builder_put_unit(&b, ' ');
        uint64_t byte = buffer_load_element(buffer->bytes + i, 0);
        string_builder_put_unit(&b, (uint16_t)digits[byte >> 4]);
        string_builder_put_unit(&b, (uint16_t)digits[byte & 15]);
    }
    Value bytes = TRY_BOOL(error_string_or_throw(n->g, string_builder_end(n->h, &b)));
    if (length > most)
        bytes = TRY_BOOL(inspect_text(n, "%S ... %d more byte%s", bytes, (int64_t)(length - most), length - most > 1 ? "s" : ""));
    return kinds_add(n, lines, inspect_text(n, "[Uint8Contents]: <%S>", bytes));
}

/* Own properties come behind what getters of the prototype tell. */
static void kinds_put_keys_first(Inspector *n, Subject *s, const char *const *names, size_t count)
{
    ValueList *keys = list_new(n->h, (uint32_t)count + s->keys->count);
    for (size_t i = 0; i < count; i++) list_push(n->h, &keys, intern_key_text(n->h, names[i]));
    for (uint32_t i = 0; i < s->keys->count; i++) list_push(n->h, &keys, s->keys->items[i]);
    s->keys = keys;
}

static bool kinds_describe_buffer(Inspector *n, Subject *s)
{
    static const char *const names[] = { "byteLength" };
    const ArrayBuffer *buffer = (const ArrayBuffer *)s->o;
    s->open = TRY_BOOL(inspect_prefix(n, s, buffer->is_shared ? "SharedArrayBuffer" : "ArrayBuffer", -1));
    s->open = TRY_BOOL(inspect_text(n, "%S{", s->open));
    s->content = kinds_show_buffer;
    kinds_put_keys_first(n, s, names, COUNT_OF(names));
    return true;
}

static bool kinds_describe_data_view(Inspector *n, Subject *s)
{
    static const char *const names[] = { "byteLength", "byteOffset", "buffer" };
    s->open = TRY_BOOL(inspect_text(n, "%S{", inspect_prefix(n, s, "DataView", -1)));
    kinds_put_keys_first(n, s, names, COUNT_OF(names));
    return true;
}

/* ---- maps, sets and their iterators ------------------------------------------------------------------------------ */

static Value kinds_pair(Inspector *n, Value key, Value v, int32_t depth, bool is_entry)
{
    Value first = TRY(inspect_value(n, key, depth)), second = TRY(inspect_value(n, v, depth));
    if (!is_entry) return inspect_text(n, "%S => %S", first, second);
    Value empty = n->g->vm->empty_string;
    ValueList *lines = list_new(n->h, 2);
    Subject s = { .base = empty, .tag = empty, .close = "]", .open = value_from_cell(intern_text(n->h, "[")) };
    list_push(n->h, &lines, first);
    list_push(n->h, &lines, second);
    return inspect_lay_out(n, lines, &s, depth);
}

enum { YIELD_MAP_PAIR = -1 };            // `key => value`, beside CollectionYield

/* What a walk from `cursor` on yields. Showing one may change the table. */
static bool kinds_show_entries(Inspector *n, TableCursor cursor, int yield, uint32_t count, int32_t depth, ValueList **lines)
{
    uint32_t most = kinds_at_most(n, count), shown = 0;
    Value text, key, v;
    n->indentation += 2;
    while (shown < most && table_next(&cursor, &key, &v)) {
        if (yield == YIELD_MAP_VALUE) text = inspect_value(n, v, depth);
        else if (yield == YIELD_MAP_KEY || yield == YIELD_SET_KEY) text = inspect_value(n, key, depth);
        else text = kinds_pair(n, key, yield == YIELD_SET_ENTRY ? key : v, depth, yield != YIELD_MAP_PAIR);
        OK_BOOL(kinds_add(n, lines, text));
        shown++;
    }
    n->indentation -= 2;
    return count <= most || kinds_add(n, lines, inspect_more_items(n, count - most));
}

static bool kinds_show_collection(Inspector *n, Subject *s, int32_t depth, ValueList **lines)
{
    const Collection *c = (const Collection *)s->o;
    int yield = c->object.cell.kind == KIND_MAP ? YIELD_MAP_PAIR : YIELD_SET_KEY;
    return kinds_show_entries(n, table_begin(c), yield, table_count(n->h, c), depth, lines);
}

static bool kinds_describe_collection(Inspector *n, Subject *s)
{
    const Collection *c = (const Collection *)s->o;
    Value prefix = TRY_BOOL(inspect_prefix(n, s, c->object.cell.kind == KIND_MAP ? "Map" : "Set", table_count(n->h, c)));
    s->keys = inspect_keys(n, s->o, false);
    OK_BOOL(s->keys);
    s->open = TRY_BOOL(inspect_text(n, "%S{", prefix));
    s->content = kinds_show_collection;
    return table_count(n->h, c) || !kinds_is_bare(s) || kinds_end(s, inspect_text(n, "%S}", s->open));
}

static uint32_t kinds_count_rest(TableCursor cursor)
{
    uint32_t count = 0;
    for (Value key, v; table_next(&cursor, &key, &v);) count++;
    return count;
}

static bool kinds_show_iterator(Inspector *n, Subject *s, int32_t depth, ValueList **lines)
{
    const CollectionIterator *it = (const CollectionIterator *)s->o;
    TableCursor cursor;
    if (!collection_cursor(n->h, it, &cursor)) return true;
    return kinds_show_entries(n, cursor, value_int(it->yield), kinds_count_rest(cursor), depth, lines);
}

static bool kinds_describe_iterator(Inspector *n, Subject *s)
{
    CollectionYield yield = (CollectionYield)value_int(((const CollectionIterator *)s->o)->yield);
    const char *type = yield >= YIELD_SET_KEY ? "Set" : "Map";
    Value tag = TRY_BOOL(inspect_text(n, "%s Iterator", type));
    bool entries = yield == YIELD_MAP_ENTRY || yield == YIELD_SET_ENTRY;
    bool plain = inspect_is_empty(s->tag) || string_equal(n->h, string_of(s->tag), string_of(tag));
    s->keys = inspect_keys(n, s->o, false);
    OK_BOOL(s->keys);
    tag = TRY_BOOL(inspect_text(n, "%s %s", type, entries ? "Entries" : "Iterator"));
    s->open = TRY_BOOL(plain ? inspect_text(n, "[%S] {", tag) : inspect_text(n, "[%S] [%S] {", s->tag, tag));
    s->content = kinds_show_iterator;
    s->is_list = entries;
    return true;
}

/* ---- promises, weak collections ---------------------------------------------------------------------------------- */

static bool kinds_show_promise(Inspector *n, Subject *s, int32_t depth, ValueList **lines)
{
    const Promise *p = (const Promise *)s->o;
    if (promise_state(p) == PROMISE_PENDING) return kinds_add(n, lines, inspect_text(n, "<pending>"));
    Value text = TRY_BOOL(inspect_indented(n, p->result, depth));
    return kinds_add(n, lines, promise_state(p) == PROMISE_REJECTED ? inspect_text(n, "<rejected> %S", text) : text);
}

static bool kinds_show_unknown(Inspector *n, Subject *s, int32_t depth, ValueList **lines)
{
    (void)s, (void)depth;
    return kinds_add(n, lines, inspect_text(n, "<items unknown>"));
}

static bool kinds_describe_opaque(Inspector *n, Subject *s, const char *otherwise,
                                  bool (*content)(Inspector *, Subject *, int32_t, ValueList **))
{
    s->open = TRY_BOOL(inspect_text(n, "%S{", inspect_prefix(n, s, otherwise, -1)));
    s->content = content;
    return true;
}

/* ---- channels and locks ------------------------------------------------------------------------------------------ */

static bool kinds_show_channel(Inspector *n, Subject *s, int32_t depth, ValueList **lines)
{
    (void)depth;
    const Channel *c = (const Channel *)s->o;
    if (c->element != CHANNEL_ANY)
        OK_BOOL(kinds_add(n, lines, inspect_text(n, "<%s>", channel_element_name((ChannelElement)c->element))));
    OK_BOOL(kinds_add(n, lines, inspect_text(n, "%d of %d", (int64_t)channel_count(c), (int64_t)c->capacity)));
    return !channel_is_closed(c) || kinds_add(n, lines, inspect_text(n, "<closed>"));
}

static bool kinds_show_gate(Inspector *n, Subject *s, int32_t depth, ValueList **lines)
{
    (void)depth;
    char text[40];
    gate_describe((const Gate *)s->o, text, sizeof text);
    return kinds_add(n, lines, inspect_text(n, "<%s>", text));
}

/* ---- wrappers of primitives -------------------------------------------------------------------------------------- */

static const char *kinds_type_of(Value v)
{
    if (value_is_number(v)) return "Number";
    if (value_is_string(v)) return "String";
    if (value_is_boolean(v)) return "Boolean";
    return value_is_bigint(v) ? "BigInt" : "Symbol";
}

static bool kinds_describe_wrapper(Inspector *n, Subject *s)
{
    Value v = ((const Wrapper *)s->o)->value;
    const char *type = kinds_type_of(v);
    bool named = !value_is_null(s->constructor);
    Value text = TRY_BOOL(inspect_text(n, "[%s", type));
    if (value_is_string(v)) s->keys = inspect_keys(n, s->o, true);
    OK_BOOL(s->keys);
    if (!named) text = TRY_BOOL(inspect_text(n, "%S (null prototype)", text));
    else if (!string_equal_text(n->h, string_of(s->constructor), type)) text = TRY_BOOL(inspect_text(n, "%S (%S)", text, s->constructor));
    text = TRY_BOOL(inspect_text(n, "%S: %S]", text, inspect_primitive(n, v)));
    if (!inspect_is_empty(s->tag) && !(named && string_equal(n->h, string_of(s->tag), string_of(s->constructor))))
        text = TRY_BOOL(inspect_text(n, "%S [%S]", text, s->tag));
    s->base = text;
    return !kinds_is_bare(s) || kinds_end(s, s->base);
}

/* ---- dates and regular expressions ------------------------------------------------------------------------------- */

/* A getter's value as text: of the object itself, or, when its prototype is lost, of %RegExp.prototype%. */
static Value kinds_regexp_part(Inspector *n, Subject *s, const char *name)
{
    Value from = value_is_null(s->constructor) ? realm_intrinsic(realm_current(n->g), INTRINSIC_RegExpPrototype) : value_from_cell(s->o);
    Value v = TRY(object_get_with(n->g, object_of(from), intern_key_text(n->h, name), value_from_cell(s->o)));
    String *text = convert_to_string(n->g, v);
    return text ? value_from_cell(text) : VALUE_THROWN;
}

static Value kinds_put_class(Inspector *n, const Subject *s, const char *class, Value text)
{
    Value prefix = TRY(inspect_prefix(n, s, class, -1));
    bool plain = string_of(prefix)->length == strlen(class) + 1 && inspect_contains(n->h, prefix, class);
    return plain ? text : inspect_text(n, "%S%S", prefix, text);
}

static bool kinds_describe_date(Inspector *n, Subject *s)
{
    char iso[CALENDAR_TEXT_BYTES + 1] = "Invalid Date";
    double t = value_number(((const DateObject *)s->o)->time);
    if (!isnan(t)) iso[calendar_write_iso((int64_t)t, iso)] = '\0';
    Value text = TRY_BOOL(inspect_text(n, "%s", iso));
    s->base = TRY_BOOL(kinds_put_class(n, s, "Date", text));
    return !kinds_is_bare(s) || kinds_end(s, s->base);
}

static bool kinds_describe_regexp(Inspector *n, Subject *s, int32_t depth)
{
    bool named = !value_is_null(s->constructor);
    Value source = TRY_BOOL(kinds_regexp_part(n, s, "source"));
    Value flags = named ? TRY_BOOL(kinds_regexp_part(n, s, "flags")) : ((const RegExp *)s->o)->program->flags;
    Value text = TRY_BOOL(inspect_text(n, "/%S/%S", source, flags));
    s->base = TRY_BOOL(kinds_put_class(n, s, "RegExp", text));
    return (!kinds_is_bare(s) && depth <= n->options.depth) || kinds_end(s, s->base);
}

/* ---- which is which ---------------------------------------------------------------------------------------------- */

static bool kinds_describe_plain(Inspector *n, Subject *s)
{
    bool is_arguments = s->o->cell.kind == KIND_ARGUMENTS || s->o->cell.kind == KIND_MAPPED_ARGUMENTS;
    if (is_arguments) s->open = TRY_BOOL(inspect_text(n, "[Arguments] {"));
    else if (!inspect_is_empty(s->tag)) s->open = TRY_BOOL(inspect_text(n, "%S{", inspect_prefix(n, s, "Object", -1)));
    return !kinds_is_bare(s) || kinds_end(s, inspect_text(n, "%S}", s->open));
}

static bool kinds_describe_other(Inspector *n, Subject *s)
{
    s->open = TRY_BOOL(inspect_text(n, "%S{", inspect_prefix_of_kind(n, s)));
    return !kinds_is_bare(s) || kinds_end(s, inspect_text(n, "%S}", s->open));
}

static bool kinds_describe_error(Inspector *n, Subject *s)
{
    s->base = TRY_BOOL(inspect_error(n, s));
    return !kinds_is_bare(s) || kinds_end(s, s->base);
}

static bool kinds_describe_function(Inspector *n, Subject *s)
{
    s->base = TRY_BOOL(inspect_function(n, s));
    return !kinds_is_bare(s) || kinds_end(s, s->base);
}

/* Kinds that are shown by what iterating them gives, as long as they can be iterated. */
static bool kinds_describe_iterable(Inspector *n, Subject *s, bool *is_one)
{
    *is_one = true;
    if (s->o->cell.kind == KIND_ARRAY) return kinds_describe_array(n, s);
    if (s->o->cell.kind == KIND_MAP || s->o->cell.kind == KIND_SET) return kinds_describe_collection(n, s);
    if (typed_array_is(value_from_cell(s->o))) return kinds_describe_typed_array(n, s);
    if (s->o->cell.kind == KIND_COLLECTION_ITERATOR) return kinds_describe_iterator(n, s);
    *is_one = false;
    return true;
}

static bool kinds_describe_rest(Inspector *n, Subject *s, int32_t depth)
{
    Value v = value_from_cell(s->o);
    if (value_is_callable(v)) return kinds_describe_function(n, s);
    if (!value_is_null(s->constructor) && string_equal_text(n->h, string_of(s->constructor), "Object")) return kinds_describe_plain(n, s);
    if (s->o->cell.kind == KIND_REGEXP) return kinds_describe_regexp(n, s, depth);
    if (s->o->cell.kind == KIND_DATE) return kinds_describe_date(n, s);
    if (inspect_is_error(n, s->o)) return kinds_describe_error(n, s);
    switch (s->o->cell.kind) {
    case KIND_ARRAY_BUFFER: return kinds_describe_buffer(n, s);
    case KIND_DATA_VIEW:    return kinds_describe_data_view(n, s);
    case KIND_PROMISE:      return kinds_describe_opaque(n, s, "Promise", kinds_show_promise);
    case KIND_WEAK_SET:     return kinds_describe_opaque(n, s, "WeakSet", kinds_show_unknown);
    case KIND_WEAK_MAP:     return kinds_describe_opaque(n, s, "WeakMap", kinds_show_unknown);
    case KIND_CHANNEL:      return kinds_describe_opaque(n, s, "Channel", kinds_show_channel);
    case KIND_LOCK: case KIND_RW_LOCK: case KIND_WAIT_GROUP: case KIND_ONCE: case KIND_SEMAPHORE:
        return kinds_describe_opaque(n, s, gate_name(s->o->cell.kind), kinds_show_gate);
    case KIND_WRAPPER: case KIND_STRING_OBJECT: return kinds_describe_wrapper(n, s);
    default:                return kinds_describe_other(n, s);
    }
}

bool inspect_describe(Inspector *n, Subject *s, int32_t depth)
{
    bool is_one = false;
    bool iterable = value_is_null(s->constructor) || ASK_BOOL(object_has(n->g, s->o, n->g->vm->symbols[SYMBOL_iterator]));
    if (iterable) OK_BOOL(kinds_describe_iterable(n, s, &is_one));
    if (is_one) return true;
    s->keys = inspect_keys(n, s->o, false);
    return s->keys && kinds_describe_rest(n, s, depth);
}
