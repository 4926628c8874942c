/* SPDX-License-Identifier: MIT */
/* promise.h - promises: state, reactions, resolution (ECMA-262 27.2.1).
 * I1  A promise leaves PENDING once. Its reactions then become jobs and are forgotten. Threads: `first`, `last`,
 *     `is_handled` and every change are under the promise's monitor; jobs are enqueued after it was left. `result` is
 *     set before `state`, which is read without a lock.
 * I2  The promise of a `go` may be rejected before its spawner has come to await it. So nobody is told of that until
 *     the program would end (task_tell_late_rejections), however it is rejected. */
#ifndef US_OBJECT_PROMISE_H
#define US_OBJECT_PROMISE_H

#include "vm/object/object.h"

typedef enum PromiseState { PROMISE_PENDING, PROMISE_FULFILLED, PROMISE_REJECTED } PromiseState;

typedef struct Promise {                 // KIND_PROMISE
    Object object;
    Value  state;                        // atomic int32 PromiseState
    Value  result;                       // undefined while pending
    Value  first, last;                  // reactions, oldest first, or null
    Value  is_handled;                   // boolean; or null: not yet, but other goroutines may come to (I2)
} Promise;

/* One call of then, or one await. */
typedef struct Reaction {                // KIND_REACTION
    Cell  cell;
    Value next;                          // or null
    Value on_fulfilled;                  // callable, or undefined: pass on; or a KIND_COROUTINE to continue
    Value on_rejected;
    Value promise;                       // capability: the derived promise, or undefined: nobody asks
    Value resolve, reject;               // its functions; undefined for a promise of ours, resolved directly
    struct Inbox *home;                  // of the goroutine that registered it
} Reaction;

/* PromiseCapability Record. */
typedef struct Capability {
    Value promise;
    Value resolve, reject;               // callables; undefined for a promise of ours
} Capability;

static inline Promise *promise_of(Value v)
{
    ASSERT(value_is_kind(v, KIND_PROMISE), "the value is a promise");
    return (Promise *)value_cell(v);
}

static inline PromiseState promise_state(const Promise *p)
{
    return (PromiseState)value_int(atomic_get_acquire(&p->state));   // pairs with promise_settle_state: the result
}

static inline bool promise_is_handled(const Promise *p)
{
    return atomic_get_relaxed(&p->is_handled) == VALUE_TRUE;
}

/** A pending promise of the current realm, or with a given prototype. */
NODISCARD Promise *promise_new(Goroutine *g);
NODISCARD Promise *promise_new_with_proto(LocalHeap *h, Value proto);

/** FulfillPromise (27.2.1.4) and RejectPromise (27.2.1.7) of a pending promise. */
void promise_fulfill(Goroutine *g, Promise *p, Value v);
void promise_reject(Goroutine *g, Promise *p, Value reason);

/** A pending promise for what another goroutine will come to (I2), and shared. */
NODISCARD Promise *promise_new_of_goroutine(Goroutine *g);

/** The body of a resolve function: follows thenables (27.2.1.3.2 from step 7). */
void promise_resolve(Goroutine *g, Promise *p, Value resolution);

/** CreateResolvingFunctions (27.2.1.3). */
void promise_resolving_functions(Goroutine *g, Promise *p, Value *resolve, Value *reject);

/** PromiseResolve(constructor, v) (27.2.4.7.1). */
NODISCARD Value promise_resolve_with(Goroutine *g, Value constructor, Value v);

/** NewPromiseCapability(constructor) (27.2.1.5). False: thrown. `direct`: a promise of %Promise% may come without
 *  functions. */
NODISCARD bool promise_new_capability(Goroutine *g, Value constructor, bool direct, Capability *capability);

/** Settle a capability from C; false: a function of the user's threw. */
NODISCARD bool promise_settle(Goroutine *g, const Capability *capability, bool rejected, Value v);

/** Call `f`, a function, in a job that comes before all others: the promise of what that comes to. */
NODISCARD Promise *promise_start(Goroutine *g, Value f);

/** PerformPromiseThen (27.2.5.4.1). Handlers: callable, undefined, or a coroutine. `capability` may be NULL. */
void promise_then(Goroutine *g, Promise *p, Value on_fulfilled, Value on_rejected, const Capability *capability);

/** Nobody else has to handle its rejection. */
void promise_set_handled(Goroutine *g, Promise *p);

/* Jobs. */
NODISCARD Value promise_run_reaction(Goroutine *g, Value reaction, Value argument, bool rejected);
/** The handler of `reaction` returned `v` or threw: settle what follows from it. */
NODISCARD Value promise_end_reaction(Goroutine *g, Value reaction, Value v);
NODISCARD Value promise_run_thenable(Goroutine *g, Value promise, Value thenable, Value then);

void promise_register_kinds(void);

#endif
