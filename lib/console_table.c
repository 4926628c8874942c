/* SPDX-License-Identifier: MIT */
/* console.table: rows and columns of the values of objects, in a frame. */
#include "gc/barrier.h"
#include "lib/console.h"
#include "lib/inspect.h"
#include "lib/inspect_int.h"
#include "lib/output.h"
#include "vm/object/table.h"
#include "vm/value/number.h"

enum { TABLE_CELL_ELEMENTS = 3, TABLE_KEYS_SHOWN = 2 };

typedef struct Grid {
    Goroutine *g;
    LocalHeap *h;
    ValueList *head;                     // a string a column
    ValueList *columns;                  // a KIND_VALUES of strings a column; holes and missing ones are empty
    ValueList *widths;                   // int32, columns on the terminal
    uint32_t   rows;
} Grid;

/* ---- cells ------------------------------------------------------------------------------------------------------- */

static Value table_cell(Grid *t, Value v)
{
    InspectOptions options = INSPECT_DEFAULTS;
    if (value_is_thrown(v)) return v;
    options.array_most = TABLE_CELL_ELEMENTS;
    options.break_columns = INT32_MAX;
    options.depth = 0;
    if (value_is_object(v) && !value_is_kind(v, KIND_ARRAY) && !value_is_callable(v)) {
        Inspector n = { .g = t->g, .h = t->h };
        ValueList *keys = inspect_keys(&n, object_of(v), false);
        if (!keys) return VALUE_THROWN;
        uint32_t names = 0;
        for (uint32_t i = 0; i < keys->count; i++) names += !key_is_symbol(keys->items[i]);
        if (names > TABLE_KEYS_SHOWN) options.depth = -1;
    }
    return lib_inspect(t->g, v, &options);
}

static void table_put_at(LocalHeap *h, ValueList **column, uint32_t row, Value text)
{
    while ((*column)->count < row) list_push(h, column, VALUE_HOLE);
    list_push(h, column, text);
}

static void table_add_column(Grid *t, Value head, ValueList *cells)
{
    list_push(t->h, &t->head, head);
    list_push(t->h, &t->columns, value_from_cell(cells));
    if (cells->count > t->rows) t->rows = cells->count;
}

/* ---- the frame --------------------------------------------------------------------------------------------------- */

static Value table_text_at(const Grid *t, uint32_t column, uint32_t row)
{
    const ValueList *cells = (const ValueList *)value_cell(t->columns->items[column]);
    return row < cells->count && cells->items[row] != VALUE_HOLE ? cells->items[row] : t->g->vm->empty_string;
}

static void table_measure(Grid *t)
{
    t->widths = list_new(t->h, t->head->count);
    for (uint32_t i = 0; i < t->head->count; i++) {
        uint32_t widest = inspect_width(t->h, t->head->items[i]);
        for (uint32_t row = 0; row < t->rows; row++) {
            uint32_t width = inspect_width(t->h, table_text_at(t, i, row));
            if (width > widest) widest = width;
        }
        list_push(t->h, &t->widths, value_from_int((int32_t)widest));
    }
}

enum { BOX_HORIZONTAL = 0x2500, BOX_VERTICAL = 0x2502 };

static void table_put_rule(const Grid *t, StringBuilder *b, uint16_t left, uint16_t middle, uint16_t right)
{
    string_builder_put_unit(b, left);
    for (uint32_t i = 0; i < t->widths->count; i++) {
        if (i) string_builder_put_unit(b, middle);
        for (int32_t k = value_int(t->widths->items[i]) + 2; k > 0; k--) string_builder_put_unit(b, BOX_HORIZONTAL);
    }
    string_builder_put_unit(b, right);
}

static void table_put_cell(const Grid *t, StringBuilder *b, uint32_t column, Value text)
{
    string_builder_put_unit(b, BOX_VERTICAL);
    string_builder_put_unit(b, ' ');
    string_builder_put_string(t->h, b, string_of(text));
    int32_t pad = value_int(t->widths->items[column]) - (int32_t)inspect_width(t->h, text);
    while (pad-- >= 0) string_builder_put_unit(b, ' ');
}

static Value table_draw(Grid *t)
{
    StringBuilder b;
    table_measure(t);
    string_builder_init(&b);
    table_put_rule(t, &b, 0x250c, 0x252c, 0x2510);
    for (uint32_t row = 0; row <= t->rows; row++) {
        string_builder_put_unit(&b, '\n');
        for (uint32_t i = 0; i < t->head->count; i++) table_put_cell(t, &b, i, row ? table_text_at(t, i, row - 1) : t->head->items[i]);
        string_builder_put_unit(&b, BOX_VERTICAL);
        if (row) continue;
        string_builder_put_unit(&b, '\n');
        table_put_rule(t, &b, 0x251c, 0x253c, 0x2524);
    }
    string_builder_put_unit(&b, '\n');
    table_put_rule(t, &b, 0x2514, 0x2534, 0x2518);
    return error_string_or_throw(t->g, string_builder_end(t->h, &b));
}

/* ---- what the rows are ------------------------------------------------------------------------------------------- */

