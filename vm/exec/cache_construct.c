/* SPDX-License-Identifier: MIT */
/* What sites of `new` and super() know: the shape of the instances of a new.target. Its own shape tells nothing of
 * that, so words are told apart by their handlers, and there is a table by new.target for sites that have met too
 * many. */
#include "vm/exec/cache_int.h"

/* What the site knew of `f` before its `prototype` changed makes room. */
static void cache_forget_construct(const Vm *vm, const InlineCache *ic, Value f)
{
    const PolyCache *poly = ic->more;
    for (uint32_t i = 0; poly && i < poly->count; i++) {
        uint64_t word = poly->words[i];
        Handler *handler = word ? &cache_space(vm)->base[~cache_payload(word)] : NULL;
        if (handler && handler->value == f) atomic_set_relaxed(&handler->is_valid, false);
    }
}

void cache_learn_construct(LocalHeap *h, InlineCache *ic, Value f, Value *prototype_slot, Object *proto,
                           const Shape *s)
{
    if (cache_is_exhausted(h->vm, ic)) return;
    HandlerSpace *space = cache_space(h->vm);
    if (!cell_is_shared(value_cell(f))) heap_keep(h, value_cell(f));         // I5
    Handler handler = { .kind = HANDLER_CONSTRUCT, .value = f, .address = prototype_slot, .holder = &proto->cell,
                        .shape = shape_number(s) };
    mutex_lock(&space->lock);
    bool is_megamorphic = ic->more == CACHE_MEGAMORPHIC;
    if (!is_megamorphic) cache_forget_construct(h->vm, ic, f);
    uint32_t number = cache_new_handler(h->vm, handler);
    if (number) VEC_PUSH(&space->constructs_made, number);
    uint64_t word = cache_word_handler(shape_number(s), number);
    if (number && !is_megamorphic) cache_learn(h, ic, word, VALUE_HOLE, false);
    if (number && ic->more == CACHE_MEGAMORPHIC)
        cache_enter_entry(&space->constructs[cache_construct_place(f)], f, word);
    mutex_unlock(&space->lock);
}

static const Handler *cache_construct_of(const Vm *vm, uint64_t word, Value f)
{
    const Handler *handler = word ? cache_handler(vm, cache_payload(word)) : NULL;
    return handler && cache_is_for_new(handler, f) ? handler : NULL;
}

const Handler *cache_probe_construct(const Vm *vm, const InlineCache *ic, Value f)
{
    const PolyCache *poly = atomic_get_acquire((PolyCache **)&ic->more);    // pairs with cache_learn
    const Handler *found = cache_construct_of(vm, atomic_get_dependent(&ic->word), f);
    if (found || !poly) return found;
    if (poly == CACHE_MEGAMORPHIC)
        return cache_construct_of(vm, cache_probe_entry(&cache_space(vm)->constructs[cache_construct_place(f)], f), f);
    uint32_t count = atomic_get_relaxed(&poly->count);
    for (uint32_t i = 0; i < count && !found; i++)
        found = cache_construct_of(vm, atomic_get_dependent(&poly->words[i]), f);
    return found;
}
