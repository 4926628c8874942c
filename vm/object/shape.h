/* SPDX-License-Identifier: MIT */
/* shape.h - hidden classes: which properties an object has, where their values are, and its prototype.
 *
 * Shapes form trees: adding a property to an object moves it along a transition, so objects built alike share a shape
 * and an inline cache need only compare its number. All shapes of one chain share one PropertyTable; a shape with
 * `count` properties sees the first `count` entries. An object that outgrows this (over SHAPE_DICTIONARY_LIMIT
 * properties, or a delete) gets a dictionary: a shape of its own with a table of its own, changed in place.
 *
 * I1  For a given shape a slot means the same property for as long as any thread may hold the shape. A property's slot
 *     is never given to another one while a shape that names it lives; in a dictionary, only if the object is private.
 * I2  A shape is immutable once published, except `transitions`, max_slots, and everything in a dictionary.
 * I3  Shape numbers index one reserved range, so number and address convert by arithmetic.
 * I4  Shapes are kept alive by cells that have them and by shapes derived from them; transitions are weak. Only
 *     coordinated collections look at a shape's prototype: a private one is kept until then (heap_keep).
 * I5  A cell that a cycle has scanned gets another shape only after shape_note, or after it was put in the log.
 *
 * Threads: shapes are looked for without a lock, and made, entered and linked under one (LOCK_SHAPES), under which
 * nothing is allocated from the collected heap. A place of a table is read once: what was empty may have another
 * shape at the next look. What a reader follows is filled before the releasing store that leads
 * to it. A dictionary changes under the monitor of its object; a reader takes its table first, and how much of it
 * counts from the table itself. Tables are born shared. */
#ifndef US_OBJECT_SHAPE_H
#define US_OBJECT_SHAPE_H

#include "vm/object/property.h"

typedef struct PropertyEntry {
    PropertyKey key;                     // VALUE_HOLE: deleted (dictionaries)
    uint64_t    where;                   // slot << 8 | attributes; in a dictionary, address << 8 | attributes
} PropertyEntry;

/* Entries in order of creation; above SHAPE_LINEAR_LIMIT a hash index of entry numbers plus one follows them. */
typedef struct PropertyTable {
    Cell          cell;
    uint32_t      capacity;              // entries; the index has twice as many places, rounded up to a power of two
    uint32_t      used;                  // atomic: entries written, over all shapes that share the table
    PropertyEntry entries[];
} PropertyTable;

typedef struct ShapeTransition {
    PropertyKey key;                     // or SHAPE_TO_*
    uint32_t    attributes;              // with SHAPE_RECONFIGURES for a change of an existing property
    uint32_t    target;                  // shape number, weak
} ShapeTransition;

typedef struct ShapeTransitions {
    uint32_t        count;               // atomic
    uint32_t        capacity;
    ShapeTransition items[];
} ShapeTransitions;

typedef struct Shape {
    uint64_t          header;            // header word of a new instance
    Value             proto;             // object or null
    PropertyTable    *table;             // NULL: no properties
    ShapeTransitions *transitions;       // C heap
    uint32_t          count;             // entries of the table that are this shape's; of a dictionary, atomic
    uint32_t          slot_count;        // slots in use: the next property's slot
    uint32_t          parent;            // 0: a root
    uint32_t          root;
    union {
        uint32_t      max_slots;         // of a root, atomic: the most slots any shape below it used
        uint32_t      free_slot;         // of a dictionary: object_take_slot
    };
    uint16_t          slots_offset;      // bytes from the cell to its first inline slot
    uint8_t           flags;             // SHAPE_IS_*
    uint8_t           unused;
} Shape;
STATIC_ASSERT(sizeof(Shape) == 56, "shape numbers scale by this");

enum {                                   // Shape.flags
    SHAPE_IS_DICTIONARY = 1,
    SHAPE_IS_UNCACHEABLE = 2,            // a dictionary that sees deletes: not worth an inline cache
    SHAPE_IS_NOT_EXTENSIBLE = 4,
    SHAPE_IS_LAZY_FUNCTION = 8,          // length, name and prototype are not yet made (function.h)
    SHAPE_IS_FREE = 128,
};

enum { SHAPE_LINEAR_LIMIT = 8, SHAPE_DICTIONARY_LIMIT = 60, SHAPE_RECONFIGURES = 256 };

/* Transition keys that are no property. */
#define SHAPE_TO_NOT_EXTENSIBLE VALUE_TRUE
#define SHAPE_TO_SEALED         VALUE_UNDEFINED
#define SHAPE_TO_FROZEN         VALUE_NULL

/* Where a property is. */
typedef struct PropertyPlace {
    uint32_t entry;                      // index in the table
    uint32_t slot;                       // not in a dictionary
    Value   *address;                    // only in a dictionary
    uint8_t  attributes;
} PropertyPlace;

static inline uint32_t shape_number(const Shape *s)
{
    return (uint32_t)s->header;
}

static inline CellKind shape_kind(const Shape *s)
{
    return (CellKind)(uint8_t)(s->header >> 32);
}

static inline uint32_t shape_inline_slots(const Shape *s)
{
    return (uint32_t)(s->header >> 56);
}

static inline uint8_t shape_flags(const Shape *s)
{
    return atomic_get_relaxed(&s->flags);
}

static inline bool shape_is_dictionary(const Shape *s)
{
    return (shape_flags(s) & SHAPE_IS_DICTIONARY) != 0;
}

