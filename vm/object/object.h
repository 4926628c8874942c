/* SPDX-License-Identifier: MIT */
/* object.h - objects and their internal methods (ECMA-262 6.1.7.2 and 10.1).
 *
 * An object is its header, a link to out-of-line storage, fields of its kind, and inline slots. Named properties are
 * where the shape says: inline, or in chunks that double in size and never move. Properties with array-index keys are
 * apart from the shape (elements.h).
 *
 * I1  Chunk k has 8 * 2^k words and the last link of the chain is the only one that ever changes, from NULL.
 * I2  An object that is some shape's prototype has OBJECT_IS_PROTOTYPE; a change of its structure, or of a property
 *     that holds a function, is announced through hooks->prototype_changed before it is visible.
 * I3  Any flag but those of the collector sends stores and appends of inline caches to the slow path.
 *
 * Threads (docs/sharing.md): a shared object's properties are found and overwritten without a lock; whoever changes its
 * structure has entered it (object_enter). A slot keeps its name and kind for life, so the address in a PropertyRef may
 * be stored to as long as the thread has not stopped for others (gc/safepoint.h) since it was found.
 *
 * Internal methods take any object and dispatch on its kind (ObjectOps, kinds.h); the ordinary ones are here. */
#ifndef US_OBJECT_OBJECT_H
#define US_OBJECT_OBJECT_H

#include "gc/monitor.h"
#include "gc/safepoint.h"
#include "vm/object/callable.h"
#include "vm/object/list.h"
#include "vm/object/shape.h"

typedef struct Chunk {
    Cell          cell;                  // KIND_CHUNK, extra = k
    struct Chunk *next;
    Cell         *elements;              // of the first chunk: the object's elements, or NULL
    Value         slots[];
} Chunk;

typedef struct Object {
    Cell   cell;
    Chunk *ool;
} Object;

enum {                                   // Cell.flags of objects
    OBJECT_IS_PROTOTYPE = 4,
    OBJECT_FROZEN_ELEMENTS = 8,          // elements are not writable and not configurable
    OBJECT_SEALED_ELEMENTS = 16,         // elements are not configurable
    OBJECT_FIXED_LENGTH = 32,            // an array whose length is not writable
    OBJECT_FIXED_ELEMENTS = 64,          // not extensible: no element may be added
    OBJECT_IS_GLOBAL = 128,              // a realm's global object or global scope: caches hold slot addresses
};

/* A property as found, without copying it into a descriptor. */
typedef struct PropertyRef {
    Value   *address;                    // of the value or the accessor pair; NULL when the property is computed
    Value    value;                      // data: the value; accessor: the KIND_ACCESSOR cell
    uint8_t  attributes;
} PropertyRef;

typedef struct Accessor {
    Cell  cell;                          // KIND_ACCESSOR; immutable
    Value getter;                        // callable or undefined
    Value setter;
} Accessor;

typedef enum KeyFilter {                 // what object_own_keys leaves out
    KEYS_ALL,
    KEYS_STRINGS,                        // no symbols
    KEYS_SYMBOLS,
} KeyFilter;

/* The internal methods of a kind; a NULL member is the ordinary method. Where a Tri is the result, TRI_FALSE is the
 * standard's false (no exception). */
typedef struct ObjectOps {
    Tri   (*get_own)(Goroutine *g, Object *o, PropertyKey key, Descriptor *d);
    Tri   (*define_own)(Goroutine *g, Object *o, PropertyKey key, const Descriptor *d);
    Tri   (*has)(Goroutine *g, Object *o, PropertyKey key);
    Value (*get)(Goroutine *g, Object *o, PropertyKey key, Value receiver);
    Tri   (*set)(Goroutine *g, Object *o, PropertyKey key, Value v, Value receiver);
    Tri   (*delete_own)(Goroutine *g, Object *o, PropertyKey key);
    bool  (*own_keys)(Goroutine *g, Object *o, ValueList **keys);
    Value (*get_proto)(Goroutine *g, Object *o);
    Tri   (*set_proto)(Goroutine *g, Object *o, Value proto);
    Tri   (*is_extensible)(Goroutine *g, Object *o);
    Tri   (*prevent_extensions)(Goroutine *g, Object *o);
} ObjectOps;

