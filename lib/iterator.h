/* SPDX-License-Identifier: MIT */
/* iterator.h - the cell of the library's iterators: of arrays, strings, maps, sets, matches, and the iterator
 * helpers. */
#ifndef US_LIB_ITERATOR_H
#define US_LIB_ITERATOR_H

#include "lib/install.h"

typedef enum IteratorType {
    ITERATOR_ARRAY, ITERATOR_STRING, ITERATOR_MAP, ITERATOR_SET, ITERATOR_REGEXP_STRING, ITERATOR_ASYNC_FROM_SYNC,
    ITERATOR_HELPER, ITERATOR_WRAP,
} IteratorType;

typedef struct IteratorObject {          // KIND_ITERATOR
    Object object;
    Value  type;                         // int32 IteratorType; immutable
    Value  source;                       // atomic: what is iterated; undefined: exhausted
    Value  at;                           // atomic: how far: an int32 or double, or what the family makes of it
    Value  mode;                         // the family's; immutable but for helpers (iterator_helper.c)
    Value  more;                         // the family's; likewise
} IteratorObject;

enum { ITERATE_KEYS, ITERATE_VALUES, ITERATE_ENTRIES };      // mode of array, map and set iterators, as int32

/** `v` as an iterator of that type; NULL when it is none. */
static inline IteratorObject *iterator_try_of(Value v, IteratorType type)
{
    if (!value_is_kind(v, KIND_ITERATOR)) return NULL;
    IteratorObject *it = (IteratorObject *)value_cell(v);
    return value_int(it->type) == (int32_t)type ? it : NULL;
}

/** Move from `at` to `next`, unless another goroutine has moved it meanwhile: then false. */
NODISCARD static inline bool iterator_try_advance(IteratorObject *it, Value at, Value next)
{
    if (UNLIKELY(cell_is_shared(&it->object.cell))) return atomic_cas(&it->at, &at, next);
    it->at = next;
    return true;
}

/** A new iterator with a given prototype, at int32 0, `more` undefined. */
NODISCARD IteratorObject *iterator_new(LocalHeap *h, Value proto, IteratorType type, Value source, Value mode);

/** A fresh pair [key, value]. */
NODISCARD Value iterator_new_entry(Goroutine *g, Value key, Value v);

/** %IteratorPrototype% of a realm under construction, made when first asked for. */
Value iterator_prototype(const Lib *lib);

void iterator_register_kinds(void);

#endif
