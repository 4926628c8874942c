/* SPDX-License-Identifier: MIT */
/* interp.h - the interpreter. */
#ifndef US_EXEC_INTERP_H
#define US_EXEC_INTERP_H

#include "vm/object/function.h"

/** The frame g->fp, laid and not run yet, begins; it returns to `return_mark`. TRI_FALSE: not before others have run;
 *  TRI_THROWN: not at all. */
NODISCARD Tri interp_begin(Goroutine *g, Value return_mark);

/** Run from `pc` in the innermost frame, which was marked FRAME_RETURN_TO_NATIVE, until it returns, throws or suspends;
 *  it is then off the stack. Returns its value, or VALUE_THROWN. */
NODISCARD Value interp_run(Goroutine *g, const uint16_t *pc);

/** As interp_run, for C code that stands between the goroutine's loop and these frames: where they wait, the thread
 *  does. */
NODISCARD Value interp_run_nested(Goroutine *g, const uint16_t *pc);

/** Go on in the loaded fiber, whose wait is over or which gave way. As interp_run. */
NODISCARD Value interp_resume(Goroutine *g);

/** Lay the frame of a call of closure `callee` whose window, at `depth`, is in the caller's frame, g->fp: prepares the
 *  code, polls, grows the stack. TRI_FALSE: done, but the goroutine is to give way. */
NODISCARD Tri interp_lay_frame(Goroutine *g, Value callee, uint32_t depth, uint32_t argc, Value new_target,
                               Value return_mark);

/** The slow half of a poll: whatever asked for it. TRI_FALSE: the goroutine is to give way. */
NODISCARD Tri interp_poll(Goroutine *g);

/** As interp_poll where the frames cannot be left. False: thrown. */
NODISCARD bool interp_poll_nested(Goroutine *g);

#endif
