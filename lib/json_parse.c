/* SPDX-License-Identifier: MIT */
/* Reading JSON (ECMA-262 25.5.1).
 *
 * No recursion: what stands before an unfinished array or object waits on a list in the heap, below a mark of the
 * container around it. A finished container takes its parts off the list at once, so arrays are made at their size,
 * and an object with the keys of the one before it at its depth gets that one's shape without looking up a property.
 *
 * I1  stack[base - 1] is the mark of the innermost open container: base of the one around it, times two, plus 1 when
 *     that is an object. In an object keys and values alternate from `base` on.
 * I2  `records`, when there are any, is parallel to `stack`; a key's is undefined.
 *
 * Functions that scan are made twice, for text of bytes and of 16-bit units, by a constant `wide`. */
#include "gc/alloc.h"
#include "gc/limit.h"
#include "lib/json_int.h"
#include "vm/base/dtoa.h"
#include "vm/value/number.h"

enum {
    JSON_END = -1,
    JSON_GUESSES = 32,                   // depths whose last shape is known
    JSON_MOST_DEPTH = 1 << 22,
    JSON_MOST_ENTRIES = 1 << 29,         // so that a mark is an int32
    JSON_EXACT_DIGITS = 18,              // that an int64_t holds, and one more a uint64_t
    JSON_CONTEXT_UNITS = 10,             // of the text that a message shows to each side
    JSON_CHECK_EVERY = 1 << 14,          // containers between looks at the heap's limit
};

typedef struct JsonParser {
    Goroutine  *g;
    String     *text;
    const void *units;
    size_t      length, at;
    ValueList  *stack;
    ValueList  *records;                 // NULL: none wanted
    uint32_t    base;                    // I1
    uint32_t    depth;                   // 0: no container is open
    uint32_t    made;
    bool        in_object;
    Shape      *guesses[JSON_GUESSES];   // kept alive by the scan of the C stack
} JsonParser;

/* ---- messages ---------------------------------------------------------------------------------------------------- */

static Value json_fail(JsonParser *p, const char *what)
{
    return error_throw(p->g, ERROR_SYNTAX, "%s in JSON at position %u", what, (uint32_t)p->at);
}

static bool json_is_famous(LocalHeap *h, String *s)
{
    static const char *const texts[] = { "NaN", "Infinity", "undefined", "[object Object]" };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (string_equal_text(h, s, texts[i])) return true;
    return false;
}

/* What stands at p->at cannot. */
static Value json_unexpected(JsonParser *p)
{
    LocalHeap *h = &p->g->heap;
    StringView v = string_view(h, p->text);
    if (p->at >= p->length) return error_throw(p->g, ERROR_SYNTAX, "Unexpected end of JSON input");
    if (text_digit_value(text_unit(v, p->at)) < 10) return json_fail(p, "Unexpected number");
    if (text_unit(v, p->at) == '"') return json_fail(p, "Unexpected string");
    if (json_is_famous(h, p->text)) return error_throw(p->g, ERROR_SYNTAX, "\"%S\" is not valid JSON", p->text);
    size_t start = 0, end = p->length;
    if (p->length > 2 * JSON_CONTEXT_UNITS) {
        if (p->at > JSON_CONTEXT_UNITS) start = p->at - JSON_CONTEXT_UNITS;
        if (p->at + JSON_CONTEXT_UNITS < p->length) end = p->at + JSON_CONTEXT_UNITS;
    }
    String *token = string_from_unit(h, (uint16_t)text_unit(v, p->at));
    String *context = string_slice(h, p->text, (uint32_t)start, (uint32_t)end);
    return error_throw(p->g, ERROR_SYNTAX, "Unexpected token '%S', %s\"%S\"%s is not valid JSON", token, start ? "..." : "",
                       context, end < p->length ? "..." : "");
}

/* ---- the stack --------------------------------------------------------------------------------------------------- */

/* Room for one more; false when there is none to be had. */
static bool json_grow(JsonParser *p, ValueList **list)
{
    ValueList *old = *list;
    size_t size = sizeof *old + (size_t)old->capacity * 2 * sizeof(Value);
    ValueList *larger = NULL;
    if (old->capacity < JSON_MOST_ENTRIES) larger = alloc_any(&p->g->heap, size, CELL_HEADER(0, KIND_VALUES, 0));
    if (!larger) return value_is_thrown(error_throw_out_of_memory(p->g)), false;
    larger->capacity = old->capacity * 2;
    larger->count = old->count;
    memcpy(larger->items, old->items, old->count * sizeof(Value));
    *list = larger;
    return true;
}

