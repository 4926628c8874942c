/* SPDX-License-Identifier: MIT */
#include "vm/object/shape.h"

#include <string.h>

#include "gc/alloc.h"
#include "gc/mark.h"
#include "vm/base/hash.h"
#include "vm/base/os.h"
#include "vm/base/panic.h"
#include "vm/object/kinds.h"

struct ShapeSpace {
    uint8_t  *marks;                     // one byte a number, what GcHost.shape_marks points to
    uint32_t  used;                      // numbers below it were handed out
    uint32_t  limit;                     // numbers that fit the reserved range
    uint32_t  committed;                 // numbers whose memory is committed
    uint32_t  live;
    uint32_t  collect_above;             // free dead shapes in a cycle that starts with more live ones than this
    bool      collecting;                // this cycle frees dead shapes
    VEC(uint32_t) free;
    VEC(uint32_t) pinned;                // found on native stacks in this cycle
    uint32_t *roots;                     // hash table of root shapes by (proto, kind, inline slots); 0: empty
    uint32_t  root_mask, root_count;
};
typedef struct ShapeSpace ShapeSpace;

enum {
    SHAPE_RESERVE = 1 << 26,             // numbers: 3.5 GB of addresses
    SHAPE_COMMIT_STEP = 4096,
    SHAPE_COLLECT_FLOOR = 16384,
    SHAPE_TRANSITION_LIMIT = 512,
    SHAPE_FIRST_CAPACITY = 4,
};

static ShapeSpace *shape_space(LocalHeap *h)
{
    return h->vm->shapes;
}

/* ---- numbers ---------------------------------------------------------------------------------------------- */

static void shape_commit(Vm *vm)
{
    ShapeSpace *space = vm->shapes;
    char *start = (char *)(vm->shape_base + space->committed);
    bool ok = space->committed + SHAPE_COMMIT_STEP <= space->limit
        && os_commit(start, SHAPE_COMMIT_STEP * sizeof(Shape))
        && os_commit(space->marks + space->committed, SHAPE_COMMIT_STEP);
    if (!ok) panic_out_of_memory("hidden classes");
    space->committed += SHAPE_COMMIT_STEP;
}

