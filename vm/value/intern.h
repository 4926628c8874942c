/* SPDX-License-Identifier: MIT */
/* intern.h - atoms: one string cell for each content that names a property, so that keys compare by address.
 *
 * A property key is a Value: an atom, a symbol, or an array index (INT_TAG over all 32 bits, so 0 .. 2^32 - 2).
 *
 * I1  The table holds atoms weakly; the collector drops the dead ones (intern_finish_part).
 * I2  A string that spells an array index is never the key of a property: intern_key yields the index.
 * I3  Atoms are shared cells, whoever made them.
 * Threads: any; hits take no lock. */
#ifndef US_VALUE_INTERN_H
#define US_VALUE_INTERN_H

#include "vm/value/string.h"
#include "vm/value/symbol.h"

typedef Value PropertyKey;

static inline PropertyKey key_from_index(uint32_t index) { return VALUE_INT_TAG | index; }
static inline bool key_is_index(PropertyKey key)         { return key >= VALUE_INT_TAG; }
static inline uint32_t key_index(PropertyKey key)        { return (uint32_t)key; }
/* The hash of an atom or a symbol. */
static inline uint32_t key_hash(PropertyKey key)
{
    STATIC_ASSERT(offsetof(String, hash) == offsetof(Symbol, hash), "one load for both");
    return atomic_get_relaxed(&((const String *)(uintptr_t)key)->hash);
}

static inline bool key_is_symbol(PropertyKey key)        { return value_is_symbol(key); }
static inline bool key_is_string(PropertyKey key)        { return value_is_string(key); }

/** The atom of the content of `s`. */
NODISCARD String *intern_string(LocalHeap *h, String *s);
NODISCARD String *intern_view(LocalHeap *h, StringView v);
NODISCARD String *intern_text(LocalHeap *h, const char *ascii);

/** The property key for a string: an index when it spells one, else its atom. */
NODISCARD PropertyKey intern_key(LocalHeap *h, String *s);

/** The key of a named property from ASCII text that spells no index. */
NODISCARD static inline PropertyKey intern_key_text(LocalHeap *h, const char *ascii)
{
    return value_from_cell(intern_text(h, ascii));
}

/** Create the table with the atoms of atoms.def, fill vm->atoms, one_unit_strings and empty_string. */
void intern_create(LocalHeap *h);
void intern_destroy(Vm *vm);

/** Collector: drop atoms that are not marked, a part of the table each, several markers at once; mark those of
 *  atoms.def. */
uint32_t intern_finish_parts(const Vm *vm);
void intern_finish_part(Vm *vm, Marker *m, uint32_t part);
void intern_mark_roots(Vm *vm, Marker *m);

#endif
