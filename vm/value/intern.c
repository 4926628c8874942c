/* SPDX-License-Identifier: MIT */
#include "vm/value/intern.h"

#include <string.h>

#include "gc/alloc.h"
#include "gc/mark.h"
#include "gc/publish.h"
#include "vm/base/mutex.h"

/* Open addressing, linear probing, at most 3/4 full. A slot is NULL, or an atom, and changes from the one to the other
 * only, so that who probes needs no lock: what it misses, it looks for again under the lock before it adds. */
typedef struct InternSlots {
    uint32_t mask;                       // immutable
    String  *items[];                    // atomic: set once, by a release
} InternSlots;

struct InternTable {
    InternSlots *slots;                  // atomic; replaced under `lock`, or with the world stopped
    uint32_t     count;                  // under `lock`, or with the world stopped
    Mutex        lock;                   // LOCK_ATOMS; nothing is allocated under it
};
typedef struct InternTable InternTable;

enum { INTERN_FIRST_CAPACITY = 4096 };

static const char *const intern_atom_texts[] = {
#define ATOM(id, text) text,
#include "vm/value/atoms.def"
};

static InternTable *intern_table(LocalHeap *h)
{
    return h->vm->intern;
}

/* The atom with this content, or NULL; *at is where it is, or the slot where it belongs. A slot is read once: what was
 * empty at the look may hold an atom of another content at the next. */
static String *intern_probe(InternSlots *slots, StringView v, uint32_t hash, uint32_t *at)
{
    for (uint32_t i = hash & slots->mask;; i = (i + 1) & slots->mask) {
        String *s = atomic_get_acquire(&slots->items[i]);            // pairs with intern_add
        *at = i;
        if (!s || (s->hash == hash && string_view_equal(string_flat_view(s), v))) return s;
    }
}

static String *intern_find(LocalHeap *h, StringView v, uint32_t hash)
{
    uint32_t at;
    return intern_probe(atomic_get_acquire(&intern_table(h)->slots), v, hash, &at);      // pairs with intern_grow
}

static InternSlots *intern_new_slots(const InternSlots *old, uint32_t capacity)
{
    InternSlots *slots = mem_alloc_zeroed(sizeof *slots + capacity * sizeof *slots->items);
    slots->mask = capacity - 1;
    for (uint32_t i = 0; old && i <= old->mask; i++) {
        if (!old->items[i]) continue;
        uint32_t at = old->items[i]->hash & slots->mask;
        while (slots->items[at]) at = (at + 1) & slots->mask;
        slots->items[at] = old->items[i];
    }
    return slots;
}

static void intern_grow(LocalHeap *h, InternTable *table)
{
    InternSlots *old = table->slots;
    atomic_set_release(&table->slots, intern_new_slots(old, (old->mask + 1) * 2));
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
    uint32_t at;
    mutex_lock(&table->lock);
    String *atom = intern_probe(table->slots, string_flat_view(s), hash, &at);
    if (!atom) {
        atom = s;
        intern_make_atom(h, s, hash);
        atomic_set_release(&table->slots->items[at], s);             // pairs with intern_probe
        if (++table->count > table->slots->mask / 4 * 3) intern_grow(h, table);
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

/* Dead atoms leave holes in probe sequences, so the survivors are entered anew. The world is stopped. */
void intern_finish(Vm *vm, Marker *m)
{
    InternTable *table = vm->intern;
    InternSlots *old = table->slots;
    uint32_t live = 0;
    for (uint32_t i = 0; i <= old->mask; i++) {
        if (!old->items[i]) continue;
        if (mark_is_marked(m, old->items[i])) live++;
        else old->items[i] = NULL;
    }
    if (live == table->count) return;
    table->count = live;
    uint32_t capacity = old->mask + 1;
    while (capacity > INTERN_FIRST_CAPACITY && live < capacity / 8) capacity /= 2;
    table->slots = intern_new_slots(old, capacity);
    mem_free(old);
}

void intern_mark_roots(Vm *vm, Marker *m)
{
    mark_values(m, vm->atoms, ATOM_COUNT);
    mark_values(m, vm->one_unit_strings, COUNT_OF(vm->one_unit_strings));
}
