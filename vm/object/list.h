/* SPDX-License-Identifier: MIT */
/* list.h - the standard's List: a growable sequence of values in the heap, for internal use. */
#ifndef US_OBJECT_LIST_H
#define US_OBJECT_LIST_H

#include "gc/barrier.h"
#include "gc/kind.h"
#include "vm/base/licence.h"
#include "vm/value/value.h"

typedef struct ValueList {
    Cell     cell;                       // KIND_VALUES
    uint32_t count;
    uint32_t capacity;
    Value    items[];
} ValueList;

NODISCARD ValueList *list_new(LocalHeap *h, uint32_t capacity);

/** Append; `*list` may be replaced by a larger copy. */
void list_push(LocalHeap *h, ValueList **list, Value v);

size_t list_cell_size(const Cell *c);
void list_trace(Marker *m, Cell *c);

#endif
