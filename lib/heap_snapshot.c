/* SPDX-License-Identifier: MIT */
/* The format is V8's: a graph in two arrays of numbers, nodes and edges, and an array of strings that both refer to.
 * Node 0 is the root of all. An edge belongs to the node whose edge_count covers it, and names its target by the index
 * of the target's first number.
 *
 * Distances are counted from what the root refers to and is no part of the tool's own: the global objects. The bytes of
 * array buffers are nodes of their own, as V8's are, behind those of cells.
 *
 * An object has an edge for each of its properties, with its name, besides one for each cell it consists of (property
 * chunks, elements), which have edges to the same values: a tool that follows either finds what keeps a value alive. */
#include "lib/heap_snapshot.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "gc/graph.h"
#include "gc/safepoint.h"
#include "vm/base/buf.h"
#include "vm/base/hash.h"
#include "vm/base/mem.h"
#include "vm/base/vec.h"
#include "vm/object/buffer.h"
#include "vm/object/elements.h"
#include "vm/object/function.h"
#include "vm/object/realm.h"

enum { NODE_FIELDS = 7, SNAPSHOT_TEXT_UNITS = 256 };
enum { SNAPSHOT_ROOT, SNAPSHOT_PRECISE, SNAPSHOT_OTHER, SNAPSHOT_FIRST_CELL };       // the first nodes

static const char snapshot_meta[] =
    "{\"snapshot\":{\"meta\":{"
    "\"node_fields\":[\"type\",\"name\",\"id\",\"self_size\",\"edge_count\",\"trace_node_id\",\"detachedness\"],"
    "\"node_types\":[[\"hidden\",\"array\",\"string\",\"object\",\"code\",\"closure\",\"regexp\",\"number\",\"native\","
    "\"synthetic\",\"concatenated string\",\"sliced string\",\"symbol\",\"bigint\"],"
    "\"string\",\"number\",\"number\",\"number\",\"number\",\"number\"],"
    "\"edge_fields\":[\"type\",\"name_or_index\",\"to_node\"],"
    "\"edge_types\":[[\"context\",\"element\",\"property\",\"internal\",\"hidden\",\"shortcut\",\"weak\"],"
    "\"string_or_number\",\"node\"],"
    "\"trace_function_info_fields\":[],\"trace_node_fields\":[],\"sample_fields\":[],\"location_fields\":[]},";

typedef enum NodeType {
    NODE_HIDDEN, NODE_ARRAY, NODE_STRING, NODE_OBJECT, NODE_CODE, NODE_CLOSURE, NODE_REGEXP, NODE_NUMBER, NODE_NATIVE,
    NODE_SYNTHETIC, NODE_ROPE, NODE_SLICE, NODE_SYMBOL, NODE_BIGINT,
} NodeType;

typedef enum EdgeType {
    EDGE_CONTEXT, EDGE_ELEMENT, EDGE_PROPERTY, EDGE_INTERNAL, EDGE_HIDDEN, EDGE_SHORTCUT,
} EdgeType;

typedef struct Edge {
    uint32_t type, name, target;         // `name`: a string's number, or an index; `target`: a node's number
} Edge;

typedef struct TextPlace {
    uint32_t hash, number;               // number + 1; 0: free
    uint32_t start, size;                // in Snapshot.text
} TextPlace;

typedef struct Snapshot {
    Goroutine *g;
    VEC(Cell *) cells;                   // node i + SNAPSHOT_FIRST_CELL is cells.items[i]: cells,
    uint32_t   cell_count;               // so many, and then BufferStores
    uint32_t  *places;                   // hash table of numbers of cells + 1
    uint32_t   place_mask;
    VEC(Edge)  edges;
    VEC(uint32_t) counts;                // edges of each cell
    VEC(uint32_t) names;                 // of each cell
    VEC(Edge)  root_edges;
    uint32_t   root_counts[SNAPSHOT_FIRST_CELL], root_names[SNAPSHOT_FIRST_CELL];
    uint8_t   *has_retainer;             // of each cell
    Buf        text;                     // the strings, as JSON
    TextPlace *texts;
    uint32_t   text_count, text_capacity;
    uint32_t   store_name;
    uint32_t   next_index;               // of the node that is looked at: its next hidden edge
} Snapshot;

/* ---- strings ----------------------------------------------------------------------------------------------------- */

