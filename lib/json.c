/* SPDX-License-Identifier: MIT */
/* JSON (ECMA-262 25.5). parse with a reviver is in json.us, reading in json_parse.c, writing in json_stringify.c. */
#include "lib/json.h"

#include "lib/intrinsics.h"
#include "lib/json_int.h"
#include "lib/library.h"
#include "vm/object/kinds.h"
#include "vm/value/equal.h"

/* ---- what json.us asks for --------------------------------------------------------------------------------------- */

/* $jsonParse(text): the value. */
Value lib_json_parse(Goroutine *g, Args a)
{
    String *text = convert_to_string(g, arg(a, 0));
    return text ? json_parse(g, text, NULL) : VALUE_THROWN;
}

/* $jsonParseRecord(text): the JSON Parse Record, a cell that only the functions below look into. */
Value lib_json_parse_record(Goroutine *g, Args a)
{
    ValueList *record;
    String *text = convert_to_string(g, arg(a, 0));
    if (!text) return VALUE_THROWN;
    TRY(json_parse(g, text, &record));
    return value_from_cell(record);
}

/* $jsonValue(record). */
Value lib_json_record_value(Goroutine *g, Args a)
{
    (void)g;
    return ((const ValueList *)value_cell(arg(a, 0)))->items[JSON_RECORD_VALUE];
}

/* $jsonMatch(record, v): the record, or undefined when `v` is no longer what was read. */
Value lib_json_match(Goroutine *g, Args a)
{
    if (value_is_undefined(arg(a, 0))) return VALUE_UNDEFINED;
    const ValueList *record = (const ValueList *)value_cell(arg(a, 0));
    return equal_same_value(&g->heap, record->items[JSON_RECORD_VALUE], arg(a, 1)) ? arg(a, 0) : VALUE_UNDEFINED;
}

/* $jsonSource(record): the source text of a primitive; record may be undefined. */
Value lib_json_source(Goroutine *g, Args a)
{
    (void)g;
    if (value_is_undefined(arg(a, 0))) return VALUE_UNDEFINED;
    return ((const ValueList *)value_cell(arg(a, 0)))->items[JSON_RECORD_SOURCE];
}

/* $jsonElement(record, index): the record of an element; undefined when there is none. */
Value lib_json_element(Goroutine *g, Args a)
{
    (void)g;
    if (value_is_undefined(arg(a, 0))) return VALUE_UNDEFINED;
    const ValueList *record = (const ValueList *)value_cell(arg(a, 0));
    double i = value_number(arg(a, 1)) + JSON_RECORD_PARTS;
    return i < record->count ? record->items[(uint32_t)i] : VALUE_UNDEFINED;
}

/* $jsonEntry(record, key): the record of the last property of that name; undefined when there is none. */
Value lib_json_entry(Goroutine *g, Args a)
{
    if (value_is_undefined(arg(a, 0))) return VALUE_UNDEFINED;
    const ValueList *record = (const ValueList *)value_cell(arg(a, 0));
    for (uint32_t i = record->count; i > JSON_RECORD_PARTS; i -= 2)
        if (string_equal(&g->heap, string_of(record->items[i - 2]), string_of(arg(a, 1)))) return record->items[i - 1];
    return VALUE_UNDEFINED;
}

/* $jsonKeys(object): an array of the names of its enumerable own properties. */
Value lib_json_keys(Goroutine *g, Args a)
{
    return array_from_keys(g, object_enumerable_keys(g, object_of(arg(a, 0))));
}

/* $jsonStore(object, key, v): what InternalizeJSONProperty (25.5.1.1) does with an element: a property, or for
 * undefined none; whether that is possible does not matter. */
Value lib_json_store(Goroutine *g, Args a)
{
    PropertyKey key = intern_key(&g->heap, string_of(arg(a, 1)));
    Object *o = object_of(arg(a, 0));
    Tri done = value_is_undefined(arg(a, 2)) ? object_delete(g, o, key) : object_create_data_property(g, o, key, arg(a, 2));
    return done == TRI_THROWN ? VALUE_THROWN : VALUE_UNDEFINED;
}

/* ---- raw JSON (25.5.3, 25.5.4) ----------------------------------------------------------------------------------- */

static Value lib_json_is_raw(Goroutine *g, Args a)
{
    (void)g;
    return value_from_bool(value_is_kind(arg(a, 0), KIND_RAW_JSON));
}

static bool lib_json_is_space(uint32_t unit)
{
    return unit == '\t' || unit == '\n' || unit == '\r' || unit == ' ';
}

static Value lib_json_raw(Goroutine *g, Args a)
{
    LocalHeap *h = &g->heap;
    String *s = convert_to_string(g, arg(a, 0));
    if (!s) return VALUE_THROWN;
    StringView v = string_view(h, s);
    if (v.length == 0 || lib_json_is_space(text_unit(v, 0)) || lib_json_is_space(text_unit(v, v.length - 1)))
        return error_throw(g, ERROR_SYNTAX, "Invalid value for JSON.rawJSON");
    if (value_is_object(TRY(json_parse(g, s, NULL)))) return error_throw(g, ERROR_SYNTAX, "Invalid value for JSON.rawJSON");
    Object *o = object_alloc(h, object_root_shape(h, KIND_RAW_JSON, VALUE_NULL, 0), sizeof *o);
    object_add(h, o, intern_key_text(h, "rawJSON"), value_from_cell(s), PROPERTY_DEFAULT);
    if (!ASK(object_set_integrity(g, o, true))) UNREACHABLE();
    return value_from_cell(o);
}

void json_register_kinds(void)
{
    kinds_register(KIND_RAW_JSON, &(GcKind){ .name = "RAW_JSON", .base_bytes = sizeof(Object) }, NULL);
}

/* ---- installation ------------------------------------------------------------------------------------------------ */

static const NativeSpec lib_json_functions[] = {
    LIB_METHOD("isRawJSON", 1, lib_json_is_raw),
    LIB_METHOD("rawJSON", 1, lib_json_raw),
    LIB_METHOD("stringify", 3, lib_json_stringify),
};

void lib_json_install(const Lib *lib)
{
    Value json = install_object(lib, install_intrinsic(lib, INTRINSIC_ObjectPrototype));
    lib->realm->intrinsics[INTRINSIC_JSON] = json;
    INSTALL_TABLE(lib, json, lib_json_functions);
    install_tag(lib, json, "JSON");
    install_global(lib, "JSON", json);
    library_install(lib, "json");
}
