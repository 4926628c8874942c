/* SPDX-License-Identifier: MIT */
#include "vm/object/shape.h"

#include <string.h>

#include "gc/alloc.h"
#include "gc/mark.h"
#include "gc/publish.h"
#include "vm/base/hash.h"
#include "vm/object/kinds.h"
#include "vm/object/shape_int.h"

enum {
    SHAPE_TRANSITION_LIMIT = 512,
    SHAPE_FIRST_CAPACITY = 4,
};

static ShapeSpace *shape_space(LocalHeap *h)
{
    return h->vm->shapes;
}

/* ---- numbers ---------------------------------------------------------------------------------------------- */

static Shape *shape_new(LocalHeap *h)
{
    ShapeSpace *space = shape_space(h);
    ASSERT_HELD(&space->lock);
    uint32_t number;
    if (space->free.count) {
        number = VEC_POP(&space->free);
    } else {
        if (space->used == space->committed) shape_space_commit(h->vm);
        number = space->used++;
    }
    space->live++;
    space->marks[number] = 1;                // born marked: a cycle that runs now must not free it
    Shape *s = shape_at(h->vm, number);
    *s = (Shape){ .header = number };
    return s;
}

static void shape_set_header(Shape *s, CellKind kind, uint32_t inline_slots)
{
    s->header = CELL_HEADER(shape_number(s), kind, inline_slots);
}

/* A new shape with everything of `from` but number and transitions. */
static Shape *shape_copy(LocalHeap *h, const Shape *from)
{
    Shape *s = shape_new(h);
    uint32_t number = shape_number(s);
    *s = *from;
    s->header = (from->header & ~(uint64_t)UINT32_MAX) | number;
    s->transitions = NULL;
    s->parent = shape_number(from);
    return s;
}

static void shape_note_slots(const Vm *vm, const Shape *s)
{
    Shape *root = shape_at(vm, s->root);
    if (s->slot_count > root->max_slots) atomic_set_relaxed(&root->max_slots, s->slot_count);
}

/* ---- property tables -------------------------------------------------------------------------------------- */

static uint32_t shape_table_index_size(uint32_t capacity)
{
    return capacity <= SHAPE_LINEAR_LIMIT ? 0 : (uint32_t)bits_round_up_power_of_two(capacity * 2);
}

static uint32_t *shape_table_index(const PropertyTable *t)
{
    return (uint32_t *)(t->entries + t->capacity);
}

static size_t shape_table_bytes(uint32_t capacity)
{
    return sizeof(PropertyTable) + (size_t)capacity * sizeof(PropertyEntry)
        + (size_t)shape_table_index_size(capacity) * sizeof(uint32_t);
}

size_t shape_table_size(const Cell *c)
{
    return shape_table_bytes(((const PropertyTable *)c)->capacity);
}

void shape_table_trace(Marker *m, Cell *c)
{
    const PropertyTable *t = (const PropertyTable *)c;
    for (uint32_t i = 0; i < t->used; i++) mark_value(m, t->entries[i].key);
}

static void shape_table_enter(PropertyTable *t, uint32_t entry)
{
    uint32_t size = shape_table_index_size(t->capacity);
    if (!size) return;
    uint32_t *index = shape_table_index(t);
    uint32_t i = key_hash(t->entries[entry].key) & (size - 1);
    while (index[i]) i = (i + 1) & (size - 1);
    atomic_set_release(&index[i], entry + 1);        // pairs with the load in shape_table_find
}

static PropertyTable *shape_table_new(LocalHeap *h, const PropertyTable *from, uint32_t count, uint32_t capacity)
{
    size_t size = shape_table_bytes(capacity);
    PropertyTable *t = alloc_must(h, size, CELL_HEADER(0, KIND_PROPERTY_TABLE, 0) | (uint64_t)CELL_SHARED << 40);
    publish_born(h, &t->cell);
    atomic_add_relaxed(&shape_space(h)->table_bytes, size);
    t->capacity = capacity;
    t->used = 0;
    memset(t->entries, 0, size - sizeof *t);
    for (uint32_t i = 0; i < count; i++) {
        if (from->entries[i].key == VALUE_HOLE) continue;        // only in dictionaries, hence not meanwhile
        t->entries[t->used] = from->entries[i];
        shape_table_enter(t, t->used++);
    }
    return t;
}

