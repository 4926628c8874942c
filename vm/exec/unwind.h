/* SPDX-License-Identifier: MIT */
/* unwind.h - exceptions on their way to a handler, and stack traces. */
#ifndef US_EXEC_UNWIND_H
#define US_EXEC_UNWIND_H

#include "vm/object/function.h"

/** The exception in `g` leaves frames until one has a handler: that one is then g->fp and the handler's first
 *  instruction the result. NULL: the innermost frame that C code entered was left; the exception is the caller's. */
const uint16_t *unwind_to_handler(Goroutine *g);

/** VmHooks.capture_trace and .format_trace. */
Value unwind_capture_trace(Goroutine *g, Value skip);
Value unwind_format_trace(Goroutine *g, Value trace, Value header);

/** Where the running instruction of the innermost frame with code is. `*unit` NULL: nowhere. */
typedef struct UnwindPlace {
    const Unit *unit;
    uint32_t    line, column;
} UnwindPlace;
UnwindPlace unwind_place(const Goroutine *g);

/** Where instruction `pc` of `code` is. */
UnwindPlace unwind_code_place(const Code *code, uint32_t pc);

/** Place number `i` of a trace. */
UnwindPlace unwind_trace_place(Value trace, uint32_t i);

/** TypeError: what the program wrote there is not a function (or `noun`). Returns VALUE_THROWN. */
Value unwind_throw_not_callable(Goroutine *g, Value f, const char *noun);

#endif
