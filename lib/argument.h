/* SPDX-License-Identifier: MIT */
/* argument.h - errors about arguments in the words of Node's own functions, with its `code`. */
#ifndef US_LIB_ARGUMENT_H
#define US_LIB_ARGUMENT_H

#include "vm/object/object.h"

/** TypeError ERR_INVALID_ARG_TYPE: The "name" argument must be <wanted>. Received <v>. Returns VALUE_THROWN. */
Value lib_argument_throw_type(Goroutine *g, const char *name, const char *wanted, Value v);

/** Give the exception of `g`, an error, a `code`. Returns VALUE_THROWN. */
Value lib_argument_add_code(Goroutine *g, const char *code);

#endif