static ALWAYS_INLINE bool json_put(JsonParser *p, ValueList **list, Value v)
{
    if (UNLIKELY((*list)->count == (*list)->capacity) && !json_grow(p, list)) return false;
    barrier_store(&p->g->heap, *list, &(*list)->items[(*list)->count], v);
    (*list)->count++;
    return true;
}

static ALWAYS_INLINE bool json_push(JsonParser *p, Value v, Value record)
{
    if (!json_put(p, &p->stack, v)) return false;
    return LIKELY(!p->records) || json_put(p, &p->records, record);
}

/* The record of what was just read from `start` on. */
static Value json_record(JsonParser *p, Value v, size_t start)
{
    LocalHeap *h = &p->g->heap;
    if (!p->records) return VALUE_UNDEFINED;
    ValueList *record = list_new(h, 2);
    list_push(h, &record, v);
    list_push(h, &record, value_from_cell(string_slice(h, p->text, (uint32_t)start, (uint32_t)p->at)));
    return value_from_cell(record);
}

/* ---- scanning ---------------------------------------------------------------------------------------------------- */

static ALWAYS_INLINE uint32_t json_unit(const JsonParser *p, size_t at, const bool wide)
{
    return wide ? ((const uint16_t *)p->units)[at] : ((const uint8_t *)p->units)[at];
}

/* The first unit that is no white space, or JSON_END. */
static ALWAYS_INLINE int32_t json_skip(JsonParser *p, const bool wide)
{
    for (; p->at < p->length; p->at++) {
        uint32_t c = json_unit(p, p->at, wide);
        if (c > ' ' || !(c == ' ' || c == '\n' || c == '\r' || c == '\t')) return (int32_t)c;
    }
    return JSON_END;
}

/* The first place from `at` on that is a quote, a backslash or a control character, or the end. */
static size_t json_plain_end(const JsonParser *p, size_t at, const bool wide)
{
    if (!wide) return json_plain_end_latin1(p->units, at, p->length);
    for (; at < p->length; at++) {
        uint32_t c = json_unit(p, at, true);
        if (c < 0x20 || c == '"' || c == '\\') break;
    }
    return at;
}

static StringView json_part(const JsonParser *p, size_t start, size_t end, const bool wide)
{
    return (StringView){ (const char *)p->units + (start << wide), end - start, wide };
}

/* ---- strings ----------------------------------------------------------------------------------------------------- */

/* The unit that the escape behind a backslash at p->at means, p->at moving behind it; -1 with an exception. */
static int32_t json_escape(JsonParser *p, const bool wide)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    if (++p->at >= p->length) return json_unexpected(p), -1;
    uint32_t c = json_unit(p, p->at, wide), code = 0;
    const char *known = c && c < 0x80 ? strchr(letters, (int)c) : NULL;
    if (known) return p->at++, meanings[known - letters];
    if (c != 'u') return json_fail(p, "Bad escaped character"), -1;
    p->at++;
    for (int i = 0; i < 4; i++, p->at++) {
        uint32_t digit = p->at < p->length ? text_digit_value(json_unit(p, p->at, wide)) : 36;
        if (digit > 15) return json_fail(p, "Bad Unicode escape"), -1;
        code = code << 4 | digit;
    }
    return (int32_t)code;
}

static Value json_bad_string(JsonParser *p)
{
    return json_fail(p, p->at < p->length ? "Bad control character in string literal" : "Unterminated string");
}

/* A string with an escape at p->at, whose text began at `start`. */
static Value json_escaped_string(JsonParser *p, size_t start, const bool wide)
{
    StringBuilder b;
    string_builder_init(&b);
    for (;;) {
        string_builder_put_view(&b, json_part(p, start, p->at, wide), 0, (uint32_t)(p->at - start));
        uint32_t c = p->at < p->length ? json_unit(p, p->at, wide) : 0;
        if (c == '"') break;
        int32_t unit = -1;
        if (c == '\\') unit = json_escape(p, wide);
        else json_bad_string(p);
        if (unit < 0) {
            string_builder_deinit(&b);
            return VALUE_THROWN;
        }
        string_builder_put_unit(&b, (uint16_t)unit);
        start = p->at;
        p->at = json_plain_end(p, start, wide);
    }
    p->at++;
    return error_string_or_throw(p->g, string_builder_end(&p->g->heap, &b));
}

