/* SPDX-License-Identifier: MIT */
/* cursor.h - the iterator objects of built-in collections whose next is native: what is iterated, and where it stands. */
#ifndef US_LIB_CURSOR_H
#define US_LIB_CURSOR_H

#include "vm/object/realm.h"

typedef enum CursorKind { CURSOR_ARRAY, CURSOR_STRING, CURSOR_MAP, CURSOR_SET, CURSOR_REGEXP } CursorKind;

typedef struct Cursor {                  // KIND_ITERATOR
    Object object;
    Value  kind;                         // CursorKind as an int
    Value  source;                       // undefined: at the end for good
    Value  position;                     // a number, 0 at first
    Value  detail;                       // of the family's own
} Cursor;

/** A new one; `proto` is its prototype. */
NODISCARD Value cursor_new(Goroutine *g, CursorKind kind, IntrinsicId proto, Value source, Value detail);

/** `v` as a cursor of that kind, or NULL. */
Cursor *cursor_try(Value v, CursorKind kind);

/** Let `c` be at its end: it lets go of its source. */
static inline void cursor_finish(Cursor *c)
{
    cell_slot_set(&c->source, VALUE_UNDEFINED);
}

void cursor_register_kinds(void);

#endif
