/* SPDX-License-Identifier: MIT */
/* The embedding API: values, made, told apart, converted, and their properties. */
#include <math.h>
#include <string.h>

#include "vm/base/mem.h"
#include "vm/embed_int.h"
#include "vm/object/array.h"
#include "vm/object/convert.h"
#include "vm/object/error.h"
#include "vm/object/realm.h"
#include "vm/value/equal.h"

UsValue us_undefined(void)
{
    return embed_value(VALUE_UNDEFINED);
}

UsValue us_null(void)
{
    return embed_value(VALUE_NULL);
}

UsValue us_boolean(bool b)
{
    return embed_value(value_from_bool(b));
}

UsValue us_number(double d)
{
    return embed_value(value_from_double(d));
}

static UsType embed_type_of_cell(const Cell *c)
{
    if (c->kind < KIND_FIRST_NOT_STRING) return US_STRING;
    if (c->kind == KIND_SYMBOL) return US_SYMBOL;
    if (c->kind == KIND_BIGINT) return US_BIGINT;
    return c->kind >= KIND_FIRST_CALLABLE ? US_FUNCTION : US_OBJECT;
}

UsType us_type(UsValue v)
{
    if (!embed_is_value(v) || value_is_undefined(v.bits)) return US_UNDEFINED;
    if (value_is_null(v.bits)) return US_NULL;
    if (value_is_boolean(v.bits)) return US_BOOLEAN;
    if (value_is_number(v.bits)) return US_NUMBER;
    return embed_type_of_cell(value_cell(v.bits));
}

bool us_is_same(UsGoroutine *g, UsValue a, UsValue b)
{
    bool can_ask = embed_check(g) == US_OK && embed_is_value(a) && embed_is_value(b);
    return can_ask && equal_same_value_zero(&embed_goroutine(g)->heap, a.bits, b.bits);
}

/* ---- making ------------------------------------------------------------------------------------------------------ */

UsStatus us_string(UsGoroutine *g, const char *utf8, size_t size_bytes, UsValue *result)
{
    EMBED_HERE(g);
    EMBED_NEED(result && (utf8 || !size_bytes));
    String *s = string_new_utf8(&embed_goroutine(g)->heap, utf8 ? utf8 : "", size_bytes);
    if (!s) return US_ERROR_MEMORY;
    *result = embed_value(value_from_cell(s));
    return US_OK;
}

UsStatus us_object(UsGoroutine *us, UsValue *result)
{
    EMBED_HERE(us);
    EMBED_NEED(result);
    *result = embed_value(value_from_cell(realm_new_object(embed_goroutine(us), INTRINSIC_ObjectPrototype)));
    return US_OK;
}

UsStatus us_array(UsGoroutine *us, size_t count, const UsValue *values, UsValue *result)
{
    EMBED_HERE(us);
    EMBED_NEED(result && (values || !count) && count <= UINT32_MAX - 1);
    for (size_t i = 0; i < count; i++) EMBED_NEED(embed_is_value(values[i]));
    Goroutine *g = embed_goroutine(us);
    const Array *a = array_from_values(g, (uint32_t)count, (const Value *)values);
    return embed_end(g, a ? value_from_cell(a) : VALUE_THROWN, result);
}

static ErrorKind embed_error_kind(UsErrorKind kind)
{
    switch (kind) {
    case US_TYPE_ERROR:      return ERROR_TYPE;
    case US_RANGE_ERROR:     return ERROR_RANGE;
    case US_SYNTAX_ERROR:    return ERROR_SYNTAX;
    case US_REFERENCE_ERROR: return ERROR_REFERENCE;
    default:                 return ERROR_PLAIN;
    }
}

UsStatus us_error(UsGoroutine *us, UsErrorKind kind, const char *message, UsValue *result)
{
    EMBED_HERE(us);
    EMBED_NEED(message && result);
    Goroutine *g = embed_goroutine(us);
    String *text = string_new_utf8(&g->heap, message, strlen(message));
    if (!text) return US_ERROR_MEMORY;
    *result = embed_value(error_new(g, embed_error_kind(kind), value_from_cell(text)));
    return US_OK;
}

UsStatus us_throw(UsGoroutine *g, UsErrorKind kind, const char *message, UsValue *result)
{
    UsStatus status = us_error(g, kind, message, result);
    return status == US_OK ? US_THROWN : status;
}

/* ---- conversion -------------------------------------------------------------------------------------------------- */