static bool shape_table_find(const PropertyTable *t, uint32_t count, PropertyKey key, uint32_t *entry)
{
    uint32_t size = shape_table_index_size(t->capacity);
    if (!size) {
        for (uint32_t i = 0; i < count; i++)
            if (shape_entry_key(&t->entries[i]) == key) return *entry = i, true;
        return false;
    }
    const uint32_t *index = shape_table_index(t);
    for (uint32_t i = key_hash(key) & (size - 1);; i = (i + 1) & (size - 1)) {
        uint32_t found = atomic_get_acquire(&index[i]);  // pairs with the store in shape_table_enter
        if (!found) return false;
        if (shape_entry_key(&t->entries[found - 1]) == key && found <= count) return *entry = found - 1, true;
    }
}

/* How many entries of `t`, its table, are those of `s`. What is added to a dictionary meanwhile is in another table or
 * behind the number that was read. */
static uint32_t shape_visible_count(const Shape *s, const PropertyTable *t)
{
    return shape_is_dictionary(s) ? atomic_get_acquire(&t->used) : s->count;     // pairs with shape_table_append
}

const PropertyEntry *shape_entries(const Shape *s, uint32_t *count)
{
    const PropertyTable *t = atomic_get_acquire(&s->table);      // pairs with shape_dictionary_add
    *count = t ? shape_visible_count(s, t) : 0;
    return t ? t->entries : NULL;
}

static uint32_t shape_count_live(const Shape *s)
{
    uint32_t live = 0;
    for (uint32_t i = 0; i < s->count; i++) live += s->table->entries[i].key != VALUE_HOLE;
    return live;
}

/* May the table of `s` take the entry of a shape after it: is `s` its end, and has it room? */
static bool shape_table_has_room(const Shape *s)
{
    const PropertyTable *t = s->table;
    return t && atomic_get_relaxed(&t->used) == s->count && s->count < t->capacity;
}

/* A copy of the table of `s` with room for an entry; removed entries are left out. */
static PropertyTable *shape_table_for_add(LocalHeap *h, const Shape *s)
{
    const PropertyTable *t = s->table;
    if (!t) return shape_table_new(h, NULL, 0, SHAPE_FIRST_CAPACITY);
    uint32_t live = shape_count_live(s), capacity = t->capacity;
    while (capacity < live + live / 4 + 1) capacity *= 2;
    return shape_table_new(h, t, s->count, capacity);
}

static void shape_table_append(PropertyTable *t, PropertyKey key, uint64_t where)
{
    uint32_t entry = t->used;
    atomic_set_relaxed(&t->entries[entry].where, where);
    atomic_set_release(&t->entries[entry].key, key);
    shape_table_enter(t, entry);
    atomic_set_release(&t->used, entry + 1);         // pairs with shape_visible_count
}

bool shape_find(const Shape *s, PropertyKey key, PropertyPlace *place)
{
    uint32_t entry;
    const PropertyTable *t = atomic_get_acquire(&s->table);      // pairs with shape_dictionary_add
    if (!t || !shape_table_find(t, shape_visible_count(s, t), key, &entry)) return false;
    uint64_t where = atomic_get_acquire(&t->entries[entry].where);       // pairs with shape_dictionary_set
    place->entry = entry;
    place->attributes = (uint8_t)where;
    if (shape_is_dictionary(s)) place->address = (Value *)(uintptr_t)(where >> 8);
    else place->slot = (uint32_t)(where >> 8);
    return true;
}

/* ---- transitions -------------------------------------------------------------------------------------------- */

