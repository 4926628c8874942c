/* SPDX-License-Identifier: MIT */
/* cache_int.h - what cache.c and its neighbours share: who relies on which prototype. */
#ifndef US_EXEC_CACHE_INT_H
#define US_EXEC_CACHE_INT_H

#include "vm/exec/cache.h"

/* Handlers that rely on an object, by object: open addressing. */
typedef struct Watch {
    Object *object;                      // NULL: empty
    VEC(uint32_t) handlers;
} Watch;

typedef struct WatchTable {
    Watch   *items;
    uint32_t mask, count;
} WatchTable;

static inline HandlerSpace *cache_space(const Vm *vm)
{
    return vm->handlers;
}

/** Has the site met too many shapes, and nothing more is to be learned of these? Any thread; made exact under the
 *  lock. */
bool cache_is_exhausted(const Vm *vm, const InlineCache *ic);
/** A number for `handler`, under the lock; 0: there is no room for more. Between this and the word that names it
 *  nothing stops, since a collection would free it. */
uint32_t cache_new_handler(const Vm *vm, Handler handler);
/** Teach the site (and the megamorphic table) `word`, under the lock. */
void cache_learn(LocalHeap *h, InlineCache *ic, uint64_t word, PropertyKey key, bool is_store);
/** Has another realm been made than the first (I6)? */
bool cache_has_many_realms(const Vm *vm);
/** Put `word` into the table of megamorphic sites, if it may stand there, under the lock. */
void cache_learn_megamorphic(const Vm *vm, uint64_t word, PropertyKey key, bool is_store);
/** Put `word` into a table of megamorphic sites, under the lock. */
void cache_enter_entry(MegamorphicEntry *e, PropertyKey key, uint64_t word);

/* Where the table has `key` of `shape`. */
static inline MegamorphicEntry *cache_megamorphic(const Vm *vm, uint32_t shape, PropertyKey key, bool is_store)
{
    HandlerSpace *space = cache_space(vm);
    uint32_t i = (shape * 31 ^ (uint32_t)(key >> 4)) % MEGAMORPHIC_ENTRIES;
    return is_store ? &space->stores[i] : &space->loads[i];
}

/* The word of `key` there; 0: none. */
static inline uint64_t cache_probe_entry(const MegamorphicEntry *e, PropertyKey key)
{
    uint64_t word = atomic_get_acquire(&e->word);        // pairs with cache_enter_entry, as do these
    PropertyKey found = atomic_get_acquire(&e->key);
    return found == key && atomic_get_acquire(&e->word) == word ? word : 0;
}

/** Give the table another capacity, a power of two. */
void cache_watch_resize(WatchTable *t, uint32_t capacity);

#endif
