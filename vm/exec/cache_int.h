/* SPDX-License-Identifier: MIT */
/* cache_int.h - what cache.c and cache_clean.c share: who relies on which prototype. */
#ifndef US_EXEC_CACHE_INT_H
#define US_EXEC_CACHE_INT_H

#include "vm/base/vec.h"
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

/** Give the table another capacity, a power of two. */
void cache_watch_resize(WatchTable *t, uint32_t capacity);

#endif
