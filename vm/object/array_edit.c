/* SPDX-License-Identifier: MIT */
#include "vm/object/array_edit.h"

#include "gc/barrier.h"
#include "gc/publish.h"

/* Is `o` an array whose vector built-ins may change, were it private? With it entered. */
static bool array_edit_is_simple(const Vm *vm, const Object *o)
{
    const Array *a = (const Array *)o;
    bool plain = o->cell.kind == KIND_ARRAY && !(object_flags(o) & ~(CELL_SHARED | CELL_OLD_CLEAN));
    return plain && a->length <= a->capacity && object_inherits_no_elements(vm, o);
}

/* ---- edits of the whole ------------------------------------------------------------------------------------- */

/* What it is made of is private whatever the mode, so that it is published as it is put back. */
static Array *array_edit_take(LocalHeap *h, Array *a)
{
    Elements *e = elements_new(h, elements_extent(a));
    Array *taken = e ? array_new_with_shape(h, shape_root(h, KIND_ARRAY, VALUE_NULL, 0), 0) : NULL;
    if (!taken) return NULL;
    taken->object.cell.flags &= (uint8_t)~CELL_SHARED;
    e->cell.flags &= (uint8_t)~CELL_SHARED;
    for (uint32_t i = 0; i < a->length; i++) e->items[i] = atomic_swap_acq_rel(&a->base[i], VALUE_HOLE);
    taken->elements = &e->cell;
    taken->base = e->items;
    taken->capacity = e->capacity;
    taken->length = a->length;
    return taken;
}

Array *array_edit_begin(LocalHeap *h, Object *o, ArrayEdit *edit)
{
    edit->shared = NULL;
    if (LIKELY(!cell_is_shared(&o->cell))) return array_edit_is_simple(h->vm, o) ? (Array *)o : NULL;
    edit->change = object_enter(h, o, false);
    Array *taken = array_edit_is_simple(h->vm, o) ? array_edit_take(h, (Array *)o) : NULL;
    if (taken) edit->shared = (Array *)o;
    else object_leave(h, o, edit->change);
    return taken;
}

void array_edit_end(LocalHeap *h, Array *taken, const ArrayEdit *edit)
{
    Array *a = edit->shared;
    if (LIKELY(!a)) return;
    publish_cell(h, taken->elements);
    atomic_set_relaxed(&a->length, taken->length);
    BARRIER_SET(h, a, a->elements, taken->elements);
    atomic_set_release(&a->base, taken->base);
    atomic_set_release(&a->capacity, taken->capacity);   // pairs with elements_try_get
    object_leave(h, &a->object, edit->change);
}

/* ---- the ends ------------------------------------------------------------------------------------------------- */

static Value array_edit_take_at(Array *a, uint32_t index)
{
    Value v = atomic_swap_acq_rel(&a->base[index], VALUE_HOLE);
    return v == VALUE_HOLE ? VALUE_UNDEFINED : v;
}

bool array_edit_try_pop(LocalHeap *h, Object *o, Value *v)
{
    ObjectChange change = object_enter(h, o, false);
    Array *a = (Array *)o;
    bool usable = array_edit_is_simple(h->vm, o);
    *v = VALUE_UNDEFINED;
    if (usable && a->length) {
        *v = array_edit_take_at(a, a->length - 1);
        atomic_set_relaxed(&a->length, a->length - 1);
    }
    object_leave(h, o, change);
    return usable;
}

/* May base advance by one with every reader's capacity still within the vector (elements.h I4)? */
static bool array_edit_can_advance(const Array *a)
{
    const Elements *e = (const Elements *)a->elements;
    return (size_t)(a->base - e->items) + 1 + elements_extent(a) <= e->capacity;
}

bool array_edit_try_shift(LocalHeap *h, Object *o, Value *v)
{
    ObjectChange change = object_enter(h, o, false);
    Array *a = (Array *)o;
    bool usable = array_edit_is_simple(h->vm, o);
    *v = VALUE_UNDEFINED;
    if (usable && a->length && !array_edit_can_advance(a))
        usable = elements_replace(h, a, 0, elements_extent(a) / 2 + 8);
    if (usable && a->length) {
        *v = array_edit_take_at(a, 0);
        atomic_set_release(&a->base, a->base + 1);
        atomic_set_release(&a->capacity, a->capacity - 1);
        atomic_set_relaxed(&a->length, a->length - 1);
    }
    object_leave(h, o, change);
    return usable;
}