static Shape *shape_new(LocalHeap *h)
{
    ShapeSpace *space = shape_space(h);
    uint32_t number;
    if (space->free.count) {
        number = VEC_POP(&space->free);
    } else {
        if (space->used == space->committed) shape_commit(h->vm);
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
    if (s->slot_count > root->max_slots) root->max_slots = s->slot_count;
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
    PropertyTable *t = alloc_must(h, size, CELL_HEADER(0, KIND_PROPERTY_TABLE, 0));
    t->capacity = capacity;
    t->used = 0;
    memset(t->entries, 0, size - sizeof *t);
    for (uint32_t i = 0; i < count; i++) {
        if (from->entries[i].key == VALUE_HOLE) continue;        // only in dictionaries
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
            if (t->entries[i].key == key) return *entry = i, true;
        return false;
    }
    const uint32_t *index = shape_table_index(t);
    for (uint32_t i = key_hash(key) & (size - 1);; i = (i + 1) & (size - 1)) {
        uint32_t found = atomic_get_acquire(&index[i]);  // pairs with the store in shape_table_enter
        if (!found) return false;
        if (t->entries[found - 1].key == key && found <= count) return *entry = found - 1, true;
    }
}

static uint32_t shape_count_live(const Shape *s)
{
    uint32_t live = 0;
    for (uint32_t i = 0; i < s->count; i++) live += s->table->entries[i].key != VALUE_HOLE;
    return live;
}

/* The table for a shape that adds one entry to `s`: the same one if `s` is its end and it has room. A copy leaves
 * removed entries out. */
static PropertyTable *shape_table_for_add(LocalHeap *h, const Shape *s)
{
    PropertyTable *t = s->table;
    if (!t) return shape_table_new(h, NULL, 0, SHAPE_FIRST_CAPACITY);
    if (t->used == s->count && t->used < t->capacity) return t;
    uint32_t live = shape_count_live(s), capacity = t->capacity;
    while (capacity < live + live / 4 + 1) capacity *= 2;
    return shape_table_new(h, t, s->count, capacity);
}

static void shape_table_append(PropertyTable *t, PropertyKey key, uint64_t where)
{
    t->entries[t->used] = (PropertyEntry){ .key = key, .where = where };
    shape_table_enter(t, t->used++);
}

bool shape_find(const Shape *s, PropertyKey key, PropertyPlace *place)
{
    uint32_t entry;
    if (!s->table || !shape_table_find(s->table, s->count, key, &entry)) return false;
    uint64_t where = s->table->entries[entry].where;
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

static ShapeTransition *shape_transition_place(ShapeTransitions *t, PropertyKey key, uint32_t attributes)
{
    uint32_t i = shape_transition_hash(key, attributes) & (t->capacity - 1);
    for (;; i = (i + 1) & (t->capacity - 1)) {
        ShapeTransition *item = &t->items[i];
        if (!item->target || (item->key == key && item->attributes == attributes)) return item;
    }
}

static Shape *shape_transition_find(const Vm *vm, const Shape *s, PropertyKey key, uint32_t attributes)
{
    if (!s->transitions) return NULL;
    uint32_t target = shape_transition_place(s->transitions, key, attributes)->target;
    return target ? shape_at(vm, target) : NULL;
}

static ShapeTransitions *shape_transitions_resize(ShapeTransitions *old, uint32_t capacity)
{
    ShapeTransitions *t = mem_alloc_zeroed(sizeof *t + capacity * sizeof t->items[0]);
    t->capacity = capacity;
    for (uint32_t i = 0; old && i < old->capacity; i++) {
        ShapeTransition *item = &old->items[i];
        if (!item->target) continue;
        *shape_transition_place(t, item->key, item->attributes) = *item;
        t->count++;
    }
    mem_free(old);
    return t;
}

static void shape_transition_add(Shape *s, PropertyKey key, uint32_t attributes, Shape *target)
{
    ShapeTransitions *t = s->transitions;
    if (!t || t->count * 4 >= t->capacity * 3)
        t = s->transitions = shape_transitions_resize(t, t ? t->capacity * 2 : 4);
    *shape_transition_place(t, key, attributes) =
        (ShapeTransition){ .key = key, .attributes = attributes, .target = shape_number(target) };
    t->count++;
}

bool shape_is_crowded(const Shape *s)
{
    if (shape_is_dictionary(s)) return false;
    return s->count >= SHAPE_DICTIONARY_LIMIT || (s->transitions && s->transitions->count >= SHAPE_TRANSITION_LIMIT);
}

Shape *shape_add(LocalHeap *h, Shape *s, PropertyKey key, uint8_t attributes)
{
    ASSERT(!shape_is_dictionary(s), "dictionaries change in place");
    Shape *next = shape_transition_find(h->vm, s, key, attributes);
    if (next) return next;
    PropertyTable *table = shape_table_for_add(h, s);
    shape_table_append(table, key, (uint64_t)s->slot_count << 8 | attributes);
    next = shape_copy(h, s);
    next->table = table;
    next->count++;
    next->slot_count++;
    shape_note_slots(h->vm, next);
    shape_transition_add(s, key, attributes, next);
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
    next = shape_copy(h, s);
    next->table = table;
    next->slot_count += new_slot;
    shape_note_slots(h->vm, next);
    shape_transition_add(s, key, label, next);
    return next;
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
    next = shape_copy(h, s);
    next->table = table;
    next->flags |= SHAPE_IS_NOT_EXTENSIBLE;
    shape_transition_add(s, how, SHAPE_RECONFIGURES, next);
    return next;
}

/* ---- roots -------------------------------------------------------------------------------------------------- */

static uint32_t shape_root_hash(CellKind kind, Value proto, uint32_t inline_slots, uint8_t flags)
{
    return (uint32_t)hash_word(proto ^ (uint64_t)kind << 56 ^ (uint64_t)inline_slots << 48 ^ (uint64_t)flags << 40);
}

static uint32_t *shape_root_place(const Vm *vm, CellKind kind, Value proto, uint32_t inline_slots, uint8_t flags)
{
    const ShapeSpace *space = vm->shapes;
    uint32_t i = shape_root_hash(kind, proto, inline_slots, flags) & space->root_mask;
    for (;; i = (i + 1) & space->root_mask) {
        uint32_t number = space->roots[i];
        if (!number) return &space->roots[i];
        const Shape *s = shape_at(vm, number);
        if (s->proto == proto && shape_kind(s) == kind && shape_inline_slots(s) == inline_slots && s->flags == flags)
            return &space->roots[i];
    }
}

static void shape_roots_resize(Vm *vm, uint32_t capacity)
{
    ShapeSpace *space = vm->shapes;
    uint32_t *old = space->roots, old_capacity = old ? space->root_mask + 1 : 0;
    space->roots = mem_alloc_zeroed(capacity * sizeof *space->roots);
    space->root_mask = capacity - 1;
    for (uint32_t i = 0; i < old_capacity; i++) {
        if (!old[i]) continue;
        const Shape *s = shape_at(vm, old[i]);
        *shape_root_place(vm, shape_kind(s), s->proto, shape_inline_slots(s), s->flags) = old[i];
    }
    mem_free(old);
}

static Shape *shape_root_of(LocalHeap *h, CellKind kind, Value proto, uint32_t inline_slots, uint8_t flags)
{
    ShapeSpace *space = shape_space(h);
    uint32_t *place = shape_root_place(h->vm, kind, proto, inline_slots, flags);
    if (*place) return shape_at(h->vm, *place);
    Shape *s = shape_new(h);
    shape_set_header(s, kind, inline_slots);
    s->proto = proto;
    s->root = shape_number(s);
    s->slots_offset = kinds_slots_offset(kind);
    s->flags = flags;
    *place = shape_number(s);
    if (++space->root_count > space->root_mask / 4 * 3) shape_roots_resize(h->vm, (space->root_mask + 1) * 2);
    return s;
}

Shape *shape_root(LocalHeap *h, CellKind kind, Value proto, uint32_t inline_slots)
{
    return shape_root_of(h, kind, proto, inline_slots, 0);
}

Shape *shape_find_root(const Vm *vm, CellKind kind, Value proto, uint32_t inline_slots)
{
    uint32_t number = *shape_root_place(vm, kind, proto, inline_slots, 0);
    return number ? shape_at(vm, number) : NULL;
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
    Shape *d = shape_copy(h, s);
    d->table = table;
    d->flags |= SHAPE_IS_DICTIONARY | extra_flags;
    d->parent = 0;
    return d;
}

Shape *shape_renumber(LocalHeap *h, Shape *s)
{
    ASSERT(shape_is_dictionary(s), "only a dictionary is one object's own");
    Shape *d = shape_copy(h, s);
    d->parent = 0;
    return d;
}

void shape_dictionary_add(LocalHeap *h, Shape *s, PropertyKey key, Value *address, uint8_t attributes)
{
    PropertyTable *t = shape_table_for_add(h, s);
    shape_table_append(t, key, (uint64_t)(uintptr_t)address << 8 | attributes);
    s->table = t;
    s->count = t->used;
}

void shape_dictionary_set(Shape *s, uint32_t entry, Value *address, uint8_t attributes)
{
    s->table->entries[entry].where = (uint64_t)(uintptr_t)address << 8 | attributes;
}

/* The index keeps its place, so that probing goes on past it. */
void shape_dictionary_remove(Shape *s, uint32_t entry)
{
    s->table->entries[entry].key = VALUE_HOLE;
}

/* ---- the space of all shapes ------------------------------------------------------------------------------------ */

void shape_space_create(LocalHeap *h)
{
    Vm *vm = h->vm;
    ShapeSpace *space = vm->shapes = mem_alloc_zeroed(sizeof *space);
    space->limit = SHAPE_RESERVE;
    vm->shape_base = os_reserve((size_t)space->limit * sizeof(Shape), 4096);
    space->marks = os_reserve(space->limit, 4096);
    if (!vm->shape_base || !space->marks) panic_out_of_memory("address space for hidden classes");
    shape_commit(vm);
    space->used = SHAPE_ID_FIRST_FREE;
    space->collect_above = SHAPE_COLLECT_FLOOR;
    memset(space->marks, 1, SHAPE_ID_FIRST_FREE);
    vm->host.shape_marks = space->marks;
    shape_roots_resize(vm, 256);
}

void shape_space_destroy(Vm *vm)
{
    ShapeSpace *space = vm->shapes;
    for (uint32_t i = 0; i < space->used; i++) mem_free(shape_at(vm, i)->transitions);
    os_release(vm->shape_base, (size_t)space->limit * sizeof(Shape));
    os_release(space->marks, space->limit);
    VEC_FREE(&space->free);
    VEC_FREE(&space->pinned);
    mem_free(space->roots);
    mem_free(space);
}

uint32_t shape_space_count(const Vm *vm)
{
    return vm->shapes->live;
}

void shape_prepare(Vm *vm)
{
    ShapeSpace *space = vm->shapes;
    space->collecting = space->live > space->collect_above;
    space->pinned.count = 0;
    memset(space->marks + SHAPE_ID_FIRST_FREE, 0, space->used - SHAPE_ID_FIRST_FREE);
}

void shape_mark(Vm *vm, Marker *m, uint32_t number)
{
    uint8_t *marks = vm->shapes->marks;
    while (number && !marks[number]) {
        const Shape *s = shape_at(vm, number);
        marks[number] = 1;
        mark_value(m, s->proto);
        mark_cell(m, s->table);
        shape_mark(vm, m, s->root);
        number = s->parent;
    }
}

bool shape_is_collecting(const Vm *vm)
{
    return vm->shapes->collecting;
}

bool shape_is_dying(const Vm *vm, uint32_t number)
{
    return vm->shapes->collecting && !vm->shapes->marks[number];
}

static void shape_prune_transitions(const Vm *vm, Shape *s)
{
    ShapeTransitions *t = s->transitions;
    if (!t) return;
    uint32_t live = 0;
    for (uint32_t i = 0; i < t->capacity; i++) {
        if (!t->items[i].target) continue;
        if (vm->shapes->marks[t->items[i].target]) live++;
        else t->items[i].target = 0;
    }
    if (live == t->count) return;
    uint32_t capacity = 2;
    while (live * 4 >= capacity * 3) capacity *= 2;
    s->transitions = shape_transitions_resize(t, capacity);
}

static void shape_free(Vm *vm, uint32_t number)
{
    Shape *s = shape_at(vm, number);
    mem_free(s->transitions);
    *s = (Shape){ .header = number, .flags = SHAPE_IS_FREE };
    VEC_PUSH(&vm->shapes->free, number);
    vm->shapes->live--;
}

/* Unmarked shapes that stay (no shape collection in this cycle) keep what they refer to, so it must be marked. */
static void shape_keep_all(Vm *vm, Marker *m)
{
    for (uint32_t i = SHAPE_ID_FIRST_FREE; i < vm->shapes->used; i++)
        if (!(shape_at(vm, i)->flags & SHAPE_IS_FREE)) shape_mark(vm, m, i);
}

static void shape_drop_dead_roots(Vm *vm)
{
    ShapeSpace *space = vm->shapes;
    uint32_t live = 0;
    for (uint32_t i = 0; i <= space->root_mask; i++) {
        if (space->roots[i] && !space->marks[space->roots[i]]) space->roots[i] = 0;
        live += space->roots[i] != 0;
    }
    space->root_count = live;
    shape_roots_resize(vm, space->root_mask + 1);
}

NO_ASAN void shape_pin_conservatively(Vm *vm, const void *low, const void *high)
{
    ShapeSpace *space = vm->shapes;
    if (!space->collecting) return;
    const uint64_t *word = (const uint64_t *)(((uintptr_t)low + 7) & ~(uintptr_t)7);
    uint64_t base = (uintptr_t)vm->shape_base, size = (uint64_t)space->used * sizeof(Shape);
    for (; (const void *)(word + 1) <= high; word++)
        if (*word - base < size) VEC_PUSH(&space->pinned, (uint32_t)((*word - base) / sizeof(Shape)));
}

void shape_mark_roots(Vm *vm, Marker *m)
{
    ShapeSpace *space = vm->shapes;
    if (!space->collecting) shape_keep_all(vm, m);
    for (uint32_t i = 0; i < space->pinned.count; i++) shape_mark(vm, m, space->pinned.items[i]);
}

void shape_finish(Vm *vm, Marker *m)
{
    ShapeSpace *space = vm->shapes;
    (void)m;
    if (!space->collecting) return;
    shape_drop_dead_roots(vm);
    for (uint32_t i = SHAPE_ID_FIRST_FREE; i < space->used; i++) {
        Shape *s = shape_at(vm, i);
        if (s->flags & SHAPE_IS_FREE) continue;
        if (space->marks[i]) shape_prune_transitions(vm, s);
        else shape_free(vm, i);
    }
    space->collect_above = space->live * 2 > SHAPE_COLLECT_FLOOR ? space->live * 2 : SHAPE_COLLECT_FLOOR;
    space->collecting = false;
}
