/* SPDX-License-Identifier: MIT */
#include "vm/object/kinds.h"

#include "gc/mark.h"
#include "vm/object/array.h"
#include "vm/object/error.h"
#include "vm/object/function.h"
#include "vm/object/primitive.h"
#include "vm/object/proxy.h"
#include "vm/value/bigint.h"

static const char *const kinds_names[] = {
#define KIND(NAME, text) text,
#include "vm/value/kinds.def"
};

const char *value_kind_name(CellKind kind)
{
    return kinds_names[kind];
}

static void kinds_trace_string(Marker *m, Cell *c)
{
    if (c->kind == KIND_ROPE) {
        RopeString *rope = (RopeString *)c;
        if (rope->flat) {                                        // string.h I2: the world is stopped
            atomic_set_relaxed(&rope->left, NULL);
            atomic_set_relaxed(&rope->right, NULL);
        }
        mark_cell(m, rope->flat);
        mark_cell(m, atomic_get_relaxed(&rope->left));
        mark_cell(m, atomic_get_relaxed(&rope->right));
    } else if (c->kind == KIND_SLICE) {
        mark_cell(m, ((SliceString *)c)->base);
    }
}

static void kinds_trace_symbol(Marker *m, Cell *c)
{
    mark_value(m, ((Symbol *)c)->description);
}

static void kinds_trace_array(Marker *m, Cell *c)
{
    Array *a = (Array *)c;
    mark_cell(m, a->object.ool);
    mark_cell(m, a->elements);
    mark_value(m, a->extra);
    mark_values(m, (Value *)(a + 1), c->extra);
}

static void kinds_trace_bound(Marker *m, Cell *c)
{
    Bound *b = (Bound *)c;
    mark_cell(m, b->object.ool);
    mark_value(m, b->target);
    mark_value(m, b->self);
    mark_cell(m, b->arguments);
}

static void kinds_parts_object(Marker *m, Cell *c, void (*visit)(Marker *m, Cell *part))
{
    Chunk *chunk = ((Object *)c)->ool;
    if (chunk) visit(m, &chunk->cell);
}

static void kinds_parts_array(Marker *m, Cell *c, void (*visit)(Marker *m, Cell *part))
{
    Array *a = (Array *)c;
    kinds_parts_object(m, c, visit);
    if (a->elements) visit(m, a->elements);
}

static void kinds_parts_chunk(Marker *m, Cell *c, void (*visit)(Marker *m, Cell *part))
{
    Chunk *chunk = (Chunk *)c;
    if (chunk->next) visit(m, &chunk->next->cell);
    if (chunk->elements) visit(m, chunk->elements);
}

#define WORDS(Type)        .base_bytes = sizeof(Type)
#define TRACED(Type, fn)   .base_bytes = sizeof(Type), .trace = fn
#define NAMED(KIND)        .name = #KIND

GcKind kinds_gc_table[KIND_COUNT] = {
    [KIND_STRING]         = { NAMED(STRING), .size = string_cell_size, .flags = KIND_IS_LEAF },
    [KIND_ROPE]           = { NAMED(ROPE), .base_bytes = sizeof(RopeString), .size = string_cell_size,
        .trace = kinds_trace_string },
    [KIND_SLICE]          = { NAMED(SLICE), .base_bytes = sizeof(SliceString), .size = string_cell_size,
        .trace = kinds_trace_string },
    [KIND_SYMBOL]         = { NAMED(SYMBOL), TRACED(Symbol, kinds_trace_symbol) },
    [KIND_BIGINT]         = { NAMED(BIGINT), .size = bigint_cell_size, .flags = KIND_IS_LEAF },
    [KIND_VALUES]         = { NAMED(VALUES), .size = list_cell_size, .trace = list_trace },
    [KIND_BOX]            = { NAMED(BOX), WORDS(Box) },
    [KIND_CHUNK]          = { NAMED(CHUNK), .size = object_chunk_size, .flags = KIND_IS_PART,
        .parts = kinds_parts_chunk },
    [KIND_ELEMENTS]       = { NAMED(ELEMENTS), .size = elements_cell_size, .flags = KIND_IS_PART,
        .trace = elements_trace, .trace_items = elements_trace_items },
    [KIND_SPARSE]         = { NAMED(SPARSE), .size = elements_sparse_size, .flags = KIND_IS_PART,
        .trace = elements_sparse_trace },
    [KIND_PROPERTY_TABLE] = { NAMED(PROPERTY_TABLE), .size = shape_table_size, .trace = shape_table_trace },
    [KIND_ACCESSOR]       = { NAMED(ACCESSOR), WORDS(Accessor) },
    [KIND_OBJECT]         = { NAMED(OBJECT), WORDS(Object) },
    [KIND_ARRAY]          = { NAMED(ARRAY), TRACED(Array, kinds_trace_array) },
    [KIND_ARGUMENTS]      = { NAMED(ARGUMENTS), TRACED(Array, kinds_trace_array) },
    [KIND_MAPPED_ARGUMENTS] = { NAMED(MAPPED_ARGUMENTS), TRACED(Array, kinds_trace_array) },
    [KIND_ERROR]          = { NAMED(ERROR), WORDS(ErrorObject) },
    [KIND_WRAPPER]        = { NAMED(WRAPPER), WORDS(Wrapper) },
    [KIND_STRING_OBJECT]  = { NAMED(STRING_OBJECT), WORDS(Wrapper) },
    [KIND_PROXY]          = { NAMED(PROXY), WORDS(Proxy) },
    [KIND_CALLABLE_PROXY] = { NAMED(CALLABLE_PROXY), WORDS(Proxy) },
    [KIND_FUNCTION]       = { NAMED(FUNCTION), .size = function_cell_size, .trace = function_trace },
    [KIND_NATIVE]         = { NAMED(NATIVE), TRACED(Native, function_native_trace) },
    [KIND_BOUND]          = { NAMED(BOUND), TRACED(Bound, kinds_trace_bound) },
};

const ObjectOps *kinds_ops_table[KIND_COUNT] = {
    [KIND_ARRAY] = &array_ops,
    [KIND_STRING_OBJECT] = &primitive_string_ops,
    [KIND_PROXY] = &proxy_ops,
    [KIND_CALLABLE_PROXY] = &proxy_ops,
};

uint16_t kinds_slots_offset(CellKind kind)
{
    switch (kind) {
    case KIND_ARRAY: case KIND_ARGUMENTS: case KIND_MAPPED_ARGUMENTS: return sizeof(Array);
    default: return kinds_gc_table[kind].base_bytes ? (uint16_t)kinds_gc_table[kind].base_bytes : sizeof(Object);
    }
}

static void kinds_set_parts(CellKind kind)
{
    bool is_array = kind == KIND_ARRAY || kind == KIND_ARGUMENTS || kind == KIND_MAPPED_ARGUMENTS;
    kinds_gc_table[kind].parts = is_array ? kinds_parts_array : kinds_parts_object;
}

void kinds_complete(void)
{
    for (uint32_t kind = KIND_FIRST_OBJECT; kind < KIND_COUNT; kind++) kinds_set_parts((CellKind)kind);
}

void kinds_register(CellKind kind, const GcKind *row, const ObjectOps *ops)
{
    kinds_gc_table[kind] = *row;
    kinds_ops_table[kind] = ops;
}
