/* SPDX-License-Identifier: MIT */
/* dispose.h - what `using` and `await using` declarations leave to do at the end of their scope (ECMA-262, explicit
 * resource management: AddDisposableResource, DisposeResources). */
#ifndef US_EXEC_DISPOSE_H
#define US_EXEC_DISPOSE_H

#include "vm/object/array.h"

/** Add `v` to the stack, an array of the code's own. */
NODISCARD bool dispose_add(Goroutine *g, Value stack, Value v, bool is_async);

/** Add a value with the method that disposes of it. */
NODISCARD bool dispose_add_method(Goroutine *g, Value stack, Value v, Value method, bool is_async);

/** Take the last resource off: false when none is left. `*method` may be undefined; `*awaits`: what it gives is
 *  awaited. */
bool dispose_pop(LocalHeap *h, Value stack, Value *v, Value *method, bool *awaits);

/** Take the last resource off and dispose of it: what the code must await next, or the hole when nothing.
 *  `*is_empty`: none was left. */
NODISCARD Value dispose_step(Goroutine *g, Value stack, bool *is_empty);

/** A new SuppressedError. */
NODISCARD Value dispose_suppress(Goroutine *g, Value error, Value suppressed);

/** GetDisposeMethod: a function, or undefined; `*is_sync_fallback`: an async resource has only the other method. */
NODISCARD Value dispose_method(Goroutine *g, Value v, bool is_async, bool *is_sync_fallback);

#endif