enum { CHUNK_HEADER_WORDS = 3, CHUNK_FIRST_WORDS = 8 };

/* Slots of chunk number `k` (I1). */
static inline uint32_t object_chunk_slots(uint32_t k)
{
    return (uint32_t)(CHUNK_FIRST_WORDS << k) - CHUNK_HEADER_WORDS;
}

static inline Object *object_of(Value v)
{
    ASSERT(value_is_object(v), "the value is an object");
    return (Object *)value_cell(v);
}

static inline Shape *object_shape(const Vm *vm, const Object *o)
{
    return shape_at(vm, atomic_get_dependent(&o->cell.shape));
}

/* The prototype that the shape names; a proxy's is asked for by object_get_proto. */
static inline Value object_proto(const Vm *vm, const Object *o)
{
    return object_shape(vm, o)->proto;
}

/* ---- changing shared objects ------------------------------------------------------------------------------------- */

typedef struct ObjectChange {
    bool entered;                        // by this call: what was found before may have changed
    bool stopped;
} ObjectChange;

/** The outlined half of object_enter: `o` is shared. */
ObjectChange object_enter_slow(LocalHeap *h, Object *o, bool alone);

/** Begin a change of the structure of `o`, or several of its steps; nests. If `o` is shared its monitor is entered, so
 *  no user code runs until object_leave; and the world is stopped if it is a prototype, so that no use of an inline
 *  cache is under way when the change is announced, or if `alone` says so. */
static inline ObjectChange object_enter(LocalHeap *h, Object *o, bool alone)
{
    if (LIKELY(!cell_is_shared(&o->cell))) return (ObjectChange){ false, false };
    return object_enter_slow(h, o, alone);
}

static inline void object_leave(LocalHeap *h, Object *o, ObjectChange change)
{
    if (LIKELY(!change.entered && !change.stopped)) return;
    safepoint_release_world(h, change.stopped);
    monitor_exit(h, o, change.entered);
}

static inline uint8_t object_flags(const Object *o)
{
    return atomic_get_relaxed(&o->cell.flags);
}

/** Other threads may set the flags of a shared object at the same time. */
static inline void object_add_flags(Object *o, uint8_t flags)
{
    if (cell_is_shared(&o->cell)) atomic_or_relaxed(&o->cell.flags, flags);
    else o->cell.flags |= flags;
}

/* ---- making objects ------------------------------------------------------------------------------------------- */

/** An object of `shape` whose kind's struct has `size_bytes` (inline slots not counted). Fields behind Object are for
 *  the caller to fill; inline slots are undefined. */
NODISCARD void *object_alloc(LocalHeap *h, Shape *shape, size_t size_bytes);

/** A plain object. */
NODISCARD Object *object_new(LocalHeap *h, Shape *shape);

/** OrdinaryObjectCreate(proto) with room for a few properties. `proto`: object or null. */
NODISCARD Object *object_new_with_proto(LocalHeap *h, Value proto);

/** The root shape for `proto`, marking it as a prototype (I2). */
NODISCARD Shape *object_root_shape(LocalHeap *h, CellKind kind, Value proto, uint32_t inline_slots);

NODISCARD Accessor *object_new_accessor(LocalHeap *h, Value getter, Value setter);

/* ---- storage ---------------------------------------------------------------------------------------------------- */

/** The address of slot `slot` of an object of shape `s`. */
Value *object_slot(const Object *o, const Shape *s, uint32_t slot);

/** Make room for slot `slot` and return its address. */
Value *object_reserve_slot(LocalHeap *h, Object *o, const Shape *s, uint32_t slot);

