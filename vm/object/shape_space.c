/* SPDX-License-Identifier: MIT */
/* The space of all shapes: its memory, and what the collector does with it. But for shape_space_commit all of it runs
 * with the world stopped, or before there is a second thread. */
#include "vm/object/shape_int.h"

#include <string.h>

#include "gc/mark.h"
#include "vm/base/debug.h"
#include "vm/base/mem.h"
#include "vm/base/os.h"
#include "vm/base/panic.h"

enum {
    SHAPE_RESERVE = 1 << 26,             // numbers: 3.5 GB of addresses
    SHAPE_COMMIT_STEP = 4096,
    SHAPE_COLLECT_FLOOR = 2048,
    SHAPE_COLLECT_TABLES = 1 << 20,      // bytes
};

void shape_space_commit(Vm *vm)
{
    ShapeSpace *space = vm->shapes;
    char *start = (char *)(vm->shape_base + space->committed);
    bool ok = space->committed + SHAPE_COMMIT_STEP <= space->limit
        && os_commit(start, SHAPE_COMMIT_STEP * sizeof(Shape))
        && os_commit(space->marks + space->committed, SHAPE_COMMIT_STEP)
        && os_commit(space->kept + space->committed, SHAPE_COMMIT_STEP);
    if (!ok) panic_out_of_memory("hidden classes");
    space->committed += SHAPE_COMMIT_STEP;
}

void shape_space_create(LocalHeap *h)
{
    Vm *vm = h->vm;
    ShapeSpace *space = vm->shapes = mem_alloc_zeroed(sizeof *space);
    mutex_init(&space->lock, LOCK_SHAPES, 0);
    space->limit = SHAPE_RESERVE;
    while (space->limit * sizeof(Shape) > os_address_limit() / 16) space->limit /= 2;
    vm->shape_base = os_reserve((size_t)space->limit * sizeof(Shape), 4096);
    space->marks = os_reserve(space->limit, 4096);
    space->kept = os_reserve(space->limit, 4096);
    if (!vm->shape_base || !space->marks || !space->kept) panic_out_of_memory("address space for hidden classes");
    shape_space_commit(vm);
    space->used = SHAPE_ID_FIRST_FREE;
    space->collect_above = SHAPE_COLLECT_FLOOR;
    memset(space->marks, 1, SHAPE_ID_FIRST_FREE);
    vm->host.shape_marks = space->marks;
    space->roots = shape_roots_copy(vm, NULL, 256);
}

void shape_space_destroy(Vm *vm)
{
    ShapeSpace *space = vm->shapes;
    for (uint32_t i = 0; i < space->used; i++) mem_free(shape_at(vm, i)->transitions);
    os_release(vm->shape_base, (size_t)space->limit * sizeof(Shape));
    os_release(space->marks, space->limit);
    os_release(space->kept, space->limit);
    VEC_FREE(&space->free);
    VEC_FREE(&space->pinned);
    mem_free(space->roots);
    mem_free(space);
}

uint32_t shape_space_count(const Vm *vm)
{
    return vm->shapes->live;
}

void shape_want_collection(const Vm *vm)
{
    atomic_set_relaxed(&vm->shapes->is_collection_wanted, true);
}

void shape_prepare(Vm *vm)
{
    ShapeSpace *space = vm->shapes;
    bool are_wanted = space->is_collection_wanted || debug_flags()->shapes;
    space->only_dictionaries = space->live <= space->collect_above && !are_wanted;
    space->is_collection_wanted = false;
    space->collecting = !space->only_dictionaries || space->table_bytes > SHAPE_COLLECT_TABLES;
    memset(space->kept, 0, space->used);
    space->pinned.count = 0;
    shape_clear_marks(vm);
}

void shape_keep_marks(Vm *vm)
{
    ShapeSpace *space = vm->shapes;
    for (uint32_t i = SHAPE_ID_FIRST_FREE; i < space->used; i++) space->kept[i] |= space->marks[i];
    space->pinned.count = 0;
    shape_clear_marks(vm);
}

