/* SPDX-License-Identifier: MIT */
/* primitive.h - wrapper objects of primitives, and String exotic objects (ECMA-262 10.4.3). */
#ifndef US_OBJECT_PRIMITIVE_H
#define US_OBJECT_PRIMITIVE_H

#include "vm/object/object.h"

typedef struct Wrapper {                 // KIND_WRAPPER, KIND_STRING_OBJECT
    Object object;
    Value  value;
} Wrapper;

extern const ObjectOps primitive_string_ops;

/** ToObject of a primitive that is not undefined or null. */
NODISCARD Wrapper *primitive_new_wrapper(Goroutine *g, Value v);

/** A wrapper with a given prototype. */
NODISCARD Wrapper *primitive_new_wrapper_with(LocalHeap *h, Value v, Value proto);

/** The object whose properties a primitive that is not undefined or null has: its prototype. */
Object *primitive_prototype(Goroutine *g, Value v);

#endif
