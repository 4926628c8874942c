/* SPDX-License-Identifier: MIT */
/* cache.h - inline caches: what a site of the program has learned about the shapes it meets.
 *
 * A site is an InlineCache: one word for the shape met last, and a pointer to a PolyCache once it has met more than
 * one. What was the first word before that is its `second`, for machine code; the PolyCache has it, too.
 *
 *     63             32 31             0
 *    | payload         | shape          |      shape 0: empty
 *
 *     payload >= 0: byte offset, from the cell, of an own inline slot that holds a plain value
 *     payload <  0: number of a Handler, complemented
 *
 * I1  Words are read and written whole, so a reader never sees one shape with another one's payload.
 * I2  A Handler is immutable but for `is_valid`, which goes from true to false once, before what it relied on
 *     changes. A stale word can then still lead to it, and misses.
 * I3  A handler that looked at or through prototypes is registered with each of them (cache_watch); a change of one
 *     that concerns its key makes it invalid (VmHooks.prototype_changed).
 * I4  Code is never patched; caches are the only thing an instruction learns.
 * I5  A handler that is told by a cell's address, as are those of `new`, which know closures, forgets it when the cell
 *     dies. Only coordinated collections tell of that: a private cell is kept until then (heap_keep).
 * I6  A site belongs to one realm; the tables of megamorphic sites to all of them. What a string, a symbol or a BigInt
 *     inherits is another thing in each realm, though the shape is the same: it is in the table only while there is
 *     one realm.
 *
 * Threads: caches are used without a lock and taught under one (LOCK_CACHES). A shared object that is a prototype is
 * changed with the world stopped (object_enter), and becomes a prototype so, too: between the tests of a use and its
 * load or store no such change happens. Who teaches first makes prototypes of all objects it will rely on, then notes
 * the epoch, looks, and enters what it found only if no prototype has changed since (cache_changes). */
#ifndef US_EXEC_CACHE_H
#define US_EXEC_CACHE_H

#include "vm/base/vec.h"
#include "vm/object/function.h"

/* Bits of a feedback byte: what arithmetic sites have met. */
enum { FEEDBACK_OVERFLOW = 1, FEEDBACK_DOUBLE = 2, FEEDBACK_OTHER = 4, FEEDBACK_ARRAY = 8, FEEDBACK_TYPED = 16,
       FEEDBACK_STRING = 32 };

typedef enum HandlerKind {
    HANDLER_SLOT,                        // value at `address`, in a prototype or a dictionary
    HANDLER_CHUNK,                       // own slot `offset` bytes into chunk number `depth` - 1
    HANDLER_CONSTANT,                    // a function found in a prototype: `value`
    HANDLER_GETTER,                      // found in a prototype: the getter `value` to call, or undefined
    HANDLER_OWN_GETTER,                  // the accessor pair is in the object's own slot: `depth` and `offset`
    HANDLER_SETTER,                      // found in a prototype: the setter `value` to call
    HANDLER_OWN_SETTER,                  // as HANDLER_OWN_GETTER
    HANDLER_ABSENT,                      // no such property: undefined
    HANDLER_ADD,                         // store: the shape becomes `shape`; slot as depth and offset say
    HANDLER_CONSTRUCT,                   // new.target is closure `value`, whose prototype slot `address` holds `holder`: `shape`
    HANDLER_INSTANCES,                   // `instanceof` a function: @@hasInstance is the built-in one, `prototype` the slot
    HANDLER_ARRAY_LENGTH,
    HANDLER_STRING_LENGTH,
} HandlerKind;

typedef struct Handler {
    uint8_t     kind;                    // HandlerKind
    bool        is_valid;                // atomic (I2)
    uint16_t    depth;                   // 0: `offset` counts from the cell; k: from chunk number k - 1
    int32_t     offset;
    Value       value;
    Value      *address;
    PropertyKey key;
    uint32_t    shape;                   // HANDLER_ADD: the shape after; with its header kind
    uint32_t    next_free;               // while on the free list
    Cell       *holder;                  // keeps `address` alive
} Handler;

enum { POLY_WORDS = 6, MEGAMORPHIC_ENTRIES = 2048 };

typedef struct PolyCache {
    uint32_t count;                      // atomic
    uint64_t words[POLY_WORDS];
} PolyCache;

/* InlineCache.more of a site that has met too many shapes. */
#define CACHE_MEGAMORPHIC ((PolyCache *)1)

/* A reader takes the word, the key, and the word again; a writer clears the word first. A word is of one key. */
typedef struct MegamorphicEntry {
    PropertyKey key;
    uint64_t    word;
} MegamorphicEntry;

/* Under `lock`, or with the world stopped, but for handlers and entries that are read. Handlers that nobody needs any more are freed when shapes
 * are collected: which is asked for when many have been made, and sites that have met too many shapes learn nothing
 * more until then, as they may do so at each use where the tables are too small for them. */