static inline bool shape_is_extensible(const Shape *s)
{
    return !(shape_flags(s) & SHAPE_IS_NOT_EXTENSIBLE);
}

/* The shape of that number. */
static inline Shape *shape_at(const Vm *vm, uint32_t number)
{
    return &vm->shape_base[number];
}

/* `number` is about to become the shape of a cell or a constant that a cycle, if one goes on, may have scanned; no
 * safepoint comes before the store (I5). */
static inline void shape_note(LocalHeap *h, uint32_t number)
{
    if (heap_is_marking(h->heap)) atomic_set_relaxed(&h->vm->host.shape_marks[number], 1);
}

/** True when an object of shape `s` should rather become a dictionary than get another property. */
bool shape_is_crowded(const Shape *s);

/** The root shape of objects of `kind` with `proto` and room for `inline_slots`; the same one for equal arguments. */
NODISCARD Shape *shape_root(LocalHeap *h, CellKind kind, Value proto, uint32_t inline_slots);

/** As shape_root, but NULL when there is none yet. */
Shape *shape_find_root(const Vm *vm, CellKind kind, Value proto, uint32_t inline_slots);

/** As shape_root with SHAPE_IS_LAZY_FUNCTION. */
NODISCARD Shape *shape_root_lazy_function(LocalHeap *h, CellKind kind, Value proto);

/** Find `key`, an atom or a symbol. */
bool shape_find(const Shape *s, PropertyKey key, PropertyPlace *place);

/** The shape after adding `key`, which `s`, no dictionary, does not have. Its slot is s->slot_count. */
NODISCARD Shape *shape_add(LocalHeap *h, Shape *s, PropertyKey key, uint8_t attributes);

/** The shape after changing entry `entry` of `s`, no dictionary, to `attributes`; `new_slot` also gives it a new slot,
 *  s->slot_count. */
NODISCARD Shape *shape_reconfigure(LocalHeap *h, Shape *s, uint32_t entry, uint8_t attributes, bool new_slot);

/** The shape after preventExtensions, seal or freeze (`how`: SHAPE_TO_*). `s` is no dictionary. */
NODISCARD Shape *shape_restrict(LocalHeap *h, Shape *s, PropertyKey how);

/** The shape of the same properties with another prototype, or NULL when only a dictionary can say it. */
NODISCARD Shape *shape_with_proto(LocalHeap *h, Shape *s, Value proto);

/** A dictionary with the content of `s` for one object; `address_of(context, slot)` tells where a slot is.
 *  `extra_flags`: more SHAPE_IS_*. */
NODISCARD Shape *shape_to_dictionary(LocalHeap *h, Shape *s, Value *(*address_of)(void *, uint32_t), void *context,
                                     uint8_t extra_flags);

/** A copy of dictionary `s` under a new number: what cached the old number misses from now on. */
NODISCARD Shape *shape_renumber(LocalHeap *h, Shape *s);

/** As shape_renumber, with another prototype. */
NODISCARD Shape *shape_dictionary_with_proto(LocalHeap *h, Shape *s, Value proto);

/** Dictionaries, in place: append an entry, change one, remove one. */
void shape_dictionary_add(LocalHeap *h, Shape *s, PropertyKey key, Value *address, uint8_t attributes);
void shape_dictionary_set(Shape *s, uint32_t entry, Value *address, uint8_t attributes);
void shape_dictionary_remove(Shape *s, uint32_t entry);

/** The entries of `s` as they are now, in order of creation; `*count` is their number, deleted ones included. NULL when
 *  there are none. */
const PropertyEntry *shape_entries(const Shape *s, uint32_t *count);

/* Entry `i` of `s`, no dictionary. */
static inline const PropertyEntry *shape_entry(const Shape *s, uint32_t i)
{
    return &s->table->entries[i];
}

static inline PropertyKey shape_entry_key(const PropertyEntry *e)
{
    return atomic_get_relaxed(&e->key);
}

static inline uint8_t shape_entry_attributes(const PropertyEntry *e)
{
    return (uint8_t)atomic_get_relaxed(&e->where);
}

void shape_space_create(LocalHeap *h);
void shape_space_destroy(Vm *vm);
uint32_t shape_space_count(const Vm *vm);

/* Collector. */
size_t shape_table_size(const Cell *c);
void shape_table_trace(Marker *m, Cell *c);
void shape_mark(Vm *vm, Marker *m, uint32_t number);
void shape_prepare(Vm *vm);
/** The next collection is to free shapes, however few there are; any thread. */
void shape_want_collection(const Vm *vm);
/** GcHost.keep_shape_marks, .clear_shape_marks, and .shape_mark_count. */
void shape_keep_marks(Vm *vm);
void shape_clear_marks(Vm *vm);
uint32_t shape_mark_count(const Vm *vm);
/** Native code may hold a shape that no object has yet: keep those that [low, high) points to, or has the
 *  headers of instances of. After shape_prepare. */
void shape_pin_conservatively(Vm *vm, const void *low, const void *high);
void shape_mark_roots(Vm *vm, Marker *m);
void shape_finish(Vm *vm, Marker *m);
/** True in GcHost.finish when shapes will be freed in this cycle: caches must then drop numbers that are not marked.
 *  `number` may be any bits, as the site of a global holds the address of its slot: at worst it learns that anew. */
bool shape_is_dying(const Vm *vm, uint32_t number);
bool shape_is_collecting(const Vm *vm);

#endif
