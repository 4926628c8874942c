/* SPDX-License-Identifier: MIT */
#include "lib/inspect.h"

#include "lib/inspect_int.h"
#include "lib/install.h"
#include "vm/object/proxy.h"
#include "vm/value/symbol.h"

enum { INSPECT_MOST_UNITS = 1 << 27 };   // on one level; from there on only the names of objects are shown

bool inspect_has_native_room(const Inspector *n)
{
    char here;
    return &here > n->g->native_limit;
}

/* ---- what programs say themselves -------------------------------------------------------------------------------- */

static Value inspect_stylize(Goroutine *g, Args a)
{
    String *s = convert_to_string(g, arg(a, 0));
    return s ? value_from_cell(s) : VALUE_THROWN;
}

static Value inspect_depth_value(int32_t depth)
{
    return depth == INSPECT_ALL_LEVELS ? VALUE_NULL : value_from_int(depth);
}

/* The options as an object for a method of the program's. */
static Value inspect_options_object(Inspector *n)
{
    static const NativeSpec stylize = LIB_METHOD("stylize", 2, inspect_stylize);
    static const struct { const char *name; size_t offset; } numbers[] = {
        { "maxArrayLength", offsetof(InspectOptions, array_most) }, { "maxStringLength", offsetof(InspectOptions, string_most) },
        { "breakLength", offsetof(InspectOptions, break_columns) }, { "compact", offsetof(InspectOptions, compact) },
    };
    static const struct { const char *name; size_t offset; } flags[] = {
        { "showHidden", offsetof(InspectOptions, is_hidden_shown) }, { "showProxy", offsetof(InspectOptions, is_proxy_shown) },
        { "customInspect", offsetof(InspectOptions, is_custom_called) }, { "sorted", offsetof(InspectOptions, is_sorted) },
    };
    const char *base = (const char *)&n->options;
    Object *o = realm_new_object(n->g, INTRINSIC_ObjectPrototype);
    Native *f = function_new_native(n->h, realm_current(n->g), &stylize, VALUE_UNDEFINED, 0);
    object_define(n->h, o, intern_key_text(n->h, "depth"), inspect_depth_value(n->options.depth), PROPERTY_DEFAULT);
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        uint32_t number = *(const uint32_t *)(base + numbers[i].offset);
        object_define(n->h, o, intern_key_text(n->h, numbers[i].name), value_from_uint32(number), PROPERTY_DEFAULT);
    }
    for (size_t i = 0; i < COUNT_OF(flags); i++) {
        bool flag = *(const bool *)(base + flags[i].offset);
        object_define(n->h, o, intern_key_text(n->h, flags[i].name), value_from_bool(flag), PROPERTY_DEFAULT);
    }
    object_define(n->h, o, intern_key_text(n->h, "colors"), VALUE_FALSE, PROPERTY_DEFAULT);
    object_define(n->h, o, intern_key_text(n->h, "stylize"), value_from_cell(f), PROPERTY_DEFAULT);
    return value_from_cell(o);
}

/* Is `o` the prototype object of its constructor? Its methods are for instances. */
static Tri inspect_is_prototype(Goroutine *g, Object *o)
{
    Value constructor = TRY_TRI(object_get(g, o, vm_atom(g->vm, ATOM_constructor)));
    if (!convert_to_boolean(constructor)) return TRI_FALSE;
    return tri_from_bool(TRY_TRI(object_get_of(g, constructor, vm_atom(g->vm, ATOM_prototype))) == value_from_cell(o));
}

/* What a method of the program's makes of `v`, shown as `o`; the hole when there is none. */
static Value inspect_custom(Inspector *n, Value v, Object *o, int32_t depth)
{
    Value f = TRY(object_get(n->g, o, n->custom)), inspect = realm_intrinsic(realm_current(n->g), INTRINSIC_inspect);
    if (!value_is_callable(f) || f == inspect || ASK(inspect_is_prototype(n->g, o))) return VALUE_HOLE;
    bool all = n->options.depth == INSPECT_ALL_LEVELS;
    Value left = inspect_depth_value(all ? INSPECT_ALL_LEVELS : n->options.depth - depth);
    Value result = TRY(callable_call3(n->g, f, v, left, inspect_options_object(n), inspect));
    if (result == v) return VALUE_HOLE;
    return value_is_string(result) ? inspect_shift_lines(n, result) : inspect_value(n, result, depth);
}

