/* SPDX-License-Identifier: MIT */
/* symbol.h - symbols, private names, and the registry of Symbol.for (ECMA-262 20.4). */
#ifndef US_VALUE_SYMBOL_H
#define US_VALUE_SYMBOL_H

#include "vm/value/string.h"

typedef struct Symbol {
    Cell     cell;
    uint32_t bits;                       // SYMBOL_IS_*
    uint32_t hash;                       // where String has its own: key_hash reads either
    Value    description;                // string or undefined
} Symbol;

enum {
    SYMBOL_IS_PRIVATE = 1,               // a #name: never enumerated, invisible to proxies
    SYMBOL_IS_REGISTERED = 2,            // from Symbol.for
    SYMBOL_IS_METHOD = 4,                // private method or accessor: not assignable as a field
};

static inline Symbol *symbol_of(Value v)
{
    ASSERT(value_is_symbol(v), "the value is a symbol");
    return (Symbol *)value_cell(v);
}

static inline bool symbol_is_private(const Symbol *s)
{
    return (s->bits & SYMBOL_IS_PRIVATE) != 0;
}

NODISCARD Symbol *symbol_new(LocalHeap *h, Value description, uint32_t bits);

/** Symbol.for(key) */
NODISCARD Symbol *symbol_for(LocalHeap *h, String *key);

/** "Symbol(description)" */
NODISCARD String *symbol_descriptive_string(LocalHeap *h, Symbol *s);

void symbol_create_well_known(LocalHeap *h);
void symbol_destroy(Vm *vm);
void symbol_mark_roots(Vm *vm, Marker *m);

#endif