static void snapshot_grow_texts(Snapshot *s)
{
    uint32_t capacity = s->text_capacity ? s->text_capacity * 2 : 1024;
    TextPlace *texts = mem_alloc_zeroed(capacity * sizeof *texts);
    for (uint32_t i = 0; i < s->text_capacity; i++) {
        if (!s->texts[i].number) continue;
        uint32_t at = s->texts[i].hash & (capacity - 1);
        while (texts[at].number) at = (at + 1) & (capacity - 1);
        texts[at] = s->texts[i];
    }
    mem_free(s->texts);
    s->texts = texts;
    s->text_capacity = capacity;
}

/* The number of the string whose JSON is in s->text from `start` on, which is cut off if it is there already. */
static uint32_t snapshot_intern(Snapshot *s, size_t start)
{
    uint32_t size = (uint32_t)(s->text.count - start);
    uint32_t hash = hash_latin1((const uint8_t *)s->text.bytes + start, size);
    if (s->text_count * 2 >= s->text_capacity) snapshot_grow_texts(s);
    uint32_t at = hash & (s->text_capacity - 1);
    for (; s->texts[at].number; at = (at + 1) & (s->text_capacity - 1)) {
        const TextPlace *t = &s->texts[at];
        if (t->hash != hash || t->size != size) continue;
        if (memcmp(s->text.bytes + t->start, s->text.bytes + start, size)) continue;
        s->text.count = start;
        return t->number - 1;
    }
    s->texts[at] = (TextPlace){ hash, ++s->text_count, (uint32_t)start, size };
    buf_put_text(&s->text, ",\n");
    return s->text_count - 1;
}

static void snapshot_put_unit(Snapshot *s, uint16_t unit)
{
    if (unit == '"' || unit == '\\') buf_format(&s->text, "\\%c", unit);
    else if (unit >= 0x20 && unit < 0x7f) buf_put_byte(&s->text, (uint8_t)unit);
    else buf_format(&s->text, "\\u%04x", unit);
}

static uint32_t snapshot_text(Snapshot *s, const char *ascii)
{
    size_t start = s->text.count;
    buf_put_byte(&s->text, '"');
    for (; *ascii; ascii++) snapshot_put_unit(s, (uint8_t)*ascii);
    buf_put_byte(&s->text, '"');
    return snapshot_intern(s, start);
}

static uint32_t snapshot_string(Snapshot *s, String *string)
{
    const RopeString *rope = (const RopeString *)string;
    if (string->cell.kind == KIND_ROPE && !rope->flat) return snapshot_text(s, "(concatenation)");
    size_t start = s->text.count;
    StringView v = string_flat_view(string);
    size_t n = string->length < SNAPSHOT_TEXT_UNITS ? string->length : SNAPSHOT_TEXT_UNITS;
    buf_put_byte(&s->text, '"');
    for (size_t i = 0; i < n; i++) snapshot_put_unit(s, string_view_unit(v, i));
    buf_put_byte(&s->text, '"');
    return snapshot_intern(s, start);
}

static uint32_t snapshot_key(Snapshot *s, PropertyKey key)
{
    if (key_is_string(key)) return snapshot_string(s, string_of(key));
    Value description = symbol_of(key)->description;
    return value_is_string(description) ? snapshot_string(s, string_of(description)) : snapshot_text(s, "(symbol)");
}

/* ---- nodes ------------------------------------------------------------------------------------------------------- */

static void snapshot_add_cell(void *context, Cell *c)
{
    Snapshot *s = context;
    VEC_PUSH(&s->cells, c);
}

/* Where the number of `c` is, or would be. */
static uint32_t *snapshot_place(const Snapshot *s, const Cell *c)
{
    uint32_t at = (uint32_t)hash_word((uintptr_t)c) & s->place_mask;
    while (s->places[at] && s->cells.items[s->places[at] - 1] != c) at = (at + 1) & s->place_mask;
    return &s->places[at];
}

/* The store of a buffer, or NULL. */
static BufferStore *snapshot_store(const Cell *c)
{
    return c->kind == KIND_ARRAY_BUFFER ? ((const ArrayBuffer *)c)->store : NULL;
}

static void snapshot_number_cells(Snapshot *s)
{
    uint32_t size = 64, stores = 0;
    s->cell_count = s->cells.count;
    for (uint32_t i = 0; i < s->cell_count; i++) stores += snapshot_store(s->cells.items[i]) != NULL;
    while (size < (s->cell_count + stores) * 2) size *= 2;
    s->places = mem_alloc_zeroed(size * sizeof *s->places);
    s->place_mask = size - 1;
    for (uint32_t i = 0; i < s->cell_count; i++) *snapshot_place(s, s->cells.items[i]) = i + 1;
    for (uint32_t i = 0; stores && i < s->cell_count; i++) {
        Cell *store = (Cell *)snapshot_store(s->cells.items[i]);
        if (!store || *snapshot_place(s, store)) continue;           // buffers may share one
        VEC_PUSH(&s->cells, store);
        *snapshot_place(s, store) = s->cells.count;
    }
}