/* ---- objects ----------------------------------------------------------------------------------------------------- */

static uint32_t inspect_find(const ValueList *list, Value v)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (list->items[i] == v) return i + 1;
    return 0;
}

static Value inspect_circular(Inspector *n, Value v)
{
    uint32_t number = inspect_find(n->circular, v);
    if (!number) {
        list_push(n->h, &n->circular, v);
        number = n->circular->count;
    }
    return inspect_text(n, "[Circular *%d]", (int64_t)number);
}

/* "[Foo]" for an object that is too deep. */
static Value inspect_name_only(Inspector *n, const Subject *s)
{
    Value prefix = TRY(inspect_prefix_of_kind(n, s));
    prefix = TRY(error_string_or_throw(n->g, string_slice(n->h, string_of(prefix), 0, string_of(prefix)->length - 1)));
    return value_is_null(s->constructor) ? prefix : inspect_text(n, "[%S]", prefix);
}

static void inspect_sort(LocalHeap *h, ValueList *lines, uint32_t start)
{
    for (uint32_t i = start + 1; i < lines->count; i++) {
        Value v = lines->items[i];
        uint32_t k = i;
        for (; k > start && string_compare(h, string_of(lines->items[k - 1]), string_of(v)) > 0; k--)
            barrier_store(h, lines, &lines->items[k], lines->items[k - 1]);
        barrier_store(h, lines, &lines->items[k], v);
    }
}

static bool inspect_lines(Inspector *n, Subject *s, int32_t depth, ValueList **lines)
{
    if (s->content) OK_BOOL(s->content(n, s, depth, lines));
    uint32_t start = s->is_list ? (*lines)->count : 0;
    for (uint32_t i = 0; i < s->keys->count; i++)
        list_push(n->h, lines, TRY_BOOL(inspect_property(n, s->o, s->keys->items[i], depth, false)));
    for (uint32_t i = 0; i < s->inherited->count; i++) list_push(n->h, lines, s->inherited->items[i]);
    if (n->options.is_sorted) inspect_sort(n->h, *lines, start);
    return true;
}

/* An endless object is cut short. */
static void inspect_count(Inspector *n, Value text)
{
    uint32_t level = n->indentation < INSPECT_BUDGET_LEVELS ? n->indentation : INSPECT_BUDGET_LEVELS - 1;
    n->written[level] += string_of(text)->length;
    if (n->written[level] > INSPECT_MOST_UNITS) n->options.depth = -1;
}

static Value inspect_contents(Inspector *n, Subject *s, int32_t depth)
{
    Value self = value_from_cell(s->o);
    ValueList *lines = list_new(n->h, s->keys->count + 8);
    list_push(n->h, &n->seen, self);
    n->innermost = depth;
    OK(inspect_lines(n, s, depth, &lines));
    n->seen->count--;
    uint32_t number = inspect_find(n->circular, self);
    if (number) s->base = TRY(inspect_text(n, inspect_is_empty(s->base) ? "<ref *%d>%S" : "<ref *%d> %S", (int64_t)number, s->base));
    Value text = TRY(inspect_lay_out(n, lines, s, depth));
    inspect_count(n, text);
    return text;
}

static Value inspect_object(Inspector *n, Object *o, int32_t depth, bool is_inside_view)
{
    Value empty = n->g->vm->empty_string;
    Subject s = { .o = o, .tag = empty, .base = empty, .open = VALUE_HOLE, .close = "}", .text = VALUE_HOLE, .is_inside_view = is_inside_view };
    bool hidden = n->options.is_hidden_shown && depth <= n->options.depth;
    s.inherited = list_new(n->h, 0);
    s.constructor = TRY(inspect_constructor_name(n, o, depth, hidden ? &s.inherited : NULL));
    s.tag = TRY(inspect_tag(n, o));
    s.open = value_from_cell(intern_text(n->h, "{"));
    if (!inspect_has_native_room(n)) {
        Value name = TRY(inspect_prefix_of_kind(n, &s));
        name = TRY(error_string_or_throw(n->g, string_slice(n->h, string_of(name), 0, string_of(name)->length - 1)));
        return inspect_text(n, "[%S: Inspection interrupted prematurely. Maximum call stack size exceeded.]", name);
    }
    OK(inspect_describe(n, &s, depth));
    if (s.text != VALUE_HOLE) return s.text;
    if (depth > n->options.depth) return inspect_name_only(n, &s);
    return inspect_contents(n, &s, depth + 1);
}