UsStatus us_to_number(UsGoroutine *us, UsValue v, double *number, UsValue *exception)
{
    EMBED_HERE(us);
    EMBED_NEED(number && embed_is_value(v));
    Goroutine *g = embed_goroutine(us);
    return convert_to_double(g, v.bits, number) ? US_OK : embed_end(g, VALUE_THROWN, exception);
}

bool us_to_boolean(UsValue v)
{
    return embed_is_value(v) && convert_to_boolean(v.bits);
}

/* The most bytes of `text` that end between two characters and are at most `most`. */
static size_t embed_cut(const char *text, size_t size_bytes, size_t most)
{
    if (size_bytes <= most) return size_bytes;
    while (most && ((unsigned char)text[most] & 0xc0) == 0x80) most--;
    return most;
}

static String *embed_text_of(Goroutine *g, Value v)
{
    return value_is_symbol(v) ? symbol_descriptive_string(&g->heap, symbol_of(v)) : convert_to_string(g, v);
}

UsStatus us_to_text(UsGoroutine *us, UsValue v, char *buffer, size_t capacity_bytes, size_t *size_bytes)
{
    EMBED_HERE(us);
    EMBED_NEED(embed_is_value(v) && (buffer || !capacity_bytes));
    Goroutine *g = embed_goroutine(us);
    size_t size;
    String *s = embed_text_of(g, v.bits);
    if (!s) return embed_end(g, VALUE_THROWN, NULL);
    char *text = string_to_utf8(&g->heap, s, &size, false);
    if (!text) return US_ERROR_MEMORY;
    if (size_bytes) *size_bytes = size;
    if (capacity_bytes) {
        size_t copied = embed_cut(text, size, capacity_bytes - 1);
        memcpy(buffer, text, copied);
        buffer[copied] = '\0';
    }
    mem_free(text);
    return US_OK;
}

/* ---- properties -------------------------------------------------------------------------------------------------- */

UsValue us_global(UsGoroutine *g)
{
    return embed_value(embed_check(g) == US_OK ? realm_current(embed_goroutine(g))->global_this : VALUE_UNDEFINED);
}

/* False: the heap refuses. */
static bool embed_key(Goroutine *g, const char *name, PropertyKey *key)
{
    String *s = string_new_utf8(&g->heap, name, strlen(name));
    if (s) *key = intern_key(&g->heap, s);
    return s != NULL;
}

static UsStatus embed_put(Goroutine *g, UsValue object, PropertyKey key, UsValue v, UsValue *exception)
{
    bool done = object_put(g, object_of(object.bits), key, v.bits);
    return done ? US_OK : embed_end(g, VALUE_THROWN, exception);
}

static bool embed_is_object(UsValue v)
{
    return embed_is_value(v) && value_is_object(v.bits);
}

UsStatus us_get(UsGoroutine *us, UsValue object, const char *name, UsValue *result)
{
    EMBED_HERE(us);
    EMBED_NEED(embed_is_value(object) && name && result);
    Goroutine *g = embed_goroutine(us);
    PropertyKey key;
    if (!embed_key(g, name, &key)) return US_ERROR_MEMORY;
    return embed_end(g, object_get_of(g, object.bits, key), result);
}

UsStatus us_set(UsGoroutine *us, UsValue object, const char *name, UsValue v, UsValue *exception)
{
    EMBED_HERE(us);
    EMBED_NEED(embed_is_object(object) && name && embed_is_value(v));
    Goroutine *g = embed_goroutine(us);
    PropertyKey key;
    if (!embed_key(g, name, &key)) return US_ERROR_MEMORY;
    return embed_put(g, object, key, v, exception);
}

UsStatus us_get_index(UsGoroutine *us, UsValue object, uint32_t index, UsValue *result)
{
    EMBED_HERE(us);
    EMBED_NEED(embed_is_value(object) && result && index != UINT32_MAX);
    Goroutine *g = embed_goroutine(us);
    return embed_end(g, object_get_of(g, object.bits, key_from_index(index)), result);
}

UsStatus us_set_index(UsGoroutine *us, UsValue object, uint32_t index, UsValue v, UsValue *exception)
{
    EMBED_HERE(us);
    EMBED_NEED(embed_is_object(object) && embed_is_value(v) && index != UINT32_MAX);
    return embed_put(embed_goroutine(us), object, key_from_index(index), v, exception);
}
