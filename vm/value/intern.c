/* SPDX-License-Identifier: MIT */
#include "vm/value/intern.h"

#include <string.h>

#include "gc/alloc.h"
#include "gc/mark.h"

/* Open addressing, linear probing, at most 3/4 full. An entry is NULL, or an atom. */
struct InternTable {
    String **entries;
    uint32_t mask;
    uint32_t count;
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

/* The slot of the atom with this content, or the empty slot where it belongs. */
static String **intern_slot(const InternTable *table, StringView v, uint32_t hash)
{
    for (uint32_t i = hash & table->mask;; i = (i + 1) & table->mask) {
        String *s = table->entries[i];
        if (!s || (s->hash == hash && string_view_equal(string_flat_view(s), v))) return &table->entries[i];
    }
}

static void intern_resize(InternTable *table, uint32_t capacity)
{
    String **old = table->entries;
    uint32_t old_capacity = old ? table->mask + 1 : 0;
    table->entries = mem_alloc_zeroed(capacity * sizeof *table->entries);
    table->mask = capacity - 1;
    for (uint32_t i = 0; i < old_capacity; i++) {
        if (!old[i]) continue;
        uint32_t at = old[i]->hash & table->mask;
        while (table->entries[at]) at = (at + 1) & table->mask;
        table->entries[at] = old[i];
    }
    mem_free(old);
}

static String *intern_add(LocalHeap *h, String *s, uint32_t hash)
{
    InternTable *table = intern_table(h);
    uint32_t index;
    StringView v = string_flat_view(s);
    s->hash = hash;
    s->cell.flags |= STRING_IS_ATOM | (string_view_to_index(v, &index) ? STRING_IS_INDEX : 0);
    *intern_slot(table, v, hash) = s;
    if (++table->count > table->mask / 4 * 3) intern_resize(table, (table->mask + 1) * 2);
    return s;
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
    String *found = *intern_slot(intern_table(h), v, hash);
    if (found) return found;
    if (s->cell.kind != KIND_STRING) s = intern_copy(h, v);
    return intern_add(h, s, hash);
}

String *intern_view(LocalHeap *h, StringView v)
{
    uint32_t hash = string_view_hash(v);
    String *found = *intern_slot(intern_table(h), v, hash);
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
    intern_resize(vm->intern, INTERN_FIRST_CAPACITY);
    for (uint32_t i = 0; i < 256; i++) {
        uint8_t unit = (uint8_t)i;
        vm->one_unit_strings[i] = value_from_cell(intern_view(h, (StringView){ &unit, 1, false }));
    }
    for (uint32_t i = 0; i < ATOM_COUNT; i++) vm->atoms[i] = value_from_cell(intern_text(h, intern_atom_texts[i]));
    vm->empty_string = vm->atoms[ATOM_empty];
}

void intern_destroy(Vm *vm)
{
    mem_free(vm->intern->entries);
    mem_free(vm->intern);
}

/* Dead atoms leave holes in probe sequences, so the survivors are entered anew. */
void intern_finish(Vm *vm, Marker *m)
{
    InternTable *table = vm->intern;
    uint32_t live = 0;
    for (uint32_t i = 0; i <= table->mask; i++) {
        if (!table->entries[i]) continue;
        if (mark_is_marked(m, table->entries[i])) live++;
        else table->entries[i] = NULL;
    }
    if (live == table->count) return;
    table->count = live;
    uint32_t capacity = table->mask + 1;
    while (capacity > INTERN_FIRST_CAPACITY && live < capacity / 8) capacity /= 2;
    intern_resize(table, capacity);
}

void intern_mark_roots(Vm *vm, Marker *m)
{
    mark_values(m, vm->atoms, ATOM_COUNT);
    mark_values(m, vm->one_unit_strings, COUNT_OF(vm->one_unit_strings));
}