/* The string whose quote is at p->at. */
static Value json_string(JsonParser *p, const bool wide)
{
    size_t start = p->at + 1;
    p->at = json_plain_end(p, start, wide);
    if (UNLIKELY(p->at >= p->length || json_unit(p, p->at, wide) != '"')) return json_escaped_string(p, start, wide);
    StringView v = json_part(p, start, p->at++, wide);
    String *s = wide ? string_new_utf16(&p->g->heap, v.units, v.length) : string_new_latin1(&p->g->heap, v.units, v.length);
    return error_string_or_throw(p->g, s);
}

/* The key that the last object at this depth had here, if `text` spells it. */
static Value json_guess_key(const JsonParser *p, StringView text)
{
    const Shape *guess = p->guesses[p->depth % JSON_GUESSES];
    uint32_t i = (p->stack->count - p->base) / 2;
    if (!guess || i >= guess->count) return VALUE_HOLE;
    PropertyKey key = shape_entry(guess, i)->key;
    return string_view_equal(string_flat_view(string_of(key)), text) ? key : VALUE_HOLE;
}

/* The key whose quote is at p->at. */
static PropertyKey json_key(JsonParser *p, const bool wide)
{
    LocalHeap *h = &p->g->heap;
    size_t start = p->at + 1, end = json_plain_end(p, start, wide);
    if (UNLIKELY(end >= p->length || json_unit(p, end, wide) != '"')) {
        p->at = end;
        return intern_key(h, string_of(TRY(json_escaped_string(p, start, wide))));
    }
    uint32_t index;
    StringView text = json_part(p, start, end, wide);
    p->at = end + 1;
    PropertyKey key = json_guess_key(p, text);
    if (LIKELY(key != VALUE_HOLE)) return key;
    if (string_view_to_index(text, &index)) return key_from_index(index);
    return value_from_cell(intern_view(h, text));
}

/* ---- numbers and words ------------------------------------------------------------------------------------------- */

static ALWAYS_INLINE bool json_is_digit(const JsonParser *p, const bool wide)
{
    return p->at < p->length && json_unit(p, p->at, wide) - '0' < 10;
}

/* Digits, at least one; else an exception. */
static bool json_skip_digits(JsonParser *p, const char *otherwise, const bool wide)
{
    if (!json_is_digit(p, wide)) return value_is_thrown(json_fail(p, otherwise)), false;
    while (json_is_digit(p, wide)) p->at++;
    return true;
}

/* What may follow the digits before the point. */
static bool json_skip_fraction(JsonParser *p, const bool wide)
{
    if (p->at < p->length && json_unit(p, p->at, wide) == '.') {
        p->at++;
        if (!json_skip_digits(p, "Unterminated fractional number", wide)) return false;
    }
    if (p->at < p->length && (json_unit(p, p->at, wide) | 0x20) == 'e') {
        p->at++;
        uint32_t sign = p->at < p->length ? json_unit(p, p->at, wide) : 0;
        if (sign == '+' || sign == '-') p->at++;
        return json_skip_digits(p, "Exponent part is missing a number", wide);
    }
    return true;
}

static Value json_number(JsonParser *p, const bool wide)
{
    size_t start = p->at, consumed;
    bool is_negative = json_unit(p, start, wide) == '-';
    uint64_t whole = 0;
    p->at += is_negative;
    size_t first = p->at;
    if (!json_is_digit(p, wide)) return json_fail(p, "No number after minus sign");
    for (; json_is_digit(p, wide) && p->at - first <= JSON_EXACT_DIGITS; p->at++) whole = whole * 10 + json_unit(p, p->at, wide) - '0';
    if (json_unit(p, first, wide) == '0' && p->at > first + 1) return p->at = first + 1, json_fail(p, "Unexpected number");
    uint32_t next = p->at < p->length ? json_unit(p, p->at, wide) : 0;
    if (LIKELY(next != '.' && (next | 0x20) != 'e' && p->at - first <= JSON_EXACT_DIGITS)) {
        if (is_negative) return whole ? value_from_int64(-(int64_t)whole) : value_from_raw_double(-0.0);
        return value_from_int64((int64_t)whole);
    }
    while (json_is_digit(p, wide)) p->at++;
    if (!json_skip_fraction(p, wide)) return VALUE_THROWN;
    return value_from_double(dtoa_parse_decimal_prefix(json_part(p, start, p->at, wide), &consumed));
}

