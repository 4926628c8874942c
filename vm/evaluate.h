/* SPDX-License-Identifier: MIT */
/* evaluate.h - from source text to running code: the one place where compiler and VM meet. */
#ifndef US_EVALUATE_H
#define US_EVALUATE_H

#include "compiler/compile.h"
#include "vm/object/function.h"
#include "vm/object/hooks.h"
#include "vm/object/realm.h"

/** VmHooks.evaluate: eval and Function(). */
NODISCARD Value evaluate_request(Goroutine *g, const EvalRequest *request);

/** Compile; NULL: a SyntaxError with the compiler's first message, and the rendered report, was thrown. One
 *  reference, the caller's. `*is_module` (may be NULL) says what a COMPILE_DETECT found. */
NODISCARD Unit *evaluate_compile(Goroutine *g, const char *name, const void *bytes, size_t size_bytes, CompileOptions *options,
                                 bool *is_module);

/** The top function of a script in `realm`, to be called with its global `this`. Takes over the reference to `unit`. */
NODISCARD Value evaluate_script_function(Goroutine *g, Unit *unit, Realm *realm, Value referrer);

/** Run a script's top function in `realm`. Takes over the reference to `unit`. */
NODISCARD Value evaluate_script(Goroutine *g, Unit *unit, Realm *realm, Value referrer);

#endif
