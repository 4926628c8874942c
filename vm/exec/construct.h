/* SPDX-License-Identifier: MIT */
/* construct.h - outlined halves of literal, definition and class bodies. `depth` names values on the goroutine's stack:
 * frame_at_depth(g, depth)[0], [1] ... */
#ifndef US_EXEC_CONSTRUCT_H
#define US_EXEC_CONSTRUCT_H

#include "vm/bytecode/method_bits.h"
#include "vm/object/function.h"

Value construct_object(Goroutine *g, Code *code, uint32_t constant);
void construct_literal_shape(Goroutine *g, Code *code, uint32_t constant);
NODISCARD bool construct_define(Goroutine *g, Value o, Value key, Value v);
NODISCARD bool construct_define_method(Goroutine *g, Value o, Value key, Value f, uint32_t bits);
NODISCARD bool construct_set_literal_proto(Goroutine *g, Value o, Value proto);
/** SetFunctionName of what a definition yields (10.2.9). */
NODISCARD bool construct_set_name(Goroutine *g, Value f, Value key, uint32_t prefix);
NODISCARD Value construct_key(Goroutine *g, Value v);

/** CopyDataProperties (7.3.26), leaving out the `count` keys at `depth`. */
NODISCARD bool construct_copy_properties(Goroutine *g, Value target, Value source, uint32_t depth, uint32_t count);
NODISCARD Value construct_rest(Goroutine *g, Value source, uint32_t depth, uint32_t count);

NODISCARD Value construct_array(Goroutine *g, uint32_t depth, uint32_t count);
NODISCARD Value construct_constant_array(Goroutine *g, Value elements);
NODISCARD bool construct_append(Goroutine *g, Value array, Value v);
NODISCARD bool construct_spread(Goroutine *g, Value array, Value iterable);
/** A regular expression literal's new object (13.2.7.3). */
NODISCARD Value construct_regexp(Goroutine *g, Value parts);
/** GetTemplateObject (13.2.8.4). */
NODISCARD Value construct_template(Goroutine *g, Code *code, uint32_t constant);
/** A part of a text: ToPrimitive(v), with the hint string in a template literal, and an error for a symbol. */
NODISCARD Value construct_part(Goroutine *g, Value v, bool is_template);
/** The parts of a template literal (13.2.8.6), or of a chain of additions, as one string. */
NODISCARD Value construct_concat(Goroutine *g, uint32_t depth, uint32_t count);
Value construct_arguments(Goroutine *g, bool mapped);
/** arguments[key] of frame g->fp; the object, where it has to be made, is kept at depth `object`. */
NODISCARD Value construct_argument(Goroutine *g, Value key, uint32_t object, bool mapped);
/** The array of a rest parameter. */
NODISCARD Value construct_rest_parameter(Goroutine *g, uint32_t first);

/** The [[Prototype]]s of a class's constructor (result) and prototype object. */
NODISCARD Value construct_heritage(Goroutine *g, Value heritage, Value *proto_parent);
void construct_class(Goroutine *g, Value constructor, Value proto, Value parent);

extern const ObjectOps construct_mapped_arguments_ops;

#endif
