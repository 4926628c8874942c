/* SPDX-License-Identifier: MIT */
/* forward.h - functions that use `arguments` for nothing but to hand it on: f.apply(x, arguments).
 *
 * They make no arguments object. The call takes the arguments from the frame (OP_APPLY_FORWARD), and makes the object
 * only when f.apply turns out to be another function than %Function.prototype.apply%.
 *
 * I1  The frame still has what was passed: no parameter is assigned to, and none has an initializer or a pattern.
 * I2  Where the object would be mapped (sloppy code), writes to it would be seen in the parameters. So there are none,
 *     or every such call is the last thing its function does: its value is returned, in no `try`, and no closure has a
 *     parameter. */
#ifndef US_COMPILER_FORWARD_H
#define US_COMPILER_FORWARD_H

#include "compiler/scope.h"

/** Is `n`, whose names are resolved, a call f.apply(x, arguments) with the own `arguments` of function `f`? */
bool forward_is_call(const FunctionInfo *f, const Call *n);

/** All names of all functions are resolved: set FunctionInfo.only_forwards of those of `a`. */
void forward_find(ScopeAnalysis *a);

#endif
