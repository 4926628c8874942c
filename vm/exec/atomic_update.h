/* SPDX-License-Identifier: MIT */
/* atomic_update.h - the store half of `atomic x += v`: it happens only if the variable, property or element still
 * holds what was read.
 *
 * True: it held `old`, bit for bit, and holds `v` now. What has no slot to compare (accessors, proxies, what is not
 * there yet) is assigned to in the ordinary way, and the answer is true. */
#ifndef US_EXEC_ATOMIC_UPDATE_H
#define US_EXEC_ATOMIC_UPDATE_H

#include "vm/object/function.h"

/** A captured variable. */
bool atomic_update_box(LocalHeap *h, Box *box, Value old, Value v);

/** A global, lexical or not, of the running function's realm. */
NODISCARD Tri atomic_update_global(Goroutine *g, PropertyKey name, Value old, Value v);

/** target.name */
NODISCARD Tri atomic_update_property(Goroutine *g, Value target, PropertyKey name, Value old, Value v);

/** target[key]; `key` is primitive, or a private name. */
NODISCARD Tri atomic_update_element(Goroutine *g, Value target, Value key, Value old, Value v);

#endif
