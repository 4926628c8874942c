/* SPDX-License-Identifier: MIT */
/* private_field.h - private names: fields, methods and accessors that only their class can say (6.2.13).
 *
 * A private name is a symbol, another one each time its class is evaluated, and what it names is an own property. A
 * site's name is therefore in a register, and may be another one each time:
 *
 * I1  What a site of private names has learned is a Handler of kind HANDLER_CHUNK, HANDLER_ADD, HANDLER_OWN_GETTER or
 *     HANDLER_OWN_SETTER; it holds for the shape in the site's word and for the name in Handler.key, so both are
 *     compared. */
#ifndef US_EXEC_PRIVATE_FIELD_H
#define US_EXEC_PRIVATE_FIELD_H

#include "vm/exec/cache.h"

/** PrivateGet (7.3.31): v.#name. Learns. */
NODISCARD Value private_field_get(Goroutine *g, Value v, Value name, InlineCache *ic);
/** PrivateSet (7.3.32): target.#name = v. Learns, unless `ic` is NULL. */
NODISCARD bool private_field_set(Goroutine *g, Value target, Value name, Value v, InlineCache *ic);
/** PrivateFieldAdd and PrivateMethodOrAccessorAdd (7.3.29, 7.3.30); bits as method_bits.h. Learns. */
NODISCARD bool private_field_define(Goroutine *g, Value target, Value name, Value v, uint32_t bits, InlineCache *ic);

/** What a site knows of `name` in objects of `shape`; NULL: nothing. */
static inline const Handler *private_field_handler(const Vm *vm, const InlineCache *ic, uint32_t shape, Value name,
                                             bool is_store)
{
    uint64_t word = atomic_get_dependent(&ic->word);
    if ((uint32_t)word != shape) word = cache_probe(vm, ic, shape, name, is_store);
    if (!word) return NULL;
    const Handler *handler = cache_handler(vm, cache_payload(word));
    return handler->key == name ? handler : NULL;
}

/** The slot of field `name` of `v` where the site knows it, or NULL. */
static inline Value *private_field_slot(const Vm *vm, const InlineCache *ic, Value v, Value name, bool is_store)
{
    if (!value_is_object(v)) return NULL;
    Object *o = object_of(v);
    const Handler *handler = private_field_handler(vm, ic, atomic_get_dependent(&o->cell.shape), name, is_store);
    return handler && handler->kind == HANDLER_CHUNK ? cache_own_slot(o, handler) : NULL;
}

#endif