static uint32_t shape_transition_hash(PropertyKey key, uint32_t attributes)
{
    return (uint32_t)hash_word(key ^ (uint64_t)attributes << 52);
}

/* Where the transition is, and its target, or 0 where it would be entered. Who has not the lock goes by that target: a
 * place that was empty may have another transition meanwhile. */
static ShapeTransition *shape_transition_place(ShapeTransitions *t, PropertyKey key, uint32_t attributes,
                                               uint32_t *target)
{
    uint32_t i = shape_transition_hash(key, attributes) & (t->capacity - 1);
    for (;; i = (i + 1) & (t->capacity - 1)) {
        ShapeTransition *item = &t->items[i];
        *target = atomic_get_acquire(&item->target);             // pairs with shape_transition_add
        if (!*target || (item->key == key && item->attributes == attributes)) return item;
    }
}

static Shape *shape_transition_find(const Vm *vm, const Shape *s, PropertyKey key, uint32_t attributes)
{
    ShapeTransitions *t = atomic_get_acquire(&s->transitions);   // pairs with shape_transition_add
    if (!t) return NULL;
    uint32_t target;
    (void)shape_transition_place(t, key, attributes, &target);
    return target ? shape_at(vm, target) : NULL;
}

ShapeTransitions *shape_transitions_copy(const ShapeTransitions *old, uint32_t capacity)
{
    ShapeTransitions *t = mem_alloc_zeroed(sizeof *t + capacity * sizeof t->items[0]);
    t->capacity = capacity;
    for (uint32_t i = 0; old && i < old->capacity; i++) {
        const ShapeTransition *item = &old->items[i];
        uint32_t none;
        if (!item->target) continue;
        *shape_transition_place(t, item->key, item->attributes, &none) = *item;
        t->count++;
    }
    return t;
}

static void shape_transition_add(LocalHeap *h, Shape *s, PropertyKey key, uint32_t attributes, Shape *target)
{
    ShapeTransitions *t = s->transitions;
    if (!t || t->count * 4 >= t->capacity * 3) {
        t = shape_transitions_copy(t, t ? t->capacity * 2 : 4);
        heap_retire(h, s->transitions);
        atomic_set_release(&s->transitions, t);
    }
    uint32_t none;
    ShapeTransition *place = shape_transition_place(t, key, attributes, &none);
    ASSERT(!none, "looked for under this lock");
    place->key = key;
    place->attributes = attributes;
    atomic_set_release(&place->target, shape_number(target));    // pairs with shape_transition_place
    atomic_set_relaxed(&t->count, t->count + 1);
}

static uint32_t shape_transition_count(const Shape *s)
{
    ShapeTransitions *t = atomic_get_acquire(&s->transitions);
    return t ? atomic_get_relaxed(&t->count) : 0;
}

bool shape_is_crowded(const Shape *s)
{
    if (shape_is_dictionary(s)) return false;
    return s->count >= SHAPE_DICTIONARY_LIMIT || shape_transition_count(s) >= SHAPE_TRANSITION_LIMIT;
}

/* Under the lock: the shape after `s` by the addition, in `table` where `s` is the end. */
static Shape *shape_link_addition(LocalHeap *h, Shape *s, PropertyTable *table, PropertyKey key, uint8_t attributes)
{
    shape_table_append(table, key, (uint64_t)s->slot_count << 8 | attributes);
    Shape *next = shape_copy(h, s);
    next->table = table;
    next->count++;
    next->slot_count++;
    shape_note_slots(h->vm, next);
    shape_transition_add(h, s, key, attributes, next);
    return next;
}