/** The first chunk, made if need be. */
Chunk *object_ensure_chunk(LocalHeap *h, Object *o);

/** Give `o` another shape. The slots it names are filled. */
static inline void object_set_shape(LocalHeap *h, Object *o, const Shape *s)
{
    shape_note(h, shape_number(s));
    atomic_set_release(&o->cell.shape, shape_number(s));    // pairs with the shape load of lock-free readers
}

/* ---- own properties, ordinary, without user code ----------------------------------------------------------------- */

/** Find an own property of an object whose kind has no get_own. Makes a function's lazy properties first. */
bool object_find_own(LocalHeap *h, Object *o, PropertyKey key, PropertyRef *ref);

/** Add a property that is not there, as the standard's CreateDataProperty would on an extensible object. If another
 *  goroutine has added it meanwhile, it is redefined. For named keys; elements through elements.h. */
void object_add(LocalHeap *h, Object *o, PropertyKey key, Value v, uint8_t attributes);

/** Define a data property or an accessor on an object under construction: any key, no checks, no user code. */
void object_define(LocalHeap *h, Object *o, PropertyKey key, Value v, uint8_t attributes);
void object_define_accessor(LocalHeap *h, Object *o, PropertyKey key, Value getter, Value setter, uint8_t attributes);

/** Give `o` a dictionary shape of its own. `flags`: more SHAPE_IS_*. */
Shape *object_make_dictionary(LocalHeap *h, Object *o, uint8_t flags);

/** Announce a change of `key` on `o` to caches if `o` is a prototype (I2). */
void object_announce(LocalHeap *h, Object *o, PropertyKey key);

/** Make a function's lazy properties real. */
void object_materialize_slow(LocalHeap *h, Object *o);
static inline void object_materialize(LocalHeap *h, Object *o)
{
    if (UNLIKELY(shape_flags(object_shape(h->vm, o)) & SHAPE_IS_LAZY_FUNCTION)) object_materialize_slow(h, o);
}

/** Remove an own property that is there, whatever its attributes. False: the heap refuses. */
NODISCARD bool object_remove(LocalHeap *h, Object *o, PropertyKey key);

/** True when no prototype of `o` has elements, so that an index that is no own one is none at all. */
bool object_inherits_no_elements(const Vm *vm, const Object *o);

/** Mark `o` as somebody's prototype. */
void object_mark_prototype(LocalHeap *h, Object *o);

/* ---- internal methods -------------------------------------------------------------------------------------------- */

NODISCARD Value object_get_proto(Goroutine *g, Object *o);
NODISCARD Tri object_set_proto(Goroutine *g, Object *o, Value proto);
NODISCARD Tri object_is_extensible(Goroutine *g, Object *o);
NODISCARD Tri object_prevent_extensions(Goroutine *g, Object *o);
NODISCARD Tri object_get_own(Goroutine *g, Object *o, PropertyKey key, Descriptor *d);
NODISCARD Tri object_define_own(Goroutine *g, Object *o, PropertyKey key, const Descriptor *d);
NODISCARD Tri object_has(Goroutine *g, Object *o, PropertyKey key);
NODISCARD Value object_get_with(Goroutine *g, Object *o, PropertyKey key, Value receiver);
NODISCARD Tri object_set_with(Goroutine *g, Object *o, PropertyKey key, Value v, Value receiver);
NODISCARD Tri object_delete(Goroutine *g, Object *o, PropertyKey key);

/** [[OwnPropertyKeys]]: strings and symbols as keys, indices as index keys, in the standard's order. NULL: thrown. */
NODISCARD ValueList *object_own_keys(Goroutine *g, Object *o, KeyFilter filter);

/** EnumerableOwnProperties(o, key) (7.3.24) as property keys: the enumerable strings. NULL: thrown. */
NODISCARD ValueList *object_enumerable_keys(Goroutine *g, Object *o);

