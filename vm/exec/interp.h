/* SPDX-License-Identifier: MIT */
/* interp.h - the interpreter. */
#ifndef US_EXEC_INTERP_H
#define US_EXEC_INTERP_H

#include "vm/object/function.h"

/** Run from `pc` in the innermost frame, which was marked FRAME_RETURN_TO_NATIVE, until it returns, throws or suspends;
 *  it is then off the stack. Returns its value, or VALUE_THROWN. */
NODISCARD Value interp_run(Goroutine *g, const uint16_t *pc);

/** The slow half of a poll: whatever asked for it. False: thrown. */
NODISCARD bool interp_poll(Goroutine *g);

/** Make what the call of a closure with `words` of frame below `low` needs: prepared code, room, a poll. False: thrown. */
NODISCARD bool interp_enter_slow(Goroutine *g, Code *code, uint32_t missing);

#endif
