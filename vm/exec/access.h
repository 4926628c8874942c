/* SPDX-License-Identifier: MIT */
/* access.h - outlined halves of property, element and binding bodies. */
#ifndef US_EXEC_ACCESS_H
#define US_EXEC_ACCESS_H

#include "gc/barrier.h"
#include "vm/exec/cache.h"
#include "vm/object/array.h"

/** What a valid handler without user code says of `c`; VALUE_THROWN when it takes access_get to tell. */
static inline Value access_try_handler(const Handler *handler, const Cell *c)
{
    if (UNLIKELY(!atomic_get_acquire(&handler->is_valid))) return VALUE_THROWN;    // pairs with cache_prototype_changed
    switch (handler->kind) {
    case HANDLER_CHUNK:    return cell_slot_get(cache_own_slot((Object *)c, handler));
    case HANDLER_CONSTANT: return handler->value;
    case HANDLER_SLOT:     return cell_slot_get(handler->address);
    case HANDLER_ABSENT:   return VALUE_UNDEFINED;
    default:               return VALUE_THROWN;
    }
}

/** Of the next: the addition that is the first one behind the inline slots of `o`. */
bool access_add_first_chunk(LocalHeap *h, const Handler *handler, Object *o, Value v);

/** Do the store a valid handler describes, on a private object without flags; false when it takes access_set. */
static inline bool access_try_store(LocalHeap *h, const Handler *handler, Object *o, Value v)
{
    if (UNLIKELY(!atomic_get_acquire(&handler->is_valid))) return false;           // pairs with cache_prototype_changed
    if (handler->kind == HANDLER_ADD) {
        if (handler->depth && !o->ool) return access_add_first_chunk(h, handler, o, v);
        cell_slot_set(cache_own_slot(o, handler), v);
        atomic_set_release(&o->cell.shape, handler->shape);                        // pairs with lock-free readers
        return true;
    }
    if (handler->kind == HANDLER_CHUNK) cell_slot_set(cache_own_slot(o, handler), v);
    else if (handler->kind == HANDLER_SLOT) cell_slot_set(handler->address, v);
    else return false;
    return true;
}

/** Define a property of `o`, of header `header`, as `word` says, a site's word for its shape; false when it takes
 *  access_define. */
static inline bool access_try_add(Goroutine *g, uint64_t word, uint64_t header, Object *o, Value v)
{
    if ((header & CELL_STORE_MASK & ~(uint64_t)UINT32_MAX) || cache_payload(word) >= 0) return false;
    const Handler *handler = cache_handler(g->vm, cache_payload(word));
    return handler->kind == HANDLER_ADD && access_try_store(&g->heap, handler, o, v);
}

/** v.name through the cache, learning. */
NODISCARD Value access_get(Goroutine *g, Value v, InlineCache *ic, PropertyKey name);
/** target.name = v, by the strictness of the running code. */
NODISCARD bool access_set(Goroutine *g, Value target, InlineCache *ic, PropertyKey name, Value v);
/** CreateDataPropertyOrThrow of a literal's or class's named member, learning. */
NODISCARD bool access_define(Goroutine *g, Object *o, InlineCache *ic, PropertyKey name, Value v);

/** Element `i` of a string, typed array or arguments object without user code; VALUE_THROWN: ask access_get_element. */
Value access_try_get_element(Goroutine *g, const Cell *c, uint32_t i);
NODISCARD Value access_get_element(Goroutine *g, Value v, Value key);

/** An object as the key of an element of `v` that is read and then written: converted once. */
NODISCARD Value access_element_key(Goroutine *g, Value v, Value key);
NODISCARD bool access_set_element(Goroutine *g, Value target, Value key, Value v);

NODISCARD Tri access_delete(Goroutine *g, Value v, PropertyKey key);
NODISCARD Tri access_delete_element(Goroutine *g, Value v, Value key);
NODISCARD Value access_get_super(Goroutine *g, Value proto, Value key, Value receiver);
NODISCARD bool access_set_super(Goroutine *g, Value proto, Value key, Value receiver, Value v);

/** ReferenceError: `name` used before its initialisation. Always false. */
bool access_throw_dead_zone(Goroutine *g, Value name);

#endif
