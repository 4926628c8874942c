/* SPDX-License-Identifier: MIT */
#include "vm/object/table.h"

#include "gc/alloc.h"
#include "gc/mark.h"
#include "vm/base/hash.h"
#include "vm/object/kinds.h"
#include "vm/value/bigint.h"

enum { TABLE_FIRST_CAPACITY = 4, TABLE_SHRINK_MINIMUM = 32 };

static size_t table_entries_size(const Table *t)
{
    return (size_t)t->capacity * (sizeof(TableEntry) + t->cell.extra * sizeof(Value));
}

static uint32_t *table_buckets(const Table *t)
{
    return (uint32_t *)((char *)(t + 1) + table_entries_size(t));
}

/* ---- keys --------------------------------------------------------------------------------------------------------- */

Value table_normal_key(Value key)
{
    if (!value_is_double(key)) return key;
    double d = value_double(key);
    return d == 0 ? VALUE_ZERO : value_from_double(d);
}

static uint32_t table_hash_bigint(const BigInt *b)
{
    uint64_t hash = b->is_negative;
    for (uint32_t i = 0; i < b->count; i++) hash = hash_word(hash ^ b->limbs[i]);
    return (uint32_t)hash;
}

static uint32_t table_hash(LocalHeap *h, Value key)
{
    if (value_is_string(key)) return string_hash(h, string_of(key));
    if (value_is_bigint(key)) return table_hash_bigint(bigint_of(key));
    return (uint32_t)hash_word(key);
}

/* `e` has the hash of `key`, which is normal. */
static bool table_keys_equal(LocalHeap *h, const TableEntry *e, Value key)
{
    if (e->key == key) return true;
    if (value_is_string(key)) return value_is_string(e->key) && string_equal(h, string_of(e->key), string_of(key));
    return value_is_bigint(key) && value_is_bigint(e->key) && bigint_equal(bigint_of(e->key), bigint_of(key));
}

static TableEntry *table_lookup(LocalHeap *h, Table *t, Value key, uint32_t hash)
{
    for (uint32_t i = table_buckets(t)[hash & (t->capacity - 1)]; i;) {
        TableEntry *e = table_entry(t, i - 1);
        if (e->hash == hash && table_keys_equal(h, e, key)) return e;
        i = e->next;
    }
    return NULL;
}

TableEntry *table_find(LocalHeap *h, Table *t, Value key)
{
    if (t->count == 0) return NULL;
    key = table_normal_key(key);
    return table_lookup(h, t, key, table_hash(h, key));
}

/* ---- making ------------------------------------------------------------------------------------------------------- */

static Table *table_alloc(LocalHeap *h, bool has_values, uint32_t capacity)
{
    Table measure = { .cell = { .extra = has_values }, .capacity = capacity };
    size_t size = sizeof(Table) + table_entries_size(&measure) + (size_t)capacity * sizeof(uint32_t);
    Table *t = alloc_any(h, size, CELL_HEADER(0, KIND_TABLE, has_values));
    if (!t) return NULL;
    t->capacity = capacity;
    t->used = t->count = t->first = 0;
    t->newer = NULL;
    t->was_cleared = t->unused = 0;
    uint32_t *buckets = table_buckets(t);
    for (uint32_t i = 0; i < capacity; i++) buckets[i] = 0;
    return t;
}

Table *table_new(LocalHeap *h, bool has_values)
{
    return table_alloc(h, has_values, TABLE_FIRST_CAPACITY);
}

Collection *table_new_collection(LocalHeap *h, CellKind kind, Value proto)
{
    Table *t = table_new(h, kind == KIND_MAP);
    Collection *c = object_alloc(h, object_root_shape(h, kind, proto, 0), sizeof *c);
    c->table = t;
    return c;
}

/* Append an entry that is not there to a table with room for it. */
static TableEntry *table_append(LocalHeap *h, Table *t, Value key, uint32_t hash)
{
    uint32_t *bucket = &table_buckets(t)[hash & (t->capacity - 1)];
    TableEntry *e = table_entry(t, t->used);
    e->hash = hash;
    e->next = *bucket;
    e->key = VALUE_HOLE;
    if (t->cell.extra) e->value[0] = VALUE_UNDEFINED;
    barrier_store(h, t, &e->key, key);
    *bucket = ++t->used;
    t->count++;
    return e;
}

