/* SPDX-License-Identifier: MIT */
/* table.h - insertion-ordered hash tables: what Map and Set are made of (ECMA-262 24.1, 24.2).
 *
 *     Table | entry 0 | entry 1 | ... | bucket 0 | bucket 1 | ...
 *
 * Entries lie in order of insertion; each bucket heads a chain of them. An entry is a key, its hash, the next entry
 * of its chain and, in maps, a value.
 *
 * I1  Keys are normal (table_normal_key): equal numbers have equal bits, so only strings and BigInts need a
 *     comparison of content. Strings are hashed, hence flat: comparing them allocates nothing.
 * I2  A removed entry has the hole for a key and stays in its chain; the index of an entry never changes. The value
 *     of a removed entry is undefined, and is so only after its key is the hole.
 * I3  A table that is full, or mostly of removed entries, is replaced by a new one: `newer` then names it, and the
 *     old one never changes again, and keeps nothing alive but that. Cursors find their place in the new one by
 *     counting the removed entries before it.
 * I4  No entry before `first` is alive.
 *
 * Threads: changes of a shared collection are made under its monitor. Who only looks takes no lock: an entry is there
 * once `used` counts it, gone once its key is the hole, and a table is replaced once `newer` is set; each is one
 * store, by which the operation takes effect. Between finding a table and leaving its entries a reader allocates
 * nothing, so that no collection comes in between (I3). */
#ifndef US_OBJECT_TABLE_H
#define US_OBJECT_TABLE_H

#include "vm/object/object.h"

typedef struct TableEntry {
    Value    key;                        // atomic; the hole: removed
    uint32_t hash;                       // immutable, as is `next`
    uint32_t next;                       // index of the chain's next entry plus one; 0: the last
    Value    value[];                    // atomic; of a map: one
} TableEntry;

typedef struct Table {                   // KIND_TABLE; extra: words of a value, 1 in a map, 0 in a set
    Cell          cell;
    uint32_t      capacity;              // immutable: entries, a power of two, and buckets
    uint32_t      used;                  // atomic: entries written
    uint32_t      count;                 // of these, alive; under the collection's monitor
    uint32_t      first;                 // atomic (I4)
    struct Table *newer;                 // atomic (I3)
    uint32_t      was_cleared;           // with `newer`, and set before: by clear
    uint32_t      unused;
} Table;

typedef struct Collection {              // KIND_MAP, KIND_SET
    Object object;
    Table *table;                        // atomic: the newest table, or one that leads to it
} Collection;

/* A place between entries, which stays right whatever happens to the table. Used by one thread. */
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

/** An empty table of a map or a set. */
NODISCARD Table *table_new(LocalHeap *h, bool has_values);

/** A map or set with an empty table. */
NODISCARD Collection *table_new_collection(LocalHeap *h, CellKind kind, Value proto);

/** CanonicalizeKeyedCollectionKey (24.5.1) and I1. */
Value table_normal_key(Value key);

/** True when `key`, normal or not, is there; `*v`, if asked for, is then its value, in a set undefined. */
bool table_get(LocalHeap *h, const Collection *c, Value key, Value *v);

/** Add `key` with the value `v`, or replace its value; in a set `v` is ignored. False: the heap refuses. */
NODISCARD bool table_put(LocalHeap *h, Collection *c, Value key, Value v);

/** As table_put, but leave an entry that is there as it is: `*v` is then its value. */
NODISCARD bool table_get_or_put(LocalHeap *h, Collection *c, Value key, Value *v);

/** False: was not there. */
bool table_remove(LocalHeap *h, Collection *c, Value key);
void table_clear(LocalHeap *h, Collection *c);

/** Number of keys. */
uint32_t table_count(LocalHeap *h, const Collection *c);

/** A copy of the collection's table without its removed entries. NULL: the heap refuses. */
NODISCARD Table *table_copy(LocalHeap *h, const Collection *c);

/** A cursor before the first entry. */
TableCursor table_begin(const Collection *c);

/** Step over the next live entry and tell its key and value (in a set: undefined). False at the end, where the cursor
 *  stays for as long as nothing is added. */
NODISCARD bool table_next(TableCursor *cursor, Value *key, Value *v);

void table_register_kinds(void);

#endif
