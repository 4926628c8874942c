/* SPDX-License-Identifier: MIT */
/* watch.h - what is told of machine code: counts, listings, names for profilers and debuggers.
 *
 * Threads: functions compile and die on any thread; all but the counts of steps is under the watch's lock. */
#ifndef US_JIT_WATCH_H
#define US_JIT_WATCH_H

#include "vm/base/buf.h"
#include "vm/jit/jit_state.h"

typedef struct Watch Watch;

/** What `options` ask for; NULL: nothing. */
NODISCARD Watch *watch_create(const JitOptions *options);
void watch_destroy(Watch *watch);

/** The stubs lie at `start`. */
void watch_stubs(Jit *jit, const uint8_t *start, uint32_t size_bytes);

/** Is `map` wanted, as emit_function fills it in? */
bool watch_wants_map(const struct Watch *watch);
/** `code` became `m` in `duration_ns` of processor time; `m` NULL: there was no room. */
void watch_compiled(Jit *jit, const Code *code, const Machine *m, const uint32_t *map, int64_t duration_ns);

/** `m` is about to be given back. */
void watch_released(Jit *jit, const Machine *m);

/** Whether calls of steps are counted, by watch_step. */
bool watch_counts_steps(const Watch *watch);

/** As the step of the instruction at `pc`. */
Step watch_step(Goroutine *g, const uint16_t *pc, Value *fp, uint8_t *feedback);

/** The summary of --jit-stats, on standard error. */
void watch_tell(Jit *jit);

/** Append a function's name and place: "f program.js:3". */
void watch_put_name(Buf *out, const Code *code);

#endif
