/* SPDX-License-Identifier: MIT */
/* error.h - error objects and throwing them. */
#ifndef US_OBJECT_ERROR_H
#define US_OBJECT_ERROR_H

#include "vm/bytecode/error_kinds.h"
#include "vm/object/object.h"

typedef struct ErrorObject {             // KIND_ERROR
    Object object;
    Value  trace;                        // where it was made (exec/unwind.c), or undefined
    Value  report;                       // of a SyntaxError: the compiler's words, with the source line; or undefined
} ErrorObject;

/** Throw `v`. Always returns VALUE_THROWN, so `return error_throw_value(g, v);`. */
Value error_throw_value(Goroutine *g, Value v);

/** Throw a new error of the current realm. `format` knows %s text (UTF-8), %d int, %u unsigned, %K PropertyKey,
 *  %S String *, %V a Value shown briefly, %T the type of a Value as a noun, %%. Returns VALUE_THROWN. */
Value error_throw(Goroutine *g, ErrorKind kind, const char *format, ...);

/** As error_throw for functions that return bool or Tri. */
bool error_throw_bool(Goroutine *g, ErrorKind kind, const char *format, ...);
Tri error_throw_tri(Goroutine *g, ErrorKind kind, const char *format, ...);
/** Throw a new error of the caller's realm: what goes wrong as the function that runs returns. Returns false. */
bool error_throw_to_caller(Goroutine *g, ErrorKind kind, const char *text);

/** RangeError "out of memory"; never allocates much. Returns VALUE_THROWN. */
Value error_throw_out_of_memory(Goroutine *g);
Value error_throw_heap_limit(Goroutine *g);          // limit_take_excess
/** RangeError "Invalid string length". */
Value error_throw_string_length(Goroutine *g);

/** A new error object, not thrown, of the current realm. `message` may be undefined. */
NODISCARD Value error_new(Goroutine *g, ErrorKind kind, Value message);

/** As error_new with any prototype: for constructors. */
NODISCARD Value error_new_with_proto(Goroutine *g, Value proto, Value message);

/** The name of the constructor of `o` as far as it can be found without running user code; NULL when it cannot. */
String *error_constructor_name(LocalHeap *h, Object *o);

/** The exception of `g`, which is then without one. */
Value error_take(Goroutine *g);

/** Let `s`, which may be NULL (refused), become a value: NULL throws "Invalid string length". */
Value error_string_or_throw(Goroutine *g, String *s);

#endif
