/* SPDX-License-Identifier: MIT */
/* invoke.h - calls that the interpreter's fast path does not take, and calls from C. */
#ifndef US_EXEC_INVOKE_H
#define US_EXEC_INVOKE_H

#include "vm/exec/cache.h"

/** VmHooks.call: run `f`, any callable. new_target undefined: a call with `self`; else construction. */
NODISCARD Value invoke_from_native(Goroutine *g, Value f, Value self, uint32_t count, const Value *arguments, Value new_target);

/** VmHooks.tail_call: from a native function, as the last thing it does: have `f` called in its place. What comes
 *  back is what the native function returns: a value, or one of the words that stand for none (value.h I4 to I6). */
NODISCARD Value invoke_tail(Goroutine *g, Value f, Value self, uint32_t count, const Value *arguments);

/** Call what is no closure and no native function, or not callable at all: `this` and the arguments are at `depth`. May
 *  be VALUE_PARKED or VALUE_TAIL_CALL. */
NODISCARD Value invoke_other(Goroutine *g, Value f, uint32_t depth, uint32_t count, Value new_target);

/** `this` for constructing `f`: a new object for base classes and plain functions, the hole for derived ones,
 *  undefined for all others. TypeError when `f` is no constructor. `ic` (may be NULL) learns. */
NODISCARD Value invoke_prepare_this(Goroutine *g, Value f, Value new_target, InlineCache *ic);

/** Call or construct with the elements of an array of the library's making; `self` is what invoke_prepare_this made
 *  of a constructor. May be VALUE_PARKED or VALUE_TAIL_CALL. */
NODISCARD Value invoke_with_array(Goroutine *g, Value f, Value self, Value array, Value new_target);

/** f.apply(self, arguments), `apply` being what f.apply is and `arguments` those of frame g->fp, of which an object is
 *  made, mapped or not, if `apply` is not %Function.prototype.apply%. May be VALUE_PARKED or VALUE_TAIL_CALL. */
NODISCARD Value invoke_apply_forward(Goroutine *g, Value apply, Value f, Value self, bool mapped);

/** Call `f` with `this` and the `count` arguments at depth `window` and those of frame g->fp from number `first` on, as
 *  f(x, ...rest) does: by iterating an array, kept at depth `rest`, where that can be told from not doing so. May be
 *  VALUE_PARKED or VALUE_TAIL_CALL. */
NODISCARD Value invoke_rest_forward(Goroutine *g, Value f, uint32_t window, uint32_t count, uint32_t rest, uint32_t first);

/** Construct with the arguments and new.target of frame g->fp; `self` is what invoke_prepare_this made of `f`. May be
 *  VALUE_PARKED or VALUE_TAIL_CALL. */
NODISCARD Value invoke_forward(Goroutine *g, Value f, Value self);

/** Lay the frame of closure `f` on g->fp, which interp_begin then begins. False: thrown. */
NODISCARD bool invoke_lay_code_frame(Goroutine *g, Function *f, Value self, uint32_t count, const Value *arguments, Value new_target);

/** Push the frame of closure `f` for a run of the interpreter from C. False: thrown. */
NODISCARD bool invoke_push_frame(Goroutine *g, Function *f, Value self, uint32_t count, const Value *arguments, Value new_target);

/** As invoke_push_frame on the empty stack of a goroutine that does not run yet; the code is prepared, and it will
 *  begin at its first instruction. False: the stack cannot be that large. */
NODISCARD bool invoke_lay_first_frame(Goroutine *fresh, Function *f, Value self, uint32_t count, const Value *arguments);

#endif
