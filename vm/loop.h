/* SPDX-License-Identifier: MIT */
/* loop.h - a goroutine's event loop: what it runs, in what order, and how the program ends.
 *
 * A goroutine's tasks are: its own function, microtasks, next ticks, timers, immediates, and fibers whose wait is
 * over. One runs at a time. After each come all next ticks and all microtasks, and then the rejections that nobody
 * handled, until none of them is left; then fibers, then the timers that are due, then the immediates that waited
 * when their turn came. A task that waits counts as ended until it goes on. An exception that nobody catches goes to
 * process.on('uncaughtException'), or is reported and ends the program. */
#ifndef US_LOOP_H
#define US_LOOP_H

#include <stdbool.h>

#include "vm/sched/sched.h"

/* The program's own code, for the goroutine it runs in. Main goroutine. */
typedef struct LoopProgram {
    void (*done)(Goroutine *g, Value v); // gets its result
    bool   is_done;                      // it has returned or thrown
    bool   is_interrupted;               // atomic, set by any thread: a REPL's line is to end
    Value  until;                        // a promise the REPL waits for, or undefined; rooted
} LoopProgram;

/** SchedOptions.run, .end, .at_deadlock. */
SchedNext loop_run(Goroutine *g);
bool loop_end(Goroutine *g);
void loop_deadlock(Vm *vm);

/** Let the loop call `f` as the program's own code. `done` gets its result, unless it threw. */
void loop_set_program(Goroutine *g, Value f, Value self, uint32_t count, const Value *arguments,
                      void (*done)(Goroutine *g, Value v));

/** The main goroutine: do all that is left to do, tell process's listeners of 'beforeExit' and 'exit', and return the
 *  exit code. `failed`: the program's own code has thrown, and its exception is in `g`. `is_module`: microtasks come
 *  before the first next ticks. */
int loop_finish_program(Goroutine *g, bool failed, bool is_module);

/** The end of the process, on whatever thread it comes: tell process's listeners of 'exit'. Other goroutines may be
 *  running, so nothing is taken apart. */
_Noreturn void loop_exit(Goroutine *g, int code);

/** Nobody caught the exception of `g`: tell of it, and end the program unless somebody else is to decide that. */
void loop_catch(Goroutine *g);

/** For a REPL: call `f`, and run what there is to run until it has ended or waits for something that cannot come
 *  about, or loop_interrupt. False: it waits; it goes on when what it waits for comes. */
bool loop_run_line(Goroutine *g, Value f, Value self, void (*done)(Goroutine *g, Value v));

/** Let the line that runs end: with an error where it is, or, if it waits, by going on to wait without the REPL. For
 *  loop_run_line and loop_wait, which then return. Any thread, also one that knows no heap. */
void loop_interrupt(Vm *vm);

/** VmHooks.interrupt. */
NODISCARD bool loop_is_uninterrupted(Goroutine *g);

/** For a REPL: run what there is to run now; exceptions are reported. */
void loop_turn(Goroutine *g);

/** For a REPL: until `promise` is settled, or nothing is left that could settle it, or loop_interrupt. */
void loop_wait(Goroutine *g, Value promise);

#endif