/* Names to show of a row: the given ones, or the row's own. */
static ValueList *table_keys(Grid *t, Value row, Value properties)
{
    if (!value_is_undefined(properties)) {
        ValueList *names = array_list_from_array_like(t->g, properties);
        for (uint32_t i = 0; names && i < names->count; i++) {
            Value key = convert_to_property_key(t->g, names->items[i]);
            if (value_is_thrown(key)) return NULL;
            barrier_store(t->h, names, &names->items[i], key);
        }
        return names;
    }
    Inspector n = { .g = t->g, .h = t->h };
    return inspect_keys(&n, object_of(row), false);
}

/* The column of `key` in `map`, an object without prototype. */
static ValueList *table_column(Grid *t, Object *map, PropertyKey key)
{
    PropertyRef ref;
    if (object_find_own(t->h, map, key, &ref)) return (ValueList *)value_cell(ref.value);
    return list_new(t->h, 4);
}

static bool table_add_row(Grid *t, Object *map, Value row, uint32_t number, Value properties)
{
    ValueList *keys = table_keys(t, row, properties);
    OK_BOOL(keys);
    for (uint32_t i = 0; i < keys->count; i++) {
        Value text = t->g->vm->empty_string;
        if (key_is_symbol(keys->items[i])) continue;
        if (value_is_object(row) && ASK_BOOL(object_has_own(t->g, object_of(row), keys->items[i])))
            text = TRY_BOOL(table_cell(t, object_get(t->g, object_of(row), keys->items[i])));
        ValueList *column = table_column(t, map, keys->items[i]);
        if (column->count > number) continue;
        table_put_at(t->h, &column, number, text);
        OK_BOOL(ASK_BOOL(object_create_data_property(t->g, map, keys->items[i], value_from_cell(column))));
    }
    return true;
}

static bool table_fill(Grid *t, Object *data, Value properties)
{
    Inspector n = { .g = t->g, .h = t->h };
    Object *map = object_new_with_proto(t->h, VALUE_NULL);
    ValueList *index = list_new(t->h, 8), *plain = list_new(t->h, 8), *rows = inspect_keys(&n, data, false);
    OK_BOOL(rows);
    for (uint32_t i = 0; i < rows->count; i++) {
        if (key_is_symbol(rows->items[i])) break;
        Value row = TRY_BOOL(object_get(t->g, data, rows->items[i]));
        list_push(t->h, &index, convert_key_to_value(t->h, rows->items[i]));
        if (!value_is_object(row) && value_is_undefined(properties)) table_put_at(t->h, &plain, i, TRY_BOOL(table_cell(t, row)));
        else OK_BOOL(table_add_row(t, map, row, i, properties));
    }
    table_add_column(t, value_from_cell(intern_text(t->h, "(index)")), index);
    ValueList *names = list_new(t->h, 8);
    object_ordinary_own_keys(t->h, map, &names);
    for (uint32_t i = 0; i < names->count; i++)
        table_add_column(t, convert_key_to_value(t->h, names->items[i]), table_column(t, map, names->items[i]));
    if (plain->count) table_add_column(t, value_from_cell(intern_text(t->h, "Values")), plain);
    return true;
}

/* A map or a set: an iteration number, and what each entry holds. */
static bool table_fill_collection(Grid *t, const Collection *c)
{
    bool is_map = c->object.cell.kind == KIND_MAP;
    ValueList *index = list_new(t->h, 8), *keys = list_new(t->h, 8), *values = list_new(t->h, 8);
    TableCursor cursor = table_begin(c);
    for (Value key, v; table_next(&cursor, &key, &v);) {
        list_push(t->h, &index, value_from_cell(number_int_to_string(t->h, (int32_t)index->count)));
        if (is_map) list_push(t->h, &keys, TRY_BOOL(table_cell(t, key)));
        list_push(t->h, &values, TRY_BOOL(table_cell(t, is_map ? v : key)));
    }
    table_add_column(t, value_from_cell(intern_text(t->h, "(iteration index)")), index);
    if (is_map) table_add_column(t, value_from_cell(intern_text(t->h, "Key")), keys);
    table_add_column(t, value_from_cell(intern_text(t->h, "Values")), values);
    return true;
}

Value lib_console_table(Goroutine *g, Args a)
{
    LocalHeap *h = &g->heap;
    Grid t = { .g = g, .h = h };
    if (!value_is_undefined(arg(a, 1)) && !value_is_kind(arg(a, 1), KIND_ARRAY))
        return error_throw(g, ERROR_TYPE, "The \"properties\" argument must be an instance of Array");
    if (!value_is_object(arg(a, 0)) || value_is_callable(arg(a, 0))) {
        Args first = { .g = g, .depth = a.depth, .count = 1, .self = a.self };
        return lib_console_write(g, a, OUTPUT_STDOUT, lib_format(g, first));
    }
    t.head = list_new(h, 8);
    t.columns = list_new(h, 8);
    bool is_collection = value_is_kind(arg(a, 0), KIND_MAP) || value_is_kind(arg(a, 0), KIND_SET);
    if (is_collection) OK(table_fill_collection(&t, collection_of(arg(a, 0))));
    else OK(table_fill(&t, object_of(arg(a, 0)), arg(a, 1)));
    return lib_console_write(g, a, OUTPUT_STDOUT, table_draw(&t));
}
