/* SPDX-License-Identifier: MIT */
/* table.h - insertion-ordered hash tables: what Map and Set are made of (ECMA-262 24.1, 24.2).
 *
 *     Table | entry 0 | entry 1 | ... | bucket 0 | bucket 1 | ...
 *
 * Entries lie in order of insertion; each bucket heads a chain of them. An entry is a key, its hash, the next entry of its
 * chain and, in maps, a value.
 *
 * I1  Keys are normal (table_normal_key): equal numbers have equal bits, so only strings and BigInts need a comparison of
 *     content.
 * I2  A removed entry has the hole for a key and stays in its chain; the index of an entry never changes.
 * I3  A table that is full, or mostly of removed entries, is replaced by a new one: `newer` then names it, and the old one
 *     keeps nothing alive but that. Cursors find their place in the new one by counting the removed entries before it.
 * I4  No entry before `first` is alive. */
#ifndef US_OBJECT_TABLE_H
#define US_OBJECT_TABLE_H

#include "vm/object/object.h"

typedef struct TableEntry {
    Value    key;                        // the hole: removed
    uint32_t hash;
    uint32_t next;                       // index of the chain's next entry plus one; 0: the last
    Value    value[];                    // of a map: one
} TableEntry;

typedef struct Table {                   // KIND_TABLE; extra: words of a value, 1 in a map, 0 in a set
    Cell          cell;
    uint32_t      capacity;              // entries, a power of two, and buckets
    uint32_t      used;                  // entries written
    uint32_t      count;                 // of these, alive
    uint32_t      first;                 // I4
    struct Table *newer;                 // I3
    uint32_t      was_cleared;           // with `newer`: by clear
    uint32_t      unused;
} Table;

typedef struct Collection {              // KIND_MAP, KIND_SET
    Object object;
    Table *table;
} Collection;

/* A place between entries, which stays right whatever happens to the table. */
typedef struct TableCursor {
    Table   *table;                      // the newest when last looked at
    uint32_t index;                      // the entry to visit next
} TableCursor;

enum { TABLE_MAX_CAPACITY = 1 << 27 };

static inline Collection *collection_of(Value v)
{
    ASSERT(value_is_kind(v, KIND_MAP) || value_is_kind(v, KIND_SET), "the value is a map or a set");
    return (Collection *)value_cell(v);
}

static inline TableEntry *table_entry(const Table *t, uint32_t index)
{
    size_t size = sizeof(TableEntry) + t->cell.extra * sizeof(Value);
    return (TableEntry *)((char *)(t + 1) + index * size);
}

/** An empty table of a map or a set. */
NODISCARD Table *table_new(LocalHeap *h, bool has_values);

/** A map or set with an empty table. */
NODISCARD Collection *table_new_collection(LocalHeap *h, CellKind kind, Value proto);

/** CanonicalizeKeyedCollectionKey (24.5.1) and I1. */
Value table_normal_key(Value key);

/** The live entry of `key`, normal or not; NULL when there is none. */
TableEntry *table_find(LocalHeap *h, Table *t, Value key);

/** The entry of `key`, made if need be with an undefined value. NULL: the heap refuses. */
NODISCARD TableEntry *table_insert(LocalHeap *h, Collection *c, Value key);

/** Set the value of an entry of the collection's table. */
static inline void table_set_value(LocalHeap *h, Collection *c, TableEntry *e, Value v)
{
    barrier_store(h, c->table, &e->value[0], v);
}

/** False: was not there. */
bool table_remove(LocalHeap *h, Collection *c, Value key);
void table_clear(LocalHeap *h, Collection *c);

/** A copy of `t` without its removed entries. NULL: the heap refuses. */
NODISCARD Table *table_copy(LocalHeap *h, Table *t);

/** The next live entry, and step beyond it; NULL at the end, where the cursor stays for as long as nothing is added. */
TableEntry *table_next(TableCursor *cursor);

void table_register_kinds(void);

#endif
