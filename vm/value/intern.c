/* SPDX-License-Identifier: MIT */
#include "vm/value/intern.h"

#include <string.h>

#include "gc/alloc.h"
#include "gc/mark.h"
#include "gc/publish.h"
#include "vm/base/mutex.h"

/* Open addressing, linear probing, at most 3/4 filled. A slot is NULL, INTERN_GONE, or an atom. It becomes an atom
 * under the lock, and stays one until a cycle ends, so that who probes needs no lock: what it misses, it looks for
 * again under the lock before it adds. */
typedef struct InternSlots {
    uint32_t mask;                       // immutable
    String  *items[];                    // atomic: atoms by a release
} InternSlots;

/* Changed under `lock`, or with the world stopped. */
struct InternTable {
    InternSlots *slots;                  // atomic
    uint32_t     count;                  // atoms. Atomic while several markers look for dead ones
    uint32_t     filled;                 // slots that are not NULL. As `count`
    Mutex        lock;                   // LOCK_ATOMS; nothing is allocated under it
};
typedef struct InternTable InternTable;

enum {
    INTERN_FIRST_CAPACITY = 4096,
    INTERN_PART_SLOTS = 1 << 14,         // that one marker looks at in one go
    INTERN_AHEAD = 16,                   // slots: how far ahead memory is asked for
};

#define INTERN_GONE ((String *)sizeof(String *))     // was an atom; who probes goes on

static const char *const intern_atom_texts[] = {
#define ATOM(id, text) text,
#include "vm/value/atoms.def"
};

static InternTable *intern_table(LocalHeap *h)
{
    return h->vm->intern;
}

/* The atom with this content, or NULL. A slot is read once: what was empty at the look may hold an atom of another
 * content at the next. */
static String *intern_probe(InternSlots *slots, StringView v, uint32_t hash)
{
    for (uint32_t i = hash & slots->mask;; i = (i + 1) & slots->mask) {
        String *s = atomic_get_acquire(&slots->items[i]);            // pairs with intern_add
        if (!s) return NULL;
        if (s != INTERN_GONE && s->hash == hash && string_view_equal(string_flat_view(s), v)) return s;
    }
}

static String *intern_find(LocalHeap *h, StringView v, uint32_t hash)
{
    return intern_probe(atomic_get_acquire(&intern_table(h)->slots), v, hash);           // pairs with intern_resize
}

static bool intern_is_atom(const String *slot)
{
    return slot && slot != INTERN_GONE;
}

/* Where an atom of this hash that is not there belongs. */
static uint32_t intern_place(const InternSlots *slots, uint32_t hash)
{
    uint32_t at = hash & slots->mask;
    while (intern_is_atom(slots->items[at])) at = (at + 1) & slots->mask;
    return at;
}

static bool intern_is_sparse(const InternTable *table, uint32_t capacity)
{
    return capacity > INTERN_FIRST_CAPACITY && table->count < capacity / 8;
}

static InternSlots *intern_new_slots(const InternSlots *old, uint32_t capacity)
{
    InternSlots *slots = mem_alloc_zeroed(sizeof *slots + capacity * sizeof *slots->items);
    slots->mask = capacity - 1;
    for (uint32_t i = 0; old && i <= old->mask; i++) {
        if (i + INTERN_AHEAD <= old->mask) __builtin_prefetch(old->items[i + INTERN_AHEAD]);
        if (intern_is_atom(old->items[i])) slots->items[intern_place(slots, old->items[i]->hash)] = old->items[i];
    }
    return slots;
}

/* Another capacity, or the same one without slots that are gone. */
static void intern_resize(LocalHeap *h, InternTable *table)
{
    InternSlots *old = table->slots;
    uint32_t capacity = old->mask + 1;
    if (table->count > capacity / 2) capacity *= 2;
    while (intern_is_sparse(table, capacity)) capacity /= 2;
    atomic_set_release(&table->slots, intern_new_slots(old, capacity));                  // pairs with intern_find
    table->filled = table->count;
    heap_retire(h, old);
}

/* Whoever finds an atom sees all of it: flags and hash come before the slot. An atom is shared from the start. */
static void intern_make_atom(LocalHeap *h, String *s, uint32_t hash)
{
    uint32_t index;
    if (!cell_is_shared(&s->cell)) publish_born(h, &s->cell);
    uint8_t flags = STRING_IS_ATOM | CELL_SHARED;
    if (string_view_to_index(string_flat_view(s), &index)) flags |= STRING_IS_INDEX;
    atomic_set_relaxed(&s->hash, hash);
    atomic_set_release(&s->cell.flags, s->cell.flags | flags);       // pairs with string_is_atom
}