static Value json_word(JsonParser *p, const char *word, Value v, const bool wide)
{
    for (; *word; word++, p->at++)
        if (p->at >= p->length || json_unit(p, p->at, wide) != (uint8_t)*word) return json_unexpected(p);
    return v;
}

/* ---- containers -------------------------------------------------------------------------------------------------- */

static bool json_open(JsonParser *p, bool is_object)
{
    Value mark = value_from_int((int32_t)(p->base << 1 | p->in_object));
    if (p->depth == JSON_MOST_DEPTH) return error_throw_bool(p->g, ERROR_RANGE, "JSON is nested too deeply");
    if (!json_push(p, mark, VALUE_UNDEFINED)) return false;
    p->depth++;
    p->base = p->stack->count;
    p->in_object = is_object;
    p->at++;
    return true;
}

/* Do the `count` pairs of key and value have the keys of `s`, in its order? */
static bool json_has_keys(const Shape *s, const Value *pairs, uint32_t count)
{
    if (!s || s->count != count) return false;
    for (uint32_t i = 0; i < count; i++)
        if (shape_entry(s, i)->key != pairs[i * 2]) return false;
    return true;
}

/* The shape that the pairs' keys lead to, all in inline slots; NULL when an object of such keys is no plain case: an
 * index, a key twice, too many. */
static Shape *json_find_shape(JsonParser *p, const Value *pairs, uint32_t count)
{
    LocalHeap *h = &p->g->heap;
    if (count > SHAPE_DICTIONARY_LIMIT) return NULL;
    PropertyPlace place;
    Shape *s = object_root_shape(h, KIND_OBJECT, realm_intrinsic(realm_current(p->g), INTRINSIC_ObjectPrototype), count);
    for (uint32_t i = 0; i < count; i++) {
        if (key_is_index(pairs[i * 2]) || shape_is_crowded(s) || shape_find(s, pairs[i * 2], &place)) return NULL;
        s = shape_add(h, s, pairs[i * 2], PROPERTY_DEFAULT);
    }
    return s;
}

static Object *json_object(JsonParser *p, const Value *pairs, uint32_t count)
{
    LocalHeap *h = &p->g->heap;
    Shape **guess = &p->guesses[p->depth % JSON_GUESSES];
    if (count == 0) return realm_new_object(p->g, INTRINSIC_ObjectPrototype);
    Shape *s = *guess;
    if (!json_has_keys(s, pairs, count)) {
        s = json_find_shape(p, pairs, count);
        if (s) *guess = s;
    }
    if (LIKELY(s)) {
        Object *o = object_new(h, s);
        Value *slots = object_slot(o, s, 0);
        for (uint32_t i = 0; i < count; i++) slots[i] = pairs[i * 2 + 1];
        return o;
    }
    Object *o = realm_new_object(p->g, INTRINSIC_ObjectPrototype);
    for (uint32_t i = 0; i < count; i++) object_define(h, o, pairs[i * 2], pairs[i * 2 + 1], PROPERTY_DEFAULT);
    return o;
}

/* The record of a container: the value, no source, and what the parts' records are, with the keys between them. */
static Value json_container_record(JsonParser *p, Value v)
{
    LocalHeap *h = &p->g->heap;
    if (!p->records) return VALUE_UNDEFINED;
    ValueList *record = list_new(h, p->stack->count - p->base + JSON_RECORD_PARTS);
    list_push(h, &record, v);
    list_push(h, &record, VALUE_UNDEFINED);
    for (uint32_t i = p->base; i < p->stack->count; i++) {
        bool is_key = p->in_object && (i - p->base) % 2 == 0;
        list_push(h, &record, is_key ? convert_key_to_value(h, p->stack->items[i]) : p->records->items[i]);
    }
    return value_from_cell(record);
}

