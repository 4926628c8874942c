/* SPDX-License-Identifier: MIT */
/* Writing JSON (ECMA-262 25.5.2).
 *
 * I1  A shape in `plain` is of objects that have no toJSON, own or inherited; user code may change that, so
 *     json_forget follows every step that may have run any.
 * I2  `open`, made at depth JSON_FEW_LEVELS, holds the objects of all levels in a hash table. They go in from the
 *     outermost on and leave in reverse, so the one that leaves ends its probe sequence and needs no trace. */
#include "lib/json_int.h"

#include "vm/base/dtoa.h"
#include "vm/base/hash.h"
#include "vm/base/mem.h"
#include "vm/base/utf.h"
#include "vm/object/kinds.h"
#include "vm/object/primitive.h"
#include "vm/value/bigint.h"
#include "vm/value/number.h"

enum { JSON_MOST_GAP = 10, JSON_PLAIN_SHAPES = 8, JSON_FEW_LEVELS = 16 };

/* An object being written, in one that is. */
typedef struct JsonLevel {
    const struct JsonLevel *up;
    Object     *object;
    PropertyKey key;                     // by which `up` has it
} JsonLevel;

typedef struct JsonWriter {
    Goroutine      *g;
    StringBuilder   out;
    Value           replacer;            // callable, or undefined
    ValueList      *allowed;             // property keys, or NULL
    const JsonLevel *level;
    Object        **open;                // I2; NULL: not needed yet
    uint32_t        open_mask;
    uint32_t        depth;
    uint32_t        gap_length;
    uint16_t        gap[JSON_MOST_GAP];
    uint32_t        plain_at;
    const Shape    *plain[JSON_PLAIN_SHAPES];    // on the C stack, which keeps them
} JsonWriter;

static bool json_write_object(JsonWriter *w, Value v, PropertyKey key);

/* ---- what becomes of a value ------------------------------------------------------------------------------------- */

static void json_forget(JsonWriter *w)
{
    memset(w->plain, 0, sizeof w->plain);
}

/* Is it certain, without user code, that `o` has no toJSON? */
static bool json_lacks_method(JsonWriter *w, Object *o)
{
    LocalHeap *h = &w->g->heap;
    PropertyKey key = vm_atom(w->g->vm, ATOM_toJSON);
    const Shape *shape = object_shape(w->g->vm, o);
    for (int i = 0; i < JSON_PLAIN_SHAPES; i++)
        if (w->plain[i] == shape) return true;
    for (;;) {
        PropertyRef ref;
        if (kinds_ops(o->cell.kind) && o->cell.kind != KIND_ARRAY && o->cell.kind != KIND_STRING_OBJECT) return false;
        if (object_find_own(h, o, key, &ref)) return false;
        Value proto = object_proto(w->g->vm, o);
        if (!value_is_object(proto)) break;
        o = object_of(proto);
    }
    w->plain[w->plain_at++ % JSON_PLAIN_SHAPES] = shape;
    return true;
}

/* Step 2 of SerializeJSONProperty. */
static Value json_call_method(JsonWriter *w, PropertyKey key, Value v)
{
    Value method = TRY(object_get_of(w->g, v, vm_atom(w->g->vm, ATOM_toJSON)));
    if (value_is_callable(method)) v = callable_call1(w->g, method, v, convert_key_to_value(&w->g->heap, key));
    json_forget(w);
    return v;
}

/* Step 4: wrappers become what they wrap. */
static Value json_unwrap(JsonWriter *w, Value v)
{
    if (value_is_kind(v, KIND_STRING_OBJECT)) {
        String *s = convert_to_string(w->g, v);
        json_forget(w);
        return s ? value_from_cell(s) : VALUE_THROWN;
    }
    if (!value_is_kind(v, KIND_WRAPPER)) return v;
    Value inner = ((const Wrapper *)value_cell(v))->value;
    if (value_is_symbol(inner)) return v;
    if (!value_is_number(inner)) return inner;
    json_forget(w);
    return convert_to_number(w->g, v);
}

/* Steps 2 to 4 of SerializeJSONProperty (25.5.2.2): what stands for `v`, which `holder` has as `key`; the hole when
 * nothing does. */
