/* SPDX-License-Identifier: MIT */
/* licence.h - the first parameter of a function says what it may do, and the compiler holds it to that:
 *
 *     (none)         pure: no allocation, no exception, no user code
 *     LocalHeap *h   may allocate, hence stop for a collection; `h` also says in which tier (docs/decisions)
 *     Goroutine *g   may also throw, run user code, and park; after a park `g->worker` is a new question
 *
 * A Goroutine begins with its LocalHeap, so `&g->heap` is the step down; there is no step up. */
#ifndef US_BASE_LICENCE_H
#define US_BASE_LICENCE_H

typedef struct Vm        Vm;
typedef struct Worker    Worker;
typedef struct Goroutine Goroutine;
typedef struct LocalHeap LocalHeap;

#endif