/* The node of a cell; 0: it was made after the collection. */
static uint32_t snapshot_find(const Snapshot *s, const Cell *c)
{
    uint32_t number = *snapshot_place(s, c);
    return number ? number - 1 + SNAPSHOT_FIRST_CELL : 0;
}

static NodeType snapshot_type(const Cell *c)
{
    switch (c->kind) {
    case KIND_STRING:   return NODE_STRING;
    case KIND_ROPE:     return NODE_ROPE;
    case KIND_SLICE:    return NODE_SLICE;
    case KIND_SYMBOL:   return NODE_SYMBOL;
    case KIND_BIGINT:   return NODE_BIGINT;
    case KIND_ELEMENTS: case KIND_SPARSE: case KIND_VALUES: case KIND_TABLE: return NODE_ARRAY;
    case KIND_CODE:     return NODE_CODE;
    case KIND_REGEXP:   return NODE_REGEXP;
    case KIND_EXTERNAL: return NODE_NATIVE;
    case KIND_FUNCTION: case KIND_NATIVE: case KIND_BOUND: return NODE_CLOSURE;
    default:            return c->kind >= KIND_FIRST_OBJECT ? NODE_OBJECT : NODE_HIDDEN;
    }
}

static Value snapshot_slot(const Object *o, const Shape *shape, const PropertyEntry *e)
{
    const Value *slot = shape_is_dictionary(shape) ? (const Value *)(uintptr_t)(e->where >> 8)
                                                   : object_slot(o, shape, (uint32_t)(e->where >> 8));
    return cell_slot_get(slot);
}

/* The value of an own data property, found without running or making anything; undefined: none. */
static Value snapshot_own(const Vm *vm, const Object *o, PropertyKey key)
{
    const Shape *shape = object_shape(vm, o);
    for (uint32_t i = 0; i < atomic_get_acquire(&shape->count); i++) {
        const PropertyEntry *e = &shape->table->entries[i];
        if (e->key != key || (e->where & PROPERTY_ACCESSOR)) continue;
        return snapshot_slot(o, shape, e);
    }
    return VALUE_UNDEFINED;
}

static String *snapshot_function_name(Value f)
{
    if (value_is_kind(f, KIND_FUNCTION)) return string_of(function_of(f)->code->name);
    return value_is_kind(f, KIND_NATIVE) && value_is_string(function_native(f)->name)
        ? string_of(function_native(f)->name) : NULL;
}

static uint32_t snapshot_object_name(Snapshot *s, const Object *o)
{
    const Vm *vm = s->g->vm;
    Value proto = object_proto(vm, o);
    Value f = value_is_object(proto) && !value_is_kind(proto, KIND_PROXY)
        ? snapshot_own(vm, object_of(proto), vm_atom(vm, ATOM_constructor)) : VALUE_UNDEFINED;
    String *name = snapshot_function_name(f);
    return name && name->length ? snapshot_string(s, name) : snapshot_text(s, value_kind_name(o->cell.kind));
}

static uint32_t snapshot_name(Snapshot *s, Cell *c)
{
    if (c->kind < KIND_FIRST_NOT_STRING) return snapshot_string(s, (String *)c);
    if (c->kind == KIND_CODE) return snapshot_string(s, string_of(((const Code *)c)->name));
    String *function = snapshot_function_name(value_from_cell(c));
    if (function) return snapshot_string(s, function);
    if (c->kind >= KIND_FIRST_OBJECT) return snapshot_object_name(s, (const Object *)c);
    char text[40];
    snprintf(text, sizeof text, "(%s)", value_kind_name(c->kind));
    return snapshot_text(s, text);
}

/* ---- edges ------------------------------------------------------------------------------------------------------- */

static void snapshot_edge(Snapshot *s, EdgeType type, uint32_t name, const Cell *target)
{
    uint32_t node = snapshot_find(s, target);
    if (!node) return;
    VEC_PUSH(&s->edges, ((Edge){ type, name, node }));
    s->has_retainer[node - SNAPSHOT_FIRST_CELL] = 1;
}

static void snapshot_value_edge(Snapshot *s, EdgeType type, uint32_t name, Value v)
{
    if (cell_is_reference(v)) snapshot_edge(s, type, name, value_cell(v));
}

