/* SPDX-License-Identifier: MIT */
#include "vm/object/list.h"

#include <string.h>

#include "gc/alloc.h"
#include "gc/mark.h"

size_t list_cell_size(const Cell *c)
{
    return sizeof(ValueList) + (size_t)((const ValueList *)c)->capacity * sizeof(Value);
}

void list_trace(Marker *m, Cell *c)
{
    const ValueList *list = (const ValueList *)c;
    mark_values(m, list->items, list->count);
}

ValueList *list_new(LocalHeap *h, uint32_t capacity)
{
    if (capacity < 6) capacity = 6;
    size_t size = sizeof(ValueList) + (size_t)capacity * sizeof(Value);
    ValueList *list = alloc_must(h, size, CELL_HEADER(0, KIND_VALUES, 0));
    list->count = 0;
    list->capacity = capacity;
    return list;
}

void list_push(LocalHeap *h, ValueList **list, Value v)
{
    ValueList *l = *list;
    if (l->count == l->capacity) {
        ValueList *larger = list_new(h, l->capacity * 2);
        memcpy(larger->items, l->items, l->count * sizeof(Value));
        larger->count = l->count;
        l = *list = larger;
    }
    barrier_store(h, l, &l->items[l->count], v);
    l->count++;
}
