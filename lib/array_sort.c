/* SPDX-License-Identifier: MIT */
/* Sorting arrays (ECMA-262 23.1.3.30, 23.1.3.34): what array.us, which holds the merge sort with a comparator, asks
 * for, and the whole of the order without one, which is that of the elements' texts.
 *
 * Values to sort are collected into an array without a prototype, so that library code reads and writes it with no
 * user code in sight. */
#include "gc/barrier.h"
#include "lib/array_int.h"
#include "lib/intrinsics.h"
#include "vm/object/array_edit.h"

/* An array of `count` undefineds that inherits from nothing. NULL: thrown. */
static Array *lib_array_new_scratch(Goroutine *g, uint32_t count)
{
    Array *list = array_create(g, 0, VALUE_NULL);
    if (!list) return NULL;
    if (!elements_reserve(&g->heap, list, count)) {
        error_throw_out_of_memory(g);
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) list->base[i] = VALUE_UNDEFINED;
    list->length = count;
    return list;
}

/* $sortClone(list): a second list of the same content. */
Value lib_array_sort_clone(Goroutine *g, Args a)
{
    const Array *list = array_of(arg(a, 0));
    Array *clone = lib_array_new_scratch(g, list->length);
    if (!clone) return VALUE_THROWN;
    if (list->length) memcpy(clone->base, list->base, list->length * sizeof(Value));
    return value_from_cell(clone);
}

/* $sortCollect(object, length, holes): SortIndexedProperties' reading (23.1.3.30.1), undefineds last. holes: they are
 * read through, else skipped. */
Value lib_array_sort_collect(Goroutine *g, Args a)
{
    Object *o = object_of(arg(a, 0));
    double length = value_number(arg(a, 1)), undefineds = 0;
    bool reads_holes = value_bool(arg(a, 2));
    Array *list = array_create(g, 0, VALUE_NULL);
    if (!list) return VALUE_THROWN;
    if (o->cell.kind == KIND_ARRAY && length <= atomic_get_relaxed(&((Array *)o)->capacity))
        if (!elements_reserve(&g->heap, list, (uint32_t)length)) return error_throw_out_of_memory(g);
    for (double k = 0; k < length; k++) {
        Value v = TRY(reads_holes ? lib_array_get(g, o, k) : lib_array_get_present(g, o, k));
        if (value_is_undefined(v)) undefineds++;
        else if (v != VALUE_HOLE) OK(array_push(g, list, v));
    }
    for (double k = 0; k < undefineds; k++) OK(array_push(g, list, VALUE_UNDEFINED));
    return value_from_cell(list);
}

/* $sortDefined(list): how many elements before the undefineds. */
Value lib_array_sort_defined(Goroutine *g, Args a)
{
    const Array *list = array_of(arg(a, 0));
    uint32_t n = list->length;
    while (n && value_is_undefined(list->base[n - 1])) n--;
    return value_from_uint32(n);
}

/* A shared array gets them as one step, if its length is what it was. */
static bool lib_array_sort_store_shared(Goroutine *g, Object *o, double length, const Array *list)
{
    ArrayEdit edit;
    if (!cell_is_shared(&o->cell)) return false;
    Array *array = array_edit_begin(&g->heap, o, &edit);
    if (!array) return false;
    bool same = array->length == length;
    if (same && list->length) memcpy(array->base, list->base, list->length * sizeof(Value));
    for (uint32_t i = list->length; same && i < array->length; i++) array->base[i] = VALUE_HOLE;
    array_edit_end(&g->heap, array, &edit);
    return same;
}

/* $sortStore(object, length, list): steps 8 to 10 of sort. */
Value lib_array_sort_store(Goroutine *g, Args a)
{
    Object *o = object_of(arg(a, 0));
    double length = value_number(arg(a, 1));
    const Array *list = array_of(arg(a, 2));
    if (lib_array_sort_store_shared(g, o, length, list)) return VALUE_UNDEFINED;
    for (uint32_t j = 0; j < list->length; j++) OK(lib_array_put(g, o, j, list->base[j]));
    for (double j = list->length; j < length; j++)
        if (ASK(object_has(g, o, convert_index_to_key(&g->heap, j)))) OK(lib_array_delete(g, o, j));
    return VALUE_UNDEFINED;
}

/* $sortResult(list): the list as an array of the current realm. */
Value lib_array_sort_result(Goroutine *g, Args a)
{
    const Array *list = array_of(arg(a, 0));
    return lib_array_copy(g, list, 0, list->length);
}

/* ---- the order without a comparator ------------------------------------------------------------------------------ */

/* Two texts' order, stable: equal ones stay as they are. */
static bool lib_array_is_after(LocalHeap *h, Value a, Value b)
{
    return string_compare(h, string_of(a), string_of(b)) > 0;
}

/* Merge [low, middle) and [middle, high) of `from` into `to`; an entry is two words, text and value. */
static void lib_array_merge(LocalHeap *h, const Array *from, Array *to, uint32_t low, uint32_t middle, uint32_t high)
{
    uint32_t i = low, j = middle;
    for (uint32_t k = low; k < high; k++) {
        bool right = i >= middle || (j < high && lib_array_is_after(h, from->base[2 * i], from->base[2 * j]));
        uint32_t taken = right ? j++ : i++;
        barrier_fill(h, to);
        to->base[2 * k] = from->base[2 * taken];
        to->base[2 * k + 1] = from->base[2 * taken + 1];
    }
}

/* $sortTexts(list, count): sort the first `count` elements by their texts. */
Value lib_array_sort_texts(Goroutine *g, Args a)
{
    Array *list = array_of(arg(a, 0));
    uint32_t n = (uint32_t)value_number(arg(a, 1));
    if (n < 2) return VALUE_UNDEFINED;
    if (n > ELEMENTS_MAX_DENSE / 2) return error_throw_out_of_memory(g);
    Array *entries = lib_array_new_scratch(g, n * 2), *other = entries ? lib_array_new_scratch(g, n * 2) : NULL;
    if (!other) return VALUE_THROWN;
    for (uint32_t i = 0; i < n; i++) {
        String *text = convert_to_string(g, list->base[i]);
        if (!text) return VALUE_THROWN;
        barrier_fill(&g->heap, entries);
        entries->base[2 * i] = value_from_cell(text);
        entries->base[2 * i + 1] = list->base[i];
    }
    for (uint32_t width = 1; width < n; width *= 2) {
        for (uint32_t low = 0; low < n; low += 2 * width) {
            uint32_t middle = low + width < n ? low + width : n, high = low + 2 * width < n ? low + 2 * width : n;
            lib_array_merge(&g->heap, entries, other, low, middle, high);
        }
        Array *swapped = entries;
        entries = other;
        other = swapped;
    }
    barrier_fill(&g->heap, list);
    for (uint32_t i = 0; i < n; i++) list->base[i] = entries->base[2 * i + 1];
    return VALUE_UNDEFINED;
}
