/* SPDX-License-Identifier: MIT */
/* iterate.h - the iterator protocol for C callers and for the iteration instructions (ECMA-262 7.4), and for-in. */
#ifndef US_OBJECT_ITERATE_H
#define US_OBJECT_ITERATE_H

#include "vm/object/array.h"
#include "vm/object/realm.h"

/** True when iterating `v` is reading its elements: a plain array of `realm` with pristine iterators. */
static inline bool iterate_is_pristine_array(const Vm *vm, const Realm *realm, Value v)
{
    return value_is_kind(v, KIND_ARRAY) && atomic_get_relaxed(&vm->array_iteration_pristine)
        && (atomic_get_dependent(&value_cell(v)->shape) == shape_number(realm->array_shape)
            || atomic_get_dependent(&value_cell(v)->shape) == shape_number(realm->regexp_result_shape));
}

/** GetIterator(v, sync): the iterator object; `*next` its next method. */
NODISCARD Value iterate_start(Goroutine *g, Value v, Value *next);
/** GetIterator(v, async). */
NODISCARD Value iterate_start_async(Goroutine *g, Value v, Value *next);
/** GetIteratorFromMethod (7.4.3). */
NODISCARD Value iterate_start_with(Goroutine *g, Value v, Value method, Value *next);

/** IteratorStepValue: the next value, or VALUE_HOLE when done; VALUE_PARKED when it waits for a channel. After that
 *  wait the same call yields the value, or its caller has it from sched_block. */
NODISCARD Value iterate_step_or_park(Goroutine *g, Value iterator, Value next);

/** As iterate_step_or_park, for callers that cannot leave their frames: the thread waits. */
NODISCARD Value iterate_step(Goroutine *g, Value iterator, Value next);

/** The result object of one call of next. */
NODISCARD Value iterate_call_next(Goroutine *g, Value iterator, Value next);

/** Value of a result object, or VALUE_HOLE when done; TypeError when it is no object. */
NODISCARD Value iterate_unpack(Goroutine *g, Value result);

/** IteratorComplete of a result object; TypeError when it is no object. */
NODISCARD Tri iterate_is_done(Goroutine *g, Value result);

/** IteratorClose (7.4.11). swallow: the completion is a throw, so errors of closing are dropped; any pending
 *  exception is kept. Else false: thrown. */
NODISCARD bool iterate_close(Goroutine *g, Value iterator, bool swallow);

/** An array of what is left. */
NODISCARD Value iterate_rest(Goroutine *g, Value iterator, Value next);

/* Iterating from C: each value until done; break off with iterate_close. */
typedef struct Iteration {
    Value iterator, next;
} Iteration;
NODISCARD bool iterate_begin(Goroutine *g, Value v, Iteration *it);
/** Tri: TRI_TRUE with `*v`, TRI_FALSE when done. */
NODISCARD Tri iterate_advance(Goroutine *g, const Iteration *it, Value *v);
/** Break off because of an exception in `g`: closes, keeps the exception. Always VALUE_THROWN. */
Value iterate_fail(Goroutine *g, const Iteration *it);

/** EnumerateObjectProperties (14.7.5.9): a hidden enumeration, and its next key (a string) or VALUE_HOLE. */
NODISCARD Value iterate_keys_start(Goroutine *g, Value v);
NODISCARD Value iterate_keys_next(Goroutine *g, Value enumeration);

/** UltraScript's `for each`: the iterator and its next method or cursor; `*mode` 0 when values are to be numbered,
 *  null when they are entries, undefined when they are keys of `v`. And the key, with `*value`, for an entry or key
 *  `item`. */
NODISCARD Value iterate_each_start(Goroutine *g, Value v, Value *next, Value *mode);
NODISCARD Value iterate_each_value(Goroutine *g, Value v, Value item, Value mode, Value *value);

void iterate_register_kinds(void);

#endif