static void snapshot_visit(void *context, Cell *target)
{
    Snapshot *s = context;
    snapshot_edge(s, EDGE_HIDDEN, s->next_index++, target);
}

static void snapshot_property_edges(Snapshot *s, const Object *o)
{
    const Shape *shape = object_shape(s->g->vm, o);
    for (uint32_t i = 0; i < atomic_get_acquire(&shape->count); i++) {
        const PropertyEntry *e = &shape->table->entries[i];
        if (value_is_hole(e->key)) continue;
        Value v = snapshot_slot(o, shape, e);
        if (cell_is_reference(v)) snapshot_value_edge(s, EDGE_PROPERTY, snapshot_key(s, e->key), v);
    }
    snapshot_value_edge(s, EDGE_PROPERTY, snapshot_text(s, "__proto__"), shape->proto);
    if (shape->table) snapshot_edge(s, EDGE_INTERNAL, snapshot_text(s, "(names)"), &shape->table->cell);
}

static void snapshot_element_edges(Snapshot *s, const Array *a)
{
    for (uint32_t i = 0; i < a->capacity; i++) snapshot_value_edge(s, EDGE_ELEMENT, i, cell_slot_get(&a->base[i]));
}

static void snapshot_edges_of(Snapshot *s, Cell *c)
{
    uint32_t before = s->edges.count;
    bool is_plain = c->kind >= KIND_FIRST_OBJECT && c->kind != KIND_PROXY && c->kind != KIND_CALLABLE_PROXY;
    if (is_plain) snapshot_property_edges(s, (const Object *)c);
    if (c->kind == KIND_ARRAY) snapshot_element_edges(s, (const Array *)c);
    const Cell *store = (const Cell *)snapshot_store(c);
    if (store) snapshot_edge(s, EDGE_INTERNAL, snapshot_text(s, "backing_store"), store);
    s->next_index = 0;
    graph_each_reference(s->g->vm->heap, c, snapshot_visit, s);
    VEC_PUSH(&s->counts, s->edges.count - before);
}

/* ---- roots: node 0 leads to nodes 1 and 2, these to cells, and to the global objects ----------------------------- */

static void snapshot_visit_root(void *context, Cell *target)
{
    Snapshot *s = context;
    uint32_t node = snapshot_find(s, target);
    if (!node) return;
    VEC_PUSH(&s->root_edges, ((Edge){ EDGE_ELEMENT, s->next_index++, node }));
    s->has_retainer[node - SNAPSHOT_FIRST_CELL] = 1;
}

static void snapshot_global_edges(Snapshot *s)
{
    uint32_t name = snapshot_text(s, "globalThis");
    for (const Realm *realm = s->g->vm->realms; realm; realm = realm->older) {
        uint32_t node = snapshot_find(s, &realm->global->cell);
        if (node) VEC_PUSH(&s->root_edges, ((Edge){ EDGE_SHORTCUT, name, node }));
    }
}