/* ---- values ------------------------------------------------------------------------------------------------------ */

static Value inspect_proxy(Inspector *n, const Proxy *p, int32_t depth)
{
    if (depth > n->options.depth) return inspect_text(n, "Proxy [Array]");
    Value empty = n->g->vm->empty_string;
    ValueList *lines = list_new(n->h, 2);
    Subject s = { .base = empty, .tag = empty, .close = "]", .open = TRY(inspect_text(n, "Proxy [")) };
    list_push(n->h, &lines, TRY(inspect_indented(n, p->target, depth + 1)));
    list_push(n->h, &lines, TRY(inspect_indented(n, p->handler, depth + 1)));
    return inspect_lay_out(n, lines, &s, depth + 1);
}

static Value inspect_value_in(Inspector *n, Value v, int32_t depth, bool is_inside_view)
{
    Value shown = v;
    if (!value_is_object(v)) return inspect_primitive(n, v);
    while (value_is_kind(shown, KIND_PROXY) || value_is_kind(shown, KIND_CALLABLE_PROXY)) {
        const Proxy *p = (const Proxy *)value_cell(shown);
        shown = cell_slot_get(&p->target);
        if (!value_is_object(shown)) return inspect_text(n, "<Revoked Proxy>");
        if (n->options.is_proxy_shown) return inspect_proxy(n, p, depth);
    }
    if (n->options.is_custom_called) {
        Value text = TRY(inspect_custom(n, v, object_of(shown), depth));
        if (text != VALUE_HOLE) return text;
    }
    if (inspect_find(n->seen, shown)) return inspect_circular(n, shown);
    return inspect_object(n, object_of(shown), depth, is_inside_view);
}

Value inspect_value(Inspector *n, Value v, int32_t depth)
{
    return inspect_value_in(n, v, depth, false);
}

Value inspect_indented(Inspector *n, Value v, int32_t depth)
{
    n->indentation += 2;
    Value text = inspect_value(n, v, depth);
    n->indentation -= 2;
    return text;
}

/* ---- properties -------------------------------------------------------------------------------------------------- */

static bool inspect_calls_getter(const Inspector *n, const Descriptor *d)
{
    switch (n->options.getters) {
    case INSPECT_GETTERS_NAMED:  return false;
    case INSPECT_GETTERS_CALLED: return true;
    case INSPECT_GETTERS_ALONE:  return value_is_undefined(d->setter);
    case INSPECT_GETTERS_PAIRED: return !value_is_undefined(d->setter);
    }
    UNREACHABLE();
}

static Value inspect_accessor(Inspector *n, Object *o, const Descriptor *d, int32_t depth)
{
    if (value_is_undefined(d->getter)) return inspect_text(n, value_is_undefined(d->setter) ? "undefined" : "[Setter]");
    const char *label = value_is_undefined(d->setter) ? "Getter" : "Getter/Setter";
    if (!inspect_calls_getter(n, d)) return inspect_text(n, "[%s]", label);
    Value v = callable_call0(n->g, d->getter, value_from_cell(o));
    if (value_is_thrown(v)) {
        Value e = error_take(n->g);
        Value message = value_is_nullish(e) ? VALUE_UNDEFINED : TRY(object_get_of(n->g, e, vm_atom(n->g->vm, ATOM_message)));
        String *s = convert_to_string(n->g, message);
        return s ? inspect_text(n, "[%s: <Inspection threw (%S)>]", label, value_from_cell(s)) : VALUE_THROWN;
    }
    Value text = TRY(inspect_indented(n, v, depth));
    return inspect_text(n, value_is_object(v) ? "[%s] %S" : "[%s: %S]", label, text);
}

static Value inspect_key(Inspector *n, PropertyKey key, bool is_enumerable)
{
    if (key_is_symbol(key)) {
        String *s = symbol_descriptive_string(n->h, symbol_of(key));
        return s ? inspect_text(n, "[%S]", inspect_escaped(n, s)) : error_throw_string_length(n->g);
    }
    if (key == vm_atom(n->g->vm, ATOM_proto)) return inspect_text(n, "['__proto__']");
    String *s = string_of(convert_key_to_value(n->h, key));
    if (!is_enumerable) return inspect_text(n, "[%S]", inspect_escaped(n, s));
    return inspect_is_name(n->h, s) ? value_from_cell(s) : inspect_quoted(n, s);
}