void shape_clear_marks(Vm *vm)
{
    ShapeSpace *space = vm->shapes;
    memset(space->marks + SHAPE_ID_FIRST_FREE, 0, space->used - SHAPE_ID_FIRST_FREE);
}

uint32_t shape_mark_count(const Vm *vm)
{
    return vm->shapes->used;
}

void shape_mark(Vm *vm, Marker *m, uint32_t number)
{
    uint8_t *marks = vm->shapes->marks;
    while (number && !atomic_get_relaxed(&marks[number])) {
        const Shape *s = shape_at(vm, number);
        atomic_set_relaxed(&marks[number], 1);           // another marker may do the same, to no harm
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
    return vm->shapes->collecting && number < vm->shapes->used && !vm->shapes->marks[number];
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
    uint32_t capacity = 4;                               // of 2 the second addition would leave no end to find
    while (live * 4 >= capacity * 3) capacity *= 2;
    s->transitions = shape_transitions_copy(t, capacity);
    mem_free(t);
}

static void shape_free(Vm *vm, uint32_t number)
{
    Shape *s = shape_at(vm, number);
    mem_free(s->transitions);
    *s = (Shape){ .header = number, .flags = SHAPE_IS_FREE };
    VEC_PUSH(&vm->shapes->free, number);
    vm->shapes->live--;
}

/* Does `s` outlive this cycle even if nothing has it? */
static bool shape_stays(const ShapeSpace *space, const Shape *s)
{
    if (s->flags & SHAPE_IS_FREE) return false;
    return !space->collecting || (space->only_dictionaries && !shape_is_dictionary(s));
}

static void shape_drop_dead_roots(Vm *vm)
{
    ShapeSpace *space = vm->shapes;
    ShapeRoots *roots = space->roots;
    for (uint32_t i = 0; i <= roots->mask; i++)
        if (!space->marks[roots->numbers[i]]) roots->numbers[i] = 0;
    space->roots = shape_roots_copy(vm, roots, roots->mask + 1);
    mem_free(roots);
}

/* Is `word` the header of a cell of some shape? It may be all that is left of a shape whose cell is just being made. */
static bool shape_is_header(const Vm *vm, uint64_t word)
{
    const uint64_t shape_and_kind = UINT64_C(0xffffffffff);
    uint32_t number = (uint32_t)word;
    if (number < SHAPE_ID_FIRST_FREE || number >= vm->shapes->used) return false;
    const Shape *s = shape_at(vm, number);
    return !(s->flags & SHAPE_IS_FREE) && ((word ^ s->header) & shape_and_kind) == 0;
}

NO_ASAN void shape_pin_conservatively(Vm *vm, const void *low, const void *high)
{
    ShapeSpace *space = vm->shapes;
    if (!space->collecting) return;
    const uint64_t *word = (const uint64_t *)(((uintptr_t)low + 7) & ~(uintptr_t)7);
    uint64_t base = (uintptr_t)vm->shape_base, size = (uint64_t)space->used * sizeof(Shape);
    for (; (const void *)(word + 1) <= high; word++)
        if (*word - base < size) VEC_PUSH(&space->pinned, (uint32_t)((*word - base) / sizeof(Shape)));
        else if (shape_is_header(vm, *word)) VEC_PUSH(&space->pinned, (uint32_t)*word);
}

void shape_mark_roots(Vm *vm, Marker *m)
{
    ShapeSpace *space = vm->shapes;
    for (uint32_t i = SHAPE_ID_FIRST_FREE; i < space->used; i++)
        if (space->kept[i] || shape_stays(space, shape_at(vm, i))) shape_mark(vm, m, i);
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
    uint32_t above = space->live * 2 > SHAPE_COLLECT_FLOOR ? space->live * 2 : SHAPE_COLLECT_FLOOR;
    if (!space->only_dictionaries) space->collect_above = above;
    space->table_bytes = 0;
    space->collecting = false;
}
