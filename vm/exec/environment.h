/* SPDX-License-Identifier: MIT */
/* environment.h - names found at run time: the global environment (ECMA-262 9.1.1.4) and object environments of `with`
 * and of sloppy eval's variables (9.1.1.2). */
#ifndef US_EXEC_ENVIRONMENT_H
#define US_EXEC_ENVIRONMENT_H

#include "vm/object/function.h"

/** Object environments: has `name` (minding @@unscopables), read, write. */
NODISCARD Tri environment_has(Goroutine *g, Value environment, PropertyKey name);
NODISCARD Value environment_get(Goroutine *g, Value environment, PropertyKey name);
NODISCARD bool environment_set(Goroutine *g, Value environment, PropertyKey name, Value v);

/** Globals: lexical scope first, then the global object. `ic` (may be NULL) learns the slot. */
NODISCARD Value environment_get_global(Goroutine *g, InlineCache *ic, PropertyKey name, bool must_exist);
NODISCARD bool environment_set_global(Goroutine *g, InlineCache *ic, PropertyKey name, Value v);
void environment_init_global(Goroutine *g, PropertyKey name, Value v);
NODISCARD bool environment_declare_globals(Goroutine *g, const UnitConstant *declarations);
/** The same for the var and function names of an eval at global level: they can be deleted. */
NODISCARD bool environment_declare_eval(Goroutine *g, const UnitConstant *declarations);
NODISCARD bool environment_declare_global_var(Goroutine *g, PropertyKey name, bool deletable);
NODISCARD bool environment_declare_global_function(Goroutine *g, PropertyKey name, Value f, bool deletable);
NODISCARD Tri environment_delete_global(Goroutine *g, PropertyKey name);

#endif
