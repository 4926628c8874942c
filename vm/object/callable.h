/* SPDX-License-Identifier: MIT */
/* callable.h - calling whatever is callable from C, and what a native function sees of its call.
 *
 * Calling from C re-enters the interpreter on the native stack ("pinned": the goroutine cannot leave its thread until
 * it returns). Built-ins whose main work is calling back are therefore written in UltraScript (lib/ *.us). */
#ifndef US_OBJECT_CALLABLE_H
#define US_OBJECT_CALLABLE_H

#include "vm/object/property.h"
#include "vm/sched/frame.h"

/* A native function's call. The arguments stay in the goroutine's stack, which may move: read them with arg(). */
typedef struct Args {
    Goroutine *g;
    uint32_t   depth;                    // of the frame
    uint32_t   count;                    // arguments passed
    Value      self;                     // `this` as passed, not coerced
} Args;

typedef Value (*NativeFunction)(Goroutine *g, Args a);

static inline Value *args_frame(Args a)
{
    return frame_at_depth(a.g, a.depth);
}

/* Argument `i`, undefined when it was not passed. */
static inline Value arg(Args a, uint32_t i)
{
    return i < a.count ? args_frame(a)[FRAME_ARGUMENTS + i] : VALUE_UNDEFINED;
}

static inline Value args_callee(Args a)     { return args_frame(a)[FRAME_CALLEE]; }
static inline Value args_new_target(Args a) { return args_frame(a)[FRAME_NEW_TARGET]; }
static inline bool args_is_construct(Args a) { return !value_is_undefined(args_new_target(a)); }

/** Call(f, self, arguments) (ECMA-262 7.3.13): TypeError when `f` is not callable. `arguments` is borrowed. */
NODISCARD Value callable_call(Goroutine *g, Value f, Value self, uint32_t count, const Value *arguments);

/** A native function's last act: have `f`, which is callable, called in its place. The native function returns what this
 *  does (value.h I6), and JavaScript then runs without a C frame below it. */
NODISCARD Value callable_tail_call(Goroutine *g, Value f, Value self, uint32_t count, const Value *arguments);
NODISCARD Value callable_call0(Goroutine *g, Value f, Value self);
NODISCARD Value callable_call1(Goroutine *g, Value f, Value self, Value a);
NODISCARD Value callable_call2(Goroutine *g, Value f, Value self, Value a, Value b);
NODISCARD Value callable_call3(Goroutine *g, Value f, Value self, Value a, Value b, Value c);

/** Construct(f, arguments, new_target) (7.3.14); `f` is a constructor. */
NODISCARD Value callable_construct(Goroutine *g, Value f, uint32_t count, const Value *arguments, Value new_target);

/** IsConstructor (7.2.4). */
bool callable_is_constructor(Value v);

#endif
