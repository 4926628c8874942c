/* SPDX-License-Identifier: MIT */
/* The tables of megamorphic sites, which those of all realms share (cache.h I6). */
#include "vm/exec/cache_int.h"
#include "vm/object/realm.h"

void cache_enter_entry(MegamorphicEntry *e, PropertyKey key, uint64_t word)
{
    atomic_set_release(&e->word, 0);                     // pairs with cache_probe_entry, as do these
    atomic_set_release(&e->key, key);
    atomic_set_release(&e->word, word);
}

bool cache_has_many_realms(const Vm *vm)
{
    return atomic_get_acquire(&vm->realms->older) != NULL;       // pairs with realm_link
}

/* A string has its length in each. */
static bool cache_is_for_all_realms(const Vm *vm, uint64_t word)
{
    if ((uint32_t)word >= SHAPE_ID_FIRST_FREE) return true;
    return cache_handler(vm, cache_payload(word))->kind == HANDLER_STRING_LENGTH;
}

void cache_learn_megamorphic(const Vm *vm, uint64_t word, PropertyKey key, bool is_store)
{
    if (cache_has_many_realms(vm) && !cache_is_for_all_realms(vm, word)) return;
    cache_enter_entry(cache_megamorphic(vm, (uint32_t)word, key, is_store), key, word);
}

void cache_realm_made(const Vm *vm)
{
    HandlerSpace *space = cache_space(vm);
    mutex_lock(&space->lock);
    for (int i = 0; i < MEGAMORPHIC_ENTRIES; i++) {
        MegamorphicEntry *e = &space->loads[i];
        if (e->word && !cache_is_for_all_realms(vm, e->word)) cache_enter_entry(e, e->key, 0);
    }
    mutex_unlock(&space->lock);
}
