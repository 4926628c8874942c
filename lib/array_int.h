/* SPDX-License-Identifier: MIT */
/* array_int.h - what the files of Array share: how an array-like is read and written, quickly where it is a plain
 * array.
 *
 * A function works by the standard's letter on any object, and beside that in one loop on a vector where no user code
 * can see the difference. That is asked anew after every call that may run user code.
 * I1  Readable: an array without holes below its vector's end that a prototype could fill. Writable: readable,
 *     extensible, not frozen, its length not fixed, private and no prototype; its vector may be written with plain
 *     stores. */
#ifndef US_LIB_ARRAY_INT_H
#define US_LIB_ARRAY_INT_H

#include <string.h>

#include "lib/install.h"
#include "vm/object/array.h"
#include "vm/value/number.h"

#define ARRAY_MAX_LENGTH 9007199254740991.0      // of array-likes: 2^53 - 1
enum { ARRAY_MAX_EAGER = 1 << 25 };              // elements that a function makes room for on the word of a length

/* The object and length that a method starts with; false: thrown. */
NODISCARD static inline bool lib_array_self(Goroutine *g, Value self, Object **o, double *length)
{
    Value v = TRY_BOOL(convert_to_object(g, self));
    *o = object_of(v);
    return convert_length_of(g, *o, length);
}

static inline bool lib_array_is_readable(const Goroutine *g, const Object *o)
{
    return array_is_simple(g->vm, o);
}

static inline bool lib_array_is_writable(const Goroutine *g, const Object *o)
{
    const Array *a = (const Array *)o;                   // no flag: private, too
    return o->cell.kind == KIND_ARRAY && !object_flags(o) && a->length <= a->capacity && g->vm->no_indexed_prototypes;
}

/* Get(o, index). */
NODISCARD static inline Value lib_array_get(Goroutine *g, Object *o, double index)
{
    if (o->cell.kind == KIND_ARRAY && index < atomic_get_relaxed(&((Array *)o)->capacity)) {
        Value v = elements_try_get((Array *)o, (uint32_t)index);
        if (v != VALUE_HOLE) return v;
    }
    return object_get(g, o, convert_index_to_key(&g->heap, index));
}

/* Get(o, index) if HasProperty(o, index), else the hole. */
NODISCARD Value lib_array_get_present(Goroutine *g, Object *o, double index);

/* Set(o, index, v, true). */
NODISCARD bool lib_array_put(Goroutine *g, Object *o, double index, Value v);

/* Set(o, "length", length, true). */
NODISCARD bool lib_array_put_length(Goroutine *g, Object *o, double length);

/* CreateDataPropertyOrThrow(o, index, v). */
NODISCARD bool lib_array_define(Goroutine *g, Object *o, double index, Value v);

/* DeletePropertyOrThrow(o, index). */
NODISCARD bool lib_array_delete(Goroutine *g, Object *o, double index);

/* ArraySpeciesCreate, and: will it make a plain array of the current realm? */
NODISCARD Value lib_array_species(Goroutine *g, Object *o, double length);
bool lib_array_has_plain_species(Goroutine *g, Object *o);

/* A new array of `count` elements of a readable array, holes included. */
NODISCARD Value lib_array_copy(Goroutine *g, const Array *from, uint32_t start, uint32_t count);

/* The same of any object, by its species, the holes left out: what slice and splice return. */
NODISCARD Value lib_array_extract(Goroutine *g, Object *o, double start, double count);

/* A getter that is no more than `this`: @@species. */
NODISCARD Value lib_array_return_this(Goroutine *g, Args a);

void lib_array_install_changes(const Lib *lib, Value proto);
void lib_array_install_copies(const Lib *lib, Value proto);
void lib_array_install_search(const Lib *lib, Value proto);
void lib_array_install_iterators(const Lib *lib, Value proto);
void lib_array_install_join(const Lib *lib, Value proto);

#endif
