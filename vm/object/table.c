/* SPDX-License-Identifier: MIT */
#include "vm/object/table.h"

#include "gc/alloc.h"
#include "gc/mark.h"
#include "gc/monitor.h"
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

static inline TableEntry *table_entry(const Table *t, uint32_t index)
{
    size_t size = sizeof(TableEntry) + t->cell.extra * sizeof(Value);
    return (TableEntry *)((char *)(t + 1) + index * size);
}

/* The table that counts now: under the monitor for sure, without it at one moment of the call. */
static inline Table *table_newest(const Collection *c)
{
    Table *t = atomic_get_acquire(&c->table);            // pairs with table_replace, as does the other
    for (Table *newer; UNLIKELY((newer = atomic_get_acquire(&t->newer)) != NULL);) t = newer;
    return t;
}

static inline Value table_entry_key(const TableEntry *e)
{
    return atomic_get_acquire(&e->key);                  // pairs with table_store: of a string, its content
}

static inline Value table_entry_value(const Table *t, const TableEntry *e)
{
    return t->cell.extra ? atomic_get_acquire(&e->value[0]) : VALUE_UNDEFINED;       // as is the key
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */

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

/* Both keys are normal and of one hash. */
static bool table_keys_equal(LocalHeap *h, Value a, Value b)
{
    if (a == b) return true;
    if (value_is_string(b)) return value_is_string(a) && string_equal(h, string_of(a), string_of(b));
    return value_is_bigint(b) && value_is_bigint(a) && bigint_equal(bigint_of(a), bigint_of(b));
}

static TableEntry *table_lookup(LocalHeap *h, const Table *t, Value key, uint32_t hash)
{
    uint32_t i = atomic_get_acquire(&table_buckets(t)[hash & (t->capacity - 1)]);    // pairs with table_append
    while (i) {
        TableEntry *e = table_entry(t, i - 1);
        if (e->hash == hash && table_keys_equal(h, table_entry_key(e), key))
            return LIKELY(i <= atomic_get_acquire(&t->used)) ? e : NULL;             // linked, but not yet there
        i = e->next;
    }
    return NULL;
}

bool table_get(LocalHeap *h, const Collection *c, Value key, Value *v)
{
    key = table_normal_key(key);
    uint32_t hash = table_hash(h, key);
    const Table *t = table_newest(c);
    const TableEntry *e = table_lookup(h, t, key, hash);
    if (e && v) *v = table_entry_value(t, e);
    return e != NULL;
}

/* ---- making ------------------------------------------------------------------------------------------------------ */

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

static void table_store(LocalHeap *h, Table *t, Value *slot, Value v)
{
    barrier_store(h, t, slot, v);                        // releases if the table is shared
}

/* Append an entry that is not there to a table with room for it. Readers see it from the store of `used` on. */
static void table_append(LocalHeap *h, Table *t, Value key, uint32_t hash, Value v)
{
    uint32_t *bucket = &table_buckets(t)[hash & (t->capacity - 1)], index = t->used;
    TableEntry *e = table_entry(t, index);
    e->hash = hash;
    e->next = *bucket;
    table_store(h, t, &e->key, key);
    if (t->cell.extra) table_store(h, t, &e->value[0], v);
    t->count++;
    atomic_set_release(bucket, index + 1);               // pairs with table_lookup
    atomic_set_release(&t->used, index + 1);             // pairs with table_lookup and table_next
}

static Table *table_copy_into(LocalHeap *h, Table *t, uint32_t capacity)
{
    Table *copy = capacity <= TABLE_MAX_CAPACITY ? table_alloc(h, t->cell.extra, capacity) : NULL;
    if (!copy) return NULL;
    for (uint32_t i = t->first; i < t->used; i++) {
        const TableEntry *from = table_entry(t, i);
        if (from->key == VALUE_HOLE) continue;
        table_append(h, copy, from->key, from->hash, t->cell.extra ? from->value[0] : VALUE_UNDEFINED);
    }
    return copy;
}

Table *table_copy(LocalHeap *h, const Collection *c)
{
    bool entered = monitor_enter(h, c);
    Table *t = table_newest(c);
    uint32_t capacity = TABLE_FIRST_CAPACITY;
    while (capacity < t->count) capacity *= 2;
    Table *copy = table_copy_into(h, t, capacity);
    monitor_exit(h, c, entered);
    return copy;
}

/* ---- changing ---------------------------------------------------------------------------------------------------- */

/* What is called *_locked holds the collection's monitor if it is shared. */

static void table_replace_locked(LocalHeap *h, Collection *c, Table *old, Table *newer, bool was_cleared)
{
    old->was_cleared = was_cleared;
    BARRIER_SET(h, old, old->newer, newer);              // releases, as does the other; pairs with table_newest
    BARRIER_SET(h, c, c->table, newer);
}

/* The table `t`, or its successor with room for one entry; NULL: the heap refuses. */
static Table *table_make_room_locked(LocalHeap *h, Collection *c, Table *t)
{
    if (t->used < t->capacity) return t;
    bool grows = t->count >= t->capacity - t->capacity / 4;
    Table *newer = table_copy_into(h, t, grows ? t->capacity * 2 : t->capacity);
    if (newer) table_replace_locked(h, c, t, newer, false);
    return newer;
}

static bool table_put_locked(LocalHeap *h, Collection *c, Value key, uint32_t hash, Value *v, bool replaces)
{
    Table *t = table_newest(c);
    TableEntry *e = table_lookup(h, t, key, hash);
    if (!e) {
        t = table_make_room_locked(h, c, t);
        if (t) table_append(h, t, key, hash, *v);
        return t != NULL;
    }
    if (!t->cell.extra) return true;
    if (replaces) table_store(h, t, &e->value[0], *v);
    else *v = e->value[0];
    return true;
}

static bool table_change(LocalHeap *h, Collection *c, Value key, Value *v, bool replaces)
{
    key = table_normal_key(key);
    uint32_t hash = table_hash(h, key);
    bool entered = monitor_enter(h, c);
    bool ok = table_put_locked(h, c, key, hash, v, replaces);
    monitor_exit(h, c, entered);
    return ok;
}

bool table_put(LocalHeap *h, Collection *c, Value key, Value v)
{
    return table_change(h, c, key, &v, true);
}

bool table_get_or_put(LocalHeap *h, Collection *c, Value key, Value *v)
{
    return table_change(h, c, key, v, false);
}

static bool table_remove_locked(LocalHeap *h, Collection *c, Value key, uint32_t hash)
{
    Table *t = table_newest(c);
    TableEntry *e = table_lookup(h, t, key, hash);
    if (!e) return false;
    table_store(h, t, &e->key, VALUE_HOLE);
    if (t->cell.extra) table_store(h, t, &e->value[0], VALUE_UNDEFINED);     // I2
    t->count--;
    uint32_t first = t->first;
    while (first < t->used && table_entry(t, first)->key == VALUE_HOLE) first++;
    atomic_set_relaxed(&t->first, first);
    if (t->capacity > TABLE_SHRINK_MINIMUM && t->count < t->capacity / 4) {
        Table *newer = table_copy_into(h, t, t->capacity / 2);
        if (newer) table_replace_locked(h, c, t, newer, false);
    }
    return true;
}

bool table_remove(LocalHeap *h, Collection *c, Value key)
{
    key = table_normal_key(key);
    uint32_t hash = table_hash(h, key);
    bool entered = monitor_enter(h, c);
    bool was_there = table_remove_locked(h, c, key, hash);
    monitor_exit(h, c, entered);
    return was_there;
}

void table_clear(LocalHeap *h, Collection *c)
{
    bool entered = monitor_enter(h, c);
    Table *t = table_newest(c);
    if (t->used) table_replace_locked(h, c, t, table_new(h, t->cell.extra), true);
    monitor_exit(h, c, entered);
}

uint32_t table_count(LocalHeap *h, const Collection *c)
{
    bool entered = monitor_enter(h, c);
    uint32_t count = table_newest(c)->count;
    monitor_exit(h, c, entered);
    return count;
}

/* ---- visiting ---------------------------------------------------------------------------------------------------- */

TableCursor table_begin(const Collection *c)
{
    return (TableCursor){ table_newest(c), 0 };
}

/* Go on to the newest table (I3). */
static void table_catch_up(TableCursor *cursor)
{
    for (Table *newer; (newer = atomic_get_acquire(&cursor->table->newer)) != NULL; cursor->table = newer) {
        const Table *t = cursor->table;
        uint32_t removed = 0;
        for (uint32_t i = 0; i < cursor->index && i < t->used; i++) removed += table_entry(t, i)->key == VALUE_HOLE;
        cursor->index = t->was_cleared ? 0 : cursor->index - removed;
    }
}

bool table_next(TableCursor *cursor, Value *key, Value *v)
{
    table_catch_up(cursor);
    const Table *t = cursor->table;
    uint32_t first = atomic_get_relaxed(&t->first);
    if (cursor->index < first) cursor->index = first;
    while (cursor->index < atomic_get_acquire(&t->used)) {           // pairs with table_append
        const TableEntry *e = table_entry(t, cursor->index++);
        *key = table_entry_key(e);
        *v = table_entry_value(t, e);
        if (*key != VALUE_HOLE && table_entry_key(e) != VALUE_HOLE) return true;     // the value was the key's (I2)
    }
    return false;
}

/* ---- collector --------------------------------------------------------------------------------------------------- */

static size_t table_cell_size(const Cell *c)
{
    const Table *t = (const Table *)c;
    return sizeof *t + table_entries_size(t) + (size_t)t->capacity * sizeof(uint32_t);
}

static void table_trace_items(Marker *m, Cell *c, size_t first, size_t end)
{
    const Table *t = (const Table *)c;
    if (first == 0) mark_cell(m, t->newer);
    if (t->newer) return;
    if (first < t->first) first = t->first;
    if (end > t->used) end = t->used;
    for (size_t i = first; i < end; i++) {
        const TableEntry *e = table_entry(t, (uint32_t)i);
        mark_value(m, e->key);
        if (t->cell.extra) mark_value(m, e->value[0]);
    }
}

static void table_trace(Marker *m, Cell *c)
{
    table_trace_items(m, c, 0, SIZE_MAX);
}

void table_register_kinds(void)
{
    kinds_register(KIND_TABLE, &(GcKind){ .name = "TABLE", .size = table_cell_size, .trace = table_trace,
                                          .trace_items = table_trace_items }, NULL);
    kinds_register(KIND_MAP, &(GcKind){ .name = "MAP", .base_bytes = sizeof(Collection) }, NULL);
    kinds_register(KIND_SET, &(GcKind){ .name = "SET", .base_bytes = sizeof(Collection) }, NULL);
}