Shape *shape_add(LocalHeap *h, Shape *s, PropertyKey key, uint8_t attributes)
{
    ASSERT(!shape_is_dictionary(s), "dictionaries change in place");
    Mutex *lock = &shape_space(h)->lock;
    Shape *next = shape_transition_find(h->vm, s, key, attributes);
    PropertyTable *own = NULL;
    while (!next) {
        if (!own && !shape_table_has_room(s)) own = shape_table_for_add(h, s);
        publish_value(h, key);
        mutex_lock(lock);
        next = shape_transition_find(h->vm, s, key, attributes);
        PropertyTable *table = shape_table_has_room(s) ? s->table : own;
        if (!next && table) next = shape_link_addition(h, s, table, key, attributes);
        mutex_unlock(lock);
    }
    return next;
}

/* The shape after `s` by a transition other than an addition, with `table`, made for it; or the one that was entered
 * meanwhile. */
static Shape *shape_link(LocalHeap *h, Shape *s, PropertyTable *table, PropertyKey key, uint32_t label, bool new_slot,
                         uint8_t flags)
{
    Mutex *lock = &shape_space(h)->lock;
    mutex_lock(lock);
    Shape *next = shape_transition_find(h->vm, s, key, label);
    if (!next) {
        next = shape_copy(h, s);
        next->table = table;
        next->slot_count += new_slot;
        next->flags |= flags;
        shape_note_slots(h->vm, next);
        shape_transition_add(h, s, key, label, next);
    }
    mutex_unlock(lock);
    return next;
}

Shape *shape_reconfigure(LocalHeap *h, Shape *s, uint32_t entry, uint8_t attributes, bool new_slot)
{
    ASSERT(!shape_is_dictionary(s), "dictionaries change in place");
    PropertyKey key = s->table->entries[entry].key;
    uint32_t label = attributes | SHAPE_RECONFIGURES;
    Shape *next = shape_transition_find(h->vm, s, key, label);
    if (next) return next;
    uint64_t slot = new_slot ? s->slot_count : s->table->entries[entry].where >> 8;
    PropertyTable *table = shape_table_new(h, s->table, s->count, s->table->capacity);
    table->entries[entry].where = slot << 8 | attributes;
    return shape_link(h, s, table, key, label, new_slot, 0);
}

static void shape_restrict_entries(PropertyTable *t, uint32_t count, PropertyKey how)
{
    for (uint32_t i = 0; i < count; i++) {
        PropertyEntry *e = &t->entries[i];
        if (e->key == VALUE_HOLE || (key_is_symbol(e->key) && symbol_is_private(symbol_of(e->key)))) continue;
        e->where &= ~(uint64_t)PROPERTY_CONFIGURABLE;
        if (how == SHAPE_TO_FROZEN && !(e->where & PROPERTY_ACCESSOR)) e->where &= ~(uint64_t)PROPERTY_WRITABLE;
    }
}

Shape *shape_restrict(LocalHeap *h, Shape *s, PropertyKey how)
{
    ASSERT(!shape_is_dictionary(s), "dictionaries change in place");
    Shape *next = shape_transition_find(h->vm, s, how, SHAPE_RECONFIGURES);
    if (next) return next;
    PropertyTable *table = s->table;
    if (table && how != SHAPE_TO_NOT_EXTENSIBLE) {
        table = shape_table_new(h, table, s->count, table->capacity);
        shape_restrict_entries(table, s->count, how);
    }
    return shape_link(h, s, table, how, SHAPE_RECONFIGURES, false, SHAPE_IS_NOT_EXTENSIBLE);
}

/* ---- roots -------------------------------------------------------------------------------------------------- */

static uint32_t shape_root_hash(CellKind kind, Value proto, uint32_t inline_slots, uint8_t flags)
{
    return (uint32_t)hash_word(proto ^ (uint64_t)kind << 56 ^ (uint64_t)inline_slots << 48 ^ (uint64_t)flags << 40);
}

