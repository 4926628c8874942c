/* SPDX-License-Identifier: MIT */
#include "vm/value/symbol.h"

#include "gc/alloc.h"
#include "gc/mark.h"
#include "vm/base/hash.h"

/* Symbols of Symbol.for, for good: the registry is consulted rarely and small. */
struct SymbolRegistry {
    VEC(Symbol *) symbols;
    uint32_t next_hash;
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

Symbol *symbol_for(LocalHeap *h, String *key)
{
    SymbolRegistry *registry = h->vm->registry;
    for (uint32_t i = 0; i < registry->symbols.count; i++) {
        Symbol *s = registry->symbols.items[i];
        if (string_equal(h, string_of(s->description), key)) return s;
    }
    Symbol *s = symbol_new(h, value_from_cell(key), SYMBOL_IS_REGISTERED);
    VEC_PUSH(&registry->symbols, s);
    return s;
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
    for (uint32_t i = 0; i < SYMBOL_COUNT; i++) {
        String *description = string_new_text(h, symbol_descriptions[i]);
        h->vm->symbols[i] = value_from_cell(symbol_new(h, value_from_cell(description), 0));
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
