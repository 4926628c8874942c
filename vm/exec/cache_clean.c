/* SPDX-License-Identifier: MIT */
/* What the collector does with caches: sites forget dying shapes, handlers that no site names are free. */
#include "vm/exec/cache_int.h"

#include <string.h>

#include "gc/mark.h"
#include "vm/base/mem.h"

static bool cache_word_is_dying(const Vm *vm, uint64_t word)
{
    return word && shape_is_dying(vm, (uint32_t)word);
}

/* Drop what names dying shapes, and note in `used` the handlers that stay. */
static void cache_clean_words(const Vm *vm, uint64_t *words, uint32_t count, uint8_t *used)
{
    for (uint32_t i = 0; i < count; i++) {
        if (cache_word_is_dying(vm, words[i])) words[i] = 0;
        int32_t payload = cache_payload(words[i]);
        if (payload < 0) used[~payload] = 1;
    }
}

static void cache_clean_add(const Vm *vm, uint64_t *word)
{
    int32_t payload = cache_payload(*word);
    if (payload >= 0 || !*word) return;
    const Handler *handler = cache_handler(vm, payload);
    if (handler->kind == HANDLER_ADD && shape_is_dying(vm, handler->shape)) *word = 0;
}

static void cache_clean_site(const Vm *vm, InlineCache *ic, uint8_t *used)
{
    cache_clean_add(vm, &ic->word);
    cache_clean_words(vm, &ic->word, 1, used);
    cache_clean_add(vm, &ic->second);
    cache_clean_words(vm, &ic->second, 1, used);
    PolyCache *poly = ic->more;
    if (!poly || poly == CACHE_MEGAMORPHIC) return;
    for (uint32_t i = 0; i < poly->count; i++) cache_clean_add(vm, &poly->words[i]);
    cache_clean_words(vm, poly->words, poly->count, used);
}

static void cache_free_unused(HandlerSpace *space, const uint8_t *used)
{
    space->free = 0;
    for (uint32_t i = 1; i < space->used; i++) {
        if (used[i]) continue;
        space->base[i] = (Handler){ .next_free = space->free };
        space->free = i;
    }
}

/* Watches name handlers by number; one that was freed and taken anew would be invalidated for nothing, so they go. */
static void cache_clean_watches(HandlerSpace *space, const uint8_t *used, Marker *m)
{
    WatchTable *t = space->watches;
    uint32_t live = 0;
    for (uint32_t i = 0; i <= t->mask; i++) {
        Watch *w = &t->items[i];
        if (!w->object) continue;
        if (!mark_is_marked(m, w->object)) {
            VEC_FREE(&w->handlers);
            w->object = NULL;
            continue;
        }
        live++;
        uint32_t kept = 0;
        for (uint32_t k = 0; used && k < w->handlers.count; k++)
            if (used[w->handlers.items[k]]) w->handlers.items[kept++] = w->handlers.items[k];
        if (used) w->handlers.count = kept;
    }
    if (live != t->count) {
        t->count = live;
        cache_watch_resize(t, t->mask + 1);
    }
}

/* A site that names the handler of a dead closure misses from now on, whatever closure comes to lie there. */
static void cache_clean_constructs(HandlerSpace *space, Marker *m)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < space->constructs_made.count; i++) {
        uint32_t number = space->constructs_made.items[i];
        Handler *handler = &space->base[number];
        if (handler->kind != HANDLER_CONSTRUCT) continue;                // freed
        if (mark_is_marked(m, value_cell(handler->value))) {
            space->constructs_made.items[kept++] = number;
        } else {
            handler->value = VALUE_HOLE;
            handler->is_valid = false;
        }
    }
    space->constructs_made.count = kept;
}

/* Sites forget what names dying shapes; what no site names any more is free. */
static void cache_clean_sites(Vm *vm, Marker *m)
{
    HandlerSpace *space = cache_space(vm);
    uint8_t *used = mem_alloc_zeroed(space->used);
    memset(space->loads, 0, sizeof space->loads);
    memset(space->stores, 0, sizeof space->stores);
    memset(space->constructs, 0, sizeof space->constructs);
    for (Code *code = vm->codes; code; code = code->older) {
        InlineCache *caches = (InlineCache *)code->feedback;
        for (uint32_t i = 0; i < code->function->cache_count; i++) cache_clean_site(vm, &caches[i], used);
    }
    cache_clean_watches(space, used, m);
    cache_free_unused(space, used);
    space->made = 0;
    mem_free(used);
}

void cache_finish(Vm *vm, Marker *m)
{
    HandlerSpace *space = cache_space(vm);
    if (shape_is_collecting(vm)) cache_clean_sites(vm, m);
    else cache_clean_watches(space, NULL, m);
    cache_clean_constructs(space, m);
}