/* `s` becomes the atom, unless another thread was faster. */
static String *intern_add(LocalHeap *h, String *s, uint32_t hash)
{
    InternTable *table = intern_table(h);
    mutex_lock(&table->lock);
    String *atom = intern_probe(table->slots, string_flat_view(s), hash);
    if (!atom) {
        atom = s;
        intern_make_atom(h, s, hash);
        String **place = &table->slots->items[intern_place(table->slots, hash)];
        uint32_t capacity = table->slots->mask + 1;
        table->count++;
        table->filled += !*place;
        atomic_set_release(place, s);                                // pairs with intern_probe
        if (table->filled > capacity / 4 * 3 || intern_is_sparse(table, capacity)) intern_resize(h, table);
    }
    mutex_unlock(&table->lock);
    return atom;
}

/* A flat string of its own: an atom must not keep a large base alive. */
static String *intern_copy(LocalHeap *h, StringView v)
{
    FlatString *s = string_alloc_must(h, v.length, v.is_wide);
    memcpy(s->latin1, v.units, (size_t)v.length << v.is_wide);
    return &s->string;
}

String *intern_string(LocalHeap *h, String *s)
{
    if (string_is_atom(s)) return s;
    uint32_t hash = string_hash(h, s);
    StringView v = string_flat_view(s);
    String *found = intern_find(h, v, hash);
    if (found) return found;
    if (s->cell.kind != KIND_STRING) s = intern_copy(h, v);
    return intern_add(h, s, hash);
}

String *intern_view(LocalHeap *h, StringView v)
{
    uint32_t hash = string_view_hash(v);
    String *found = intern_find(h, v, hash);
    if (found) return found;
    String *s = v.is_wide ? string_new_utf16(h, v.units, v.length) : NULL;
    if (!s) s = intern_copy(h, v);
    return string_is_atom(s) ? s : intern_add(h, s, hash);
}

String *intern_text(LocalHeap *h, const char *ascii)
{
    return intern_view(h, (StringView){ ascii, (uint32_t)strlen(ascii), false });
}

PropertyKey intern_key(LocalHeap *h, String *s)
{
    uint32_t index;
    if (!string_is_atom(s)) {
        if (s->length <= 10 && string_view_to_index(string_view(h, s), &index)) return key_from_index(index);
        return value_from_cell(intern_string(h, s));
    }
    if (s->cell.flags & STRING_IS_INDEX && string_view_to_index(string_flat_view(s), &index))
        return key_from_index(index);
    return value_from_cell(s);
}

void intern_create(LocalHeap *h)
{
    Vm *vm = h->vm;
    vm->intern = mem_alloc_zeroed(sizeof(InternTable));
    mutex_init(&vm->intern->lock, LOCK_ATOMS, 0);
    vm->intern->slots = intern_new_slots(NULL, INTERN_FIRST_CAPACITY);
    for (uint32_t i = 0; i < 256; i++) {
        uint8_t unit = (uint8_t)i;
        vm->one_unit_strings[i] = value_from_cell(intern_view(h, (StringView){ &unit, 1, false }));
    }
    for (uint32_t i = 0; i < ATOM_COUNT; i++) vm->atoms[i] = value_from_cell(intern_text(h, intern_atom_texts[i]));
    vm->empty_string = vm->atoms[ATOM_empty];
}

void intern_destroy(Vm *vm)
{
    mem_free(vm->intern->slots);
    mem_free(vm->intern);
}

uint32_t intern_finish_parts(const Vm *vm)
{
    return (vm->intern->slots->mask + INTERN_PART_SLOTS) / INTERN_PART_SLOTS;
}

/* From the last slot on, as what is gone need not be told if nothing comes after it. */
void intern_finish_part(Vm *vm, Marker *m, uint32_t part)
{
    InternTable *table = vm->intern;
    String **items = table->slots->items;
    uint32_t first = part * INTERN_PART_SLOTS, end = first + INTERN_PART_SLOTS, dead = 0, emptied = 0;
    if (end > table->slots->mask) end = table->slots->mask + 1;
    for (uint32_t i = end; i-- > first;) {
        const String *ahead = i >= first + INTERN_AHEAD ? items[i - INTERN_AHEAD] : NULL;
        if (intern_is_atom(ahead)) mark_prefetch(ahead);
        if (!items[i]) continue;
        bool was_atom = items[i] != INTERN_GONE, is_last = i + 1 < end && !items[i + 1];
        if (was_atom && mark_is_marked(m, items[i])) continue;
        items[i] = is_last ? NULL : INTERN_GONE;
        dead += was_atom;
        emptied += is_last;
    }
    atomic_add_relaxed(&table->count, -dead);
    atomic_add_relaxed(&table->filled, -emptied);
}

void intern_mark_roots(Vm *vm, Marker *m)
{
    mark_values(m, vm->atoms, ATOM_COUNT);
    mark_values(m, vm->one_unit_strings, COUNT_OF(vm->one_unit_strings));
}
