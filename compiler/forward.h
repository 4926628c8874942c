/* SPDX-License-Identifier: MIT */
/* forward.h - functions that use `arguments`, or their rest parameter, for nothing but to hand it on: f.apply(x, arguments)
 * or f(x, ...rest).
 *
 * They make no arguments object, and no array. The call takes the arguments from the frame. OP_APPLY_FORWARD makes the
 * object only when f.apply turns out to be another function than %Function.prototype.apply%; OP_CALL_FORWARD makes the
 * array, once, when arrays no longer iterate as they did at first.
 *
 * I1  The frame still has what was passed. For `arguments`: no parameter is assigned to, and none has an initializer or
 *     a pattern. A rest parameter's arguments lie behind those of the other parameters, where nothing is written to.
 * I2  Where the object would be mapped (sloppy code), writes to it would be seen in the parameters. So there are none,
 *     or every such call is the last thing its function does: its value is returned, in no `try`, and no closure has a
 *     parameter. */
#ifndef US_COMPILER_FORWARD_H
#define US_COMPILER_FORWARD_H

#include "compiler/scope.h"

/** Is `n`, whose names are resolved, a call f.apply(x, arguments) with the own `arguments` of function `f`? */
bool forward_is_call(const FunctionInfo *f, const Call *n);

/** Is it a call f(x, ...rest) with the own rest parameter of function `f`? */
bool forward_is_rest_call(const FunctionInfo *f, const Call *n);

/** The binding of the rest parameter of `f`, if it has one that is a name; or NULL. */
const Binding *forward_rest(const FunctionInfo *f);

/** All names of all functions are resolved: set FunctionInfo.only_forwards and only_forwards_rest of those of `a`. */
void forward_find(ScopeAnalysis *a);

#endif