typedef struct HandlerSpace {
    Mutex     lock;
    uint64_t  changes;                   // atomic: how often a prototype changed
    Handler  *base;                      // reserved range
    uint32_t  used, limit, committed, free;      // free: list of numbers, 0 ends it
    uint32_t  made;                      // atomic: handlers since unused ones were freed last
    struct WatchTable *watches;
    VEC(uint32_t) constructs_made;       // the HANDLER_CONSTRUCTs of closures that were alive (I5)
    MegamorphicEntry loads[MEGAMORPHIC_ENTRIES];
    MegamorphicEntry stores[MEGAMORPHIC_ENTRIES];
    MegamorphicEntry constructs[MEGAMORPHIC_ENTRIES];    // by new.target
} HandlerSpace;

/* The own slot that a handler's depth and offset name. */
static inline Value *cache_own_slot(Object *o, const Handler *handler)
{
    char *at = (char *)o;
    if (handler->depth) {
        Chunk *chunk = atomic_get_acquire(&o->ool);
        for (uint32_t k = 1; k < handler->depth; k++) chunk = atomic_get_acquire(&chunk->next);
        at = (char *)chunk;
    }
    return (Value *)(at + handler->offset);
}

/* The accessor pair there. */
static inline const Accessor *cache_own_accessor(Object *o, const Handler *handler)
{
    return (const Accessor *)value_cell(cell_slot_get(cache_own_slot(o, handler)));
}

static inline uint64_t cache_word_inline(uint32_t shape, uint32_t byte_offset)
{
    return (uint64_t)byte_offset << 32 | shape;
}

static inline uint64_t cache_word_handler(uint32_t shape, uint32_t handler)
{
    return (uint64_t)~handler << 32 | shape;
}

static inline int32_t cache_payload(uint64_t word)
{
    return (int32_t)(word >> 32);
}

static inline const Handler *cache_handler(const Vm *vm, int32_t payload)
{
    return &((const HandlerSpace *)vm->handlers)->base[~payload];
}

/* Does the handler of a site of `new` still tell what `new f` makes? */
static inline bool cache_is_for_new(const Handler *handler, Value f)
{
    return handler->value == f && cell_slot_get(handler->address) == value_from_cell(handler->holder);
}

/** The word for `shape` at a site whose first word misses: from its PolyCache or, for a megamorphic site, from the
 *  table for `key`. 0 when it is not known. */
uint64_t cache_probe(const Vm *vm, const InlineCache *ic, uint32_t shape, PropertyKey key, bool is_store);

/** Learn where a load of `key` from `v` finds it; call before the slow load. Learns nothing where nothing can be
 *  cached. */
void cache_learn_load(LocalHeap *h, InlineCache *ic, Value v, Object *start, PropertyKey key);

/** Learn how a store of `key` to `o` goes. Call before the store for existing properties; for an addition pass the
 *  shape from before and call after it. */
void cache_learn_store(LocalHeap *h, InlineCache *ic, Object *o, PropertyKey key);
void cache_learn_add(LocalHeap *h, InlineCache *ic, Object *o, uint32_t old_shape, PropertyKey key);

/** Learn where objects of the shape of `o` have private field, method or accessor `name`; or how a field or method of
 *  `attributes` was added to `o`, of `old_shape` before. */
void cache_learn_private(LocalHeap *h, InlineCache *ic, const Object *o, PropertyKey name, bool is_store);
void cache_learn_private_add(LocalHeap *h, InlineCache *ic, Object *o, uint32_t old_shape, PropertyKey name,
                             uint8_t attributes);

/* Where the table of constructs has `f`. */
static inline uint32_t cache_construct_place(Value f)
{
    return (uint32_t)(f >> 4) % MEGAMORPHIC_ENTRIES;
}

/** Learn the shape of instances made with new.target `f` while `*prototype_slot` holds `proto`. */
void cache_learn_construct(LocalHeap *h, InlineCache *ic, Value f, Value *prototype_slot, Object *proto,
                           const Shape *s);

/** Learn where function `f` of `instanceof` has its `prototype`, if its @@hasInstance is `builtin`. */
void cache_learn_instances(LocalHeap *h, InlineCache *ic, Object *f, Value builtin);

/** The HANDLER_CONSTRUCT that a site knows for `f`, or NULL. */
const Handler *cache_probe_construct(const Vm *vm, const InlineCache *ic, Value f);

/** There is one more realm, in which no code has run yet (I6). */
void cache_realm_made(const Vm *vm);

/** VmHooks.prototype_changed. */
void cache_prototype_changed(LocalHeap *h, Object *o, PropertyKey key);

void cache_create(Vm *vm);
void cache_destroy(Vm *vm);

/** Collector: forget caches of dying shapes; drop watches of dead objects; free handlers nobody needs. */
void cache_finish(Vm *vm, Marker *m);

#endif