static Table *table_copy_into(LocalHeap *h, Table *t, uint32_t capacity)
{
    Table *copy = capacity <= TABLE_MAX_CAPACITY ? table_alloc(h, t->cell.extra, capacity) : NULL;
    if (!copy) return NULL;
    for (uint32_t i = t->first; i < t->used; i++) {
        const TableEntry *from = table_entry(t, i);
        if (from->key == VALUE_HOLE) continue;
        TableEntry *e = table_append(h, copy, from->key, from->hash);
        if (t->cell.extra) barrier_store(h, copy, &e->value[0], from->value[0]);
    }
    return copy;
}

Table *table_copy(LocalHeap *h, Table *t)
{
    uint32_t capacity = TABLE_FIRST_CAPACITY;
    while (capacity < t->count) capacity *= 2;
    return table_copy_into(h, t, capacity);
}

/* ---- changing ----------------------------------------------------------------------------------------------------- */

static void table_replace(LocalHeap *h, Collection *c, Table *newer, bool was_cleared)
{
    Table *old = c->table;
    BARRIER_SET(h, old, old->newer, newer);
    old->was_cleared = was_cleared;
    BARRIER_SET(h, c, c->table, newer);
}

static bool table_make_room(LocalHeap *h, Collection *c)
{
    Table *t = c->table;
    if (t->used < t->capacity) return true;
    bool grows = t->count >= t->capacity - t->capacity / 4;
    Table *newer = table_copy_into(h, t, grows ? t->capacity * 2 : t->capacity);
    if (!newer) return false;
    table_replace(h, c, newer, false);
    return true;
}

TableEntry *table_insert(LocalHeap *h, Collection *c, Value key)
{
    key = table_normal_key(key);
    uint32_t hash = table_hash(h, key);
    TableEntry *e = table_lookup(h, c->table, key, hash);
    if (e) return e;
    return table_make_room(h, c) ? table_append(h, c->table, key, hash) : NULL;
}

bool table_remove(LocalHeap *h, Collection *c, Value key)
{
    Table *t = c->table;
    TableEntry *e = table_find(h, t, key);
    if (!e) return false;
    barrier_store(h, t, &e->key, VALUE_HOLE);
    if (t->cell.extra) barrier_store(h, t, &e->value[0], VALUE_UNDEFINED);
    t->count--;
    while (t->first < t->used && table_entry(t, t->first)->key == VALUE_HOLE) t->first++;
    if (t->capacity > TABLE_SHRINK_MINIMUM && t->count < t->capacity / 4) {
        Table *newer = table_copy_into(h, t, t->capacity / 2);
        if (newer) table_replace(h, c, newer, false);
    }
    return true;
}

void table_clear(LocalHeap *h, Collection *c)
{
    if (c->table->used) table_replace(h, c, table_new(h, c->table->cell.extra), true);
}

/* ---- visiting ----------------------------------------------------------------------------------------------------- */

/* Go on to the newest table (I3). */
static void table_catch_up(TableCursor *cursor)
{
    while (cursor->table->newer) {
        const Table *t = cursor->table;
        uint32_t removed = 0;
        for (uint32_t i = 0; i < cursor->index && i < t->used; i++) removed += table_entry(t, i)->key == VALUE_HOLE;
        cursor->index = t->was_cleared ? 0 : cursor->index - removed;
        cursor->table = t->newer;
    }
}

TableEntry *table_next(TableCursor *cursor)
{
    table_catch_up(cursor);
    const Table *t = cursor->table;
    if (cursor->index < t->first) cursor->index = t->first;
    while (cursor->index < t->used) {
        TableEntry *e = table_entry(t, cursor->index++);
        if (e->key != VALUE_HOLE) return e;
    }
    return NULL;
}

/* ---- collector ---------------------------------------------------------------------------------------------------- */

static size_t table_cell_size(const Cell *c)
{
    const Table *t = (const Table *)c;
    return sizeof *t + table_entries_size(t) + (size_t)t->capacity * sizeof(uint32_t);
}

static void table_trace(Marker *m, Cell *c)
{
    const Table *t = (const Table *)c;
    mark_cell(m, t->newer);
    if (t->newer) return;
    for (uint32_t i = t->first; i < t->used; i++) {
        const TableEntry *e = table_entry(t, i);
        mark_value(m, e->key);
        if (t->cell.extra) mark_value(m, e->value[0]);
    }
}

void table_register_kinds(void)
{
    kinds_register(KIND_TABLE, &(GcKind){ .name = "TABLE", .size = table_cell_size, .trace = table_trace }, NULL);
    kinds_register(KIND_MAP, &(GcKind){ .name = "MAP", .base_bytes = sizeof(Collection) }, NULL);
    kinds_register(KIND_SET, &(GcKind){ .name = "SET", .base_bytes = sizeof(Collection) }, NULL);
}
