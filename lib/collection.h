/* SPDX-License-Identifier: MIT */
/* collection.h - what Map, Set, WeakMap and WeakSet have in common: construction from an iterable, and iterators. */
#ifndef US_LIB_COLLECTION_H
#define US_LIB_COLLECTION_H

#include "lib/install.h"
#include "vm/object/table.h"

typedef enum CollectionYield {           // what an iterator yields
    YIELD_MAP_KEY, YIELD_MAP_VALUE, YIELD_MAP_ENTRY, YIELD_SET_KEY, YIELD_SET_ENTRY,
} CollectionYield;

/* A step is made under the iterator's monitor. */
typedef struct CollectionIterator {      // KIND_COLLECTION_ITERATOR
    Object object;
    Table *table;                        // NULL: has come to its end
    Value  index;                        // int32; with `table` a TableCursor
    Value  yield;                        // int32 CollectionYield; immutable
    Value  key, value;                   // of the entry stepped on last, for $cursorKey and $cursorValue
} CollectionIterator;

/** The place of an iterator. False: it has come to its end. */
NODISCARD bool collection_cursor(LocalHeap *h, const CollectionIterator *it, TableCursor *cursor);

/** `this` as a collection of `kind`; NULL: TypeError thrown. */
NODISCARD Collection *collection_this(Goroutine *g, Args a, CellKind kind);

/** TypeError for a receiver of the wrong kind. */
Value collection_throw_receiver(Goroutine *g, Args a, CellKind kind);

/** Methods of both Map and Set, and the getter `size`; magic: the CellKind that `this` has to be. */
NODISCARD Value collection_clear(Goroutine *g, Args a);
NODISCARD Value collection_delete(Goroutine *g, Args a);
NODISCARD Value collection_has(Goroutine *g, Args a);
NODISCARD Value collection_size(Goroutine *g, Args a);

/** The prototype for a construction; TypeError when there was no `new`. */
NODISCARD Value collection_prototype(Goroutine *g, Args a, IntrinsicId proto);

/** AddEntriesFromIterable (24.1.1.2), and its like for sets when not `pairs`: call the method `adder` of `object`
 *  with what `iterable`, if not nullish, yields. `direct` is the built-in adder and `add` does its work. */
NODISCARD bool collection_fill(Goroutine *g, Value object, Value iterable, const char *adder, NativeFunction direct,
                               bool (*add)(Goroutine *g, Value object, Value key, Value v), bool pairs);

/** Add to a map or set; false: thrown (memory). */
NODISCARD bool collection_put(Goroutine *g, Value collection, Value key, Value v);

NODISCARD Value collection_iterate(Goroutine *g, Collection *c, CollectionYield yield, IntrinsicId proto);

/** The prototype of the iterators with its next method. */
void collection_install_iterator(const Lib *lib, IntrinsicId id, const NativeSpec *next, const char *tag);

/** %MapIteratorPrototype%.next and %SetIteratorPrototype%.next (24.1.5.2.1, 24.2.6.2.1); magic: the first
 *  CollectionYield that the iterator may have. And its step (function.h). */
NODISCARD Value collection_iterator_next(Goroutine *g, Args a);
NODISCARD Value collection_map_step(Goroutine *g, Value iterator);
NODISCARD Value collection_set_step(Goroutine *g, Value iterator);

/** get [Symbol.species]: `this`. */
NODISCARD Value collection_species(Goroutine *g, Args a);

void collection_register_kinds(void);

#endif