Value inspect_property(Inspector *n, Object *o, PropertyKey key, int32_t depth, bool is_element)
{
    Descriptor d;
    Value text;
    if (!ASK(object_get_own(n->g, o, key, &d))) d = descriptor_of_data(TRY(object_get(n->g, o, key)), PROPERTY_DEFAULT);
    if (descriptor_is_accessor(&d)) text = TRY(inspect_accessor(n, o, &d, depth));
    else text = TRY(inspect_indented(n, d.value, depth));
    if (is_element) return text;
    Value name = TRY(inspect_key(n, key, (d.attributes & PROPERTY_ENUMERABLE) != 0));
    return inspect_text(n, "%S: %S", name, text);
}

/* ---- the door ---------------------------------------------------------------------------------------------------- */

Value lib_inspect(Goroutine *g, Value v, const InspectOptions *options)
{
    LocalHeap *h = &g->heap;
    Inspector n = { .g = g, .h = h, .options = *options };
    if (value_is_object(v)) {
        n.custom = value_from_cell(symbol_for(h, intern_text(h, "nodejs.util.inspect.custom")));
        n.seen = list_new(h, 4);
        n.circular = list_new(h, 0);
    }
    return inspect_value(&n, v, 0);
}

/* ---- options ----------------------------------------------------------------------------------------------------- */

/* A count; null and Infinity are `all`. */
static bool inspect_read_count(Goroutine *g, Object *o, const char *name, uint32_t all, uint32_t *count)
{
    Value v = TRY_BOOL(object_get(g, o, intern_key_text(&g->heap, name)));
    if (value_is_undefined(v)) return true;
    if (value_is_null(v)) *count = all;
    else if (value_is_number(v)) *count = value_number(v) >= all ? all : value_number(v) > 0 ? (uint32_t)value_number(v) : 0;
    else if (value_is_boolean(v)) *count = value_bool(v) ? 3 : 0;
    return true;
}

static bool inspect_read_flag(Goroutine *g, Object *o, const char *name, bool *flag)
{
    Value v = TRY_BOOL(object_get(g, o, intern_key_text(&g->heap, name)));
    if (!value_is_undefined(v)) *flag = convert_to_boolean(v);
    return true;
}

static bool inspect_read_depth(Goroutine *g, Object *o, int32_t *depth)
{
    Value v = TRY_BOOL(object_get(g, o, intern_key_text(&g->heap, "depth")));
    if (value_is_null(v)) *depth = INSPECT_ALL_LEVELS;
    if (!value_is_number(v)) return true;
    double d = value_number(v);
    *depth = d >= INSPECT_ALL_LEVELS ? INSPECT_ALL_LEVELS : d >= 0 ? (int32_t)d : -1;
    return true;
}

static bool inspect_read_getters(Goroutine *g, Object *o, InspectGetters *getters)
{
    Value v = TRY_BOOL(object_get(g, o, intern_key_text(&g->heap, "getters")));
    if (v == VALUE_TRUE) *getters = INSPECT_GETTERS_CALLED;
    else if (v == VALUE_FALSE) *getters = INSPECT_GETTERS_NAMED;
    else if (v == vm_atom(g->vm, ATOM_get)) *getters = INSPECT_GETTERS_ALONE;
    else if (v == vm_atom(g->vm, ATOM_set)) *getters = INSPECT_GETTERS_PAIRED;
    return true;
}

bool lib_inspect_read_options(Goroutine *g, Value object, InspectOptions *options)
{
    if (!value_is_object(object)) return true;
    Object *o = object_of(object);
    return inspect_read_depth(g, o, &options->depth)
        && inspect_read_getters(g, o, &options->getters)
        && inspect_read_flag(g, o, "showHidden", &options->is_hidden_shown)
        && inspect_read_flag(g, o, "showProxy", &options->is_proxy_shown)
        && inspect_read_flag(g, o, "customInspect", &options->is_custom_called)
        && inspect_read_flag(g, o, "sorted", &options->is_sorted)
        && inspect_read_count(g, o, "maxArrayLength", UINT32_MAX, &options->array_most)
        && inspect_read_count(g, o, "maxStringLength", UINT32_MAX, &options->string_most)
        && inspect_read_count(g, o, "breakLength", INT32_MAX, &options->break_columns)
        && inspect_read_count(g, o, "compact", INT32_MAX, &options->compact);
}
