/* SPDX-License-Identifier: MIT */
/* spawn.h - `go`, and `await` in functions that are not async. What the instructions GO and AWAIT_HERE do. */
#ifndef US_EXEC_SPAWN_H
#define US_EXEC_SPAWN_H

#include "vm/exec/unwind.h"
#include "vm/object/function.h"

/** Run `callee` in a new goroutine with `argc` arguments: the window at `depth` holds `this`, then they, lowest first.
 *  `wants_promise`: the result is a promise of the callee's; else undefined. VALUE_THROWN: not callable. */
NODISCARD Value spawn_go(Goroutine *g, uint32_t depth, uint32_t argc, Value callee, bool wants_promise);

/** As spawn_go from C: `count` arguments that stay where they are. */
NODISCARD Value spawn_call(Goroutine *g, Value callee, Value self, uint32_t count, const Value *arguments,
                           bool wants_promise);

/** There will be a goroutine besides `g`, the only one: from now on what all goroutines reach without being given it is
 *  shared. */
void spawn_make_parallel(Goroutine *g);

/** Await `v` in place: VALUE_PARKED until its promise is settled, then its value, or what rejected it is thrown. */
NODISCARD Value spawn_await_here(Goroutine *g, Value v);

/** A KIND_WAKER, the reaction of a promise awaited in place: end its wait. */
void spawn_wake(Goroutine *g, Value waker, bool rejected, Value v);

/** Where `g` was spawned: `unit` NULL: unknown, or it is the main one. */
UnwindPlace spawn_place(const Goroutine *g);

void spawn_register_kinds(void);

#endif
