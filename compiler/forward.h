/* SPDX-License-Identifier: MIT */
/* forward.h - functions that use `arguments` for nothing but to read arguments.length and arguments[i], or to hand it on
 * by f.apply(x, arguments); and those that use their rest parameter for nothing but f(x, ...rest) and super(...rest).
 *
 * They make no arguments object, and no array. What is read, or handed on, is taken from the frame. OP_APPLY_FORWARD
 * makes the object only when f.apply turns out to be another function than %Function.prototype.apply%, OP_GET_ARGUMENT
 * when the key is no argument's, and a prototype may be asked; OP_CALL_FORWARD makes the array, once, when arrays no
 * longer iterate as they did at first.
 *
 * I1  The frame still has what was passed. For `arguments`, but for its length: no parameter is assigned to, and none
 *     has an initializer or a pattern. Where the object would be mapped, arguments[i] is what the parameter is now, so
 *     it may be assigned to if it lives in the frame. A rest parameter's arguments lie behind those of the other
 *     parameters, where nothing is written to.
 * I2  Where the object would be mapped (sloppy code), writes to it would be seen in the parameters. So there are none,
 *     or every such call is the last thing its function does: its value is returned, in no `try`, and no closure has a
 *     parameter. Only a getter of Object.prototype may get at the object of OP_GET_ARGUMENT: what it writes there is
 *     not seen in parameters. */
#ifndef US_COMPILER_FORWARD_H
#define US_COMPILER_FORWARD_H

#include "compiler/scope.h"

/** Is `n`, whose names are resolved, a call f.apply(x, arguments) with the own `arguments` of function `f`? */
bool forward_is_call(const FunctionInfo *f, const Call *n);

/** Is `object`, of a member, a name that is the own `arguments` of function `f`? */
bool forward_is_arguments(const FunctionInfo *f, const Node *object);

/** Is `node` a read of arguments.length or arguments[i], as resolve_node counts them? */
bool forward_is_read(const FunctionInfo *f, const Node *node);

/** Is it a call f(x, ...rest) with the own rest parameter of function `f`? */
bool forward_is_rest_call(const FunctionInfo *f, const Call *n);

/** Is it super(...rest) with what is all the parameters of constructor `f`? */
bool forward_is_rest_super(const FunctionInfo *f, const SuperCall *n);

/** The binding of the rest parameter of `f`, if it has one that is a name; or NULL. */
const Binding *forward_rest(const FunctionInfo *f);

/** All names of all functions are resolved: set FunctionInfo.makes_no_arguments and only_forwards_rest of those of `a`. */
void forward_find(ScopeAnalysis *a);

#endif