/* What nothing else leads to is kept by C stacks, by hidden classes, or weakly by what is about to go. */
static void snapshot_root_edges(Snapshot *s)
{
    VEC_PUSH(&s->root_edges, ((Edge){ EDGE_ELEMENT, 0, SNAPSHOT_PRECISE }));
    VEC_PUSH(&s->root_edges, ((Edge){ EDGE_ELEMENT, 1, SNAPSHOT_OTHER }));
    snapshot_global_edges(s);
    uint32_t own = s->root_edges.count;
    s->next_index = 0;
    graph_each_root(s->g->vm->heap, snapshot_visit_root, s);
    uint32_t precise = s->root_edges.count - own;
    s->next_index = 0;
    for (uint32_t i = 0; i < s->cells.count; i++)
        if (!s->has_retainer[i]) snapshot_visit_root(s, s->cells.items[i]);
    s->root_counts[SNAPSHOT_ROOT] = own;
    s->root_counts[SNAPSHOT_PRECISE] = precise;
    s->root_counts[SNAPSHOT_OTHER] = s->root_edges.count - own - precise;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static void snapshot_write_node(FILE *out, NodeType type, uint32_t name, uint64_t id, size_t size, uint32_t edges,
                                const char *after)
{
    fprintf(out, "%d,%" PRIu32 ",%" PRIu64 ",%zu,%" PRIu32 ",0,0%s\n", type, name, id, size, edges, after);
}

/* A cell is of one address all its life, so that its number is the same in all snapshots. */
static uint64_t snapshot_id(const Snapshot *s, const Cell *c)
{
    uintptr_t base = (uintptr_t)block_chunk_of(s->cells.items[0]);
    return ((uintptr_t)c - base) / CELL_GRANULE_BYTES * 2 + 2 * SNAPSHOT_FIRST_CELL + 1;
}

/* Odd numbers are those of cells. */
static void snapshot_write_nodes(Snapshot *s, FILE *out)
{
    for (uint32_t i = 0; i < SNAPSHOT_FIRST_CELL; i++)
        snapshot_write_node(out, NODE_SYNTHETIC, s->root_names[i], 2 * i + 1, 0, s->root_counts[i], ",");
    for (uint32_t i = 0; i < s->cell_count; i++) {
        const Cell *c = s->cells.items[i];
        snapshot_write_node(out, snapshot_type(c), s->names.items[i], snapshot_id(s, c),
                            heap_cell_size(s->g->vm->heap, c), s->counts.items[i], i + 1 < s->cells.count ? "," : "");
    }
    for (uint32_t i = s->cell_count; i < s->cells.count; i++) {
        const BufferStore *store = (const BufferStore *)s->cells.items[i];
        uint64_t id = 2 * (uint64_t)(i - s->cell_count + 1);
        snapshot_write_node(out, NODE_NATIVE, s->store_name, id, store->max_length, 0,
                            i + 1 < s->cells.count ? "," : "");
    }
}

static void snapshot_write_edges(FILE *out, const Edge *edges, uint32_t count, const char *last)
{
    for (uint32_t i = 0; i < count; i++)
        fprintf(out, "%" PRIu32 ",%" PRIu32 ",%" PRIu32 "%s\n", edges[i].type, edges[i].name,
                edges[i].target * NODE_FIELDS, i + 1 < count ? "," : last);
}

static int snapshot_write(Snapshot *s, FILE *out)
{
    uint32_t node_count = s->cells.count + SNAPSHOT_FIRST_CELL, edge_count = s->edges.count + s->root_edges.count;
    fputs(snapshot_meta, out);
    fprintf(out, "\"node_count\":%" PRIu32 ",\"edge_count\":%" PRIu32 ",\"trace_function_count\":0},\n", node_count,
            edge_count);
    fputs("\"nodes\":[", out);
    snapshot_write_nodes(s, out);
    fputs("],\n\"edges\":[", out);
    snapshot_write_edges(out, s->root_edges.items, s->root_edges.count, s->edges.count ? "," : "");
    snapshot_write_edges(out, s->edges.items, s->edges.count, "");
    fputs("],\n\"trace_function_infos\":[],\n\"trace_tree\":[],\n\"samples\":[],\n\"locations\":[],\n", out);
    fputs("\"strings\":[", out);
    fwrite(s->text.bytes, 1, s->text.count - 2, out);            // without the last comma
    fputs("]}\n", out);
    return ferror(out) ? errno : 0;
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

static void snapshot_take(Snapshot *s)
{
    static const char *const roots[SNAPSHOT_FIRST_CELL] = { "(root)", "(GC roots)", "(C stacks and hidden classes)" };
    for (uint32_t i = 0; i < SNAPSHOT_FIRST_CELL; i++) s->root_names[i] = snapshot_text(s, roots[i]);
    heap_each_cell(s->g->vm->heap, snapshot_add_cell, s);
    snapshot_number_cells(s);
    s->has_retainer = mem_alloc_zeroed(s->cells.count + 1);
    s->store_name = snapshot_text(s, "system / JSArrayBufferData");
    for (uint32_t i = 0; i < s->cell_count; i++) {
        VEC_PUSH(&s->names, snapshot_name(s, s->cells.items[i]));
        snapshot_edges_of(s, s->cells.items[i]);
    }
    snapshot_root_edges(s);
}

static void snapshot_deinit(Snapshot *s)
{
    VEC_FREE(&s->cells);
    VEC_FREE(&s->edges);
    VEC_FREE(&s->root_edges);
    VEC_FREE(&s->counts);
    VEC_FREE(&s->names);
    mem_free(s->places);
    mem_free(s->has_retainer);
    mem_free(s->texts);
    buf_deinit(&s->text);
}

int lib_heap_snapshot_write(Goroutine *g, const char *path)
{
    Snapshot s = { .g = g };
    LocalHeap *h = &g->heap;
    FILE *out = fopen(path, "w");
    if (!out) return errno;
    buf_init(&s.text);
    heap_collect(h);
    bool held = safepoint_hold_world(h);
    snapshot_take(&s);
    int error = snapshot_write(&s, out);
    safepoint_release_world(h, held);
    snapshot_deinit(&s);
    if (fclose(out) && !error) error = errno;
    return error;
}
