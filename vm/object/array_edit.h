/* SPDX-License-Identifier: MIT */
/* array_edit.h - changes of an array's elements in several steps, made as one.
 *
 * Built-ins that move elements work on the vector of a private array. For a shared one the vector is emptied first, and
 * its content worked on where nobody sees it: who looks at an element meanwhile finds a hole and waits
 * (elements.h I3). */
#ifndef US_OBJECT_ARRAY_EDIT_H
#define US_OBJECT_ARRAY_EDIT_H

#include "vm/object/array.h"

typedef struct ArrayEdit {
    Array       *shared;                 // NULL: the array is private
    ObjectChange change;
} ArrayEdit;

/** The array to change in place of `o`: itself, or a private one with its elements. Simple as array_is_simple says,
 *  without flags. NULL: `o` is not such an array, or the heap refuses; then there is nothing to end. No user code
 *  until the end. */
Array *array_edit_begin(LocalHeap *h, Object *o, ArrayEdit *edit);
void array_edit_end(LocalHeap *h, Array *a, const ArrayEdit *edit);

/** pop and shift of a shared array: true and the element, undefined for a hole or of an empty one, if it is simple and
 *  without flags. */
bool array_edit_try_pop(LocalHeap *h, Object *o, Value *v);
bool array_edit_try_shift(LocalHeap *h, Object *o, Value *v);

#endif