/* Where the root is, and its number, or 0 where it would be entered. The number counts, as with transitions. */
static uint32_t *shape_root_place(const Vm *vm, ShapeRoots *roots, CellKind kind, Value proto, uint32_t inline_slots,
                                  uint8_t flags, uint32_t *number)
{
    uint32_t i = shape_root_hash(kind, proto, inline_slots, flags) & roots->mask;
    for (;; i = (i + 1) & roots->mask) {
        *number = atomic_get_acquire(&roots->numbers[i]);                // pairs with shape_root_make
        if (!*number) return &roots->numbers[i];
        const Shape *s = shape_at(vm, *number);
        if (s->proto == proto && shape_kind(s) == kind && shape_inline_slots(s) == inline_slots && s->flags == flags)
            return &roots->numbers[i];
    }
}

static Shape *shape_root_find(const Vm *vm, CellKind kind, Value proto, uint32_t inline_slots, uint8_t flags)
{
    const ShapeSpace *space = vm->shapes;
    ShapeRoots *roots = atomic_get_acquire((ShapeRoots **)&space->roots);        // pairs with shape_root_make
    uint32_t number;
    (void)shape_root_place(vm, roots, kind, proto, inline_slots, flags, &number);
    return number ? shape_at(vm, number) : NULL;
}

ShapeRoots *shape_roots_copy(const Vm *vm, const ShapeRoots *old, uint32_t capacity)
{
    ShapeRoots *roots = mem_alloc_zeroed(sizeof *roots + capacity * sizeof roots->numbers[0]);
    roots->mask = capacity - 1;
    for (uint32_t i = 0; old && i <= old->mask; i++) {
        uint32_t number = old->numbers[i], none;
        if (!number) continue;
        const Shape *s = shape_at(vm, number);
        *shape_root_place(vm, roots, shape_kind(s), s->proto, shape_inline_slots(s), s->flags, &none) = number;
        roots->count++;
    }
    return roots;
}

/* Under the lock. */
static Shape *shape_root_make(LocalHeap *h, CellKind kind, Value proto, uint32_t inline_slots, uint8_t flags)
{
    ShapeSpace *space = shape_space(h);
    Shape *s = shape_new(h);
    shape_set_header(s, kind, inline_slots);
    s->proto = proto;
    s->root = shape_number(s);
    s->slots_offset = kinds_slots_offset(kind);
    s->flags = flags;
    if (space->roots->count >= space->roots->mask / 4 * 3) {
        ShapeRoots *larger = shape_roots_copy(h->vm, space->roots, (space->roots->mask + 1) * 2);
        heap_retire(h, space->roots);
        atomic_set_release(&space->roots, larger);       // pairs with shape_root_find
    }
    space->roots->count++;
    uint32_t none;
    uint32_t *place = shape_root_place(h->vm, space->roots, kind, proto, inline_slots, flags, &none);
    ASSERT(!none, "looked for under this lock");
    atomic_set_release(place, shape_number(s));          // pairs with shape_root_place
    return s;
}

/* A private prototype outlives the shapes that get it (I4). */
static void shape_keep_proto(LocalHeap *h, Value proto)
{
    if (value_is_cell(proto) && !cell_is_shared(value_cell(proto))) heap_keep(h, value_cell(proto));
}

static Shape *shape_root_of(LocalHeap *h, CellKind kind, Value proto, uint32_t inline_slots, uint8_t flags)
{
    Shape *s = shape_root_find(h->vm, kind, proto, inline_slots, flags);
    if (LIKELY(s != NULL)) return s;
    Mutex *lock = &shape_space(h)->lock;
    shape_keep_proto(h, proto);
    mutex_lock(lock);
    s = shape_root_find(h->vm, kind, proto, inline_slots, flags);
    if (!s) s = shape_root_make(h, kind, proto, inline_slots, flags);
    mutex_unlock(lock);
    return s;
}

Shape *shape_root(LocalHeap *h, CellKind kind, Value proto, uint32_t inline_slots)
{
    return shape_root_of(h, kind, proto, inline_slots, 0);
}

Shape *shape_find_root(const Vm *vm, CellKind kind, Value proto, uint32_t inline_slots)
{
    return shape_root_find(vm, kind, proto, inline_slots, 0);
}

