/* SPDX-License-Identifier: MIT */
#include "vm/value/symbol.h"

#include "gc/alloc.h"
#include "gc/mark.h"
#include "gc/publish.h"
#include "vm/base/hash.h"
#include "vm/base/mutex.h"
#include "vm/value/intern.h"

/* Symbols of Symbol.for, for good: the registry is consulted rarely and small. Their descriptions are atoms. */
struct SymbolRegistry {
    Mutex         lock;                  // LOCK_ATOMS; nothing is allocated under it
    VEC(Symbol *) symbols;               // lock; shared cells
    uint32_t      next_hash;             // atomic
};
typedef struct SymbolRegistry SymbolRegistry;

static const char *const symbol_descriptions[] = {
#define WELL_KNOWN(id, text) text,
#include "vm/value/symbols.def"
};

Symbol *symbol_new(LocalHeap *h, Value description, uint32_t bits)
{
    Symbol *s = alloc_small(h, ALLOC_ROUND(sizeof *s), CELL_HEADER(SHAPE_ID_SYMBOL, KIND_SYMBOL, 0));
    s->hash = (uint32_t)hash_word(atomic_add_relaxed(&h->vm->registry->next_hash, 1)) | 1;
    s->bits = bits;
    s->description = description;
    return s;
}

static Symbol *symbol_find(const SymbolRegistry *registry, Value key)
{
    for (uint32_t i = 0; i < registry->symbols.count; i++)
        if (registry->symbols.items[i]->description == key) return registry->symbols.items[i];
    return NULL;
}

/* The registered symbol of the atom `key`; `s` becomes it when there is none. */
static Symbol *symbol_find_or_add(SymbolRegistry *registry, Value key, Symbol *s)
{
    mutex_lock(&registry->lock);
    Symbol *found = symbol_find(registry, key);
    if (!found && s) VEC_PUSH(&registry->symbols, s);
    mutex_unlock(&registry->lock);
    return found ? found : s;
}

Symbol *symbol_for(LocalHeap *h, String *text)
{
    SymbolRegistry *registry = h->vm->registry;
    Value key = value_from_cell(intern_string(h, text));
    Symbol *found = symbol_find_or_add(registry, key, NULL);
    if (found) return found;
    Symbol *s = symbol_new(h, key, SYMBOL_IS_REGISTERED);
    publish_cell(h, s);
    return symbol_find_or_add(registry, key, s);
}

String *symbol_descriptive_string(LocalHeap *h, Symbol *s)
{
    StringBuilder b;
    string_builder_init(&b);
    string_builder_put_text(&b, "Symbol(");
    if (value_is_string(s->description)) string_builder_put_string(h, &b, string_of(s->description));
    string_builder_put_text(&b, ")");
    return string_builder_end(h, &b);
}

void symbol_create_well_known(LocalHeap *h)
{
    h->vm->registry = mem_alloc_zeroed(sizeof(SymbolRegistry));
    mutex_init(&h->vm->registry->lock, LOCK_ATOMS, 1);
    for (uint32_t i = 0; i < SYMBOL_COUNT; i++) {
        String *description = string_new_text(h, symbol_descriptions[i]);
        h->vm->symbols[i] = value_from_cell(symbol_new(h, value_from_cell(description), 0));
        publish_value(h, h->vm->symbols[i]);
    }
}

void symbol_destroy(Vm *vm)
{
    VEC_FREE(&vm->registry->symbols);
    mem_free(vm->registry);
}

void symbol_mark_roots(Vm *vm, Marker *m)
{
    mark_values(m, vm->symbols, SYMBOL_COUNT);
    for (uint32_t i = 0; i < vm->registry->symbols.count; i++) mark_cell(m, vm->registry->symbols.items[i]);
}