static Value json_resolve(JsonWriter *w, Value holder, PropertyKey key, Value v)
{
    if ((value_is_object(v) && !json_lacks_method(w, object_of(v))) || value_is_bigint(v)) v = TRY(json_call_method(w, key, v));
    if (UNLIKELY(!value_is_undefined(w->replacer))) {
        v = TRY(callable_call2(w->g, w->replacer, holder, convert_key_to_value(&w->g->heap, key), v));
        json_forget(w);
    }
    if (value_is_object(v)) v = TRY(json_unwrap(w, v));
    return value_is_undefined(v) || value_is_symbol(v) || value_is_callable(v) ? VALUE_HOLE : v;
}

/* ---- scalars ----------------------------------------------------------------------------------------------------- */

static void json_put_escape(StringBuilder *b, uint32_t unit)
{
    static const char letters[32] = { ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r' };
    string_builder_put_unit(b, '\\');
    if (unit == '"' || unit == '\\') string_builder_put_unit(b, (uint16_t)unit);
    else if (unit < 32 && letters[unit]) string_builder_put_unit(b, (uint8_t)letters[unit]);
    else {
        string_builder_put_unit(b, 'u');
        for (int shift = 12; shift >= 0; shift -= 4) string_builder_put_unit(b, (uint8_t)"0123456789abcdef"[unit >> shift & 15]);
    }
}

/* The first place from `at` on in wide text that needs an escape. */
static size_t json_plain_end_utf16(const uint16_t *units, size_t at, size_t length)
{
    while (at < length) {
        size_t next = at;
        uint32_t c = utf_decode_utf16(units, length, &next);
        if (c < 0x20 || c == '"' || c == '\\' || utf_is_surrogate(c)) break;
        at = next;
    }
    return at;
}

/* QuoteJSONString (25.5.2.3). */
static void json_put_string(JsonWriter *w, String *s)
{
    StringView v = string_view(&w->g->heap, s);
    string_builder_put_unit(&w->out, '"');
    for (size_t start = 0, end; start < v.length; start = end + 1) {
        end = v.is_wide ? json_plain_end_utf16(v.units, start, v.length) : json_plain_end_latin1(v.units, start, v.length);
        if (end > start) string_builder_put_view(&w->out, v, (uint32_t)start, (uint32_t)end);
        if (end < v.length) json_put_escape(&w->out, text_unit(v, end));
    }
    string_builder_put_unit(&w->out, '"');
}

static void json_put_number(JsonWriter *w, Value v)
{
    char text[DTOA_SHORTEST_BYTES];
    double d = value_number(v);
    if (!isfinite(d)) string_builder_put_text(&w->out, "null");
    else string_builder_put_latin1(&w->out, (const uint8_t *)text,
                                   value_is_int(v) ? dtoa_write_int64(value_int(v), text) : dtoa_write(d, text));
}

/* ---- structure --------------------------------------------------------------------------------------------------- */

static void json_put_line(JsonWriter *w)
{
    if (w->gap_length == 0) return;
    string_builder_put_unit(&w->out, '\n');
    for (uint32_t i = 0; i < w->depth; i++)
        for (uint32_t k = 0; k < w->gap_length; k++) string_builder_put_unit(&w->out, w->gap[k]);
}

/* Step 5 on: a resolved value. */
static bool json_write(JsonWriter *w, Value v, PropertyKey key)
{
    if (value_is_string(v)) json_put_string(w, string_of(v));
    else if (value_is_number(v)) json_put_number(w, v);
    else if (value_is_object(v)) return json_write_object(w, v, key);
    else if (value_is_bigint(v)) return error_throw_bool(w->g, ERROR_TYPE, "Do not know how to serialize a BigInt");
    else string_builder_put_text(&w->out, value_is_null(v) ? "null" : v == VALUE_TRUE ? "true" : "false");
    return true;
}

/* One property of an object, if it has a text. `*any`: there is one before it. */
static bool json_write_property(JsonWriter *w, Value holder, PropertyKey key, Value v, bool *any)
{
    v = TRY_BOOL(json_resolve(w, holder, key, v));
    if (v == VALUE_HOLE) return true;
    if (w->out.failed) return value_is_thrown(error_throw_string_length(w->g)), false;
    if (*any) string_builder_put_unit(&w->out, ',');
    *any = true;
    json_put_line(w);
    json_put_string(w, string_of(convert_key_to_value(&w->g->heap, key)));
    string_builder_put_text(&w->out, w->gap_length ? ": " : ":");
    return json_write(w, v, key);
}

static bool json_write_listed(JsonWriter *w, Object *o, const ValueList *keys, bool *any)
{
    for (uint32_t i = 0; i < keys->count; i++) {
        Value v = TRY_BOOL(object_get(w->g, o, keys->items[i]));
        json_forget(w);
        if (!json_write_property(w, value_from_cell(o), keys->items[i], v, any)) return false;
    }
    return true;
}

/* The properties of an object of shape `s`, its only ones; user code may give it another shape on the way. */
static bool json_write_shaped(JsonWriter *w, Object *o, const Shape *s, bool *any)
{
    for (uint32_t i = 0; i < s->count; i++) {
        const PropertyEntry *e = shape_entry(s, i);
        uint8_t attributes = shape_entry_attributes(e);
        PropertyKey key = e->key;
        Value v;
        if (!(attributes & PROPERTY_ENUMERABLE) || key_is_symbol(key)) continue;
        bool as_was = atomic_get_dependent(&o->cell.shape) == shape_number(s);
        if (LIKELY(as_was && !(attributes & PROPERTY_ACCESSOR))) {
            v = cell_slot_get(object_slot(o, s, (uint32_t)(e->where >> 8)));
        } else {
            v = TRY_BOOL(object_get(w->g, o, key));
            json_forget(w);
        }
        if (!json_write_property(w, value_from_cell(o), key, v, any)) return false;
    }
    return true;
}

/* SerializeJSONObject (25.5.2.4). */
static bool json_write_members(JsonWriter *w, Object *o)
{
    const Shape *s = object_shape(w->g->vm, o);
    const ValueList *keys = w->allowed;
    bool any = false, is_shaped = !keys && !kinds_ops(o->cell.kind) && !elements_is_array_like(o) && !elements_any(o)
        && !(shape_flags(s) & (SHAPE_IS_DICTIONARY | SHAPE_IS_LAZY_FUNCTION));
    if (!is_shaped && !keys) {
        keys = object_enumerable_keys(w->g, o);
        json_forget(w);
        if (!keys) return false;
    }
    string_builder_put_unit(&w->out, '{');
    if (!(is_shaped ? json_write_shaped(w, o, s, &any) : json_write_listed(w, o, keys, &any))) return false;
    w->depth--;
    if (any) json_put_line(w);
    string_builder_put_unit(&w->out, '}');
    return true;
}

static Value json_element(JsonWriter *w, Object *o, double i)
{
    if (LIKELY(array_is_simple(w->g->vm, o) && i < ((const Array *)o)->length)) {
        Value v = elements_try_get((const Array *)o, (uint32_t)i);
        return v == VALUE_HOLE ? VALUE_UNDEFINED : v;
    }
    Value v = object_get(w->g, o, convert_index_to_key(&w->g->heap, i));
    json_forget(w);
    return v;
}

/* SerializeJSONArray (25.5.2.5). */
static bool json_write_elements(JsonWriter *w, Object *o)
{
    double length;
    OK_BOOL(convert_length_of(w->g, o, &length));
    string_builder_put_unit(&w->out, '[');
    for (double i = 0; i < length; i++) {
        PropertyKey key = convert_index_to_key(&w->g->heap, i);
        Value v = TRY_BOOL(json_element(w, o, i));
        v = TRY_BOOL(json_resolve(w, value_from_cell(o), key, v));
        if (w->out.failed) return value_is_thrown(error_throw_string_length(w->g)), false;
        if (i > 0) string_builder_put_unit(&w->out, ',');
        json_put_line(w);
        if (!json_write(w, v == VALUE_HOLE ? VALUE_NULL : v, key)) return false;
    }
    w->depth--;
    if (length > 0) json_put_line(w);
    string_builder_put_unit(&w->out, ']');
    return true;
}

/* ---- circles ----------------------------------------------------------------------------------------------------- */

static void json_put_step(JsonWriter *w, StringBuilder *b, PropertyKey key)
{
    LocalHeap *h = &w->g->heap;
    string_builder_put_text(b, key_is_index(key) ? "index " : "property '");
    string_builder_put_string(h, b, string_of(convert_key_to_value(h, key)));
    if (!key_is_index(key)) string_builder_put_unit(b, '\'');
}

static void json_put_constructor(JsonWriter *w, StringBuilder *b, Object *o)
{
    String *name = error_constructor_name(&w->g->heap, o);
    string_builder_put_text(b, "object with constructor '");
    if (name) string_builder_put_string(&w->g->heap, b, name);
    else string_builder_put_text(b, "Object");
    string_builder_put_unit(b, '\'');
}

/* The steps from the level that has `o` to the innermost one: the first two and the last. */
static void json_put_circle(JsonWriter *w, StringBuilder *b, const Object *o)
{
    uint32_t count = 0;
    for (const JsonLevel *l = w->level; l->object != o; l = l->up) count++;
    for (uint32_t i = 0; i < count; i++) {
        const JsonLevel *l = w->level;
        if (i == 2 && i + 1 < count) {
            string_builder_put_text(b, "\n    |     ...");
            i = count - 1;
        }
        for (uint32_t up = count - 1 - i; up; up--) l = l->up;
        string_builder_put_text(b, "\n    |     ");
        json_put_step(w, b, l->key);
        string_builder_put_text(b, " -> ");
        json_put_constructor(w, b, l->object);
    }
}

static bool json_throw_circle(JsonWriter *w, Object *o, PropertyKey key)
{
    StringBuilder b;
    string_builder_init(&b);
    string_builder_put_text(&b, "\n    --> starting at ");
    json_put_constructor(w, &b, o);
    json_put_circle(w, &b, o);
    string_builder_put_text(&b, "\n    --- ");
    json_put_step(w, &b, key);
    string_builder_put_text(&b, " closes the circle");
    String *s = string_builder_end(&w->g->heap, &b);
    return error_throw_bool(w->g, ERROR_TYPE, "Converting circular structure to JSON%S", s ? s : string_of(w->g->vm->empty_string));
}

/* The place of `o` among the open objects, or where it belongs. */
static Object **json_open_place(const JsonWriter *w, const Object *o)
{
    uint32_t i = (uint32_t)hash_word((uintptr_t)o) & w->open_mask;
    while (w->open[i] && w->open[i] != o) i = (i + 1) & w->open_mask;
    return &w->open[i];
}

/* Make the table anew, at four times the depth. */
static void json_index_levels(JsonWriter *w)
{
    uint32_t count = 0;
    Object **objects = mem_alloc(w->depth * sizeof *objects);
    for (const JsonLevel *l = w->level; l; l = l->up) objects[count++] = l->object;
    mem_free(w->open);
    w->open_mask = 4 * JSON_FEW_LEVELS - 1;
    while (w->open_mask < w->depth * 4) w->open_mask = w->open_mask * 2 + 1;
    w->open = mem_alloc_zeroed((w->open_mask + 1) * sizeof *w->open);
    while (count) {
        Object *o = objects[--count];
        *json_open_place(w, o) = o;
    }
    mem_free(objects);
}

static bool json_is_open(const JsonWriter *w, const Object *o)
{
    if (w->open) return *json_open_place(w, o) != NULL;
    for (const JsonLevel *l = w->level; l; l = l->up)
        if (l->object == o) return true;
    return false;
}

static void json_enter(JsonWriter *w, const JsonLevel *level)
{
    if (w->open) *json_open_place(w, level->object) = level->object;
    w->level = level;
    w->depth++;
    if (w->open ? w->depth * 2 > w->open_mask : w->depth == JSON_FEW_LEVELS) json_index_levels(w);
}

static void json_leave(JsonWriter *w, const JsonLevel *level)
{
    if (w->open) *json_open_place(w, level->object) = NULL;
    w->level = level->up;
}

static bool json_write_object(JsonWriter *w, Value v, PropertyKey key)
{
    Object *o = object_of(v);
    JsonLevel level = { .up = w->level, .object = o, .key = key };
    char here;
    if (UNLIKELY(&here < w->g->native_limit)) return error_throw_bool(w->g, ERROR_RANGE, "Maximum call stack size exceeded");
    if (UNLIKELY(o->cell.kind == KIND_RAW_JSON)) {
        PropertyRef ref;
        if (!object_find_own(&w->g->heap, o, intern_key_text(&w->g->heap, "rawJSON"), &ref)) UNREACHABLE();
        string_builder_put_string(&w->g->heap, &w->out, string_of(ref.value));
        return true;
    }
    if (json_is_open(w, o)) return json_throw_circle(w, o, key);
    json_enter(w, &level);
    bool is_array = ASK_BOOL(convert_is_array(w->g, v));
    if (!(is_array ? json_write_elements(w, o) : json_write_members(w, o))) return false;
    json_leave(w, &level);
    return true;
}

/* ---- JSON.stringify (25.5.2) ------------------------------------------------------------------------------------- */

/* What an array of names as a replacer allows. NULL: thrown. */
static ValueList *json_read_allowed(Goroutine *g, Object *names)
{
    double length;
    ValueList *allowed = list_new(&g->heap, 8);
    if (!convert_length_of(g, names, &length)) return NULL;
    for (double i = 0; i < length; i++) {
        Value v = object_get(g, names, convert_index_to_key(&g->heap, i));
        if (value_is_thrown(v)) return NULL;
        bool wrapped = value_is_kind(v, KIND_STRING_OBJECT)
            || (value_is_kind(v, KIND_WRAPPER) && value_is_number(((const Wrapper *)value_cell(v))->value));
        if (!value_is_string(v) && !value_is_number(v) && !wrapped) continue;
        String *name = convert_to_string(g, v);
        if (!name) return NULL;
        PropertyKey key = intern_key(&g->heap, name);
        bool known = false;
        for (uint32_t k = 0; k < allowed->count && !known; k++) known = allowed->items[k] == key;
        if (!known) list_push(&g->heap, &allowed, key);
    }
    return allowed;
}

static bool json_read_replacer(JsonWriter *w, Value replacer)
{
    if (!value_is_object(replacer)) return true;
    if (value_is_callable(replacer)) w->replacer = replacer;
    else if (ASK_BOOL(convert_is_array(w->g, replacer))) {
        w->allowed = json_read_allowed(w->g, object_of(replacer));
        return w->allowed != NULL;
    }
    return true;
}

static bool json_read_gap(JsonWriter *w, Value space)
{
    space = TRY_BOOL(json_unwrap(w, space));
    if (value_is_number(space)) {
        double wanted = number_to_integer(value_number(space));
        w->gap_length = wanted < 1 ? 0 : wanted > JSON_MOST_GAP ? JSON_MOST_GAP : (uint32_t)wanted;
        for (uint32_t i = 0; i < w->gap_length; i++) w->gap[i] = ' ';
    } else if (value_is_string(space)) {
        StringView v = string_view(&w->g->heap, string_of(space));
        w->gap_length = v.length < JSON_MOST_GAP ? (uint32_t)v.length : JSON_MOST_GAP;
        for (uint32_t i = 0; i < w->gap_length; i++) w->gap[i] = (uint16_t)text_unit(v, i);
    }
    return true;
}

/* Whether there is a text: TRI_FALSE is undefined. */
static Tri json_write_root(JsonWriter *w, Value v)
{
    Value holder = VALUE_UNDEFINED, name = w->g->vm->empty_string;
    if (!value_is_undefined(w->replacer)) {
        Object *o = realm_new_object(w->g, INTRINSIC_ObjectPrototype);
        object_define(&w->g->heap, o, name, v, PROPERTY_DEFAULT);
        holder = value_from_cell(o);
    }
    v = TRY_TRI(json_resolve(w, holder, name, v));
    if (v == VALUE_HOLE) return TRI_FALSE;
    return json_write(w, v, name) ? TRI_TRUE : TRI_THROWN;
}

Value lib_json_stringify(Goroutine *g, Args a)
{
    JsonWriter w = { .g = g, .replacer = VALUE_UNDEFINED };
    OK(json_read_replacer(&w, arg(a, 1)));
    OK(json_read_gap(&w, arg(a, 2)));
    string_builder_init(&w.out);
    Tri written = json_write_root(&w, arg(a, 0));
    mem_free(w.open);
    if (written == TRI_TRUE) return error_string_or_throw(g, string_builder_end(&g->heap, &w.out));
    string_builder_deinit(&w.out);
    return written == TRI_FALSE ? VALUE_UNDEFINED : VALUE_THROWN;
}