/** The ordinary method whatever the kind: what an exotic method falls back on. */
void object_restrict(LocalHeap *h, Object *o, PropertyKey how, uint8_t element_flags);      // ordinary preventExtensions
NODISCARD Tri object_ordinary_define_own(Goroutine *g, Object *o, PropertyKey key, const Descriptor *d);
NODISCARD Value object_ordinary_get(Goroutine *g, Object *o, PropertyKey key, Value receiver);
NODISCARD Tri object_ordinary_set(Goroutine *g, Object *o, PropertyKey key, Value v, Value receiver);
NODISCARD Tri object_ordinary_get_own(Goroutine *g, Object *o, PropertyKey key, Descriptor *d);
NODISCARD Tri object_ordinary_has(Goroutine *g, Object *o, PropertyKey key);
NODISCARD Tri object_ordinary_delete(Goroutine *g, Object *o, PropertyKey key);
void object_ordinary_own_keys(LocalHeap *h, Object *o, ValueList **keys);

/** Append the keys of ordinary own properties that are no elements. */
void object_named_keys(LocalHeap *h, Object *o, ValueList **keys);

/** IsCompatiblePropertyDescriptor (10.1.6.2). `current` NULL: no such property. */
bool object_is_compatible(Goroutine *g, bool extensible, const Descriptor *d, const Descriptor *current);

/* ---- the standard's operations on objects (7.3) ------------------------------------------------------------------ */

NODISCARD static inline Value object_get(Goroutine *g, Object *o, PropertyKey key)
{
    return object_get_with(g, o, key, value_from_cell(o));
}

/** Set(o, key, v, true): false when thrown. */
NODISCARD bool object_put(Goroutine *g, Object *o, PropertyKey key, Value v);

/** GetV (7.3.3) for any value; TypeError for undefined and null. */
NODISCARD Value object_get_of(Goroutine *g, Value v, PropertyKey key);

/** GetMethod (7.3.11): undefined or a callable. */
NODISCARD Value object_get_method(Goroutine *g, Value v, PropertyKey key);

/** Invoke (7.3.20). */
NODISCARD Value object_invoke(Goroutine *g, Value v, PropertyKey key, uint32_t count, const Value *arguments);

NODISCARD Tri object_create_data_property(Goroutine *g, Object *o, PropertyKey key, Value v);
NODISCARD bool object_create_data_property_or_throw(Goroutine *g, Object *o, PropertyKey key, Value v);
NODISCARD bool object_define_or_throw(Goroutine *g, Object *o, PropertyKey key, const Descriptor *d);
NODISCARD bool object_delete_or_throw(Goroutine *g, Object *o, PropertyKey key);
NODISCARD Tri object_has_own(Goroutine *g, Object *o, PropertyKey key);

/** SetIntegrityLevel and TestIntegrityLevel (7.3.14, 7.3.15). */
NODISCARD Tri object_set_integrity(Goroutine *g, Object *o, bool frozen);
NODISCARD Tri object_test_integrity(Goroutine *g, Object *o, bool frozen);

/** SpeciesConstructor (7.3.22); `fallback` is a constructor. */
NODISCARD Value object_species_constructor(Goroutine *g, Object *o, Value fallback);

/** OrdinaryHasInstance and InstanceofOperator (7.3.21, 13.10.2). */
NODISCARD Tri object_ordinary_has_instance(Goroutine *g, Value c, Value v);
/** Is `proto` among the prototypes of `o`? */
NODISCARD Tri object_has_in_chain(Goroutine *g, Object *o, Value proto);
NODISCARD Tri object_instance_of(Goroutine *g, Value v, Value target);

/** ToPropertyDescriptor and FromPropertyDescriptor (6.2.6.5, 6.2.6.4). */
NODISCARD bool object_to_descriptor(Goroutine *g, Value v, Descriptor *d);
NODISCARD Value object_from_descriptor(Goroutine *g, const Descriptor *d);

/* ---- collector --------------------------------------------------------------------------------------------------- */

size_t object_chunk_size(const Cell *c);

#endif