/* Make the innermost container of its parts, which leave the stack. */
static Value json_close(JsonParser *p, Value *record)
{
    uint32_t count = p->stack->count - p->base;
    const Value *parts = p->stack->items + p->base;
    if (++p->made % JSON_CHECK_EVERY == 0) {
        if (heap_is_over_limit(p->g->vm->heap)) return error_throw_out_of_memory(p->g);
        if (limit_take_excess(&p->g->heap)) return error_throw_heap_limit(p->g);
    }
    const void *made = p->in_object ? (void *)json_object(p, parts, count / 2) : (void *)array_from_values(p->g, count, parts);
    if (!made) return VALUE_THROWN;
    *record = json_container_record(p, value_from_cell(made));
    uint32_t mark = (uint32_t)value_int(p->stack->items[p->base - 1]);
    p->stack->count = p->base - 1;
    if (p->records) p->records->count = p->stack->count;
    p->base = mark >> 1;
    p->in_object = mark & 1;
    p->depth--;
    p->at++;
    return value_from_cell(made);
}

/* ---- the grammar ------------------------------------------------------------------------------------------------- */

/* A key and its colon, from its quote on. */
static ALWAYS_INLINE bool json_member(JsonParser *p, const char *otherwise, const bool wide)
{
    if (json_skip(p, wide) != '"') return value_is_thrown(json_fail(p, otherwise)), false;
    PropertyKey key = TRY_BOOL(json_key(p, wide));
    if (!json_push(p, key, VALUE_UNDEFINED)) return false;
    if (json_skip(p, wide) != ':') return value_is_thrown(json_fail(p, "Expected ':' after property name")), false;
    p->at++;
    return true;
}

static ALWAYS_INLINE Value json_scalar(JsonParser *p, int32_t c, const bool wide)
{
    switch (c) {
    case '"': return json_string(p, wide);
    case 't': return json_word(p, "true", VALUE_TRUE, wide);
    case 'f': return json_word(p, "false", VALUE_FALSE, wide);
    case 'n': return json_word(p, "null", VALUE_NULL, wide);
    default:  return c == '-' || (uint32_t)c - '0' < 10 ? json_number(p, wide) : json_unexpected(p);
    }
}

/* A value, or as much of it as leads to its first scalar or empty container. */
static ALWAYS_INLINE Value json_value(JsonParser *p, Value *record, const bool wide)
{
    for (;;) {
        int32_t c = json_skip(p, wide);
        if (c != '{' && c != '[') {
            size_t start = p->at;
            Value v = TRY(json_scalar(p, c, wide));
            if (UNLIKELY(p->records)) *record = json_record(p, v, start);
            return v;
        }
        OK(json_open(p, c == '{'));
        if (json_skip(p, wide) == (c == '{' ? '}' : ']')) return json_close(p, record);
        if (c == '{') OK(json_member(p, "Expected property name or '}'", wide));
    }
}

static ALWAYS_INLINE Value json_run(JsonParser *p, Value *record, const bool wide)
{
    for (;;) {
        Value v = TRY(json_value(p, record, wide));
        for (;;) {
            int32_t c = json_skip(p, wide);
            if (p->depth == 0) return c == JSON_END ? v
                : error_throw(p->g, ERROR_SYNTAX, "Unexpected non-whitespace character after JSON at position %u", (uint32_t)p->at);
            OK(json_push(p, v, *record));
            if (c == ',') break;
            if (c != (p->in_object ? '}' : ']'))
                return json_fail(p, p->in_object ? "Expected ',' or '}' after property value"
                                                 : "Expected ',' or ']' after array element");
            v = TRY(json_close(p, record));
        }
        p->at++;
        if (p->in_object) OK(json_member(p, "Expected double-quoted property name", wide));
    }
}

static Value json_run_latin1(JsonParser *p, Value *record)
{
    return json_run(p, record, false);
}

static Value json_run_utf16(JsonParser *p, Value *record)
{
    return json_run(p, record, true);
}

Value json_parse(Goroutine *g, String *text, ValueList **record)
{
    LocalHeap *h = &g->heap;
    StringView v = string_view(h, text);
    JsonParser p = { .g = g, .text = text, .units = v.units, .length = v.length };
    Value root = VALUE_UNDEFINED;
    p.stack = list_new(h, 64);
    if (record) p.records = list_new(h, 64);
    Value result = TRY(v.is_wide ? json_run_utf16(&p, &root) : json_run_latin1(&p, &root));
    if (record) *record = (ValueList *)value_cell(root);
    return result;
}