Shape *shape_root_lazy_function(LocalHeap *h, CellKind kind, Value proto)
{
    return shape_root_of(h, kind, proto, 0, SHAPE_IS_LAZY_FUNCTION);
}

/* Replay the additions from the root of the new prototype. That says the same only if slots count up in order. */
Shape *shape_with_proto(LocalHeap *h, Shape *s, Value proto)
{
    if (shape_is_dictionary(s) || s->slot_count != s->count) return NULL;
    for (uint32_t i = 0; i < s->count; i++)
        if (s->table->entries[i].where >> 8 != i) return NULL;
    uint8_t lazy = s->flags & SHAPE_IS_LAZY_FUNCTION;
    Shape *next = shape_root_of(h, shape_kind(s), proto, shape_inline_slots(s), lazy);
    for (uint32_t i = 0; i < s->count; i++)
        next = shape_add(h, next, s->table->entries[i].key, shape_entry_attributes(&s->table->entries[i]));
    return s->flags & SHAPE_IS_NOT_EXTENSIBLE ? shape_restrict(h, next, SHAPE_TO_NOT_EXTENSIBLE) : next;
}

/* ---- dictionaries --------------------------------------------------------------------------------------------- */

/* A copy of `s` that is derived from no shape. */
static Shape *shape_copy_locked(LocalHeap *h, const Shape *s)
{
    Mutex *lock = &shape_space(h)->lock;
    mutex_lock(lock);
    Shape *d = shape_copy(h, s);
    mutex_unlock(lock);
    d->parent = 0;
    return d;
}

Shape *shape_to_dictionary(LocalHeap *h, Shape *s, Value *(*address_of)(void *, uint32_t), void *context,
                           uint8_t extra_flags)
{
    ASSERT(!shape_is_dictionary(s), "not yet one");
    uint32_t capacity = (uint32_t)bits_round_up_power_of_two(s->count + s->count / 2 + SHAPE_FIRST_CAPACITY);
    PropertyTable *table = shape_table_new(h, s->table, s->count, capacity);
    for (uint32_t i = 0; i < s->count; i++) {
        PropertyEntry *e = &table->entries[i];
        Value *address = address_of(context, (uint32_t)(e->where >> 8));
        e->where = (uint64_t)(uintptr_t)address << 8 | shape_entry_attributes(e);
    }
    Shape *d = shape_copy_locked(h, s);
    d->table = table;
    d->free_slot = 0;
    d->flags |= SHAPE_IS_DICTIONARY | extra_flags;
    return d;
}

Shape *shape_renumber(LocalHeap *h, Shape *s)
{
    ASSERT(shape_is_dictionary(s), "only a dictionary is one object's own");
    return shape_copy_locked(h, s);
}

Shape *shape_dictionary_with_proto(LocalHeap *h, Shape *s, Value proto)
{
    Shape *next = shape_renumber(h, s);
    shape_keep_proto(h, proto);
    next->proto = proto;
    return next;
}

void shape_dictionary_add(LocalHeap *h, Shape *s, PropertyKey key, Value *address, uint8_t attributes)
{
    PropertyTable *t = shape_table_has_room(s) ? s->table : shape_table_for_add(h, s);
    publish_value(h, key);
    shape_table_append(t, key, (uint64_t)(uintptr_t)address << 8 | attributes);
    atomic_set_release(&s->table, t);                    // pairs with shape_find
    atomic_set_relaxed(&s->count, t->used);
}

void shape_dictionary_set(Shape *s, uint32_t entry, Value *address, uint8_t attributes)
{
    uint64_t where = (uint64_t)(uintptr_t)address << 8 | attributes;
    atomic_set_release(&s->table->entries[entry].where, where);          // pairs with shape_find
}

/* The index keeps its place, so that probing goes on past it. */
void shape_dictionary_remove(Shape *s, uint32_t entry)
{
    atomic_set_relaxed(&s->table->entries[entry].key, VALUE_HOLE);
}
